// SPDX-License-Identifier: MIT
//
// The order in which bases are searched (C3 linearisation: Barrett et al. 1996), which base gives
// the instances their layout, and assignment to __bases__.
#include "vm/types/type_internal.h"

// ---- C3 ----------------------------------------------------------------------------------------

typedef struct {
    const Value *items;
    int64_t length, position;
} Sequence;

static bool in_tail(const Sequence *s, Value v) {
    for (int64_t i = s->position + 1; i < s->length; i++)
        if (value_same(s->items[i], v))
            return true;
    return false;
}

static Value no_consistent_order(const Sequence *sequences, int64_t count) {
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, "Cannot create a consistent method resolution\norder (MRO) for bases");
    bool first = true;
    for (int64_t i = 0; i < count; i++) {
        const Sequence *s = &sequences[i];
        if (s->position >= s->length)
            continue;
        Value head = s->items[s->position];
        bool seen = false;
        for (int64_t j = 0; j < i && !seen; j++)
            seen = sequences[j].position < sequences[j].length &&
                   value_same(sequences[j].items[sequences[j].position], head);
        if (seen)
            continue;
        str_builder_cstr(&b, first ? " " : ", ");
        first = false;
        str_builder_cstr(&b, type_name(type_of_value(head)));
    }
    Value text = str_builder_finish(&b);
    if (!value_is_null(text))
        raise_type_error("%V", text);
    ref_release(text);
    return VALUE_NULL;
}

static int check_duplicates(Value bases) {
    for (int64_t i = 0; i < tuple_length(bases); i++)
        for (int64_t j = i + 1; j < tuple_length(bases); j++)
            if (value_same(tuple_item(bases, i), tuple_item(bases, j)))
                return raise_int(&exception_TypeError, "duplicate base class %s",
                                 type_name(type_of_value(tuple_item(bases, i))));
    return 0;
}

Value type_compute_mro(Type *type) {
    Value bases = field_published(&type->bases);
    int64_t count = tuple_length(bases);
    for (int64_t i = 0; i < count; i++)
        if (value_is_null(type_mro(type_of_value(tuple_item(bases, i)))))
            return raise_type_error("Cannot extend an incomplete type '%s'",
                                    type_full_name(type_of_value(tuple_item(bases, i))));
    if (count == 1) {
        Value base_mro = ref_new(type_mro(type_of_value(tuple_item(bases, 0))));
        int64_t length = tuple_length(base_mro);
        Value mro = tuple_allocate(length + 1);
        if (!value_is_null(mro)) {
            tuple_of(mro)->items[0] = ref_new(value_from_object(type));
            for (int64_t i = 0; i < length; i++)
                tuple_of(mro)->items[i + 1] = ref_new(tuple_item(base_mro, i));
        }
        ref_release(base_mro);
        return mro;
    }
    if (check_duplicates(bases) < 0)
        return VALUE_NULL;
    Sequence *sequences = buffer_allocate((size_t)(count + 1) * sizeof(Sequence));
    Value *held = buffer_allocate((size_t)(count + 1) * sizeof(Value));
    Value list = list_new(), mro = VALUE_NULL;
    int64_t taken = 0;
    if (!sequences || !held) {
        raise_memory_error();
        goto out;
    }
    if (value_is_null(list) || list_append(list, value_from_object(type)) < 0)
        goto out;
    for (; taken < count; taken++) {
        held[taken] = ref_new(type_mro(type_of_value(tuple_item(bases, taken))));
        sequences[taken] = (Sequence){tuple_of(held[taken])->items, tuple_length(held[taken]), 0};
    }
    sequences[count] = (Sequence){tuple_of(bases)->items, count, 0};
    for (;;) {
        Value next = VALUE_NULL;
        bool left = false;
        for (int64_t i = 0; i <= count && value_is_null(next); i++) {
            Sequence *s = &sequences[i];
            if (s->position >= s->length)
                continue;
            left = true;
            next = s->items[s->position];
            for (int64_t j = 0; j <= count; j++)
                if (in_tail(&sequences[j], next)) {
                    next = VALUE_NULL;
                    break;
                }
        }
        if (value_is_null(next)) {
            mro = left ? no_consistent_order(sequences, count + 1) : list_to_tuple(list);
            break;
        }
        if (list_append(list, next) < 0)
            break;
        for (int64_t i = 0; i <= count; i++)
            if (sequences[i].position < sequences[i].length &&
                value_same(sequences[i].items[sequences[i].position], next))
                sequences[i].position++;
    }
out:
    for (int64_t i = 0; i < taken; i++)
        ref_release(held[i]);
    buffer_free(held);
    buffer_free(sequences);
    ref_release(list);
    return mro;
}

bool type_mro_is_computed(const Type *type) {
    Type *meta = value_type(value_from_object(type));
    if (LIKELY(meta == &type_type))
        return true;
    Value method = type_lookup(meta, name_mro);
    bool own = value_is_exactly(method, &method_descriptor_type);
    ref_release(method);
    return own;
}

Value type_mro_ground(const Type *type) {
    Value bases = ref_new(field_published(&type->bases));
    int64_t count = tuple_length(bases);
    Value ground = tuple_allocate(count + 1);
    if (!value_is_null(ground)) {
        Value *items = tuple_of(ground)->items;
        for (int64_t i = 0; i < count; i++) {
            Value mro = type_mro(type_of_value(tuple_item(bases, i)));
            items[i + 1] = ref_new(value_is_null(mro) ? VALUE_NONE : mro); // incomplete
        }
        items[0] = ref_new(bases);
    }
    ref_release(bases);
    return ground;
}

bool type_mro_ground_stands(const Type *type, Value ground) {
    Value bases = field_raw(&type->bases);
    bool same = value_same(tuple_item(ground, 0), bases);
    for (int64_t i = 0; same && i < tuple_length(bases); i++)
        same = value_same(tuple_item(ground, i + 1), type_mro(type_of_value(tuple_item(bases, i))));
    return same;
}

Value type_call_mro(Type *type) {
    if (LIKELY(type_mro_is_computed(type)))
        return type_compute_mro(type);
    Value method; // of the metaclass, whatever the class's bases have under that name
    if (value_lookup_special(value_from_object(type), name_mro, &method) <= 0)
        return VALUE_NULL;
    Value result = value_call_none(method);
    ref_release(method);
    if (value_is_null(result))
        return result;
    Value mro = tuple_from_iterable(result);
    ref_release(result);
    if (value_is_null(mro))
        return mro;
    Type *solid = type_solid_base(type);
    for (int64_t i = 0; i < tuple_length(mro); i++) {
        Value item = tuple_item(mro, i);
        const char *problem = NULL;
        if (!value_is_type(item))
            raise_type_error("mro() returned a non-class ('%T')", item);
        else if (!type_is_subtype(solid, type_solid_base(type_of_value(item))))
            problem = type_full_name(type_of_value(item));
        if (problem)
            raise_type_error("mro() returned base with unsuitable layout ('%s')", problem);
        if (error_occurred()) {
            ref_release(mro);
            return VALUE_NULL;
        }
    }
    return mro;
}

// ---- layout ------------------------------------------------------------------------------------

// Does type give instances something (but dict and attributes) that base's have not?
static bool adds_layout(const Type *type, const Type *base) {
    if (type_has(type, TYPE_HEAP)) {
        uint32_t own = type->slots_count, inherited = base->slots_count;
        // The dict field is one of the words, but not one that fixes a layout.
        own -= type_has(type, TYPE_HAS_DICT_FIELD) && type_native_base(type)->dict_offset == 0;
        inherited -= type_has(base, TYPE_HEAP) && type_has(base, TYPE_HAS_DICT_FIELD) &&
                     type_native_base(base)->dict_offset == 0;
        return own != inherited;
    }
    return type->basic_size != base->basic_size || type->item_size != base->item_size;
}

Type *type_solid_base(Type *type) {
    for (Type *base; (base = type_base(type)) && !adds_layout(type, base);)
        type = base;
    return type;
}

Type *type_best_base(Value bases) {
    Type *winner = NULL, *base = NULL;
    for (int64_t i = 0; i < tuple_length(bases); i++) {
        Value item = tuple_item(bases, i);
        if (!value_is_type(item)) {
            raise_type_error("bases must be types");
            return NULL;
        }
        Type *candidate_base = type_of_value(item);
        if (!type_has(candidate_base, TYPE_BASE)) {
            raise_type_error("type '%s' is not an acceptable base type",
                             type_full_name(candidate_base));
            return NULL;
        }
        Type *candidate = type_solid_base(candidate_base);
        if (!winner) {
            winner = candidate;
            base = candidate_base;
        } else if (type_is_subtype(winner, candidate)) {
            // stays
        } else if (type_is_subtype(candidate, winner)) {
            winner = candidate;
            base = candidate_base;
        } else {
            raise_type_error("multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return base;
}

// Every cell that a's own __slots__ made lies at the same place under the same name in b.
static bool cells_agree(const Type *a, const Type *b) {
    int64_t position = 0;
    Value key, value;
    bool same = true;
    while (same && dict_next(a->dict, &position, &key, &value, NULL)) {
        if (value_is_exactly(value, &member_type) && ((Member *)value_object(value))->cell) {
            Value other = dict_get_str(b->dict, key);
            same =
                value_is_exactly(other, &member_type) && ((Member *)value_object(other))->cell &&
                ((Member *)value_object(other))->offset == ((Member *)value_object(value))->offset;
            ref_release(other);
        }
        ref_release(key);
        ref_release(value);
    }
    return same;
}

static bool layouts_agree(const Type *a, const Type *b) {
    const uint32_t layout = TYPE_HAS_SHAPE_SLOTS | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE;
    if ((type_flags(a) & layout) != (type_flags(b) & layout) ||
        type_native_base(a)->destroy != type_native_base(b)->destroy ||
        a->basic_size != b->basic_size || a->item_size != b->item_size ||
        a->dict_offset != b->dict_offset || a->slots_begin != b->slots_begin ||
        a->slots_count != b->slots_count)
        return false;
    Type *solid_a = type_solid_base((Type *)a), *solid_b = type_solid_base((Type *)b);
    if (solid_a == solid_b)
        return true;
    return type_has(solid_a, TYPE_HEAP) && type_has(solid_b, TYPE_HEAP) &&
           type_solid_base(solid_a->base) == type_solid_base(solid_b->base) &&
           cells_agree(solid_a, solid_b) && cells_agree(solid_b, solid_a);
}

// Does CPython's collector look at the instances? That is what decides who frees them there.
static bool is_collected(const Type *type) {
    return type_has(type, TYPE_HEAP) || (type->kind == HEAP_CONTAINER && type != &object_type);
}

int type_check_layouts(const Type *from, const Type *to, const char *attribute) {
    if (is_collected(from) != is_collected(to))
        return raise_int(&exception_TypeError, "%s assignment: '%s' deallocator differs from '%s'",
                         attribute, type_full_name(to), type_full_name(from));
    bool heap_from = type_has(from, TYPE_HEAP), heap_to = type_has(to, TYPE_HEAP);
    if (heap_from != heap_to || (!heap_from && from->destroy != to->destroy) ||
        !layouts_agree(from, to))
        return raise_int(&exception_TypeError,
                         "%s assignment: '%s' object layout differs from '%s'", attribute,
                         type_full_name(to), type_full_name(from));
    return 0;
}

// ---- __bases__ ---------------------------------------------------------------------------------

typedef struct {
    Type *type;
    Value mro, old_mro; // all three new references
} NewOrder;

typedef struct {
    NewOrder *items;
    size_t count, capacity;
} NewOrders;

static int note_order(NewOrders *orders, Type *type, Value mro, Value old_mro) {
    if (orders->count == orders->capacity) {
        size_t capacity = orders->capacity ? orders->capacity * 2 : 8;
        NewOrder *items = buffer_resize(orders->items, capacity * sizeof *items);
        if (!items)
            return raise_memory_error(), -1;
        orders->items = items;
        orders->capacity = capacity;
    }
    ref_retain_object(type);
    orders->items[orders->count++] = (NewOrder){type, mro, old_mro};
    return 0;
}

// The type's own lock too, because __mro__ and __base__ are read under that one from Python.
Value type_replace_mro(Type *type, Value mro) {
    object_lock(&type->header);
    Value old = field_publish_locked(&type->mro, mro);
    object_unlock(&type->header);
    return old;
}
static void replace_base(Type *type, Type *base) {
    object_lock(&type->header);
    __atomic_store_n(&type->base, base, __ATOMIC_RELEASE);
    object_unlock(&type->header);
}

// Computes and sets new mros for type and everything below; notes old and new ones. A mro() in
// Python may come back here for the same type, and so may other threads: what was set last then
// stands, as it was computed from what the bases were by then, and who changes them after that
// comes here, too.
static int update_orders(Type *type, NewOrders *orders) {
    bool computed = type_mro_is_computed(type);
    Value old = ref_new(type_mro(type));
    for (bool set = false; !set;) {
        Value ground = type_mro_ground(type), replaced = VALUE_NULL;
        Value mro = value_is_null(ground) ? ground : type_call_mro(type);
        if (value_is_null(mro) || note_order(orders, type, mro, old) < 0) {
            ref_release(ground);
            ref_release(mro);
            ref_release(old);
            return -1;
        }
        types_lock();
        bool others = !value_same(type_mro(type), old);
        set = !others && (!computed || type_mro_ground_stands(type, ground));
        if (set) {
            type_changes_locked(type);
            replaced = type_replace_mro(type, ref_new(mro));
            type_modified_locked(type);
        }
        types_unlock();
        ref_release(ground);
        if (set) {
            reclaim_reference(replaced);
            break;
        }
        orders->count--;
        ref_release_object(type);
        ref_release(mro);
        if (others) {
            ref_release(old);
            return 0;
        }
    }
    Type **below;
    uint32_t count = type_subclasses_snapshot(type, &below);
    int result = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (result == 0)
            result = update_orders(below[i], orders);
        ref_release_object(below[i]);
    }
    buffer_free(below);
    return result;
}

static void restore_order(NewOrder *o) {
    Value replaced = VALUE_NULL;
    types_lock();
    if (value_same(type_mro(o->type), o->mro)) { // not changed again meanwhile
        type_changes_locked(o->type);
        replaced = type_replace_mro(o->type, ref_new(o->old_mro));
        type_modified_locked(o->type);
    }
    types_unlock();
    if (!value_is_null(replaced))
        reclaim_reference(replaced);
}

static void slots_update_below(Type *type) {
    slots_update_all(type);
    Type **below;
    uint32_t count = type_subclasses_snapshot(type, &below);
    for (uint32_t i = 0; i < count; i++) {
        slots_update_below(below[i]);
        ref_release_object(below[i]);
    }
    buffer_free(below);
}

// With the types lock, so that no two assignments make a cycle together. The mros may not be up to
// date while they are computed; the bases are.
static bool derives_from(const Type *type, const Type *from) {
    if (type == from)
        return true;
    Value bases = type_has(type, TYPE_HEAP) ? field_raw(&type->bases) : VALUE_NULL;
    for (int64_t i = 0; !value_is_null(bases) && i < tuple_length(bases); i++)
        if (derives_from(type_of_value(tuple_item(bases, i)), from))
            return true;
    return false;
}
static bool bases_derive_from(Value bases, const Type *from) {
    for (int64_t i = 0; i < tuple_length(bases); i++)
        if (derives_from(type_of_value(tuple_item(bases, i)), from))
            return true;
    return false;
}
static int raise_cycle(void) {
    return raise_int(&exception_TypeError, "a __bases__ item causes an inheritance cycle");
}

static int check_bases(Type *type, Value bases) {
    for (int64_t i = 0; i < tuple_length(bases); i++) {
        Value base = tuple_item(bases, i);
        if (!value_is_type(base))
            return raise_int(&exception_TypeError,
                             "%s.__bases__ must be tuple of classes, not '%T'",
                             type_full_name(type), base);
        if (type_is_subtype(type_of_value(base), type))
            return raise_cycle();
    }
    return 0;
}

static bool is_base(Type *type, Value class) {
    Value bases = field_raw(&type->bases);
    for (int64_t i = 0; i < tuple_length(bases); i++)
        if (value_same(tuple_item(bases, i), class))
            return true;
    return false;
}

// Takes a type off the lists of subclasses of bases that it had, and sees to it that its bases have
// it in theirs, once. With the types' lock. These lists own nothing: a type that ends takes itself
// off the lists of the bases that it has then, so it must not be in any other.
static void list_below_bases(Type *type, Value old_bases) {
    for (int64_t i = 0; i < tuple_length(old_bases); i++)
        if (!is_base(type, tuple_item(old_bases, i)))
            type_subclasses_remove(type_of_value(tuple_item(old_bases, i)), type);
    Value bases = field_raw(&type->bases);
    for (int64_t i = 0; i < tuple_length(bases); i++) {
        Type *base = type_of_value(tuple_item(bases, i));
        type_subclasses_remove(base, type);
        type_subclasses_add(base, type);
    }
}

// If these are the bases that type has, and their order its own: puts the tuple in the place of the
// one that says so now, which changes nothing else.
static bool set_same_bases(Type *type, Value bases) {
    if (value_type(value_from_object(type)) != &type_type) // may have an mro() of its own
        return false;
    types_lock();
    Value now = field_raw(&type->bases);
    bool same = tuple_length(now) == tuple_length(bases);
    for (int64_t i = 0; same && i < tuple_length(bases); i++)
        same = value_same(tuple_item(now, i), tuple_item(bases, i));
    if (same) {
        ref_retain(bases);
        now = field_publish_locked(&type->bases, bases);
    }
    types_unlock();
    if (same)
        reclaim_reference(now);
    return same;
}

int type_set_bases(Type *type, Value bases) {
    if (!type_has(type, TYPE_HEAP))
        return raise_int(&exception_TypeError,
                         "cannot set '__bases__' attribute of immutable type '%s'",
                         type_full_name(type));
    if (value_is_null(bases))
        return raise_int(&exception_TypeError,
                         "cannot delete '__bases__' attribute of immutable type '%s'",
                         type_full_name(type));
    if (!value_is_tuple(bases))
        return raise_int(&exception_TypeError, "can only assign tuple to %s.__bases__, not %T",
                         type_full_name(type), bases);
    if (tuple_length(bases) == 0)
        return raise_int(&exception_TypeError,
                         "can only assign non-empty tuple to %s.__bases__, not ()",
                         type_full_name(type));
    if (check_bases(type, bases) < 0)
        return -1;
    Type *base = type_best_base(bases);
    if (!base)
        return -1;
    if (set_same_bases(type, bases))
        return 0;
    if (type_check_layouts(type_base(type), base, "__bases__") < 0)
        return -1;
    ref_retain(bases);
    ref_retain_object(base);
    types_lock();
    if (bases_derive_from(bases, type)) {
        types_unlock();
        ref_release(bases);
        ref_release_object(base);
        return raise_cycle();
    }
    Value old_bases = field_publish_locked(&type->bases, bases);
    Type *old_base = type_base(type);
    replace_base(type, base);
    list_below_bases(type, bases); // those that change from now on come by here
    types_unlock();
    NewOrders orders = {0};
    int result = update_orders(type, &orders);
    bool mine = value_same(field_raw(&type->bases), bases); // no mro() set other bases
    if (result == 0 && mine) {
        types_lock();
        list_below_bases(type, old_bases);
        type_modified_locked(type);
        types_unlock();
        slots_update_below(type);
        instances_refresh_shapes(type);
    } else if (!mine) { // what set the other bases did not know of those that were there first
        types_lock();
        list_below_bases(type, old_bases);
        list_below_bases(type, bases);
        types_unlock();
    }
    for (size_t i = orders.count; i-- > 0;) {
        NewOrder *o = &orders.items[i];
        if (result < 0)
            restore_order(o);
        ref_release(o->mro);
        reclaim_reference(o->old_mro);
        ref_release_object(o->type);
    }
    buffer_free(orders.items);
    if (result < 0 && mine) {
        types_lock();
        field_publish_locked(&type->bases, old_bases);
        replace_base(type, old_base);
        list_below_bases(type, bases);
        types_unlock();
        reclaim_reference(bases);
        reclaim_reference(value_from_object(base));
    } else {
        reclaim_reference(old_bases);
        reclaim_reference(value_from_object(old_base));
    }
    return result;
}
