// SPDX-License-Identifier: MIT
//
// Frame objects: what sys._getframe(), tracebacks and generators show of a frame. One is made only
// when asked for. While its frame lives it points there; when the frame ends it takes the
// locals over. A frame belongs to the thread on whose stack it lies; who looks at one that is not
// there (another thread's, or a suspended generator's, which any thread may resume) does so while
// the world stands still (look_begin).
//
// f_locals of a function is one dict for the frame's life, which every look brings up to date:
// names that are no variables stay in it, and a trace function's changes become the variables'.
#include "vm/interp/frame_object.h"
#include "vm/interp/trace.h"
#include "vm/types/generator.h"

static inline Frame *live_frame(FrameObject *o) {
    return __atomic_load_n(&o->live, __ATOMIC_ACQUIRE);
}

// A look at the frame of an object, NULL if it has ended: it stays where it is up to look_end,
// between which nothing may run Python code or wait.
typedef struct {
    Frame *frame;
    bool stopped;
} Look;

static bool is_mine(const Frame *frame) {
    const Thread *thread = thread_current();
    const Value *place = (const Value *)frame;
    return place >= thread->stack && place < thread->stack_limit;
}
static Look look_begin(FrameObject *o) {
    Frame *frame = live_frame(o);
    if (!frame || is_mine(frame))
        return (Look){frame, false};
    thread_stop_world();
    return (Look){live_frame(o), true};
}
static void look_end(Look look) {
    if (look.stopped)
        thread_start_world();
}

Value frame_object(Frame *frame) {
    return frame_object_of_thread(frame, thread_current()->id);
}

Value frame_object_of_thread(Frame *frame, uint64_t thread_id) {
    if (!value_is_null(frame->object))
        return ref_new(frame->object);
    FrameObject *o = object_allocate_exact(&frame_type, sizeof(FrameObject), HEAP_CONTAINER);
    if (!o) {
        raise_memory_error();
        return VALUE_NULL;
    }
    o->live = frame;
    o->code = frame_code(frame);
    ref_retain_unless_deferred(frame_function(frame));
    o->function = frame->function;
    o->thread_id = thread_id;
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
            // Hidden locals stay, and go with the frame: what a loop or a match held is nobody's.
            Value names = frame_code(frame)->local_names;
            for (uint32_t i = 0; i < count; i++) {
                if (str_length(tuple_item(names, i)) == 0) {
                    o->locals[i] = VALUE_NULL;
                    continue;
                }
                Value v = frame->registers[i];
                o->locals[i] = value_may_be_counted(v) ? reg_to_local(v) : v;
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

static int show_variable(Value dict, Value name, Value v, bool is_cell) {
    Value content = is_cell && value_is_exactly(v, &cell_type) ? cell_get(v) : ref_new(v);
    if (value_is_null(content))
        return dict_delete_if_present(dict, name) < 0 ? -1 : 0;
    int status = dict_set(dict, name, content);
    ref_release(content);
    return status;
}

// dict says what the variables are. Nameless locals are the compiler's own.
static int show_variables(Value dict, const Code *code, const Function *function,
                          const Value *registers, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        Value name = tuple_item(code->local_names, i);
        if (str_length(name) == 0)
            continue;
        if (show_variable(dict, name, registers[i], name_in(code->cell_names, name)) < 0)
            return -1;
    }
    if (value_is_null(function->closure) || value_is_null(code->free_names))
        return 0;
    for (int64_t i = 0; i < tuple_length(code->free_names); i++)
        if (show_variable(dict, tuple_item(code->free_names, i), tuple_item(function->closure, i),
                          true) < 0)
            return -1;
    return 0;
}

// A new reference to the object's dict, made if need be.
static Value locals_dict(FrameObject *o) {
    Value dict = field_load(&o->header, &o->dict);
    if (!value_is_null(dict))
        return dict;
    dict = dict_new();
    if (value_is_null(dict))
        return dict;
    object_lock(&o->header);
    Value first = field_raw(&o->dict);
    if (value_is_null(first)) {
        field_raw_store(&o->dict, ref_new(dict));
        object_unlock(&o->header);
        return dict;
    }
    field_retain_locked(first, false);
    object_unlock(&o->header);
    ref_release(dict);
    return first;
}

// New references to the variables, for which `out` has room; how many there are.
static uint32_t copy_variables(FrameObject *o, Value *out) {
    Look look = look_begin(o);
    uint32_t count = look.frame ? o->code->local_count : 0;
    for (uint32_t i = 0; i < count; i++)
        out[i] = ref_new(look.frame->registers[i]);
    look_end(look);
    if (look.frame)
        return count;
    object_lock(&o->header);
    for (count = 0; count < o->count; count++)
        out[count] = ref_new(o->locals[count]);
    object_unlock(&o->header);
    return count;
}

static int show_copies(FrameObject *o, Value dict) {
    Value *copies = buffer_allocate((o->code->local_count + 1) * sizeof *copies);
    if (!copies)
        return raise_memory_error(), -1;
    uint32_t count = copy_variables(o, copies);
    int status =
        show_variables(dict, o->code, (Function *)value_object(o->function), copies, count);
    for (uint32_t i = 0; i < count; i++)
        ref_release(copies[i]);
    buffer_free(copies);
    return status;
}

static Value get_namespace(FrameObject *o) {
    Look look = look_begin(o);
    Value namespace = look.frame ? ref_new(look.frame->registers[0]) : VALUE_NULL;
    look_end(look);
    if (!look.frame) {
        object_lock(&o->header);
        namespace = o->count ? ref_new(o->locals[0]) : VALUE_NULL;
        object_unlock(&o->header);
    }
    return value_is_null(namespace) ? ref_new(((Function *)value_object(o->function))->globals)
                                    : namespace;
}

static Value get_locals(Value self) {
    FrameObject *o = frame_object_of(self);
    if (o->code->flags & CODE_HAS_NAMESPACE)
        return get_namespace(o);
    Value dict = locals_dict(o);
    if (value_is_null(dict))
        return dict;
    if (__atomic_load_n(&o->cleared, __ATOMIC_RELAXED))
        return dict;
    Frame *frame = live_frame(o);
    int status = frame && is_mine(frame) ? show_variables(dict, o->code, frame_function(frame),
                                                          frame->registers, o->code->local_count)
                                         : show_copies(o, dict);
    if (status < 0) {
        ref_release(dict);
        return VALUE_NULL;
    }
    return dict;
}

Value frame_locals(Frame *frame) {
    const Code *code = frame_code(frame);
    const Function *function = frame_function(frame);
    if (code->flags & CODE_HAS_NAMESPACE) {
        Value namespace = frame->registers[0];
        return ref_new(value_is_null(namespace) ? function->globals : namespace);
    }
    Value object = frame_object(frame);
    if (value_is_null(object))
        return object;
    Value dict = get_locals(object);
    ref_release(object);
    return dict;
}

void frame_object_refresh_locals(FrameObject *o) {
    Frame *frame = live_frame(o);
    if (frame && !value_is_null(o->dict) &&
        show_variables(o->dict, o->code, frame_function(frame), frame->registers,
                       o->code->local_count) < 0)
        error_clear();
}

// A variable that the dict does not have keeps its value: code may rely on its being bound.
static void write_variable(Value dict, Value name, Value *slot, bool is_cell) {
    Value v = dict_get_str(dict, name);
    if (value_is_null(v)) {
        error_clear();
        return;
    }
    if (is_cell && value_is_exactly(*slot, &cell_type)) {
        Cell *cell = (Cell *)value_object(*slot);
        field_store(&cell->header, &cell->value, v);
    } else {
        reg_set(slot, v);
    }
}

void frame_object_write_locals(FrameObject *o) {
    Frame *frame = live_frame(o);
    if (!frame || value_is_null(o->dict))
        return;
    const Code *code = o->code;
    for (uint32_t i = 0; i < code->local_count; i++) {
        Value name = tuple_item(code->local_names, i);
        if (str_length(name))
            write_variable(o->dict, name, &frame->registers[i], name_in(code->cell_names, name));
    }
    Value closure = frame_function(frame)->closure;
    for (int64_t i = 0; !value_is_null(closure) && i < tuple_length(code->free_names); i++) {
        Value cell = tuple_item(closure, i);
        write_variable(o->dict, tuple_item(code->free_names, i), &cell, true);
    }
}

void frame_object_set_trace(FrameObject *o, Value function) {
    field_store(&o->header, &o->trace, function);
}

// ---- attributes ---------------------------------------------------------------------------

static int line_of(const FrameObject *o, const Frame *frame) {
    if (o->call_event)
        return code_opening_line(o->code);
    if (o->event_line)
        return o->event_line;
    int line = code_line(o->code, frame ? frame_word(frame) : o->word);
    return line > 0 ? line : o->last_line;
}

int frame_object_line(Value self) {
    FrameObject *o = frame_object_of(self);
    Look look = look_begin(o);
    int line = line_of(o, look.frame);
    look_end(look);
    return line;
}

Value frame_object_code(Value self) {
    return value_from_object(frame_object_of(self)->code);
}

Value frame_object_globals(Value self) {
    return ((Function *)value_object(frame_object_of(self)->function))->globals;
}

static Value get_line(Value self) {
    int line = frame_object_line(self);
    bool known = line > 0 || frame_object_of(self)->call_event; // a module is called in line 0
    return known ? value_from_int(line) : none_new();
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
    Look look = look_begin(o);
    Frame *previous = look.frame ? frame_previous(look.frame) : NULL;
    Value back = previous     ? frame_object_of_thread(previous, o->thread_id)
                 : look.frame ? none_new()
                              : ref_new(o->back);
    look_end(look);
    return value_is_null(back) && !error_occurred() ? none_new() : back;
}
static Value get_lasti(Value self) {
    FrameObject *o = frame_object_of(self);
    Look look = look_begin(o);
    uint32_t word = look.frame ? frame_word(look.frame) : o->word;
    look_end(look);
    return value_from_int((int64_t)word * 2);
}
static Value get_trace(Value self) {
    FrameObject *o = frame_object_of(self);
    Value v = field_load(&o->header, &o->trace);
    return value_is_null(v) ? none_new() : v;
}
static int set_trace(Value self, Value value) {
    bool none = value_is_null(value) || value_is_none(value);
    frame_object_set_trace(frame_object_of(self), none ? VALUE_NULL : ref_new(value));
    return 0;
}
static int set_flag(bool *flag, Value value) {
    if (value_is_null(value) || !value_is_bool(value))
        return raise_int(&exception_TypeError, "attribute value type must be bool");
    __atomic_store_n(flag, value_same(value, VALUE_TRUE), __ATOMIC_RELAXED);
    return 0;
}
static Value get_trace_lines(Value self) {
    return bool_new(frame_object_of(self)->trace_lines);
}
static int set_trace_lines(Value self, Value value) {
    return set_flag(&frame_object_of(self)->trace_lines, value);
}
static Value get_trace_opcodes(Value self) {
    return bool_new(frame_object_of(self)->trace_opcodes);
}
static int set_trace_opcodes(Value self, Value value) {
    return set_flag(&frame_object_of(self)->trace_opcodes, value);
}

static int set_line(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    if (!value_is_any_int(value))
        return raise_int(&exception_ValueError, "lineno must be an integer");
    int64_t line;
    FrameObject *o = frame_object_of(self);
    Frame *frame = live_frame(o);
    const Thread *thread = thread_current();
    if (thread->trace_event == TRACE_EVENT_CALL)
        return raise_int(&exception_ValueError,
                         "can't jump from the 'call' trace event of a new frame");
    if (thread->trace_event != TRACE_EVENT_LINE)
        return raise_int(&exception_ValueError, "can only jump from a 'line' trace event");
    if (!frame || !thread->tracing || o->thread_id != thread->id || value_is_null(o->trace))
        return raise_int(&exception_ValueError, "f_lineno can only be set by a trace function");
    if (value_to_i64(value, &line) < 0)
        return -1;
    return trace_jump(frame, line < INT32_MIN || line > INT32_MAX ? -1 : (int)line);
}

static void drop_locals(FrameObject *o) {
    object_lock(&o->header);
    Value *locals = o->locals;
    uint32_t count = o->count;
    o->locals = NULL;
    o->count = 0;
    object_unlock(&o->header);
    for (uint32_t i = 0; i < count; i++)
        ref_release(locals[i]);
    buffer_free(locals);
}

// The generator whose frame this is, while it is suspended (its frame has no caller and no flags),
// or NULL.
static Generator *suspended_generator(Frame *frame) {
    return frame->info == 1 && !frame_previous(frame)
               ? (Generator *)((char *)frame - offsetof(Generator, frame))
               : NULL;
}

static Value frame_clear(Value self) {
    FrameObject *o = frame_object_of(self);
    Look look = look_begin(o);
    Generator *g = look.frame ? suspended_generator(look.frame) : NULL;
    Value generator = g ? ref_new(value_from_object(g)) : VALUE_NULL;
    look_end(look);
    if (look.frame) {
        if (!g)
            return raise_error(&exception_RuntimeError, "cannot clear an executing frame");
        if (g->header.type == &coroutine_type && !g->started)
            coroutine_warn_unawaited(generator);
        Value closed = generator_close(generator);
        if (value_is_null(closed))
            error_report_unraisable(NULL, generator);
        ref_release(closed);
        ref_release(generator);
    }
    drop_locals(o);
    field_clear(&o->header, &o->dict);
    __atomic_store_n(&o->cleared, true, __ATOMIC_RELAXED);
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
    Value back = o->back, trace = o->trace, dict = o->dict;
    o->back = o->trace = o->dict = VALUE_NULL;
    ref_release(dict);
    ref_release(back);
    ref_release(trace);
}

static void frame_destroy(Object *self) {
    FrameObject *o = (FrameObject *)self;
    frame_clear_slot(self);
    ref_release_unless_deferred(value_object(o->function));
    object_free_exact(self, sizeof(FrameObject), HEAP_CONTAINER);
}

static void frame_traverse(Object *self, GcVisitor *visitor) {
    FrameObject *o = (FrameObject *)self;
    gc_visit_register(visitor, o->function);
    gc_visit(visitor, o->back);
    gc_visit(visitor, o->trace);
    gc_visit(visitor, o->dict);
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
    {"f_lineno", get_line, set_line, NULL},
    {"f_code", get_code, NULL, NULL},
    {"f_globals", get_globals, NULL, NULL},
    {"f_builtins", get_builtins, NULL, NULL},
    {"f_back", get_back, NULL, NULL},
    {"f_lasti", get_lasti, NULL, NULL},
    {"f_trace", get_trace, set_trace, NULL},
    {"f_trace_lines", get_trace_lines, set_trace_lines, NULL},
    {"f_trace_opcodes", get_trace_opcodes, set_trace_opcodes, NULL},
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
