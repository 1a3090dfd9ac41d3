// SPDX-License-Identifier: MIT
//
// Positions in a text that a decoder of Python's codecs reads (CODING_OTHER). The decoder has a
// state, and only it knows which bytes gave which characters: its state from before the chunk is
// kept (Text.snapshot), and tell() has it decode the chunk again, up to where reading has come.
//
// A position is one integer, made as `_pyio` describes it: from the lowest bit 64 bits each of the
// place of a byte in the file, the decoder's flags there, how many bytes to feed it from there, and
// how many characters of what they give to skip; then a bit that says whether the decoder is to be
// told that the file ends. Mostly all but the first are 0. All of this runs with the file's lock.
#include "vm/modules/io_text_internal.h"

static int set_state(Text *t, Value state, bool held_return) {
    Value r = value_call_method_cstr(t->decoder, "setstate", &state, 1);
    t->held_return = held_return;
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}

// How many bytes the decoder keeps for later, and its flags, which include ours.
static int look(Text *t, int64_t *buffered, uint64_t *flags) {
    Value state = value_call_method_cstr(t->decoder, "getstate", NULL, 0);
    if (value_is_null(state))
        return -1;
    int status = -1;
    if (!value_is_tuple(state) || tuple_length(state) != 2 ||
        !value_is_bytes(tuple_item(state, 0)) || !value_is_any_int(tuple_item(state, 1))) {
        raise_type_error("illegal decoder state");
    } else if (!int_to_u64(tuple_item(state, 1), flags) || *flags >> 63) {
        raise_error(&exception_OSError, "can't reconstruct logical file position");
    } else {
        *buffered = bytes_length(tuple_item(state, 0));
        if (t->universal)
            *flags = *flags << 1 | t->held_return;
        status = 0;
    }
    ref_release(state);
    return status;
}

// Characters that the bytes give, -1: error.
static int64_t feed(Text *t, const uint8_t *data, int64_t length, bool final) {
    Value text = io_text_lines(t, data, length, final);
    int64_t n = value_is_null(text) ? -1 : str_length(text);
    ref_release(text);
    return n;
}

int io_text_snapshot(Text *t) {
    if (io_text_make_decoder(t) < 0)
        return -1;
    Value state = value_call_method_cstr(t->decoder, "getstate", NULL, 0), old = t->snapshot;
    t->snapshot = state;
    t->snapshot_held = t->held_return;
    ref_release(old);
    return value_is_null(state) ? -1 : 0;
}

static int find(Text *t, int64_t start, TextPosition *found) {
    int64_t wanted = t->decoded_at, length = t->chunk_length, all = str_length(t->decoded);
    int64_t buffered;
    uint64_t flags;
    if (set_state(t, t->snapshot, t->snapshot_held) < 0 || look(t, &buffered, &flags) < 0)
        return -1;
    *found = (TextPosition){.byte = start - buffered, .flags = flags, .skip = wanted};
    if (wanted == 0)
        return 0;
    // Mostly each character is of as many bytes as any other.
    if (wanted * length % all == 0) {
        int64_t guess = wanted * length / all, n = feed(t, t->chunk, guess, false), kept;
        if (n < 0 || look(t, &kept, &flags) < 0)
            return -1;
        if (n == wanted && kept == 0 && !t->held_return) {
            *found = (TextPosition){.byte = start + guess, .flags = flags};
            return 0;
        }
        if (set_state(t, t->snapshot, t->snapshot_held) < 0)
            return -1;
    }
    // Byte by byte; `from` is where the decoder kept nothing last, counted from the chunk's first.
    int64_t from = -buffered, n = 0, i = 0;
    while (n < wanted && i < length) {
        int64_t more = feed(t, t->chunk + i++, 1, false), kept;
        if (more < 0 || look(t, &kept, &flags) < 0)
            return -1;
        n += more;
        if (kept == 0 && !t->held_return && n <= wanted) {
            *found = (TextPosition){.byte = start + i, .flags = flags, .skip = wanted - n};
            from = i;
        }
    }
    if (n < wanted) {
        found->at_end = true;
        int64_t more = feed(t, t->chunk, 0, true);
        if (more < 0)
            return -1;
        if (n + more < wanted)
            return raise_int(&exception_OSError, "can't reconstruct logical file position");
    }
    found->feed = found->skip ? i - from : 0;
    return 0;
}

Value io_text_position(Text *t, int64_t start) {
    uint8_t seen = t->seen;
    bool held_return = t->held_return;
    Value now = value_call_method_cstr(t->decoder, "getstate", NULL, 0);
    if (value_is_null(now))
        return now;
    TextPosition p;
    int status = find(t, start, &p);
    Value problem = status < 0 ? error_take() : VALUE_NULL;
    if (set_state(t, now, held_return) < 0)
        status = -1;
    ref_release(now);
    io_text_set_seen(t, seen);
    if (!value_is_null(problem)) {
        error_clear();
        error_restore(problem);
    }
    if (status < 0)
        return VALUE_NULL;
    if (!p.flags && !p.skip)
        return int_from_i64(p.byte);
    mp_limb_t limbs[5] = {(mp_limb_t)p.byte, p.flags, (mp_limb_t)p.feed, (mp_limb_t)p.skip,
                          p.at_end};
    return int_from_limbs(limbs, 5, false);
}

int io_text_position_parse(Value v, TextPosition *out) {
    *out = (TextPosition){0};
    if (!value_is_any_int(v) || value_is_int(v))
        return value_to_i64(v, &out->byte);
    uint64_t limbs[5];
    if (int_sign(v) < 0)
        return raise_int(&exception_ValueError, "negative seek position %R", v);
    if (int_to_bytes(v, (uint8_t *)limbs, sizeof limbs, true, false) < 0)
        return -1;
    if (limbs[0] >> 63 || limbs[2] >> 31 || limbs[3] >> 31 || limbs[4] >> 1)
        return raise_int(&exception_OverflowError, "Python int too large to convert to C long");
    *out = (TextPosition){.byte = (int64_t)limbs[0],
                          .flags = limbs[1],
                          .feed = (int64_t)limbs[2],
                          .skip = (int64_t)limbs[3],
                          .at_end = limbs[4]};
    return 0;
}

int io_text_resume(Text *t, const TextPosition *p) {
    if (!p->byte && !p->flags && !p->skip)
        return 0; // at the start, and so is a new decoder
    if (io_text_make_decoder(t) < 0)
        return -1;
    Value nothing = bytes_new(NULL, 0), data = VALUE_NULL;
    Value flags = int_from_i64((int64_t)(t->universal ? p->flags >> 1 : p->flags));
    Value state =
        value_is_null(nothing) || value_is_null(flags) ? VALUE_NULL : tuple_pack(2, nothing, flags);
    ref_release(nothing);
    ref_release(flags);
    if (value_is_null(state))
        return -1;
    int status = set_state(t, state, t->universal && (p->flags & 1));
    Value old = t->snapshot;
    t->snapshot = state;
    t->snapshot_held = t->held_return;
    ref_release(old);
    if (status < 0 || !p->skip)
        return status;
    Value count = int_from_i64(p->feed);
    data = value_call_method(field_raw(&t->buffer), name_read, &count, 1);
    BufferView view;
    if (value_is_null(data) || buffer_view_get_brief(data, &view) < 0) {
        ref_release(data);
        return -1;
    }
    uint8_t *chunk = buffer_allocate((size_t)view.length + 1);
    int64_t length = view.length;
    if (chunk)
        memcpy(chunk, view.data, (size_t)length);
    buffer_view_release(&view);
    ref_release(data);
    if (!chunk) {
        raise_memory_error();
        return -1;
    }
    buffer_free(t->chunk);
    t->chunk = chunk;
    t->chunk_length = t->tail_at = length;
    Value text = io_text_lines(t, chunk, length, p->at_end);
    if (value_is_null(text))
        return -1;
    if (str_length(text) < p->skip) {
        ref_release(text);
        return raise_int(&exception_OSError, "can't restore logical file position");
    }
    t->decoded = text;
    t->decoded_at = p->skip;
    return 0;
}
