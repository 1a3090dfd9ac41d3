// SPDX-License-Identifier: MIT
//
// The engine that all encoders and decoders share (codecs_engine.c): output buffers and error
// handling. Included by codecs*.c and by the East Asian codecs (vm/modules/multibyte_*.c).
#ifndef LOCKSMITH_VM_TYPES_CODECS_INTERNAL_H
#define LOCKSMITH_VM_TYPES_CODECS_INTERNAL_H

#include "vm/types/bytes.h"
#include "vm/types/codecs.h"
#include "vm/types/str.h"

typedef enum {
    ERRORS_STRICT,
    ERRORS_IGNORE,
    ERRORS_REPLACE,
    ERRORS_BACKSLASH,
    ERRORS_XML,
    ERRORS_ESCAPE,
    ERRORS_PASS,
    ERRORS_OTHER // a registered handler
} ErrorsKind;
ErrorsKind errors_kind(const char *errors); // NULL: strict

// Growing bytes. After a failure (MemoryError set) every call does nothing.
typedef struct {
    uint8_t *data;
    size_t length, capacity;
    bool failed;
} ByteBuilder;
void byte_builder_reserve(ByteBuilder *b, size_t more);
static inline void byte_builder_byte(ByteBuilder *b, uint8_t byte) {
    if (__builtin_expect(b->length == b->capacity, 0))
        byte_builder_reserve(b, 1);
    if (__builtin_expect(!b->failed, 1))
        b->data[b->length++] = byte;
}
void byte_builder_add(ByteBuilder *b, const void *data, size_t length);
Value byte_builder_finish(ByteBuilder *b); // bytes
void byte_builder_discard(ByteBuilder *b);

// ---- encoding ---------------------------------------------------------------------------------
typedef struct Encoder Encoder;
struct Encoder {
    const char *name; // for exceptions
    const char *reason;
    Value text;
    const char *errors;
    ErrorsKind kind;
    unsigned width;  // bytes of a code unit: replacements given as bytes must be a multiple
    bool one_by_one; // each character is an error of its own; else a run of them is one
    uint32_t plain;  // characters below go as the byte of that number; 0, 128 or 256
    bool only_plain; // and no others can be encoded
    ByteBuilder out;
    // Adds c: 1; cannot: 0; error: -1.
    int (*emit)(Encoder *e, uint32_t c);
    // Adds the characters of text from `from` on up to the first that cannot be encoded: its
    // place, or the text's length. NULL: emit is asked for each. (out.failed after an error.)
    int64_t (*run)(Encoder *e, int64_t from);
    // Adds a surrogate as it is (for surrogatepass), or NULL.
    void (*emit_surrogate)(Encoder *e, uint32_t c);
    Value mapping;  // charmap
    int16_t *known; // charmap: the bytes of the first 256 characters, -1: not asked for yet
    int order;      // utf-16, utf-32
    // Found for the first error that a registered handler is to deal with, and used for all, or
    // VALUE_NULL.
    Value handler, exception;
};
// A run for encoders with `plain` whose other characters emit adds or refuses.
int64_t encoder_run_plain(Encoder *e, int64_t from);
// Encodes all of text. On failure e->out is discarded.
Value encoder_run(Encoder *e);

// ---- decoding ---------------------------------------------------------------------------------
typedef struct {
    const char *name;
    const uint8_t *data; // of the input; an error handler may replace the input
    size_t length;
    const char *errors;
    ErrorsKind kind;
    unsigned width; // bytes of a code unit of utf-16 (2) and utf-32 (4), else 1
    bool big;       // big-endian
    StrBuilder out;
    Value input;              // bytes object that a handler has given, or VALUE_NULL
    Value handler, exception; // as an encoder's
} Decoder;
void decoder_start(Decoder *d, const char *name, const uint8_t *data, size_t length,
                   const char *errors);
// Deals with data[start..end): 0 with the place to go on in *next, or -1.
int decoder_error(Decoder *d, size_t start, size_t end, const char *reason, size_t *next);
Value decoder_finish(Decoder *d, bool ok);

// The pending exception of a codec that was called through the registry gets one around it that
// names the codec ("encoding with 'x' codec failed (...)"), if it is of a plain type.
void codec_name_in_error(const char *operation, Value encoding);
// A character as ASCII: &#n; or \\x.., \\u...., \\U......... Their number.
enum { CODEC_ESCAPE_MAX = 12 };
int codec_write_reference(uint32_t c, char out[CODEC_ESCAPE_MAX]);
int codec_write_escape(uint32_t c, char out[CODEC_ESCAPE_MAX]);
int codec_handlers_register(Value handlers); // puts those of codec_handlers.c into the dict
bool codec_is_name_handler(Value handler);   // namereplace as registered there

#endif
