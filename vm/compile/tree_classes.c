// SPDX-License-Identifier: MIT
//
// The classes of the module `ast`: the table of tree.h, and the Python classes made from it.
//
// The table is made once and is constant then. The Python classes are ordinary heap types with the
// names of `ast`; they are made under a mutex when first needed, published with a release store and
// live for ever.
#include "vm/compile/tree.h"
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <pthread.h>

// ---- the table -----------------------------------------------------------------------------

typedef struct {
    enum { ENTRY_GROUP, ENTRY_POSITIONS, ENTRY_NODE, ENTRY_PRODUCT, ENTRY_FIELD } entry;
    const char *name;
    int kind, number; // TreeKind; tag or quantity
    size_t offset;
} Entry;

static const Entry entries[] = {
#define GROUP(name, kind) {ENTRY_GROUP, #name, TREE_##kind, 0, 0},
#define POSITIONS(struct_name, ends)                                                               \
    {ENTRY_POSITIONS, NULL, 0, TREE_##ends, offsetof(struct_name, line)},
#define NODE(name, tag) {ENTRY_NODE, #name, 0, tag, 0},
#define PRODUCT(name, kind) {ENTRY_PRODUCT, #name, TREE_##kind, 0, 0},
#define FIELD(name, kind, quantity, struct_name, member)                                           \
    {ENTRY_FIELD, #name, TREE_##kind, TREE_##quantity, offsetof(struct_name, member)},
#include "vm/parse/ast_nodes.def"
#undef GROUP
#undef POSITIONS
#undef NODE
#undef PRODUCT
#undef FIELD
};
enum { ENTRIES = sizeof entries / sizeof *entries };

// Who has line has the other three behind it.
#define CHECK_POSITIONS(type)                                                                      \
    _Static_assert(offsetof(type, end_column) == offsetof(type, line) + 3 * sizeof(int),           \
                   "positions lie side by side")
CHECK_POSITIONS(AstExpr);
CHECK_POSITIONS(AstStmt);
CHECK_POSITIONS(AstPattern);
CHECK_POSITIONS(AstArg);
CHECK_POSITIONS(AstAlias);
CHECK_POSITIONS(AstKeyword);
CHECK_POSITIONS(AstExceptHandler);

static TreeClass classes[ENTRIES];
static TreeField fields[ENTRIES];
static int class_count;
static int first_of_kind[TREE_KINDS]; // the first concrete class
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill_table(void) {
    int field_count = 0, group = -1;
    for (int i = 0; i < ENTRIES; i++) {
        const Entry *e = &entries[i];
        TreeClass *last = class_count ? &classes[class_count - 1] : NULL;
        switch (e->entry) {
        case ENTRY_GROUP:
        case ENTRY_PRODUCT:
            group = e->entry == ENTRY_GROUP ? class_count : -1;
            first_of_kind[e->kind] = class_count + (e->entry == ENTRY_GROUP);
            classes[class_count++] = (TreeClass){.name = e->name,
                                                 .kind = (TreeKind)e->kind,
                                                 .is_group = e->entry == ENTRY_GROUP,
                                                 .group = -1,
                                                 .fields = &fields[field_count]};
            break;
        case ENTRY_POSITIONS:
            last->has_positions = true;
            last->end_is_optional = e->number == TREE_MAYBE;
            last->position_offset = (uint16_t)e->offset;
            break;
        case ENTRY_NODE:
            classes[class_count] = classes[group];
            last = &classes[class_count++];
            last->name = e->name;
            last->tag = e->number;
            last->is_group = false;
            last->group = group;
            last->fields = &fields[field_count];
            break;
        case ENTRY_FIELD:
            last->field_count++;
            fields[field_count++] =
                (TreeField){e->name, (uint8_t)e->kind, (uint8_t)e->number, (uint16_t)e->offset};
            break;
        }
    }
}

const TreeClass *tree_classes(int *count) {
    pthread_once(&once, fill_table);
    if (count)
        *count = class_count;
    return classes;
}

const TreeClass *tree_class_of(TreeKind kind, int tag) { // tags count from 0 in order
    return &tree_classes(NULL)[first_of_kind[kind] + tag];
}

static Value base_type; // ast.AST

// ---- ast.AST -------------------------------------------------------------------------------

static Value fields_of(Value self) { // a new reference; VALUE_NULL: none, or error
    Value found = VALUE_NULL;
    return value_lookup_attr(value_from_object(value_type(self)), name__fields, &found) < 0
               ? VALUE_NULL
               : found;
}

static int set_positional(Value self, Value field_names, const Value *args, size_t nargs) {
    int64_t count = value_is_null(field_names) ? 0 : value_length(field_names);
    if (count < 0)
        return -1;
    if ((int64_t)nargs > count)
        return raise_int(&exception_TypeError,
                         "%s constructor takes at most %lld positional argument%s",
                         type_name(value_type(self)), (long long)count, count == 1 ? "" : "s");
    for (size_t i = 0; i < nargs; i++) {
        Value name = value_getitem(field_names, value_from_int((int64_t)i));
        if (value_is_null(name))
            return -1;
        int status = value_setattr(self, name, args[i]);
        ref_release(name);
        if (status < 0)
            return -1;
    }
    return 0;
}

static int set_keywords(Value self, Value field_names, const Value *values, size_t nargs,
                        Value kwnames) {
    for (int64_t k = 0; k < tuple_length(kwnames); k++) {
        Value name = tuple_item(kwnames, k);
        for (size_t i = 0; i < nargs; i++) {
            Value taken = value_getitem(field_names, value_from_int((int64_t)i));
            int same = value_is_null(taken) ? -1 : value_equals(taken, name);
            ref_release(taken);
            if (same < 0)
                return -1;
            if (same)
                return raise_int(&exception_TypeError, "%s got multiple values for argument %R",
                                 type_name(value_type(self)), name);
        }
        if (value_setattr(self, name, values[k]) < 0)
            return -1;
    }
    return 0;
}

static Value ast_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value names = fields_of(self);
    if (value_is_null(names) && error_occurred())
        return VALUE_NULL;
    int status = set_positional(self, names, args, nargs);
    if (status == 0 && !value_is_null(kwnames))
        status = set_keywords(self, names, args + nargs, nargs, kwnames);
    ref_release(names);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value ast_reduce(Value self) {
    Value dict = VALUE_NULL;
    if (value_lookup_attr(self, name___dict__, &dict) < 0)
        return VALUE_NULL;
    Value type = value_from_object(value_type(self)), empty = tuple_empty();
    Value result =
        value_is_null(dict) ? tuple_pack(2, type, empty) : tuple_pack(3, type, empty, dict);
    ref_release(empty);
    ref_release(dict);
    return result;
}

// Takes whatever arguments there are: subclasses with an __init__ of their own rely on it.
static Value ast_new(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs == 0 || !value_has_flag(args[0], TYPE_TYPE_SUBCLASS) ||
        !type_is_subtype((Type *)value_object(args[0]), (Type *)value_object(base_type)))
        return raise_type_error("AST.__new__(X): X is not a subtype of AST");
    return type_new_instance((Type *)value_object(args[0]));
}
static const NativeDef ast_new_def = DEF_STATIC("__new__", ast_new, NULL);

static const NativeDef ast_methods[] = {
    DEF_VECTOR("__init__", ast_init,
               "__init__($self, /, *args, **kwargs)\n--\n\nFields by position or keyword."),
    DEF_NONE("__reduce__", ast_reduce, NULL),
    DEF_END,
};

// ---- the Python classes --------------------------------------------------------------------

static Mutex make_mutex = MUTEX_INIT;
static bool made; // atomic; released after the rest is there
static Value types[ENTRIES], singletons[ENTRIES];

static const char *kind_name(TreeKind kind) {
    static const char *const plain[] = {"identifier", "string", "int",     "int",
                                        "constant",   "string", "constant"};
    if (kind >= TREE_KINDS)
        return plain[kind - TREE_KINDS];
    const TreeClass *first = &classes[first_of_kind[kind]];
    return first->group >= 0 ? classes[first->group].name : first->name;
}

static void describe_class(StrBuilder *b, const TreeClass *class) {
    static const char *const marks[] = {" ", "? ", "* ", "* "};
    str_builder_cstr(b, class->name);
    for (int i = 0; i < class->field_count; i++) {
        const TreeField *f = &class->fields[i];
        str_builder_cstr(b, i ? ", " : "(");
        str_builder_cstr(b, kind_name((TreeKind)f->kind));
        str_builder_cstr(b, marks[f->quantity]);
        str_builder_cstr(b, f->name);
    }
    if (class->field_count)
        str_builder_char(b, ')');
}

// The class's part of the abstract grammar.
static Value documentation(int index) {
    const TreeClass *class = &classes[index];
    StrBuilder b;
    str_builder_start(&b);
    if (!class->is_group) {
        describe_class(&b, class);
        return str_builder_finish(&b);
    }
    str_builder_cstr(&b, class->name);
    bool plain = true; // then all in one line
    for (int i = index + 1; i < class_count && classes[i].group == index; i++)
        plain &= classes[i].field_count == 0;
    for (int i = index + 1; i < class_count && classes[i].group == index; i++) {
        if (i == index + 1) {
            str_builder_cstr(&b, " = ");
        } else if (plain) {
            str_builder_cstr(&b, " | ");
        } else {
            str_builder_char(&b, '\n');
            str_builder_repeat(&b, ' ', (int64_t)strlen(class->name) + 1);
            str_builder_cstr(&b, "| ");
        }
        describe_class(&b, &classes[i]);
    }
    return str_builder_finish(&b);
}

static int put(Value namespace, const char *name, Value owned) {
    int status = value_is_null(owned) ? -1 : dict_set_cstr(namespace, name, owned);
    ref_release(owned);
    return status;
}

static Value names_tuple(const char *const *names, int count) {
    Value tuple = count ? tuple_allocate(count) : tuple_empty();
    for (int i = 0; !value_is_null(tuple) && i < count; i++)
        tuple_of(tuple)->items[i] = str_intern_cstr(names[i]);
    return tuple;
}

static Value make_type(const char *name, Value base, Value namespace) {
    Value text = str_intern_cstr(name);
    Value bases = value_is_null(base) ? tuple_empty() : tuple_pack(1, base);
    Value type = value_is_null(text) || value_is_null(bases)
                     ? VALUE_NULL
                     : type_create(&type_type, text, bases, namespace, VALUE_NULL);
    ref_release(bases);
    ref_release(text);
    return type;
}

static Value make_base(void) {
    Value namespace = dict_new();
    Value type = VALUE_NULL;
    if (!value_is_null(namespace) && put(namespace, "__module__", str_from_cstr("ast")) == 0 &&
        put(namespace, "__doc__", none_new()) == 0 &&
        put(namespace, "_fields", tuple_empty()) == 0 &&
        put(namespace, "__match_args__", tuple_empty()) == 0 &&
        put(namespace, "_attributes", tuple_empty()) == 0 &&
        put(namespace, "__new__", native_function_new(&ast_new_def, VALUE_NULL, VALUE_NULL)) == 0)
        type = make_type("AST", VALUE_NULL, namespace);
    ref_release(namespace);
    for (const NativeDef *def = ast_methods; !value_is_null(type) && def->name; def++) {
        Value method = descriptor_new_method((Type *)value_object(type), def);
        Value name = str_intern_cstr(def->name);
        int status = value_is_null(method) || value_is_null(name)
                         ? -1
                         : type_set_attribute((Type *)value_object(type), name, method);
        ref_release(name);
        ref_release(method);
        if (status < 0) {
            ref_release(type);
            type = VALUE_NULL;
        }
    }
    return type;
}

static int fill_namespace(Value namespace, int index) {
    static const char *const positions[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    const TreeClass *class = &classes[index];
    const char *names[16];
    for (int i = 0; i < class->field_count; i++)
        names[i] = class->fields[i].name;
    if (put(namespace, "__module__", str_from_cstr("ast")) < 0 ||
        put(namespace, "__doc__", documentation(index)) < 0 ||
        put(namespace, "_fields", names_tuple(names, class->field_count)) < 0 ||
        put(namespace, "__match_args__", names_tuple(names, class->field_count)) < 0)
        return -1;
    for (int i = 0; i < class->field_count; i++)
        if (class->fields[i].quantity == TREE_MAYBE &&
            put(namespace, class->fields[i].name, none_new()) < 0)
            return -1;
    if (class->group >= 0)
        return 0;
    if (put(namespace, "_attributes", names_tuple(positions, class->has_positions ? 4 : 0)) < 0)
        return -1;
    return class->has_positions && class->end_is_optional
               ? put(namespace, "end_lineno", none_new()) |
                     put(namespace, "end_col_offset", none_new())
               : 0;
}

static int make_types(void) {
    if (value_is_null(base_type) && value_is_null(base_type = make_base()))
        return -1;
    for (int i = 0; i < class_count; i++) {
        if (!value_is_null(types[i]))
            continue; // of an attempt before this one, which had no memory
        Value namespace = dict_new();
        if (value_is_null(namespace))
            return -1;
        if (fill_namespace(namespace, i) == 0)
            types[i] =
                make_type(classes[i].name,
                          classes[i].group < 0 ? base_type : types[classes[i].group], namespace);
        ref_release(namespace);
        if (value_is_null(types[i]))
            return -1;
    }
    for (int i = 0; i < class_count; i++)
        if (classes[i].kind >= TREE_STRUCTS && !classes[i].is_group &&
            value_is_null(singletons[i]) &&
            value_is_null(singletons[i] = type_new_instance((Type *)value_object(types[i]))))
            return -1;
    return 0;
}

int tree_types_make(void) {
    if (__atomic_load_n(&made, __ATOMIC_ACQUIRE))
        return 0;
    tree_classes(NULL);
    mutex_lock(&make_mutex);
    int status = made ? 0 : make_types();
    if (status == 0)
        __atomic_store_n(&made, true, __ATOMIC_RELEASE);
    mutex_unlock(&make_mutex);
    return status;
}

Value tree_base(void) {
    return base_type;
}
Value tree_type(const TreeClass *class) {
    return types[class - classes];
}
Value tree_singleton(const TreeClass *class) {
    return singletons[class - classes];
}

const TreeClass *tree_class_of_value(Value node) {
    const Type *type = value_type(node);
    Value mro = field_published(&type->mro);
    for (int64_t i = 0; i < tuple_length(mro); i++) {
        Value base = tuple_item(mro, i);
        for (int k = 0; k < class_count; k++)
            if (value_same(types[k], base))
                return classes[k].is_group ? NULL : &classes[k];
    }
    return NULL;
}

bool tree_is_node(Value v) {
    return __atomic_load_n(&made, __ATOMIC_ACQUIRE) &&
           value_is_instance(v, (Type *)value_object(base_type));
}
