// SPDX-License-Identifier: MIT
//
// The module _decimal, which the library's decimal.py takes its names from, and localcontext().
// Types, exceptions and contexts never die and are the same however often the module is made.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- localcontext() ----------------------------------------------------------------------------

typedef struct {
    Object header;
    Value inner, outer; // contexts within the with statement and after it; constant
} ContextManager;

static ContextManager *manager_of(Value v) {
    return (ContextManager *)value_object(v);
}

static Value manager_enter(Value self) {
    Value inner = manager_of(self)->inner;
    return decimal_context_set_current(inner) < 0 ? VALUE_NULL : ref_new(inner);
}

static Value manager_exit(Value self, const Value *args, size_t nargs) {
    return decimal_context_set_current(manager_of(self)->outer) < 0 ? VALUE_NULL : none_new();
}

static void manager_destroy(Object *self) {
    ref_release(((ContextManager *)self)->inner);
    ref_release(((ContextManager *)self)->outer);
    object_free_fixed(self);
}

static void manager_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ContextManager *)self)->inner);
    gc_visit(visitor, ((ContextManager *)self)->outer);
}

static const NativeDef manager_methods[] = {
    DEF_NONE("__enter__", manager_enter, "Makes the context the current one."),
    DEF_FIXED("__exit__", manager_exit, 0, -1, "Goes back to the former one."),
    DEF_END,
};

static Type manager_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "decimal.ContextManager",
    .basic_size = sizeof(ContextManager),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = manager_destroy,
    .traverse = manager_traverse,
    .methods = manager_methods,
};

static Value localcontext(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"ctx",      "prec",  "rounding", "Emin",  "Emax",
                                        "capitals", "clamp", "flags",    "traps", NULL};
    static const ArgumentList list = {
        .names = names, .kinds = "OOOOOOOOO", .positional = 1 + DECIMAL_SETTING_COUNT};
    Value v[1 + DECIMAL_SETTING_COUNT];
    void *out[1 + DECIMAL_SETTING_COUNT];
    for (int i = 0; i <= DECIMAL_SETTING_COUNT; i++) {
        v[i] = VALUE_NULL;
        out[i] = &v[i];
    }
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    DecimalContext *model = decimal_context_argument(v[0]), *current = decimal_context_current();
    if (!model || !current)
        return VALUE_NULL;
    Value outer = ref_new(value_from_object(current)), inner = decimal_context_copy(model, true);
    ContextManager *manager = NULL;
    if (!value_is_null(inner) && decimal_context_set_all(decimal_context_of(inner), v + 1) == 0)
        manager = object_allocate(&manager_type);
    if (!manager) {
        ref_release(inner);
        ref_release(outer);
        return VALUE_NULL;
    }
    manager->inner = inner;
    manager->outer = outer;
    return value_from_object(manager);
}

// ---- the current context -----------------------------------------------------------------------

static Value getcontext(Value self) {
    DecimalContext *c = decimal_context_current();
    return c ? ref_new(value_from_object(c)) : VALUE_NULL;
}

// The three ready-made contexts are copied, so that a program cannot compute in them.
static Value setcontext(Value self, Value context) {
    if (!value_is_a(context, &decimal_context_type))
        return raise_type_error("argument must be a context");
    ref_new(context);
    for (int i = 0; i < 3; i++) {
        if (value_same(context, decimal_template(i))) {
            ref_release(context);
            context = decimal_context_copy(decimal_context_of(context), false);
        }
    }
    int status = value_is_null(context) ? -1 : decimal_context_set_current(context);
    ref_release(context);
    return status < 0 ? VALUE_NULL : none_new();
}

static const NativeDef decimal_functions[] = {
    DEF_NONE("getcontext", getcontext, "getcontext($module, /)\n--\n\nThe thread's context."),
    DEF_ONE("setcontext", setcontext,
            "setcontext($module, context, /)\n--\n\nSets the thread's context."),
    DEF_VECTOR("localcontext", localcontext,
               "localcontext($module, /, ctx=None, **kwargs)\n--\n\nFor a with statement: computes "
               "in a copy of ctx, or of the current context, with some settings changed."),
    DEF_END,
};

// ---- the module --------------------------------------------------------------------------------

// numbers.Number.register(Decimal)
static int register_number(void) {
    Value numbers = import_module_cstr("numbers"), number = VALUE_NULL, done = VALUE_NULL;
    Value type = value_from_object(&decimal_type);
    if (!value_is_null(numbers))
        number = value_getattr_cstr(numbers, "Number");
    if (!value_is_null(number))
        done = value_call_method_cstr(number, "register", &type, 1);
    ref_release(numbers);
    ref_release(number);
    ref_release(done);
    return value_is_null(done) ? -1 : 0;
}

static int add_numbers(Value module) {
    return module_add_int(module, "MAX_PREC", DECIMAL_MAX_PREC) < 0 ||
                   module_add_int(module, "MAX_EMAX", DECIMAL_MAX_EMAX) < 0 ||
                   module_add_int(module, "MIN_EMIN", DECIMAL_MIN_EMIN) < 0 ||
                   module_add_int(module, "MIN_ETINY", DECIMAL_MIN_ETINY) < 0 ||
                   module_add(module, "HAVE_THREADS", bool_new(true)) < 0 ||
                   module_add(module, "HAVE_CONTEXTVAR", bool_new(true)) < 0 ||
                   module_add_str(module, "__version__", "1.70") < 0 ||
                   // What programs compare: the behaviour is that of this version of libmpdec,
                   // which is not what computes here.
                   module_add_str(module, "__libmpdec_version__", "2.5.1") < 0
               ? -1
               : 0;
}

// They are decimal's, not _decimal's, as CPython has it: so they can be pickled.
static int add_functions(Value module) {
    Value owner = str_intern_cstr("decimal");
    for (const NativeDef *def = decimal_functions; def->name; def++)
        if (module_add(module, def->name, native_function_new(def, module, owner)) < 0)
            return -1;
    ref_release(owner);
    return 0;
}

static int decimal_fill(Value module) {
    static bool started;
    if (decimal_signals_fill(module) < 0 || decimal_context_fill(module) < 0 ||
        module_add_type(module, &decimal_type) < 0 || decimal_convert_fill(module) < 0 ||
        add_numbers(module) < 0 || add_functions(module) < 0)
        return -1;
    type_ready(&manager_type);
    if (!started && (decimal_operators_fill() < 0 || register_number() < 0))
        return -1;
    started = true;
    return 0;
}

const NativeModule module_decimal = {
    .name = "_decimal",
    .doc = "Decimal arithmetic, exact or rounded as asked.",
    .fill = decimal_fill,
};
