// SPDX-License-Identifier: MIT
//
// The measured loops for one mutex, included by kinds.c once for each with KIND (the prefix of
// its functions) and KIND_TYPE (its type) defined: the fast paths are compiled in line here as they
// are in the VM. Undefines both.

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)
#define NAME(suffix) JOIN(KIND, suffix)

// As in an object, what the lock guards shares its cache line, if it fits.
static struct {
    _Alignas(64) KIND_TYPE lock;
    uint64_t counter, data; // written by the holder
} NAME(_shared);

static void NAME(_reset)(void) {
    memset(&NAME(_shared), 0, sizeof NAME(_shared)); // free, for every mutex here
}

static uint64_t NAME(_counter)(void) {
    return NAME(_shared).counter;
}

static void NAME(_alone)(uint64_t rounds) {
    for (uint64_t i = 0; i < rounds; i++) {
        NAME(_lock)(&NAME(_shared).lock);
        NAME(_unlock)(&NAME(_shared).lock);
    }
}

static uint64_t NAME(_contend)(const int *stop, uint64_t inside, uint64_t outside) {
    uint64_t count = 0, own = 1;
    while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
        NAME(_lock)(&NAME(_shared).lock);
        NAME(_shared).counter++;
        NAME(_shared).data = work(NAME(_shared).data, inside);
        NAME(_unlock)(&NAME(_shared).lock);
        own = work(own, outside);
        count++;
    }
    kept = own;
    return count;
}

#undef NAME
#undef JOIN
#undef JOIN_AGAIN
#undef KIND
#undef KIND_TYPE
