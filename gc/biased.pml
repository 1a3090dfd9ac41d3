// SPDX-License-Identifier: MIT
//
// The transitions of gc/biased.c as a model for Spin (tests/models.sh): one object, its owner, and
// two other threads. Sequentially consistent, as the orders in gc/count_biased.h make it.
//
// What is checked:
//   nobody touches the object after it was freed, and it is freed once (assertions);
//   nobody but one at a time has the right to the owner's count (assertions in own_begin);
//   when all references have been dropped and every thread has done what it was asked to do, the
//   object has been freed (assertion at the end);
//   no deadlock.
// With the owner there are two others and a reader, or one other and a collector. That one stops the
// world once, at any moment, so that it meets the object in every state; it disowns it (what it
// found dead), takes what is queued (merge_all), or drops a reference of its own (a weak reference
// whose callback it does not call).
// The owner detaches and attaches as it likes, and may end; the others merge for it then.
// To see it fail: -DBREAK_QUEUED forgets the state QUEUED, -DBREAK_WEAK lets the owner free without
// merging, -DBREAK_SECOND_LOOK and -DBREAK_LEFT_BEHIND lose what is queued while the owner detaches,
// -DBREAK_OWNER leaves the owner an owner after the merging, -DBREAK_TRY counts up from nothing,
// -DBREAK_STOP lets the collector take the object while others run, -DBREAK_STOPPED forgets what was
// queued for an owner that is stopped, -DBREAK_PASS_ON keeps to itself that it was asked to look and
// blocks.
// A reader without a lock tries to count up at any moment, also after the death.

#define DEFAULT 0
#define WEAK 1
#define QUEUED 2
#define MERGED 3

// The word `shared`: its count and its state change in one step.
short shared = 0;
byte state = DEFAULT;
// The owner's part.
short own = 0;
bool owned = true;
// The object itself.
bool freed = false;
byte references = 0; // really held, by anybody; the queue's reference included

// The owner's thread.
mtype = { Attached, Detached, Borrowed, Stopped, Ended };
mtype thread = Attached;
bool wanted = false;      // WANT_MERGE
byte queue = 0;           // entries in the owner's queue; under `bucket`
bool left_behind = false; // a hint to all
bool asked[2];            // WANT_MERGE of the other, of the collector; without one all are asked
byte orphans = 0;         // merged already
bool bucket = false;      // the bucket's lock
byte touching = 0;        // who is at the owner's count
bool stopping = false;    // the collector stops the world, or has done so
bool running = false;     // the other is between two safepoints (with a collector)
bool collecting = false;  // there is a collector

inline lock() { atomic { !bucket -> bucket = true } }
inline unlock() { bucket = false }
inline own_begin() { d_step { touching++; assert(touching == 1); assert(!freed) } }
inline own_end() { touching-- }
inline die() { d_step { assert(!freed); assert(references == 0); freed = true } }

// Adds up; what the reference `drop` stands for is no longer counted. dead: nobody has any.
inline merge(drop, dead) {
    own_begin();
    if
    :: state == MERGED -> own_end(); dead = false; drop_merged(drop, dead)
    :: else ->
        sum = own - drop;
        own = 0;
#ifndef BREAK_OWNER
        owned = false;
#endif
        own_end();
        d_step { // compare and swap, repeated
            assert(!freed);
            assert(state != MERGED);
            shared = shared + sum;
            state = MERGED;
            references = references - drop;
            dead = (shared == 0)
        }
    fi
}
inline drop_merged(drop, dead) {
    if
    :: drop == 1 -> d_step { assert(!freed); assert(state == MERGED); shared--; references--; dead = (shared == 0) }
    :: else -> skip
    fi
}

// A thread that is not the owner drops its reference.
inline decrement_other(dead) {
    dead = false;
    must_queue = false;
    d_step { // one compare and swap that succeeds
        assert(!freed);
        if
        :: state == MERGED -> shared--; references--; dead = (shared == 0)
#ifndef BREAK_QUEUED
        :: state != MERGED && state != QUEUED && shared == 0 -> state = QUEUED; must_queue = true
#endif
        :: else -> shared--; references--
        fi
    }
    if
    :: must_queue -> queue_for_owner(dead)
    :: else -> skip
    fi
}

inline queue_for_owner(dead) {
    assert(!freed);
    if
    :: !owned -> // merged, or about to be, by the owner itself
        d_step {
            assert(!freed);
            shared--; references--;
            dead = (state == MERGED && shared == 0)
        }
    :: else ->
        lock();
        if
        :: thread == Ended ->
            unlock();
            merge(1, dead)
        :: else ->
            atomic { if :: thread == Detached -> thread = Borrowed; borrowed = true :: else -> borrowed = false fi }
            left = false;
            if
            :: !borrowed ->
                queue++;
                wanted = true;
#ifndef BREAK_SECOND_LOOK
                atomic { if :: thread == Detached -> thread = Borrowed; borrowed = true :: else -> skip fi }
                if
                :: borrowed -> queue--
#ifndef BREAK_STOPPED
                :: !borrowed && thread != Attached -> left = true // stopped
#endif
                :: else -> skip
                fi
#endif
            :: else -> skip
            fi;
            if
            :: borrowed ->
                merge(1, dead);
                thread = Detached
            :: else -> skip
            fi;
            unlock();
            if :: left -> left_behind = true; asked[me] = collecting :: else -> skip fi
        fi
    fi
}

// Between two safepoints nobody is stopped.
inline begin() { atomic { !stopping -> running = collecting } }
inline end() { running = false }

inline request_all() { d_step { asked[0] = collecting; asked[1] = collecting } }

// What somebody who sees left_behind does.
inline help() {
    asked[me] = false;
    left_behind = false;
    taken = 0;
    d_step { taken = orphans; orphans = 0 }
    do
    :: taken > 0 -> taken--; release_merged()
    :: else -> break
    od;
    lock();
    borrowed = false;
    left = false;
    if
    :: queue > 0 && thread != Ended ->
        atomic { if :: thread == Detached -> thread = Borrowed; borrowed = true :: else -> skip fi }
        if
        :: borrowed ->
            taken = queue; queue = 0;
            merge(0, dead);
            wanted = false;
            thread = Detached
        :: !borrowed && thread != Attached -> left = true // stopped
        :: else -> skip
        fi
    :: else -> skip
    fi;
    unlock();
    if :: left -> left_behind = true; left = false :: else -> skip fi;
    asked[me] = collecting && (asked[me] || left_behind);
    do
    :: taken > 0 -> taken--; release_merged()
    :: else -> break
    od
}

inline release_merged() {
    d_step { assert(!freed); assert(state == MERGED); shared--; references--; dead = (shared == 0) }
    if :: dead -> die() :: else -> skip fi
}

// The owner drops a reference that it counted itself (or merged since).
inline decrement_owner() {
    dead = false;
    if
    :: owned ->
        own_begin();
        own--;
        own_end();
        references--;
        if
        :: own == 0 ->
            if
#ifndef BREAK_WEAK
            :: shared == 0 && state == DEFAULT -> dead = true
#else
            :: shared == 0 -> dead = true
#endif
            :: else -> merge(0, dead)
            fi
        :: else -> skip
        fi
    :: else ->
        d_step { assert(!freed); assert(state == MERGED); shared--; references--; dead = (shared == 0) }
    fi;
    if :: dead -> die() :: else -> skip fi
}

inline safepoint() {
    if
    :: wanted ->
        wanted = false;
        lock();
        taken = queue; queue = 0;
        unlock();
        if
        :: taken > 0 -> merge(0, dead)
        :: else -> skip
        fi;
        do
        :: taken > 0 -> taken--; release_merged()
        :: else -> break
        od
    :: else -> skip
    fi
}

// Who detaches, asked or wanted, asks others in its place.
inline pass_on() {
#ifndef BREAK_PASS_ON
    if :: left_behind -> request_all() :: else -> skip fi
#else
    skip
#endif
}

inline detach() {
    atomic { assert(thread == Attached); thread = Detached }
    if
    :: wanted ->
        lock();
#ifndef BREAK_LEFT_BEHIND
        if :: queue > 0 -> left_behind = true; request_all() :: else -> skip fi;
#endif
        unlock();
        pass_on()
    :: else -> skip
    fi
}
inline attach() { atomic { !stopping && thread == Detached -> thread = Attached } }

byte held; // references that the owner has and will drop itself

active proctype Owner() {
    short sum; byte taken; bool dead, borrowed;
    // Three references, one for each thread. The others' were counted by the owner, or by themselves.
    atomic {
        if
        :: run Other(); run Other(); run Reader()
        :: collecting = true; run Other(); run Collector()
        fi;
        if :: own = 3 :: !collecting -> own = 2; shared = 1 :: own = 1; shared = 2 fi;
        references = 3; held = 1;
        if :: state = WEAK :: skip fi // ref_mark_shared, or not
    }
    do
    :: held > 0 && held < (collecting -> 2 : 3) -> // one more reference, and perhaps ref_mark_shared
        if
        :: owned -> own_begin(); own++; references++; held++; own_end()
        :: else -> d_step { assert(!freed); shared++; references++; held++ }
        fi;
        if
        :: atomic { state == DEFAULT -> state = WEAK }
        :: skip
        fi
    :: held > 0 -> held--; decrement_owner()
    :: safepoint()
    :: detach(); attach()
    :: held == 0 -> break
    od;
    // The thread ends, or blocks for ever.
    if
    :: // merge_thread_forget
        lock();
        taken = queue; queue = 0;
        if :: taken > 0 -> merge(0, dead) :: else -> skip fi;
        atomic { thread = Ended; orphans = orphans + taken };
        if :: taken > 0 -> left_behind = true; request_all() :: else -> skip fi;
        unlock()
    :: detach()
    fi
}

proctype Other() {
    byte me = 0;
    short sum; byte taken; bool dead, must_queue, left, borrowed;
    // It may take one more reference first, and drop that.
    if
    :: !collecting ->
        d_step { assert(!freed); shared++; references++ };
        decrement_other(dead);
        if :: dead -> die() :: else -> skip fi
    :: skip
    fi;
    begin();
    decrement_other(dead);
    if :: dead -> die() :: else -> skip fi;
    end();
    // Safepoints.
    do
    :: left_behind && (asked[me] || !collecting) -> begin(); help(); end()
    :: freed -> break
    :: collecting -> // blocks for ever
        if :: asked[me] -> pass_on() :: else -> skip fi;
        break
    od
}

// ref_try_retain_object by a thread that found the address in a slot.
proctype Reader() {
    byte me = 0;
    short sum; byte taken; bool dead, must_queue, left, borrowed, got;
    atomic {
        if
#ifndef BREAK_TRY
        :: freed || (shared == 0 && (state == DEFAULT || state == MERGED)) -> got = false
#else
        :: freed || (shared == 0 && state == MERGED) -> got = false
#endif
        :: else -> shared++; references++; got = true
        fi
    }
    // A free slot has shared == 0 or MERGED with a count of 0, which is what the test above says.
    if
    :: got -> assert(!freed); decrement_other(dead); if :: dead -> die() :: else -> skip fi
    :: else -> skip
    fi
}

// gc/collect.c and merge_all, in a thread that does not own the object. Its reference is the one it
// takes to what it found dead, or the one to a weak reference.
proctype Collector() {
    byte me = 1;
    short sum; byte taken; bool dead, must_queue, left, borrowed, has_one = true;
    // thread_stop_world
    stopping = true;
#ifndef BREAK_STOP
    do
    :: atomic { thread == Detached -> thread = Stopped }
    :: (thread == Stopped || thread == Ended) && !running -> break
    od;
#endif
    taken = 0;
    if
    :: queue > 0 ->
        lock();
        merge(0, dead);
        assert(!dead);
        taken = queue; queue = 0;
        unlock()
    :: merge(0, dead); // biased_disown
        assert(!dead)
    :: references > 1 -> // keep_callback
        has_one = false;
        decrement_other(dead);
        assert(!dead)
    :: skip
    fi;
    // thread_start_world
    atomic {
        stopping = false;
        if :: thread == Stopped -> thread = Detached :: else -> skip fi
    }
    do
    :: taken > 0 -> taken--; release_merged()
    :: else -> break
    od;
    if
    :: has_one -> decrement_other(dead); if :: dead -> die() :: else -> skip fi
    :: else -> skip
    fi;
    do
    :: left_behind && asked[me] -> help()
    :: freed -> break
    od
}

active proctype Check() {
    timeout -> // all others are at their end, or wait for the death
        assert(freed);
        assert(references == 0);
        assert(queue == 0 && orphans == 0)
}
