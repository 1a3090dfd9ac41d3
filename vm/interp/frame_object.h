// SPDX-License-Identifier: MIT
//
// What other C code asks of frame objects (made by frame_object in frame.h).
#ifndef LOCKSMITH_VM_INTERP_FRAME_OBJECT_H
#define LOCKSMITH_VM_INTERP_FRAME_OBJECT_H

#include "vm/object.h"

int frame_object_line(Value frame_object);      // 0: none
Value frame_object_code(Value frame_object);    // borrowed
Value frame_object_globals(Value frame_object); // borrowed

#endif
