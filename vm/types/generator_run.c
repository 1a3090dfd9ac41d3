// SPDX-License-Identifier: MIT
#include "vm/types/generator_run.h"
#include "vm/interp/trace.h"
#include "vm/types/generator.h"

static inline Generator *generator_of(Value v) {
    return (Generator *)value_object(v);
}

// What entering took, besides the frame.
static inline void give_back(Generator *g) {
    if (REGISTERS_ARE_COUNTED)
        ref_release_object(g);
    thread_leave_recursive();
}

void generator_run_pause(GeneratorRun *run) {
    if (!run->frame)
        return;
    generator_pop_suspend(thread_current(), run->frame);
    run->frame = NULL;
    give_back(generator_of(run->iterator));
}

// Puts the frame on the stack. False: there is no generator that could run, an error on the way
// there, or a trace function, which wants to see each step.
static bool enter(GeneratorRun *run, Thread *thread) {
    if (!value_is_exactly(run->iterator, &generator_type) || trace_wanted(thread) ||
        thread->in_traced_loop)
        return false;
    Generator *g = generator_of(run->iterator);
    if (!generator_claim(g))
        return false;
    if (UNLIKELY(thread_enter_recursive("") < 0)) {
        __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
        return false;
    }
    if (REGISTERS_ARE_COUNTED)
        ref_retain_object(g);
    run->frame = generator_push(thread, g, FRAME_ENTRY | FRAME_KEPT);
    if (UNLIKELY(!run->frame))
        give_back(g);
    return run->frame != NULL;
}

Value generator_run_next(GeneratorRun *run) {
    Thread *thread = thread_current();
    if (UNLIKELY(run->frame && trace_wanted(thread)))
        generator_run_pause(run);
    if (!run->frame && !enter(run, thread))
        return error_occurred() ? VALUE_NULL : value_next(run->iterator);
    Generator *g = generator_of(run->iterator);
    bool yielded = false;
    LoopEntry entry = generator_deliver(g, run->frame, VALUE_NONE) ? LOOP_START : LOOP_AFTER;
    Value result = interp_run(thread, entry, &yielded);
    if (LIKELY(yielded))
        return result;
    run->frame = NULL; // it went with what the loop was left by
    give_back(g);
    ref_release(result);
    return VALUE_NULL;
}
