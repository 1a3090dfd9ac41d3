// SPDX-License-Identifier: MIT
//
// `_io.TextIOWrapper`: its fields, and what its parts share. See io_text.c.
#ifndef LOCKSMITH_VM_MODULES_IO_TEXT_INTERNAL_H
#define LOCKSMITH_VM_MODULES_IO_TEXT_INTERNAL_H

#include "vm/modules/io_internal.h"

typedef enum { CODING_UTF8, CODING_ASCII, CODING_LATIN1, CODING_OTHER } Coding;

typedef struct {
    IoBase base;
    IoLock lock;
    Value buffer;           // VALUE_NULL once detached; stored with the lock
    Value encoding, errors; // str
    Value encoder, decoder; // of codecs, for CODING_OTHER; made when first needed
    Value mode;             // the mode attribute, or VALUE_NULL
    Coding coding;
    // For CODING_OTHER that is written as utf-16 or utf-32 (reading is up to a decoder): bytes of a
    // unit, or 0; order as in codecs.h. Is it known whether the next text begins with a byte order
    // mark, and does it?
    uint8_t wide;
    int8_t wide_order;
    bool mark_known, mark_due;
    bool line_buffering, write_through, detached; // atomic: asked for without the lock
    bool translate_read, universal;
    bool newline_ends;                 // \n, and nothing else, ends a line of `decoded`
    bool readable, writable, seekable; // the buffer was, when this was made
    bool iterating;   // next() gave a line and no seek() came since: tell() is refused
    bool unplaced;    // `decoded` was read while iterating: tell() knows the buffer's place only
    bool held_return; // a \r was decoded that may become \r\n (CODING_OTHER)
    uint8_t seen;     // newlines seen: SEEN_*; atomic, as above
    char read_newline[3];  // what ends a line when not universal
    char write_newline[3]; // what \n becomes
    uint8_t *pending;      // encoded, not yet written
    int64_t pending_length, pending_capacity;
    uint8_t *chunk; // the bytes that `decoded` came from, then the tail
    int64_t chunk_length, tail_at;
    int64_t chunk_position;   // of the chunk's first byte in the buffer, -1: not known
    Value snapshot;           // CODING_OTHER: the decoder's state before the chunk, or VALUE_NULL
    bool snapshot_held;       // and held_return
    double bytes_a_character; // of the chunk that was read last, 0: nothing came of it
    int64_t chunk_size;       // what a read asks for and a write keeps back; atomic, as above
    Value decoded;            // str, or VALUE_NULL
    int64_t decoded_at;       // characters given out
    bool at_end;
} Text;

enum { IO_TEXT_CHUNK = 8192 }; // unless a program sets another
static inline Text *text_of(Value v) {
    return (Text *)value_object(v);
}

static inline int64_t io_text_chunk_size(const Text *t) {
    return __atomic_load_n(&t->chunk_size, __ATOMIC_RELAXED);
}

static inline void io_text_set_seen(Text *t, unsigned seen) {
    __atomic_store_n(&t->seen, (uint8_t)seen, __ATOMIC_RELAXED);
}

// With the lock: borrowed; VALUE_NULL with ValueError if it is detached.
Value io_text_buffer(Text *t);
// Reads the next chunk into `decoded`, which must be used up. About so many characters are wanted,
// if that is more than a chunk. 1: there is text; 0: end; -1: error.
int io_text_fill(Text *t, int64_t hint);

Coding io_text_coding(Value encoding);            // by its name
void io_text_set_coding(Text *t, Value encoding); // coding, wide*; nothing has been coded yet
int io_text_set_newline(Text *t,
                        Value newline);    // str, None or VALUE_NULL. 0, or -1 with ValueError
Value io_text_encode(Text *t, Value text); // bytes
// How many of these bytes can be decoded now, leaving an unfinished character at the end.
int64_t io_text_whole_prefix(Coding coding, const uint8_t *data, int64_t length);
// Decodes; notes the newlines and, if asked, turns them all into \n. str; VALUE_NULL with an error.
Value io_text_lines(Text *t, const uint8_t *data, int64_t length, bool final);

// io_text_position.c, for CODING_OTHER. Positions that are more than the place of a byte.
typedef struct {
    int64_t byte;       // of the file
    uint64_t flags;     // of the decoder there
    int64_t feed, skip; // bytes to decode from there, and characters of them to pass over
    bool at_end;        // the file ends with these bytes
} TextPosition;
int io_text_make_decoder(Text *t); // if there is none yet; 0 or -1
int io_text_snapshot(Text *t);     // before a chunk is decoded; 0 or -1
// Where reading has come in the chunk, whose first byte is at `start`: an int.
Value io_text_position(Text *t, int64_t start);
int io_text_position_parse(Value v, TextPosition *out);
// Goes on from there: the buffer has been moved to that byte, the chunk forgotten. 0 or -1.
int io_text_resume(Text *t, const TextPosition *p);

#endif
