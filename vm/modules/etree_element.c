// SPDX-License-Identifier: MIT
//
// Element: making one, its attributes, its children as a sequence. etree_internal.h says how
// threads are kept apart, etree_search.c has the methods that look through a tree.
#include "gc/ref_run.h"
#include "vm/modules/etree_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list_empty.h"
#include "vm/types/repr_guard.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// ---- life --------------------------------------------------------------------------------

Value element_new(Value tag, Value attrib) {
    Element *e = object_allocate_exact(&element_type, sizeof(Element), HEAP_CONTAINER);
    if (UNLIKELY(!e))
        return VALUE_NULL;
    field_init(&e->tag, ref_new(tag));
    if (!value_is_null(attrib))
        field_init(&e->attrib, ref_new(attrib));
    return value_from_object(e);
}

static Value element_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Element *e = object_allocate(type);
    if (LIKELY(e != NULL))
        field_init(&e->tag, none_new());
    return value_from_object(e);
}

// A new dict of what an Element is made with: the attributes given as a dict (or VALUE_NULL) and
// the keyword arguments, of which `attrib` is the dict if none was given otherwise. VALUE_NULL
// without an exception: there are none.
static Value attributes_given(Value attrib, const Value *values, Value kwnames) {
    int64_t keywords = value_is_null(kwnames) ? 0 : tuple_length(kwnames);
    int64_t skip = -1;
    for (int64_t i = 0; value_is_null(attrib) && i < keywords; i++)
        if (str_equal_cstr(tuple_of(kwnames)->items[i], "attrib")) {
            attrib = values[i];
            skip = i;
            if (!value_is_dict(attrib))
                return raise_type_error("attrib must be dict, not %T", attrib);
        }
    if (keywords == (skip >= 0) && (value_is_null(attrib) || dict_length(attrib) == 0))
        return VALUE_NULL;
    Value all = value_is_null(attrib) ? dict_new() : dict_copy(attrib);
    for (int64_t i = 0; i < keywords && !value_is_null(all); i++)
        if (i != skip && dict_set(all, tuple_of(kwnames)->items[i], values[i]) < 0) {
            ref_release(all);
            all = VALUE_NULL;
        }
    return all;
}

int element_check(Value v, const char *what) {
    if (LIKELY(value_is_element(v)))
        return 0;
    return etree_bad_argument(what, "xml.etree.ElementTree.Element", v);
}

// args: [parent,] tag[, attrib]. 0 and the attributes, or -1.
static int parse_arguments(const char *function, int min, const Value *args, size_t nargs,
                           Value kwnames, Value *attrib) {
    if (nargs < (size_t)min || nargs > (size_t)min + 1)
        return raise_int(&exception_TypeError, "%s() takes at %s %d argument%s (%d given)",
                         function, nargs < (size_t)min ? "least" : "most",
                         nargs < (size_t)min ? min : min + 1,
                         nargs < (size_t)min && min == 1 ? "" : "s", (int)nargs);
    if (min == 2 && element_check(args[0], "SubElement() argument 1") < 0)
        return -1;
    Value given = nargs > (size_t)min ? args[min] : VALUE_NULL;
    if (!value_is_null(given) && !value_is_dict(given))
        return etree_bad_argument(min == 1 ? "Element() argument 2" : "SubElement() argument 3",
                                  "dict", given);
    *attrib = attributes_given(given, args + nargs, kwnames);
    return value_is_null(*attrib) && error_occurred() ? -1 : 0;
}

// Text and tail go and, at the same moment, attributes and children if `whole`. tag, VALUE_NULL for
// the one there is, and attrib are consumed.
static void reset(Element *e, Value tag, Value attrib, bool whole) {
    List *children = whole ? element_children(e) : NULL;
    Object *second = children ? &children->header : &e->header;
    Value *items = NULL, old[] = {tag, attrib, VALUE_NULL, VALUE_NULL};
    int64_t count = 0;
    object_lock_two(&e->header, second);
    if (children)
        items = list_empty_locked(children, &count);
    if (!value_is_null(tag))
        old[0] = field_swap_locked(&e->tag, tag);
    if (whole)
        old[1] = field_swap_locked(&e->attrib, attrib);
    old[2] = field_swap_locked(&e->text, VALUE_NULL);
    old[3] = field_swap_locked(&e->tail, VALUE_NULL);
    object_unlock_two(&e->header, second);
    list_emptied(items, count);
    for (int i = 0; i < 4; i++)
        ref_release(old[i]);
}

// As in CPython, an element that is made anew keeps what it has, unless it is given attributes.
static int element_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value attrib;
    if (parse_arguments("Element", 1, args, nargs, kwnames, &attrib) < 0)
        return -1;
    reset(element_of(self), ref_new(args[0]), attrib, !value_is_null(attrib));
    return 0;
}

// SubElement(parent, tag, attrib={}, **extra)
Value element_sub_element(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value attrib;
    if (parse_arguments("SubElement", 2, args, nargs, kwnames, &attrib) < 0)
        return VALUE_NULL;
    Value child = element_new(args[1], attrib);
    ref_release(attrib);
    if (!value_is_null(child) && element_append(element_of(args[0]), child) < 0) {
        ref_release(child);
        return VALUE_NULL;
    }
    return child;
}

static void element_destroy(Object *self) {
    Element *e = (Element *)self;
    ref_release(e->tag);
    ref_release(e->attrib);
    ref_release(e->text);
    ref_release(e->tail);
    ref_release(e->children);
    if (LIKELY(self->type == &element_type))
        object_free_exact(self, sizeof(Element), HEAP_CONTAINER);
    else
        type_free_instance(self);
}
static void element_traverse(Object *self, GcVisitor *visitor) {
    Element *e = (Element *)self;
    gc_visit(visitor, e->tag);
    gc_visit(visitor, e->attrib);
    gc_visit(visitor, e->text);
    gc_visit(visitor, e->tail);
    gc_visit(visitor, e->children);
}
static void element_clear_slots(Object *self) {
    Element *e = (Element *)self;
    field_clear(self, &e->tag);
    field_clear(self, &e->attrib);
    field_clear(self, &e->text);
    field_clear(self, &e->tail);
    field_clear(self, &e->children);
}

// ---- what it is made of ------------------------------------------------------------------

// Puts a fresh object into a slot of e that is VALUE_NULL, unless another thread was first.
// Consumes fresh, of which VALUE_NULL is one that could not be made. What the slot holds then, as a
// new reference.
static Value publish(Element *e, Value *slot, Value fresh) {
    if (value_is_null(fresh))
        return fresh;
    object_lock(&e->header);
    Value found = field_raw(slot);
    if (value_is_null(found))
        field_publish_locked(slot, fresh);
    else
        ref_retain(found);
    object_unlock(&e->header);
    if (value_is_null(found))
        return ref_new(fresh);
    ref_release(fresh);
    return found;
}

Value element_children_made(Element *e) {
    Value children = field_published(&e->children);
    if (LIKELY(!value_is_null(children)))
        return children;
    children = publish(e, &e->children, list_new());
    ref_release(children); // the slot has it, for good
    return children;
}

Value element_attributes_made(Element *e) {
    Value attrib = field_load(&e->header, &e->attrib);
    return value_is_null(attrib) ? publish(e, &e->attrib, dict_new()) : attrib;
}

int element_append(Element *e, Value child) {
    Value children = element_children_made(e);
    return value_is_null(children) ? -1 : list_append(children, child);
}

static int refuse_delete(Value v) {
    return value_is_null(v) ? raise_int(&exception_AttributeError, "can't delete element attribute")
                            : 0;
}
#define FIELD(name)                                                                                \
    static Value get_##name(Value self) {                                                          \
        return element_field(element_of(self), &element_of(self)->name);                           \
    }                                                                                              \
    static int set_##name(Value self, Value v) {                                                   \
        if (refuse_delete(v) < 0)                                                                  \
            return -1;                                                                             \
        field_store(value_object(self), &element_of(self)->name, ref_new(v));                      \
        return 0;                                                                                  \
    }
FIELD(tag)
FIELD(text)
FIELD(tail)
#undef FIELD

static Value get_attrib(Value self) {
    return element_attributes_made(element_of(self));
}
static int set_attrib(Value self, Value v) {
    if (refuse_delete(v) < 0)
        return -1;
    if (!value_is_dict(v))
        return raise_int(&exception_TypeError, "attrib must be dict, not %T", v);
    field_store(value_object(self), &element_of(self)->attrib, ref_new(v));
    return 0;
}

static Value element_repr(Value self) {
    Element *e = element_of(self);
    Value tag = field_load(&e->header, &e->tag);
    if (value_is_null(tag))
        return str_format("<Element at %p>", (void *)e);
    Value text = VALUE_NULL;
    int running = repr_enter(self);
    if (running > 0)
        raise_error(&exception_RuntimeError, "reentrant call inside %s.__repr__",
                    type_full_name(value_type(self)));
    if (running == 0) {
        text = str_format("<Element %R at %p>", tag, (void *)e);
        repr_leave(self);
    }
    ref_release(tag);
    return text;
}

// ---- children as a sequence --------------------------------------------------------------

static int64_t element_length_slot(Value self) {
    return element_length(element_of(self));
}

static Value element_sequence_item(Value self, int64_t index) {
    Value child = element_child(element_of(self), index);
    return value_is_null(child) ? raise_error(&exception_IndexError, "child index out of range")
                                : child;
}

// Is key a position? 1: *index, negative from the end; 0: it is a slice; -1.
static int position(Value key, int64_t *index) {
    if (value_is_slice(key))
        return 0;
    if (!value_is_any_int(key) && !value_type(key)->index)
        return raise_int(&exception_TypeError, "element indices must be integers");
    return value_to_position(key, index) < 0 ? -1 : 1;
}

static Value element_getitem(Value self, Value key) {
    int64_t index;
    int kind = position(key, &index);
    if (kind < 0)
        return VALUE_NULL;
    if (kind > 0)
        return element_sequence_item(self, index);
    List *children = element_children(element_of(self));
    return children ? value_getitem(value_from_object(children), key) : list_new();
}

static int check_child(Value v) {
    return value_is_element(v)
               ? 0
               : raise_int(&exception_TypeError, "expected an Element, not \"%T\"", v);
}

// What is assigned to a slice or appended, as a new list. VALUE_NULL with CPython's complaint.
static Value collect(Value v) {
    Value list = list_from_iterable(v);
    if (value_is_null(list) && error_matches(&exception_TypeError) && !value_may_iterate(v)) {
        error_clear();
        raise_type_error("expected sequence, not \"%T\"", v);
    }
    return list;
}

static int element_set_slice(Value children, Value slice, Value v) {
    if (value_is_null(v))
        return value_delitem(children, slice);
    Value list = collect(v);
    if (value_is_null(list))
        return -1;
    int status = 0;
    for (int64_t i = 0; status == 0 && i < list_length(list); i++) {
        Value child = list_get_fast(list_of(list), (uint64_t)i);
        status = value_is_null(child) ? 0 : check_child(child);
        ref_release(child);
    }
    if (status == 0)
        status = value_setitem(children, slice, list);
    ref_release(list);
    return status;
}

static int element_setitem(Value self, Value key, Value v) {
    Value children = element_children_made(element_of(self));
    int64_t index;
    int kind = value_is_null(children) ? -1 : position(key, &index);
    if (kind <= 0)
        return kind < 0 ? -1 : element_set_slice(children, key, v);
    if (!value_is_null(v) && check_child(v) < 0)
        return -1;
    if (value_is_null(v)) {
        if (list_delete(children, index) == 0)
            return 0;
        error_clear();
    } else {
        Value old = list_swap_fast(list_of(children), index, ref_new(v));
        if (!value_is_null(old)) {
            ref_release(old);
            return 0;
        }
        ref_release(v); // it was not taken in
    }
    return raise_int(&exception_IndexError, "child assignment index out of range");
}

static Value element_append_method(Value self, Value child) {
    if (element_check(child, "append() argument") < 0)
        return VALUE_NULL;
    return element_append(element_of(self), child) < 0 ? VALUE_NULL : none_new();
}

static Value element_insert_method(Value self, const Value *args, size_t nargs) {
    int64_t index;
    if (size_argument(args[0], &index) < 0 || element_check(args[1], "insert() argument 2") < 0)
        return VALUE_NULL;
    Value children = element_children_made(element_of(self));
    return value_is_null(children) || list_insert(children, index, args[1]) < 0 ? VALUE_NULL
                                                                                : none_new();
}

static Value element_extend_method(Value self, Value elements) {
    Value list = collect(elements);
    if (value_is_null(list))
        return list;
    int status = 0;
    for (int64_t i = 0; status == 0 && i < list_length(list); i++) {
        Value child = list_get_fast(list_of(list), (uint64_t)i);
        status = check_child(child);
        if (status == 0)
            status = element_append(element_of(self), child);
        ref_release(child);
    }
    ref_release(list);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value element_remove_method(Value self, Value child) {
    if (element_check(child, "remove() argument") < 0)
        return VALUE_NULL;
    Value children = element_children_made(element_of(self));
    return value_is_null(children) || list_remove(children, child) < 0 ? VALUE_NULL : none_new();
}

static Value element_clear_method(Value self) {
    reset(element_of(self), VALUE_NULL, VALUE_NULL, true);
    return none_new();
}

int element_parts_get(const Element *e, ElementParts *parts) {
    for (;;) {
        List *children = element_children(e);
        int64_t room = element_length(e);
        List *copy = NULL;
        if (room) {
            Value list = list_new_sized(room);
            if (value_is_null(list))
                return -1;
            copy = list_of(list);
        }
        Object *owner = (Object *)&e->header, *second = children ? &children->header : owner;
        object_lock_two(owner, second);
        bool fits = children ? children->length <= room : value_is_null(field_raw(&e->children));
        if (LIKELY(fits)) {
            const Value *from[] = {&e->tag, &e->attrib, &e->text, &e->tail};
            Value *to[] = {&parts->tag, &parts->attrib, &parts->text, &parts->tail};
            for (int i = 0; i < 4; i++) {
                *to[i] = field_raw(from[i]);
                field_retain_locked(*to[i], false);
            }
            if (copy && children->length) {
                ref_run_copy(copy->items, children->items, children->length);
                copy->length = children->length;
            }
        }
        object_unlock_two(owner, second);
        parts->children = copy ? value_from_object(copy) : VALUE_NULL;
        if (LIKELY(fits))
            return 0;
        ref_release(parts->children);
    }
}

void element_parts_drop(ElementParts *parts) {
    ref_release(parts->tag);
    ref_release(parts->attrib);
    ref_release(parts->text);
    ref_release(parts->tail);
    ref_release(parts->children);
}

// ---- the type ----------------------------------------------------------------------------

static const NativeDef methods[] = {
    DEF_ONE("append", element_append_method, "Puts an element at the end."),
    DEF_NONE("clear", element_clear_method, "Takes out the children, attributes, text and tail."),
    DEF_ONE("extend", element_extend_method, "Appends each element of a sequence."),
    DEF_FIXED("insert", element_insert_method, 2, 2,
              "insert(index, element) puts element before index."),
    DEF_ONE("remove", element_remove_method, "Takes out the first child equal to the argument."),
    DEF_VECTOR("find", element_find, "The first match of a path, or None."),
    DEF_VECTOR("findtext", element_findtext, "The text of the first match of a path."),
    DEF_VECTOR("findall", element_findall, "A list of all matches of a path."),
    DEF_VECTOR("iterfind", element_iterfind, "An iterator over all matches of a path."),
    DEF_VECTOR("iter", element_iter, "An iterator over the element and all below it."),
    DEF_NONE("itertext", element_itertext, "An iterator over the texts within the element."),
    DEF_VECTOR("get", element_get, "An attribute's value, or default."),
    DEF_FIXED("set", element_set, 2, 2, "set(key, value) sets an attribute."),
    DEF_NONE("keys", element_keys, "A list of the attributes' names."),
    DEF_NONE("items", element_items, "A list of the attributes as pairs."),
    DEF_FIXED("makeelement", element_makeelement, 2, 2, "A new element that belongs nowhere."),
    DEF_NONE("__copy__", element_copy, "A new element with the same children."),
    DEF_ONE("__deepcopy__", element_deepcopy, "A new element with copies of the children."),
    DEF_NONE("__getstate__", element_getstate, "What pickle keeps of it."),
    DEF_ONE("__setstate__", element_setstate, "The other way round."),
    DEF_NONE("__sizeof__", element_sizeof, "Bytes taken by the element."),
    DEF_END,
};

static const GetSetDef getsets[] = {
    {"tag", get_tag, set_tag, "A string identifying what kind of data this element represents"},
    {"text", get_text, set_text, "A string of text directly after the start tag, or None"},
    {"tail", get_tail, set_tail, "A string of text directly after the end tag, or None"},
    {"attrib", get_attrib, set_attrib, "A dictionary containing the element's attributes"},
    {NULL},
};

Type element_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "xml.etree.ElementTree.Element",
    .basic_size = sizeof(Element),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .call_new = element_call_new,
    .init = element_init,
    .destroy = element_destroy,
    .traverse = element_traverse,
    .clear = element_clear_slots,
    .repr = element_repr,
    .length = element_length_slot,
    .getitem = element_getitem,
    .setitem = element_setitem,
    .sequence_item = element_sequence_item,
    .methods = methods,
    .getsets = getsets,
};
