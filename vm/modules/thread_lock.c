// SPDX-License-Identifier: MIT
//
// _thread.lock and _thread.RLock, over Mutex (locks/mutex.h).
//
// RLock: owner and depth are written by the thread that holds the mutex. Others read owner to
// see that they are not it, which needs no order: a thread finds its own id there only if it
// wrote it.
#include "vm/modules/thread_lock.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>
#include <time.h>

#define TIMEOUT_MAX_SECONDS 9223372036.0

// A thread's sentinel (_set_sentinel) is done once it has been let go, when the thread ends: who
// waits for the end takes it and lets it go again, one after the other, but locked() is false
// from then on, whoever has it. threading.py counts on that right after it has let it go.
enum { LOCK_ORDINARY, LOCK_SENTINEL, LOCK_DONE };

typedef struct {
    Object header;
    Mutex mutex;
    uint8_t kind; // LOCK_*; to DONE by whoever lets a sentinel go, before that (release)
} Lock;

typedef struct {
    Object header;
    Mutex mutex;
    uint64_t owner; // thread id, 0: none; relaxed
    uint64_t depth; // the owner's
} RLock;

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

// Takes the mutex within the limit (ns < 0: none), running signal handlers meanwhile.
// 1, 0 (too late) or -1.
static int mutex_acquire(Mutex *mutex, int64_t timeout_ns) {
    if (mutex_try_lock(mutex))
        return 1;
    if (timeout_ns == 0)
        return 0;
    int64_t deadline = timeout_ns > 0 ? now_ns() + timeout_ns : -1;
    for (;;) {
        int result = mutex_lock_timed(mutex, timeout_ns, true);
        if (result >= 0)
            return result;
        if (thread_check_signals() < 0)
            return -1;
        if (deadline >= 0) {
            timeout_ns = deadline - now_ns();
            if (timeout_ns <= 0)
                return 0;
        }
    }
}

// acquire(blocking=True, timeout=-1) -> limit in ns, -1 none, 0 do not wait. -1 on error.
static int acquire_arguments(const Value *args, size_t nargs, Value kwnames, int64_t *timeout_ns) {
    *timeout_ns = -1;
    if (nargs == 0 && value_is_null(kwnames))
        return 0;
    static const char *const names[] = {"blocking", "timeout", NULL};
    Value v[2];
    if (arguments_parse("acquire", args, nargs, kwnames, names, 0, 2, 0, v) < 0)
        return -1;
    int64_t blocking = 1; // a number: what has no __index__ is refused
    if (!value_is_null(v[0]) && value_to_i64(v[0], &blocking) < 0)
        return -1;
    double seconds = -1;
    if (!value_is_null(v[1]) && value_to_double(v[1], &seconds) < 0)
        return -1;
    if (isnan(seconds))
        return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
    if (!blocking && seconds != -1)
        return raise_int(&exception_ValueError, "can't specify a timeout for a non-blocking call");
    if (seconds < 0 && seconds != -1)
        return raise_int(&exception_ValueError, "timeout value must be positive");
    if (fabs(seconds) * 1e9 >= 0x1p63)
        return raise_int(&exception_OverflowError, "timestamp too large to convert to C _PyTime_t");
    if (seconds > TIMEOUT_MAX_SECONDS)
        return raise_int(&exception_OverflowError, "timeout value is too large");
    if (!blocking)
        *timeout_ns = 0;
    else if (seconds >= 0)
        *timeout_ns = (int64_t)ceil(seconds * 1e9);
    return 0;
}

// ---- lock ------------------------------------------------------------------------------------

static Lock *lock_of(Value v) {
    return (Lock *)value_object(v);
}

static uint8_t lock_kind(const Lock *lock) {
    return __atomic_load_n(&lock->kind, __ATOMIC_ACQUIRE);
}

Value lock_new(void) {
    Lock *lock = object_allocate(&lock_type);
    if (!lock)
        return VALUE_NULL;
    lock->mutex = (Mutex)MUTEX_INIT;
    lock->kind = LOCK_ORDINARY;
    return value_from_object(lock);
}

void lock_make_sentinel(Value v) {
    __atomic_store_n(&lock_of(v)->kind, LOCK_SENTINEL, __ATOMIC_RELEASE);
}

static bool lock_is_held(Lock *lock) {
    return lock_kind(lock) != LOCK_DONE && mutex_is_locked(&lock->mutex);
}

static void lock_let_go(Lock *lock) {
    uint8_t expected = LOCK_SENTINEL;
    __atomic_compare_exchange_n(&lock->kind, &expected, LOCK_DONE, false, __ATOMIC_ACQ_REL,
                                __ATOMIC_ACQUIRE);
    mutex_unlock(&lock->mutex);
}

void lock_release_quietly(Value v) {
    if (mutex_is_locked(&lock_of(v)->mutex))
        lock_let_go(lock_of(v));
}

static void lock_destroy(Object *self) {
    object_free_fixed(self);
}

static Value lock_acquire(Value self, const Value *args, size_t nargs, Value kwnames) {
    int64_t timeout_ns;
    if (acquire_arguments(args, nargs, kwnames, &timeout_ns) < 0)
        return VALUE_NULL;
    Mutex *mutex = &lock_of(self)->mutex;
    if (mutex_try_lock(mutex))
        return bool_new(true);
    int taken = mutex_acquire(mutex, timeout_ns);
    // A signal that came during the wait is served here, where the caller waits, rather than
    // somewhere after it.
    if (taken < 0 || thread_check_signals() < 0)
        return VALUE_NULL;
    return bool_new(taken);
}

static Value lock_release(Value self) {
    Lock *lock = lock_of(self);
    if (!mutex_is_locked(&lock->mutex))
        return raise_error(&exception_RuntimeError, "release unlocked lock");
    lock_let_go(lock);
    return none_new();
}

static Value lock_enter(Value self) {
    return mutex_acquire(&lock_of(self)->mutex, -1) < 0 ? VALUE_NULL : bool_new(true);
}

static Value lock_exit(Value self, const Value *args, size_t nargs) {
    return lock_release(self);
}

static Value lock_locked(Value self) {
    return bool_new(lock_is_held(lock_of(self)));
}

static Value lock_at_fork_reinit(Value self) {
    Lock *lock = lock_of(self);
    __atomic_store_n(&lock->mutex.bits, 0, __ATOMIC_RELAXED);
    if (lock_kind(lock) == LOCK_DONE)
        lock_make_sentinel(self);
    return none_new();
}

static Value lock_repr(Value self) {
    return str_format("<%s %s object at %p>", lock_is_held(lock_of(self)) ? "locked" : "unlocked",
                      type_full_name(value_type(self)), (void *)value_object(self));
}

static const NativeDef lock_methods[] = {
    DEF_VECTOR("acquire", lock_acquire,
               "acquire(blocking=True, timeout=-1)\n--\n\nTakes the lock; whether that worked."),
    DEF_VECTOR("acquire_lock", lock_acquire, "The same as acquire()."),
    DEF_NONE("release", lock_release, "Lets go of the lock, whoever took it."),
    DEF_NONE("release_lock", lock_release, "The same as release()."),
    DEF_NONE("locked", lock_locked, "Whether somebody holds the lock."),
    DEF_NONE("locked_lock", lock_locked, "The same as locked()."),
    DEF_NONE("__enter__", lock_enter, "Takes the lock."),
    DEF_FIXED("__exit__", lock_exit, 0, -1, "Lets go of the lock."),
    DEF_NONE("_at_fork_reinit", lock_at_fork_reinit, "Makes the lock free in a child process."),
    DEF_END,
};

Type lock_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_thread.lock",
    .basic_size = sizeof(Lock),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_WEAKREFABLE,
    .destroy = lock_destroy,
    .repr = lock_repr,
    .methods = lock_methods,
    .doc = "A lock: free or held. Made by allocate_lock().",
};

// ---- RLock -----------------------------------------------------------------------------------

static RLock *rlock_of(Value v) {
    return (RLock *)value_object(v);
}

static bool rlock_is_mine(const RLock *lock) {
    return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == thread_current()->id;
}
static void rlock_set_owner(RLock *lock, uint64_t owner) {
    __atomic_store_n(&lock->owner, owner, __ATOMIC_RELAXED);
}
static uint64_t rlock_depth(const RLock *lock) {
    return __atomic_load_n(&lock->depth, __ATOMIC_RELAXED);
}
static void rlock_set_depth(RLock *lock, uint64_t depth) {
    __atomic_store_n(&lock->depth, depth, __ATOMIC_RELAXED);
}

static Value rlock_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    RLock *lock = object_allocate(type);
    if (!lock)
        return VALUE_NULL;
    lock->mutex = (Mutex)MUTEX_INIT;
    lock->owner = lock->depth = 0;
    return value_from_object(lock);
}

static void rlock_destroy(Object *self) {
    type_free_instance(self);
}

static int rlock_take(RLock *lock, int64_t timeout_ns) {
    if (rlock_is_mine(lock)) {
        rlock_set_depth(lock, rlock_depth(lock) + 1);
        return 1;
    }
    int taken = mutex_acquire(&lock->mutex, timeout_ns);
    if (taken == 1) {
        rlock_set_owner(lock, thread_current()->id);
        rlock_set_depth(lock, 1);
    }
    return taken;
}

static Value rlock_acquire(Value self, const Value *args, size_t nargs, Value kwnames) {
    int64_t timeout_ns;
    if (acquire_arguments(args, nargs, kwnames, &timeout_ns) < 0)
        return VALUE_NULL;
    int taken = rlock_take(rlock_of(self), timeout_ns);
    return taken < 0 ? VALUE_NULL : bool_new(taken);
}

static Value rlock_enter(Value self) {
    return rlock_take(rlock_of(self), -1) < 0 ? VALUE_NULL : bool_new(true);
}

static Value rlock_release(Value self) {
    RLock *lock = rlock_of(self);
    if (!rlock_is_mine(lock))
        return raise_error(&exception_RuntimeError, "cannot release un-acquired lock");
    uint64_t depth = rlock_depth(lock) - 1;
    rlock_set_depth(lock, depth);
    if (depth == 0) {
        rlock_set_owner(lock, 0);
        mutex_unlock(&lock->mutex);
    }
    return none_new();
}

static Value rlock_exit(Value self, const Value *args, size_t nargs) {
    return rlock_release(self);
}

static Value rlock_is_owned(Value self) {
    return bool_new(rlock_is_mine(rlock_of(self)));
}

static Value rlock_recursion_count(Value self) {
    RLock *lock = rlock_of(self);
    return int_from_u64(rlock_is_mine(lock) ? rlock_depth(lock) : 0);
}

static Value rlock_release_save(Value self) {
    RLock *lock = rlock_of(self);
    if (rlock_depth(lock) == 0)
        return raise_error(&exception_RuntimeError, "cannot release un-acquired lock");
    Value depth = int_from_u64(rlock_depth(lock));
    Value owner = int_from_u64(__atomic_load_n(&lock->owner, __ATOMIC_RELAXED));
    Value state = tuple_pack(2, depth, owner);
    ref_release(depth);
    ref_release(owner);
    if (value_is_null(state))
        return state;
    rlock_set_depth(lock, 0);
    rlock_set_owner(lock, 0);
    mutex_unlock(&lock->mutex);
    return state;
}

static Value rlock_acquire_restore(Value self, Value state) {
    uint64_t depth, owner;
    if (!value_is_tuple(state) || tuple_length(state) != 2 ||
        !value_is_any_int(tuple_item(state, 0)) || !int_to_u64(tuple_item(state, 0), &depth) ||
        !value_is_any_int(tuple_item(state, 1)) || !int_to_u64(tuple_item(state, 1), &owner))
        return raise_type_error("_acquire_restore() argument 1 must be a pair of ints");
    RLock *lock = rlock_of(self);
    // Whatever signals say: the caller must get its lock back.
    if (!mutex_try_lock(&lock->mutex)) {
        while (mutex_lock_timed(&lock->mutex, -1, false) != 1) {
        }
    }
    rlock_set_owner(lock, owner);
    rlock_set_depth(lock, depth);
    return none_new();
}

static Value rlock_at_fork_reinit(Value self) {
    RLock *lock = rlock_of(self);
    __atomic_store_n(&lock->mutex.bits, 0, __ATOMIC_RELAXED);
    rlock_set_owner(lock, 0);
    rlock_set_depth(lock, 0);
    return none_new();
}

static Value rlock_repr(Value self) {
    RLock *lock = rlock_of(self);
    uint64_t depth = rlock_depth(lock);
    return str_format("<%s %s object owner=%llu count=%llu at %p>", depth ? "locked" : "unlocked",
                      type_full_name(value_type(self)),
                      (unsigned long long)__atomic_load_n(&lock->owner, __ATOMIC_RELAXED),
                      (unsigned long long)depth, (void *)lock);
}

static const NativeDef rlock_methods[] = {
    DEF_VECTOR("acquire", rlock_acquire,
               "acquire(blocking=True, timeout=-1)\n--\n\n"
               "Takes the lock, or counts up if this thread holds it."),
    DEF_NONE("release", rlock_release, "Counts down; at zero the lock is free."),
    DEF_NONE("__enter__", rlock_enter, "Takes the lock."),
    DEF_FIXED("__exit__", rlock_exit, 0, -1, "Lets go of the lock."),
    DEF_NONE("_is_owned", rlock_is_owned, "Whether this thread holds the lock."),
    DEF_NONE("_recursion_count", rlock_recursion_count, "How often this thread has taken it."),
    DEF_NONE("_release_save", rlock_release_save, "Lets go in full; gives what restores it."),
    DEF_ONE("_acquire_restore", rlock_acquire_restore, "Undoes _release_save()."),
    DEF_NONE("_at_fork_reinit", rlock_at_fork_reinit, "Makes the lock free in a child process."),
    DEF_END,
};

Type rlock_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_thread.RLock",
    .basic_size = sizeof(RLock),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .call_new = rlock_new,
    .destroy = rlock_destroy,
    .repr = rlock_repr,
    .methods = rlock_methods,
    .doc = "A lock that the thread which holds it may take again.",
};
