// SPDX-License-Identifier: MIT
//
// The East Asian codecs inside: what a codec is (multibyte_codecs.c, multibyte_iso2022.c), how text
// is driven through one with error handlers (multibyte_convert.c), and the objects around that
// (multibyte_module.c).
#ifndef LOCKSMITH_VM_MODULES_MULTIBYTE_INTERNAL_H
#define LOCKSMITH_VM_MODULES_MULTIBYTE_INTERNAL_H

#include "vm/modules/multibyte_charset.h"
#include "vm/types/codecs_internal.h"

// What a codec remembers between two calls. The bytes are seen by programs (getstate()), and are
// what CPython's codecs have there.
typedef struct {
    uint8_t bytes[8];
} MultibyteState;

// What a codec's functions answer when they stop: all is done; the input ends within a sequence;
// or, n > 0, the next n bytes or characters are none of the encoding.
enum { MULTIBYTE_DONE = 0, MULTIBYTE_TOO_FEW = -1 };

typedef struct {
    const uint8_t *data;
    size_t length, at; // at: the next byte
} MultibyteBytes;
typedef struct {
    Value text; // str, borrowed
    int64_t length, at;
    bool flush; // nothing comes after it
} MultibyteText;

typedef struct MultibyteCodec MultibyteCodec;
enum { MULTIBYTE_MAX_SETS = 10 };

// A codec with its tables; constant.
typedef struct {
    const MultibyteCodec *codec;
    const Charset *sets[MULTIBYTE_MAX_SETS]; // as codec->sets
} MultibyteCoding;

struct MultibyteCodec {
    const char *name, *module;
    CharsetName sets[MULTIBYTE_MAX_SETS]; // up to CHARSET_NONE
    // From where the input is, as far as it goes. Neither runs Python code; out of memory shows in
    // the builder.
    int (*decode)(const MultibyteCoding *c, MultibyteState *state, MultibyteBytes *in,
                  StrBuilder *out);
    int (*encode)(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                  ByteBuilder *out);
    const void *details; // as the functions want them
    // The state of a new decoder, of one that was reset, and of a new encoder; NULL: zeros, or
    // unchanged.
    void (*start_decode)(MultibyteState *state);
    void (*reset_decode)(MultibyteState *state);
    void (*start_encode)(MultibyteState *state);
    // Back to the initial state, with what has to be written for that; NULL: nothing.
    void (*reset_encode)(MultibyteState *state, ByteBuilder *out);
};

// The codec of a name in a module, or NULL.
const MultibyteCodec *multibyte_find(const char *module, const char *name);
// iso2022_*: multibyte_iso2022.c; ends with a NULL name.
extern const MultibyteCodec multibyte_iso2022_codecs[];

// ---- conversion (multibyte_convert.c) ----------------------------------------------------------
// errors: a str, or VALUE_NULL for "strict". Error handlers run Python code. After a failure the
// state is what it was where the conversion stopped.

enum { MULTIBYTE_FLUSH = 1, MULTIBYTE_RESET = 2 };

// Encodes text from *at on; *at is then the first character that waits for what comes after it (or
// the length). New reference to bytes.
Value multibyte_encode(const MultibyteCoding *c, MultibyteState *state, Value text, int64_t *at,
                       Value errors, int flags);

// A decoding under way: the input, what came out, and the bytes object that handlers are shown.
typedef struct {
    MultibyteBytes in;
    StrBuilder out;
    Value errors;
    Value object;
} MultibyteDecoding;
void multibyte_decoding_start(MultibyteDecoding *d, const uint8_t *data, size_t length,
                              Value errors);
// Decodes on. With `final`, an unfinished sequence at the end is an error; else it is left where
// in.at is. 0, or -1 with an exception.
int multibyte_decode(const MultibyteCoding *c, MultibyteState *state, MultibyteDecoding *d,
                     bool final);
// The unfinished sequence that in.at is at is an error. 0 or -1.
int multibyte_decode_rest(const MultibyteCoding *c, MultibyteDecoding *d);
// The text, or VALUE_NULL with status < 0.
Value multibyte_decoding_finish(MultibyteDecoding *d, int status);

#endif
