/* SPDX-License-Identifier: MIT
 *
 * Model of the work that who has stopped the world shares with the threads that wait for it to start
 * (thread_share_work, wait_for_start, vm/runtime/thread.c). Checked with spin (tests/models.sh): when
 * the work is over all of it is done and nobody is at it, also while the world runs, and no state is
 * without a way on.
 *
 * What is modelled: one thread that stops the world ROUNDS times and shares work twice each time, and
 * HELPERS threads that pass safepoints, some of them late. threads_lock and both condition variables
 * are there (a signal that meets no waiter is lost). Whether the signal for the work finds a sleeper is
 * left open. What is not: how the world is stopped and threads attach (locks/attach.pml; here a thread
 * that sees the bit is stopped), and that a thread watches for news before it sleeps, which only gives
 * the lock up and takes it again.
 *
 * To see it fail: -DBREAK_ACTIVE does not wait for those who took part; -DBREAK_DONE takes part
 * without telling who waits for that; -DBREAK_OVER leaves the work there for who comes late.
 */
#ifndef HELPERS
#define HELPERS 2
#endif
#define ROUNDS 2
#define PARTS 2

bool stopped;                /* the world */
bool threads_lock;
bool work_there;             /* world_work.run; this and the next two: threads_lock */
byte work_number, at_it;     /* .number, .active */
bool awaits_change;          /* the stopper sleeps on world_changed */
bool awaits_start[HELPERS];  /* asleep on world_started */
byte left;                   /* parts that nobody has taken; atomic */
byte doing;                  /* ghost: parts taken and not done */

#define LOCK(word) atomic { !word -> word = true }
#define UNLOCK(word) word = false

inline do_parts() {
    do
    :: atomic { left > 0 -> left--; doing++ }
       assert(stopped);
       doing--
    :: left == 0 -> break
    od
}

inline wait_for_start(me) {
    taken_part = 0;
    do
    :: stopped && work_there && taken_part != work_number ->
       taken_part = work_number;
       at_it++;
       UNLOCK(threads_lock);
       do_parts();
       LOCK(threads_lock);
       at_it--;
       if
#ifndef BREAK_DONE
       :: at_it == 0 -> awaits_change = false
#endif
       :: else
       fi
    :: stopped && !(work_there && taken_part != work_number) ->
       atomic { awaits_start[me] = true; UNLOCK(threads_lock) }
       !awaits_start[me];
       LOCK(threads_lock)
    :: !stopped -> break
    od
}

inline share_work() {
    LOCK(threads_lock);
    left = PARTS;
    work_there = true;
    work_number++;
    if
    :: atomic {
           for (i : 0 .. HELPERS - 1) {
               awaits_start[i] = false
           }
       }
    :: true
    fi;
    UNLOCK(threads_lock);
    do_parts();
    LOCK(threads_lock);
#ifndef BREAK_OVER
    work_there = false;
#endif
#ifndef BREAK_ACTIVE
    do
    :: at_it == 0 -> break
    :: else ->
       atomic { awaits_change = true; UNLOCK(threads_lock) }
       !awaits_change;
       LOCK(threads_lock)
    od;
#endif
    UNLOCK(threads_lock);
    assert(left == 0 && doing == 0 && at_it == 0)
}

proctype stopper() {
    byte round, i;
    for (round : 1 .. ROUNDS) {
        LOCK(threads_lock);
        stopped = true;
        UNLOCK(threads_lock);
        share_work();
        share_work();
        LOCK(threads_lock);
        stopped = false;
        atomic {
            for (i : 0 .. HELPERS - 1) {
                awaits_start[i] = false /* pthread_cond_broadcast */
            }
        }
        UNLOCK(threads_lock)
    }
}

proctype helper(byte me) {
    byte step, taken_part;
    for (step : 1 .. ROUNDS) {
        if
        :: stopped -> LOCK(threads_lock); wait_for_start(me); UNLOCK(threads_lock)
        :: true
        fi
    }
}

init {
    byte n;
    atomic {
        run stopper();
        for (n : 0 .. HELPERS - 1) {
            run helper(n)
        }
    }
    _nr_pr == 1; /* a thread that waits for ever shows as an invalid end state here */
    assert(!threads_lock && at_it == 0)
}
