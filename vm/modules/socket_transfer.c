// SPDX-License-Identifier: MIT
//
// `_socket`: sending and receiving one buffer.
#include "vm/modules/socket_module.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include <string.h>

typedef struct {
    void *data;
    size_t length;
    int flags;
    Address *address; // NULL: of a connected socket
} Transfer;

static ssize_t do_receive(int fd, void *argument) {
    Transfer *t = argument;
    if (!t->address)
        return recv(fd, t->data, t->length, t->flags);
    t->address->length = sizeof t->address->storage;
    return recvfrom(fd, t->data, t->length, t->flags, address_raw(t->address), &t->address->length);
}
static ssize_t do_send(int fd, void *argument) {
    Transfer *t = argument;
    return t->address ? sendto(fd, t->data, t->length, t->flags, address_raw(t->address),
                               t->address->length)
                      : send(fd, t->data, t->length, t->flags);
}

// ---- receiving ---------------------------------------------------------------------------------

// The bytes that came; with_address: (bytes, address).
static Value receive(Value self, const char *function, Value size_value, Value flags_value,
                     bool with_address) {
    Socket *s = socket_of(self);
    int64_t size;
    int flags = 0;
    if (size_argument(size_value, &size) < 0 || int_argument(flags_value, &flags) < 0)
        return VALUE_NULL;
    if (size < 0)
        return raise_value_error("negative buffersize in %s", function);
    uint8_t *data = buffer_allocate((size_t)size + 1);
    if (!data)
        return raise_memory_error();
    Address address = {0};
    Transfer t = {data, (size_t)size, flags, with_address ? &address : NULL};
    ssize_t n = socket_call(s, false, do_receive, &t, socket_deadline(s));
    Value bytes = n < 0 ? VALUE_NULL : bytes_new(data, (size_t)n);
    buffer_free(data);
    if (value_is_null(bytes) || !with_address)
        return bytes;
    return tuple_pair_owned(bytes, address_to_value(&address));
}
Value socket_recv(Value self, const Value *args, size_t nargs) {
    return receive(self, "recv", args[0], nargs > 1 ? args[1] : VALUE_NULL, false);
}
Value socket_recvfrom(Value self, const Value *args, size_t nargs) {
    return receive(self, "recvfrom", args[0], nargs > 1 ? args[1] : VALUE_NULL, true);
}

static Value receive_into(Value self, const char *function, const Value *args, size_t nargs,
                          Value kwnames, bool with_address) {
    static const char *const names[] = {"buffer", "nbytes", "flags", NULL};
    Socket *s = socket_of(self);
    Value v[3];
    int64_t size = 0;
    int flags = 0;
    BufferView view;
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 3, 1, v) < 0 ||
        (!value_is_null(v[1]) && size_argument(v[1], &size) < 0) ||
        int_argument(v[2], &flags) < 0 || buffer_view_get(v[0], &view, true) < 0)
        return VALUE_NULL;
    ssize_t n = -1;
    Address address = {0};
    if (size < 0) {
        raise_value_error("negative buffersize in %s", function);
    } else if (size > view.length) {
        raise_value_error(with_address ? "nbytes is greater than the length of the buffer"
                                       : "buffer too small for requested bytes");
    } else {
        Transfer t = {view.data, (size_t)(size ? size : view.length), flags,
                      with_address ? &address : NULL};
        n = socket_call(s, false, do_receive, &t, socket_deadline(s));
    }
    buffer_view_release(&view);
    if (n < 0)
        return VALUE_NULL;
    return with_address ? tuple_pair_owned(value_from_int(n), address_to_value(&address))
                        : value_from_int(n);
}
Value socket_recv_into(Value self, const Value *args, size_t nargs, Value kwnames) {
    return receive_into(self, "recv_into", args, nargs, kwnames, false);
}
Value socket_recvfrom_into(Value self, const Value *args, size_t nargs, Value kwnames) {
    return receive_into(self, "recvfrom_into", args, nargs, kwnames, true);
}

// ---- sending -----------------------------------------------------------------------------------

Value socket_send(Value self, const Value *args, size_t nargs) {
    Socket *s = socket_of(self);
    int flags = 0;
    BufferView view;
    if ((nargs > 1 && int_argument(args[1], &flags) < 0) ||
        buffer_view_get(args[0], &view, false) < 0)
        return VALUE_NULL;
    Transfer t = {view.data, (size_t)view.length, flags, NULL};
    ssize_t n = socket_call(s, true, do_send, &t, socket_deadline(s));
    buffer_view_release(&view);
    return n < 0 ? VALUE_NULL : int_from_i64(n);
}
Value socket_sendall(Value self, const Value *args, size_t nargs) {
    Socket *s = socket_of(self);
    int flags = 0;
    BufferView view;
    if ((nargs > 1 && int_argument(args[1], &flags) < 0) ||
        buffer_view_get(args[0], &view, false) < 0)
        return VALUE_NULL;
    // The timeout is one for all parts.
    int64_t deadline = socket_deadline(s);
    Transfer t = {view.data, (size_t)view.length, flags, NULL};
    int status = 0;
    do {
        ssize_t n = socket_call(s, true, do_send, &t, deadline);
        status = n < 0 ? -1 : 0;
        if (n > 0) {
            t.data = (char *)t.data + n;
            t.length -= (size_t)n;
        }
        if (status == 0 && t.length)
            status = thread_check_signals();
    } while (status == 0 && t.length);
    buffer_view_release(&view);
    return status < 0 ? VALUE_NULL : none_new();
}
Value socket_sendto(Value self, const Value *args, size_t nargs) {
    Socket *s = socket_of(self);
    int flags = 0;
    BufferView view;
    Address address;
    if (nargs != 2 && nargs != 3)
        return raise_type_error("sendto() takes 2 or 3 arguments (%zu given)", nargs);
    if ((nargs == 3 && int_argument(args[1], &flags) < 0) ||
        buffer_view_get(args[0], &view, false) < 0)
        return VALUE_NULL;
    ssize_t n = -1;
    if (address_from_value("sendto", s, args[nargs - 1], &address) == 0 &&
        audit("socket.sendto", 2, self, args[nargs - 1]) == 0) {
        Transfer t = {view.data, (size_t)view.length, flags, &address};
        n = socket_call(s, true, do_send, &t, socket_deadline(s));
    }
    buffer_view_release(&view);
    return n < 0 ? VALUE_NULL : int_from_i64(n);
}
