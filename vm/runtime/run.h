// SPDX-License-Identifier: MIT
//
// Running a program as __main__. Each gives the exit code; uncaught exceptions are printed.
#ifndef LOCKSMITH_VM_RUNTIME_RUN_H
#define LOCKSMITH_VM_RUNTIME_RUN_H

#include <stdbool.h>

int run_command(const char *text); // -c
int run_module(const char *name);  // -m
int run_file(const char *path);    // a file, or a folder or zip with __main__.py
int run_standard_input(void);      // the program is read from descriptor 0
// PYTHONSTARTUP, before the prompt. Whether it asked for the process to end, with *exit_code.
bool run_startup(int *exit_code);

#endif
