// SPDX-License-Identifier: MIT
#include "vm/modules/faulthandler_dump.h"
#include "gc/collecting.h"
#include "vm/interp/frame.h"
#include "vm/runtime/thread.h"
#include "vm/types/str.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { MOST_FRAMES = 100, MOST_THREADS = 100, MOST_CHARACTERS = 500 };

static void dump_bytes(int fd, const char *data, size_t length) {
    while (length) {
        ssize_t n = write(fd, data, length);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            data += n;
            length -= (size_t)n;
        }
    }
}
void dump_text(int fd, const char *text) {
    dump_bytes(fd, text, strlen(text));
}

static void dump_digits(int fd, unsigned long long n, unsigned base, int least) {
    char digits[32];
    int count = 0;
    do {
        digits[sizeof digits - 1 - (size_t)count++] = "0123456789abcdef"[n % base];
        n /= base;
    } while (n);
    while (count < least)
        digits[sizeof digits - 1 - (size_t)count++] = '0';
    dump_bytes(fd, digits + sizeof digits - count, (size_t)count);
}
void dump_number(int fd, long long n) {
    if (n < 0)
        dump_text(fd, "-");
    dump_digits(fd, n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n, 10, 1);
}

// A str in ASCII, what is not written as an escape.
static void dump_str(int fd, Value v) {
    if (!value_is_object(v)) {
        dump_text(fd, "???");
        return;
    }
    int64_t length = str_length(v);
    for (int64_t i = 0; i < length && i < MOST_CHARACTERS; i++) {
        uint32_t point = str_at(v, i);
        if (point >= 32 && point < 127) {
            char c = (char)point;
            dump_bytes(fd, &c, 1);
        } else {
            dump_text(fd, point < 0x100 ? "\\x" : point < 0x10000 ? "\\u" : "\\U");
            dump_digits(fd, point, 16, point < 0x100 ? 2 : point < 0x10000 ? 4 : 8);
        }
    }
    if (length > MOST_CHARACTERS)
        dump_text(fd, "...");
}

static void dump_frames(int fd, const Thread *thread) {
    const Frame *frame = __atomic_load_n(&thread->frame, __ATOMIC_RELAXED);
    if (!frame)
        dump_text(fd, "  <no Python frame>\n");
    for (int depth = 0; frame; frame = frame_previous(frame)) {
        if (depth++ == MOST_FRAMES) {
            dump_text(fd, "  ...\n");
            return;
        }
        const Code *code = frame_code(frame);
        if (!code)
            return;
        dump_text(fd, "  File \"");
        dump_str(fd, code->filename);
        dump_text(fd, "\", line ");
        uint32_t word = frame_word(frame);
        int line = word < code->word_count ? code_line(code, word) : 0;
        if (line > 0)
            dump_number(fd, line);
        else
            dump_text(fd, "???");
        dump_text(fd, " in ");
        dump_str(fd, code->name);
        dump_text(fd, "\n");
    }
}

static void dump_thread(int fd, const Thread *thread, bool current) {
    dump_text(fd, current ? "Current thread 0x" : "Thread 0x");
    dump_digits(fd, thread->id, 16, 16);
    dump_text(fd, " (most recent call first):\n");
    if (current && gc_is_collecting_here())
        dump_text(fd, "  Garbage-collecting\n");
    dump_frames(fd, thread);
}

typedef struct {
    int fd, count;
    const Thread *current;
} Dump;
static void visit(Thread *thread, void *context) {
    Dump *d = context;
    if (d->count++)
        dump_text(d->fd, "\n");
    if (d->count > MOST_THREADS) {
        if (d->count == MOST_THREADS + 1)
            dump_text(d->fd, "...\n");
        return;
    }
    dump_thread(d->fd, thread, thread == d->current);
}

void dump_tracebacks(int fd, bool all_threads) {
    int kept = errno;
    const Thread *current = thread_current();
    Dump d = {fd, 0, current};
    // Somebody has the list of threads: this one only.
    if ((!all_threads || !thread_try_each(visit, &d)) && current) {
        if (all_threads) {
            dump_thread(fd, current, true);
        } else {
            dump_text(fd, "Stack (most recent call first):\n");
            dump_frames(fd, current);
        }
    }
    errno = kept;
}
