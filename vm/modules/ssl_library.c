// SPDX-License-Identifier: MIT
//
// Loading OpenSSL for _ssl; see the header.
#include "vm/modules/ssl_library.h"
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include <dlfcn.h>
#include <string.h>

SslLibrary ssl_library;

static Mutex load_mutex = MUTEX_INIT;
static bool loaded; // guarded by load_mutex

static const char *const names[] = {
#define FUNCTION(name) #name,
#include "vm/modules/ssl_functions.def"
#undef FUNCTION
};

int ssl_library_load(void) {
    mutex_lock(&load_mutex);
    if (!loaded) {
        void *ssl = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
        void *crypto = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
        loaded = ssl && crypto;
        for (size_t i = 0; loaded && i < sizeof names / sizeof names[0]; i++) {
            void *symbol = dlsym(ssl, names[i]); // looks into what it depends on as well
            symbol = symbol ? symbol : dlsym(crypto, names[i]);
            memcpy((char *)&ssl_library + i * sizeof symbol, &symbol, sizeof symbol);
            loaded = symbol != NULL;
        }
        // The texts of errors are wanted before the library is first used.
        loaded = loaded &&
                 OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS,
                                  NULL);
    }
    bool ok = loaded;
    mutex_unlock(&load_mutex);
    return ok ? 0 : raise_int(&exception_ImportError, "libssl.so.3 cannot be loaded");
}
