// SPDX-License-Identifier: MIT
//
// The slow paths of operators, items, unpacking, building, functions and `raise`. Each consumes
// its temporary operands and stores its result as opcodes.def says; the loop has saved the pc.
#include "vm/interp/append.h"
#include "vm/interp/interp_internal.h"
#include "vm/interp/trace.h"
#include "vm/types/generator.h"
#include "vm/types/generator_run.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"

// Stores a new reference into register a and consumes the operands that are not register a.
static int finish(Frame *frame, Pc pc, Value result, bool has_c) {
    if (value_is_null(result))
        return -1;
    uint32_t a = pc->a, b = pc->b, c = pc->c;
    if (b != a)
        consume(frame, b);
    if (has_c && c != a && c != b)
        consume(frame, c);
    reg_set(&frame->registers[a], result);
    return 0;
}

_Thread_local Appended appended[APPENDED_COUNT] __attribute__((tls_model("local-exec")));

// A string to which another may be appended next.
static int concatenate(Frame *frame, Pc pc, Value b, Value c) {
    Value *slot = &frame->registers[pc->a];
    if (pc->a == pc->b && pc->b != pc->c && append_is_alone(frame, slot) && str_grow(b, c)) {
        consume(frame, pc->c);
        return 0;
    }
    Value result = str_concat(b, c);
    if (value_is_null(result) || value_same(result, b) || value_same(result, c))
        return finish(frame, pc, result, true);
    if (pc->b != pc->a)
        consume(frame, pc->b);
    if (pc->c != pc->a && pc->c != pc->b)
        consume(frame, pc->c);
    reg_store(slot, reg_from_new(result));
    append_note(frame, slot);
    return 0;
}

// Ints of any length. Their operators never give NotImplemented, and nobody else need be asked.
static inline bool is_exact_int(Value v) {
    return value_is_int(v) || value_is_exactly(v, &int_type);
}

static inline bool calculates_as_int(Value v) {
    return is_exact_int(v) || value_is_bool(v);
}
static inline Value int_of_bool(Value v) {
    return value_is_bool(v) ? value_from_int(value_same(v, VALUE_TRUE)) : v;
}

int slow_binary(Frame *frame, Pc pc, BinaryOperator op, bool inplace) {
    Value *R = frame->registers;
    Value b = R[pc->b], c = R[pc->c];
    Value result;
    if (op == BINARY_ADD && value_is_exact_str(b) && value_is_exact_str(c)) {
        if (!REGISTERS_ARE_COUNTED)
            return concatenate(frame, pc, b, c);
        if (pc->a == pc->b && pc->b != pc->c) {
            // s += t, or a chain of +: nobody else may hold s, and then it grows in place.
            R[pc->b] = VALUE_NULL;
            result = str_append(reg_to_local(b), c);
        } else {
            result = str_concat(b, c);
        }
    } else if (calculates_as_int(b) && calculates_as_int(c) && op != BINARY_MATRIX_MULTIPLY &&
               !(value_is_bool(b) && value_is_bool(c))) { // whose `and` is a bool
        result = int_type.binary[op](int_of_bool(b), int_of_bool(c));
    } else if (inplace && op == BINARY_ADD && value_is_exactly(b, &list_type) &&
               (value_is_exactly(c, &list_type) || value_is_exactly(c, &tuple_type))) {
        result = list_extend(b, c) < 0 ? VALUE_NULL : ref_new(b);
    } else {
        result = inplace ? value_inplace(b, c, op) : value_binary(b, c, op);
    }
    return finish(frame, pc, result, true);
}

int slow_binary_int(Frame *frame, Pc pc, BinaryOperator op, bool inplace) {
    Value b = frame->registers[pc->b], c = value_from_int((int16_t)pc->c);
    Value result;
    if (calculates_as_int(b))
        result = int_type.binary[op](int_of_bool(b), c);
    else
        result = inplace ? value_inplace(b, c, op) : value_binary(b, c, op);
    return finish(frame, pc, result, false);
}

int slow_unary(Frame *frame, Pc pc, Value (*operation)(Value)) {
    return finish(frame, pc, operation(frame->registers[pc->b]), false);
}

// What `op` says of two things whose order is less than, equal to or greater than 0.
static inline bool order_is(int order, CompareOperator op) {
    switch (op) {
    case COMPARE_LT:
        return order < 0;
    case COMPARE_LE:
        return order <= 0;
    case COMPARE_EQ:
        return order == 0;
    case COMPARE_NE:
        return order != 0;
    case COMPARE_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

// A str, an int and None are never equal to one of another kind.
static inline bool is_of_plain_kind(Value v, const Type *type) {
    return type == &str_type || type == &int_type || value_is_none(v);
}

// Of two values of common types, whether a comparison holds: 1 or 0; -1 if their types are to say.
// The types are read once.
static inline int common_comparison(Value a, Value b, CompareOperator op, const Type *type_a,
                                    const Type *type_b) {
    bool is_equality = op == COMPARE_EQ || op == COMPARE_NE;
    if (type_a == &str_type && type_b == &str_type)
        return is_equality ? str_equal(a, b) == (op == COMPARE_EQ)
                           : order_is(str_compare_order(a, b), op);
    if (type_a->compare == int_type.compare && type_b->compare == int_type.compare)
        return order_is(int_compare(a, b), op); // of subclasses too, that compare as ints do
    if (is_equality && is_of_plain_kind(a, type_a) && is_of_plain_kind(b, type_b))
        return (type_a == type_b) == (op == COMPARE_EQ); // both are None, if alike
    return -1;
}

static inline Value uncommon_comparison(Value a, Value b, CompareOperator op, const Type *type_a,
                                        const Type *type_b) {
    if (type_a == type_b && type_flags(type_a) & TYPE_COMPARE_COUNTS_DEPTH) {
        Value v = type_a->compare(a, b, op);
        if (LIKELY(!value_same(v, VALUE_NOT_IMPLEMENTED)))
            return v;
        ref_release(v);
    }
    return value_compare(a, b, op);
}

int slow_compare(Frame *frame, Pc pc, CompareOperator op) {
    Value b = frame->registers[pc->b], c = frame->registers[pc->c];
    const Type *type_b = value_type(b), *type_c = value_type(c);
    int truth = common_comparison(b, c, op, type_b, type_c);
    return finish(frame, pc,
                  truth >= 0 ? bool_new(truth) : uncommon_comparison(b, c, op, type_b, type_c),
                  true);
}

static int truth_of_comparison(Value a, Value b, CompareOperator op) {
    const Type *type_a = value_type(a), *type_b = value_type(b);
    int common = common_comparison(a, b, op, type_a, type_b);
    if (common >= 0)
        return common;
    Value v = uncommon_comparison(a, b, op, type_a, type_b);
    if (value_is_null(v))
        return -1;
    int truth = value_same(v, VALUE_TRUE) ? 1 : value_same(v, VALUE_FALSE) ? 0 : value_truth(v);
    ref_release(v);
    return truth;
}

int slow_condition(Frame *frame, Pc pc, CompareOperator op) {
    int truth = truth_of_comparison(frame->registers[pc->a], frame->registers[pc->b], op);
    if (truth >= 0) {
        consume(frame, pc->a);
        consume(frame, pc->b);
    }
    return truth;
}

int slow_condition_int(Frame *frame, Pc pc, CompareOperator op) {
    int truth = truth_of_comparison(frame->registers[pc->a], value_from_int((int16_t)pc->b), op);
    if (truth >= 0)
        consume(frame, pc->a);
    return truth;
}

int slow_match_length(Frame *frame, Pc pc) {
    Value subject = frame->registers[pc->b];
    int64_t length = -1;
    if (value_has_flag(subject, pc->c & MATCH_MAPPING ? TYPE_MAPPING : TYPE_SEQUENCE)) {
        length = pc->c & MATCH_ANY_LENGTH ? 0 : value_length(subject);
        if (length < 0)
            return -1;
    }
    return finish(frame, pc, value_from_int(length), 0);
}

int slow_store_item(Frame *frame, Pc pc) {
    Value *R = frame->registers;
    if (value_setitem(R[pc->a], R[pc->b], R[pc->c]) < 0)
        return -1;
    consume(frame, pc->c);
    consume(frame, pc->b);
    consume(frame, pc->a);
    return 0;
}

// ---- unpacking ------------------------------------------------------------------------

static Value iterator_to_unpack(Value source) {
    Value iterator = value_iter(source);
    if (value_is_null(iterator) && error_matches(&exception_TypeError) &&
        !value_may_iterate(source)) {
        error_clear();
        raise_type_error("cannot unpack non-iterable %T object", source);
    }
    return iterator;
}

int slow_for_items(Frame *frame, Pc pc, const Type *type) {
    Value *R = frame->registers, items[8];
    Pc body = pc + 1 + instruction_jump_c(pc);
    // What is not a temporary keeps the tuple.
    if (body->op != OP_UNPACK_SEQUENCE || body->a != pc->b || body->c > 8 ||
        body->a < frame_code(frame)->local_count)
        return NEXT_ITEMS_OTHER;
    uint32_t n = body->c, first = body->b;
    int status = type->next_items(R[pc->a], items, n);
    if (UNLIKELY(status != 1))
        return status;
    for (uint32_t i = 0; i < n; i++)
        reg_set(&R[first + i], items[i]);
    return 1;
}

// The items of a list of n as `to` keeps them: temporaries, which hold nothing, as registers do,
// else as local references. False: it has another number.
static inline bool list_take_apart(List *list, Value *to, uint32_t n, bool registers) {
    object_read_lock(&list->header);
    bool fits = list->length == n;
    if (LIKELY(fits)) {
        for (uint32_t i = 0; i < n; i++) {
            to[i] = field_raw(&list->items[i]);
            field_retain_locked(to[i], registers);
        }
    }
    object_read_unlock(&list->header);
    return fits;
}

int slow_unpack(Frame *frame, Pc pc) {
    Value *R = frame->registers, source = R[pc->a];
    uint32_t n = pc->c, first = pc->b;
    Value small[16], *items = small;
    int64_t got = 0;
    if (value_is_exactly(source, &list_type)) {
        if (first >= frame_code(frame)->local_count) {
            if (LIKELY(list_take_apart(list_of(source), &R[first], n, true))) {
                consume(frame, pc->a);
                return 0;
            }
        } else if (n <= 16 && LIKELY(list_take_apart(list_of(source), small, n, false))) {
            consume(frame, pc->a);
            for (uint32_t i = 0; i < n; i++)
                reg_set(&R[first + i], small[i]);
            return 0;
        }
        int64_t length = list_copy_small(source, small, 16);
        Value *snapshot = small;
        if (length < 0 && list_snapshot(source, &snapshot, &length) < 0)
            return -1;
        if (length != n) {
            for (int64_t i = 0; i < length; i++)
                ref_release(snapshot[i]);
            if (snapshot != small)
                buffer_free(snapshot);
            if (length > n)
                raise_value_error("too many values to unpack (expected %u)", n);
            else
                raise_value_error("not enough values to unpack (expected %u, got %lld)", n,
                                  (long long)length);
            return -1;
        }
        consume(frame, pc->a);
        for (uint32_t i = 0; i < n; i++)
            reg_set(&R[first + i], snapshot[i]);
        if (snapshot != small)
            buffer_free(snapshot);
        return 0;
    }
    // Named tuples and the like, which are iterated as tuples are.
    if (value_is_tuple(source) && value_type(source)->iter == tuple_type.iter &&
        tuple_length(source) == n) {
        source = take(frame, pc->a);
        for (uint32_t i = 0; i < n; i++)
            reg_copy(&R[first + i], tuple_item(source, i));
        ref_release(source);
        return 0;
    }
    Value iterator = iterator_to_unpack(source);
    if (value_is_null(iterator))
        return -1;
    if (n > 16 && !(items = buffer_allocate(n * sizeof *items))) {
        ref_release(iterator);
        raise_memory_error();
        return -1;
    }
    int status = -1;
    GeneratorRun run = {.iterator = iterator};
    while (got < n) {
        Value v = generator_run_next(&run);
        if (value_is_null(v)) {
            if (!error_occurred())
                raise_value_error("not enough values to unpack (expected %u, got %lld)", n,
                                  (long long)got);
            goto done;
        }
        items[got++] = v;
    }
    Value surplus = generator_run_next(&run);
    generator_run_pause(&run);
    if (!value_is_null(surplus)) {
        ref_release(surplus);
        raise_value_error("too many values to unpack (expected %u)", n);
        goto done;
    }
    if (error_occurred())
        goto done;
    consume(frame, pc->a);
    for (uint32_t i = 0; i < n; i++)
        reg_set(&R[first + i], items[i]);
    got = 0;
    status = 0;
done:
    for (int64_t i = 0; i < got; i++)
        ref_release(items[i]);
    if (items != small)
        buffer_free(items);
    ref_release(iterator);
    return status;
}

int slow_unpack_ex(Frame *frame, Pc pc) {
    Value *R = frame->registers;
    int64_t before = pc->c & 0xff, after = pc->c >> 8;
    Value list, given = R[pc->a];
    if (value_is_exactly(given, &list_type) || value_is_exactly(given, &tuple_type)) {
        list = list_from_iterable(given);
    } else {
        Value iterator = iterator_to_unpack(given);
        if (value_is_null(iterator))
            return -1;
        list = list_from_iterable(iterator);
        ref_release(iterator);
    }
    if (value_is_null(list))
        return -1;
    int64_t length = list_length(list);
    if (length < before + after) {
        raise_value_error("not enough values to unpack (expected at least %lld, got %lld)",
                          (long long)(before + after), (long long)length);
        ref_release(list);
        return -1;
    }
    Value last[0x100];
    for (int64_t i = 0; i < after; i++)
        last[i] = list_get(list, length - after + i);
    consume(frame, pc->a);
    for (int64_t i = 0; i < before; i++)
        reg_set(&R[pc->b + i], list_get(list, i));
    // What is between stays in the list, which nobody else has seen.
    if ((after && list_splice(list, length - after, length, NULL, 0) < 0) ||
        (before && list_splice(list, 0, before, NULL, 0) < 0)) {
        for (int64_t i = 0; i < after; i++)
            ref_release(last[i]);
        ref_release(list);
        return -1;
    }
    reg_set(&R[pc->b + before], list);
    for (int64_t i = 0; i < after; i++)
        reg_set(&R[pc->b + before + 1 + i], last[i]);
    return 0;
}

// ---- building -------------------------------------------------------------------------

// Moves a run of temporaries out into local references.
static void take_run(Frame *frame, uint32_t first, uint32_t count, Value *out) {
    for (uint32_t i = 0; i < count; i++) {
        out[i] = reg_to_local(frame->registers[first + i]);
        frame->registers[first + i] = VALUE_NULL;
    }
}

static Value build_string(Value *R, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (UNLIKELY(!value_is_str(R[first + i]))) // a tree made by hand may say anything
            return raise_type_error("sequence item %u: expected str instance, %T found", i,
                                    R[first + i]);
    return str_concat_all(R + first, count);
}

int slow_build(Frame *frame, Pc pc) {
    Value *R = frame->registers, result;
    uint32_t first = pc->b, count = pc->c;
    switch (pc->op) {
    case OP_BUILD_TUPLE:
        result = count ? tuple_allocate_unfilled(count) : tuple_empty();
        if (value_is_null(result))
            return -1;
        take_run(frame, first, count, tuple_of(result)->items);
        reg_set(&R[pc->a], result);
        return 0;
    case OP_BUILD_LIST: {
        result = list_new_sized(count);
        if (value_is_null(result))
            return -1;
        List *list = list_of(result); // nobody else sees it yet
        take_run(frame, first, count, list->items);
        list->length = count;
        reg_store(&R[pc->a], reg_from_new(result));
        return 0;
    }
    case OP_BUILD_SET:
        result = set_new_to_fill();
        for (uint32_t i = 0; i < count && !value_is_null(result); i++)
            if (set_add(result, R[first + i]) < 0) {
                ref_release(result);
                result = VALUE_NULL;
            }
        break;
    case OP_BUILD_MAP: {
        result = dict_new_sized(count);
        if (value_is_null(result))
            return -1;
        Value pair[2];
        for (uint32_t i = 0; i < count; i++) {
            take_run(frame, first + 2 * i, 2, pair);
            if (UNLIKELY(dict_fill_new(dict_of(result), pair[0], pair[1]) < 0)) {
                ref_release(result);
                return -1;
            }
        }
        reg_store(&R[pc->a], reg_from_new(result));
        return 0;
    }
    default: // OP_BUILD_STRING
        result = build_string(R, first, count);
        break;
    }
    if (value_is_null(result))
        return -1;
    registers_clear(R, first, first + count);
    if (pc->op == OP_BUILD_SET)
        reg_store(&R[pc->a], reg_from_new(result));
    else
        reg_set(&R[pc->a], result);
    return 0;
}

int slow_set_of_constant(Frame *frame, Pc pc) {
    Value set = set_from_iterable(frame_code(frame)->constants[(uint32_t)instruction_bc(pc)]);
    if (value_is_null(set))
        return -1;
    reg_store(&frame->registers[pc->a], reg_from_new(set));
    return 0;
}

int slow_list_of_constant(Frame *frame, Pc pc) {
    const Tuple *items = tuple_of(frame_code(frame)->constants[(uint32_t)instruction_bc(pc)]);
    Value list = list_from_array(items->items, items->length);
    if (value_is_null(list))
        return -1;
    reg_store(&frame->registers[pc->a], reg_from_new(list));
    return 0;
}

// The function's parts lie in registers from a on; nobody else sees it yet. Not inline, so that one
// with a closure alone, as is made again and again, is made without saving registers for this.
static __attribute__((noinline)) int make_function_of_parts(Value *R, Pc pc, Function *f) {
    uint32_t next = pc->a;
    Value *const fields[] = {&f->defaults, &f->kwdefaults, &f->annotations, &f->closure};
    for (int i = 0; i < 4; i++)
        if (pc->c & (1 << i)) {
            *fields[i] = reg_to_local(R[next]);
            R[next++] = VALUE_NULL;
        }
    reg_set(&R[pc->a], value_from_object(f));
    return 0;
}

int slow_make_function(Frame *frame, Pc pc) {
    Value *R = frame->registers;
    Function *outer = frame_function(frame);
    Code *code = code_of(frame_code(frame)->constants[pc->b]);
    Value function = function_new(code, outer->globals, VALUE_NULL);
    if (value_is_null(function))
        return -1;
    Function *f = (Function *)value_object(function);
    if (UNLIKELY(pc->c != 8)) // nothing but a closure
        return make_function_of_parts(R, pc, f);
    f->closure = reg_to_local(R[pc->a]);
    R[pc->a] = reg_from_local(function);
    return 0;
}

// ---- with, calls with stars, raise ---------------------------------------------------------

Value with_functions(Value manager, Value *leave) {
    Type *type = value_type(manager);
    Value enter = type_lookup(type, name___enter__);
    if (!value_is_exactly(enter, &function_type)) {
        ref_release(enter);
        return VALUE_NULL;
    }
    Value exit = type_lookup(type, name___exit__);
    *leave = value_is_exactly(exit, &function_type) ? method_new(exit, manager) : VALUE_NULL;
    ref_release(exit);
    if (LIKELY(!value_is_null(*leave)))
        return enter;
    ref_release(enter);
    return VALUE_NULL;
}

int slow_with_enter(Frame *frame, Pc pc) {
    Value *R = frame->registers, manager = R[pc->b], enter, leave;
    int found = value_lookup_special(manager, name___enter__, &enter);
    if (found <= 0) {
        if (found == 0)
            raise_type_error("'%T' object does not support the context manager protocol", manager);
        return -1;
    }
    found = value_lookup_special(manager, name___exit__, &leave);
    if (found <= 0) {
        if (found == 0)
            raise_type_error("'%T' object does not support the context manager protocol "
                             "(missed __exit__ method)",
                             manager);
        ref_release(enter);
        return -1;
    }
    Value entered = value_call_none(enter);
    ref_release(enter);
    if (value_is_null(entered)) {
        ref_release(leave);
        return -1;
    }
    if (pc->b != pc->a && pc->b != pc->a + 1u)
        consume(frame, pc->b);
    reg_set(&R[pc->a], leave);
    reg_set(&R[pc->a + 1], entered);
    return 0;
}

// The dict of keywords that the instructions before have made is mostly what the function, or the
// function of the method, makes of it for its **.
static bool call_with_own_dict(Value f, Value args, Value *keywords, Value *result) {
    Value self = VALUE_NULL;
    if (value_is_exactly(f, &method_type)) { // the caller's register keeps what it has
        const Method *method = (const Method *)value_object(f);
        self = method->self;
        f = method->function;
    }
    return value_is_exactly(f, &function_type) &&
           interp_call_with_dict(f, self, args, keywords, result);
}

int slow_call_ex(Frame *frame, Pc pc) {
    Value *R = frame->registers + pc->a;
    Value function = R[FRAME_FUNCTION], args = R[FRAME_WORDS];
    Value keywords = pc->b ? R[FRAME_WORDS + 1] : VALUE_NULL, tuple = VALUE_NULL;
    if (!value_is_exactly(args, &tuple_type)) {
        if (!value_may_iterate(args)) {
            Value text = callable_text(function);
            raise_type_error("%V argument after * must be an iterable, not %T", text, args);
            ref_release(text);
            return -1;
        }
        tuple = tuple_from_iterable(args);
        if (value_is_null(tuple))
            return -1;
        args = tuple;
    }
    Value result;
    if (value_is_null(keywords) ||
        !call_with_own_dict(function, args, &R[FRAME_WORDS + 1], &result))
        result = value_call_tuple(function, args, keywords);
    ref_release(tuple);
    if (value_is_null(result))
        return -1;
    reg_clear(&R[FRAME_WORDS]);
    if (pc->b)
        reg_clear(&R[FRAME_WORDS + 1]);
    reg_clear(&R[FRAME_FUNCTION]);
    reg_set(&frame->registers[pc->c], result);
    return 0;
}

static Value make_cause(Value cause) {
    if (value_is_none(cause))
        return VALUE_NULL;
    if (value_has_flag(cause, TYPE_TYPE_SUBCLASS) &&
        type_is_subtype((Type *)value_object(cause), &exception_BaseException)) {
        Value made = value_call_none(cause);
        if (!value_is_null(made) && !value_has_flag(made, TYPE_EXCEPTION_SUBCLASS)) {
            raise_type_error("calling %R should have returned an instance of BaseException, not %R",
                             cause, value_from_object(value_type(made)));
            ref_release(made);
            return VALUE_NULL;
        }
        return made;
    }
    if (value_has_flag(cause, TYPE_EXCEPTION_SUBCLASS))
        return ref_new(cause);
    return raise_type_error("exception causes must derive from BaseException");
}

int slow_raise(Frame *frame, Pc pc) {
    if (pc->c == 0) {
        Value handled = thread_handled();
        if (value_is_null(handled)) {
            raise_error(&exception_RuntimeError, "No active exception to reraise");
            return -1;
        }
        error_restore(ref_new(handled));
        return -1;
    }
    Value thrown = take(frame, pc->a), cause = pc->c == 2 ? take(frame, pc->b) : VALUE_NULL;
    raise_object(thrown);
    ref_release(thrown);
    if (pc->c == 2) {
        Value exception = error_take();
        Value made = make_cause(cause);
        if (value_is_null(made) && error_occurred()) {
            ref_release(exception);
        } else {
            exception_set_cause(exception, made);
            error_restore(exception);
        }
        ref_release(cause);
    }
    return -1;
}

int slow_yield_from(Frame *frame, Pc pc, Value *yielded) {
    Value *R = frame->registers;
    Value iterator = R[pc->b], sent = R[pc->c], result = VALUE_NULL, v;
    if (generator_is_delegate(iterator)) {
        v = generator_resume(iterator, sent, &result);
    } else if (value_type(iterator)->send && !trace_wanted(thread_current())) {
        v = value_type(iterator)->send(iterator, sent, &result); // no StopIteration to be seen
    } else {
        v = iterator_send_plainly(iterator, sent);
        if (value_is_null(v)) {
            if (!error_occurred()) {
                result = none_new();
            } else {
                Value no_native = VALUE_NULL;
                if (error_matches(&exception_StopIteration)) // seen, if not raised here
                    trace_exception(thread_current(), frame, &no_native);
                result = error_take_stop_iteration();
                if (value_is_null(result))
                    return -1;
            }
        }
    }
    if (!value_is_null(v)) {
        *yielded = reg_from_local(v);
        return 1;
    }
    if (value_is_null(result))
        return -1;
    reg_clear(&R[pc->c]);
    reg_clear(&R[pc->b]);
    reg_set(&R[pc->a], result);
    return 0;
}
