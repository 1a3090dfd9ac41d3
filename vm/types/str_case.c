// SPDX-License-Identifier: MIT
//
// str's methods about case and about what kinds of characters there are. ASCII text is handled
// a byte at a time without tables where that lets the compiler vectorise; the rest goes through
// unicode.h with full mappings (one character may become three).
#include "vm/runtime/errors.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_methods.h"
#include "vm/types/unicode.h"

static inline uint8_t ascii_lower(uint8_t c) {
    return (uint8_t)(c + ((uint8_t)(c - 'A') < 26) * 32);
}
static inline uint8_t ascii_upper(uint8_t c) {
    return (uint8_t)(c - ((uint8_t)(c - 'a') < 26) * 32);
}

// A str of the same length for ASCII text, to be filled by the caller.
static Value ascii_copy(Value self, const uint8_t **from, uint8_t **to) {
    void *out;
    Value result = str_allocate(str_length(self), 0x7f, &out);
    *from = str_data(self);
    *to = out;
    return result;
}

// The texts of length 0 and 1 are shared, so they must not be made anew.
static Value ascii_short(Value self, uint8_t (*map)(uint8_t)) {
    return str_length(self) ? ref_new(str_characters[map((uint8_t)str_at(self, 0))]) : str_empty();
}

// Whether the capital sigma at i ends a word: a cased character before it and none after,
// case-ignorable ones skipped (Final_Sigma in Unicode's SpecialCasing).
static bool is_final_sigma(Value s, int64_t i) {
    int64_t length = str_length(s), j = i - 1;
    while (j >= 0 && unicode_flags(str_at(s, j)) & UNICODE_IGNORABLE)
        j--;
    if (j < 0 || !(unicode_flags(str_at(s, j)) & UNICODE_CASED))
        return false;
    j = i + 1;
    while (j < length && unicode_flags(str_at(s, j)) & UNICODE_IGNORABLE)
        j++;
    return j == length || !(unicode_flags(str_at(s, j)) & UNICODE_CASED);
}

static unsigned lower_at(Value s, int64_t i, uint32_t c, uint32_t out[3]) {
    if (c == 0x3a3) {
        out[0] = is_final_sigma(s, i) ? 0x3c2 : 0x3c3;
        return 1;
    }
    return unicode_to_lower(c, out);
}

typedef enum {
    CASE_LOWER,
    CASE_UPPER,
    CASE_FOLD,
    CASE_CAPITALIZE,
    CASE_TITLE,
    CASE_SWAP
} CaseChange;

// Character c, which is number i of s, as `change` has it: one to three into out, their number.
// in_word: whether what was before it has case (kept for CASE_TITLE only).
ALWAYS_INLINE unsigned map_point(Value s, int64_t i, uint32_t c, CaseChange change, bool *in_word,
                                 uint32_t out[3]) {
    unsigned flags = 0;
    bool swaps = change == CASE_SWAP;
    if (c >= 0x80 || change == CASE_TITLE || swaps)
        flags = unicode_flags(c);
    if (change == CASE_CAPITALIZE)
        change = i == 0 ? CASE_TITLE : CASE_LOWER;
    else if (swaps)
        change = flags & UNICODE_UPPER ? CASE_LOWER : CASE_UPPER;
    bool keeps = swaps && !(flags & (UNICODE_UPPER | UNICODE_LOWER)); // a title letter, too
    bool inside = *in_word;
    *in_word = flags & UNICODE_CASED;
    if (change == CASE_TITLE && inside)
        change = CASE_LOWER;
    if (c < 0x80) {
        bool capital = change == CASE_UPPER || change == CASE_TITLE;
        out[0] = capital ? ascii_upper((uint8_t)c) : ascii_lower((uint8_t)c);
        return 1;
    }
    out[0] = c;
    if (!(flags & UNICODE_CASED) || keeps) // no mapping changes what has no case
        return 1;
    return change == CASE_LOWER   ? lower_at(s, i, c, out)
           : change == CASE_UPPER ? unicode_to_upper(c, out)
           : change == CASE_TITLE ? unicode_to_title(c, out)
                                  : unicode_fold(c, out);
}

// The text with all characters changed, which is a constant at each call. Runs no code.
ALWAYS_INLINE Value map_points(Value self, CaseChange change) {
    int64_t length = str_length(self);
    unsigned kind = str_kind(self);
    const void *data = str_data(self);
    uint32_t few[96], *points = few;
    if (length * 3 > 96) {
        points = buffer_allocate((size_t)length * 3 * sizeof *points);
        if (!points)
            return raise_memory_error();
    }
    uint32_t *end = points;
    bool in_word = false;
    for (int64_t i = 0; i < length; i++)
        end += map_point(self, i, unit_at(data, kind, i), change, &in_word, end);
    Value result = str_from_ucs4(points, (size_t)(end - points));
    if (points != few)
        buffer_free(points);
    return result;
}

Value str_method_lower(Value self) {
    int64_t length = str_length(self);
    if (str_is_ascii(self)) {
        if (length <= 1)
            return ascii_short(self, ascii_lower);
        const uint8_t *from;
        uint8_t *to;
        Value result = ascii_copy(self, &from, &to);
        if (!value_is_null(result))
            for (int64_t i = 0; i < length; i++)
                to[i] = ascii_lower(from[i]);
        return result;
    }
    return map_points(self, CASE_LOWER);
}

Value str_method_upper(Value self) {
    int64_t length = str_length(self);
    if (str_is_ascii(self)) {
        if (length <= 1)
            return ascii_short(self, ascii_upper);
        const uint8_t *from;
        uint8_t *to;
        Value result = ascii_copy(self, &from, &to);
        if (!value_is_null(result))
            for (int64_t i = 0; i < length; i++)
                to[i] = ascii_upper(from[i]);
        return result;
    }
    return map_points(self, CASE_UPPER);
}

Value str_method_casefold(Value self) {
    if (str_is_ascii(self))
        return str_method_lower(self);
    return map_points(self, CASE_FOLD);
}

Value str_method_capitalize(Value self) {
    int64_t length = str_length(self);
    if (str_is_ascii(self)) {
        if (length <= 1)
            return ascii_short(self, ascii_upper);
        const uint8_t *from;
        uint8_t *to;
        Value result = ascii_copy(self, &from, &to);
        if (!value_is_null(result)) {
            for (int64_t i = 0; i < length; i++)
                to[i] = ascii_lower(from[i]);
            to[0] = ascii_upper(from[0]);
        }
        return result;
    }
    return map_points(self, CASE_CAPITALIZE);
}

static inline bool is_letter(uint8_t c) {
    return (uint8_t)((c | 32) - 'a') < 26;
}

// ASCII text of two characters or more, with capitals where words begin, or with the case of each
// letter turned round.
static Value ascii_changed(Value self, bool title) {
    const uint8_t *from = str_data(self);
    int64_t length = str_length(self);
    void *out;
    Value result = str_allocate(length, 0x7f, &out);
    if (value_is_null(result))
        return result;
    uint8_t *to = out;
    bool in_word = false;
    for (int64_t i = 0; title && i < length; i++) {
        bool letter = is_letter(from[i]);
        to[i] = letter ? (uint8_t)((from[i] & ~32) | in_word << 5) : from[i];
        in_word = letter;
    }
    for (int64_t i = 0; !title && i < length; i++)
        to[i] = (uint8_t)(from[i] ^ is_letter(from[i]) << 5);
    return result;
}

Value str_method_title(Value self) {
    if (LIKELY(str_is_ascii(self) && str_length(self) > 1))
        return ascii_changed(self, true);
    return map_points(self, CASE_TITLE);
}

Value str_method_swapcase(Value self) {
    if (LIKELY(str_is_ascii(self) && str_length(self) > 1))
        return ascii_changed(self, false);
    return map_points(self, CASE_SWAP);
}

// ---- questions ---------------------------------------------------------------------------------

Value str_method_isascii(Value self) {
    return bool_new(str_is_ascii(self));
}

static Value is_case(Value self, unsigned wanted, unsigned refused) {
    bool cased = false;
    for (int64_t i = 0; i < str_length(self); i++) {
        unsigned flags = unicode_flags(str_at(self, i));
        if (flags & refused)
            return bool_new(false);
        cased |= (flags & wanted) != 0;
    }
    return bool_new(cased);
}
Value str_method_islower(Value self) {
    return is_case(self, UNICODE_LOWER, UNICODE_UPPER | UNICODE_TITLE);
}
Value str_method_isupper(Value self) {
    return is_case(self, UNICODE_UPPER, UNICODE_LOWER | UNICODE_TITLE);
}

Value str_method_istitle(Value self) {
    bool cased = false, in_word = false;
    for (int64_t i = 0; i < str_length(self); i++) {
        unsigned flags = unicode_flags(str_at(self, i));
        if (flags & (UNICODE_UPPER | UNICODE_TITLE)) {
            if (in_word)
                return bool_new(false);
            cased = in_word = true;
        } else if (flags & UNICODE_LOWER) {
            if (!in_word)
                return bool_new(false);
            cased = true;
        } else {
            in_word = false;
        }
    }
    return bool_new(cased);
}

static bool all_have(Value self, unsigned wanted) {
    const void *data = str_data(self);
    unsigned kind = str_kind(self);
    int64_t length = str_length(self);
    for (int64_t i = 0; i < length; i++)
        if (!(unicode_flags(unit_at(data, kind, i)) & wanted))
            return false;
    return true;
}
static Value some_all_have(Value self, unsigned wanted) {
    return bool_new(str_length(self) > 0 && all_have(self, wanted));
}
Value str_method_isspace(Value self) {
    return some_all_have(self, UNICODE_SPACE);
}
Value str_method_isdecimal(Value self) {
    return some_all_have(self, UNICODE_DECIMAL);
}
Value str_method_isdigit(Value self) {
    return some_all_have(self, UNICODE_DIGIT);
}
Value str_method_isnumeric(Value self) {
    return some_all_have(self, UNICODE_NUMERIC);
}
Value str_method_isalpha(Value self) {
    return some_all_have(self, UNICODE_ALPHA);
}
Value str_method_isalnum(Value self) {
    return some_all_have(self, UNICODE_ALNUM);
}
Value str_method_isprintable(Value self) {
    return bool_new(all_have(self, UNICODE_PRINTABLE));
}

bool str_is_identifier(Value s) {
    int64_t length = str_length(s);
    if (length == 0 || !(unicode_flags(str_at(s, 0)) & UNICODE_START))
        return false;
    if (str_is_ascii(s)) {
        const uint16_t *flags = unicode_pages[0];
        const uint8_t *p = str_data(s);
        for (int64_t i = 1; i < length; i++)
            if (!(flags[p[i]] & UNICODE_CONTINUE))
                return false;
        return true;
    }
    for (int64_t i = 1; i < length; i++)
        if (!(unicode_flags(str_at(s, i)) & UNICODE_CONTINUE))
            return false;
    return true;
}
Value str_method_isidentifier(Value self) {
    return bool_new(str_is_identifier(self));
}
