// SPDX-License-Identifier: MIT
//
// The builtin exception classes and their instances. Every class's extra attributes are Values
// that follow the common part, so one destroy and one traverse serve all.
#include "vm/types/exceptions.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions_internal.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static inline Exception *exception_of(Value v) {
    return (Exception *)value_object(v);
}

static Type *native_type(Object *self) {
    Type *type = self->type;
    while (type_flags(type) & TYPE_HEAP)
        type = type_base(type);
    return type;
}
static Value *extra_fields(Object *self, size_t *count) {
    *count = (native_type(self)->basic_size - sizeof(Exception)) / sizeof(Value);
    return (Value *)((char *)self + sizeof(Exception));
}

// ---- life ---------------------------------------------------------------------------------

static Value base_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Exception *e = object_allocate(type);
    if (!e)
        return raise_memory_error();
    e->args = tuple_from_array(args, (int64_t)nargs);
    if (value_is_null(e->args)) {
        ref_release_object(e);
        return VALUE_NULL;
    }
    return value_from_object(e);
}

// Whether e.args has these very items: mostly it has, from base_new. In one section: the tuple
// lives while nobody can replace it. (False also if another thread has had to do with e.)
static bool has_args(Exception *e, const Value *args, size_t nargs) {
    if (UNLIKELY(!object_enter(&e->header)))
        return false;
    Value tuple = field_raw(&e->args);
    bool same = !value_is_null(tuple) && tuple_length(tuple) == (int64_t)nargs;
    for (size_t i = 0; same && i < nargs; i++)
        same = value_same(tuple_of(tuple)->items[i], args[i]);
    object_leave(&e->header);
    return same;
}

static int base_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (!value_is_null(kwnames) && tuple_length(kwnames) > 0)
        return raise_int(&exception_TypeError, "%T() takes no keyword arguments", self);
    Exception *e = exception_of(self);
    if (has_args(e, args, nargs))
        return 0;
    Value tuple = tuple_from_array(args, (int64_t)nargs);
    if (value_is_null(tuple))
        return -1;
    field_store(&e->header, &e->args, tuple);
    return 0;
}

Value exception_new(Type *type, const Value *args, size_t nargs) {
    if (type_flags(type) & TYPE_HEAP)
        return value_call(value_from_object(type), args, nargs, VALUE_NULL);
    Value v = type->call_new(type, args, nargs, VALUE_NULL);
    if (!value_is_null(v) && type->init != base_init &&
        type->init(v, args, nargs, VALUE_NULL) < 0) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

static void exception_clear(Object *self) {
    Exception *e = (Exception *)self;
    Value *common[] = {&e->dict, &e->args, &e->traceback, &e->context, &e->cause};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        Value old = field_raw(common[i]);
        field_raw_store(common[i], VALUE_NULL);
        ref_release(old);
    }
    size_t count;
    Value *extra = extra_fields(self, &count);
    for (size_t i = 0; i < count; i++) {
        Value old = field_raw(&extra[i]);
        field_raw_store(&extra[i], VALUE_NULL);
        ref_release(old);
    }
}

static void exception_destroy(Object *self) {
    Exception *e = (Exception *)self;
    ref_release(e->dict);
    ref_release(e->args);
    ref_release(e->traceback);
    ref_release(e->context);
    ref_release(e->cause);
    size_t count;
    Value *extra = extra_fields(self, &count);
    for (size_t i = 0; i < count; i++)
        ref_release(extra[i]);
    type_free_instance(self);
}

static void exception_traverse(Object *self, GcVisitor *visitor) {
    Exception *e = (Exception *)self;
    gc_visit(visitor, e->dict);
    gc_visit(visitor, e->args);
    gc_visit(visitor, e->traceback);
    gc_visit(visitor, e->context);
    gc_visit(visitor, e->cause);
    size_t count;
    Value *extra = extra_fields(self, &count);
    for (size_t i = 0; i < count; i++)
        gc_visit(visitor, extra[i]);
}

// ---- the common part from C ----------------------------------------------------------------

Value exception_traceback(Value v) {
    Exception *e = exception_of(v);
    return field_load(&e->header, &e->traceback);
}
void exception_set_traceback(Value v, Value traceback) {
    Exception *e = exception_of(v);
    field_store(&e->header, &e->traceback, traceback);
}
static __attribute__((noinline)) void push_contended(Exception *e, Value traceback, Value *next) {
    object_lock(&e->header);
    field_init(next, field_raw(&e->traceback));
    field_raw_store(&e->traceback, traceback);
    object_unlock(&e->header);
}
void exception_push_traceback(Value v, Value traceback, Value *next) {
    Exception *e = exception_of(v);
    if (UNLIKELY(!object_enter(&e->header))) {
        push_contended(e, traceback, next);
        return;
    }
    field_init(next, field_raw(&e->traceback)); // before others can see it
    field_raw_store(&e->traceback, traceback);
    object_leave(&e->header);
}
void exception_set_context(Value v, Value context) {
    Exception *e = exception_of(v);
    field_store(&e->header, &e->context, context);
}
void exception_set_cause(Value v, Value cause) {
    Exception *e = exception_of(v);
    field_store(&e->header, &e->cause, cause);
    __atomic_store_n(&e->suppress_context, true, __ATOMIC_RELAXED);
}

Value exception_args(Value v) {
    Exception *e = exception_of(v);
    Value args = field_load(&e->header, &e->args);
    return value_is_null(args) ? tuple_empty() : args;
}

// ---- methods ------------------------------------------------------------------------------

static Value base_str(Value self) {
    Value args = exception_args(self), result;
    int64_t n = tuple_length(args);
    if (n == 0)
        result = str_empty();
    else
        result = value_str(n == 1 ? tuple_item(args, 0) : args);
    ref_release(args);
    return result;
}

static Value base_repr(Value self) {
    Value args = exception_args(self);
    Value result = tuple_length(args) == 1 ? str_format("%T(%R)", self, tuple_item(args, 0))
                                           : str_format("%T%R", self, args);
    ref_release(args);
    return result;
}

static Value with_traceback(Value self, Value traceback) {
    if (!value_is_none(traceback) && !value_is_exactly(traceback, &traceback_type))
        return raise_type_error("__traceback__ must be a traceback or None");
    exception_set_traceback(self, value_is_none(traceback) ? VALUE_NULL : ref_new(traceback));
    return ref_new(self);
}

static Value add_note(Value self, Value note) {
    if (!value_is_str(note))
        return raise_type_error("note must be a str, not '%T'", note);
    Value notes;
    int found = value_lookup_attr(self, name___notes__, &notes);
    if (found < 0)
        return VALUE_NULL;
    if (!found) {
        notes = list_new();
        if (value_is_null(notes) || value_setattr(self, name___notes__, notes) < 0) {
            ref_release(notes);
            return VALUE_NULL;
        }
    } else if (!value_is_list(notes)) {
        ref_release(notes);
        return raise_type_error("Cannot add note: __notes__ is not a list");
    }
    int status = list_append(notes, note);
    ref_release(notes);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value reduce(Value self) {
    Exception *e = exception_of(self);
    Value args = exception_args(self), dict = field_load(&e->header, &e->dict), result;
    Value type = value_from_object(value_type(self));
    if (value_is_null(dict))
        result = tuple_pack(2, type, args);
    else
        result = tuple_pack(3, type, args, dict);
    ref_release(args);
    ref_release(dict);
    return result;
}

static Value setstate(Value self, Value state) {
    if (value_is_none(state))
        return none_new();
    if (!value_is_dict(state))
        return raise_type_error("state is not a dictionary");
    int64_t position = 0;
    Value key, value;
    while (dict_next(state, &position, &key, &value, NULL)) {
        int status = value_setattr(self, key, value);
        ref_release(key);
        ref_release(value);
        if (status < 0)
            return VALUE_NULL;
    }
    return none_new();
}

static Value get_args(Value self) {
    return exception_args(self);
}
static int set_args(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "args may not be deleted");
    Value tuple = tuple_from_iterable(value);
    if (value_is_null(tuple))
        return -1;
    Exception *e = exception_of(self);
    field_store(&e->header, &e->args, tuple);
    return 0;
}

static Value or_none(Value v) {
    return value_is_null(v) ? none_new() : v;
}
static Value get_traceback(Value self) {
    return or_none(exception_traceback(self));
}
static int set_traceback(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "__traceback__ may not be deleted");
    if (!value_is_none(value) && !value_is_exactly(value, &traceback_type))
        return raise_int(&exception_TypeError, "__traceback__ must be a traceback or None");
    exception_set_traceback(self, value_is_none(value) ? VALUE_NULL : ref_new(value));
    return 0;
}
static Value get_context(Value self) {
    return or_none(field_load(value_object(self), &exception_of(self)->context));
}
static Value get_cause(Value self) {
    return or_none(field_load(value_object(self), &exception_of(self)->cause));
}
static int check_link(Value value, const char *name) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "%s may not be deleted", name);
    if (!value_is_none(value) && !value_has_flag(value, TYPE_EXCEPTION_SUBCLASS))
        return raise_int(&exception_TypeError,
                         "exception %s must be None or derive from BaseException",
                         name[2] == 'c' && name[3] == 'a' ? "cause" : "context");
    return 0;
}
static int set_context(Value self, Value value) {
    if (check_link(value, "__context__") < 0)
        return -1;
    exception_set_context(self, value_is_none(value) ? VALUE_NULL : ref_new(value));
    return 0;
}
static int set_cause(Value self, Value value) {
    if (check_link(value, "__cause__") < 0)
        return -1;
    exception_set_cause(self, value_is_none(value) ? VALUE_NULL : ref_new(value));
    return 0;
}
static Value get_suppress(Value self) {
    return bool_new(__atomic_load_n(&exception_of(self)->suppress_context, __ATOMIC_RELAXED));
}
static int set_suppress(Value self, Value value) {
    int truth = value_is_null(value) ? -1 : value_truth(value);
    if (truth < 0)
        return error_occurred() ? -1 : raise_int(&exception_TypeError, "attribute deletion");
    __atomic_store_n(&exception_of(self)->suppress_context, truth, __ATOMIC_RELAXED);
    return 0;
}
static Value get_dict(Value self) {
    return instance_dict(self);
}
static int set_dict(Value self, Value value) {
    return instance_set_dict(self, value);
}

static const NativeDef base_methods[] = {
    DEF_ONE("with_traceback", with_traceback, "Set __traceback__ and give the exception itself."),
    DEF_ONE("add_note", add_note, "Append a line to be shown below the message."),
    DEF_NONE("__reduce__", reduce, NULL),
    DEF_ONE("__setstate__", setstate, NULL),
    DEF_END,
};
static const GetSetDef base_getsets[] = {
    {"args", get_args, set_args, NULL},
    {"__traceback__", get_traceback, set_traceback, NULL},
    {"__context__", get_context, set_context, NULL},
    {"__cause__", get_cause, set_cause, NULL},
    {"__suppress_context__", get_suppress, set_suppress, NULL},
    {"__dict__", get_dict, set_dict, NULL},
    {NULL, NULL, NULL, NULL},
};

// ---- the types ----------------------------------------------------------------------------

#define COMMON_SLOTS                                                                               \
    .header = STATIC_TYPE_HEADER, .basic_size = sizeof(Exception), .kind = HEAP_CONTAINER,         \
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_EXCEPTION_SUBCLASS,                            \
    .dict_offset = offsetof(Exception, dict), .call_new = base_new, .init = base_init,             \
    .destroy = exception_destroy, .traverse = exception_traverse, .clear = exception_clear

Type exception_BaseException = {
    COMMON_SLOTS,    .name = "BaseException", .base = &object_type,    .repr = base_repr,
    .str = base_str, .methods = base_methods, .getsets = base_getsets,
};

#define EXCEPTION(name_, base_)                                                                    \
    Type exception_##name_ = {COMMON_SLOTS, .name = #name_, .base = &exception_##base_};
#include "vm/types/exceptions.def"
#undef EXCEPTION

static Value spare_memory_error; // so that running out of memory can always be said

Value raise_memory_error(void) {
    // Straight from the heap: object_allocate would raise MemoryError in turn.
    Type *type = &exception_MemoryError;
    Exception *e = heap_allocate(type->basic_size, type->kind, type, type_root_shape(type));
    Value exception;
    if (e) {
        e->args = tuple_empty();
        exception = value_from_object(e);
    } else {
        exception = ref_new(spare_memory_error);
    }
    error_restore(exception);
    return VALUE_NULL;
}

void exceptions_start(void) {
    exceptions_prepare_fields();
    exception_group_prepare();
    type_ready(&traceback_type);
    type_ready(&exception_BaseException);
#define EXCEPTION(name_, base_)                                                                    \
    exception_##name_.basic_size = exception_##name_.basic_size > exception_##base_.basic_size     \
                                       ? exception_##name_.basic_size                              \
                                       : exception_##base_.basic_size;                             \
    type_ready(&exception_##name_);
#include "vm/types/exceptions.def"
#undef EXCEPTION
    exception_group_start();
    spare_memory_error = exception_new(&exception_MemoryError, NULL, 0);
}
