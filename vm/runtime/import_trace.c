// SPDX-License-Identifier: MIT
//
// -v and -X importtime: what is imported, from where, and how long that takes.
#include "vm/runtime/import_trace.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/types/str.h"
#include <stdio.h>
#include <time.h>

static _Thread_local int level;          // imports within imports
static _Thread_local int64_t inner_time; // ns of those that the running one has begun
static bool header_shown;                // relaxed; a second header would do no harm

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void import_trace_begin(ImportTrace *trace) {
    if (!options.import_time)
        return;
    if (!__atomic_exchange_n(&header_shown, true, __ATOMIC_RELAXED))
        fputs("import time: self [us] | cumulative | imported package\n", stderr);
    trace->outer = inner_time;
    trace->begin = now();
    inner_time = 0;
    level++;
}

void import_trace_end(ImportTrace *trace, Value name, Value module) {
    if (!options.import_time && !options.verbose)
        return;
    char shown[256];
    str_copy_bounded(name, shown, sizeof shown);
    if (options.import_time) {
        int64_t whole = now() - trace->begin;
        level--;
        fprintf(stderr, "import time: %9lld | %10lld | %*s%s\n",
                (long long)((whole - inner_time) / 1000), (long long)(whole / 1000), level * 2, "",
                shown);
        inner_time = trace->outer + whole;
    }
    if (options.verbose && !value_is_null(module)) {
        Value file = VALUE_NULL;
        char path[4096] = "built-in";
        if (value_lookup_attr(module, name___file__, &file) > 0 && value_is_str(file))
            str_copy_bounded(file, path, sizeof path);
        ref_release(file);
        error_clear();
        fprintf(stderr, "import '%s' # %s\n", shown, path);
    }
}
