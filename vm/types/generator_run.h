// SPDX-License-Identifier: MIT
//
// A loop of C code over a generator that runs no Python code of its own between two items: the
// generator's frame then stays on the stack and need not be copied there and back for each item.
// Other iterators are stepped by value_next. For who begins such a loop on a reference that
// lasts for the loop:
//
//   GeneratorRun run = {.iterator = iterator};
//   while (!value_is_null(item = generator_run_next(&run))) ...
//   generator_run_pause(&run);
//
// From an item to the next call nothing may happen that can run Python code, reach a safepoint or
// ask which frame runs: no release of an object that may be the last, no call of a slot. Who has to
// do such a thing calls generator_run_pause before it; the next step puts the frame back. Meanwhile
// the generator is one that runs, as its state says to other threads: no code could have
// seen it suspended except theirs.
#ifndef LOCKSMITH_VM_TYPES_GENERATOR_RUN_H
#define LOCKSMITH_VM_TYPES_GENERATOR_RUN_H

#include "vm/interp/frame.h"

typedef struct {
    Value iterator; // borrowed
    Frame *frame;   // NULL: the generator, if it is one, is suspended or finished
} GeneratorRun;

// The next item, a new reference. VALUE_NULL: exhausted, unless error_occurred(); the run is
// paused. Runs Python code.
Value generator_run_next(GeneratorRun *run);
// The generator is suspended, if it was not. An exception that is set stays.
void generator_run_pause(GeneratorRun *run);

#endif
