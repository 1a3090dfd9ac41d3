// SPDX-License-Identifier: MIT
//
// `_uuid`: identifiers made of time and place by libuuid, which asks a daemon or a file so that no
// two processes get the same. The library is loaded when the module is imported; without it the
// import fails, and the standard library's `uuid` does the work itself.
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/bytes.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include <dlfcn.h>
#include <string.h>

enum { UUID_LENGTH = 16 };

static Mutex load_mutex = MUTEX_INIT;
static int (*generate)(uint8_t *out); // load_mutex; constant once the module exists

static Value uuid_generate_time_safe(Value self) {
    uint8_t uuid[UUID_LENGTH];
    thread_detach(); // it may talk to the daemon
    int status = generate(uuid);
    thread_attach();
    return tuple_pair_owned(bytes_new(uuid, sizeof uuid), value_from_int(status));
}

static const NativeDef uuid_functions[] = {
    DEF_NONE(
        "generate_time_safe", uuid_generate_time_safe,
        "The 16 bytes of a new identifier, and 0 if it is certain that it is unique, else -1."),
    DEF_END,
};

static int uuid_fill(Value module) {
    mutex_lock(&load_mutex);
    if (!generate) {
        void *library = dlopen("libuuid.so.1", RTLD_NOW | RTLD_LOCAL);
        void *symbol = library ? dlsym(library, "uuid_generate_time_safe") : NULL;
        memcpy(&generate, &symbol, sizeof symbol);
    }
    bool loaded = generate != NULL;
    mutex_unlock(&load_mutex);
    if (!loaded)
        return raise_int(&exception_ImportError, "libuuid.so.1 cannot be loaded");
    return module_add_int(module, "has_uuid_generate_time_safe", 1);
}

const NativeModule module_uuid = {"_uuid", NULL, uuid_functions, uuid_fill};
