// SPDX-License-Identifier: MIT
//
// Types at work: making them ready, class creation, attribute lookup along the mro, shapes and
// instance attributes, descriptors.
#ifndef LOCKSMITH_VM_TYPES_TYPE_H
#define LOCKSMITH_VM_TYPES_TYPE_H

#include "vm/object.h"

extern Type super_type, property_type, static_method_type, class_method_type;
extern Type get_set_type, member_type, wrapper_type /* slot wrapper */, method_wrapper_type,
    method_descriptor_type, class_method_descriptor_type, mapping_proxy_type;

// Readies a native type: base, mro, dict from its tables, slot wrappers for its slots,
// inherited slots, version, root shape. Aborts on failure (start-up only).
void type_ready(Type *type);
// type(name, bases, namespace) without calling a metaclass's __new__ (metatype: type or a
// subclass).
Value type_create(Type *metatype, Value name, Value bases, Value namespace, Value kwargs_or_null);
Value type_build_class(const Value *args, size_t nargs, Value kwnames); // __build_class__
// The attribute found along the mro, new reference; VALUE_NULL without exception if absent. No
// descriptor is called. Uses the global method cache; never runs Python code.
Value type_lookup(Type *type, Value name);
int type_set_attribute(Type *type, Value name, Value value); // sets slots, bumps versions
Value type_new_instance(Type *type); // object.__new__ for any heap type: attributes empty
// What object.__new__ or BaseException.__new__ gives, whichever is the heap type's; no Python code.
Value type_new_for_init(Type *type, const Value *args, size_t nargs);
void type_free_instance(Object *self); // destroy slot of heap types' instances ends with this
// Destroy, traverse and clear of heap types' instances (set by class creation).
void subtype_destroy(Object *self);
void subtype_traverse(Object *self, GcVisitor *visitor);
void subtype_clear(Object *self);
size_t type_instance_size(Object *self); // bytes of this very instance
// The words that a class adds to instances of a variable-size native type lie behind the items
// (object_allocate_sized makes room for them and zeroes them).
Value *type_trailing_words(Object *self);
// Where an instance keeps its __dict__ (TYPE_HAS_DICT_FIELD types only).
Value *type_dict_slot(Object *self);
// The metatype most derived among these. NULL with TypeError.
Type *type_calculate_metaclass(Type *winner, Value bases);
const char *type_name(const Type *type); // for messages: the last component for native types

// ---- shapes: hidden classes ------------------------------------------------------------
// Immutable once published in the shape table; never freed while the type lives.
// Each heap type has at least one, so a nonzero shape id in a header implies the type.
struct Shape {
    uint32_t id;           // 1 .. 2^24 - 1
    uint32_t slots;        // attributes and, first, the nameless cells of __slots__
    uint32_t cells;        // how many of them are such cells: always inline, also in dict mode
    uint32_t inline_slots; // how many of them lie inside the instance
    bool is_dict;          // dict mode: Instance.overflow is a Dict
    bool retired;          // root only: instances have moved to newer shapes; shapes lock
    Type *type;            // borrowed
    Shape *root;           // the shape without attributes that this one comes from
    Shape *parent;
    Shape *next_root; // of the same type (roots only); shapes lock
    Shape *dict_mode; // root only: the dict-mode shape of this inline size, or NULL; atomic
    Value name;       // the attribute this shape adds to its parent (interned str)
    // name -> child; guarded by the shapes lock
    struct ShapeTransitions *transitions;
    // name -> slot, built on first use, then immutable; released with an atomic store
    struct ShapeIndex *index;
};
Shape *shape_of_id(uint32_t id);
static inline Shape *object_shape(const Object *o) {
    return shape_of_id(object_shape_id(o));
}
int32_t shape_find(Shape *shape, Value name); // slot of an interned name, or -1; no lock
Shape *shape_add(Shape *shape, Value name);   // the child shape; NULL: go to dict mode
Shape *shape_dict_mode(Type *type, uint32_t inline_slots);

// ---- instance attributes (shape slots or dict field), without descriptors --------------
// New reference or VALUE_NULL (no exception unless error_occurred()).
Value instance_get(Value self, Value name);
int instance_set(Value self, Value name, Value value); // adds if absent
int instance_delete(Value self, Value name);           // 1 deleted, 0 absent, -1
Value instance_dict(Value self); // __dict__: goes to dict mode; AttributeError if the type has none
int instance_set_dict(Value self, Value dict);
// Who puts a dict into the dict field of an instance of a static type without the two above says so
// first: what the interpreter has remembered of instances without attributes then does not hold for
// o.
void instance_dict_field_used(Object *o);
void instance_drop_attributes(Object *self); // for destroy and clear
void instance_traverse_attributes(Object *self, GcVisitor *visitor);

// Slot of an attribute in an Instance, for the interpreter's caches: byte offset into the
// instance if inline, or index into overflow.
static inline Value *instance_slot(Instance *o, uint32_t slot, uint32_t inline_slots) {
    return slot < inline_slots ? &o->slots[slot] : &((Value *)o->overflow)[slot - inline_slots];
}

// Reading slots without the instance's lock (gc/field.h). What makes it right:
//   - A shape that an instance has left never comes back, as long as the instance can be reached:
//   shapes grow to a
//     child, and to dict mode, which is for ever; a deleted attribute leads to dict mode where
//     reads take no lock (FIELD_READS_UNLOCKED). Assigning to __class__ keeps which name has which
//     slot.
//   - An inline slot is a slot whatever the shape is; one that another shape has no use for holds
//   VALUE_NULL. So who
//     saw the shape finds in its slot the attribute's value, or VALUE_NULL, which means: look
//     again.
//   - The word `overflow` is an array of values or, in dict mode, a Dict. It is changed before the
//   shape, under the
//     lock. A reader that sees the shape, then loads the word, then finds the lock free and the
//     shape as it was, has that shape's array: no earlier one, which may be too short, nor what
//     comes with a later shape. Once it has its reference it looks whether the array is still
//     there.
// The caller has just seen the shape. True: the value, or VALUE_NULL, in *value.
ALWAYS_INLINE bool instance_try_overflow(const Object *o, uint32_t shape_id, uint32_t index,
                                         bool in_register, Value *value) {
    void *const *overflow = &((const Instance *)o)->overflow;
    const Value *array = __atomic_load_n(overflow, SHARED_LOAD);
    if (UNLIKELY(!object_lock_is_free(o) || object_shape_id(o) != shape_id))
        return false;
    FieldHold hold = field_try_load(&array[index], in_register, value);
    if (UNLIKELY(hold == FIELD_LOST))
        return false;
    if (LIKELY(__atomic_load_n(overflow, SHARED_LOAD) == array))
        return true;
    field_undo(hold, *value);
    return false;
}

// ---- descriptors -----------------------------------------------------------------------
Value descriptor_new_method(Type *owner, const NativeDef *def); // goes into a type's dict
Value descriptor_new_getset(Type *owner, const GetSetDef *def);
Value descriptor_new_member(Type *owner, const MemberDef *def);
// For the interpreter's caches: the byte offset of a member descriptor that stands for a __slots__
// cell (0: none); a getset descriptor's definition.
uint32_t descriptor_member_offset(
    Value member,
    const Type *type); // of the object it is looked up for: 0 or NULL if that is none of its own
// Whether it is a native type's, which lives for ever, and type is that or below it; and what such
// an object has there: a new reference, or VALUE_NULL with AttributeError. Runs no Python code.
bool descriptor_member_is_native(Value member, const Type *type);
Value descriptor_read_member(Value member, Value object);
// What reading the attribute of object gives: new reference; runs Python code.
Value property_read(Value property, Value object);
const GetSetDef *descriptor_getset(Value getset);
const GetSetDef *descriptor_getset_for(Value getset,
                                       const Type *type); // as descriptor_member_offset
// The layout of method_descriptor_type and class_method_descriptor_type objects.
typedef struct {
    Object header;
    const NativeDef *def; // static
    Type *owner;          // counted
} MethodDescriptor;
Value mapping_proxy_new(Value mapping);
typedef struct {
    Object header;
    Value get, set, del, doc, name; // VALUE_NULL: none; guarded by the lock (field_load)
    bool doc_from_getter; // written by __init__, read by getter(): relaxed, for no other word
} Property;
typedef struct { // staticmethod and classmethod
    Object header;
    Value callable; // VALUE_NULL until __init__
    Value dict;
} MethodWrapping;
// What the classes behind `start` in the mro of object_type have for name, unbound: new reference,
// VALUE_NULL (perhaps with an exception) if there is nothing.
Value super_find(Type *start, Type *object_type, Value name);
Value super_lookup(Type *start, Type *object_type, Value object,
                   Value name); // super().name without a super object
// The lock that orders all changes of types (type_internal.h), for who stops the world for good: in
// the child of a fork, or when the interpreter ends.
void types_lock(void), types_unlock(void);
void type_start(void), object_start(void), descriptors_start(void), property_start(void),
    super_start(void), singletons_start(void), generic_alias_start(void), union_start(void);
void types_start(void); // all builtin types, in a workable order (vm/types/start.c)

#endif
