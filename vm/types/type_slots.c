// SPDX-License-Identifier: MIT
//
// Slots and dunder names: the table that ties them together; wrappers for the slots of native
// types; and the slots of classes, which follow the class attributes.
//
// How a class's slot is chosen (after every change that could matter): all names of the slot are
// looked up along the mro. Nothing found: the slot is empty. Only wrappers of one native function
// that fits the class: that function. Anything else: the generic function, which does the lookup at
// each call. Two slots may share a name (binary[ADD] and concatenate are both __add__); where the
// wrapper found belongs to the other slot, this one is taken from the wrapper's owner.
#include "vm/runtime/thread.h"
#include "vm/types/slot_functions.h"

#define SLOT(field) offsetof(Type, field)
#define BINARY_SLOT(n) (offsetof(Type, binary) + (n) * sizeof(BinaryFunction))
#define INPLACE_SLOT(n) (offsetof(Type, inplace) + (n) * sizeof(BinaryFunction))
#define ENTRY(name, field, wrap, generic, doc)                                                     \
    { "__" name "__", SLOT(field), wrap, 0, generic, doc }
#define COMPARISON(name, op, text)                                                                 \
    {                                                                                              \
        "__" name "__", SLOT(compare), WRAP_COMPARE, COMPARE_##op, slot_compare,                   \
            "Return self" text "value."                                                            \
    }

SlotDef slot_defs[] = {
    ENTRY("getattribute", getattr, WRAP_GETATTR, slot_getattr, "The attribute of that name."),
    ENTRY("getattr", getattr, WRAP_NOTHING, slot_getattr, NULL),
    ENTRY("setattr", setattr, WRAP_SETATTR, slot_setattr, "Sets the attribute name to value."),
    ENTRY("delattr", setattr, WRAP_DELATTR, slot_setattr, "Deletes the attribute name."),
    ENTRY("repr", repr, WRAP_UNARY, slot_repr, "Return repr(self)."),
    ENTRY("hash", hash, WRAP_HASH, slot_hash, "Return hash(self)."),
    ENTRY("call", call, WRAP_CALL, slot_call, "Calls self as a function."),
    ENTRY("str", str, WRAP_UNARY, slot_str, "Return str(self)."),
    COMPARISON("lt", LT, "<"),
    COMPARISON("le", LE, "<="),
    COMPARISON("eq", EQ, "=="),
    COMPARISON("ne", NE, "!="),
    COMPARISON("gt", GT, ">"),
    COMPARISON("ge", GE, ">="),
    ENTRY("iter", iter, WRAP_UNARY, slot_iter, "Return iter(self)."),
    ENTRY("next", next, WRAP_NEXT, slot_next, "Implement next(self)."),
    ENTRY("get", descr_get, WRAP_DESCR_GET, slot_descr_get, "The attribute as seen from instance."),
    ENTRY("set", descr_set, WRAP_DESCR_SET, slot_descr_set, "Sets the attribute of instance."),
    ENTRY("delete", descr_set, WRAP_DESCR_DELETE, slot_descr_set,
          "Deletes the attribute of instance."),
    ENTRY("init", init, WRAP_INIT, slot_init, "Initialises self."),
    ENTRY("del", finalize, WRAP_FINALIZE, slot_finalize, "Called before self is destroyed."),
#define X(name, OP, text)                                                                          \
    {"__" #name "__",                                                                              \
     BINARY_SLOT(BINARY_##OP),                                                                     \
     BINARY_##OP == BINARY_POWER ? WRAP_POWER : WRAP_BINARY,                                       \
     0,                                                                                            \
     slot_binary_##name,                                                                           \
     "Return self" text "value."},                                                                 \
        {"__r" #name "__",                                                                         \
         BINARY_SLOT(BINARY_##OP),                                                                 \
         BINARY_##OP == BINARY_POWER ? WRAP_POWER_REFLECTED : WRAP_REFLECTED,                      \
         0,                                                                                        \
         slot_binary_##name,                                                                       \
         "Return value" text "self."},                                                             \
        {"__i" #name "__",    INPLACE_SLOT(BINARY_##OP),   WRAP_BINARY, 0,                         \
         slot_inplace_##name, "Return self" text "=value."},
    SLOT_BINARY_OPERATORS(X)
#undef X
        {"__divmod__", BINARY_SLOT(BINARY_DIVMOD), WRAP_BINARY, 0, slot_binary_divmod,
         "Return divmod(self, value)."},
    {"__rdivmod__", BINARY_SLOT(BINARY_DIVMOD), WRAP_REFLECTED, 0, slot_binary_divmod,
     "Return divmod(value, self)."},
    ENTRY("pow", power_modulo, WRAP_NOTHING, slot_power_modulo, NULL),
    ENTRY("neg", negative, WRAP_UNARY, slot_neg, "-self"),
    ENTRY("pos", positive, WRAP_UNARY, slot_pos, "+self"),
    ENTRY("abs", absolute, WRAP_UNARY, slot_abs, "abs(self)"),
    ENTRY("bool", boolean, WRAP_BOOL, slot_bool, "True if self else False"),
    ENTRY("invert", invert, WRAP_UNARY, slot_invert, "~self"),
    ENTRY("int", to_int, WRAP_UNARY, slot_int, "int(self)"),
    ENTRY("float", to_float, WRAP_UNARY, slot_float, "float(self)"),
    ENTRY("index", index, WRAP_UNARY, slot_index, "self as an integer, for indexing."),
    ENTRY("len", length, WRAP_LENGTH, slot_length, "Return len(self)."),
    ENTRY("getitem", getitem, WRAP_BINARY, slot_getitem, "Return self[key]."),
    ENTRY("setitem", setitem, WRAP_SETITEM, slot_setitem, "Sets self[key] to value."),
    ENTRY("delitem", setitem, WRAP_DELITEM, slot_setitem, "Deletes self[key]."),
    ENTRY("contains", contains, WRAP_CONTAINS, slot_contains, "Return key in self."),
    // Aliases: the names above reach these slots too.
    ENTRY("getitem", sequence_item, WRAP_ITEM, NULL, "Return self[key]."),
    ENTRY("add", concatenate, WRAP_BINARY, NULL, "Return self+value."),
    ENTRY("mul", repeat, WRAP_REPEAT, NULL, "Return self*value."),
    ENTRY("rmul", repeat, WRAP_REPEAT, NULL, "Return value*self."),
    ENTRY("iadd", inplace_concatenate, WRAP_BINARY, NULL, "Implements self+=value."),
    ENTRY("imul", inplace_repeat, WRAP_REPEAT, NULL, "Implements self*=value."),
    ENTRY("await", await, WRAP_UNARY, slot_await, "An iterator to be used in await."),
    ENTRY("aiter", aiter, WRAP_UNARY, slot_aiter,
          "Return an awaitable for asynchronous iteration."),
    ENTRY("anext", anext, WRAP_UNARY, slot_anext, "Return an awaitable for the next item."),
    {NULL, 0, 0, 0, NULL, NULL},
};

// Slots that no dunder name stands for: inherited as they are.
static const uint16_t plain_slots[] = {
    SLOT(call_new), SLOT(destroy),    SLOT(traverse),
    SLOT(clear),    SLOT(get_buffer), SLOT(release_buffer),
};

enum { NAME_TABLE_SIZE = 512 };
static Value known_names[NAME_TABLE_SIZE]; // open addressing by address; filled once

static uint32_t known_start(Value name) {
    return (uint32_t)((name.bits >> 4) * 0x9e3779b1u >> 7) & (NAME_TABLE_SIZE - 1);
}

bool slot_name_is_known(Value name) {
    for (uint32_t i = known_start(name);; i = (i + 1) & (NAME_TABLE_SIZE - 1)) {
        if (value_same(known_names[i], name))
            return true;
        if (value_is_null(known_names[i]))
            return false;
    }
}

static void known_add(Value name) {
    uint32_t i = known_start(name);
    while (!value_is_null(known_names[i]) && !value_same(known_names[i], name))
        i = (i + 1) & (NAME_TABLE_SIZE - 1);
    known_names[i] = name;
}

void slots_start(void) {
    if (!value_is_null(slot_defs[0].name_object))
        return;
    for (SlotDef *def = slot_defs; def->name; def++) {
        def->name_object = str_intern_cstr(def->name);
        known_add(def->name_object);
    }
    known_add(name___new__);
}

int64_t hash_not_implemented(Value self) {
    return raise_int(&exception_TypeError, "unhashable type: '%T'", self);
}

// ---- native types ------------------------------------------------------------------------------

void slots_add_wrappers(Type *type) {
    for (const SlotDef *def = slot_defs; def->name; def++) {
        void *function = slot_read(type, def->offset);
        if (!function || def->wrap == WRAP_NOTHING)
            continue;
        if (dict_contains(type->dict, def->name_object))
            continue;
        if (function == (void *)hash_not_implemented) {
            dict_set(type->dict, def->name_object, VALUE_NONE);
            continue;
        }
        Value wrapper = wrapper_new(type, def, function);
        ref_immortalize(value_object(wrapper));
        dict_set(type->dict, def->name_object, wrapper);
        ref_release(wrapper);
    }
}

static void inherit_one(Type *type, const Type *base, uint32_t offset) {
    if (!slot_read(type, offset))
        slot_write(type, offset, slot_read(base, offset));
}

void slots_inherit(Type *type, const Type *base) {
    // Comparison and hash go together: a type that defines equality alone is unhashable (its hash
    // slot was set before this).
    for (const SlotDef *def = slot_defs; def->name; def++)
        if (def->offset != SLOT(compare) && def->offset != SLOT(hash))
            inherit_one(type, base, def->offset);
    if (!type->compare && !type->hash) {
        type->compare = base->compare;
        type->hash = base->hash;
    } else if (!type->compare) {
        type->compare = base->compare;
    }
    for (size_t i = 0; i < sizeof plain_slots / sizeof plain_slots[0]; i++)
        if (plain_slots[i] != SLOT(call_new))
            inherit_one(type, base, plain_slots[i]);
    // A native type right below object is not callable unless it says how.
    if (base != &object_type)
        inherit_one(type, base, SLOT(call_new));
}

// ---- classes ----------------------------------------------------------------------------------

// Whoever calls a slot reads it as a plain word, perhaps twice (is there one?), without a safepoint
// between. So the slots of a class that others know change while the world stands still, and no
// slot becomes empty under anybody's hands. (stopped: it does already.)
static void slot_change(Type *type, uint32_t offset, void *function, bool stopped) {
    if (slot_read(type, offset) == function)
        return;
    bool known = !stopped && type_has(type, TYPE_READY);
    if (known)
        thread_stop_world();
    slot_write(type, offset, function);
    if (known)
        thread_start_world();
}

// The slot at offset, from all its names.
static void update_slot(Type *type, uint32_t offset, bool stopped) {
    void *specific = NULL, *generic = NULL;
    bool use_generic = false;
    for (const SlotDef *def = slot_defs; def->name; def++) {
        if (def->offset != offset)
            continue;
        Value found = type_lookup(type, def->name_object);
        if (value_is_null(found))
            continue;
        if (value_is_exactly(found, &wrapper_type)) {
            Wrapper *w = (Wrapper *)value_object(found);
            bool fits = type_is_subtype(type, w->owner);
            if (fits && w->def->name_object.bits == def->name_object.bits) {
                void *function =
                    w->def->offset == offset ? w->function : slot_read(w->owner, offset);
                if (!function) {
                    // The wrapper belongs to the other slot of that name.
                } else if (!specific || specific == function) {
                    specific = function;
                } else {
                    use_generic = true;
                    generic = def->generic;
                }
            } else {
                use_generic = true;
                generic = def->generic;
            }
        } else if (value_is_none(found) && offset == SLOT(hash)) {
            specific = (void *)hash_not_implemented;
        } else {
            use_generic = true;
            if (def->generic)
                generic = def->generic;
        }
        ref_release(found);
    }
    slot_change(type, offset, use_generic ? generic : specific, stopped);
}

static void update_new(Type *type, bool stopped) {
    Value found = type_lookup(type, name___new__);
    if (value_is_exactly(found, &native_function_type)) {
        NativeFunction *f = (NativeFunction *)value_object(found);
        if (f->def == &type_native_new_def) {
            Type *native = type_of_value(f->self);
            if (type_is_subtype(type, native)) {
                slot_change(type, SLOT(call_new), (void *)native->call_new, stopped);
                ref_release(found);
                return;
            }
        }
    }
    // Without any __new__ (a native base that cannot be called) the base's slot stays.
    if (!value_is_null(found))
        slot_change(type, SLOT(call_new), (void *)slot_new, stopped);
    else
        slot_change(type, SLOT(call_new), (void *)type_base(type)->call_new, stopped);
    ref_release(found);
}

static void update_flags(Type *type, bool stopped) {
    uint32_t set = 0;
    const uint32_t all = TYPE_DEFAULT_GETATTR | TYPE_DEFAULT_SETATTR | TYPE_HAS_FINALIZER |
                         TYPE_HAS_DEL | TYPE_UNHASHABLE;
    if (type->getattr == object_generic_getattr)
        set |= TYPE_DEFAULT_GETATTR;
    if (type->setattr == object_generic_setattr)
        set |= TYPE_DEFAULT_SETATTR;
    if (type->finalize)
        set |= TYPE_HAS_FINALIZER;
    if (type->finalize == slot_finalize)
        set |= TYPE_HAS_DEL;
    if (type->hash == hash_not_implemented)
        set |= TYPE_UNHASHABLE;
    if ((type_flags(type) & all) == set)
        return;
    bool known = !stopped && type_has(type, TYPE_READY); // as in slot_change
    if (known)
        thread_stop_world();
    type_flags_change(type, all, set);
    if (known)
        thread_start_world();
}

static void slots_update_own(Type *type, Value name, bool stopped) {
    if (value_same(name, name___new__))
        update_new(type, stopped);
    for (const SlotDef *def = slot_defs; def->name; def++)
        if (value_same(def->name_object, name))
            update_slot(type, def->offset, stopped);
}

// With one base and the usual mro, whatever the class does not define itself, which its keys tell
// if they are strs, is as in the base.
static bool inherits_plainly(const Type *type) {
    Value bases = field_published(&type->bases);
    if (tuple_length(bases) != 1)
        return false;
    Type *only = type_base(type);
    Value own = type_mro(type), base = type_mro(only);
    int64_t count = tuple_length(own);
    return dict_has_str_keys(type->dict) &&
           value_same(tuple_item(bases, 0), value_from_object(only)) &&
           count == tuple_length(base) + 1 &&
           memcmp(tuple_of(own)->items + 1, tuple_of(base)->items,
                  (size_t)(count - 1) * sizeof(Value)) == 0;
}

void slots_update_all(Type *type) {
    if (inherits_plainly(type)) {
        const Type *base = type_base(type);
        for (const SlotDef *def = slot_defs; def->name; def++)
            slot_change(type, def->offset, slot_read(base, def->offset), false);
        slot_change(type, SLOT(call_new), (void *)base->call_new, false);
        int64_t position = 0;
        Value name;
        while (dict_next(type->dict, &position, &name, NULL, NULL)) {
            if (slot_name_is_known(name))
                slots_update_own(type, name, false);
            ref_release(name);
        }
        update_flags(type, false);
        return;
    }
    for (const SlotDef *def = slot_defs; def->name; def++) {
        bool first = true;
        for (const SlotDef *before = slot_defs; before < def; before++)
            first &= before->offset != def->offset;
        if (first)
            update_slot(type, def->offset, false);
    }
    update_new(type, false);
    update_flags(type, false);
}

uint32_t type_subclasses_snapshot(Type *type, Type ***out) {
    uint32_t count = 0;
    *out = NULL;
    types_lock();
    struct TypeSubclasses *s = type->subclasses;
    if (s && s->count) {
        *out = buffer_allocate(s->count * sizeof(Type *));
        for (uint32_t i = 0; *out && i < s->count; i++)
            if (count_try_increment(&s->items[i]->header))
                (*out)[count++] = s->items[i];
    }
    types_unlock();
    return count;
}

static int64_t count_below(const Type *type) {
    struct TypeSubclasses *s = type->subclasses;
    int64_t count = s ? s->count : 0;
    for (uint32_t i = 0; s && i < s->count; i++)
        count += count_below(s->items[i]);
    return count;
}
static int64_t add_below(const Type *type, Type **out, int64_t count) {
    struct TypeSubclasses *s = type->subclasses;
    for (uint32_t i = 0; s && i < s->count; i++) {
        if (type_has(s->items[i], TYPE_HEAP) && count_try_increment(&s->items[i]->header))
            out[count++] = s->items[i];
        count = add_below(s->items[i], out, count);
    }
    return count;
}
int64_t type_all_below_locked(const Type *type, Type ***out) {
    int64_t count = count_below(type);
    if (count == 0)
        return 0;
    *out = buffer_allocate((size_t)count * sizeof(Type *));
    return *out ? add_below(type, *out, 0) : -1;
}

void slots_update_one(Type *type, Value name, bool stopped) {
    slots_update_own(type, name, stopped);
    update_flags(type, stopped);
}
