// SPDX-License-Identifier: MIT
//
// The command line: what to run, and with which exit code to end.
#include "vm/runtime/build_info.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/prompt.h"
#include "vm/runtime/run.h"
#include "vm/runtime/start.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: locksmith [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "\n"
    "  -c cmd        run the text of a program (ends the options)\n"
    "  -m mod        run a library module as a program (ends the options)\n"
    "  file          run the program in a file; - reads it from standard input\n"
    "  -B            accepted; no bytecode is written\n"
    "  -E            ignore LOCKSMITH* and PYTHON* environment variables\n"
    "  -h, --help    this text\n"
    "  -i            be interactive after running the program\n"
    "  -I            isolated: -E, and the program's folder is not in sys.path\n"
    "  -O, -OO       without assert statements; -OO also without docstrings\n"
    "  -q            no greeting at the prompt\n"
    "  -s, -P        accepted; site is not imported\n"
    "  -u            unbuffered standard output and error\n"
    "  -V, --version the version\n"
    "  -W arg, -X opt  accepted\n"
    "  --build-info [--json]  strategy, factors, compiler, flags and libraries of this binary\n"
    "\n"
    "Environment: LOCKSMITHPATH (and PYTHONPATH) folders to import from, LOCKSMITHHOME the\n"
    "standard library's folder, PYTHONHASHSEED.\n";

static int wrong_option(const char *option) {
    fprintf(stderr, "locksmith: unknown option %s; valid are -B -c -E -h -i -I -m -O -P -q -s -S -u -V -W -X --help "
                    "--version --build-info\n", option);
    return 2;
}

static int missing_argument(char option) {
    fprintf(stderr, "locksmith: argument expected for the -%c option; try locksmith -h\n", option);
    return 2;
}

// Ends as an uncaught SIGINT would, so that a shell sees why.
static int end(int code) {
    code = start_finish(code);
    if (error_exit_by_interrupt) {
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    fflush(NULL);
    _exit(code);
}

int main(int argc, char **argv) {
    setlocale(LC_CTYPE, ""); // for the line editor, and for what standard files do with wrong bytes
    const char *command = NULL, *module = NULL;
    bool inspect = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        const char *arg = argv[i];
        if (strcmp(arg, "--") == 0) {
            i++;
            break;
        }
        if (arg[1] == '-') {
            if (strcmp(arg, "--help") == 0) {
                fputs(usage, stdout);
                return 0;
            }
            if (strcmp(arg, "--version") == 0) {
                build_info_short_version();
                return 0;
            }
            if (strcmp(arg, "--build-info") == 0) {
                bool json = i + 1 < argc && strcmp(argv[i + 1], "--json") == 0;
                if (i + 1 < argc && !json) {
                    fprintf(stderr, "locksmith: --build-info takes only --json\n");
                    return 2;
                }
                build_info_print(json);
                return 0;
            }
            return wrong_option(arg);
        }
        for (const char *letter = arg + 1; *letter; letter++) {
            switch (*letter) {
            case 'c':
            case 'm':
            case 'W':
            case 'X': {
                const char *value = letter[1] ? letter + 1 : i + 1 < argc ? argv[++i] : NULL;
                if (!value)
                    return missing_argument(*letter);
                if (*letter == 'c')
                    command = value;
                else if (*letter == 'm')
                    module = value;
                letter = "x"; // the rest was the value
                break;
            }
            case 'E':
                start_options.ignore_environment = true;
                break;
            case 'h':
                fputs(usage, stdout);
                return 0;
            case 'i':
                inspect = start_options.interactive = true;
                break;
            case 'I':
                start_options.isolated = start_options.ignore_environment = true;
                break;
            case 'O':
                import_optimize_level++;
                break;
            case 'q':
                start_options.quiet = true;
                break;
            case 'S':
                start_options.no_site = true;
                break;
            case 'u':
                start_options.unbuffered = true;
                break;
            case 'V':
                build_info_short_version();
                return 0;
            case 'B':
            case 'd':
            case 'P':
            case 'R':
            case 's':
            case 'v':
            case 'b':
                break;
            default: {
                char shown[3] = {'-', *letter, 0};
                return wrong_option(shown);
            }
            }
        }
        if (command || module) {
            i++;
            break;
        }
    }
    if (import_optimize_level > 2)
        import_optimize_level = 2;
    if (!start_options.ignore_environment && getenv("PYTHONUNBUFFERED") && *getenv("PYTHONUNBUFFERED"))
        start_options.unbuffered = true;

    // sys.argv[0] names the way the program was given.
    char *first = command ? "-c" : module ? "-m" : i < argc ? argv[i++] : "";
    int count = argc - i + 1;
    char **shown = malloc(((size_t)count + 1) * sizeof *shown);
    if (!shown)
        return 2;
    shown[0] = first;
    for (int k = 1; k < count; k++)
        shown[k] = argv[i + k - 1];
    shown[count] = NULL;
    start_interpreter(count, shown, argv[0]);
    free(shown);

    int code;
    bool script = *first && !command && !module && strcmp(first, "-") != 0;
    if (command) {
        code = run_command(command);
    } else if (module) {
        code = run_module(module);
    } else if (script) {
        code = run_file(first);
    } else if (isatty(0) || start_options.interactive) {
        code = prompt_run(!start_options.quiet);
        return end(code);
    } else {
        code = run_standard_input();
    }
    if (inspect)
        code = prompt_run(false);
    return end(code);
}
