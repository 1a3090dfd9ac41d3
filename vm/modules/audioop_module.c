// SPDX-License-Identifier: MIT
//
// audioop: arithmetic on sound fragments, bytes that are signed samples of 1 to 4 bytes in the
// machine's order, as the library's documentation describes it. Every function computes with the
// fragment as it was when it was called; nothing here has a state.
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/arguments.h"
#include <limits.h>
#include <math.h>

static Value error_class; // audioop.error, made with the module

#define raise_audio(...) raise_error((Type *)value_object(error_class), __VA_ARGS__)

// ---- samples -----------------------------------------------------------------------------------

static int32_t sample_get(const uint8_t *at, int width) {
    int16_t two;
    int32_t four = 0;
    switch (width) {
    case 1:
        return (int8_t)*at;
    case 2:
        memcpy(&two, at, 2);
        return two;
    case 3:
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return (int32_t)((uint32_t)at[0] << 8 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 24) >> 8;
#else
        return (int32_t)((uint32_t)at[2] << 8 | (uint32_t)at[1] << 16 | (uint32_t)at[0] << 24) >> 8;
#endif
    default:
        memcpy(&four, at, 4);
        return four;
    }
}
static void sample_set(uint8_t *at, int width, int32_t value) {
    int16_t two = (int16_t)value;
    switch (width) {
    case 1:
        *at = (uint8_t)value;
        break;
    case 2:
        memcpy(at, &two, 2);
        break;
    case 3:
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        at[0] = (uint8_t)value, at[1] = (uint8_t)(value >> 8), at[2] = (uint8_t)(value >> 16);
#else
        at[2] = (uint8_t)value, at[1] = (uint8_t)(value >> 8), at[0] = (uint8_t)(value >> 16);
#endif
        break;
    default:
        memcpy(at, &value, 4);
        break;
    }
}
// The same with the sample in the highest bytes of a word, whatever its width.
static int32_t sample_get_high(const uint8_t *at, int width) {
    return (int32_t)((uint32_t)sample_get(at, width) << (32 - 8 * width));
}
static void sample_set_high(uint8_t *at, int width, int32_t value) {
    sample_set(at, width, value >> (32 - 8 * width));
}

static int32_t sample_max(int width) {
    return (int32_t)(0x7fffffffu >> (32 - 8 * width));
}
// The sample nearest to a number: cut to what a sample can be, rounded down.
static int32_t sample_bound(double value, int width) {
    double max = sample_max(width), min = -max - 1;
    if (isnan(value))
        return INT32_MIN;
    value = value > max ? max : value < min + 1 ? min : floor(value);
    return (int32_t)value;
}

// ---- arguments ---------------------------------------------------------------------------------

typedef struct {
    ByteText text;
    const uint8_t *data;
    int64_t length; // bytes
    int64_t count;  // samples
    int width;
} Fragment;

static int check_width(int width) {
    if (width >= 1 && width <= 4)
        return 0;
    raise_audio("Size should be 1, 2, 3 or 4");
    return -1;
}

// The bytes of an argument, released with fragment_release; width and count are not set.
static int fragment_bytes(Value v, Fragment *f) {
    if (byte_text_get(v, &f->text) < 0)
        return -1;
    f->data = f->text.data;
    f->length = f->text.length;
    return 0;
}
static void fragment_release(Fragment *f) {
    byte_text_release(&f->text);
}
// The fragment args[0] of samples of args[1] bytes.
static int fragment_get(const Value *args, Fragment *f) {
    if (fragment_bytes(args[0], f) < 0)
        return -1;
    if (int_argument(args[1], &f->width) == 0 && check_width(f->width) == 0) {
        f->count = f->length / f->width;
        if (f->length % f->width == 0)
            return 0;
        raise_audio("not a whole number of frames");
    }
    fragment_release(f);
    return -1;
}
static inline int32_t fragment_at(const Fragment *f, int64_t i) {
    return sample_get(f->data + i * f->width, f->width);
}

// ---- measures ----------------------------------------------------------------------------------

typedef Value (*Measure)(const Fragment *f);
static Value measure(const Value *args, Measure of) {
    Fragment f;
    if (fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = of(&f);
    fragment_release(&f);
    return result;
}

static Value max_of(const Fragment *f) {
    int64_t max = 0;
    for (int64_t i = 0; i < f->count; i++) {
        int64_t v = fragment_at(f, i);
        v = v < 0 ? -v : v;
        max = v > max ? v : max;
    }
    return int_from_i64(max);
}
static Value minmax_of(const Fragment *f) {
    int32_t min = INT32_MAX, max = INT32_MIN;
    for (int64_t i = 0; i < f->count; i++) {
        int32_t v = fragment_at(f, i);
        min = v < min ? v : min;
        max = v > max ? v : max;
    }
    return tuple_pack(2, value_from_int(min), value_from_int(max));
}
static Value avg_of(const Fragment *f) {
    double sum = 0;
    for (int64_t i = 0; i < f->count; i++)
        sum += fragment_at(f, i);
    return int_from_i64(f->count ? (int64_t)floor(sum / (double)f->count) : 0);
}
static Value rms_of(const Fragment *f) {
    double sum = 0;
    for (int64_t i = 0; i < f->count; i++) {
        double v = fragment_at(f, i);
        sum += v * v;
    }
    return int_from_i64(f->count ? (int64_t)sqrt(sum / (double)f->count) : 0);
}
static Value cross_of(const Fragment *f) {
    int64_t crossings = f->count ? 0 : -1;
    for (int64_t i = 1; i < f->count; i++)
        crossings += (fragment_at(f, i) < 0) != (fragment_at(f, i - 1) < 0);
    return int_from_i64(crossings);
}

// The differences between one extreme and the next, where the first and the last sample are none.
typedef struct {
    double sum;
    int64_t max, count;
} Peaks;
static Peaks peaks_of(const Fragment *f) {
    Peaks p = {0};
    bool has_extreme = false;
    int direction = 0; // of the last change
    int64_t extreme = 0;
    for (int64_t i = 1; i < f->count; i++) {
        int64_t before = fragment_at(f, i - 1), now = fragment_at(f, i);
        if (now == before)
            continue;
        int change = now > before ? 1 : -1;
        if (direction == -change) {
            int64_t difference = before > extreme ? before - extreme : extreme - before;
            if (has_extreme) {
                p.sum += (double)difference;
                p.count++;
                p.max = difference > p.max ? difference : p.max;
            }
            has_extreme = true;
            extreme = before;
        }
        direction = change;
    }
    return p;
}
static Value avgpp_of(const Fragment *f) {
    Peaks p = peaks_of(f);
    return int_from_i64(p.count ? (int64_t)(p.sum / (double)p.count) : 0);
}
static Value maxpp_of(const Fragment *f) {
    return int_from_i64(peaks_of(f).max);
}

#define MEASURE(name)                                                                              \
    static Value audio_##name(Value self, const Value *args, size_t nargs) {                       \
        return measure(args, name##_of);                                                           \
    }
MEASURE(max)
MEASURE(minmax)
MEASURE(avg)
MEASURE(rms)
MEASURE(cross)
MEASURE(avgpp)
MEASURE(maxpp)

static Value audio_getsample(Value self, const Value *args, size_t nargs) {
    Fragment f;
    int64_t index;
    if (size_argument(args[2], &index) < 0 || fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = index >= 0 && index < f.count ? int_from_i64(fragment_at(&f, index))
                                                 : raise_audio("Index out of range");
    fragment_release(&f);
    return result;
}

// ---- likeness ----------------------------------------------------------------------------------
// On samples of two bytes.

static double product_sum(const Fragment *a, int64_t from, const Fragment *b, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)fragment_at(a, from + i) * (double)fragment_at(b, i);
    return sum;
}
static double square_sum(const Fragment *f, int64_t from, int64_t count) {
    double sum = 0;
    for (int64_t i = from; i < from + count; i++)
        sum += (double)fragment_at(f, i) * (double)fragment_at(f, i);
    return sum;
}
// The window moves on by one sample from `from`.
static double slide(const Fragment *f, double sum, int64_t from, int64_t count) {
    double out = fragment_at(f, from), in = fragment_at(f, from + count);
    return sum - out * out + in * in;
}

static int short_fragment(Value v, Fragment *f) {
    if (fragment_bytes(v, f) < 0)
        return -1;
    f->width = 2;
    f->count = f->length / 2;
    if (f->length % 2 == 0)
        return 0;
    fragment_release(f);
    raise_audio("Strings should be even-sized");
    return -1;
}
static int two_fragments(const Value *args, Fragment *a, Fragment *b) {
    if (short_fragment(args[0], a) < 0)
        return -1;
    if (short_fragment(args[1], b) == 0)
        return 0;
    fragment_release(a);
    return -1;
}

static Value fit(const Fragment *f, const Fragment *reference) {
    int64_t n = reference->count, best = 0;
    if (f->count < n)
        return raise_audio("First sample should be longer");
    double squares = square_sum(reference, 0, n), window = square_sum(f, 0, n);
    double product = product_sum(f, 0, reference, n);
    double least = (squares * window - product * product) / window;
    for (int64_t from = 1; from + n <= f->count; from++) {
        window = slide(f, window, from - 1, n);
        product = product_sum(f, from, reference, n);
        double rest = (squares * window - product * product) / window;
        if (rest < least) {
            least = rest;
            best = from;
        }
    }
    Value factor = float_new(product_sum(f, best, reference, n) / squares);
    Value result = tuple_pack(2, value_from_int(best), factor);
    ref_release(factor);
    return result;
}
static Value audio_findfit(Value self, const Value *args, size_t nargs) {
    Fragment f, reference;
    if (two_fragments(args, &f, &reference) < 0)
        return VALUE_NULL;
    Value result = fit(&f, &reference);
    fragment_release(&f);
    fragment_release(&reference);
    return result;
}
static Value audio_findfactor(Value self, const Value *args, size_t nargs) {
    Fragment f, reference;
    if (two_fragments(args, &f, &reference) < 0)
        return VALUE_NULL;
    Value result = f.count != reference.count ? raise_audio("Samples should be same size")
                                              : float_new(product_sum(&f, 0, &reference, f.count) /
                                                          square_sum(&reference, 0, f.count));
    fragment_release(&f);
    fragment_release(&reference);
    return result;
}

static Value audio_findmax(Value self, const Value *args, size_t nargs) {
    Fragment f;
    int64_t n, best = 0;
    if (size_argument(args[1], &n) < 0 || short_fragment(args[0], &f) < 0)
        return VALUE_NULL;
    Value result;
    if (n < 0 || f.count < n) {
        result = raise_audio("Input sample should be longer");
    } else {
        double sum = square_sum(&f, 0, n), most = sum;
        for (int64_t from = 1; from + n <= f.count; from++) {
            sum = slide(&f, sum, from - 1, n);
            if (sum > most) {
                most = sum;
                best = from;
            }
        }
        result = int_from_i64(best);
    }
    fragment_release(&f);
    return result;
}

// ---- sample by sample --------------------------------------------------------------------------

static Value audio_mul(Value self, const Value *args, size_t nargs) {
    Fragment f;
    double factor;
    uint8_t *out;
    if (value_to_double(args[2], &factor) < 0 || fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = bytes_allocate(f.length, &out);
    for (int64_t i = 0; i < f.count && !value_is_null(result); i++)
        sample_set(out + i * f.width, f.width, sample_bound(fragment_at(&f, i) * factor, f.width));
    fragment_release(&f);
    return result;
}

static Value audio_tomono(Value self, const Value *args, size_t nargs) {
    Fragment f;
    double left, right;
    uint8_t *out;
    if (value_to_double(args[2], &left) < 0 || value_to_double(args[3], &right) < 0 ||
        fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = f.count % 2 ? raise_audio("not a whole number of frames")
                               : bytes_allocate(f.length / 2, &out);
    for (int64_t i = 0; i < f.count / 2 && !value_is_null(result); i++)
        sample_set(out + i * f.width, f.width,
                   sample_bound(fragment_at(&f, 2 * i) * left + fragment_at(&f, 2 * i + 1) * right,
                                f.width));
    fragment_release(&f);
    return result;
}

static Value audio_tostereo(Value self, const Value *args, size_t nargs) {
    Fragment f;
    double left, right;
    uint8_t *out;
    if (value_to_double(args[2], &left) < 0 || value_to_double(args[3], &right) < 0 ||
        fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result =
        f.length > INT64_MAX / 2 ? raise_memory_error() : bytes_allocate(2 * f.length, &out);
    for (int64_t i = 0; i < f.count && !value_is_null(result); i++) {
        double v = fragment_at(&f, i);
        sample_set(out + 2 * i * f.width, f.width, sample_bound(v * left, f.width));
        sample_set(out + (2 * i + 1) * f.width, f.width, sample_bound(v * right, f.width));
    }
    fragment_release(&f);
    return result;
}

// (fragment, fragment, width)
static Value audio_add(Value self, const Value *args, size_t nargs) {
    Fragment a, b;
    uint8_t *out;
    const Value first[2] = {args[0], args[2]};
    if (fragment_bytes(args[1], &b) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (fragment_get(first, &a) == 0) {
        result = a.length != b.length ? raise_audio("Lengths should be the same")
                                      : bytes_allocate(a.length, &out);
        b.width = a.width;
        for (int64_t i = 0; i < a.count && !value_is_null(result); i++)
            sample_set(out + i * a.width, a.width,
                       sample_bound((double)fragment_at(&a, i) + fragment_at(&b, i), a.width));
        fragment_release(&a);
    }
    fragment_release(&b);
    return result;
}

static Value audio_bias(Value self, const Value *args, size_t nargs) {
    Fragment f;
    int bias;
    uint8_t *out;
    if (int_argument(args[2], &bias) < 0 || fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = bytes_allocate(f.length, &out);
    for (int64_t i = 0; i < f.count && !value_is_null(result); i++)
        sample_set(out + i * f.width, f.width,
                   (int32_t)((uint32_t)fragment_at(&f, i) + (uint32_t)bias)); // wraps
    fragment_release(&f);
    return result;
}

static Value audio_reverse(Value self, const Value *args, size_t nargs) {
    Fragment f;
    uint8_t *out;
    if (fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = bytes_allocate(f.length, &out);
    for (int64_t i = 0; i < f.count && !value_is_null(result); i++)
        sample_set(out + (f.count - 1 - i) * f.width, f.width, fragment_at(&f, i));
    fragment_release(&f);
    return result;
}

static Value audio_byteswap(Value self, const Value *args, size_t nargs) {
    Fragment f;
    uint8_t *out;
    if (fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = bytes_allocate(f.length, &out);
    for (int64_t i = 0; i < f.length && !value_is_null(result); i += f.width)
        for (int k = 0; k < f.width; k++)
            out[i + k] = f.data[i + f.width - 1 - k];
    fragment_release(&f);
    return result;
}

static Value audio_lin2lin(Value self, const Value *args, size_t nargs) {
    Fragment f;
    int width;
    uint8_t *out;
    if (int_argument(args[2], &width) < 0 || fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = check_width(width) < 0        ? VALUE_NULL
                   : f.count > INT64_MAX / width ? raise_memory_error()
                                                 : bytes_allocate(f.count * width, &out);
    for (int64_t i = 0; i < f.count && !value_is_null(result); i++)
        sample_set_high(out + i * width, width, sample_get_high(f.data + i * f.width, f.width));
    fragment_release(&f);
    return result;
}

// ---- ratecv ------------------------------------------------------------------------------------
// Each channel passes a filter of one step, cur = (A * in + B * prev) / (A + B), and what comes out
// is taken by linear interpolation between it and the one before. `due` says how far the next
// output lies behind the current input, in parts of 1/outrate of an input's time.

typedef struct {
    int32_t before, now;
} Channel;

static int divisor(int a, int b) {
    while (b) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int read_pair(Value v, int *first, int *second, const char *function) {
    if (!value_is_tuple(v) || tuple_length(v) != 2)
        return raise_int(&exception_TypeError, "%s(): illegal state argument", function);
    return int_argument(tuple_item(v, 0), first) < 0 || int_argument(tuple_item(v, 1), second) < 0
               ? -1
               : 0;
}

static int read_channels(Value state, int *due, Channel *channels, int count) {
    if (!value_is_tuple(state))
        return raise_int(&exception_TypeError, "state must be a tuple or None");
    if (tuple_length(state) != 2 || !value_is_tuple(tuple_item(state, 1)))
        return raise_int(&exception_TypeError, "ratecv(): illegal state argument");
    if (int_argument(tuple_item(state, 0), due) < 0)
        return -1;
    Value pairs = tuple_item(state, 1);
    if (tuple_length(pairs) != count) {
        raise_audio("illegal state argument");
        return -1;
    }
    for (int i = 0; i < count; i++) {
        int before, now;
        if (read_pair(tuple_item(pairs, i), &before, &now, "ratecv") < 0)
            return -1;
        channels[i] = (Channel){before, now};
    }
    return 0;
}

static Value channels_as_tuple(const Channel *channels, int count) {
    Value pairs = tuple_allocate(count);
    for (int i = 0; i < count && !value_is_null(pairs); i++) {
        Value pair =
            tuple_pack(2, value_from_int(channels[i].before), value_from_int(channels[i].now));
        if (value_is_null(pair)) {
            ref_release(pairs);
            return pair;
        }
        tuple_of(pairs)->items[i] = pair;
    }
    return pairs;
}

typedef struct {
    int channels, in, out, weight_a, weight_b;
} Rates;

static Value convert_rate(const Fragment *f, const Rates *r, Value state) {
    Channel *channels = buffer_allocate((size_t)r->channels * sizeof *channels);
    if (!channels)
        return raise_memory_error();
    memset(channels, 0, (size_t)r->channels * sizeof *channels);
    int due = -r->out, frame = f->width * r->channels;
    int64_t frames = f->length / frame, room = 0, made = 0;
    uint8_t *out = NULL;
    Value result = VALUE_NULL;
    bool ok = value_is_none(state) || read_channels(state, &due, channels, r->channels) == 0;
    if (ok) {
        // One more than what the inputs' time has place for.
        double most = ((double)frames + 1) * r->out / r->in + 2 + (due > 0 ? due / r->in : 0);
        room = most * frame < (double)(INT64_MAX / 2) ? (int64_t)most : -1;
        ok = room >= 0 && (out = buffer_allocate((size_t)(room * frame)));
        if (!ok)
            raise_memory_error();
    }
    const uint8_t *in = f->data;
    while (ok) {
        while (due < 0 && frames > 0) {
            for (int c = 0; c < r->channels; c++, in += f->width) {
                Channel *ch = &channels[c];
                ch->before = ch->now;
                ch->now = (int32_t)(((double)r->weight_a * sample_get_high(in, f->width) +
                                     (double)r->weight_b * ch->before) /
                                    ((double)r->weight_a + r->weight_b));
            }
            frames--;
            due += r->out;
        }
        if (due < 0)
            break;
        for (; due >= 0 && made < room; made++, due -= r->in)
            for (int c = 0; c < r->channels; c++)
                sample_set_high(out + made * frame + c * f->width, f->width,
                                (int32_t)(((double)channels[c].before * due +
                                           (double)channels[c].now * ((double)r->out - due)) /
                                          r->out));
        if (due >= 0) { // a state that nobody made
            raise_memory_error();
            ok = false;
        }
    }
    if (ok) {
        Value bytes = bytes_new(out, (size_t)(made * frame));
        Value pairs = channels_as_tuple(channels, r->channels);
        Value after = value_is_null(pairs) ? VALUE_NULL : tuple_pack(2, value_from_int(due), pairs);
        if (!value_is_null(bytes) && !value_is_null(after))
            result = tuple_pack(2, bytes, after);
        ref_release(bytes);
        ref_release(pairs);
        ref_release(after);
    }
    buffer_free(out);
    buffer_free(channels);
    return result;
}

// (fragment, width, nchannels, inrate, outrate, state, weightA=1, weightB=0)
static Value audio_ratecv(Value self, const Value *args, size_t nargs) {
    Rates r = {.weight_a = 1};
    int *const numbers[] = {&r.channels, &r.in, &r.out};
    int width;
    for (int i = 0; i < 3; i++)
        if (int_argument(args[2 + i], numbers[i]) < 0)
            return VALUE_NULL;
    if ((nargs > 6 && int_argument(args[6], &r.weight_a) < 0) ||
        (nargs > 7 && int_argument(args[7], &r.weight_b) < 0) || int_argument(args[1], &width) < 0)
        return VALUE_NULL;
    Fragment f;
    if (fragment_bytes(args[0], &f) < 0)
        return VALUE_NULL;
    f.width = width;
    Value result = VALUE_NULL;
    if (check_width(width) < 0) {
    } else if (r.channels < 1) {
        raise_audio("# of channels should be >= 1");
    } else if (r.channels > INT_MAX / width) {
        raise_error(&exception_OverflowError, "width * nchannels too big for a C int");
    } else if (r.weight_a < 1 || r.weight_b < 0) {
        raise_audio("weightA should be >= 1, weightB should be >= 0");
    } else if (f.length % ((int64_t)width * r.channels)) {
        raise_audio("not a whole number of frames");
    } else if (r.in <= 0 || r.out <= 0) {
        raise_audio("sampling rate not > 0");
    } else {
        int common = divisor(r.in, r.out);
        r.in /= common;
        r.out /= common;
        common = divisor(r.weight_a, r.weight_b);
        r.weight_a /= common;
        r.weight_b /= common;
        result = convert_rate(&f, &r, args[5]);
    }
    fragment_release(&f);
    return result;
}

// ---- ITU-T G.711 -------------------------------------------------------------------------------

static int bits_of(int n) {
    return n > 0 ? 32 - __builtin_clz((unsigned)n) : 0;
}

// Of 14 bits.
static uint8_t to_ulaw(int v) {
    uint8_t mask = 0xff;
    if (v < 0) {
        v = -v;
        mask = 0x7f;
    }
    v = (v > 8159 ? 8159 : v) + 33;
    int segment = bits_of(v) > 6 ? bits_of(v) - 6 : 0;
    return (uint8_t)((segment > 7 ? 0x7f : segment << 4 | (v >> (segment + 1) & 0xf)) ^ mask);
}
// To 16 bits.
static int from_ulaw(uint8_t code) {
    code = (uint8_t)~code;
    int v = (((code & 0xf) << 3) + 0x84) << (code >> 4 & 7);
    return code & 0x80 ? 0x84 - v : v - 0x84;
}
// Of 13 bits.
static uint8_t to_alaw(int v) {
    uint8_t mask = 0xd5;
    if (v < 0) {
        v = -v - 1;
        mask = 0x55;
    }
    int segment = bits_of(v) > 5 ? bits_of(v) - 5 : 0;
    return (
        uint8_t)((segment > 7 ? 0x7f : segment << 4 | (v >> (segment < 2 ? 1 : segment) & 0xf)) ^
                 mask);
}
static int from_alaw(uint8_t code) {
    code ^= 0x55;
    int segment = code >> 4 & 7, v = ((code & 0xf) << 4) + (segment ? 0x108 : 8);
    v <<= segment > 1 ? segment - 1 : 0;
    return code & 0x80 ? v : -v;
}

static Value compress(const Value *args, uint8_t (*to)(int), int shift) {
    Fragment f;
    uint8_t *out;
    if (fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value result = bytes_allocate(f.count, &out);
    for (int64_t i = 0; i < f.count && !value_is_null(result); i++)
        out[i] = to(sample_get_high(f.data + i * f.width, f.width) >> shift);
    fragment_release(&f);
    return result;
}
static Value expand(const Value *args, int (*from)(uint8_t)) {
    Fragment f;
    int width;
    uint8_t *out;
    if (int_argument(args[1], &width) < 0 || check_width(width) < 0 ||
        fragment_bytes(args[0], &f) < 0)
        return VALUE_NULL;
    Value result = f.length > INT64_MAX / width ? raise_memory_error()
                                                : bytes_allocate(f.length * width, &out);
    for (int64_t i = 0; i < f.length && !value_is_null(result); i++)
        sample_set_high(out + i * width, width, from(f.data[i]) * 0x10000);
    fragment_release(&f);
    return result;
}
static Value audio_lin2ulaw(Value self, const Value *args, size_t nargs) {
    return compress(args, to_ulaw, 18);
}
static Value audio_lin2alaw(Value self, const Value *args, size_t nargs) {
    return compress(args, to_alaw, 19);
}
static Value audio_ulaw2lin(Value self, const Value *args, size_t nargs) {
    return expand(args, from_ulaw);
}
static Value audio_alaw2lin(Value self, const Value *args, size_t nargs) {
    return expand(args, from_alaw);
}

// ---- IMA ADPCM ---------------------------------------------------------------------------------
// Four bits a sample: how far it is from the one before, in steps whose size adapts. The steps and
// how they adapt are those of the IMA Digital Audio Focus and Technical Working Groups'
// recommended practices, 1992.

enum { STEPS = 89 };
static const int16_t steps[STEPS] = {
    7,     8,     9,     10,    11,    12,    13,    14,    16,    17,    19,   21,    23,
    25,    28,    31,    34,    37,    41,    45,    50,    55,    60,    66,   73,    80,
    88,    97,    107,   118,   130,   143,   157,   173,   190,   209,   230,  253,   279,
    307,   337,   371,   408,   449,   494,   544,   598,   658,   724,   796,  876,   963,
    1060,  1166,  1282,  1411,  1552,  1707,  1878,  2066,  2272,  2499,  2749, 3024,  3327,
    3660,  4026,  4428,  4871,  5358,  5894,  6484,  7132,  7845,  8630,  9493, 10442, 11487,
    12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767};

typedef struct {
    int value, index;
} Adpcm;

static int adpcm_state(Value state, const char *function, Adpcm *a) {
    *a = (Adpcm){0, 0};
    if (value_is_none(state))
        return 0;
    if (!value_is_tuple(state))
        return raise_int(&exception_TypeError, "state must be a tuple or None");
    if (read_pair(state, &a->value, &a->index, function) < 0)
        return -1;
    if (a->value >= -0x8000 && a->value < 0x8000 && a->index >= 0 && a->index < STEPS)
        return 0;
    return raise_int(&exception_ValueError, "bad state");
}

// Goes on by a code: a sign and three bits of the step, its half, its quarter.
static void adpcm_step(Adpcm *a, unsigned code) {
    static const int8_t adapt[8] = {-1, -1, -1, -1, 2, 4, 6, 8};
    int step = steps[a->index], change = step >> 3;
    for (int bit = 0; bit < 3; bit++)
        if (code & (4u >> bit))
            change += step >> bit;
    a->value += code & 8 ? -change : change;
    a->value = a->value > 0x7fff ? 0x7fff : a->value < -0x8000 ? -0x8000 : a->value;
    a->index += adapt[code & 7];
    a->index = a->index < 0 ? 0 : a->index >= STEPS ? STEPS - 1 : a->index;
}
static unsigned adpcm_code(const Adpcm *a, int value) {
    int difference = value - a->value, step = steps[a->index];
    unsigned code = difference < 0 ? 8 : 0;
    difference = difference < 0 ? -difference : difference;
    for (unsigned bit = 4; bit; bit >>= 1, step >>= 1)
        if (difference >= step) {
            code |= bit;
            difference -= step;
        }
    return code;
}
static Value adpcm_result(Value bytes, const Adpcm *a) { // consumes bytes
    Value state = value_is_null(bytes)
                      ? VALUE_NULL
                      : tuple_pack(2, value_from_int(a->value), value_from_int(a->index));
    Value result = value_is_null(state) ? VALUE_NULL : tuple_pack(2, bytes, state);
    ref_release(state);
    ref_release(bytes);
    return result;
}

static Value audio_lin2adpcm(Value self, const Value *args, size_t nargs) {
    Fragment f;
    Adpcm a;
    uint8_t *out;
    if (fragment_get(args, &f) < 0)
        return VALUE_NULL;
    Value bytes =
        adpcm_state(args[2], "lin2adpcm", &a) < 0 ? VALUE_NULL : bytes_allocate(f.count / 2, &out);
    unsigned before = 0;
    for (int64_t i = 0; i < f.count && !value_is_null(bytes); i++) {
        unsigned code = adpcm_code(&a, sample_get_high(f.data + i * f.width, f.width) >> 16);
        adpcm_step(&a, code);
        if (i % 2)
            out[i / 2] = (uint8_t)(before << 4 | code);
        before = code;
    }
    fragment_release(&f);
    return adpcm_result(bytes, &a);
}

static Value audio_adpcm2lin(Value self, const Value *args, size_t nargs) {
    Fragment f;
    Adpcm a;
    int width;
    uint8_t *out;
    if (int_argument(args[1], &width) < 0 || check_width(width) < 0 ||
        adpcm_state(args[2], "adpcm2lin", &a) < 0 || fragment_bytes(args[0], &f) < 0)
        return VALUE_NULL;
    Value bytes = f.length > INT64_MAX / (2 * width) ? raise_memory_error()
                                                     : bytes_allocate(2 * f.length * width, &out);
    for (int64_t i = 0; i < 2 * f.length && !value_is_null(bytes); i++) {
        adpcm_step(&a, i % 2 ? f.data[i / 2] & 0xf : f.data[i / 2] >> 4);
        sample_set_high(out + i * width, width, a.value * 0x10000);
    }
    fragment_release(&f);
    return adpcm_result(bytes, &a);
}

// ---- the module --------------------------------------------------------------------------------

#define AUDIO(name, min, max, signature, text)                                                     \
    DEF_FIXED(#name, audio_##name, min, max, #name "($module, " signature ", /)\n--\n\n" text)

static const NativeDef functions[] = {
    AUDIO(max, 2, 2, "fragment, width", "The greatest absolute value of a sample."),
    AUDIO(minmax, 2, 2, "fragment, width", "The least and the greatest sample."),
    AUDIO(avg, 2, 2, "fragment, width", "The average of the samples."),
    AUDIO(rms, 2, 2, "fragment, width", "The root of the average square."),
    AUDIO(cross, 2, 2, "fragment, width", "How often the sign changes."),
    AUDIO(avgpp, 2, 2, "fragment, width", "The average distance from peak to peak."),
    AUDIO(maxpp, 2, 2, "fragment, width", "The greatest distance from peak to peak."),
    AUDIO(getsample, 3, 3, "fragment, width, index", "One sample."),
    AUDIO(findfit, 2, 2, "fragment, reference",
          "Where reference is most like fragment, and how loud."),
    AUDIO(findfactor, 2, 2, "fragment, reference", "How loud reference is in fragment."),
    AUDIO(findmax, 2, 2, "fragment, length", "Where so many samples have the most energy."),
    AUDIO(mul, 3, 3, "fragment, width, factor", "All samples times a factor."),
    AUDIO(tomono, 4, 4, "fragment, width, lfactor, rfactor", "Two channels added to one."),
    AUDIO(tostereo, 4, 4, "fragment, width, lfactor, rfactor", "One channel made two."),
    AUDIO(add, 3, 3, "fragment1, fragment2, width", "Two fragments added."),
    AUDIO(bias, 3, 3, "fragment, width, bias", "All samples plus a number; wraps."),
    AUDIO(reverse, 2, 2, "fragment, width", "Backwards."),
    AUDIO(byteswap, 2, 2, "fragment, width", "The bytes of each sample the other way round."),
    AUDIO(lin2lin, 3, 3, "fragment, width, newwidth", "Samples of another width."),
    AUDIO(ratecv, 6, 8, "fragment, width, nchannels, inrate, outrate, state, weightA=1, weightB=0",
          "Another number of frames a second."),
    AUDIO(lin2ulaw, 2, 2, "fragment, width", "To u-LAW."),
    AUDIO(ulaw2lin, 2, 2, "fragment, width", "From u-LAW."),
    AUDIO(lin2alaw, 2, 2, "fragment, width", "To a-LAW."),
    AUDIO(alaw2lin, 2, 2, "fragment, width", "From a-LAW."),
    AUDIO(lin2adpcm, 3, 3, "fragment, width, state", "To ADPCM."),
    AUDIO(adpcm2lin, 3, 3, "fragment, width, state", "From ADPCM."),
    DEF_END,
};

static int audioop_fill(Value module) {
    if (warn(&exception_DeprecationWarning, 1,
             "'audioop' is deprecated and slated for removal in Python 3.13") < 0)
        return -1;
    return exception_class_add(module, &error_class, "audioop", "error",
                               value_from_object(&exception_Exception), NULL);
}

const NativeModule module_audioop = {"audioop", "Arithmetic on sound fragments.", functions,
                                     audioop_fill};
