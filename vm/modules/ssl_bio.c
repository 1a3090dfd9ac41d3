// SPDX-License-Identifier: MIT
//
// _ssl: where the library reads and writes: MemoryBIO, and a BIO over a socket that never waits,
// whether the socket would or not (ssl_internal.h says why).
#include "vm/modules/ssl_internal.h"
#include "vm/types/function.h"
#include "vm/types/arguments.h"
#include <limits.h>

// ---- sockets -----------------------------------------------------------------------------------
// The BIO's data is the socket object, whose lock is held.

static int fd_of(BIO *bio) {
    return ((SslSocket *)BIO_get_data(bio))->fd;
}
static bool would_wait(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int socket_bio_read(BIO *bio, char *out, int length) {
    ssize_t n = recv(fd_of(bio), out, (size_t)length, MSG_DONTWAIT);
    BIO_clear_retry_flags(bio);
    if (n < 0 && would_wait())
        BIO_set_retry_read(bio);
    if (n == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)n;
}
static int socket_bio_write(BIO *bio, const char *data, int length) {
    ssize_t n = send(fd_of(bio), data, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
    BIO_clear_retry_flags(bio);
    if (n < 0 && would_wait())
        BIO_set_retry_write(bio);
    return (int)n;
}
static long socket_bio_control(BIO *bio, int command, long number, void *pointer) {
    switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default:
        return 0;
    }
}

static Mutex method_mutex = MUTEX_INIT;
static BIO_METHOD *method; // method_mutex; constant once made

BIO *ssl_bio_new(SslSocket *s) {
    mutex_lock(&method_mutex);
    if (!method && (method = BIO_meth_new(BIO_TYPE_SOCKET, "socket"))) {
        BIO_meth_set_read(method, socket_bio_read);
        BIO_meth_set_write(method, socket_bio_write);
        BIO_meth_set_ctrl(method, socket_bio_control);
    }
    mutex_unlock(&method_mutex);
    BIO *bio = method ? BIO_new(method) : NULL;
    if (!bio) {
        raise_memory_error();
        return NULL;
    }
    BIO_set_data(bio, s);
    BIO_set_init(bio, 1);
    return bio;
}

// ---- memory ------------------------------------------------------------------------------------

static Value memory_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs || !value_is_null(kwnames))
        return raise_type_error("MemoryBIO() takes no %s arguments",
                                nargs ? "positional" : "keyword");
    SslMemory *m = object_allocate(type);
    if (!m)
        return VALUE_NULL;
    m->lock = (RecursiveMutex){0};
    m->eof = false;
    m->bio = BIO_new(BIO_s_mem());
    if (!m->bio) {
        ref_release_object(m);
        return raise_memory_error();
    }
    BIO_set_retry_read(m->bio);
    BIO_set_mem_eof_return(m->bio, -1);
    return value_from_object(m);
}
static void memory_destroy(Object *self) {
    BIO_free(((SslMemory *)self)->bio);
    object_free_fixed(self);
}

static Value memory_read(Value self, const Value *args, size_t nargs) {
    SslMemory *m = ssl_memory_of(self);
    int size = -1;
    if (nargs && int_argument(args[0], &size) < 0)
        return VALUE_NULL;
    recursive_mutex_lock(&m->lock);
    size_t available = BIO_ctrl_pending(m->bio);
    size_t wanted = size < 0 || (size_t)size > available ? available : (size_t)size;
    uint8_t *out;
    Value bytes = bytes_allocate((int64_t)wanted, &out);
    int n = !value_is_null(bytes) && wanted ? BIO_read(m->bio, out, (int)wanted) : 0;
    recursive_mutex_unlock(&m->lock);
    if (n >= 0 && (value_is_null(bytes) || (size_t)n == wanted))
        return bytes;
    ref_release(bytes);
    return ssl_raise_library(NULL);
}

static Value memory_write(Value self, Value data) {
    SslMemory *m = ssl_memory_of(self);
    BufferView view;
    if (buffer_view_get_brief(data, &view) < 0)
        return VALUE_NULL;
    int n = -1;
    bool is_long = view.length > INT_MAX;
    recursive_mutex_lock(&m->lock);
    bool ended = m->eof;
    if (!ended && !is_long)
        n = view.length ? BIO_write(m->bio, view.data, (int)view.length) : 0;
    recursive_mutex_unlock(&m->lock);
    buffer_view_release(&view);
    if (is_long)
        return raise_error(&exception_OverflowError, "string longer than %d bytes", INT_MAX);
    if (ended)
        return ssl_raise_text("cannot write() after write_eof()");
    return n < 0 ? ssl_raise_library(NULL) : value_from_int(n);
}

static Value memory_write_eof(Value self) {
    SslMemory *m = ssl_memory_of(self);
    recursive_mutex_lock(&m->lock);
    m->eof = true;
    BIO_clear_retry_flags(m->bio);
    BIO_set_mem_eof_return(m->bio, 0);
    recursive_mutex_unlock(&m->lock);
    return none_new();
}

static Value memory_pending(Value self) {
    SslMemory *m = ssl_memory_of(self);
    recursive_mutex_lock(&m->lock);
    size_t n = BIO_ctrl_pending(m->bio);
    recursive_mutex_unlock(&m->lock);
    return value_from_int((int64_t)n);
}
static Value memory_eof(Value self) {
    SslMemory *m = ssl_memory_of(self);
    recursive_mutex_lock(&m->lock);
    bool eof = m->eof && BIO_ctrl_pending(m->bio) == 0;
    recursive_mutex_unlock(&m->lock);
    return bool_new(eof);
}

static const NativeDef memory_methods[] = {
    DEF_FIXED("read", memory_read, 0, 1,
              "read($self, size=-1, /)\n--\n\nTakes out up to size bytes, all if it is negative."),
    DEF_ONE("write", memory_write, "write($self, b, /)\n--\n\nPuts bytes in; their number."),
    DEF_NONE("write_eof", memory_write_eof,
             "write_eof($self, /)\n--\n\nNothing will be written any more."),
    DEF_END,
};
static const GetSetDef memory_getsets[] = {
    {"pending", memory_pending, NULL, "The number of bytes within."},
    {"eof", memory_eof, NULL, "All was read, and nothing will be written."},
    {NULL},
};

Type ssl_memory_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_ssl.MemoryBIO",
    .basic_size = sizeof(SslMemory),
    .kind = HEAP_LEAF,
    .flags = TYPE_IMMUTABLE,
    .call_new = memory_new,
    .destroy = memory_destroy,
    .methods = memory_methods,
    .getsets = memory_getsets,
};
