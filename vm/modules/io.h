// SPDX-License-Identifier: MIT
//
// What the rest of the VM uses of `_io`.
#ifndef LOCKSMITH_VM_MODULES_IO_H
#define LOCKSMITH_VM_MODULES_IO_H

#include "vm/value.h"
#include <stdbool.h>

// A text file over a descriptor that is not closed with it: UTF-8; errors are "surrogateescape" for
// descriptors 0 and 1, "backslashreplace" for 2. New reference.
Value io_open_standard(int fd, const char *mode, const char *name, bool line_buffered, bool write_through);

#endif
