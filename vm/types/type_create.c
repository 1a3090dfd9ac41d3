// SPDX-License-Identifier: MIT
//
// Making classes: layout and __slots__, the class object, __set_name__ and __init_subclass__;
// type(name, bases, dict) and the class statement (__build_class__).
#include "vm/types/type_internal.h"
#include "gc/weak.h"
#include "vm/interp/frame.h"
#include "vm/types/exceptions.h"

// What the class statement or type() asks for, step by step.
typedef struct {
    Type *metatype;
    Value name, bases, kwargs; // borrowed
    Type *base;                // the base that gives the layout; borrowed
    Value dict;                // the class's namespace; owned
    Value cells;               // list of the (mangled) names of __slots__, or VALUE_NULL; owned
    bool slots_given, add_dict, add_weak;
} Making;

// ---- __slots__ -------------------------------------------------------------------------------

// _Class__name for private names.
static Value mangle(Value class_name, Value name) {
    int64_t length = str_length(name), class_length = str_length(class_name);
    if (length < 3 || str_at(name, 0) != '_' || str_at(name, 1) != '_' ||
        (str_at(name, length - 1) == '_' && str_at(name, length - 2) == '_') ||
        str_find_char(name, '.', 0, length) >= 0)
        return ref_new(name);
    int64_t start = 0;
    while (start < class_length && str_at(class_name, start) == '_')
        start++;
    if (start == class_length)
        return ref_new(name);
    Value stripped = str_substring(class_name, start, class_length);
    if (value_is_null(stripped))
        return stripped;
    Value mangled = str_format("_%V%V", stripped, name);
    ref_release(stripped);
    return mangled;
}

static bool base_has_dict(const Type *base) {
    return type_has(base, TYPE_HAS_SHAPE_SLOTS | TYPE_HAS_DICT_FIELD | TYPE_TYPE_SUBCLASS);
}
static bool may_add_weak(const Type *base) {
    return !type_has(base, TYPE_WEAKREFABLE) &&
           (base->item_size == 0 || type_has(base, TYPE_STR_SUBCLASS));
}

static int slots_item(Making *m, Value item) {
    if (!value_is_str(item))
        return raise_int(&exception_TypeError, "__slots__ items must be strings, not '%T'", item);
    if (!str_is_identifier(item))
        return raise_int(&exception_TypeError, "__slots__ must be identifiers");
    if (str_equal(item, name___dict__)) {
        if (base_has_dict(m->base) || m->add_dict)
            return raise_int(&exception_TypeError, "__dict__ slot disallowed: we already got one");
        m->add_dict = true;
        return 0;
    }
    if (str_equal(item, name___weakref__)) {
        if (!may_add_weak(m->base) || m->add_weak)
            return raise_int(&exception_TypeError,
                             "__weakref__ slot disallowed: either we already got one, or "
                             "__itemsize__ != 0");
        m->add_weak = true;
        return 0;
    }
    Value name = mangle(m->name, item);
    if (value_is_null(name))
        return -1;
    name = str_intern(name);
    int result = 0;
    int taken = dict_contains(m->dict, name);
    // These two leave the namespace before the class is there.
    if (taken > 0 && (str_equal(name, name___qualname__) || str_equal(name, name___classcell__)))
        taken = 0;
    if (taken != 0)
        result = taken < 0 ? -1
                           : raise_int(&exception_ValueError,
                                       "%R in __slots__ conflicts with class variable", name);
    else
        result = list_append(m->cells, name);
    ref_release(name);
    return result;
}

static int slots_read(Making *m, Value slots) {
    m->slots_given = true;
    m->cells = list_new();
    if (value_is_null(m->cells))
        return -1;
    Value items = value_is_str(slots) ? tuple_pack(1, slots) : tuple_from_iterable(slots);
    if (value_is_null(items))
        return -1;
    int result = 0;
    if (tuple_length(items) > 0 && (type_has(m->base, TYPE_TYPE_SUBCLASS) ||
                                    (m->base->item_size && !type_has(m->base, TYPE_STR_SUBCLASS))))
        result =
            raise_int(&exception_TypeError, "nonempty __slots__ not supported for subtype of '%s'",
                      type_full_name(m->base));
    for (int64_t i = 0; result == 0 && i < tuple_length(items); i++)
        result = slots_item(m, tuple_item(items, i));
    ref_release(items);
    if (result == 0)
        result = list_sort(m->cells, VALUE_NONE, false);
    if (result < 0)
        return -1;
    // Another base may bring what the layout's base has not.
    for (int64_t i = 0; i < tuple_length(m->bases); i++) {
        Type *other = type_of_value(tuple_item(m->bases, i));
        if (other == m->base)
            continue;
        if (base_has_dict(other) && !base_has_dict(m->base))
            m->add_dict = true;
        if (type_has(other, TYPE_WEAKREFABLE) && may_add_weak(m->base))
            m->add_weak = true;
    }
    return 0;
}

// ---- layout ------------------------------------------------------------------------------------

// How many attributes __init__ sets on its first argument: room for the first instances. Their
// number corrects it upwards later.
static uint32_t attributes_in_init(Type *type) {
    Value init = dict_get_str(type->dict, name___init__);
    uint32_t inherited = __atomic_load_n(&type_base(type)->expected_slots, __ATOMIC_RELAXED);
    if (!value_is_exactly(init, &function_type)) {
        ref_release(init);
        return inherited;
    }
    const Code *code = ((Function *)value_object(init))->code;
    uint64_t seen[4] = {0};
    uint32_t count = 0;
    bool calls_base = false;
    for (int64_t i = 0; i < tuple_length(code->names); i++)
        calls_base |= value_same(tuple_item(code->names, i), name___init__);
    for (uint32_t i = 0; i < code->word_count;) {
        const Instruction *pc = &code->instructions[i];
        uint16_t op = __atomic_load_n(&pc->op, __ATOMIC_RELAXED);
        if (op == OP_STORE_ATTR && pc->a == 0 && pc->c < 256 &&
            !(seen[pc->c / 64] >> (pc->c % 64) & 1)) {
            seen[pc->c / 64] |= (uint64_t)1 << (pc->c % 64);
            count++;
        }
        i += (uint32_t)opcode_length(op);
    }
    ref_release(init);
    if (calls_base)
        count += inherited;
    return count > 30 ? 30 : count;
}

// Decides where cells, dict and attributes lie. See Type.slots_begin and the files instance.c,
// shape.c.
static int set_layout(Making *m, Type *type) {
    Type *base = m->base;
    uint32_t cells = value_is_null(m->cells) ? 0 : (uint32_t)list_length(m->cells);
    uint32_t first = 0; // index of the first new word
    type->kind = HEAP_CONTAINER;
    type->item_size = base->item_size;
    type->basic_size = base->basic_size;
    type->dict_offset = base->dict_offset;
    type->slots_begin = base->slots_begin;
    type->slots_count = base->slots_count;
    bool shape = type_has(base, TYPE_HAS_SHAPE_SLOTS);
    // Directly on a bare header attributes go into shape slots.
    if (!shape && m->add_dict && base->basic_size == sizeof(Object) && !base->item_size &&
        !base->slots_count)
        shape = true;
    uint32_t flags = 0;
    if (shape) {
        flags |= TYPE_HAS_SHAPE_SLOTS;
        type->basic_size = sizeof(Instance);
        first = base->slots_count;
        type->slots_count = first + cells;
        if (type->slots_count)
            type->slots_begin = offsetof(Instance, slots);
    } else {
        bool dict = m->add_dict;
        uint32_t words = cells + dict;
        bool trailing = base->item_size != 0;
        if (!trailing && !base->slots_count)
            type->slots_begin = (base->basic_size + 7) & ~7u;
        first = base->slots_count;
        type->slots_count = first + words;
        if (!trailing) {
            uint32_t end = type->slots_begin + type->slots_count * (uint32_t)sizeof(Value);
            if (type->slots_count)
                type->basic_size = end;
            else
                type->slots_begin = 0;
            if (dict)
                type->dict_offset = end - (uint32_t)sizeof(Value);
        }
        // A trailing dict is always the last word (type_dict_slot), so no class may add cells
        // behind it.
        if (trailing && cells && type_has(base, TYPE_HAS_DICT_FIELD))
            return raise_int(&exception_TypeError,
                             "nonempty __slots__ not supported for subtype of '%s'",
                             type_full_name(base));
        if (dict)
            flags |= TYPE_HAS_DICT_FIELD;
    }
    if (m->add_weak || type_has(base, TYPE_WEAKREFABLE))
        flags |= TYPE_WEAKREFABLE;
    type_flags_change(type, 0, flags);

    for (uint32_t i = 0; i < cells; i++) {
        Value name = list_get(m->cells, i);
        bool trailing = type->item_size != 0;
        uint32_t offset =
            trailing ? first + i : type->slots_begin + (first + i) * (uint32_t)sizeof(Value);
        Value cell = value_is_null(name) ? name : descriptor_new_cell(type, name, offset, trailing);
        int result = value_is_null(cell) ? -1 : dict_set(type->dict, name, cell);
        ref_release(cell);
        ref_release(name);
        if (result < 0)
            return -1;
    }
    return 0;
}

// A native base may have a __dict__ with rules of its own (classes and modules: read-only), which
// count even if a class in front of it on the mro brought the ordinary one. New reference or
// VALUE_NULL.
static Value native_dict_descriptor(Value self) {
    // object, the last one, has none.
    for (Type *t = type_native_base(value_type(self)); t && t != &object_type; t = type_base(t)) {
        Value found = dict_get_str(t->dict, name___dict__);
        if (value_is_exactly(found, &get_set_type) &&
            descriptor_getset(found) == &type_instance_dict_def) {
            ref_release(found);
            return VALUE_NULL;
        }
        if (!value_is_null(found))
            return found;
    }
    return VALUE_NULL;
}
static Value get_dict(Value self) {
    Value native = native_dict_descriptor(self);
    if (value_is_null(native) || !value_type(native)->descr_get)
        return instance_dict(self);
    Value v = value_type(native)->descr_get(native, self, value_from_object(value_type(self)));
    ref_release(native);
    return v;
}
static int set_dict(Value self, Value dict) {
    Value native = native_dict_descriptor(self);
    if (value_is_null(native) || !value_type(native)->descr_set)
        return instance_set_dict(self, dict);
    int result = value_type(native)->descr_set(native, self, dict);
    ref_release(native);
    return result;
}
static bool accept_any(WeakObject *weak) {
    return true;
}
static Value get_weakref(Value self) {
    if (!value_is_object(self) || !object_has_flag(value_object(self), OBJECT_FLAG_WEAK))
        return none_new();
    Value weak = weak_find(value_object(self), accept_any);
    return value_is_null(weak) ? none_new() : weak;
}
const GetSetDef type_instance_dict_def = {"__dict__", get_dict, set_dict,
                                          "The attributes of the object."};
static const GetSetDef weakref_def = {"__weakref__", get_weakref, NULL,
                                      "The first weak reference to the object."};

// What a namespace without them gets last.
static int add_defaults(Value dict) {
    if (!dict_contains(dict, name___doc__) && dict_set(dict, name___doc__, VALUE_NONE) < 0)
        return -1;
    if (dict_contains(dict, name___eq__) && !dict_contains(dict, name___hash__))
        return dict_set(dict, name___hash__, VALUE_NONE);
    return 0;
}

static int add_getset(Type *type, const GetSetDef *def, Value name) {
    if (dict_contains(type->dict, name))
        return 0;
    Value descriptor = descriptor_new_getset(type, def);
    int result = value_is_null(descriptor) ? -1 : dict_set(type->dict, name, descriptor);
    ref_release(descriptor);
    return result;
}

// ---- the namespace -----------------------------------------------------------------------------

static Value caller_module(void) {
    Frame *frame = thread_current()->frame;
    if (!frame)
        return VALUE_NULL;
    Value globals = frame_function(frame)->globals;
    return value_is_dict(globals) ? dict_get_str(globals, name___name__) : VALUE_NULL;
}

// A plain function under this name becomes wrapper(function).
static int wrap_function(Value dict, Value name, Type *wrapper) {
    Value function = dict_get_str(dict, name);
    if (!value_is_exactly(function, &function_type)) {
        ref_release(function);
        return 0;
    }
    Value wrapped = value_call_one(value_from_object(wrapper), function);
    ref_release(function);
    int result = value_is_null(wrapped) ? -1 : dict_set(dict, name, wrapped);
    ref_release(wrapped);
    return result;
}

static int set_attributes(Making *m, Type *type) {
    Value dict = type->dict;
    if (!dict_contains(dict, name___module__)) {
        Value module = caller_module();
        if (!value_is_null(module) && dict_set(dict, name___module__, module) < 0) {
            ref_release(module);
            return -1;
        }
        ref_release(module);
    }
    Value qualname = dict_get_str(dict, name___qualname__);
    if (!value_is_null(qualname)) {
        if (!value_is_str(qualname)) {
            raise_error(&exception_TypeError, "type __qualname__ must be a str, not %T", qualname);
            ref_release(qualname);
            return -1;
        }
        type->qualname = qualname;
        if (dict_delete_if_present(dict, name___qualname__) < 0)
            return -1;
    } else {
        type->qualname = ref_new(m->name);
    }
    Value doc = dict_get_str(dict, name___doc__);
    if (!value_is_null(doc)) { // a str has to be encodable
        char *owned = NULL;
        bool bad = value_is_str(doc) && !str_utf8(doc, NULL, &owned);
        buffer_free(owned);
        ref_release(doc);
        if (bad)
            return -1;
    }
    if (wrap_function(dict, name___new__, &static_method_type) < 0 ||
        wrap_function(dict, name___init_subclass__, &class_method_type) < 0 ||
        wrap_function(dict, name___class_getitem__, &class_method_type) < 0)
        return -1;
    return 0;
}

static int set_class_cell(Type *type) {
    Value cell = dict_get_str(type->dict, name___classcell__);
    if (value_is_null(cell))
        return 0;
    int result = 0;
    if (!value_is_exactly(cell, &cell_type)) {
        result = raise_int(&exception_TypeError, "__classcell__ must be a nonlocal cell, not %R",
                           value_from_object(value_type(cell)));
    } else {
        ref_retain_object(type);
        field_store(value_object(cell), &((Cell *)value_object(cell))->value,
                    value_from_object(type));
        result = dict_delete_if_present(type->dict, name___classcell__) < 0 ? -1 : 0;
    }
    ref_release(cell);
    return result;
}

// ---- after the class is there -----------------------------------------------------------------

static int call_set_name(Type *type, Value name, Value value) {
    Type *kind = value_type(value);
    if (LIKELY(value_is_null(type_lookup_borrowed(kind, name___set_name__))))
        return 0;
    Value method;
    int found = value_lookup_special(value, name___set_name__, &method);
    if (found <= 0)
        return found;
    Value result = value_call_two(method, value_from_object(type), name);
    ref_release(method);
    if (value_is_null(result)) {
        Value cause = error_take();
        raise_error(&exception_RuntimeError,
                    "Error calling __set_name__ on '%T' instance %R in '%s'", value, name,
                    type_full_name(type));
        Value error = error_take();
        exception_set_context(error, ref_new(cause));
        exception_set_cause(error, cause);
        error_restore(error);
        return -1;
    }
    ref_release(result);
    return 0;
}

static int call_set_names(Type *type) {
    // Over a snapshot: the calls may change the class.
    Value items = dict_items_list(type->dict);
    if (value_is_null(items))
        return -1;
    int result = 0;
    for (int64_t i = 0; result == 0 && i < list_length(items); i++) {
        Value pair = list_get(items, i);
        if (value_is_null(pair))
            result = -1;
        else
            result = call_set_name(type, tuple_item(pair, 0), tuple_item(pair, 1));
        ref_release(pair);
    }
    ref_release(items);
    return result;
}

static int call_init_subclass(Type *type, Value kwargs) {
    Value self = value_from_object(type), mro = type_mro(type);
    bool in_mro = false; // an overridden mro() may have left it out
    for (int64_t i = 0; i < tuple_length(mro) && !in_mro; i++)
        in_mro = value_same(tuple_item(mro, i), self);
    if (!in_mro)
        return raise_int(&exception_TypeError,
                         "super(type, obj): obj must be an instance or subtype of type");
    Value method = super_lookup(type, type, self, name___init_subclass__);
    if (value_is_null(method))
        return -1;
    Value none = tuple_empty();
    Value result = value_call_tuple(method, none, kwargs);
    ref_release(none);
    ref_release(method);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

// ---- type() -----------------------------------------------------------------------------------

static void inherit_flags(Type *type, const Type *base) {
    const uint32_t inherited = TYPE_HAS_SHAPE_SLOTS | TYPE_HAS_DICT_FIELD | TYPE_INT_SUBCLASS |
                               TYPE_STR_SUBCLASS | TYPE_LIST_SUBCLASS | TYPE_TUPLE_SUBCLASS |
                               TYPE_DICT_SUBCLASS | TYPE_BYTES_SUBCLASS | TYPE_TYPE_SUBCLASS |
                               TYPE_EXCEPTION_SUBCLASS | TYPE_PATMA_SELF;
    type_flags_change(type, 0, type_flags(base) & inherited);
}

// A type's versions only go up: the same sum means that nothing changed in these types and above.
static uint64_t sum_of_versions(Value types) {
    uint64_t sum = 0;
    for (int64_t i = 0; i < tuple_length(types); i++)
        sum += __atomic_load_n(&type_of_value(tuple_item(types, i))->version, __ATOMIC_ACQUIRE);
    return sum;
}

// As the first class of the mro that is a collection says.
static void inherit_collection(Type *type) {
    const uint32_t both = TYPE_SEQUENCE | TYPE_MAPPING;
    Value mro = type_mro(type);
    for (int64_t i = 1; i < tuple_length(mro) && !type_has(type, both); i++)
        type_flags_change(type, 0, type_flags(type_of_value(tuple_item(mro, i))) & both);
}

// The class gets its mro and slots, and its bases have it below them: from then on, who changes
// them sees to it. What they got while the mro and the slots were made is noticed under the lock.
static int publish(Making *m, Type *type) {
    bool computed = type_mro_is_computed(type);
    uint64_t versions;
    Value ground;
    for (;;) {
        ground = type_mro_ground(type);
        Value mro = value_is_null(ground) ? ground : type_call_mro(type);
        if (value_is_null(mro)) {
            ref_release(ground);
            return -1;
        }
        Value replaced = type_replace_mro(type, mro);
        if (UNLIKELY(!value_is_null(replaced)))
            reclaim_reference(replaced);
        versions = sum_of_versions(m->bases);
        slots_update_all(type);
        types_lock();
        if (LIKELY(!computed || type_mro_ground_stands(type, ground)))
            break;
        types_unlock();
        ref_release(ground);
    }
    inherit_collection(type);
    bool again = UNLIKELY(sum_of_versions(m->bases) != versions), asks = type_lookups_ask(type);
    if (again && !asks)
        slots_update_all(type);
    type_flags_change(type, 0, TYPE_READY);
    int result = 0;
    for (int64_t i = 0; result == 0 && i < tuple_length(m->bases); i++)
        result = type_subclasses_add(type_of_value(tuple_item(m->bases, i)), type);
    type_modified_locked(type);
    types_unlock();
    ref_release(ground);
    if (again && asks)
        slots_update_all(type);
    return result < 0 ? (raise_memory_error(), -1) : 0;
}

// Everything up to a class that others can see.
static int make(Making *m, Type *type) {
    type->flags = TYPE_HEAP | TYPE_BASE;
    type->dict = m->dict;
    m->dict = VALUE_NULL;
    type->base = m->base;
    ref_retain_object(m->base);
    type->bases = ref_new(m->bases);
    type->destroy = subtype_destroy;
    type->traverse = subtype_traverse;
    type->clear = subtype_clear;
    type->get_buffer = m->base->get_buffer;
    type->release_buffer = m->base->release_buffer;
    if (type_set_name_object(type, m->name) < 0)
        return -1;
    inherit_flags(type, m->base);
    if (set_attributes(m, type) < 0 || set_class_cell(type) < 0 || set_layout(m, type) < 0)
        return -1;
    if (m->add_dict && add_getset(type, &type_instance_dict_def, name___dict__) < 0)
        return -1;
    if (m->add_weak && add_getset(type, &weakref_def, name___weakref__) < 0)
        return -1;
    if (add_defaults(type->dict) < 0)
        return -1;

    type->expected_slots = attributes_in_init(type);
    uint32_t cells = type_has(type, TYPE_HAS_SHAPE_SLOTS) ? type->slots_count : 0;
    uint32_t room = type_has(type, TYPE_HAS_SHAPE_SLOTS) ? type->expected_slots + cells : 0;
    Shape *root = shape_new_root(type, room, cells);
    if (!root)
        return -1;
    type->root_shape = root->id;
    type->expected_slots = room;

    return publish(m, type);
}

Value type_create(Type *metatype, Value name, Value bases, Value namespace, Value kwargs) {
    Making m = {.metatype = metatype, .name = name, .kwargs = kwargs};
    bool bare = tuple_length(bases) == 0;
    m.bases = bare ? tuple_pack(1, value_from_object(&object_type)) : ref_new(bases);
    if (value_is_null(m.bases))
        return VALUE_NULL;
    Type *type = NULL;
    m.base = type_best_base(m.bases);
    m.dict = m.base ? dict_copy(namespace) : VALUE_NULL;
    if (value_is_null(m.dict))
        goto failed;
    Value slots = dict_get_str(m.dict, name___slots__);
    if (!value_is_null(slots)) {
        int result = slots_read(&m, slots);
        ref_release(slots);
        if (result < 0)
            goto failed;
    } else {
        m.add_dict = !base_has_dict(m.base);
        m.add_weak = may_add_weak(m.base);
    }
    type = object_allocate(metatype);
    if (!type)
        goto failed;
    ref_defer(type);
    if (make(&m, type) < 0)
        goto failed;
    ref_release(m.cells);
    ref_release(m.bases);
    if (call_set_names(type) < 0 || call_init_subclass(type, kwargs) < 0) {
        ref_release_object(type);
        return VALUE_NULL;
    }
    return value_from_object(type);
failed:
    ref_release(m.cells);
    ref_release(m.dict);
    ref_release(m.bases);
    if (type)
        ref_release_object(type);
    return VALUE_NULL;
}

Type *type_calculate_metaclass(Type *winner, Value bases) {
    for (int64_t i = 0; i < tuple_length(bases); i++) {
        Type *meta = value_type(tuple_item(bases, i));
        if (type_is_subtype(winner, meta))
            continue;
        if (!type_is_subtype(meta, winner)) {
            raise_type_error("metaclass conflict: the metaclass of a derived class must be a "
                             "(non-strict) subclass of the metaclasses of all its bases");
            return NULL;
        }
        winner = meta;
    }
    return winner;
}

// Keyword arguments as a dict; VALUE_NULL without exception if there are none.
static int keywords_dict(const Value *values, Value kwnames, Value *out) {
    *out = VALUE_NULL;
    if (value_is_null(kwnames) || tuple_length(kwnames) == 0)
        return 0;
    Value dict = dict_new();
    if (value_is_null(dict))
        return -1;
    for (int64_t i = 0; i < tuple_length(kwnames); i++)
        if (dict_set(dict, tuple_item(kwnames, i), values[i]) < 0) {
            ref_release(dict);
            return -1;
        }
    *out = dict;
    return 0;
}

Value type_new_vector(Type *metatype, const Value *args, size_t nargs, Value kwnames) {
    if (nargs != 3)
        return raise_type_error("type.__new__() takes exactly 3 arguments (%zu given)", nargs);
    if (!value_is_str(args[0]))
        return raise_type_error("type.__new__() argument 1 must be str, not %G", args[0]);
    if (!value_is_tuple(args[1]))
        return raise_type_error("type.__new__() argument 2 must be tuple, not %G", args[1]);
    if (!value_is_dict(args[2]))
        return raise_type_error("type.__new__() argument 3 must be dict, not %G", args[2]);
    Value bases = args[1];
    for (int64_t i = 0; i < tuple_length(bases); i++) {
        Value base = tuple_item(bases, i), entries = VALUE_NULL;
        if (value_is_type(base))
            continue;
        int found = value_lookup_attr(base, name___mro_entries__, &entries);
        ref_release(entries);
        if (found < 0)
            return VALUE_NULL;
        if (found)
            return raise_type_error("type() doesn't support MRO entry resolution; "
                                    "use types.new_class()");
    }
    Type *winner = type_calculate_metaclass(metatype, bases);
    if (!winner)
        return VALUE_NULL;
    if (winner != metatype && winner->call_new != type_new_vector) {
        if (!winner->call_new)
            return raise_type_error("cannot create '%s' instances", type_full_name(winner));
        return winner->call_new(winner, args, nargs, kwnames);
    }
    Value kwargs;
    if (keywords_dict(args + nargs, kwnames, &kwargs) < 0)
        return VALUE_NULL;
    Value type = type_create(winner, args[0], bases, args[2], kwargs);
    ref_release(kwargs);
    return type;
}

int type_init_vector(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs == 1 && !value_is_null(kwnames) && tuple_length(kwnames))
        return raise_int(&exception_TypeError, "type.__init__() takes no keyword arguments");
    if (nargs != 1 && nargs != 3)
        return raise_int(&exception_TypeError, "type.__init__() takes 1 or 3 arguments");
    return 0;
}

ALWAYS_INLINE Value call_type(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(!type->call_new))
        return raise_type_error("cannot create '%s' instances", type_full_name(type));
    Value object = type->call_new(type, args, nargs, kwnames);
    if (UNLIKELY(value_is_null(object)))
        return object;
    // object.__init__ has nothing to do: arguments that nobody takes have been refused.
    if (LIKELY(value_type(object) == type && type->init == object_init))
        return object;
    Type *made = value_type(object);
    if (UNLIKELY(made != type) && !type_is_subtype(made, type))
        return object;
    if (made->init && made->init(object, args, nargs, kwnames) < 0) {
        ref_release(object);
        return VALUE_NULL;
    }
    return object;
}

Value type_call_vector(Value self, const Value *args, size_t nargs, Value kwnames) {
    Type *type = type_of_value(self);
    if (UNLIKELY(type == &type_type)) {
        bool keywords = !value_is_null(kwnames) && tuple_length(kwnames);
        if (nargs == 1 && !keywords)
            return ref_new(value_from_object(value_type(args[0])));
        if (nargs != 3)
            return raise_type_error("type() takes 1 or 3 arguments");
    }
    return call_type(type, args, nargs, kwnames);
}

Value type_call_native(Value self, const Value *args, size_t nargs) {
    object_lock_assert_none();
    Type *type = (Type *)value_object(self);
    if (UNLIKELY(type == &type_type))
        return type_call_vector(self, args, nargs, VALUE_NULL);
    return call_type(type, args, nargs, VALUE_NULL);
}

// ---- the class statement ----------------------------------------------------------------------

// bases with __mro_entries__ resolved: a new reference, the same tuple if nothing had to be.
static Value resolve_bases(Value bases) {
    Value list = VALUE_NULL;
    for (int64_t i = 0; i < tuple_length(bases); i++) {
        Value base = tuple_item(bases, i), method = VALUE_NULL;
        int found =
            value_is_type(base) ? 0 : value_lookup_attr(base, name___mro_entries__, &method);
        if (found < 0)
            goto failed;
        if (!found) {
            if (!value_is_null(list) && list_append(list, base) < 0)
                goto failed;
            continue;
        }
        Value entries = value_call_one(method, bases);
        ref_release(method);
        if (value_is_null(entries))
            goto failed;
        if (!value_is_tuple(entries)) {
            ref_release(entries);
            raise_type_error("__mro_entries__ must return a tuple");
            goto failed;
        }
        if (value_is_null(list))
            list = list_from_array(tuple_of(bases)->items, i);
        int result = value_is_null(list) ? -1 : list_extend(list, entries);
        ref_release(entries);
        if (result < 0)
            goto failed;
    }
    if (value_is_null(list))
        return ref_new(bases);
    Value resolved = list_to_tuple(list);
    ref_release(list);
    return resolved;
failed:
    ref_release(list);
    return VALUE_NULL;
}

// The namespace that the metaclass prepares.
static Value prepare(Value meta, Value name, Value bases, Value keywords) {
    Value method;
    int found = value_lookup_attr(meta, name___prepare__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return dict_new();
    Value args = tuple_pack(2, name, bases);
    Value namespace = value_is_null(args) ? args : value_call_tuple(method, args, keywords);
    ref_release(args);
    ref_release(method);
    if (value_is_null(namespace))
        return namespace;
    Type *kind = value_type(namespace);
    if (!value_is_dict(namespace) && !kind->getitem && !kind->sequence_item) {
        if (value_is_type(meta))
            raise_type_error("%s.__prepare__() must return a mapping, not %T",
                             type_full_name(type_of_value(meta)), namespace);
        else
            raise_type_error("<metaclass>.__prepare__() must return a mapping, not %T", namespace);
        ref_release(namespace);
        return VALUE_NULL;
    }
    return namespace;
}

// The cell behind __class__ in the methods must hold the class that the metaclass made.
static int check_class_cell(Value cell, Value class, Value name) {
    if (value_is_null(cell) || !value_is_exactly(cell, &cell_type) || !value_is_type(class))
        return 0;
    Value content = cell_get(cell);
    int result = 0;
    if (value_is_null(content))
        result = raise_int(&exception_RuntimeError,
                           "__class__ not set defining %R as %R. Was __classcell__ propagated to "
                           "type.__new__?",
                           name, class);
    else if (!value_same(content, class))
        result = raise_int(&exception_TypeError, "__class__ set to %R defining %R as %R", content,
                           name, class);
    ref_release(content);
    return result;
}

static Value class_from_body(Function *body, Value name, Value bases, Value original_bases,
                             Value meta, Value keywords) {
    Value namespace = prepare(meta, name, bases, keywords);
    if (value_is_null(namespace))
        return namespace;
    Value class = VALUE_NULL, cell = VALUE_NULL;
    Value done = body->code->flags & CODE_OPTIMIZED // an ordinary function, with its defaults
                     ? interp_call_function(body, NULL, 0, VALUE_NULL)
                     : interp_run_code(body->code, body->globals, namespace, body->closure);
    if (value_is_null(done))
        goto out;
    ref_release(done);
    if (value_is_dict(namespace)) {
        cell = dict_get_str(namespace, name___classcell__);
    } else {
        cell = value_getitem(namespace, name___classcell__);
        if (value_is_null(cell)) {
            if (!error_matches(&exception_KeyError))
                goto out;
            error_clear();
        }
    }
    if (!value_same(bases, original_bases)) {
        Value key = str_intern_cstr("__orig_bases__");
        int result = value_setitem(namespace, key, original_bases);
        ref_release(key);
        if (result < 0)
            goto out;
    }
    Value args = tuple_pack(3, name, bases, namespace);
    if (value_is_null(args))
        goto out;
    class = value_call_tuple(meta, args, keywords);
    ref_release(args);
    if (!value_is_null(class) && check_class_cell(cell, class, name) < 0) {
        ref_release(class);
        class = VALUE_NULL;
    }
out:
    ref_release(cell);
    ref_release(namespace);
    return class;
}

// The metaclass: the one given, or that of the first base; if it is a class, the most derived one.
static Value choose_metaclass(Value given, Value bases) {
    Value meta = given;
    if (value_is_null(meta))
        meta = tuple_length(bases) ? value_from_object(value_type(tuple_item(bases, 0)))
                                   : value_from_object(&type_type);
    if (!value_is_type(meta))
        return ref_new(meta);
    Type *winner = type_calculate_metaclass(type_of_value(meta), bases);
    return winner ? ref_new(value_from_object(winner)) : VALUE_NULL;
}

Value type_build_class(const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 2)
        return raise_type_error("__build_class__: not enough arguments");
    Value body = args[0], name = args[1];
    if (!value_is_exactly(body, &function_type))
        return raise_type_error("__build_class__: func must be a function");
    if (!value_is_str(name))
        return raise_type_error("__build_class__: name is not a string");
    Value original = tuple_from_array(args + 2, (int64_t)nargs - 2);
    if (value_is_null(original))
        return original;
    Value class = VALUE_NULL, keywords = VALUE_NULL, given = VALUE_NULL, meta = VALUE_NULL;
    Value bases = resolve_bases(original);
    if (value_is_null(bases) || keywords_dict(args + nargs, kwnames, &keywords) < 0)
        goto out;
    if (!value_is_null(keywords)) {
        given = dict_get_str(keywords, name_metaclass);
        if (!value_is_null(given) && dict_delete(keywords, name_metaclass) < 0)
            goto out;
    }
    meta = choose_metaclass(given, bases);
    if (!value_is_null(meta))
        class =
            class_from_body((Function *)value_object(body), name, bases, original, meta, keywords);
out:
    ref_release(meta);
    ref_release(given);
    ref_release(keywords);
    ref_release(bases);
    ref_release(original);
    return class;
}
