// SPDX-License-Identifier: MIT
//
// _csv: dialects, their registry, and the module. The reader is in csv_reader.c, the writer in
// csv_writer.c.
#include "vm/modules/csv_internal.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

Value csv_error;
int64_t csv_field_limit = 128 * 1024;
static Value dialects; // Dict: name -> Dialect

// ---- dialects --------------------------------------------------------------------------------

enum {
    D_DIALECT,
    D_DELIMITER,
    D_DOUBLEQUOTE,
    D_ESCAPECHAR,
    D_LINETERMINATOR,
    D_QUOTECHAR,
    D_QUOTING,
    D_SKIPINITIALSPACE,
    D_STRICT,
    D_COUNT
};
static const char *const dialect_names[] = {
    "dialect",   "delimiter", "doublequote",      "escapechar", "lineterminator",
    "quotechar", "quoting",   "skipinitialspace", "strict",     NULL,
};

static Value registered(Value name) {
    Value dialect = dict_get(dialects, name);
    if (value_is_null(dialect) && !error_occurred())
        raise_error((Type *)value_object(csv_error), "unknown dialect");
    return dialect;
}

static int set_character(const char *name, Value v, bool or_none, uint32_t *out) {
    if (value_is_null(v))
        return 0;
    if (or_none && value_is_none(v)) {
        *out = CSV_NO_CHARACTER;
        return 0;
    }
    if (!value_is_str(v))
        return raise_int(&exception_TypeError, "\"%s\" must be string%s, not %T", name,
                         or_none ? " or None" : "", v);
    if (str_length(v) != 1)
        return raise_int(&exception_TypeError, "\"%s\" must be a 1-character string", name);
    *out = str_at(v, 0);
    return 0;
}

static int set_flag(Value v, bool *out) {
    int truth = value_is_null(v) ? *out : value_truth(v);
    if (truth < 0)
        return -1;
    *out = truth;
    return 0;
}

static int fill_dialect(Dialect *d, const Value *v) {
    d->delimiter = ',';
    d->double_quote = true;
    d->escape = CSV_NO_CHARACTER;
    d->quote = '"';
    if (set_character("delimiter", v[D_DELIMITER], false, &d->delimiter) < 0 ||
        set_flag(v[D_DOUBLEQUOTE], &d->double_quote) < 0 ||
        set_character("escapechar", v[D_ESCAPECHAR], true, &d->escape) < 0)
        return -1;
    Value end = v[D_LINETERMINATOR];
    if (value_is_null(end)) {
        d->line_end = str_from_cstr("\r\n");
        if (value_is_null(d->line_end))
            return -1;
    } else if (value_is_str(end)) {
        d->line_end = ref_new(end);
    } else if (!value_is_none(end)) {
        return raise_int(&exception_TypeError, "\"lineterminator\" must be a string");
    }
    if (set_character("quotechar", v[D_QUOTECHAR], true, &d->quote) < 0)
        return -1;
    int64_t quoting = QUOTE_MINIMAL;
    if (!value_is_null(v[D_QUOTING])) {
        if (!value_is_exactly(v[D_QUOTING], &int_type) && !value_is_int(v[D_QUOTING]))
            return raise_int(&exception_TypeError, "\"quoting\" must be an integer");
        if (value_to_i64(v[D_QUOTING], &quoting) < 0)
            return -1;
    }
    if (set_flag(v[D_SKIPINITIALSPACE], &d->skip_space) < 0 ||
        set_flag(v[D_STRICT], &d->strict) < 0)
        return -1;
    if (quoting < QUOTE_MINIMAL || quoting > QUOTE_NONE)
        return raise_int(&exception_TypeError, "bad \"quoting\" value");
    if (!value_is_null(v[D_QUOTECHAR]) && value_is_none(v[D_QUOTECHAR]) &&
        value_is_null(v[D_QUOTING]))
        quoting = QUOTE_NONE;
    if (quoting != QUOTE_NONE && d->quote == CSV_NO_CHARACTER)
        return raise_int(&exception_TypeError, "quotechar must be set if quoting enabled");
    if (value_is_null(d->line_end))
        return raise_int(&exception_TypeError, "lineterminator must be set");
    d->quoting = (uint8_t)quoting;
    return 0;
}

static Value dialect_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value v[D_COUNT];
    if (arguments_parse(NULL, args, nargs, kwnames, dialect_names, 0, D_COUNT, 0, v) < 0)
        return VALUE_NULL;
    Value base = v[D_DIALECT], owned = VALUE_NULL, fetched[D_COUNT] = {0};
    if (!value_is_null(base) && value_is_str(base)) {
        base = owned = registered(base);
        if (value_is_null(base))
            return VALUE_NULL;
    }
    Value result = VALUE_NULL;
    bool plain = !value_is_null(base) && value_is_exactly(base, &csv_dialect_type);
    for (int i = 1; i < D_COUNT; i++)
        plain = plain && value_is_null(v[i]);
    if (plain && type == &csv_dialect_type) {
        result = ref_new(base);
    } else {
        bool failed = false;
        for (int i = 1; i < D_COUNT && !value_is_null(base) && !failed; i++)
            if (value_is_null(v[i])) {
                failed = value_lookup_attr_cstr(base, dialect_names[i], &fetched[i]) < 0;
                v[i] = fetched[i];
            }
        Dialect *d = failed ? NULL : object_allocate(type);
        if (d) {
            d->line_end = VALUE_NULL;
            d->skip_space = d->strict = false;
            result = value_from_object(d);
            if (fill_dialect(d, v) < 0) {
                ref_release(result);
                result = VALUE_NULL;
            }
        }
    }
    for (int i = 1; i < D_COUNT; i++)
        ref_release(fetched[i]);
    ref_release(owned);
    return result;
}

Value csv_dialect_make(Value dialect, const Value *keyword_args, Value kwnames) {
    size_t named = value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames);
    size_t positional = !value_is_null(dialect);
    Value args[16];
    if (named > 14)
        return raise_type_error("too many keyword arguments for a dialect");
    args[0] = dialect;
    for (size_t i = 0; i < named; i++)
        args[positional + i] = keyword_args[i];
    return dialect_new(&csv_dialect_type, args, positional, kwnames);
}

static void dialect_destroy(Object *self) {
    ref_release(((Dialect *)self)->line_end);
    type_free_instance(self);
}

static void dialect_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Dialect *)self)->line_end);
}

static Value character(uint32_t c) {
    return c == CSV_NO_CHARACTER ? none_new() : str_from_code_point(c);
}
static Value dialect_delimiter(Value self) {
    return character(csv_dialect_of(self)->delimiter);
}
static Value dialect_quote(Value self) {
    return character(csv_dialect_of(self)->quote);
}
static Value dialect_escape(Value self) {
    return character(csv_dialect_of(self)->escape);
}
static Value dialect_line_end(Value self) {
    return ref_new(csv_dialect_of(self)->line_end);
}
static Value dialect_quoting(Value self) {
    return value_from_int(csv_dialect_of(self)->quoting);
}
static Value dialect_double(Value self) {
    return bool_new(csv_dialect_of(self)->double_quote);
}
static Value dialect_skip(Value self) {
    return bool_new(csv_dialect_of(self)->skip_space);
}
static Value dialect_strict(Value self) {
    return bool_new(csv_dialect_of(self)->strict);
}

static Value dialect_reduce(Value self, const Value *args, size_t nargs) {
    return raise_type_error("cannot pickle '%T' object", self);
}

static const NativeDef dialect_methods[] = {
    DEF_FIXED("__reduce__", dialect_reduce, 0, -1, "raises an exception to avoid pickling"),
    DEF_FIXED("__reduce_ex__", dialect_reduce, 0, -1, "raises an exception to avoid pickling"),
    DEF_END,
};

static const GetSetDef dialect_getsets[] = {
    {"delimiter", dialect_delimiter, NULL, NULL},
    {"quotechar", dialect_quote, NULL, NULL},
    {"escapechar", dialect_escape, NULL, NULL},
    {"lineterminator", dialect_line_end, NULL, NULL},
    {"quoting", dialect_quoting, NULL, NULL},
    {"doublequote", dialect_double, NULL, NULL},
    {"skipinitialspace", dialect_skip, NULL, NULL},
    {"strict", dialect_strict, NULL, NULL},
    {NULL},
};

Type csv_dialect_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_csv.Dialect",
    .basic_size = sizeof(Dialect),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE,
    .doc = "CSV dialect\n\nHow fields are told apart, quoted and escaped.",
    .call_new = dialect_new,
    .destroy = dialect_destroy,
    .traverse = dialect_traverse,
    .methods = dialect_methods,
    .getsets = dialect_getsets,
};

// ---- functions -------------------------------------------------------------------------------

static Value register_dialect(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 1 || nargs > 2)
        return raise_type_error(" expected at %s, got %zu",
                                nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    if (!value_is_str(args[0]))
        return raise_type_error("dialect name must be a string");
    Value dialect = csv_dialect_make(nargs > 1 ? args[1] : VALUE_NULL, args + nargs, kwnames);
    if (value_is_null(dialect))
        return VALUE_NULL;
    int status = dict_set(dialects, args[0], dialect);
    ref_release(dialect);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value unregister_dialect(Value self, Value name) {
    int deleted = dict_delete_if_present(dialects, name);
    if (deleted == 0)
        raise_error((Type *)value_object(csv_error), "unknown dialect");
    return deleted > 0 ? none_new() : VALUE_NULL;
}

static Value get_dialect(Value self, Value name) {
    return registered(name);
}

static Value list_dialects(Value self) {
    return dict_keys_list(dialects);
}

static Value field_size_limit(Value self, const Value *args, size_t nargs) {
    int64_t limit;
    if (nargs == 0)
        return int_from_i64(__atomic_load_n(&csv_field_limit, __ATOMIC_RELAXED));
    if (!value_is_int(args[0]) && !value_is_exactly(args[0], &int_type))
        return raise_type_error("limit must be an integer");
    if (!int_to_i64(args[0], &limit))
        return raise_error(&exception_OverflowError, "Python int too large to convert to C long");
    return int_from_i64(__atomic_exchange_n(&csv_field_limit, limit, __ATOMIC_RELAXED));
}

static const NativeDef csv_functions[] = {
    DEF_VECTOR("reader", csv_reader_function,
               "reader(iterable [, dialect='excel'] [optional keyword args])\n\n"
               "An iterator over the rows, lists of str, in the lines that iterable gives."),
    DEF_VECTOR("writer", csv_writer_function,
               "writer(fileobj [, dialect='excel'] [optional keyword args])\n\n"
               "An object that writes rows to fileobj."),
    DEF_ONE("get_dialect", get_dialect, "The dialect registered under a name."),
    DEF_NONE("list_dialects", list_dialects, "The names of all registered dialects."),
    DEF_VECTOR("register_dialect", register_dialect, "Registers a dialect under a name."),
    DEF_ONE("unregister_dialect", unregister_dialect, "Forgets a name of a dialect."),
    DEF_FIXED("field_size_limit", field_size_limit, 0, 1,
              "The most characters that a field may have; sets it if one is given."),
    DEF_END,
};

static int csv_fill(Value module) {
    if (value_is_null(dialects) && value_is_null(dialects = dict_new()))
        return -1;
    if (module_add_str(module, "__version__", "1.0") < 0 ||
        module_add(module, "_dialects", ref_new(dialects)) < 0 ||
        module_add_int(module, "QUOTE_MINIMAL", QUOTE_MINIMAL) < 0 ||
        module_add_int(module, "QUOTE_ALL", QUOTE_ALL) < 0 ||
        module_add_int(module, "QUOTE_NONNUMERIC", QUOTE_NONNUMERIC) < 0 ||
        module_add_int(module, "QUOTE_NONE", QUOTE_NONE) < 0 ||
        module_add_type(module, &csv_dialect_type) < 0)
        return -1;
    type_ready(&csv_reader_type);
    type_ready(&csv_writer_type);
    if (module_add(module, "Reader", ref_new(value_from_object(&csv_reader_type))) < 0 ||
        module_add(module, "Writer", ref_new(value_from_object(&csv_writer_type))) < 0)
        return -1;
    return exception_class_add(module, &csv_error, "_csv", "Error",
                               value_from_object(&exception_Exception), NULL);
}

const NativeModule module_csv = {"_csv", "CSV parsing and writing.\n", csv_functions, csv_fill};
