// SPDX-License-Identifier: MIT
//
// XMLParser: libexpat's events become calls of a target's methods or, if the target is exactly a
// TreeBuilder, steps of that one without a call. etree_internal.h says which locks are held.
//
// An exception in a handler is left pending, and what libexpat still has to tell until it comes
// back is not listened to: so the parser can go on afterwards, as CPython's can.
#include "vm/modules/etree_internal.h"
#include "vm/modules/expat_internal.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/stop_point.h"
#include "vm/types/bytes.h"
#include "vm/types/codecs.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

enum {
    READ_SIZE = 64 * 1024,
    STOP_EVERY = 256 // elements
};

// The methods of a target, VALUE_NULL where it has none.
#define TARGET_METHODS(METHOD)                                                                     \
    METHOD(start)                                                                                  \
    METHOD(end)                                                                                    \
    METHOD(data)                                                                                   \
    METHOD(start_ns)                                                                               \
    METHOD(end_ns)                                                                                 \
    METHOD(comment)                                                                                \
    METHOD(pi)                                                                                     \
    METHOD(close)                                                                                  \
    METHOD(doctype)
enum {
#define METHOD(name) TARGET_##name,
    TARGET_METHODS(METHOD)
#undef METHOD
        TARGET_METHOD_COUNT
};

typedef struct {
    Object header;
    RecursiveMutex lock;
    Value target, entity;               // fields; VALUE_NULL before __init__
    Value methods[TARGET_METHOD_COUNT]; // this and all below is guarded by the lock
    XML_Parser xml;                     // NULL before __init__
    EtreeNames names;
    TreeBuilder *builder; // the target, if it is exactly a TreeBuilder
    bool parsing;         // the library is in it
    bool failed;          // and an exception is pending
    unsigned until_stop;  // elements until the next stop point
} XmlParser;

static inline XmlParser *parser_of_xml(Value v) {
    return (XmlParser *)value_object(v);
}

static Value text_of(const XML_Char *text, size_t length) {
    return str_from_utf8(text, length);
}
static Value text_or_empty(const XML_Char *text) {
    return text ? text_of(text, strlen(text)) : str_empty();
}

// ---- errors ------------------------------------------------------------------------------

// Raises ParseError with a message (consumed; VALUE_NULL: it could not be made) and the place where
// the library is. -1.
static int raise_parse_error(XmlParser *p, int code, Value message) {
    int64_t line = (int64_t)XML_GetErrorLineNumber(p->xml),
            column = (int64_t)XML_GetErrorColumnNumber(p->xml);
    Value text = value_is_null(message) ? message
                                        : str_format("%V: line %lld, column %lld", message,
                                                     (long long)line, (long long)column);
    ref_release(message);
    Value e = value_is_null(text) ? text : value_call_one(etree_parse_error, text);
    Value place = tuple_pair_owned(int_from_i64(line), int_from_i64(column));
    if (!value_is_null(e) && !value_is_null(place) &&
        value_setattr_cstr(e, "code", value_from_int(code)) == 0 &&
        value_setattr_cstr(e, "position", place) == 0)
        raise_object(e);
    ref_release(place);
    ref_release(text);
    ref_release(e);
    return -1;
}

// Consumes the result of a step.
static void check(XmlParser *p, Value result) {
    if (UNLIKELY(value_is_null(result)))
        p->failed = true;
    ref_release(result);
}
static void check_status(XmlParser *p, int status) {
    if (UNLIKELY(status < 0))
        p->failed = true;
}

// Calls a method of the target, if it has it; consumes the arguments, of which VALUE_NULL is one
// that could not be made.
static void call_target(XmlParser *p, int which, Value *args, size_t count) {
    Value method = ref_new(p->methods[which]);
    bool whole = true;
    for (size_t i = 0; i < count; i++)
        whole &= !value_is_null(args[i]);
    if (!whole)
        p->failed = true;
    else if (!value_is_null(method))
        check(p, value_call(method, args, count, VALUE_NULL));
    ref_release(method);
    for (size_t i = 0; i < count; i++)
        ref_release(args[i]);
}

// ---- events ------------------------------------------------------------------------------

// A new dict, VALUE_NULL with an exception.
static Value attributes_of(XmlParser *p, const XML_Char **attributes) {
    int64_t count = 0;
    while (attributes[2 * count])
        count++;
    Value all = dict_new_sized(count);
    for (int64_t i = 0; i < count && !value_is_null(all); i++) {
        const XML_Char *text = attributes[2 * i + 1];
        Value name = etree_name(&p->names, attributes[2 * i]);
        Value value = value_is_null(name) ? VALUE_NULL : text_of(text, strlen(text));
        if (value_is_null(value) || dict_fill_new(dict_of(all), name, value) < 0) {
            if (value_is_null(value))
                ref_release(name);
            ref_release(all);
            all = VALUE_NULL;
        }
    }
    return all;
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes) {
    XmlParser *p = data;
    if (p->failed || (!p->builder && value_is_null(p->methods[TARGET_start])))
        return;
    if (p->until_stop-- == 0) {
        p->until_stop = STOP_EVERY;
        thread_stop_point();
    }
    Value tag = etree_name(&p->names, name), attrib = VALUE_NULL;
    bool whole = !value_is_null(tag);
    if (whole && (attributes[0] || !p->builder)) {
        attrib = attributes_of(p, attributes);
        whole = !value_is_null(attrib);
    }
    if (p->builder && whole) {
        check(p, tree_builder_start(p->builder, tag, attrib));
        ref_release(tag);
        ref_release(attrib);
    } else {
        Value args[] = {tag, attrib};
        call_target(p, TARGET_start, args, 2);
    }
}

static void on_end(void *data, const XML_Char *name) {
    XmlParser *p = data;
    if (p->failed)
        return;
    if (p->builder) {
        check(p, tree_builder_end(p->builder));
    } else if (!value_is_null(p->methods[TARGET_end])) {
        Value tag = etree_name(&p->names, name);
        call_target(p, TARGET_end, &tag, 1);
    }
}

static void on_data(void *data, const XML_Char *text, int length) {
    XmlParser *p = data;
    if (p->failed)
        return;
    if (p->builder) {
        check_status(p, tree_builder_text(p->builder, text, (size_t)length));
    } else if (!value_is_null(p->methods[TARGET_data])) {
        Value piece = text_of(text, (size_t)length);
        call_target(p, TARGET_data, &piece, 1);
    }
}

static void on_start_namespace(void *data, const XML_Char *prefix, const XML_Char *uri) {
    XmlParser *p = data;
    bool wanted = p->builder ? !value_is_null(p->builder->events[ETREE_START_NS])
                             : !value_is_null(p->methods[TARGET_start_ns]);
    if (p->failed || !wanted)
        return;
    Value args[] = {text_or_empty(prefix), text_or_empty(uri)};
    if (!p->builder) {
        call_target(p, TARGET_start_ns, args, 2);
        return;
    }
    Value pair = tuple_pair_owned(args[0], args[1]);
    check_status(p,
                 value_is_null(pair) ? -1 : tree_builder_event(p->builder, ETREE_START_NS, pair));
    ref_release(pair);
}

static void on_end_namespace(void *data, const XML_Char *prefix) {
    XmlParser *p = data;
    if (p->failed)
        return;
    if (p->builder) {
        check_status(p, tree_builder_event(p->builder, ETREE_END_NS, VALUE_NONE));
    } else if (!value_is_null(p->methods[TARGET_end_ns])) {
        Value name = text_or_empty(prefix);
        call_target(p, TARGET_end_ns, &name, 1);
    }
}

static void on_comment(void *data, const XML_Char *text) {
    XmlParser *p = data;
    if (p->failed || (!p->builder && value_is_null(p->methods[TARGET_comment])))
        return;
    Value comment = text_or_empty(text);
    if (!p->builder) {
        call_target(p, TARGET_comment, &comment, 1);
        return;
    }
    check(p, value_is_null(comment) ? comment : tree_builder_comment(p->builder, comment));
    ref_release(comment);
}

static void on_pi(void *data, const XML_Char *target, const XML_Char *text) {
    XmlParser *p = data;
    if (p->failed || (!p->builder && value_is_null(p->methods[TARGET_pi])))
        return;
    Value args[] = {text_or_empty(target), text_or_empty(text)};
    if (!p->builder) {
        call_target(p, TARGET_pi, args, 2);
        return;
    }
    bool whole = !value_is_null(args[0]) && !value_is_null(args[1]);
    check(p, whole ? tree_builder_pi(p->builder, args[0], args[1]) : VALUE_NULL);
    ref_release(args[0]);
    ref_release(args[1]);
}

static Value text_or_none(const XML_Char *text) {
    return text ? text_of(text, strlen(text)) : none_new();
}

static void on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_internal_subset) {
    XmlParser *p = data;
    if (p->failed)
        return;
    if (!value_is_null(p->methods[TARGET_doctype])) {
        Value args[] = {text_or_none(name), text_or_none(public), text_or_none(system)};
        call_target(p, TARGET_doctype, args, 3);
        return;
    }
    Value method = VALUE_NULL; // of a subclass
    int found = value_lookup_attr_cstr(value_from_object(p), "doctype", &method);
    ref_release(method);
    if (found > 0)
        found = warn(&exception_RuntimeWarning, 1,
                     "The doctype() method of XMLParser is ignored.  "
                     "Define doctype() method on the TreeBuilder target.");
    check_status(p, found);
}

// All that has no handler of its own. Of that, references to entities that the document does not
// define are looked up in the dict `entity`.
static void on_default(void *data, const XML_Char *text, int length) {
    XmlParser *p = data;
    if (p->failed || length < 2 || text[0] != '&')
        return;
    Value name = text_of(text + 1, (size_t)length - 2);
    Value entity = field_load(&p->header, &p->entity);
    Value value =
        value_is_null(name) || value_is_null(entity) ? VALUE_NULL : dict_get(entity, name);
    ref_release(entity);
    ref_release(name);
    if (!value_is_null(value)) {
        if (p->builder) {
            check_status(p, tree_builder_data(p->builder, value));
            ref_release(value);
        } else {
            call_target(p, TARGET_data, &value, 1);
        }
        return;
    }
    p->failed = true;
    if (error_occurred())
        return;
    Value reference = text_of(text, (size_t)length);
    raise_parse_error(p, XML_ERROR_UNDEFINED_ENTITY,
                      value_is_null(reference) ? reference
                                               : str_format("undefined entity %V", reference));
    ref_release(reference);
}

static int on_unknown_encoding(void *data, const XML_Char *name, XML_Encoding *encoding) {
    XmlParser *p = data;
    if (!p->failed)
        check_status(p, expat_map_encoding(name, encoding));
    return p->failed ? XML_STATUS_ERROR : XML_STATUS_OK;
}

// ---- parsing -----------------------------------------------------------------------------

static XmlParser *locked(Value self) {
    XmlParser *p = parser_of_xml(self);
    recursive_mutex_lock(&p->lock);
    return p;
}
static Value unlocked(XmlParser *p, Value result) {
    recursive_mutex_unlock(&p->lock);
    return result;
}

// Lock held. 0, -1.
static int parse(XmlParser *p, const char *data, size_t length, bool final) {
    if (!p->xml)
        return raise_int(&exception_ValueError, "XMLParser.__init__() wasn't called");
    if (p->parsing)
        return raise_int(&exception_RuntimeError, "the parser is parsing already");
    TreeBuilder *b = p->builder;
    if (b)
        recursive_mutex_lock(&b->lock);
    p->parsing = true;
    p->failed = false;
    enum XML_Status status = expat_feed(p->xml, data, length, final);
    p->parsing = false;
    if (b)
        recursive_mutex_unlock(&b->lock);
    if (p->failed)
        return -1;
    if (status != XML_STATUS_ERROR)
        return 0;
    enum XML_Error code = XML_GetErrorCode(p->xml);
    return raise_parse_error(p, (int)code, str_from_cstr(XML_ErrorString(code)));
}

// Whatever a text says of its encoding: it is decoded already.
static int parse_text(XmlParser *p, Value text, bool declared) {
    size_t length;
    char *owned = NULL;
    const char *utf8 =
        declared ? str_utf8_wtf(text, &length, &owned) : str_utf8(text, &length, &owned);
    if (!utf8)
        return -1;
    if (p->xml && !declared)
        XML_SetEncoding(p->xml, "utf-8");
    int status = parse(p, utf8, length, false);
    buffer_free(owned);
    return status;
}

static Value parser_feed(Value self, Value data) {
    XmlParser *p = parser_of_xml(self);
    if (value_is_str(data)) {
        locked(self);
        return unlocked(p, parse_text(p, data, false) < 0 ? VALUE_NULL : none_new());
    }
    BufferView view;
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    locked(self);
    int status = parse(p, view.data, (size_t)view.length, false);
    unlocked(p, VALUE_NULL);
    buffer_view_release(&view);
    return status < 0 ? VALUE_NULL : none_new();
}

// What the target makes of it all. Lock held.
static Value finish(XmlParser *p) {
    TreeBuilder *b = p->builder;
    recursive_mutex_lock(&b->lock);
    Value result = tree_builder_close(b);
    recursive_mutex_unlock(&b->lock);
    return result;
}

static Value parser_close(Value self) {
    XmlParser *p = locked(self);
    if (parse(p, "", 0, true) < 0)
        return unlocked(p, VALUE_NULL);
    if (p->builder)
        return unlocked(p, finish(p));
    Value close = ref_new(p->methods[TARGET_close]);
    Value result = value_is_null(close) ? none_new() : value_call_none(close);
    ref_release(close);
    return unlocked(p, result);
}

// One piece of a file. 1; 0: it was the end; -1.
static int parse_piece(XmlParser *p, Value piece) {
    int status = -1;
    recursive_mutex_lock(&p->lock);
    if (value_is_exact_str(piece))
        status = str_length(piece) == 0 ? 0 : parse_text(p, piece, true) < 0 ? -1 : 1;
    else if (!value_is_exactly(piece, &bytes_type) || bytes_length(piece) == 0)
        status = 0;
    else
        status = parse(p, (const char *)bytes_data(piece), (size_t)bytes_length(piece), false) < 0
                     ? -1
                     : 1;
    recursive_mutex_unlock(&p->lock);
    return status;
}

static Value parser_parse_whole(Value self, Value file) {
    XmlParser *p = parser_of_xml(self);
    Value read = value_getattr_cstr(file, "read");
    if (value_is_null(read))
        return read;
    int status = 1;
    while (status > 0) {
        Value piece = value_call_one(read, value_from_int(READ_SIZE));
        status = value_is_null(piece) ? -1 : parse_piece(p, piece);
        ref_release(piece);
    }
    ref_release(read);
    if (status < 0)
        return VALUE_NULL;
    locked(self);
    status = parse(p, "", 0, true);
    Value result = status < 0 ? VALUE_NULL : p->builder ? finish(p) : none_new();
    return unlocked(p, result);
}

// ---- events that are gathered ------------------------------------------------------------

static const char *const event_names[ETREE_EVENTS] = {
    [ETREE_START] = "start",   [ETREE_END] = "end",         [ETREE_START_NS] = "start-ns",
    [ETREE_END_NS] = "end-ns", [ETREE_COMMENT] = "comment", [ETREE_PI] = "pi",
};

// Which event it is that name names, as a C string; -1.
static int event_of(Value name) {
    char *owned = NULL;
    const char *utf8 = NULL;
    if (value_is_str(name))
        utf8 = str_utf8(name, NULL, &owned);
    else if (value_is_bytes(name))
        utf8 = (const char *)bytes_data(name);
    int kind = -1;
    if (utf8) {
        for (int i = 0; i < ETREE_EVENTS; i++)
            if (strcmp(event_names[i], utf8) == 0)
                kind = i;
        if (kind < 0)
            raise_value_error("unknown event '%s'", utf8);
    } else {
        error_clear();
        raise_value_error("invalid events sequence");
    }
    buffer_free(owned);
    return kind;
}

static int want_event(XmlParser *p, Value name) {
    int kind = event_of(name);
    if (kind < 0)
        return -1;
    Value old = p->builder->events[kind];
    p->builder->events[kind] = ref_new(name);
    ref_release(old);
    if (kind == ETREE_START_NS || kind == ETREE_END_NS)
        XML_SetNamespaceDeclHandler(p->xml, on_start_namespace, on_end_namespace);
    return 0;
}

// Builder's and parser's locks held. 0, -1.
static int set_events(XmlParser *p, Value append, Value names) {
    TreeBuilder *b = p->builder;
    Value old[ETREE_EVENTS + 1];
    memcpy(old, b->events, sizeof b->events);
    memset(b->events, 0, sizeof b->events);
    old[ETREE_EVENTS] = b->events_append;
    b->events_append = ref_new(append);
    for (int i = 0; i <= ETREE_EVENTS; i++)
        ref_release(old[i]);
    if (value_is_null(names))
        return value_is_null(b->events[ETREE_END] = str_from_ascii("end", 3)) ? -1 : 0;
    int status = 0;
    for (int64_t i = 0; status == 0 && i < list_length(names); i++) {
        Value name = list_get(names, i);
        status = value_is_null(name) ? -1 : want_event(p, name);
        ref_release(name);
    }
    return status;
}

static Value parser_set_events(Value self, const Value *args, size_t nargs) {
    XmlParser *p = locked(self);
    if (!p->builder) {
        if (p->xml)
            raise_type_error("event handling only supported for ElementTree.TreeBuilder targets");
        else
            raise_value_error("XMLParser.__init__() wasn't called");
        return unlocked(p, VALUE_NULL);
    }
    Value append = value_getattr(args[0], name_append), names = VALUE_NULL;
    if (!value_is_null(append) && nargs > 1 && !value_is_none(args[1])) {
        names = list_from_iterable(args[1]);
        if (value_is_null(names) && error_matches(&exception_TypeError)) {
            error_clear();
            raise_type_error("events must be a sequence");
        }
    }
    int status = -1;
    if (!error_occurred()) {
        recursive_mutex_lock(&p->builder->lock);
        status = set_events(p, append, names);
        recursive_mutex_unlock(&p->builder->lock);
    }
    ref_release(append);
    ref_release(names);
    return unlocked(p, status < 0 ? VALUE_NULL : none_new());
}

static const NativeDef parser_methods[] = {
    DEF_ONE("feed", parser_feed, "Parses text or bytes, which may be a piece of a document."),
    DEF_NONE("close", parser_close, "The document is over: gives what the target's close() does."),
    DEF_ONE("_parse_whole", parser_parse_whole, "Parses all that a file's read() gives."),
    DEF_FIXED("_setevents", parser_set_events, 1, 2,
              "_setevents(queue, events=None): which events the queue gets."),
    DEF_END,
};

// ---- life --------------------------------------------------------------------------------

static Value parser_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

// The library's parser, which calls our handlers. NULL with an exception.
static XML_Parser make_xml(XmlParser *p, const char *encoding, bool builds, const Value *methods) {
    XML_Parser xml = XML_ParserCreate_MM(encoding, NULL, "}");
    if (!xml) {
        raise_memory_error();
        return NULL;
    }
    XML_SetUserData(xml, p);
    XML_SetElementHandler(xml, on_start, on_end);
    XML_SetDefaultHandlerExpand(xml, on_default);
    XML_SetCharacterDataHandler(xml, on_data);
    if (!value_is_null(methods[TARGET_start_ns]) || !value_is_null(methods[TARGET_end_ns]))
        XML_SetNamespaceDeclHandler(xml, on_start_namespace, on_end_namespace);
    if (builds || !value_is_null(methods[TARGET_comment]))
        XML_SetCommentHandler(xml, on_comment);
    if (builds || !value_is_null(methods[TARGET_pi]))
        XML_SetProcessingInstructionHandler(xml, on_pi);
    XML_SetStartDoctypeDeclHandler(xml, on_doctype);
    XML_SetUnknownEncodingHandler(xml, on_unknown_encoding, p);
    return xml;
}

static int find_methods(Value target, Value *methods) {
    static const char *const names[] = {
#define METHOD(name) #name,
        TARGET_METHODS(METHOD)
#undef METHOD
    };
    for (int i = 0; i < TARGET_METHOD_COUNT; i++)
        if (value_lookup_attr_cstr(target, names[i], &methods[i]) < 0)
            return -1;
    return 0;
}

// Consumes target, entity and the methods. Lock held.
static void replace(XmlParser *p, XML_Parser xml, Value target, Value entity, Value *methods) {
    XML_Parser old_xml = p->xml;
    EtreeNames old_names = p->names;
    p->xml = xml;
    p->names = (EtreeNames){0};
    p->builder = value_is_exactly(target, &tree_builder_type) ? tree_builder_of(target) : NULL;
    for (int i = 0; i < TARGET_METHOD_COUNT; i++) {
        Value old = p->methods[i];
        p->methods[i] = methods[i];
        methods[i] = old;
    }
    Value old_target = field_swap(&p->header, &p->target, target);
    Value old_entity = field_swap(&p->header, &p->entity, entity);
    if (old_xml)
        XML_ParserFree(old_xml);
    etree_names_drop(&old_names);
    ref_release(old_target);
    ref_release(old_entity);
}

static int start_anew(XmlParser *p, Value target, const char *encoding) {
    Value methods[TARGET_METHOD_COUNT] = {VALUE_NULL};
    Value entity = dict_new();
    XML_Parser xml = NULL;
    if (value_is_null(target))
        target = tree_builder_new();
    else
        ref_retain(target);
    int status = -1;
    // Of a TreeBuilder no method is called.
    bool builds = !value_is_null(target) && value_is_exactly(target, &tree_builder_type);
    if (!value_is_null(target) && !value_is_null(entity) &&
        (builds || find_methods(target, methods) == 0))
        xml = make_xml(p, encoding, builds, methods);
    if (xml) {
        recursive_mutex_lock(&p->lock);
        if (p->parsing)
            raise_error(&exception_RuntimeError, "the parser is parsing already");
        else
            status = 0;
        if (status == 0)
            replace(p, xml, target, entity, methods);
        recursive_mutex_unlock(&p->lock);
    }
    if (status < 0) {
        if (xml)
            XML_ParserFree(xml);
        ref_release(target);
        ref_release(entity);
    }
    for (int i = 0; i < TARGET_METHOD_COUNT; i++)
        ref_release(methods[i]);
    return status;
}

static int parser_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"target", "encoding", NULL};
    Value v[2];
    if (arguments_parse("XMLParser", args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return -1;
    char *owned = NULL;
    const char *encoding = NULL;
    if (!value_is_null(v[1]) && !value_is_none(v[1])) {
        if (!value_is_str(v[1]))
            return raise_int(&exception_TypeError,
                             "XMLParser() argument 'encoding' must be str or None, not %G", v[1]);
        if (!(encoding = str_utf8(v[1], NULL, &owned)))
            return -1;
    }
    Value target = value_is_null(v[0]) || value_is_none(v[0]) ? VALUE_NULL : v[0];
    int status = start_anew(parser_of_xml(self), target, encoding);
    buffer_free(owned);
    return status;
}

static void parser_drop(Object *self) {
    XmlParser *p = (XmlParser *)self;
    p->builder = NULL;
    field_clear(self, &p->target);
    field_clear(self, &p->entity);
    for (int i = 0; i < TARGET_METHOD_COUNT; i++) {
        Value old = p->methods[i];
        p->methods[i] = VALUE_NULL;
        ref_release(old);
    }
}
static void parser_destroy(Object *self) {
    XmlParser *p = (XmlParser *)self;
    parser_drop(self);
    if (p->xml)
        XML_ParserFree(p->xml);
    etree_names_drop(&p->names);
    type_free_instance(self);
}
static void parser_traverse(Object *self, GcVisitor *visitor) {
    XmlParser *p = (XmlParser *)self;
    gc_visit(visitor, p->target);
    gc_visit(visitor, p->entity);
    for (int i = 0; i < TARGET_METHOD_COUNT; i++)
        gc_visit(visitor, p->methods[i]);
    etree_names_traverse(&p->names, visitor);
}

static Value get_version(Value self) {
    XML_Expat_Version version = XML_ExpatVersionInfo();
    return str_format("Expat %d.%d.%d", version.major, version.minor, version.micro);
}
static const GetSetDef parser_getsets[] = {{"version", get_version, NULL, NULL}, {NULL}};

static const MemberDef parser_members[] = {
    {"target", offsetof(XmlParser, target), true, true, MEMBER_VALUE, NULL},
    {"entity", offsetof(XmlParser, entity), true, true, MEMBER_VALUE, NULL},
    {NULL},
};

Type xml_parser_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "xml.etree.ElementTree.XMLParser",
    .basic_size = sizeof(XmlParser),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .call_new = parser_call_new,
    .init = parser_init,
    .destroy = parser_destroy,
    .traverse = parser_traverse,
    .clear = parser_drop,
    .methods = parser_methods,
    .getsets = parser_getsets,
    .members = parser_members,
};
