// SPDX-License-Identifier: MIT
//
// _ssl: what its files share.
//
// An SSL of the library must not be used by two threads at once. Each socket object has a lock that
// is held around every call of the library with its SSL, and calls never wait for the other end:
// the library reads and writes through a BIO that does not wait (ssl_bio.c), and who has to wait
// does so detached and without the lock (ssl_socket.c). So one thread may read what another's
// writing is to bring. Callbacks run Python code with the lock held, in the thread that holds it,
// and may call methods of the same object: the lock can be taken again by its holder.
//
// A context's lock is held while it is changed or asked, and while a socket object is made of it.
// The library's own locks make an SSL_CTX fit for many connections at once. As its documentation
// says, what is changed in a context afterwards is not meant for connections that exist already.
#ifndef LOCKSMITH_VM_MODULES_SSL_INTERNAL_H
#define LOCKSMITH_VM_MODULES_SSL_INTERNAL_H

#include "locks/recursive_mutex.h"
#include "vm/modules/io_lock.h"
#include "vm/modules/socket_module.h"
#include "vm/modules/ssl_library.h"
#include "vm/types/weakref.h"
#include <pthread.h>

// ---- objects -----------------------------------------------------------------------------------

typedef struct SslProtocols {   // a list of ALPN protocols as the library wants it
    struct SslProtocols *older; // what connections being made may still be looking at
    unsigned length;
    unsigned char data[];
} SslProtocols;

typedef struct {
    Object header;
    RecursiveMutex lock;
    SSL_CTX *ctx;        // constant
    int protocol;        // PROTOCOL_*, constant
    bool check_hostname; // this and the next two: lock
    bool post_handshake_auth;
    unsigned host_flags;
    SslProtocols *protocols;          // atomic, acquire and release: read by handshakes
    Value sni_callback, msg_callback; // VALUE_NULL: none
    Value keylog_name;                // VALUE_NULL: none
    BIO *keylog;                      // ssl_callbacks.c's keylog_mutex
} SslContext;

typedef struct {
    Object header;
    RecursiveMutex lock;
    BIO *bio; // constant; used with the lock, or with that of the socket object reading from it
    bool eof; // write_eof() was called; lock
} SslMemory;

typedef struct {
    Object header;
    RecursiveMutex lock; // guards ssl, fd, pending and shutdown_zero
    IoLock writing;      // held by write() until everything is written: the library cannot have two
    SSL *ssl;            // constant
    int fd;              // of the socket, while a call is made
    Value pending;       // an exception that a callback has raised during a call
    bool shutdown_zero;  // SSL_shutdown has said 0 once: the other end's notice is missing
    bool server_side;    // constant
    Value socket;        // weak reference to the socket, or VALUE_NULL with memory; constant
    Value incoming, outgoing; // SslMemory, or VALUE_NULL with a socket; constant
    Value context;            // SslContext
    Value owner;              // weak reference or VALUE_NULL
    Value server_hostname;    // str or VALUE_NULL; constant
} SslSocket;

typedef struct {
    Object header;
    SSL_SESSION *session; // constant
    Value context;        // SslContext it was made with; constant
} SslSession;

extern Type ssl_context_type, ssl_memory_type, ssl_socket_type, ssl_session_type,
    ssl_certificate_type;

static inline SslContext *ssl_context_of(Value v) {
    return (SslContext *)value_object(v);
}
static inline SslMemory *ssl_memory_of(Value v) {
    return (SslMemory *)value_object(v);
}
static inline SslSocket *ssl_socket_of(Value v) {
    return (SslSocket *)value_object(v);
}

enum {
    SSL_PROTOCOL_SSLV3 = 1,
    SSL_PROTOCOL_TLS = 2,
    SSL_PROTOCOL_TLSV1,
    SSL_PROTOCOL_TLSV1_1,
    SSL_PROTOCOL_TLSV1_2,
    SSL_PROTOCOL_CLIENT = 16,
    SSL_PROTOCOL_SERVER,
};
enum { SSL_CERTIFICATES_NONE, SSL_CERTIFICATES_OPTIONAL, SSL_CERTIFICATES_REQUIRED };
enum { SSL_ENCODING_PEM = 1, SSL_ENCODING_DER = 2 };
enum { SSL_NUMBER_EOF = 8, SSL_NUMBER_INVALID = 10 }; // SSL_ERROR_* that are Python's only

// ---- errors (ssl_errors.c) ----------------------------------------------------------------------

extern Value ssl_error; // class SSLError; set once by the module's fill, as are all the classes

int ssl_errors_fill(Value module);
// SSLError(message), as where nothing is wrong on the library's side.
Value ssl_raise_text(const char *message);
// SSLError of the last error in the library's queue (message NULL), which is emptied; or with this
// message and the number 0. VALUE_NULL.
Value ssl_raise_library(const char *message);
// SSLError of an error that was taken from the queue. VALUE_NULL.
Value ssl_raise_code(unsigned long error);
// OSError if errno_value is not 0, else as above.
Value ssl_raise_system(int errno_value);
// What a call with an SSL has left, taken with the lock held, before anything else is done.
typedef struct {
    int result, code;    // what it gave, SSL_get_error
    unsigned long error; // the last of the queue, which is emptied
    int errno_value;
} SslFailure;
// Raises what the call failed with. The socket's lock is not held. VALUE_NULL.
Value ssl_raise_failure(SslSocket *s, const SslFailure *failure);

// ---- parts -------------------------------------------------------------------------------------

BIO *ssl_bio_new(SslSocket *s); // over s->fd, without waiting; NULL with an exception
extern const NativeDef ssl_context_methods[];
extern const GetSetDef ssl_context_getsets[];

// ssl_context_load.c
Value ssl_load_cert_chain(Value self, const Value *args, size_t nargs, Value kwnames);
Value ssl_load_verify_locations(Value self, const Value *args, size_t nargs, Value kwnames);
Value ssl_load_dh_params(Value self, Value path);
Value ssl_set_default_verify_paths(Value self);
Value ssl_cert_store_stats(Value self);
Value ssl_get_ca_certs(Value self, const Value *args, size_t nargs, Value kwnames);
// ssl_context_settings.c
extern const GetSetDef ssl_context_getsets[];
Value ssl_set_ciphers(Value self, Value text);
Value ssl_get_ciphers(Value self);
Value ssl_set_ecdh_curve(Value self, Value name);
Value ssl_session_stats(Value self);
// ssl_callbacks.c
Value ssl_set_alpn_protocols(Value self, Value protocols);
Value ssl_get_sni_callback(Value self);
int ssl_set_sni_callback(Value self, Value v);
Value ssl_get_msg_callback(Value self);
int ssl_set_msg_callback(Value self, Value v);
Value ssl_get_keylog_filename(Value self);
int ssl_set_keylog_filename(Value self, Value v);
void ssl_callbacks_end(SslContext *c); // the context dies
// ssl_socket_new.c, ssl_socket.c, ssl_socket_facts.c
Value ssl_wrap_socket(Value self, const Value *args, size_t nargs, Value kwnames);
Value ssl_wrap_bio(Value self, const Value *args, size_t nargs, Value kwnames);
Value ssl_socket_do_handshake(Value self);
Value ssl_socket_read(Value self, const Value *args, size_t nargs);
Value ssl_socket_write(Value self, Value data);
Value ssl_socket_shutdown(Value self);
Value ssl_socket_verify_client_post_handshake(Value self);
extern const NativeDef ssl_socket_fact_methods[];
extern const GetSetDef ssl_socket_getsets[];
// The object to be shown to callbacks: the owner, or the socket object itself. New reference.
Value ssl_socket_shown(SslSocket *s);
// ssl_session.c
Value ssl_socket_get_session(Value self);
int ssl_socket_set_session(Value self, Value v);
Value ssl_socket_session_reused(Value self);
// ssl_certificate.c
Value ssl_certificate_decode(X509 *certificate); // a dict
Value ssl_certificate_der(X509 *certificate);    // bytes
Value ssl_certificate_new(X509 *certificate);    // an object; its own count
Value ssl_test_decode_cert(Value self, Value path);
Value ssl_cipher_tuple(const SSL_CIPHER *cipher);
// A dict's entry; value is consumed, VALUE_NULL gives -1.
int ssl_put(Value dict, const char *key, Value value);

#endif
