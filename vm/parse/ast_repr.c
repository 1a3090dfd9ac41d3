// SPDX-License-Identifier: MIT
//
// repr() of constants; see ast_repr.h.
#include "vm/parse/ast_repr.h"
#include "vm/parse/identifier.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void repr_append(ReprBuffer *buffer, const char *text, size_t length) {
    if (buffer->capacity - buffer->length < length) {
        buffer->capacity = buffer->capacity * 2 + length + 256;
        buffer->data = realloc(buffer->data, buffer->capacity);
        if (buffer->data == NULL) {
            abort();
        }
    }
    memcpy(buffer->data + buffer->length, text, length);
    buffer->length += length;
}

static void append_text(ReprBuffer *buffer, const char *text) {
    repr_append(buffer, text, strlen(text));
}

// --- numbers -------------------------------------------------------------------------------------

// To decimal, in groups of nine digits.
static void append_big_integer(ReprBuffer *buffer, const AstConstant *constant) {
    uint32_t count = 1;
    uint32_t *groups = calloc(constant->big.length / 7 + 2, sizeof *groups);
    if (groups == NULL) {
        abort();
    }
    for (size_t i = 0; i < constant->big.length; i++) {
        char c = constant->big.digits[i];
        uint64_t carry = (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        for (uint32_t j = 0; j < count || carry > 0; j++) {
            count = j < count ? count : j + 1;
            uint64_t group = groups[j] * (uint64_t)constant->base + carry;
            groups[j] = (uint32_t)(group % 1000000000);
            carry = group / 1000000000;
        }
    }
    char digits[16];
    for (uint32_t j = count; j-- > 0;) {
        snprintf(digits, sizeof digits, j + 1 == count ? "%u" : "%09u", groups[j]);
        append_text(buffer, digits);
    }
    free(groups);
}

// The shortest digits that read back as the same number. `suffix` is ".0" for floats, "" for
// imaginary numbers.
static void append_real(ReprBuffer *buffer, double value, const char *suffix) {
    char text[40];
    if (isinf(value)) {
        append_text(buffer, "inf");
        return;
    }
    int precision = 1;
    do {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
    } while (strtod(text, NULL) != value && ++precision <= 17);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (exponent < -4 || exponent >= 16) {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
    } else {
        int decimals = precision - 1 - exponent;
        snprintf(text, sizeof text, "%.*f", decimals > 0 ? decimals : 0, value);
        if (decimals <= 0) {
            strcat(text, suffix);
        }
    }
    append_text(buffer, text);
}

// --- strings -------------------------------------------------------------------------------------

static const char *choose_quote(const char *text, size_t length) {
    return memchr(text, '\'', length) != NULL && memchr(text, '"', length) == NULL ? "\"" : "'";
}

static void append_escaped(ReprBuffer *buffer, uint32_t c, const char *text, size_t size,
                           const char *quote, bool bytes) {
    char escape[16];
    if (c == '\\' || c == (unsigned char)*quote) {
        append_text(buffer, "\\");
        repr_append(buffer, text, 1);
    } else if (c == '\t' || c == '\n' || c == '\r') {
        append_text(buffer, c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
    } else if (c >= ' ' && c < 0x7F) {
        repr_append(buffer, text, 1);
    } else if (!bytes && c > 0x7F && identifier_is_printable(c)) {
        repr_append(buffer, text, size);
    } else {
        snprintf(escape, sizeof escape,
                 c <= 0xFF     ? "\\x%02x"
                 : c <= 0xFFFF ? "\\u%04x"
                               : "\\U%08x",
                 c);
        append_text(buffer, escape);
    }
}

void repr_string(ReprBuffer *buffer, const char *text, size_t length) {
    const char *quote = choose_quote(text, length);
    append_text(buffer, quote);
    for (const char *p = text, *end = text + length; p < end;) {
        unsigned char byte = (unsigned char)*p;
        size_t size = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        uint32_t c = size == 1 ? byte : byte & (0xFFu >> (size + 1));
        for (size_t i = 1; i < size; i++) {
            c = c << 6 | ((unsigned char)p[i] & 0x3F);
        }
        append_escaped(buffer, c, p, size, quote, false);
        p += size;
    }
    append_text(buffer, quote);
}

static void append_bytes(ReprBuffer *buffer, const char *text, size_t length) {
    const char *quote = choose_quote(text, length);
    append_text(buffer, "b");
    append_text(buffer, quote);
    for (size_t i = 0; i < length; i++) {
        append_escaped(buffer, (unsigned char)text[i], text + i, 1, quote, true);
    }
    append_text(buffer, quote);
}

void repr_constant(ReprBuffer *buffer, const AstConstant *constant) {
    char number[32];
    switch (constant->kind) {
    case AST_CONSTANT_NONE:
        append_text(buffer, "None");
        break;
    case AST_CONSTANT_TRUE:
        append_text(buffer, "True");
        break;
    case AST_CONSTANT_FALSE:
        append_text(buffer, "False");
        break;
    case AST_CONSTANT_ELLIPSIS:
        append_text(buffer, "Ellipsis");
        break;
    case AST_CONSTANT_INT:
        snprintf(number, sizeof number, "%lld", (long long)constant->integer);
        append_text(buffer, number);
        break;
    case AST_CONSTANT_BIG_INT:
        append_big_integer(buffer, constant);
        break;
    case AST_CONSTANT_FLOAT:
        append_real(buffer, constant->real, ".0");
        break;
    case AST_CONSTANT_IMAGINARY:
        append_real(buffer, constant->real, "");
        append_text(buffer, "j");
        break;
    case AST_CONSTANT_STR:
        repr_string(buffer, constant->text.data, constant->text.length);
        break;
    case AST_CONSTANT_BYTES:
        append_bytes(buffer, constant->text.data, constant->text.length);
        break;
    }
}
