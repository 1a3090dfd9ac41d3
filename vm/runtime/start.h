// SPDX-License-Identifier: MIT
//
// Starting and finishing the interpreter, and what the command line asked for.
#ifndef LOCKSMITH_VM_RUNTIME_START_H
#define LOCKSMITH_VM_RUNTIME_START_H

#include "vm/value.h"
#include <stdbool.h>

typedef struct {
    bool interactive;        // -i
    bool ignore_environment; // -E, -I
    bool isolated;           // -I
    bool unbuffered;         // -u
    bool no_site;            // -S: without the builtins that CPython's site adds
    bool quiet;              // -q
} StartOptions;
extern StartOptions start_options; // set by main before start_interpreter

// Makes the main thread, the types, sys, builtins, the standard files. argv: what sys.argv shows.
// Ends the process with a message if that fails.
void start_interpreter(int argc, char **argv, const char *executable);
// sys.path[0] is what programs expect first: the script's folder, '' or nothing (NULL).
void start_set_path(const char *first);
// Joins non-daemon threads, runs atexit functions, flushes. Gives the exit code to use (120 if
// flushing standard output failed).
int start_finish(int code);
bool start_is_finishing(void);
Value start_main_namespace(void); // the dict of __main__, borrowed

#endif
