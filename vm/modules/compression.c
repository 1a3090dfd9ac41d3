// SPDX-License-Identifier: MIT
//
// What the objects of _bz2 and _lzma have in common (compression.h).
#include "vm/modules/compression.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/arguments.h"

enum { OUTPUT_MIN = 8192 };

bool compression_reserve(CompressionOutput *out) {
    if (out->length < out->capacity)
        return true;
    size_t capacity = out->capacity ? 2 * out->capacity : OUTPUT_MIN;
    capacity = capacity > out->limit ? out->limit : capacity;
    uint8_t *data = buffer_resize(out->data, capacity ? capacity : 1);
    if (!data)
        return false;
    out->data = data;
    out->capacity = capacity;
    return true;
}

Value compression_finish(CompressionOutput *out, int status) {
    Value bytes = status < 0 ? VALUE_NULL : bytes_new(out->data, out->length);
    buffer_free(out->data);
    return bytes;
}

Value compression_compress(Value self, Value data, CompressWork work) {
    BufferView view;
    Compression *c = compression_of(self);
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    mutex_lock(&c->mutex);
    Value result = c->flushed ? raise_value_error("Compressor has been flushed")
                              : work(c, view.data, (size_t)view.length, false);
    mutex_unlock(&c->mutex);
    buffer_view_release(&view);
    return result;
}

Value compression_flush(Value self, CompressWork work) {
    Compression *c = compression_of(self);
    mutex_lock(&c->mutex);
    Value result;
    if (c->flushed) {
        result = raise_value_error("Repeated call to flush()");
    } else {
        c->flushed = true;
        result = work(c, NULL, 0, true);
    }
    mutex_unlock(&c->mutex);
    return result;
}

// Puts data behind what is kept of earlier input. 0 or -1.
static int keep(Compression *c, const uint8_t *data, size_t length) {
    if (length == 0)
        return 0;
    uint8_t *kept = buffer_resize(c->kept, c->kept_length + length);
    if (!kept)
        return raise_memory_error(), -1;
    memcpy(kept + c->kept_length, data, length);
    c->kept = kept;
    c->kept_length += length;
    return 0;
}

Value compression_decompress(Value self, const Value *args, size_t nargs, Value kwnames,
                             const char *end, DecompressWork work) {
    static const char *const names[] = {"data", "max_length", NULL};
    Value v[2];
    int64_t most = -1;
    BufferView view;
    if (arguments_parse("decompress", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        (!value_is_null(v[1]) && size_argument(v[1], &most) < 0) ||
        buffer_view_get(v[0], &view, false) < 0)
        return VALUE_NULL;
    Compression *c = compression_of(self);
    Value result = VALUE_NULL;
    mutex_lock(&c->mutex);
    if (c->eof)
        raise_error(&exception_EOFError, "%s", end);
    else if (keep(c, view.data, (size_t)view.length) == 0)
        result = work(c, most < 0 ? SIZE_MAX : (size_t)most);
    mutex_unlock(&c->mutex);
    buffer_view_release(&view);
    return result;
}

int compression_took(Compression *c, const uint8_t *data, size_t left, bool ended, bool full) {
    int status = 0;
    if (ended) {
        Value unused = bytes_new(data, left);
        if (value_is_null(unused))
            status = -1;
        else
            field_store(&c->header, &c->unused, unused);
        left = 0;
        __atomic_store_n(&c->eof, true, __ATOMIC_RELAXED);
    }
    if (left)
        memmove(c->kept, data, left);
    c->kept_length = left;
    __atomic_store_n(&c->needs_input, !ended && left == 0 && !full, __ATOMIC_RELAXED);
    return status;
}

int compression_start(Compression *c) {
    c->needs_input = true;
    c->unused = bytes_new(NULL, 0);
    return value_is_null(c->unused) ? -1 : 0;
}
void compression_drop(Compression *c) {
    ref_release(c->unused);
    buffer_free(c->kept);
}
void compression_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Compression *)self)->unused);
}

Value compression_eof(Value self) {
    return bool_new(__atomic_load_n(&compression_of(self)->eof, __ATOMIC_RELAXED));
}
Value compression_needs_input(Value self) {
    return bool_new(__atomic_load_n(&compression_of(self)->needs_input, __ATOMIC_RELAXED));
}
