// SPDX-License-Identifier: MIT
//
// Where the interpreter's program is: what sys.executable and sys._base_executable say.
#ifndef LOCKSMITH_VM_RUNTIME_EXECUTABLE_H
#define LOCKSMITH_VM_RUNTIME_EXECUTABLE_H

#include <limits.h>

// The absolute path by which this program was called, with links left as they are: a virtual
// environment is a folder with a link to the program, and site knows it by that.
void executable_find(const char *argv0, char path[PATH_MAX]);

// The program from which the virtual environment that `path` is in was made; `path` if there is
// none.
void executable_base(const char path[PATH_MAX], char base[PATH_MAX]);

#endif
