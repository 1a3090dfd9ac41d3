// SPDX-License-Identifier: MIT
//
// Tracebacks written by a signal handler or a watchdog: nothing is allocated, no lock is waited
// for.
#ifndef LOCKSMITH_VM_MODULES_FAULTHANDLER_DUMP_H
#define LOCKSMITH_VM_MODULES_FAULTHANDLER_DUMP_H

#include <stdbool.h>

// All functions here may be called in a signal handler.
void dump_text(int fd, const char *text);
void dump_number(int fd, long long n);
// The frames of the calling thread, or of all, that one named as the current. A thread that runs
// meanwhile is shown as well as its frames can be read.
void dump_tracebacks(int fd, bool all_threads);

#endif
