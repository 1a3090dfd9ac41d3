// SPDX-License-Identifier: MIT
//
// Part of the text of the interpreter's loop, which interp.c includes within the function: the
// instructions for operators and comparisons. Its invariants are those of interp.c.

// ---- operators -----------------------------------------------------------------------
#define ARITHMETIC(name, builtin, float_operator, operation, in_place)                             \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c))) {                                                        \
            int64_t r;                                                                             \
            if (LIKELY(!builtin)) {                                                                \
                SET(A, ((Value){(uint64_t)r}));                                                    \
                NEXT(1);                                                                           \
            }                                                                                      \
        } else {                                                                                   \
            double x, y;                                                                           \
            if (float_operands(b, c, &x, &y))                                                      \
                FLOAT_RESULT(x float_operator y);                                                  \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, operation, in_place));                                         \
        NEXT(1);                                                                                   \
    }
// Tagged arithmetic: (2x+1) - 1 + (2y+1) = 2(x+y)+1, and so on.
#define TAGGED_ADD __builtin_add_overflow((int64_t)(b.bits - 1), (int64_t)c.bits, &r)
#define TAGGED_SUBTRACT __builtin_sub_overflow((int64_t)b.bits, (int64_t)(c.bits - 1), &r)
#define TAGGED_MULTIPLY                                                                            \
    (__builtin_mul_overflow((int64_t)(b.bits - 1), value_int(c), &r) || (r |= 1, false))
ARITHMETIC(ADD, TAGGED_ADD, +, BINARY_ADD, false)
ARITHMETIC(SUBTRACT, TAGGED_SUBTRACT, -, BINARY_SUBTRACT, false)
ARITHMETIC(MULTIPLY, TAGGED_MULTIPLY, *, BINARY_MULTIPLY, false)
ARITHMETIC(INPLACE_ADD, TAGGED_ADD, +, BINARY_ADD, true)
ARITHMETIC(INPLACE_SUBTRACT, TAGGED_SUBTRACT, -, BINARY_SUBTRACT, true)
ARITHMETIC(INPLACE_MULTIPLY, TAGGED_MULTIPLY, *, BINARY_MULTIPLY, true)

#define ARITHMETIC_INT(name, builtin, float_operator, operation, in_place)                         \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B];                                                                            \
        int64_t n = IMMEDIATE_C, r;                                                                \
        if (LIKELY(value_is_int(b))) {                                                             \
            if (LIKELY(!builtin)) {                                                                \
                SET(A, ((Value){(uint64_t)r}));                                                    \
                NEXT(1);                                                                           \
            }                                                                                      \
        } else if (value_is_flonum(b))                                                             \
            FLOAT_RESULT(value_flonum(b) float_operator(double) n);                                \
        SLOW(slow_binary_int(frame, pc, operation, in_place));                                     \
        NEXT(1);                                                                                   \
    }
ARITHMETIC_INT(ADD_INT, __builtin_add_overflow((int64_t)b.bits, n * 2, &r), +, BINARY_ADD, false)
ARITHMETIC_INT(SUBTRACT_INT, __builtin_sub_overflow((int64_t)b.bits, n * 2, &r), -, BINARY_SUBTRACT,
               false)
ARITHMETIC_INT(MULTIPLY_INT,
               (__builtin_mul_overflow((int64_t)(b.bits - 1), n, &r) || (r |= 1, false)), *,
               BINARY_MULTIPLY, false)
ARITHMETIC_INT(INPLACE_ADD_INT, __builtin_add_overflow((int64_t)b.bits, n * 2, &r), +, BINARY_ADD,
               true)
ARITHMETIC_INT(INPLACE_SUBTRACT_INT, __builtin_sub_overflow((int64_t)b.bits, n * 2, &r), -,
               BINARY_SUBTRACT, true)

#define DIVISION(name, function, operation, in_place)                                              \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c))) {                                                        \
            int64_t n = value_int(b), d = value_int(c);                                            \
            if (LIKELY(d > 0)) {                                                                   \
                SET(A, value_from_int(function(n, d)));                                            \
                NEXT(1);                                                                           \
            }                                                                                      \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, operation, in_place));                                         \
        NEXT(1);                                                                                   \
    }
DIVISION(FLOOR_DIVIDE, floor_div, BINARY_FLOOR_DIVIDE, false)
DIVISION(MODULO, floor_mod, BINARY_MODULO, false)
DIVISION(INPLACE_FLOOR_DIVIDE, floor_div, BINARY_FLOOR_DIVIDE, true)
DIVISION(INPLACE_MODULO, floor_mod, BINARY_MODULO, true)

#define DIVISION_INT(name, function, operation)                                                    \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B];                                                                            \
        int64_t d = IMMEDIATE_C;                                                                   \
        if (LIKELY(value_is_int(b) && d > 0)) {                                                    \
            SET(A, value_from_int(function(value_int(b), d)));                                     \
            NEXT(1);                                                                               \
        }                                                                                          \
        SLOW(slow_binary_int(frame, pc, operation, false));                                        \
        NEXT(1);                                                                                   \
    }
DIVISION_INT(FLOOR_DIVIDE_INT, floor_div, BINARY_FLOOR_DIVIDE)
DIVISION_INT(MODULO_INT, floor_mod, BINARY_MODULO)

#define TRUE_DIVISION(name, in_place)                                                              \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        double x, y;                                                                               \
        if (LIKELY(float_operands(b, c, &x, &y) && y != 0.0))                                      \
            FLOAT_RESULT(x / y);                                                                   \
        else if (value_both_int(b, c)) {                                                           \
            const int64_t exact = (int64_t)1 << 53;                                                \
            int64_t n = value_int(b), d = value_int(c);                                            \
            if (LIKELY(d != 0 && n >= -exact && n <= exact && d >= -exact && d <= exact))          \
                FLOAT_RESULT((double)n / (double)d);                                               \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, BINARY_TRUE_DIVIDE, in_place));                                \
        NEXT(1);                                                                                   \
    }
TRUE_DIVISION(TRUE_DIVIDE, false)
TRUE_DIVISION(INPLACE_TRUE_DIVIDE, true)

#define BITWISE(name, expression, operation, in_place)                                             \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c))) {                                                        \
            SET(A, ((Value){expression}));                                                         \
            NEXT(1);                                                                               \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, operation, in_place));                                         \
        NEXT(1);                                                                                   \
    }
BITWISE(AND, b.bits &c.bits, BINARY_AND, false)
BITWISE(OR, b.bits | c.bits, BINARY_OR, false)
BITWISE(XOR, (b.bits ^ c.bits) | 1, BINARY_XOR, false)
BITWISE(INPLACE_AND, b.bits &c.bits, BINARY_AND, true)
BITWISE(INPLACE_OR, b.bits | c.bits, BINARY_OR, true)
BITWISE(INPLACE_XOR, (b.bits ^ c.bits) | 1, BINARY_XOR, true)
TARGET(AND_INT)
{
    Value b = R[B];
    if (LIKELY(value_is_int(b))) {
        SET(A, value_from_int(value_int(b) & IMMEDIATE_C));
        NEXT(1);
    }
    SLOW(slow_binary_int(frame, pc, BINARY_AND, false));
    NEXT(1);
}

#define SHIFT(name, get_count, slow, operation, left, in_place)                                    \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B];                                                                            \
        get_count;                                                                                 \
        if (LIKELY(value_is_int(b) && count >= 0)) {                                               \
            int64_t n = value_int(b);                                                              \
            if (!left) {                                                                           \
                SET(A, value_from_int(n >> (count > 63 ? 63 : count)));                            \
                NEXT(1);                                                                           \
            }                                                                                      \
            if (count < 62 && n <= (VALUE_INT_MAX >> count) && n >= (VALUE_INT_MIN >> count)) {    \
                SET(A, value_from_int((int64_t)((uint64_t)n << count)));                           \
                NEXT(1);                                                                           \
            }                                                                                      \
        }                                                                                          \
        SLOW(slow(frame, pc, operation, in_place));                                                \
        NEXT(1);                                                                                   \
    }
#define COUNT_C int64_t count = value_is_int(R[C]) ? value_int(R[C]) : -1
#define COUNT_IMMEDIATE int64_t count = IMMEDIATE_C
SHIFT(LSHIFT, COUNT_C, slow_binary, BINARY_LSHIFT, true, false)
SHIFT(RSHIFT, COUNT_C, slow_binary, BINARY_RSHIFT, false, false)
SHIFT(INPLACE_LSHIFT, COUNT_C, slow_binary, BINARY_LSHIFT, true, true)
SHIFT(INPLACE_RSHIFT, COUNT_C, slow_binary, BINARY_RSHIFT, false, true)
SHIFT(LSHIFT_INT, COUNT_IMMEDIATE, slow_binary_int, BINARY_LSHIFT, true, false)
SHIFT(RSHIFT_INT, COUNT_IMMEDIATE, slow_binary_int, BINARY_RSHIFT, false, false)

#define RARE_BINARY(name, operation, in_place)                                                     \
    TARGET(name)                                                                                   \
    SLOW(slow_binary(frame, pc, operation, in_place));                                             \
    NEXT(1);
RARE_BINARY(POWER, BINARY_POWER, false)
RARE_BINARY(INPLACE_POWER, BINARY_POWER, true)
RARE_BINARY(MATRIX_MULTIPLY, BINARY_MATRIX_MULTIPLY, false)
RARE_BINARY(INPLACE_MATRIX_MULTIPLY, BINARY_MATRIX_MULTIPLY, true)

TARGET(NEGATIVE)
{
    Value b = R[B];
    if (LIKELY(value_is_int(b) && value_int(b) != VALUE_INT_MIN)) {
        SET(A, value_from_int(-value_int(b)));
        NEXT(1);
    }
    if (value_is_flonum(b))
        FLOAT_RESULT(-value_flonum(b));
    SLOW(slow_unary(frame, pc, value_negative));
    NEXT(1);
}
TARGET(POSITIVE)
SLOW(slow_unary(frame, pc, value_positive));
NEXT(1);
TARGET(INVERT)
if (LIKELY(value_is_int(R[B]))) {
    SET(A, value_from_int(~value_int(R[B])));
    NEXT(1);
}
SLOW(slow_unary(frame, pc, value_invert));
NEXT(1);

// ---- comparisons ---------------------------------------------------------------------
#define COMPARISON(name, operator, operation)                                                      \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c)))                                                          \
            SET(A, reg_new_static(value_from_bool((int64_t)b.bits operator(int64_t) c.bits)));     \
        else if (both_flonum(b, c))                                                                \
            SET(A, reg_new_static(value_from_bool(value_flonum(b) operator value_flonum(c))));     \
        else                                                                                       \
            SLOW(slow_compare(frame, pc, operation));                                              \
        NEXT(1);                                                                                   \
    }
COMPARISON(LT, <, COMPARE_LT)
COMPARISON(LE, <=, COMPARE_LE)
COMPARISON(EQ, ==, COMPARE_EQ)
COMPARISON(NE, !=, COMPARE_NE)
COMPARISON(GT, >, COMPARE_GT)
COMPARISON(GE, >=, COMPARE_GE)

// Conditional jumps. Those with sense true may go back: they have a safepoint.
#define CONDITION(name, operator, operation, sense, safepoint)                                     \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value a = R[A], b = R[B];                                                                  \
        bool truth;                                                                                \
        if (LIKELY(value_both_int(a, b)))                                                          \
            truth = (int64_t)a.bits operator(int64_t) b.bits;                                      \
        else if (both_flonum(a, b))                                                                \
            truth = value_flonum(a) operator value_flonum(b);                                      \
        else {                                                                                     \
            SAVE();                                                                                \
            int status = slow_condition(frame, pc, operation);                                     \
            if (UNLIKELY(status < 0))                                                              \
                goto error;                                                                        \
            truth = status;                                                                        \
        }                                                                                          \
        if (truth == sense) {                                                                      \
            JUMP_C();                                                                              \
            safepoint;                                                                             \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }                                                                                              \
    TARGET(name##_INT)                                                                             \
    {                                                                                              \
        Value a = R[A];                                                                            \
        int64_t b = IMMEDIATE_B;                                                                   \
        bool truth;                                                                                \
        if (LIKELY(value_is_int(a)))                                                               \
            truth = value_int(a) operator b;                                                       \
        else if (value_is_flonum(a))                                                               \
            truth = value_flonum(a) operator(double) b;                                            \
        else {                                                                                     \
            SAVE();                                                                                \
            int status = slow_condition_int(frame, pc, operation);                                 \
            if (UNLIKELY(status < 0))                                                              \
                goto error;                                                                        \
            truth = status;                                                                        \
        }                                                                                          \
        if (truth == sense) {                                                                      \
            JUMP_C();                                                                              \
            safepoint;                                                                             \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
CONDITION(IF_LT, <, COMPARE_LT, true, SAFEPOINT())
CONDITION(IF_LE, <=, COMPARE_LE, true, SAFEPOINT())
CONDITION(IF_EQ, ==, COMPARE_EQ, true, SAFEPOINT())
CONDITION(IF_NE, !=, COMPARE_NE, true, SAFEPOINT())
CONDITION(IF_GT, >, COMPARE_GT, true, SAFEPOINT())
CONDITION(IF_GE, >=, COMPARE_GE, true, SAFEPOINT())
CONDITION(IF_NOT_LT, <, COMPARE_LT, false, (void)0)
CONDITION(IF_NOT_LE, <=, COMPARE_LE, false, (void)0)
CONDITION(IF_NOT_EQ, ==, COMPARE_EQ, false, (void)0)
CONDITION(IF_NOT_NE, !=, COMPARE_NE, false, (void)0)
CONDITION(IF_NOT_GT, >, COMPARE_GT, false, (void)0)
CONDITION(IF_NOT_GE, >=, COMPARE_GE, false, (void)0)

#define IDENTITY_VALUE(name, operator)                                                             \
    TARGET(name)                                                                                   \
    {                                                                                              \
        bool same = R[B].bits operator R[C].bits;                                                  \
        CONSUME_UNLESS_SET(B);                                                                     \
        CONSUME_UNLESS_SET(C);                                                                     \
        SET(A, reg_new_static(value_from_bool(same)));                                             \
        NEXT(1);                                                                                   \
    }
IDENTITY_VALUE(IS, ==)
IDENTITY_VALUE(IS_NOT, !=)
#define IDENTITY_CONDITION(name, operator)                                                         \
    TARGET(name)                                                                                   \
    {                                                                                              \
        bool truth = R[A].bits operator R[B].bits;                                                 \
        CONSUME(A);                                                                                \
        CONSUME(B);                                                                                \
        if (truth) {                                                                               \
            JUMP_C();                                                                              \
            SAFEPOINT();                                                                           \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
IDENTITY_CONDITION(IF_IS, ==)
IDENTITY_CONDITION(IF_IS_NOT, !=)
#define CONTAINS_VALUE(name, negate)                                                               \
    TARGET(name)                                                                                   \
    {                                                                                              \
        SAVE();                                                                                    \
        int status = contains(R[C], R[B]);                                                         \
        if (UNLIKELY(status < 0))                                                                  \
            goto error;                                                                            \
        CONSUME_UNLESS_SET(B);                                                                     \
        CONSUME_UNLESS_SET(C);                                                                     \
        SET(A, reg_new_static(value_from_bool(status != negate)));                                 \
        NEXT(1);                                                                                   \
    }
CONTAINS_VALUE(IN, 0)
CONTAINS_VALUE(NOT_IN, 1)
#define CONTAINS_CONDITION(name, negate)                                                           \
    TARGET(name)                                                                                   \
    {                                                                                              \
        SAVE();                                                                                    \
        int status = contains(R[B], R[A]);                                                         \
        if (UNLIKELY(status < 0))                                                                  \
            goto error;                                                                            \
        CONSUME(A);                                                                                \
        CONSUME(B);                                                                                \
        if (status != negate) {                                                                    \
            JUMP_C();                                                                              \
            SAFEPOINT();                                                                           \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
CONTAINS_CONDITION(IF_IN, 0)
CONTAINS_CONDITION(IF_NOT_IN, 1)
