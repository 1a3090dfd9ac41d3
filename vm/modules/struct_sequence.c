// SPDX-License-Identifier: MIT
//
// Tuples whose items have names. Each kind is a native type made at run time, a subclass of tuple
// that never dies. An instance is a Tuple whose length is the number of visible fields; the hidden
// ones lie behind the items. Everything is set before others see it and never changes, so reading
// needs no lock.
#include "vm/modules/struct_sequence.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Type type; // first: a pointer to one is a pointer to the other
    const char *const *names;
    int fields, visible, unnamed;
    MemberDef members[]; // named fields, then an end mark
} SequenceType;

// An item without a name has "" in the table.
static bool is_named(const char *name) {
    return name[0] != 0;
}

static SequenceType *sequence_type_of(Value v) {
    return (SequenceType *)value_type(v);
}

static Tuple *allocate(SequenceType *t) {
    Tuple *o = object_allocate_sized(&t->type, sizeof(Tuple) + (size_t)t->fields * sizeof(Value));
    if (o) {
        o->length = t->visible;
        for (int i = 0; i < t->fields; i++)
            o->items[i] = VALUE_NULL;
    }
    return o;
}

Value struct_sequence_new(Value type, const Value *items) {
    SequenceType *t = (SequenceType *)value_object(type);
    Tuple *o = allocate(t);
    if (!o)
        return VALUE_NULL;
    for (int i = 0; i < t->fields; i++)
        o->items[i] = ref_new(items[i]);
    return value_from_object(o);
}

static Value sequence_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"sequence", "dict", NULL};
    SequenceType *t = (SequenceType *)type;
    Value v[2];
    if (arguments_parse("structseq", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    Value dict = v[1];
    if (!value_is_null(dict) && !value_is_dict(dict))
        return raise_type_error("%s() takes a dict as second arg, if any", type->name);
    if (!value_may_iterate(v[0]))
        return raise_type_error("constructor requires a sequence");
    Value items = tuple_from_iterable(v[0]);
    if (value_is_null(items))
        return items;
    int64_t given = tuple_length(items);
    const char *complaint = NULL;
    int wanted = t->visible;
    if (t->fields == t->visible) {
        if (given != t->visible)
            complaint = "";
    } else if (given < t->visible) {
        complaint = "n at least";
    } else if (given > t->fields) {
        complaint = "n at most";
        wanted = t->fields;
    }
    if (complaint) {
        ref_release(items);
        return raise_type_error("%s() takes a%s %d-sequence (%lld-sequence given)", type->name,
                                complaint, wanted, (long long)given);
    }
    Tuple *o = allocate(t);
    if (!o) {
        ref_release(items);
        return VALUE_NULL;
    }
    for (int i = 0; i < t->fields; i++) {
        Value item = i < given ? ref_new(tuple_item(items, i)) : VALUE_NULL;
        if (i >= given && !value_is_null(dict) && is_named(t->names[i])) {
            item = dict_get_cstr(dict, t->names[i]);
            if (value_is_null(item) && error_occurred())
                break;
        }
        o->items[i] = value_is_null(item) ? none_new() : item;
    }
    ref_release(items);
    if (error_occurred()) {
        ref_release_object(o);
        return VALUE_NULL;
    }
    return value_from_object(o);
}

static void sequence_destroy(Object *self) {
    Tuple *o = (Tuple *)self;
    int fields = ((SequenceType *)self->type)->fields;
    for (int i = fields - 1; i >= 0; i--)
        ref_release(o->items[i]);
    object_free(self, sizeof(Tuple) + (size_t)fields * sizeof(Value));
}

static void sequence_traverse(Object *self, GcVisitor *visitor) {
    Tuple *o = (Tuple *)self;
    int fields = ((SequenceType *)self->type)->fields;
    for (int i = 0; i < fields; i++)
        gc_visit(visitor, o->items[i]);
}

static Value sequence_repr(Value self) {
    SequenceType *t = sequence_type_of(self);
    if (thread_enter_recursive(" while getting the repr of an object") < 0)
        return VALUE_NULL;
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, t->type.name);
    str_builder_char(&b, '(');
    for (int i = 0; i < t->visible; i++) {
        // An item without a name is shown under the name of the field that stands for it.
        const char *name = t->names[i];
        if (!is_named(name) && i + t->unnamed < t->fields)
            name = t->names[i + t->unnamed];
        if (i)
            str_builder_ascii(&b, ", ", 2);
        str_builder_cstr(&b, name);
        str_builder_char(&b, '=');
        Value text = value_repr(tuple_item(self, i));
        if (value_is_null(text)) {
            str_builder_discard(&b);
            thread_leave_recursive();
            return VALUE_NULL;
        }
        str_builder_str(&b, text);
        ref_release(text);
    }
    thread_leave_recursive();
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

// (type, (items, {name of a hidden field: value}))
static Value sequence_reduce(Value self) {
    SequenceType *t = sequence_type_of(self);
    Tuple *o = tuple_of(self);
    Value dict = dict_new(), items = VALUE_NULL, arguments = VALUE_NULL, result = VALUE_NULL;
    if (value_is_null(dict))
        return dict;
    for (int i = t->visible; i < t->fields; i++)
        if (is_named(t->names[i]) && dict_set_cstr(dict, t->names[i], o->items[i]) < 0)
            goto done;
    items = tuple_from_array(o->items, t->visible);
    if (!value_is_null(items))
        arguments = tuple_pack(2, items, dict);
    if (!value_is_null(arguments))
        result = tuple_pack(2, value_from_object(&t->type), arguments);
done:
    ref_release(arguments);
    ref_release(items);
    ref_release(dict);
    return result;
}

static const NativeDef sequence_methods[] = {
    DEF_NONE("__reduce__", sequence_reduce, "How to pickle the object."),
    DEF_END,
};

// ---- making types ----------------------------------------------------------------------

static int add_number(Type *type, const char *name, int n) {
    return dict_set_cstr(type->dict, name, value_from_int(n));
}

static int add_match_args(SequenceType *t) {
    Value names = tuple_allocate(t->visible - (t->unnamed < t->visible ? t->unnamed : t->visible));
    if (value_is_null(names))
        return -1;
    int count = 0;
    for (int i = 0; i < t->visible; i++) {
        if (!is_named(t->names[i]))
            continue;
        Value name = str_intern_cstr(t->names[i]);
        tuple_of(names)->items[count++] = name;
    }
    int status = dict_set(t->type.dict, name___match_args__, names);
    ref_release(names);
    return status;
}

Value struct_sequence_type_hidden(const char *name, const char *const *fields, int visible) {
    int count = 0;
    while (fields[count])
        count++;
    SequenceType *t = buffer_allocate_zeroed(sizeof *t + ((size_t)count + 1) * sizeof(MemberDef));
    if (!t)
        return raise_memory_error();
    t->names = fields;
    t->fields = count;
    t->visible = visible;
    int named = 0;
    for (int i = 0; i < count; i++) {
        if (!is_named(fields[i])) {
            t->unnamed++;
            continue;
        }
        t->members[named++] = (MemberDef){
            fields[i], (uint32_t)(offsetof(Tuple, items) + (size_t)i * sizeof(Value)), true, true};
    }
    t->type = (Type){
        .header = STATIC_TYPE_HEADER,
        .name = name,
        .base = &tuple_type,
        .basic_size = sizeof(Tuple),
        .item_size = sizeof(Value),
        .kind = HEAP_CONTAINER,
        .call_new = sequence_call_new,
        .destroy = sequence_destroy,
        .traverse = sequence_traverse,
        .repr = sequence_repr,
        .methods = sequence_methods,
        .members = t->members,
    };
    ref_immortalize(t);
    type_ready(&t->type);
    if (add_number(&t->type, "n_sequence_fields", visible) < 0 ||
        add_number(&t->type, "n_fields", count) < 0 ||
        add_number(&t->type, "n_unnamed_fields", t->unnamed) < 0 || add_match_args(t) < 0)
        return VALUE_NULL;
    return ref_new(value_from_object(&t->type));
}

Value struct_sequence_type(const char *name, const char *const *fields) {
    int count = 0;
    while (fields[count])
        count++;
    return struct_sequence_type_hidden(name, fields, count);
}

Value struct_sequence_new_named(const char *name, const char *const *fields, const Value *items,
                                int count) {
    Value type = struct_sequence_type_hidden(name, fields, count);
    if (value_is_null(type))
        return type;
    Value instance = struct_sequence_new(type, items);
    ref_release(type);
    return instance;
}

static Value refuse_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return raise_type_error("cannot create '%s' instances", type->name);
}

void struct_sequence_seal(Value instance) {
    if (!value_is_null(instance))
        value_type(instance)->call_new = refuse_new;
}
