// SPDX-License-Identifier: MIT
//
// Traceback objects, and the text that is shown for an exception nobody caught: its traceback
// with source lines and markers, the chain of causes and contexts, notes.
//
// A traceback's fields are set before it is seen; `next` alone can be assigned later, under its lock.
#include "vm/interp/code.h"
#include "vm/interp/frame_object.h"
#include "vm/parse/parse.h"
#include "vm/runtime/errors.h"
#include "vm/types/exceptions.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <stdio.h>
#include <stdlib.h>

static inline Traceback *traceback_of(Value v) { return (Traceback *)value_object(v); }

// ---- the type -----------------------------------------------------------------------------

static void traceback_destroy(Object *self) {
    Traceback *t = (Traceback *)self;
    ref_release(t->frame);
    ref_release(t->next);
    object_free_fixed(self);
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
    if (nargs != 4)
        return raise_type_error("TracebackType() takes 4 arguments (%zu given)", nargs);
    if (!value_is_none(args[0]) && !value_is_exactly(args[0], &traceback_type))
        return raise_type_error("expected traceback object or None, got '%T'", args[0]);
    int64_t last, line;
    if (value_to_i64(args[2], &last) < 0 || value_to_i64(args[3], &line) < 0)
        return VALUE_NULL;
    Traceback *t = object_allocate(type);
    if (!t)
        return raise_memory_error();
    t->next = value_is_none(args[0]) ? VALUE_NULL : ref_new(args[0]);
    t->frame = ref_new(args[1]);
    t->instruction = (int32_t)(last / 2);
    t->line = (int32_t)line;
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
static Value get_frame(Value self) { return ref_new(traceback_of(self)->frame); }
static Value get_line(Value self) { return value_from_int(traceback_of(self)->line); }
static Value get_last(Value self) { return value_from_int(traceback_of(self)->instruction * 2); }

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
    .getsets = traceback_getsets,
};

// ---- source lines ---------------------------------------------------------------------------

// Line `wanted` (1-based) of a file without its end-of-line, or NULL. The caller frees it.
static char *source_line(Value filename, int wanted) {
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
static bool find_anchor(const char *text, int64_t start, int64_t end, int64_t *left, int64_t *right) {
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
    ParseResult parsed = parse_source(arena, source, (size_t)length + 2, PARSE_EVAL, (ParseOptions){.ignore_cookie = true}, &error);
    AstExpr *e = parsed.module ? parsed.module->expression : NULL;
    if (e && e->kind == AST_BIN_OP && e->line == 1 && e->end_line == 1) {
        int64_t at = e->bin_op.left->end_column, limit = e->bin_op.right->column;
        while (at < limit && (source[at] == ' ' || source[at] == ')' || source[at] == '\t'))
            at++;
        if (at < limit) {
            *left = start + at - 1;
            *right = *left + 1;
            if (at + 1 < limit && source[at + 1] != ' ' && source[at + 1] != '(' && (source[at + 1] == source[at]))
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

static void write_source(StrBuilder *b, Value filename, const CodePosition *position, int line_number) {
    char *line = source_line(filename, line_number);
    if (!line)
        return;
    int64_t length = (int64_t)strlen(line), indent = 0;
    while (line[indent] == ' ' || line[indent] == '\t' || line[indent] == '\f')
        indent++;
    if (indent < length) {
        while (length > indent && (line[length - 1] == ' ' || line[length - 1] == '\t'))
            length--;
        str_builder_cstr(b, "    ");
        char *shown = strndup(line + indent, (size_t)(length - indent));
        if (shown)
            str_builder_cstr(b, shown);
        free(shown);
        str_builder_char(b, '\n');
        if (position && position->column >= 0 && position->end_column >= 0 && position->line == line_number) {
            int64_t start = position->column, end = position->end_column;
            bool multi = position->end_line != line_number;
            if (multi || end > length)
                end = length;
            int64_t left = start, right = end;
            bool anchored = !multi && end > start && find_anchor(line, start, end, &left, &right);
            bool whole = start <= indent && end >= length;
            if (end > start && (!whole || anchored)) {
                int64_t from = characters(line, start) - characters(line, indent);
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

static void write_repeats(StrBuilder *b, int64_t repeats) {
    char text[80];
    snprintf(text, sizeof text, "  [Previous line repeated %lld more time%s]\n", (long long)repeats,
             repeats == 1 ? "" : "s");
    str_builder_cstr(b, text);
}

static void write_traceback(StrBuilder *b, Value traceback) {
    enum { SHOWN = 3 };
    int64_t limit = 1000, depth = 0;
    for (Value t = traceback; !value_is_null(t); t = traceback_of(t)->next)
        depth++;
    str_builder_cstr(b, "Traceback (most recent call last):\n");
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
                write_repeats(b, same - SHOWN);
            same = 1;
            last_code = value_from_object(code);
            last_line = t->line;
        }
        if (same > SHOWN)
            continue;
        Value head = str_format("  File \"%V\", line %d, in %V\n", code->filename, t->line, code->name);
        if (value_is_null(head)) {
            error_clear();
            continue;
        }
        str_builder_str(b, head);
        ref_release(head);
        write_source(b, code->filename, code_position(code, (uint32_t)t->instruction), t->line);
    }
    if (same > SHOWN)
        write_repeats(b, same - SHOWN);
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
static void write_syntax_location(StrBuilder *b, Value exception) {
    Value filename = attribute_or_null(exception, "filename"), line = attribute_or_null(exception, "lineno");
    Value text = attribute_or_null(exception, "text"), offset = attribute_or_null(exception, "offset");
    Value end_offset = attribute_or_null(exception, "end_offset"), end_line = attribute_or_null(exception, "end_lineno");
    if (!value_is_null(line)) {
        Value head = str_format("  File \"%V\", line %V\n", value_is_null(filename) ? name_angle_string : filename, line);
        if (!value_is_null(head))
            str_builder_str(b, head);
        ref_release(head);
    }
    if (!value_is_null(text) && value_is_str(text)) {
        int64_t length = str_length(text), indent = 0;
        while (length > 0 && char_is_space(str_at(text, length - 1)))
            length--;
        while (indent < length && (str_at(text, indent) == ' ' || str_at(text, indent) == '\t' || str_at(text, indent) == '\f'))
            indent++;
        if (length > indent) {
            str_builder_cstr(b, "    ");
            str_builder_substring(b, text, indent, length);
            str_builder_char(b, '\n');
            if (value_is_int(offset) && value_int(offset) > 0) {
                int64_t from = value_int(offset) - 1, to = from + 1;
                if (value_is_int(end_offset) && value_int(end_offset) > 0)
                    to = value_int(end_offset) - 1;
                if (value_is_int(end_line) && value_is_int(line) && value_int(end_line) > value_int(line))
                    to = length;
                if (value_is_int(end_offset) && value_int(end_offset) < 0)
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

static void write_name_and_message(StrBuilder *b, Value exception) {
    Value type = value_from_object(value_type(exception));
    Value module = attribute_or_null(type, "__module__"), name = attribute_or_null(type, "__qualname__");
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
    str_builder_char(b, '\n');
}

static void write_notes(StrBuilder *b, Value exception) {
    Value notes = attribute_or_null(exception, "__notes__");
    if (value_is_null(notes))
        return;
    if (value_is_list(notes)) {
        int64_t n = list_length(notes);
        for (int64_t i = 0; i < n; i++) {
            Value note = list_get(notes, i);
            if (value_is_null(note)) {
                error_clear();
                break;
            }
            Value text = value_str(note);
            if (value_is_null(text)) {
                error_clear();
                str_builder_cstr(b, "<note str() failed>");
            } else {
                str_builder_str(b, text);
            }
            str_builder_char(b, '\n');
            ref_release(text);
            ref_release(note);
        }
    }
    ref_release(notes);
}

static void write_exception(StrBuilder *b, Value exception, Value seen, int depth) {
    Exception *e = (Exception *)value_object(exception);
    if (set_add(seen, value_from_int((int64_t)(exception.bits >> 1))) < 0)
        error_clear();
    Value cause = field_load(&e->header, &e->cause), context = field_load(&e->header, &e->context);
    Value before = VALUE_NULL;
    const char *link = NULL;
    if (!value_is_null(cause)) {
        before = cause;
        link = "\nThe above exception was the direct cause of the following exception:\n\n";
    } else if (!value_is_null(context) && !__atomic_load_n(&e->suppress_context, __ATOMIC_RELAXED)) {
        before = context;
        link = "\nDuring handling of the above exception, another exception occurred:\n\n";
    }
    if (link && depth < 500 && set_contains(seen, value_from_int((int64_t)(before.bits >> 1))) == 0) {
        write_exception(b, before, seen, depth + 1);
        str_builder_cstr(b, link);
    }
    ref_release(cause);
    ref_release(context);
    Value traceback = exception_traceback(exception);
    if (!value_is_null(traceback))
        write_traceback(b, traceback);
    ref_release(traceback);
    if (value_is_instance(exception, &exception_SyntaxError))
        write_syntax_location(b, exception);
    write_name_and_message(b, exception);
    write_notes(b, exception);
}

int error_display(Value exception, Value file) {
    Value seen = set_new();
    if (value_is_null(seen))
        return -1;
    StrBuilder b;
    str_builder_start(&b);
    write_exception(&b, exception, seen, 0);
    ref_release(seen);
    Value text = str_builder_finish(&b);
    if (value_is_null(text))
        return -1;
    Value r = value_call_method(file, name_write, &text, 1);
    ref_release(text);
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}
