/* SPDX-License-Identifier: MIT
 *
 * Model of private objects (locks/private.h, locks/private.c): an owner that uses its object
 * without the lock, others that make it common first, and the taking and giving back of the
 * owner's privacy. Nobody is ever beside another in the critical section. Checked with spin
 * (tests/models.sh): assertions, and no state without a way on.
 *
 * What is modelled: one object, its owner, OTHERS threads that lock it. The owner's stores to
 * `inside` go through a store buffer (as on x86-64), which drains at any moment, at membarrier and
 * at the owner's own locked instructions; everybody else is sequentially consistent. The owner may
 * detach between its uses. Whether a revocation exceeds the budget is left open, and another
 * object's may do so at any moment.
 *
 * To see it fail: -DBREAK_BARRIER revokes without membarrier; -DBREAK_WAIT does not wait for the
 * owner to be outside; -DBREAK_FLAGS takes an object whose revocation has begun for a common one;
 * -DBREAK_DETACHED lets the owner load the flags before others see that it
 * has attached; -DBREAK_REST does not mark what is
 * locked while the owner has no privacy.
 */
#ifndef OTHERS
#define OTHERS 2
#endif
#define ROUNDS 2

bool revoked, common;        /* the object's flags */
bool inside;                 /* the owner's word in memory */
chan buffer = [4] of {bool}; /* its stores on their way there */
bool privacy = true;         /* PrivateThread.number is the owner's own */
bool attached = true;
bool registry, mutex;
byte within;                 /* threads in the critical section */

#define TAKE(lock) atomic { !lock -> lock = true }
#define DRAIN atomic { do :: buffer ? inside :: empty(buffer) -> break od }

inline critical() {
    atomic { within++; assert(within == 1) }
    within--
}

active proctype drains() {
end: do
    :: atomic { buffer ? inside }
    od
}

active proctype owner() {
    byte round;
    bool mine;
#ifdef BREAK_DETACHED
    bool early; /* the flags were loaded before the store that attaches was seen */
#endif
    for (round : 1 .. ROUNDS) {
        buffer ! true;
        mine = privacy;
        if
#ifdef BREAK_DETACHED
        :: early -> critical(); buffer ! false; early = false
#endif
        :: mine && !revoked ->
           critical();
           buffer ! false
        :: else ->
           buffer ! false;
           DRAIN; /* the mutex's locked instruction */
           TAKE(mutex);
           critical();
           mutex = false
        fi;
        if
        :: true
        :: DRAIN;
           attached = false; /* a full barrier each */
#ifdef BREAK_DETACHED
           early = !revoked && privacy;
#endif
           attached = true
        :: !privacy -> /* private_resume */
           DRAIN;
           TAKE(registry);
           privacy = true;
           registry = false
        fi
    }
    DRAIN;
    attached = false
}

inline revoke() {
    TAKE(registry);
#ifdef BREAK_REST
    if
    :: !privacy -> skip
    :: else -> revoked = true
    fi;
#else
    revoked = true;
#endif
    if
    :: privacy && attached ->
       if
       :: privacy = false /* the budget is exceeded */
       :: true
       fi;
#ifndef BREAK_BARRIER
       DRAIN;             /* membarrier: every other core's buffer */
#endif
#ifndef BREAK_WAIT
       !inside;
#endif
    :: else
    fi;
    registry = false;
#ifdef BREAK_REST
    common = revoked
#else
    common = true
#endif
}

active [OTHERS] proctype other() {
    byte round;
    for (round : 1 .. ROUNDS) {
#ifdef BREAK_FLAGS
        if
        :: !revoked -> revoke()
        :: else
        fi;
#else
        if
        :: !common -> revoke()
        :: else
        fi;
#endif
        TAKE(mutex);
        critical();
        mutex = false
    }
}

/* Another object's revocation exceeds the budget. */
active proctype elsewhere() {
    TAKE(registry);
    if
    :: privacy && attached -> privacy = false; DRAIN; !inside
    :: else
    fi;
    registry = false
}
