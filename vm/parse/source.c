// SPDX-License-Identifier: MIT
//
// Decoding of source text; see source.h. The rules are those of PEP 263: a byte order mark or a
// comment in one of the first two lines tells the encoding. UTF-8, Latin-1 and ASCII are decoded
// here, all others by iconv.
#include "vm/parse/source.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int source_count_characters(const char *text, size_t length) {
    int count = 0;
    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}

static bool fail_without_position(SyntaxErrorInfo *error, const char *format,
                                  const char *argument) {
    error->kind = PARSE_SYNTAX_ERROR;
    error->no_position = true;
    error->line = 0;
    error->column = -1;
    snprintf(error->message, sizeof error->message, format, argument);
    return false;
}

// --- the declaration -----------------------------------------------------------------------------

// The codec's name as Python compares it: lower case, "-" for "_", the common aliases folded.
static const char *normal_name(Arena *arena, const char *name, size_t length) {
    char *normal = arena_copy(arena, name, length);
    char head[13];
    size_t head_length = 0;
    for (size_t i = 0; i < length && head_length < 12; i++) {
        head[head_length++] = normal[i] == '_' ? '-' : (char)tolower((unsigned char)normal[i]);
    }
    head[head_length] = 0;
    if (strcmp(head, "utf-8") == 0 || strncmp(head, "utf-8-", 6) == 0) {
        return "utf-8";
    }
    static const char *const latin[] = {"latin-1", "iso-8859-1", "iso-latin-1"};
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++) {
        size_t size = strlen(latin[i]);
        if (strncmp(head, latin[i], size) == 0 && (head[size] == 0 || head[size] == '-')) {
            return "iso-8859-1";
        }
    }
    return normal;
}

// Looks for the declaration in one line. Sets *only_comment to whether the line holds no code.
static const char *find_cookie(Arena *arena, const char *line, const char *end,
                               bool *only_comment) {
    const char *p = line;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\f')) {
        p++;
    }
    *only_comment = p == end || *p == '#';
    if (p == end || *p != '#') {
        return NULL;
    }
    for (; p + 6 < end; p++) {
        if (memcmp(p, "coding", 6) != 0 || (p[6] != ':' && p[6] != '=')) {
            continue;
        }
        const char *name = p + 7;
        while (name < end && (*name == ' ' || *name == '\t')) {
            name++;
        }
        const char *stop = name;
        while (stop < end && (isalnum((unsigned char)*stop) || strchr("-_.", *stop) != NULL) &&
               *stop) {
            stop++;
        }
        if (stop > name) {
            return normal_name(arena, name, (size_t)(stop - name));
        }
    }
    return NULL;
}

static const char *declared_encoding(Arena *arena, const char *text, size_t length) {
    const char *end = text + length;
    for (int line = 0; line < 2 && text < end; line++) {
        const char *stop = text;
        while (stop < end && *stop != '\n' && *stop != '\r') {
            stop++;
        }
        bool only_comment;
        const char *name = find_cookie(arena, text, stop, &only_comment);
        if (name != NULL || !only_comment) {
            return name;
        }
        if (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n') {
            stop++;
        }
        text = stop + 1;
    }
    return NULL;
}

// --- decoding ------------------------------------------------------------------------------------

// The first bytes that are not valid UTF-8, or NULL: *count of them. Sets *reason in Python's
// words. Table 3-7 of the Unicode Standard.
static const char *find_invalid_utf8(const char *text, size_t length, int *count,
                                     const char **reason) {
    const unsigned char *p = (const unsigned char *)text, *end = p + length;
    while (p < end) {
        if (*p < 0x80) {
            p++;
            continue;
        }
        int more = *p >= 0xC2 && *p <= 0xDF   ? 1
                   : *p >= 0xE0 && *p <= 0xEF ? 2
                   : *p >= 0xF0 && *p <= 0xF4 ? 3
                                              : 0;
        *count = 1;
        if (more == 0) {
            *reason = "invalid start byte";
            return (const char *)p;
        }
        unsigned char low = *p == 0xE0 ? 0xA0 : *p == 0xF0 ? 0x90 : 0x80;
        unsigned char high = *p == 0xED ? 0x9F : *p == 0xF4 ? 0x8F : 0xBF;
        for (int i = 1; i <= more; i++, low = 0x80, high = 0xBF) {
            *count = i;
            if (p + i >= end) {
                *reason = "unexpected end of data";
                return (const char *)p;
            }
            if (p[i] < low || p[i] > high) {
                *reason = "invalid continuation byte";
                return (const char *)p;
            }
        }
        p += more + 1;
    }
    return NULL;
}

bool source_describe_invalid_utf8(const char *text, size_t length, SyntaxErrorInfo *error) {
    const char *reason;
    int count;
    const char *bad = find_invalid_utf8(text, length, &count, &reason);
    if (bad == NULL) {
        return false;
    }
    int position = (int)(bad - text);
    if (count == 1) {
        snprintf(error->message, sizeof error->message,
                 "(unicode error) 'utf-8' codec can't decode byte 0x%02x in position %d: %s",
                 (unsigned char)*bad, position, reason);
    } else {
        snprintf(error->message, sizeof error->message,
                 "(unicode error) 'utf-8' codec can't decode bytes in position %d-%d: %s", position,
                 position + count - 1, reason);
    }
    return true;
}

const char *source_copy_valid(Arena *arena, const char *text, size_t *length) {
    const char *end = text + *length, *reason, *bad;
    char *copy = arena_allocate(arena, *length * 3 + 1), *out = copy;
    int count;
    while ((bad = find_invalid_utf8(text, (size_t)(end - text), &count, &reason)) != NULL) {
        memcpy(out, text, (size_t)(bad - text));
        out += bad - text;
        memcpy(out, "\xEF\xBF\xBD", 3);
        out += 3;
        text = bad + count;
    }
    memcpy(out, text, (size_t)(end - text));
    *length = (size_t)(out - copy) + (size_t)(end - text);
    return copy;
}

// Notes in `source` whether all is valid. A file without a declaration must be.
static bool check_utf8(const char *text, size_t length, ParseOptions options, Source *source,
                       SyntaxErrorInfo *error) {
    const char *reason;
    int count;
    const char *bad = find_invalid_utf8(text, length, &count, &reason);
    source->invalid_utf8 = bad != NULL;
    if (bad == NULL || options.filename == NULL || source->encoding != NULL) {
        return true;
    }
    int line = 1;
    for (const char *p = text; p < bad; p++) {
        line += *p == '\n' || (*p == '\r' && p[1] != '\n');
    }
    fail_without_position(error, "%s", "");
    error->line = -1;
    snprintf(error->message, sizeof error->message,
             "Non-UTF-8 code starting with '\\x%02x' in file %.80s on line %d, but no encoding "
             "declared; see https://peps.python.org/pep-0263/ for details",
             (unsigned char)*bad, options.filename, line);
    return false;
}

// Decoded text before line ends are looked at: a block of the arena, or NULL with `error` filled.
static char *decode_with_iconv(Arena *arena, const char *bytes, size_t length, const char *encoding,
                               size_t *decoded_length, SyntaxErrorInfo *error) {
    size_t capacity = length * 4 + 16, left = capacity;
    char *decoded = arena_block(arena, capacity), *out = decoded, *in = (char *)bytes;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1) {
        arena_block_free(arena, decoded);
        fail_without_position(error, "unknown encoding: %s", encoding);
        return NULL;
    }
    if (iconv(converter, &in, &length, &out, &left) == (size_t)-1) {
        char message[200];
        snprintf(
            message, sizeof message,
            "'%.80s' codec can't decode byte 0x%02x in position %d: illegal multibyte sequence",
            encoding, (unsigned char)*in, (int)(in - bytes));
        fail_without_position(error, "%s", message);
        arena_block_free(arena, decoded);
        decoded = NULL;
    }
    iconv_close(converter);
    *decoded_length = capacity - left;
    return decoded;
}

static char *decode_latin1(Arena *arena, const char *bytes, size_t length, size_t *decoded_length) {
    char *decoded = arena_block(arena, length * 2 + 1), *out = decoded;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < 0x80) {
            *out++ = (char)byte;
        } else {
            *out++ = (char)(0xC0 | byte >> 6);
            *out++ = (char)(0x80 | (byte & 0x3F));
        }
    }
    *decoded_length = (size_t)(out - decoded);
    return decoded;
}

static bool check_ascii(const char *bytes, size_t length, SyntaxErrorInfo *error) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] >= 0x80) {
            char message[120];
            snprintf(
                message, sizeof message,
                "'ascii' codec can't decode byte 0x%02x in position %zu: ordinal not in range(128)",
                (unsigned char)bytes[i], i);
            return fail_without_position(error, "%s", message);
        }
    }
    return true;
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names != NULL; names++) {
        if (strcasecmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static void normalise_lines(Arena *arena, const char *text, size_t length, ParseMode mode,
                            Source *source) {
    char *copy = arena_allocate(arena, length + 2);
    if (memchr(text, '\r', length) == NULL) {
        memcpy(copy, text, length);
    } else {
        char *out = copy;
        for (const char *p = text, *end = text + length; p < end; p++) {
            if (*p == '\r') {
                *out++ = '\n';
                p += p + 1 < end && p[1] == '\n';
            } else {
                *out++ = *p;
            }
        }
        length = (size_t)(out - copy);
    }
    if (mode == PARSE_FILE && length > 0 && copy[length - 1] != '\n') {
        copy[length++] = '\n';
    }
    copy[length] = 0;
    source->text = copy;
    source->length = length;
}

bool source_decode(Arena *arena, const char *bytes, size_t length, ParseMode mode,
                   ParseOptions options, Source *source, SyntaxErrorInfo *error) {
    if (length > 0 && memchr(bytes, 0, length) != NULL) {
        fail_without_position(error, "source code string cannot contain null bytes", "");
        error->line = -1;
        return false;
    }
    bool mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (mark && !options.ignore_cookie) {
        bytes += 3;
        length -= 3;
    }
    char *decoded = NULL;
    static const char *const ascii_names[] = {"ascii", "us-ascii", "646", NULL};
    static const char *const utf8_names[] = {"utf-8", "utf8", "utf_8", "u8", "cp65001", NULL};
    static const char *const latin_names[] = {"iso-8859-1", "latin1", "latin", "l1", "latin_1",
                                              "iso8859-1",  "8859",   "cp819", NULL};
    if (!options.ignore_cookie) {
        source->encoding = declared_encoding(arena, bytes, length);
        const char *encoding = source->encoding;
        if (mark && encoding != NULL && strcmp(encoding, "utf-8") != 0) {
            return fail_without_position(error, "encoding problem: %s with BOM", encoding);
        }
        if (mark) {
            source->encoding = "utf-8";
        } else if (encoding == NULL || is_one_of(encoding, utf8_names)) {
        } else if (is_one_of(encoding, latin_names)) {
            decoded = decode_latin1(arena, bytes, length, &length);
        } else if (is_one_of(encoding, ascii_names)) {
            if (!check_ascii(bytes, length, error)) {
                return false;
            }
        } else {
            decoded = decode_with_iconv(arena, bytes, length, encoding, &length, error);
            if (decoded == NULL) {
                return false;
            }
        }
    }
    const char *text = decoded != NULL ? decoded : bytes;
    bool valid = check_utf8(text, length, options, source, error);
    if (valid) {
        normalise_lines(arena, text, length, mode, source);
    }
    arena_block_free(arena, decoded);
    return valid;
}
