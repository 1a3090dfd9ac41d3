// SPDX-License-Identifier: MIT
//
// `select`: epoll objects. All an object has is a descriptor, which the kernel keeps consistent.
#include "vm/modules/select_module.h"
#include "vm/modules/timeouts.h"
#include "vm/types/arguments.h"
#include <limits.h>
#include <sys/epoll.h>

typedef struct {
    Object header;
    int fd; // -1: closed; atomic, relaxed: who closes takes it with an exchange
} Epoll;

static inline Epoll *epoll_of(Value v) {
    return (Epoll *)value_object(v);
}

// The descriptor, or -1 with an exception.
static int epoll_fd(Value self) {
    int fd = __atomic_load_n(&epoll_of(self)->fd, __ATOMIC_RELAXED);
    return fd >= 0 ? fd : raise_int(&exception_ValueError, "I/O operation on closed epoll object");
}

static Value make(Type *type, int fd) {
    Epoll *e = object_allocate(type);
    if (!e) {
        close(fd);
        return VALUE_NULL;
    }
    e->fd = fd;
    return value_from_object(e);
}
static Value epoll_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("epoll", 0, 2, 0, "sizehint", "flags");
    int size = -1, flags = 0;
    if (int_argument(v[0], &size) < 0 || int_argument(v[1], &flags) < 0)
        return VALUE_NULL;
    if (size < -1 || size == 0)
        return raise_value_error("negative sizehint");
    if (flags && flags != EPOLL_CLOEXEC)
        return raise_error(&exception_OSError, "invalid flags");
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? posix_status(-1) : make(type, fd);
}
static Value epoll_fromfd(Value type, const Value *args, size_t nargs, Value kwnames) {
    int fd;
    if (arguments_no_keywords("fromfd", kwnames) < 0 ||
        arguments_count("fromfd", nargs, 1, 1) < 0 || int_argument(args[0], &fd) < 0)
        return VALUE_NULL;
    return make((Type *)value_object(type), fd);
}

static void take_fd(Object *self) {
    int fd = __atomic_exchange_n(&((Epoll *)self)->fd, -1, __ATOMIC_RELAXED);
    if (fd >= 0)
        close(fd);
}
static Value epoll_close(Value self) {
    int fd = __atomic_exchange_n(&epoll_of(self)->fd, -1, __ATOMIC_RELAXED);
    if (fd < 0)
        return none_new();
    thread_detach();
    int status = close(fd);
    thread_attach();
    return posix_status(status);
}
static Value epoll_fileno(Value self) {
    int fd = epoll_fd(self);
    return fd < 0 ? VALUE_NULL : value_from_int(fd);
}
static Value epoll_closed(Value self) {
    return bool_new(__atomic_load_n(&epoll_of(self)->fd, __ATOMIC_RELAXED) < 0);
}

static Value control(Value self, int operation, Value fd_value, Value events_value) {
    int epoll = epoll_fd(self), fd, status;
    int64_t events = EPOLLIN | EPOLLPRI | EPOLLOUT;
    if (epoll < 0 || posix_fd(fd_value, &fd) < 0 ||
        select_events_argument(events_value, UINT_MAX, "unsigned int", &events) < 0)
        return VALUE_NULL;
    struct epoll_event event = {.events = (uint32_t)events, .data.fd = fd};
    thread_detach();
    status = epoll_ctl(epoll, operation, fd, &event);
    thread_attach();
    return posix_status(status);
}
static Value epoll_register(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("register", 0, 2, 1, "fd", "eventmask");
    return control(self, EPOLL_CTL_ADD, v[0], v[1]);
}
static Value epoll_modify(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("modify", 0, 2, 2, "fd", "eventmask");
    return control(self, EPOLL_CTL_MOD, v[0], v[1]);
}
static Value epoll_unregister(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("unregister", 0, 1, 1, "fd");
    return control(self, EPOLL_CTL_DEL, v[0], VALUE_NULL);
}

static Value epoll_poll(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("poll", 0, 2, 0, "timeout", "maxevents");
    int epoll = epoll_fd(self), most = -1, n;
    int64_t ns = TIMEOUT_NONE;
    if (epoll < 0)
        return VALUE_NULL;
    if (!value_is_null(v[0]) && !value_is_none(v[0])) {
        if (timeout_from_number(v[0], 1000000000, &ns) < 0) {
            if (error_matches(&exception_TypeError)) {
                error_clear();
                raise_type_error("timeout must be an integer or None");
            }
            return VALUE_NULL;
        }
        if (ns / 1000000 > INT_MAX)
            return raise_error(&exception_OverflowError, "timeout is too large");
        if (ns < 0)
            ns = TIMEOUT_NONE;
    }
    if (int_argument(v[1], &most) < 0)
        return VALUE_NULL;
    if (most == -1)
        most = FD_SETSIZE - 1;
    else if (most < 1)
        return raise_value_error("maxevents must be greater than 0, got %d", most);
    struct epoll_event *events = buffer_allocate((size_t)most * sizeof *events);
    if (!events)
        return raise_memory_error();
    int64_t deadline = timeout_deadline(ns);
    POSIX_BLOCKING(n, epoll_wait(epoll, events, most, timeout_left_ms(deadline)));
    Value result = n < 0 ? posix_status(-1) : list_new();
    for (int i = 0; i < n && !value_is_null(result); i++) {
        Value pair =
            tuple_pack(2, value_from_int(events[i].data.fd), value_from_int(events[i].events));
        if (list_append_owned(result, pair) < 0) {
            ref_release(result);
            result = VALUE_NULL;
        }
    }
    buffer_free(events);
    return result;
}

static Value epoll_enter(Value self) {
    return epoll_fd(self) < 0 ? VALUE_NULL : ref_new(self);
}
static Value epoll_exit(Value self, const Value *args, size_t nargs) {
    return epoll_close(self);
}
static void epoll_destroy(Object *self) {
    take_fd(self);
    object_free_fixed(self);
}

static const NativeDef epoll_methods[] = {
    DEF_CLASS("fromfd", epoll_fromfd,
              "fromfd($type, fd, /)\n--\n\nAn epoll object of a descriptor."),
    DEF_NONE("close", epoll_close, "close($self, /)\n--\n\nCloses the descriptor."),
    DEF_NONE("fileno", epoll_fileno, "fileno($self, /)\n--\n\nThe descriptor."),
    DEF_VECTOR("register", epoll_register,
               "register($self, /, fd, eventmask=EPOLLIN | EPOLLPRI | EPOLLOUT)\n--\n\n"
               "Watches a descriptor."),
    DEF_VECTOR("modify", epoll_modify,
               "modify($self, /, fd, eventmask)\n--\n\nWatches it for other events."),
    DEF_VECTOR("unregister", epoll_unregister,
               "unregister($self, /, fd)\n--\n\nStops watching a descriptor."),
    DEF_VECTOR("poll", epoll_poll,
               "poll($self, /, timeout=None, maxevents=-1)\n--\n\n"
               "Waits; gives a list of (descriptor, events)."),
    DEF_NONE("__enter__", epoll_enter, NULL),
    DEF_FIXED("__exit__", epoll_exit, 0, 3, NULL),
    DEF_END,
};
static const GetSetDef epoll_getsets[] = {{"closed", epoll_closed, NULL, "Is it closed?"}, {0}};

Type epoll_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "select.epoll",
    .doc = "epoll(sizehint=-1, flags=0)\n--\n\nWaits for descriptors, which the kernel remembers.",
    .basic_size = sizeof(Epoll),
    .kind = HEAP_LEAF,
    .call_new = epoll_new,
    .destroy = epoll_destroy,
    .methods = epoll_methods,
    .getsets = epoll_getsets,
};
