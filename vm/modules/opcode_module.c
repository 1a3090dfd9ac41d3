// SPDX-License-Identifier: MIT
//
// _opcode: what the module opcode, and so dis, asks for. The bytecode of this machine is not
// CPython's (a register machine has no stack); effects on a stack are those that dis.stack_effect()
// documents for CPython 3.11's instructions, by which code objects show themselves.
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"

enum { HAVE_ARGUMENT = 90 }; // instructions from this one on have an argument

// By instruction: is there one, its effect if it does not jump, if it does, and what each unit of
// its argument adds.
static const struct {
    bool known;
    int8_t effect, jumping, per_argument;
} effects[256] = {
    [0] = {true, 0, 0, 0},     // CACHE
    [1] = {true, -1, -1, 0},   // POP_TOP
    [2] = {true, 1, 1, 0},     // PUSH_NULL
    [9] = {true, 0, 0, 0},     // NOP
    [10] = {true, 0, 0, 0},    // UNARY_POSITIVE
    [11] = {true, 0, 0, 0},    // UNARY_NEGATIVE
    [12] = {true, 0, 0, 0},    // UNARY_NOT
    [15] = {true, 0, 0, 0},    // UNARY_INVERT
    [25] = {true, -1, -1, 0},  // BINARY_SUBSCR
    [30] = {true, 1, 1, 0},    // GET_LEN
    [31] = {true, 1, 1, 0},    // MATCH_MAPPING
    [32] = {true, 1, 1, 0},    // MATCH_SEQUENCE
    [33] = {true, 1, 1, 0},    // MATCH_KEYS
    [35] = {true, 1, 1, 0},    // PUSH_EXC_INFO
    [36] = {true, 0, 0, 0},    // CHECK_EXC_MATCH
    [37] = {true, 0, 0, 0},    // CHECK_EG_MATCH
    [49] = {true, 1, 1, 0},    // WITH_EXCEPT_START
    [50] = {true, 0, 0, 0},    // GET_AITER
    [51] = {true, 1, 1, 0},    // GET_ANEXT
    [52] = {true, 1, 1, 0},    // BEFORE_ASYNC_WITH
    [53] = {true, 1, 1, 0},    // BEFORE_WITH
    [54] = {true, -2, -2, 0},  // END_ASYNC_FOR
    [60] = {true, -3, -3, 0},  // STORE_SUBSCR
    [61] = {true, -2, -2, 0},  // DELETE_SUBSCR
    [68] = {true, 0, 0, 0},    // GET_ITER
    [69] = {true, 0, 0, 0},    // GET_YIELD_FROM_ITER
    [70] = {true, -1, -1, 0},  // PRINT_EXPR
    [71] = {true, 1, 1, 0},    // LOAD_BUILD_CLASS
    [74] = {true, 1, 1, 0},    // LOAD_ASSERTION_ERROR
    [75] = {true, 0, 0, 0},    // RETURN_GENERATOR
    [82] = {true, 0, 0, 0},    // LIST_TO_TUPLE
    [83] = {true, -1, -1, 0},  // RETURN_VALUE
    [84] = {true, -1, -1, 0},  // IMPORT_STAR
    [85] = {true, 0, 0, 0},    // SETUP_ANNOTATIONS
    [86] = {true, 0, 0, 0},    // YIELD_VALUE
    [87] = {true, 0, 0, 0},    // ASYNC_GEN_WRAP
    [88] = {true, -1, -1, 0},  // PREP_RERAISE_STAR
    [89] = {true, -1, -1, 0},  // POP_EXCEPT
    [90] = {true, -1, -1, 0},  // STORE_NAME
    [91] = {true, 0, 0, 0},    // DELETE_NAME
    [92] = {true, -1, -1, 1},  // UNPACK_SEQUENCE
    [93] = {true, 1, -1, 0},   // FOR_ITER
    [95] = {true, -2, -2, 0},  // STORE_ATTR
    [96] = {true, -1, -1, 0},  // DELETE_ATTR
    [97] = {true, -1, -1, 0},  // STORE_GLOBAL
    [98] = {true, 0, 0, 0},    // DELETE_GLOBAL
    [99] = {true, 0, 0, 0},    // SWAP
    [100] = {true, 1, 1, 0},   // LOAD_CONST
    [101] = {true, 1, 1, 0},   // LOAD_NAME
    [102] = {true, 1, 1, -1},  // BUILD_TUPLE
    [103] = {true, 1, 1, -1},  // BUILD_LIST
    [104] = {true, 1, 1, -1},  // BUILD_SET
    [105] = {true, 1, 1, -2},  // BUILD_MAP
    [106] = {true, 0, 0, 0},   // LOAD_ATTR
    [107] = {true, -1, -1, 0}, // COMPARE_OP
    [108] = {true, -1, -1, 0}, // IMPORT_NAME
    [109] = {true, 1, 1, 0},   // IMPORT_FROM
    [110] = {true, 0, 0, 0},   // JUMP_FORWARD
    [111] = {true, -1, 0, 0},  // JUMP_IF_FALSE_OR_POP
    [112] = {true, -1, 0, 0},  // JUMP_IF_TRUE_OR_POP
    [114] = {true, -1, -1, 0}, // POP_JUMP_FORWARD_IF_FALSE
    [115] = {true, -1, -1, 0}, // POP_JUMP_FORWARD_IF_TRUE
    [117] = {true, -1, -1, 0}, // IS_OP
    [118] = {true, -1, -1, 0}, // CONTAINS_OP
    [119] = {true, -1, -1, 0}, // RERAISE
    [120] = {true, 1, 1, 0},   // COPY
    [122] = {true, -1, -1, 0}, // BINARY_OP
    [123] = {true, 0, -1, 0},  // SEND
    [124] = {true, 1, 1, 0},   // LOAD_FAST
    [125] = {true, -1, -1, 0}, // STORE_FAST
    [126] = {true, 0, 0, 0},   // DELETE_FAST
    [128] = {true, -1, -1, 0}, // POP_JUMP_FORWARD_IF_NOT_NONE
    [129] = {true, -1, -1, 0}, // POP_JUMP_FORWARD_IF_NONE
    [130] = {true, 0, 0, -1},  // RAISE_VARARGS
    [131] = {true, 0, 0, 0},   // GET_AWAITABLE
    [134] = {true, 0, 0, 0},   // JUMP_BACKWARD_NO_INTERRUPT
    [135] = {true, 0, 0, 0},   // MAKE_CELL
    [136] = {true, 1, 1, 0},   // LOAD_CLOSURE
    [137] = {true, 1, 1, 0},   // LOAD_DEREF
    [138] = {true, -1, -1, 0}, // STORE_DEREF
    [139] = {true, 0, 0, 0},   // DELETE_DEREF
    [140] = {true, 0, 0, 0},   // JUMP_BACKWARD
    [144] = {true, 0, 0, 0},   // EXTENDED_ARG
    [145] = {true, -1, -1, 0}, // LIST_APPEND
    [146] = {true, -1, -1, 0}, // SET_ADD
    [147] = {true, -2, -2, 0}, // MAP_ADD
    [148] = {true, 1, 1, 0},   // LOAD_CLASSDEREF
    [149] = {true, 0, 0, 0},   // COPY_FREE_VARS
    [151] = {true, 0, 0, 0},   // RESUME
    [152] = {true, -2, -2, 0}, // MATCH_CLASS
    [156] = {true, 0, 0, -1},  // BUILD_CONST_KEY_MAP
    [157] = {true, 1, 1, -1},  // BUILD_STRING
    [160] = {true, 1, 1, 0},   // LOAD_METHOD
    [162] = {true, -1, -1, 0}, // LIST_EXTEND
    [163] = {true, -1, -1, 0}, // SET_UPDATE
    [164] = {true, -1, -1, 0}, // DICT_MERGE
    [165] = {true, -1, -1, 0}, // DICT_UPDATE
    [166] = {true, 0, 0, -1},  // PRECALL
    [171] = {true, -1, -1, 0}, // CALL
    [172] = {true, 0, 0, 0},   // KW_NAMES
    [173] = {true, -1, -1, 0}, // POP_JUMP_BACKWARD_IF_NOT_NONE
    [174] = {true, -1, -1, 0}, // POP_JUMP_BACKWARD_IF_NONE
    [175] = {true, -1, -1, 0}, // POP_JUMP_BACKWARD_IF_FALSE
    [176] = {true, -1, -1, 0}, // POP_JUMP_BACKWARD_IF_TRUE
};

// Of an argument that is more than a number of items. false: of no such instruction.
static bool effect_by_argument(int64_t op, int64_t argument, int64_t *effect) {
    switch (op) {
    case 94: // UNPACK_EX: items before the list in the low byte, those after it above
        *effect = (argument & 0xff) + (argument >> 8);
        return true;
    case 116: // LOAD_GLOBAL: with bit 0 a null goes below
        *effect = 1 + (argument & 1);
        return true;
    case 132: // MAKE_FUNCTION: an object for each of four bits
        *effect = -__builtin_popcount((unsigned)argument & 15);
        return true;
    case 133: // BUILD_SLICE
        *effect = argument == 3 ? -2 : -1;
        return true;
    case 142: // CALL_FUNCTION_EX: with bit 0 there is a dict
        *effect = -2 - (argument & 1);
        return true;
    case 155: // FORMAT_VALUE: with bit 2 there is a format
        *effect = argument & 4 ? -1 : 0;
        return true;
    default:
        return false;
    }
}

static Value stack_effect(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"opcode", "oparg", "jump", NULL};
    Value v[3];
    int64_t op, argument = 0, effect;
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
    if (has_argument && value_to_i64(v[1], &argument) < 0)
        return VALUE_NULL;
    if (effect_by_argument(op, argument, &effect))
        return value_from_int(effect);
    if (op < 0 || op > 255 || !effects[op].known)
        return raise_value_error("invalid opcode or oparg");
    effect = effects[op].effect;
    if (value_is_null(v[2]) || value_is_none(v[2])) // whichever is more
        effect = effect < effects[op].jumping ? effects[op].jumping : effect;
    else if (value_same(v[2], VALUE_TRUE))
        effect = effects[op].jumping;
    return value_from_int(effect + effects[op].per_argument * argument);
}

static Value specialization_stats(Value self) {
    return none_new();
}

static const NativeDef opcode_functions[] = {
    DEF_VECTOR("stack_effect", stack_effect,
               "stack_effect($module, opcode, oparg=None, /, *, jump=None)\n--\n\n"
               "How an instruction of CPython changes the depth of its stack."),
    DEF_NONE("get_specialization_stats", specialization_stats, "None: not counted."),
    DEF_END,
};

const NativeModule module_opcode = {
    .name = "_opcode",
    .functions = opcode_functions,
};
