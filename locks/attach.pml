/* SPDX-License-Identifier: MIT
 *
 * Model of the handshake between who stops the world and who attaches, detaches, passes a
 * safepoint or ends (vm/runtime/thread.c), with one object lock besides. Checked with spin
 * (tests/models.sh): nobody is attached while another has the world stopped, and no state is
 * without a way on, which also says that waiting for an object lock while attached is safe.
 *
 * What is modelled: THREADS threads, each of which does any STEPS of: touch an object under its lock,
 * pass a safepoint, detach and attach (a blocking call), stop and start the world; then ends.
 * Thread.state and the WANT_STOP bit are read and written one statement at a time; threads_lock,
 * world_mutex and both condition variables are there (a signal that meets no waiter is lost).
 * The configuration is that without a GIL. What is not: the end of the interpreter (thread_finish_all),
 * fork, new threads, and memory weaker than sequential consistency (state and wanted are
 * sequentially consistent in the code).
 *
 * To see it fail: -DBREAK_ORDER detaches by first reading the bit and then writing the state;
 * -DBREAK_CLAIM counts a detached thread as stopped without making it so; -DBREAK_LEAF reaches a
 * safepoint with the object's lock held; -DBREAK_SIGNAL detaches without telling the stopper.
 */
#ifndef THREADS
#define THREADS 3
#endif
#ifndef STEPS
#define STEPS 2
#endif
#define NOBODY 255

mtype = {DETACHED, ATTACHED, STOPPED};
mtype state[THREADS] = DETACHED;
bool want_stop[THREADS];
bool gone[THREADS];          /* unlinked from the list of threads */
bool threads_lock, world_mutex, object_lock;
byte stopper = NOBODY;       /* threads_lock */
byte stopped_by = NOBODY;    /* ghost: between thread_stop_world's end and thread_start_world */
bool awaits_change;          /* the stopper sleeps on world_changed */
bool awaits_start[THREADS];  /* asleep on world_started */

#define LOCK(word) atomic { !word -> word = true }
#define UNLOCK(word) word = false
#define SIGNAL_CHANGED awaits_change = false

/* With threads_lock held. */
inline wait_for_start(me) {
    do
    :: state[me] == STOPPED ->
       atomic { awaits_start[me] = true; UNLOCK(threads_lock) }
       !awaits_start[me];
       LOCK(threads_lock)
    :: else -> break
    od
}

inline become_attached(me) {
    do
    :: if
       :: !want_stop[me] ->
          atomic {
              if
              :: state[me] == DETACHED -> state[me] = ATTACHED; done = true
              :: else -> done = false
              fi
          }
       :: want_stop[me] -> done = false
       fi;
       if
       :: done -> break
       :: else
       fi;
       LOCK(threads_lock);
       if
       :: stopper != NOBODY ->
          atomic {
              if
              :: state[me] == DETACHED -> state[me] = STOPPED; SIGNAL_CHANGED
              :: else
              fi
          }
       :: else
       fi;
       wait_for_start(me);
       UNLOCK(threads_lock)
    od
}

inline become_detached(me) {
#ifdef BREAK_ORDER
    done = want_stop[me];
    state[me] = DETACHED;
#else
    state[me] = DETACHED;
    done = want_stop[me];
#endif
    if
#ifndef BREAK_SIGNAL
    :: done -> LOCK(threads_lock); SIGNAL_CHANGED; UNLOCK(threads_lock)
#endif
    :: else
    fi
}

inline safepoint(me) {
    if
    :: want_stop[me] -> become_detached(me); become_attached(me)
    :: else
    fi
}

inline stop_world(me) {
    if /* mutex_lock(&world_mutex): waiting detaches */
    :: atomic { !world_mutex -> world_mutex = true }
    :: world_mutex -> become_detached(me); LOCK(world_mutex); become_attached(me)
    fi;
    LOCK(threads_lock);
    stopper = me;
    for (i : 0 .. THREADS - 1) {
        if
        :: i != me && !gone[i] -> want_stop[i] = true
        :: else
        fi
    }
    do
    :: all = true;
       for (i : 0 .. THREADS - 1) {
           if
           :: i != me && !gone[i] ->
              atomic {
                  if
#ifndef BREAK_CLAIM
                  :: state[i] == DETACHED -> state[i] = STOPPED
#endif
                  :: state[i] == ATTACHED -> all = false
                  :: else
                  fi
              }
           :: else
           fi
       }
       if
       :: all -> break
       :: else
       fi;
       atomic { awaits_change = true; UNLOCK(threads_lock) }
       !awaits_change;
       LOCK(threads_lock)
    od;
    stopped_by = me;
    UNLOCK(threads_lock)
}

inline start_world(me) {
    LOCK(threads_lock);
    stopped_by = NOBODY;
    for (i : 0 .. THREADS - 1) {
        if
        :: i != me && !gone[i] ->
           want_stop[i] = false;
           atomic {
               if
               :: state[i] == STOPPED -> state[i] = DETACHED
               :: else
               fi
           }
        :: else
        fi
    }
    stopper = NOBODY;
    atomic {
        for (i : 0 .. THREADS - 1) {
            awaits_start[i] = false /* pthread_cond_broadcast */
        }
    }
    UNLOCK(threads_lock);
    UNLOCK(world_mutex)
}

inline touch(me) {
    LOCK(object_lock); /* waits attached */
    assert(state[me] == ATTACHED && (stopped_by == NOBODY || stopped_by == me));
#ifdef BREAK_LEAF
    safepoint(me);
#endif
    UNLOCK(object_lock)
}

proctype thread(byte me) {
    byte step, i;
    bool done, all;
    become_attached(me);
    for (step : 1 .. STEPS) {
        if
        :: touch(me)
        :: safepoint(me)
        :: become_detached(me); become_attached(me)
        :: stop_world(me); touch(me); start_world(me)
        fi
    }
    become_detached(me);
    LOCK(threads_lock); /* thread_unregister */
    wait_for_start(me);
    gone[me] = true;
    SIGNAL_CHANGED;
    UNLOCK(threads_lock)
}

init {
    byte n;
    atomic {
        for (n : 0 .. THREADS - 1) {
            run thread(n)
        }
    }
    _nr_pr == 1; /* a thread that waits for ever shows as an invalid end state here */
    assert(!threads_lock && !world_mutex && !object_lock && stopper == NOBODY)
}
