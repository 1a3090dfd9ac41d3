// SPDX-License-Identifier: MIT
//
// What the compressors and decompressors of _bz2 and _lzma have in common: an object that is fed
// piece by piece, its input that is still to be taken, its output that grows, and the methods
// around the library's own work.
//
// The stream of an object is guarded by its mutex rather than the object's lock, because a library
// works with the thread detached.
#ifndef LOCKSMITH_VM_MODULES_COMPRESSION_H
#define LOCKSMITH_VM_MODULES_COMPRESSION_H

#include "locks/mutex.h"
#include "vm/object.h"

// Every such object begins so; the library's stream follows.
typedef struct {
    Object header;
    Mutex mutex;           // guards the rest, and the library's stream
    bool flushed;          // of compressors: flush() was called
    bool eof, needs_input; // of decompressors; written with the mutex, read without; relaxed
    Value unused;          // of decompressors: bytes
    uint8_t *kept;         // of decompressors: input that is still to be taken
    size_t kept_length;
} Compression;

static inline Compression *compression_of(Value v) {
    return (Compression *)value_object(v);
}

// Output that grows up to a limit.
typedef struct {
    uint8_t *data; // from buffer_allocate
    size_t length, capacity, limit;
} CompressionOutput;

// There is room after data + length, unless length is the limit. False: no memory.
bool compression_reserve(CompressionOutput *out);
// The output as bytes, or VALUE_NULL with status < 0, when an exception is set; frees it.
Value compression_finish(CompressionOutput *out, int status);

// The library's work, with the mutex held; a new reference to bytes, or VALUE_NULL with an
// exception. Compressing: data, and whether it is the last of it.
typedef Value (*CompressWork)(Compression *c, const uint8_t *data, size_t length, bool last);
// Decompressing what is kept, to at most limit bytes; ends with compression_took or, when the
// stream is of no use any more, with kept_length 0.
typedef Value (*DecompressWork)(Compression *c, size_t limit);

// The methods compress(data), flush(), decompress(data, max_length). end: what EOFError says when
// the stream has ended.
Value compression_compress(Value self, Value data, CompressWork work);
Value compression_flush(Value self, CompressWork work);
Value compression_decompress(Value self, const Value *args, size_t nargs, Value kwnames,
                             const char *end, DecompressWork work);
// After the library has taken of what is kept all but the last `left` bytes, which begin at data:
// ended says whether the stream has, full whether the limit was reached. 0, or -1 with MemoryError.
int compression_took(Compression *c, const uint8_t *data, size_t left, bool ended, bool full);

// For new decompressors: 0, or -1 with MemoryError.
int compression_start(Compression *c);
void compression_drop(Compression *c); // for destroy
void compression_traverse(Object *self, GcVisitor *visitor);
Value compression_eof(Value self);
Value compression_needs_input(Value self);

#endif
