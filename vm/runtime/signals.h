// SPDX-License-Identifier: MIT
//
// Signals: from the kernel's handler to Python's. The C handler only notes the signal and asks
// the main thread for a safepoint; the main thread runs the Python handler there, or when a
// blocking call comes back with EINTR (thread_check_signals).
#ifndef LOCKSMITH_VM_RUNTIME_SIGNALS_H
#define LOCKSMITH_VM_RUNTIME_SIGNALS_H

#include "vm/value.h"
#include <signal.h>

// The Python handler of a signal as a new reference: a callable, the int 0 (SIG_DFL) or 1
// (SIG_IGN), or None if it was not set from Python.
Value signals_get_handler(int number);
// Installs one (borrowed; the same values but None) and gives the old one as a new reference.
// VALUE_NULL with OSError. Main thread only (the caller checks).
Value signals_set_handler(int number, Value handler);
// Notes a signal as if it had arrived (interrupt_main). Async-signal-safe.
void signals_trip(int number);
// The descriptor that gets a byte for each signal, -1: none; gives the old one.
int signals_set_wakeup(int fd, bool warn_on_full);
// The function signal.default_int_handler, borrowed.
Value signals_default_int_handler(void);

#endif
