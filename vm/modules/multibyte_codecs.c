// SPDX-License-Identifier: MIT
//
// The East Asian codecs but those of ISO 2022: sets of one- and two-byte codes (GBK, Big5, Shift
// JIS, Johab, UHC), the EUC encodings, GB 18030 with four bytes, and HZ, which has a state.
#include "vm/modules/multibyte_internal.h"

// ---- pairs -------------------------------------------------------------------------------------

static void add_meaning(const Charset *set, uint32_t meaning, StrBuilder *out) {
    if (meaning & CHARSET_PAIR) {
        const CharsetPair *pair = &set->pairs[meaning & ~CHARSET_PAIR];
        str_builder_char(out, pair->first);
        str_builder_char(out, pair->second);
    } else {
        str_builder_char(out, meaning);
    }
}

static void add_code(ByteBuilder *out, uint16_t code) {
    byte_builder_byte(out, (uint8_t)(code >> 8));
    byte_builder_byte(out, (uint8_t)code);
}

// Encodes what is at in->at, of which code is the code if it stands alone (0: it has none), in a
// set with pairs. How many characters were taken, 0 if there is no code, or MULTIBYTE_TOO_FEW.
static int encode_perhaps_pair(const Charset *set, MultibyteText *in, uint32_t point,
                               uint16_t *code) {
    if (charset_begins_pair(set, point)) {
        if (in->at + 1 == in->length) {
            if (!in->flush)
                return MULTIBYTE_TOO_FEW;
        } else {
            uint16_t both = charset_encode_pair(set, point, str_at(in->text, in->at + 1));
            if (both) {
                *code = both;
                return 2;
            }
        }
    }
    return *code != 0;
}

// The run of ASCII from in->at on, where it means itself.
static void copy_ascii(MultibyteBytes *in, StrBuilder *out) {
    size_t start = in->at, end = start;
    while (end < in->length && in->data[end] < 0x80)
        end++;
    str_builder_ascii(out, (const char *)in->data + start, end - start);
    in->at = end;
}

// ---- one and two bytes -------------------------------------------------------------------------

typedef struct {
    uint8_t first, last;
    uint16_t point; // of the first
} SingleRange;

typedef struct {
    // Bytes that are characters by themselves, ended by an all-zero range that is not the first;
    // the bytes that begin a pair of bytes; others are none of the encoding.
    const SingleRange *singles;
    uint8_t leads[2][2];
    bool ascii;       // bytes below 0x80 mean themselves
    bool yen_overbar; // U+A5 and U+203E are encoded as the backslash and the tilde
} DoubleByte;

static const SingleRange ascii_only[] = {{0x00, 0x7f, 0x00}, {0}};
static const SingleRange sjis_singles[] = {{0x00, 0x7f, 0x00}, {0xa1, 0xdf, 0xff61}, {0}};
static const SingleRange cp932_singles[] = {
    {0x00, 0x80, 0x00}, {0xa0, 0xa0, 0xf8f0}, {0xa1, 0xdf, 0xff61}, {0xfd, 0xff, 0xf8f1}, {0}};
static const SingleRange sjisx0213_singles[] = {{0x00, 0x5b, 0x00},
                                                {0x5c, 0x5c, 0xa5},
                                                {0x5d, 0x7d, 0x5d},
                                                {0x7e, 0x7e, 0x203e},
                                                {0x7f, 0x7f, 0x7f},
                                                {0xa1, 0xdf, 0xff61},
                                                {0}};
static const DoubleByte double_byte = {ascii_only, {{0x80, 0xff}, {1, 0}}, true, false};
static const DoubleByte sjis = {sjis_singles, {{0x81, 0x9f}, {0xe0, 0xea}}, true, true};
static const DoubleByte cp932 = {cp932_singles, {{0x81, 0x9f}, {0xe0, 0xfc}}, true, false};
static const DoubleByte sjisx0213 = {sjisx0213_singles, {{0x81, 0x9f}, {0xe0, 0xfc}}, false, false};

static bool is_lead(const DoubleByte *d, uint8_t byte) {
    return (byte >= d->leads[0][0] && byte <= d->leads[0][1]) ||
           (byte >= d->leads[1][0] && byte <= d->leads[1][1]);
}
static bool single_decode(const DoubleByte *d, uint8_t byte, uint32_t *point) {
    for (const SingleRange *r = d->singles; r->last; r++)
        if (byte >= r->first && byte <= r->last) {
            *point = r->point + (uint32_t)(byte - r->first);
            return true;
        }
    return false;
}
static int single_encode(const DoubleByte *d, uint32_t point) { // -1: none
    for (const SingleRange *r = d->singles; r->last; r++)
        if (point >= r->point && point - r->point <= (uint32_t)(r->last - r->first))
            return (int)(r->first + (point - r->point));
    if (d->yen_overbar && (point == 0xa5 || point == 0x203e))
        return point == 0xa5 ? 0x5c : 0x7e;
    return -1;
}

static int decode_double(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                         StrBuilder *out) {
    const DoubleByte *d = c->codec->details;
    while (in->at < in->length) {
        uint8_t byte = in->data[in->at];
        uint32_t point;
        if (d->ascii && byte < 0x80) {
            copy_ascii(in, out);
            continue;
        }
        if (single_decode(d, byte, &point)) {
            str_builder_char(out, point);
            in->at++;
            continue;
        }
        if (!is_lead(d, byte))
            return 1;
        if (in->length - in->at < 2)
            return MULTIBYTE_TOO_FEW;
        uint32_t meaning = charset_decode(c->sets[0], byte, in->data[in->at + 1]);
        if (meaning == 0 || meaning == CHARSET_LATER)
            return meaning ? 2 : 1;
        add_meaning(c->sets[0], meaning, out);
        in->at += 2;
    }
    return MULTIBYTE_DONE;
}

static int encode_double(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                         ByteBuilder *out) {
    const DoubleByte *d = c->codec->details;
    while (in->at < in->length) {
        uint32_t point = str_at(in->text, in->at);
        int byte = d->ascii && point < 0x80 ? (int)point : single_encode(d, point);
        if (byte >= 0) {
            byte_builder_byte(out, (uint8_t)byte);
            in->at++;
            continue;
        }
        uint16_t code = charset_encode(c->sets[0], point);
        int taken = encode_perhaps_pair(c->sets[0], in, point, &code);
        if (taken <= 0)
            return taken ? taken : 1;
        add_code(out, code);
        in->at += taken;
    }
    return MULTIBYTE_DONE;
}

// ---- EUC for Japanese --------------------------------------------------------------------------
// The set in G1; sets of three bytes behind SS3, tried in order; kana of one byte behind SS2.

enum { SS2 = 0x8e, SS3 = 0x8f };

static int decode_euc_jp(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                         StrBuilder *out) {
    while (in->at < in->length) {
        const uint8_t *p = in->data + in->at;
        size_t left = in->length - in->at;
        if (*p < 0x80) {
            copy_ascii(in, out);
            continue;
        }
        size_t need = *p == SS3 ? 3 : 2;
        if (left < need)
            return MULTIBYTE_TOO_FEW;
        if (*p == SS2) {
            if (p[1] < 0xa1 || p[1] > 0xdf)
                return 1;
            str_builder_char(out, 0xff61u + (p[1] - 0xa1u));
        } else if (*p == SS3) {
            uint32_t meaning = 0;
            const Charset *set = NULL;
            for (unsigned i = 1; c->sets[i] && !meaning && p[1] >= 0x80; i++) {
                set = c->sets[i];
                meaning = charset_decode(set, p[1], p[2]);
            }
            if (!meaning)
                return 1;
            add_meaning(set, meaning, out);
        } else {
            uint32_t meaning = charset_decode(c->sets[0], *p, p[1]);
            if (meaning == 0 || meaning == CHARSET_LATER)
                return meaning ? 2 : 1;
            add_meaning(c->sets[0], meaning, out);
        }
        in->at += need;
    }
    return MULTIBYTE_DONE;
}

static int encode_euc_jp(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                         ByteBuilder *out) {
    while (in->at < in->length) {
        uint32_t point = str_at(in->text, in->at);
        if (point < 0x80 || (c->codec->details && (point == 0xa5 || point == 0x203e))) {
            byte_builder_byte(out, point == 0xa5 ? 0x5c : point == 0x203e ? 0x7e : (uint8_t)point);
            in->at++;
            continue;
        }
        if (point >= 0xff61 && point <= 0xff9f) {
            add_code(out, (uint16_t)(SS2 << 8 | (point - 0xff61 + 0xa1)));
            in->at++;
            continue;
        }
        uint16_t code = charset_encode(c->sets[0], point);
        if (code == CHARSET_REFUSED)
            return 1;
        int taken = encode_perhaps_pair(c->sets[0], in, point, &code);
        if (taken < 0)
            return taken;
        if (taken) {
            add_code(out, code);
            in->at += taken;
            continue;
        }
        for (unsigned i = 1; c->sets[i] && !code; i++)
            code = charset_encode(c->sets[i], point);
        if (!code)
            return 1;
        byte_builder_byte(out, SS3);
        add_code(out, code);
        in->at++;
    }
    return MULTIBYTE_DONE;
}

// ---- EUC for Korean ----------------------------------------------------------------------------
// Syllables that KS X 1001 has no code for are written as eight bytes (its annex 3): the filler,
// then the initial, vowel and final letters, the filler for no final. Which letters those are
// follows from how Unicode counts syllables (The Unicode Standard, 3.12); the letters lie in row A4
// from A1 on as they do from U+3131 on.

enum {
    FILLER = 0xd4,
    ROW = 0xa4,
    FIRST_LETTER = 0xa1,
    FIRST_VOWEL = 0xbf,
    INITIALS = 19,
    VOWELS = 21,
    FINALS = 28,
    FIRST_SYLLABLE = 0xac00
};
static const uint8_t initials[INITIALS] = {0,  1,  3,  6,  7,  8,  16, 17, 18, 20,
                                           21, 22, 23, 24, 25, 26, 27, 28, 29};
static const uint8_t finals[FINALS - 1] = {0,  1,  2,  3,  4,  5,  6,  8,  9,  10, 11, 12, 13, 14,
                                           15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29};

static int index_of(const uint8_t *letters, int count, uint8_t byte) { // -1
    for (int i = 0; i < count; i++)
        if (letters[i] == byte - FIRST_LETTER)
            return i;
    return -1;
}

// The syllable of the eight bytes at p, or 0.
static uint32_t composed(const uint8_t *p) {
    if (p[2] != ROW || p[4] != ROW || p[6] != ROW || p[3] < FIRST_LETTER || p[7] < FIRST_LETTER)
        return 0;
    int initial = index_of(initials, INITIALS, p[3]), vowel = p[5] - FIRST_VOWEL;
    int final = p[7] == FILLER ? 0 : index_of(finals, FINALS - 1, p[7]) + 1;
    if (initial < 0 || vowel < 0 || vowel >= VOWELS || (final == 0 && p[7] != FILLER))
        return 0;
    return FIRST_SYLLABLE + (uint32_t)((initial * VOWELS + vowel) * FINALS + final);
}

static int decode_euc_kr(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                         StrBuilder *out) {
    while (in->at < in->length) {
        const uint8_t *p = in->data + in->at;
        size_t left = in->length - in->at;
        if (*p < 0x80) {
            copy_ascii(in, out);
            continue;
        }
        if (left < 2)
            return MULTIBYTE_TOO_FEW;
        bool letters = p[0] == ROW && p[1] == FILLER;
        if (letters && left < 8)
            return MULTIBYTE_TOO_FEW;
        uint32_t point = letters ? composed(p) : charset_decode(c->sets[0], p[0], p[1]);
        if (!point)
            return 1;
        str_builder_char(out, point);
        in->at += letters ? 8 : 2;
    }
    return MULTIBYTE_DONE;
}

static int encode_euc_kr(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                         ByteBuilder *out) {
    for (; in->at < in->length; in->at++) {
        uint32_t point = str_at(in->text, in->at);
        if (point < 0x80) {
            byte_builder_byte(out, (uint8_t)point);
            continue;
        }
        uint16_t code = charset_encode(c->sets[0], point);
        if (code) {
            add_code(out, code);
            continue;
        }
        uint32_t n = point - FIRST_SYLLABLE;
        if (point < FIRST_SYLLABLE || n >= INITIALS * VOWELS * FINALS)
            return 1;
        uint32_t final = n % FINALS;
        add_code(out, ROW << 8 | FILLER);
        add_code(out, (uint16_t)(ROW << 8 | (FIRST_LETTER + initials[n / (VOWELS * FINALS)])));
        add_code(out, (uint16_t)(ROW << 8 | (FIRST_VOWEL + n / FINALS % VOWELS)));
        add_code(out,
                 (uint16_t)(ROW << 8 | (final ? FIRST_LETTER + finals[final - 1] : (int)FILLER)));
    }
    return MULTIBYTE_DONE;
}

// ---- GB 18030 ----------------------------------------------------------------------------------
// Four bytes count, in mixed radix, through what two bytes cannot say: from 81308130 on the code
// points of the basic plane, from 90308130 on the other planes (GB 18030-2000).

enum { OTHER_PLANES = 15 * 12600 };

static int decode_gb18030(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                          StrBuilder *out) {
    const Charset *set = c->sets[0];
    while (in->at < in->length) {
        const uint8_t *p = in->data + in->at;
        size_t left = in->length - in->at;
        if (*p < 0x80) {
            copy_ascii(in, out);
            continue;
        }
        if (left < 2)
            return MULTIBYTE_TOO_FEW;
        if (p[1] < 0x30 || p[1] > 0x39) {
            uint32_t meaning = charset_decode(set, p[0], p[1]);
            if (!meaning)
                return 1;
            str_builder_char(out, meaning);
            in->at += 2;
            continue;
        }
        if (left < 4)
            return MULTIBYTE_TOO_FEW;
        if (p[0] < 0x81 || p[0] > 0xfe || p[2] < 0x81 || p[2] > 0xfe || p[3] < 0x30 || p[3] > 0x39)
            return 1;
        uint32_t n =
            (((p[0] - 0x81u) * 10 + (p[1] - 0x30u)) * 126 + (p[2] - 0x81u)) * 10 + (p[3] - 0x30u);
        if (n < set->rest_count)
            str_builder_char(out, set->rest[n]);
        else if (n >= OTHER_PLANES && n - OTHER_PLANES < 0x100000)
            str_builder_char(out, 0x10000 + (n - OTHER_PLANES));
        else
            return 1;
        in->at += 4;
    }
    return MULTIBYTE_DONE;
}

// The place of a code point among those without a two-byte code, or -1.
static int64_t place_in_rest(const Charset *set, uint32_t point) {
    size_t low = 0, high = set->rest_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (set->rest[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->rest_count && set->rest[low] == point ? (int64_t)low : -1;
}

static int encode_gb18030(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                          ByteBuilder *out) {
    for (; in->at < in->length; in->at++) {
        uint32_t point = str_at(in->text, in->at);
        if (point < 0x80) {
            byte_builder_byte(out, (uint8_t)point);
            continue;
        }
        uint16_t code = charset_encode(c->sets[0], point);
        if (code) {
            add_code(out, code);
            continue;
        }
        int64_t n = point >= 0x10000 ? OTHER_PLANES + (int64_t)(point - 0x10000)
                                     : place_in_rest(c->sets[0], point);
        if (n < 0)
            return 1;
        add_code(out, (uint16_t)((0x81 + n / 12600) << 8 | (0x30 + n / 1260 % 10)));
        add_code(out, (uint16_t)((0x81 + n / 10 % 126) << 8 | (0x30 + n % 10)));
    }
    return MULTIBYTE_DONE;
}

// ---- HZ (RFC 1843) -----------------------------------------------------------------------------
// bytes[0] of the state: between ~{ and ~}, where two bytes are a code of GB 2312.

static int decode_hz(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                     StrBuilder *out) {
    uint8_t *chinese = &state->bytes[0];
    while (in->at < in->length) {
        const uint8_t *p = in->data + in->at;
        size_t left = in->length - in->at;
        if (*p == '~') {
            if (left < 2)
                return MULTIBYTE_TOO_FEW;
            if (p[1] == '~' && !*chinese)
                str_builder_char(out, '~');
            else if (p[1] == '{' && !*chinese)
                *chinese = 1;
            else if (p[1] == '}' && *chinese)
                *chinese = 0;
            else if (p[1] != '\n' || *chinese)
                return 1;
            in->at += 2;
        } else if (*p & 0x80) {
            return 1;
        } else if (!*chinese) {
            str_builder_char(out, *p);
            in->at++;
        } else {
            if (left < 2)
                return MULTIBYTE_TOO_FEW;
            uint32_t point = p[1] & 0x80 ? 0 : charset_decode(c->sets[0], *p | 0x80, p[1] | 0x80);
            if (!point)
                return 1;
            str_builder_char(out, point);
            in->at += 2;
        }
    }
    return MULTIBYTE_DONE;
}

static void reset_hz(MultibyteState *state, ByteBuilder *out) {
    if (state->bytes[0])
        byte_builder_add(out, "~}", 2);
    state->bytes[0] = 0;
}

static int encode_hz(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                     ByteBuilder *out) {
    for (; in->at < in->length; in->at++) {
        uint32_t point = str_at(in->text, in->at);
        if (point < 0x80) {
            reset_hz(state, out);
            byte_builder_byte(out, (uint8_t)point);
            if (point == '~')
                byte_builder_byte(out, '~');
            continue;
        }
        uint16_t code = charset_encode(c->sets[0], point);
        if (!code)
            return 1;
        if (!state->bytes[0])
            byte_builder_add(out, "~{", 2);
        state->bytes[0] = 1;
        add_code(out, code & 0x7f7f);
    }
    return MULTIBYTE_DONE;
}

static void reset_hz_decode(MultibyteState *state) {
    state->bytes[0] = 0;
}

// ---- the table ---------------------------------------------------------------------------------

#define SETS(...)                                                                                  \
    { __VA_ARGS__, CHARSET_NONE }
#define DOUBLE(name, module, set, details)                                                         \
    { name, module, SETS(CHARSET_##set), decode_double, encode_double, details }

static const bool is_euc_jp = true; // details of EUC-JP: the yen and the overbar are encoded

static const MultibyteCodec codecs[] = {
    DOUBLE("gb2312", "_codecs_cn", GB2312, &double_byte),
    DOUBLE("gbk", "_codecs_cn", GBK, &double_byte),
    {"gb18030", "_codecs_cn", SETS(CHARSET_GB18030), decode_gb18030, encode_gb18030},
    {"hz", "_codecs_cn", SETS(CHARSET_GB2312), decode_hz, encode_hz,
     .reset_decode = reset_hz_decode, .reset_encode = reset_hz},
    DOUBLE("big5hkscs", "_codecs_hk", BIG5HKSCS, &double_byte),
    DOUBLE("big5", "_codecs_tw", BIG5, &double_byte),
    DOUBLE("cp950", "_codecs_tw", CP950, &double_byte),
    DOUBLE("shift_jis", "_codecs_jp", SJIS, &sjis),
    DOUBLE("cp932", "_codecs_jp", CP932, &cp932),
    DOUBLE("shift_jisx0213", "_codecs_jp", SJISX0213, &sjisx0213),
    DOUBLE("shift_jis_2004", "_codecs_jp", SJIS_2004, &sjisx0213),
    {"euc_jp", "_codecs_jp", SETS(CHARSET_JISX0208, CHARSET_JISX0212), decode_euc_jp, encode_euc_jp,
     &is_euc_jp},
    {"euc_jisx0213", "_codecs_jp",
     SETS(CHARSET_JISX0213_1_2000, CHARSET_JISX0213_2_2000, CHARSET_JISX0212), decode_euc_jp,
     encode_euc_jp},
    {"euc_jis_2004", "_codecs_jp", SETS(CHARSET_JISX0213_1, CHARSET_JISX0213_2, CHARSET_JISX0212),
     decode_euc_jp, encode_euc_jp},
    DOUBLE("cp949", "_codecs_kr", UHC, &double_byte),
    {"euc_kr", "_codecs_kr", SETS(CHARSET_KSX1001), decode_euc_kr, encode_euc_kr},
    DOUBLE("johab", "_codecs_kr", JOHAB, &double_byte),
    {NULL},
};

static const MultibyteCodec *find_in(const MultibyteCodec *all, const char *module,
                                     const char *name) {
    for (; all->name; all++)
        if (strcmp(all->name, name) == 0 && strcmp(all->module, module) == 0)
            return all;
    return NULL;
}

const MultibyteCodec *multibyte_find(const char *module, const char *name) {
    const MultibyteCodec *codec = find_in(codecs, module, name);
    return codec ? codec : find_in(multibyte_iso2022_codecs, module, name);
}
