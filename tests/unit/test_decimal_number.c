// SPDX-License-Identifier: MIT
//
// Decimal numbers: every function against a table of results and signals (decimal_rows.h), text,
// digits and scaling at each power of ten, and what takes more memory than there is.
#include "vm/modules/decimal_internal.h"
#include "vm/runtime/thread.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static void start(void) {
    static bool started;
    if (!started) {
        started = true;
        thread_start_main();
    }
}

#define PLAIN(rounding_)                                                                           \
    { 3, 5, -5, DECIMAL_ROUND_##rounding_, false, 0 }
static const DecimalSettings nine = {9, 999, -999, DECIMAL_ROUND_HALF_EVEN, false, 0},
                             usual = {28, 999999, -999999, DECIMAL_ROUND_HALF_EVEN, false, 0},
                             wide = {50, 999999, -999999, DECIMAL_ROUND_HALF_EVEN, false, 0},
                             long_precision = {120,   999999, -999999, DECIMAL_ROUND_HALF_EVEN,
                                               false, 0},
                             single = {7, 96, -95, DECIMAL_ROUND_HALF_EVEN, true, 0},
                             one = {1, 0, 0, DECIMAL_ROUND_HALF_EVEN, false, 0},
                             tiny = PLAIN(HALF_EVEN), up = PLAIN(UP), down = PLAIN(DOWN),
                             ceiling = PLAIN(CEILING), floor_ = PLAIN(FLOOR),
                             half_up = PLAIN(HALF_UP), half_down = PLAIN(HALF_DOWN),
                             zero_five = PLAIN(05UP);

typedef struct {
    const DecimalSettings *settings;
    const char *operation; // with its operands
    const char *result, *signals;
} Row;

#include "decimal_rows.h"

static const struct {
    const char *name;
    DecimalUnary *function;
} unaries[] = {{"plus", decimal_plus},
               {"minus", decimal_minus},
               {"abs", decimal_absolute},
               {"next_minus", decimal_next_minus},
               {"next_plus", decimal_next_plus},
               {"normalize", decimal_normalize},
               {"logb", decimal_logb},
               {"logical_invert", decimal_invert},
               {"to_integral_exact", decimal_to_integral_exact},
               {"to_integral_value", decimal_to_integral_value},
               {"sqrt", decimal_square_root},
               {"exp", decimal_exp},
               {"ln", decimal_ln},
               {"log10", decimal_log10}};
static const struct {
    const char *name;
    DecimalBinary *function;
} binaries[] = {{"add", decimal_add},
                {"subtract", decimal_subtract},
                {"multiply", decimal_multiply},
                {"divide", decimal_divide},
                {"divide_int", decimal_divide_integer},
                {"remainder", decimal_remainder},
                {"remainder_near", decimal_remainder_near},
                {"compare", decimal_compare},
                {"compare_signal", decimal_compare_signal},
                {"compare_total", decimal_compare_total},
                {"compare_total_mag", decimal_compare_total_magnitude},
                {"max", decimal_max},
                {"max_mag", decimal_max_magnitude},
                {"min", decimal_min},
                {"min_mag", decimal_min_magnitude},
                {"next_toward", decimal_next_toward},
                {"quantize", decimal_quantize},
                {"scaleb", decimal_scaleb},
                {"shift", decimal_shift},
                {"rotate", decimal_rotate},
                {"logical_and", decimal_and},
                {"logical_or", decimal_or},
                {"logical_xor", decimal_xor},
                {"power", decimal_power}};

// ---- helpers ----------------------------------------------------------------------------------

static void parse(DecimalNumber *n, const char *text, size_t length) {
    uint32_t status = 0;
    decimal_init(n);
    ck_assert_int_eq(decimal_from_text(n, text, length, &status), 0);
    ck_assert_uint_eq(status, 0);
}

// The invariant of every number.
static void check_number(const DecimalNumber *n) {
    ck_assert_int_le(n->count, n->room);
    ck_assert(n->count == 0 || n->limbs[n->count - 1] != 0);
    if (n->count == 0) {
        ck_assert_int_eq(n->digits, 1);
    } else {
        char *digits = malloc((size_t)n->count * 20 + 2);
        mp_limb_t *copy = malloc((size_t)(n->count + 1) * sizeof *copy);
        memcpy(copy, n->limbs, (size_t)n->count * sizeof *copy);
        size_t length = mpn_get_str((unsigned char *)digits, 10, copy, n->count);
        ck_assert_int_eq(n->digits, (int64_t)length - (digits[0] == 0));
        free(digits);
        free(copy);
    }
    if (n->kind != DECIMAL_FINITE)
        ck_assert_int_eq(n->exponent, 0);
}

static void append_text(char *out, size_t room, const DecimalNumber *n) {
    DecimalView view = decimal_view(n);
    char *text;
    size_t length, used = strlen(out);
    check_number(n);
    ck_assert_int_eq(decimal_to_text(&view, false, true, &text, &length), 0);
    ck_assert_uint_eq(strlen(text), length);
    snprintf(out + used, room - used, "%s%s", used ? " " : "", text);
    buffer_free(text);
}

static void signals_text(char *out, uint32_t status) {
    static const struct {
        uint32_t bits;
        char letter;
    } signals[] = {{DECIMAL_CLAMPED, 'C'},   {DECIMAL_DIVISION_BY_ZERO, 'Z'},
                   {DECIMAL_INEXACT, 'I'},   {DECIMAL_ROUNDED, 'R'},
                   {DECIMAL_SUBNORMAL, 'S'}, {DECIMAL_OVERFLOW, 'O'},
                   {DECIMAL_UNDERFLOW, 'U'}, {DECIMAL_INVALID_CLASSES, 'X'}};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (status & signals[i].bits)
            *out++ = signals[i].letter;
    *out = '\0';
}

static int run(const char *name, DecimalNumber *result, DecimalNumber *second,
               const DecimalView *operands, DecimalSettings *s) {
    for (size_t i = 0; i < sizeof unaries / sizeof unaries[0]; i++)
        if (strcmp(name, unaries[i].name) == 0)
            return unaries[i].function(result, operands, s);
    for (size_t i = 0; i < sizeof binaries / sizeof binaries[0]; i++)
        if (strcmp(name, binaries[i].name) == 0)
            return binaries[i].function(result, operands, operands + 1, s);
    if (strcmp(name, "fma") == 0)
        return decimal_fma(result, operands, operands + 1, operands + 2, s);
    if (strcmp(name, "powmod") == 0)
        return decimal_power_modulo(result, operands, operands + 1, operands + 2, s);
    ck_assert_str_eq(name, "divmod");
    return decimal_divmod(result, second, operands, operands + 1, s);
}

// ---- the table --------------------------------------------------------------------------------

static void check_row(const Row *row) {
    char operation[600], got[600] = "", signals[16];
    DecimalNumber numbers[3], result, second;
    DecimalView operands[3];
    DecimalSettings s = *row->settings;
    snprintf(operation, sizeof operation, "%s", row->operation);
    char *rest, *name = strtok_r(operation, " ", &rest);
    int count = 0;
    for (char *text; (text = strtok_r(NULL, " ", &rest)); count++) {
        parse(&numbers[count], text, strlen(text));
        check_number(&numbers[count]);
        operands[count] = decimal_view(&numbers[count]);
    }
    decimal_init(&result);
    decimal_init(&second);
    ck_assert_int_eq(run(name, &result, &second, operands, &s), 0);
    append_text(got, sizeof got, &result);
    if (strcmp(name, "divmod") == 0)
        append_text(got, sizeof got, &second);
    signals_text(signals, s.status);
    if (strcmp(got, row->result) != 0 || strcmp(signals, row->signals) != 0)
        ck_abort_msg("%s: %s %s, not %s %s", row->operation, got, signals, row->result,
                     row->signals);
    for (int i = 0; i < count; i++)
        decimal_clear(&numbers[i]);
    decimal_clear(&result);
    decimal_clear(&second);
}

START_TEST(table) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i]);
}
END_TEST

// ---- text -------------------------------------------------------------------------------------

START_TEST(text_there_and_back) {
    static const struct {
        const char *text, *scientific, *engineering;
    } cases[] = {
        {"0", "0", "0"},
        {"-0", "-0", "-0"},
        {"00012", "12", "12"},
        {"1.50", "1.50", "1.50"},
        {".5", "0.5", "0.5"},
        {"5.", "5", "5"},
        {"+1e5", "1E+5", "100E+3"},
        {"1E-6", "0.000001", "0.000001"},
        {"1E-7", "1E-7", "100E-9"},
        {"12e-9", "1.2E-8", "12E-9"},
        {"0e1", "0E+1", "0.00E+3"},
        {"0E2", "0E+2", "0.0E+3"},
        {"0E-7", "0E-7", "0.0E-6"},
        {"0E-8", "0E-8", "0.00E-6"},
        {"123.456E3", "123456", "123456"},
        {"12345E10", "1.2345E+14", "123.45E+12"},
        {"-inf", "-Infinity", "-Infinity"},
        {"Infinity", "Infinity", "Infinity"},
        {"nAn", "NaN", "NaN"},
        {"-snan0012", "-sNaN12", "-sNaN12"},
        {"NaN000", "NaN", "NaN"},
        {"1E+999999999999999999", "1E+999999999999999999", "1E+999999999999999999"},
        {"99999999999999999999999999999999999999999999.000000000000000000000000000000001",
         "99999999999999999999999999999999999999999999.000000000000000000000000000000001",
         "99999999999999999999999999999999999999999999.000000000000000000000000000000001"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int engineering = 0; engineering < 2; engineering++) {
            DecimalNumber n;
            char *text;
            size_t length;
            parse(&n, cases[i].text, strlen(cases[i].text));
            check_number(&n);
            DecimalView view = decimal_view(&n);
            ck_assert_int_eq(decimal_to_text(&view, engineering, true, &text, &length), 0);
            ck_assert_str_eq(text, engineering ? cases[i].engineering : cases[i].scientific);
            buffer_free(text);
            decimal_clear(&n);
        }
}
END_TEST

START_TEST(what_is_no_number) {
    static const char *const cases[] = {
        "",    "+",   ".",  "-.",   "e5",        "1e", "1e+",   "1e5x",   "1.2.", "1 ",   " 1",
        "--1", "1_0", "in", "infi", "infinityx", "na", "nan1x", "snan-1", "sinf", "0x10", "1e1.5"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DecimalNumber n;
        uint32_t status = 0;
        decimal_init(&n);
        ck_assert_int_eq(decimal_from_text(&n, cases[i], strlen(cases[i]), &status), 0);
        ck_assert_uint_eq(status, DECIMAL_CONVERSION_SYNTAX);
        ck_assert_uint_eq(n.kind, DECIMAL_QUIET_NAN);
    }
}
END_TEST

START_TEST(exponents_beyond_the_limits) {
    static const struct {
        const char *text;
        uint32_t status;   // of reading
        const char *usual; // what the usual settings make of it
    } cases[] = {{"1E+1000000000000000000", DECIMAL_OVERFLOW | DECIMAL_INEXACT | DECIMAL_ROUNDED,
                  "Infinity"},
                 {"-1E+99999999999999999999999",
                  DECIMAL_OVERFLOW | DECIMAL_INEXACT | DECIMAL_ROUNDED, "-Infinity"},
                 {"1E-99999999999999999999999", DECIMAL_SUBNORMAL | DECIMAL_ROUNDED, "0E-1000026"},
                 {"0E+99999999999999999999999", DECIMAL_CLAMPED, "0E+999999"},
                 {"-0E-99999999999999999999999", DECIMAL_CLAMPED, "-0E-1000026"},
                 {"1E-1999999999999999997", 0, "0E-1000026"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DecimalNumber n;
        DecimalSettings s = usual;
        uint32_t status = 0;
        char got[100] = "";
        decimal_init(&n);
        ck_assert_int_eq(decimal_from_text(&n, cases[i].text, strlen(cases[i].text), &status), 0);
        ck_assert_uint_eq(status, cases[i].status);
        ck_assert_int_eq(decimal_finish(&n, &s), 0);
        append_text(got, sizeof got, &n);
        ck_assert_str_eq(got, cases[i].usual);
    }
}
END_TEST

// ---- powers of ten ----------------------------------------------------------------------------

// 10^k and 10^k - 1, on both sides of the tables' ends.
START_TEST(digits_around_powers) {
    DecimalNumber power;
    decimal_init(&power);
    for (int64_t k = 0; k < 700; k++) {
        ck_assert_int_eq(decimal_power_of_ten(&power, k), 0);
        check_number(&power);
        ck_assert_int_eq(power.digits, k + 1);
        ck_assert_int_eq(decimal_settle(&power, power.count), 0);
        ck_assert_int_eq(power.digits, k + 1);
        mpn_sub_1(power.limbs, power.limbs, power.count, 1);
        ck_assert_int_eq(decimal_settle(&power, power.count), 0);
        ck_assert_int_eq(power.digits, k ? k : 1);
        check_number(&power);
    }
    decimal_clear(&power);
}
END_TEST

// n * 10^k + rest loses k digits: n, and what the rest is.
static void check_scaling(DecimalView n, int64_t k, int64_t more, DecimalRest expected) {
    DecimalNumber scaled, half;
    DecimalRest rest;
    decimal_init(&scaled);
    decimal_init(&half);
    ck_assert_int_eq(decimal_scale_up(&scaled, &n, k), 0);
    check_number(&scaled);
    if (expected != DECIMAL_REST_NONE) {
        // A half of 10^k, or one more or less than that.
        ck_assert_int_eq(decimal_power_of_ten(&half, k), 0);
        mpn_rshift(half.limbs, half.limbs, half.count, 1);
        ck_assert_int_eq(decimal_settle(&half, half.count), 0);
        ck_assert_int_eq(decimal_grow(&scaled, scaled.count + 1), 0);
        scaled.limbs[scaled.count] = 0;
        int64_t count = scaled.count + 1;
        mpn_add(scaled.limbs, scaled.limbs, count, half.limbs, half.count);
        if (more > 0)
            mpn_add_1(scaled.limbs, scaled.limbs, count, 1);
        if (more < 0)
            mpn_sub_1(scaled.limbs, scaled.limbs, count, 1);
        ck_assert_int_eq(decimal_settle(&scaled, count), 0);
    }
    ck_assert_int_eq(decimal_scale_down(&scaled, k, &rest), 0);
    check_number(&scaled);
    ck_assert_int_eq(rest, expected);
    ck_assert_int_eq(decimal_compare_magnitudes(scaled.limbs, scaled.count, n.limbs, n.count), 0);
    if (expected == DECIMAL_REST_NONE) {
        ck_assert_int_eq(decimal_scale_up(&scaled, &n, k), 0);
        scaled.exponent = 0;
        ck_assert_int_eq(decimal_strip(&scaled, k), 0); // n ends with no zero
        check_number(&scaled);
        ck_assert_int_eq(scaled.exponent, k);
        ck_assert_int_eq(decimal_compare_magnitudes(scaled.limbs, scaled.count, n.limbs, n.count),
                         0);
    }
    decimal_clear(&scaled);
    decimal_clear(&half);
}

START_TEST(scaling_up_and_down) {
    mp_limb_t limbs[9];
    for (int64_t count = 1; count <= 9; count++)
        for (int fill = 0; fill < 3; fill++) {
            for (int64_t i = 0; i < count; i++)
                limbs[i] = fill == 0   ? ~(mp_limb_t)0
                           : fill == 1 ? i == count - 1
                                       : 0x9e3779b97f4a7c15u * (mp_limb_t)(i + 3);
            limbs[0] |= 1;
            DecimalNumber n;
            decimal_init(&n);
            ck_assert_int_eq(decimal_from_limbs(&n, limbs, count, false, 0), 0);
            for (int64_t k = 1; k < 130; k += k < 80 ? 1 : 7) {
                check_scaling(decimal_view(&n), k, 0, DECIMAL_REST_NONE);
                check_scaling(decimal_view(&n), k, -1, DECIMAL_REST_BELOW);
                check_scaling(decimal_view(&n), k, 0, DECIMAL_REST_HALF);
                check_scaling(decimal_view(&n), k, 1, DECIMAL_REST_ABOVE);
            }
            decimal_clear(&n);
        }
}
END_TEST

START_TEST(division_undoes_multiplication) {
    mp_limb_t limbs[12];
    for (int64_t i = 0; i < 12; i++)
        limbs[i] = i % 4 == 2 ? ~(mp_limb_t)0 : 0xd1342543de82ef95u * (mp_limb_t)(i + 1);
    for (int64_t a = 1; a <= 6; a++)
        for (int64_t b = 1; b <= 6; b++) {
            DecimalNumber product, quotient;
            decimal_init(&product);
            decimal_init(&quotient);
            const mp_limb_t *left = limbs, *right = limbs + 12 - b;
            ck_assert_int_eq(decimal_multiply_limbs(&product, left, a, right, b), 0);
            check_number(&product);
            // The divisor less one is the largest remainder.
            ck_assert_int_eq(decimal_grow(&product, product.count + 1), 0);
            product.limbs[product.count] = 0;
            mpn_add(product.limbs, product.limbs, product.count + 1, right, b);
            mpn_sub_1(product.limbs, product.limbs, product.count + 1, 1);
            ck_assert_int_eq(decimal_settle(&product, product.count + 1), 0);
            ck_assert_int_eq(decimal_divide_limbs(&quotient, &product, right, b), 0);
            check_number(&quotient);
            check_number(&product);
            ck_assert_int_eq(decimal_compare_magnitudes(quotient.limbs, quotient.count, left, a),
                             0);
            mpn_add_1(product.limbs, product.limbs, product.count, 1);
            ck_assert_int_eq(decimal_compare_magnitudes(product.limbs, product.count, right, b), 0);
            decimal_clear(&product);
            decimal_clear(&quotient);
        }
}
END_TEST

// ---- limbs ------------------------------------------------------------------------------------

START_TEST(whole_numbers_as_limbs) {
    static const struct {
        const char *text;
        mp_limb_t limb;
    } cases[] = {{"0", 0},      {"0E+9", 0},    {"12.99", 12},         {"-7", 7},    {"0.9", 0},
                 {"3E+2", 300}, {"1E-9999", 0}, {"1234500E-2", 12345}, {"-99E-1", 9}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DecimalNumber n;
        mp_limb_t *limbs;
        int64_t count;
        parse(&n, cases[i].text, strlen(cases[i].text));
        DecimalView view = decimal_view(&n);
        ck_assert_int_eq(decimal_to_limbs(&view, &limbs, &count), 0);
        ck_assert_int_eq(count, cases[i].limb != 0);
        if (count)
            ck_assert_uint_eq(limbs[0], cases[i].limb);
        buffer_free(limbs);
    }
    DecimalNumber n;
    mp_limb_t *limbs;
    int64_t count;
    parse(&n, "1E+1000", 7);
    DecimalView view = decimal_view(&n);
    ck_assert_int_eq(decimal_to_limbs(&view, &limbs, &count), 0);
    decimal_clear(&n);
    ck_assert_int_eq(decimal_from_limbs(&n, limbs, count, true, -1000), 0);
    ck_assert_int_eq(n.digits, 1001);
    ck_assert_int_eq(decimal_strip(&n, INT64_MAX), 0);
    ck_assert_int_eq(n.exponent, 0);
    ck_assert_uint_eq(n.limbs[0], 1);
    buffer_free(limbs);
    decimal_clear(&n);
}
END_TEST

START_TEST(rescaling_ignores_the_precision) {
    DecimalNumber n, result;
    DecimalSettings s = tiny;
    char got[100] = "";
    decimal_init(&result);
    parse(&n, "12345.6785", 10);
    DecimalView view = decimal_view(&n);
    ck_assert_int_eq(decimal_rescale(&result, &view, -3, &s), 0);
    append_text(got, sizeof got, &result);
    ck_assert_str_eq(got, "12345.678");
    ck_assert_uint_eq(s.status, DECIMAL_ROUNDED | DECIMAL_INEXACT);
    got[0] = '\0';
    s.status = 0;
    ck_assert_int_eq(decimal_rescale(&result, &view, -6, &s), 0);
    append_text(got, sizeof got, &result);
    ck_assert_str_eq(got, "12345.678500");
    ck_assert_uint_eq(s.status, 0);
}
END_TEST

// ---- limits of memory -------------------------------------------------------------------------

START_TEST(what_no_memory_holds) {
    // At the largest precision what is exact is computed, the rest refused.
    static const struct {
        const char *operation, *result; // NULL: MemoryError
    } cases[] = {{"divide 1 1024", "0.0009765625"},
                 {"divide 1 3", NULL},
                 {"sqrt 40E9", "2.0E+5"},
                 {"sqrt 2", NULL},
                 {"power 400 -1", "0.0025"},
                 {"power 2 0.5", NULL},
                 {"exp 0", "1"},
                 {"exp 1", NULL},
                 {"ln 1", "0"},
                 {"ln 3", NULL},
                 {"log10 1000", "3"},
                 {"log10 3", NULL},
                 {"add 1 1E+9", "1000000001"},
                 {"add 1 1E+999999999999", NULL},
                 {"compare 1E+999999999999 1E-999999999999", "1"},
                 {"remainder 1E+999999999999 7", NULL},
                 {"quantize 1 1E-999999999999", NULL},
                 {"next_plus 1", NULL},
                 {"next_plus -Inf", NULL},
                 {"logical_invert 1", NULL},
                 {"rotate 1 -1", NULL},
                 {"rotate 1 3", "1000"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char operation[100], got[100] = "";
        DecimalNumber numbers[2], result;
        DecimalView operands[2];
        DecimalSettings s = decimal_widest();
        snprintf(operation, sizeof operation, "%s", cases[i].operation);
        char *rest, *name = strtok_r(operation, " ", &rest);
        int count = 0;
        for (char *text; (text = strtok_r(NULL, " ", &rest)); count++) {
            parse(&numbers[count], text, strlen(text));
            operands[count] = decimal_view(&numbers[count]);
        }
        decimal_init(&result);
        int done = run(name, &result, NULL, operands, &s);
        if (cases[i].result) {
            ck_assert_msg(done == 0, "%s", cases[i].operation);
            append_text(got, sizeof got, &result);
            ck_assert_str_eq(got, cases[i].result);
            ck_assert_uint_eq(s.status, 0);
        } else {
            ck_assert_msg(done == -1, "%s", cases[i].operation);
            ck_assert(error_occurred());
            error_clear();
        }
        decimal_clear(&result);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("decimal_number");
    TCase *tests = tcase_create("decimal_number");
    tcase_add_checked_fixture(tests, start, NULL);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, table);
    tcase_add_test(tests, text_there_and_back);
    tcase_add_test(tests, what_is_no_number);
    tcase_add_test(tests, exponents_beyond_the_limits);
    tcase_add_test(tests, digits_around_powers);
    tcase_add_test(tests, scaling_up_and_down);
    tcase_add_test(tests, division_undoes_multiplication);
    tcase_add_test(tests, whole_numbers_as_limbs);
    tcase_add_test(tests, rescaling_ignores_the_precision);
    tcase_add_test(tests, what_no_memory_holds);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
