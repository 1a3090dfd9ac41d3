// SPDX-License-Identifier: MIT
#ifndef LOCKSMITH_VM_MODULES_ATEXIT_MODULE_H
#define LOCKSMITH_VM_MODULES_ATEXIT_MODULE_H

// Runs what atexit.register() collected, last first; errors are reported as unraisable.
void atexit_run(void);

#endif
