// SPDX-License-Identifier: MIT
//
// `select`: waiting for descriptors: select() and poll objects. epoll objects: select_epoll.c.
//
// A poll object keeps its descriptors in a dict, which threads can share; each poll() makes the
// kernel's array from it.
#include "vm/modules/select_module.h"
#include "vm/modules/timeouts.h"
#include <limits.h>
#include <sys/epoll.h>
#include <poll.h>
#include <sys/select.h>

// ---- select ------------------------------------------------------------------------------------

typedef struct {
    Value items; // list of what was given, or VALUE_NULL
    int fds[FD_SETSIZE];
    int count;
} Selection;

static int selection_add(Selection *s, Value item, fd_set *set, int *highest) {
    int fd;
    if (posix_fd(item, &fd) < 0)
        return -1;
    if (fd >= FD_SETSIZE)
        return raise_int(&exception_ValueError, "filedescriptor out of range in select()");
    if (s->count == FD_SETSIZE)
        return raise_int(&exception_ValueError, "too many file descriptors in select()");
    if (list_append(s->items, item) < 0)
        return -1;
    s->fds[s->count++] = fd;
    FD_SET(fd, set);
    if (fd > *highest)
        *highest = fd;
    return 0;
}
static int selection_get(Value sequence, Selection *s, fd_set *set, int *highest) {
    FD_ZERO(set);
    s->count = 0;
    s->items = VALUE_NULL;
    if (!value_is_list(sequence) && !value_is_tuple(sequence) && !value_type(sequence)->iter &&
        !value_type(sequence)->getitem)
        return raise_int(&exception_TypeError, "arguments 1-3 must be sequences");
    s->items = list_new();
    // A fileno() method may change the list that is being walked.
    Value walked = value_is_list(sequence) ? ref_new(sequence) : list_from_iterable(sequence);
    int status = value_is_null(s->items) || value_is_null(walked) ? -1 : 0;
    for (int64_t i = 0; status == 0 && i < list_length(walked); i++) {
        Value item = list_get(walked, i);
        status = value_is_null(item) ? -1 : selection_add(s, item, set, highest);
        ref_release(item);
    }
    ref_release(walked);
    return status;
}
static Value selection_ready(const Selection *s, const fd_set *set, bool any) {
    Value list = list_new();
    for (int i = 0; i < s->count && any && !value_is_null(list); i++) {
        if (!FD_ISSET(s->fds[i], set))
            continue;
        if (list_append_owned(list, list_get(s->items, i)) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    return list;
}

static Value select_select(Value self, const Value *args, size_t nargs) {
    int64_t ns = TIMEOUT_NONE;
    if (nargs > 3 && !value_is_none(args[3])) {
        if (timeout_from_number(args[3], 1000000000, &ns) < 0) {
            if (error_matches(&exception_TypeError)) {
                error_clear();
                raise_type_error("timeout must be a float or None");
            }
            return VALUE_NULL;
        }
        if (ns < 0)
            return raise_value_error("timeout must be non-negative");
    }
    Selection *s = buffer_allocate(3 * sizeof *s);
    if (!s)
        return raise_memory_error();
    for (int i = 0; i < 3; i++)
        s[i].items = VALUE_NULL;
    fd_set wanted[3], sets[3];
    int highest = -1, n = -1;
    Value result = VALUE_NULL;
    bool ready = true;
    for (int i = 0; ready && i < 3; i++)
        ready = selection_get(args[i], &s[i], &wanted[i], &highest) == 0;
    if (ready) {
        int64_t deadline = timeout_deadline(ns);
        for (;;) {
            for (int i = 0; i < 3; i++)
                sets[i] = wanted[i];
            int64_t left = timeout_left(deadline);
            struct timeval limit = {left / 1000000000, left % 1000000000 / 1000};
            if (left % 1000 && ++limit.tv_usec == 1000000) { // rounded up
                limit.tv_usec = 0;
                limit.tv_sec++;
            }
            thread_detach();
            n = select(highest + 1, &sets[0], &sets[1], &sets[2], left < 0 ? NULL : &limit);
            thread_attach();
            if (n >= 0 || errno != EINTR || thread_check_signals() < 0)
                break;
        }
        if (n < 0) {
            posix_status(-1);
        } else {
            Value lists[3];
            for (int i = 0; i < 3; i++)
                lists[i] = selection_ready(&s[i], &sets[i], n > 0);
            if (value_is_null(lists[0]) || value_is_null(lists[1]) || value_is_null(lists[2])) {
                for (int i = 0; i < 3; i++)
                    ref_release(lists[i]);
            } else {
                result = tuple_from_owned(lists, 3);
            }
        }
    }
    for (int i = 0; i < 3; i++)
        ref_release(s[i].items);
    buffer_free(s);
    return result;
}

// ---- poll --------------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value fds;    // Dict: fd -> events; constant
    bool running; // a thread is in poll(); guarded by the lock
} Poll;
static Type poll_type;

static inline Poll *poll_of(Value v) {
    return (Poll *)value_object(v);
}

int select_events_argument(Value v, int64_t limit, const char *type, int64_t *out) {
    if (value_is_null(v))
        return 0;
    Value number = value_index(v);
    if (value_is_null(number))
        return -1;
    int64_t n;
    bool fits = int_to_i64(number, &n);
    bool negative = int_sign(number) < 0;
    ref_release(number);
    if (negative)
        return raise_int(&exception_ValueError, "value must be positive");
    if (!fits || n > limit)
        return raise_int(&exception_OverflowError, "Python int too large for C %s", type);
    *out = n;
    return 0;
}

static Value poll_set(Value self, Value fd_value, Value events_value, bool must_exist) {
    int fd;
    int64_t events = POLLIN | POLLPRI | POLLOUT;
    if (posix_fd(fd_value, &fd) < 0 ||
        select_events_argument(events_value, USHRT_MAX, "unsigned short", &events) < 0)
        return VALUE_NULL;
    Value fds = poll_of(self)->fds;
    if (must_exist) {
        int has = value_contains(fds, value_from_int(fd));
        if (has < 0)
            return VALUE_NULL;
        if (!has) {
            errno = ENOENT;
            return posix_status(-1);
        }
    }
    return dict_set(fds, value_from_int(fd), value_from_int(events)) < 0 ? VALUE_NULL : none_new();
}
static Value poll_register(Value self, const Value *args, size_t nargs) {
    return poll_set(self, args[0], nargs > 1 ? args[1] : VALUE_NULL, false);
}
static Value poll_modify(Value self, const Value *args, size_t nargs) {
    return poll_set(self, args[0], args[1], true);
}
static Value poll_unregister(Value self, Value v) {
    int fd;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    return value_delitem(poll_of(self)->fds, value_from_int(fd)) < 0 ? VALUE_NULL : none_new();
}

// The kernel's array. NULL with an exception.
static struct pollfd *poll_array(Value fds, int64_t *count) {
    Value items = dict_items_list(fds);
    if (value_is_null(items))
        return NULL;
    int64_t n = list_length(items);
    struct pollfd *array = buffer_allocate((size_t)(n ? n : 1) * sizeof *array);
    if (!array)
        raise_memory_error();
    for (int64_t i = 0; array && i < n; i++) {
        Value pair = list_get(items, i);
        array[i] = (struct pollfd){.fd = (int)value_int(tuple_item(pair, 0)),
                                   .events = (short)value_int(tuple_item(pair, 1))};
        ref_release(pair);
    }
    ref_release(items);
    *count = n;
    return array;
}
static Value poll_poll(Value self, const Value *args, size_t nargs) {
    Poll *p = poll_of(self);
    int64_t ns = TIMEOUT_NONE, count;
    if (nargs && !value_is_none(args[0])) {
        if (timeout_from_number(args[0], 1000000, &ns) < 0) {
            if (error_matches(&exception_TypeError)) {
                error_clear();
                raise_type_error("timeout must be an integer or None");
            }
            return VALUE_NULL;
        }
        if (ns > (int64_t)INT_MAX * 1000000)
            return raise_error(&exception_OverflowError, "timeout is too large");
        if (ns < 0)
            ns = TIMEOUT_NONE;
    }
    object_lock(&p->header);
    bool busy = p->running;
    p->running = true;
    object_unlock(&p->header);
    if (busy)
        return raise_error(&exception_RuntimeError, "concurrent poll() invocation");
    struct pollfd *array = poll_array(p->fds, &count);
    int n = -1;
    if (array) {
        int64_t deadline = timeout_deadline(ns);
        POSIX_BLOCKING(n, poll(array, (nfds_t)count, timeout_left_ms(deadline)));
    }
    object_lock(&p->header);
    p->running = false;
    object_unlock(&p->header);
    Value result = array && n >= 0 ? list_new() : VALUE_NULL;
    if (array && n < 0)
        posix_status(-1);
    for (int64_t i = 0; i < count && n > 0 && !value_is_null(result); i++) {
        if (!array[i].revents)
            continue;
        Value pair = posix_pair(array[i].fd, array[i].revents & 0xffff);
        if (list_append_owned(result, pair) < 0) {
            ref_release(result);
            result = VALUE_NULL;
        }
    }
    buffer_free(array);
    return result;
}

static void poll_destroy(Object *self) {
    ref_release(((Poll *)self)->fds);
    object_free_fixed(self);
}
static void poll_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Poll *)self)->fds);
}
static const NativeDef poll_methods[] = {
    DEF_FIXED("register", poll_register, 1, 2,
              "register($self, fd, eventmask=POLLIN | POLLPRI | POLLOUT, /)\n--\n\n"
              "Watches a descriptor."),
    DEF_FIXED("modify", poll_modify, 2, 2,
              "modify($self, fd, eventmask, /)\n--\n\nWatches a descriptor for other events."),
    DEF_ONE("unregister", poll_unregister,
            "unregister($self, fd, /)\n--\n\nStops watching a descriptor."),
    DEF_FIXED("poll", poll_poll, 0, 1,
              "poll($self, timeout=None, /)\n--\n\n"
              "Waits; gives a list of (descriptor, event)."),
    DEF_END,
};
static Type poll_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "select.poll",
    .basic_size = sizeof(Poll),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = poll_destroy,
    .traverse = poll_traverse,
    .methods = poll_methods,
};

static Value select_poll(Value self) {
    Poll *p = object_allocate(&poll_type);
    if (!p)
        return VALUE_NULL;
    p->fds = dict_new();
    if (value_is_null(p->fds)) {
        ref_release_object(p);
        return VALUE_NULL;
    }
    return value_from_object(p);
}

static const NativeDef functions[] = {
    DEF_FIXED("select", select_select, 3, 4,
              "select($module, rlist, wlist, xlist, timeout=None, /)\n--\n\n"
              "Waits until descriptors can be read, written, or have something special."),
    DEF_NONE("poll", select_poll, "poll($module, /)\n--\n\nA poll object."),
    DEF_END,
};

static int fill(Value module) {
    static const PosixConstant constants[] = {
#define N(name) {#name, (int64_t)name}
        N(POLLERR),
        N(POLLHUP),
        N(POLLIN),
        N(POLLMSG),
        N(POLLNVAL),
        N(POLLOUT),
        N(POLLPRI),
        N(POLLRDBAND),
        N(POLLRDHUP),
        N(POLLRDNORM),
        N(POLLWRBAND),
        N(POLLWRNORM),
        N(PIPE_BUF),
        N(EPOLLERR),
        {"EPOLLET", (uint32_t)EPOLLET},
        N(EPOLLEXCLUSIVE),
        N(EPOLLHUP),
        N(EPOLLIN),
        N(EPOLLMSG),
        N(EPOLLONESHOT),
        N(EPOLLOUT),
        N(EPOLLPRI),
        N(EPOLLRDBAND),
        N(EPOLLRDHUP),
        N(EPOLLRDNORM),
        N(EPOLLWRBAND),
        N(EPOLLWRNORM),
        N(EPOLL_CLOEXEC),
#undef N
        {0}};
    if (!(poll_type.flags & TYPE_READY))
        type_ready(&poll_type);
    return posix_add_constants(module, constants) < 0 || module_add_type(module, &epoll_type) < 0 ||
                   module_add(module, "error", ref_new(value_from_object(&exception_OSError))) < 0
               ? -1
               : 0;
}

const NativeModule module_select = {"select", "Waiting for descriptors.", functions, fill};
