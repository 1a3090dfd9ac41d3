// SPDX-License-Identifier: MIT
//
// Element's methods that look through children and attributes, and those that copy and pickle. They
// look through the children that there were at one moment, since anybody may change them meanwhile.
#include "gc/ref_run.h"
#include "vm/modules/etree_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/str.h"

int element_has_tag(const Element *e, Value tag) {
    Value own = element_field(e, &e->tag);
    int same = value_same(own, tag) ? 1 : value_equal_simple(own, tag);
    if (UNLIKELY(same < 0))
        same = value_equals(own, tag);
    ref_release(own);
    return same;
}

// ---- paths -------------------------------------------------------------------------------

static uint32_t character_at(Value path, int64_t i) {
    return value_is_str(path) ? str_at(path, i) : bytes_data(path)[i];
}

static inline bool is_operator(uint32_t c) {
    return c == '/' || c == '*' || c == '[' || c == '@' || c == '.';
}

// Is it more than the tag of a child? Then ElementPath knows what it means.
static bool is_expression(Value path) {
    int64_t length;
    if (value_is_str(path))
        length = str_length(path);
    else if (value_is_bytes(path))
        length = bytes_length(path);
    else
        return true;
    if (length >= 3 && character_at(path, 0) == '{' &&
        (character_at(path, 1) == '}' ||
         (character_at(path, 1) == '*' && character_at(path, 2) == '}')))
        return true;     // any namespace, or none
    bool outside = true; // of a namespace's braces
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = character_at(path, i);
        if (c == '{')
            outside = false;
        else if (c == '}')
            outside = true;
        else if (outside && is_operator(c))
            return true;
    }
    return false;
}

// Children at one moment, new references: all of them (whole), or the first few.
enum { FEW = 16 };
typedef struct {
    Value few[FEW], *items;
    int64_t count;
    bool whole;
} Family;

// 0, -1. all: no matter how many.
static int family_take(const Element *e, bool all, Family *family) {
    List *children = element_children(e);
    family->items = family->few;
    family->count = 0;
    family->whole = true;
    if (!children)
        return 0;
    object_read_lock(&children->header);
    int64_t length = children->length;
    family->whole = length <= FEW;
    if (family->whole || !all) {
        family->count = family->whole ? length : FEW;
        ref_run_copy(family->few, children->items, family->count);
    }
    object_read_unlock(&children->header);
    if (family->whole || !all)
        return 0;
    family->whole = true;
    return list_snapshot(value_from_object(children), &family->items, &family->count);
}

static void family_drop(Family *family) {
    ref_run_release(family->items, family->count);
    if (family->items != family->few)
        buffer_free(family->items);
}

// The first child from *index on whose tag is `tag`, borrowed; *index is behind it then.
// VALUE_NULL: there is none, or an exception.
static Value next_with_tag(const Family *family, Value tag, int64_t *index) {
    while (*index < family->count) {
        Value child = family->items[(*index)++];
        int same = value_is_element(child) ? element_has_tag(element_of(child), tag) : 0;
        if (same)
            return same > 0 ? child : VALUE_NULL;
    }
    return VALUE_NULL;
}

// The first child with that tag, a new reference; VALUE_NULL as above.
static Value first_with_tag(const Element *e, Value tag) {
    Family family;
    for (bool all = false;; all = true) {
        if (family_take(e, all, &family) < 0)
            return VALUE_NULL;
        int64_t index = 0;
        Value child = ref_new(next_with_tag(&family, tag, &index));
        bool done = family.whole || !value_is_null(child) || error_occurred();
        family_drop(&family);
        if (done)
            return child;
    }
}

static const char *const path_names[] = {"path", "namespaces", NULL};
static const char *const text_names[] = {"path", "default", "namespaces", NULL};

// Does ElementPath have to be asked? v: path, namespaces (VALUE_NULL becomes None).
static bool must_ask(const Value *path, Value *namespaces) {
    if (value_is_null(*namespaces))
        *namespaces = VALUE_NONE;
    return !value_is_none(*namespaces) || is_expression(*path);
}

Value element_find(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value v[2];
    if (arguments_parse("find", args, nargs, kwnames, path_names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    if (must_ask(&v[0], &v[1])) {
        Value all[] = {self, v[0], v[1]};
        return value_call_method_cstr(etree_path, "find", all, 3);
    }
    Value child = first_with_tag(element_of(self), v[0]);
    return value_is_null(child) && !error_occurred() ? none_new() : child;
}

Value element_findtext(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value v[3];
    if (arguments_parse("findtext", args, nargs, kwnames, text_names, 0, 3, 1, v) < 0)
        return VALUE_NULL;
    Value otherwise = value_is_null(v[1]) ? VALUE_NONE : v[1];
    if (must_ask(&v[0], &v[2])) {
        Value all[] = {self, v[0], otherwise, v[2]};
        return value_call_method_cstr(etree_path, "findtext", all, 4);
    }
    Value child = first_with_tag(element_of(self), v[0]);
    if (value_is_null(child))
        return error_occurred() ? VALUE_NULL : ref_new(otherwise);
    Value text = field_load(value_object(child), &element_of(child)->text);
    ref_release(child);
    if (value_is_null(text) || value_is_none(text)) {
        ref_release(text);
        return str_empty();
    }
    return text;
}

Value element_findall(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value v[2];
    if (arguments_parse("findall", args, nargs, kwnames, path_names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    if (must_ask(&v[0], &v[1])) {
        Value all[] = {self, v[0], v[1]};
        return value_call_method_cstr(etree_path, "findall", all, 3);
    }
    Family family;
    if (family_take(element_of(self), true, &family) < 0)
        return VALUE_NULL;
    Value found = list_new();
    int64_t index = 0;
    while (!value_is_null(found)) {
        Value child = next_with_tag(&family, v[0], &index);
        if (value_is_null(child) && !error_occurred())
            break;
        if (value_is_null(child) || list_append(found, child) < 0) {
            ref_release(found);
            found = VALUE_NULL;
        }
    }
    family_drop(&family);
    return found;
}

Value element_iterfind(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value v[2];
    if (arguments_parse("iterfind", args, nargs, kwnames, path_names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    Value all[] = {self, v[0], value_is_null(v[1]) ? VALUE_NONE : v[1]};
    return value_call_method_cstr(etree_path, "iterfind", all, 3);
}

Value element_iter(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"tag", NULL};
    Value tag;
    if (arguments_parse("iter", args, nargs, kwnames, names, 0, 1, 0, &tag) < 0)
        return VALUE_NULL;
    if (value_is_null(tag) || (value_is_str(tag) && str_equal_cstr(tag, "*")) ||
        (value_is_bytes(tag) && bytes_length(tag) == 1 && bytes_data(tag)[0] == '*'))
        tag = VALUE_NONE;
    return element_iterator_new(self, tag, false);
}

Value element_itertext(Value self) {
    return element_iterator_new(self, VALUE_NONE, true);
}

// ---- attributes --------------------------------------------------------------------------

Value element_get(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "default", NULL};
    Value v[2];
    if (arguments_parse("get", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    Value attrib = field_load(value_object(self), &element_of(self)->attrib), found = VALUE_NULL;
    if (!value_is_null(attrib)) {
        found = dict_get(attrib, v[0]);
        ref_release(attrib);
        if (value_is_null(found) && error_occurred())
            return VALUE_NULL;
    }
    if (!value_is_null(found))
        return found;
    return value_is_null(v[1]) ? none_new() : ref_new(v[1]);
}

Value element_set(Value self, const Value *args, size_t nargs) {
    Value attrib = element_attributes_made(element_of(self));
    int status = value_is_null(attrib) ? -1 : dict_set(attrib, args[0], args[1]);
    ref_release(attrib);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value list_of_attributes(Value self, Value (*list)(Value dict)) {
    Value attrib = field_load(value_object(self), &element_of(self)->attrib);
    if (value_is_null(attrib))
        return list_new();
    Value result = list(attrib);
    ref_release(attrib);
    return result;
}
Value element_keys(Value self) {
    return list_of_attributes(self, dict_keys_list);
}
Value element_items(Value self) {
    return list_of_attributes(self, dict_items_list);
}

// ---- copies ------------------------------------------------------------------------------

Value element_makeelement(Value self, const Value *args, size_t nargs) {
    if (!value_is_dict(args[1]))
        return etree_bad_argument("makeelement() argument 2", "dict", args[1]), VALUE_NULL;
    Value attrib = dict_copy(args[1]);
    if (value_is_null(attrib))
        return attrib;
    Value made = element_new(args[0], attrib);
    ref_release(attrib);
    return made;
}

// A new Element of these parts, which are consumed.
static Value assemble(ElementParts *parts) {
    Value made = element_new(parts->tag, parts->attrib);
    if (!value_is_null(made)) {
        Element *e = element_of(made);
        field_init(&e->text, ref_new(parts->text));
        field_init(&e->tail, ref_new(parts->tail));
        field_init(&e->children, ref_new(parts->children));
    }
    element_parts_drop(parts);
    return made;
}

// As in CPython, the copy shares the dict of attributes.
Value element_copy(Value self) {
    ElementParts parts;
    return element_parts_get(element_of(self), &parts) < 0 ? VALUE_NULL : assemble(&parts);
}

static Value key_of(Value v) {
    return int_from_u64((uintptr_t)value_object(v));
}

// A dict of nothing but strs, which need no copy themselves?
static bool is_plain_dict(Value v) {
    if (!value_is_exactly(v, &dict_type) || !dict_has_str_keys(v))
        return false;
    Value value;
    bool plain = true;
    for (int64_t at = 0; plain && dict_next(v, &at, NULL, &value, NULL);) {
        plain = value_is_exact_str(value);
        ref_release(value);
    }
    return plain;
}

static Value deep_copy_of(Value self, Value memo);

// As copy.deepcopy(v, memo), with short cuts. VALUE_NULL for VALUE_NULL, too.
static Value deep_copy(Value v, Value memo) {
    if (value_is_null(v) || value_is_none(v) || value_is_exact_str(v))
        return ref_new(v);
    bool plain = is_plain_dict(v);
    if (!plain && !value_is_exactly(v, &element_type))
        return value_call_two(etree_deepcopy, v, memo);
    Value key = key_of(v);
    if (value_is_null(key))
        return key;
    Value copy = dict_get(memo, key);
    if (value_is_null(copy) && !error_occurred()) {
        copy = plain ? dict_copy(v) : deep_copy_of(v, memo);
        if (plain && !value_is_null(copy) && dict_set(memo, key, copy) < 0) {
            ref_release(copy);
            copy = VALUE_NULL;
        }
    }
    ref_release(key);
    return copy;
}

// Replaces each item of a list that nobody else sees by its copy. 0, -1.
static int deep_copy_children(List *children, Value memo) {
    for (int64_t i = 0; i < children->length; i++) {
        Value copy = deep_copy(children->items[i], memo);
        if (value_is_null(copy))
            return -1;
        if (!value_is_element(copy)) {
            raise_type_error("expected an Element, not \"%T\"", copy);
            ref_release(copy);
            return -1;
        }
        ref_release(list_swap_fast(children, i, copy));
    }
    return 0;
}

static Value deep_copy_parts(Value self, Value memo) {
    ElementParts parts;
    if (element_parts_get(element_of(self), &parts) < 0)
        return VALUE_NULL;
    Value *fields[] = {&parts.tag, &parts.attrib, &parts.text, &parts.tail};
    for (int i = 0; i < 4; i++) {
        Value copy = deep_copy(*fields[i], memo);
        if (value_is_null(copy) && error_occurred())
            goto failed;
        ref_release(*fields[i]);
        *fields[i] = copy;
    }
    if (!value_is_null(parts.attrib) && !value_is_dict(parts.attrib)) {
        raise_type_error("attrib must be dict, not %T", parts.attrib);
        goto failed;
    }
    if (!value_is_null(parts.children) && deep_copy_children(list_of(parts.children), memo) < 0)
        goto failed;
    Value made = assemble(&parts), key = key_of(self);
    if (!value_is_null(made) && (value_is_null(key) || dict_set(memo, key, made) < 0)) {
        ref_release(made);
        made = VALUE_NULL;
    }
    ref_release(key);
    return made;
failed:
    element_parts_drop(&parts);
    return VALUE_NULL;
}

static Value deep_copy_of(Value self, Value memo) {
    if (thread_enter_recursive("") < 0)
        return VALUE_NULL;
    Value made = deep_copy_parts(self, memo);
    thread_leave_recursive();
    return made;
}

Value element_deepcopy(Value self, Value memo) {
    if (!value_is_dict(memo))
        return etree_bad_argument("__deepcopy__() argument", "dict", memo), VALUE_NULL;
    return deep_copy_of(self, memo);
}

// ---- pickling ----------------------------------------------------------------------------

static Value value_or_none(Value v) {
    return value_is_null(v) ? VALUE_NONE : v;
}

Value element_getstate(Value self) {
    ElementParts parts;
    if (element_parts_get(element_of(self), &parts) < 0)
        return VALUE_NULL;
    Value state = dict_new();
    if (value_is_null(parts.children))
        parts.children = list_new();
    if (value_is_null(parts.attrib))
        parts.attrib = dict_new();
    if (value_is_null(state) || value_is_null(parts.children) || value_is_null(parts.attrib) ||
        dict_set_cstr(state, "tag", value_or_none(parts.tag)) < 0 ||
        dict_set_cstr(state, "_children", parts.children) < 0 ||
        dict_set_cstr(state, "attrib", parts.attrib) < 0 ||
        dict_set_cstr(state, "text", value_or_none(parts.text)) < 0 ||
        dict_set_cstr(state, "tail", value_or_none(parts.tail)) < 0) {
        ref_release(state);
        state = VALUE_NULL;
    }
    element_parts_drop(&parts);
    return state;
}

// Does the state have nothing but these? 0, -1 with TypeError.
static int check_state(Value state) {
    Value key;
    for (int64_t at = 0; dict_next(state, &at, &key, NULL, NULL);) {
        bool known = false;
        static const char *const names[] = {"tag", "attrib", "text", "tail", "_children"};
        for (int i = 0; i < 5 && value_is_str(key); i++)
            known |= str_equal_cstr(key, names[i]);
        if (!known)
            raise_type_error("'%V' is an invalid keyword argument for this function", key);
        ref_release(key);
        if (!known)
            return -1;
    }
    return 0;
}

static int check_children(Value children) {
    if (!value_is_list(children))
        return raise_int(&exception_TypeError, "'_children' is not a list");
    for (int64_t i = 0;; i++) {
        Value child = list_get_fast(list_of(children), (uint64_t)i);
        if (value_is_null(child))
            return 0;
        bool wrong = !value_is_element(child);
        if (wrong)
            raise_type_error("expected an Element, not \"%T\"", child);
        ref_release(child);
        if (wrong)
            return -1;
    }
}

// The parts are borrowed from the state. A state without attributes and children leaves those there
// are alone.
static int set_parts(Element *e, const ElementParts *parts) {
    bool whole = !value_is_null(parts->children) || !value_is_null(parts->attrib);
    Value *items = NULL;
    int64_t count = 0;
    if (!value_is_null(parts->children) && list_snapshot(parts->children, &items, &count) < 0)
        return -1;
    Value children = element_children_made(e);
    int status = value_is_null(children) ? -1 : 0;
    if (status == 0 && whole)
        status = list_splice(children, 0, INT64_MAX, items, count);
    buffer_free(items);
    if (status < 0)
        return -1;
    field_store(&e->header, &e->tag, ref_new(parts->tag));
    field_store(&e->header, &e->text, ref_new(parts->text));
    field_store(&e->header, &e->tail, ref_new(parts->tail));
    if (whole)
        field_store(&e->header, &e->attrib,
                    value_is_null(parts->attrib) || value_is_none(parts->attrib)
                        ? VALUE_NULL
                        : ref_new(parts->attrib));
    return 0;
}

Value element_setstate(Value self, Value state) {
    if (!value_is_exactly(state, &dict_type))
        return raise_type_error("Don't know how to unpickle \"%R\" as an Element", state);
    if (check_state(state) < 0)
        return VALUE_NULL;
    ElementParts parts = {
        .tag = dict_get_cstr(state, "tag"),
        .attrib = dict_get_cstr(state, "attrib"),
        .text = dict_get_cstr(state, "text"),
        .tail = dict_get_cstr(state, "tail"),
        .children = dict_get_cstr(state, "_children"),
    };
    int status = 0;
    if (value_is_null(parts.tag))
        status = raise_int(&exception_TypeError, "tag may not be NULL");
    else if (!value_is_null(parts.children))
        status = check_children(parts.children);
    if (status == 0 && !value_is_null(parts.attrib) && !value_is_none(parts.attrib) &&
        !value_is_dict(parts.attrib))
        status = raise_int(&exception_TypeError, "attrib must be dict, not %T", parts.attrib);
    if (status == 0)
        status = set_parts(element_of(self), &parts);
    element_parts_drop(&parts);
    return status < 0 ? VALUE_NULL : none_new();
}

Value element_sizeof(Value self) {
    int64_t size = value_type(self)->basic_size;
    List *children = element_children(element_of(self));
    if (children) {
        object_read_lock(&children->header);
        size += (int64_t)sizeof(List) + children->capacity * (int64_t)sizeof(Value);
        object_read_unlock(&children->header);
    }
    return value_from_int(size);
}
