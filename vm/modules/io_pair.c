// SPDX-License-Identifier: MIT
//
// `_io.BufferedRWPair`: a BufferedReader and a BufferedWriter, to which everything is passed on.
#include "vm/modules/io_internal.h"

typedef struct {
    IoBase base;
    Value reader, writer; // set by __init__; guarded by the object's lock
} Pair;

static Value pair_allocate(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}
static int pair_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    int64_t size = IO_DEFAULT_BUFFER;
    if (arguments_no_keywords("BufferedRWPair", kwnames) < 0 ||
        arguments_count("BufferedRWPair", nargs, 2, 3) < 0 ||
        (nargs > 2 && value_to_size(args[2], &size) < 0))
        return -1;
    Value reader = io_buffered_new(&io_reader_type, args[0], size);
    Value writer = value_is_null(reader) ? reader : io_buffered_new(&io_writer_type, args[1], size);
    if (value_is_null(writer)) {
        ref_release(reader);
        return -1;
    }
    Pair *p = (Pair *)value_object(self);
    field_store(&p->base.header, &p->reader, reader);
    field_store(&p->base.header, &p->writer, writer);
    return 0;
}
static Value pair_pass(Value self, bool writer, const char *method, const Value *args,
                       size_t nargs) {
    Pair *p = (Pair *)value_object(self);
    if (thread_stack_is_low()) { // a pair can be its own half
        thread_raise_stack();
        return VALUE_NULL;
    }
    Value half = field_load(&p->base.header, writer ? &p->writer : &p->reader);
    if (value_is_null(half))
        return raise_value_error("I/O operation on uninitialized object");
    Value r = value_call_method_cstr(half, method, args, nargs);
    ref_release(half);
    return r;
}
static Value pair_read(Value self, const Value *args, size_t n) {
    return pair_pass(self, false, "read", args, n);
}
static Value pair_read1(Value self, const Value *args, size_t n) {
    return pair_pass(self, false, "read1", args, n);
}
static Value pair_peek(Value self, const Value *args, size_t n) {
    return pair_pass(self, false, "peek", args, n);
}
static Value pair_readinto(Value self, Value v) {
    return pair_pass(self, false, "readinto", &v, 1);
}
static Value pair_readable(Value self) {
    return pair_pass(self, false, "readable", NULL, 0);
}
static Value pair_write(Value self, Value v) {
    return pair_pass(self, true, "write", &v, 1);
}
static Value pair_flush(Value self) {
    return pair_pass(self, true, "flush", NULL, 0);
}
static Value pair_writable(Value self) {
    return pair_pass(self, true, "writable", NULL, 0);
}
static Value pair_close(Value self) {
    Value first = pair_pass(self, true, "close", NULL, 0);
    Value failure = value_is_null(first) ? error_take() : VALUE_NULL;
    ref_release(first);
    Value second = pair_pass(self, false, "close", NULL, 0);
    if (!value_is_null(failure)) {
        if (value_is_null(second)) { // the later one is raised, the first is its context
            Value error = error_take();
            exception_set_context(error, failure);
            failure = error;
        }
        ref_release(second);
        error_restore(failure);
        return VALUE_NULL;
    }
    return second;
}
static Value pair_isatty(Value self) {
    Value v = pair_pass(self, true, "isatty", NULL, 0);
    if (!value_same(v, VALUE_FALSE))
        return v;
    ref_release(v);
    return pair_pass(self, false, "isatty", NULL, 0);
}
static Value pair_closed(Value self) {
    Pair *p = (Pair *)value_object(self);
    if (thread_stack_is_low()) {
        thread_raise_stack();
        return VALUE_NULL;
    }
    Value writer = field_load(&p->base.header, &p->writer);
    if (value_is_null(writer))
        return raise_error(&exception_RuntimeError,
                           "the BufferedRWPair object is being garbage-collected");
    Value closed = value_getattr(writer, name_closed);
    ref_release(writer);
    return closed;
}
static void pair_destroy(Object *self) {
    Pair *p = (Pair *)self;
    io_base_drop(&p->base);
    ref_release(p->reader);
    ref_release(p->writer);
    type_free_instance(self);
}
static void pair_traverse(Object *self, GcVisitor *visitor) {
    Pair *p = (Pair *)self;
    gc_visit(visitor, p->base.dict);
    gc_visit(visitor, p->reader);
    gc_visit(visitor, p->writer);
}
static const NativeDef pair_methods[] = {DEF_FIXED("read", pair_read, 0, 1, NULL),
                                         DEF_FIXED("read1", pair_read1, 0, 1, NULL),
                                         DEF_FIXED("peek", pair_peek, 0, 1, NULL),
                                         DEF_ONE("readinto", pair_readinto, NULL),
                                         DEF_NONE("readable", pair_readable, NULL),
                                         DEF_ONE("write", pair_write, NULL),
                                         DEF_NONE("flush", pair_flush, NULL),
                                         DEF_NONE("writable", pair_writable, NULL),
                                         DEF_NONE("close", pair_close, NULL),
                                         DEF_NONE("isatty", pair_isatty, NULL),
                                         DEF_END};
static const GetSetDef pair_getsets[] = {{"closed", pair_closed, NULL, NULL}, {0}};
Type io_pair_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_io.BufferedRWPair",
    .basic_size = sizeof(Pair),
    .doc = "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)\n--\n\nA raw file "
           "to read from and one to write to, both buffered.",
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE,
    .dict_offset = offsetof(IoBase, dict),
    .base = &io_buffered_base_type,
    .call_new = pair_allocate,
    .init = pair_init,
    .destroy = pair_destroy,
    .traverse = pair_traverse,
    .methods = pair_methods,
    .getsets = pair_getsets,
};
