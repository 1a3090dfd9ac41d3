// SPDX-License-Identifier: MIT
//
// SQLite's functions for _sqlite3. The library is loaded when the module is imported, so that
// programs that do not need it do not wait for it; sqlite_functions.def lists what is taken from
// it. The build makes a macro of each name there (sqlite_functions_names.h), so that the rest of
// _sqlite3 calls a function by its name as if it were linked. A function that is used and not
// listed is an error of the linker.
#ifndef LOCKSMITH_VM_MODULES_SQLITE_LIBRARY_H
#define LOCKSMITH_VM_MODULES_SQLITE_LIBRARY_H

#include <sqlite3.h>

typedef struct {
#define FUNCTION(name) __typeof__(name) *name;
#include "vm/modules/sqlite_functions.def"
#undef FUNCTION
} SqliteLibrary;

extern SqliteLibrary sqlite_library; // constant once sqlite_library_load has given 0

int sqlite_library_load(void); // 0, or -1 with ImportError

#include "sqlite_functions_names.h"

#endif
