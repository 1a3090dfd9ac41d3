// SPDX-License-Identifier: MIT
//
// Values a compilation makes: it owns them all until it ends (code objects hold references of their
// own), and keeps one object for equal constants of one type, as CPython does.
//
// Constants are equal when type and value are: 1, 1.0 and True differ, so do 0.0 and -0.0, and
// tuples with such items.
#include "vm/compile/compiler.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

Value compiler_own(Compiler *c, Value v) {
    if (UNLIKELY(value_is_null(v)))
        compile_fail(c);
    if (!value_is_object(v))
        return v;
    if (c->owned_count == c->owned_capacity) {
        uint32_t capacity = c->owned_capacity ? c->owned_capacity * 2 : 256;
        Value *grown = buffer_resize(c->owned, capacity * sizeof(Value));
        if (!grown) {
            ref_release(v);
            raise_memory_error();
            compile_fail(c);
        }
        c->owned = grown;
        c->owned_capacity = capacity;
    }
    c->owned[c->owned_count++] = v;
    return v;
}

Value compile_name(Compiler *c, const AstName *name) {
    if (name->index >= c->name_value_capacity) {
        uint32_t capacity = arena_name_count(c->arena) + 64;
        Value *grown = arena_allocate(c->arena, capacity * sizeof(Value));
        if (c->name_value_capacity)
            memcpy(grown, c->name_values, c->name_value_capacity * sizeof(Value));
        c->name_values = grown;
        c->name_value_capacity = capacity;
    }
    Value v = c->name_values[name->index];
    if (UNLIKELY(value_is_null(v))) {
        v = str_from_utf8(name->text, name->length);
        if (value_is_null(v))
            compile_fail(c);
        v = compiler_own(c, str_intern(v));
        c->name_values[name->index] = v;
    }
    return v;
}

// ---- equality ------------------------------------------------------------------------------

static uint64_t double_bits(double d) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return bits;
}

static uint64_t mix(uint64_t h) {
    h *= 0x9e3779b97f4a7c15ULL;
    return h ^ h >> 29;
}

static uint64_t constant_hash(Value v) {
    if (!value_is_object(v))
        return mix(v.bits);
    const Type *type = value_type(v);
    if (type == &str_type)
        return mix((uint64_t)str_hash(v));
    if (type == &tuple_type) {
        uint64_t h = 77;
        for (int64_t i = 0; i < tuple_length(v); i++)
            h = mix(h ^ constant_hash(tuple_item(v, i)));
        return h;
    }
    if (type == &bytes_type) {
        uint64_t h = 5381;
        for (int64_t i = 0; i < bytes_length(v); i++)
            h = h * 33 + bytes_data(v)[i];
        return mix(h);
    }
    if (type == &int_type)
        return mix((uint64_t)int_hash(v));
    if (type == &float_type)
        return mix(double_bits(float_value(v)));
    if (type == &complex_type) {
        const ComplexObject *z = (const ComplexObject *)value_object(v);
        return mix(double_bits(z->real) + mix(double_bits(z->imaginary)));
    }
    return mix(v.bits >> 4); // by identity
}

static bool constant_equal(Value a, Value b) {
    if (value_same(a, b))
        return true;
    if (!value_is_object(a) || !value_is_object(b))
        return false;
    const Type *type = value_type(a);
    if (type != value_type(b))
        return false;
    if (type == &str_type)
        return str_equal(a, b);
    if (type == &tuple_type) {
        if (tuple_length(a) != tuple_length(b))
            return false;
        for (int64_t i = 0; i < tuple_length(a); i++)
            if (!constant_equal(tuple_item(a, i), tuple_item(b, i)))
                return false;
        return true;
    }
    if (type == &bytes_type)
        return bytes_length(a) == bytes_length(b) &&
               !memcmp(bytes_data(a), bytes_data(b), (size_t)bytes_length(a));
    if (type == &int_type)
        return int_compare(a, b) == 0;
    if (type == &float_type)
        return double_bits(float_value(a)) == double_bits(float_value(b));
    if (type == &complex_type) {
        const ComplexObject *x = (const ComplexObject *)value_object(a);
        const ComplexObject *y = (const ComplexObject *)value_object(b);
        return double_bits(x->real) == double_bits(y->real) &&
               double_bits(x->imaginary) == double_bits(y->imaginary);
    }
    return false;
}

// ---- one object for equal constants --------------------------------------------------------

static void shared_grow(Compiler *c) {
    uint32_t size = c->shared_size ? c->shared_size * 2 : 256;
    Value *table = arena_allocate(c->arena, size * sizeof(Value));
    for (uint32_t i = 0; i < c->shared_size; i++) {
        Value v = c->shared_constants[i];
        if (value_is_null(v))
            continue;
        uint32_t j = (uint32_t)constant_hash(v) & (size - 1);
        while (!value_is_null(table[j]))
            j = (j + 1) & (size - 1);
        table[j] = v;
    }
    c->shared_constants = table;
    c->shared_size = size;
}

Value constant_share(Compiler *c, Value v) {
    if (value_is_null(v))
        compile_fail(c);
    if (!value_is_object(v))
        return v;
    if (c->shared_count * 2 >= c->shared_size)
        shared_grow(c);
    uint32_t mask = c->shared_size - 1, i = (uint32_t)constant_hash(v) & mask;
    for (; !value_is_null(c->shared_constants[i]); i = (i + 1) & mask) {
        if (constant_equal(c->shared_constants[i], v)) {
            ref_release(v);
            return c->shared_constants[i];
        }
    }
    compiler_own(c, v);
    // Where constants are immortal these are, in code that is likely to stay: nobody else can have
    // seen this one yet.
    if (c->permanent && ref_is_exclusive(value_object(v)))
        ref_immortalize(value_object(v));
    c->shared_constants[i] = v;
    c->shared_count++;
    return v;
}

static bool looks_like_name(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char ch = text[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
              ch == '_'))
            return false;
    }
    return true;
}

Value constant_value(Compiler *c, const AstConstant *k) {
    switch (k->kind) {
    case AST_CONSTANT_NONE:
        return VALUE_NONE;
    case AST_CONSTANT_TRUE:
        return VALUE_TRUE;
    case AST_CONSTANT_FALSE:
        return VALUE_FALSE;
    case AST_CONSTANT_ELLIPSIS:
        return VALUE_ELLIPSIS;
    case AST_CONSTANT_INT:
        return constant_share(c, int_from_i64(k->integer));
    case AST_CONSTANT_BIG_INT: {
        Value v = int_from_digits(k->big.digits, k->big.length, k->base);
        return constant_share(c, v);
    }
    case AST_CONSTANT_FLOAT:
        return constant_share(c, float_new(k->real));
    case AST_CONSTANT_IMAGINARY:
        return constant_share(c, complex_new(0, k->real));
    case AST_CONSTANT_STR: {
        Value v = str_from_utf8(k->text.data, k->text.length);
        if (value_is_null(v))
            compile_fail(c);
        if (looks_like_name(k->text.data, k->text.length))
            v = str_intern(v);
        return constant_share(c, v);
    }
    case AST_CONSTANT_BYTES:
        return constant_share(c, bytes_new(k->text.data, k->text.length));
    }
    return (Value){(uint64_t)k->integer}; // AST_CONSTANT_FOLDED
}

Value constant_str(Compiler *c, const char *utf8) {
    AstConstant k = {.kind = AST_CONSTANT_STR, .text = {utf8, strlen(utf8)}};
    return constant_value(c, &k);
}

// ---- the constants of one unit -------------------------------------------------------------

static void unit_table_grow(Compiler *c, Unit *u) {
    uint32_t size = u->constant_table_size ? u->constant_table_size * 2 : 16;
    uint64_t *keys = arena_allocate(c->arena, size * sizeof *keys);
    uint32_t *values = arena_allocate(c->arena, size * sizeof *values);
    for (uint32_t i = 0; i < u->constant_count; i++) {
        uint64_t bits = u->constants[i].bits;
        uint32_t j = (uint32_t)mix(bits) & (size - 1);
        while (keys[j])
            j = (j + 1) & (size - 1);
        keys[j] = bits;
        values[j] = i;
    }
    u->constant_keys = keys;
    u->constant_values = values;
    u->constant_table_size = size;
}

uint32_t unit_constant(Compiler *c, Value v) {
    Unit *u = c->unit;
    if (u->constant_count * 2 >= u->constant_table_size)
        unit_table_grow(c, u);
    uint32_t mask = u->constant_table_size - 1, i = (uint32_t)mix(v.bits) & mask;
    for (; u->constant_keys[i]; i = (i + 1) & mask)
        if (u->constant_keys[i] == v.bits)
            return u->constant_values[i];
    ARRAY_RESERVE(c, u->constants, u->constant_count, u->constant_capacity);
    u->constants[u->constant_count] = v;
    u->constant_keys[i] = v.bits;
    u->constant_values[i] = u->constant_count;
    return u->constant_count++;
}
