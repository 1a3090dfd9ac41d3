// SPDX-License-Identifier: MIT
//
// The table of native modules, from modules.def.
#include "vm/types/module.h"

#define MODULE(module) extern const NativeModule module;
#include "vm/modules/modules.def"
#undef MODULE

const NativeModule *const native_modules[] = {
#define MODULE(module) &module,
#include "vm/modules/modules.def"
#undef MODULE
    NULL,
};
