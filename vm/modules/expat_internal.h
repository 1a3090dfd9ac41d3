// SPDX-License-Identifier: MIT
//
// pyexpat in two files: expat_module.c has the parser type and the module, expat_handlers.c what
// libexpat calls while it parses. (_elementtree, too, uses expat_map_encoding.)
//
// libexpat's parsers are for one thread at a time. A parser's mutex is held while the library is in
// it, handlers in Python included, so other threads wait. A parser for an external entity shares
// data with the parser it was made from, and so the mutex: that of the root of all of them. The
// thread that holds it may come back (a handler asks for the line, or parses an external entity),
// but not parse with a parser that is parsing.
#ifndef LOCKSMITH_VM_MODULES_EXPAT_INTERNAL_H
#define LOCKSMITH_VM_MODULES_EXPAT_INTERNAL_H

#include "locks/mutex.h"
#include "vm/object.h"
#include <expat.h>

// HANDLER(name of the attribute, and of expat's function that sets it)
#define EXPAT_HANDLERS(HANDLER)                                                                    \
    HANDLER(StartElementHandler)                                                                   \
    HANDLER(EndElementHandler)                                                                     \
    HANDLER(ProcessingInstructionHandler)                                                          \
    HANDLER(CharacterDataHandler)                                                                  \
    HANDLER(UnparsedEntityDeclHandler)                                                             \
    HANDLER(NotationDeclHandler)                                                                   \
    HANDLER(StartNamespaceDeclHandler)                                                             \
    HANDLER(EndNamespaceDeclHandler)                                                               \
    HANDLER(CommentHandler)                                                                        \
    HANDLER(StartCdataSectionHandler)                                                              \
    HANDLER(EndCdataSectionHandler)                                                                \
    HANDLER(DefaultHandler)                                                                        \
    HANDLER(DefaultHandlerExpand)                                                                  \
    HANDLER(NotStandaloneHandler)                                                                  \
    HANDLER(ExternalEntityRefHandler)                                                              \
    HANDLER(StartDoctypeDeclHandler)                                                               \
    HANDLER(EndDoctypeDeclHandler)                                                                 \
    HANDLER(EntityDeclHandler)                                                                     \
    HANDLER(XmlDeclHandler)                                                                        \
    HANDLER(ElementDeclHandler)                                                                    \
    HANDLER(AttlistDeclHandler)                                                                    \
    HANDLER(SkippedEntityHandler)

enum {
#define HANDLER(name) EXPAT_##name,
    EXPAT_HANDLERS(HANDLER)
#undef HANDLER
        EXPAT_HANDLER_COUNT
};

typedef struct Parser {
    Object header;
    Mutex mutex;                         // of roots
    struct Thread *owner;                // of roots: who holds the mutex; atomic
    Value root;                          // Parser, or VALUE_NULL for a root; constant
    Value intern;                        // dict, or VALUE_NULL; constant
    Value handlers[EXPAT_HANDLER_COUNT]; // fields
    // Guarded by the root's mutex from here on.
    XML_Parser xml;
    char *text; // what CharacterDataHandler waits for with buffer_text, else NULL
    int text_used, text_size;
    bool ordered, specified, prefixes; // ordered_attributes, specified_attributes...
    bool parsing;                      // the library is in it
    bool calling;                      // and has called a handler
    bool failed;                       // whose exception is pending
} Parser;

static inline Parser *parser_of(Value v) {
    return (Parser *)value_object(v);
}

// Has expat call what is for the handler, or nothing. Root's mutex held.
void expat_install(Parser *p, int which, bool on);
// Gives what buffer_text has gathered to the handler. 0 or -1. Root's mutex held. Runs Python code.
int expat_flush_text(Parser *p);
// XML_Parse for a length that an int may not hold. Runs the handlers.
enum XML_Status expat_feed(XML_Parser xml, const char *data, size_t length, bool final);
// Encodings that the library does not know are asked of the codecs.
void expat_install_encodings(Parser *p);
// For any parser: what each of the 256 bytes means in the encoding of that name. 0, or -1 with an
// exception (ValueError: it is no encoding of single bytes). Runs Python code.
int expat_map_encoding(const XML_Char *name, XML_Encoding *encoding);

#endif
