// SPDX-License-Identifier: MIT
//
// Generators as other C code drives them. See generator.c for the states.
#ifndef LOCKSMITH_VM_TYPES_GENERATOR_H
#define LOCKSMITH_VM_TYPES_GENERATOR_H

#include "vm/interp/frame.h"

// Sends value (borrowed). The yielded value; or VALUE_NULL with *returned the result (new
// reference) if it returned; or VALUE_NULL twice with an exception. Runs Python code.
Value generator_resume(Value generator, Value value, Value *returned);
Value generator_throw_exception(Value generator, Value exception); // like gen.throw(exception)
Value generator_close(Value generator);                            // None, or VALUE_NULL
// Would its finaliser run anything? Of one that nobody can resume meanwhile.
bool generator_needs_close(Object *generator);

#endif
