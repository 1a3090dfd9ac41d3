/* SPDX-License-Identifier: MIT
 *
 * Model of how garbage is handed to the thread that made it (gc/clear.c; Thread.garbage and at_start,
 * vm/runtime/thread.h). Checked with spin (tests/models.sh): what was handed out is cleared exactly
 * once, also when its thread blocks or ends; no two threads are at a list at the same time, and none
 * looks for one in a thread that was freed.
 *
 * What is modelled: COLLECTORS threads that collect one after the other, and one thread that passes
 * safepoints, blocks, and ends. A collection takes back what is left, hands out, starts the world, and
 * borrows the thread if that is blocked. Each look at the list and each change is a statement of its
 * own. What is not: how the world is stopped and the thread attaches (locks/attach.pml; here a stop is
 * one step that needs the thread detached), and what clearing does.
 *
 * To see it fail: -DBREAK_WAITING hands out to a thread that does not wait for the start;
 * -DBREAK_END ends without looking at the list; -DBREAK_BORROW takes the list of a thread that is
 * blocked without borrowing it.
 */
#define COLLECTORS 2
#define ROUNDS 2
#define STEPS 3

mtype = {DETACHED, ATTACHED, STOPPED, BORROWED};
mtype state = ATTACHED;  /* of the thread */
bool at_start;           /* it waits for the world to start, to attach; threads lock */
bool gone;               /* freed; threads lock */
bool collecting, threads_lock;
byte list;               /* what the thread was given; 0: no list */
byte busy;               /* ghost: who is at the list */
byte given, cleared;     /* ghost */

#define LOCK(word) atomic { !word -> word = true }
#define UNLOCK(word) word = false

inline take() {
    busy++;
    assert(busy == 1 && !gone);
    taken = list;
    list = 0;
    busy--;
    cleared = cleared + taken;
    taken = 0
}

inline attach() {
    do
    :: atomic { state == DETACHED -> state = ATTACHED }; break
    :: atomic { state == STOPPED && !threads_lock -> at_start = true };
       state != STOPPED;
       at_start = false
    od
}

proctype thread() {
    byte step, taken;
    for (step : 1 .. STEPS) {
        state = DETACHED; /* blocks, or passes a safepoint */
        attach();
        if
        :: list != 0 -> take()
        :: true /* no safepoint until the next call that blocks */
        fi
    }
#ifndef BREAK_END
    do
    :: list != 0 -> take()
    :: list == 0 -> break
    od;
#endif
    state = DETACHED;
    atomic { state != STOPPED && !threads_lock -> gone = true }
}

proctype collector() {
    byte round, taken;
    for (round : 1 .. ROUNDS) {
        LOCK(collecting);
        atomic { state == DETACHED -> state = STOPPED };
        if
        :: !gone && list != 0 -> take()
        :: else
        fi;
        LOCK(threads_lock);
#ifdef BREAK_WAITING
        if
        :: !gone -> list = 1; given++
#else
        if
        :: at_start -> list = 1; given++
#endif
        :: true
        fi;
        UNLOCK(threads_lock);
        state = DETACHED;
        LOCK(threads_lock);
        taken = 0;
        if
#ifdef BREAK_BORROW
        :: !gone && list != 0 && state == DETACHED -> UNLOCK(threads_lock); take()
#else
        :: !gone && list != 0 ->
           if
           :: atomic { state == DETACHED -> state = BORROWED };
              UNLOCK(threads_lock);
              if
              :: list != 0 -> take()
              :: else
              fi;
              state = DETACHED
           :: else -> UNLOCK(threads_lock)
           fi
#endif
        :: else -> UNLOCK(threads_lock)
        fi;
        UNLOCK(collecting)
    }
}

init {
    byte n;
    atomic {
        run thread();
        for (n : 1 .. COLLECTORS) {
            run collector()
        }
    }
    _nr_pr == 1;
    assert(list == 0 && given == cleared && gone)
}
