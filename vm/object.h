// SPDX-License-Identifier: MIT
//
// Objects and types: the layout every builtin type builds on, the slots a type fills, and the
// generic operations that dispatch through them.
//
// Conventions, unless a declaration says otherwise:
//  - Arguments are borrowed. A returned Value is a new reference; VALUE_NULL means that an
//    exception is set (thread->exception). Functions returning int give -1 with an exception
//    set. Every function here may run Python code, so no object lock may be held.
//  - A native function is called with its arguments borrowed from the caller's registers.
#ifndef LOCKSMITH_VM_OBJECT_H
#define LOCKSMITH_VM_OBJECT_H

#include "gc/collect.h"
#include "gc/field.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "gc/roots.h"
#include "gc/uncounted.h"
#include "vm/value.h"

typedef struct Type Type;
typedef struct Shape Shape;
typedef struct BufferView BufferView;

// ---- native functions ------------------------------------------------------------------
// kwnames: VALUE_NULL or a tuple of str; their values follow the positional ones in args.
typedef Value (*NativeVector)(Value self, const Value *args, size_t nargs, Value kwnames);
typedef Value (*NativeNone)(Value self);
typedef Value (*NativeOne)(Value self, Value arg);
typedef Value (*NativeFixed)(Value self, const Value *args, size_t nargs); // no keywords

typedef enum {
    NATIVE_NONE,   // no arguments (NativeNone)
    NATIVE_ONE,    // exactly one (NativeOne)
    NATIVE_FIXED,  // min..max positional arguments (NativeFixed); max < 0: any number
    NATIVE_VECTOR, // positional and keyword arguments (NativeVector)
} NativeKind;

enum { METHOD_INSTANCE = 0, METHOD_STATIC = 1, METHOD_CLASS = 2 };

// One native function or method. Tables of these end with a NULL name.
typedef struct {
    const char *name;
    union {
        NativeNone none;
        NativeOne one;
        NativeFixed fixed;
        NativeVector vector;
    } call;
    uint8_t kind;    // NativeKind
    uint8_t binding; // METHOD_*; for a static or class method self is VALUE_NULL or the class
    int8_t min, max; // NATIVE_FIXED only
    const char *doc; // NULL, or "name($self, x, /)\n--\n\ntext": a signature line may lead
} NativeDef;

#define DEF_NONE(name, fn, doc)                                                                    \
    { name, {.none = fn}, NATIVE_NONE, METHOD_INSTANCE, 0, 0, doc }
#define DEF_ONE(name, fn, doc)                                                                     \
    { name, {.one = fn}, NATIVE_ONE, METHOD_INSTANCE, 1, 1, doc }
#define DEF_FIXED(name, fn, min, max, doc)                                                         \
    { name, {.fixed = fn}, NATIVE_FIXED, METHOD_INSTANCE, min, max, doc }
#define DEF_VECTOR(name, fn, doc)                                                                  \
    { name, {.vector = fn}, NATIVE_VECTOR, METHOD_INSTANCE, 0, 0, doc }
#define DEF_STATIC(name, fn, doc)                                                                  \
    { name, {.vector = fn}, NATIVE_VECTOR, METHOD_STATIC, 0, 0, doc }
#define DEF_CLASS(name, fn, doc)                                                                   \
    { name, {.vector = fn}, NATIVE_VECTOR, METHOD_CLASS, 0, 0, doc }
#define DEF_CLASS_ONE(name, fn, doc)                                                               \
    { name, {.one = fn}, NATIVE_ONE, METHOD_CLASS, 1, 1, doc }
#define DEF_END                                                                                    \
    { NULL, {.none = NULL}, 0, 0, 0, 0, NULL }

// A computed attribute of a native type. set NULL: read-only. set gets VALUE_NULL to delete.
// borrow, which may be left out, gives what get gives, but borrowed from self, where it stays as
// long as self lives; it does not fail, and runs no Python code. A register can keep that without
// counting it first.
typedef struct {
    const char *name;
    Value (*get)(Value self);
    int (*set)(Value self, Value value);
    const char *doc;
    Value (*borrow)(Value self);
} GetSetDef;

// A field of a native type at a byte offset: a Value, read through the object's lock, or an
// int32_t, relaxed.
enum { MEMBER_VALUE, MEMBER_INT };
typedef struct {
    const char *name;
    uint32_t offset;
    bool readonly;
    bool none_if_null; // of a Value; else AttributeError
    uint8_t kind;      // MEMBER_*
    const char *doc;   // or NULL
} MemberDef;

// ---- types -----------------------------------------------------------------------------

typedef enum {
    BINARY_ADD,
    BINARY_SUBTRACT,
    BINARY_MULTIPLY,
    BINARY_TRUE_DIVIDE,
    BINARY_FLOOR_DIVIDE,
    BINARY_MODULO,
    BINARY_POWER,
    BINARY_MATRIX_MULTIPLY,
    BINARY_LSHIFT,
    BINARY_RSHIFT,
    BINARY_AND,
    BINARY_OR,
    BINARY_XOR,
    BINARY_DIVMOD,
    BINARY_COUNT
} BinaryOperator;

typedef enum {
    COMPARE_LT,
    COMPARE_LE,
    COMPARE_EQ,
    COMPARE_NE,
    COMPARE_GT,
    COMPARE_GE
} CompareOperator;

typedef Value (*BinaryFunction)(Value left, Value right); // may give NotImplemented
typedef Value (*UnaryFunction)(Value self);

enum {
    TYPE_HEAP = 1,            // made by a class statement or type()
    TYPE_BASE = 2,            // may be subclassed
    TYPE_HAS_SHAPE_SLOTS = 4, // instances are Instance (below): attributes in shape slots
    TYPE_HAS_DICT_FIELD = 8,  // instances have a Value field with a dict at dict_offset
    TYPE_WEAKREFABLE = 16,
    TYPE_INT_SUBCLASS = 32,
    TYPE_STR_SUBCLASS = 64,
    TYPE_LIST_SUBCLASS = 128,
    TYPE_TUPLE_SUBCLASS = 256,
    TYPE_DICT_SUBCLASS = 512,
    TYPE_BYTES_SUBCLASS = 1024,
    TYPE_TYPE_SUBCLASS = 2048,
    TYPE_EXCEPTION_SUBCLASS = 4096,
    TYPE_READY = 8192,
    TYPE_ABSTRACT = 16384,  // has abstract methods: cannot be instantiated
    TYPE_IMMUTABLE = 32768, // attributes cannot be set from Python
    TYPE_SEQUENCE = 65536,
    TYPE_MAPPING = 131072,         // for match
    TYPE_HAS_FINALIZER = 262144,   // slot finalize, or __del__ somewhere on the mro
    TYPE_DEFAULT_GETATTR = 524288, // getattr slot is object_generic_getattr: caches apply
    TYPE_DEFAULT_SETATTR = 1048576,
    TYPE_METHOD_DESCRIPTOR = 2097152, // get(obj) only binds: f(obj, ...) means the same
    TYPE_NO_NEW = 4194304,            // "cannot create 'X' instances"
    TYPE_UNHASHABLE = 8388608,
    TYPE_PATMA_SELF = 16777216,
    TYPE_HAS_DEL = 33554432, // slot finalize calls a __del__ method in Python: see gc/destroy.h
    // Slot compare enters a level of recursion itself where it needs one.
    TYPE_COMPARE_COUNTS_DEPTH = 67108864,
};

enum { NEXT_ITEMS_OTHER = 2 }; // slot next_items

struct Type {
    Object header;
    // Version for inline caches: changes to a never used number whenever the type's own or a base's
    // attributes change; 0, for which no cache holds, while they do. Written under the types lock,
    // read by anyone (acquire): an entry of an old one was right at a moment within the operation.
    uint32_t version;
    uint32_t flags;       // TYPE_*: see type_flags
    const char *name;     // UTF-8, unqualified for heap types, "module.name" for native ones; read
                          // through type_full_name where it may be a class's
    uint32_t basic_size;  // bytes of an instance without items
    uint32_t item_size;   // bytes of one item of a variable-size instance (tuple, int, ...), or 0
    HeapKind kind;        // where instances live
    uint32_t dict_offset; // of the dict field (TYPE_HAS_DICT_FIELD), else 0
    Type *base;           // owned; read through type_base where it may be a class's
    Value bases, mro;     // tuples; replaced as a whole under the types lock (owned)
    Value dict;           // the namespace, a Dict (owned); changed only through type_set_attribute
    Value name_object, qualname, module_name; // str or VALUE_NULL for native types not yet asked
    struct TypeSubclasses
        *subclasses;         // borrowed types; each takes itself out when it dies; types lock
    uint32_t root_shape;     // shape id of fresh instances: see type_root_shape
    uint32_t expected_slots; // inline attribute slots of the next instances; a hint, racy by design
    // Heap types: the words that classes add to instances of the nearest native base: cells of
    // __slots__ and the dict field. They are Values, lie side by side from slots_begin on (for
    // variable-size instances: behind the items, slots_begin is 0), and all are dropped at the end.
    uint32_t slots_begin;
    uint32_t slots_count;
    // Root shapes made so far, newest first (shapes lock), how many shapes there are in all, and
    // how often the root was replaced to give instances more inline slots.
    Shape *root_shapes;
    uint32_t shape_count;
    uint32_t root_generations;
    const char *doc;

    // ---- slots; NULL: not supported (inherited from the base by type_ready)
    Value (*call_new)(Type *type, const Value *args, size_t nargs, Value kwnames);
    int (*init)(Value self, const Value *args, size_t nargs, Value kwnames);
    void (*destroy)(Object *self); // drop fields, then type_free_instance(self)
    void (*traverse)(Object *self, GcVisitor *visitor); // every reference that destroy drops
    void (*clear)(Object *self);                        // drop the fields that can form cycles
    void (*finalize)(Object *self);                     // once, before the death, may resurrect
    UnaryFunction repr, str;
    int64_t (*hash)(Value self); // -1: exception set
    Value (*compare)(Value self, Value other, CompareOperator op);
    NativeVector call; // self is the object called
    Value (*getattr)(Value self, Value name);
    int (*setattr)(Value self, Value name, Value value);       // VALUE_NULL deletes
    Value (*descr_get)(Value self, Value object, Value owner); // object/owner may be VALUE_NULL
    int (*descr_set)(Value self, Value object, Value value);
    UnaryFunction iter;
    UnaryFunction next; // VALUE_NULL with no exception set or StopIteration: exhausted
    // For iterators that give tuples made for the caller: the next tuple's items as `count` new
    // references, without the tuple. 1; 0: exhausted; -1: error; NEXT_ITEMS_OTHER: not of that
    // length, and nothing has been done. May run Python code. Not inherited, so that it goes with
    // the `next` beside it.
    int (*next_items)(Value self, Value *items, uint32_t count);
    // For iterators with a method send() that `yield from` and tasks drive without a StopIteration
    // to be seen: the yielded value; or VALUE_NULL with *returned the result (new reference); or
    // VALUE_NULL twice with an exception. Not inherited, as above.
    Value (*send)(Value self, Value value, Value *returned);
    BinaryFunction binary[BINARY_COUNT];
    BinaryFunction inplace[BINARY_COUNT]; // NULL: falls back to binary
    Value (*power_modulo)(Value base, Value exponent, Value modulus);
    UnaryFunction negative, positive, absolute, invert, to_int, to_float, index;
    int (*boolean)(Value self);    // 0, 1, -1
    int64_t (*length)(Value self); // -1
    Value (*getitem)(Value self, Value key);
    int (*setitem)(Value self, Value key, Value value); // VALUE_NULL deletes
    int (*contains)(Value self, Value item);
    // Sequences by position, index already checked for sign; NULL: use getitem.
    Value (*sequence_item)(Value self, int64_t index); // VALUE_NULL with IndexError
    BinaryFunction concatenate;                        // sequence +, tried after binary[ADD]
    Value (*repeat)(Value self, Value count);          // sequence *, after binary[MULTIPLY]
    BinaryFunction inplace_concatenate;
    Value (*inplace_repeat)(Value self, Value count);
    UnaryFunction await, aiter, anext;
    // Buffer: gives the bytes of self; released by the caller with buffer_view_release. A slot that
    // passes on another object's view sets its owner, and that object's slot releases it.
    int (*get_buffer)(Value self, BufferView *view, bool writable);
    void (*release_buffer)(Value self, BufferView *view);

    // ---- tables a native type brings; read once by type_ready
    const NativeDef *methods;
    const GetSetDef *getsets;
    const MemberDef *members;
};

struct BufferView {
    void *data;
    int64_t length; // bytes
    int64_t item_size;
    const char *format; // struct-module format of one item; "B" for bytes
    bool readonly;
    Value owner;              // new reference, dropped by buffer_view_release
    void *internal;           // the exporter's own
    int ndim;                 // 1 unless a memoryview says more
    int64_t *shape, *strides; // NULL: one contiguous dimension
    // Takes what orders the owner's own accesses to the bytes, or lets go of it; NULL: constant
    // bytes. While it is held the leaf rule holds (locks/object_lock.h).
    void (*guard)(Value owner, bool take);
};
int buffer_view_get(Value v, BufferView *view,
                    bool writable); // TypeError "a bytes-like object is required, not 'X'"
void buffer_view_release(BufferView *view);
void buffer_guard_object(Value owner, bool take); // the guard of bytes under their owner's lock
// Around a short access to the bytes of a view, so that it is not torn by the owner's methods in
// other threads. What hands the bytes to a library or to the system does without, and sees raw
// memory that others may be changing, as it does in CPython.
static inline void buffer_view_enter(const BufferView *view) {
    if (view->guard)
        view->guard(view->owner, true);
}
static inline void buffer_view_leave(const BufferView *view) {
    if (view->guard)
        view->guard(view->owner, false);
}

// Instances of ordinary classes (TYPE_HAS_SHAPE_SLOTS). The shape says which attribute is in
// which slot; slots from shape->inline_slots on are in `overflow`. In dict mode (shape->is_dict)
// `overflow` is a Dict and the slots are unused. All guarded by the object's lock.
typedef struct {
    Object header;
    void *overflow; // Value array (buffer_allocate), Dict object (owned), or NULL
    Value slots[];
} Instance;
// For a class with native base (class L(list)), the instance part is the dict field at
// Type.dict_offset instead (TYPE_HAS_DICT_FIELD): a Value, VALUE_NULL until used.

#define STATIC_TYPE_HEADER OBJECT_STATIC(&type_type)

extern Type type_type, object_type;

static inline Type *value_type(Value v);
extern Type int_type, float_type;
static inline Type *value_type(Value v) {
    if (value_is_int(v))
        return &int_type;
    if (value_is_flonum(v))
        return &float_type;
    return __atomic_load_n(&value_object(v)->type, __ATOMIC_RELAXED);
}
ALWAYS_INLINE bool value_is_exactly(Value v, const Type *type) {
    return value_is_object(v) && __atomic_load_n(&value_object(v)->type, __ATOMIC_RELAXED) == type;
}

// What may change after a type is published and is read without a lock. (The slots may, too, but
// only while the world stands still.)
//
// The flags. Most of them never change after publication. TYPE_ABSTRACT changes while the type has
// no version, so who has read a version (acquire) sees the flag that goes with it; those which tell
// of slots change while the world stands still; TYPE_SEQUENCE, TYPE_MAPPING and TYPE_IMMUTABLE each
// say one thing that no other word depends on. So relaxed is enough, here and where they change.
static inline uint32_t type_flags(const Type *type) {
    return __atomic_load_n(&type->flags, __ATOMIC_RELAXED);
}
// Borrowed; what was replaced lives until the caller's next safepoint.
static inline Type *type_base(const Type *type) {
    return __atomic_load_n(&type->base, __ATOMIC_ACQUIRE);
}
static inline const char *type_full_name(const Type *type) {
    return __atomic_load_n(&type->name, __ATOMIC_ACQUIRE);
}
static inline uint32_t type_root_shape(const Type *type) { // acquire: the shape is found by it
    return __atomic_load_n(&type->root_shape, __ATOMIC_ACQUIRE);
}

static inline bool value_has_flag(Value v, uint32_t type_flag) {
    return value_is_object(v) && (type_flags(value_type(v)) & type_flag);
}
bool type_is_subtype(const Type *type, const Type *of);
static inline bool value_is_instance(Value v, const Type *type) { // by mro, not __instancecheck__
    Type *own = value_type(v);
    return own == type || type_is_subtype(own, type);
}

// A new object of a fixed-size type, count 1, bytes after the header as heap_allocate says.
// VALUE_NULL/NULL with MemoryError.
void *object_allocate(Type *type);
void *object_allocate_sized(Type *type, size_t size); // variable-size
// The same inline, for an object that is exactly of a native type, whose size and kind the caller
// knows: constants, at most calls. Zeroes containers alone, as heap_allocate does.
void *object_raise_no_memory(void); // NULL
ALWAYS_INLINE void *object_allocate_exact(Type *type, size_t size, HeapKind kind) {
    assert(type->kind == kind && !(type->flags & TYPE_HEAP) && type->root_shape == 0);
    void *o = heap_allocate(size, kind, type, 0);
    return LIKELY(o != NULL) ? o : object_raise_no_memory();
}
// The last step of a destroy slot.
void object_free(void *object, size_t size); // for exact sizes; kind from the type
void object_free_fixed(void *object);        // size = type->basic_size
// The same inline, for an object that is exactly of a native type, whose kind is `kind`.
ALWAYS_INLINE void object_free_exact(void *object, size_t size, HeapKind kind) {
    heap_free(object, size, kind);
}

// ---- singletons ------------------------------------------------------------------------
extern Object none_object, not_implemented_object, ellipsis_object;
typedef struct {
    Object header;
    Value integer; // 0 or 1
} Bool;
extern Bool true_object, false_object;
#define VALUE_NONE value_from_object(&none_object)
#define VALUE_TRUE value_from_object(&true_object)
#define VALUE_FALSE value_from_object(&false_object)
#define VALUE_NOT_IMPLEMENTED value_from_object(&not_implemented_object)
#define VALUE_ELLIPSIS value_from_object(&ellipsis_object)
static inline bool value_is_none(Value v) {
    return value_same(v, VALUE_NONE);
}
static inline bool value_is_bool(Value v) {
    return value_same(v, VALUE_TRUE) || value_same(v, VALUE_FALSE);
}
static inline Value value_from_bool(bool b) {
    return b ? VALUE_TRUE : VALUE_FALSE;
} // borrowed
static inline Value none_new(void) {
    return ref_new_static(VALUE_NONE);
}
static inline Value bool_new(bool b) {
    return ref_new_static(value_from_bool(b));
}
static inline Value not_implemented_new(void) {
    return ref_new_static(VALUE_NOT_IMPLEMENTED);
}

// ---- generic operations ----------------------------------------------------------------
Value value_binary(Value a, Value b, BinaryOperator op);
Value value_inplace(Value a, Value b, BinaryOperator op);
// The same as far as the operands' numeric slots know, or NotImplemented.
Value value_binary_try(Value a, Value b, BinaryOperator op, bool in_place);
Value value_power(Value base, Value exponent, Value modulus); // modulus None: plain
Value value_negative(Value v);
Value value_positive(Value v);
Value value_invert(Value v);
Value value_absolute(Value v);
Value value_compare(Value a, Value b, CompareOperator op);
int value_compare_bool(Value a, Value b, CompareOperator op); // identity implies EQ; 0, 1, -1
int value_equals(Value a, Value b);                           // value_compare_bool EQ
int value_truth(Value v);                                     // 0, 1, -1
int64_t value_hash(Value v);                                  // -1
Value value_repr(Value v);
Value value_str(Value v);
Value value_ascii(Value v);
Value value_format(Value v, Value spec);              // spec: str, or VALUE_NULL for ''
int64_t value_length(Value v);                        // TypeError "object of type 'X' has no len()"
int64_t value_length_hint(Value v, int64_t fallback); // -1 error
Value value_getitem(Value v, Value key);
int value_setitem(Value v, Value key, Value value);
int value_delitem(Value v, Value key);
int value_contains(Value container, Value item);
// Has items by position as far as its type tells: a native type that says so, or any class with
// __getitem__ that is no dict. A native mapping is none.
bool value_is_sequence(Value v);
static inline bool value_may_iterate(Value v) { // iter(v) is worth calling
    return value_type(v)->iter || value_is_sequence(v);
}
Value value_iter(Value v);
Value value_next(Value iterator); // VALUE_NULL: exhausted, unless error_occurred()
// As the slot `next`: at the end a StopIteration may be left, with what a generator returned. For
// who hands on what a step gives, be it the end.
Value value_step(Value iterator);
Value value_index(Value v); // an int (exact or subclass); TypeError "'X' object cannot be
                            // interpreted as an integer"
int value_to_i64(Value v, int64_t *out); // through __index__; OverflowError
int value_to_size(Value v,
                  int64_t *out); // the same, message "cannot fit 'int' into an index-sized integer"
int value_to_position(Value v, int64_t *out);     // the same as an IndexError: in brackets
int value_to_size_clamped(Value v, int64_t *out); // too big: clamped (slices)
int value_to_double(
    Value v,
    double *out); // float, int, __float__, __index__; TypeError "must be real number, not X"
bool value_is_callable(Value v);

Value value_getattr(Value v, Value name);
// The attribute or VALUE_NULL without an exception if there is none; *found 0, 1, -1 (error).
int value_lookup_attr(Value v, Value name, Value *out);
int value_setattr(Value v, Value name, Value value);
int value_delattr(Value v, Value name);
Value value_getattr_cstr(Value v, const char *name);
int value_lookup_attr_cstr(Value v, const char *name, Value *out);
int value_setattr_cstr(Value v, const char *name, Value value);
// The method `name` of v for a call: 1: *out takes v as its first argument (a function found on the
// type); 0: *out is the attribute, call it as it is; -1: error.
int value_get_method(Value v, Value name, Value *out);
// The method `name` looked up on the type as the interpreter does for `v.__name__()`: found 1 and
// *out is the bound or plain result; 0 not there; -1 error.
int value_lookup_special(Value v, Value name, Value *out);

Value value_call(Value callable, const Value *args, size_t nargs, Value kwnames);
Value value_call_none(Value callable);
Value value_call_one(Value callable, Value arg);
Value value_call_two(Value callable, Value a, Value b);
Value value_call_tuple(Value callable, Value args_tuple, Value kwargs_dict_or_null);
Value value_call_method(Value v, Value name, const Value *args,
                        size_t nargs); // no bound method made
Value value_call_method_cstr(Value v, const char *name, const Value *args, size_t nargs);

int value_is_instance_of(Value v, Value class_or_tuple); // isinstance(): 0, 1, -1
int value_is_subclass_of(Value v, Value class_or_tuple);

// Default slot implementations.
Value object_generic_getattr(Value self, Value name);
// The same without an AttributeError: 1 found, 0 there is none, -1 error (*out VALUE_NULL then).
int object_generic_find(Value self, Value name, Value *out);
int object_generic_setattr(Value self, Value name, Value value);
Value object_self_iter(Value self); // for iterators: self, new reference

#endif
