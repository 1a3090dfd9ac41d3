// SPDX-License-Identifier: MIT
//
// The codecs of ISO 2022 for Japanese (RFC 1468, 2237, 1554; JIS X 0213 appendix) and Korean (RFC
// 1557): sets are designated to G0, G1 and G2 by escape sequences; SO and SI change between G0 and
// G1 where the encoding has them.
//
// The state: bytes 0 to 3 are what is designated to G0 to G3, as the final byte of the escape
// sequence, plus 0x80 for sets of two bytes; byte 4 has the flags.
#include "vm/modules/multibyte_internal.h"

enum { ESC = 0x1b, SO = 0x0e, SI = 0x0f, FLAGS = 4, SHIFTED = 1, ESCAPE_THROUGH = 2 };
enum { LONGEST_ESCAPE = 16 };

// Places in MultibyteCoding.sets; of those with JIS X 0213, SET_1 has the pairs.
enum { SET_0, SET_1, SET_2, SET_3 };

// Marks of sets.
enum {
    TWO_BYTES = 0x80,
    ASCII = 'B',
    LATIN_1 = 'A',
    GREEK = 'F',
    JISX0201_KANA = 'I',
    JISX0201_ROMAN = 'J',
    MARK_GB2312 = 'A' | TWO_BYTES,
    MARK_JISX0208 = 'B' | TWO_BYTES,
    MARK_JISX0208_OLD = '@' | TWO_BYTES,
    MARK_KSX1001 = 'C' | TWO_BYTES,
    MARK_JISX0212 = 'D' | TWO_BYTES,
    MARK_JISX0213_1_2000 = 'O' | TWO_BYTES,
    MARK_JISX0213_2 = 'P' | TWO_BYTES,
    MARK_JISX0213_1 = 'Q' | TWO_BYTES,
};

typedef struct {
    uint8_t mark;
    uint8_t plane; // 0: G0, 1: G1, 2: only ever read from, as G2
    uint8_t set;   // of MultibyteCoding.sets, for two bytes
} Designation;

typedef struct {
    bool shifts;                  // SO and SI
    bool second_shift;            // ESC N: one character of G2
    bool escapes_by_prefix;       // ESC & @ may stand before ESC $ B
    Designation designations[10]; // in the order of preference; ended by mark 0
} Iso2022;

enum { JISX0213_TILDE = 0xff5e };
static bool is_jisx0213(uint8_t mark) {
    return mark == MARK_JISX0213_1 || mark == MARK_JISX0213_1_2000;
}

static const Designation *find_designation(const Iso2022 *d, uint8_t mark) {
    for (const Designation *n = d->designations; n->mark; n++)
        if (n->mark == mark)
            return n;
    return NULL;
}

// ---- decoding ----------------------------------------------------------------------------------

static bool ends_escape(uint8_t byte) {
    return (byte >= 'A' && byte <= 'Z') || byte == '@';
}

// The escape sequence at in->at: 0 when it is taken, else as MultibyteCodec.decode.
static int take_escape(const Iso2022 *d, MultibyteState *state, MultibyteBytes *in) {
    const uint8_t *p = in->data + in->at;
    size_t left = in->length - in->at, length = 0;
    for (size_t i = 1; i < LONGEST_ESCAPE && !length; i++) {
        if (i >= left)
            return MULTIBYTE_TOO_FEW;
        if (ends_escape(p[i]))
            length = i + 1;
        else if (d->escapes_by_prefix && i + 1 < left && p[i] == '&' && p[i + 1] == '@')
            i += 2;
    }
    uint8_t mark, plane;
    switch (length) {
    case 0:
        return 1;
    case 3:
        if (p[1] == '$') {
            mark = p[2] | TWO_BYTES;
            plane = 0;
        } else {
            mark = p[2];
            if (p[1] == '(')
                plane = 0;
            else if (p[1] == ')')
                plane = 1;
            else if (p[1] == '.' && d->second_shift)
                plane = 2;
            else
                return 3;
        }
        break;
    case 4:
        if (p[1] != '$' || (p[2] != '(' && p[2] != ')'))
            return 4;
        mark = p[3] | TWO_BYTES;
        plane = p[2] == ')';
        break;
    case 6:
        if (!d->escapes_by_prefix || p[3] != ESC || p[4] != '$' || p[5] != 'B')
            return 6;
        mark = MARK_JISX0208;
        plane = 0;
        break;
    default:
        return (int)length;
    }
    if (mark != ASCII && !find_designation(d, mark))
        return (int)length;
    state->bytes[plane] = mark;
    in->at += length;
    return MULTIBYTE_DONE;
}

// ISO 8859-7:1987, without what was added in 2003; 0: nothing.
static uint32_t greek(uint8_t byte) {
    switch (byte) {
    case 0xa1:
        return 0x2018;
    case 0xa2:
        return 0x2019;
    case 0xaf:
        return 0x2015;
    case 0xa4:
    case 0xa5:
    case 0xaa:
    case 0xae:
    case 0xd2:
    case 0xff:
        return 0;
    case 0xb7:
    case 0xbb:
    case 0xbd:
        return byte;
    default:
        return byte < 0xb4 ? byte : 0x2d0u + byte;
    }
}

// ESC N and a character of G2.
static int take_second_shift(MultibyteState *state, MultibyteBytes *in, StrBuilder *out) {
    if (in->length - in->at < 3)
        return MULTIBYTE_TOO_FEW;
    uint8_t byte = in->data[in->at + 2];
    uint32_t point = state->bytes[2] == GREEK     ? greek(byte ^ 0x80)
                     : state->bytes[2] == LATIN_1 ? byte + 0x80u
                                                  : byte;
    if (state->bytes[2] == GREEK ? point == 0 && byte != 0x80 : byte >= 0x80)
        return 3;
    str_builder_char(out, point);
    in->at += 3;
    return MULTIBYTE_DONE;
}

// A character of the designated set. As MultibyteCodec.decode.
static int take_character(const MultibyteCoding *c, const Designation *set, MultibyteBytes *in,
                          StrBuilder *out) {
    const uint8_t *p = in->data + in->at;
    int width = set->mark & TWO_BYTES ? 2 : 1;
    if (in->length - in->at < (size_t)width)
        return MULTIBYTE_TOO_FEW;
    uint32_t point;
    if (set->mark == JISX0201_ROMAN) {
        point = *p == 0x5c ? 0xa5 : *p == 0x7e ? 0x203e : *p;
    } else if (set->mark == JISX0201_KANA) {
        point = *p >= 0x21 && *p <= 0x5f ? 0xff61u + (*p - 0x21u) : 0;
    } else if (width == 2 && !(p[1] & 0x80)) {
        point = charset_decode(c->sets[set->set], *p | 0x80, p[1] | 0x80);
        if (point & CHARSET_PAIR) {
            const CharsetPair *pair = &c->sets[set->set]->pairs[point & ~CHARSET_PAIR];
            str_builder_char(out, pair->first);
            point = pair->second;
        }
        // What CPython's codecs read otherwise than the encodings of other kinds.
        if (point == JISX0213_TILDE && is_jisx0213(set->mark))
            point = '~';
        else if (point == 0x9b1d && set->mark == MARK_JISX0213_2)
            point = 0x9b1c; // of 2004
    } else {
        point = 0;
    }
    if (point == 0 || point == CHARSET_LATER)
        return width;
    str_builder_char(out, point);
    in->at += (size_t)width;
    return MULTIBYTE_DONE;
}

static int decode(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                  StrBuilder *out) {
    const Iso2022 *d = c->codec->details;
    uint8_t *flags = &state->bytes[FLAGS];
    while (in->at < in->length) {
        const uint8_t *p = in->data + in->at;
        size_t left = in->length - in->at;
        int status;
        // Escape sequences of other kinds go through as they are.
        if (*flags & ESCAPE_THROUGH) {
            str_builder_char(out, *p);
            if (ends_escape(*p))
                *flags &= (uint8_t)~ESCAPE_THROUGH;
            in->at++;
            continue;
        }
        uint8_t mark = state->bytes[*flags & SHIFTED ? 1 : 0];
        if (*p == ESC) {
            if (left < 2)
                return MULTIBYTE_TOO_FEW;
            if (strchr("()$.&", p[1]) && p[1]) {
                status = take_escape(d, state, in);
            } else if (d->second_shift && p[1] == 'N') {
                status = take_second_shift(state, in, out);
            } else {
                str_builder_char(out, ESC);
                *flags |= ESCAPE_THROUGH;
                in->at++;
                continue;
            }
            if (status != MULTIBYTE_DONE)
                return status;
        } else if (d->shifts && (*p == SI || *p == SO)) {
            *flags = (uint8_t)(*p == SO ? *flags | SHIFTED : *flags & ~SHIFTED);
            in->at++;
        } else if (*p >= 0x80) {
            return 1;
        } else if (*p < 0x20 || mark == ASCII) {
            if (*p == '\n')
                *flags &= (uint8_t)~SHIFTED;
            str_builder_char(out, *p);
            in->at++;
        } else {
            const Designation *set = find_designation(d, mark);
            status = set ? take_character(c, set, in, out) : 1;
            if (status != MULTIBYTE_DONE)
                return status;
        }
    }
    return MULTIBYTE_DONE;
}

static void start_decode(MultibyteState *state) {
    state->bytes[0] = state->bytes[1] = state->bytes[2] = ASCII;
}
static void reset_decode(MultibyteState *state) {
    state->bytes[0] = ASCII;
    state->bytes[FLAGS] &= (uint8_t)~SHIFTED;
}

// ---- encoding ----------------------------------------------------------------------------------

static void start_encode(MultibyteState *state) {
    state->bytes[0] = state->bytes[1] = ASCII;
}

static void shift(MultibyteState *state, bool shifted, ByteBuilder *out) {
    uint8_t *flags = &state->bytes[FLAGS];
    if (shifted == (*flags & SHIFTED))
        return;
    byte_builder_byte(out, shifted ? SO : SI);
    *flags ^= SHIFTED;
}

// The escape sequence for a set, if it is not designated yet.
static void designate(MultibyteState *state, uint8_t mark, uint8_t plane, ByteBuilder *out) {
    if (state->bytes[plane] == mark)
        return;
    state->bytes[plane] = mark;
    byte_builder_byte(out, ESC);
    if (mark & TWO_BYTES)
        byte_builder_byte(out, '$');
    if (mark != MARK_JISX0208) // an older form than the others
        byte_builder_byte(out, plane ? ')' : '(');
    byte_builder_byte(out, mark & 0x7f);
}

static void reset_encode(MultibyteState *state, ByteBuilder *out) {
    shift(state, false, out);
    designate(state, ASCII, 0, out);
}

// What a character is in a set: a code of one or two bytes, or 0 if it is not in the set.
static int code_in(const MultibyteCoding *c, const Designation *set, uint32_t point) {
    if (set->mark == JISX0201_ROMAN)
        return point == 0xa5 ? 0x5c : point == 0x203e ? 0x7e : 0;
    if (set->mark == JISX0201_KANA)
        return point >= 0xff61 && point <= 0xff9f ? (int)(point - 0xff61 + 0x21) : 0;
    if (!(set->mark & TWO_BYTES))
        return 0; // of G2, which is not written
    if (point == JISX0213_TILDE && is_jisx0213(set->mark))
        return 0;
    uint16_t code = charset_encode(c->sets[set->set], point);
    return code == CHARSET_REFUSED ? 0 : code & 0x7f7f;
}

static int encode(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                  ByteBuilder *out) {
    const Iso2022 *d = c->codec->details;
    for (; in->at < in->length; in->at++) {
        uint32_t point = str_at(in->text, in->at);
        if (point < 0x80) {
            designate(state, ASCII, 0, out);
            shift(state, false, out);
            byte_builder_byte(out, (uint8_t)point);
            continue;
        }
        // CPython's codecs wait for what may be the second half of a pair, and then write the
        // halves alone.
        if (c->sets[SET_1] && charset_begins_pair(c->sets[SET_1], point) &&
            in->at + 1 == in->length && !in->flush)
            return MULTIBYTE_TOO_FEW;
        const Designation *set = d->designations;
        int code = 0;
        for (; set->mark && !code; set += !code)
            code = code_in(c, set, point);
        if (!code)
            return 1;
        if (set->plane == 0)
            shift(state, false, out);
        designate(state, set->mark, set->plane, out);
        if (set->plane == 1)
            shift(state, true, out);
        if (set->mark & TWO_BYTES)
            byte_builder_byte(out, (uint8_t)(code >> 8));
        byte_builder_byte(out, (uint8_t)code);
    }
    return MULTIBYTE_DONE;
}

// ---- the table ---------------------------------------------------------------------------------

static const Iso2022 kr = {true, false, false, {{MARK_KSX1001, 1, SET_0}}};
static const Iso2022 jp = {
    false,
    false,
    true,
    {{MARK_JISX0208, 0, SET_0}, {JISX0201_ROMAN}, {MARK_JISX0208_OLD, 0, SET_0}}};
static const Iso2022 jp_1 = {false,
                             false,
                             true,
                             {{MARK_JISX0208, 0, SET_0},
                              {MARK_JISX0212, 0, SET_1},
                              {JISX0201_ROMAN},
                              {MARK_JISX0208_OLD, 0, SET_0}}};
static const Iso2022 jp_2 = {false,
                             true,
                             true,
                             {{MARK_JISX0208, 0, SET_0},
                              {MARK_JISX0212, 0, SET_1},
                              {MARK_KSX1001, 0, SET_2},
                              {MARK_GB2312, 0, SET_3},
                              {JISX0201_ROMAN},
                              {MARK_JISX0208_OLD, 0, SET_0},
                              {LATIN_1, 2},
                              {GREEK, 2}}};
static const Iso2022 jp_2004 = {
    false,
    false,
    true,
    {{MARK_JISX0208, 0, SET_0}, {MARK_JISX0213_1, 0, SET_1}, {MARK_JISX0213_2, 0, SET_2}}};
static const Iso2022 jp_3 = {
    false,
    false,
    true,
    {{MARK_JISX0208, 0, SET_0}, {MARK_JISX0213_1_2000, 0, SET_1}, {MARK_JISX0213_2, 0, SET_2}}};
static const Iso2022 jp_ext = {false,
                               false,
                               true,
                               {{MARK_JISX0208, 0, SET_0},
                                {MARK_JISX0212, 0, SET_1},
                                {JISX0201_ROMAN},
                                {JISX0201_KANA},
                                {MARK_JISX0208_OLD, 0, SET_0}}};

#define ISO2022(name, details, ...)                                                                \
    {                                                                                              \
        name, "_codecs_iso2022", {__VA_ARGS__, CHARSET_NONE}, decode, encode, details,             \
            start_decode, reset_decode, start_encode, reset_encode                                 \
    }

const MultibyteCodec multibyte_iso2022_codecs[] = {
    ISO2022("iso2022_kr", &kr, CHARSET_KSX1001),
    ISO2022("iso2022_jp", &jp, CHARSET_JISX0208),
    ISO2022("iso2022_jp_1", &jp_1, CHARSET_JISX0208, CHARSET_JISX0212),
    ISO2022("iso2022_jp_2", &jp_2, CHARSET_JISX0208, CHARSET_JISX0212, CHARSET_KSX1001,
            CHARSET_GB2312),
    ISO2022("iso2022_jp_2004", &jp_2004, CHARSET_JISX0208, CHARSET_JISX0213_1, CHARSET_JISX0213_2),
    ISO2022("iso2022_jp_3", &jp_3, CHARSET_JISX0208, CHARSET_JISX0213_1_2000,
            CHARSET_JISX0213_2_2000),
    ISO2022("iso2022_jp_ext", &jp_ext, CHARSET_JISX0208, CHARSET_JISX0212),
    {NULL},
};
