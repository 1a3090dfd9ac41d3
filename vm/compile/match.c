// SPDX-License-Identifier: MIT
//
// Code for match. What a pattern needs to know of its subject, MATCH_LENGTH and native functions
// that the code holds as constants tell; the tests themselves are ordinary compare-and-jump
// instructions.
//
// The subject and every part of it that a sub-pattern looks at lie in hidden locals. Names are
// bound only when the whole pattern has matched, before the guard: until then the values wait in
// those locals. A case clears the hidden locals it used on the way out, whether it matched or not.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"
#include "vm/types/dict.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- the native functions ------------------------------------------------------------------

enum { NAMES_COMPARED = 8 }; // more of them are put into a set

// Are all keys exact strs, and none equal to another?
static bool are_different_names(Value keys) {
    int64_t count = tuple_length(keys);
    for (int64_t i = 0; i < count; i++) {
        if (i == NAMES_COMPARED || !value_is_exact_str(tuple_item(keys, i)))
            return false;
        for (int64_t j = 0; j < i; j++)
            if (str_equal(tuple_item(keys, i), tuple_item(keys, j)))
                return false;
    }
    return true;
}

// native_keys of an exact dict and different names.
static Value keys_of_dict(Value dict, Value keys) {
    int64_t count = tuple_length(keys);
    Value values = tuple_allocate(count);
    for (int64_t i = 0; i < count && !value_is_null(values); i++) {
        Value v = dict_get(dict, tuple_item(keys, i));
        if (value_is_null(v)) {
            ref_release(values);
            return error_occurred() ? VALUE_NULL : none_new();
        }
        tuple_of(values)->items[i] = v;
    }
    return values;
}

// (subject, keys): the values of the keys as a tuple, or None if one is missing.
static Value native_keys(Value self, const Value *args, size_t nargs) {
    Value subject = args[0], keys = args[1], get, values = VALUE_NULL, seen = VALUE_NULL;
    int64_t count = tuple_length(keys);
    if (value_is_exactly(subject, &dict_type) && count > 0 && are_different_names(keys))
        return keys_of_dict(subject, keys);
    Value missing = value_call_none(value_from_object(&object_type));
    if (value_is_null(missing))
        return VALUE_NULL;
    get = value_getattr_cstr(subject, "get");
    if (!value_is_null(get))
        seen = set_new();
    if (!value_is_null(seen))
        values = tuple_allocate(count);
    for (int64_t i = 0; i < count && !value_is_null(values); i++) {
        Value key = tuple_item(keys, i);
        int repeated = set_contains(seen, key);
        Value v = VALUE_NULL;
        if (repeated > 0) {
            raise_value_error("mapping pattern checks duplicate key (%R)", key);
        } else if (repeated == 0 && set_add(seen, key) == 0) {
            Value pair[2] = {key, missing};
            v = value_call(get, pair, 2, VALUE_NULL);
        }
        bool absent = value_same(v, missing);
        if (value_is_null(v) || absent) {
            ref_release(v);
            ref_release(values);
            values = absent ? none_new() : VALUE_NULL;
            break;
        }
        tuple_of(values)->items[i] = v;
    }
    ref_release(get);
    ref_release(seen);
    ref_release(missing);
    return values;
}

// (subject, keys): a dict of what the mapping has besides the keys.
static Value native_rest(Value self, const Value *args, size_t nargs) {
    Value dict = dict_new();
    if (value_is_null(dict))
        return dict;
    int status = dict_update(dict, args[0]);
    for (int64_t i = 0; i < tuple_length(args[1]) && status == 0; i++)
        status = dict_delete(dict, tuple_item(args[1], i));
    if (status < 0) {
        ref_release(dict);
        return VALUE_NULL;
    }
    return dict;
}

// An attribute for a class pattern: 1 with *out, 0 absent, -1. `seen` holds the names so far, if
// there is more than one in all.
static int pattern_attribute(Value subject, Type *type, Value name, Value seen, Value *out) {
    if (value_is_null(seen))
        return value_lookup_attr(subject, name, out);
    int repeated = set_contains(seen, name);
    if (repeated > 0)
        return raise_int(&exception_TypeError, "%s() got multiple sub-patterns for attribute %R",
                         type_name(type), name);
    if (repeated < 0 || set_add(seen, name) < 0)
        return -1;
    return value_lookup_attr(subject, name, out);
}

// How many positional sub-patterns the class takes; *names is its __match_args__, or VALUE_NULL for
// the subject itself.
static int positional_patterns(Value class, int64_t given, Value *names) {
    Type *type = (Type *)value_object(class);
    *names = VALUE_NULL;
    int64_t allowed = 0;
    Value match_args;
    int found = value_lookup_attr(class, name___match_args__, &match_args);
    if (found < 0)
        return -1;
    if (found) {
        if (!value_is_exactly(match_args, &tuple_type)) {
            raise_type_error("%s.__match_args__ must be a tuple (got %T)", type_name(type),
                             match_args);
            ref_release(match_args);
            return -1;
        }
        *names = match_args;
        allowed = tuple_length(match_args);
    } else if (__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_PATMA_SELF) {
        allowed = 1;
    }
    if (given <= allowed)
        return 0;
    raise_type_error("%s() accepts %lld positional sub-pattern%s (%lld given)", type_name(type),
                     (long long)allowed, allowed == 1 ? "" : "s", (long long)given);
    ref_release(*names);
    *names = VALUE_NULL;
    return -1;
}

// (subject, class, number of positional sub-patterns, names of the others): the attributes as a
// tuple, or None.
static Value native_class(Value self, const Value *args, size_t nargs) {
    Value subject = args[0], class = args[1], keywords = args[3];
    int64_t positional = value_int(args[2]);
    if (!value_has_flag(class, TYPE_TYPE_SUBCLASS))
        return raise_type_error("called match pattern must be a class");
    Type *type = (Type *)value_object(class);
    int is = value_is_instance_of(subject, class);
    if (is <= 0)
        return is < 0 ? VALUE_NULL : none_new();
    int64_t total = positional + tuple_length(keywords);
    Value seen = VALUE_NULL, names = VALUE_NULL, result = VALUE_NULL;
    if (total < 2 || !value_is_null(seen = set_new()))
        result = total ? tuple_allocate(total) : tuple_empty();
    int status = value_is_null(result) ? -1 : 1;
    if (status > 0 && positional)
        status = positional_patterns(class, positional, &names) < 0 ? -1 : 1;
    for (int64_t i = 0; i < total && status > 0; i++) {
        Value name = VALUE_NULL, v = VALUE_NULL;
        if (i >= positional) {
            name = tuple_item(keywords, i - positional);
        } else if (value_is_null(names)) {
            v = ref_new(subject); // int(x) and the like
        } else {
            name = tuple_item(names, i);
            if (!value_is_exact_str(name)) {
                status = raise_int(&exception_TypeError,
                                   "__match_args__ elements must be strings (got %T)", name);
                break;
            }
        }
        if (!value_is_null(name))
            status = pattern_attribute(subject, type, name, seen, &v);
        if (status > 0)
            tuple_of(result)->items[i] = v;
    }
    ref_release(seen);
    ref_release(names);
    if (status > 0)
        return result;
    ref_release(result);
    return status < 0 ? VALUE_NULL : none_new();
}

static const NativeDef def_keys = DEF_FIXED("match_keys", native_keys, 2, 2, NULL);
static const NativeDef def_rest = DEF_FIXED("match_rest", native_rest, 2, 2, NULL);
static const NativeDef def_class = DEF_FIXED("match_class", native_class, 4, 4, NULL);
const NativeDef *const compile_match_natives[] = {&def_keys, &def_rest, &def_class, NULL};

// ---- patterns ------------------------------------------------------------------------------

typedef struct Capture {
    const AstName *name;
    Reg r;
    struct Capture *next; // in order
} Capture;

typedef struct {
    Label fail;
    Capture *first, *last;
    bool allow_irrefutable;
} Context;

static Position pattern_position(const AstPattern *p) {
    return (Position){p->line, p->end_line, p->column, p->end_column};
}

static void compile_pattern(Compiler *c, AstPattern *p, Reg subject, Context *context);

static bool is_wildcard(const AstPattern *p) {
    return p->kind == AST_MATCH_AS && !p->match_as.name;
}
static bool is_star_wildcard(const AstPattern *p) {
    return p->kind == AST_MATCH_STAR && !p->match_star.name;
}

static void capture(Compiler *c, const AstName *name, Reg r, Context *context) {
    forbid_debug(c, name, false, c->unit->position);
    for (Capture *k = context->first; k; k = k->next)
        if (k->name == name)
            compile_error(c, c->unit->position, "multiple assignments to name '%s' in pattern",
                          name->text);
    Capture *k = NEW(c, Capture);
    k->name = name;
    k->r = r;
    if (context->last)
        context->last->next = k;
    else
        context->first = k;
    context->last = k;
}

// Hidden locals are given back all at once, at the end of a case (or alternative): this emits their
// clearing without giving them back.
static void clear_hidden(Compiler *c, uint32_t from) {
    Unit *u = c->unit;
    for (uint32_t i = from; i < u->hidden; i++)
        emit(c, OP_CLEAR, u->locals + i, 0, 0);
}

// Sub-patterns against the items of a tuple or other sequence in `values`, which are as many.
static void compile_parts(Compiler *c, Reg values, AstPattern *const *patterns, uint32_t count,
                          int64_t star, Context *context) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    Reg *parts = arena_allocate(c->arena, (count + 1) * sizeof *parts);
    temp_reserve(c, mark + count);
    if (star < 0)
        emit(c, OP_UNPACK_SEQUENCE, values, temp_at(mark), count);
    else
        emit(c, OP_UNPACK_EX, values, temp_at(mark),
             (uint32_t)star | (count - 1 - (uint32_t)star) << 8);
    for (uint32_t i = 0; i < count; i++) {
        if (is_wildcard(patterns[i])) {
            emit(c, OP_CLEAR, temp_at(mark + i), 0, 0);
        } else {
            parts[i] = hidden_push(c);
            emit(c, OP_MOVE, parts[i], temp_at(mark + i), 0);
        }
    }
    u->top = mark;
    for (uint32_t i = 0; i < count; i++) {
        if (is_wildcard(patterns[i]))
            continue;
        compile_pattern(c, patterns[i], parts[i], context);
    }
}

static void compile_sequence_pattern(Compiler *c, AstPattern *p, Reg subject, Context *context) {
    Unit *u = c->unit;
    const AstPatternSeq *patterns = &p->match_sequence.patterns;
    uint32_t count = patterns->count;
    int64_t star = -1;
    bool only_wildcards = true, star_wildcard = false;
    for (uint32_t i = 0; i < count; i++) {
        const AstPattern *part = patterns->items[i];
        if (part->kind == AST_MATCH_STAR) {
            if (star >= 0)
                compile_error(c, u->position, "multiple starred expressions in sequence pattern");
            star = i;
            star_wildcard = is_star_wildcard(part);
            only_wildcards &= star_wildcard;
            continue;
        }
        only_wildcards &= is_wildcard(part);
    }
    if (star > 255 || (star >= 0 && count - 1 - (uint32_t)star > 255) || count > 30000)
        compile_error(c, u->position, "too many expressions in star-unpacking sequence pattern");
    uint32_t mark = u->top;
    Reg length = temp_push(c);
    emit(c, OP_MATCH_LENGTH, length, subject,
         star >= 0 && count == 1 ? MATCH_SEQUENCE | MATCH_ANY_LENGTH : MATCH_SEQUENCE);
    if (star < 0)
        emit_branch(c, OP_IF_NOT_EQ_INT, length, count, context->fail);
    else
        emit_branch(c, OP_IF_LT_INT, length, count - 1, context->fail);
    u->top = mark;
    if (only_wildcards)
        return;
    if (!star_wildcard) {
        compile_parts(c, subject, patterns->items, count, star, context);
        return;
    }
    // [a, b, *_, c]: only the items that are looked at are fetched.
    for (uint32_t i = 0; i < count; i++) {
        AstPattern *part = patterns->items[i];
        if (is_wildcard(part) || i == star)
            continue;
        Reg item = hidden_push(c);
        if (i < star) {
            emit(c, OP_LOAD_ITEM_INT, item, subject, i);
        } else {
            Reg index = temp_push(c);
            emit(c, OP_MATCH_LENGTH, index, subject, MATCH_SEQUENCE);
            emit(c, OP_SUBTRACT_INT, index, index, count - i);
            emit(c, OP_LOAD_ITEM, item, subject, index);
            u->top = mark;
        }
        compile_pattern(c, part, item, context);
    }
}

// A call of a native function of several arguments: begins the window; arguments go to base +
// FRAME_WORDS + i.
static uint32_t native_window(Compiler *c, const NativeDef *def, uint32_t count) {
    Unit *u = c->unit;
    uint32_t base = u->top;
    Value function = compiler_own(c, native_function_new(def, VALUE_NULL, VALUE_NULL));
    temp_reserve(c, base + FRAME_WORDS + count);
    if (u->reachable)
        emit_constant(c, temp_at(base + FRAME_FUNCTION), function);
    return base;
}

static void compile_mapping_pattern(Compiler *c, AstPattern *p, Reg subject, Context *context) {
    Unit *u = c->unit;
    const AstExprSeq *keys = &p->match_mapping.keys;
    const AstPatternSeq *patterns = &p->match_mapping.patterns;
    uint32_t mark = u->top;
    Reg length = temp_push(c);
    emit(c, OP_MATCH_LENGTH, length, subject,
         keys->count ? MATCH_MAPPING : MATCH_MAPPING | MATCH_ANY_LENGTH);
    emit_branch(c, OP_IF_LT_INT, length, keys->count, context->fail);
    u->top = mark;
    if (!keys->count && !p->match_mapping.rest)
        return;
    if (keys->count > 1000)
        compile_error(c, u->position, "too many sub-patterns in mapping pattern");
    for (uint32_t i = 0; i < keys->count; i++) {
        const AstExpr *key = keys->items[i];
        if (key->kind == AST_ATTRIBUTE)
            continue;
        if (key->kind != AST_CONSTANT)
            compile_error(c, u->position,
                          "mapping pattern keys may only match literals and attribute lookups");
        for (uint32_t j = 0; j < i; j++)
            if (keys->items[j]->kind == AST_CONSTANT) {
                Value v = constant_value(c, &key->constant);
                int equal = value_equals(v, constant_value(c, &keys->items[j]->constant));
                if (equal > 0)
                    compile_error(c, u->position, "mapping pattern checks duplicate key (%R)", v);
            }
    }
    Reg key_tuple = hidden_push(c);
    compile_sequence(c, OP_BUILD_TUPLE, keys, key_tuple, 0);
    Reg values = hidden_push(c);
    uint32_t base = native_window(c, &def_keys, 2);
    emit(c, OP_MOVE, temp_at(base + FRAME_WORDS), subject, 0);
    emit(c, OP_MOVE, temp_at(base + FRAME_WORDS + 1), key_tuple, 0);
    emit(c, OP_CALL, temp_at(base), 2, values);
    u->top = mark;
    emit_branch(c, OP_JUMP_IF_NONE, values, 0, context->fail);
    compile_parts(c, values, patterns->items, patterns->count, -1, context);
    if (p->match_mapping.rest) {
        Reg rest = hidden_push(c);
        base = native_window(c, &def_rest, 2);
        emit(c, OP_MOVE, temp_at(base + FRAME_WORDS), subject, 0);
        emit(c, OP_MOVE, temp_at(base + FRAME_WORDS + 1), key_tuple, 0);
        emit(c, OP_CALL, temp_at(base), 2, rest);
        u->top = mark;
        capture(c, p->match_mapping.rest, rest, context);
    }
}

static void compile_class_pattern(Compiler *c, AstPattern *p, Reg subject, Context *context) {
    Unit *u = c->unit;
    const AstPatternSeq *positional = &p->match_class.patterns;
    const AstNameSeq *names = &p->match_class.kwd_attrs;
    uint32_t mark = u->top, total = positional->count + names->count;
    if (total > 1000)
        compile_error(c, u->position, "too many sub-patterns in class pattern");
    for (uint32_t i = 0; i < names->count; i++) {
        forbid_debug(c, names->items[i], false, u->position);
        for (uint32_t j = i + 1; j < names->count; j++)
            if (names->items[j] == names->items[i])
                compile_error(c, pattern_position(p->match_class.kwd_patterns.items[j]),
                              "attribute name repeated in class pattern: %s",
                              names->items[j]->text);
    }
    Value keywords = names->count ? tuple_allocate(names->count) : tuple_empty();
    compiler_check(c, keywords);
    for (uint32_t i = 0; i < names->count; i++)
        tuple_of(keywords)->items[i] = ref_new(compile_name(c, names->items[i]));
    keywords = constant_share(c, keywords);
    Reg values = hidden_push(c);
    uint32_t base = native_window(c, &def_class, 4);
    emit(c, OP_MOVE, temp_at(base + FRAME_WORDS), subject, 0);
    compile_into(c, p->match_class.cls, temp_at(base + FRAME_WORDS + 1));
    emit_constant(c, temp_at(base + FRAME_WORDS + 2), value_from_int(positional->count));
    emit_constant(c, temp_at(base + FRAME_WORDS + 3), keywords);
    emit(c, OP_CALL, temp_at(base), 4, values);
    u->top = mark;
    emit_branch(c, OP_JUMP_IF_NONE, values, 0, context->fail);
    if (!total)
        return;
    AstPattern **patterns = arena_allocate(c->arena, total * sizeof *patterns);
    for (uint32_t i = 0; i < total; i++)
        patterns[i] = i < positional->count
                          ? positional->items[i]
                          : p->match_class.kwd_patterns.items[i - positional->count];
    compile_parts(c, values, patterns, total, -1, context);
}

// How many names a pattern binds.
static uint32_t pattern_name_count(const AstPattern *p) {
    uint32_t count = 0;
    switch (p->kind) {
    case AST_MATCH_SEQUENCE:
        for (uint32_t i = 0; i < p->match_sequence.patterns.count; i++)
            count += pattern_name_count(p->match_sequence.patterns.items[i]);
        break;
    case AST_MATCH_MAPPING:
        for (uint32_t i = 0; i < p->match_mapping.patterns.count; i++)
            count += pattern_name_count(p->match_mapping.patterns.items[i]);
        count += p->match_mapping.rest != NULL;
        break;
    case AST_MATCH_CLASS:
        for (uint32_t i = 0; i < p->match_class.patterns.count; i++)
            count += pattern_name_count(p->match_class.patterns.items[i]);
        for (uint32_t i = 0; i < p->match_class.kwd_patterns.count; i++)
            count += pattern_name_count(p->match_class.kwd_patterns.items[i]);
        break;
    case AST_MATCH_STAR:
        count = p->match_star.name != NULL;
        break;
    case AST_MATCH_AS:
        count = p->match_as.name != NULL;
        if (p->match_as.pattern)
            count += pattern_name_count(p->match_as.pattern);
        break;
    case AST_MATCH_OR: // every alternative binds the same
        count = pattern_name_count(p->match_or.patterns.items[0]);
        break;
    default:
        break;
    }
    return count;
}

// The position of the last pattern within p: where CPython's compiler is when it is done with p.
static Position last_position(const AstPattern *p) {
    for (;;) {
        const AstPatternSeq *inner = NULL;
        const AstPattern *only = NULL;
        if (p->kind == AST_MATCH_SEQUENCE)
            inner = &p->match_sequence.patterns;
        else if (p->kind == AST_MATCH_OR)
            inner = &p->match_or.patterns;
        else if (p->kind == AST_MATCH_MAPPING)
            inner = &p->match_mapping.patterns;
        else if (p->kind == AST_MATCH_CLASS)
            inner = p->match_class.kwd_patterns.count ? &p->match_class.kwd_patterns
                                                      : &p->match_class.patterns;
        else if (p->kind == AST_MATCH_AS)
            only = p->match_as.pattern;
        if (inner && inner->count)
            only = inner->items[inner->count - 1];
        if (!only)
            return pattern_position(p);
        p = only;
    }
}

static void compile_or_pattern(Compiler *c, AstPattern *p, Reg subject, Context *context) {
    Unit *u = c->unit;
    const AstPatternSeq *patterns = &p->match_or.patterns;
    Label matched = label_new(c);
    Capture *unified = NULL; // where each name's value goes, whichever alternative matches
    uint32_t base = u->hidden, names = 0;
    for (uint32_t i = 0; i < patterns->count; i++) {
        Context inner = {.fail = label_new(c),
                         .allow_irrefutable =
                             i + 1 == patterns->count && context->allow_irrefutable};
        // The first alternative's own locals come after room for its names, found by a dry walk
        // below.
        if (i == 0) {
            names = pattern_name_count(patterns->items[0]);
            for (uint32_t n = 0; n < names; n++)
                hidden_push(c);
        }
        uint32_t mark = u->hidden;
        compile_pattern(c, patterns->items[i], subject, &inner);
        if (i == 0) {
            unified = inner.first;
            uint32_t n = 0;
            for (Capture *k = unified; k; k = k->next, n++) {
                emit(c, OP_MOVE, u->locals + base + n, k->r, 0);
                k->r = (Reg)(u->locals + base + n);
            }
        } else {
            uint32_t count = 0;
            for (Capture *k = inner.first; k; k = k->next, count++) {
                Capture *same = unified;
                while (same && same->name != k->name)
                    same = same->next;
                if (!same)
                    compile_error(c, last_position(patterns->items[i]),
                                  "alternative patterns bind different names");
                emit(c, OP_MOVE, same->r, k->r, 0);
            }
            if (count != names)
                compile_error(c, last_position(patterns->items[i]),
                              "alternative patterns bind different names");
        }
        clear_hidden(c, mark);
        emit_jump(c, matched);
        label_bind(c, inner.fail);
        clear_hidden(c, mark);
        u->hidden = mark;
    }
    emit_jump(c, context->fail);
    label_bind(c, matched);
    for (Capture *k = unified; k;) {
        Capture *next = k->next;
        capture(c, k->name, k->r, context);
        k = next;
    }
}

static void compile_pattern(Compiler *c, AstPattern *p, Reg subject, Context *context) {
    compile_check_stack(c);
    Unit *u = c->unit;
    Position saved = u->position;
    uint32_t mark = u->top;
    bool irrefutable = context->allow_irrefutable;
    u->position = pattern_position(p);
    switch (p->kind) {
    case AST_MATCH_VALUE: {
        AstExpr *value = p->match_value.value;
        if (value->kind != AST_CONSTANT && value->kind != AST_ATTRIBUTE)
            compile_error(c, u->position, "patterns may only match literals and attribute lookups");
        Reg r = compile_operand(c, value);
        emit_branch(c, OP_IF_NOT_EQ, subject, r, context->fail);
        break;
    }
    case AST_MATCH_SINGLETON:
        if (p->match_singleton.value == AST_CONSTANT_NONE) {
            emit_branch(c, OP_JUMP_IF_NOT_NONE, subject, 0, context->fail);
        } else {
            Reg r = temp_push(c);
            emit_constant(c, r, value_from_bool(p->match_singleton.value == AST_CONSTANT_TRUE));
            emit_branch(c, OP_IF_IS_NOT, subject, r, context->fail);
        }
        break;
    case AST_MATCH_SEQUENCE:
        context->allow_irrefutable = true;
        compile_sequence_pattern(c, p, subject, context);
        break;
    case AST_MATCH_MAPPING:
        context->allow_irrefutable = true;
        compile_mapping_pattern(c, p, subject, context);
        break;
    case AST_MATCH_CLASS:
        context->allow_irrefutable = true;
        compile_class_pattern(c, p, subject, context);
        break;
    case AST_MATCH_STAR:
        if (p->match_star.name)
            capture(c, p->match_star.name, subject, context);
        break;
    case AST_MATCH_AS:
        if (p->match_as.pattern) {
            compile_pattern(c, p->match_as.pattern, subject, context);
        } else if (!context->allow_irrefutable) {
            if (p->match_as.name)
                compile_error(c, u->position,
                              "name capture '%s' makes remaining patterns unreachable",
                              p->match_as.name->text);
            compile_error(c, u->position, "wildcard makes remaining patterns unreachable");
        }
        if (p->match_as.name)
            capture(c, p->match_as.name, subject, context);
        break;
    case AST_MATCH_OR:
        compile_or_pattern(c, p, subject, context);
        break;
    }
    context->allow_irrefutable = irrefutable;
    u->top = mark;
    u->position = saved;
}

// ---- the statement -------------------------------------------------------------------------

void compile_match(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    Reg subject = hidden_push(c);
    compile_into(c, s->match.subject, subject);
    Label end = label_new(c);
    const AstMatchCaseSeq *cases = &s->match.cases;
    for (uint32_t i = 0; i < cases->count; i++) {
        AstMatchCase *k = cases->items[i];
        uint32_t mark = u->hidden;
        Label next = label_new(c);
        Context context = {.fail = label_new(c),
                           .allow_irrefutable = k->guard || i + 1 == cases->count};
        compile_pattern(c, k->pattern, subject, &context);
        u->position = pattern_position(k->pattern);
        for (Capture *name = context.first; name; name = name->next)
            compile_store_name(c, name->name, name->r);
        clear_hidden(c, mark);
        uint32_t used = u->hidden;
        u->hidden = mark;
        if (k->guard)
            compile_jump(c, k->guard, false, next);
        emit(c, OP_CLEAR, subject, 0, 0);
        compile_statements(c, &k->body);
        u->position = (Position){0, 0, -1, -1};
        emit_jump(c, end);
        label_bind(c, context.fail);
        u->hidden = used;
        clear_hidden(c, mark);
        u->hidden = mark;
        label_bind(c, next);
    }
    emit(c, OP_CLEAR, subject, 0, 0);
    label_bind(c, end);
    hidden_pop_quietly(c);
}
