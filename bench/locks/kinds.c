// SPDX-License-Identifier: MIT
//
// The measured loops, once for each mutex, and what the parking lot wants of the VM.
#include "bench/locks/kinds.h"
#include "locks/object_lock_futex.h"
#include "locks/object_lock_mcs.h"
#include "locks/object_lock_parking.h"
#include "locks/object_lock_pthread.h"
#include "locks/object_lock_ticket.h"
#include "vm/runtime/thread.h"
#include <stdlib.h>
#include <string.h>

static volatile uint64_t kept; // so that no work is thrown away

#define KIND parking
#define KIND_TYPE ParkingLock
#include "bench/locks/kind.h"
#define KIND futex
#define KIND_TYPE FutexLock
#include "bench/locks/kind.h"
#define KIND pthread
#define KIND_TYPE PthreadLock
#include "bench/locks/kind.h"
#define KIND ticket
#define KIND_TYPE TicketLock
#include "bench/locks/kind.h"
#define KIND mcs
#define KIND_TYPE McsLock
#include "bench/locks/kind.h"

#define ENTRY(name, type)                                                                          \
    { #name, sizeof(type), name##_reset, name##_alone, name##_contend, name##_counter }
const Kind kinds[] = {
    ENTRY(parking, uint8_t),   ENTRY(futex, FutexLock), ENTRY(pthread, pthread_mutex_t),
    ENTRY(ticket, TicketLock), ENTRY(mcs, McsLock),
};
const size_t kind_count = sizeof kinds / sizeof *kinds;

// locks/parking.c calls these for waits that detach; object locks do not.
void thread_detach(void) {
    abort();
}
void thread_attach(void) {
    abort();
}
