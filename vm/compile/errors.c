// SPDX-License-Identifier: MIT
//
// Errors and warnings of the compiler.
#include "vm/compile/compiler.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void compile_fail(Compiler *c) {
    longjmp(c->escape, 1);
}

// Line number `line` of the named file, end of line included.
Value source_line(Value filename, int line) {
    if (line < 1 || !value_is_str(filename))
        return VALUE_NULL;
    size_t length;
    char *owned = NULL;
    const char *path = str_utf8_wtf(filename, &length, &owned);
    if (!path) {
        error_clear();
        return VALUE_NULL;
    }
    FILE *file = length == strlen(path) ? fopen(path, "re") : NULL;
    buffer_free(owned);
    if (!file)
        return VALUE_NULL;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t count = -1;
    for (int i = 0; i < line && (count = getline(&text, &capacity, file)) >= 0; i++)
        ;
    Value v = VALUE_NULL;
    if (count >= 0) {
        const char *start = text;
        if (line == 1 && count >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
            start += 3;
            count -= 3;
        }
        v = str_from_utf8(start, (size_t)count);
        if (value_is_null(v))
            error_clear();
    }
    free(text);
    fclose(file);
    return v;
}

void syntax_error_set(Type *type, Value message, Value filename, int line, int offset,
                      Value text_or_null, int end_line, int end_offset, bool has_end) {
    Value text = value_is_null(text_or_null) ? VALUE_NONE : text_or_null;
    Value end_line_value = has_end ? value_from_int(end_line) : VALUE_NONE;
    Value end_offset_value = has_end ? value_from_int(end_offset) : VALUE_NONE;
    Value details = tuple_pack(6, filename, value_from_int(line), value_from_int(offset), text,
                               end_line_value, end_offset_value);
    if (value_is_null(details))
        return;
    Value args[2] = {message, details};
    Value exception = value_call(value_from_object(type), args, 2, VALUE_NULL);
    ref_release(details);
    if (value_is_null(exception))
        return;
    raise_object(exception);
    ref_release(exception);
}

static void set_attribute(Value exception, const char *name, Value v_owned) {
    if (value_is_null(v_owned) || value_setattr_cstr(exception, name, v_owned) < 0)
        error_clear();
    ref_release(v_owned);
}

// As CPython does for errors found before code generation: args is the message alone.
static void set_plain(Compiler *c, Position p, Value message) {
    Value exception = value_call_one(value_from_object(&exception_SyntaxError), message);
    if (value_is_null(exception))
        return;
    set_attribute(exception, "filename", ref_new(c->filename));
    set_attribute(exception, "lineno", value_from_int(p.line));
    set_attribute(exception, "offset", value_from_int(p.column + 1));
    set_attribute(exception, "end_lineno", value_from_int(p.end_line));
    set_attribute(exception, "end_offset",
                  p.end_column >= 0 ? value_from_int(p.end_column + 1) : none_new());
    Value text = source_line(c->filename, p.line);
    set_attribute(exception, "text", value_is_null(text) ? none_new() : text);
    raise_object(exception);
    ref_release(exception);
}

_Noreturn static void fail_at(Compiler *c, Position position, Value message) {
    if (!value_is_null(message)) {
        compiler_own(c, message);
        if (c->unit) {
            Value text = source_line(c->filename, position.line);
            syntax_error_set(&exception_SyntaxError, message, c->filename, position.line,
                             position.column + 1, text, position.end_line, position.end_column + 1,
                             true);
            ref_release(text);
        } else {
            set_plain(c, position, message);
        }
    }
    compile_fail(c);
}

_Noreturn void compile_error(Compiler *c, Position position, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Value message = str_format_va(format, args);
    va_end(args);
    fail_at(c, position, message);
}

_Noreturn void compile_stack_overflow(Compiler *c) {
    raise_error(&exception_RecursionError, "maximum recursion depth exceeded during compilation");
    compile_fail(c);
}

// Warnings go through _warnings.warn_explicit, so that filters apply. While there is no such module
// yet (start-up) they are dropped.
int syntax_warning(Compiler *c, Type *category, const char *message, Position position,
                   Value line_text) {
    Value module = import_module_cstr("_warnings");
    Value function = VALUE_NULL, text = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(module))
        function = value_getattr_cstr(module, "warn_explicit");
    ref_release(module);
    if (value_is_null(function)) {
        error_clear();
        return 0;
    }
    text = str_from_cstr(message);
    if (!value_is_null(text)) {
        Value args[4] = {text, value_from_object(category), c->filename,
                         value_from_int(position.line)};
        result = value_call(function, args, 4, VALUE_NULL);
    }
    ref_release(function);
    bool failed = value_is_null(result);
    ref_release(result);
    if (!failed) {
        ref_release(text);
        return 0;
    }
    if (!value_is_null(text) &&
        error_matches(category)) { // it is to be an error: then one of syntax
        error_clear();
        Value source =
            value_is_null(line_text) ? source_line(c->filename, position.line) : ref_new(line_text);
        syntax_error_set(&exception_SyntaxError, text, c->filename, position.line, position.column,
                         source, position.end_line, position.end_column, true);
        ref_release(source);
    }
    ref_release(text);
    return -1;
}

void compile_warn(Compiler *c, Position position, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Value message = compiler_own(c, str_format_va(format, args));
    va_end(args);
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8_wtf(message, &length, &owned);
    position.column++;
    position.end_column++;
    int status =
        text ? syntax_warning(c, &exception_SyntaxWarning, text, position, VALUE_NULL) : -1;
    buffer_free(owned);
    if (status < 0)
        compile_fail(c);
}
