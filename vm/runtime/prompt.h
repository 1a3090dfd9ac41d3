// SPDX-License-Identifier: MIT
//
// The interactive prompt: editing and history by libedit where standard input is a terminal.
#ifndef LOCKSMITH_VM_RUNTIME_PROMPT_H
#define LOCKSMITH_VM_RUNTIME_PROMPT_H

#include <stdbool.h>

int prompt_run(bool greeting); // until end of input or exit(); gives the exit code

#endif
