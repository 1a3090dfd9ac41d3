// SPDX-License-Identifier: MIT
//
// _opcode: what the module opcode, and so dis, asks for. The bytecode of this machine is not
// CPython's (a register machine has no stack), and code objects show it as a plain sequence of
// instructions; so effects on a stack are only those of the few instructions it is shown with.
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"

static Value stack_effect(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"opcode", "oparg", "jump", NULL};
    enum { HAVE_ARGUMENT = 90 };
    Value v[3];
    int64_t op;
    if (arguments_parse("stack_effect", args, nargs, kwnames, names, 2, 2, 1, v) < 0 ||
        value_to_i64(v[0], &op) < 0)
        return VALUE_NULL;
    bool has_argument = !value_is_null(v[1]) && !value_is_none(v[1]);
    if (op >= HAVE_ARGUMENT && !has_argument)
        return raise_value_error("stack_effect: opcode requires oparg but oparg was not specified");
    if (op < HAVE_ARGUMENT && has_argument)
        return raise_value_error(
            "stack_effect: opcode does not permit oparg but oparg was specified");
    if (!value_is_null(v[2]) && !value_is_none(v[2]) && !value_is_bool(v[2]))
        return raise_value_error("stack_effect: jump must be False, True or None");
    if (op < 0 || op > 255)
        return raise_value_error("invalid opcode or oparg");
    return value_from_int(0);
}

static Value specialization_stats(Value self) {
    return none_new();
}

static const NativeDef opcode_functions[] = {
    DEF_VECTOR("stack_effect", stack_effect,
               "stack_effect($module, opcode, oparg=None, /, *, jump=None)\n--\n\n"
               "How an instruction changes the depth of a stack: this machine has none."),
    DEF_NONE("get_specialization_stats", specialization_stats, "None: not counted."),
    DEF_END,
};

const NativeModule module_opcode = {
    .name = "_opcode",
    .functions = opcode_functions,
};
