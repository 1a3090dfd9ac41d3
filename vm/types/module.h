// SPDX-License-Identifier: MIT
//
// Module objects, and how native modules are described.
#ifndef LOCKSMITH_VM_TYPES_MODULE_H
#define LOCKSMITH_VM_TYPES_MODULE_H

#include "vm/object.h"

typedef struct {
    Object header;
    Value dict; // Dict, constant
} Module;

extern Type module_type;
static inline Value module_dict(Value module) {
    return ((Module *)value_object(module))->dict;
} // borrowed
Value module_new(Value name, Value doc_or_null);
Value module_new_cstr(const char *name, const char *doc);
Value module_getattr(Value self, Value name); // the slot
// The same without the complaint: 1 and *out a new reference; 0, no exception; -1. May run Python
// code (a property's, the module's __getattr__).
int module_find(Value self, Value name, Value *out);

// A native module: made when first imported. fill adds what the table cannot say. 0 or -1.
typedef struct {
    const char *name, *doc;
    const NativeDef *functions;
    int (*fill)(Value module);
} NativeModule;
// All native modules, NULL-terminated; made by vm/modules/table.c from modules.def.
extern const NativeModule *const native_modules[];

// For fill functions; each gives 0 or -1.
int module_add(Value module, const char *name, Value value); // consumes value; VALUE_NULL: -1
int module_add_int(Value module, const char *name, int64_t value);
int module_add_str(Value module, const char *name, const char *utf8);
int module_add_type(Value module, Type *type); // readies it; name = last component of type->name
void module_start(void);

// ---- runtime/import.c ------------------------------------------------------------------
Value import_module(Value name, Value globals, Value fromlist_or_none, int level); // __import__
Value import_module_cstr(const char *name);  // the named module itself, also for dotted names
Value import_modules_dict(void);             // sys.modules, borrowed
Value import_from(Value module, Value name); // the IMPORT_FROM step; ImportError
int import_star(Value module, Value namespace);
Value sys_get(const char *name);            // new reference or VALUE_NULL, no exception
int sys_set(const char *name, Value value); // borrowed

#endif
