// SPDX-License-Identifier: MIT
//
// Lines that a user types at a terminal: edited, completed and remembered. It is all that knows the
// library, libedit. The prompt, input() and the module `readline` use it.
//
// libedit has one state for the process and no locks. So there are two here (editor_internal.h):
//   - one thread edits a line at a time, others that want to wait for it, detached;
//   - libedit and the history are used under a mutex, which is taken by detached threads only, held
//     for moments, and let go while a key is waited for and while a callback runs. So nothing of
//     Python runs under it, callbacks may call everything here but editor_read_line, and another
//     thread may look at the line that is being typed.
//
// All functions are called attached, detach for a moment, and run no Python code but for what is
// said of editor_read_line. Texts are UTF-8, NUL-terminated; what is given out is malloc'ed and the
// caller's to free, NULL if memory is out.
#ifndef LOCKSMITH_VM_RUNTIME_EDITOR_H
#define LOCKSMITH_VM_RUNTIME_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

// ---- a line ------------------------------------------------------------------------------------

typedef enum {
    EDITOR_LINE,   // *line is set, without its newline
    EDITOR_END,    // end of input
    EDITOR_FAILED, // an exception is set: a signal handler's, RuntimeError within a callback,
                   // MemoryError
} EditorResult;

// Can lines be edited: is the library there, and a terminal at descriptors 0 and 1?
bool editor_is_possible(void);
// Shows the prompt and reads a line. Runs signal handlers and the hooks. The terminal is as it was
// when this returns. Lines are added to the history if editor_set_auto_history says so.
EditorResult editor_read_line(const char *prompt, char **line);
// The process ends: the terminal gets back the mode that a thread, still waiting for a line, found.
void editor_finish(void);

// Whether input() is to edit: since the module `readline` was imported. Set once, by any thread;
// relaxed, it announces nothing else.
void editor_set_for_input(void);
bool editor_is_for_input(void);

// ---- what the module `readline` does with a line -----------------------------------------------

// Called attached, without locks, by the thread that edits; may run Python code, leave no exception
// set.
typedef struct {
    void (*before_prompt)(void);
    void (*before_keys)(void); // the prompt has been shown
    // Completions of the word at these indexes of the line: malloc'ed texts in a malloc'ed,
    // NULL-terminated array, the first of which is what all have in common; NULL: there are none.
    // *only false: file names may be tried then. asked_again: the key was typed for the second
    // time, which shows a list.
    char **(*complete)(const char *word, int start, int end, bool asked_again, bool *only);
} EditorHooks;
void editor_set_hooks(const EditorHooks *hooks); // static; once or again the same

char *editor_line_so_far(void);
void editor_insert(const char *text);
void editor_redisplay(void);
int editor_completion_type(void);
// A line of the library's init file, or one that binds a key as GNU readline's does, for what
// programs most often ask for.
void editor_bind(const char *command);
int editor_read_init_file(const char *path); // NULL: the user's. errno or 0
char *editor_delimiters(void);
int editor_set_delimiters(const char *characters); // 0, or -1: no memory
const char *editor_library(int *version);          // static

// ---- history -----------------------------------------------------------------------------------
// Positions begin at 0 for the oldest line. Files have one line for each; what libedit has written
// is read too. These give 0 or an errno.

void editor_set_auto_history(bool on);
size_t editor_history_count(void);
char *editor_history_line(size_t position, bool *found);
int editor_history_add(const char *line);
int editor_history_remove(size_t position);                    // EINVAL: there is none
int editor_history_replace(size_t position, const char *line); // the same
void editor_history_clear(void);
// NULL: ~/.history
int editor_history_read(const char *path);
int editor_history_write(const char *path);
int editor_history_append(const char *path, int count);      // the last ones, to a file that exists
int editor_history_truncate(const char *path, size_t count); // the file's last lines stay

#endif
