// SPDX-License-Identifier: MIT
//
// pyexpat's handlers: from the library's arguments to a call of a Python function. An exception
// stops the parser and is found by whoever began to parse. Root's mutex held throughout.
#include "vm/modules/expat_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/codecs.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

enum { MODEL_DEPTH = 2000 }; // of nested content models, as deep as a C stack bears

static Value text_of(const XML_Char *text, size_t length) {
    return codec_decode_utf8((const uint8_t *)text, length, "strict", NULL);
}
static Value text_or_none(const XML_Char *text) {
    return text ? text_of(text, strlen(text)) : none_new();
}

// A name: the same string object each time it comes, if the parser has a dict for that.
static Value name_of(Parser *p, const XML_Char *text) {
    Value name = text_or_none(text);
    if (value_is_null(p->intern) || value_is_null(name))
        return name;
    Value kept = dict_setdefault(p->intern, name, name);
    ref_release(name);
    return kept;
}

static void fail(Parser *p) {
    p->failed = true;
    XML_StopParser(p->xml, XML_FALSE);
}

// May a handler be called? After text that waits has been given out.
static bool begin(Parser *p) {
    if (p->failed)
        return false;
    if (expat_flush_text(p) == 0)
        return true;
    fail(p);
    return false;
}

// Calls a handler; consumes the arguments, of which VALUE_NULL is one that could not be made.
static Value call(Parser *p, int which, Value *args, size_t count) {
    Value handler = field_load(&p->header, &p->handlers[which]), result = VALUE_NULL;
    bool whole = true;
    for (size_t i = 0; i < count; i++)
        whole &= !value_is_null(args[i]);
    bool outer = p->calling;
    p->calling = true;
    if (whole && !value_is_null(handler))
        result = value_call(handler, args, count, VALUE_NULL);
    else if (whole)
        result = none_new();
    p->calling = outer;
    ref_release(handler);
    for (size_t i = 0; i < count; i++)
        ref_release(args[i]);
    if (value_is_null(result))
        fail(p);
    return result;
}

static void notify(Parser *p, int which, Value *args, size_t count) {
    ref_release(call(p, which, args, count));
}

// A handler that answers with a number: the number, or 0.
static int ask(Parser *p, int which, Value *args, size_t count) {
    Value result = call(p, which, args, count);
    int64_t answer = 0;
    if (!value_is_null(result) && value_to_i64(result, &answer) < 0) {
        answer = 0;
        fail(p);
    }
    ref_release(result);
    return answer != 0;
}

#define NOTIFY(which, ...)                                                                         \
    do {                                                                                           \
        Value args_[] = {__VA_ARGS__};                                                             \
        notify(p, which, args_, sizeof args_ / sizeof *args_);                                     \
    } while (0)

int expat_flush_text(Parser *p) {
    if (!p->text || p->text_used == 0)
        return 0;
    Value text = text_of(p->text, (size_t)p->text_used);
    p->text_used = 0;
    Value result = call(p, EXPAT_CharacterDataHandler, &text, 1);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

static Value attributes_of(Parser *p, const XML_Char **attributes) {
    int count = 0;
    if (p->specified)
        count = XML_GetSpecifiedAttributeCount(p->xml);
    else
        while (attributes[count])
            count += 2;
    Value all = p->ordered ? list_new() : dict_new();
    for (int i = 0; i < count && !value_is_null(all); i += 2) {
        Value name = name_of(p, attributes[i]);
        Value value = value_is_null(name) ? VALUE_NULL : text_or_none(attributes[i + 1]);
        int status = -1;
        if (!value_is_null(value))
            status = !p->ordered                  ? dict_set(all, name, value)
                     : list_append(all, name) < 0 ? -1
                                                  : list_append(all, value);
        ref_release(name);
        ref_release(value);
        if (status < 0) {
            ref_release(all);
            all = VALUE_NULL;
        }
    }
    return all;
}

static void on_StartElementHandler(void *data, const XML_Char *name, const XML_Char **attributes) {
    Parser *p = data;
    if (begin(p)) {
        Value all = attributes_of(p, attributes);
        NOTIFY(EXPAT_StartElementHandler, value_is_null(all) ? VALUE_NULL : name_of(p, name), all);
    }
}

static void on_EndElementHandler(void *data, const XML_Char *name) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_EndElementHandler, name_of(p, name));
}

static void on_ProcessingInstructionHandler(void *data, const XML_Char *target,
                                            const XML_Char *text) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_ProcessingInstructionHandler, name_of(p, target), text_or_none(text));
}

static void on_CharacterDataHandler(void *data, const XML_Char *text, int length) {
    Parser *p = data;
    if (p->failed)
        return;
    if (p->text) {
        if (length > p->text_size - p->text_used && !begin(p))
            return;
        if (length <= p->text_size - p->text_used) {
            memcpy(p->text + p->text_used, text, (size_t)length);
            p->text_used += length;
            return;
        }
    }
    NOTIFY(EXPAT_CharacterDataHandler, text_of(text, (size_t)length));
}

static void on_UnparsedEntityDeclHandler(void *data, const XML_Char *name, const XML_Char *base,
                                         const XML_Char *system, const XML_Char *public,
                                         const XML_Char *notation) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_UnparsedEntityDeclHandler, name_of(p, name), name_of(p, base),
               name_of(p, system), name_of(p, public), name_of(p, notation));
}

static void on_NotationDeclHandler(void *data, const XML_Char *name, const XML_Char *base,
                                   const XML_Char *system, const XML_Char *public) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_NotationDeclHandler, name_of(p, name), name_of(p, base), name_of(p, system),
               name_of(p, public));
}

static void on_StartNamespaceDeclHandler(void *data, const XML_Char *prefix, const XML_Char *uri) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_StartNamespaceDeclHandler, name_of(p, prefix), name_of(p, uri));
}

static void on_EndNamespaceDeclHandler(void *data, const XML_Char *prefix) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_EndNamespaceDeclHandler, name_of(p, prefix));
}

static void on_CommentHandler(void *data, const XML_Char *text) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_CommentHandler, text_or_none(text));
}

static void on_StartCdataSectionHandler(void *data) {
    Parser *p = data;
    if (begin(p))
        notify(p, EXPAT_StartCdataSectionHandler, NULL, 0);
}

static void on_EndCdataSectionHandler(void *data) {
    Parser *p = data;
    if (begin(p))
        notify(p, EXPAT_EndCdataSectionHandler, NULL, 0);
}

static void on_DefaultHandler(void *data, const XML_Char *text, int length) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_DefaultHandler, text_of(text, (size_t)length));
}

static void on_DefaultHandlerExpand(void *data, const XML_Char *text, int length) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_DefaultHandlerExpand, text_of(text, (size_t)length));
}

static int on_NotStandaloneHandler(void *data) {
    Parser *p = data;
    return begin(p) ? ask(p, EXPAT_NotStandaloneHandler, NULL, 0) : 0;
}

static int on_ExternalEntityRefHandler(XML_Parser xml, const XML_Char *context,
                                       const XML_Char *base, const XML_Char *system,
                                       const XML_Char *public) {
    Parser *p = XML_GetUserData(xml);
    if (!begin(p))
        return 0;
    Value args[] = {text_or_none(context), name_of(p, base), name_of(p, system),
                    name_of(p, public)};
    return ask(p, EXPAT_ExternalEntityRefHandler, args, 4);
}

static void on_StartDoctypeDeclHandler(void *data, const XML_Char *name, const XML_Char *system,
                                       const XML_Char *public, int has_internal_subset) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_StartDoctypeDeclHandler, name_of(p, name), name_of(p, system),
               name_of(p, public), value_from_int(has_internal_subset));
}

static void on_EndDoctypeDeclHandler(void *data) {
    Parser *p = data;
    if (begin(p))
        notify(p, EXPAT_EndDoctypeDeclHandler, NULL, 0);
}

static void on_EntityDeclHandler(void *data, const XML_Char *name, int is_parameter,
                                 const XML_Char *value, int length, const XML_Char *base,
                                 const XML_Char *system, const XML_Char *public,
                                 const XML_Char *notation) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_EntityDeclHandler, name_of(p, name), value_from_int(is_parameter),
               value ? text_of(value, (size_t)length) : none_new(), name_of(p, base),
               name_of(p, system), name_of(p, public), name_of(p, notation));
}

static void on_XmlDeclHandler(void *data, const XML_Char *version, const XML_Char *encoding,
                              int standalone) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_XmlDeclHandler, text_or_none(version), text_or_none(encoding),
               value_from_int(standalone));
}

// (type, quantifier, name, children)
static Value model_of(const XML_Content *model, int depth) {
    if (depth > MODEL_DEPTH)
        return raise_error(&exception_RecursionError, "maximum recursion depth exceeded in a "
                                                      "content model");
    Value children = tuple_allocate(model->numchildren);
    if (value_is_null(children))
        return children;
    for (unsigned i = 0; i < model->numchildren; i++) {
        Value child = model_of(&model->children[i], depth + 1);
        if (value_is_null(child)) {
            ref_release(children);
            return child;
        }
        tuple_of(children)->items[i] = child;
    }
    Value parts[] = {value_from_int(model->type), value_from_int(model->quant),
                     text_or_none(model->name), children};
    return tuple_from_owned(parts, 4);
}

static void on_ElementDeclHandler(void *data, const XML_Char *name, XML_Content *model) {
    Parser *p = data;
    if (begin(p)) {
        Value tree = model_of(model, 0);
        NOTIFY(EXPAT_ElementDeclHandler, value_is_null(tree) ? VALUE_NULL : name_of(p, name), tree);
    }
    XML_FreeContentModel(p->xml, model);
}

static void on_AttlistDeclHandler(void *data, const XML_Char *element, const XML_Char *attribute,
                                  const XML_Char *type, const XML_Char *fallback, int required) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_AttlistDeclHandler, name_of(p, element), name_of(p, attribute),
               text_or_none(type), text_or_none(fallback), value_from_int(required));
}

static void on_SkippedEntityHandler(void *data, const XML_Char *name, int is_parameter) {
    Parser *p = data;
    if (begin(p))
        NOTIFY(EXPAT_SkippedEntityHandler, name_of(p, name), value_from_int(is_parameter));
}

void expat_install(Parser *p, int which, bool on) {
    switch (which) {
#define HANDLER(name)                                                                              \
    case EXPAT_##name:                                                                             \
        XML_Set##name(p->xml, on ? on_##name : NULL);                                              \
        break;
        EXPAT_HANDLERS(HANDLER)
#undef HANDLER
    }
}

// By the codec; bytes that mean nothing are errors.
int expat_map_encoding(const XML_Char *name, XML_Encoding *encoding) {
    uint8_t bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    Value table = codec_decode(bytes, sizeof bytes, name, "replace");
    if (!value_is_null(table) && str_length(table) != 256) {
        ref_release(table);
        table = raise_value_error("multi-byte encodings are not supported");
    }
    if (value_is_null(table))
        return -1;
    for (int i = 0; i < 256; i++) {
        uint32_t c = str_at(table, i);
        encoding->map[i] = c == 0xfffd ? -1 : (int)c;
    }
    ref_release(table);
    encoding->data = NULL;
    encoding->convert = NULL;
    encoding->release = NULL;
    return 0;
}

static int on_unknown_encoding(void *data, const XML_Char *name, XML_Encoding *encoding) {
    Parser *p = data;
    if (p->failed)
        return XML_STATUS_ERROR;
    if (expat_map_encoding(name, encoding) == 0)
        return XML_STATUS_OK;
    fail(p);
    return XML_STATUS_ERROR;
}

void expat_install_encodings(Parser *p) {
    XML_SetUnknownEncodingHandler(p->xml, on_unknown_encoding, p);
}
