// SPDX-License-Identifier: MIT
//
// _operator: the operators as functions; itemgetter, attrgetter, methodcaller are in
// operator_getters.c.
#include "vm/modules/operator_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/type.h"

#define BINARY(name, operator)                                                                     \
    static Value name(Value self, const Value *args, size_t nargs) {                               \
        return value_binary(args[0], args[1], operator);                                           \
    }                                                                                              \
    static Value i##name(Value self, const Value *args, size_t nargs) {                            \
        return value_inplace(args[0], args[1], operator);                                          \
    }
BINARY(add, BINARY_ADD)
BINARY(subtract, BINARY_SUBTRACT)
BINARY(multiply, BINARY_MULTIPLY)
BINARY(matmul, BINARY_MATRIX_MULTIPLY)
BINARY(floordiv, BINARY_FLOOR_DIVIDE)
BINARY(truediv, BINARY_TRUE_DIVIDE)
BINARY(modulo, BINARY_MODULO)
BINARY(lshift, BINARY_LSHIFT)
BINARY(rshift, BINARY_RSHIFT)
BINARY(and_, BINARY_AND)
BINARY(or_, BINARY_OR)
BINARY(xor_, BINARY_XOR)
BINARY(power, BINARY_POWER)

#define COMPARE(name, operator)                                                                    \
    static Value name(Value self, const Value *args, size_t nargs) {                               \
        return value_compare(args[0], args[1], operator);                                          \
    }
COMPARE(lt, COMPARE_LT)
COMPARE(le, COMPARE_LE)
COMPARE(eq, COMPARE_EQ)
COMPARE(ne, COMPARE_NE)
COMPARE(gt, COMPARE_GT)
COMPARE(ge, COMPARE_GE)

#define UNARY(name, function)                                                                      \
    static Value name(Value self, Value v) {                                                       \
        return function(v);                                                                        \
    }
UNARY(negative, value_negative)
UNARY(positive, value_positive)
UNARY(absolute, value_absolute)
UNARY(invert, value_invert)
static Value index_of_int(Value self, Value v) {
    Value index = value_index(v);
    if (value_is_null(index))
        return VALUE_NULL;
    Value exact = int_exact(index);
    ref_release(index);
    return exact;
}

static Value truth(Value self, Value v) {
    int result = value_truth(v);
    return result < 0 ? VALUE_NULL : bool_new(result);
}
static Value not_(Value self, Value v) {
    int result = value_truth(v);
    return result < 0 ? VALUE_NULL : bool_new(!result);
}
static Value is_(Value self, const Value *args, size_t nargs) {
    return bool_new(value_same(args[0], args[1]));
}
static Value is_not(Value self, const Value *args, size_t nargs) {
    return bool_new(!value_same(args[0], args[1]));
}

static Value concat_with(Value a, Value b, bool in_place) {
    Type *type = value_type(a);
    if (in_place && type->inplace_concatenate)
        return type->inplace_concatenate(a, b);
    if (type->concatenate)
        return type->concatenate(a, b);
    if (value_is_sequence(a) && value_is_sequence(b)) {
        Value v = value_binary_try(a, b, BINARY_ADD, in_place);
        if (!value_same(v, VALUE_NOT_IMPLEMENTED))
            return v;
        ref_release(v);
    }
    return raise_type_error("'%T' object can't be concatenated", a);
}
static Value concat(Value self, const Value *args, size_t nargs) {
    return concat_with(args[0], args[1], false);
}
static Value iconcat(Value self, const Value *args, size_t nargs) {
    return concat_with(args[0], args[1], true);
}

static Value contains(Value self, const Value *args, size_t nargs) {
    int result = value_contains(args[0], args[1]);
    return result < 0 ? VALUE_NULL : bool_new(result);
}
static Value getitem(Value self, const Value *args, size_t nargs) {
    return value_getitem(args[0], args[1]);
}
static Value setitem(Value self, const Value *args, size_t nargs) {
    return value_setitem(args[0], args[1], args[2]) < 0 ? VALUE_NULL : none_new();
}
static Value delitem(Value self, const Value *args, size_t nargs) {
    return value_delitem(args[0], args[1]) < 0 ? VALUE_NULL : none_new();
}

// Steps through args[0] comparing with args[1].
static Value search(const Value *args, bool first) {
    Value iterator = first ? value_iter(args[0]) : value_iter_at_once(args[0]), item;
    if (value_is_null(iterator)) {
        if (error_matches(&exception_TypeError)) {
            error_clear();
            raise_type_error("argument of type '%T' is not iterable", args[0]);
        }
        return VALUE_NULL;
    }
    int64_t found = 0, i = 0;
    bool stop = false;
    for (; !stop && !value_is_null(item = value_next(iterator)); i++) {
        int equal = value_equals(item, args[1]);
        ref_release(item);
        found += equal > 0;
        stop = equal < 0 || (first && equal);
    }
    ref_release(iterator);
    if (error_occurred())
        return VALUE_NULL;
    if (first && !found)
        return raise_value_error("sequence.index(x): x not in sequence");
    return value_from_int(first ? i - 1 : found);
}
static Value count_of(Value self, const Value *args, size_t nargs) {
    return search(args, false);
}
static Value index_of(Value self, const Value *args, size_t nargs) {
    return search(args, true);
}

static Value length_hint(Value self, const Value *args, size_t nargs) {
    int64_t fallback = 0;
    if (nargs > 1 && size_argument(args[1], &fallback) < 0)
        return VALUE_NULL;
    int64_t hint = value_length_hint(args[0], fallback);
    return hint < 0 && error_occurred() ? VALUE_NULL : int_from_i64(hint);
}

static Value call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 1)
        return raise_type_error("call expected at least 1 argument, got 0");
    return value_call(args[0], args + 1, nargs - 1, kwnames);
}

// In a time that depends on b's length alone.
static bool equal_in_constant_time(const uint8_t *a, int64_t a_length, const uint8_t *b,
                                   int64_t b_length) {
    volatile const uint8_t *left = a_length == b_length ? a : b, *right = b;
    volatile uint8_t difference = a_length == b_length ? 0 : 1;
    for (int64_t i = 0; i < b_length; i++)
        difference |= left[i] ^ right[i];
    return difference == 0;
}

static Value compare_digest(Value self, const Value *args, size_t nargs) {
    Value a = args[0], b = args[1];
    if (value_is_str(a) && value_is_str(b)) {
        if (!str_is_ascii(a) || !str_is_ascii(b))
            return raise_type_error("comparing strings with non-ASCII characters is not supported");
        return bool_new(
            equal_in_constant_time(str_data(a), str_length(a), str_data(b), str_length(b)));
    }
    if (!value_type(a)->get_buffer || !value_type(b)->get_buffer)
        return raise_type_error(
            "unsupported operand types(s) or combination of types: '%T' and '%T'", a, b);
    BufferView left, right;
    if (buffer_view_get_brief(a, &left) < 0)
        return VALUE_NULL;
    if (buffer_view_get_brief(b, &right) < 0) {
        buffer_view_release(&left);
        return VALUE_NULL;
    }
    bool equal = equal_in_constant_time(left.data, left.length, right.data, right.length);
    buffer_view_release(&left);
    buffer_view_release(&right);
    return bool_new(equal);
}

static const NativeDef operator_functions[] = {
    DEF_ONE("truth", truth, "The truth of a."),
    DEF_FIXED("contains", contains, 2, 2, "b in a"),
    DEF_FIXED("indexOf", index_of, 2, 2, "Position of the first b in a."),
    DEF_FIXED("countOf", count_of, 2, 2, "How many items of a equal b."),
    DEF_FIXED("is_", is_, 2, 2, "a is b"),
    DEF_FIXED("is_not", is_not, 2, 2, "a is not b"),
    DEF_FIXED("add", add, 2, 2, "a + b"),
    DEF_FIXED("sub", subtract, 2, 2, "a - b"),
    DEF_FIXED("mul", multiply, 2, 2, "a * b"),
    DEF_FIXED("matmul", matmul, 2, 2, "a @ b"),
    DEF_FIXED("floordiv", floordiv, 2, 2, "a // b"),
    DEF_FIXED("truediv", truediv, 2, 2, "a / b"),
    DEF_FIXED("mod", modulo, 2, 2, "a % b"),
    DEF_ONE("neg", negative, "-a"),
    DEF_ONE("pos", positive, "+a"),
    DEF_ONE("abs", absolute, "abs(a)"),
    DEF_ONE("inv", invert, "~a"),
    DEF_ONE("invert", invert, "~a"),
    DEF_FIXED("lshift", lshift, 2, 2, "a << b"),
    DEF_FIXED("rshift", rshift, 2, 2, "a >> b"),
    DEF_ONE("not_", not_, "not a"),
    DEF_FIXED("and_", and_, 2, 2, "a & b"),
    DEF_FIXED("xor", xor_, 2, 2, "a ^ b"),
    DEF_FIXED("or_", or_, 2, 2, "a | b"),
    DEF_FIXED("pow", power, 2, 2, "a ** b"),
    DEF_FIXED("iadd", iadd, 2, 2, "a += b"),
    DEF_FIXED("isub", isubtract, 2, 2, "a -= b"),
    DEF_FIXED("imul", imultiply, 2, 2, "a *= b"),
    DEF_FIXED("imatmul", imatmul, 2, 2, "a @= b"),
    DEF_FIXED("ifloordiv", ifloordiv, 2, 2, "a //= b"),
    DEF_FIXED("itruediv", itruediv, 2, 2, "a /= b"),
    DEF_FIXED("imod", imodulo, 2, 2, "a %= b"),
    DEF_FIXED("ilshift", ilshift, 2, 2, "a <<= b"),
    DEF_FIXED("irshift", irshift, 2, 2, "a >>= b"),
    DEF_FIXED("iand", iand_, 2, 2, "a &= b"),
    DEF_FIXED("ixor", ixor_, 2, 2, "a ^= b"),
    DEF_FIXED("ior", ior_, 2, 2, "a |= b"),
    DEF_FIXED("ipow", ipower, 2, 2, "a **= b"),
    DEF_FIXED("concat", concat, 2, 2, "a + b of sequences"),
    DEF_FIXED("iconcat", iconcat, 2, 2, "a += b of sequences"),
    DEF_FIXED("getitem", getitem, 2, 2, "a[b]"),
    DEF_FIXED("setitem", setitem, 3, 3, "a[b] = c"),
    DEF_FIXED("delitem", delitem, 2, 2, "del a[b]"),
    DEF_FIXED("lt", lt, 2, 2, "a < b"),
    DEF_FIXED("le", le, 2, 2, "a <= b"),
    DEF_FIXED("eq", eq, 2, 2, "a == b"),
    DEF_FIXED("ne", ne, 2, 2, "a != b"),
    DEF_FIXED("gt", gt, 2, 2, "a > b"),
    DEF_FIXED("ge", ge, 2, 2, "a >= b"),
    DEF_ONE("index", index_of_int, "a.__index__()"),
    DEF_FIXED("length_hint", length_hint, 1, 2,
              "length_hint($module, obj, default=0, /)\n--\n\n"
              "A guess at the number of items in obj."),
    DEF_VECTOR("call", call, "call($module, obj, /, *args, **kwargs)\n--\n\nobj(*args, **kwargs)"),
    DEF_FIXED("_compare_digest", compare_digest, 2, 2,
              "_compare_digest($module, a, b, /)\n--\n\n"
              "a == b in a time that does not tell where they differ."),
    DEF_END,
};

static int operator_fill(Value module) {
    return module_add_type(module, &itemgetter_type) < 0 ||
                   module_add_type(module, &attrgetter_type) < 0 ||
                   module_add_type(module, &methodcaller_type) < 0
               ? -1
               : 0;
}

const NativeModule module_operator = {
    .name = "_operator",
    .doc = "The operators of Python as functions.",
    .functions = operator_functions,
    .fill = operator_fill,
};
