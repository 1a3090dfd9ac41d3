// SPDX-License-Identifier: MIT
//
// re.Match: where a pattern and its groups matched.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static inline size_t match_size(int64_t groups) {
    return sizeof(SreMatch) + 2 * (size_t)groups * sizeof(int64_t);
}

Value sre_match_new(const SreMatcher *m, Value pattern, Value holder, Value string,
                    int64_t position, int64_t end_position) {
    int64_t groups = (int64_t)m->program->group_count + 1;
    SreMatch *match = object_allocate_sized(&sre_match_type, match_size(groups));
    if (UNLIKELY(!match))
        return VALUE_NULL;
    match->string = ref_new(string);
    match->pattern = pattern;
    match->holder = ref_new(holder);
    match->position = value_from_int(position);
    match->end_position = value_from_int(end_position);
    match->regs = VALUE_NULL;
    match->last_index = (int32_t)m->last_index;
    match->group_count = (int32_t)groups;
    match->marks[0] = sre_offset(m, m->match_start);
    match->marks[1] = sre_offset(m, m->match_end);
    for (int64_t i = 1; i < groups; i++) {
        const void *start = m->marks[2 * i - 2], *end = m->marks[2 * i - 1];
        bool set = start && end && start <= end;
        match->marks[2 * i] = set ? sre_offset(m, start) : -1;
        match->marks[2 * i + 1] = set ? sre_offset(m, end) : -1;
    }
    return value_from_object(match);
}

// The text of a group, or `fallback` (new reference).
static Value group_text(SreMatch *match, int64_t group, Value fallback) {
    int64_t start = match->marks[2 * group], end = match->marks[2 * group + 1];
    if (start < 0)
        return ref_new(fallback);
    SreText text;
    if (sre_text_get(match->string, &text, false) < 0)
        return VALUE_NULL;
    // A bytearray may have become shorter.
    start = start < text.length ? start : text.length;
    end = end < text.length ? end : text.length;
    Value result = sre_slice(&text, match->string, start, end);
    sre_text_release(&text);
    return result;
}

// The number of the group that `which` means. -1: IndexError.
static int64_t group_number(SreMatch *match, Value which) {
    int64_t number = -1;
    if (value_is_int(which)) {
        number = value_int(which);
    } else if (value_type(which)->index) {
        if (value_to_size_clamped(which, &number) < 0)
            return -1;
    } else {
        Value found = dict_get(sre_pattern_of(match->pattern)->group_index, which);
        if (!value_is_null(found) && value_is_any_int(found) && !int_to_i64(found, &number))
            number = -1;
        ref_release(found);
    }
    if (number >= 0 && number < match->group_count)
        return number;
    if (!error_occurred()) // asking the dict may have raised one: what cannot be hashed
        raise_error(&exception_IndexError, "no such group");
    return -1;
}

static Value match_getitem(Value self, Value which) {
    int64_t group = group_number(sre_match_of(self), which);
    return group < 0 ? VALUE_NULL : group_text(sre_match_of(self), group, VALUE_NONE);
}

static Value match_group(Value self, const Value *args, size_t nargs) {
    if (nargs == 0)
        return group_text(sre_match_of(self), 0, VALUE_NONE);
    if (nargs == 1)
        return match_getitem(self, args[0]);
    Value result = tuple_allocate((int64_t)nargs);
    for (size_t i = 0; !value_is_null(result) && i < nargs; i++) {
        Value text = match_getitem(self, args[i]);
        field_init(&tuple_of(result)->items[i], text);
        if (value_is_null(text)) {
            ref_release(result);
            return VALUE_NULL;
        }
    }
    return result;
}

static int parse_default(const char *function, const Value *args, size_t nargs, Value kwnames,
                         Value *fallback) {
    static const char *const names[] = {"default", NULL};
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 1, 0, fallback) < 0)
        return -1;
    if (value_is_null(*fallback))
        *fallback = VALUE_NONE;
    return 0;
}

static Value match_groups(Value self, const Value *args, size_t nargs, Value kwnames) {
    SreMatch *match = sre_match_of(self);
    Value fallback;
    if (parse_default("groups", args, nargs, kwnames, &fallback) < 0)
        return VALUE_NULL;
    Value result = tuple_allocate(match->group_count - 1);
    for (int64_t i = 1; !value_is_null(result) && i < match->group_count; i++) {
        Value text = group_text(match, i, fallback);
        field_init(&tuple_of(result)->items[i - 1], text);
        if (value_is_null(text)) {
            ref_release(result);
            return VALUE_NULL;
        }
    }
    return result;
}

static Value match_groupdict(Value self, const Value *args, size_t nargs, Value kwnames) {
    SreMatch *match = sre_match_of(self);
    Value fallback, index = sre_pattern_of(match->pattern)->group_index;
    if (parse_default("groupdict", args, nargs, kwnames, &fallback) < 0)
        return VALUE_NULL;
    Value result = dict_new(), name;
    int64_t position = 0;
    int status = value_is_null(result) ? -1 : 0;
    while (status == 0 && dict_next(index, &position, &name, NULL, NULL)) {
        int64_t group = group_number(match, name);
        Value text = group < 0 ? VALUE_NULL : group_text(match, group, fallback);
        status = value_is_null(text) ? -1 : dict_set(result, name, text);
        ref_release(text);
        ref_release(name);
    }
    if (status == 0)
        return result;
    ref_release(result);
    return VALUE_NULL;
}

// ---- positions ---------------------------------------------------------------------------

static Value match_start(Value self, const Value *args, size_t nargs) {
    int64_t group = nargs ? group_number(sre_match_of(self), args[0]) : 0;
    return group < 0 ? VALUE_NULL : value_from_int(sre_match_of(self)->marks[2 * group]);
}
static Value match_end(Value self, const Value *args, size_t nargs) {
    int64_t group = nargs ? group_number(sre_match_of(self), args[0]) : 0;
    return group < 0 ? VALUE_NULL : value_from_int(sre_match_of(self)->marks[2 * group + 1]);
}
static Value span_of(SreMatch *match, int64_t group) {
    return tuple_pair_owned(value_from_int(match->marks[2 * group]),
                            value_from_int(match->marks[2 * group + 1]));
}
static Value match_span(Value self, const Value *args, size_t nargs) {
    int64_t group = nargs ? group_number(sre_match_of(self), args[0]) : 0;
    return group < 0 ? VALUE_NULL : span_of(sre_match_of(self), group);
}

static Value match_regs(Value self) {
    SreMatch *match = sre_match_of(self);
    Value regs = field_load(&match->header, &match->regs);
    if (!value_is_null(regs))
        return regs;
    regs = tuple_allocate(match->group_count);
    for (int64_t i = 0; !value_is_null(regs) && i < match->group_count; i++) {
        Value span = span_of(match, i);
        field_init(&tuple_of(regs)->items[i], span);
        if (value_is_null(span)) {
            ref_release(regs);
            return VALUE_NULL;
        }
    }
    if (!value_is_null(regs))
        field_store(&match->header, &match->regs, ref_new(regs));
    return regs;
}

static Value match_lastindex(Value self) {
    int64_t last = sre_match_of(self)->last_index;
    return last < 0 ? none_new() : value_from_int(last);
}
static Value borrow_lastgroup(Value self) {
    SreMatch *match = sre_match_of(self);
    Value names = sre_pattern_of(match->pattern)->index_group;
    if (match->last_index < 0 || match->last_index >= tuple_length(names))
        return VALUE_NONE;
    return tuple_item(names, match->last_index);
}
static Value match_lastgroup(Value self) {
    return ref_new(borrow_lastgroup(self));
}

// ---- the object --------------------------------------------------------------------------

static Value match_expand(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"template", NULL};
    Value template;
    if (arguments_parse("expand", args, nargs, kwnames, names, 0, 1, 1, &template) < 0)
        return VALUE_NULL;
    Value arguments[3] = {sre_match_of(self)->pattern, self, template};
    return sre_call_re("_expand", arguments, 3);
}

static Value match_same(Value self) {
    return ref_new(self);
}
static Value match_deepcopy(Value self, Value memo) {
    return ref_new(self);
}

static Value match_repr(Value self) {
    SreMatch *match = sre_match_of(self);
    Value text = group_text(match, 0, VALUE_NONE);
    Value shown = value_is_null(text) ? VALUE_NULL : value_repr(text);
    ref_release(text);
    if (value_is_null(shown))
        return VALUE_NULL;
    int64_t length = str_length(shown);
    Value part = str_substring(shown, 0, length < 50 ? length : 50);
    ref_release(shown);
    if (value_is_null(part))
        return VALUE_NULL;
    Value result = str_format("<re.Match object; span=(%lld, %lld), match=%V>",
                              (long long)match->marks[0], (long long)match->marks[1], part);
    ref_release(part);
    return result;
}

static void match_destroy(Object *self) {
    SreMatch *match = (SreMatch *)self;
    ref_release(match->string);
    ref_release(match->holder);
    ref_release(match->regs);
    object_free(self, match_size(match->group_count));
}

static void match_traverse(Object *self, GcVisitor *visitor) {
    SreMatch *match = (SreMatch *)self;
    gc_visit(visitor, match->string);
    gc_visit(visitor, match->holder);
    gc_visit(visitor, match->regs);
}

static const NativeDef match_methods[] = {
    DEF_FIXED(
        "group", match_group, 0, -1,
        "group([group1, ...]) -> str or tuple.\n\n"
        "The texts of the groups of these numbers or names; without any, of the whole match."),
    DEF_FIXED("start", match_start, 0, 1,
              "start($self, group=0, /)\n--\n\nWhere the text of the group begins."),
    DEF_FIXED("end", match_end, 0, 1,
              "end($self, group=0, /)\n--\n\nWhere the text of the group ends."),
    DEF_FIXED("span", match_span, 0, 1,
              "span($self, group=0, /)\n--\n\nWhere the text of the group begins and ends."),
    DEF_VECTOR("groups", match_groups,
               "groups($self, /, default=None)\n--\n\nThe texts of all groups."),
    DEF_VECTOR("groupdict", match_groupdict,
               "groupdict($self, /, default=None)\n--\n\nThe texts of the named groups by name."),
    DEF_VECTOR("expand", match_expand,
               "expand($self, /, template)\n--\n\n"
               "The template with the texts of groups put into it, as sub() does."),
    DEF_NONE("__copy__", match_same, "__copy__($self, /)\n--\n\nThe match itself."),
    DEF_ONE("__deepcopy__", match_deepcopy,
            "__deepcopy__($self, memo, /)\n--\n\nThe match itself."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A form of the type with the type of its texts."),
    DEF_END,
};

static const MemberDef match_members[] = {
    {"string", offsetof(SreMatch, string), true, false},
    {"re", offsetof(SreMatch, pattern), true, false},
    {"pos", offsetof(SreMatch, position), true, false},
    {"endpos", offsetof(SreMatch, end_position), true, false},
    {NULL},
};

static const GetSetDef match_getsets[] = {
    {"lastindex", match_lastindex, NULL, "The number of the group that was closed last, or None."},
    {"lastgroup", match_lastgroup, NULL, "Its name, or None.", borrow_lastgroup},
    {"regs", match_regs, NULL, "The spans of all groups."},
    {NULL},
};

Type sre_match_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "re.Match",
    .basic_size = sizeof(SreMatch),
    .item_size = sizeof(int64_t),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .doc = "What a search found. Always true.",
    .destroy = match_destroy,
    .traverse = match_traverse,
    .repr = match_repr,
    .getitem = match_getitem,
    .methods = match_methods,
    .members = match_members,
    .getsets = match_getsets,
};
