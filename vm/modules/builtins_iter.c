// SPDX-License-Identifier: MIT
//
// builtins that consume iterables: all, any, max, min, sorted, sum.
#include "vm/modules/builtins.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/generator.h"
#include "vm/types/generator_run.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/list_cursor.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// The next item of what a run is over.
static inline Value step(GeneratorRun *run) {
    Value iterator = run->iterator;
    if (value_is_exactly(iterator, &list_iterator_type))
        return list_iterator_next_fast((ListIterator *)value_object(iterator));
    if (value_is_exactly(iterator, &generator_type))
        return generator_run_next(run);
    return value_next(iterator);
}

// Is there an item whose truth is `wanted`? 1; 0; -1: only code can tell. At one moment.
static int list_has_truth(List *list, bool wanted) {
    int found = 0;
    object_read_lock(&list->header);
    for (int64_t i = 0; i < list->length && !found; i++) {
        Value item = list->items[i];
        if (value_is_int(item) || value_is_bool(item))
            found = (value_is_int(item) ? value_int(item) != 0 : value_same(item, VALUE_TRUE)) ==
                    wanted;
        else if (value_is_none(item))
            found = !wanted;
        else
            found = -1;
    }
    object_read_unlock(&list->header);
    return found;
}

// The truth that ends the search is `wanted`; without it the result is !wanted.
static Value search_truth(Value iterable, bool wanted) {
    bool list = value_is_exactly(iterable, &list_type);
    int found = list ? list_has_truth(list_of(iterable), wanted) : -1;
    if (found >= 0)
        return bool_new(found ? wanted : !wanted);
    // Of a list no copy is made, as the search may end with its first item.
    Value iterator = list ? value_iter(iterable) : value_iter_at_once(iterable), item;
    if (value_is_null(iterator))
        return iterator;
    GeneratorRun run = {.iterator = iterator};
    while (!value_is_null(item = step(&run))) {
        if (LIKELY(value_is_bool(item))) { // which needs no care
            if (value_same(item, VALUE_TRUE) != wanted) {
                ref_release(item);
                continue;
            }
        }
        generator_run_pause(&run);
        int truth = value_truth(item);
        ref_release(item);
        if (truth < 0 || (truth != 0) == wanted) {
            ref_release(iterator);
            return truth < 0 ? VALUE_NULL : bool_new(wanted);
        }
    }
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : bool_new(!wanted);
}
static Value builtin_all(Value self, Value iterable) {
    return search_truth(iterable, false);
}
static Value builtin_any(Value self, Value iterable) {
    return search_truth(iterable, true);
}

// Is candidate better than best? 1, 0, -1.
static int better(Value candidate, Value best, CompareOperator op) {
    if (value_both_int(candidate, best))
        return op == COMPARE_LT ? (int64_t)candidate.bits < (int64_t)best.bits
                                : (int64_t)candidate.bits > (int64_t)best.bits;
    if (value_is_exact_str(candidate) && value_is_exact_str(best)) {
        int order = str_compare_order(candidate, best);
        return op == COMPARE_LT ? order < 0 : order > 0;
    }
    return value_compare_bool(candidate, best, op);
}

// If both are numbers that need no care, *best becomes the better one; else false.
static inline bool keep_number(Value candidate, Value *best, CompareOperator op) {
    bool is_better;
    if (value_both_int(candidate, *best))
        is_better = better(candidate, *best, op) > 0;
    else if (value_is_flonum(candidate) && value_is_flonum(*best))
        is_better = op == COMPARE_LT ? value_flonum(candidate) < value_flonum(*best)
                                     : value_flonum(candidate) > value_flonum(*best);
    else
        return false;
    if (is_better)
        *best = candidate;
    return true;
}

// Of a list of numbers in a word, all of one kind, at one moment. VALUE_NULL: it is another one.
static Value extreme_of_words(List *list, CompareOperator op) {
    object_read_lock(&list->header);
    Value best = list->length ? list->items[0] : VALUE_NULL;
    int64_t i = value_is_int(best) || value_is_flonum(best) ? 1 : 0;
    for (; i && i < list->length; i++)
        if (!keep_number(list->items[i], &best, op))
            break;
    bool all = i == list->length;
    object_read_unlock(&list->header);
    return all ? best : VALUE_NULL;
}

// Of a list's items as an iterator would give them. VALUE_NULL (no error): it is empty.
static Value extreme_of_list(Value list, CompareOperator op) {
    ListCursor cursor;
    if (list_cursor_start(&cursor, list) < 0)
        return VALUE_NULL;
    Value best = list_cursor_next(&cursor), item;
    while (!value_is_null(best) && !value_is_null(item = list_cursor_next(&cursor))) {
        int status = better(item, best, op);
        ref_release(status > 0 ? best : item);
        if (status > 0)
            best = item;
        if (UNLIKELY(status < 0)) {
            ref_release(best);
            best = VALUE_NULL;
        }
    }
    list_cursor_end(&cursor);
    return best;
}

static Value extreme(const char *function, CompareOperator op, const Value *args, size_t nargs,
                     Value kwnames) {
    static const char *const names[] = {"key", "default", NULL};
    Value v[2] = {VALUE_NULL, VALUE_NULL};
    if (!value_is_null(kwnames) &&
        arguments_parse(function, args + nargs, 0, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    Value key = value_is_null(v[0]) || value_is_none(v[0]) ? VALUE_NULL : v[0];
    if (nargs == 0)
        return raise_type_error("%s expected at least 1 argument, got 0", function);
    if (nargs > 1 && !value_is_null(v[1]))
        return raise_type_error(
            "Cannot specify a default for %s() with multiple positional arguments", function);
    if (nargs == 1 && value_is_null(key) && value_is_exactly(args[0], &list_type)) {
        Value best = extreme_of_words(list_of(args[0]), op);
        if (LIKELY(!value_is_null(best)))
            return best;
        best = extreme_of_list(args[0], op);
        if (!value_is_null(best) || error_occurred())
            return best;
        return value_is_null(v[1]) ? raise_value_error("%s() arg is an empty sequence", function)
                                   : ref_new(v[1]);
    }
    Value iterator = nargs != 1           ? VALUE_NULL
                     : value_is_null(key) ? value_iter_at_once(args[0])
                                          : value_iter(args[0]);
    if (nargs == 1 && value_is_null(iterator))
        return VALUE_NULL;
    Value best = VALUE_NULL, best_key = VALUE_NULL;
    GeneratorRun run = {.iterator = iterator};
    for (size_t i = 0;; i++) {
        Value item = nargs == 1 ? step(&run) : i < nargs ? ref_new(args[i]) : VALUE_NULL;
        if (value_is_null(item))
            break;
        if (value_is_null(key) && keep_number(item, &best, op)) {
            best_key = best;
            continue;
        }
        generator_run_pause(&run);
        Value item_key = value_is_null(key) ? ref_new(item) : value_call_one(key, item);
        if (value_is_null(item_key)) {
            ref_release(item);
            goto fail;
        }
        int status = value_is_null(best) ? 1 : better(item_key, best_key, op);
        if (status > 0) {
            ref_release(best);
            ref_release(best_key);
            best = item;
            best_key = item_key;
        } else {
            ref_release(item);
            ref_release(item_key);
            if (status < 0)
                goto fail;
        }
    }
    if (error_occurred())
        goto fail;
    ref_release(iterator);
    ref_release(best_key);
    if (!value_is_null(best))
        return best;
    if (!value_is_null(v[1]))
        return ref_new(v[1]);
    return raise_value_error("%s() arg is an empty sequence", function);
fail:
    ref_release(iterator);
    ref_release(best);
    ref_release(best_key);
    return VALUE_NULL;
}
static Value builtin_max(Value self, const Value *args, size_t nargs, Value kwnames) {
    return extreme("max", COMPARE_GT, args, nargs, kwnames);
}
static Value builtin_min(Value self, const Value *args, size_t nargs, Value kwnames) {
    return extreme("min", COMPARE_LT, args, nargs, kwnames);
}

static Value builtin_sorted(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "reverse", NULL};
    Value v[2];
    if (nargs != 1)
        return raise_type_error("sorted expected 1 argument, got %zu", nargs);
    if (arguments_parse("sort", args + nargs, 0, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    Value list = list_from_iterable(args[0]);
    if (value_is_null(list))
        return list;
    int reverse = 0; // a number: its truth is not asked for
    if (int_argument(v[1], &reverse) < 0 ||
        list_sort(list, value_is_null(v[0]) ? VALUE_NONE : v[0], reverse != 0) < 0) {
        ref_release(list);
        return VALUE_NULL;
    }
    return list;
}

// Adds to *total, a number in a word, what a list of numbers in words of the same kind holds at one
// moment. False: it is another list, or the sum is no such number; *total is as it was.
static bool add_words(List *list, Value *total) {
    int64_t i = 0, whole = value_is_int(*total) ? value_int(*total) : 0;
    bool real = false, fits = true;
    double sum = 0;
    object_read_lock(&list->header);
    int64_t length = list->length;
    const Value *items = list->items;
    if (value_is_int(*total) && length && value_is_int(items[0])) {
        for (; i < length && value_is_int(items[i]) && fits; i++)
            fits = !__builtin_add_overflow(whole, value_int(items[i]), &whole);
    } else if (length && value_is_flonum(items[0]) &&
               (value_is_flonum(*total) || value_same(*total, value_from_int(0)))) {
        real = true;
        sum = value_is_flonum(*total) ? value_flonum(*total) : 0;
        for (; i < length && value_is_flonum(items[i]); i++)
            sum += value_flonum(items[i]);
    }
    object_read_unlock(&list->header);
    if (i < length || !fits || (!real && !value_int_fits(whole)))
        return false;
    if (length)
        *total = real ? float_new(sum) : value_from_int(whole);
    return true;
}

// total (consumed) and the items of a list.
static Value add_items(Value total, Value list) {
    ListCursor cursor;
    Value item;
    if (list_cursor_start(&cursor, list) < 0) {
        ref_release(total);
        return VALUE_NULL;
    }
    while (!value_is_null(total) && !value_is_null(item = list_cursor_next(&cursor))) {
        int64_t n;
        if (value_both_int(total, item) &&
            !__builtin_add_overflow((int64_t)(total.bits - 1), (int64_t)item.bits, &n)) {
            total.bits = (uint64_t)n;
            continue;
        }
        if (value_is_flonum(total) && value_is_flonum(item)) {
            total = float_new(value_flonum(total) + value_flonum(item));
            continue;
        }
        Value sum = value_binary(total, item, BINARY_ADD);
        ref_release(total);
        ref_release(item);
        total = sum;
    }
    list_cursor_end(&cursor);
    return total;
}

static Value builtin_sum(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "start", NULL};
    Value v[2];
    if (arguments_parse("sum", args, nargs, kwnames, names, 1, 2, 1, v) < 0)
        return VALUE_NULL;
    Value total = value_is_null(v[1]) ? value_from_int(0) : ref_new(v[1]);
    const char *refused = value_is_str(total) ? "sum() can't sum strings [use ''.join(seq) instead]"
                          : value_is_bytes(total)
                              ? "sum() can't sum bytes [use b''.join(seq) instead]"
                          : value_is_instance(total, &bytearray_type)
                              ? "sum() can't sum bytearray [use b''.join(seq) instead]"
                              : NULL;
    if (refused) {
        ref_release(total);
        return raise_type_error("%s", refused);
    }
    if (value_is_exactly(v[0], &list_type)) {
        bool word = value_is_int(total) || value_is_flonum(total);
        return word && add_words(list_of(v[0]), &total) ? total : add_items(total, v[0]);
    }
    Value iterator = value_iter_at_once(v[0]), item;
    if (value_is_null(iterator)) {
        ref_release(total);
        return iterator;
    }
    GeneratorRun run = {.iterator = iterator};
    while (!value_is_null(item = step(&run))) {
        int64_t n;
        if (value_both_int(total, item) &&
            !__builtin_add_overflow((int64_t)(total.bits - 1), (int64_t)item.bits, &n)) {
            total.bits = (uint64_t)n;
            continue;
        }
        if (value_is_flonum(total) && value_is_flonum(item)) {
            double sum = value_flonum(total);
            do
                sum += value_flonum(item);
            while (value_is_flonum(item = step(&run)));
            generator_run_pause(&run);
            total = float_new(sum);
            if (value_is_null(total) || value_is_null(item)) {
                ref_release(item);
                break;
            }
        }
        generator_run_pause(&run);
        Value sum = value_binary(total, item, BINARY_ADD);
        ref_release(total);
        ref_release(item);
        total = sum;
        if (value_is_null(sum))
            break;
    }
    ref_release(iterator);
    if (error_occurred()) {
        ref_release(total);
        return VALUE_NULL;
    }
    return total;
}

const NativeDef builtins_iter_functions[] = {
    DEF_ONE("all", builtin_all, "Whether every item is true."),
    DEF_ONE("any", builtin_any, "Whether some item is true."),
    DEF_VECTOR("max", builtin_max,
               "max(iterable, *, key=None[, default])\nmax(first, second, *more, key=None)\n\nThe "
               "largest item."),
    DEF_VECTOR("min", builtin_min,
               "min(iterable, *, key=None[, default])\nmin(first, second, *more, key=None)\n\nThe "
               "smallest item."),
    DEF_VECTOR("sorted", builtin_sorted, "A sorted list of the items."),
    DEF_VECTOR("sum", builtin_sum,
               "sum($module, iterable, /, start=0)\n--\n\nThe sum of the items."),
    DEF_END,
};
