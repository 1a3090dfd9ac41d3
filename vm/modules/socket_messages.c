// SPDX-License-Identifier: MIT
//
// `_socket`: messages of several buffers with ancillary data.
#include "vm/modules/socket_module.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

typedef struct {
    struct msghdr header;
    int flags;
} Message;
static ssize_t do_receive(int fd, void *data) {
    Message *m = data;
    return recvmsg(fd, &m->header, m->flags);
}
static ssize_t do_send(int fd, void *data) {
    Message *m = data;
    return sendmsg(fd, &m->header, m->flags);
}

// Room for ancillary data with `length` bytes each; false: too much.
static bool control_space(int64_t length, bool padded, size_t *out) {
    if (length < 0 || length > INT_MAX - (int64_t)(padded ? CMSG_SPACE(1) : CMSG_LEN(0)))
        return false;
    *out = padded ? CMSG_SPACE((size_t)length) : CMSG_LEN((size_t)length);
    return true;
}
static Value cmsg_function(Value v, bool padded) {
    int64_t length;
    size_t size;
    if (size_argument(v, &length) < 0)
        return VALUE_NULL;
    if (!control_space(length, padded, &size))
        return raise_error(&exception_OverflowError, "%s() argument out of range",
                           padded ? "CMSG_SPACE" : "CMSG_LEN");
    return int_from_u64(size);
}
static Value cmsg_len(Value self, Value v) {
    return cmsg_function(v, false);
}
static Value cmsg_space(Value self, Value v) {
    return cmsg_function(v, true);
}

// ---- buffers -----------------------------------------------------------------------------------

typedef struct {
    struct iovec *vectors;
    BufferView *views;
    size_t count;
} Buffers;

static void buffers_done(Buffers *b) {
    for (size_t i = 0; i < b->count; i++)
        buffer_view_release(&b->views[i]);
    free(b->vectors);
    buffer_free(b->views);
}
static int buffers_get(Value iterable, bool writable, const char *message, Buffers *b) {
    *b = (Buffers){0};
    if (!value_type(iterable)->iter && !value_type(iterable)->getitem)
        return raise_int(&exception_TypeError, "%s", message);
    Value items = tuple_from_iterable(iterable);
    if (value_is_null(items))
        return -1;
    size_t n = (size_t)tuple_length(items);
    b->vectors = malloc((n + 1) * sizeof *b->vectors);
    b->views = buffer_allocate((n + 1) * sizeof *b->views);
    int status = b->vectors && b->views ? 0 : -1;
    if (status < 0)
        raise_memory_error();
    for (size_t i = 0; status == 0 && i < n; i++) {
        status = buffer_view_get(tuple_item(items, (int64_t)i), &b->views[i], writable);
        if (status == 0) {
            b->vectors[i] = (struct iovec){b->views[i].data, (size_t)b->views[i].length};
            b->count++;
        }
    }
    ref_release(items);
    if (status < 0)
        buffers_done(b);
    return status;
}

// ---- receiving ---------------------------------------------------------------------------------

// [(level, type, bytes), ...]
static Value control_list(struct msghdr *header) {
    Value list = list_new();
    const char *end = (const char *)header->msg_control + header->msg_controllen;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c && !value_is_null(list);
         c = CMSG_NXTHDR(header, c)) {
        const char *data = (const char *)CMSG_DATA(c);
        size_t length = c->cmsg_len - CMSG_LEN(0);
        if (data > end)
            break;
        if (length > (size_t)(end - data)) // cut off
            length = (size_t)(end - data);
        Value v[3] = {value_from_int(c->cmsg_level), value_from_int(c->cmsg_type),
                      bytes_new(data, length)};
        if (list_append_owned(list, tuple_from_owned(v, 3)) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    return list;
}

// Descriptors that came and that nobody will hear of.
static void close_received(struct msghdr *header) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            close(fd);
        }
    }
}

// (what came as made of the number of bytes, ancillary data, flags, address)
static Value receive(Value self, struct iovec *vectors, size_t count, Value size_value,
                     Value flags_value, const uint8_t *bytes) {
    Socket *s = socket_of(self);
    int64_t control_size = 0;
    int flags = 0;
    if ((!value_is_null(size_value) && size_argument(size_value, &control_size) < 0) ||
        int_argument(flags_value, &flags) < 0)
        return VALUE_NULL;
    if (control_size < 0 || control_size > INT_MAX)
        return raise_value_error("invalid ancillary data buffer length");
    void *control = control_size ? calloc(1, (size_t)control_size) : NULL;
    if (control_size && !control)
        return raise_memory_error();
    Address address = {.length = sizeof address.storage};
    Message m = {{.msg_name = &address.storage,
                  .msg_namelen = address.length,
                  .msg_iov = vectors,
                  .msg_iovlen = count,
                  .msg_control = control,
                  .msg_controllen = (size_t)control_size},
                 flags | MSG_CMSG_CLOEXEC};
    ssize_t n = socket_call(s, false, do_receive, &m, socket_deadline(s));
    Value result = VALUE_NULL;
    if (n >= 0) {
        address.length = m.header.msg_namelen;
        Value v[4] = {
            bytes ? bytes_new(bytes, (size_t)n) : int_from_i64(n), control_list(&m.header),
            value_from_int(m.header.msg_flags & ~MSG_CMSG_CLOEXEC), address_to_value(&address)};
        if (value_is_null(v[0]) || value_is_null(v[1]) || value_is_null(v[3])) {
            close_received(&m.header);
            for (int i = 0; i < 4; i++)
                ref_release(v[i]);
        } else {
            result = tuple_from_owned(v, 4);
        }
    }
    free(control);
    return result;
}
Value socket_recvmsg(Value self, const Value *args, size_t nargs) {
    int64_t size;
    if (size_argument(args[0], &size) < 0)
        return VALUE_NULL;
    if (size < 0)
        return raise_value_error("negative buffer size in recvmsg()");
    uint8_t *data = buffer_allocate((size_t)size + 1);
    if (!data)
        return raise_memory_error();
    struct iovec vector = {data, (size_t)size};
    Value result = receive(self, &vector, 1, nargs > 1 ? args[1] : VALUE_NULL,
                           nargs > 2 ? args[2] : VALUE_NULL, data);
    buffer_free(data);
    return result;
}
Value socket_recvmsg_into(Value self, const Value *args, size_t nargs) {
    Buffers b;
    if (buffers_get(args[0], true, "recvmsg_into() argument 1 must be an iterable", &b) < 0)
        return VALUE_NULL;
    Value result = receive(self, b.vectors, b.count, nargs > 1 ? args[1] : VALUE_NULL,
                           nargs > 2 ? args[2] : VALUE_NULL, NULL);
    buffers_done(&b);
    return result;
}

// ---- sending -----------------------------------------------------------------------------------

// Ancillary data from [(level, type, bytes), ...] into a buffer of its own (free it).
static int control_make(Value iterable, struct msghdr *header) {
    if (!value_type(iterable)->iter && !value_type(iterable)->getitem)
        return raise_int(&exception_TypeError, "sendmsg() argument 2 must be an iterable");
    Value items = tuple_from_iterable(iterable);
    if (value_is_null(items))
        return -1;
    int64_t n = tuple_length(items);
    BufferView *views = buffer_allocate_zeroed(((size_t)n + 1) * sizeof *views);
    int *numbers = calloc((size_t)n + 1, 2 * sizeof *numbers);
    size_t total = 0;
    int64_t got = 0;
    int status = views && numbers ? 0 : -1;
    if (status < 0)
        raise_memory_error();
    for (; status == 0 && got < n; got++) {
        Value item = tuple_item(items, got);
        size_t space;
        Value parts = value_is_tuple(item) ? ref_new(item) : tuple_from_iterable(item);
        if (value_is_null(parts)) {
            status = -1;
            break;
        }
        if (tuple_length(parts) != 3)
            status = raise_int(&exception_TypeError,
                               "[sendmsg() ancillary data items must be 3-tuples]");
        else if (int_argument(tuple_item(parts, 0), &numbers[2 * got]) < 0 ||
                 int_argument(tuple_item(parts, 1), &numbers[2 * got + 1]) < 0 ||
                 buffer_view_get(tuple_item(parts, 2), &views[got], false) < 0)
            status = -1;
        ref_release(parts);
        if (status < 0)
            break;
        if (!control_space(views[got].length, true, &space) || space > SIZE_MAX / 2 - total)
            status = raise_int(&exception_OSError, "ancillary data item too large");
        else
            total += space;
    }
    if (status == 0 && total) {
        header->msg_control = calloc(1, total);
        header->msg_controllen = total;
        if (!header->msg_control) {
            raise_memory_error();
            status = -1;
        }
    }
    struct cmsghdr *c = status == 0 && total ? CMSG_FIRSTHDR(header) : NULL;
    for (int64_t i = 0; c && i < n; i++, c = CMSG_NXTHDR(header, c)) {
        c->cmsg_level = numbers[2 * i];
        c->cmsg_type = numbers[2 * i + 1];
        c->cmsg_len = CMSG_LEN((size_t)views[i].length);
        memcpy(CMSG_DATA(c), views[i].data, (size_t)views[i].length);
    }
    for (int64_t i = 0; i < n && views && !value_is_null(views[i].owner); i++)
        buffer_view_release(&views[i]);
    buffer_free(views);
    free(numbers);
    ref_release(items);
    return status;
}
Value socket_sendmsg(Value self, const Value *args, size_t nargs) {
    Socket *s = socket_of(self);
    Buffers b;
    Message m = {0};
    Address address;
    if (buffers_get(args[0], false, "sendmsg() argument 1 must be an iterable", &b) < 0)
        return VALUE_NULL;
    m.header.msg_iov = b.vectors;
    m.header.msg_iovlen = b.count;
    ssize_t n = -1;
    int status = nargs > 2 ? int_argument(args[2], &m.flags) : 0;
    if (status == 0 && nargs > 3 && !value_is_none(args[3])) {
        status = address_from_value("sendmsg", s, args[3], &address);
        m.header.msg_name = &address.storage;
        m.header.msg_namelen = address.length;
    }
    if (status == 0 && nargs > 1)
        status = control_make(args[1], &m.header);
    if (status == 0)
        status = audit("socket.sendmsg", 2, self, nargs > 3 ? args[3] : VALUE_NONE);
    if (status == 0)
        n = socket_call(s, true, do_send, &m, socket_deadline(s));
    free(m.header.msg_control);
    buffers_done(&b);
    return n < 0 ? VALUE_NULL : int_from_i64(n);
}
const NativeDef socket_message_functions[] = {
    DEF_ONE("CMSG_LEN", cmsg_len, "CMSG_LEN(length)\n\nBytes of an ancillary item."),
    DEF_ONE("CMSG_SPACE", cmsg_space,
            "CMSG_SPACE(length)\n\nBytes of an ancillary item with those that fill it up."),
    DEF_END,
};
