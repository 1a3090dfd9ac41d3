// SPDX-License-Identifier: MIT
//
// _sqlite3: the module: its functions and constants. What the parts are and how threads are kept
// apart is in sqlite_internal.h.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/module.h"
#include "vm/types/type.h"

// The factory is called with all that was given, itself included.
static Value module_connect(Value self, const Value *args, size_t nargs, Value kwnames) {
    enum { FACTORY = 5 };
    Value factory = nargs > FACTORY ? args[FACTORY] : value_from_object(&sqlite_connection_type);
    if (nargs <= FACTORY && !value_is_null(kwnames))
        for (int64_t i = 0; i < tuple_length(kwnames); i++)
            if (str_equal_cstr(tuple_item(kwnames, i), "factory"))
                factory = args[nargs + (size_t)i];
    return value_call(factory, args, nargs, kwnames);
}

static Value module_complete_statement(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"statement", NULL};
    Value v[1];
    char *owned;
    if (arguments_parse("complete_statement", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    const char *text = sqlite_text_argument("complete_statement", "'statement'", v[0], &owned);
    if (!text)
        return VALUE_NULL;
    bool complete = sqlite3_complete(text);
    buffer_free(owned);
    return bool_new(complete);
}

static Value module_enable_callback_tracebacks(Value self, Value v) {
    int on = value_truth(v);
    if (on < 0)
        return VALUE_NULL;
    __atomic_store_n(&sqlite_tracebacks, on, __ATOMIC_RELAXED);
    return none_new();
}

static Value module_enable_shared_cache(Value self, const Value *args, size_t nargs,
                                        Value kwnames) {
    static const char *const names[] = {"do_enable", NULL};
    Value v[1];
    if (arguments_parse("enable_shared_cache", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    int on = value_truth(v[0]);
    if (on < 0)
        return VALUE_NULL;
    return sqlite3_enable_shared_cache(on) == SQLITE_OK
               ? none_new()
               : sqlite_raise(OPERATIONAL, "Changing the shared_cache flag failed");
}

static const NativeDef sqlite_module_functions[] = {
    DEF_FIXED("adapt", sqlite_module_adapt, 1, 3,
              "adapt($module, obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)\n--\n\n"
              "What obj's adapter makes of it."),
    DEF_VECTOR("complete_statement", module_complete_statement,
               "complete_statement($module, /, statement)\n--\n\n"
               "Does the text end with a whole statement."),
    DEF_VECTOR("connect", module_connect,
               "connect($module, /, database, timeout=5.0, detect_types=0,\n"
               "        isolation_level='', check_same_thread=True,\n"
               "        factory=ConnectionType, cached_statements=128, uri=False)\n--\n\n"
               "A connection to the database in a file; ':memory:' is one in memory."),
    DEF_ONE("enable_callback_tracebacks", module_enable_callback_tracebacks,
            "enable_callback_tracebacks($module, enable, /)\n--\n\n"
            "Whether exceptions of callbacks are reported."),
    DEF_VECTOR("enable_shared_cache", module_enable_shared_cache,
               "enable_shared_cache($module, /, do_enable)\n--\n\n"
               "Whether connections share their caches."),
    DEF_FIXED("register_adapter", sqlite_module_register_adapter, 2, 2,
              "register_adapter($module, type, adapter, /)\n--\n\n"
              "A function that makes of a type's objects what can be stored."),
    DEF_FIXED("register_converter", sqlite_module_register_converter, 2, 2,
              "register_converter($module, typename, converter, /)\n--\n\n"
              "A function that makes objects of what was stored under a type's name."),
    DEF_END,
};

static const struct {
    const char *name;
    int value;
} constants[] = {
#define ERROR_CODE(name)
#define CONSTANT(name) {#name, name},
#include "vm/modules/sqlite_constants.def"
#undef ERROR_CODE
#undef CONSTANT
    {"PARSE_DECLTYPES", SQLITE_PARSE_DECLTYPES},
    {"PARSE_COLNAMES", SQLITE_PARSE_COLNAMES},
};

// The DB-API's number for what the library was built for.
static int thread_safety(void) {
    int built = sqlite3_threadsafe(); // 0: none, 1: serialized, 2: a connection for each thread
    return built == 1 ? 3 : built == 2 ? 1 : 0;
}

static int sqlite_fill(Value module) {
    static Type *const types[] = {&sqlite_connection_type, &sqlite_cursor_type, &sqlite_row_type,
                                  &sqlite_blob_type, &sqlite_protocol_type};
    if (sqlite_library_load() < 0)
        return -1;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    type_ready(&sqlite_statement_type);
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
        if (module_add_int(module, constants[i].name, constants[i].value) < 0)
            return -1;
    if (module_add_str(module, "version", "2.6.0") < 0 ||
        module_add_str(module, "sqlite_version", sqlite3_libversion()) < 0 ||
        module_add_int(module, "threadsafety", thread_safety()) < 0 ||
        sqlite_errors_fill(module) < 0)
        return -1;
    return sqlite_adapt_fill(module);
}

const NativeModule module_sqlite = {"_sqlite3", NULL, sqlite_module_functions, sqlite_fill};
