// SPDX-License-Identifier: MIT
//
// The native functions among the constants of code, by name: for code that is kept in files.
#include "vm/compile/compiler.h"
#include "vm/types/str.h"

static const NativeDef *const *const tables[] = {compile_async_natives, compile_match_natives,
                                                 compile_try_star_natives};

const NativeDef *compile_native(Value name) {
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const NativeDef *const *def = tables[t]; *def; def++)
            if (str_equal_cstr(name, (*def)->name))
                return *def;
    return NULL;
}

bool compile_is_native(const NativeDef *wanted) {
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const NativeDef *const *def = tables[t]; *def; def++)
            if (*def == wanted)
                return true;
    return false;
}
