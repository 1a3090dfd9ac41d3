// SPDX-License-Identifier: MIT
//
// `_socket`: the socket object, timeouts, connecting, options.
#include "vm/modules/socket_module.h"
#include "vm/modules/timeouts.h"
#include "vm/modules/warnings_module.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

static int64_t default_timeout = TIMEOUT_NONE; // of new sockets; atomic, relaxed

// ---- waiting -----------------------------------------------------------------------------------

int64_t socket_deadline(const Socket *s) {
    int64_t timeout = socket_timeout(s);
    return timeout > 0 ? timeout_deadline(timeout) : timeout; // 0 and none: themselves
}

static Value raise_timed_out(void) {
    return raise_error(&exception_TimeoutError, "timed out");
}

int socket_wait(int fd, bool writing, int64_t deadline) {
    struct pollfd p = {.fd = fd, .events = writing ? POLLOUT : POLLIN};
    for (;;) {
        thread_detach();
        int n = poll(&p, 1, timeout_left_ms(deadline));
        thread_attach();
        if (n >= 0)
            return n > 0;
        if (errno != EINTR) {
            raise_errno(errno);
            return -1;
        }
        if (thread_check_signals() < 0)
            return -1;
    }
}

ssize_t socket_call(Socket *s, bool writing, SocketOperation operation, void *data,
                    int64_t deadline) {
    int fd = socket_fd(s);
    for (;;) {
        thread_detach();
        ssize_t n = operation(fd, data);
        thread_attach();
        if (n >= 0)
            return n;
        if (errno == EINTR) {
            if (thread_check_signals() < 0)
                return -1;
            continue;
        }
        // Without a timeout the descriptor itself waits, or is not meant to.
        if ((errno != EWOULDBLOCK && errno != EAGAIN) || deadline == 0 ||
            deadline == TIMEOUT_NONE) {
            raise_errno(errno);
            return -1;
        }
        int ready = socket_wait(fd, writing, deadline);
        if (ready <= 0) {
            if (ready == 0)
                raise_timed_out();
            return -1;
        }
    }
}

static int set_nonblocking(int fd, bool on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0) {
        int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        flags = wanted == flags ? 0 : fcntl(fd, F_SETFL, wanted);
    }
    if (flags < 0)
        raise_errno(errno);
    return flags < 0 ? -1 : 0;
}

// None or seconds.
static int timeout_argument(Value v, int64_t *ns) {
    *ns = TIMEOUT_NONE;
    if (value_is_none(v))
        return 0;
    if (timeout_from_number(v, 1000000000, ns) < 0)
        return -1;
    if (*ns < 0)
        return raise_int(&exception_ValueError, "Timeout value out of range");
    if (*ns / 1000000 > INT_MAX)
        return raise_int(&exception_OverflowError, "timeout doesn't fit into C timeval");
    return 0;
}
static Value timeout_value(int64_t ns) {
    return ns == TIMEOUT_NONE ? none_new() : float_new((double)ns / 1e9);
}
static int apply_timeout(Socket *s, int64_t ns) {
    __atomic_store_n(&s->timeout, ns, __ATOMIC_RELAXED);
    return set_nonblocking(socket_fd(s), ns != TIMEOUT_NONE);
}

// ---- life --------------------------------------------------------------------------------------

static int start(Socket *s, int fd, int family, int kind, int protocol) {
    s->family = family;
    s->type = kind & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
    s->protocol = protocol;
    __atomic_store_n(&s->fd, fd, __ATOMIC_RELAXED);
    if (kind & SOCK_NONBLOCK) {
        __atomic_store_n(&s->timeout, 0, __ATOMIC_RELAXED);
        return 0;
    }
    int64_t timeout = __atomic_load_n(&default_timeout, __ATOMIC_RELAXED);
    __atomic_store_n(&s->timeout, timeout, __ATOMIC_RELAXED);
    return timeout == TIMEOUT_NONE ? 0 : set_nonblocking(fd, true);
}
static Value socket_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Socket *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    s->fd = -1;
    s->family = s->type = s->protocol = 0;
    s->timeout = __atomic_load_n(&default_timeout, __ATOMIC_RELAXED);
    return value_from_object(s);
}
Value socket_wrap(Type *type, int fd, int family, int kind, int protocol) {
    Value v = socket_new(type, NULL, 0, VALUE_NULL);
    if (value_is_null(v)) {
        close(fd);
        return v;
    }
    if (start(socket_of(v), fd, family, kind, protocol) < 0) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

// What a descriptor that was given is: what the arguments leave open.
static int examine(Value fd_value, int *fd, int *family, int *kind, int *protocol) {
    if (value_is_instance(fd_value, &float_type))
        return raise_int(&exception_TypeError, "integer argument expected, got float");
    if (int_argument(fd_value, fd) < 0)
        return -1;
    if (*fd < 0)
        return raise_int(&exception_ValueError, "negative file descriptor");
    Address address = {.length = sizeof address.storage};
    socklen_t length = sizeof *kind;
    if (getsockname(*fd, address_raw(&address), &address.length) < 0) {
        if (*family == -1 || errno == EBADF || errno == ENOTSOCK)
            goto fail;
    } else if (*family == -1) {
        *family = address.storage.ss_family;
    }
    if (*kind == -1 && getsockopt(*fd, SOL_SOCKET, SO_TYPE, kind, &length) < 0)
        goto fail;
    length = sizeof *protocol;
    if (*protocol == -1 && getsockopt(*fd, SOL_SOCKET, SO_PROTOCOL, protocol, &length) < 0)
        goto fail;
    return 0;
fail:
    raise_errno(errno);
    return -1;
}
static int socket_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"family", "type", "proto", "fileno", NULL};
    Value v[4];
    int family = -1, kind = -1, protocol = -1, fd;
    if (arguments_parse("socket", args, nargs, kwnames, names, 0, 4, 0, v) < 0 ||
        int_argument(v[0], &family) < 0 || int_argument(v[1], &kind) < 0 ||
        int_argument(v[2], &protocol) < 0 ||
        audit("socket.__new__", 4, self, value_from_int(family), value_from_int(kind),
              value_from_int(protocol)) < 0)
        return -1;
    if (!value_is_null(v[3]) && !value_is_none(v[3])) {
        if (examine(v[3], &fd, &family, &kind, &protocol) < 0)
            return -1;
    } else {
        family = family == -1 ? AF_INET : family;
        kind = kind == -1 ? SOCK_STREAM : kind;
        protocol = protocol == -1 ? 0 : protocol;
        thread_detach();
        fd = socket(family, kind | SOCK_CLOEXEC, protocol);
        thread_attach();
        if (fd < 0) {
            raise_errno(errno);
            return -1;
        }
    }
    return start(socket_of(self), fd, family, kind, protocol);
}

static void socket_finalize(Object *self) {
    Socket *s = (Socket *)self;
    if (socket_fd(s) < 0)
        return;
    Value pending = error_take();
    if (warn_of_resource(value_from_object(self), "unclosed %R", value_from_object(self)) < 0 &&
        error_matches(&exception_Warning))
        error_report_unraisable(NULL, value_from_object(self));
    error_clear();
    error_restore(pending);
    int fd = __atomic_exchange_n(&s->fd, -1, __ATOMIC_RELAXED);
    if (fd >= 0)
        close(fd);
}
static void socket_destroy(Object *self) {
    int fd = ((Socket *)self)->fd;
    if (fd >= 0)
        close(fd);
    object_free_fixed(self);
}
static Value socket_repr(Value self) {
    const Socket *s = socket_of(self);
    return str_format("<socket object, fd=%d, family=%d, type=%d, proto=%d>", socket_fd(s),
                      s->family, s->type, s->protocol);
}

static Value socket_close(Value self) {
    int fd = __atomic_exchange_n(&socket_of(self)->fd, -1, __ATOMIC_RELAXED);
    if (fd < 0)
        return none_new();
    thread_detach();
    int status = close(fd);
    thread_attach();
    // A peer that went away is no reason to complain about closing.
    return status < 0 && errno != ECONNRESET ? posix_status(-1) : none_new();
}
static Value socket_detach(Value self) {
    return value_from_int(__atomic_exchange_n(&socket_of(self)->fd, -1, __ATOMIC_RELAXED));
}
static Value socket_fileno(Value self) {
    return value_from_int(socket_fd(socket_of(self)));
}

// ---- blocking ----------------------------------------------------------------------------------

static Value socket_setblocking(Value self, Value v) {
    int on = value_truth(v);
    if (on < 0)
        return VALUE_NULL;
    return apply_timeout(socket_of(self), on ? TIMEOUT_NONE : 0) < 0 ? VALUE_NULL : none_new();
}
static Value socket_getblocking(Value self) {
    return bool_new(socket_timeout(socket_of(self)) != 0);
}
static Value socket_settimeout(Value self, Value v) {
    int64_t ns;
    if (timeout_argument(v, &ns) < 0)
        return VALUE_NULL;
    return apply_timeout(socket_of(self), ns) < 0 ? VALUE_NULL : none_new();
}
static Value socket_gettimeout(Value self) {
    return timeout_value(socket_timeout(socket_of(self)));
}
static Value getdefaulttimeout(Value self) {
    return timeout_value(__atomic_load_n(&default_timeout, __ATOMIC_RELAXED));
}
static Value setdefaulttimeout(Value self, Value v) {
    int64_t ns;
    if (timeout_argument(v, &ns) < 0)
        return VALUE_NULL;
    __atomic_store_n(&default_timeout, ns, __ATOMIC_RELAXED);
    return none_new();
}

// ---- connecting --------------------------------------------------------------------------------

static ssize_t do_accept(int fd, void *data) {
    Address *a = data;
    a->length = sizeof a->storage;
    return accept4(fd, address_raw(a), &a->length, SOCK_CLOEXEC);
}
static Value socket_accept(Value self) {
    Socket *s = socket_of(self);
    Address address = {0};
    ssize_t fd = socket_call(s, false, do_accept, &address, socket_deadline(s));
    if (fd < 0)
        return VALUE_NULL;
    Value from = address_to_value(&address);
    if (value_is_null(from)) {
        close((int)fd);
        return from;
    }
    Value v[2] = {value_from_int(fd), from};
    return tuple_from_owned(v, 2);
}
static Value socket_bind(Value self, Value v) {
    Socket *s = socket_of(self);
    Address address;
    if (address_from_value("bind", s, v, &address) < 0 || audit("socket.bind", 2, self, v) < 0)
        return VALUE_NULL;
    thread_detach();
    int status = bind(socket_fd(s), address_raw(&address), address.length);
    thread_attach();
    return posix_status(status);
}
static Value socket_listen(Value self, const Value *args, size_t nargs) {
    int backlog = SOMAXCONN < 128 ? SOMAXCONN : 128;
    if (nargs && int_argument(args[0], &backlog) < 0)
        return VALUE_NULL;
    thread_detach();
    int status = listen(socket_fd(socket_of(self)), backlog < 0 ? 0 : backlog);
    thread_attach();
    return posix_status(status);
}
// 0, an errno, or -1 with an exception. EWOULDBLOCK: the time was over.
static int do_connect(Socket *s, Address *address) {
    int fd = socket_fd(s);
    int64_t deadline = socket_deadline(s);
    thread_detach();
    int status = connect(fd, address_raw(address), address->length);
    thread_attach();
    if (status == 0)
        return 0;
    int problem = errno;
    bool wait =
        deadline != 0 && (problem == EINTR || (problem == EINPROGRESS && deadline != TIMEOUT_NONE));
    if (problem == EINTR && thread_check_signals() < 0)
        return -1;
    if (!wait)
        return problem;
    // A connection that was begun goes on by itself.
    int ready = socket_wait(fd, true, deadline);
    if (ready <= 0)
        return ready < 0 ? -1 : EWOULDBLOCK;
    socklen_t length = sizeof problem;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &length) < 0)
        return errno;
    return problem == EISCONN ? 0 : problem;
}
static Value socket_connect(Value self, Value v) {
    Socket *s = socket_of(self);
    Address address;
    if (address_from_value("connect", s, v, &address) < 0 ||
        audit("socket.connect", 2, self, v) < 0)
        return VALUE_NULL;
    int problem = do_connect(s, &address);
    if (problem == EWOULDBLOCK && socket_timeout(s) > 0)
        return raise_timed_out();
    return problem == 0 ? none_new() : problem < 0 ? VALUE_NULL : raise_errno(problem);
}
static Value socket_connect_ex(Value self, Value v) {
    Socket *s = socket_of(self);
    Address address;
    if (address_from_value("connect_ex", s, v, &address) < 0 ||
        audit("socket.connect", 2, self, v) < 0)
        return VALUE_NULL;
    int problem = do_connect(s, &address);
    return problem < 0 ? VALUE_NULL : value_from_int(problem);
}
static Value socket_shutdown(Value self, Value v) {
    int how;
    if (int_argument(v, &how) < 0)
        return VALUE_NULL;
    thread_detach();
    int status = shutdown(socket_fd(socket_of(self)), how);
    thread_attach();
    return posix_status(status);
}
static Value socket_getsockname(Value self) {
    Address a = {.length = sizeof a.storage};
    return getsockname(socket_fd(socket_of(self)), address_raw(&a), &a.length) < 0
               ? posix_status(-1)
               : address_to_value(&a);
}
static Value socket_getpeername(Value self) {
    Address a = {.length = sizeof a.storage};
    return getpeername(socket_fd(socket_of(self)), address_raw(&a), &a.length) < 0
               ? posix_status(-1)
               : address_to_value(&a);
}

// ---- options -----------------------------------------------------------------------------------

static Value socket_getsockopt(Value self, const Value *args, size_t nargs) {
    int level, option, size = 0, number = 0, fd = socket_fd(socket_of(self));
    if (int_argument(args[0], &level) < 0 || int_argument(args[1], &option) < 0 ||
        (nargs > 2 && int_argument(args[2], &size) < 0))
        return VALUE_NULL;
    if (size == 0) {
        socklen_t length = sizeof number;
        return getsockopt(fd, level, option, &number, &length) < 0 ? posix_status(-1)
                                                                   : value_from_int(number);
    }
    char data[1024];
    socklen_t length = (socklen_t)size;
    if (size < 0 || size > (int)sizeof data)
        return raise_error(&exception_OSError, "getsockopt buflen out of range");
    return getsockopt(fd, level, option, data, &length) < 0 ? posix_status(-1)
                                                            : bytes_new(data, length);
}
static Value socket_setsockopt(Value self, const Value *args, size_t nargs) {
    int level, option, number, fd = socket_fd(socket_of(self));
    if (int_argument(args[0], &level) < 0 || int_argument(args[1], &option) < 0)
        return VALUE_NULL;
    if (nargs == 4) {
        int64_t length;
        if (!value_is_none(args[2]))
            return raise_type_error("setsockopt() argument 3 must be None, not %G", args[2]);
        if (value_to_i64(args[3], &length) < 0)
            return VALUE_NULL;
        return posix_status(setsockopt(fd, level, option, NULL, (socklen_t)length));
    }
    if (value_is_any_int(args[2]) || value_type(args[2])->index) {
        if (int_argument(args[2], &number) < 0)
            return VALUE_NULL;
        return posix_status(setsockopt(fd, level, option, &number, sizeof number));
    }
    if (value_is_none(args[2]))
        return raise_type_error("setsockopt() takes 4 arguments if the third is None (3 given)");
    BufferView view;
    if (buffer_view_get(args[2], &view, false) < 0)
        return VALUE_NULL;
    int status = setsockopt(fd, level, option, view.data, (socklen_t)view.length);
    int problem = errno;
    buffer_view_release(&view);
    errno = problem;
    return posix_status(status);
}

// ---- the type ----------------------------------------------------------------------------------

static Value get_family(Value self) {
    return value_from_int(socket_of(self)->family);
}
static Value get_type(Value self) {
    return value_from_int(socket_of(self)->type);
}
static Value get_proto(Value self) {
    return value_from_int(socket_of(self)->protocol);
}

static const GetSetDef socket_getsets[] = {{"family", get_family, NULL, "The address family."},
                                           {"type", get_type, NULL, "The kind of socket."},
                                           {"proto", get_proto, NULL, "The protocol."},
                                           {"timeout", socket_gettimeout, NULL, "The timeout."},
                                           {0}};
static const NativeDef socket_methods[] = {
    DEF_NONE("_accept", socket_accept,
             "_accept()\n\nWaits for a connection: (descriptor, address)."),
    DEF_ONE("bind", socket_bind, "bind(address)\n\nGives the socket an address of its own."),
    DEF_NONE("close", socket_close, "close()\n\nCloses the socket."),
    DEF_ONE("connect", socket_connect, "connect(address)\n\nConnects to an address."),
    DEF_ONE("connect_ex", socket_connect_ex,
            "connect_ex(address)\n\nAs connect(), but gives the error's number."),
    DEF_NONE("detach", socket_detach,
             "detach()\n\nCloses the object but not the descriptor, which it gives."),
    DEF_NONE("fileno", socket_fileno, "fileno()\n\nThe descriptor, -1 if closed."),
    DEF_NONE("getpeername", socket_getpeername, "getpeername()\n\nThe other end's address."),
    DEF_NONE("getsockname", socket_getsockname, "getsockname()\n\nThe socket's address."),
    DEF_FIXED("getsockopt", socket_getsockopt, 2, 3,
              "getsockopt(level, option[, buffersize])\n\nAn option: an int, or bytes."),
    DEF_FIXED("setsockopt", socket_setsockopt, 3, 4,
              "setsockopt(level, option, value[, length])\n\nSets an option."),
    DEF_FIXED("listen", socket_listen, 0, 1, "listen([backlog])\n\nLets others connect."),
    DEF_ONE("setblocking", socket_setblocking, "setblocking(flag)\n\nShall calls wait?"),
    DEF_NONE("getblocking", socket_getblocking, "getblocking()\n\nDo calls wait?"),
    DEF_ONE("settimeout", socket_settimeout, "settimeout(seconds)\n\nHow long calls wait."),
    DEF_NONE("gettimeout", socket_gettimeout, "gettimeout()\n\nHow long calls wait, or None."),
    DEF_FIXED("recv", socket_recv, 1, 2, "recv(bufsize[, flags])\n\nReceives bytes."),
    DEF_VECTOR("recv_into", socket_recv_into,
               "recv_into(buffer[, nbytes[, flags]])\n\nReceives into a buffer."),
    DEF_FIXED("recvfrom", socket_recvfrom, 1, 2,
              "recvfrom(bufsize[, flags])\n\nReceives (bytes, address of the sender)."),
    DEF_VECTOR("recvfrom_into", socket_recvfrom_into,
               "recvfrom_into(buffer[, nbytes[, flags]])\n\n"
               "Receives into a buffer: (count, address of the sender)."),
    DEF_FIXED("send", socket_send, 1, 2, "send(data[, flags])\n\nSends; gives how many bytes."),
    DEF_FIXED("sendall", socket_sendall, 1, 2, "sendall(data[, flags])\n\nSends all bytes."),
    DEF_FIXED("sendto", socket_sendto, 0, -1,
              "sendto(data[, flags], address)\n\nSends to an address."),
    DEF_FIXED("recvmsg", socket_recvmsg, 1, 3,
              "recvmsg(bufsize[, ancbufsize[, flags]])\n\n"
              "Receives (bytes, ancillary data, flags, address)."),
    DEF_FIXED("recvmsg_into", socket_recvmsg_into, 1, 3,
              "recvmsg_into(buffers[, ancbufsize[, flags]])\n\n"
              "Receives into buffers: (count, ancillary data, flags, address)."),
    DEF_FIXED("sendmsg", socket_sendmsg, 1, 4,
              "sendmsg(buffers[, ancdata[, flags[, address]]])\n\nSends buffers as one message."),
    DEF_ONE("shutdown", socket_shutdown, "shutdown(how)\n\nEnds one or both directions."),
    DEF_END,
};

Type socket_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_socket.socket",
    .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0)\n\nOne end of a connection.",
    .basic_size = sizeof(Socket),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE,
    .call_new = socket_new,
    .init = socket_init,
    .destroy = socket_destroy,
    .finalize = socket_finalize,
    .repr = socket_repr,
    .methods = socket_methods,
    .getsets = socket_getsets,
};

// ---- functions that make sockets, and the module ----------------------------------------------

static Value socketpair_function(Value self, const Value *args, size_t nargs) {
    int family = AF_UNIX, kind = SOCK_STREAM, protocol = 0, fds[2];
    if ((nargs > 0 && int_argument(args[0], &family) < 0) ||
        (nargs > 1 && int_argument(args[1], &kind) < 0) ||
        (nargs > 2 && int_argument(args[2], &protocol) < 0))
        return VALUE_NULL;
    if (socketpair(family, kind | SOCK_CLOEXEC, protocol, fds) < 0)
        return posix_status(-1);
    Value a = socket_wrap(&socket_type, fds[0], family, kind, protocol);
    Value b = VALUE_NULL;
    if (value_is_null(a))
        close(fds[1]);
    else
        b = socket_wrap(&socket_type, fds[1], family, kind, protocol);
    if (value_is_null(b)) {
        ref_release(a);
        return VALUE_NULL;
    }
    return tuple_pair_owned(a, b);
}
static Value close_function(Value self, Value v) {
    int fd;
    if (int_argument(v, &fd) < 0)
        return VALUE_NULL;
    thread_detach();
    int status = close(fd);
    thread_attach();
    return status < 0 && errno != ECONNRESET ? posix_status(-1) : none_new();
}
static Value dup_function(Value self, Value v) {
    int fd;
    return int_argument(v, &fd) < 0 ? VALUE_NULL : posix_number(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

const NativeDef socket_functions[] = {
    DEF_FIXED("socketpair", socketpair_function, 0, 3,
              "socketpair([family[, type[, proto]]])\n\nTwo sockets connected to each other."),
    DEF_ONE("close", close_function, "close(fd)\n\nCloses a socket's descriptor."),
    DEF_ONE("dup", dup_function, "dup(fd)\n\nA copy of a socket's descriptor."),
    DEF_NONE("getdefaulttimeout", getdefaulttimeout,
             "getdefaulttimeout()\n\nThe timeout of new sockets, or None."),
    DEF_ONE("setdefaulttimeout", setdefaulttimeout,
            "setdefaulttimeout(seconds)\n\nSets the timeout of new sockets."),
    DEF_END,
};
