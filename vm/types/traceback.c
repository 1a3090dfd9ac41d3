// SPDX-License-Identifier: MIT
//
// Traceback objects, and the text that is shown for an exception nobody caught: its traceback
// with source lines and markers, the chain of causes and contexts, notes.
//
// A traceback's fields are set before it is seen; `next` alone can be assigned later, under its
// lock.
#include "vm/interp/code.h"
#include "vm/interp/frame.h"
#include "vm/interp/frame_object.h"
#include "vm/parse/parse.h"
#include "vm/parse/source.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/exceptions_internal.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/str_utf8.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <stdio.h>
#include <stdlib.h>

static inline Traceback *traceback_of(Value v) {
    return (Traceback *)value_object(v);
}

// ---- the type -----------------------------------------------------------------------------

static void traceback_destroy(Object *self) {
    Traceback *t = (Traceback *)self;
    ref_release(t->frame);
    ref_release(t->next);
    object_free_exact(self, sizeof(Traceback), HEAP_CONTAINER);
}
static void traceback_clear(Object *self) {
    Traceback *t = (Traceback *)self;
    Value next = t->next;
    t->next = VALUE_NULL;
    ref_release(next);
}
static void traceback_traverse(Object *self, GcVisitor *visitor) {
    Traceback *t = (Traceback *)self;
    gc_visit(visitor, t->frame);
    gc_visit(visitor, t->next);
}
static Value traceback_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"tb_next", "tb_frame", "tb_lasti", "tb_lineno", NULL};
    Value given[4];
    int last, line;
    if (arguments_parse("TracebackType", args, nargs, kwnames, names, 0, 4, 4, given) < 0)
        return VALUE_NULL;
    if (!value_is_exactly(given[1], &frame_type))
        return raise_type_error("TracebackType() argument 'tb_frame' must be frame, not %G",
                                given[1]);
    if (int_argument(given[2], &last) < 0 || int_argument(given[3], &line) < 0)
        return VALUE_NULL;
    if (!value_is_none(given[0]) && !value_is_exactly(given[0], &traceback_type))
        return raise_type_error("expected traceback object or None, got '%T'", given[0]);
    Traceback *t = object_allocate(type);
    if (!t)
        return raise_memory_error();
    t->next = value_is_none(given[0]) ? VALUE_NULL : ref_new(given[0]);
    t->frame = ref_new(given[1]);
    t->last = last;
    t->line = line;
    return value_from_object(t);
}
static Value get_next(Value self) {
    Value v = field_load(value_object(self), &traceback_of(self)->next);
    return value_is_null(v) ? none_new() : v;
}
static int set_tb_next(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "can't delete tb_next attribute");
    if (!value_is_none(value) && !value_is_exactly(value, &traceback_type))
        return raise_int(&exception_TypeError, "expected traceback object, got '%T'", value);
    for (Value walk = value; value_is_object(walk) && !value_is_none(walk);
         walk = traceback_of(walk)->next)
        if (value_same(walk, self))
            return raise_int(&exception_ValueError, "traceback loop detected");
    field_store(value_object(self), &traceback_of(self)->next,
                value_is_none(value) ? VALUE_NULL : ref_new(value));
    return 0;
}
static Value traceback_dir(Value self) {
    static const char *const names[] = {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"};
    Value list = list_new();
    for (int i = 0; i < 4 && !value_is_null(list); i++) {
        Value name = str_intern_cstr(names[i]);
        if (list_append(list, name) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
        ref_release(name);
    }
    return list;
}

static const NativeDef traceback_methods[] = {
    DEF_NONE("__dir__", traceback_dir, "The attributes that make a traceback."),
    DEF_END,
};

static Value get_frame(Value self) {
    return ref_new(traceback_of(self)->frame);
}
static Value get_line(Value self) {
    return value_from_int(traceback_of(self)->line);
}
static Value get_last(Value self) {
    return value_from_int(traceback_of(self)->last);
}

static const GetSetDef traceback_getsets[] = {
    {"tb_next", get_next, set_tb_next, NULL},
    {"tb_frame", get_frame, NULL, NULL},
    {"tb_lineno", get_line, NULL, NULL},
    {"tb_lasti", get_last, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

Type traceback_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "traceback",
    .basic_size = sizeof(Traceback),
    .kind = HEAP_CONTAINER,
    .call_new = traceback_new,
    .destroy = traceback_destroy,
    .clear = traceback_clear,
    .traverse = traceback_traverse,
    .methods = traceback_methods,
    .getsets = traceback_getsets,
};

// ---- source lines ---------------------------------------------------------------------------

static bool is_utf8(const char *text, size_t length) {
    int64_t count;
    uint32_t bound;
    size_t error_at;
    return utf8_measure((const uint8_t *)text, length, false, &count, &bound, &error_at);
}

// False also when memory is out.
static bool decode_or_fail(Arena *arena, const char *text, size_t length, Source *source) {
    SyntaxErrorInfo error;
    jmp_buf out_of_memory;
    arena_set_escape(arena, &out_of_memory);
    return setjmp(out_of_memory) == 0 &&
           source_decode(arena, text, length, PARSE_FILE, (ParseOptions){0}, source, &error);
}

// The line of a file that declares its encoding, as UTF-8 in memory of malloc(); NULL: none.
static char *decoded_line(FILE *file, int wanted) {
    char *line = NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = size > 0 ? malloc((size_t)size) : NULL;
    size_t got = text ? fread(text, 1, (size_t)size, file) : 0;
    Arena *arena = got > 0 ? arena_create() : NULL;
    Source source;
    if (arena && decode_or_fail(arena, text, got, &source)) {
        const char *start = source.text, *end;
        for (int n = 1; start && n < wanted; n++)
            start = (end = strchr(start, '\n')) ? end + 1 : NULL;
        if (start && *start)
            line = strndup(start, strcspn(start, "\n"));
    }
    arena_destroy(arena);
    free(text);
    return line;
}

char *exception_source_line(Value filename, int wanted) {
    char *owned = NULL;
    const char *path = str_utf8_wtf(filename, NULL, &owned);
    if (!path) {
        error_clear();
        return NULL;
    }
    FILE *file = path[0] == '<' ? NULL : fopen(path, "r");
    buffer_free(owned);
    if (!file)
        return NULL;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length = -1;
    for (int n = 0; n < wanted; n++)
        if ((length = getline(&line, &capacity, file)) < 0)
            break;
    if (length >= 0 && !is_utf8(line, (size_t)length)) {
        char *decoded = decoded_line(file, wanted);
        if (decoded) {
            free(line);
            line = decoded;
            length = (ssize_t)strlen(line);
        }
    }
    fclose(file);
    if (length < 0) {
        free(line);
        return NULL;
    }
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        line[--length] = 0;
    return line;
}

// Width in characters of the first n bytes of UTF-8.
static int64_t characters(const char *text, int64_t n) {
    int64_t count = 0;
    for (int64_t i = 0; i < n && text[i]; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

// Which part of the segment text[start..end) gets ^ while the rest gets ~: the operator of a binary
// operation, the brackets of a subscript. False: all of it gets ^.
static bool find_anchor(const char *text, int64_t start, int64_t end, int64_t *left,
                        int64_t *right) {
    int64_t length = end - start;
    char *source = malloc((size_t)length + 3);
    if (!source)
        return false;
    source[0] = '(';
    memcpy(source + 1, text + start, (size_t)length);
    source[length + 1] = ')';
    source[length + 2] = 0;
    Arena *arena = arena_create();
    bool found = false;
    SyntaxErrorInfo error;
    ParseResult parsed = {0};
    if (arena)
        parsed = parse_source(arena, source, (size_t)length + 2, PARSE_EVAL,
                              (ParseOptions){.ignore_cookie = true}, &error);
    AstExpr *e = parsed.module ? parsed.module->expression : NULL;
    if (e && e->kind == AST_BIN_OP && e->line == 1 && e->end_line == 1) {
        int64_t at = e->bin_op.left->end_column, limit = e->bin_op.right->column;
        while (at < limit && (source[at] == ' ' || source[at] == ')' || source[at] == '\t'))
            at++;
        if (at < limit) {
            *left = start + at - 1;
            *right = *left + 1;
            if (at + 1 < limit && source[at + 1] != ' ' && source[at + 1] != '(' &&
                (source[at + 1] == source[at]))
                *right += 1;
            found = true;
        }
    } else if (e && e->kind == AST_SUBSCRIPT && e->line == 1 && e->end_line == 1) {
        int64_t at = e->subscript.value->end_column;
        while (source[at] && source[at] != '[')
            at++;
        *left = start + at - 1;
        *right = start + e->end_column - 1;
        found = *right > *left;
    }
    arena_destroy(arena);
    free(source);
    return found;
}

// Where text goes, and how far groups of exceptions are nested: their parts are indented, with a
// margin of bars.
typedef struct {
    StrBuilder *b;
    Value seen;      // set of exceptions shown already
    int group_depth; // 0: outside of any group
    bool need_close; // the last part of a group still wants its closing line
} Display;

static void write_indent(Display *d) {
    str_builder_repeat(d->b, ' ', 2 * d->group_depth);
}
static void write_margin(Display *d) {
    write_indent(d);
    if (d->group_depth)
        str_builder_cstr(d->b, "| ");
}

static void write_source(Display *d, Value filename, const CodePosition *position,
                         int line_number) {
    StrBuilder *b = d->b;
    char *line = exception_source_line(filename, line_number);
    if (!line)
        return;
    int64_t length = (int64_t)strlen(line), indent = 0;
    while (line[indent] == ' ' || line[indent] == '\t' || line[indent] == '\f')
        indent++;
    if (indent < length) {
        while (length > indent && (line[length - 1] == ' ' || line[length - 1] == '\t'))
            length--;
        write_margin(d);
        str_builder_cstr(b, "    ");
        char *shown = strndup(line + indent, (size_t)(length - indent));
        if (shown)
            str_builder_cstr(b, shown);
        free(shown);
        str_builder_char(b, '\n');
        if (position && position->column >= 0 && position->end_column >= 0 &&
            position->line == line_number) {
            int64_t start = position->column, end = position->end_column;
            bool multi = position->end_line != line_number;
            if (multi || end > length)
                end = length;
            int64_t left = start, right = end;
            bool anchored = !multi && end > start && find_anchor(line, start, end, &left, &right);
            bool whole = start <= indent && end >= length;
            if (end > start && (!whole || anchored)) {
                int64_t from = characters(line, start) - characters(line, indent);
                write_margin(d);
                str_builder_cstr(b, "    ");
                for (int64_t i = 0; i < from; i++)
                    str_builder_char(b, ' ');
                if (anchored) {
                    for (int64_t i = characters(line, start); i < characters(line, left); i++)
                        str_builder_char(b, '~');
                    for (int64_t i = characters(line, left); i < characters(line, right); i++)
                        str_builder_char(b, '^');
                    for (int64_t i = characters(line, right); i < characters(line, end); i++)
                        str_builder_char(b, '~');
                } else {
                    for (int64_t i = characters(line, start); i < characters(line, end); i++)
                        str_builder_char(b, '^');
                }
                str_builder_char(b, '\n');
            }
        }
    }
    free(line);
}

// ---- display ------------------------------------------------------------------------------------

static void write_repeats(Display *d, int64_t repeats) {
    char text[80];
    snprintf(text, sizeof text, "  [Previous line repeated %lld more time%s]\n", (long long)repeats,
             repeats == 1 ? "" : "s");
    write_margin(d);
    str_builder_cstr(d->b, text);
}

static void write_traceback(Display *d, Value traceback, bool group) {
    StrBuilder *b = d->b;
    enum { SHOWN = 3 };
    int64_t limit = 1000, depth = 0;
    Value wanted = sys_get("tracebacklimit");
    if (!value_is_null(wanted) && value_is_any_int(wanted) && value_to_i64(wanted, &limit) < 0) {
        error_clear();
        limit = int_sign(wanted) < 0 ? -1 : INT64_MAX;
    }
    ref_release(wanted);
    if (limit <= 0)
        return;
    for (Value t = traceback; !value_is_null(t); t = traceback_of(t)->next)
        depth++;
    if (group && d->group_depth == 1) { // the outermost group's margin begins here
        write_indent(d);
        str_builder_cstr(b, "+ ");
    } else {
        write_margin(d);
    }
    str_builder_cstr(b, group ? "Exception Group Traceback (most recent call last):\n"
                              : "Traceback (most recent call last):\n");
    Value last_code = VALUE_NULL;
    int last_line = -1;
    int64_t same = 0;
    for (Value v = traceback; !value_is_null(v); v = traceback_of(v)->next) {
        if (depth-- > limit)
            continue;
        Traceback *t = traceback_of(v);
        Code *code = code_of(frame_object_code(t->frame));
        if (value_same(last_code, value_from_object(code)) && last_line == t->line) {
            same++;
        } else {
            if (same > SHOWN)
                write_repeats(d, same - SHOWN);
            same = 1;
            last_code = value_from_object(code);
            last_line = t->line;
        }
        if (same > SHOWN)
            continue;
        Value head =
            str_format("  File \"%V\", line %d, in %V\n", code->filename, t->line, code->name);
        if (value_is_null(head)) {
            error_clear();
            continue;
        }
        write_margin(d);
        str_builder_str(b, head);
        ref_release(head);
        write_source(d, code->filename, code_position(code, (uint32_t)t->last / 2), t->line);
    }
    if (same > SHOWN)
        write_repeats(d, same - SHOWN);
}

static Value attribute_or_null(Value v, const char *name) {
    Value out;
    if (value_lookup_attr_cstr(v, name, &out) <= 0) {
        error_clear();
        return VALUE_NULL;
    }
    if (value_is_none(out)) {
        ref_release(out);
        return VALUE_NULL;
    }
    return out;
}

// The file, line and marker that a SyntaxError points to.
static void write_syntax_location(Display *d, Value exception) {
    StrBuilder *b = d->b;
    Value filename = attribute_or_null(exception, "filename"),
          line = attribute_or_null(exception, "lineno");
    Value text = attribute_or_null(exception, "text"),
          offset = attribute_or_null(exception, "offset");
    Value end_offset = attribute_or_null(exception, "end_offset"),
          end_line = attribute_or_null(exception, "end_lineno");
    if (!value_is_null(line)) {
        Value head = str_format("  File \"%V\", line %V\n",
                                value_is_null(filename) ? name_angle_string : filename, line);
        if (!value_is_null(head)) {
            write_margin(d);
            str_builder_str(b, head);
        }
        ref_release(head);
    }
    if (!value_is_null(text) && value_is_str(text)) {
        int64_t length = str_length(text), indent = 0;
        while (length > 0 && char_is_space(str_at(text, length - 1)))
            length--;
        // Of several lines, from the one that the marker is in.
        int64_t marked = value_is_int(offset) ? value_int(offset) - 1 : 0, end;
        while ((end = str_find_char(text, '\n', indent, length)) >= 0 && end < marked)
            indent = end + 1;
        while (indent < length && (str_at(text, indent) == ' ' || str_at(text, indent) == '\t' ||
                                   str_at(text, indent) == '\f'))
            indent++;
        if (length > indent) {
            str_builder_cstr(b, "    "); // no margin here, as in CPython
            str_builder_substring(b, text, indent, length);
            str_builder_char(b, '\n');
            if (value_is_int(offset) && value_int(offset) > 0) {
                int64_t from = value_int(offset) - 1, to = from + 1;
                if (value_is_int(end_offset) && value_int(end_offset) > 0)
                    to = value_int(end_offset) - 1;
                if (value_is_int(end_line) && value_is_int(line) &&
                    value_int(end_line) > value_int(line))
                    to = length;
                if (to > length)
                    to = length;
                if (from > length)
                    from = length;
                if (to <= from)
                    to = from + 1;
                if (from >= indent) {
                    str_builder_cstr(b, "    ");
                    for (int64_t i = indent; i < from; i++)
                        str_builder_char(b, char_is_space(str_at(text, i)) ? str_at(text, i) : ' ');
                    for (int64_t i = from; i < to; i++)
                        str_builder_char(b, '^');
                    str_builder_char(b, '\n');
                }
            }
        }
    }
    ref_release(filename);
    ref_release(line);
    ref_release(text);
    ref_release(offset);
    ref_release(end_offset);
    ref_release(end_line);
}

static void write_name_and_message(Display *d, Value exception) {
    StrBuilder *b = d->b;
    write_margin(d);
    Value type = value_from_object(value_type(exception));
    Value module = attribute_or_null(type, "__module__"),
          name = attribute_or_null(type, "__qualname__");
    if (!value_is_null(module) && value_is_str(module) && !str_equal_cstr(module, "builtins") &&
        !str_equal_cstr(module, "__main__")) {
        str_builder_str(b, module);
        str_builder_char(b, '.');
    }
    if (!value_is_null(name) && value_is_str(name))
        str_builder_str(b, name);
    else
        str_builder_cstr(b, "<unknown>");
    ref_release(module);
    ref_release(name);
    Value text = value_is_instance(exception, &exception_SyntaxError)
                     ? attribute_or_null(exception, "msg")
                     : value_str(exception);
    if (!value_is_null(text) && !value_is_str(text)) {
        Value as_text = value_str(text);
        ref_release(text);
        text = as_text;
    }
    if (error_occurred()) {
        error_clear();
        str_builder_cstr(b, ": <exception str() failed>");
    } else if (!value_is_null(text) && str_length(text) > 0) {
        str_builder_cstr(b, ": ");
        str_builder_str(b, text);
    }
    ref_release(text);
    Value suggestion = exception_suggestion(exception);
    if (!value_is_null(suggestion)) {
        str_builder_cstr(b, ". Did you mean: '");
        str_builder_str(b, suggestion);
        str_builder_cstr(b, "'?");
        ref_release(suggestion);
    }
    str_builder_char(b, '\n');
}

// Text of several lines, each behind the margin.
static void write_lines(Display *d, Value text) {
    int64_t length = str_length(text), start = 0;
    for (int64_t i = 0; i <= length; i++) {
        if (i < length && str_at(text, i) != '\n')
            continue;
        write_margin(d);
        str_builder_substring(d->b, text, start, i);
        str_builder_char(d->b, '\n');
        start = i + 1;
    }
}

static void write_notes(Display *d, Value exception) {
    Value notes = attribute_or_null(exception, "__notes__");
    if (value_is_null(notes))
        return;
    bool sequence = value_is_list(notes) || value_is_tuple(notes);
    Value list = sequence ? list_from_iterable(notes) : VALUE_NULL;
    if (!sequence) { // something else was put there: its repr
        Value text = value_repr(notes);
        if (!value_is_null(text))
            write_lines(d, text);
        ref_release(text);
    }
    for (int64_t i = 0; !value_is_null(list) && i < list_length(list); i++) {
        Value note = list_get(list, i);
        if (value_is_null(note))
            break;
        Value text = value_str(note);
        if (value_is_null(text)) {
            error_clear();
            text = str_from_cstr("<note str() failed>");
        }
        if (!value_is_null(text))
            write_lines(d, text);
        ref_release(text);
        ref_release(note);
    }
    error_clear();
    ref_release(list);
    ref_release(notes);
}

static void write_chain(Display *d, Value exception, int depth);

static void write_one(Display *d, Value exception) {
    Value traceback = exception_traceback(exception);
    if (!value_is_null(traceback))
        write_traceback(d, traceback, value_is_instance(exception, &exception_BaseExceptionGroup));
    ref_release(traceback);
    if (value_is_instance(exception, &exception_SyntaxError))
        write_syntax_location(d, exception);
    write_name_and_message(d, exception);
    write_notes(d, exception);
}

static void write_group(Display *d, Value group, int depth) {
    enum { WIDEST = 15, DEEPEST = 10 };
    StrBuilder *b = d->b;
    if (d->group_depth > DEEPEST) {
        write_margin(d);
        str_builder_cstr(b, "... (max_group_depth is 10)\n");
        return;
    }
    if (d->group_depth == 0)
        d->group_depth = 1;
    write_one(d, group);
    Value parts = attribute_or_null(group, "exceptions");
    int64_t count = !value_is_null(parts) && value_is_tuple(parts) ? tuple_length(parts) : 0;
    int64_t shown = count <= WIDEST ? count : WIDEST + 1;
    d->need_close = false;
    for (int64_t i = 0; i < shown; i++) {
        bool last = i == shown - 1;
        if (last)
            d->need_close = true; // unless a group within closes for us
        write_indent(d);
        str_builder_cstr(b, i == 0 ? "+-+---------------- " : "  +---------------- ");
        if (i < WIDEST)
            str_builder_i64(b, i + 1);
        else
            str_builder_cstr(b, "...");
        str_builder_cstr(b, " ----------------\n");
        d->group_depth++;
        if (i < WIDEST) {
            write_chain(d, tuple_item(parts, i), depth + 1);
        } else {
            write_margin(d);
            str_builder_cstr(b, "and ");
            str_builder_i64(b, count - WIDEST);
            str_builder_cstr(b, count - WIDEST > 1 ? " more exceptions\n" : " more exception\n");
        }
        if (last && d->need_close) {
            write_indent(d);
            str_builder_cstr(b, "+------------------------------------\n");
            d->need_close = false;
        }
        d->group_depth--;
    }
    ref_release(parts);
    if (d->group_depth == 1)
        d->group_depth = 0;
}

// The exception after those that led to it.
static void write_chain(Display *d, Value exception, int depth) {
    Exception *e = (Exception *)value_object(exception);
    if (set_add(d->seen, value_from_int((int64_t)(exception.bits >> 1))) < 0)
        error_clear();
    Value cause = field_load(&e->header, &e->cause), context = field_load(&e->header, &e->context);
    Value before = VALUE_NULL;
    const char *link = NULL;
    if (!value_is_null(cause)) {
        before = cause;
        link = "The above exception was the direct cause of the following exception:\n";
    } else if (!value_is_null(context) &&
               !__atomic_load_n(&e->suppress_context, __ATOMIC_RELAXED)) {
        before = context;
        link = "During handling of the above exception, another exception occurred:\n";
    }
    if (link && depth < 500 &&
        set_contains(d->seen, value_from_int((int64_t)(before.bits >> 1))) == 0) {
        bool need_close = d->need_close;
        write_chain(d, before, depth + 1);
        d->need_close = need_close;
        write_margin(d);
        str_builder_char(d->b, '\n');
        write_margin(d);
        str_builder_cstr(d->b, link);
        write_margin(d);
        str_builder_char(d->b, '\n');
    }
    ref_release(cause);
    ref_release(context);
    if (value_is_instance(exception, &exception_BaseExceptionGroup))
        write_group(d, exception, depth);
    else
        write_one(d, exception);
}

int error_display(Value exception, Value file) {
    StrBuilder b;
    Display d = {.b = &b, .seen = set_new()};
    if (value_is_null(d.seen))
        return -1;
    str_builder_start(&b);
    write_chain(&d, exception, 0);
    ref_release(d.seen);
    Value text = str_builder_finish(&b);
    if (value_is_null(text))
        return -1;
    Value r = value_call_method(file, name_write, &text, 1);
    ref_release(text);
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}
