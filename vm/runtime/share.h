// SPDX-License-Identifier: MIT
//
// Work for the threads that are stopped. By vm/runtime/thread.c (model: locks/share.pml), for the
// collector.
#ifndef LOCKSMITH_VM_RUNTIME_SHARE_H
#define LOCKSMITH_VM_RUNTIME_SHARE_H

// With the world stopped: work(context, 0) in the calling thread, and at the same time
// work(context, 1), ... in those stopped threads that have not ended and only wait for the world to
// start, at most `most` calls in all and no more than there are processors. Returns when all
// have returned. What the caller wrote before is seen by all, and what they wrote by the caller. A
// thread may come late, when the others have nothing left to do, or never. `work` may touch
// objects, and obeys what holds for the caller while the world is stopped; it must not wait for
// another call to begin.
void thread_share_work(void (*work)(void *context, unsigned worker), void *context, unsigned most);

#endif
