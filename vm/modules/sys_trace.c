// SPDX-License-Identifier: MIT
//
// The functions of sys that look at frames and trace them.
#include "vm/interp/trace.h"
#include "vm/modules/sys_trace.h"

static Value sys_settrace(Value self, Value function) {
    trace_set(function);
    return trace_result_of_native(thread_current(), none_new(), "settrace");
}
static Value sys_setprofile(Value self, Value function) {
    profile_set(function);
    return trace_result_of_native(thread_current(), none_new(), "setprofile");
}
static Value sys_gettrace(Value self) {
    return trace_get();
}
static Value sys_getprofile(Value self) {
    return profile_get();
}

static Value sys_call_tracing(Value self, Value function, Value arguments) {
    if (!value_is_tuple(arguments))
        return raise_type_error("call_tracing() argument 2 must be tuple, not %T", arguments);
    return trace_call_tracing(function, arguments);
}
static Value call_tracing(Value self, const Value *args, size_t nargs) {
    return sys_call_tracing(self, args[0], args[1]);
}

static Value sys_getframe(Value self, const Value *args, size_t nargs) {
    int64_t depth = 0;
    if (nargs && value_to_i64(args[0], &depth) < 0)
        return VALUE_NULL;
    Frame *frame = thread_current()->frame;
    while (frame && depth-- > 0)
        frame = frame_previous(frame);
    return frame ? frame_object(frame) : raise_value_error("call stack is not deep enough");
}

// ---- of all threads ------------------------------------------------------------------------

typedef struct {
    Value dict;
    int status;
} Collector;

static void put(Collector *c, const Thread *thread, Value v) { // v consumed
    Value id = int_from_u64(thread->id);
    if (value_is_null(v) || value_is_null(id) || dict_set(c->dict, id, v) < 0)
        c->status = -1;
    ref_release(v);
    ref_release(id);
}
static void collect_frame(Thread *thread, void *context) {
    if (thread->frame)
        put(context, thread, frame_object_of_thread(thread->frame, thread->id));
}
static void collect_exception(Thread *thread, void *context) {
    Value handled = VALUE_NULL;
    for (HandledItem *item = thread->handled; item && value_is_null(handled); item = item->previous)
        handled = item->exception;
    if (thread->frame)
        put(context, thread, ref_new(value_is_null(handled) ? VALUE_NONE : handled));
}
static Value collect(void (*visit)(Thread *thread, void *context)) {
    Collector c = {dict_new(), 0};
    if (value_is_null(c.dict))
        return c.dict;
    thread_stop_world();
    thread_each(visit, &c);
    thread_start_world();
    if (c.status < 0) {
        ref_release(c.dict);
        return VALUE_NULL;
    }
    return c.dict;
}
static Value sys_current_frames(Value self) {
    return collect(collect_frame);
}
static Value sys_current_exceptions(Value self) {
    return collect(collect_exception);
}

const NativeDef sys_trace_functions[] = {
    DEF_ONE("settrace", sys_settrace, "Trace functions called from now on, in this thread."),
    DEF_NONE("gettrace", sys_gettrace, "The function set with settrace(), or None."),
    DEF_ONE("setprofile", sys_setprofile, "Profile from now on, in this thread."),
    DEF_NONE("getprofile", sys_getprofile, "The function set with setprofile(), or None."),
    DEF_FIXED("call_tracing", call_tracing, 2, 2,
              "Call func(*args), traced although a trace function is running."),
    DEF_FIXED("_getframe", sys_getframe, 0, 1, "The frame some calls up."),
    DEF_NONE("_current_frames", sys_current_frames, "The innermost frame of each thread."),
    DEF_NONE("_current_exceptions", sys_current_exceptions,
             "The exception that each thread is handling."),
    DEF_END,
};
