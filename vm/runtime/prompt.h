// SPDX-License-Identifier: MIT
//
// The interactive prompt. Both run until the end of input or exit() and give the exit code.
#ifndef LOCKSMITH_VM_RUNTIME_PROMPT_H
#define LOCKSMITH_VM_RUNTIME_PROMPT_H

int prompt_run(void);               // with the greeting and PYTHONSTARTUP
int prompt_run_after_program(void); // in whose __main__ it goes on

#endif
