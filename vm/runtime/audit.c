// SPDX-License-Identifier: MIT
//
// Audit hooks: see audit.h. The list of hooks is a list object that only grows; each event sees the
// hooks that were there when it began.
#include "vm/runtime/audit.h"
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdarg.h>

bool audit_has_hooks;
static Value hooks; // a list, made with the first hook; released with audit_has_hooks
static Mutex hooks_mutex = MUTEX_INIT;

int audit_event(Value event, Value arguments) {
    if (!__atomic_load_n(&audit_has_hooks, __ATOMIC_ACQUIRE))
        return 0;
    int64_t count = list_length(hooks);
    for (int64_t i = 0; i < count; i++) {
        Value hook = list_get_fast(list_of(hooks), (uint64_t)i);
        Value result = value_call_two(hook, event, arguments);
        ref_release(hook);
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
    if (value_is_null(hooks))
        hooks = list_new();
    int status = value_is_null(hooks) ? -1 : list_append(hooks, hook);
    if (status == 0)
        __atomic_store_n(&audit_has_hooks, true, __ATOMIC_RELEASE);
    mutex_unlock(&hooks_mutex);
    return status;
}
