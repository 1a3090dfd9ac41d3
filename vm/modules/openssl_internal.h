// SPDX-License-Identifier: MIT
//
// What the files of _hashlib share: libcrypto's functions, found at run time.
#ifndef LOCKSMITH_VM_MODULES_OPENSSL_INTERNAL_H
#define LOCKSMITH_VM_MODULES_OPENSSL_INTERNAL_H

#include "locks/mutex.h"
#include "vm/object.h"

enum { OPENSSL_LONG_TEXT = 16384, OPENSSL_FLAG_XOF = 2 };

typedef struct {
    void *(*fetch)(void *library, const char *name, const char *properties);
    void (*md_free)(const void *md);
    int (*md_retain)(void *md);
    int (*size)(const void *md);
    int (*block_size)(const void *md);
    unsigned long (*flags)(const void *md);
    void *(*context_new)(void);
    void (*context_free)(void *context);
    int (*context_copy)(void *to, const void *from);
    int (*init)(void *context, const void *md, void *engine);
    int (*update)(void *context, const void *data, size_t length);
    int (*final)(void *context, unsigned char *out, unsigned *length);
    int (*final_xof)(void *context, unsigned char *out, size_t length);
    int (*pbkdf2)(const char *password, int password_length, const unsigned char *salt,
                  int salt_length, int iterations, const void *md, int length, unsigned char *out);
    int (*scrypt)(const char *password, size_t password_length, const unsigned char *salt,
                  size_t salt_length, uint64_t n, uint64_t r, uint64_t p, uint64_t most_memory,
                  unsigned char *out, size_t length);
    unsigned char *(*hmac)(const void *md, const void *key, int key_length,
                           const unsigned char *data, size_t length, unsigned char *out,
                           unsigned *out_length);
    void *(*hmac_new)(void);
    void (*hmac_free)(void *context);
    int (*hmac_copy)(void *to, void *from);
    int (*hmac_init)(void *context, const void *key, int length, const void *md, void *engine);
    int (*hmac_update)(void *context, const unsigned char *data, size_t length);
    int (*hmac_final)(void *context, unsigned char *out, unsigned *length);
    int (*fips)(void *library);
    unsigned long (*get_error)(void);
    const char *(*error_library)(unsigned long code);
    const char *(*error_reason)(unsigned long code);
    void (*clear_error)(void);
} OpensslFunctions;

extern OpensslFunctions openssl; // constant once openssl_load has given 0
extern Value openssl_unsupported_digestmod;
extern Type openssl_hmac_type;

int openssl_load(void);          // 0, or -1 with ImportError
Value openssl_raise(Type *type); // with the library's last error as its text; VALUE_NULL
// A digest by Python's or OpenSSL's name, to be given back with md_free; NULL: none (no exception).
const void *openssl_digest(const char *name, bool for_security);
// The digest that a digestmod argument means, a name or a constructor of this module; its name as
// Python has it. NULL with an exception.
const void *openssl_digest_of(Value v, char *name, size_t room);
int openssl_view(Value data, BufferView *view); // of what is to be hashed
Value openssl_hex(const uint8_t *data, size_t length);

Value openssl_pbkdf2_hmac(Value self, const Value *args, size_t nargs, Value kwnames);
Value openssl_scrypt(Value self, const Value *args, size_t nargs, Value kwnames);
Value openssl_hmac_digest(Value self, const Value *args, size_t nargs, Value kwnames);
Value openssl_hmac_new(Value self, const Value *args, size_t nargs, Value kwnames);
Value openssl_get_fips_mode(Value self);

#endif
