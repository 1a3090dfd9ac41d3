// SPDX-License-Identifier: MIT
//
// What the rest of the VM uses of `_io`.
#ifndef LOCKSMITH_VM_MODULES_IO_H
#define LOCKSMITH_VM_MODULES_IO_H

#include "vm/value.h"
#include <stdbool.h>

// A text file over a descriptor that is not closed with it: UTF-8; errors are "backslashreplace"
// for descriptor 2, for the others "strict" or, in the locales C and C.UTF-8, "surrogateescape".
// New reference. asked_encoding, asked_errors: what PYTHONIOENCODING says, or NULL.
Value io_open_standard(int fd, const char *mode, const char *name, bool line_buffered,
                       bool write_through, const char *asked_encoding, const char *asked_errors);

#endif
