// SPDX-License-Identifier: MIT
//
// What the two files of the module `readline` share.
#ifndef LOCKSMITH_VM_MODULES_READLINE_INTERNAL_H
#define LOCKSMITH_VM_MODULES_READLINE_INTERNAL_H

#include "vm/object.h"
#include "vm/runtime/editor.h"

// A text as the editor has it: bytes of a str, a new reference; VALUE_NULL with an exception.
Value readline_encode(Value text);
// A str of a malloc'ed text, which is freed; NULL: MemoryError.
Value readline_decode(char *text);

extern const EditorHooks readline_hooks;
extern const NativeDef readline_callback_functions[];

#endif
