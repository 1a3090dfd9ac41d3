// SPDX-License-Identifier: MIT
//
// What Pattern.scanner() and finditer() give: a text and where the next match is looked for.
//
// Threads that share a scanner get every match once. No lock is held while a pattern is matched:
// whoever finds, when it has a match, that another thread has moved on meanwhile, looks again from
// there.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value pattern, string; // constant, as are:
    SreText text;          // held as long as the scanner lives
    int64_t start, end;
    // Guarded by the lock: where to go on (-1: nothing is left), whether the match there must take
    // something, and how often that changed.
    int64_t from;
    bool advance;
    uint64_t version;
} SreScanner;

static inline SreScanner *scanner_of(Value v) {
    return (SreScanner *)value_object(v);
}

Value sre_scanner_new(Value pattern, Value string, int64_t start, int64_t end) {
    SreText text;
    if (sre_pattern_text(pattern, string, &text, true) < 0)
        return VALUE_NULL;
    SreScanner *scanner = object_allocate(&sre_scanner_type);
    if (!scanner) {
        sre_text_release(&text);
        return VALUE_NULL;
    }
    sre_clamp(text.length, &start, &end);
    scanner->pattern = ref_new(pattern);
    scanner->string = ref_new(string);
    scanner->text = text;
    scanner->start = scanner->from = start;
    scanner->end = end;
    scanner->advance = false;
    scanner->version = 0;
    return value_from_object(scanner);
}

static Value scan(Value self, bool search) {
    SreScanner *scanner = scanner_of(self);
    SreMatcher m;
    if (sre_matcher_start(&m, sre_pattern_of(scanner->pattern)->program, &scanner->text,
                          scanner->end) < 0)
        return VALUE_NULL;
    // A match does not keep a buffer from changing its size.
    Value holder = value_is_null(scanner->text.view.owner) ? self : scanner->pattern;
    Value result = VALUE_NULL;
    bool again;
    do {
        object_lock(&scanner->header);
        int64_t from = scanner->from;
        bool advance = scanner->advance;
        uint64_t version = scanner->version;
        object_unlock(&scanner->header);
        int found = 0;
        if (from >= 0) {
            m.advance = advance ? (const char *)m.begin + (from << m.kind) : NULL;
            found = search ? sre_search(&m, from) : sre_match_at(&m, from);
            if (found < 0)
                break;
        }
        object_lock(&scanner->header);
        again = scanner->version != version;
        if (!again) {
            scanner->version++;
            scanner->from = found ? sre_offset(&m, m.match_end) : -1;
            scanner->advance = m.match_start == m.match_end;
        }
        object_unlock(&scanner->header);
        if (!again)
            result = found ? sre_match_new(&m, scanner->pattern, holder, scanner->string,
                                           scanner->start, scanner->end)
                           : none_new();
    } while (again);
    sre_matcher_finish(&m);
    return result;
}

static Value scanner_match(Value self) {
    return scan(self, false);
}
static Value scanner_search(Value self) {
    return scan(self, true);
}

static void scanner_destroy(Object *self) {
    SreScanner *scanner = (SreScanner *)self;
    sre_text_release(&scanner->text);
    ref_release(scanner->pattern);
    ref_release(scanner->string);
    object_free_fixed(self);
}

static void scanner_traverse(Object *self, GcVisitor *visitor) {
    SreScanner *scanner = (SreScanner *)self;
    gc_visit(visitor, scanner->pattern);
    gc_visit(visitor, scanner->string);
    gc_visit(visitor, scanner->text.view.owner);
}

static const NativeDef scanner_methods[] = {
    DEF_NONE("match", scanner_match,
             "match($self, /)\n--\n\nThe next match, if it begins where the last one ended."),
    DEF_NONE("search", scanner_search, "search($self, /)\n--\n\nThe next match, or None."),
    DEF_END,
};

static const MemberDef scanner_members[] = {
    {"pattern", offsetof(SreScanner, pattern), true, false},
    {NULL},
};

Type sre_scanner_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_sre.SRE_Scanner",
    .basic_size = sizeof(SreScanner),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = scanner_destroy,
    .traverse = scanner_traverse,
    .methods = scanner_methods,
    .members = scanner_members,
};
