// SPDX-License-Identifier: MIT
//
// What the files of the type system share: the types lock, versions, the table of slots and
// their dunder names. Private to vm/types/type*.c, shape.c, instance.c, descriptors.c,
// object_type.c, super.c.
//
// The types lock orders all changes of types: dict, mro, bases, subclasses, versions, slots. It is
// one mutex and some more, the parts, each for the types with certain addresses; who takes it takes
// them all. A change that only concerns one type, which has no subclasses and gets none meanwhile,
// needs only that type's part (types_lock_one), so that threads which assign to attributes of
// different classes do not wait for each other.
//
// It is never held across Python code; references are released and old values retired after
// it is let go. Readers do not take it: they read one word at a time (relaxed) and what they
// find stays alive until their next safepoint, because replaced values are given to
// reclaim_reference.
#ifndef LOCKSMITH_VM_TYPES_TYPE_INTERNAL_H
#define LOCKSMITH_VM_TYPES_TYPE_INTERNAL_H

#include "gc/reclaim.h"
#include "locks/mutex.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// For a change of type alone: true with its part of the lock only, false with the types lock, as it
// has subclasses. The other function lets go of what was taken.
bool types_lock_one(const Type *type);
void types_unlock_one(const Type *type, bool one);

// Whether this thread has looked up little under this version as yet. A class whose attributes are
// assigned to all the time has a new version each time, and for the few lookups until the next
// assignment no cache is worth filling: each time it would be another entry, and the whole method
// cache would travel between the threads that do so. False for a version that a later one has made
// the thread forget.
bool type_version_is_fresh(uint32_t version);

struct TypeSubclasses {
    uint32_t count, capacity;
    Type *items[];
};
// Both with the types lock held. -1 when memory is out (no exception set).
int type_subclasses_add(Type *base, Type *subclass);
void type_subclasses_remove(Type *base, Type *subclass);

// The subclasses as new references in an array (buffer_free it). Those already dying are left out.
uint32_t type_subclasses_snapshot(Type *type, Type ***out);
// The same of all classes below type, each after one of its bases, with the types lock held. -1: no
// memory.
int64_t type_all_below_locked(const Type *type, Type ***out);

static inline bool type_has(const Type *type, uint32_t flag) {
    return type_flags(type) & flag;
}
// Leaves the other flags as they are, whoever changes them at the same time.
static inline void type_flags_change(Type *type, uint32_t clear, uint32_t set) {
    uint32_t flags = type_flags(type);
    if ((clear | set) == 0)
        return;
    while (!__atomic_compare_exchange_n(&type->flags, &flags, (flags & ~clear) | set, true,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
}
static inline Value type_mro(const Type *type) {
    return field_published(&type->mro);
}
static inline Type *type_of_value(Value v) {
    return (Type *)value_object(v);
}
static inline bool value_is_type(Value v) {
    return value_has_flag(v, TYPE_TYPE_SUBCLASS);
}

// Around a change of what can be found in a type or below it, both with the types lock held: before
// the first store of the change, and after the last one. In between these types have no version, so
// that everybody reads their dicts. See type.c.
void type_changes_locked(Type *type);
void type_modified_locked(Type *type); // new versions
// type.__abstractmethods__ = value (VALUE_NULL deletes it), and whether type is abstract, at once.
int type_set_abstract(Type *type, Value value, bool abstract);
// The attribute along the mro without a new reference: good until the caller's next safepoint,
// release or call. VALUE_NULL: absent.
Value type_lookup_borrowed(Type *type, Value name);
// The interned str equal to name (an exact str), as a new reference.
Value name_interned(Value name);
// As object_generic_find, with what type_lookup gave for the name (consumed; VALUE_NULL: nothing).
int object_generic_find_given(Value self, Value name, Value descriptor, Value *out);
// Whether looking up a name may run Python code, because some class of the mro has a key that is no
// exact str.
bool type_lookups_ask(const Type *type);
Type *type_native_base(const Type *type); // the nearest base that is no heap type
Type *type_solid_base(Type *type);        // the nearest base that fixes the instances' layout
// C3 linearisation. A new tuple, or VALUE_NULL with TypeError.
Value type_compute_mro(Type *type);
// The same through an overridden mro() of the metaclass. May run Python code.
Value type_call_mro(Type *type);
bool type_mro_is_computed(const Type *type); // no such method is there
// What type_compute_mro would read now: the bases and their mros, as a new tuple (VALUE_NULL with
// MemoryError). With the types lock held: whether that is what it would read still, so that an mro
// computed in between may be set.
Value type_mro_ground(const Type *type);
bool type_mro_ground_stands(const Type *type, Value ground);
// The former mro, whose reference is the caller's; mro's is taken. With the types lock held, unless
// the type is not published yet.
Value type_replace_mro(Type *type, Value mro);
Type *type_best_base(Value bases);                // NULL with TypeError
int type_set_name_object(Type *type, Value name); // str; also the C name
Value type_module(Type *type);                    // __module__: new reference
Value type_qualname(Type *type);                  // new reference
// Instances of one can become instances of the other: the same words at the same places. 0, or -1
// with TypeError "<attribute> assignment: ...".
int type_check_layouts(const Type *from, const Type *to, const char *attribute);
extern const GetSetDef type_instance_dict_def;
// instance_get and instance_set for an interned name, of an instance that was seen in dict mode.
Value instance_get_in_dict(Value self, Value name);
int instance_set_in_dict(Value self, Value name, Value value);
// As instance_set, quicker if self has the shape `before`, whose child for name is `after` and lies
// beyond the inline slots.
int instance_add(Value self, Value name, Value value, uint32_t before, uint32_t after);
// isinstance() and issubclass() without asking __instancecheck__ and __subclasscheck__
// (vm/object_class.c).
int type_is_instance_by_class(Value object, Type *type);
int type_is_subclass_by_bases(Value derived, Value class);
int type_set_bases(Type *type, Value bases); // T.__bases__ = bases
Value type_new_vector(Type *metatype, const Value *args, size_t nargs, Value kwnames);
int type_init_vector(Value self, const Value *args, size_t nargs, Value kwnames);
Value type_call_vector(Value self, const Value *args, size_t nargs, Value kwnames);
// A call of a native type (not of a class made by a program) whose metatype is type, positional
// arguments only, by the loop: without a level of recursion of its own. May run Python code.
Value type_call_native(Value type, const Value *args, size_t nargs);
extern const NativeDef type_methods[];
extern const GetSetDef type_getsets[];
extern const MemberDef type_members[];
// type.x: a data descriptor of the metatype, then the type's own mro (bound to no instance), then
// the metatype's plain attribute. 1: *out is a new reference; 0: there is none, no exception; -1.
// May run Python code. (What type_getattr_slot does before it complains.)
int type_find(Value self, Value name, Value *out);
Value type_getattr_slot(Value self, Value name);
int type_setattr_slot(Value self, Value name, Value value);

// ---- slots and their names ---------------------------------------------------------------

typedef enum {
    WRAP_UNARY,
    WRAP_BINARY,
    WRAP_REPEAT,
    WRAP_REFLECTED,
    WRAP_ONE,
    WRAP_HASH,
    WRAP_COMPARE,
    WRAP_CALL,
    WRAP_GETATTR,
    WRAP_SETATTR,
    WRAP_DELATTR,
    WRAP_DESCR_GET,
    WRAP_DESCR_SET,
    WRAP_DESCR_DELETE,
    WRAP_INIT,
    WRAP_NEXT,
    WRAP_BOOL,
    WRAP_LENGTH,
    WRAP_SETITEM,
    WRAP_DELITEM,
    WRAP_CONTAINS,
    WRAP_ITEM,
    WRAP_POWER,
    WRAP_POWER_REFLECTED,
    WRAP_FINALIZE,
    WRAP_NOTHING /* no wrapper */
} WrapKind;

typedef struct {
    const char *name;
    uint16_t offset;  // of the slot in Type
    uint8_t wrap;     // WrapKind
    uint8_t operator; // CompareOperator of WRAP_COMPARE
    void *generic;    // the slot of classes that define the name in Python; NULL: alias
    const char *doc;
    Value name_object; // interned, set by slots_start
} SlotDef;

extern SlotDef slot_defs[];          // ends with a NULL name
void slots_start(void);              // once, before the first type is readied
bool slot_name_is_known(Value name); // name (interned) is in the table, or __new__

static inline void *slot_read(const Type *type, uint32_t offset) {
    return __atomic_load_n((void **)((char *)type + offset), __ATOMIC_RELAXED);
}
static inline void slot_write(Type *type, uint32_t offset, void *function) {
    __atomic_store_n((void **)((char *)type + offset), function, __ATOMIC_RELAXED);
}
void slots_add_wrappers(Type *type); // native: its dict gets a wrapper for each own slot
void slots_update_all(Type *type);   // heap type: every slot from what the mro says
// After name changed: in this class, not in those below. Runs no Python code unless
// type_lookups_ask. stopped: the caller has stopped the world.
void slots_update_one(Type *type, Value name, bool stopped);
void slots_inherit(Type *type, const Type *base); // native: fills NULL slots
int64_t hash_not_implemented(Value self);

// A slot wrapper: int.__add__. function is the native slot function.
typedef struct {
    Object header;
    Type *owner;
    const SlotDef *def;
    void *function;
} Wrapper;
Value wrapper_new(Type *owner, const SlotDef *def, void *function);
// Calls a slot function as its wrapper does. args without self.
Value wrapper_apply(const SlotDef *def, Type *owner, void *function, Value self, const Value *args,
                    size_t nargs, Value kwnames);

typedef struct {
    Object header;
    Type *owner;     // borrowed for native owners, which live for ever; else see owner_held
    Value name;      // str
    uint32_t offset; // in bytes; with trailing: index of the word behind the items
    bool readonly, none_if_null, trailing, cell;
    bool is_int;          // an int32_t, not a Value
    const MemberDef *def; // NULL: of a class with __slots__
} Member;

// The cell of a __slots__ name.
Value descriptor_new_cell(Type *owner, Value name, uint32_t offset, bool trailing);

int function_is_abstract(Value function); // __isabstractmethod__: 0, 1, -1; VALUE_NULL: 0
// A NativeDef's doc without its signature line, and that signature's parentheses; str or None.
Value native_doc(const char *doc);
Value native_signature(const char *doc);
Value import_builtin(const char *name); // builtins.<name>, new reference

// object's own slots, recognised by pointer.
Value object_call_new(Type *type, const Value *args, size_t nargs, Value kwnames);
int object_init(Value self, const Value *args, size_t nargs, Value kwnames);
// The __new__ of native types: a native function whose self is the type.
extern const NativeDef type_native_new_def;
Value slot_new(Type *type, const Value *args, size_t nargs, Value kwnames);

// ---- shapes (vm/types/shape.c) -------------------------------------------------------------
// A root shape for type; NULL with MemoryError.
Shape *shape_new_root(Type *type, uint32_t inline_slots, uint32_t cells);
// The type's newest root with this inline size, made if need be.
Shape *shape_root_with(Type *type, uint32_t inline_slots);
// A root with more inline slots becomes the type's root shape, if the type may still grow.
Shape *shape_grow_root(Type *type, Shape *root);
void shapes_free(Type *type); // the type dies
// Some shape of type (not of its subclasses) has an attribute name, or, name VALUE_NULL, any
// attribute.
bool shapes_mention(Type *type, Value name);
// type gets a fresh root shape; the old roots are never given to an instance again.
void shapes_retire(Type *type);
// The shape below root with the attributes of shape in the same order, except `without`
// (VALUE_NULL: all). NULL: no more shapes. No exception.
Shape *shape_replay(Shape *shape, Shape *root, Value without);
uint32_t
shape_overflow_capacity(uint32_t count); // room that an instance with count overflowing slots has

// ---- instances (vm/types/instance.c) --------------------------------------------------------
// All instances of type and its subclasses move to shapes that no inline cache knows. Stops the
// world. The types lock is not held, or is, all of it.
void instances_refresh_shapes(Type *type);
void instances_refresh_shapes_locked(Type *type);
// obj.__class__ = type, layouts known to agree. Types and objects as they are; 0 or -1.
int instance_set_class(Value self, Type *type);
Value instance_copy_dict(
    Value self); // a new dict of the instance's attributes (empty if it has none)
// The attributes of an instance in shape mode and without __slots__, at one moment and in their
// order: names (interned) and values as new references. Their number; -1 if it is no such instance
// or has more than room. Never fails.
int instance_snapshot(Value self, Value *names, Value *values, int room);
Value instance_dict_or_null(Value self); // __dict__ if it exists already, else VALUE_NULL

#endif
