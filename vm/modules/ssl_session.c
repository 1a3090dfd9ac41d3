// SPDX-License-Identifier: MIT
//
// _ssl: sessions, which a later connection may go on with. A session object is immutable.
#include "vm/modules/ssl_internal.h"

static SSL_SESSION *session_of(Value v) {
    return ((SslSession *)value_object(v))->session;
}

// A copy: the library marks the session of a connection that ended badly.
Value ssl_socket_get_session(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    SSL_SESSION *own = SSL_get_session(s->ssl), *copy = own ? SSL_SESSION_dup(own) : NULL;
    bool in_progress = own && !SSL_is_init_finished(s->ssl) && !SSL_SESSION_get0_cipher(own);
    recursive_mutex_unlock(&s->lock);
    if (!own)
        return none_new();
    ERR_clear_error();
    if (!copy || in_progress) {
        if (copy)
            SSL_SESSION_free(copy);
        return raise_value_error("i2d() failed.");
    }
    SslSession *session = object_allocate(&ssl_session_type);
    if (!session) {
        SSL_SESSION_free(copy);
        return VALUE_NULL;
    }
    session->session = copy;
    field_init(&session->context, field_load(&s->header, &s->context));
    return value_from_object(session);
}

int ssl_socket_set_session(Value self, Value v) {
    SslSocket *s = ssl_socket_of(self);
    if (value_is_null(v) || !value_is_exactly(v, &ssl_session_type))
        return raise_int(&exception_TypeError, "Value is not a SSLSession.");
    Value context = field_load(&s->header, &s->context);
    bool is_same = ssl_context_of(context)->ctx ==
                   ssl_context_of(((SslSession *)value_object(v))->context)->ctx;
    ref_release(context);
    if (!is_same)
        return raise_int(&exception_ValueError, "Session refers to a different SSLContext.");
    if (s->server_side)
        return raise_int(&exception_ValueError, "Cannot set session for server-side SSLSocket.");
    recursive_mutex_lock(&s->lock);
    bool is_late = SSL_is_init_finished(s->ssl);
    SSL_SESSION *copy = is_late ? NULL : SSL_SESSION_dup(session_of(v));
    bool ok = copy && SSL_set_session(s->ssl, copy);
    if (copy)
        SSL_SESSION_free(copy);
    recursive_mutex_unlock(&s->lock);
    if (is_late)
        return raise_int(&exception_ValueError, "Cannot set session after handshake.");
    return ok ? 0 : (ssl_raise_library(NULL), -1);
}

Value ssl_socket_session_reused(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    bool reused = SSL_session_reused(s->ssl);
    recursive_mutex_unlock(&s->lock);
    return bool_new(reused);
}

// ---- the type ----------------------------------------------------------------------------------

static void session_destroy(Object *self) {
    SslSession *s = (SslSession *)self;
    if (s->session)
        SSL_SESSION_free(s->session);
    ref_release(s->context);
    object_free_fixed(self);
}
static void session_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SslSession *)self)->context);
}

static Value session_id(Value self) {
    unsigned length;
    const unsigned char *id = SSL_SESSION_get_id(session_of(self), &length);
    return bytes_new(id, length);
}
static Value session_time(Value self) {
    return int_from_i64(SSL_SESSION_get_time(session_of(self)));
}
static Value session_timeout(Value self) {
    return int_from_i64(SSL_SESSION_get_timeout(session_of(self)));
}
static Value session_lifetime(Value self) {
    return int_from_u64(SSL_SESSION_get_ticket_lifetime_hint(session_of(self)));
}
static Value session_has_ticket(Value self) {
    return bool_new(SSL_SESSION_has_ticket(session_of(self)));
}
static Value session_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_exactly(other, &ssl_session_type) || (op != COMPARE_EQ && op != COMPARE_NE))
        return not_implemented_new();
    unsigned n, m;
    const unsigned char *a = SSL_SESSION_get_id(session_of(self), &n),
                        *b = SSL_SESSION_get_id(session_of(other), &m);
    bool equal = n == m && memcmp(a, b, n) == 0;
    return bool_new(equal == (op == COMPARE_EQ));
}

static const GetSetDef session_getsets[] = {
    {"has_ticket", session_has_ticket, NULL, "Does the session contain a ticket?"},
    {"id", session_id, NULL, "Session id"},
    {"ticket_lifetime_hint", session_lifetime, NULL, "Ticket life time hint."},
    {"time", session_time, NULL, "Session creation time (seconds since epoch)."},
    {"timeout", session_timeout, NULL, "Session timeout (delta in seconds)."},
    {NULL},
};
Type ssl_session_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_ssl.SSLSession",
    .basic_size = sizeof(SslSession),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE | TYPE_NO_NEW | TYPE_UNHASHABLE,
    .destroy = session_destroy,
    .traverse = session_traverse,
    .compare = session_compare,
    .getsets = session_getsets,
};
