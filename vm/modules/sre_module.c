// SPDX-License-Identifier: MIT
//
// The module `_sre`, which the library's `re` is made on.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// The numbers in a list, in a buffer. NULL with an exception.
static uint32_t *take_code(Value list, int64_t *length) {
    Value *items;
    if (list_snapshot(list, &items, length) < 0)
        return NULL;
    uint32_t *code = buffer_allocate(((size_t)*length + 1) * sizeof(uint32_t));
    if (!code)
        raise_memory_error();
    for (int64_t i = 0; code && i < *length; i++) {
        uint64_t word;
        if (!value_is_any_int(items[i]) || !int_to_u64(items[i], &word) || word > UINT32_MAX) {
            raise_error(&exception_OverflowError, "regular expression code size limit exceeded");
            buffer_free(code);
            code = NULL;
            break;
        }
        code[i] = (uint32_t)word;
    }
    for (int64_t i = 0; i < *length; i++)
        ref_release(items[i]);
    buffer_free(items);
    return code;
}

static int check_type(Value v, bool right, const char *name, const char *type) {
    return right ? 0
                 : raise_int(&exception_TypeError, "compile() argument '%s' must be %s, not %G",
                             name, type, v);
}

static Value sre_compile(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"pattern",    "flags",      "code", "groups",
                                        "groupindex", "indexgroup", NULL};
    Value v[6];
    int flags;
    int64_t groups, length;
    if (arguments_parse("compile", args, nargs, kwnames, names, 0, 6, 6, v) < 0 ||
        int_argument(v[1], &flags) < 0 ||
        check_type(v[2], value_is_list(v[2]), "code", "list") < 0 ||
        size_argument(v[3], &groups) < 0 ||
        check_type(v[4], value_is_dict(v[4]), "groupindex", "dict") < 0 ||
        check_type(v[5], value_is_tuple(v[5]), "indexgroup", "tuple") < 0)
        return VALUE_NULL;
    if (groups < 0 || groups > SRE_MAXGROUPS)
        return raise_error(&exception_RuntimeError, "invalid SRE code");
    SreText text = {.is_bytes = false};
    int is_bytes = -1;
    if (!value_is_none(v[0])) {
        if (sre_text_get(v[0], &text, false) < 0)
            return VALUE_NULL;
        is_bytes = text.is_bytes;
        sre_text_release(&text);
    }
    uint32_t *code = take_code(v[2], &length);
    if (!code)
        return VALUE_NULL;
    SreProgram *program = sre_program_new(code, length, (uint32_t)groups);
    if (!program)
        return VALUE_NULL;
    SrePattern *p = object_allocate(&sre_pattern_type);
    if (!p) {
        sre_program_free(program);
        return VALUE_NULL;
    }
    p->pattern = ref_new(v[0]);
    p->group_index = ref_new(v[4]);
    p->index_group = ref_new(v[5]);
    p->flags = value_from_int(flags);
    p->groups = value_from_int(groups);
    p->program = program;
    p->is_bytes = (int8_t)is_bytes;
    p->hash = 0;
    p->replacement = VALUE_NULL;
    return value_from_object(p);
}

static Value sre_getcodesize(Value self) {
    return value_from_int(sizeof(uint32_t));
}

// ---- case --------------------------------------------------------------------------------

static int character(Value v, uint32_t *point) {
    int n;
    if (int_argument(v, &n) < 0)
        return -1;
    *point = (uint32_t)n;
    return 0;
}

static Value sre_ascii_iscased(Value self, Value v) {
    uint32_t c;
    return character(v, &c) < 0 ? VALUE_NULL : bool_new((c | 32) - 'a' < 26);
}
static Value sre_unicode_iscased(Value self, Value v) {
    uint32_t c;
    if (character(v, &c) < 0)
        return VALUE_NULL;
    return bool_new(c < 0x110000 && (char_lower(c) != c || sre_upper(c) != c));
}
static Value sre_ascii_tolower(Value self, Value v) {
    uint32_t c;
    return character(v, &c) < 0 ? VALUE_NULL : value_from_int((int32_t)sre_fold(FOLD_ASCII, c));
}
static Value sre_unicode_tolower(Value self, Value v) {
    uint32_t c;
    return character(v, &c) < 0 ? VALUE_NULL : value_from_int((int32_t)sre_fold(FOLD_UNICODE, c));
}

static int sre_fill(Value module) {
    type_ready(&sre_pattern_type);
    type_ready(&sre_match_type);
    type_ready(&sre_scanner_type);
    if (module_add_int(module, "MAGIC", SRE_MAGIC) < 0 ||
        module_add_int(module, "CODESIZE", sizeof(uint32_t)) < 0 ||
        module_add_int(module, "MAXREPEAT", SRE_MAXREPEAT) < 0 ||
        module_add_int(module, "MAXGROUPS", SRE_MAXGROUPS) < 0)
        return -1;
    return 0;
}

static const NativeDef sre_functions[] = {
    DEF_VECTOR("compile", sre_compile,
               "compile($module, /, pattern, flags, code, groups, groupindex,\n"
               "        indexgroup)\n--\n\nA pattern from the numbers that re makes."),
    DEF_NONE("getcodesize", sre_getcodesize, "getcodesize($module, /)\n--\n\nBytes of one number."),
    DEF_ONE("ascii_iscased", sre_ascii_iscased,
            "ascii_iscased($module, character, /)\n--\n\nWhether it is a letter of ASCII."),
    DEF_ONE("unicode_iscased", sre_unicode_iscased,
            "unicode_iscased($module, character, /)\n--\n\nWhether it has another case."),
    DEF_ONE("ascii_tolower", sre_ascii_tolower,
            "ascii_tolower($module, character, /)\n--\n\nThe small letter, within ASCII."),
    DEF_ONE("unicode_tolower", sre_unicode_tolower,
            "unicode_tolower($module, character, /)\n--\n\nThe small letter."),
    DEF_END,
};

const NativeModule module_sre = {
    .name = "_sre",
    .doc = "The engine of regular expressions.",
    .functions = sre_functions,
    .fill = sre_fill,
};
