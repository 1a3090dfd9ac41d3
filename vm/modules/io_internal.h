// SPDX-License-Identifier: MIT
//
// What the files of `_io` share. A file object's own lock (io_lock.h) guards its buffers and
// positions.
#ifndef LOCKSMITH_VM_MODULES_IO_INTERNAL_H
#define LOCKSMITH_VM_MODULES_IO_INTERNAL_H

#include "locks/mutex.h"
#include "vm/modules/io.h"
#include "vm/modules/io_lock.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

#define IO_DEFAULT_BUFFER 8192

// Every native file object begins so.
typedef struct {
    Object header;
    Value dict;      // VALUE_NULL until used
    bool closed;     // atomic; of classes that keep it themselves
    bool finalizing; // close() is called because the object goes: written by the finaliser alone
} IoBase;

extern Type io_base_type, io_raw_base_type, io_buffered_base_type, io_text_base_type;
extern Type io_file_type, io_reader_type, io_writer_type, io_random_type, io_pair_type;
extern Type io_bytes_type, io_string_type, io_text_type, io_newline_decoder_type;
extern Value io_unsupported_operation; // io.UnsupportedOperation

Value io_unsupported(const char *what); // raises UnsupportedOperation
int io_check_open(Value file);          // ValueError "I/O operation on closed file."
int io_is_closed(Value file);           // by its `closed` attribute: 0, 1, -1
bool io_file_is_closed(Value file);     // of an io_file_type
// Of an io_file_type too. Plain: no attribute was ever set, so no method is replaced.
bool io_file_is_plain(Value file);
int io_file_can_seek(Value file); // what its seekable() says, -1 with ValueError if it is closed
// read(2) and write(2) with memory that nobody else changes or frees. Bytes; -1 with an exception;
// -2 where it would block. Detached meanwhile; signal handlers may run.
int64_t io_file_read_into(Value file, void *data, int64_t size);
int64_t io_file_write_from(Value file, const void *data, int64_t size);
// Is it exactly a BufferedReader, of which no attribute was ever set?
bool io_reader_is_plain(Value file);
// Of such a one: what its read1() does, into memory that nobody else sees. Bytes, 0 at the end and
// where it would block; -1 with an exception.
int64_t io_reader_read1_into(Value file, uint8_t *data, int64_t size);
int io_buffered_is_closed(Value file);             // -1: not known, its raw file has to be asked
int io_call_truth(Value file, const char *method); // calls it, the truth of the result
Value io_closed_error(void);
void io_base_drop(IoBase *base); // releases the dict
Value io_get_dict(Value self);
int io_set_dict(Value self, Value v);
Value io_base_close(Value self); // flush, then mark closed
// A file goes without having been closed: lower, what it lies on, warns about it. Leaves nothing
// pending.
void io_warn_unclosed(Value lower, Value file);
// The default finaliser: closes quietly.
void io_finalize(Object *self);
// Ends of lines that were met, and what the attribute `newlines` says of them: new reference.
enum { SEEN_LF = 1, SEEN_CR = 2, SEEN_CRLF = 4 };
Value io_newlines_seen(unsigned seen);
// size argument: None or absent means -1.
int io_size_argument_slow(Value v, int64_t *out);
static inline int io_size_argument(Value v, int64_t *out) {
    if (LIKELY(value_is_int(v))) {
        *out = value_int(v);
        return 0;
    }
    return io_size_argument_slow(v, out);
}

Value io_fspath(Value v); // a path as str or bytes
Value io_open(Value file, const char *mode, int64_t buffering, Value encoding, Value errors,
              Value newline, bool closefd, Value opener);
Value io_buffered_new(Type *type, Value raw, int64_t size); // Reader, Writer or Random over raw
Value io_text_new(Value buffer, Value encoding, Value errors, Value newline, bool line_buffering,
                  bool write_through);

// buffer_view_get for writing, with the error that readinto methods give.
int io_target_view(Value target, BufferView *view);

#endif
