// SPDX-License-Identifier: MIT
//
// Exception classes with attributes of their own: StopIteration, SystemExit, KeyError, NameError,
// AttributeError, ImportError, OSError, SyntaxError, the Unicode errors.
//
// All attributes are Values after the common part, in the order of the tables here (index 0 first:
// errors.c sets some by index).
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>

#define FIELD_OFFSET(i) (uint32_t)(sizeof(Exception) + (i) * sizeof(Value))
#define FIELD(name, i)                                                                             \
    { name, FIELD_OFFSET(i), false, true }

static Value *field_slot(Value self, uint32_t i) {
    return (Value *)((char *)value_object(self) + FIELD_OFFSET(i));
}
static Value field_get(Value self, uint32_t i) { // new reference; None if unset
    Value v = field_load(value_object(self), field_slot(self, i));
    return value_is_null(v) ? none_new() : v;
}
static void field_put(Value self, uint32_t i, Value v) { // borrowed; VALUE_NULL clears
    field_store(value_object(self), field_slot(self, i), ref_new(v));
}

static int plain_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return exception_BaseException.init(self, args, nargs, kwnames);
}

// Keyword arguments that a class takes beside the positional ones: sets field i for each name
// found.
static int take_keywords(Value self, const Value *args, size_t nargs, Value kwnames,
                         const char *const *names, const uint32_t *fields) {
    if (value_is_null(kwnames))
        return 0;
    for (int64_t k = 0; k < tuple_length(kwnames); k++) {
        Value name = tuple_item(kwnames, k);
        int which = -1;
        for (int i = 0; names[i]; i++)
            if (str_equal_cstr(name, names[i]))
                which = i;
        if (which < 0)
            return raise_int(&exception_TypeError, "'%V' is an invalid keyword argument for %N()",
                             name, value_type(self));
        field_put(self, fields[which], args[nargs + (size_t)k]);
    }
    return 0;
}

// ---- StopIteration, SystemExit ----------------------------------------------------------------

static const MemberDef stop_members[] = {FIELD("value", 0), {0}};
static const MemberDef exit_members[] = {FIELD("code", 0), {0}};

static int first_argument_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (plain_init(self, args, nargs, kwnames) < 0)
        return -1;
    field_put(self, 0, nargs ? args[0] : VALUE_NULL);
    return 0;
}
static int exit_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (plain_init(self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs > 1) {
        Value tuple = exception_args(self);
        field_put(self, 0, tuple);
        ref_release(tuple);
    } else {
        field_put(self, 0, nargs ? args[0] : VALUE_NULL);
    }
    return 0;
}

// ---- KeyError ------------------------------------------------------------------------------

static Value key_error_str(Value self) {
    Value args = exception_args(self);
    Value result = tuple_length(args) == 1 ? value_repr(tuple_item(args, 0))
                                           : exception_BaseException.str(self);
    ref_release(args);
    return result;
}

// ---- NameError, AttributeError, ImportError -----------------------------------------------------

static const MemberDef name_members[] = {FIELD("name", 0), {0}};
static const MemberDef attribute_members[] = {FIELD("name", 0), FIELD("obj", 1), {0}};
static const MemberDef import_members[] = {
    FIELD("msg", 0), FIELD("name", 1), FIELD("path", 2), {0}};

static int name_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", NULL};
    static const uint32_t fields[] = {0};
    if (plain_init(self, args, nargs, VALUE_NULL) < 0)
        return -1;
    return take_keywords(self, args, nargs, kwnames, names, fields);
}
static int attribute_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "obj", NULL};
    static const uint32_t fields[] = {0, 1};
    if (plain_init(self, args, nargs, VALUE_NULL) < 0)
        return -1;
    return take_keywords(self, args, nargs, kwnames, names, fields);
}
static int import_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "path", NULL};
    static const uint32_t fields[] = {1, 2};
    if (plain_init(self, args, nargs, VALUE_NULL) < 0)
        return -1;
    field_put(self, 0, nargs == 1 ? args[0] : VALUE_NULL);
    field_put(self, 1, VALUE_NULL);
    field_put(self, 2, VALUE_NULL);
    return take_keywords(self, args, nargs, kwnames, names, fields);
}
// name and path are keywords, so they travel with the state.
static Value import_reduce(Value self) {
    static const char *const names[] = {"name", "path"};
    Value own = instance_dict(self);
    Value state = value_is_null(own) ? own : dict_copy(own);
    ref_release(own);
    for (uint32_t i = 0; i < 2 && !value_is_null(state); i++) {
        Value v = field_load(value_object(self), field_slot(self, i + 1));
        if (!value_is_null(v) && dict_set_cstr(state, names[i], v) < 0) {
            ref_release(state);
            state = VALUE_NULL;
        }
        ref_release(v);
    }
    if (value_is_null(state))
        return state;
    Value args = exception_args(self), type = value_from_object(value_type(self));
    Value result =
        dict_length(state) ? tuple_pack(3, type, args, state) : tuple_pack(2, type, args);
    ref_release(args);
    ref_release(state);
    return result;
}
static const NativeDef import_methods[] = {DEF_NONE("__reduce__", import_reduce, NULL), DEF_END};
static Value import_str(Value self) {
    Value message = field_get(self, 0);
    if (value_is_exact_str(message))
        return message;
    ref_release(message);
    return exception_BaseException.str(self);
}

// ---- OSError -----------------------------------------------------------------------------------

enum { OS_ERRNO, OS_STRERROR, OS_FILENAME, OS_FILENAME2, OS_WRITTEN, OS_COUNT };
static const MemberDef os_members[] = {FIELD("errno", OS_ERRNO),
                                       FIELD("strerror", OS_STRERROR),
                                       FIELD("filename", OS_FILENAME),
                                       FIELD("filename2", OS_FILENAME2),
                                       {0}};

static Type *os_type_of(int64_t number) {
    switch (number) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
        return &exception_BlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
        return &exception_BrokenPipeError;
    case ECHILD:
        return &exception_ChildProcessError;
    case ECONNABORTED:
        return &exception_ConnectionAbortedError;
    case ECONNREFUSED:
        return &exception_ConnectionRefusedError;
    case ECONNRESET:
        return &exception_ConnectionResetError;
    case EEXIST:
        return &exception_FileExistsError;
    case ENOENT:
        return &exception_FileNotFoundError;
    case EISDIR:
        return &exception_IsADirectoryError;
    case ENOTDIR:
        return &exception_NotADirectoryError;
    case EINTR:
        return &exception_InterruptedError;
    case EACCES:
    case EPERM:
        return &exception_PermissionError;
    case ESRCH:
        return &exception_ProcessLookupError;
    case ETIMEDOUT:
        return &exception_TimeoutError;
    default:
        return &exception_OSError;
    }
}

static int os_init(Value self, const Value *args, size_t nargs, Value kwnames);
static Value os_new(Type *type, const Value *args, size_t nargs, Value kwnames);

// An OSError is filled when it is made: its class depends on the arguments. Only where a subclass
// has an __init__ of its own, and no __new__, it is the __init__ that passes them on.
static bool filled_by_init(const Type *type) {
    return type->init != os_init && type->call_new == os_new;
}

// How much a BlockingIOError says was written: -1 is none.
static int os_put_written(Value self, Value v) {
    int64_t n;
    if (argument_by_index(v, &n, &exception_ValueError,
                          "cannot fit '%T' into an index-sized integer") < 0)
        return -1;
    Value count = n == -1 ? VALUE_NULL : int_from_i64(n);
    if (n != -1 && value_is_null(count))
        return -1;
    field_put(self, OS_WRITTEN, count);
    ref_release(count);
    return 0;
}

static int os_fill(Value self, const Value *args, size_t nargs) {
    bool fields = nargs >= 2 && nargs <= 5;
    bool third = fields && nargs >= 3 && !value_is_none(args[2]);
    bool is_count =
        third && value_type(self) == &exception_BlockingIOError && value_is_number(args[2]);
    if (is_count && os_put_written(self, args[2]) < 0)
        return -1;
    // File names are no items of args.
    bool named = third && !is_count;
    if (plain_init(self, args, named ? 2 : nargs, VALUE_NULL) < 0)
        return -1;
    if (!fields)
        return 0;
    field_put(self, OS_ERRNO, args[0]);
    field_put(self, OS_STRERROR, args[1]);
    if (named)
        field_put(self, OS_FILENAME, args[2]);
    if (named && nargs == 5 && !value_is_none(args[4]))
        field_put(self, OS_FILENAME2, args[4]);
    return 0;
}

static Value os_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (filled_by_init(type))
        return exception_BaseException.call_new(type, args, 0, VALUE_NULL);
    if (arguments_no_keywords(type_name(type), kwnames) < 0)
        return VALUE_NULL;
    int64_t number;
    if (type == &exception_OSError && nargs >= 2 && nargs <= 5 && value_is_any_int(args[0]) &&
        int_to_i64(args[0], &number))
        type = os_type_of(number);
    Value self = exception_BaseException.call_new(type, args, nargs, VALUE_NULL);
    if (value_is_null(self) || os_fill(self, args, nargs) == 0)
        return self;
    ref_release(self);
    return VALUE_NULL;
}

static int os_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    Type *type = value_type(self);
    if (!filled_by_init(type))
        return 0;
    return arguments_no_keywords(type_name(type), kwnames) < 0 ? -1 : os_fill(self, args, nargs);
}

static Value os_str(Value self) {
    Value number = field_load(value_object(self), field_slot(self, OS_ERRNO));
    Value text = field_load(value_object(self), field_slot(self, OS_STRERROR));
    Value name = field_load(value_object(self), field_slot(self, OS_FILENAME));
    Value name2 = field_load(value_object(self), field_slot(self, OS_FILENAME2));
    Value result;
    Value n = value_is_null(number) ? VALUE_NONE : number,
          t = value_is_null(text) ? VALUE_NONE : text;
    if (!value_is_null(name) && !value_is_null(name2))
        result = str_format("[Errno %V] %V: %R -> %R", n, t, name, name2);
    else if (!value_is_null(name))
        result = str_format("[Errno %V] %V: %R", n, t, name);
    else if (!value_is_null(number) && !value_is_null(text))
        result = str_format("[Errno %V] %V", number, text);
    else
        result = exception_BaseException.str(self);
    ref_release(number);
    ref_release(text);
    ref_release(name);
    ref_release(name2);
    return result;
}

static Value os_get_written(Value self) {
    Value v = field_load(value_object(self), field_slot(self, OS_WRITTEN));
    if (value_is_null(v))
        raise_error(&exception_AttributeError, "characters_written");
    return v;
}
static int os_set_written(Value self, Value v) {
    if (value_is_null(v)) {
        Value old = os_get_written(self);
        if (value_is_null(old))
            return -1;
        ref_release(old);
        field_put(self, OS_WRITTEN, v);
        return 0;
    }
    return os_put_written(self, v);
}
// The file names are no items of args, but arguments of __init__.
static Value os_reduce(Value self) {
    Value args = exception_args(self),
          name = field_load(value_object(self), field_slot(self, OS_FILENAME));
    if (!value_is_null(name) && tuple_length(args) == 2) {
        Value second = field_load(value_object(self), field_slot(self, OS_FILENAME2));
        Value full =
            value_is_null(second)
                ? tuple_pack(3, tuple_item(args, 0), tuple_item(args, 1), name)
                : tuple_pack(5, tuple_item(args, 0), tuple_item(args, 1), name, VALUE_NONE, second);
        ref_release(second);
        ref_release(args);
        args = full;
    }
    ref_release(name);
    if (value_is_null(args))
        return args;
    Value dict = field_load(value_object(self), &((Exception *)value_object(self))->dict),
          type = value_from_object(value_type(self));
    Value result =
        value_is_null(dict) ? tuple_pack(2, type, args) : tuple_pack(3, type, args, dict);
    ref_release(dict);
    ref_release(args);
    return result;
}
static const NativeDef os_methods[] = {DEF_NONE("__reduce__", os_reduce, NULL), DEF_END};
static const GetSetDef os_getsets[] = {{"characters_written", os_get_written, os_set_written, NULL},
                                       {0}};

// ---- SyntaxError ------------------------------------------------------------------------------

enum {
    SYNTAX_MSG,
    SYNTAX_FILENAME,
    SYNTAX_LINE,
    SYNTAX_OFFSET,
    SYNTAX_TEXT,
    SYNTAX_END_LINE,
    SYNTAX_END_OFFSET,
    SYNTAX_PRINT,
    SYNTAX_COUNT
};
static const MemberDef syntax_members[] = {FIELD("msg", SYNTAX_MSG),
                                           FIELD("filename", SYNTAX_FILENAME),
                                           FIELD("lineno", SYNTAX_LINE),
                                           FIELD("offset", SYNTAX_OFFSET),
                                           FIELD("text", SYNTAX_TEXT),
                                           FIELD("end_lineno", SYNTAX_END_LINE),
                                           FIELD("end_offset", SYNTAX_END_OFFSET),
                                           FIELD("print_file_and_line", SYNTAX_PRINT),
                                           {0}};

static int syntax_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (plain_init(self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs >= 1)
        field_put(self, SYNTAX_MSG, args[0]);
    if (nargs != 2)
        return 0;
    Value info = tuple_from_iterable(args[1]);
    if (value_is_null(info))
        return -1;
    int64_t n = tuple_length(info);
    if (n != 4 && n != 6) {
        ref_release(info);
        return raise_int(&exception_TypeError,
                         n < 4   ? "function takes at least 4 arguments (%lld given)"
                         : n > 6 ? "function takes at most 6 arguments (%lld given)"
                                 : "end_offset must be provided when end_lineno is provided",
                         (long long)n);
    }
    for (int64_t i = 0; i < n; i++)
        field_put(self, SYNTAX_FILENAME + (uint32_t)i, tuple_item(info, i));
    ref_release(info);
    return 0;
}

static Value syntax_str(Value self) {
    Value message = field_get(self, SYNTAX_MSG), file = field_get(self, SYNTAX_FILENAME);
    Value line = field_get(self, SYNTAX_LINE), result;
    bool has_file = value_is_str(file), has_line = value_is_int(line);
    if (has_file) { // only the last component is shown
        int64_t start = 0;
        for (int64_t i = 0; i < str_length(file); i++)
            if (str_at(file, i) == '/')
                start = i + 1;
        Value base = str_substring(file, start, str_length(file));
        ref_release(file);
        file = base;
    }
    if (has_file && has_line)
        result = str_format("%V (%V, line %V)", message, file, line);
    else if (has_file)
        result = str_format("%V (%V)", message, file);
    else if (has_line)
        result = str_format("%V (line %V)", message, line);
    else
        result = value_str(message);
    ref_release(message);
    ref_release(file);
    ref_release(line);
    return result;
}

// ---- Unicode errors ---------------------------------------------------------------------------

enum {
    UNICODE_ENCODING,
    UNICODE_OBJECT,
    UNICODE_START,
    UNICODE_END,
    UNICODE_REASON,
    UNICODE_COUNT
};
static const MemberDef unicode_members[] = {
    FIELD("encoding", UNICODE_ENCODING), FIELD("object", UNICODE_OBJECT),
    FIELD("start", UNICODE_START),       FIELD("end", UNICODE_END),
    FIELD("reason", UNICODE_REASON),     {0}};

static bool is_str(Value v) {
    return value_is_str(v);
}
static int unicode_fill(Value self, const Value *args, size_t nargs, Value kwnames, size_t wanted,
                        bool (*object_ok)(Value), const char *object_kind) {
    if (plain_init(self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs != wanted)
        return raise_int(&exception_TypeError, "function takes exactly %zu arguments (%zu given)",
                         wanted, nargs);
    size_t i = 0;
    uint32_t field = wanted == 5 ? UNICODE_ENCODING : UNICODE_OBJECT;
    for (; i < nargs; i++, field++) {
        bool ok = field == UNICODE_OBJECT                          ? object_ok(args[i])
                  : field == UNICODE_START || field == UNICODE_END ? value_is_any_int(args[i])
                                                                   : value_is_str(args[i]);
        if (!ok && field == UNICODE_OBJECT && object_ok != is_str)
            return raise_int(&exception_TypeError, "a bytes-like object is required, not '%T'",
                             args[i]);
        if (!ok)
            return raise_int(&exception_TypeError, "argument %zu must be %s, not %T", i + 1,
                             field == UNICODE_OBJECT                          ? object_kind
                             : field == UNICODE_START || field == UNICODE_END ? "int"
                                                                              : "str",
                             args[i]);
        if (ok && field == UNICODE_OBJECT && object_ok != is_str && !value_is_bytes(args[i])) {
            // What could not be decoded is kept as bytes, whatever gave them.
            BufferView view;
            if (buffer_view_get_brief(args[i], &view) < 0)
                return -1;
            Value bytes = bytes_new(view.data, (size_t)view.length);
            buffer_view_release(&view);
            if (value_is_null(bytes))
                return -1;
            field_put(self, field, bytes);
            ref_release(bytes);
            continue;
        }
        field_put(self, field, args[i]);
    }
    return 0;
}
void unicode_error_update(Value exception, int64_t start, int64_t end, Value reason) {
    field_put(exception, UNICODE_START, value_from_int(start));
    field_put(exception, UNICODE_END, value_from_int(end));
    field_put(exception, UNICODE_REASON, reason);
}
static bool is_bytes(Value v) {
    return value_is_bytes(v) || (value_is_object(v) && value_type(v)->get_buffer);
}
static int encode_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return unicode_fill(self, args, nargs, kwnames, 5, is_str, "str");
}
static int decode_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return unicode_fill(self, args, nargs, kwnames, 5, is_bytes, "a bytes-like object");
}
static int translate_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return unicode_fill(self, args, nargs, kwnames, 4, is_str, "str");
}

static Value unicode_str(Value self) {
    Value encoding = field_get(self, UNICODE_ENCODING), object = field_get(self, UNICODE_OBJECT);
    Value start_value = field_get(self, UNICODE_START), end_value = field_get(self, UNICODE_END);
    Value reason = field_get(self, UNICODE_REASON), result;
    int64_t start = 0, end = 0;
    bool known = value_is_int(start_value) && value_is_int(end_value);
    if (known) {
        start = value_int(start_value);
        end = value_int(end_value);
    }
    bool decode = value_is_instance(self, &exception_UnicodeDecodeError);
    bool translate = value_is_instance(self, &exception_UnicodeTranslateError);
    if (!known) {
        result = exception_BaseException.str(self);
    } else if (decode && end == start + 1 && value_is_bytes(object) && start >= 0 &&
               start < bytes_length(object)) {
        result = str_format("'%V' codec can't decode byte 0x%02x in position %lld: %V", encoding,
                            (unsigned)bytes_data(object)[start], (long long)start, reason);
    } else if (decode) {
        result = str_format("'%V' codec can't decode bytes in position %lld-%lld: %V", encoding,
                            (long long)start, (long long)end - 1, reason);
    } else if (end == start + 1 && value_is_str(object) && start >= 0 &&
               start < str_length(object)) {
        uint32_t point = str_at(object, start);
        char shown[16];
        const char *hex = "0123456789abcdef";
        int digits = point <= 0xff ? 2 : point <= 0xffff ? 4 : 8, at = 0;
        shown[at++] = '\\';
        shown[at++] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
        for (int i = digits - 1; i >= 0; i--)
            shown[at++] = hex[(point >> (4 * i)) & 15];
        shown[at] = 0;
        if (translate)
            result = str_format("can't translate character '%s' in position %lld: %V", shown,
                                (long long)start, reason);
        else
            result = str_format("'%V' codec can't encode character '%s' in position %lld: %V",
                                encoding, shown, (long long)start, reason);
    } else if (translate) {
        result = str_format("can't translate characters in position %lld-%lld: %V",
                            (long long)start, (long long)end - 1, reason);
    } else {
        result = str_format("'%V' codec can't encode characters in position %lld-%lld: %V",
                            encoding, (long long)start, (long long)end - 1, reason);
    }
    ref_release(encoding);
    ref_release(object);
    ref_release(start_value);
    ref_release(end_value);
    ref_release(reason);
    return result;
}

static void give(Type *type, size_t count, const MemberDef *members,
                 int (*init)(Value, const Value *, size_t, Value), Value (*str)(Value)) {
    type->basic_size = (uint32_t)(sizeof(Exception) + count * sizeof(Value));
    type->members = members;
    if (init)
        type->init = init;
    type->str = str;
}

void exceptions_prepare_fields(void) {
    give(&exception_StopIteration, 1, stop_members, first_argument_init, NULL);
    give(&exception_SystemExit, 1, exit_members, exit_init, NULL);
    exception_KeyError.str = key_error_str;
    give(&exception_NameError, 1, name_members, name_init, NULL);
    exception_UnboundLocalError.init = name_init;
    give(&exception_AttributeError, 2, attribute_members, attribute_init, NULL);
    give(&exception_ImportError, 3, import_members, import_init, import_str);
    exception_ModuleNotFoundError.init = import_init;
    exception_ImportError.methods = import_methods;
    give(&exception_OSError, OS_COUNT, os_members, os_init, os_str);
    exception_OSError.getsets = os_getsets;
    exception_OSError.methods = os_methods;
    Type *os_types[] = {&exception_OSError,
                        &exception_BlockingIOError,
                        &exception_ChildProcessError,
                        &exception_ConnectionError,
                        &exception_BrokenPipeError,
                        &exception_ConnectionAbortedError,
                        &exception_ConnectionRefusedError,
                        &exception_ConnectionResetError,
                        &exception_FileExistsError,
                        &exception_FileNotFoundError,
                        &exception_InterruptedError,
                        &exception_IsADirectoryError,
                        &exception_NotADirectoryError,
                        &exception_PermissionError,
                        &exception_ProcessLookupError,
                        &exception_TimeoutError};
    for (size_t i = 0; i < sizeof os_types / sizeof *os_types; i++) {
        os_types[i]->call_new = os_new;
        os_types[i]->init = os_init;
    }
    give(&exception_SyntaxError, SYNTAX_COUNT, syntax_members, syntax_init, syntax_str);
    exception_IndentationError.init = syntax_init;
    exception_TabError.init = syntax_init;
    give(&exception_UnicodeEncodeError, UNICODE_COUNT, unicode_members, encode_init, unicode_str);
    give(&exception_UnicodeDecodeError, UNICODE_COUNT, unicode_members, decode_init, unicode_str);
    give(&exception_UnicodeTranslateError, UNICODE_COUNT, unicode_members, translate_init,
         unicode_str);
}
