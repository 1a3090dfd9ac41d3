// SPDX-License-Identifier: MIT
#ifndef LOCKSMITH_VM_MODULES_FAULTHANDLER_MODULE_H
#define LOCKSMITH_VM_MODULES_FAULTHANDLER_MODULE_H

void faulthandler_start(void); // enables it if the options say so

#endif
