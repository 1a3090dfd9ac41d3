// SPDX-License-Identifier: MIT
//
// _ssl: the library's errors as exceptions. The classes belong to `ssl`, which only passes them on.
//
// The names of reasons are made from the library's own texts: OpenSSL derives the texts from the
// names of the macros by writing them in small letters with spaces.
#include "vm/modules/exception_class.h"
#include "vm/modules/ssl_internal.h"
#include "vm/types/type_internal.h"
#include <ctype.h>
#include <stdio.h>

// Reasons of a library's own; others are numbers that all libraries share.
enum { NAME_ROOM = 128, REASON_FIRST = 100, REASON_END = 1 << ERR_RFLAGS_OFFSET };

Value ssl_error;
static Value zero_return_error, want_read_error, want_write_error, syscall_error, eof_error,
    verification_error;

static const struct {
    int code;
    const char *name;
} libraries[] = {
#define L(name)                                                                                    \
    { ERR_LIB_##name, #name }
    L(NONE),         L(CRYPTO),       L(KDF),        L(ASN1),   L(ASYNC),  L(BIO),   L(BN),
    L(BUF),          L(CMP),          L(CMS),        L(COMP),   L(CONF),   L(CRMF),  L(CT),
    L(DH),           L(DSA),          L(DSO),        L(EC),     L(ECDH),   L(ECDSA), L(ENGINE),
    L(ESS),          L(EVP),          L(FIPS),       L(HMAC),   L(HTTP),   L(OBJ),   L(OCSP),
    L(OSSL_DECODER), L(OSSL_ENCODER), L(OSSL_STORE), L(PEM),    L(PKCS12), L(PKCS7), L(PROP),
    L(PROV),         L(RAND),         L(RSA),        L(SM2),    L(SSL),    L(SYS),   L(TS),
    L(UI),           L(USER),         L(X509),       L(X509V3),
#undef L
};

static const char *library_name(unsigned long error) {
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
        if (libraries[i].code == ERR_GET_LIB(error))
            return libraries[i].name;
    return NULL;
}

// The macro's name without its prefix; NULL: the library has no text.
static const char *reason_name(unsigned long error, char *out) {
    const char *text = ERR_reason_error_string(error);
    size_t n = 0;
    int reason = ERR_GET_REASON(error);
    if (!text || reason < REASON_FIRST || reason >= REASON_END)
        return NULL;
    for (; text[n] && n + 1 < NAME_ROOM; n++)
        out[n] = isalnum((unsigned char)text[n]) ? (char)toupper((unsigned char)text[n]) : '_';
    out[n] = 0;
    return out;
}

// ---- raising -----------------------------------------------------------------------------------

static int set_text(Value exception, const char *name, const char *text) {
    Value v = text ? str_from_cstr(text) : none_new();
    int status = value_is_null(v) ? -1 : value_setattr_cstr(exception, name, v);
    ref_release(v);
    return status;
}

// The message about a certificate that was not accepted, and what is remembered of it.
static Value verification_message(SslSocket *s, long *code) {
    recursive_mutex_lock(&s->lock);
    *code = SSL_get_verify_result(s->ssl);
    recursive_mutex_unlock(&s->lock);
    if (*code == X509_V_ERR_HOSTNAME_MISMATCH && !value_is_null(s->server_hostname))
        return str_format("Hostname mismatch, certificate is not valid for '%V'.",
                          s->server_hostname);
    if (*code == X509_V_ERR_IP_ADDRESS_MISMATCH && !value_is_null(s->server_hostname))
        return str_format("IP address mismatch, certificate is not valid for '%V'.",
                          s->server_hostname);
    const char *text = X509_verify_cert_error_string(*code);
    return text ? str_from_cstr(text) : none_new();
}

// Raises class(number, message) with what the library's error number tells.
static Value raise(Value class, SslSocket *s, int64_t number, const char *message,
                   unsigned long error) {
    char room[NAME_ROOM];
    const char *reason = error ? reason_name(error, room) : NULL;
    const char *library = error ? library_name(error) : NULL;
    Value about = VALUE_NULL;
    long code = 0;
    bool is_verification = s && value_same(class, verification_error);
    if (is_verification && value_is_null(about = verification_message(s, &code)))
        return VALUE_NULL;
    if (!message)
        message = error ? ERR_reason_error_string(error) : NULL;
    if (!message)
        message = "unknown error";
    Value text = !value_is_null(about) && reason && library
                     ? str_format("[%s: %s] %s: %V (_ssl)", library, reason, message, about)
                 : reason && library ? str_format("[%s: %s] %s (_ssl)", library, reason, message)
                 : library           ? str_format("[%s] %s (_ssl)", library, message)
                                     : str_format("%s (_ssl)", message);
    Value exception =
        value_is_null(text) ? VALUE_NULL : value_call_two(class, value_from_int(number), text);
    ref_release(text);
    int status = value_is_null(exception) || set_text(exception, "reason", reason) < 0 ||
                         set_text(exception, "library", library) < 0
                     ? -1
                     : 0;
    if (status == 0 && is_verification)
        status = value_setattr_cstr(exception, "verify_code", value_from_int(code)) < 0 ||
                         value_setattr_cstr(exception, "verify_message", about) < 0
                     ? -1
                     : 0;
    if (status == 0)
        raise_object(exception);
    ref_release(exception);
    ref_release(about);
    return VALUE_NULL;
}

Value ssl_raise_text(const char *message) {
    return raise_error((Type *)value_object(ssl_error), "%s", message);
}

Value ssl_raise_library(const char *message) {
    unsigned long error = message ? 0 : ERR_peek_last_error();
    ERR_clear_error();
    return raise(ssl_error, NULL, ERR_GET_REASON(error), message, error);
}

Value ssl_raise_code(unsigned long error) {
    return raise(ssl_error, NULL, ERR_GET_REASON(error), NULL, error);
}

Value ssl_raise_system(int errno_value) {
    if (!errno_value)
        return ssl_raise_library(NULL);
    ERR_clear_error();
    return raise_errno(errno_value);
}

Value ssl_raise_failure(SslSocket *s, const SslFailure *failure) {
    unsigned long error = failure->error;
    switch (failure->code) {
    case SSL_ERROR_ZERO_RETURN:
        return raise(zero_return_error, s, SSL_ERROR_ZERO_RETURN,
                     "TLS/SSL connection has been closed (EOF)", error);
    case SSL_ERROR_WANT_READ:
        return raise(want_read_error, s, SSL_ERROR_WANT_READ,
                     "The operation did not complete (read)", error);
    case SSL_ERROR_WANT_WRITE:
        return raise(want_write_error, s, SSL_ERROR_WANT_WRITE,
                     "The operation did not complete (write)", error);
    case SSL_ERROR_WANT_X509_LOOKUP:
        return raise(ssl_error, s, SSL_ERROR_WANT_X509_LOOKUP,
                     "The operation did not complete (X509 lookup)", error);
    case SSL_ERROR_WANT_CONNECT:
        return raise(ssl_error, s, SSL_ERROR_WANT_CONNECT,
                     "The operation did not complete (connect)", error);
    case SSL_ERROR_SYSCALL:
        if (error)
            return raise(syscall_error, s, SSL_ERROR_SYSCALL, NULL, error);
        if (failure->result == -1 && !value_is_null(s->socket) && failure->errno_value)
            return raise_errno(failure->errno_value);
        if (failure->result == 0 || value_is_null(s->socket) || failure->result == -1)
            return raise(eof_error, s, SSL_NUMBER_EOF, "EOF occurred in violation of protocol",
                         error);
        return raise(syscall_error, s, SSL_ERROR_SYSCALL, "Some I/O error occurred", error);
    case SSL_ERROR_SSL:
        if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
            ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED)
            return raise(verification_error, s, SSL_ERROR_SSL, NULL, error);
        if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
            ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
            return raise(eof_error, s, SSL_NUMBER_EOF, "EOF occurred in violation of protocol",
                         error);
        return raise(ssl_error, s, SSL_ERROR_SSL,
                     error ? NULL : "A failure in the SSL library occurred", error);
    default:
        return raise(ssl_error, s, SSL_NUMBER_INVALID, "Invalid error code", error);
    }
}

// ---- the classes and the tables ----------------------------------------------------------------

// The message if it was made with a number and one, else as other exceptions.
static Value error_str(Value self) {
    Value message = value_getattr_cstr(self, "strerror");
    if (value_is_null(message) || value_is_str(message))
        return message;
    ref_release(message);
    Value args = value_getattr_cstr(self, "args");
    Value text = value_is_null(args) ? VALUE_NULL : value_str(args);
    ref_release(args);
    return text;
}
static const NativeDef error_str_def = DEF_NONE("__str__", error_str, NULL);

static int add_class(Value module, Value *slot, const char *name, Value base, const char *doc) {
    return exception_class_add(module, slot, "ssl", name, base, doc);
}

// Of all reasons: (library, number) -> name and the other way, and the libraries' names.
static int add_tables(Value module) {
    Value names = dict_new(), codes = dict_new(), libs = dict_new();
    char room[NAME_ROOM];
    int status = value_is_null(names) || value_is_null(codes) || value_is_null(libs) ? -1 : 0;
    for (size_t i = 0; status == 0 && i < sizeof libraries / sizeof libraries[0]; i++) {
        int library = libraries[i].code, last = library == ERR_LIB_SSL ? 1200 : 300;
        Value number = value_from_int(library), name = str_from_cstr(libraries[i].name);
        status = value_is_null(name) ? -1 : dict_set(libs, number, name);
        ref_release(name);
        for (int reason = REASON_FIRST; status == 0 && reason < last; reason++) {
            if (library == ERR_LIB_SYS || !reason_name(ERR_PACK(library, 0, reason), room))
                continue;
            Value key = tuple_pack(2, number, value_from_int(reason));
            Value text = str_from_cstr(room);
            status = value_is_null(key) || value_is_null(text) || dict_set(names, key, text) < 0 ||
                             dict_set(codes, text, key) < 0
                         ? -1
                         : 0;
            ref_release(key);
            ref_release(text);
        }
    }
    if (status == 0)
        status = module_add(module, "err_codes_to_names", ref_new(names)) < 0 ||
                         module_add(module, "err_names_to_codes", ref_new(codes)) < 0 ||
                         module_add(module, "lib_codes_to_names", ref_new(libs)) < 0
                     ? -1
                     : 0;
    ref_release(names);
    ref_release(codes);
    ref_release(libs);
    return status;
}

int ssl_errors_fill(Value module) {
    bool is_first = value_is_null(ssl_error);
    if (add_class(module, &ssl_error, "SSLError", value_from_object(&exception_OSError),
                  "An error occurred in the SSL implementation.") < 0)
        return -1;
    if (is_first) {
        Value method = descriptor_new_method((Type *)value_object(ssl_error), &error_str_def);
        Value name = str_intern_cstr("__str__");
        int status = value_is_null(method)
                         ? -1
                         : type_set_attribute((Type *)value_object(ssl_error), name, method);
        ref_release(name);
        ref_release(method);
        if (status < 0)
            return -1;
        type_flags_change((Type *)value_object(ssl_error), 0, TYPE_IMMUTABLE);
    }
    Value bases = tuple_pack(2, ssl_error, value_from_object(&exception_ValueError));
    int status = value_is_null(bases)
                     ? -1
                     : add_class(module, &verification_error, "SSLCertVerificationError", bases,
                                 "A certificate could not be verified.");
    ref_release(bases);
    if (status < 0 ||
        add_class(module, &zero_return_error, "SSLZeroReturnError", ssl_error,
                  "SSL/TLS session closed cleanly.") < 0 ||
        add_class(module, &want_read_error, "SSLWantReadError", ssl_error,
                  "Non-blocking SSL socket needs to read more data\n"
                  "before the requested operation can be completed.") < 0 ||
        add_class(module, &want_write_error, "SSLWantWriteError", ssl_error,
                  "Non-blocking SSL socket needs to write more data\n"
                  "before the requested operation can be completed.") < 0 ||
        add_class(module, &syscall_error, "SSLSyscallError", ssl_error,
                  "System error when attempting SSL operation.") < 0 ||
        add_class(module, &eof_error, "SSLEOFError", ssl_error,
                  "SSL/TLS connection terminated abruptly.") < 0)
        return -1;
    return add_tables(module);
}
