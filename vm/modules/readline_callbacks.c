// SPDX-License-Identifier: MIT
//
// `readline`: the functions of a program that are called while a line is edited. What they raise is
// dropped, as in CPython: there is nobody to tell.
#if HAVE_LIBEDIT
#include "locks/raw_lock.h"
#include "vm/modules/readline_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include <stdlib.h>
#include <string.h>

enum { COMPLETER, STARTUP_HOOK, PRE_INPUT_HOOK, DISPLAY_HOOK, CALLBACK_COUNT };

// Written and read by any attached thread, under the lock. Who calls one has a reference of his
// own, so another thread may replace it meanwhile.
static RawLock callbacks_lock = RAW_LOCK_INIT;
static Value callbacks[CALLBACK_COUNT]; // VALUE_NULL: none

// Where the word to be completed begins and ends. Written by the thread that edits, read by any,
// relaxed: each by itself.
static int64_t begin_index, end_index;

static Value callback_of(int which) { // a new reference or VALUE_NULL
    raw_lock(&callbacks_lock);
    Value callback = ref_new(callbacks[which]);
    raw_unlock(&callbacks_lock);
    return callback;
}

static Value set_callback(int which, const char *function, const Value *args, size_t nargs) {
    Value new = nargs == 0 || value_is_none(args[0]) ? VALUE_NULL : args[0];
    if (!value_is_null(new) && !value_is_callable(new))
        return raise_type_error("%s(func): argument not callable", function);
    ref_retain(new);
    raw_lock(&callbacks_lock);
    Value old = callbacks[which];
    callbacks[which] = new;
    raw_unlock(&callbacks_lock);
    ref_release(old);
    return none_new();
}

// ---- while a line is edited --------------------------------------------------------------------

static void run_hook(int which) {
    Value hook = callback_of(which);
    if (!value_is_null(hook)) {
        ref_release(value_call_none(hook));
        error_clear();
    }
    ref_release(hook);
}
static void run_startup_hook(void) {
    run_hook(STARTUP_HOOK);
}
static void run_pre_input_hook(void) {
    run_hook(PRE_INPUT_HOOK);
}

typedef struct {
    char **texts; // malloc'ed, as they; the first is what the others have in common
    size_t count, capacity;
} Matches;

static void matches_free(Matches *m) {
    for (size_t i = 0; i < m->count; i++)
        free(m->texts[i]);
    free(m->texts);
    *m = (Matches){0};
}

// Takes text. False: no memory.
static bool matches_add(Matches *m, char *text) {
    if (text && m->count + 1 >= m->capacity) { // a NULL follows
        size_t capacity = m->capacity ? m->capacity * 2 : 16;
        char **larger = realloc(m->texts, capacity * sizeof *larger);
        if (!larger) {
            free(text);
            return false;
        }
        m->texts = larger;
        m->capacity = capacity;
    }
    if (!text)
        return false;
    m->texts[m->count++] = text;
    m->texts[m->count] = NULL;
    return true;
}

// What the completer says for this state, malloc'ed; NULL: nothing more.
static char *ask(Value completer, Value word, int64_t state) {
    Value number = int_from_i64(state), answer = VALUE_NULL, encoded = VALUE_NULL;
    if (!value_is_null(number))
        answer = value_call_two(completer, word, number);
    if (!value_is_null(answer) && value_is_str(answer))
        encoded = readline_encode(answer);
    char *text = value_is_null(encoded) ? NULL : strdup((const char *)bytes_data(encoded));
    ref_release(encoded);
    ref_release(answer);
    ref_release(number);
    error_clear();
    return text;
}

// The beginning that all have in common, of whole characters.
static char *common_beginning(const Matches *m) {
    size_t length = strlen(m->texts[1]);
    for (size_t i = 2; i < m->count; i++) {
        size_t same = 0;
        while (same < length && m->texts[i][same] == m->texts[1][same])
            same++;
        length = same;
    }
    while (length > 0 && ((unsigned char)m->texts[1][length] & 0xc0) == 0x80)
        length--;
    return strndup(m->texts[1], length);
}

static Matches find_matches(Value completer, Value word) {
    Matches m = {0};
    if (!matches_add(&m, strdup("")))
        return m;
    char *text;
    for (int64_t state = 0; (text = ask(completer, word, state)); state++)
        if (!matches_add(&m, text))
            break;
    char *common = m.count > 1 ? common_beginning(&m) : NULL;
    if (common) {
        free(m.texts[0]);
        m.texts[0] = common;
    } else {
        matches_free(&m);
    }
    return m;
}

// The program shows the list instead of the library. hook(substitution, matches, longest)
static void show_matches(Value hook, const Matches *m) {
    Value list = list_new(), first = readline_decode(strdup(m->texts[0]));
    int64_t longest = 0;
    bool whole = !value_is_null(list) && !value_is_null(first);
    for (size_t i = 1; i < m->count && whole; i++) {
        Value text = readline_decode(strdup(m->texts[i]));
        if (!value_is_null(text) && str_length(text) > longest)
            longest = str_length(text);
        whole = !value_is_null(text) && list_append(list, text) == 0;
        ref_release(text);
    }
    Value args[3] = {first, list, int_from_i64(longest)};
    if (whole && !value_is_null(args[2]))
        ref_release(value_call(hook, args, 3, VALUE_NULL));
    for (int i = 0; i < 3; i++)
        ref_release(args[i]);
    error_clear();
}

// A list of matches is left as what they have in common when the program has shown it.
static void show_list(Matches *m) {
    Value hook = m->count > 2 ? callback_of(DISPLAY_HOOK) : VALUE_NULL;
    if (value_is_null(hook))
        return;
    show_matches(hook, m);
    ref_release(hook);
    for (size_t i = 1; i < m->count; i++)
        free(m->texts[i]);
    m->count = 1;
    m->texts[1] = NULL;
}

static char **complete(const char *word, int start, int end, bool asked_again, bool *only) {
    __atomic_store_n(&begin_index, start, __ATOMIC_RELAXED);
    __atomic_store_n(&end_index, end, __ATOMIC_RELAXED);
    Value completer = callback_of(COMPLETER);
    *only = !value_is_null(completer);
    if (!*only)
        return NULL;
    Value text = readline_decode(strdup(word));
    Matches m = {0};
    if (!value_is_null(text))
        m = find_matches(completer, text);
    if (asked_again && m.count)
        show_list(&m);
    ref_release(text);
    ref_release(completer);
    error_clear();
    return m.texts;
}

const EditorHooks readline_hooks = {run_startup_hook, run_pre_input_hook, complete};

// ---- functions ---------------------------------------------------------------------------------

static Value readline_set_completer(Value self, const Value *args, size_t nargs) {
    return set_callback(COMPLETER, "set_completer", args, nargs);
}
static Value readline_get_completer(Value self) {
    Value completer = callback_of(COMPLETER);
    return value_is_null(completer) ? none_new() : completer;
}
static Value readline_set_startup_hook(Value self, const Value *args, size_t nargs) {
    return set_callback(STARTUP_HOOK, "set_startup_hook", args, nargs);
}
static Value readline_set_pre_input_hook(Value self, const Value *args, size_t nargs) {
    return set_callback(PRE_INPUT_HOOK, "set_pre_input_hook", args, nargs);
}
static Value readline_set_display_hook(Value self, const Value *args, size_t nargs) {
    return set_callback(DISPLAY_HOOK, "set_completion_display_matches_hook", args, nargs);
}
static Value readline_get_begidx(Value self) {
    return int_from_i64(__atomic_load_n(&begin_index, __ATOMIC_RELAXED));
}
static Value readline_get_endidx(Value self) {
    return int_from_i64(__atomic_load_n(&end_index, __ATOMIC_RELAXED));
}

const NativeDef readline_callback_functions[] = {
    DEF_FIXED("set_completer", readline_set_completer, 0, 1,
              "set_completer($module, function=None, /)\n--\n\n"
              "Sets the function that completes words, or removes it.\n\n"
              "It is called as function(text, state), for state in 0, 1, 2, ..., until it gives\n"
              "something that is no string."),
    DEF_NONE("get_completer", readline_get_completer,
             "get_completer($module, /)\n--\n\nGives the function that completes words, or None."),
    DEF_FIXED("set_startup_hook", readline_set_startup_hook, 0, 1,
              "set_startup_hook($module, function=None, /)\n--\n\n"
              "Sets the function that is called before a prompt is shown, or removes it.\n\n"
              "What it inserts stands on the line when editing begins."),
    DEF_FIXED("set_pre_input_hook", readline_set_pre_input_hook, 0, 1,
              "set_pre_input_hook($module, function=None, /)\n--\n\n"
              "Sets the function that is called before keys are read, or removes it."),
    DEF_FIXED("set_completion_display_matches_hook", readline_set_display_hook, 0, 1,
              "set_completion_display_matches_hook($module, function=None, /)\n--\n\n"
              "Sets the function that shows a list of completions, or removes it.\n\n"
              "It is called as function(substitution, [matches], longest_match_length)."),
    DEF_NONE("get_begidx", readline_get_begidx,
             "get_begidx($module, /)\n--\n\nGives where the word to be completed begins."),
    DEF_NONE("get_endidx", readline_get_endidx,
             "get_endidx($module, /)\n--\n\nGives where the word to be completed ends."),
    DEF_END,
};

#endif
