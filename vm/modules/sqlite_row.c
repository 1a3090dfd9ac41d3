// SPDX-License-Identifier: MIT
//
// _sqlite3: class Row: a tuple whose items have the columns' names as well. Immutable.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/list.h"
#include "vm/types/slice.h"
#include "vm/types/type.h"

static SqliteRow *row_of(Value v) {
    return (SqliteRow *)value_object(v);
}

static Value row_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (!value_is_null(kwnames) && tuple_length(kwnames))
        return raise_type_error("Row() takes no keyword arguments");
    if (nargs != 2)
        return raise_type_error("Row expected 2 arguments, got %zu", nargs);
    if (!value_is_instance(args[0], &sqlite_cursor_type))
        return raise_type_error("Row() argument 1 must be sqlite3.Cursor, not %s",
                                value_is_none(args[0]) ? "None"
                                                       : type_full_name(value_type(args[0])));
    if (!value_is_tuple(args[1]))
        return raise_type_error("Row() argument 2 must be tuple, not %G", args[1]);
    SqliteRow *r = object_allocate(type);
    if (!r)
        return VALUE_NULL;
    SqliteCursor *c = sqlite_cursor_of(args[0]);
    Value description = field_load(&c->header, &c->description);
    r->description = value_is_null(description) ? none_new() : description;
    r->data = ref_new(args[1]);
    return value_from_object(r);
}

static void row_destroy(Object *self) {
    ref_release(((SqliteRow *)self)->description);
    ref_release(((SqliteRow *)self)->data);
    type_free_instance(self);
}
static void row_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SqliteRow *)self)->description);
    gc_visit(visitor, ((SqliteRow *)self)->data);
}

static int64_t column_count(const SqliteRow *r) {
    return value_is_none(r->description) ? 0 : tuple_length(r->description);
}
// Borrowed.
static Value column_name(const SqliteRow *r, int64_t i) {
    return tuple_item(tuple_item(r->description, i), 0);
}

static Value row_keys(Value self) {
    SqliteRow *r = row_of(self);
    Value names = list_new();
    for (int64_t i = 0; !value_is_null(names) && i < column_count(r); i++)
        if (list_append(names, column_name(r, i)) < 0) {
            ref_release(names);
            return VALUE_NULL;
        }
    return names;
}

static uint32_t small(uint32_t c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

// Names in ASCII are the same in any case. 0, 1, -1.
static int is_name(Value a, Value b) {
    int same = value_equals(a, b);
    if (same != 0 || !str_is_ascii(a) || !str_is_ascii(b) || str_length(a) != str_length(b))
        return same;
    for (int64_t i = 0; i < str_length(a); i++)
        if (small(str_at(a, i)) != small(str_at(b, i)))
            return 0;
    return 1;
}

static Value item_by_name(const SqliteRow *r, Value name) {
    for (int64_t i = 0; i < column_count(r) && i < tuple_length(r->data); i++) {
        int same = is_name(name, column_name(r, i));
        if (same < 0)
            return VALUE_NULL;
        if (same)
            return ref_new(tuple_item(r->data, i));
    }
    return raise_error(&exception_IndexError, "No item with that key");
}

static Value row_getitem(Value self, Value key) {
    SqliteRow *r = row_of(self);
    if (value_is_any_int(key)) {
        int64_t i, count = tuple_length(r->data);
        if (value_to_position(key, &i) < 0)
            return VALUE_NULL;
        i = i < 0 ? i + count : i;
        return i < 0 || i >= count ? raise_error(&exception_IndexError, "tuple index out of range")
                                   : ref_new(tuple_item(r->data, i));
    }
    if (value_is_str(key))
        return item_by_name(r, key);
    if (value_is_exactly(key, &slice_type))
        return value_getitem(r->data, key);
    return raise_error(&exception_IndexError, "Index must be int or string");
}

static Value row_item(Value self, int64_t i) {
    return i < tuple_length(row_of(self)->data)
               ? ref_new(tuple_item(row_of(self)->data, i))
               : raise_error(&exception_IndexError, "tuple index out of range");
}
static int64_t row_length(Value self) {
    return tuple_length(row_of(self)->data);
}
static Value row_iter(Value self) {
    return value_iter(row_of(self)->data);
}
static int64_t row_hash(Value self) {
    int64_t a = value_hash(row_of(self)->description);
    int64_t b = a == -1 ? -1 : value_hash(row_of(self)->data);
    if (b == -1)
        return -1;
    return (a ^ b) == -1 ? -2 : a ^ b;
}
static Value row_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_instance(other, &sqlite_row_type))
        return not_implemented_new();
    int same = value_equals(row_of(self)->description, row_of(other)->description);
    if (same < 0)
        return VALUE_NULL;
    return same ? value_compare(row_of(self)->data, row_of(other)->data, op)
                : bool_new(op == COMPARE_NE);
}

static const NativeDef row_methods[] = {
    DEF_NONE("keys", row_keys, "keys($self, /)\n--\n\nThe names of the columns."),
    DEF_END,
};

Type sqlite_row_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "sqlite3.Row",
    .basic_size = sizeof(SqliteRow),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .call_new = row_new,
    .destroy = row_destroy,
    .traverse = row_traverse,
    .hash = row_hash,
    .compare = row_compare,
    .iter = row_iter,
    .length = row_length,
    .getitem = row_getitem,
    .sequence_item = row_item,
    .methods = row_methods,
};
