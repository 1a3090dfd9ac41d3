// SPDX-License-Identifier: MIT
//
// `_io`: open() and the module.
#include "vm/runtime/options.h"
#include "vm/modules/io_internal.h"
#include "vm/types/arguments.h"
#include "vm/types/codecs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <locale.h>

static int io_block_size(Value raw, int64_t *out) {
    Value v = value_getattr_cstr(raw, "_blksize");
    int status = value_is_null(v) ? -1 : value_to_size(v, out);
    ref_release(v);
    return status;
}

// The name that the codec has itself; any that there is none of is complained of later.
static Value codec_name(const char *asked) {
    if (strcasecmp(asked, "utf-8") == 0 || strcasecmp(asked, "utf8") == 0)
        return ref_new(name_utf_8);
    Value name = str_from_cstr(asked);
    Value info = value_is_null(name) ? name : codec_lookup(name);
    Value own = value_is_null(info) ? info : value_getattr(info, name_name);
    ref_release(info);
    if (value_is_null(own)) {
        error_clear();
        return name;
    }
    ref_release(name);
    return own;
}

Value io_open_standard(int fd, const char *mode, const char *name, bool line_buffered,
                       bool write_through, const char *asked_encoding, const char *asked_errors) {
    bool reading = *mode == 'r';
    Value args[3] = {value_from_int(fd), str_from_cstr(reading ? "rb" : "wb"), VALUE_FALSE};
    Value raw = value_call(value_from_object(&io_file_type), args, 3, VALUE_NULL);
    ref_release(args[1]);
    Value buffer = VALUE_NULL, text = VALUE_NULL;
    if (!value_is_null(raw)) {
        Value shown = str_from_cstr(name);
        int64_t size;
        if (value_setattr(raw, name_name, shown) < 0 || io_block_size(raw, &size) < 0)
            buffer = VALUE_NULL;
        else if (write_through && !reading) // unbuffered: every write() of the program is one
            buffer = ref_new(raw);
        else
            buffer = io_buffered_new(reading ? &io_reader_type : &io_writer_type, raw, size);
        ref_release(shown);
    }
    if (!value_is_null(buffer)) {
        Value encoding = asked_encoding ? codec_name(asked_encoding) : ref_new(name_utf_8);
        // Bytes that are no UTF-8 pass through where the locale says nothing of UTF-8.
        const char *locale = setlocale(LC_CTYPE, NULL);
        bool lenient = options.utf8_mode || !locale || strcmp(locale, "C") == 0 ||
                       strcmp(locale, "POSIX") == 0 || strcmp(locale, "C.UTF-8") == 0 ||
                       strcmp(locale, "C.utf8") == 0;
        Value errors = str_from_cstr(fd == 2          ? "backslashreplace"
                                     : asked_errors   ? asked_errors
                                     : asked_encoding ? "strict"
                                     : lenient        ? "surrogateescape"
                                                      : "strict");
        Value newline = str_from_cstr("\n");
        text = io_text_new(buffer, encoding, errors, newline, line_buffered, write_through);
        ref_release(newline);
        ref_release(encoding);
        ref_release(errors);
    }
    if (!value_is_null(text)) {
        Value shown = str_from_cstr(mode);
        if (value_setattr(text, name_mode, shown) < 0) {
            ref_release(text);
            text = VALUE_NULL;
        }
        ref_release(shown);
    }
    ref_release(raw);
    ref_release(buffer);
    return text;
}

// Letters of the mode, each at most once.
typedef struct {
    bool creating, reading, writing, appending, updating, text, binary;
} OpenMode;

static int parse_open_mode(const char *mode, OpenMode *m) {
    memset(m, 0, sizeof *m);
    for (const char *c = mode; *c; c++) {
        bool *flag = *c == 'x'   ? &m->creating
                     : *c == 'r' ? &m->reading
                     : *c == 'w' ? &m->writing
                     : *c == 'a' ? &m->appending
                     : *c == '+' ? &m->updating
                     : *c == 't' ? &m->text
                     : *c == 'b' ? &m->binary
                                 : NULL;
        if (!flag || *flag)
            return raise_int(&exception_ValueError, "invalid mode: '%s'", mode);
        *flag = true;
    }
    if (m->text && m->binary)
        return raise_int(&exception_ValueError, "can't have text and binary mode at once");
    if (m->creating + m->reading + m->writing + m->appending != 1)
        return raise_int(
            &exception_ValueError,
            m->creating + m->reading + m->writing + m->appending > 1
                ? "must have exactly one of create/read/write/append mode"
                : "Must have exactly one of create/read/write/append mode and at most one plus");
    return 0;
}

Value io_fspath(Value v) {
    if (value_is_str(v) || value_is_bytes(v))
        return ref_new(v);
    Value method;
    int found = value_lookup_special(v, name___fspath__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_type_error("expected str, bytes or os.PathLike object, not %N", value_type(v));
    Value path = value_call_none(method);
    ref_release(method);
    if (value_is_null(path) || value_is_str(path) || value_is_bytes(path))
        return path;
    raise_type_error("expected %T.__fspath__() to return str or bytes, not %T", v, path);
    ref_release(path);
    return VALUE_NULL;
}

Value io_open(Value file, const char *mode, int64_t buffering, Value encoding, Value errors,
              Value newline, bool closefd, Value opener) {
    OpenMode m;
    if (parse_open_mode(mode, &m) < 0)
        return VALUE_NULL;
    // A file that was dropped without being closed may be written only at a safepoint.
    if (thread_safepoint(thread_current()) < 0)
        return VALUE_NULL;
    if (m.binary && !value_is_none(encoding))
        return raise_value_error("binary mode doesn't take an encoding argument");
    if (m.binary && !value_is_none(errors))
        return raise_value_error("binary mode doesn't take an errors argument");
    if (m.binary && !value_is_none(newline))
        return raise_value_error("binary mode doesn't take a newline argument");
    char raw_mode[4];
    snprintf(raw_mode, sizeof raw_mode, "%s%s",
             m.creating  ? "x"
             : m.reading ? "r"
             : m.writing ? "w"
                         : "a",
             m.updating ? "+" : "");
    Value raw_mode_value = str_from_cstr(raw_mode);
    Value raw_args[4] = {file, raw_mode_value, value_from_bool(closefd), opener};
    Value raw = value_call(value_from_object(&io_file_type), raw_args, 4, VALUE_NULL),
          buffer = VALUE_NULL, text = VALUE_NULL;
    ref_release(raw_mode_value);
    if (value_is_null(raw))
        return raw;
    bool line_buffering = false;
    int tty = buffering < 0 || buffering == 1 ? io_call_truth(raw, "isatty") : 0;
    if (tty < 0)
        goto fail;
    if (buffering == 1 || (buffering < 0 && tty)) {
        line_buffering = buffering == 1 ? !m.binary : true;
        if (buffering == 1 && m.binary &&
            warn(&exception_RuntimeWarning, 1,
                 "line buffering (buffering=1) isn't supported in binary mode, the default buffer "
                 "size will be used") < 0)
            goto fail;
        buffering = -1;
    }
    if (buffering < 0 && io_block_size(raw, &buffering) < 0)
        goto fail;
    if (buffering == 0) {
        if (!m.binary) {
            raise_value_error("can't have unbuffered text I/O");
            goto fail;
        }
        return raw;
    }
    buffer = io_buffered_new(m.updating  ? &io_random_type
                             : m.reading ? &io_reader_type
                                         : &io_writer_type,
                             raw, buffering);
    if (value_is_null(buffer))
        goto fail;
    ref_release(raw);
    raw = VALUE_NULL;
    if (m.binary)
        return buffer;
    text = io_text_new(buffer, encoding, errors, newline, line_buffering, false);
    if (value_is_null(text)) {
        raw = ref_new(buffer);
        goto fail;
    }
    Value mode_value = str_from_cstr(mode);
    int status = value_setattr(text, name_mode, mode_value);
    ref_release(mode_value);
    ref_release(buffer);
    if (status < 0) {
        ref_release(text);
        return VALUE_NULL;
    }
    return text;
fail:;
    Value pending = error_take();
    if (!value_is_null(raw)) {
        ref_release(value_call_method(raw, name_close, NULL, 0));
        error_clear();
    }
    ref_release(raw);
    ref_release(buffer);
    error_restore(pending);
    return VALUE_NULL;
}

static Value module_open(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"file",    "mode",    "buffering", "encoding", "errors",
                                        "newline", "closefd", "opener",    NULL};
    Value v[8];
    if (arguments_parse("open", args, nargs, kwnames, names, 0, 8, 1, v) < 0)
        return VALUE_NULL;
    int64_t buffering = -1;
    char mode[16] = "r";
    if (!value_is_null(v[1])) {
        if (!value_is_str(v[1]))
            return raise_type_error("open() argument 'mode' must be str, not %G", v[1]);
        if (str_length(v[1]) > 8)
            return raise_value_error("invalid mode: %R", v[1]);
        str_copy_bounded(v[1], mode, sizeof mode);
    }
    if (!value_is_null(v[2]) && value_to_i64(v[2], &buffering) < 0)
        return VALUE_NULL;
    int closefd = value_is_null(v[6]) ? 1 : value_truth(v[6]);
    if (closefd < 0)
        return VALUE_NULL;
    for (int i = 3; i < 6; i++) {
        if (value_is_null(v[i]))
            v[i] = VALUE_NONE;
        if (!value_is_none(v[i]) && !value_is_str(v[i]))
            return raise_type_error("open() argument '%s' must be str or None, not %G", names[i],
                                    v[i]);
    }
    Value file =
        value_is_any_int(v[0]) || value_type(v[0])->index ? ref_new(v[0]) : io_fspath(v[0]);
    if (value_is_null(file))
        return file;
    Value result = io_open(file, mode, buffering, v[3], v[4], v[5], closefd,
                           value_is_null(v[7]) ? VALUE_NONE : v[7]);
    ref_release(file);
    return result;
}

static Value module_open_code(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", NULL};
    Value v[1];
    if (arguments_parse("open_code", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return io_open(v[0], "rb", -1, VALUE_NONE, VALUE_NONE, VALUE_NONE, true, VALUE_NONE);
}

static Value module_text_encoding(Value self, const Value *args, size_t nargs) {
    int level = 2;
    if (nargs > 1 && int_argument(args[1], &level) < 0)
        return VALUE_NULL;
    if (!value_is_none(args[0]))
        return ref_new(args[0]);
    if (options.warn_default_encoding &&
        warn(&exception_EncodingWarning, level, "'encoding' argument not specified") < 0)
        return VALUE_NULL;
    return str_from_cstr(options.utf8_mode ? "utf-8" : "locale");
}

static const NativeDef io_functions[] = {
    DEF_VECTOR("open", module_open, "Open a file and give a file object."),
    DEF_VECTOR("open_code", module_open_code, "Open a file of code."),
    DEF_FIXED("text_encoding", module_text_encoding, 1, 2,
              "The encoding to use where None was given, which programs may be warned of."),
    DEF_END,
};

// They say that they are io's.
static int add_functions(Value module) {
    Value io = str_intern_cstr("io");
    int status = value_is_null(io) ? -1 : 0;
    for (const NativeDef *def = io_functions; status == 0 && def->name; def++)
        status = module_add(module, def->name, native_function_new(def, module, io));
    ref_release(io);
    return status;
}

static int io_fill(Value module) {
    if (value_is_null(io_unsupported_operation)) {
        Value bases = tuple_pack(2, value_from_object(&exception_OSError),
                                 value_from_object(&exception_ValueError));
        Value name = str_intern_cstr("UnsupportedOperation"), namespace = dict_new(),
              io = str_intern_cstr("io");
        if (value_is_null(bases) || dict_set_cstr(namespace, "__module__", io) < 0)
            return -1;
        io_unsupported_operation = type_create(&type_type, name, bases, namespace, VALUE_NULL);
        ref_release(bases);
        ref_release(name);
        ref_release(namespace);
        ref_release(io);
        if (value_is_null(io_unsupported_operation))
            return -1;
    }
    Type *types[] = {&io_base_type,           &io_raw_base_type, &io_buffered_base_type,
                     &io_text_base_type,      &io_file_type,     &io_reader_type,
                     &io_writer_type,         &io_random_type,   &io_pair_type,
                     &io_bytes_type,          &io_string_type,   &io_text_type,
                     &io_newline_decoder_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    if (module_add(module, "UnsupportedOperation", ref_new(io_unsupported_operation)) < 0 ||
        module_add(module, "BlockingIOError",
                   ref_new(value_from_object(&exception_BlockingIOError))) < 0)
        return -1;
    return add_functions(module) < 0
               ? -1
               : module_add_int(module, "DEFAULT_BUFFER_SIZE", IO_DEFAULT_BUFFER);
}

const NativeModule module_io = {"_io", "Files: raw, buffered, text, in memory.", NULL, io_fill};
