// SPDX-License-Identifier: MIT
//
// What _asyncio gives to the rest of the VM.
#ifndef LOCKSMITH_VM_MODULES_ASYNCIO_MODULE_H
#define LOCKSMITH_VM_MODULES_ASYNCIO_MODULE_H

// In the child of a fork, attached: the loop that ran in this thread runs in the parent only. May
// run Python code.
void asyncio_after_fork_in_child(void);

#endif
