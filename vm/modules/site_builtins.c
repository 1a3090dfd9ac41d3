// SPDX-License-Identifier: MIT
//
// exit, quit, help, copyright, credits, license: objects that say what to do when shown at the
// prompt, and do it when called. Immutable once made.
#include "vm/modules/site_builtins.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value name, text; // str; constant
} SiteObject;

static inline SiteObject *site_of(Value v) { return (SiteObject *)value_object(v); }

static void site_destroy(Object *self) {
    ref_release(((SiteObject *)self)->name);
    ref_release(((SiteObject *)self)->text);
    object_free_fixed(self);
}
static void site_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SiteObject *)self)->name);
    gc_visit(visitor, ((SiteObject *)self)->text);
}
static Value show_text(Value self) { return ref_new(site_of(self)->text); }

// ---- exit, quit -----------------------------------------------------------------------------

static Value quitter_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"code", NULL};
    Value code;
    if (arguments_parse("__call__", args, nargs, kwnames, names, 0, 1, 0, &code) < 0)
        return VALUE_NULL;
    // A shell in a window ends when its input is closed.
    Value input = sys_get("stdin");
    if (!value_is_null(input))
        ref_release(value_call_method(input, name_close, NULL, 0));
    ref_release(input);
    error_clear();
    if (value_is_null(code))
        code = VALUE_NONE;
    Value e = value_call_one(value_from_object(&exception_SystemExit), code);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}

static Value quitter_repr(Value self) {
    return str_format("Use %V() or Ctrl-D (i.e. EOF) to exit", site_of(self)->name);
}

// ---- texts, help ----------------------------------------------------------------------------

static Value printer_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs || (!value_is_null(kwnames) && tuple_length(kwnames)))
        return raise_type_error("_Printer.__call__() takes 1 positional argument but %zu were given",
                                nargs + 1);
    Value builtins = import_module_cstr("builtins");
    if (value_is_null(builtins))
        return VALUE_NULL;
    Value r = value_call_method(builtins, name_print, &site_of(self)->text, 1);
    ref_release(builtins);
    return r;
}

static Value helper_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value pydoc = import_module_cstr("pydoc"), result = VALUE_NULL;
    Value help = value_is_null(pydoc) ? VALUE_NULL : value_getattr_cstr(pydoc, "help");
    if (!value_is_null(help))
        result = value_call(help, args, nargs, kwnames);
    ref_release(help);
    ref_release(pydoc);
    return result;
}

#define SITE_TYPE(variable, text, repr_slot, call_slot)                                              \
    static Type variable = {                                                                         \
        .header = STATIC_TYPE_HEADER, .name = text, .basic_size = sizeof(SiteObject),                \
        .kind = HEAP_CONTAINER, .flags = TYPE_NO_NEW, .destroy = site_destroy,                       \
        .traverse = site_traverse, .repr = repr_slot, .call = call_slot}
SITE_TYPE(quitter_type, "_sitebuiltins.Quitter", quitter_repr, quitter_call);
SITE_TYPE(printer_type, "_sitebuiltins._Printer", show_text, printer_call);
SITE_TYPE(helper_type, "_sitebuiltins._Helper", show_text, helper_call);

int site_builtins_add(Value builtins) {
    static const struct {
        Type *type;
        const char *name, *text;
    } objects[] = {
        {&quitter_type, "exit", ""},
        {&quitter_type, "quit", ""},
        {&helper_type, "help", "help() begins interactive help, help(object) describes an object."},
        {&printer_type, "copyright", "Copyright (c) 2026 The Locksmith maintainers."},
        {&printer_type, "credits",
         "Locksmith implements the language that the Python developers designed and documented,\n"
         "and imports the standard library that they wrote."},
        {&printer_type, "license", "MIT; the file LICENSE that comes with Locksmith has the text."},
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        type_ready(objects[i].type);
        SiteObject *o = object_allocate(objects[i].type);
        if (!o)
            return -1;
        o->name = str_intern_cstr(objects[i].name);
        o->text = str_from_cstr(objects[i].text);
        if (module_add(builtins, objects[i].name, value_from_object(o)) < 0)
            return -1;
    }
    return 0;
}
