// SPDX-License-Identifier: MIT
//
// What the files of _lzma share: filter chains, numbers and errors (lzma_filters.c).
#ifndef LOCKSMITH_VM_MODULES_LZMA_INTERNAL_H
#define LOCKSMITH_VM_MODULES_LZMA_INTERNAL_H

#include "vm/object.h"
#include <lzma.h>

// A chain for the library, with the options that it points to. Not to be copied.
typedef struct {
    lzma_filter chain[LZMA_FILTERS_MAX + 1];
    union {
        lzma_options_lzma lzma;
        lzma_options_delta delta;
        lzma_options_bcj bcj;
    } options[LZMA_FILTERS_MAX];
} LzmaFilters;

extern Value lzma_error; // class LZMAError; set once by the module's fill

// 0 if the code is no error, else -1 with LZMAError or MemoryError.
int lzma_status(lzma_ret code);
// Numbers as the library has them: 0, or -1 with TypeError or OverflowError.
int lzma_u32(Value v, uint32_t *out);
int lzma_u64(Value v, uint64_t *out, const char *type_name);
// From a sequence of dicts. Runs Python code.
int lzma_filters_from(Value sequence, LzmaFilters *out);

// _encode_filter_properties and _decode_filter_properties.
Value lzma_encode_properties(Value self, Value filter);
Value lzma_decode_properties(Value self, const Value *args, size_t nargs);

#endif
