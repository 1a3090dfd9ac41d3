// SPDX-License-Identifier: MIT
#include "vm/compile/compiler.h"

void compile_match(Compiler *c, AstStmt *s) {
    compile_error(c, c->unit->position, "Locksmith does not compile match yet");
}
