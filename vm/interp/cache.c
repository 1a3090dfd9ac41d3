// SPDX-License-Identifier: MIT
//
// Filling inline caches: the slow lookups of attributes and globals, which leave behind what
// makes the next one fast. See interp_internal.h for the words and who may read them.
//
// A version is always read before the lookup whose result it will guard: if anything changed
// in between, the guard fails and the result is merely not reused.
#include "vm/interp/interp_internal.h"
#include "vm/modules/collections_module.h"
#include "vm/types/type_internal.h"

static inline uint32_t type_version(Type *type) {
    return __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
}

static void entry_retire(uint64_t word) {
    if (!cache_is_entry(word))
        return;
    reclaim_buffer((void *)word);
}

// Not inline: a compiler would make the address of an object wait for the question whether it is
// one.
Object *cache_number_header(Value number) {
    static Object int_header = OBJECT_STATIC(&int_type), float_header = OBJECT_STATIC(&float_type);
    return value_is_int(number) ? &int_header : &float_header;
}

void cache_store_word(Instruction *pc, uint64_t word) {
    uint64_t old = __atomic_exchange_n(cache_word(pc), word, __ATOMIC_ACQ_REL);
    entry_retire(old);
}

// What is immutable of an entry (its miss count, which others update, starts anew).
static CacheEntry entry_copy(const CacheEntry *e) {
    return (CacheEntry){.kind = e->kind,
                        .refills = e->refills,
                        .shape = e->shape,
                        .version = e->version,
                        .version2 = e->version2,
                        .value = e->value,
                        .word = e->word,
                        .object = e->object,
                        .getset = e->getset};
}

static bool same_guard(const CacheEntry *a, const CacheEntry *b) {
    return a->shape == b->shape && a->object == b->object;
}

void cache_add(Instruction *pc, const CacheEntry *source) {
    uint64_t old = cache_load(pc);
    bool fits_word = source->kind == ENTRY_SLOT || source->kind == ENTRY_TRANSITION;
    if (old == 0 && fits_word) {
        cache_store_word(pc, source->word);
        return;
    }
    // The newest first, then those of other guards that were there.
    CacheEntry chain[CACHE_CHAIN_MAX + 1];
    int n = 0;
    chain[n++] = *source;
    uint64_t tag = old & CACHE_TAG_MASK;
    if (tag == CACHE_SLOT || tag == CACHE_TRANSITION) {
        CacheEntry e = {.kind = tag == CACHE_SLOT ? ENTRY_SLOT : ENTRY_TRANSITION,
                        .shape = (uint32_t)(old >> 8) & SHAPE_ID_MAX,
                        .word = old};
        if (!same_guard(&e, source))
            chain[n++] = e;
    } else if (cache_is_entry(old)) {
        for (const CacheEntry *e = (const CacheEntry *)old; e && n <= CACHE_CHAIN_MAX; e = e->next)
            if (!same_guard(e, source))
                chain[n++] = entry_copy(e);
            else
                chain[0].refills = e->refills + 1;
    }
    if (UNLIKELY(chain[0].refills > CACHE_REFILLS_MAX)) {
        uint32_t *misses = &((CacheEntry *)old)->misses; // an estimate: a lost update does no harm
        uint32_t count = __atomic_load_n(misses, __ATOMIC_RELAXED) + 1;
        __atomic_store_n(misses, count, __ATOMIC_RELAXED);
        if (count % CACHE_REFILL_EACH)
            return;
    }
    if (n > CACHE_CHAIN_MAX) {
        // Too many: leave the chain alone, and only now and then start it afresh.
        if (__atomic_add_fetch(&((CacheEntry *)old)->misses, 1, __ATOMIC_RELAXED) < 1000)
            return;
        n = 1;
    }
    if (n == 1 && fits_word) {
        cache_store_word(pc, source->word);
        return;
    }
    CacheEntry *block = buffer_allocate((size_t)n * sizeof *block);
    if (!block)
        return; // a cache is a luxury
    for (int i = 0; i < n; i++) {
        block[i] = chain[i];
        block[i].next = i + 1 < n ? &block[i + 1] : NULL;
    }
    cache_store_word(pc, (uint64_t)block);
}

// Entries of slots are guarded by the shape alone. Before something on the type comes before what
// is in them, the type has no version, and then all instances get other shapes (set_attribute in
// vm/types/type.c). So an entry is added only if the type had a version before the lookup, and has
// the same still after the shape was read: then it is one of the shapes that they lose.
static bool slots_hold(Type *type, uint32_t version) {
    return version != 0 && type_version(type) == version;
}

static void add_slot(Instruction *pc, uint32_t shape, uint64_t word) {
    CacheEntry e = {.kind = ENTRY_SLOT, .shape = shape, .word = word};
    cache_add(pc, &e);
}

static void add_transition(Instruction *pc, uint32_t before, uint32_t after, const Shape *shape) {
    CacheEntry e = {.kind = ENTRY_OVERFLOW, .shape = before, .word = after};
    if (shape->slots - 1 < shape->inline_slots && shape->slots <= 255) {
        e.kind = ENTRY_TRANSITION;
        e.word = (uint64_t)(shape->slots - 1) << 56 | (uint64_t)after << 32 |
                 (uint64_t)before << 8 | CACHE_TRANSITION;
    }
    cache_add(pc, &e);
}

int cache_store_by_entry(const CacheEntry *e, Value object, Value name, Value value) {
    if (e->kind == ENTRY_IN_DICT)
        return instance_set_in_dict(object, name, value);
    if (e->kind == ENTRY_GETSET)
        return e->getset->set(object, value);
    return instance_add(object, name, value, e->shape, (uint32_t)e->word);
}

void code_free_caches(Code *code) {
    if (!code->instructions)
        return;
    for (uint32_t i = 0; i < code->word_count;) {
        Instruction *pc = &code->instructions[i];
        int length = opcode_length(pc->op);
        if (length == 2)
            cache_store_word(pc, 0);
        i += (uint32_t)length;
    }
}

static uint64_t slot_word(uint32_t shape, uint32_t byte_offset) {
    return (uint64_t)byte_offset << 32 | (uint64_t)shape << 8 | CACHE_SLOT;
}
static uint64_t overflow_word(uint32_t shape, uint32_t index) {
    return (uint64_t)(index | 0x80000000u) << 32 | (uint64_t)shape << 8 | CACHE_SLOT;
}

static uint64_t word_of_slot(Shape *shape, uint32_t slot) {
    if (slot < shape->inline_slots)
        return slot_word(shape->id, (uint32_t)(offsetof(Instance, slots) + slot * sizeof(Value)));
    return overflow_word(shape->id, slot - shape->inline_slots);
}

// Of an instance in dict mode, whose type has at most `behind` for the name, no data descriptor.
static void fill_in_dict(Instruction *pc, uint32_t shape_id, uint32_t version, Value behind) {
    CacheEntry e = {.kind = ENTRY_IN_DICT, .shape = shape_id, .version = version};
    Type *type = value_is_null(behind) ? NULL : value_type(behind);
    if (type) {
        e.value = behind;
        e.word = type_flags(type) & TYPE_METHOD_DESCRIPTOR ? IN_DICT_METHOD
                 : type->descr_get                         ? IN_DICT_GETS
                                                           : IN_DICT_CONSTANT;
    }
    cache_add(pc, &e);
}

// What is worth remembering about object.name, given what the type says (descriptor may be
// VALUE_NULL). Fills the cache; looks nothing up in instances.
static void fill_from_type(Instruction *pc, Value object, Value name, Type *type, uint32_t version,
                           Value descriptor) {
    uint32_t flags = type_flags(type);
    if (!(flags & TYPE_DEFAULT_GETATTR) || version == 0)
        return;
    uint32_t shape_id = object_shape_id(cache_header(object));
    Type *descriptor_type = value_is_null(descriptor) ? NULL : value_type(descriptor);
    if (descriptor_type && descriptor_type->descr_set) {
        CacheEntry e = {.shape = shape_id, .version = version};
        if (descriptor_type == &member_type) {
            uint32_t offset = descriptor_member_offset(descriptor, type);
            // Only cells of __slots__ in heap types are plain Values that NULL means unset for.
            if (offset && shape_id && slots_hold(type, version))
                add_slot(pc, shape_id, slot_word(shape_id, offset));
            e.kind = ENTRY_MEMBER;
            e.value = descriptor;
            if (descriptor_member_is_native(descriptor, type))
                cache_add(pc, &e);
        } else if (descriptor_type == &property_type) {
            e.kind = ENTRY_PROPERTY;
            e.value = descriptor;
            cache_add(pc, &e);
        } else if (descriptor_type == &get_set_type) {
            e.kind = ENTRY_GETSET;
            e.getset = descriptor_getset_for(descriptor, type);
            if (e.getset)
                cache_add(pc, &e);
        } else if (descriptor_type == &tuple_getter_type && value_is_tuple(object)) {
            int64_t index = tuple_getter_index(descriptor);
            e.kind = ENTRY_TUPLE_ITEM;
            e.word = (uint64_t)index;
            if (index >= 0)
                cache_add(pc, &e);
        }
        return;
    }
    if (flags & TYPE_HAS_SHAPE_SLOTS) {
        Shape *shape = shape_of_id(shape_id);
        if (!shape)
            return;
        if (shape->is_dict) {
            fill_in_dict(pc, shape_id, version, descriptor);
            return;
        }
        int32_t slot = shape_find(shape, name);
        if (slot >= 0) {
            if (slots_hold(type, version))
                add_slot(pc, shape_id, word_of_slot(shape, (uint32_t)slot));
            return;
        }
    } else if ((flags & TYPE_HAS_DICT_FIELD) && shape_id != 0) {
        return; // an instance dict could shadow what the type says
    }
    if (!descriptor_type)
        return;
    CacheEntry e = {.shape = shape_id, .version = version, .value = descriptor};
    if (type_flags(descriptor_type) & TYPE_METHOD_DESCRIPTOR)
        e.kind = ENTRY_METHOD;
    else if (!descriptor_type->descr_get)
        e.kind = ENTRY_CONSTANT;
    else
        return;
    cache_add(pc, &e);
}

// Whether an entry for this shape was replaced so often that this miss is to be let pass, as
// cache_add would do: then no version is spent on it.
static bool is_tired(Instruction *pc, uint32_t shape_id) {
    uint64_t word = cache_load(pc);
    if (!cache_is_entry(word))
        return false;
    uint32_t *misses = &((CacheEntry *)word)->misses;
    for (const CacheEntry *e = (const CacheEntry *)word; e; e = e->next)
        if (e->kind == ENTRY_METHOD_BESIDE && e->shape == shape_id &&
            e->refills >= CACHE_REFILLS_MAX) {
            uint32_t count = __atomic_load_n(misses, __ATOMIC_RELAXED) + 1;
            if (count % CACHE_REFILL_EACH == 0)
                return false;
            __atomic_store_n(misses, count, __ATOMIC_RELAXED);
            return true;
        }
    return false;
}

// The same for a method of an object that has a dict in a field, where no key hides the method. The
// version is taken first, so that a key added meanwhile makes the entry worthless.
static void fill_beside_dict(Instruction *pc, Value object, Value name, Type *type,
                             uint32_t version, Value method) {
    const Object *o = value_object(object);
    uint32_t shape_id = object_shape_id(o); // 0: no dict yet, for which there is METHOD
    if (!(type_flags(type) & TYPE_DEFAULT_GETATTR) || !type->dict_offset || version == 0 ||
        shape_id == 0 || value_type(method)->descr_set || is_tired(pc, shape_id))
        return;
    Value dict = field_load(o, (const Value *)((const char *)o + type->dict_offset));
    if (!value_is_null(dict) && value_is_exactly(dict, &dict_type)) {
        uint32_t keys_version = dict_watch_keys(dict);
        Value own = dict_get_str(dict, name);
        if (value_is_null(own) && keys_version && !error_occurred()) {
            CacheEntry e = {.kind = ENTRY_METHOD_BESIDE,
                            .shape = shape_id,
                            .version = version,
                            .version2 = keys_version,
                            .value = method,
                            .word = type->dict_offset};
            cache_add(pc, &e);
        }
        ref_release(own);
    }
    ref_release(dict);
}

bool cache_holds_beside_dict(const CacheEntry *e, Value object, Value *dict_out) {
    const Object *o = value_object(object);
    Value dict = field_load(o, (const Value *)((const char *)o + e->word));
    if (!value_is_null(dict) && value_is_exactly(dict, &dict_type) &&
        __atomic_load_n(&dict_of(dict)->keys_version, __ATOMIC_ACQUIRE) == e->version2) {
        *dict_out = dict;
        return true;
    }
    ref_release(dict);
    return false;
}

// A native function or type: never dies while the module that brought it can be asked for it. And
// what never dies at all.
static bool is_permanent(Value v) {
    if (value_is_exactly(v, &native_function_type) || value_same(v, VALUE_NOT_IMPLEMENTED) ||
        value_same(v, VALUE_ELLIPSIS) || value_is_bool(v))
        return true;
    return value_has_flag(v, TYPE_TYPE_SUBCLASS) &&
           !(type_flags((Type *)value_object(v)) & TYPE_HEAP);
}

// Remembers where an exact str key is in a dict. The entry's number, or -1.
static int64_t fill_entry_number(Instruction *pc, Value dict, Value name) {
    uint32_t keys_version = 0;
    int64_t entry = dict_entry_of(dict, name, &keys_version);
    if (entry < 0 || entry >= (1 << 28) || !keys_version)
        return -1;
    cache_store_word(pc, (uint64_t)keys_version << 32 | (uint64_t)entry << 3 | CACHE_ENTRY_NUMBER);
    return entry;
}

// __name__, __mro__ and their like: a data descriptor of the metaclass comes before all that the
// class has, so the metaclass's version is guard enough. `version` was read first.
static void fill_from_metaclass(Instruction *pc, Value class, uint32_t version, Value descriptor) {
    Type *meta = value_type(class);
    if (version == 0 || __atomic_load_n(&meta->getattr, __ATOMIC_RELAXED) != type_getattr_slot)
        return;
    CacheEntry e = {.shape = object_shape_id(value_object(class)), .version = version};
    if (value_is_exactly(descriptor, &get_set_type)) {
        e.kind = ENTRY_GETSET;
        e.getset = descriptor_getset_for(descriptor, meta);
        if (e.getset)
            cache_add(pc, &e);
    } else if (value_is_exactly(descriptor, &member_type) &&
               descriptor_member_is_native(descriptor, meta)) {
        e.kind = ENTRY_MEMBER;
        e.value = descriptor;
        cache_add(pc, &e);
    }
}

// Whether the entry for this module was replaced so often that its dict changes all the time: then
// the number of an entry, which holds while the keys stay, is the better thing to know.
static bool is_often_changed(Instruction *pc, const Object *module) {
    uint64_t word = cache_load(pc);
    for (const CacheEntry *e = cache_is_entry(word) ? (const CacheEntry *)word : NULL; e;
         e = e->next)
        if (e->kind == ENTRY_OWNED && e->object == module)
            return e->refills >= CACHE_OWNED_REFILLS_MAX;
    return false;
}

// Attributes of modules and classes are cached by the identity of the object.
static void fill_owned(Instruction *pc, Value object, Value name, Value result) {
    CacheEntry e = {.kind = ENTRY_OWNED, .object = value_object(object), .value = result};
    if (value_is_exactly(object, &module_type)) {
        Value dict = module_dict(object);
        bool whole = is_permanent(result) && !is_often_changed(pc, e.object);
        if (whole)
            e.version = dict_watch(dict);
        Value now = dict_get_str(dict, name);
        bool same = value_same(now, result);
        ref_release(now);
        if (!same)
            return;
        if (!whole) {
            fill_entry_number(pc, dict, name);
            return;
        }
    } else if (value_has_flag(object, TYPE_TYPE_SUBCLASS)) {
        Type *type = (Type *)value_object(object), *meta = value_type(object);
        if (meta != &type_type || !(type_flags(type) & TYPE_READY))
            return;
        uint32_t meta_version = type_version(meta);
        Value on_meta = type_lookup(meta, name);
        if (!value_is_null(on_meta)) {
            fill_from_metaclass(pc, object, meta_version, on_meta);
            ref_release(on_meta);
            return;
        }
        e.version = type_version(type);
        if (type_version_is_fresh(e.version))
            return;
        Value found = type_lookup(type, name);
        bool same = value_same(found, result);
        if (!same && value_is_exactly(found, &static_method_type)) {
            same =
                value_same(field_raw(&((MethodWrapping *)value_object(found))->callable), result);
            e.value = found;
            e.word = 1;
        }
        ref_release(found);
        if (!same)
            return; // a descriptor made the result
        e.version2 = 1;
    } else {
        return;
    }
    if (e.version)
        cache_add(pc, &e);
}

Value cache_fill_load_attr(Instruction *pc, Value object, Value name) {
    Type *type = value_type(object);
    uint32_t version = type_version(type);
    if (__atomic_load_n(&type->getattr, __ATOMIC_RELAXED) == object_generic_getattr) {
        Value descriptor = type_lookup(type, name);
        fill_from_type(pc, object, name, type, version, descriptor);
        Value found;
        if (LIKELY(object_generic_find_given(object, name, descriptor, &found) > 0))
            return found;
        return error_occurred() ? VALUE_NULL : value_getattr(object, name);
    }
    Value result = value_getattr(object, name);
    if (!value_is_null(result) && value_is_object(object))
        fill_owned(pc, object, name, result);
    return result;
}

Value cache_fill_load_method(Instruction *pc, Value object, Value name, bool *self_needed) {
    *self_needed = false;
    Type *type = value_type(object);
    uint32_t version = type_version(type);
    if (__atomic_load_n(&type->getattr, __ATOMIC_RELAXED) == object_generic_getattr) {
        Value descriptor = type_lookup(type, name);
        if (!value_is_null(descriptor) &&
            (type_flags(value_type(descriptor)) & TYPE_METHOD_DESCRIPTOR)) {
            Value own = VALUE_NULL;
            if (type_flags(type) & (TYPE_HAS_SHAPE_SLOTS | TYPE_HAS_DICT_FIELD)) {
                own = instance_get(object, name);
                if (value_is_null(own) && error_occurred()) {
                    ref_release(descriptor);
                    return VALUE_NULL;
                }
            }
            if (value_is_null(own)) {
                fill_from_type(pc, object, name, type, version, descriptor);
                if (type_flags(type) & TYPE_HAS_DICT_FIELD)
                    fill_beside_dict(pc, object, name, type, version, descriptor);
                *self_needed = true;
                return descriptor;
            }
            ref_release(descriptor);
            return own;
        }
        ref_release(descriptor);
    }
    return cache_fill_load_attr(pc, object, name);
}

static void add_setter(Instruction *pc, Value object, const Type *type, uint32_t version,
                       Value descriptor) {
    CacheEntry e = {.kind = ENTRY_GETSET,
                    .shape = object_shape_id(value_object(object)),
                    .version = version,
                    .getset = descriptor_getset_for(descriptor, type)};
    if (version && e.getset && e.getset->set)
        cache_add(pc, &e);
}

// Does code running setattr(object, name, ...) store straight into a shape slot?
int cache_fill_store_attr(Instruction *pc, Value object, Value name, Value value) {
    Type *type = value_type(object);
    uint32_t version = type_version(type);
    if (value_is_object(object) && (type_flags(type) & TYPE_DEFAULT_SETATTR)) {
        Value descriptor = type_lookup(type, name);
        Type *descriptor_type = value_is_null(descriptor) ? NULL : value_type(descriptor);
        if (descriptor_type == &member_type) {
            uint32_t offset = descriptor_member_offset(descriptor, type);
            uint32_t shape_id = object_shape_id(value_object(object));
            if (offset && shape_id && slots_hold(type, version))
                add_slot(pc, shape_id, slot_word(shape_id, offset));
        } else if (descriptor_type == &get_set_type) {
            add_setter(pc, object, type, version, descriptor);
        } else if (type == &module_type && !(descriptor_type && descriptor_type->descr_set)) {
            ref_release(descriptor);
            Value dict = module_dict(object);
            if (dict_set(dict, name, value) < 0)
                return -1;
            fill_entry_number(pc, dict, name);
            return 0;
        } else if ((type_flags(type) & TYPE_HAS_SHAPE_SLOTS) &&
                   !(descriptor_type && descriptor_type->descr_set)) {
            uint32_t before_id = object_shape_id(value_object(object));
            Shape *before = shape_of_id(before_id);
            if (before && before->is_dict && version) {
                CacheEntry e = {.kind = ENTRY_IN_DICT, .shape = before_id, .version = version};
                cache_add(pc, &e);
            }
            int32_t slot = before && !before->is_dict ? shape_find(before, name) : -1;
            if (slot >= 0) {
                if (slots_hold(type, version))
                    add_slot(pc, before_id, word_of_slot(before, (uint32_t)slot));
            } else if (before && !before->is_dict) {
                ref_release(descriptor);
                // No data descriptor has it: what setattr() would do after the same look.
                if (instance_set(object, name, value) < 0)
                    return -1;
                uint32_t after_id = object_shape_id(value_object(object));
                Shape *after = shape_of_id(after_id);
                if (after && !after->is_dict && after->parent == before &&
                    slots_hold(type, version))
                    add_transition(pc, before_id, after_id, after);
                return 0;
            }
        }
        ref_release(descriptor);
    }
    return value_setattr(object, name, value);
}

Value cache_fill_load_global(Instruction *pc, Function *function, Value name) {
    Value globals = function->globals, builtins = function->builtins;
    if (!value_is_exactly(globals, &dict_type) || !value_is_exactly(builtins, &dict_type)) {
        // A subclass of dict may have an idea of its own of what it holds.
        Value v = value_is_exactly(globals, &dict_type) ? dict_get(globals, name)
                  : value_is_dict(globals)              ? value_getitem(globals, name)
                                                        : VALUE_NULL;
        if (value_is_null(v) && error_matches(&exception_KeyError))
            error_clear();
        if (value_is_null(v) && !error_occurred())
            v = value_getitem(builtins, name);
        if (value_is_null(v) && (!error_occurred() || error_matches(&exception_KeyError))) {
            error_clear();
            raise_error(&exception_NameError, "name '%V' is not defined", name);
            error_set_name(name);
        }
        return v;
    }
    Value v = dict_get_str(globals, name);
    if (!value_is_null(v)) {
        fill_entry_number(pc, globals, name);
        return v;
    }
    if (error_occurred())
        return v;
    CacheEntry e = {.kind = ENTRY_GLOBAL,
                    .version = dict_watch_keys(globals),
                    .version2 = dict_watch(builtins)};
    // The versions were read first: is it still so?
    v = dict_get_str(globals, name);
    if (!value_is_null(v) || error_occurred())
        return v;
    v = dict_get_str(builtins, name);
    if (value_is_null(v)) {
        if (!error_occurred()) {
            raise_error(&exception_NameError, "name '%V' is not defined", name);
            error_set_name(name);
        }
        return v;
    }
    if (e.version && e.version2 && is_permanent(v)) {
        e.value = v;
        cache_add(pc, &e);
    }
    return v;
}

void cache_fill_init(Instruction *pc, Type *type) {
    uint32_t version = type_version(type);
    bool plain =
             (type_flags(type) & TYPE_HAS_SHAPE_SLOTS) && type->call_new == object_type.call_new,
         exception = !(type_flags(type) & TYPE_HAS_SHAPE_SLOTS) &&
                     type->call_new == exception_BaseException.call_new;
    if (value_type(value_from_object(type)) != &type_type || !(plain || exception) ||
        (type_flags(type) & TYPE_ABSTRACT) || !version)
        return;
    Value init = type_lookup(type, name___init__);
    if (value_is_exactly(init, &function_type)) {
        CacheEntry e = {.kind = ENTRY_INIT, .version = version, .object = type, .value = init};
        cache_add(pc, &e);
    }
    ref_release(init);
}

void cache_fill_super(Instruction *pc, const Frame *frame, Value name) {
    const Code *code = frame_code(frame);
    Value self = frame->registers[0], closure = frame_function(frame)->closure;
    if (code->argument_count == 0 || (code->flags & CODE_HAS_NAMESPACE) || value_is_null(closure) ||
        !value_is_object(self) || value_is_exactly(self, &cell_type) || value_is_type(self) ||
        str_equal(name, name___class__))
        return;
    Type *type = value_type(self);
    CacheEntry e = {.kind = ENTRY_SUPER, .version = type_version(type)};
    e.shape = (uint32_t)((uintptr_t)type >> 4);
    int64_t free_count = tuple_length(code->free_names), i = 0;
    while (i < free_count && !value_same(tuple_item(code->free_names, i), name___class__))
        i++;
    if (i == free_count || e.version == 0)
        return;
    e.word = (uint64_t)i;
    Value class = cell_get(tuple_item(closure, i));
    if (!value_is_null(class) && value_is_type(class) &&
        type_is_subtype(type, (Type *)value_object(class))) {
        e.object = value_object(class);
        e.value = super_find((Type *)value_object(class), type, name);
        if (!value_is_null(e.value) && (type_flags(value_type(e.value)) & TYPE_METHOD_DESCRIPTOR))
            cache_add(pc, &e);
        ref_release(e.value);
        if (error_occurred())
            error_clear();
    }
    ref_release(class);
}
