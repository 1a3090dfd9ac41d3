// SPDX-License-Identifier: MIT
//
// Frame objects: what sys._getframe(), tracebacks and generators show of a frame. One is made only
// when asked for. While its frame lives it points there; when the frame ends it takes the
// locals over.
//
// `live` and what detaching fills are written by the thread that owns the frame; `live` is an
// atomic word (release store of NULL after the rest is filled, acquire load by readers).
// Another thread that looks into a frame that is running sees its line, not its locals.
#include "vm/interp/interp_internal.h"
#include "vm/interp/frame_object.h"

typedef struct {
    Object header;
    Frame *live;
    Code *code;     // owned
    Value function; // owned
    Value back;     // frame object or VALUE_NULL; valid once detached
    Value *locals;  // taken over, or NULL
    uint32_t count;
    uint32_t word; // of the instruction, once detached
    uint64_t thread_id;
    Value trace; // f_trace
    bool trace_lines, trace_opcodes;
} FrameObject;

static inline FrameObject *frame_object_of(Value v) {
    return (FrameObject *)value_object(v);
}
static inline Frame *live_frame(FrameObject *o) {
    return __atomic_load_n(&o->live, __ATOMIC_ACQUIRE);
}

Value frame_object(Frame *frame) {
    if (!value_is_null(frame->object))
        return ref_new(frame->object);
    FrameObject *o = object_allocate(&frame_type);
    if (!o) {
        raise_memory_error();
        return VALUE_NULL;
    }
    o->live = frame;
    o->code = frame_code(frame);
    ref_retain_object(o->code);
    o->function = ref_new(frame->function);
    o->thread_id = thread_current()->id;
    o->trace_lines = true;
    frame->object = value_from_object(o);
    return ref_new(frame->object);
}

void frame_object_moved(Frame *frame) {
    __atomic_store_n(&frame_object_of(frame->object)->live, frame, __ATOMIC_RELEASE);
}

void frame_object_detach(Frame *frame) {
    FrameObject *o = frame_object_of(frame->object);
    if (count_is_zero(&o->header)) { // it died with its generator
        frame->object = VALUE_NULL;
        return;
    }
    if (!ref_is_exclusive(&o->header)) {
        Frame *previous = frame_previous(frame);
        Value pending = error_take();
        if (previous) {
            o->back = frame_object(previous);
            if (value_is_null(o->back))
                error_clear();
        }
        o->word = frame_word(frame);
        uint32_t count = frame_code(frame)->local_count;
        o->locals = count ? buffer_allocate(count * sizeof(Value)) : NULL;
        if (o->locals) {
            for (uint32_t i = 0; i < count; i++) {
                o->locals[i] = reg_to_local(frame->registers[i]);
                frame->registers[i] = VALUE_NULL;
            }
            o->count = count;
        }
        if (!value_is_null(pending))
            error_restore(pending);
    }
    __atomic_store_n(&o->live, NULL, __ATOMIC_RELEASE);
    Value object = frame->object;
    frame->object = VALUE_NULL;
    ref_release(object);
}

// ---- locals() ---------------------------------------------------------------------------

static bool name_in(Value tuple, Value name) {
    if (value_is_null(tuple))
        return false;
    for (int64_t i = 0; i < tuple_length(tuple); i++)
        if (value_same(tuple_item(tuple, i), name))
            return true;
    return false;
}

static int add_variable(Value dict, Value name, Value v, bool is_cell) {
    if (is_cell && value_is_exactly(v, &cell_type)) {
        Value content = cell_get(v);
        if (value_is_null(content))
            return dict_delete_if_present(dict, name) < 0 ? -1 : 0;
        int status = dict_set(dict, name, content);
        ref_release(content);
        return status;
    }
    if (value_is_null(v))
        return 0;
    return dict_set(dict, name, v);
}

static Value variables(Code *code, Function *function, const Value *registers, uint32_t count) {
    Value dict = dict_new();
    if (value_is_null(dict))
        return dict;
    for (uint32_t i = 0; i < count; i++) {
        Value name = tuple_item(code->local_names, i);
        if (str_length(name) == 0)
            continue;
        if (add_variable(dict, name, registers[i], name_in(code->cell_names, name)) < 0)
            goto fail;
    }
    if (!value_is_null(function->closure) && !value_is_null(code->free_names))
        for (int64_t i = 0; i < tuple_length(code->free_names); i++)
            if (add_variable(dict, tuple_item(code->free_names, i),
                             tuple_item(function->closure, i), true) < 0)
                goto fail;
    return dict;
fail:
    ref_release(dict);
    return VALUE_NULL;
}

Value frame_locals(Frame *frame) {
    Code *code = frame_code(frame);
    Function *function = frame_function(frame);
    if (code->flags & CODE_HAS_NAMESPACE) {
        Value namespace = frame->registers[0];
        return ref_new(value_is_null(namespace) ? function->globals : namespace);
    }
    return variables(code, function, frame->registers, code->local_count);
}

static Value get_locals(Value self) {
    FrameObject *o = frame_object_of(self);
    Frame *frame = live_frame(o);
    if (frame && o->thread_id == thread_current()->id)
        return frame_locals(frame);
    Function *function = (Function *)value_object(o->function);
    if (o->code->flags & CODE_HAS_NAMESPACE) {
        Value namespace = !frame && o->count ? o->locals[0] : VALUE_NULL;
        return ref_new(value_is_null(namespace) ? function->globals : namespace);
    }
    return variables(o->code, function, o->locals, frame ? 0 : o->count);
}

// ---- attributes ---------------------------------------------------------------------------

int frame_object_line(Value self) {
    FrameObject *o = frame_object_of(self);
    Frame *frame = live_frame(o);
    return code_line(o->code, frame ? frame_word(frame) : o->word);
}

Value frame_object_code(Value self) {
    return value_from_object(frame_object_of(self)->code);
}

Value frame_object_globals(Value self) {
    return ((Function *)value_object(frame_object_of(self)->function))->globals;
}

static Value get_line(Value self) {
    int line = frame_object_line(self);
    return line > 0 ? value_from_int(line) : none_new();
}
static Value get_code(Value self) {
    return ref_new(frame_object_code(self));
}
static Value get_globals(Value self) {
    return ref_new(frame_object_globals(self));
}
static Value get_builtins(Value self) {
    return ref_new(((Function *)value_object(frame_object_of(self)->function))->builtins);
}
static Value get_back(Value self) {
    FrameObject *o = frame_object_of(self);
    Frame *frame = live_frame(o);
    if (frame) {
        Frame *previous = frame_previous(frame);
        return previous ? frame_object(previous) : none_new();
    }
    return value_is_null(o->back) ? none_new() : ref_new(o->back);
}
static Value get_lasti(Value self) {
    FrameObject *o = frame_object_of(self);
    Frame *frame = live_frame(o);
    return value_from_int((int64_t)(frame ? frame_word(frame) : o->word) * 2);
}
static Value get_trace(Value self) {
    FrameObject *o = frame_object_of(self);
    Value v = field_load(&o->header, &o->trace);
    return value_is_null(v) ? none_new() : v;
}
static int set_trace(Value self, Value value) {
    FrameObject *o = frame_object_of(self);
    field_store(&o->header, &o->trace,
                value_is_null(value) || value_is_none(value) ? VALUE_NULL : ref_new(value));
    return 0;
}
static Value get_trace_lines(Value self) {
    return bool_new(frame_object_of(self)->trace_lines);
}
static int set_trace_lines(Value self, Value value) {
    int truth = value_is_null(value) ? 0 : value_truth(value);
    if (truth >= 0)
        frame_object_of(self)->trace_lines = truth;
    return truth < 0 ? -1 : 0;
}

static void drop_locals(FrameObject *o) {
    Value *locals = o->locals;
    uint32_t count = o->count;
    o->locals = NULL;
    o->count = 0;
    for (uint32_t i = 0; i < count; i++)
        ref_release(locals[i]);
    buffer_free(locals);
}

static Value frame_clear(Value self) {
    FrameObject *o = frame_object_of(self);
    if (live_frame(o))
        return raise_error(&exception_RuntimeError, "cannot clear an executing frame");
    drop_locals(o);
    return none_new();
}

static Value frame_repr(Value self) {
    FrameObject *o = frame_object_of(self);
    return str_format("<frame at %p, file %R, line %d, code %V>", (void *)o, o->code->filename,
                      frame_object_line(self), o->code->name);
}

static void frame_clear_slot(Object *self) {
    FrameObject *o = (FrameObject *)self;
    if (!live_frame(o))
        drop_locals(o);
    Value back = o->back, trace = o->trace;
    o->back = o->trace = VALUE_NULL;
    ref_release(back);
    ref_release(trace);
}

static void frame_destroy(Object *self) {
    FrameObject *o = (FrameObject *)self;
    frame_clear_slot(self);
    ref_release_object(o->code);
    ref_release(o->function);
    object_free_fixed(self);
}

static void frame_traverse(Object *self, GcVisitor *visitor) {
    FrameObject *o = (FrameObject *)self;
    gc_visit_object(visitor, o->code);
    gc_visit(visitor, o->function);
    gc_visit(visitor, o->back);
    gc_visit(visitor, o->trace);
    for (uint32_t i = 0; i < o->count; i++)
        gc_visit(visitor, o->locals[i]);
    Frame *live = live_frame(o);
    if (live && live->info == FRAME_SUSPENDED)
        gc_visit_uncounted(visitor, (char *)live - offsetof(Generator, frame));
}

static const NativeDef frame_methods[] = {
    DEF_NONE("clear", frame_clear, "Drop the local variables of a finished frame."),
    DEF_END,
};
static const GetSetDef frame_getsets[] = {
    {"f_locals", get_locals, NULL, NULL},
    {"f_lineno", get_line, NULL, NULL},
    {"f_code", get_code, NULL, NULL},
    {"f_globals", get_globals, NULL, NULL},
    {"f_builtins", get_builtins, NULL, NULL},
    {"f_back", get_back, NULL, NULL},
    {"f_lasti", get_lasti, NULL, NULL},
    {"f_trace", get_trace, set_trace, NULL},
    {"f_trace_lines", get_trace_lines, set_trace_lines, NULL},
    {NULL, NULL, NULL, NULL},
};

Type frame_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "frame",
    .basic_size = sizeof(FrameObject),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = frame_destroy,
    .traverse = frame_traverse,
    .clear = frame_clear_slot,
    .repr = frame_repr,
    .methods = frame_methods,
    .getsets = frame_getsets,
};

void frame_start(void) {
    type_ready(&frame_type);
}
