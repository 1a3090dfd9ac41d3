// SPDX-License-Identifier: MIT
//
// What this binary was built from. The values come from CMake (build_info_config.h.in).
#ifndef LOCKSMITH_VM_RUNTIME_BUILD_INFO_H
#define LOCKSMITH_VM_RUNTIME_BUILD_INFO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

const char *build_info_strategy(void);
// When an object that nobody refers to any more dies: "prompt", with the last reference, unless it
// is in a cycle; "settled", the same but a little later; "collected", when the collector finds it;
// "never". Also sys.implementation.finalisation.
const char *build_info_finalisation(void);
uint64_t build_info_compiler_hash(void);             // of the source of the compiler to bytecode
void build_info_version(char *out, size_t capacity); // sys.version
void build_info_print(int json);                     // --build-info
void build_info_short_version(FILE *to);             // -V

#endif
