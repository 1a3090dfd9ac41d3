// SPDX-License-Identifier: MIT
//
// `readline`: lines, history and settings of the editor (vm/runtime/editor.h). Since its import
// input() edits lines too. The functions that a program sets are in readline_callbacks.c.
#if HAVE_LIBEDIT
#include "vm/modules/posix.h"
#include "vm/modules/readline_internal.h"
#include "vm/types/arguments.h"
#include <stdlib.h>

Value readline_encode(Value text) {
    if (!value_is_str(text))
        return raise_type_error("bad argument type for built-in operation");
    Value encoded = codec_encode(text, "utf-8", "surrogateescape");
    if (!value_is_null(encoded) && memchr(bytes_data(encoded), 0, (size_t)bytes_length(encoded))) {
        ref_release(encoded);
        return raise_value_error("embedded null character");
    }
    return encoded;
}

Value readline_decode(char *text) {
    Value decoded = text ? posix_decode(text, false) : raise_memory_error();
    free(text);
    return decoded;
}

static const char *text_of(Value bytes) {
    return (const char *)bytes_data(bytes);
}

static Value outcome(int problem) { // of an errno or 0
    return problem == 0        ? none_new()
           : problem == ENOMEM ? raise_memory_error()
                               : raise_errno(problem);
}

// ---- settings ----------------------------------------------------------------------------------

static Value readline_parse_and_bind(Value self, Value v) {
    Value text = readline_encode(v);
    if (value_is_null(text))
        return text;
    editor_bind(text_of(text));
    ref_release(text);
    return none_new();
}

// A path argument that may be None or left out: VALUE_NULL and 0 then.
static int path_argument(const Value *args, size_t nargs, size_t at, Value *path) {
    *path = VALUE_NULL;
    if (at >= nargs || value_is_none(args[at]))
        return 0;
    *path = posix_fs_encode(args[at]);
    return value_is_null(*path) ? -1 : 0;
}
static const char *path_of(Value path) {
    return value_is_null(path) ? NULL : text_of(path);
}

// One that takes a path and gives an errno.
static Value call_with_path(int (*function)(const char *), const Value *args, size_t nargs) {
    Value path;
    if (path_argument(args, nargs, 0, &path) < 0)
        return VALUE_NULL;
    int problem = function(path_of(path));
    ref_release(path);
    return outcome(problem);
}

static Value readline_read_init_file(Value self, const Value *args, size_t nargs) {
    return call_with_path(editor_read_init_file, args, nargs);
}

static Value readline_get_completer_delims(Value self) {
    return readline_decode(editor_delimiters());
}
static Value readline_set_completer_delims(Value self, Value v) {
    Value text = readline_encode(v);
    if (value_is_null(text))
        return text;
    int status = editor_set_delimiters(text_of(text));
    ref_release(text);
    return status < 0 ? raise_memory_error() : none_new();
}
static Value readline_get_completion_type(Value self) {
    return int_from_i64(editor_completion_type());
}
static Value readline_set_auto_history(Value self, Value v) {
    int on = value_truth(v);
    if (on < 0)
        return VALUE_NULL;
    editor_set_auto_history(on);
    return none_new();
}

// ---- the line ----------------------------------------------------------------------------------

static Value readline_get_line_buffer(Value self) {
    return readline_decode(editor_line_so_far());
}
static Value readline_insert_text(Value self, Value v) {
    Value text = readline_encode(v);
    if (value_is_null(text))
        return text;
    editor_insert(text_of(text));
    ref_release(text);
    return none_new();
}
static Value readline_redisplay(Value self) {
    editor_redisplay();
    return none_new();
}

// ---- history -----------------------------------------------------------------------------------

static Value readline_add_history(Value self, Value v) {
    Value text = readline_encode(v);
    if (value_is_null(text))
        return text;
    int problem = editor_history_add(text_of(text));
    ref_release(text);
    return outcome(problem);
}
static Value readline_clear_history(Value self) {
    editor_history_clear();
    return none_new();
}
static Value readline_get_current_history_length(Value self) {
    return int_from_i64((int64_t)editor_history_count());
}
static Value readline_get_history_item(Value self, Value v) {
    int index;
    if (int_argument(v, &index) < 0)
        return VALUE_NULL;
    bool found = false;
    char *line = index > 0 ? editor_history_line((size_t)index - 1, &found) : NULL;
    return found ? readline_decode(line) : none_new();
}

static int position_argument(Value v, int *position) {
    if (int_argument(v, position) < 0)
        return -1;
    return *position < 0 ? raise_int(&exception_ValueError, "History index cannot be negative") : 0;
}
static Value at_position(int problem, int position) {
    return problem == EINVAL ? raise_value_error("No history item at position %d", position)
                             : outcome(problem);
}
static Value readline_remove_history_item(Value self, Value v) {
    int position;
    return position_argument(v, &position) < 0
               ? VALUE_NULL
               : at_position(editor_history_remove((size_t)position), position);
}
static Value readline_replace_history_item(Value self, const Value *args, size_t nargs) {
    int position;
    if (int_argument(args[0], &position) < 0)
        return VALUE_NULL;
    if (!value_is_str(args[1]))
        return raise_type_error("replace_history_item() argument 2 must be str, not %G", args[1]);
    if (position_argument(args[0], &position) < 0)
        return VALUE_NULL;
    Value line = readline_encode(args[1]);
    if (value_is_null(line))
        return line;
    int problem = editor_history_replace((size_t)position, text_of(line));
    ref_release(line);
    return at_position(problem, position);
}

// How many lines a written file keeps, or negative: all. Any thread, relaxed.
static int history_limit = -1;

static Value readline_get_history_length(Value self) {
    return int_from_i64(__atomic_load_n(&history_limit, __ATOMIC_RELAXED));
}
static Value readline_set_history_length(Value self, Value v) {
    int length;
    if (int_argument(v, &length) < 0)
        return VALUE_NULL;
    __atomic_store_n(&history_limit, length, __ATOMIC_RELAXED);
    return none_new();
}
// A file that was written is made as short as was asked; that this fails is not said, as in
// CPython.
static void shorten(const char *path) {
    int limit = __atomic_load_n(&history_limit, __ATOMIC_RELAXED);
    if (limit >= 0)
        editor_history_truncate(path, (size_t)limit);
}
static int write_history(const char *path) {
    int problem = editor_history_write(path);
    if (problem == 0)
        shorten(path);
    return problem;
}
static Value readline_read_history_file(Value self, const Value *args, size_t nargs) {
    return call_with_path(editor_history_read, args, nargs);
}
static Value readline_write_history_file(Value self, const Value *args, size_t nargs) {
    return call_with_path(write_history, args, nargs);
}
static Value readline_append_history_file(Value self, const Value *args, size_t nargs) {
    int count;
    Value path;
    if (int_argument(args[0], &count) < 0 || path_argument(args, nargs, 1, &path) < 0)
        return VALUE_NULL;
    int problem = editor_history_append(path_of(path), count);
    if (problem == 0)
        shorten(path_of(path));
    ref_release(path);
    return outcome(problem);
}

static const NativeDef functions[] = {
    DEF_ONE("parse_and_bind", readline_parse_and_bind,
            "parse_and_bind($module, string, /)\n--\n\n"
            "Does what a line of libedit's init file says.\n\n"
            "Lines that bind a key in GNU readline's way are understood if they are common ones."),
    DEF_FIXED("read_init_file", readline_read_init_file, 0, 1,
              "read_init_file($module, filename=None, /)\n--\n\n"
              "Does what libedit's init file says, by default the user's."),
    DEF_NONE("get_line_buffer", readline_get_line_buffer,
             "get_line_buffer($module, /)\n--\n\nGives the line as typed so far."),
    DEF_ONE("insert_text", readline_insert_text,
            "insert_text($module, string, /)\n--\n\nInserts text at the cursor."),
    DEF_NONE("redisplay", readline_redisplay, "redisplay($module, /)\n--\n\nShows the line again."),
    DEF_FIXED("read_history_file", readline_read_history_file, 0, 1,
              "read_history_file($module, filename=None, /)\n--\n\n"
              "Adds a file's lines to the history, by default ~/.history's."),
    DEF_FIXED("write_history_file", readline_write_history_file, 0, 1,
              "write_history_file($module, filename=None, /)\n--\n\n"
              "Writes the history to a file, by default ~/.history."),
    DEF_FIXED("append_history_file", readline_append_history_file, 1, 2,
              "append_history_file($module, nelements, filename=None, /)\n--\n\n"
              "Writes the last lines of the history to the end of a file that exists."),
    DEF_NONE("get_history_length", readline_get_history_length,
             "get_history_length($module, /)\n--\n\n"
             "Gives how many lines a history file keeps; a negative number: all."),
    DEF_ONE("set_history_length", readline_set_history_length,
            "set_history_length($module, length, /)\n--\n\n"
            "Sets how many lines a history file keeps; a negative number: all."),
    DEF_NONE("get_current_history_length", readline_get_current_history_length,
             "get_current_history_length($module, /)\n--\n\n"
             "Gives the number of lines in the history."),
    DEF_ONE("get_history_item", readline_get_history_item,
            "get_history_item($module, index, /)\n--\n\n"
            "Gives a line of the history, the first of which is 1, or None."),
    DEF_ONE("remove_history_item", readline_remove_history_item,
            "remove_history_item($module, pos, /)\n--\n\n"
            "Removes a line of the history, the first of which is 0."),
    DEF_FIXED("replace_history_item", readline_replace_history_item, 2, 2,
              "replace_history_item($module, pos, line, /)\n--\n\n"
              "Replaces a line of the history, the first of which is 0."),
    DEF_ONE("add_history", readline_add_history,
            "add_history($module, string, /)\n--\n\nAdds a line to the history."),
    DEF_NONE("clear_history", readline_clear_history,
             "clear_history($module, /)\n--\n\nForgets the history."),
    DEF_ONE("set_auto_history", readline_set_auto_history,
            "set_auto_history($module, enabled, /)\n--\n\n"
            "Says whether lines are added to the history when they are typed."),
    DEF_ONE("set_completer_delims", readline_set_completer_delims,
            "set_completer_delims($module, string, /)\n--\n\n"
            "Sets the characters between words that are completed."),
    DEF_NONE("get_completer_delims", readline_get_completer_delims,
             "get_completer_delims($module, /)\n--\n\n"
             "Gives the characters between words that are completed."),
    DEF_NONE("get_completion_type", readline_get_completion_type,
             "get_completion_type($module, /)\n--\n\n"
             "Gives the key that asked for a completion, or that a list is asked for."),
    DEF_END,
};

static int add_callback_functions(Value module) {
    Value name = str_from_cstr("readline");
    int status = value_is_null(name) ? -1 : 0;
    for (const NativeDef *def = readline_callback_functions; def->name && status == 0; def++)
        status = module_add(module, def->name, native_function_new(def, module, name));
    ref_release(name);
    return status;
}

static int fill(Value module) {
    // All that are no part of a name in Python, but for the dot.
    static const char delimiters[] = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
    int version;
    const char *library = editor_library(&version);
    if (add_callback_functions(module) < 0 ||
        module_add_int(module, "_READLINE_VERSION", version) < 0 ||
        module_add_int(module, "_READLINE_RUNTIME_VERSION", version) < 0 ||
        module_add_str(module, "_READLINE_LIBRARY_VERSION", library) < 0)
        return -1;
    if (editor_set_delimiters(delimiters) < 0) {
        raise_memory_error();
        return -1;
    }
    editor_set_hooks(&readline_hooks);
    editor_set_for_input();
    return 0;
}

const NativeModule module_readline = {
    "readline", "Lines edited at a terminal, with history and completion, by libedit.", functions,
    fill};

#endif
