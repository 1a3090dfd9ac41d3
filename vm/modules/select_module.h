// SPDX-License-Identifier: MIT
//
// What the files of the `select` module share.
#ifndef LOCKSMITH_VM_MODULES_SELECT_MODULE_H
#define LOCKSMITH_VM_MODULES_SELECT_MODULE_H

#include "vm/modules/posix.h"

extern Type epoll_type;

// An unsigned number up to limit; type is what the OverflowError names. VALUE_NULL leaves *out.
int select_events_argument(Value v, int64_t limit, const char *type, int64_t *out);

#endif
