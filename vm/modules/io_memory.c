// SPDX-License-Identifier: MIT
//
// `_io`: files in memory (BytesIO, StringIO). All state is guarded by an IoLock.
#include "vm/modules/io_internal.h"
#include "vm/types/text_search.h"

// ---- BytesIO ---------------------------------------------------------------------------------

typedef struct {
    IoBase base;
    IoLock lock;
    uint8_t *data;
    int64_t length, capacity, position;
    int64_t exports; // views held; relaxed: grows within the lock, shrinks anywhere
} BytesIO;

static inline BytesIO *bytes_io_of(Value v) {
    return (BytesIO *)value_object(v);
}
static Value memory_allocate(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}
static int begin_bytes(Value self) {
    BytesIO *b = bytes_io_of(self);
    if (__atomic_load_n(&b->base.closed, __ATOMIC_ACQUIRE)) {
        io_closed_error();
        return -1;
    }
    return io_enter(&b->lock, self);
}
static Value end_bytes(Value self, Value result) {
    io_leave(&bytes_io_of(self)->lock, self);
    return result;
}
static int reserve_bytes(BytesIO *b, int64_t length) {
    if (length <= b->capacity)
        return 0;
    int64_t capacity = length + length / 2 + 64;
    uint8_t *larger = buffer_resize(b->data, (size_t)capacity);
    if (!larger) {
        raise_memory_error();
        return -1;
    }
    b->data = larger;
    b->capacity = capacity;
    return 0;
}
// Is a view held? One that is dead but not yet destroyed is let go of.
static bool is_exported(const BytesIO *b) {
    if (__atomic_load_n(&b->exports, __ATOMIC_RELAXED) == 0)
        return false;
    return !gc_find_dead() || __atomic_load_n(&b->exports, __ATOMIC_RELAXED) != 0;
}
// With the lock: a piece of the data as bytes. The data does not change under the lock, except
// through views, whose guard is the object's lock.
static Value copy_out(Value self, const uint8_t *from, int64_t length) {
    uint8_t *to;
    Value result = bytes_allocate(length, &to);
    if (length && !value_is_null(result)) {
        object_lock(value_object(self));
        memcpy(to, from, (size_t)length);
        object_unlock(value_object(self));
    }
    return result;
}
static int write_bytes(BytesIO *b, const void *data, int64_t n) {
    if (is_exported(b))
        return raise_int(&exception_BufferError,
                         "Existing exports of data: object cannot be re-sized");
    if (n == 0)
        return 0;
    if (reserve_bytes(b, b->position + n) < 0)
        return -1;
    if (b->position > b->length)
        memset(b->data + b->length, 0, (size_t)(b->position - b->length));
    memcpy(b->data + b->position, data, (size_t)n);
    b->position += n;
    if (b->position > b->length)
        b->length = b->position;
    return 0;
}
static int bytes_io_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"initial_bytes", NULL};
    Value v[1];
    if (arguments_parse("BytesIO", args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return -1;
    bool given = !value_is_null(v[0]) && !value_is_none(v[0]);
    BufferView view = {0};
    if (given && buffer_view_get_brief(v[0], &view) < 0)
        return -1;
    BytesIO *b = bytes_io_of(self);
    int status = io_enter(&b->lock, self);
    if (status == 0) {
        b->length = b->position = 0;
        __atomic_store_n(&b->base.closed, false, __ATOMIC_RELEASE);
        status = given ? write_bytes(b, view.data, view.length) : 0;
        b->position = 0;
        io_leave(&b->lock, self);
    }
    if (given)
        buffer_view_release(&view);
    return status;
}
static Value bytes_io_read(Value self, const Value *args, size_t nargs) {
    int64_t n;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &n) < 0 || begin_bytes(self) < 0)
        return VALUE_NULL;
    BytesIO *b = bytes_io_of(self);
    int64_t have = b->length > b->position ? b->length - b->position : 0;
    if (n < 0 || n > have)
        n = have;
    Value v = copy_out(self, b->data + (n ? b->position : 0), n);
    b->position += n;
    return end_bytes(self, v);
}
// With the lock: the next line, or as much of it as the limit (< 0: none) allows.
static Value next_line(Value self, int64_t limit) {
    BytesIO *b = bytes_io_of(self);
    int64_t have = b->length > b->position ? b->length - b->position : 0;
    const uint8_t *from = b->data + (have ? b->position : 0);
    object_lock(value_object(self));
    const uint8_t *newline = have ? memchr(from, '\n', (size_t)have) : NULL;
    object_unlock(value_object(self));
    int64_t n = newline ? newline - from + 1 : have;
    if (limit >= 0 && n > limit)
        n = limit;
    Value v = copy_out(self, from, n);
    b->position += n;
    return v;
}
static Value bytes_io_readline(Value self, const Value *args, size_t nargs) {
    int64_t limit;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &limit) < 0 || begin_bytes(self) < 0)
        return VALUE_NULL;
    return end_bytes(self, next_line(self, limit));
}
// Unlike that of other files it stops once the lines reach the hint, and calls no method.
static Value bytes_io_readlines(Value self, const Value *args, size_t nargs) {
    int64_t hint = -1, total = 0;
    if (begin_bytes(self) < 0)
        return VALUE_NULL;
    if (nargs && !value_is_none(args[0]) && !value_is_any_int(args[0]) &&
        !value_type(args[0])->index)
        return end_bytes(self, raise_type_error("integer argument expected, got '%T'", args[0]));
    end_bytes(self, VALUE_NULL);
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &hint) < 0 || begin_bytes(self) < 0)
        return VALUE_NULL;
    Value list = list_new();
    while (!value_is_null(list)) {
        Value line = next_line(self, -1);
        int64_t n = value_is_null(line) ? -1 : bytes_length(line);
        if (n == 0) {
            ref_release(line);
            break;
        }
        if (n < 0 || list_append_owned(list, line) < 0) {
            ref_release(list);
            return end_bytes(self, VALUE_NULL);
        }
        total += n;
        if (hint > 0 && total >= hint)
            break;
    }
    return end_bytes(self, list);
}
static Value bytes_io_readinto(Value self, Value target) {
    BufferView view;
    if (io_target_view(target, &view) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (begin_bytes(self) == 0) {
        BytesIO *b = bytes_io_of(self);
        int64_t n = b->length > b->position ? b->length - b->position : 0;
        if (n > view.length)
            n = view.length;
        if (n) {
            object_lock(value_object(self));
            memcpy(view.data, b->data + b->position, (size_t)n);
            object_unlock(value_object(self));
        }
        b->position += n;
        result = end_bytes(self, int_from_i64(n));
    }
    buffer_view_release(&view);
    return result;
}
static Value bytes_io_write(Value self, Value source) {
    if (LIKELY(value_is_exactly(source, &bytes_type))) { // no view is needed of what never changes
        if (begin_bytes(self) < 0)
            return VALUE_NULL;
        int64_t n = bytes_length(source);
        int status = write_bytes(bytes_io_of(self), bytes_data(source), n);
        return end_bytes(self, status < 0 ? VALUE_NULL : int_from_i64(n));
    }
    BufferView view;
    if (value_is_str(source))
        return raise_type_error("a bytes-like object is required, not '%T'", source);
    if (buffer_view_get_brief(source, &view) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (begin_bytes(self) == 0)
        result = end_bytes(self, write_bytes(bytes_io_of(self), view.data, view.length) < 0
                                     ? VALUE_NULL
                                     : int_from_i64(view.length));
    buffer_view_release(&view);
    return result;
}
static Value bytes_io_getvalue(Value self) {
    if (begin_bytes(self) < 0)
        return VALUE_NULL;
    BytesIO *b = bytes_io_of(self);
    return end_bytes(self, copy_out(self, b->data, b->length));
}
static Value bytes_io_getbuffer(Value self) {
    return __atomic_load_n(&bytes_io_of(self)->base.closed, __ATOMIC_ACQUIRE)
               ? io_closed_error()
               : memoryview_new(self);
}
static Value bytes_io_seek(Value self, const Value *args, size_t nargs) {
    int64_t offset, whence = 0;
    if (value_to_i64(args[0], &offset) < 0 || (nargs > 1 && value_to_i64(args[1], &whence) < 0) ||
        begin_bytes(self) < 0)
        return VALUE_NULL;
    BytesIO *b = bytes_io_of(self);
    if (whence < 0 || whence > 2 || (whence == 0 && offset < 0)) {
        if (whence == 0)
            raise_value_error("negative seek value %lld", (long long)offset);
        else
            raise_value_error("invalid whence (%lld, should be 0, 1 or 2)", (long long)whence);
        return end_bytes(self, VALUE_NULL);
    }
    int64_t at = offset + (whence == 1 ? b->position : whence == 2 ? b->length : 0);
    b->position = at < 0 ? 0 : at;
    return end_bytes(self, int_from_i64(b->position));
}
static Value bytes_io_tell(Value self) {
    if (begin_bytes(self) < 0)
        return VALUE_NULL;
    return end_bytes(self, int_from_i64(bytes_io_of(self)->position));
}
static Value bytes_io_truncate(Value self, const Value *args, size_t nargs) {
    int64_t size = -1;
    bool given = nargs && !value_is_none(args[0]);
    if ((given && value_to_i64(args[0], &size) < 0) || begin_bytes(self) < 0)
        return VALUE_NULL;
    BytesIO *b = bytes_io_of(self);
    if (!given)
        size = b->position;
    if (size < 0)
        raise_value_error("negative size value %lld", (long long)size);
    else if (is_exported(b))
        raise_error(&exception_BufferError, "Existing exports of data: object cannot be re-sized");
    else if (size < b->length)
        b->length = size;
    return end_bytes(self, error_occurred() ? VALUE_NULL : int_from_i64(size));
}
static Value bytes_io_close(Value self) {
    BytesIO *b = bytes_io_of(self);
    if (is_exported(b))
        return raise_error(&exception_BufferError,
                           "Existing exports of data: object cannot be re-sized");
    __atomic_store_n(&b->base.closed, true, __ATOMIC_RELEASE);
    return none_new();
}
static Value memory_true(Value self) {
    return __atomic_load_n(&((IoBase *)value_object(self))->closed, __ATOMIC_ACQUIRE)
               ? io_closed_error()
               : bool_new(true);
}
static Value memory_false(Value self) {
    return __atomic_load_n(&((IoBase *)value_object(self))->closed, __ATOMIC_ACQUIRE)
               ? io_closed_error()
               : bool_new(false);
}
static Value memory_flush(Value self) {
    return __atomic_load_n(&((IoBase *)value_object(self))->closed, __ATOMIC_ACQUIRE)
               ? io_closed_error()
               : none_new();
}
static Value bytes_io_next(Value self) {
    if (begin_bytes(self) < 0)
        return VALUE_NULL;
    Value line = end_bytes(self, next_line(self, -1));
    if (!value_is_null(line) && bytes_length(line) == 0) {
        ref_release(line);
        return VALUE_NULL;
    }
    return line;
}
static int bytes_io_get_buffer(Value self, BufferView *view, bool writable) {
    if (begin_bytes(self) < 0)
        return -1;
    BytesIO *b = bytes_io_of(self);
    *view = (BufferView){.data = b->data,
                         .length = b->length,
                         .item_size = 1,
                         .format = "B",
                         .ndim = 1,
                         .guard = buffer_guard_object};
    __atomic_add_fetch(&b->exports, 1, __ATOMIC_RELAXED);
    end_bytes(self, VALUE_NULL);
    return 0;
}
static void bytes_io_release_buffer(Value self, BufferView *view) {
    __atomic_sub_fetch(&bytes_io_of(self)->exports, 1, __ATOMIC_RELAXED);
}
static void bytes_io_destroy(Object *self) {
    io_base_drop(&((BytesIO *)self)->base);
    buffer_free(((BytesIO *)self)->data);
    type_free_instance(self);
}
static void memory_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((IoBase *)self)->dict);
}
static Value get_closed(Value self) {
    return bool_new(__atomic_load_n(&((IoBase *)value_object(self))->closed, __ATOMIC_ACQUIRE));
}

// ---- pickling and copying: a tuple of the content, the position and the attributes -----------

// The attributes for a state: a copy of the dict, None without any. A new reference.
static Value attributes_state(Value self) {
    Value dict;
    int found = value_lookup_attr_cstr(self, "__dict__", &dict);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : none_new();
    Value result = value_is_dict(dict) && dict_length(dict) == 0
                       ? none_new()
                       : value_call_method_cstr(dict, "copy", NULL, 0);
    ref_release(dict);
    return result;
}
// A state is to be a tuple of `count` items. 0 or -1.
static int check_state(Value self, Value state, int64_t count) {
    if (value_is_tuple(state) && tuple_length(state) >= count)
        return 0;
    return raise_int(&exception_TypeError, "%T.__setstate__ argument should be %lld-tuple, got %T",
                     self, (long long)count, state);
}
static int position_of_state(Value v, const char *complaint, int64_t *position) {
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, complaint, v);
    if (value_to_i64(v, position) < 0)
        return -1;
    if (*position < 0)
        return raise_int(&exception_ValueError, "position value cannot be negative");
    return 0;
}
static int set_attributes(Value self, Value given, const char *complaint) {
    if (value_is_none(given))
        return 0;
    if (!value_is_dict(given))
        return raise_int(&exception_TypeError, complaint, given);
    Value dict = value_getattr_cstr(self, "__dict__");
    Value r = value_is_null(dict) ? VALUE_NULL : value_call_method_cstr(dict, "update", &given, 1);
    int status = value_is_null(r) ? -1 : 0;
    ref_release(r);
    ref_release(dict);
    return status;
}

static Value bytes_io_getstate(Value self) {
    Value content = bytes_io_getvalue(self);
    Value position = value_is_null(content) ? VALUE_NULL : bytes_io_tell(self);
    Value attributes = value_is_null(position) ? VALUE_NULL : attributes_state(self);
    Value state =
        value_is_null(attributes) ? VALUE_NULL : tuple_pack(3, content, position, attributes);
    ref_release(attributes);
    ref_release(position);
    ref_release(content);
    return state;
}
static Value bytes_io_setstate(Value self, Value state) {
    int64_t position = 0;
    BufferView view;
    if (check_state(self, state, 3) < 0 || begin_bytes(self) < 0)
        return VALUE_NULL;
    BytesIO *b = bytes_io_of(self);
    int status = -1;
    if (is_exported(b)) {
        raise_error(&exception_BufferError, "Existing exports of data: object cannot be re-sized");
    } else {
        b->length = b->position = 0;
        if (buffer_view_get_brief(tuple_item(state, 0), &view) == 0) {
            status = write_bytes(b, view.data, view.length);
            buffer_view_release(&view);
        }
    }
    if (status == 0)
        status = position_of_state(tuple_item(state, 1),
                                   "second item of state must be an integer, not %T", &position);
    if (status == 0)
        b->position = position;
    end_bytes(self, VALUE_NULL);
    if (status < 0 || set_attributes(self, tuple_item(state, 2),
                                     "third item of state should be a dict, got a %T") < 0)
        return VALUE_NULL;
    return none_new();
}

static const NativeDef bytes_io_methods[] = {DEF_FIXED("read", bytes_io_read, 0, 1, NULL),
                                             DEF_FIXED("read1", bytes_io_read, 0, 1, NULL),
                                             DEF_FIXED("readline", bytes_io_readline, 0, 1, NULL),
                                             DEF_FIXED("readlines", bytes_io_readlines, 0, 1, NULL),
                                             DEF_ONE("readinto", bytes_io_readinto, NULL),
                                             DEF_ONE("write", bytes_io_write, NULL),
                                             DEF_NONE("getvalue", bytes_io_getvalue, NULL),
                                             DEF_NONE("getbuffer", bytes_io_getbuffer, NULL),
                                             DEF_FIXED("seek", bytes_io_seek, 1, 2, NULL),
                                             DEF_NONE("tell", bytes_io_tell, NULL),
                                             DEF_FIXED("truncate", bytes_io_truncate, 0, 1, NULL),
                                             DEF_NONE("close", bytes_io_close, NULL),
                                             DEF_NONE("readable", memory_true, NULL),
                                             DEF_NONE("writable", memory_true, NULL),
                                             DEF_NONE("seekable", memory_true, NULL),
                                             DEF_NONE("isatty", memory_false, NULL),
                                             DEF_NONE("flush", memory_flush, NULL),
                                             DEF_NONE("__getstate__", bytes_io_getstate, NULL),
                                             DEF_ONE("__setstate__", bytes_io_setstate, NULL),
                                             DEF_END};
static const GetSetDef memory_getsets[] = {{"closed", get_closed, NULL, NULL}, {0}};

Type io_bytes_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_io.BytesIO",
    .basic_size = sizeof(BytesIO),
    .doc = "BytesIO(initial_bytes=b'')\n--\n\nA binary file in memory.",
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE,
    .dict_offset = offsetof(IoBase, dict),
    .base = &io_buffered_base_type,
    .call_new = memory_allocate,
    .init = bytes_io_init,
    .destroy = bytes_io_destroy,
    .traverse = memory_traverse,
    .next = bytes_io_next,
    .get_buffer = bytes_io_get_buffer,
    .release_buffer = bytes_io_release_buffer,
    .methods = bytes_io_methods,
    .getsets = memory_getsets,
};

// ---- StringIO ---------------------------------------------------------------------------------

typedef struct {
    IoBase base;
    IoLock lock;
    void *data;                         // Latin-1, or code points of 32 bits (wide)
    int64_t length, capacity, position; // in characters
    bool wide;
    bool ascii;            // all that was written since the file was last empty is
    bool translate;        // \r\n and \r become \n when written
    bool universal;        // any of them ends a line
    char line_end[3];      // else this does
    char write_newline[3]; // what \n becomes when written
    uint8_t seen;          // SEEN_*, if universal
} StringIO;

static inline StringIO *string_io_of(Value v) {
    return (StringIO *)value_object(v);
}
static int begin_string(Value self) {
    StringIO *s = string_io_of(self);
    if (__atomic_load_n(&s->base.closed, __ATOMIC_ACQUIRE))
        return raise_int(&exception_ValueError, "I/O operation on closed file");
    return io_enter(&s->lock, self);
}
static Value end_string(Value self, Value result) {
    io_leave(&string_io_of(self)->lock, self);
    return result;
}
static unsigned kind_of_data(const StringIO *s) {
    return s->wide ? 2 : 0;
}
// Nothing is in it any more.
static void empty(StringIO *s) {
    s->length = 0;
    s->ascii = true;
    if (s->wide) {
        s->wide = false;
        s->capacity *= (int64_t)sizeof(uint32_t);
    }
}
// Room for n characters at the position, of 32 bits if `wide`. 0 or -1.
static int grow(StringIO *s, int64_t n, bool wide) {
    int64_t capacity = s->capacity;
    if (n > capacity - s->position) {
        if (s->position > INT64_MAX / 16 - n) {
            raise_memory_error();
            return -1;
        }
        capacity = s->position + n + (s->position + n) / 2 + 64;
    }
    unsigned kind = wide ? 2 : 0;
    void *larger = wide == s->wide ? buffer_resize(s->data, (size_t)capacity << kind)
                                   : buffer_allocate((size_t)capacity << kind);
    if (!larger) {
        raise_memory_error();
        return -1;
    }
    if (wide != s->wide) {
        if (s->length)
            units_copy(larger, 2, 0, s->data, 0, 0, s->length);
        buffer_free(s->data);
    }
    s->data = larger;
    s->capacity = capacity;
    s->wide = wide;
    return 0;
}
// Makes room for n characters of a kind at the position and fills what lies before it. 0 or -1.
static inline int make_room(StringIO *s, int64_t n, unsigned kind) {
    bool wide = s->wide || kind > 0;
    if (UNLIKELY(wide != s->wide || n > s->capacity - s->position) && grow(s, n, wide) < 0)
        return -1;
    if (UNLIKELY(s->length < s->position)) {
        memset((char *)s->data + (s->length << kind_of_data(s)), 0,
               (size_t)(s->position - s->length) << kind_of_data(s));
        s->length = s->position;
    }
    return 0;
}
static int put_point(StringIO *s, uint32_t c) {
    if (make_room(s, 1, kind_for_bound(c)) < 0)
        return -1;
    s->ascii &= c < 0x80;
    unit_set(s->data, kind_of_data(s), s->position++, c);
    if (s->position > s->length)
        s->length = s->position;
    return 0;
}
static inline uint32_t point_at(const StringIO *s, int64_t i) {
    return unit_at(s->data, kind_of_data(s), i);
}
// Some characters of the data.
static Value piece(const StringIO *s, int64_t from, int64_t n) {
    if (n == 0)
        return str_empty();
    if (s->wide)
        return str_from_ucs4((const uint32_t *)s->data + from, (size_t)n);
    const uint8_t *data = (const uint8_t *)s->data + from;
    return s->ascii ? str_from_ascii((const char *)data, (size_t)n)
                    : str_from_latin1(data, (size_t)n);
}
static int write_text(StringIO *s, Value text) {
    int64_t n = str_length(text);
    if (!*s->write_newline && (!s->universal || str_find_char(text, '\r', 0, n) < 0)) {
        if (n == 0)
            return 0;
        if (s->universal && str_find_char(text, '\n', 0, n) >= 0)
            s->seen |= SEEN_LF;
        if (make_room(s, n, str_kind(text)) < 0)
            return -1;
        s->ascii &= str_is_ascii(text);
        units_copy(s->data, kind_of_data(s), s->position, str_data(text), str_kind(text), 0, n);
        s->position += n;
        if (s->position > s->length)
            s->length = s->position;
        return 0;
    }
    for (int64_t i = 0; i < n; i++) {
        uint32_t c = str_at(text, i);
        bool pair = c == '\r' && i + 1 < n && str_at(text, i + 1) == '\n';
        if (s->universal && (c == '\r' || (c == '\n' && (i == 0 || str_at(text, i - 1) != '\r'))))
            s->seen |= c == '\n' ? SEEN_LF : pair ? SEEN_CRLF : SEEN_CR;
        if (c == '\r' && s->translate) {
            i += pair;
            c = '\n';
        }
        if (c == '\n' && *s->write_newline) {
            for (const char *p = s->write_newline; *p; p++)
                if (put_point(s, (uint8_t)*p) < 0)
                    return -1;
        } else if (put_point(s, c) < 0) {
            return -1;
        }
    }
    return 0;
}
// v: initial_value and newline, each of which may be missing. With the lock.
static int string_io_set(StringIO *s, const Value v[2]) {
    empty(s);
    s->position = 0;
    s->translate = s->universal = false;
    s->seen = 0;
    strcpy(s->line_end, "\n");
    *s->write_newline = 0;
    if (!value_is_null(v[1])) {
        if (value_is_none(v[1])) {
            s->translate = s->universal = true;
        } else if (!value_is_str(v[1])) {
            return raise_int(&exception_TypeError, "newline must be str or None, not %T", v[1]);
        } else if (str_length(v[1]) == 0) {
            s->universal = true;
        } else if (str_equal_cstr(v[1], "\r") || str_equal_cstr(v[1], "\r\n")) {
            str_copy_bounded(v[1], s->line_end, sizeof s->line_end);
            strcpy(s->write_newline, s->line_end);
        } else if (!str_equal_cstr(v[1], "\n")) {
            return raise_int(&exception_ValueError, "illegal newline value: %R", v[1]);
        }
    }
    if (value_is_null(v[0]) || value_is_none(v[0]))
        return 0;
    if (!value_is_str(v[0]))
        return raise_int(&exception_TypeError, "initial_value must be str or None, not %T", v[0]);
    int status = write_text(s, v[0]);
    s->position = 0;
    return status;
}
static int string_io_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"initial_value", "newline", NULL};
    Value v[2];
    StringIO *s = string_io_of(self);
    if (arguments_parse("StringIO", args, nargs, kwnames, names, 0, 2, 0, v) < 0 ||
        io_enter(&s->lock, self) < 0)
        return -1;
    int status = string_io_set(s, v);
    __atomic_store_n(&s->base.closed, false, __ATOMIC_RELEASE);
    io_leave(&s->lock, self);
    return status;
}
static Value string_io_write(Value self, Value text) {
    if (!value_is_str(text))
        return raise_type_error("string argument expected, got '%T'", text);
    if (begin_string(self) < 0)
        return VALUE_NULL;
    int status = write_text(string_io_of(self), text);
    return end_string(self, status < 0 ? VALUE_NULL : int_from_i64(str_length(text)));
}
static Value string_io_read(Value self, const Value *args, size_t nargs) {
    int64_t n;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &n) < 0 || begin_string(self) < 0)
        return VALUE_NULL;
    StringIO *s = string_io_of(self);
    int64_t have = s->length > s->position ? s->length - s->position : 0;
    if (n < 0 || n > have)
        n = have;
    Value v = piece(s, s->position, n);
    s->position += n;
    return end_string(self, v);
}
static int64_t line_length(StringIO *s, int64_t limit) {
    int64_t n = 0, have = s->length > s->position ? s->length - s->position : 0;
    if (limit >= 0 && have > limit)
        have = limit;
    if (!s->universal && !s->line_end[1]) { // one character ends lines
        unsigned kind = kind_of_data(s);
        const char *from = s->data;
        int64_t found =
            have ? units_find_unit(from + (s->position << kind), kind, have, (uint8_t)*s->line_end)
                 : -1;
        return found >= 0 ? found + 1 : have;
    }
    if (!s->wide && have) { // to where a line may end
        const uint8_t *from = (const uint8_t *)s->data + s->position;
        int64_t found = bytes_find_either(from, have, '\n', '\r');
        n = found < 0 ? have : found;
    }
    while (n < have) {
        uint32_t c = point_at(s, s->position + n++);
        if (s->universal) {
            if (c == '\n')
                break;
            if (c == '\r') {
                if (n < have && point_at(s, s->position + n) == '\n')
                    n++;
                break;
            }
        } else if (c == '\n' && n > 1 && point_at(s, s->position + n - 2) == '\r') {
            break; // the two of "\r\n"
        }
    }
    return n;
}
static Value string_io_readline(Value self, const Value *args, size_t nargs) {
    int64_t limit;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &limit) < 0 || begin_string(self) < 0)
        return VALUE_NULL;
    StringIO *s = string_io_of(self);
    int64_t n = line_length(s, limit);
    Value v = piece(s, s->position, n);
    s->position += n;
    return end_string(self, v);
}
static Value string_io_next(Value self) {
    Value line = string_io_readline(self, NULL, 0);
    if (!value_is_null(line) && str_length(line) == 0) {
        ref_release(line);
        return VALUE_NULL;
    }
    return line;
}
static Value string_io_getvalue(Value self) {
    if (begin_string(self) < 0)
        return VALUE_NULL;
    StringIO *s = string_io_of(self);
    return end_string(self, piece(s, 0, s->length));
}
static Value string_io_seek(Value self, const Value *args, size_t nargs) {
    int64_t offset, whence = 0;
    if (value_to_i64(args[0], &offset) < 0 || (nargs > 1 && value_to_i64(args[1], &whence) < 0) ||
        begin_string(self) < 0)
        return VALUE_NULL;
    StringIO *s = string_io_of(self);
    if (whence < 0 || whence > 2)
        raise_value_error("Invalid whence (%lld, should be 0, 1 or 2)", (long long)whence);
    else if (whence == 0 && offset < 0)
        raise_value_error("Negative seek position %lld", (long long)offset);
    else if (whence && offset)
        raise_error(&exception_OSError, "Can't do nonzero cur-relative seeks");
    else
        s->position = whence == 0 ? offset : whence == 1 ? s->position : s->length;
    return end_string(self, error_occurred() ? VALUE_NULL : int_from_i64(s->position));
}
static Value string_io_tell(Value self) {
    if (begin_string(self) < 0)
        return VALUE_NULL;
    return end_string(self, int_from_i64(string_io_of(self)->position));
}
static Value string_io_truncate(Value self, const Value *args, size_t nargs) {
    int64_t size = 0;
    bool given = nargs && !value_is_none(args[0]);
    if ((given && value_to_i64(args[0], &size) < 0) || begin_string(self) < 0)
        return VALUE_NULL;
    StringIO *s = string_io_of(self);
    if (!given)
        size = s->position;
    if (size < 0)
        raise_value_error("Negative size value %lld", (long long)size);
    else if (size == 0)
        empty(s);
    else if (size < s->length)
        s->length = size;
    return end_string(self, error_occurred() ? VALUE_NULL : int_from_i64(size));
}
static Value string_io_close(Value self) {
    __atomic_store_n(&string_io_of(self)->base.closed, true, __ATOMIC_RELEASE);
    return none_new();
}
static Value string_io_none(Value self) {
    return none_new();
}
static Value string_io_line_buffering(Value self) {
    if (__atomic_load_n(&string_io_of(self)->base.closed, __ATOMIC_ACQUIRE))
        return raise_value_error("I/O operation on closed file");
    return bool_new(false);
}
static void string_io_destroy(Object *self) {
    io_base_drop(&((StringIO *)self)->base);
    buffer_free(((StringIO *)self)->data);
    type_free_instance(self);
}
static Value string_io_get_newlines(Value self) {
    if (begin_string(self) < 0)
        return VALUE_NULL;
    uint8_t seen = string_io_of(self)->seen;
    end_string(self, VALUE_NULL);
    return io_newlines_seen(seen);
}
static Value string_io_getstate(Value self) {
    Value content = string_io_getvalue(self), newline = VALUE_NULL, state = VALUE_NULL;
    if (value_is_null(content))
        return VALUE_NULL;
    const StringIO *s = string_io_of(self);
    Value position = string_io_tell(self);
    Value attributes = value_is_null(position) ? VALUE_NULL : attributes_state(self);
    if (!value_is_null(attributes))
        newline = s->translate ? none_new() : str_from_cstr(s->universal ? "" : s->line_end);
    if (!value_is_null(newline))
        state = tuple_pack(4, content, newline, position, attributes);
    ref_release(newline);
    ref_release(attributes);
    ref_release(position);
    ref_release(content);
    return state;
}
static Value string_io_setstate(Value self, Value state) {
    if (__atomic_load_n(&string_io_of(self)->base.closed, __ATOMIC_ACQUIRE))
        return raise_value_error("I/O operation on closed file");
    if (check_state(self, state, 4) < 0 || begin_string(self) < 0)
        return VALUE_NULL;
    StringIO *s = string_io_of(self);
    Value given[2] = {tuple_item(state, 0), tuple_item(state, 1)};
    int status = string_io_set(s, given);
    // The content has been translated before: it is taken as it is.
    empty(s);
    s->position = 0;
    int64_t length = status < 0 || value_is_none(given[0]) ? 0 : str_length(given[0]), position = 0;
    for (int64_t i = 0; status == 0 && i < length; i++)
        status = put_point(s, str_at(given[0], i));
    s->position = 0;
    if (status == 0)
        status = position_of_state(tuple_item(state, 2),
                                   "third item of state must be an integer, got %T", &position);
    if (status == 0)
        s->position = position;
    end_string(self, VALUE_NULL);
    if (status < 0 || set_attributes(self, tuple_item(state, 3),
                                     "fourth item of state should be a dict, got a %T") < 0)
        return VALUE_NULL;
    return none_new();
}

static const NativeDef string_io_methods[] = {DEF_ONE("write", string_io_write, NULL),
                                              DEF_FIXED("read", string_io_read, 0, 1, NULL),
                                              DEF_FIXED("readline", string_io_readline, 0, 1, NULL),
                                              DEF_NONE("getvalue", string_io_getvalue, NULL),
                                              DEF_FIXED("seek", string_io_seek, 1, 2, NULL),
                                              DEF_NONE("tell", string_io_tell, NULL),
                                              DEF_FIXED("truncate", string_io_truncate, 0, 1, NULL),
                                              DEF_NONE("close", string_io_close, NULL),
                                              DEF_NONE("readable", memory_true, NULL),
                                              DEF_NONE("writable", memory_true, NULL),
                                              DEF_NONE("seekable", memory_true, NULL),
                                              DEF_NONE("isatty", memory_false, NULL),
                                              DEF_NONE("flush", memory_flush, NULL),
                                              DEF_NONE("__getstate__", string_io_getstate, NULL),
                                              DEF_ONE("__setstate__", string_io_setstate, NULL),
                                              DEF_END};
static const GetSetDef string_io_getsets[] = {
    {"closed", get_closed, NULL, NULL},
    {"encoding", string_io_none, NULL, NULL},
    {"errors", string_io_none, NULL, NULL},
    {"newlines", string_io_get_newlines, NULL, NULL},
    {"line_buffering", string_io_line_buffering, NULL, NULL},
    {0}};

Type io_string_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_io.StringIO",
    .basic_size = sizeof(StringIO),
    .doc = "StringIO(initial_value='', newline='\\n')\n--\n\nA text file in memory.",
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE,
    .dict_offset = offsetof(IoBase, dict),
    .base = &io_text_base_type,
    .call_new = memory_allocate,
    .init = string_io_init,
    .destroy = string_io_destroy,
    .traverse = memory_traverse,
    .next = string_io_next,
    .methods = string_io_methods,
    .getsets = string_io_getsets,
};
