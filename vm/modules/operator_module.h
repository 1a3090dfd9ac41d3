// SPDX-License-Identifier: MIT
//
// The types of _operator (vm/modules/operator_getters.c).
#ifndef LOCKSMITH_VM_MODULES_OPERATOR_MODULE_H
#define LOCKSMITH_VM_MODULES_OPERATOR_MODULE_H

#include "vm/object.h"

extern Type itemgetter_type, attrgetter_type, methodcaller_type;

#endif
