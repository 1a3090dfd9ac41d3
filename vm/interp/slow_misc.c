// SPDX-License-Identifier: MIT
//
// Rarely executed instructions: names in namespaces, deletion, comprehension and literal helpers,
// formatting, imports, the far side of `with`.
#include "vm/interp/interp_internal.h"
#include "vm/types/generator.h"

int unbound_local(Frame *frame, uint32_t local) {
    Value name = tuple_item(frame_code(frame)->local_names, local);
    raise_error(&exception_UnboundLocalError,
                "cannot access local variable '%V' where it is not associated with a value", name);
    error_set_name(name);
    return -1;
}

int unbound_cell(Frame *frame, Value name, bool is_free) {
    if (!is_free) {
        raise_error(&exception_UnboundLocalError,
                    "cannot access local variable '%V' where it is not associated with a value",
                    name);
        return -1;
    }
    raise_error(&exception_NameError,
                "cannot access free variable '%V' where it is not associated with a value in "
                "enclosing scope",
                name);
    return -1;
}

static Value undefined_name(Value name) {
    raise_error(&exception_NameError, "name '%V' is not defined", name);
    error_set_name(name);
    return VALUE_NULL;
}

// The value of name in a namespace mapping, or VALUE_NULL (check error_occurred()).
static Value namespace_get(Value namespace, Value name) {
    if (value_is_exactly(namespace, &dict_type))
        return dict_get(namespace, name);
    Value v = value_getitem(namespace, name);
    if (value_is_null(v) && error_matches(&exception_KeyError))
        error_clear();
    return v;
}

Value load_name(Frame *frame, Value name) {
    Function *f = frame_function(frame);
    Value v = VALUE_NULL;
    if (!value_is_null(frame->registers[0]))
        v = namespace_get(frame->registers[0], name);
    if (value_is_null(v) && !error_occurred())
        v = namespace_get(f->globals, name);
    if (value_is_null(v) && !error_occurred())
        v = namespace_get(f->builtins, name);
    if (value_is_null(v) && !error_occurred())
        return undefined_name(name);
    return v;
}

// The frame's namespace mapping, borrowed.
static Value namespace_of(Frame *frame) {
    Value own = frame_code(frame)->flags & CODE_HAS_NAMESPACE ? frame->registers[0] : VALUE_NULL;
    return value_is_null(own) ? frame_function(frame)->globals : own;
}

static int delete_name(Value namespace, Value name) {
    if (value_delitem(namespace, name) == 0)
        return 0;
    if (error_matches(&exception_KeyError)) {
        error_clear();
        undefined_name(name);
    }
    return -1;
}

static int setup_annotations(Frame *frame) {
    Value namespace = namespace_of(frame);
    Value present = namespace_get(namespace, name___annotations__);
    if (!value_is_null(present)) {
        ref_release(present);
        return 0;
    }
    if (error_occurred())
        return -1;
    Value dict = dict_new();
    if (value_is_null(dict))
        return -1;
    int status = value_setitem(namespace, name___annotations__, dict);
    ref_release(dict);
    return status;
}

static Value format_value(Value v, Value spec, int conversion) {
    Value converted = VALUE_NULL;
    switch (conversion) {
    case 1:
        converted = value_str(v);
        break;
    case 2:
        converted = value_repr(v);
        break;
    case 3:
        converted = value_ascii(v);
        break;
    default:
        if (value_is_exact_str(v) && value_is_null(spec))
            return ref_new(v);
        return value_format(v, spec);
    }
    if (value_is_null(converted) || value_is_null(spec))
        return converted;
    Value result = value_format(converted, spec);
    ref_release(converted);
    return result;
}

static Value import_name(Frame *frame, Value name, Value fromlist, Value level) {
    Function *f = frame_function(frame);
    Value function = namespace_get(f->builtins, name___import__);
    if (value_is_null(function)) {
        if (!error_occurred())
            raise_error(&exception_ImportError, "__import__ not found");
        return VALUE_NULL;
    }
    Value own = frame_code(frame)->flags & CODE_HAS_NAMESPACE ? frame->registers[0] : VALUE_NULL;
    Value args[5] = {name, f->globals, value_is_null(own) ? VALUE_NONE : own, fromlist, level};
    Value result = value_call(function, args, 5, VALUE_NULL);
    ref_release(function);
    return result;
}

static int with_exit(Frame *frame, Pc pc, Value exception, uint32_t destination) {
    Value *R = frame->registers, args[3] = {VALUE_NONE, VALUE_NONE, VALUE_NONE};
    Value traceback = VALUE_NULL;
    if (!value_is_null(exception)) {
        traceback = exception_traceback(exception);
        args[0] = value_from_object(value_type(exception));
        args[1] = exception;
        args[2] = value_is_null(traceback) ? VALUE_NONE : traceback;
    }
    Value result = value_call(R[pc->a], args, 3, VALUE_NULL);
    ref_release(traceback);
    if (value_is_null(result))
        return -1;
    reg_clear(&R[pc->a]);
    if (value_is_null(exception))
        ref_release(result);
    else
        reg_set(&R[destination], result);
    return 0;
}

// Stores a new reference into a and consumes b (and c, unless it is no operand).
static int finish(Frame *frame, Pc pc, Value result, bool consumes_b) {
    if (value_is_null(result))
        return -1;
    if (consumes_b && pc->b != pc->a)
        consume(frame, pc->b);
    reg_set(&frame->registers[pc->a], result);
    return 0;
}

// Consumes b if status says it went well.
static int consumed(Frame *frame, Pc pc, int status) {
    if (status >= 0)
        consume(frame, pc->b);
    return status < 0 ? -1 : 0;
}

static int load_class_free(Frame *frame, Pc pc, Value name) {
    Value v = namespace_get(namespace_of(frame), name);
    if (value_is_null(v)) {
        if (error_occurred())
            return -1;
        v = cell_get(tuple_item(frame_function(frame)->closure, pc->b));
        if (value_is_null(v))
            return unbound_cell(frame, name, true);
    }
    return finish(frame, pc, v, false);
}

static int delete_cell(Frame *frame, Value cell, Value name, bool is_free) {
    Cell *c = (Cell *)value_object(cell);
    Value old = field_swap(&c->header, &c->value, VALUE_NULL);
    if (value_is_null(old))
        return unbound_cell(frame, name, is_free);
    ref_release(old);
    return 0;
}

static Value yield_from_iterator(const Frame *frame, Value v) {
    if (value_is_exactly(v, &generator_type))
        return ref_new(v);
    if (value_is_exactly(v, &coroutine_type)) {
        if (frame_code(frame)->flags & (CODE_COROUTINE | CODE_ITERABLE_COROUTINE))
            return ref_new(v);
        return raise_type_error(
            "cannot 'yield from' a coroutine object in a non-coroutine generator");
    }
    return value_iter(v);
}

static int dict_update_literal(Value dict, Value other) {
    if (!value_is_dict(other)) {
        Value keys;
        int found = value_lookup_attr(other, name_keys, &keys);
        if (found < 0)
            return -1;
        if (!found)
            return raise_int(&exception_TypeError, "'%T' object is not a mapping", other);
        ref_release(keys);
    }
    return dict_update(dict, other);
}

static int list_extend_literal(Value list, Value other) {
    if (list_extend(list, other) == 0)
        return 0;
    if (error_matches(&exception_TypeError) && !value_may_iterate(other)) {
        error_clear();
        raise_type_error("Value after * must be an iterable, not %T", other);
    }
    return -1;
}

static int print_expression(Value v) {
    Value hook = sys_get("displayhook");
    if (value_is_null(hook)) {
        raise_error(&exception_RuntimeError, "lost sys.displayhook");
        return -1;
    }
    Value result = value_call_one(hook, v);
    ref_release(hook);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

// f(**b) with no other keywords. An empty dict says nothing, so that CALL_EX need not look at one.
static int keywords_only(Frame *frame, Pc pc) {
    Value *R = frame->registers, b = R[pc->b], dict = VALUE_NULL;
    if (!value_is_exactly(b, &dict_type) || dict_length(b) != 0) {
        dict = dict_new();
        if (value_is_null(dict))
            return -1;
        if (dict_merge_keywords(dict, b, R[pc->c]) < 0) {
            ref_release(dict);
            return -1;
        }
    }
    consume(frame, pc->b);
    reg_set(&R[pc->a], dict);
    return 0;
}

int slow_misc(Frame *frame, Pc pc) {
    Value *R = frame->registers;
    Code *code = frame_code(frame);
#define NAME_AT(i) tuple_item(code->names, i)
    switch (pc->op) {
    case OP_MAKE_CELL: {
        Value cell = cell_new(R[pc->a]);
        if (value_is_null(cell))
            return -1;
        reg_set(&R[pc->a], cell);
        return 0;
    }
    case OP_DELETE_CELL:
        return delete_cell(frame, R[pc->a], tuple_item(code->local_names, pc->a), false);
    case OP_DELETE_FREE:
        return delete_cell(frame, tuple_item(frame_function(frame)->closure, pc->a),
                           tuple_item(code->free_names, pc->a), true);
    case OP_LOAD_CLASS_FREE:
        return load_class_free(frame, pc, NAME_AT(pc->c));
    case OP_DELETE_GLOBAL:
        return delete_name(frame_function(frame)->globals, NAME_AT(pc->a));
    case OP_DELETE_NAME:
        return delete_name(namespace_of(frame), NAME_AT(pc->a));
    case OP_LOAD_LOCALS:
        return finish(frame, pc, ref_new(namespace_of(frame)), false);
    case OP_SETUP_ANNOTATIONS:
        return setup_annotations(frame);
    case OP_DELETE_ATTR:
        if (value_delattr(R[pc->a], NAME_AT(pc->c)) < 0)
            return -1;
        consume(frame, pc->a);
        return 0;
    case OP_LIST_EXTEND:
        return consumed(frame, pc, list_extend_literal(R[pc->a], R[pc->b]));
    case OP_SET_UPDATE:
        return consumed(frame, pc, set_update(R[pc->a], R[pc->b]));
    case OP_DICT_UPDATE:
        return consumed(frame, pc, dict_update_literal(R[pc->a], R[pc->b]));
    case OP_KEYWORDS:
        return keywords_only(frame, pc);
    case OP_DICT_MERGE:
        return consumed(frame, pc, dict_merge_keywords(R[pc->a], R[pc->b], R[pc->c]));
    case OP_LIST_TO_TUPLE:
        return finish(frame, pc, list_into_tuple(R[pc->b]), true);
    case OP_FORMAT_VALUE: {
        Value spec = pc->c & 4 ? R[pc->b + 1] : VALUE_NULL;
        Value v = format_value(R[pc->b], spec, pc->c & 3);
        if (value_is_null(v))
            return -1;
        if (pc->c & 4)
            reg_clear(&R[pc->b + 1]);
        return finish(frame, pc, v, true);
    }
    case OP_LOAD_BUILD_CLASS: {
        Value v = namespace_get(frame_function(frame)->builtins, name___build_class__);
        if (value_is_null(v) && !error_occurred())
            raise_error(&exception_NameError, "__build_class__ not found");
        return finish(frame, pc, v, false);
    }
    case OP_GET_YIELD_FROM_ITER:
        return finish(frame, pc, yield_from_iterator(frame, R[pc->b]), true);
    case OP_LOAD_ASSERTION_ERROR:
        return finish(frame, pc, ref_new(value_from_object(&exception_AssertionError)), false);
    case OP_WITH_EXIT:
        return with_exit(frame, pc, VALUE_NULL, 0);
    case OP_WITH_EXCEPT:
        return with_exit(frame, pc, R[pc->b], pc->c);
    case OP_IMPORT_NAME: {
        Value v = import_name(frame, NAME_AT(pc->b), R[pc->c], R[pc->c + 1]);
        if (value_is_null(v))
            return -1;
        registers_clear(R, pc->c, pc->c + 2u);
        return finish(frame, pc, v, false);
    }
    case OP_IMPORT_FROM:
        return finish(frame, pc, import_from(R[pc->b], NAME_AT(pc->c)), false);
    case OP_IMPORT_STAR:
        if (import_star(R[pc->a], namespace_of(frame)) < 0)
            return -1;
        consume(frame, pc->a);
        return 0;
    default: // OP_PRINT_EXPR
        if (print_expression(R[pc->a]) < 0)
            return -1;
        consume(frame, pc->a);
        return 0;
    }
}
