// SPDX-License-Identifier: MIT
//
// The names of elements and attributes that an XMLParser has met. etree_internal.h says whose.
#include "vm/modules/etree_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/str.h"

enum { FIRST_LOG2_SIZE = 5, FIRST_KEYS = 256 };

static Value make_name(const char *utf8, size_t length) {
    if (!memchr(utf8, '}', length))
        return str_from_utf8(utf8, length);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_char(&b, '{');
    str_builder_cstr(&b, utf8);
    return str_builder_finish(&b);
}

// Where the name is, or the free entry where it belongs.
static EtreeName *find(const EtreeNames *names, const char *utf8, size_t length, uint64_t hash) {
    size_t mask = ((size_t)1 << names->log2_size) - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        EtreeName *entry = &names->entries[i];
        if (value_is_null(entry->name) || (entry->hash == hash && entry->length == length &&
                                           memcmp(names->keys + entry->start, utf8, length) == 0))
            return entry;
    }
}

// Makes the table twice as large. 0, -1.
static int grow(EtreeNames *names) {
    EtreeNames larger = *names;
    larger.log2_size = names->entries ? names->log2_size + 1 : FIRST_LOG2_SIZE;
    larger.entries = buffer_allocate_zeroed(sizeof(EtreeName) << larger.log2_size);
    if (!larger.entries)
        return raise_memory_error(), -1;
    for (size_t i = 0; names->entries && i >> names->log2_size == 0; i++) {
        const EtreeName *entry = &names->entries[i];
        if (!value_is_null(entry->name))
            *find(&larger, names->keys + entry->start, entry->length, entry->hash) = *entry;
    }
    buffer_free(names->entries);
    *names = larger;
    return 0;
}

static int keep_key(EtreeNames *names, const char *utf8, size_t length) {
    size_t wanted = names->keys_length + length, capacity = names->keys_capacity;
    if (wanted > capacity) {
        for (capacity = capacity ? capacity : FIRST_KEYS; capacity < wanted;)
            capacity *= 2;
        char *keys = buffer_resize(names->keys, capacity);
        if (!keys)
            return raise_memory_error(), -1;
        names->keys = keys;
        names->keys_capacity = capacity;
    }
    memcpy(names->keys + names->keys_length, utf8, length);
    names->keys_length = wanted;
    return 0;
}

Value etree_name(EtreeNames *names, const char *utf8) {
    size_t length = strlen(utf8);
    uint64_t hash = (uint64_t)hash_buffer(utf8, length);
    // One entry in two stays free.
    if (names->count << 1 >= (names->entries ? (int64_t)1 << names->log2_size : 0) &&
        grow(names) < 0)
        return VALUE_NULL;
    EtreeName *entry = find(names, utf8, length, hash);
    if (!value_is_null(entry->name))
        return ref_new(entry->name);
    Value name = make_name(utf8, length);
    if (value_is_null(name))
        return name;
    size_t start = names->keys_length;
    if (keep_key(names, utf8, length) < 0) {
        ref_release(name);
        return VALUE_NULL;
    }
    *entry = (EtreeName){hash, start, length, name};
    names->count++;
    return ref_new(name);
}

void etree_names_traverse(const EtreeNames *names, GcVisitor *visitor) {
    for (size_t i = 0; names->entries && i >> names->log2_size == 0; i++)
        gc_visit(visitor, names->entries[i].name);
}

void etree_names_drop(EtreeNames *names) {
    for (size_t i = 0; names->entries && i >> names->log2_size == 0; i++)
        ref_release(names->entries[i].name);
    buffer_free(names->entries);
    buffer_free(names->keys);
    *names = (EtreeNames){0};
}
