// SPDX-License-Identifier: MIT
//
// What the command line asks for is run, and the process ends with the exit code that programs
// expect.
#include "vm/runtime/editor.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/runtime/prompt.h"
#include "vm/runtime/run.h"
#include "vm/runtime/start.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Writes down what an instrumented binary has counted (tools/build --pgo), which otherwise happens
// only at exit(). In libgcov; NULL in all other binaries.
extern void __gcov_dump(void) __attribute__((weak));

// Ends as an uncaught SIGINT would, so that a shell sees why.
static int end(int code) {
    code = start_finish(code);
    editor_finish();
    if (__gcov_dump)
        __gcov_dump();
    if (error_exit_by_interrupt) {
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    fflush(NULL);
    _exit(code);
}

int main(int argc, char **argv) {
    setlocale(LC_CTYPE, ""); // for the line editor, and for what standard files do with wrong bytes
    int code = options_parse(argc, argv);
    if (code >= 0)
        return code;
    start_interpreter(argc, argv);
    bool standard_input = !options.script || strcmp(options.script, "-") == 0;
    if (options.command)
        code = run_command(options.command);
    else if (options.module)
        code = run_module(options.module);
    else if (!standard_input)
        code = run_file(options.script);
    else if (isatty(0) || options.interactive)
        return end(prompt_run());
    else
        code = run_standard_input();
    // The program may have asked for the prompt itself.
    if (options.inspect || options_environment("PYTHONINSPECT"))
        code = prompt_run_after_program();
    return end(code);
}
