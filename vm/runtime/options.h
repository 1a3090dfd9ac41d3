// SPDX-License-Identifier: MIT
//
// What the command line and the environment ask for, under CPython's names.
#ifndef LOCKSMITH_VM_RUNTIME_OPTIONS_H
#define LOCKSMITH_VM_RUNTIME_OPTIONS_H

#include <stdbool.h>

// Set by options_parse before the interpreter is started; constant from then on.
typedef struct {
    // ---- what to run
    const char *command; // -c
    const char *module;  // -m
    const char *script;  // a file, "-", or NULL
    int rest;            // index in argv of the program's own arguments
    // ---- how
    int debug;                   // -d, PYTHONDEBUG
    int inspect;                 // -i, PYTHONINSPECT: the prompt after the program
    int interactive;             // -i
    int optimize;                // -O, PYTHONOPTIMIZE: 0, 1, 2
    int dont_write_bytecode;     // -B, PYTHONDONTWRITEBYTECODE
    int no_user_site;            // -s, -I, PYTHONNOUSERSITE
    int no_site;                 // -S
    int ignore_environment;      // -E, -I
    int isolated;                // -I
    int verbose;                 // -v, PYTHONVERBOSE
    int bytes_warning;           // -b: 1, -bb: 2
    int quiet;                   // -q
    int unbuffered;              // -u, PYTHONUNBUFFERED
    int safe_path;               // -P, -I, PYTHONSAFEPATH: the program's folder is not in sys.path
    int random_hash;             // -R
    const char *hash_seed;       // PYTHONHASHSEED unless -R, or NULL
    int hash_randomization;      // the seed is not 0
    int skip_first_line;         // -x
    int dev_mode;                // -X dev, PYTHONDEVMODE
    int utf8_mode;               // -X utf8, PYTHONUTF8, or the locale says nothing
    int warn_default_encoding;   // -X warn_default_encoding, PYTHONWARNDEFAULTENCODING
    int import_time;             // -X importtime, PYTHONPROFILEIMPORTTIME
    int faulthandler;            // -X faulthandler, PYTHONFAULTHANDLER, dev mode
    long tracemalloc;            // -X tracemalloc, PYTHONTRACEMALLOC: frames, 0 for off
    int debug_ranges;            // not -X no_debug_ranges, PYTHONNODEBUGRANGES
    long int_max_str_digits;     // -1: not asked for
    const char *pycache_prefix;  // -X pycache_prefix, PYTHONPYCACHEPREFIX, or NULL
    const char *check_hash_pycs; // --check-hash-based-pycs
    // ---- lists, NULL-terminated
    const char **warnings; // of sys.warnoptions, in that order
    const char **x_options;
} Options;
extern Options options;

// An environment variable, or NULL if it is not set, empty, or not to be looked at.
const char *options_environment(const char *name);
// Parses the command line. -1: go on; else the exit code, all that there was to say is said.
int options_parse(int argc, char **argv);

#endif
