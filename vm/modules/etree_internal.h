// SPDX-License-Identifier: MIT
//
// _elementtree, what the library's xml.etree.ElementTree prefers to its own classes:
//   etree_element.c   the type Element as a thing with attributes and children
//   etree_search.c    an Element's methods that look through, copy and pickle it
//   etree_iterator.c  what iter() and itertext() give
//   etree_builder.c   the type TreeBuilder
//   etree_parser.c    the type XMLParser, over libexpat
//   etree_names.c     the names that a parser has met
//   etree_module.c    the module, and what its parts share
//
// An Element's children are a list of its own that no program sees, made with the first child and
// then the Element's for as long as it lives. So all that is done to children is done to that list,
// and is as atomic and as safe from other threads as it is there. A program that asks the collector
// for an object's referents can find the list and put anything into it: who takes a child out looks
// what it is.
//
// TreeBuilder and XMLParser have a recursive mutex each, which is held for the length of a method:
// they call Python code, which may come back, and other threads wait. A parser whose target is a
// TreeBuilder holds that one's too while it parses (parser first).
#ifndef LOCKSMITH_VM_MODULES_ETREE_INTERNAL_H
#define LOCKSMITH_VM_MODULES_ETREE_INTERNAL_H

#include "locks/recursive_mutex.h"
#include "vm/object.h"
#include "vm/types/list.h"
#include "vm/types/type.h"

// ---- elements (etree_element.c, etree_search.c) ------------------------------------------

// The first four are fields, guarded by the Element's lock: VALUE_NULL for text and tail means
// None, for attrib that there are none yet (else it is a dict). children is a list or VALUE_NULL;
// it is published once, under the lock, and read by anyone (acquire). The collector may empty all
// of them.
typedef struct {
    Object header;
    Value tag, attrib, text, tail;
    Value children;
} Element;

extern Type element_type;

static inline Element *element_of(Value v) {
    return (Element *)value_object(v);
}
static inline bool value_is_element(Value v) {
    return value_is_instance(v, &element_type);
}
// New reference: the field, or None.
static inline Value element_field(const Element *e, const Value *slot) {
    Value v = field_load(&e->header, slot);
    return value_is_null(v) ? none_new() : v;
}
// Borrowed from e; NULL while there were no children.
static inline List *element_children(const Element *e) {
    Value children = field_published(&e->children);
    return value_is_null(children) ? NULL : list_of(children);
}
static inline int64_t element_length(const Element *e) {
    List *children = element_children(e);
    return children ? list_length(value_from_object(children)) : 0;
}
// New reference, or VALUE_NULL without an exception: there are not that many.
static inline Value element_child(const Element *e, int64_t index) {
    List *children = element_children(e);
    if (!children)
        return VALUE_NULL;
    return index >= 0 ? list_get_fast(children, (uint64_t)index)
                      : list_get_from_end_locked(children, index, false);
}
// The list of children, borrowed from e, made if need be. VALUE_NULL with MemoryError.
Value element_children_made(Element *e);
// The dict of attributes, made if need be. New reference, VALUE_NULL with MemoryError.
Value element_attributes_made(Element *e);
// A new Element. attrib is a dict that becomes its own, or VALUE_NULL.
Value element_new(Value tag, Value attrib);
// Puts child, whatever it is, at the end. 0, or -1 with MemoryError.
int element_append(Element *e, Value child);
// Raises CPython's TypeError, unless v is an Element. `what` is "append() argument" and the like.
int element_check(Value v, const char *what);
// All of an Element at one moment: new references, VALUE_NULL as in an Element; children is a new
// list or VALUE_NULL. 0, or -1 with MemoryError.
typedef struct {
    Value tag, attrib, text, tail, children;
} ElementParts;
int element_parts_get(const Element *e, ElementParts *parts);
void element_parts_drop(ElementParts *parts);
// Is that what the Element's tag is? 0, 1, -1. May run Python code.
int element_has_tag(const Element *e, Value tag);

// SubElement, a function of the module.
Value element_sub_element(Value self, const Value *args, size_t nargs, Value kwnames);
// Methods of Element in etree_search.c.
Value element_find(Value self, const Value *args, size_t nargs, Value kwnames);
Value element_findtext(Value self, const Value *args, size_t nargs, Value kwnames);
Value element_findall(Value self, const Value *args, size_t nargs, Value kwnames);
Value element_iterfind(Value self, const Value *args, size_t nargs, Value kwnames);
Value element_iter(Value self, const Value *args, size_t nargs, Value kwnames);
Value element_itertext(Value self);
Value element_get(Value self, const Value *args, size_t nargs, Value kwnames);
Value element_set(Value self, const Value *args, size_t nargs);
Value element_keys(Value self);
Value element_items(Value self);
Value element_makeelement(Value self, const Value *args, size_t nargs);
Value element_copy(Value self);
Value element_deepcopy(Value self, Value memo);
Value element_getstate(Value self);
Value element_setstate(Value self, Value state);
Value element_sizeof(Value self);

// ---- iterators (etree_iterator.c) --------------------------------------------------------

extern Type element_iterator_type;
// Of e and all below it: elements with that tag (None: all), or their texts.
Value element_iterator_new(Value e, Value tag, bool texts);

// ---- building (etree_builder.c) ----------------------------------------------------------

typedef enum {
    ETREE_START,
    ETREE_END,
    ETREE_START_NS,
    ETREE_END_NS,
    ETREE_COMMENT,
    ETREE_PI,
    ETREE_EVENTS
} EtreeEvent;

// Guarded by the lock. The references are plain words: nobody reads them without it but the
// collector. VALUE_NULL stands for "none".
typedef struct {
    Object header;
    RecursiveMutex lock;
    Value root;          // the first element
    Value current;       // the innermost one that is open
    Value last;          // the one that was begun or ended last
    Value last_for_tail; // the one that text belongs behind; else it belongs into `last`
    // The text that waits for an element, or VALUE_NULL: one exact str, or a list of pieces.
    Value data;
    Value make_element;          // functions, or VALUE_NULL: Element, and nothing
    Value make_comment, make_pi; //
    Value events_append;         // what is called with (name, object) for an event
    Value events[ETREE_EVENTS];  // names of the events that are wanted
    Value *open;                 // buffer: the elements around `current`, VALUE_NULL outermost
    int64_t open_count, open_capacity;
    char *text; // buffer: UTF-8 that comes behind `data`
    size_t text_length, text_capacity;
    bool insert_comments, insert_pis;
} TreeBuilder;

extern Type tree_builder_type;
static inline TreeBuilder *tree_builder_of(Value v) {
    return (TreeBuilder *)value_object(v);
}
Value tree_builder_new(void);
// The methods, with the lock held. All may run Python code. New reference or VALUE_NULL.
Value tree_builder_start(TreeBuilder *b, Value tag, Value attrib); // attrib VALUE_NULL: none
Value tree_builder_end(TreeBuilder *b);
Value tree_builder_comment(TreeBuilder *b, Value text);
Value tree_builder_pi(TreeBuilder *b, Value target, Value text);
int tree_builder_data(TreeBuilder *b, Value data); // 0, -1
int tree_builder_text(TreeBuilder *b, const char *utf8, size_t length);
Value tree_builder_close(TreeBuilder *b);
// Appends an event of that kind, if it is wanted. 0, -1.
int tree_builder_event(TreeBuilder *b, EtreeEvent kind, Value object);

// ---- parsing (etree_parser.c, etree_names.c) ---------------------------------------------

extern Type xml_parser_type;

// Names as libexpat spells them, "uri}local", and as programs see them, "{uri}local": each is made
// once. Open addressing; the bytes of all keys lie in one buffer. Guarded by its owner.
typedef struct {
    uint64_t hash;
    size_t start, length; // in keys
    Value name;           // VALUE_NULL: free
} EtreeName;
typedef struct {
    EtreeName *entries; // buffer of 1 << log2_size, or NULL
    unsigned log2_size;
    int64_t count;
    char *keys; // buffer
    size_t keys_length, keys_capacity;
} EtreeNames;
// New reference, VALUE_NULL with an exception.
Value etree_name(EtreeNames *names, const char *utf8);
void etree_names_traverse(const EtreeNames *names, GcVisitor *visitor);
void etree_names_drop(EtreeNames *names);

// ---- shared by the parts (etree_module.c) ------------------------------------------------

extern Value etree_parse_error;       // ParseError
int etree_raise(const char *message); // one of these: -1
// TypeError "what must be wanted, not (v's type)": -1.
int etree_bad_argument(const char *what, const char *wanted, Value v);
// Set by the first making of the module under the import lock, and never again.
extern Value etree_deepcopy, etree_path; // copy.deepcopy, the module xml.etree.ElementPath
// What _set_factories was given last: new references, or VALUE_NULL.
void etree_factories(Value *comment, Value *pi);

#endif
