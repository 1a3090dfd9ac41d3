// SPDX-License-Identifier: MIT
//
// The parts of `math` that are numerical methods of their own: gamma, exact sums, vector lengths.
#include "vm/modules/math_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/iterators.h"
#include <errno.h>
#include <math.h>

// ---- gamma -----------------------------------------------------------------------------
// Lanczos' approximation (SIAM J. Numer. Anal. 1, 1964) in its rational form, with the 13-term
// coefficients for doubles that J. Maddock computed for the Boost library; g = 6.0246...

#define PI 3.141592653589793238462643383279502884
#define LANCZOS_TERMS 13
static const double lanczos_g = 6.024680040776729583740234375;
static const double lanczos_g_minus_half = 5.524680040776729583740234375;
static const double lanczos_top[LANCZOS_TERMS] = {
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786772,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static const double lanczos_bottom[LANCZOS_TERMS] = {
    0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
    2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0};

static double lanczos_sum(double x) {
    double top = 0, bottom = 0;
    if (x < 5) {
        for (int i = LANCZOS_TERMS; --i >= 0;) {
            top = top * x + lanczos_top[i];
            bottom = bottom * x + lanczos_bottom[i];
        }
    } else { // in powers of 1/x, which cannot overflow
        for (int i = 0; i < LANCZOS_TERMS; i++) {
            top = top / x + lanczos_top[i];
            bottom = bottom / x + lanczos_bottom[i];
        }
    }
    return top / bottom;
}

// sin(pi * x), accurate near the zeros. x finite.
static double sine_of_pi_times(double x) {
    double y = fmod(fabs(x), 2.0), result;
    switch ((int)round(2.0 * y)) {
    case 0:
        result = sin(PI * y);
        break;
    case 1:
        result = cos(PI * (y - 0.5));
        break;
    case 2:
        result = sin(PI * (1.0 - y)); // not sin(pi * y) negated: keeps the sign of zero
        break;
    case 3:
        result = -cos(PI * (y - 1.5));
        break;
    default:
        result = sin(PI * (y - 2.0));
    }
    return copysign(1.0, x) * result;
}

double math_gamma(double x) {
    errno = 0;
    if (!isfinite(x)) {
        if (isnan(x) || x > 0)
            return x;
        errno = EDOM;
        return NAN;
    }
    if (x == 0) {
        errno = EDOM;
        return copysign(INFINITY, x);
    }
    if (x == floor(x)) {
        if (x < 0) {
            errno = EDOM;
            return NAN;
        }
        if (x <= 23) { // (x - 1)! is exact
            double product = 1;
            for (int i = 2; i < (int)x; i++)
                product *= i;
            return product;
        }
    }
    double size = fabs(x);
    if (size < 1e-20) {
        double result = 1.0 / x;
        if (isinf(result))
            errno = ERANGE;
        return result;
    }
    if (size > 200) {
        if (x < 0)
            return 0.0 / sine_of_pi_times(x);
        errno = ERANGE;
        return INFINITY;
    }
    // y is rounded; z corrects for what got lost.
    double y = size + lanczos_g_minus_half;
    double z = size > lanczos_g_minus_half ? (y - size) - lanczos_g_minus_half
                                           : (y - lanczos_g_minus_half) - size;
    z = z * lanczos_g / y;
    double result;
    if (x < 0) {
        result = -PI / sine_of_pi_times(size) / size * exp(y) / lanczos_sum(size);
        result -= z * result;
        if (size < 140) {
            result /= pow(y, size - 0.5);
        } else { // in two halves, neither of which overflows
            double half = pow(y, size / 2 - 0.25);
            result /= half;
            result /= half;
        }
    } else {
        result = lanczos_sum(size) / exp(y);
        result += z * result;
        if (size < 140) {
            result *= pow(y, size - 0.5);
        } else {
            double half = pow(y, size / 2 - 0.25);
            result *= half;
            result *= half;
        }
    }
    if (isinf(result))
        errno = ERANGE;
    return result;
}

double math_lgamma(double x) {
    const double log_pi = 1.144729885849400174143427351353058711647;
    errno = 0;
    if (!isfinite(x))
        return isnan(x) ? x : INFINITY;
    if (x == floor(x) && x <= 2) {
        if (x <= 0) {
            errno = EDOM;
            return INFINITY;
        }
        return 0;
    }
    double size = fabs(x);
    if (size < 1e-20)
        return -log(size);
    double result = log(lanczos_sum(size)) - lanczos_g;
    result += (size - 0.5) * (log(size + lanczos_g - 0.5) - 1);
    if (x < 0)
        result = log_pi - log(fabs(sine_of_pi_times(size))) - log(size) - result;
    if (isinf(result))
        errno = ERANGE;
    return result;
}

// ---- lengths ---------------------------------------------------------------------------

// Adds a to the unevaluated sum *high + *low (Knuth's two-sum).
static inline void add_exactly(double a, double *high, double *low) {
    double sum = *high + a, part = sum - *high;
    *low += (*high - (sum - part)) + (a - part);
    *high = sum;
}

double math_norm(const double *values, int64_t count, double max, bool has_nan) {
    if (isinf(max))
        return max;
    if (has_nan)
        return NAN;
    if (max == 0 || count <= 1)
        return max;
    // Scaled by a power of two so that the largest is in [0.5, 1): squares neither overflow nor
    // lose what counts. Squares are exact as pairs, their sum nearly so, and one step of Newton's
    // method repairs the root's rounding.
    int exponent;
    frexp(max, &exponent);
    double high = 0, low = 0;
    for (int64_t i = 0; i < count; i++) {
        double x = ldexp(values[i], -exponent), square = x * x;
        add_exactly(square, &high, &low);
        low += fma(x, x, -square);
    }
    double root = sqrt(high + low);
    double rest = fma(-root, root, high) + low;
    return ldexp(root + rest / (2 * root), exponent);
}

// ---- fsum ------------------------------------------------------------------------------

// The partial sums of Shewchuk's exact addition (Discrete Comput. Geom. 18, 1997): increasing in
// size, their bits do not overlap, their sum is exact.
typedef struct {
    double *items;
    int64_t count, capacity;
    double first[32];
} Partials;

static int partials_add(Partials *p, double x) {
    int64_t kept = 0;
    for (int64_t i = 0; i < p->count; i++) {
        double y = p->items[i];
        if (fabs(x) < fabs(y)) {
            double swapped = x;
            x = y;
            y = swapped;
        }
        double high = x + y, low = y - (high - x);
        if (low != 0)
            p->items[kept++] = low;
        x = high;
    }
    p->count = kept;
    if (kept == p->capacity) {
        double *grown = buffer_resize(p->items == p->first ? NULL : p->items,
                                      (size_t)p->capacity * 2 * sizeof(double));
        if (!grown) {
            raise_memory_error();
            return -1;
        }
        if (p->items == p->first)
            memcpy(grown, p->first, sizeof p->first);
        p->items = grown;
        p->capacity *= 2;
    }
    p->items[p->count++] = x;
    return 0;
}

// The exact sum, rounded once, half to even.
static double partials_total(Partials *p) {
    int64_t n = p->count;
    if (n == 0)
        return 0;
    double high = p->items[--n], low = 0;
    while (n > 0) {
        double x = high, y = p->items[--n];
        high = x + y;
        low = y - (high - x);
        if (low != 0)
            break;
    }
    // What is left below decides a tie that the last addition rounded the wrong way.
    if (n > 0 && ((low < 0 && p->items[n - 1] < 0) || (low > 0 && p->items[n - 1] > 0))) {
        double twice = low * 2, moved = high + twice;
        if (twice == moved - high)
            high = moved;
    }
    return high;
}

Value math_fsum(Value self, Value iterable) {
    Value iterator = value_iter_at_once(iterable);
    if (value_is_null(iterator))
        return iterator;
    Partials p = {.capacity = 32};
    p.items = p.first;
    double special = 0, infinities = 0;
    Value result = VALUE_NULL;
    for (;;) {
        Value item = value_next(iterator);
        if (value_is_null(item)) {
            if (error_occurred())
                goto done;
            break;
        }
        double x;
        int status = value_to_double(item, &x);
        ref_release(item);
        if (status < 0)
            goto done;
        if (!isfinite(x)) {
            if (isinf(x))
                infinities += x;
            special += x;
            continue;
        }
        if (partials_add(&p, x) < 0)
            goto done;
        if (!isfinite(p.items[p.count - 1])) {
            raise_error(&exception_OverflowError, "intermediate overflow in fsum");
            goto done;
        }
    }
    if (special != 0) {
        if (isnan(infinities))
            raise_value_error("-inf + inf in fsum");
        else
            result = float_new(special);
    } else {
        result = float_new(partials_total(&p) + 0.0); // no sum is -0.0
    }
done:
    if (p.items != p.first)
        buffer_free(p.items);
    ref_release(iterator);
    return result;
}
