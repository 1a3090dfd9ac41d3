// SPDX-License-Identifier: MIT
//
// A line that is edited at the terminal, by libedit (editor.h).
//
// The library asks for its keys here (next_key), which is where a thread waits: the mutex is let go
// meanwhile, signal handlers run, and a handler that raises ends the line, as the end of input
// does.
#include "vm/runtime/editor.h"
#if HAVE_LIBEDIT
#include "vm/runtime/editor_internal.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// Held by who edits a line, taken detached. `line_owner` is his Thread.id or 0: written by him,
// read by others too, relaxed, who can only find that it is not they.
static pthread_mutex_t line_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t line_owner;

static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER; // editor_internal.h

// Under library_lock.
static struct {
    bool started;          // the library is
    char *delimiters;      // of words, as they were set; malloc'ed or NULL
    char *breaks;          // the same as the library has them; malloc'ed
    char *typed;           // text that comes before the keys; malloc'ed
    size_t typed_at;       // as much of it has been given out
    struct winsize window; // the terminal's size that the library knows
    char **probe;          // the line is wanted here (copy_line), nothing completed; or NULL
    enum { IDLE, BEFORE_PROMPT, BEFORE_KEYS, EDITING } phase;
} editor;

// Of the thread that edits, and its alone.
static struct {
    bool failed; // a signal handler has raised
    bool ended;  // no more keys will come
} line_state;

// The terminal's mode that is to be restored, while a line is edited. `mode_saved` is set (release)
// when the mode is there and cleared before it changes, by who edits; editor_finish reads.
static struct termios saved_mode;
static bool mode_saved;

static const EditorHooks *hooks;        // set once, release; acquire
static bool for_input;                  // editor.h
static volatile sig_atomic_t continued; // by the handler of SIGCONT; who edits clears it

// ---- the locks ---------------------------------------------------------------------------------

void editor_resume(void) {
    pthread_mutex_lock(&library_lock);
}
void editor_pause(void) {
    pthread_mutex_unlock(&library_lock);
}

// What another thread held, nobody will let go in the child of a fork. The one that forks is
// attached and has not the library's, but may be in a callback of the line it edits. The terminal's
// mode is the parent's business.
static void after_fork(void) {
    library_lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    __atomic_store_n(&mode_saved, false, __ATOMIC_RELAXED);
    Thread *thread = thread_current();
    if (thread && __atomic_load_n(&line_owner, __ATOMIC_RELAXED) == thread->id)
        return;
    line_lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    __atomic_store_n(&line_owner, 0, __ATOMIC_RELAXED);
    editor.phase = IDLE;
}
static void register_fork(void) {
    pthread_atfork(NULL, NULL, after_fork);
}
static void look_after_forks(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_fork);
}

void editor_enter(void) {
    thread_detach();
    look_after_forks();
    editor_resume();
}
void editor_leave(void) {
    editor_pause();
    thread_attach();
}

// ---- keys --------------------------------------------------------------------------------------

static void on_continue(int number) {
    continued = 1;
}

// The terminal may have changed while nobody looked: its size, or its mode when a shell had it.
static void adapt(void) {
    struct winsize now;
    if (ioctl(1, TIOCGWINSZ, &now) == 0 &&
        (now.ws_row != editor.window.ws_row || now.ws_col != editor.window.ws_col)) {
        editor.window = now;
        rl_resize_terminal();
    }
    if (continued) {
        continued = 0;
        rl_deprep_terminal();
        rl_prep_terminal(1);
        rl_forced_update_display();
    }
}

// Waits until a byte can be read: 0, or -1 with errno. A signal that comes before the wait begins
// ends it too.
static int wait_for_input(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int status = -1, problem = EINTR;
    Thread *thread = thread_current();
    bool wanted =
        thread->is_main && __atomic_load_n(&thread->wanted, __ATOMIC_RELAXED) & WANT_SIGNAL;
    if (!wanted && !continued) {
        struct pollfd input = {.fd = 0, .events = POLLIN};
        status = ppoll(&input, 1, NULL, &before);
        problem = errno;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = problem;
    return status < 0 ? -1 : 0;
}

// A signal has come. Detached and without the mutex, but for the handler.
static void serve_signals(void) {
    thread_attach();
    if (thread_check_signals() < 0)
        line_state.failed = line_state.ended = true;
    thread_detach();
}

// The next byte, or -1.
static int next_byte(void) {
    if (editor.typed && editor.typed[editor.typed_at])
        return (unsigned char)editor.typed[editor.typed_at++];
    unsigned char byte;
    while (!line_state.ended) {
        adapt();
        editor_pause();
        ssize_t got = wait_for_input() < 0 ? -1 : read(0, &byte, 1);
        bool interrupted = got < 0 && errno == EINTR;
        if (interrupted)
            serve_signals();
        editor_resume();
        if (got == 1)
            return byte;
        if (!interrupted && !(got < 0 && errno == EAGAIN))
            line_state.ended = true;
    }
    return -1;
}

// The library's rl_getc_function. A character; bytes that make none are dropped.
static int next_key(FILE *file) {
    mbstate_t state = {0};
    for (int byte; (byte = next_byte()) >= 0;) {
        char c = (char)byte;
        wchar_t key = 0;
        bool within = !mbsinit(&state);
        size_t used = mbrtowc(&key, &c, 1, &state);
        if (used == (size_t)-1) {
            state = (mbstate_t){0};
            used = within ? mbrtowc(&key, &c, 1, &state) : used;
            if (used == (size_t)-1)
                state = (mbstate_t){0};
        }
        if (used <= 1)
            return (int)key;
    }
    return -1;
}

// ---- callbacks ---------------------------------------------------------------------------------

static void run_hook(void (*hook)(void)) {
    editor_pause();
    thread_attach();
    hook();
    thread_detach();
    editor_resume();
    editor_history_show();
}
static int on_startup(void) {
    const EditorHooks *all = __atomic_load_n(&hooks, __ATOMIC_ACQUIRE);
    editor.phase = BEFORE_PROMPT;
    if (all)
        run_hook(all->before_prompt);
    return 0;
}
static int on_pre_input(void) {
    const EditorHooks *all = __atomic_load_n(&hooks, __ATOMIC_ACQUIRE);
    editor.phase = BEFORE_KEYS;
    if (all)
        run_hook(all->before_keys);
    editor.phase = EDITING;
    return 0;
}
static char **on_complete(const char *text, int start, int end) {
    const EditorHooks *all = __atomic_load_n(&hooks, __ATOMIC_ACQUIRE);
    if (editor.probe) {
        *editor.probe = strdup(rl_line_buffer);
        rl_attempted_completion_over = 1;
        return NULL;
    }
    rl_completion_append_character = 0;
    rl_completion_suppress_append = 0;
    char *word = all ? strdup(text) : NULL; // the library's may change in the callback
    if (!word)
        return NULL;
    bool only = false, again = rl_completion_type == '?';
    editor_pause();
    thread_attach();
    char **matches = all->complete(word, start, end, again, &only);
    thread_detach();
    editor_resume();
    free(word);
    rl_attempted_completion_over = only;
    return matches;
}

// ---- the library -------------------------------------------------------------------------------

// Not before something needs it: it reads the user's init file, and looks for the terminal's kind
// and complains about an unknown one.
static void start(void) {
    if (editor.started)
        return;
    editor.started = true;
    setvbuf(stdin, NULL, _IONBF, 0); // the library asks there before it shows a long list
    rl_readline_name = "python";
    rl_catch_signals = 0;
    rl_getc_function = next_key;
    rl_startup_hook = on_startup;
    rl_pre_input_hook = on_pre_input;
    rl_attempted_completion_function = on_complete;
    rl_initialize();
    using_history();
    rl_bind_key('\t', rl_insert);
    rl_read_init_file(NULL);
    ioctl(1, TIOCGWINSZ, &editor.window);
}

bool editor_is_possible(void) {
    return isatty(0) && isatty(1);
}
void editor_set_for_input(void) {
    __atomic_store_n(&for_input, true, __ATOMIC_RELAXED);
}
bool editor_is_for_input(void) {
    return __atomic_load_n(&for_input, __ATOMIC_RELAXED);
}
void editor_set_hooks(const EditorHooks *all) {
    __atomic_store_n(&hooks, all, __ATOMIC_RELEASE);
}

// ---- the terminal's mode -----------------------------------------------------------------------

// The library shows the prompt before it changes the mode: a Ctrl-D typed in between would be taken
// by the old mode and be no key in the new one. So it is changed before.
static void take_terminal(struct sigaction *old_continue) {
    if (tcgetattr(0, &saved_mode) == 0) {
        __atomic_store_n(&mode_saved, true, __ATOMIC_RELEASE);
        struct termios now = saved_mode;
        now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        now.c_cc[VMIN] = 1;
        now.c_cc[VTIME] = 0;
        if (saved_mode.c_lflag & ICANON)
            tcsetattr(0, TCSADRAIN, &now);
    }
    struct sigaction action = {.sa_handler = on_continue};
    continued = 0;
    if (sigaction(SIGCONT, NULL, old_continue) == 0 && old_continue->sa_handler == SIG_DFL)
        sigaction(SIGCONT, &action, NULL);
}

static void restore_mode(void) {
    if (__atomic_exchange_n(&mode_saved, false, __ATOMIC_ACQUIRE))
        tcsetattr(0, TCSADRAIN, &saved_mode);
}

static void give_terminal_back(const struct sigaction *old_continue) {
    struct sigaction now;
    if (sigaction(SIGCONT, NULL, &now) == 0 && now.sa_handler == on_continue)
        sigaction(SIGCONT, old_continue, NULL);
    restore_mode();
}

void editor_finish(void) {
    restore_mode();
}

// ---- a line ------------------------------------------------------------------------------------

// Detached, under both locks.
static char *edit(const char *prompt) {
    start();
    editor_history_show();
    struct sigaction old_continue;
    take_terminal(&old_continue);
    line_state.failed = line_state.ended = false;
    char *line = readline(prompt);
    if (line_state.failed) {
        free(line);
        line = NULL;
        fputs("^C", rl_outstream);
        fflush(rl_outstream);
    }
    give_terminal_back(&old_continue);
    free(editor.typed);
    editor.typed = NULL;
    editor.phase = IDLE;
    if (line)
        editor_history_remember(line);
    return line;
}

EditorResult editor_read_line(const char *prompt, char **line) {
    uint64_t me = thread_current()->id;
    if (__atomic_load_n(&line_owner, __ATOMIC_RELAXED) == me) {
        raise_error(&exception_RuntimeError, "can't re-enter readline");
        return EDITOR_FAILED;
    }
    thread_detach();
    look_after_forks();
    pthread_mutex_lock(&line_lock);
    __atomic_store_n(&line_owner, me, __ATOMIC_RELAXED);
    editor_resume();
    *line = edit(prompt);
    bool failed = line_state.failed;
    editor_pause();
    __atomic_store_n(&line_owner, 0, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&line_lock);
    thread_attach();
    // A handler's exception may already be there; a signal may also have come since the last key.
    if (!failed && thread_check_signals() < 0) {
        failed = true;
        free(*line);
        *line = NULL;
    }
    return failed ? EDITOR_FAILED : *line ? EDITOR_LINE : EDITOR_END;
}

// The library's line as it is now. rl_line_buffer and rl_end are right only where a completion is
// asked for, and rl_copy_text leaves out the last byte: so one is asked for that completes nothing.
static char *copy_line(void) {
    char *line = NULL;
    int type = rl_completion_type;
    editor.probe = &line;
    rl_complete(0, 0);
    editor.probe = NULL;
    rl_completion_type = type;
    return line;
}

char *editor_line_so_far(void) {
    editor_enter();
    char *line;
    if (editor.phase == BEFORE_PROMPT || editor.phase == BEFORE_KEYS || !editor.started)
        line = strdup(editor.typed ? editor.typed : "");
    else
        line = copy_line();
    if (line && editor.phase == IDLE)
        line[strcspn(line, "\n")] = 0;
    editor_leave();
    return line;
}

// The library forgets what is inserted before it reads keys. Before the prompt it is kept, as if it
// was typed then: what is no plain character goes behind ^V.
static void type_ahead(const char *text) {
    size_t old = editor.typed ? strlen(editor.typed) : 0;
    char *larger = realloc(editor.typed, old + 2 * strlen(text) + 1);
    if (!larger)
        return;
    if (!editor.typed)
        editor.typed_at = 0;
    editor.typed = larger;
    char *out = larger + old;
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *out++ = 'V' & 0x1f;
        *out++ = *text;
    }
    *out = 0;
}

void editor_insert(const char *text) {
    editor_enter();
    start();
    if (editor.phase == BEFORE_PROMPT)
        type_ahead(text);
    else
        rl_insert_text(text);
    editor_leave();
}

void editor_redisplay(void) {
    editor_enter();
    if (editor.phase == EDITING) {
        putc('\r', rl_outstream); // the library believes to be there
        rl_forced_update_display();
        fflush(rl_outstream);
    }
    editor_leave();
}

int editor_completion_type(void) {
    editor_enter();
    int type = rl_completion_type;
    editor_leave();
    return type;
}

const char *editor_library(int *version) {
    *version = rl_readline_version;
    return rl_library_version;
}

char *editor_delimiters(void) {
    editor_enter();
    char *copy = strdup(editor.delimiters ? editor.delimiters : rl_basic_word_break_characters);
    editor_leave();
    return copy;
}

// Only ASCII stays if it is no text in the locale's encoding: the library would fail on it.
static void make_decodable(char *text) {
    char *out = text;
    if (mbstowcs(NULL, text, 0) != (size_t)-1)
        return;
    for (const char *in = text; *in; in++)
        if ((unsigned char)*in < 0x80)
            *out++ = *in;
    *out = 0;
}

int editor_set_delimiters(const char *characters) {
    editor_enter();
    char *copy = strdup(characters), *breaks = strdup(characters);
    bool whole = copy && breaks;
    if (whole) {
        make_decodable(breaks);
        rl_basic_word_break_characters = rl_completer_word_break_characters = breaks;
        free(editor.delimiters);
        free(editor.breaks);
        editor.delimiters = copy;
        editor.breaks = breaks;
    } else {
        free(copy);
        free(breaks);
    }
    editor_leave();
    return whole ? 0 : -1;
}

// ---- settings ----------------------------------------------------------------------------------

int editor_read_init_file(const char *path) {
    char space[4096];
    const char *home = getenv("HOME"), *named = path ? path : getenv("EDITRC");
    if (!named) {
        snprintf(space, sizeof space, "%s/.editrc", home ? home : "");
        named = space;
    }
    FILE *file = fopen(named, "re"); // the library does not say what is wrong with it
    if (!file)
        return errno;
    fclose(file);
    editor_enter();
    start();
    rl_read_init_file(named);
    editor_leave();
    return 0;
}

enum { KEY_SIZE = 16 };

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

// GNU readline's keys between quotes, as libedit's; where they end, or NULL if they are too many or
// have a part that is not known here. \C-x is ^X, \e is ^[, \t is ^I.
static const char *quoted_keys(const char *text, char key[KEY_SIZE]) {
    size_t n = 0;
    while (*text && *text != '"') {
        char letter = text[0];
        bool control = letter == '\\';
        size_t used = 1;
        if (control && strncmp(text, "\\C-", 3) == 0 && text[3])
            letter = upper(text[3]), used = 4;
        else if (control && (text[1] == 'e' || text[1] == 't'))
            letter = text[1] == 'e' ? '[' : 'I', used = 2;
        else if (control || letter == ' ' || letter == '\'')
            return NULL;
        if (n + 3 > KEY_SIZE)
            return NULL;
        if (control)
            key[n++] = '^';
        key[n++] = letter;
        text += used;
    }
    key[n] = 0;
    return *text && n ? text + 1 : NULL;
}

// GNU readline's key at the beginning of a line that binds it, as libedit's. Where the function's
// name begins, or NULL: another kind of line.
static const char *key_of_gnu(const char *text, char key[KEY_SIZE]) {
    text += strspn(text, " \t");
    if (*text == '"') {
        text = quoted_keys(text + 1, key);
    } else if (strncasecmp(text, "tab", 3) == 0) {
        strcpy(key, "^I");
        text += 3;
    } else {
        size_t n = strncasecmp(text, "control-", 8) == 0 ? 8
                   : strncasecmp(text, "c-", 2) == 0     ? 2
                                                         : 0;
        if (!n || !text[n])
            return NULL;
        key[0] = '^', key[1] = upper(text[n]), key[2] = 0;
        text += n + 1;
    }
    if (text)
        text += strspn(text, " \t");
    return text && *text == ':' ? text + 1 + strspn(text + 1, " \t") : NULL;
}

// One of GNU readline's lines in libedit's words, in `out`. False: it is none, or none known here.
static bool translate(const char *command, char *out, size_t size) {
    static const struct {
        const char *gnu, *libedit;
    } names[] = {
        {"complete", "rl_complete"},
        {"menu-complete", "rl_complete"},
        {"possible-completions", "rl_complete"},
        {"self-insert", "ed-insert"},
        {"tab-insert", "ed-insert"},
        {"beginning-of-line", "ed-move-to-beg"},
        {"end-of-line", "ed-move-to-end"},
        {"backward-char", "ed-prev-char"},
        {"forward-char", "ed-next-char"},
        {"previous-history", "ed-prev-history"},
        {"next-history", "ed-next-history"},
        {"history-search-backward", "ed-search-prev-history"},
        {"history-search-forward", "ed-search-next-history"},
        {"reverse-search-history", "em-inc-search-prev"},
        {"forward-search-history", "em-inc-search-next"},
        {"kill-line", "ed-kill-line"},
        {"clear-screen", "ed-clear-screen"},
    };
    char key[KEY_SIZE], mode[8];
    if (sscanf(command, " set editing-mode %7s", mode) == 1) {
        snprintf(out, size, "bind -%c", *mode == 'v' ? 'v' : 'e');
        return true;
    }
    const char *function = key_of_gnu(command, key);
    if (!function)
        return false;
    size_t n = strcspn(function, " \t\r\n");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].gnu) == n && strncasecmp(function, names[i].gnu, n) == 0) {
            snprintf(out, size, "bind %s %s", key, names[i].libedit);
            return true;
        }
    }
    return false;
}

// The library takes words from nowhere if a quote is not closed.
static bool closes_quotes(const char *command) {
    char quote = 0;
    for (; *command; command++) {
        if (*command == '\\' && quote != '\'') {
            if (!*++command)
                return false;
        } else if (*command == quote) {
            quote = 0;
        } else if (!quote && (*command == '"' || *command == '\'')) {
            quote = *command;
        }
    }
    return !quote;
}

void editor_bind(const char *command) {
    char translated[64];
    if (translate(command, translated, sizeof translated))
        command = translated;
    else if (!closes_quotes(command))
        return;
    editor_enter();
    start();
    rl_parse_and_bind(command);
    editor_leave();
}

#else

bool editor_is_possible(void) {
    return false;
}
bool editor_is_for_input(void) {
    return false;
}
EditorResult editor_read_line(const char *prompt, char **line) {
    return EDITOR_END;
}
void editor_finish(void) {}

#endif
