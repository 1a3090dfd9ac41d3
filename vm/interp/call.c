// SPDX-License-Identifier: MIT
//
// Calling Python functions: binding arguments to parameters, and entering the loop from C.
#include "vm/interp/trace.h"
#include "vm/types/dict_table.h"
#include <stdio.h>

// ---- errors about arguments, in CPython's words ------------------------------------------

// 'a', 'b', and 'c' as CPython lists names in these messages.
static Value quoted_list(const Value *names, int64_t count) {
    StrBuilder b;
    str_builder_start(&b);
    for (int64_t i = 0; i < count; i++) {
        if (i > 0)
            str_builder_cstr(&b, count == 2 ? " and " : i == count - 1 ? ", and " : ", ");
        str_builder_char(&b, '\'');
        str_builder_str(&b, names[i]);
        str_builder_char(&b, '\'');
    }
    return str_builder_finish(&b);
}

static int raise_missing(Function *f, const char *kind, const Value *names, int64_t count) {
    Value list = quoted_list(names, count);
    if (value_is_null(list))
        return -1;
    raise_type_error("%V() missing %lld required %s argument%s: %V", f->qualname, (long long)count,
                     kind, count == 1 ? "" : "s", list);
    ref_release(list);
    return -1;
}

static int raise_too_many(Function *f, Code *code, int64_t given, int64_t keyword_only_given) {
    Value own = field_load(&f->header, &f->defaults);
    int64_t defaults = value_is_null(own) ? 0 : tuple_length(own);
    ref_release(own);
    int64_t takes = code->argument_count;
    bool plural = takes != 1;
    char expected[64];
    if (defaults) {
        snprintf(expected, sizeof expected, "from %lld to %lld", (long long)(takes - defaults),
                 (long long)takes);
        plural = true;
    } else {
        snprintf(expected, sizeof expected, "%lld", (long long)takes);
    }
    char extra[96] = "";
    if (keyword_only_given)
        snprintf(extra, sizeof extra, " positional argument%s (and %lld keyword-only argument%s)",
                 given != 1 ? "s" : "", (long long)keyword_only_given,
                 keyword_only_given != 1 ? "s" : "");
    raise_type_error("%V() takes %s positional argument%s but %lld%s %s given", f->qualname,
                     expected, plural ? "s" : "", (long long)given, extra,
                     given == 1 && !keyword_only_given ? "was" : "were");
    return -1;
}

static int64_t parameter_index(Code *code, Value name, int64_t begin, int64_t end) {
    Tuple *names = tuple_of(code->local_names);
    for (int64_t i = begin; i < end; i++)
        if (value_same(names->items[i], name))
            return i;
    for (int64_t i = begin; i < end; i++)
        if (str_equal(names->items[i], name))
            return i;
    return -1;
}

// Keywords that name positional-only parameters, when there is no ** to take them.
static int raise_positional_only(Function *f, Code *code, Value kwnames) {
    StrBuilder b;
    str_builder_start(&b);
    int64_t found = 0;
    for (int64_t i = 0; i < code->positional_only_count; i++) {
        Value parameter = tuple_item(code->local_names, i);
        for (int64_t k = 0; k < tuple_length(kwnames); k++)
            if (str_equal(tuple_item(kwnames, k), parameter)) {
                if (found++)
                    str_builder_cstr(&b, ", ");
                str_builder_str(&b, parameter);
            }
    }
    if (!found) {
        str_builder_discard(&b);
        return 0;
    }
    Value list = str_builder_finish(&b);
    if (!value_is_null(list))
        raise_type_error(
            "%V() got some positional-only arguments passed as keyword arguments: '%V'",
            f->qualname, list);
    ref_release(list);
    return -1;
}

// A keyword that no parameter takes.
static void raise_unexpected(Function *f, Code *code, Value name, Value kwnames) {
    if (raise_positional_only(f, code, kwnames) == 0)
        raise_type_error("%V() got an unexpected keyword argument '%V'", f->qualname, name);
}

// There are too many positional arguments; but what is wrong with the keywords is said first.
static void raise_surplus(Function *f, Code *code, int64_t positional, Value kwnames) {
    int64_t parameters = code->argument_count + code->keyword_only_count, keyword_only_given = 0;
    for (int64_t k = 0; !value_is_null(kwnames) && k < tuple_length(kwnames); k++) {
        Value name = tuple_item(kwnames, k);
        int64_t i = value_is_str(name)
                        ? parameter_index(code, name, code->positional_only_count, parameters)
                        : -1;
        if (!value_is_str(name))
            raise_type_error("%V() keywords must be strings", f->qualname);
        else if (i >= code->argument_count)
            keyword_only_given++;
        else if (i >= 0)
            raise_type_error("%V() got multiple values for argument '%V'", f->qualname, name);
        else if (!(code->flags & CODE_VARKEYWORDS))
            raise_unexpected(f, code, name, kwnames);
        if (error_occurred())
            return;
    }
    raise_too_many(f, code, positional, keyword_only_given);
}

// ---- binding --------------------------------------------------------------------------

// Methods of a str of a subclass, and of other keys, run Python code, whose frames lie where the
// callee is being made. Meanwhile its registers, and the keyword values, are out of the way, as
// local references.
typedef struct {
    Frame *callee;
    Value *given, *saved; // the callee's `locals` registers, then the `keywords` values
    int64_t locals, keywords;
    Value function;
} Aside;

static void move_aside(Value *registers, Value *saved, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        saved[i] = value_is_null(registers[i]) ? VALUE_NULL : reg_to_local(registers[i]);
        registers[i] = VALUE_NULL;
    }
}
static void move_back(Value *registers, const Value *saved, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        registers[i] = value_is_null(saved[i]) ? VALUE_NULL : reg_from_local(saved[i]);
}
static int callee_aside(Aside *aside) {
    aside->saved = buffer_allocate((size_t)(aside->locals + aside->keywords + 1) * sizeof(Value));
    if (!aside->saved) {
        raise_memory_error();
        return -1;
    }
    move_aside(&aside->callee->function, &aside->function, 1);
    move_aside(aside->callee->registers, aside->saved, aside->locals);
    move_aside(aside->given, aside->saved + aside->locals, aside->keywords);
    return 0;
}
static void callee_back(Aside *aside) {
    move_back(&aside->callee->function, &aside->function, 1);
    move_back(aside->callee->registers, aside->saved, aside->locals);
    move_back(aside->given, aside->saved + aside->locals, aside->keywords);
    buffer_free(aside->saved);
}

// Puts keyword k into the dict of **. 0, -1.
static int keep_extra(Aside *aside, Value dict, Value name, int64_t k) {
    if (LIKELY(value_is_exact_str(name) && dict_has_str_keys(dict)))
        return dict_set(dict, name, aside->given[k]);
    if (callee_aside(aside) < 0)
        return -1;
    int status = dict_set(dict, name, aside->saved[aside->locals + k]);
    callee_back(aside);
    return status;
}

// The default of a keyword-only parameter. New; VALUE_NULL if there is none, or with an exception.
static Value keyword_default(Aside *aside, Value kwdefaults, Value name) {
    Value v;
    if (LIKELY(dict_get_plainly(kwdefaults, name, &v)))
        return v;
    if (callee_aside(aside) < 0)
        return VALUE_NULL;
    v = dict_get(kwdefaults, name);
    callee_back(aside);
    return v;
}

int bind_arguments(Frame *callee, Code *code, size_t nargs, Value kwnames, Value rest) {
    Function *f = frame_function(callee);
    Value *R = callee->registers;
    int64_t keywords = value_is_null(kwnames) ? 0 : tuple_length(kwnames);
    int64_t positional = (int64_t)nargs - keywords;
    int64_t parameters = code->argument_count + code->keyword_only_count;
    int64_t filled = (int64_t)nargs; // registers that hold references of ours
    Value small[16], *given = NULL;  // the keyword values, moved out of the way
    Value extra_keywords = rest, varargs = VALUE_NULL, kwdefaults = VALUE_NULL;
    if (R + (filled > code->local_count ? filled : code->local_count) >
        thread_current()->stack_limit) {
        registers_clear(R, 0, (uint32_t)nargs);
        ref_release(rest);
        return thread_raise_recursion(""), -1;
    }
    if (keywords) {
        given = keywords <= 16 ? small : buffer_allocate((size_t)keywords * sizeof *given);
        if (!given) {
            raise_memory_error();
            goto fail;
        }
        for (int64_t i = 0; i < keywords; i++) {
            given[i] = R[positional + i];
            R[positional + i] = VALUE_NULL;
        }
        filled = positional;
    }
    // Surplus positional arguments: into *args, or too many.
    int64_t taken = positional < code->argument_count ? positional : code->argument_count;
    if (code->flags & CODE_VARARGS) {
        varargs = tuple_allocate(positional - taken);
        if (value_is_null(varargs))
            goto fail;
        for (int64_t i = taken; i < positional; i++) {
            tuple_of(varargs)->items[i - taken] = reg_to_local(R[i]);
            R[i] = VALUE_NULL;
        }
        filled = taken;
    }
    // From here on R[taken ..] are free, but for surplus arguments that will be complained about.
    if (!(code->flags & CODE_VARARGS) && positional > taken) {
        raise_surplus(f, code, positional, kwnames);
        goto fail;
    }
    for (int64_t i = taken; i < code->local_count; i++)
        R[i] = VALUE_NULL;
    filled = code->local_count;
    if (code->flags & CODE_VARARGS) {
        R[parameters] = reg_from_local(varargs);
        varargs = VALUE_NULL;
    }
    if (code->flags & CODE_VARKEYWORDS && LIKELY(value_is_null(extra_keywords))) {
        extra_keywords = dict_new();
        if (value_is_null(extra_keywords))
            goto fail;
    }
    Aside aside = {callee, given, NULL, code->local_count, keywords, VALUE_NULL};
    for (int64_t k = 0; k < keywords; k++) {
        Value name = tuple_item(kwnames, k);
        if (!value_is_str(name)) {
            raise_type_error("%V() keywords must be strings", f->qualname);
            goto fail;
        }
        int64_t i = parameter_index(code, name, code->positional_only_count, parameters);
        if (i >= 0) {
            if (!value_is_null(R[i])) {
                raise_type_error("%V() got multiple values for argument '%V'", f->qualname, name);
                goto fail;
            }
            R[i] = given[k];
            given[k] = VALUE_NULL;
        } else if (!value_is_null(extra_keywords)) {
            if (keep_extra(&aside, extra_keywords, name, k) < 0)
                goto fail;
        } else {
            raise_unexpected(f, code, name, kwnames);
            goto fail;
        }
    }
    // Defaults. They may be replaced meanwhile, but are not gone before the next safepoint.
    Value defaults = field_published(&f->defaults);
    int64_t default_count = value_is_null(defaults) ? 0 : tuple_length(defaults);
    int64_t first_default = code->argument_count - default_count;
    int64_t missing = 0;
    for (int64_t i = taken; i < code->argument_count; i++)
        if (value_is_null(R[i])) {
            if (i >= first_default)
                reg_copy(&R[i], tuple_item(defaults, i - first_default));
            else
                missing++;
        }
    if (missing) {
        Value names[missing];
        int64_t n = 0;
        for (int64_t i = taken; i < first_default && n < missing; i++)
            if (value_is_null(R[i]))
                names[n++] = tuple_item(code->local_names, i);
        raise_missing(f, "positional", names, missing);
        goto fail;
    }
    for (int64_t i = code->argument_count; i < parameters; i++) {
        if (!value_is_null(R[i]))
            continue;
        if (value_is_null(kwdefaults))
            kwdefaults = field_load(&f->header, &f->kwdefaults);
        if (!value_is_null(kwdefaults)) {
            Value v = keyword_default(&aside, kwdefaults, tuple_item(code->local_names, i));
            if (value_is_null(v) && error_occurred())
                goto fail;
            R[i] = reg_from_local(v);
        }
        if (value_is_null(R[i]))
            missing++;
    }
    if (missing) {
        Value names[missing];
        int64_t n = 0;
        for (int64_t i = code->argument_count; i < parameters; i++)
            if (value_is_null(R[i]))
                names[n++] = tuple_item(code->local_names, i);
        raise_missing(f, "keyword-only", names, missing);
        goto fail;
    }
    if (!value_is_null(extra_keywords))
        R[parameters + ((code->flags & CODE_VARARGS) != 0)] = reg_from_local(extra_keywords);
    if (given) {
        for (int64_t k = 0; k < keywords; k++)
            reg_release(given[k]);
        if (given != small)
            buffer_free(given);
    }
    ref_release(kwdefaults);
    return 0;

fail:
    registers_clear(R, 0, (uint32_t)filled);
    if (given) {
        for (int64_t k = 0; k < keywords; k++)
            reg_release(given[k]);
        if (given != small)
            buffer_free(given);
    }
    ref_release(varargs);
    ref_release(extra_keywords);
    ref_release(kwdefaults);
    return -1;
}

bool frame_refuse(Thread *thread, Frame *callee, const Code *code, uint32_t nargs) {
    bool no_room = callee->registers + code->register_count > thread->stack_limit;
    if (!no_room && thread_raise_recursion("") == 0)
        return false;
    if (no_room && !error_occurred())
        raise_error(&exception_RecursionError, "maximum recursion depth exceeded");
    registers_clear(callee->registers, 0, nargs);
    return true;
}

// ---- entering from C -------------------------------------------------------------------

// Pushes the prepared callee (function and arguments in place) as an entry frame and runs it.
static Value run_entry(Thread *thread, Frame *callee, Code *code, uint32_t nargs) {
    Frame *caller = thread->frame;
    object_lock_assert_none();
    if (thread_enter_recursive(" while calling a Python object") < 0) {
        registers_clear(callee->registers, 0, nargs);
        reg_clear(&callee->function);
        return VALUE_NULL;
    }
    uint64_t depth = caller ? caller->info >> 8 : 0;
    if (callee->registers + code->register_count > thread->stack_limit) {
        frame_refuse(thread, callee, code, nargs);
        reg_clear(&callee->function);
        thread_leave_recursive();
        return VALUE_NULL;
    }
    callee->previous_tagged = (uint64_t)caller | 1;
    callee->code_tagged = (uint64_t)code | 1;
    callee->pc_tagged = (uint64_t)code->instructions | 1;
    callee->object = VALUE_NULL;
    callee->info = (depth + 1) << 8 | 1 | FRAME_ENTRY;
    for (uint32_t i = nargs; i < code->local_count; i++)
        callee->registers[i] = VALUE_NULL;
    thread->frame = callee;
    Value result;
    if (UNLIKELY(THREAD_IS_WANTED(thread)) && thread_safepoint_slow() < 0)
        result = interp_run(thread, LOOP_THROW, NULL);
    else
        result = interp_run(thread, LOOP_START, NULL);
    thread_leave_recursive();
    return result;
}

Value interp_call_function(Function *function, const Value *args, size_t nargs, Value kwnames) {
    Thread *thread = thread_current();
    Frame *callee = (Frame *)stack_top(thread);
    Code *code = __atomic_load_n(&function->code, __ATOMIC_ACQUIRE);
    size_t total = nargs + (value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames));
    if (UNLIKELY(callee->registers + total + code->local_count > thread->stack_limit)) {
        raise_error(&exception_RecursionError, "maximum recursion depth exceeded");
        return VALUE_NULL;
    }
    callee->function = value_from_object(function);
    reg_retain(callee->function);
    for (size_t i = 0; i < total; i++) {
        reg_retain(args[i]);
        callee->registers[i] = args[i];
    }
    if (!(code->flags & CODE_SIMPLE) || total != code->argument_count || !value_is_null(kwnames)) {
        if (bind_arguments(callee, code, total, kwnames, VALUE_NULL) < 0) {
            reg_clear(&callee->function);
            return VALUE_NULL;
        }
        total = code->local_count;
    }
    return run_entry(thread, callee, code, (uint32_t)total);
}

// ---- f(*args, **keywords) ----------------------------------------------------------------

enum { KEYWORDS_FEW = 8 }; // so many are bound without memory for their values

// Whether a dict of keyword arguments can become what code has for its ** as it is: it has one, all
// keys are exact strs, and none names another parameter. Runs no Python code.
static bool takes_dict(const Code *code, Value keywords) {
    // To look for more names than that takes longer than to fill a dict.
    enum { NAMES_MAX = 4 };
    int64_t first = code->positional_only_count;
    int64_t end = code->argument_count + code->keyword_only_count;
    if (!(code->flags & CODE_VARKEYWORDS) || end - first > NAMES_MAX ||
        dict_length(keywords) == 0 || !dict_has_str_keys(keywords))
        return false;
    for (int64_t i = first; i < end; i++) {
        Value v;
        if (!dict_get_plainly(keywords, tuple_item(code->local_names, i), &v))
            return false;
        ref_release(v);
        if (!value_is_null(v))
            return false;
    }
    return true;
}

// The names and values of keyword arguments that are to be bound one by one: the names as a new
// tuple, the values pushed. VALUE_NULL if there are more than few, or with an exception.
static Value push_keywords(Value *registers, Value keywords) {
    DictEntry entries[KEYWORDS_FEW];
    int64_t count = dict_copy_small(dict_of(keywords), entries, KEYWORDS_FEW);
    if (count < 0)
        return VALUE_NULL;
    Value names = tuple_allocate(count);
    for (int64_t i = 0; i < count; i++) {
        if (value_is_null(names)) {
            ref_release(entries[i].key);
            ref_release(entries[i].value);
            continue;
        }
        tuple_of(names)->items[i] = entries[i].key;
        registers[i] = reg_from_local(entries[i].value);
    }
    return names;
}

// Puts function, and the parameters of code that interp_call_with_dict's other arguments give
// (keywords NULL: there are none), into callee: 1. 0 if it is to be called in another way, and
// nothing was done; -1 with an exception, and callee is empty.
static int bind_dict(Frame *callee, Value function, Code *code, Value self, Value args_tuple,
                     Value *keywords) {
    int64_t nargs = 0, count = tuple_length(args_tuple);
    if (UNLIKELY(callee->registers + count + 1 + KEYWORDS_FEW + code->local_count >
                 thread_current()->stack_limit))
        return 0;
    Value names = VALUE_NULL, rest = VALUE_NULL;
    if (keywords && dict_length(*keywords) == 0)
        keywords = NULL;
    if (keywords && takes_dict(code, *keywords)) {
        rest = reg_to_local(*keywords);
        *keywords = VALUE_NULL;
    } else if (keywords) {
        if (UNLIKELY(!dict_has_str_keys(*keywords)))
            return 0;
        names = push_keywords(callee->registers + !value_is_null(self) + count, *keywords);
        if (value_is_null(names))
            return error_occurred() ? -1 : 0;
    }
    reg_retain(function);
    callee->function = function;
    if (!value_is_null(self)) {
        reg_retain(self);
        callee->registers[nargs++] = self;
    }
    for (int64_t i = 0; i < count; i++) {
        Value argument = tuple_item(args_tuple, i);
        reg_retain(argument);
        callee->registers[nargs++] = argument;
    }
    if (!value_is_null(names))
        nargs += tuple_length(names);
    int status = bind_arguments(callee, code, (size_t)nargs, names, rest);
    ref_release(names);
    if (UNLIKELY(status < 0)) {
        reg_clear(&callee->function);
        return -1;
    }
    return 1;
}

static Code *function_code(Value function) {
    return __atomic_load_n(&((Function *)value_object(function))->code, __ATOMIC_ACQUIRE);
}

bool interp_call_with_dict(Value function, Value self, Value args_tuple, Value *keywords,
                           Value *result) {
    Thread *thread = thread_current();
    Frame *callee = (Frame *)stack_top(thread);
    Code *code = function_code(function);
    int status = bind_dict(callee, function, code, self, args_tuple, keywords);
    *result = status > 0 ? run_entry(thread, callee, code, code->local_count) : VALUE_NULL;
    return status != 0;
}

int interp_push_with_dict(Frame *callee, Value function, Value self, Value args_tuple,
                          Value *keywords) {
    Thread *thread = thread_current();
    Frame *caller = thread->frame;
    Code *code = function_code(function);
    int status = bind_dict(callee, function, code, self, args_tuple, keywords);
    if (UNLIKELY(status <= 0))
        return status;
    if (UNLIKELY(frame_too_deep(thread, caller, callee, code)) &&
        frame_refuse(thread, callee, code, code->local_count)) {
        reg_clear(&callee->function);
        return -1;
    }
    callee->previous_tagged = (uint64_t)caller | 1;
    callee->code_tagged = (uint64_t)code | 1;
    callee->pc_tagged = (uint64_t)code->instructions | 1;
    callee->info = ((caller->info >> 8) + 1) << 8 | 1 | FRAME_OPERATION;
    callee->object = VALUE_NULL;
    return 1;
}

Value interp_run_code(Code *code, Value globals, Value namespace, Value closure) {
    Thread *thread = thread_current();
    Value function = function_new(code, globals, VALUE_NULL);
    if (value_is_null(function))
        return VALUE_NULL;
    if (!value_is_null(closure))
        ((Function *)value_object(function))->closure = ref_new(closure);
    if (UNLIKELY(code->flags & CODE_OPTIMIZED)) {
        // A function's code has no namespace; it may want arguments, or make a generator.
        Value v = interp_call_function((Function *)value_object(function), NULL, 0, VALUE_NULL);
        ref_release(function);
        return v;
    }
    Frame *callee = (Frame *)stack_top(thread);
    if (UNLIKELY(callee->registers + code->local_count + 1 > thread->stack_limit)) {
        ref_release(function);
        raise_error(&exception_RecursionError, "maximum recursion depth exceeded");
        return VALUE_NULL;
    }
    callee->function = reg_from_local(function);
    uint32_t filled = 0;
    if (code->flags & CODE_HAS_NAMESPACE) {
        reg_retain(namespace);
        callee->registers[0] = namespace;
        filled = 1;
    }
    return run_entry(thread, callee, code, filled);
}
