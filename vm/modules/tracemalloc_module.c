// SPDX-License-Identifier: MIT
//
// `_tracemalloc`: how much memory a program has taken since it asked. Allocations are not followed
// one by one (that would cost every allocation of every program a test), so there are no traces: a
// snapshot is empty, and no object knows where it was made. What is told instead is by how much the
// memory of all objects and buffers has grown since tracing began; the peak is the most that was
// seen when somebody asked.
//
// The numbers are guarded by the module's mutex.
#include "vm/modules/tracemalloc_module.h"
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/runtime/thread.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include <limits.h>

// Weak: the system's allocator has no such function.
extern int mallctl(const char *name, void *old, size_t *old_length, void *new, size_t new_length)
    __attribute__((weak));
// A sanitizer's allocator takes the place of the other.
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

enum { FRAMES_MAX = 65535 };

static struct {
    Mutex mutex;
    bool tracing;
    int64_t frames;         // what start() was given last
    int64_t baseline, peak; // bytes; the peak is above the baseline
} state = {.mutex = MUTEX_INIT, .frames = 1};

// Bytes in living objects, and what is allocated beside the blocks that these lie in.
static int64_t bytes_in_use(void) {
    HeapStatistics s;
    uint64_t epoch = 1;
    size_t allocated = 0, length = sizeof allocated;
    thread_stop_world();
    heap_statistics(&s);
    if (mallctl && mallctl("epoch", NULL, NULL, &epoch, sizeof epoch) == 0 &&
        mallctl("stats.allocated", &allocated, &length, NULL, 0) == 0)
        allocated = allocated > s.block_bytes ? allocated - s.block_bytes : 0;
    if (__sanitizer_get_current_allocated_bytes)
        allocated += __sanitizer_get_current_allocated_bytes();
    thread_start_world();
    return (int64_t)(s.live_bytes[HEAP_LEAF] + s.live_bytes[HEAP_CONTAINER] + allocated);
}

static void begin(int64_t frames) {
    int64_t now = bytes_in_use();
    mutex_lock(&state.mutex);
    if (!state.tracing) {
        state.tracing = true;
        state.frames = frames;
        state.baseline = now;
        state.peak = 0;
    }
    mutex_unlock(&state.mutex);
}

void tracemalloc_start(void) {
    if (options.tracemalloc)
        begin(options.tracemalloc);
}

static Value start(Value self, const Value *args, size_t nargs) {
    int64_t frames = 1;
    if (nargs && value_to_i64(args[0], &frames) < 0)
        return VALUE_NULL;
    if (frames != (int)frames)
        return raise_error(&exception_OverflowError, "Python int too large to convert to C int");
    if (frames < 1 || frames > FRAMES_MAX)
        return raise_value_error("the number of frames must be in range [1; %d]", FRAMES_MAX);
    begin(frames);
    return none_new();
}

static Value stop(Value self) {
    mutex_lock(&state.mutex);
    state.tracing = false;
    mutex_unlock(&state.mutex);
    return none_new();
}

static Value is_tracing(Value self) {
    mutex_lock(&state.mutex);
    bool tracing = state.tracing;
    mutex_unlock(&state.mutex);
    return bool_new(tracing);
}

static Value clear_traces(Value self) {
    int64_t now = bytes_in_use();
    mutex_lock(&state.mutex);
    state.baseline = now;
    state.peak = 0;
    mutex_unlock(&state.mutex);
    return none_new();
}

static Value get_traceback_limit(Value self) {
    mutex_lock(&state.mutex);
    int64_t frames = state.frames;
    mutex_unlock(&state.mutex);
    return int_from_i64(frames);
}

// The bytes now; the peak is at least that afterwards. 0 and no peak while nothing is traced.
static int64_t measure(bool forget_peak, int64_t *peak) {
    int64_t now = bytes_in_use();
    mutex_lock(&state.mutex);
    now = !state.tracing || now < state.baseline ? 0 : now - state.baseline;
    if (!state.tracing || forget_peak || now > state.peak)
        state.peak = now;
    *peak = state.peak;
    mutex_unlock(&state.mutex);
    return now;
}

static Value get_traced_memory(Value self) {
    int64_t peak, now = measure(false, &peak);
    return tuple_pair_owned(int_from_i64(now), int_from_i64(peak));
}

static Value reset_peak(Value self) {
    int64_t peak;
    measure(true, &peak);
    return none_new();
}

static Value get_tracemalloc_memory(Value self) {
    return value_from_int(sizeof state);
}
static Value get_traces(Value self) {
    return list_new();
}
static Value get_object_traceback(Value self, Value object) {
    return none_new();
}

static const NativeDef tracemalloc_functions[] = {
    DEF_NONE("is_tracing", is_tracing, "is_tracing($module, /)\n--\n\nDid start() begin to count."),
    DEF_NONE("clear_traces", clear_traces, "clear_traces($module, /)\n--\n\nCounts from here."),
    DEF_NONE("_get_traces", get_traces, "_get_traces($module, /)\n--\n\nAn empty list."),
    DEF_ONE("_get_object_traceback", get_object_traceback,
            "_get_object_traceback($module, obj, /)\n--\n\nNone: it is not known."),
    DEF_FIXED("start", start, 0, 1, "start($module, nframe=1, /)\n--\n\nBegins to count memory."),
    DEF_NONE("stop", stop, "stop($module, /)\n--\n\nNo longer counts memory."),
    DEF_NONE("get_traceback_limit", get_traceback_limit,
             "get_traceback_limit($module, /)\n--\n\nWhat start() was given."),
    DEF_NONE("get_tracemalloc_memory", get_tracemalloc_memory,
             "get_tracemalloc_memory($module, /)\n--\n\nThe bytes that this module needs itself."),
    DEF_NONE("get_traced_memory", get_traced_memory,
             "get_traced_memory($module, /)\n--\n\n"
             "By how many bytes memory has grown, and the most that was seen."),
    DEF_NONE("reset_peak", reset_peak,
             "reset_peak($module, /)\n--\n\nThe peak is what there is now."),
    DEF_END,
};

const NativeModule module_tracemalloc = {"_tracemalloc", "How much memory was taken since start().",
                                         tracemalloc_functions, NULL};
