// SPDX-License-Identifier: MIT
//
// TreeBuilder: makes a tree of the beginnings and ends of elements, and of text. The lock is held
// by all but the functions that Python calls, which take it. Whatever is released or called may
// come back to the same builder, so a step that calls something first brings the builder into a
// state that others may see, and holds references to what it still needs.
#include "vm/modules/etree_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

enum { FIRST_OPEN = 8, FIRST_TEXT = 128 };

// Consumes v.
static void put(Value *slot, Value v) {
    Value old = *slot;
    *slot = v;
    ref_release(old);
}

static bool is_none(Value v) {
    return value_is_null(v) || value_is_none(v);
}

// ---- text --------------------------------------------------------------------------------

// Text counts from the first element on.
static bool takes_text(const TreeBuilder *b) {
    return !value_is_null(b->data) || b->text_length || !is_none(b->last);
}

int tree_builder_text(TreeBuilder *b, const char *utf8, size_t length) {
    if (!takes_text(b))
        return 0;
    size_t wanted = b->text_length + length, capacity = b->text_capacity;
    if (wanted > capacity) {
        for (capacity = capacity ? capacity : FIRST_TEXT; capacity < wanted;)
            capacity *= 2;
        char *text = buffer_resize(b->text, capacity);
        if (!text)
            return raise_memory_error(), -1;
        b->text = text;
        b->text_capacity = capacity;
    }
    memcpy(b->text + b->text_length, utf8, length);
    b->text_length = wanted;
    return 0;
}

// Puts a piece (consumed) behind `data`. 0, -1.
static int add_piece(TreeBuilder *b, Value piece) {
    if (value_is_null(b->data) && value_is_exact_str(piece)) {
        b->data = piece;
        return 0;
    }
    if (value_is_null(b->data) || value_is_exact_str(b->data)) {
        Value list = list_new(), first = b->data;
        if (value_is_null(list)) {
            ref_release(piece);
            return -1;
        }
        b->data = list;
        if (!value_is_null(first) && list_append_owned(list, first) < 0) {
            ref_release(piece);
            return -1;
        }
    }
    return list_append_owned(b->data, piece);
}

// What lies in `text` becomes a piece of `data`. 0, -1.
static int keep_text(TreeBuilder *b) {
    if (b->text_length == 0)
        return 0;
    Value piece = str_from_utf8(b->text, b->text_length);
    b->text_length = 0;
    return value_is_null(piece) ? -1 : add_piece(b, piece);
}

int tree_builder_data(TreeBuilder *b, Value data) {
    if (!takes_text(b))
        return 0;
    return keep_text(b) < 0 ? -1 : add_piece(b, ref_new(data));
}

// The text so far, which the builder forgets. VALUE_NULL with an exception.
static Value take_text(TreeBuilder *b) {
    if (value_is_null(b->data)) {
        Value text = str_from_utf8(b->text, b->text_length);
        b->text_length = 0;
        return text;
    }
    if (keep_text(b) < 0)
        return VALUE_NULL;
    Value pieces = b->data, text;
    b->data = VALUE_NULL;
    if (value_is_exact_str(pieces))
        return pieces;
    if (list_length(pieces) == 1) {
        text = list_get(pieces, 0);
    } else {
        Value nothing = str_empty();
        text = str_join(nothing, pieces);
        ref_release(nothing);
    }
    ref_release(pieces);
    return text;
}

// Puts text behind what an element that may be anything has already.
static int extend_attribute(Value element, const char *name, Value text) {
    Value before = value_getattr_cstr(element, name);
    if (value_is_null(before))
        return -1;
    Value all = value_is_none(before) ? ref_new(text) : value_binary(before, text, BINARY_ADD);
    ref_release(before);
    int status = value_is_null(all) ? -1 : value_setattr_cstr(element, name, all);
    ref_release(all);
    return status;
}

// Gives the text to the element that it belongs to. 0, -1.
static int flush(TreeBuilder *b) {
    if (value_is_null(b->data) && b->text_length == 0)
        return 0;
    bool tail = !value_is_null(b->last_for_tail);
    Value element = ref_new(tail ? b->last_for_tail : b->last), text = take_text(b);
    int status = -1;
    if (!value_is_null(text) && value_is_exactly(element, &element_type)) {
        Element *e = element_of(element);
        Value *slot = tail ? &e->tail : &e->text, before = field_load(&e->header, slot);
        if (is_none(before)) {
            field_store(&e->header, slot, ref_new(text));
            status = 0;
        }
        ref_release(before);
    }
    if (status < 0 && !value_is_null(text))
        status = extend_attribute(element, tail ? "tail" : "text", text);
    ref_release(element);
    ref_release(text);
    return status;
}

// ---- elements ----------------------------------------------------------------------------

int tree_builder_event(TreeBuilder *b, EtreeEvent kind, Value object) {
    if (LIKELY(value_is_null(b->events[kind])) || value_is_null(b->events_append))
        return 0;
    Value event = tuple_pack(2, b->events[kind], object);
    if (value_is_null(event))
        return -1;
    Value append = ref_new(b->events_append), result = value_call_one(append, event);
    ref_release(event);
    ref_release(append);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

static int add_child(Value parent, Value child) {
    if (value_is_exactly(parent, &element_type)) {
        if (!value_is_element(child))
            return raise_int(&exception_TypeError, "expected an Element, not \"%T\"", child);
        return element_append(element_of(parent), child);
    }
    Value result = value_call_method(parent, name_append, &child, 1);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

// Consumes v, also on failure. 0, -1.
static int push(TreeBuilder *b, Value v) {
    if (b->open_count == b->open_capacity) {
        int64_t capacity = b->open_capacity ? b->open_capacity * 2 : FIRST_OPEN;
        Value *open = buffer_resize(b->open, (size_t)capacity * sizeof(Value));
        if (!open) {
            ref_release(v);
            return raise_memory_error(), -1;
        }
        b->open = open;
        b->open_capacity = capacity;
    }
    b->open[b->open_count++] = v;
    return 0;
}

static Value make_element(TreeBuilder *b, Value tag, Value attrib) {
    if (LIKELY(value_is_null(b->make_element)))
        return element_new(tag, attrib);
    Value make = ref_new(b->make_element);
    Value given = value_is_null(attrib) ? dict_new() : ref_new(attrib);
    Value node = value_is_null(given) ? VALUE_NULL : value_call_two(make, tag, given);
    ref_release(given);
    ref_release(make);
    return node;
}

// Puts a new element where it belongs and makes it the current one. 0, -1.
static int enter(TreeBuilder *b, Value node) {
    Value parent = ref_new(b->current);
    int status = 0;
    if (!is_none(parent))
        status = add_child(parent, node);
    else if (!value_is_null(b->root))
        status = etree_raise("multiple elements on top level");
    else
        b->root = ref_new(node);
    if (status < 0 || push(b, ref_new(parent)) < 0) {
        ref_release(parent);
        return -1;
    }
    ref_release(parent);
    put(&b->current, ref_new(node));
    put(&b->last, ref_new(node));
    return tree_builder_event(b, ETREE_START, node);
}

Value tree_builder_start(TreeBuilder *b, Value tag, Value attrib) {
    if (flush(b) < 0)
        return VALUE_NULL;
    Value node = make_element(b, tag, attrib);
    if (value_is_null(node))
        return node;
    put(&b->last_for_tail, VALUE_NULL);
    if (enter(b, node) < 0) {
        ref_release(node);
        return VALUE_NULL;
    }
    return node;
}

Value tree_builder_end(TreeBuilder *b) {
    if (flush(b) < 0)
        return VALUE_NULL;
    if (b->open_count == 0)
        return raise_error(&exception_IndexError, "pop from empty stack");
    Value ended = b->current, last = b->last, tail = b->last_for_tail;
    b->current = b->open[--b->open_count];
    field_forget_locked(&b->open[b->open_count], 1);
    b->last = ended;
    b->last_for_tail = ref_new(ended);
    ended = ref_new(ended);
    ref_release(last);
    ref_release(tail);
    if (value_is_null(ended)) // a factory of elements has come back meanwhile
        return none_new();
    if (tree_builder_event(b, ETREE_END, ended) < 0) {
        ref_release(ended);
        return VALUE_NULL;
    }
    return ended;
}

// A comment or an instruction that may belong into the tree, and is an event. Consumes node.
static Value finish_other(TreeBuilder *b, Value node, bool inserts, EtreeEvent kind) {
    if (value_is_null(node))
        return node;
    Value parent = inserts ? ref_new(b->current) : VALUE_NULL;
    int status = 0;
    if (!is_none(parent)) {
        status = add_child(parent, node);
        if (status == 0)
            put(&b->last_for_tail, ref_new(node));
    }
    ref_release(parent);
    if (status < 0 || tree_builder_event(b, kind, node) < 0) {
        ref_release(node);
        return VALUE_NULL;
    }
    return node;
}

Value tree_builder_comment(TreeBuilder *b, Value text) {
    if (flush(b) < 0)
        return VALUE_NULL;
    Value make = ref_new(b->make_comment);
    bool makes = !value_is_null(make);
    Value comment = makes ? value_call_one(make, text) : ref_new(text);
    ref_release(make);
    return finish_other(b, comment, makes && b->insert_comments, ETREE_COMMENT);
}

Value tree_builder_pi(TreeBuilder *b, Value target, Value text) {
    if (flush(b) < 0)
        return VALUE_NULL;
    Value make = ref_new(b->make_pi);
    bool makes = !value_is_null(make);
    Value pi = makes ? value_call_two(make, target, text) : tuple_pack(2, target, text);
    ref_release(make);
    return finish_other(b, pi, makes && b->insert_pis, ETREE_PI);
}

Value tree_builder_close(TreeBuilder *b) {
    return value_is_null(b->root) ? none_new() : ref_new(b->root);
}

// ---- what Python calls -------------------------------------------------------------------

static TreeBuilder *locked(Value self) {
    TreeBuilder *b = tree_builder_of(self);
    recursive_mutex_lock(&b->lock);
    return b;
}
static Value unlocked(TreeBuilder *b, Value result) {
    recursive_mutex_unlock(&b->lock);
    return result;
}

static Value builder_data(Value self, Value data) {
    TreeBuilder *b = locked(self);
    return unlocked(b, tree_builder_data(b, data) < 0 ? VALUE_NULL : none_new());
}
static Value builder_start(Value self, const Value *args, size_t nargs) {
    if (!value_is_dict(args[1]))
        return etree_bad_argument("start() argument 2", "dict", args[1]), VALUE_NULL;
    TreeBuilder *b = locked(self);
    return unlocked(b, tree_builder_start(b, args[0], args[1]));
}
static Value builder_end(Value self, Value tag) {
    TreeBuilder *b = locked(self);
    return unlocked(b, tree_builder_end(b));
}
static Value builder_comment(Value self, Value text) {
    TreeBuilder *b = locked(self);
    return unlocked(b, tree_builder_comment(b, text));
}
static Value builder_pi(Value self, const Value *args, size_t nargs) {
    TreeBuilder *b = locked(self);
    return unlocked(b, tree_builder_pi(b, args[0], nargs > 1 ? args[1] : VALUE_NONE));
}
static Value builder_close(Value self) {
    TreeBuilder *b = locked(self);
    return unlocked(b, tree_builder_close(b));
}

static const NativeDef builder_methods[] = {
    DEF_ONE("data", builder_data, "Text within or behind the last element."),
    DEF_FIXED("start", builder_start, 2, 2, "start(tag, attrs) begins an element."),
    DEF_ONE("end", builder_end, "Ends the innermost element, and gives it."),
    DEF_ONE("comment", builder_comment, "A comment."),
    DEF_FIXED("pi", builder_pi, 1, 2, "pi(target, text=None): a processing instruction."),
    DEF_NONE("close", builder_close, "The first element, or None."),
    DEF_END,
};

// ---- life --------------------------------------------------------------------------------

static Value builder_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

Value tree_builder_new(void) {
    return builder_call_new(&tree_builder_type, NULL, 0, VALUE_NULL);
}

static Value null_if_none(Value v) {
    return is_none(v) ? VALUE_NULL : ref_new(v);
}

static int builder_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"element_factory", "comment_factory", "pi_factory",
                                        "insert_comments", "insert_pis",      NULL};
    Value v[5];
    if (arguments_parse("TreeBuilder", args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return -1;
    int comments = value_is_null(v[3]) ? 0 : value_truth(v[3]);
    int pis = comments < 0 || value_is_null(v[4]) ? 0 : value_truth(v[4]);
    if (comments < 0 || pis < 0)
        return -1;
    Value usual_comment, usual_pi;
    etree_factories(&usual_comment, &usual_pi);
    TreeBuilder *b = locked(self);
    Value comment = is_none(v[1]) ? null_if_none(usual_comment) : ref_new(v[1]);
    Value pi = is_none(v[2]) ? null_if_none(usual_pi) : ref_new(v[2]);
    b->insert_comments = comments && !value_is_null(comment);
    b->insert_pis = pis && !value_is_null(pi);
    put(&b->make_element, null_if_none(v[0]));
    put(&b->make_comment, comment);
    put(&b->make_pi, pi);
    unlocked(b, VALUE_NULL);
    ref_release(usual_comment);
    ref_release(usual_pi);
    return 0;
}

// All references but those in `open`: in one row, from root to the last of events.
enum {
    BUILDER_FIELDS = (offsetof(TreeBuilder, open) - offsetof(TreeBuilder, root)) / sizeof(Value)
};

static void builder_drop(Object *self) {
    TreeBuilder *b = (TreeBuilder *)self;
    for (int i = 0; i < BUILDER_FIELDS; i++)
        put(&b->root + i, VALUE_NULL);
    while (b->open_count > 0)
        ref_release(b->open[--b->open_count]);
}
static void builder_destroy(Object *self) {
    TreeBuilder *b = (TreeBuilder *)self;
    builder_drop(self);
    buffer_free(b->open);
    buffer_free(b->text);
    type_free_instance(self);
}
static void builder_traverse(Object *self, GcVisitor *visitor) {
    TreeBuilder *b = (TreeBuilder *)self;
    for (int i = 0; i < BUILDER_FIELDS; i++)
        gc_visit(visitor, (&b->root)[i]);
    for (int64_t i = 0; i < b->open_count; i++)
        gc_visit(visitor, b->open[i]);
}

Type tree_builder_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "xml.etree.ElementTree.TreeBuilder",
    .basic_size = sizeof(TreeBuilder),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .call_new = builder_call_new,
    .init = builder_init,
    .destroy = builder_destroy,
    .traverse = builder_traverse,
    .clear = builder_drop,
    .methods = builder_methods,
};
