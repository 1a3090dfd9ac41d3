// SPDX-License-Identifier: MIT
//
// input(): a line from sys.stdin, or, when both standard files are the terminal's own and the
// module `readline` was imported, one that the user edits.
#include "vm/modules/builtins.h"
#include "vm/runtime/audit.h"
#include "vm/runtime/editor.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <stdlib.h>
#include <string.h>

static void flush(Value file) { // one that cannot may still be used
    ref_release(value_call_method(file, name_flush, NULL, 0));
    error_clear();
}

static bool has_descriptor(Value file, int fd) {
    Value number = value_call_method(file, name_fileno, NULL, 0);
    bool same = !value_is_null(number) && value_is_int(number) && value_int(number) == fd;
    ref_release(number);
    error_clear();
    return same;
}

// The names of a file's encoding and of what it does with errors.
typedef struct {
    Value encoding, errors; // strs; new references, or VALUE_NULL
    const char *encoding_name, *errors_name;
    char *owned[2];
} Coding;

static Value text_attribute(Value file, const char *name) { // VALUE_NULL, no exception: no text
    Value v = value_getattr_cstr(file, name);
    if (value_is_null(v) || value_is_str(v)) {
        error_clear();
        return v;
    }
    ref_release(v);
    return VALUE_NULL;
}
static bool coding_get(Value file, Coding *c) {
    *c = (Coding){text_attribute(file, "encoding"), text_attribute(file, "errors")};
    if (value_is_null(c->encoding) || value_is_null(c->errors))
        return false;
    c->encoding_name = str_utf8(c->encoding, NULL, &c->owned[0]);
    c->errors_name = str_utf8(c->errors, NULL, &c->owned[1]);
    error_clear();
    return c->encoding_name && c->errors_name;
}
static void coding_done(Coding *c) {
    for (int i = 0; i < 2; i++)
        buffer_free(c->owned[i]);
    ref_release(c->encoding);
    ref_release(c->errors);
}

// The prompt as the terminal gets it: bytes, or VALUE_NULL with an exception.
static Value encode_prompt(Value prompt, const Coding *out) {
    if (value_is_null(prompt))
        return bytes_new("", 0);
    Value text = value_str(prompt);
    Value encoded =
        value_is_null(text) ? text : codec_encode(text, out->encoding_name, out->errors_name);
    ref_release(text);
    if (!value_is_null(encoded) && memchr(bytes_data(encoded), 0, (size_t)bytes_length(encoded))) {
        ref_release(encoded);
        return raise_value_error("input: prompt string cannot contain null characters");
    }
    return encoded;
}

static Value edited_line(Value out_file, Value prompt, const Coding *in, const Coding *out) {
    Value shown = encode_prompt(prompt, out), result = VALUE_NULL;
    if (value_is_null(shown))
        return shown;
    flush(out_file);
    char *line = NULL;
    switch (editor_read_line((const char *)bytes_data(shown), &line)) {
    case EDITOR_LINE:
        result =
            codec_decode((const uint8_t *)line, strlen(line), in->encoding_name, in->errors_name);
        break;
    case EDITOR_END:
        raise_object(value_from_object(&exception_EOFError));
        break;
    case EDITOR_FAILED:
        break;
    }
    free(line);
    ref_release(shown);
    return result;
}

// Whether the line is to be edited; then it is, with the result in *line.
static bool try_edit(Value in, Value out, Value prompt, Value *line) {
    if (!editor_is_for_input() || !editor_is_possible() || !has_descriptor(in, 0) ||
        !has_descriptor(out, 1))
        return false;
    Coding in_coding, out_coding;
    bool known = coding_get(in, &in_coding);
    known = coding_get(out, &out_coding) && known;
    if (known)
        *line = edited_line(out, prompt, &in_coding, &out_coding);
    coding_done(&in_coding);
    coding_done(&out_coding);
    return known;
}

static Value plain_line(Value in, Value out, Value prompt) {
    if (!value_is_null(prompt) && builtins_write(out, prompt) < 0)
        return VALUE_NULL;
    flush(out);
    Value line = value_call_method(in, name_readline, NULL, 0);
    if (value_is_null(line))
        return line;
    int64_t n = value_is_str(line) ? str_length(line) : 0;
    if (n == 0) {
        ref_release(line);
        return raise_error(&exception_EOFError, "EOF when reading a line");
    }
    if (str_at(line, n - 1) != '\n')
        return line;
    Value cut = str_substring(line, 0, n - 1);
    ref_release(line);
    return cut;
}

// With both files there.
static Value read_line(Value in, Value out, Value prompt) {
    if (audit_on() && audit("builtins.input", 1, value_is_null(prompt) ? VALUE_NONE : prompt) < 0)
        return VALUE_NULL;
    Value err = sys_get("stderr"), line = VALUE_NULL;
    if (!value_is_null(err) && !value_is_none(err))
        flush(err);
    error_clear();
    ref_release(err);
    if (!try_edit(in, out, prompt, &line))
        return plain_line(in, out, prompt);
    if (!value_is_null(line) && audit_on() && audit("builtins.input/result", 1, line) < 0) {
        ref_release(line);
        return VALUE_NULL;
    }
    return line;
}

static Value builtin_input(Value self, const Value *args, size_t nargs) {
    Value in = sys_get("stdin"), out = sys_get("stdout"), line = VALUE_NULL;
    if (value_is_null(in) || value_is_none(in))
        raise_error(&exception_RuntimeError, "input(): lost sys.stdin");
    else if (value_is_null(out) || value_is_none(out))
        raise_error(&exception_RuntimeError, "input(): lost sys.stdout");
    else
        line = read_line(in, out, nargs ? args[0] : VALUE_NULL);
    ref_release(in);
    ref_release(out);
    return line;
}

const NativeDef builtins_input_functions[] = {
    DEF_FIXED("input", builtin_input, 0, 1, "Read a line from standard input, after a prompt."),
    DEF_END,
};
