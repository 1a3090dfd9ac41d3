/* SPDX-License-Identifier: MIT
 *
 * Model of the parking lot (locks/parking.c) under the mutex that objects have
 * (locks/object_lock_parking.c): no wake-up is lost, the lock excludes, and who is handed the lock
 * has it. Checked with spin (tests/models.sh): assertions, and no state without a way on.
 *
 * What is modelled: one lock (bits LOCKED and PARKED), one bucket with its lock and queue, THREADS
 * threads that each take the lock ROUNDS times. Every step on a shared word is one statement;
 * bits change by compare-and-swap. Whoever wakes one waiter leaves the others to it: it sets PARKED
 * again, when it takes the lock or sleeps once more. Whether a waiter is starving is left open, so that each
 * hand-over happens both ways. A waiter may have a time limit and give up at any moment, as in
 * withdraw(), or none. What is not: signals, foreign bits of the byte,
 * and memory weaker than sequential consistency (the words are ordered by the bucket's lock and by
 * acquire and release; ThreadSanitizer looks at that).
 *
 * To see it fail: -DBREAK_VALIDATE parks without looking at the lock again under the bucket's
 * lock; -DBREAK_MORE lets who is woken forget that others still wait; -DBREAK_WITHDRAW lets who gives up ignore that
 * it was chosen meanwhile.
 */
#ifndef THREADS
#define THREADS 3
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#define NOBODY 255

bool locked, parked;              /* the lock's byte */
bool bucket;                      /* the bucket's lock */
chan queue = [THREADS] of {byte}; /* waiters in order of arrival */
bool woken[THREADS];              /* Waiter.state is WOKEN */
bool handed[THREADS];             /* Waiter.token is HANDED */
bool others[THREADS];             /* Waiter.token is MORE */
byte inside;                      /* threads in the critical section */

#define BUCKET_LOCK atomic { !bucket -> bucket = true }
#define BUCKET_UNLOCK bucket = false

/* parking_park. got: the lock was handed over; otherwise the caller looks again. more: and looks
 * after those who stay. */
inline park(me, got) {
    got = false;
    more = false;
    BUCKET_LOCK;
#ifndef BREAK_VALIDATE
    if
    :: !(locked && parked) -> BUCKET_UNLOCK; goto looked /* PARK_INVALID */
    :: else
    fi;
#endif
    woken[me] = false;
    handed[me] = false;
    others[me] = false;
    queue ! me;
    BUCKET_UNLOCK;
    if /* decided now: a wait without time limit must never depend on one */
    :: limit = true
    :: limit = false
    fi;
    if
    :: woken[me]
    :: limit ->           /* gives up: is it still queued? */
       BUCKET_LOCK;
       if
       :: queue ?? [eval(me)] -> queue ?? eval(me); BUCKET_UNLOCK; goto looked
       :: else -> BUCKET_UNLOCK
       fi;
#ifdef BREAK_WITHDRAW
       goto looked;
#endif
       woken[me]          /* chosen: its word is about to come */
    fi;
    got = handed[me];
#ifndef BREAK_MORE
    more = others[me];
#endif
looked:
    skip
}

/* parking_lock_slow */
inline lock(me) {
    more = false;
    do
    :: atomic { !locked -> locked = true; parked = parked || more }; break
    :: atomic { locked && !parked -> parked = true; more = false }
    :: locked && parked ->
       more = false;
       park(me, got);
       if
       :: got -> break
       :: else
       fi
    od
}

/* parking_unlock_slow with parking_unpark_one and decide. */
inline unlock(me) {
    if
    :: atomic { !parked -> locked = false }
    :: parked ->
       BUCKET_LOCK;
       if
       :: nempty(queue) -> queue ? chosen
       :: empty(queue) -> chosen = NOBODY
       fi;
       atomic {           /* decide: one compare-and-swap of the byte */
           parked = false;
           if
           :: chosen != NOBODY -> /* starving: stays locked */
              handed[chosen] = true;
              parked = nempty(queue)
           :: chosen != NOBODY ->
              others[chosen] = nempty(queue);
              locked = false
           :: chosen == NOBODY -> locked = false
           fi
       }
       BUCKET_UNLOCK;
       if
       :: chosen != NOBODY -> woken[chosen] = true
       :: else
       fi
    fi
}

proctype thread(byte me) {
    byte round, chosen;
    bool got, more, limit;
    for (round : 1 .. ROUNDS) {
        lock(me);
        atomic { inside++; assert(inside == 1) }
        assert(locked);
        inside--;
        unlock(me)
    }
}

init {
    byte i;
    atomic {
        for (i : 0 .. THREADS - 1) {
            run thread(i)
        }
    }
    _nr_pr == 1; /* a thread that sleeps for ever shows as an invalid end state here */
    assert(!locked && !bucket && empty(queue))
}
