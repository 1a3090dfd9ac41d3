// SPDX-License-Identifier: MIT
//
// What the files of _pickle share: the opcodes, what the module borrows from others, the memo, a
// pickle being written and a pickle being read.
//
// The formats are those that PEP 307 (protocol 2), PEP 3154 (4) and PEP 574 (5) describe; the
// comments of the library's pickletools.py say what each opcode does. What is written is, byte for
// byte, what CPython's _pickle writes for the same objects.
//
//   pickle_module.c      the module: dump, dumps, load, loads
//   pickle_memo.c        objects already written, by identity
//   pickle_write.c       the bytes written so far, frames, the file
//   pickle_save.c        builtin values and containers
//   pickle_reduce.c      everything else: globals, instances, __reduce_ex__
//   pickle_pickler.c     class Pickler and the proxy of its memo
//   pickle_read.c        the bytes to be read, and where they come from
//   pickle_load.c        the machine that runs opcodes, and those that need no call
//   pickle_objects.c     the opcodes that find classes and make objects
//   pickle_unpickler.c   class Unpickler and the proxy of its memo
//   pickle_buffer.c      class PickleBuffer
//
// Threads. A Pickling or a Loading is one thread's own: it lies on the C stack or in an object of
// which only the thread that has its lock touches the working part. What it holds are local
// references, so nothing that Python code does meanwhile takes an object from under it. The items
// of lists, dicts and sets are read one by one, as iterators do.
#ifndef LOCKSMITH_VM_MODULES_PICKLE_INTERNAL_H
#define LOCKSMITH_VM_MODULES_PICKLE_INTERNAL_H

#include "locks/recursive_mutex.h"
#include "vm/modules/pickle_memo.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/str.h"

enum {
    PICKLE_PROTOCOL_DEFAULT = 4,
    PICKLE_PROTOCOL_HIGHEST = 5,
    PICKLE_BATCH = 1000,          // most items between a mark and what takes them
    PICKLE_FRAME_MIN = 4,         // shorter ones are written without a header
    PICKLE_FRAME_TARGET = 65536,  // one that is longer is ended at the next opcode
    PICKLE_FRAME_HEADER = 9,      // the opcode and 8 bytes of length
    PICKLE_PREFETCH = 128 * 1024, // how much is looked at beyond what is needed
};

typedef enum {
    PICKLE_MARK = '(',
    PICKLE_STOP = '.',
    PICKLE_POP = '0',
    PICKLE_POP_MARK = '1',
    PICKLE_DUP = '2',
    PICKLE_BINBYTES = 'B',
    PICKLE_SHORT_BINBYTES = 'C',
    PICKLE_FLOAT = 'F',
    PICKLE_BINFLOAT = 'G',
    PICKLE_INT = 'I',
    PICKLE_BININT = 'J',
    PICKLE_BININT1 = 'K',
    PICKLE_LONG = 'L',
    PICKLE_BININT2 = 'M',
    PICKLE_NONE = 'N',
    PICKLE_PERSID = 'P',
    PICKLE_BINPERSID = 'Q',
    PICKLE_REDUCE = 'R',
    PICKLE_STRING = 'S',
    PICKLE_BINSTRING = 'T',
    PICKLE_SHORT_BINSTRING = 'U',
    PICKLE_UNICODE = 'V',
    PICKLE_BINUNICODE = 'X',
    PICKLE_EMPTY_LIST = ']',
    PICKLE_APPEND = 'a',
    PICKLE_BUILD = 'b',
    PICKLE_GLOBAL = 'c',
    PICKLE_DICT = 'd',
    PICKLE_APPENDS = 'e',
    PICKLE_GET = 'g',
    PICKLE_BINGET = 'h',
    PICKLE_INST = 'i',
    PICKLE_LONG_BINGET = 'j',
    PICKLE_LIST = 'l',
    PICKLE_OBJ = 'o',
    PICKLE_PUT = 'p',
    PICKLE_BINPUT = 'q',
    PICKLE_LONG_BINPUT = 'r',
    PICKLE_SETITEM = 's',
    PICKLE_TUPLE = 't',
    PICKLE_SETITEMS = 'u',
    PICKLE_EMPTY_TUPLE = ')',
    PICKLE_EMPTY_DICT = '}',
    // Protocol 2
    PICKLE_PROTO = 0x80,
    PICKLE_NEWOBJ,
    PICKLE_EXT1,
    PICKLE_EXT2,
    PICKLE_EXT4,
    PICKLE_TUPLE1,
    PICKLE_TUPLE2,
    PICKLE_TUPLE3,
    PICKLE_NEWTRUE,
    PICKLE_NEWFALSE,
    PICKLE_LONG1,
    PICKLE_LONG4,
    // Protocol 4
    PICKLE_SHORT_BINUNICODE,
    PICKLE_BINUNICODE8,
    PICKLE_BINBYTES8,
    PICKLE_EMPTY_SET,
    PICKLE_ADDITEMS,
    PICKLE_FROZENSET,
    PICKLE_NEWOBJ_EX,
    PICKLE_STACK_GLOBAL,
    PICKLE_MEMOIZE,
    PICKLE_FRAME,
    // Protocol 5
    PICKLE_BYTEARRAY8,
    PICKLE_NEXT_BUFFER,
    PICKLE_READONLY_BUFFER,
} PickleOpcode;

// ---- what the module borrows from others -------------------------------------------------------
// Set when it is first imported, never changed after. The dicts are those of copyreg and
// _compat_pickle themselves, exact dicts.
typedef struct {
    Value error, pickling_error, unpickling_error; // PickleError and its subclasses
    Value dispatch_table, extension_registry, inverted_registry, extension_cache;
    Value names_of_2, modules_of_2; // Python 2's names to Python 3's
    Value names_of_3, modules_of_3; // and back
    Value codecs_encode, partial, getattr;
    Value latin1;                                            // the str
    Value persistent_id, persistent_load, reducer_override;  // attribute names, interned
    Value dispatch_name, find_class, getinitargs, peek_name; // the same
} PickleShared;
extern PickleShared pickle_shared;

int pickle_raise_pickling(const char *format, ...);   // -1
int pickle_raise_unpickling(const char *format, ...); // -1

// The module of this name, imported if need be: what sys.modules has then.
Value pickle_import(Value name);
// The attribute at a dotted path; the one before the last in *parent (a new reference) if parent is
// not NULL. VALUE_NULL with *found 0: one is missing, or the path leads into a function (no
// exception); with -1: an error.
Value pickle_deep_attribute(Value object, Value path, Value *parent, int *found);
bool pickle_path_is_local(Value path); // has a part <locals>
// Python 3's names for what a pickle of Python 2 calls (*module, *name), or the other way; new
// references in the place of the two, which stay if there are no others. 0, or -1 with an error.
int pickle_translate(Value *module, Value *name, bool from_2);

// ---- the lock of a Pickler or Unpickler --------------------------------------------------------
// Who pickles or unpickles with an object has its lock for as long as that takes, Python code
// called meanwhile included, which may look at the memo or change it.

// Takes it for such a job: 0, or -1 with RuntimeError if the caller is in one already (what is
// called by an object's own dump() may not begin another).
int pickle_begin(RecursiveMutex *lock, const char *class_name);

// ---- a pickle being written -------------------------------------------------------------------
#define PICKLE_NO_FRAME SIZE_MAX
typedef struct {
    PickleMemo *memo;
    bool memo_is_seen; // by Python code: it belongs to a Pickler
    int protocol;
    bool binary, fast, fix_imports;
    // References of the caller's, or VALUE_NULL.
    Value write, buffer_callback, dispatch_table, persistent_id, persistent_self, reducer_override;
    uint8_t *data; // from buffer_allocate
    size_t length, capacity;
    size_t frame; // where its header goes, or PICKLE_NO_FRAME
    bool framing;
    int fast_depth;
    Value fast_seen;            // set of addresses, or VALUE_NULL
    uint32_t plain_versions[8]; // of types whose instances need no __reduce_ex__
} Pickling;

int pickle_reserve(Pickling *p, size_t more); // makes room; begins a frame if need be
ALWAYS_INLINE int pickle_make_room(Pickling *p, size_t more) {
    if (LIKELY(p->capacity - p->length >= more && !(p->framing && p->frame == PICKLE_NO_FRAME)))
        return 0;
    return pickle_reserve(p, more);
}
ALWAYS_INLINE int pickle_put(Pickling *p, const void *data, size_t length) {
    if (UNLIKELY(pickle_make_room(p, length) < 0))
        return -1;
    memcpy(p->data + p->length, data, length);
    p->length += length;
    return 0;
}
ALWAYS_INLINE int pickle_put_byte(Pickling *p, int byte) {
    if (UNLIKELY(pickle_make_room(p, 1) < 0))
        return -1;
    p->data[p->length++] = (uint8_t)byte;
    return 0;
}
// An opcode with a little-endian number of that many bytes.
ALWAYS_INLINE int pickle_put_number(Pickling *p, int opcode, uint64_t number, size_t bytes) {
    if (UNLIKELY(pickle_make_room(p, 1 + sizeof number) < 0))
        return -1;
    p->data[p->length] = (uint8_t)opcode;
    memcpy(p->data + p->length + 1, &number, sizeof number);
    p->length += 1 + bytes;
    return 0;
}
// A header and what it announces: data, constant bytes that stay where they are while Python code
// runs, or if data is NULL, a view's. What is large goes to the file by itself, as payload, or if
// that is VALUE_NULL, as a copy.
int pickle_put_large(Pickling *p, const uint8_t *header, size_t header_length, const void *data,
                     size_t length, const BufferView *view, Value payload);
int pickle_end_frame(Pickling *p);
int pickle_flush(Pickling *p); // all there is to the file, in one piece
static inline bool pickle_frame_is_full(const Pickling *p) {
    return p->framing && p->frame != PICKLE_NO_FRAME &&
           p->length - p->frame - PICKLE_FRAME_HEADER >= PICKLE_FRAME_TARGET;
}
int pickle_between_opcodes(Pickling *p);   // ends a frame that is long enough
int pickle_run(Pickling *p, Value object); // the whole pickle
void pickle_end(Pickling *p);              // frees the bytes and drops what is left of fast mode
int pickle_protocol(Value given, int *protocol); // VALUE_NULL or None: the default

// Each saves one thing: 0 or -1. They may run Python code.
int pickle_save(Pickling *p, Value v, bool no_persistent_id);
int pickle_save_global(Pickling *p, Value v, Value name_or_null);
int pickle_save_reduce(Pickling *p, Value reduced, Value object_or_null);
int pickle_save_object(Pickling *p, Value v);       // what has no way of its own
int pickle_save_items(Pickling *p, Value iterator); // for a list
int pickle_save_pairs(Pickling *p, Value iterator); // for a dict
int pickle_put_memo(Pickling *p, Value v); // v is numbered, and the opcode for that written
int pickle_put_get(Pickling *p, int64_t number);

// ---- class PickleBuffer -----------------------------------------------------------------------
extern Type pickle_buffer_type;
// A view of the bytes that v, a PickleBuffer, stands for. -1: ValueError, it was released.
int pickle_buffer_view(Value v, BufferView *view, bool writable);
bool pickle_buffer_is_contiguous(Value v);

// ---- the classes ------------------------------------------------------------------------------
extern Type pickle_pickler_type, pickle_unpickler_type;
extern Type pickle_pickler_memo_type, pickle_unpickler_memo_type;

// What the attribute memo gives: an object through which the memo of a Pickler or Unpickler is
// seen.
typedef struct {
    Object header;
    Value source; // the Pickler or Unpickler; constant
} PickleProxy;
static inline Value pickle_proxy_of(Value proxy) { // borrowed
    return ((PickleProxy *)value_object(proxy))->source;
}
Value pickle_proxy_new(Type *type, Value source);
Value pickle_proxy_reduce(Value self); // as the dict that its copy() gives
void pickle_proxy_destroy(Object *self);
void pickle_proxy_traverse(Object *self, GcVisitor *visitor);
// What the attribute `name` of self is for calls, a new reference, and whether self is to be its
// first argument, so that an object need not hold itself. 0 with VALUE_NULL in *function: there is
// none. -1.
int pickle_own_method(Value self, Value name, Value *function, bool *is_method);
// The attribute `name` of self, whose field is *hook, and *is_method what pickle_own_method said of
// it; both under self's lock. A new reference, or AttributeError; 0 or -1.
Value pickle_hook_get(Value self, Value *hook, bool *is_method, const char *name);
int pickle_hook_set(Value self, Value *hook, bool *is_method, const char *name, Value value);

// ---- a pickle being read ----------------------------------------------------------------------
typedef struct {
    const uint8_t *data; // at[0..length)
    int64_t at, length;
    BufferView view; // what data lies in; owner VALUE_NULL: nothing
    int64_t taken;   // how far in data the file is: less than length if peek() gave it
    Value read, readline, readinto, peek; // VALUE_NULL: none
} PickleInput;

enum { PICKLE_FIRST_NUMBERS = 32, PICKLE_FIRST_STACK = 32, PICKLE_FIRST_MARKS = 16 };

// Objects by number. Picklers count from 0; what else a pickle may say must not take memory in
// proportion to the number.
typedef struct {
    Value *items;     // from buffer_allocate, or first; VALUE_NULL: none, or it is in far
    int64_t count;    // how many numbers have an object
    int64_t capacity; // of items
    int64_t used;     // all items from this one on are VALUE_NULL
    Value *first;     // room on the C stack that items may begin in, or NULL
    Value far;        // owned: a dict of those beyond items when they came, or VALUE_NULL. Where
                      // items have grown over one of these and have an object, that one counts
} PickleNumbers;
int pickle_numbers_put(PickleNumbers *n, int64_t number, Value object); // object borrowed
Value pickle_numbers_get(const PickleNumbers *n, int64_t number); // a new reference or VALUE_NULL
// {number: object}
Value pickle_numbers_dict(const PickleNumbers *n);
void pickle_numbers_clear(PickleNumbers *n); // may run Python code, when it is empty already

typedef struct {
    PickleInput *input;
    PickleNumbers *memo;
    Value unpickler; // the Unpickler whose find_class() is to be asked, or VALUE_NULL
    Value persistent_load, persistent_self, buffers, encoding, errors; // as in Pickling
    int *protocol; // where find_class() of the Unpickler finds it
    bool fix_imports;
    Value *stack; // first_stack, or from buffer_allocate
    int64_t depth, capacity;
    int64_t *marks; // depths; first_marks, or from buffer_allocate
    int64_t mark_count, mark_capacity;
    int64_t fence;          // the topmost mark, or 0
    uint32_t plain_version; // of a type whose instances' state can be stored as it is
    Value first_stack[PICKLE_FIRST_STACK];
    int64_t first_marks[PICKLE_FIRST_MARKS];
} Loading;
// All but the two arrays at the end is zeroed.
static inline void pickle_load_begin(Loading *l) {
    memset(l, 0, offsetof(Loading, first_stack));
}

// Makes n bytes available: at input->data + input->at - n. NULL with an exception.
const uint8_t *pickle_read_more(PickleInput *input, int64_t n);
ALWAYS_INLINE const uint8_t *pickle_read(PickleInput *input, int64_t n) {
    if (UNLIKELY(n > input->length - input->at))
        return pickle_read_more(input, n);
    input->at += n;
    return input->data + input->at - n;
}
// A line with its end. Its length, or -1.
int64_t pickle_read_line(PickleInput *input, const uint8_t **line);
int pickle_read_into(PickleInput *input, Value bytearray, int64_t length);
int pickle_read_finish(PickleInput *input); // the file is put behind what was used
int pickle_input_file(PickleInput *input, Value file);
int pickle_input_bytes(PickleInput *input, Value data); // anything with a buffer
void pickle_input_drop(PickleInput *input);

Value pickle_load(Loading *l); // runs opcodes until STOP
void pickle_load_end(Loading *l);
int pickle_underflow(const Loading *l); // -1 with UnpicklingError
int64_t pickle_pop_mark(Loading *l);    // the depth of the topmost mark, or -1
int pickle_push(Loading *l, Value v);   // v consumed, also on failure; VALUE_NULL: -1
Value pickle_pop(Loading *l);           // VALUE_NULL with UnpicklingError
Value pickle_pop_tuple(Loading *l, int64_t start);
// What is above depth is dropped. May run Python code.
void pickle_drop_to(Loading *l, int64_t depth);
// One opcode each: 0 or -1.
int pickle_load_build(Loading *l);
int pickle_load_new(Loading *l, bool keywords);
int pickle_load_reduce(Loading *l);
int pickle_load_object(Loading *l);
int pickle_load_instance(Loading *l);
int pickle_load_global(Loading *l);
int pickle_load_stack_global(Loading *l);
int pickle_load_extension(Loading *l, int bytes);
int pickle_load_persistent(Loading *l, bool binary);
int pickle_load_additems(Loading *l);
int pickle_load_appends(Loading *l, int64_t list_end);
int pickle_load_setitems(Loading *l, int64_t dict_end);
// What Unpickler.find_class does.
// Is v, unless VALUE_NULL, a str for C: 0, or -1.
int pickle_text_argument(const char *function, const char *name, Value v);
Value pickle_find_class(int protocol, bool fix_imports, Value module, Value name);

#endif
