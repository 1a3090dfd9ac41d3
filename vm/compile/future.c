// SPDX-License-Identifier: MIT
//
// `from __future__ import ...`: which features the beginning of a module asks for.
#include "vm/compile/compiler.h"

static const struct {
    const char *name;
    uint32_t flag; // 0: long since part of the language
} features[] = {
    {"nested_scopes", 0},
    {"generators", 0},
    {"division", 0},
    {"absolute_import", 0},
    {"with_statement", 0},
    {"print_function", 0},
    {"unicode_literals", 0},
    {"generator_stop", 0},
    {"barry_as_FLUFL", FUTURE_BARRY_AS_BDFL},
    {"annotations", FUTURE_ANNOTATIONS},
};

static void check_feature(Compiler *c, const AstStmt *s, const AstName *name) {
    Position position = {s->line, s->line, 0, -1};
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        if (!strcmp(features[i].name, name->text)) {
            c->future |= features[i].flag;
            return;
        }
    }
    if (!strcmp(name->text, "braces"))
        compile_error(c, position, "not a chance");
    compile_error(c, position, "future feature %.100s is not defined", name->text);
}

void future_parse(Compiler *c, const AstModule *module) {
    if (module->kind == AST_EXPRESSION)
        return;
    bool over = false; // something else has come
    for (uint32_t i = 0; i < module->body.count; i++) {
        const AstStmt *s = module->body.items[i];
        // On later lines they are errors, too, found in compile_import_from.
        if (over && s->line > module->body.items[i - 1]->line)
            return;
        if (i == 0 && s->kind == AST_EXPR && constant_is(s->expr.value, AST_CONSTANT_STR))
            continue; // the docstring
        if (s->kind != AST_IMPORT_FROM || s->import_from.module != c->n_future ||
            s->import_from.level != 0) {
            over = true;
            continue;
        }
        if (over)
            compile_error(c, (Position){s->line, s->line, s->column - 1, -1},
                          "from __future__ imports must occur at the beginning of the file");
        for (uint32_t j = 0; j < s->import_from.names.count; j++)
            check_feature(c, s, s->import_from.names.items[j]->name);
        c->future_line = s->line;
    }
}
