// SPDX-License-Identifier: MIT
//
// What editor.c and editor_history.c share.
#ifndef LOCKSMITH_VM_RUNTIME_EDITOR_INTERNAL_H
#define LOCKSMITH_VM_RUNTIME_EDITOR_INTERNAL_H

#if HAVE_LIBEDIT
// The library declares a type named like ours.
#define Function EditorFunction
#include <editline/readline.h>
#undef Function

// The library's mutex, which guards its state, the history, and what says so in the two files.
// enter detaches and takes it, leave lets it go and attaches: no object may be touched in between.
// pause and resume are for one who has it and is detached, and stays so.
void editor_enter(void), editor_leave(void);
void editor_pause(void), editor_resume(void);

// Under the mutex: the library learns of lines that were added or changed since the last time.
void editor_history_show(void);
// Under the mutex: after a line was edited.
void editor_history_remember(const char *line);
#endif

#endif
