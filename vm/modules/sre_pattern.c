// SPDX-License-Identifier: MIT
//
// re.Pattern: a program and what it was made from. Substitution is in sre_substitute.c.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <stdio.h>

// ---- texts -------------------------------------------------------------------------------

int sre_text_get(Value v, SreText *text, bool lasting) {
    static const uint8_t nothing[4];
    text->view.owner = VALUE_NULL;
    if (LIKELY(value_is_str(v))) {
        text->data = str_data(v);
        text->length = str_length(v);
        text->kind = str_kind(v);
        text->is_bytes = false;
        return 0;
    }
    text->kind = 0;
    text->is_bytes = true;
    if (value_is_exactly(v, &bytes_type)) {
        text->data = bytes_data(v);
        text->length = bytes_length(v);
        return 0;
    }
    if (!value_is_object(v) || !value_type(v)->get_buffer ||
        (lasting ? buffer_view_get(v, &text->view, false) : buffer_view_get_brief(v, &text->view)) <
            0) {
        error_clear();
        return raise_int(&exception_TypeError, "expected string or bytes-like object, got '%T'", v);
    }
    text->data = text->view.data ? text->view.data : nothing;
    text->length = text->view.length;
    return 0;
}

void sre_text_release(SreText *text) {
    if (UNLIKELY(!value_is_null(text->view.owner)))
        buffer_view_release(&text->view);
}

int sre_pattern_text(Value pattern, Value string, SreText *text, bool lasting) {
    int is_bytes = sre_pattern_of(pattern)->is_bytes;
    if (sre_text_get(string, text, lasting) < 0)
        return -1;
    if (LIKELY(is_bytes < 0 || is_bytes == text->is_bytes))
        return 0;
    sre_text_release(text);
    return raise_int(&exception_TypeError,
                     is_bytes ? "cannot use a bytes pattern on a string-like object"
                              : "cannot use a string pattern on a bytes-like object");
}

void sre_clamp(int64_t length, int64_t *start, int64_t *end) {
    *start = *start < 0 ? 0 : *start > length ? length : *start;
    *end = *end < 0 ? 0 : *end > length ? length : *end;
}

Value sre_slice(const SreText *text, Value string, int64_t start, int64_t end) {
    if (!text->is_bytes)
        return str_substring(string, start, end);
    if (start == 0 && end == text->length && value_is_exactly(string, &bytes_type))
        return ref_new(string);
    return bytes_new((const uint8_t *)text->data + start, (size_t)(end - start));
}

Value sre_group_text(const SreMatcher *m, const SreText *text, Value string, uint32_t group,
                     Value fallback) {
    const void *start = m->match_start, *end = m->match_end;
    if (group) {
        start = m->marks[2 * group - 2];
        end = m->marks[2 * group - 1];
        if (!start || !end || end < start)
            return ref_new(fallback);
    }
    return sre_slice(text, string, sre_offset(m, start), sre_offset(m, end));
}

// ---- one match ---------------------------------------------------------------------------

typedef struct {
    Value string;
    int64_t start, end;
} Span;

static int parse_span(const char *function, const Value *args, size_t nargs, Value kwnames,
                      Span *span) {
    *span = (Span){VALUE_NULL, 0, INT64_MAX};
    if (LIKELY(nargs == 1 && value_is_null(kwnames))) {
        span->string = args[0];
        return 0;
    }
    static const char *const names[] = {"string", "pos", "endpos", NULL};
    Value v[3];
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 3, 1, v) < 0)
        return -1;
    span->string = v[0];
    if (!value_is_null(v[1]) && size_argument(v[1], &span->start) < 0)
        return -1;
    return value_is_null(v[2]) ? 0 : size_argument(v[2], &span->end);
}

typedef enum { MATCH, FULLMATCH, SEARCH } How;

static Value match_once(const char *function, How how, Value self, const Value *args, size_t nargs,
                        Value kwnames) {
    Span span;
    SreText text;
    if (parse_span(function, args, nargs, kwnames, &span) < 0 ||
        sre_pattern_text(self, span.string, &text, false) < 0)
        return VALUE_NULL;
    sre_clamp(text.length, &span.start, &span.end);
    SreMatcher m;
    Value result = VALUE_NULL;
    if (sre_matcher_start(&m, sre_pattern_of(self)->program, &text, span.end) == 0) {
        m.whole = how == FULLMATCH;
        int found = how == SEARCH ? sre_search(&m, span.start) : sre_match_at(&m, span.start);
        if (found >= 0)
            result = found ? sre_match_new(&m, self, self, span.string, span.start, span.end)
                           : none_new();
        sre_matcher_finish(&m);
    }
    sre_text_release(&text);
    return result;
}

static Value pattern_match(Value self, const Value *args, size_t nargs, Value kwnames) {
    return match_once("match", MATCH, self, args, nargs, kwnames);
}
static Value pattern_fullmatch(Value self, const Value *args, size_t nargs, Value kwnames) {
    return match_once("fullmatch", FULLMATCH, self, args, nargs, kwnames);
}
static Value pattern_search(Value self, const Value *args, size_t nargs, Value kwnames) {
    return match_once("search", SEARCH, self, args, nargs, kwnames);
}

// ---- all matches -------------------------------------------------------------------------

// After a match: the next one may not be empty at its end if it was empty itself.
static int64_t step_on(SreMatcher *m) {
    m->advance = m->match_end == m->match_start ? m->match_end : NULL;
    return sre_offset(m, m->match_end);
}

static Value found_item(const SreMatcher *m, const SreText *text, Value string, Value empty) {
    uint32_t groups = m->program->group_count;
    if (groups <= 1)
        return sre_group_text(m, text, string, groups, empty);
    Value item = tuple_allocate(groups);
    for (uint32_t i = 0; !value_is_null(item) && i < groups; i++) {
        Value part = sre_group_text(m, text, string, i + 1, empty);
        field_init(&tuple_of(item)->items[i], part);
        if (value_is_null(part)) {
            ref_release(item);
            return VALUE_NULL;
        }
    }
    return item;
}

static Value pattern_findall(Value self, const Value *args, size_t nargs, Value kwnames) {
    Span span;
    SreText text;
    if (parse_span("findall", args, nargs, kwnames, &span) < 0 ||
        sre_pattern_text(self, span.string, &text, false) < 0)
        return VALUE_NULL;
    sre_clamp(text.length, &span.start, &span.end);
    SreMatcher m;
    Value list = list_new(), empty = text.is_bytes ? bytes_new("", 0) : str_empty();
    int status = value_is_null(list) || value_is_null(empty) ? -1 : 0;
    if (status == 0)
        status = sre_matcher_start(&m, sre_pattern_of(self)->program, &text, span.end);
    if (status == 0) {
        int64_t from = span.start;
        while ((status = sre_search(&m, from)) > 0) {
            Value item = found_item(&m, &text, span.string, empty);
            if (value_is_null(item) || list_append_owned(list, item) < 0) {
                status = -1;
                break;
            }
            from = step_on(&m);
        }
        sre_matcher_finish(&m);
    }
    ref_release(empty);
    sre_text_release(&text);
    if (status == 0)
        return list;
    ref_release(list);
    return VALUE_NULL;
}

static Value pattern_split(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"string", "maxsplit", NULL};
    Value v[2];
    int64_t most = 0, count = 0, from = 0, last = 0;
    SreText text;
    if (arguments_parse("split", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        (!value_is_null(v[1]) && size_argument(v[1], &most) < 0) ||
        sre_pattern_text(self, v[0], &text, false) < 0)
        return VALUE_NULL;
    SreMatcher m;
    Value list = list_new();
    int status = value_is_null(list) ? -1 : 0;
    if (status == 0)
        status = sre_matcher_start(&m, sre_pattern_of(self)->program, &text, text.length);
    if (status == 0) {
        while (most == 0 || count < most) {
            status = sre_search(&m, from);
            if (status <= 0)
                break;
            int64_t start = sre_offset(&m, m.match_start);
            Value item = sre_slice(&text, v[0], last, start);
            status = value_is_null(item) ? -1 : list_append_owned(list, item);
            for (uint32_t i = 1; status == 0 && i <= m.program->group_count; i++) {
                item = sre_group_text(&m, &text, v[0], i, VALUE_NONE);
                status = value_is_null(item) ? -1 : list_append_owned(list, item);
            }
            if (status < 0)
                break;
            last = from = step_on(&m);
            count++;
        }
        sre_matcher_finish(&m);
    }
    if (status >= 0) {
        Value item = sre_slice(&text, v[0], last, text.length);
        status = value_is_null(item) ? -1 : list_append_owned(list, item);
    }
    sre_text_release(&text);
    if (status >= 0)
        return list;
    ref_release(list);
    return VALUE_NULL;
}

static Value pattern_scanner(Value self, const Value *args, size_t nargs, Value kwnames) {
    Span span;
    if (parse_span("scanner", args, nargs, kwnames, &span) < 0)
        return VALUE_NULL;
    return sre_scanner_new(self, span.string, span.start, span.end);
}

static Value pattern_finditer(Value self, const Value *args, size_t nargs, Value kwnames) {
    Span span;
    if (parse_span("finditer", args, nargs, kwnames, &span) < 0)
        return VALUE_NULL;
    Value scanner = sre_scanner_new(self, span.string, span.start, span.end);
    if (value_is_null(scanner))
        return VALUE_NULL;
    Value search = value_getattr_cstr(scanner, "search");
    ref_release(scanner);
    if (value_is_null(search))
        return VALUE_NULL;
    Value iterator = callable_iterator_new(search, VALUE_NONE);
    ref_release(search);
    return iterator;
}

static Value substitute(const char *function, Value self, const Value *args, size_t nargs,
                        Value kwnames, bool with_count) {
    static const char *const names[] = {"repl", "string", "count", NULL};
    Value v[3];
    int64_t count = 0;
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 3, 2, v) < 0 ||
        (!value_is_null(v[2]) && size_argument(v[2], &count) < 0))
        return VALUE_NULL;
    return sre_substitute(self, v[0], v[1], count, with_count);
}
static Value pattern_sub(Value self, const Value *args, size_t nargs, Value kwnames) {
    return substitute("sub", self, args, nargs, kwnames, false);
}
static Value pattern_subn(Value self, const Value *args, size_t nargs, Value kwnames) {
    return substitute("subn", self, args, nargs, kwnames, true);
}

// ---- the object --------------------------------------------------------------------------

Value sre_call_re(const char *function, const Value *args, size_t nargs) {
    Value module = import_module_cstr("re");
    if (value_is_null(module))
        return VALUE_NULL;
    Value callable = value_getattr_cstr(module, function);
    ref_release(module);
    if (value_is_null(callable))
        return VALUE_NULL;
    Value result = value_call(callable, args, nargs, VALUE_NULL);
    ref_release(callable);
    return result;
}

static Value pattern_same(Value self) {
    return ref_new(self);
}
static Value pattern_deepcopy(Value self, Value memo) {
    return ref_new(self);
}
static Value pattern_group_index(Value self) {
    return mapping_proxy_new(sre_pattern_of(self)->group_index);
}

static Value pattern_repr(Value self) {
    static const struct {
        int64_t flag;
        const char *name;
    } names[] = {
        {FLAG_TEMPLATE, "re.TEMPLATE"}, {FLAG_IGNORECASE, "re.IGNORECASE"},
        {FLAG_LOCALE, "re.LOCALE"},     {FLAG_MULTILINE, "re.MULTILINE"},
        {FLAG_DOTALL, "re.DOTALL"},     {FLAG_UNICODE, "re.UNICODE"},
        {FLAG_VERBOSE, "re.VERBOSE"},   {FLAG_DEBUG, "re.DEBUG"},
        {FLAG_ASCII, "re.ASCII"},
    };
    SrePattern *p = sre_pattern_of(self);
    int64_t flags = value_int(p->flags);
    // A pattern made from a str says nothing about the flag it has anyway.
    if (p->is_bytes == 0 && (flags & (FLAG_LOCALE | FLAG_UNICODE | FLAG_ASCII)) == FLAG_UNICODE)
        flags &= ~(int64_t)FLAG_UNICODE;
    Value text = value_repr(p->pattern);
    if (value_is_null(text))
        return VALUE_NULL;
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, "re.compile(");
    int64_t length = str_length(text);
    str_builder_substring(&b, text, 0, length < 200 ? length : 200);
    ref_release(text);
    const char *separator = ", ";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (flags & names[i].flag) {
            str_builder_cstr(&b, separator);
            str_builder_cstr(&b, names[i].name);
            separator = "|";
            flags &= ~names[i].flag;
        }
    }
    if (flags) {
        char rest[24];
        snprintf(rest, sizeof rest, "0x%llx", (unsigned long long)flags);
        str_builder_cstr(&b, separator);
        str_builder_cstr(&b, rest);
    }
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

static int64_t pattern_hash(Value self) {
    SrePattern *p = sre_pattern_of(self);
    int64_t hash = __atomic_load_n(&p->hash, __ATOMIC_RELAXED);
    if (hash)
        return hash;
    hash = value_hash(p->pattern);
    if (hash == -1 && error_occurred())
        return -1;
    hash ^= hash_buffer(p->program->code, (size_t)p->program->code_length * sizeof(uint32_t));
    hash ^= value_int(p->flags) ^ p->is_bytes ^ value_int(p->groups);
    if (hash == -1 || hash == 0)
        hash = -2;
    __atomic_store_n(&p->hash, hash, __ATOMIC_RELAXED);
    return hash;
}

static Value pattern_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &sre_pattern_type))
        return not_implemented_new();
    SrePattern *a = sre_pattern_of(self), *b = sre_pattern_of(other);
    bool same = a == b;
    if (!same && value_same(a->flags, b->flags) && a->is_bytes == b->is_bytes &&
        value_same(a->groups, b->groups) && a->program->code_length == b->program->code_length &&
        memcmp(a->program->code, b->program->code,
               (size_t)a->program->code_length * sizeof(uint32_t)) == 0) {
        int equal = value_equals(a->pattern, b->pattern);
        if (equal < 0)
            return VALUE_NULL;
        same = equal;
    }
    return bool_new(same == (op == COMPARE_EQ));
}

static void pattern_destroy(Object *self) {
    SrePattern *p = (SrePattern *)self;
    ref_release(p->pattern);
    ref_release(p->group_index);
    ref_release(p->index_group);
    ref_release(p->replacement);
    if (p->program)
        sre_program_free(p->program);
    object_free_fixed(self);
}

static void pattern_traverse(Object *self, GcVisitor *visitor) {
    SrePattern *p = (SrePattern *)self;
    gc_visit(visitor, p->pattern);
    gc_visit(visitor, p->group_index);
    gc_visit(visitor, p->index_group);
    gc_visit(visitor, p->replacement);
}

#define SPAN "($self, /, string, pos=0, endpos=sys.maxsize)\n--\n\n"

static const NativeDef pattern_methods[] = {
    DEF_VECTOR("match", pattern_match, "match" SPAN "A match at the beginning of string, or None."),
    DEF_VECTOR("fullmatch", pattern_fullmatch,
               "fullmatch" SPAN "A match of all of string, or None."),
    DEF_VECTOR("search", pattern_search, "search" SPAN "The first match in string, or None."),
    DEF_VECTOR("sub", pattern_sub,
               "sub($self, /, repl, string, count=0)\n--\n\n"
               "The string with its first count matches replaced (0: all of them)."),
    DEF_VECTOR("subn", pattern_subn,
               "subn($self, /, repl, string, count=0)\n--\n\n"
               "What sub() gives, and how many matches it replaced."),
    DEF_VECTOR("findall", pattern_findall,
               "findall" SPAN "The texts of all matches that do not overlap; of their groups, if "
               "there are any."),
    DEF_VECTOR("split", pattern_split,
               "split($self, /, string, maxsplit=0)\n--\n\n"
               "The texts between matches, and those of the groups."),
    DEF_VECTOR("finditer", pattern_finditer,
               "finditer" SPAN "An iterator over all matches that do not overlap."),
    DEF_VECTOR("scanner", pattern_scanner, "scanner" SPAN "What gives one match after the other."),
    DEF_NONE("__copy__", pattern_same, "__copy__($self, /)\n--\n\nThe pattern itself."),
    DEF_ONE("__deepcopy__", pattern_deepcopy,
            "__deepcopy__($self, memo, /)\n--\n\nThe pattern itself."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A form of the type with the type of its texts."),
    DEF_END,
};

static const MemberDef pattern_members[] = {
    {"pattern", offsetof(SrePattern, pattern), true, false},
    {"flags", offsetof(SrePattern, flags), true, false},
    {"groups", offsetof(SrePattern, groups), true, false},
    {NULL},
};

static const GetSetDef pattern_getsets[] = {
    {"groupindex", pattern_group_index, NULL, "The numbers of the groups by their names."},
    {NULL},
};

Type sre_pattern_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "re.Pattern",
    .basic_size = sizeof(SrePattern),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .doc = "A compiled regular expression.",
    .destroy = pattern_destroy,
    .traverse = pattern_traverse,
    .repr = pattern_repr,
    .hash = pattern_hash,
    .compare = pattern_compare,
    .methods = pattern_methods,
    .members = pattern_members,
    .getsets = pattern_getsets,
};
