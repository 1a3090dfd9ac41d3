// SPDX-License-Identifier: MIT
//
// What _codecs has for other modules.
#ifndef LOCKSMITH_VM_MODULES_CODECS_MODULE_H
#define LOCKSMITH_VM_MODULES_CODECS_MODULE_H

#include "vm/object.h"

// What the backslash escapes in data stand for, as a new bytes object; errors NULL: strict. May run
// Python code (a warning).
Value codecs_unescape(const uint8_t *data, int64_t length, const char *errors);

#endif
