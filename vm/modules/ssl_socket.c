// SPDX-License-Identifier: MIT
//
// _ssl: what moves data on a connection: handshake, reading, writing, the end.
#include "vm/modules/ssl_internal.h"
#include "vm/modules/timeouts.h"
#include "vm/types/arguments.h"
#include <limits.h>

// ---- one operation -----------------------------------------------------------------------------

typedef struct {
    SslSocket *s;
    Value socket;     // the socket, a reference; VALUE_NULL with memory
    int64_t deadline; // as socket_call has it; 0 with memory: nothing waits
} Operation;

// A step with the library: as its functions, above 0 if it is done.
typedef int (*Step)(SslSocket *s, void *data);

static int begin(Operation *o, SslSocket *s, bool check_open) {
    *o = (Operation){.s = s, .socket = VALUE_NULL};
    if (value_is_null(s->socket))
        return 0;
    o->socket = weakref_target(s->socket);
    if (value_is_null(o->socket))
        return ssl_raise_library("Underlying socket connection gone"), -1;
    o->deadline = socket_deadline(socket_of(o->socket));
    if (!check_open || socket_fd(socket_of(o->socket)) >= 0)
        return 0;
    ref_release(o->socket);
    ssl_raise_text("Underlying socket has been closed.");
    return -1;
}
static void end(Operation *o) {
    ref_release(o->socket);
}

// The locks of a call: the object's own, and those of the memory it reads from and writes to, in
// the order of their addresses.
static void lock_all(SslSocket *s) {
    recursive_mutex_lock(&s->lock);
    if (value_is_null(s->incoming))
        return;
    SslMemory *a = ssl_memory_of(s->incoming), *b = ssl_memory_of(s->outgoing);
    recursive_mutex_lock(a < b ? &a->lock : &b->lock);
    recursive_mutex_lock(a < b ? &b->lock : &a->lock);
}
static void unlock_all(SslSocket *s) {
    if (!value_is_null(s->incoming)) {
        recursive_mutex_unlock(&ssl_memory_of(s->incoming)->lock);
        recursive_mutex_unlock(&ssl_memory_of(s->outgoing)->lock);
    }
    recursive_mutex_unlock(&s->lock);
}

// One step under the locks, detached. 1 done, 0 failed as *failure says, -1 a callback has raised.
static int step(Operation *o, Step function, void *data, SslFailure *failure) {
    SslSocket *s = o->s;
    lock_all(s);
    if (!value_is_null(o->socket))
        s->fd = socket_fd(socket_of(o->socket));
    thread_detach();
    ERR_clear_error();
    errno = 0;
    int result = function(s, data);
    failure->errno_value = errno;
    failure->result = result;
    failure->code = SSL_get_error(s->ssl, result);
    failure->error = ERR_peek_last_error();
    ERR_clear_error();
    thread_attach();
    Value raised = s->pending;
    s->pending = VALUE_NULL;
    unlock_all(s);
    if (!value_is_null(raised)) {
        error_restore(raised);
        return -1;
    }
    return result > 0;
}

// The other end was waited for as long as it may take: 0, or -1 with an exception.
static int wait_for_other(Operation *o, const SslFailure *failure, const char *late) {
    int fd = socket_fd(socket_of(o->socket));
    int ready = socket_wait(fd, failure->code == SSL_ERROR_WANT_WRITE, o->deadline);
    if (ready == 0)
        return raise_int(&exception_TimeoutError, "%s", late);
    if (ready < 0)
        return -1;
    if (socket_fd(socket_of(o->socket)) < 0)
        return ssl_raise_text("Underlying socket has been closed."), -1;
    return 0;
}
static bool has_to_wait(const Operation *o, const SslFailure *failure) {
    return !value_is_null(o->socket) && o->deadline != 0 &&
           (failure->code == SSL_ERROR_WANT_READ || failure->code == SSL_ERROR_WANT_WRITE);
}

// Steps until it is done or fails: 1, 0 (*failure), or -1 with an exception.
static int run(Operation *o, Step function, void *data, SslFailure *failure, const char *late) {
    for (;;) {
        int status = step(o, function, data, failure);
        if (status != 0 || !has_to_wait(o, failure))
            return status;
        if (thread_check_signals() < 0 || wait_for_other(o, failure, late) < 0)
            return -1;
    }
}

// ---- handshake ---------------------------------------------------------------------------------

static int do_handshake(SslSocket *s, void *data) {
    return SSL_do_handshake(s->ssl);
}
Value ssl_socket_do_handshake(Value self) {
    Operation o;
    SslFailure failure;
    if (begin(&o, ssl_socket_of(self), false) < 0)
        return VALUE_NULL;
    int status = run(&o, do_handshake, NULL, &failure, "_ssl: The handshake operation timed out");
    end(&o);
    if (status == 0)
        ssl_raise_failure(ssl_socket_of(self), &failure);
    return status > 0 ? none_new() : VALUE_NULL;
}

// ---- reading -----------------------------------------------------------------------------------

typedef struct {
    void *data;
    size_t length, done;
    bool closed; // the other end has said that nothing more comes
} Transfer;

static int do_read(SslSocket *s, void *data) {
    Transfer *t = data;
    int result = SSL_read_ex(s->ssl, t->data, t->length, &t->done);
    t->closed = result <= 0 && SSL_get_error(s->ssl, result) == SSL_ERROR_ZERO_RETURN &&
                SSL_get_shutdown(s->ssl) == SSL_RECEIVED_SHUTDOWN;
    return result;
}
// Up to length bytes: their number, or -1 with an exception.
static int64_t read_into(Value self, void *out, int64_t length) {
    Operation o;
    SslFailure failure;
    Transfer t = {.data = out, .length = (size_t)length};
    if (begin(&o, ssl_socket_of(self), false) < 0)
        return -1;
    int status = length ? run(&o, do_read, &t, &failure, "The read operation timed out") : 1;
    end(&o);
    if (status == 0 && t.closed)
        return 0;
    if (status == 0)
        ssl_raise_failure(ssl_socket_of(self), &failure);
    return status > 0 ? (int64_t)t.done : -1;
}

Value ssl_socket_read(Value self, const Value *args, size_t nargs) {
    int64_t length;
    int wanted;
    if (int_argument(args[0], &wanted) < 0)
        return VALUE_NULL;
    if (nargs > 1) {
        BufferView view;
        if (buffer_view_get(args[1], &view, true) < 0) {
            if (!error_matches(&exception_TypeError))
                return VALUE_NULL;
            error_clear();
            return raise_type_error(
                "read() argument 2 must be read-write bytes-like object, not %G", args[1]);
        }
        length = wanted <= 0 || wanted > view.length ? view.length : wanted;
        length = length > INT_MAX ? INT_MAX : length;
        int64_t n = read_into(self, view.data, length);
        buffer_view_release(&view);
        return n < 0 ? VALUE_NULL : value_from_int(n);
    }
    if (wanted < 0)
        return raise_value_error("size should not be negative");
    // Not straight into a new bytes object: it must not be seen half filled, and mostly less comes.
    uint8_t *buffer = buffer_allocate(wanted ? (size_t)wanted : 1);
    if (!buffer)
        return raise_memory_error();
    int64_t n = read_into(self, buffer, wanted);
    Value bytes = n < 0 ? VALUE_NULL : bytes_new(buffer, (size_t)n);
    buffer_free(buffer);
    return bytes;
}

// ---- writing -----------------------------------------------------------------------------------

static int do_write(SslSocket *s, void *data) {
    Transfer *t = data;
    return SSL_write_ex(s->ssl, t->data, t->length, &t->done);
}
Value ssl_socket_write(Value self, Value data) {
    SslSocket *s = ssl_socket_of(self);
    Operation o;
    SslFailure failure;
    BufferView view;
    int status = -1;
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    Transfer t = {.data = view.data, .length = (size_t)view.length};
    if (begin(&o, s, true) == 0) {
        if (io_enter(&s->writing, self) == 0) {
            status = run(&o, do_write, &t, &failure, "The write operation timed out");
            io_leave(&s->writing, self);
        }
        end(&o);
    }
    buffer_view_release(&view);
    if (status == 0)
        ssl_raise_failure(s, &failure);
    return status > 0 ? value_from_int((int64_t)t.done) : VALUE_NULL;
}

// ---- the end -----------------------------------------------------------------------------------

// Says that nothing more comes from here; once that is said, waits for the other end to say so.
// Above 0 also if the other end is still missing after a second try.
static int do_shutdown(SslSocket *s, void *data) {
    for (int zeros = 0;;) {
        // What comes behind the other end's notice is not for this connection to take.
        if (s->shutdown_zero)
            SSL_set_read_ahead(s->ssl, 0);
        int result = SSL_shutdown(s->ssl);
        if (result != 0)
            return result;
        if (++zeros > 1)
            return 1;
        s->shutdown_zero = true;
    }
}
Value ssl_socket_shutdown(Value self) {
    SslSocket *s = ssl_socket_of(self);
    Operation o;
    SslFailure failure;
    if (begin(&o, s, false) < 0)
        return VALUE_NULL;
    if (!value_is_null(o.socket) && socket_fd(socket_of(o.socket)) < 0) {
        end(&o);
        return ssl_raise_library("Underlying socket connection gone");
    }
    int status;
    for (;;) {
        status = step(&o, do_shutdown, NULL, &failure);
        if (status != 0 || !has_to_wait(&o, &failure))
            break;
        const char *late = failure.code == SSL_ERROR_WANT_WRITE ? "The write operation timed out"
                                                                : "The read operation timed out";
        if (thread_check_signals() < 0 || wait_for_other(&o, &failure, late) < 0) {
            status = -1;
            break;
        }
    }
    if (status == 0)
        ssl_raise_failure(s, &failure);
    if (status > 0)
        return value_is_null(o.socket) ? none_new() : o.socket;
    end(&o);
    return VALUE_NULL;
}

static int do_post_handshake(SslSocket *s, void *data) {
    return SSL_verify_client_post_handshake(s->ssl);
}
Value ssl_socket_verify_client_post_handshake(Value self) {
    Operation o = {.s = ssl_socket_of(self), .socket = VALUE_NULL};
    SslFailure failure;
    int status = step(&o, do_post_handshake, NULL, &failure);
    if (status == 0)
        ssl_raise_code(failure.error);
    return status > 0 ? none_new() : VALUE_NULL;
}
