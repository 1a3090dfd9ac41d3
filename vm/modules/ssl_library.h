// SPDX-License-Identifier: MIT
//
// OpenSSL's functions for _ssl. The two libraries are loaded when the module is imported, so that
// programs that do not need them do not wait for it; ssl_functions.def lists what is taken from
// them. The build makes a macro of each name there (ssl_functions_names.h), so that the rest of
// _ssl, and the macros of OpenSSL's own headers, call a function by its name as if it were linked.
// A function that is used and not listed is an error of the linker.
#ifndef LOCKSMITH_VM_MODULES_SSL_LIBRARY_H
#define LOCKSMITH_VM_MODULES_SSL_LIBRARY_H

#define OPENSSL_SUPPRESS_DEPRECATED // DH parameters have no other reader
#include <openssl/bio.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

typedef struct {
#define FUNCTION(name) __typeof__(name) *name;
#include "vm/modules/ssl_functions.def"
#undef FUNCTION
} SslLibrary;

extern SslLibrary ssl_library; // constant once ssl_library_load has given 0

int ssl_library_load(void); // 0, or -1 with ImportError

#include "ssl_functions_names.h"

#endif
