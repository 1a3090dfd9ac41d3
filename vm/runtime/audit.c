// SPDX-License-Identifier: MIT
//
// Audit hooks: see audit.h. The hooks are in a tuple that is replaced by a longer one when one is
// added, and never freed; each event sees the hooks that were there when it began. A hook is not
// traced, unless it has a true attribute __cantrace__.
#include "vm/runtime/audit.h"
#include "locks/mutex.h"
#include "vm/interp/trace.h"
#include "vm/runtime/errors.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdarg.h>

bool audit_has_hooks;
static Value hooks; // a tuple, made with the first hook; published, the first by audit_has_hooks
static Mutex hooks_mutex = MUTEX_INIT;

int audit_event(Value event, Value arguments) {
    if (!__atomic_load_n(&audit_has_hooks, __ATOMIC_ACQUIRE))
        return 0;
    Value current = field_published(&hooks);
    for (int64_t i = 0; i < tuple_length(current); i++) {
        Value hook = tuple_item(current, i), can_trace;
        int found = value_lookup_attr_cstr(hook, "__cantrace__", &can_trace);
        int traced = found > 0 ? value_truth(can_trace) : found;
        if (found > 0)
            ref_release(can_trace);
        if (traced < 0)
            return -1;
        if (!traced)
            trace_pause(true);
        Value result = value_call_two(hook, event, arguments);
        if (!traced)
            trace_pause(false);
        ref_release(result);
        if (value_is_null(result))
            return -1;
    }
    return 0;
}

int audit(const char *event, int count, ...) {
    if (!audit_on())
        return 0;
    Value name = str_from_cstr(event);
    Value arguments = count ? tuple_allocate(count) : tuple_empty();
    int status = -1;
    if (!value_is_null(arguments)) {
        va_list list;
        va_start(list, count);
        for (int i = 0; i < count; i++) {
            Value v = va_arg(list, Value);
            tuple_of(arguments)->items[i] = ref_new(value_is_null(v) ? VALUE_NONE : v);
        }
        va_end(list);
        if (!value_is_null(name))
            status = audit_event(name, arguments);
    }
    ref_release(arguments);
    ref_release(name);
    return status;
}

int audit_add_hook(Value hook) {
    if (audit("sys.addaudithook", 0) < 0) {
        if (!error_matches(&exception_RuntimeError))
            return -1;
        error_clear(); // a hook refuses others: they are not told
        return 0;
    }
    mutex_lock(&hooks_mutex);
    Value one = tuple_pack(1, hook);
    Value all = value_is_null(one)     ? VALUE_NULL
                : value_is_null(hooks) ? ref_new(one)
                                       : value_binary(hooks, one, BINARY_ADD);
    int status = value_is_null(all) ? -1 : 0;
    ref_release(one);
    if (status == 0) {
        field_publish_locked(&hooks, all); // the old one stays: others may be reading it
        __atomic_store_n(&audit_has_hooks, true, __ATOMIC_RELEASE);
    }
    mutex_unlock(&hooks_mutex);
    return status;
}
