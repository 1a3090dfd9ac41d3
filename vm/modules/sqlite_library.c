// SPDX-License-Identifier: MIT
//
// Loading SQLite for _sqlite3; see the header.
#include "vm/modules/sqlite_library.h"
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include <dlfcn.h>
#include <string.h>

SqliteLibrary sqlite_library;

static Mutex load_mutex = MUTEX_INIT;
static bool loaded; // guarded by load_mutex

static const char *const names[] = {
#define FUNCTION(name) #name,
#include "vm/modules/sqlite_functions.def"
#undef FUNCTION
};

int sqlite_library_load(void) {
    mutex_lock(&load_mutex);
    if (!loaded) {
        void *library = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
        loaded = library != NULL;
        for (size_t i = 0; loaded && i < sizeof names / sizeof names[0]; i++) {
            void *symbol = dlsym(library, names[i]);
            memcpy((char *)&sqlite_library + i * sizeof symbol, &symbol, sizeof symbol);
            loaded = symbol != NULL;
        }
        loaded = loaded && sqlite3_threadsafe() && sqlite3_initialize() == SQLITE_OK;
    }
    bool ok = loaded;
    mutex_unlock(&load_mutex);
    return ok ? 0 : raise_int(&exception_ImportError, "libsqlite3.so.0 cannot be loaded");
}
