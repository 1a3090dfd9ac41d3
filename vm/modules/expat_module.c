// SPDX-License-Identifier: MIT
//
// pyexpat: XML parsers over libexpat. expat_internal.h says how threads are kept apart.
#include "vm/modules/exception_class.h"
#include "vm/modules/expat_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <limits.h>

enum { TEXT_SIZE = 8192, READ_SIZE = 2048 };

static Value expat_error; // ExpatError
static Type parser_type;

// ---- one thread at a time ---------------------------------------------------------------------

static Parser *root_of(Parser *p) {
    return value_is_null(p->root) ? p : parser_of(p->root);
}

// False: this thread has it already, and is the one to give it back.
static bool enter(Parser *p) {
    Parser *root = root_of(p);
    Thread *self = thread_current();
    if (__atomic_load_n(&root->owner, __ATOMIC_RELAXED) == self)
        return false;
    mutex_lock(&root->mutex);
    __atomic_store_n(&root->owner, self, __ATOMIC_RELAXED);
    return true;
}
static void leave(Parser *p, bool entered) {
    if (!entered)
        return;
    __atomic_store_n(&root_of(p)->owner, NULL, __ATOMIC_RELAXED);
    mutex_unlock(&root_of(p)->mutex);
}

// ---- parsing ----------------------------------------------------------------------------------

static int raise_expat(Parser *p, enum XML_Error code) {
    int64_t line = (int64_t)XML_GetErrorLineNumber(p->xml),
            column = (int64_t)XML_GetErrorColumnNumber(p->xml);
    Value text = str_format("%s: line %lld, column %lld", XML_ErrorString(code), (long long)line,
                            (long long)column);
    Value e = value_is_null(text) ? text : value_call_one(expat_error, text);
    if (!value_is_null(e) && value_setattr_cstr(e, "code", value_from_int(code)) == 0 &&
        value_setattr_cstr(e, "offset", value_from_int(column)) == 0 &&
        value_setattr_cstr(e, "lineno", value_from_int(line)) == 0)
        raise_object(e);
    ref_release(text);
    ref_release(e);
    return -1;
}

enum XML_Status expat_feed(XML_Parser xml, const char *data, size_t length, bool final) {
    enum { PORTION = 1 << 20 };
    enum XML_Status status = XML_STATUS_OK;
    for (; length > PORTION && status != XML_STATUS_ERROR; data += PORTION, length -= PORTION)
        status = XML_Parse(xml, data, PORTION, 0);
    return status == XML_STATUS_ERROR ? status : XML_Parse(xml, data, (int)length, final);
}

// Mutex held. 0 or -1.
static int parse(Parser *p, const char *data, size_t length, bool final) {
    if (p->parsing)
        return raise_int(&exception_RuntimeError, "the parser is parsing already");
    p->parsing = true;
    p->failed = false;
    enum XML_Status status = expat_feed(p->xml, data, length, final);
    p->parsing = false;
    if (error_occurred())
        return -1;
    if (status == XML_STATUS_ERROR)
        return raise_expat(p, XML_GetErrorCode(p->xml));
    return expat_flush_text(p);
}

static Value parser_parse(Value self, const Value *args, size_t nargs) {
    Parser *p = parser_of(self);
    int final = nargs > 1 ? value_truth(args[1]) : 0;
    if (final < 0)
        return VALUE_NULL;
    BufferView view;
    char *owned = NULL;
    const char *data;
    size_t length;
    bool text = value_is_str(args[0]);
    if (text) {
        data = str_utf8(args[0], &length, &owned);
        if (!data)
            return VALUE_NULL;
    } else {
        if (buffer_view_get(args[0], &view, false) < 0)
            return VALUE_NULL;
        data = view.data;
        length = (size_t)view.length;
    }
    bool entered = enter(p);
    if (text)
        XML_SetEncoding(p->xml, "utf-8"); // whatever the text says: it is decoded already
    int status = parse(p, data, length, final);
    leave(p, entered);
    if (text)
        buffer_free(owned);
    else
        buffer_view_release(&view);
    return status < 0 ? VALUE_NULL : value_from_int(1);
}

static Value parser_parse_file(Value self, Value file) {
    Parser *p = parser_of(self);
    Value read = VALUE_NULL;
    int found = value_lookup_attr_cstr(file, "read", &read);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : raise_type_error("argument must have 'read' attribute");
    bool entered = enter(p), end = false;
    int status = 0;
    while (!end && status == 0) {
        Value data = value_call_one(read, value_from_int(READ_SIZE));
        BufferView view;
        if (value_is_null(data) || buffer_view_get(data, &view, false) < 0) {
            if (!value_is_null(data) && error_occurred()) {
                error_clear();
                raise_type_error("read() did not return a bytes object (type=%T)", data);
            }
            status = -1;
        } else {
            if (view.length > READ_SIZE)
                status = raise_int(&exception_ValueError,
                                   "read() returned too much data: %d bytes requested, %lld "
                                   "returned",
                                   READ_SIZE, (long long)view.length);
            end = view.length == 0;
            if (status == 0)
                status = parse(p, view.data, (size_t)view.length, end);
            buffer_view_release(&view);
        }
        ref_release(data);
    }
    leave(p, entered);
    ref_release(read);
    return status < 0 ? VALUE_NULL : value_from_int(1);
}

// ---- making parsers ---------------------------------------------------------------------------

// Takes xml over.
static Value parser_wrap(XML_Parser xml, Value intern_or_null) {
    Parser *p = xml ? object_allocate(&parser_type) : NULL;
    if (!p) {
        if (xml)
            XML_ParserFree(xml);
        return error_occurred() ? VALUE_NULL : raise_memory_error();
    }
    p->xml = xml;
    p->text_size = TEXT_SIZE;
    p->intern = ref_new(intern_or_null);
    XML_SetUserData(xml, p);
    expat_install_encodings(p);
    return value_from_object(p);
}

// The argument as UTF-8: NULL for None, or with an exception.
static const char *optional_text(Value v, const char *function, const char *name, char **owned) {
    *owned = NULL;
    if (value_is_null(v) || value_is_none(v))
        return NULL;
    if (value_is_str(v))
        return str_utf8(v, NULL, owned);
    raise_type_error("%s() argument '%s' must be str or None, not %G", function, name, v);
    return NULL;
}

static Value parser_create(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"encoding", "namespace_separator", "intern", NULL};
    Value v[3], result = VALUE_NULL;
    if (arguments_parse("ParserCreate", args, nargs, kwnames, names, 0, 3, 0, v) < 0)
        return VALUE_NULL;
    char *owned[2] = {NULL, NULL};
    const char *separator = NULL;
    const char *encoding = optional_text(v[0], "ParserCreate", "encoding", &owned[0]);
    if (!error_occurred())
        separator = optional_text(v[1], "ParserCreate", "namespace_separator", &owned[1]);
    Value intern = VALUE_NULL;
    if (error_occurred())
        goto done;
    if (separator && strlen(separator) > 1) {
        raise_value_error("namespace_separator must be at most one character, omitted, or None");
        goto done;
    }
    if (value_is_null(v[2]))
        intern = dict_new();
    else if (value_is_dict(v[2]))
        intern = ref_new(v[2]);
    else if (!value_is_none(v[2]))
        raise_type_error("intern must be a dictionary");
    if (!error_occurred())
        result = parser_wrap(XML_ParserCreate_MM(encoding, NULL, separator), intern);
done:
    ref_release(intern);
    buffer_free(owned[0]);
    buffer_free(owned[1]);
    return result;
}

static Value parser_for_entity(Value self, const Value *args, size_t nargs) {
    Parser *p = parser_of(self);
    char *owned[2] = {NULL, NULL};
    const char *encoding = NULL;
    const char *context = optional_text(args[0], "ExternalEntityParserCreate", "1", &owned[0]);
    if (!error_occurred() && nargs > 1)
        encoding = optional_text(args[1], "ExternalEntityParserCreate", "2", &owned[1]);
    Value result = VALUE_NULL;
    if (!error_occurred()) {
        bool entered = enter(p);
        result = parser_wrap(XML_ExternalEntityParserCreate(p->xml, context, encoding), p->intern);
        if (!value_is_null(result)) {
            Parser *child = parser_of(result);
            child->root = ref_new(value_from_object(root_of(p)));
            child->text_size = p->text_size;
            child->ordered = p->ordered;
            child->specified = p->specified;
            child->prefixes = p->prefixes;
            for (int i = 0; i < EXPAT_HANDLER_COUNT; i++)
                child->handlers[i] = field_load(&p->header, &p->handlers[i]);
            if (p->text && !(child->text = buffer_allocate((size_t)p->text_size))) {
                ref_release(result);
                result = raise_memory_error();
            }
        }
        leave(p, entered);
    }
    buffer_free(owned[0]);
    buffer_free(owned[1]);
    return result;
}

static void parser_destroy(Object *self) {
    Parser *p = (Parser *)self;
    for (int i = 0; i < EXPAT_HANDLER_COUNT; i++)
        field_clear(self, &p->handlers[i]);
    XML_ParserFree(p->xml);
    buffer_free(p->text);
    ref_release(p->intern);
    ref_release(p->root);
    object_free_fixed(self);
}
static void parser_traverse(Object *self, GcVisitor *visitor) {
    Parser *p = (Parser *)self;
    for (int i = 0; i < EXPAT_HANDLER_COUNT; i++)
        gc_visit(visitor, p->handlers[i]);
    gc_visit(visitor, p->intern);
    gc_visit(visitor, p->root);
}
static void parser_clear(Object *self) {
    for (int i = 0; i < EXPAT_HANDLER_COUNT; i++)
        field_clear(self, &((Parser *)self)->handlers[i]);
}

// ---- other methods ----------------------------------------------------------------------------

static Value parser_set_base(Value self, Value base) {
    if (!value_is_str(base))
        return raise_type_error("SetBase() argument must be str, not %G", base);
    char *owned = NULL;
    const char *text = str_utf8(base, NULL, &owned);
    if (!text)
        return VALUE_NULL;
    Parser *p = parser_of(self);
    bool entered = enter(p);
    enum XML_Status status = XML_SetBase(p->xml, text);
    leave(p, entered);
    buffer_free(owned);
    return status == XML_STATUS_OK ? none_new() : raise_memory_error();
}

static Value parser_get_base(Value self) {
    Parser *p = parser_of(self);
    bool entered = enter(p);
    const char *base = XML_GetBase(p->xml);
    Value result = base ? str_from_cstr(base) : none_new();
    leave(p, entered);
    return result;
}

static Value parser_get_input_context(Value self) {
    Parser *p = parser_of(self);
    bool entered = enter(p);
    Value result = VALUE_NULL;
    if (p->calling) {
        int offset, size;
        const char *buffer = XML_GetInputContext(p->xml, &offset, &size);
        result = buffer ? bytes_new((const uint8_t *)buffer + offset, (size_t)(size - offset))
                        : none_new();
    } else {
        result = none_new();
    }
    leave(p, entered);
    return result;
}

static Value parser_set_entity_parsing(Value self, Value flag) {
    int64_t n;
    if (value_to_i64(flag, &n) < 0)
        return VALUE_NULL;
    Parser *p = parser_of(self);
    bool entered = enter(p);
    int answer = XML_SetParamEntityParsing(p->xml, (enum XML_ParamEntityParsing)n);
    leave(p, entered);
    return value_from_int(answer);
}

static Value parser_use_foreign_dtd(Value self, const Value *args, size_t nargs) {
    int flag = nargs ? value_truth(args[0]) : 1;
    if (flag < 0)
        return VALUE_NULL;
    Parser *p = parser_of(self);
    bool entered = enter(p);
    enum XML_Error code = XML_UseForeignDTD(p->xml, flag ? XML_TRUE : XML_FALSE);
    int status = code == XML_ERROR_NONE ? 0 : raise_expat(p, code);
    leave(p, entered);
    return status < 0 ? VALUE_NULL : none_new();
}

static const NativeDef parser_methods[] = {
    DEF_FIXED("Parse", parser_parse, 1, 2, "Parses text or bytes; the last if isfinal is true."),
    DEF_ONE("ParseFile", parser_parse_file, "Parses all that a file's read() gives."),
    DEF_ONE("SetBase", parser_set_base, "What relative names of entities are relative to."),
    DEF_NONE("GetBase", parser_get_base, "What SetBase has set, or None."),
    DEF_NONE("GetInputContext", parser_get_input_context,
             "In a handler, the input from the event on; else None."),
    DEF_FIXED("ExternalEntityParserCreate", parser_for_entity, 1, 2,
              "A parser for an external entity, with the same handlers."),
    DEF_ONE("SetParamEntityParsing", parser_set_entity_parsing,
            "Whether parameter entities and the external subset are parsed."),
    DEF_FIXED("UseForeignDTD", parser_use_foreign_dtd, 0, 1,
              "Ask for an external subset even if the document names none."),
    DEF_END,
};

// ---- attributes -------------------------------------------------------------------------------

static Value get_handler(Value self, int which) {
    Value handler = field_load(&parser_of(self)->header, &parser_of(self)->handlers[which]);
    return value_is_null(handler) ? none_new() : handler;
}

static int refuse_delete(Value v) {
    return value_is_null(v) ? raise_int(&exception_RuntimeError, "Cannot delete attribute") : 0;
}

static int set_handler(Value self, Value v, int which) {
    Parser *p = parser_of(self);
    if (refuse_delete(v) < 0)
        return -1;
    bool entered = enter(p);
    int status = which == EXPAT_CharacterDataHandler ? expat_flush_text(p) : 0;
    if (status == 0) {
        bool on = !value_is_none(v);
        field_store(&p->header, &p->handlers[which], on ? ref_new(v) : VALUE_NULL);
        expat_install(p, which, on);
    }
    leave(p, entered);
    return status;
}

#define HANDLER(name)                                                                              \
    static Value get_##name(Value self) {                                                          \
        return get_handler(self, EXPAT_##name);                                                    \
    }                                                                                              \
    static int set_##name(Value self, Value v) {                                                   \
        return set_handler(self, v, EXPAT_##name);                                                 \
    }
EXPAT_HANDLERS(HANDLER)
#undef HANDLER

#define NUMBER(name, type, function)                                                               \
    static Value get_##name(Value self) {                                                          \
        Parser *p = parser_of(self);                                                               \
        bool entered = enter(p);                                                                   \
        type n = function(p->xml);                                                                 \
        leave(p, entered);                                                                         \
        return int_from_i64((int64_t)n);                                                           \
    }
NUMBER(ErrorCode, enum XML_Error, XML_GetErrorCode)
NUMBER(LineNumber, XML_Size, XML_GetCurrentLineNumber)
NUMBER(ColumnNumber, XML_Size, XML_GetCurrentColumnNumber)
NUMBER(ByteIndex, XML_Index, XML_GetCurrentByteIndex)

// The flags: true or false.
#define FLAG(name, field)                                                                          \
    static Value get_##name(Value self) {                                                          \
        Parser *p = parser_of(self);                                                               \
        bool entered = enter(p), on = field;                                                       \
        leave(p, entered);                                                                         \
        return bool_new(on);                                                                       \
    }
FLAG(buffer_text, p->text != NULL)
FLAG(namespace_prefixes, p->prefixes)
FLAG(ordered_attributes, p->ordered)
FLAG(specified_attributes, p->specified)

// Changes a buffer of text, empty by then; size 0: none. 0 or -1. Mutex held.
static int change_buffer(Parser *p, int size) {
    if (expat_flush_text(p) < 0)
        return -1;
    char *text = size ? buffer_allocate((size_t)size) : NULL;
    if (size && !text)
        return raise_memory_error(), -1;
    buffer_free(p->text);
    p->text = text;
    p->text_used = 0;
    return 0;
}

static int set_buffer_text(Value self, Value v) {
    Parser *p = parser_of(self);
    int on = refuse_delete(v) < 0 ? -1 : value_truth(v);
    if (on < 0)
        return -1;
    bool entered = enter(p);
    int status = on == (p->text != NULL) ? 0 : change_buffer(p, on ? p->text_size : 0);
    leave(p, entered);
    return status;
}

static int set_namespace_prefixes(Value self, Value v) {
    Parser *p = parser_of(self);
    int on = refuse_delete(v) < 0 ? -1 : value_truth(v);
    if (on < 0)
        return -1;
    bool entered = enter(p);
    p->prefixes = on;
    XML_SetReturnNSTriplet(p->xml, on);
    leave(p, entered);
    return 0;
}

static int set_ordered_attributes(Value self, Value v) {
    int on = refuse_delete(v) < 0 ? -1 : value_truth(v);
    if (on < 0)
        return -1;
    bool entered = enter(parser_of(self));
    parser_of(self)->ordered = on;
    leave(parser_of(self), entered);
    return 0;
}

static int set_specified_attributes(Value self, Value v) {
    int on = refuse_delete(v) < 0 ? -1 : value_truth(v);
    if (on < 0)
        return -1;
    bool entered = enter(parser_of(self));
    parser_of(self)->specified = on;
    leave(parser_of(self), entered);
    return 0;
}

static Value get_buffer_size(Value self) {
    Parser *p = parser_of(self);
    bool entered = enter(p);
    int size = p->text_size;
    leave(p, entered);
    return value_from_int(size);
}

static int set_buffer_size(Value self, Value v) {
    int64_t size;
    if (refuse_delete(v) < 0)
        return -1;
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "buffer_size must be an integer");
    if (value_to_i64(v, &size) < 0)
        return -1; // OverflowError
    if (size <= 0)
        return raise_int(&exception_ValueError, "buffer_size must be greater than zero");
    if (size > INT_MAX)
        return raise_int(&exception_ValueError, "buffer_size must not be greater than %d", INT_MAX);
    Parser *p = parser_of(self);
    bool entered = enter(p);
    int status = p->text && size != p->text_size ? change_buffer(p, (int)size) : 0;
    if (status == 0)
        p->text_size = (int)size;
    leave(p, entered);
    return status;
}

static Value get_buffer_used(Value self) {
    Parser *p = parser_of(self);
    bool entered = enter(p);
    int used = p->text_used;
    leave(p, entered);
    return value_from_int(used);
}

static Value get_intern(Value self) {
    Value intern = parser_of(self)->intern;
    return value_is_null(intern) ? none_new() : ref_new(intern);
}

static const GetSetDef parser_getsets[] = {
#define HANDLER(name) {#name, get_##name, set_##name, NULL},
    EXPAT_HANDLERS(HANDLER)
#undef HANDLER
        {"ErrorCode", get_ErrorCode, NULL, NULL},
    {"ErrorLineNumber", get_LineNumber, NULL, NULL},
    {"ErrorColumnNumber", get_ColumnNumber, NULL, NULL},
    {"ErrorByteIndex", get_ByteIndex, NULL, NULL},
    {"CurrentLineNumber", get_LineNumber, NULL, NULL},
    {"CurrentColumnNumber", get_ColumnNumber, NULL, NULL},
    {"CurrentByteIndex", get_ByteIndex, NULL, NULL},
    {"buffer_text", get_buffer_text, set_buffer_text, NULL},
    {"buffer_size", get_buffer_size, set_buffer_size, NULL},
    {"buffer_used", get_buffer_used, NULL, NULL},
    {"namespace_prefixes", get_namespace_prefixes, set_namespace_prefixes, NULL},
    {"ordered_attributes", get_ordered_attributes, set_ordered_attributes, NULL},
    {"specified_attributes", get_specified_attributes, set_specified_attributes, NULL},
    {"intern", get_intern, NULL, NULL},
    {NULL, NULL, NULL, NULL}};

static Type parser_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "pyexpat.xmlparser",
    .doc = "XML parser",
    .basic_size = sizeof(Parser),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = parser_destroy,
    .traverse = parser_traverse,
    .clear = parser_clear,
    .methods = parser_methods,
    .getsets = parser_getsets,
};

// ---- the module -------------------------------------------------------------------------------

static Value error_string(Value self, Value code) {
    int64_t n;
    if (value_to_i64(code, &n) < 0)
        return VALUE_NULL;
    const char *text = n < INT_MIN || n > INT_MAX ? NULL : XML_ErrorString((enum XML_Error)n);
    return text ? str_from_cstr(text) : none_new();
}

static const NativeDef expat_functions[] = {
    DEF_VECTOR("ParserCreate", parser_create, "A new parser."),
    DEF_ONE("ErrorString", error_string, "What an error's number means."),
    DEF_END,
};

typedef struct {
    const char *name;
    int value;
} Constant;

#define ERROR(name)                                                                                \
    { "XML_ERROR_" #name, XML_ERROR_##name }
static const Constant errors[] = {ERROR(NO_MEMORY),
                                  ERROR(SYNTAX),
                                  ERROR(NO_ELEMENTS),
                                  ERROR(INVALID_TOKEN),
                                  ERROR(UNCLOSED_TOKEN),
                                  ERROR(PARTIAL_CHAR),
                                  ERROR(TAG_MISMATCH),
                                  ERROR(DUPLICATE_ATTRIBUTE),
                                  ERROR(JUNK_AFTER_DOC_ELEMENT),
                                  ERROR(PARAM_ENTITY_REF),
                                  ERROR(UNDEFINED_ENTITY),
                                  ERROR(RECURSIVE_ENTITY_REF),
                                  ERROR(ASYNC_ENTITY),
                                  ERROR(BAD_CHAR_REF),
                                  ERROR(BINARY_ENTITY_REF),
                                  ERROR(ATTRIBUTE_EXTERNAL_ENTITY_REF),
                                  ERROR(MISPLACED_XML_PI),
                                  ERROR(UNKNOWN_ENCODING),
                                  ERROR(INCORRECT_ENCODING),
                                  ERROR(UNCLOSED_CDATA_SECTION),
                                  ERROR(EXTERNAL_ENTITY_HANDLING),
                                  ERROR(NOT_STANDALONE),
                                  ERROR(UNEXPECTED_STATE),
                                  ERROR(ENTITY_DECLARED_IN_PE),
                                  ERROR(FEATURE_REQUIRES_XML_DTD),
                                  ERROR(CANT_CHANGE_FEATURE_ONCE_PARSING),
                                  ERROR(UNBOUND_PREFIX),
                                  ERROR(UNDECLARING_PREFIX),
                                  ERROR(INCOMPLETE_PE),
                                  ERROR(XML_DECL),
                                  ERROR(TEXT_DECL),
                                  ERROR(PUBLICID),
                                  ERROR(SUSPENDED),
                                  ERROR(NOT_SUSPENDED),
                                  ERROR(ABORTED),
                                  ERROR(FINISHED),
                                  ERROR(SUSPEND_PE),
                                  ERROR(RESERVED_PREFIX_XML),
                                  ERROR(RESERVED_PREFIX_XMLNS),
                                  ERROR(RESERVED_NAMESPACE_URI),
                                  ERROR(INVALID_ARGUMENT),
                                  ERROR(NO_BUFFER),
                                  ERROR(AMPLIFICATION_LIMIT_BREACH)};

#define MODEL(name)                                                                                \
    { "XML_" #name, XML_##name }
static const Constant models[] = {MODEL(CTYPE_EMPTY), MODEL(CTYPE_ANY),    MODEL(CTYPE_MIXED),
                                  MODEL(CTYPE_NAME),  MODEL(CTYPE_CHOICE), MODEL(CTYPE_SEQ),
                                  MODEL(CQUANT_NONE), MODEL(CQUANT_OPT),   MODEL(CQUANT_REP),
                                  MODEL(CQUANT_PLUS)};

// An empty module pyexpat.name, also as an attribute of the module and in sys.modules. Borrowed.
static Value add_part(Value module, const char *name, const char *attribute, const char *doc) {
    Value part = module_new_cstr(name, doc);
    if (value_is_null(part) || dict_set_cstr(import_modules_dict(), name, part) < 0 ||
        module_add(module, attribute, ref_new(part)) < 0) {
        ref_release(part);
        return VALUE_NULL;
    }
    ref_release(part); // the module has it
    return part;
}

static int add_errors(Value part) {
    Value codes = dict_new(), messages = dict_new();
    int status = value_is_null(codes) || value_is_null(messages) ? -1 : 0;
    for (size_t i = 0; status == 0 && i < sizeof errors / sizeof *errors; i++) {
        const char *text = XML_ErrorString((enum XML_Error)errors[i].value);
        Value message = str_from_cstr(text ? text : errors[i].name);
        if (value_is_null(message) ||
            dict_set(messages, value_from_int(errors[i].value), message) ||
            dict_set(codes, message, value_from_int(errors[i].value)) ||
            module_add(part, errors[i].name, ref_new(message)) < 0)
            status = -1;
        ref_release(message);
    }
    if (status == 0)
        status = module_add(part, "codes", ref_new(codes)) < 0 ||
                         module_add(part, "messages", ref_new(messages)) < 0
                     ? -1
                     : 0;
    ref_release(codes);
    ref_release(messages);
    return status;
}

static int add_features(Value module) {
    Value list = list_new();
    for (const XML_Feature *f = XML_GetFeatureList();
         f && f->feature != XML_FEATURE_END && !value_is_null(list); f++) {
        Value pair = tuple_pair_owned(str_from_cstr(f->name), int_from_i64(f->value));
        if (value_is_null(pair) || list_append_owned(list, pair) < 0) {
            ref_release(list);
            return -1;
        }
    }
    return module_add(module, "features", list);
}

static int expat_fill(Value module) {
    XML_Expat_Version version = XML_ExpatVersionInfo();
    Value numbers[] = {value_from_int(version.major), value_from_int(version.minor),
                       value_from_int(version.micro)};
    type_ready(&parser_type);
    if (exception_class_add(module, &expat_error, "xml.parsers.expat", "ExpatError",
                            value_from_object(&exception_Exception), NULL) < 0 ||
        module_add(module, "error", ref_new(expat_error)) < 0 ||
        module_add(module, "XMLParserType", ref_new(value_from_object(&parser_type))) < 0 ||
        module_add_str(module, "EXPAT_VERSION", XML_ExpatVersion()) < 0 ||
        module_add(module, "version_info", tuple_from_array(numbers, 3)) < 0 ||
        module_add_str(module, "native_encoding", "UTF-8") < 0 || add_features(module) < 0 ||
        module_add_int(module, "XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER) ||
        module_add_int(module, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE",
                       XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE) < 0 ||
        module_add_int(module, "XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS))
        return -1;
    Value part = add_part(module, "pyexpat.errors", "errors",
                          "Constants used to describe error conditions.");
    if (value_is_null(part) || add_errors(part) < 0)
        return -1;
    part = add_part(module, "pyexpat.model", "model",
                    "Constants used to interpret content model information.");
    if (value_is_null(part))
        return -1;
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (module_add_int(part, models[i].name, models[i].value) < 0)
            return -1;
    return 0;
}

const NativeModule module_expat = {"pyexpat", "Python wrapper for Expat parser.", expat_functions,
                                   expat_fill};
