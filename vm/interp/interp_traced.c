// SPDX-License-Identifier: MIT
//
// The second copy of the interpreter's loop, with events before each instruction: see trace.h. The
// text is that of interp.c.
#define INTERP_TRACED 1
#include "vm/interp/interp.c"
