// SPDX-License-Identifier: MIT
//
// Starting and finishing the interpreter.
#ifndef LOCKSMITH_VM_RUNTIME_START_H
#define LOCKSMITH_VM_RUNTIME_START_H

#include "vm/value.h"
#include <stdbool.h>

// Makes the main thread, the types, sys, builtins, the standard files, as the options (options.h)
// ask, and imports site. Ends the process with a message if that fails.
void start_interpreter(int argc, char **argv);
// Puts a folder in front of sys.path: the script's, or '' (unless the options say not to).
void start_add_path(const char *first);
// Joins non-daemon threads, runs atexit functions, flushes. Gives the exit code to use (120 if
// flushing standard output failed).
int start_finish(int code);
bool start_is_finishing(void);
Value start_main_namespace(void); // the dict of __main__, borrowed

#endif
