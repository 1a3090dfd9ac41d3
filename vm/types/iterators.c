// SPDX-License-Identifier: MIT
//
// Iterators over __getitem__ and over calls, reversed(), and what iterators of all types share.
#include "vm/types/iterators.h"
#include "vm/modules/collections_module.h"
#include "vm/modules/array_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/list_cursor.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/arguments.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- shared ----------------------------------------------------------------------------

// builtins.<name>, as pickle wants functions and types: looked up when needed.
static Value builtin(const char *name) {
    Value module = import_module_cstr("builtins");
    if (value_is_null(module))
        return VALUE_NULL;
    Value found = value_getattr_cstr(module, name);
    ref_release(module);
    return found;
}

Value iterator_reduce(const char *name, Value argument, Value state) {
    Value function = VALUE_NULL, arguments = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(argument)) {
        function = builtin(name);
        if (!value_is_null(function))
            arguments = tuple_pack(1, argument);
        if (!value_is_null(arguments))
            result = value_is_null(state) ? tuple_pack(2, function, arguments)
                                          : tuple_pack(3, function, arguments, state);
    }
    ref_release(function);
    ref_release(arguments);
    ref_release(argument);
    ref_release(state);
    return result;
}

bool is_copied_at_once(Value v) {
    static const Type *const types[] = {&list_type,  &tuple_type,      &dict_type,
                                        &set_type,   &dict_items_type, &dict_values_type,
                                        &deque_type, &dict_keys_type,  &frozenset_type};
    const Type *type = value_type(v);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type == types[i])
            return true;
    return ordered_dict_is_plain(type);
}

// What to go through in place of v, which other threads may change meanwhile; VALUE_NULL without an
// exception: v itself.
static Value copy_at_once(Value v) {
    if (value_is_exactly(v, &tuple_type) || value_is_exactly(v, &frozenset_type))
        return VALUE_NULL;
    if (is_copied_at_once(v))
        return list_from_iterable(v);
    if (value_is_exactly(v, &bytearray_type))
        return bytearray_to_bytes(v);
    return value_is_exactly(v, &array_type) ? array_copy(v) : VALUE_NULL;
}

Value value_iter_at_once(Value v) {
    if (!threads_may_come_between())
        return value_iter(v);
    Value copy = copy_at_once(v);
    if (value_is_null(copy))
        return error_occurred() ? VALUE_NULL : value_iter(v);
    Value iterator = value_iter(copy);
    ref_release(copy);
    return iterator;
}

Value value_iter_or_say(Value v, const char *format) {
    Value iterator = value_iter_at_once(v);
    if (value_is_null(iterator) && error_matches(&exception_TypeError)) {
        error_clear();
        raise_type_error(format, v);
    }
    return iterator;
}

int iterate(Value v, int (*each)(Value item, void *context), void *context) {
    int status = 0;
    if (value_is_exactly(v, &list_type)) {
        ListCursor cursor;
        Value item;
        if (list_cursor_start(&cursor, v) < 0)
            return -1;
        while (status == 0 && !value_is_null(item = list_cursor_next(&cursor)))
            status = each(item, context);
        list_cursor_end(&cursor);
        return status;
    }
    if (value_is_exactly(v, &tuple_type)) {
        for (int64_t i = 0; i < tuple_length(v) && status == 0; i++)
            status = each(ref_new(tuple_item(v, i)), context);
        return status;
    }
    Value iterator = value_iter_at_once(v);
    if (value_is_null(iterator))
        return -1;
    while (status == 0) {
        Value item = value_next(iterator);
        if (value_is_null(item)) {
            if (error_occurred())
                status = -1;
            break;
        }
        status = each(item, context);
    }
    ref_release(iterator);
    return status;
}

// ---- over __getitem__ --------------------------------------------------------------------

Value sequence_iterator_new(Value sequence) {
    SequenceIterator *it = object_allocate(&sequence_iterator_type);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->sequence = ref_new(sequence);
    return value_from_object(it);
}

// The sequence as a new reference (or VALUE_NULL) and the index, moved on by `direction`.
static Value claim_position(SequenceIterator *it, int64_t *index, int direction) {
    object_lock(&it->header);
    Value sequence = it->sequence;
    ref_retain(sequence);
    *index = it->index;
    it->index += direction;
    object_unlock(&it->header);
    return sequence;
}

// A native sequence is asked where it ends, which saves an exception that nobody sees. VALUE_NULL
// without one: there is no such item.
static Value native_item(Value sequence, int64_t index) {
    const Type *type = value_type(sequence);
    int64_t length = type->length(sequence);
    return index < length ? type->sequence_item(sequence, index) : VALUE_NULL;
}

static Value any_item(Value sequence, int64_t index) {
    Value position = int_from_i64(index);
    if (value_is_null(position))
        return VALUE_NULL;
    Value item = value_getitem(sequence, position);
    ref_release(position);
    return item;
}

static bool is_native_sequence(Value v) {
    const Type *type = value_type(v);
    return !(type_flags(type) & TYPE_HEAP) && type->sequence_item && type->length;
}

static Value item_at(SequenceIterator *it, Value sequence, int64_t index) {
    Value item =
        is_native_sequence(sequence) ? native_item(sequence, index) : any_item(sequence, index);
    if (value_is_null(item) && (!error_occurred() || error_matches(&exception_IndexError) ||
                                error_matches(&exception_StopIteration))) {
        error_clear();
        field_clear(&it->header, &it->sequence);
    }
    return item;
}

static Value sequence_iterator_next(Value self) {
    SequenceIterator *it = (SequenceIterator *)value_object(self);
    // Nobody else has the iterator, and a native sequence runs no Python code that could get it.
    if (LIKELY(ref_is_still_unshared(&it->header)) && !value_is_null(it->sequence) &&
        is_native_sequence(it->sequence)) {
        Value next = native_item(it->sequence, it->index);
        if (LIKELY(!value_is_null(next))) {
            it->index++;
            return next;
        }
        if (error_occurred() && !error_matches(&exception_IndexError))
            return VALUE_NULL;
        error_clear();
    }
    int64_t index;
    Value sequence = claim_position(it, &index, 1);
    if (value_is_null(sequence))
        return VALUE_NULL;
    Value item;
    if (UNLIKELY(index == INT64_MAX))
        item = raise_error(&exception_OverflowError, "iter index too large");
    else
        item = item_at(it, sequence, index);
    ref_release(sequence);
    return item;
}

static void sequence_iterator_destroy(Object *self) {
    ref_release(((SequenceIterator *)self)->sequence);
    type_free_instance(self); // reversed can be subclassed
}
static void sequence_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SequenceIterator *)self)->sequence);
}

static Value sequence_iterator_length_hint(Value self) {
    SequenceIterator *it = (SequenceIterator *)value_object(self);
    int64_t index, left = 0;
    Value sequence = claim_position(it, &index, 0);
    if (!value_is_null(sequence)) {
        if (!value_type(sequence)->length) {
            ref_release(sequence);
            return not_implemented_new();
        }
        left = value_length(sequence);
        ref_release(sequence);
        if (left < 0)
            return VALUE_NULL;
        left = left > index ? left - index : 0;
    }
    return value_from_int(left);
}

static Value sequence_iterator_reduce(Value self) {
    int64_t index;
    Value sequence = claim_position((SequenceIterator *)value_object(self), &index, 0);
    if (value_is_null(sequence))
        return iterator_reduce("iter", tuple_empty(), VALUE_NULL);
    return iterator_reduce("iter", sequence, value_from_int(index));
}

static Value sequence_iterator_setstate(Value self, Value state) {
    SequenceIterator *it = (SequenceIterator *)value_object(self);
    int64_t index;
    if (size_argument(state, &index) < 0)
        return VALUE_NULL;
    object_lock(&it->header);
    if (!value_is_null(it->sequence))
        it->index = index < 0 ? 0 : index;
    object_unlock(&it->header);
    return none_new();
}

static const NativeDef sequence_iterator_methods[] = {
    DEF_NONE("__length_hint__", sequence_iterator_length_hint, "Items left, as far as is known."),
    DEF_NONE("__reduce__", sequence_iterator_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", sequence_iterator_setstate, "Goes to a position."),
    DEF_END,
};

Type sequence_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "iterator",
    .basic_size = sizeof(SequenceIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = sequence_iterator_destroy,
    .traverse = sequence_iterator_traverse,
    .iter = object_self_iter,
    .next = sequence_iterator_next,
    .methods = sequence_iterator_methods,
};

// ---- over calls --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value function, sentinel; // VALUE_NULL once exhausted; guarded by the lock
} CallableIterator;

Value callable_iterator_new(Value function, Value sentinel) {
    CallableIterator *it = object_allocate(&callable_iterator_type);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->function = ref_new(function);
    it->sentinel = ref_new(sentinel);
    return value_from_object(it);
}

static void callable_iterator_finish(CallableIterator *it) {
    field_clear(&it->header, &it->function);
    field_clear(&it->header, &it->sentinel);
}

static Value callable_iterator_next(Value self) {
    CallableIterator *it = (CallableIterator *)value_object(self);
    object_lock(&it->header);
    Value function = it->function, sentinel = it->sentinel;
    ref_retain(function);
    ref_retain(sentinel);
    object_unlock(&it->header);
    Value result = VALUE_NULL;
    if (!value_is_null(function) && !value_is_null(sentinel)) {
        result = value_call_none(function);
        if (value_is_null(result)) {
            if (error_matches(&exception_StopIteration)) {
                error_clear();
                callable_iterator_finish(it);
            }
        } else {
            int equal = value_equals(sentinel, result);
            if (equal > 0)
                callable_iterator_finish(it);
            if (equal) {
                ref_release(result);
                result = VALUE_NULL;
            }
        }
    }
    ref_release(function);
    ref_release(sentinel);
    return result;
}

static void callable_iterator_destroy(Object *self) {
    CallableIterator *it = (CallableIterator *)self;
    ref_release(it->function);
    ref_release(it->sentinel);
    object_free_fixed(self);
}
static void callable_iterator_traverse(Object *self, GcVisitor *visitor) {
    CallableIterator *it = (CallableIterator *)self;
    gc_visit(visitor, it->function);
    gc_visit(visitor, it->sentinel);
}

static Value callable_iterator_reduce(Value self) {
    CallableIterator *it = (CallableIterator *)value_object(self);
    Value function = field_load(&it->header, &it->function);
    Value sentinel = field_load(&it->header, &it->sentinel);
    Value result = VALUE_NULL;
    if (value_is_null(function) || value_is_null(sentinel)) {
        result = iterator_reduce("iter", tuple_empty(), VALUE_NULL);
    } else {
        Value iter = builtin("iter"), arguments = VALUE_NULL;
        if (!value_is_null(iter))
            arguments = tuple_pack(2, function, sentinel);
        if (!value_is_null(arguments))
            result = tuple_pack(2, iter, arguments);
        ref_release(iter);
        ref_release(arguments);
    }
    ref_release(function);
    ref_release(sentinel);
    return result;
}

static const NativeDef callable_iterator_methods[] = {
    DEF_NONE("__reduce__", callable_iterator_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type callable_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "callable_iterator",
    .basic_size = sizeof(CallableIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = callable_iterator_destroy,
    .traverse = callable_iterator_traverse,
    .iter = object_self_iter,
    .next = callable_iterator_next,
    .methods = callable_iterator_methods,
};

// ---- reversed ----------------------------------------------------------------------------
// A SequenceIterator whose index goes down; -1 is the end.

static Value reversed_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("reversed", type, &reversed_type, kwnames) < 0)
        return VALUE_NULL;
    if (arguments_count("reversed", nargs, 1, 1) < 0)
        return VALUE_NULL;
    Value sequence = args[0], method = VALUE_NULL;
    int found = value_lookup_special(sequence, name___reversed__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        Value result = value_is_none(method)
                           ? raise_type_error("'%T' object is not reversible", sequence)
                           : value_call_none(method);
        ref_release(method);
        return result;
    }
    if (!value_is_sequence(sequence))
        return raise_type_error("'%T' object is not reversible", sequence);
    int64_t length = value_length(sequence);
    if (length < 0)
        return VALUE_NULL;
    SequenceIterator *it = object_allocate(type);
    if (!it)
        return VALUE_NULL;
    it->sequence = ref_new(sequence);
    it->index = length - 1;
    return value_from_object(it);
}

// The item at index >= 0 of what cannot change, without asking for the length and the item by a
// call each; else VALUE_NULL, also with MemoryError.
static inline Value constant_item(Value sequence, int64_t index) {
    if (value_is_exact_str(sequence) && index < str_length(sequence))
        return str_from_code_point(str_at(sequence, index));
    if (value_is_exactly(sequence, &tuple_type) && index < tuple_of(sequence)->length)
        return ref_new(tuple_of(sequence)->items[index]);
    return VALUE_NULL;
}

static Value reversed_next(Value self) {
    SequenceIterator *it = (SequenceIterator *)value_object(self);
    if (LIKELY(ref_is_unshared(&it->header)) && it->index >= 0 && !value_is_null(it->sequence)) {
        Value next = constant_item(it->sequence, it->index); // runs no Python code
        if (!value_is_null(next)) {
            it->index--;
            return next;
        }
        if (UNLIKELY(error_occurred()))
            return VALUE_NULL;
    }
    object_lock(&it->header);
    Value sequence = it->sequence, done = VALUE_NULL;
    int64_t index = it->index;
    if (index >= 0) {
        ref_retain(sequence);
        it->index = index - 1;
    } else {
        done = field_swap_locked(&it->sequence, VALUE_NULL);
        sequence = VALUE_NULL;
    }
    object_unlock(&it->header);
    ref_release(done);
    if (value_is_null(sequence))
        return VALUE_NULL;
    Value item = item_at(it, sequence, index);
    ref_release(sequence);
    return item;
}

static Value reversed_length_hint(Value self) {
    SequenceIterator *it = (SequenceIterator *)value_object(self);
    int64_t index, left = 0;
    Value sequence = claim_position(it, &index, 0);
    if (!value_is_null(sequence) && index >= 0) {
        int64_t length = value_length(sequence);
        ref_release(sequence);
        if (length < 0)
            return VALUE_NULL;
        left = index < length ? index + 1 : 0;
    } else {
        ref_release(sequence);
    }
    return value_from_int(left);
}

static Value reversed_reduce(Value self) {
    int64_t index;
    Value sequence = claim_position((SequenceIterator *)value_object(self), &index, 0);
    Value arguments, state = VALUE_NULL, result = VALUE_NULL;
    if (value_is_null(sequence)) {
        Value empty = tuple_empty();
        arguments = tuple_pack(1, empty);
        ref_release(empty);
    } else {
        arguments = tuple_pack(1, sequence);
        state = int_from_i64(index);
    }
    ref_release(sequence);
    Value type = value_from_object(value_type(self));
    if (!value_is_null(arguments))
        result = value_is_null(state) ? tuple_pack(2, type, arguments)
                                      : tuple_pack(3, type, arguments, state);
    ref_release(arguments);
    return result;
}

static Value reversed_setstate(Value self, Value state) {
    SequenceIterator *it = (SequenceIterator *)value_object(self);
    int64_t index, ignored, length = 0;
    if (size_argument(state, &index) < 0)
        return VALUE_NULL;
    Value sequence = claim_position(it, &ignored, 0);
    if (!value_is_null(sequence)) {
        length = value_length(sequence);
        ref_release(sequence);
        if (length < 0)
            return VALUE_NULL;
        object_lock(&it->header);
        it->index = index < -1 ? -1 : index > length - 1 ? length - 1 : index;
        object_unlock(&it->header);
    }
    return none_new();
}

static const NativeDef reversed_methods[] = {
    DEF_NONE("__length_hint__", reversed_length_hint, "Items left, as far as is known."),
    DEF_NONE("__reduce__", reversed_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", reversed_setstate, "Goes to a position."),
    DEF_END,
};

Type reversed_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "reversed",
    .basic_size = sizeof(SequenceIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "reversed(sequence, /)\n--\n\nAn iterator from the last item to the first.",
    .call_new = reversed_call_new,
    .destroy = sequence_iterator_destroy,
    .traverse = sequence_iterator_traverse,
    .iter = object_self_iter,
    .next = reversed_next,
    .methods = reversed_methods,
};

void iterator_tools_start(void); // iterator_tools.c

void iterators_start(void) {
    type_ready(&sequence_iterator_type);
    type_ready(&callable_iterator_type);
    type_ready(&reversed_type);
    iterator_tools_start();
}
