// SPDX-License-Identifier: MIT
//
// _sqlite3: the exceptions of the DB-API, and the library's codes as exceptions.
#include "vm/modules/exception_class.h"
#include "vm/modules/sqlite_internal.h"
#include "vm/types/module.h"

Value sqlite_classes[SQLITE_CLASS_COUNT];

static const struct {
    const char *name;
    int base; // SQLITE_CLASS_*, -1: Exception
} classes[SQLITE_CLASS_COUNT] = {
    [SQLITE_CLASS_ERROR] = {"Error", -1},
    [SQLITE_CLASS_WARNING] = {"Warning", -1},
    [SQLITE_CLASS_INTERFACE] = {"InterfaceError", SQLITE_CLASS_ERROR},
    [SQLITE_CLASS_DATABASE] = {"DatabaseError", SQLITE_CLASS_ERROR},
    [SQLITE_CLASS_INTERNAL] = {"InternalError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_OPERATIONAL] = {"OperationalError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_PROGRAMMING] = {"ProgrammingError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_INTEGRITY] = {"IntegrityError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_DATA] = {"DataError", SQLITE_CLASS_DATABASE},
    [SQLITE_CLASS_NOT_SUPPORTED] = {"NotSupportedError", SQLITE_CLASS_DATABASE},
};

static const struct {
    const char *name;
    int code;
} codes[] = {
#define ERROR_CODE(name) {#name, name},
#define CONSTANT(name)
#include "vm/modules/sqlite_constants.def"
#undef ERROR_CODE
#undef CONSTANT
};

static const char *name_of(int code) {
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            return codes[i].name;
    return "unknown";
}

static int class_of(int code) {
    switch (code) {
    case SQLITE_INTERNAL:
    case SQLITE_NOTFOUND:
        return SQLITE_CLASS_INTERNAL;
    case SQLITE_ERROR:
    case SQLITE_PERM:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_EMPTY:
    case SQLITE_SCHEMA:
        return SQLITE_CLASS_OPERATIONAL;
    case SQLITE_CORRUPT:
        return SQLITE_CLASS_DATABASE;
    case SQLITE_TOOBIG:
        return SQLITE_CLASS_DATA;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return SQLITE_CLASS_INTEGRITY;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return SQLITE_CLASS_INTERFACE;
    default:
        return SQLITE_CLASS_DATABASE;
    }
}

Value sqlite_raise_last(sqlite3 *db) {
    int code = sqlite3_errcode(db), extended = sqlite3_extended_errcode(db);
    if (code == SQLITE_OK)
        return VALUE_NULL;
    if (code == SQLITE_NOMEM)
        return raise_memory_error();
    const char *text = sqlite3_errmsg(db);
    Value message = codec_decode((const uint8_t *)text, strlen(text), NULL, NULL);
    Value exception = value_is_null(message)
                          ? VALUE_NULL
                          : value_call_one(sqlite_classes[class_of(code & 0xff)], message);
    ref_release(message);
    Value name = value_is_null(exception) ? VALUE_NULL : str_from_cstr(name_of(extended));
    if (!value_is_null(name) &&
        value_setattr_cstr(exception, "sqlite_errorcode", value_from_int(extended)) == 0 &&
        value_setattr_cstr(exception, "sqlite_errorname", name) == 0)
        raise_object(exception);
    ref_release(name);
    ref_release(exception);
    return VALUE_NULL;
}

int sqlite_errors_fill(Value module) {
    for (int i = 0; i < SQLITE_CLASS_COUNT; i++) {
        Value base = classes[i].base < 0 ? value_from_object(&exception_Exception)
                                         : sqlite_classes[classes[i].base];
        if (exception_class_add(module, &sqlite_classes[i], "sqlite3", classes[i].name, base,
                                NULL) < 0)
            return -1;
    }
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (module_add_int(module, codes[i].name, codes[i].code) < 0)
            return -1;
    return 0;
}
