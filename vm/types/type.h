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
// type(name, bases, namespace) without calling a metaclass's __new__ (metatype: type or a subclass).
Value type_create(Type *metatype, Value name, Value bases, Value namespace, Value kwargs_or_null);
Value type_build_class(const Value *args, size_t nargs, Value kwnames); // __build_class__
// The attribute found along the mro, new reference; VALUE_NULL without exception if absent. No descriptor
// is called. Uses the global method cache; never runs Python code.
Value type_lookup(Type *type, Value name);
int type_set_attribute(Type *type, Value name, Value value); // sets slots, bumps versions
Value type_new_instance(Type *type);   // object.__new__ for any heap type: attributes empty
void type_free_instance(Object *self); // destroy slot of heap types' instances ends with this
// The metatype most derived among these. NULL with TypeError.
Type *type_calculate_metaclass(Type *winner, Value bases);
const char *type_name(const Type *type); // for messages: the last component for native types

// ---- shapes: hidden classes ------------------------------------------------------------
// Immutable once published in the shape table; never freed while the type lives.
struct Shape {
    uint32_t id;           // below 2^24
    uint32_t slots;        // attributes
    uint32_t inline_slots; // how many of them lie inside the instance
    bool is_dict;          // dict mode: Instance.overflow is a Dict
    Type *type;            // borrowed
    Shape *parent;
    Value name;            // the attribute this shape adds to its parent (interned str)
    // name -> child; guarded by the shapes lock
    struct ShapeTransitions *transitions;
    // name -> slot, built on first use, then immutable; released with an atomic store
    struct ShapeIndex *index;
};
Shape *shape_of_id(uint32_t id);
static inline Shape *object_shape(const Object *o) { return shape_of_id(object_shape_id(o)); }
int32_t shape_find(Shape *shape, Value name);   // slot of an interned name, or -1; no lock
Shape *shape_add(Shape *shape, Value name);     // the child shape; NULL: go to dict mode
Shape *shape_dict_mode(Type *type, uint32_t inline_slots);

// ---- instance attributes (shape slots or dict field), without descriptors --------------
// New reference or VALUE_NULL (no exception unless error_occurred()).
Value instance_get(Value self, Value name);
int instance_set(Value self, Value name, Value value); // adds if absent
int instance_delete(Value self, Value name);           // 1 deleted, 0 absent, -1
Value instance_dict(Value self);       // __dict__: goes to dict mode; AttributeError if the type has none
int instance_set_dict(Value self, Value dict);
void instance_drop_attributes(Object *self);                     // for destroy and clear
void instance_traverse_attributes(Object *self, GcVisitor *visitor);

// Slot of an attribute in an Instance, for the interpreter's caches: byte offset into the
// instance if inline, or index into overflow.
static inline Value *instance_slot(Instance *o, uint32_t slot, uint32_t inline_slots) {
    return slot < inline_slots ? &o->slots[slot] : &((Value *)o->overflow)[slot - inline_slots];
}

// ---- descriptors -----------------------------------------------------------------------
Value descriptor_new_method(Type *owner, const NativeDef *def); // goes into a type's dict
Value descriptor_new_getset(Type *owner, const GetSetDef *def);
Value descriptor_new_member(Type *owner, const char *name, uint32_t offset, bool readonly, bool none_if_null);
Value mapping_proxy_new(Value mapping);
Value super_lookup(Type *start, Type *object_type, Value object, Value name); // super().name without a super object
void type_start(void), object_start(void), descriptors_start(void);

#endif
