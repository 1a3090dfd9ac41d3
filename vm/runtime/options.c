// SPDX-License-Identifier: MIT
#include "vm/runtime/options.h"
#include "vm/runtime/build_info.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Options options = {.int_max_str_digits = -1,
                   .hash_randomization = 1,
                   .debug_ranges = 1,
                   .check_hash_pycs = "default"};

static const char usage[] =
    "usage: locksmith [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "\n"
    "  -c cmd        run the text of a program (ends the options)\n"
    "  -m mod        run a library module as a program (ends the options)\n"
    "  file          run the program in a file, a folder or a zip archive; - reads standard input\n"
    "  -b            warn where bytes meet text: str(bytes), b'' == ''; -bb: an error\n"
    "  -B            write no files of compiled code (PYTHONDONTWRITEBYTECODE)\n"
    "  -d            sets sys.flags.debug (PYTHONDEBUG)\n"
    "  -E            ignore PYTHON* and LOCKSMITH* environment variables\n"
    "  -h, --help    this text\n"
    "  -i            be interactive after running the program (PYTHONINSPECT)\n"
    "  -I            isolated: -E, -P and -s\n"
    "  -O, -OO       without assert statements; -OO also without docstrings (PYTHONOPTIMIZE)\n"
    "  -P            do not put the program's folder into sys.path (PYTHONSAFEPATH)\n"
    "  -q            no greeting at the prompt\n"
    "  -R            random hashes even if PYTHONHASHSEED is set\n"
    "  -s            without the user's site folder (PYTHONNOUSERSITE)\n"
    "  -S            do not import site\n"
    "  -u            unbuffered standard output and error (PYTHONUNBUFFERED)\n"
    "  -v            say what is imported from where (PYTHONVERBOSE)\n"
    "  -V, --version the version; -VV: with the build\n"
    "  -W arg        a warning filter: action:message:category:module:line (PYTHONWARNINGS)\n"
    "  -x            skip the first line of the program\n"
    "  -X opt        an option of the implementation: --help-xoptions lists them\n"
    "  --check-hash-based-pycs always|default|never  how files of compiled code are checked\n"
    "  --build-info [--json]  strategy, factors, compiler, flags and libraries of this binary\n"
    "  --help-env    the environment variables; --help-all: everything\n";

static const char usage_environment[] =
    "Environment variables (none is read with -E or -I):\n"
    "  PYTHONPATH    folders to import from, before the standard library; LOCKSMITHPATH the same\n"
    "  LOCKSMITHHOME the standard library's folder (PYTHONHOME, which names CPython's, is not "
    "read)\n"
    "  PYTHONSTARTUP a program to run before the prompt\n"
    "  PYTHONHASHSEED  random, or the number that hashes of str and bytes begin with\n"
    "  PYTHONIOENCODING  encoding[:errors] of the standard files\n"
    "  PYTHONUTF8, PYTHONDEVMODE, PYTHONFAULTHANDLER, PYTHONTRACEMALLOC, PYTHONPYCACHEPREFIX,\n"
    "  PYTHONINTMAXSTRDIGITS, PYTHONNODEBUGRANGES, PYTHONPROFILEIMPORTTIME,\n"
    "  PYTHONWARNDEFAULTENCODING  as the -X option of that name\n"
    "  PYTHONDONTWRITEBYTECODE, PYTHONDEBUG, PYTHONINSPECT, PYTHONOPTIMIZE, PYTHONSAFEPATH,\n"
    "  PYTHONNOUSERSITE, PYTHONUNBUFFERED, PYTHONVERBOSE, PYTHONWARNINGS  as the options above\n";

static const char usage_xoptions[] =
    "Options of the implementation:\n"
    "  -X dev        checks that cost time: more warnings, faulthandler, asyncio's debug mode\n"
    "  -X faulthandler  tracebacks when a signal ends the process\n"
    "  -X importtime say how long each import takes\n"
    "  -X int_max_str_digits=n  the most digits between int and str; 0: no limit\n"
    "  -X no_debug_ranges  no columns in code objects and tracebacks\n"
    "  -X pycache_prefix=path  where files of compiled code are kept\n"
    "  -X tracemalloc[=n]  tracemalloc from the start, with n frames\n"
    "  -X utf8[=0|1] UTF-8 whatever the locale is\n"
    "  -X warn_default_encoding  warn where the locale decides how text is encoded\n";

const char *options_environment(const char *name) {
    const char *value = options.ignore_environment ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

static int complain(const char *format, const char *what) {
    fprintf(stderr, "locksmith: ");
    fprintf(stderr, format, what);
    fprintf(stderr, "; try locksmith -h\n");
    return 2;
}

// CPython's words, which programs look for.
static int unknown_option(const char *begin, const char *option) {
    fprintf(stderr,
            "%s option%s %s\nusage: locksmith [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
            "Try `locksmith -h' for more information.\n",
            begin, option[1] == '-' ? "" : ":", option);
    return 2;
}

// A list that grows by one; without memory the item is lost, and so is the process soon after.
static void append(const char ***list, const char *item) {
    size_t n = 0;
    while (*list && (*list)[n])
        n++;
    const char **larger = realloc(*list, (n + 2) * sizeof *larger);
    if (!larger)
        return;
    larger[n] = item;
    larger[n + 1] = NULL;
    *list = larger;
}

// ---- long options ------------------------------------------------------------------------------

static int parse_long(int argc, char **argv, int *i) {
    const char *arg = argv[*i];
    if (strncmp(arg, "--help", 6) == 0) {
        const char *what = arg + 6;
        bool all = strcmp(what, "-all") == 0, environment = all || strcmp(what, "-env") == 0;
        bool xoptions = all || strcmp(what, "-xoptions") == 0;
        if (all || !*what)
            fputs(usage, stdout);
        if (environment)
            fputs(usage_environment, stdout);
        if (xoptions)
            fputs(usage_xoptions, stdout);
        if (environment || xoptions || !*what)
            return 0;
    }
    if (strcmp(arg, "--version") == 0) {
        build_info_short_version(stdout);
        return 0;
    }
    if (strcmp(arg, "--build-info") == 0) {
        bool json = *i + 1 < argc && strcmp(argv[*i + 1], "--json") == 0;
        if (*i + 1 < argc && !json) {
            fprintf(stderr, "locksmith: --build-info takes only --json\n");
            return 2;
        }
        build_info_print(json);
        return 0;
    }
    static const char check[] = "--check-hash-based-pycs";
    if (strncmp(arg, check, sizeof check - 1) == 0) {
        const char *value = arg[sizeof check - 1] == '=' ? arg + sizeof check
                            : *i + 1 < argc              ? argv[++*i]
                                                         : NULL;
        if (!value)
            return complain("argument expected for the %s option", check);
        if (strcmp(value, "always") && strcmp(value, "never") && strcmp(value, "default")) {
            fprintf(stderr, "--check-hash-based-pycs must be one of 'default', 'always', or "
                            "'never'\n");
            return 2;
        }
        options.check_hash_pycs = value;
        return -1;
    }
    return unknown_option("unknown", arg);
}

// ---- -X and the environment --------------------------------------------------------------------

// The value of -X name or -X name=value: "" without one, NULL if it is not given.
static const char *x_option(const char *name) {
    const char *found = NULL;
    size_t length = strlen(name);
    for (const char **x = options.x_options; x && *x; x++) {
        if (strncmp(*x, name, length) == 0 && ((*x)[length] == 0 || (*x)[length] == '='))
            found = *x + length + ((*x)[length] == '=');
    }
    return found;
}

// A level from the environment raises that of the command line: a number, or 1 for other text.
static void raise_level(int *level, const char *name) {
    const char *value = options_environment(name);
    if (!value)
        return;
    char *end;
    long n = strtol(value, &end, 10);
    if (*end || n < 0 || n > 100)
        n = 1;
    if (*level < (int)n)
        *level = (int)n;
}

static int wrong_value(const char *what, const char *wanted) {
    fprintf(stderr, "locksmith: invalid %s value: %s\n", what, wanted);
    return 2;
}

static int set_utf8_mode(void) {
    const char *x = x_option("utf8"), *variable = options_environment("PYTHONUTF8");
    if (x) {
        if (*x && strcmp(x, "0") && strcmp(x, "1"))
            return wrong_value("-X utf8 option", "it must be 0 or 1");
        options.utf8_mode = *x != '0';
    } else if (variable) {
        if (strcmp(variable, "0") && strcmp(variable, "1"))
            return wrong_value("PYTHONUTF8 environment variable", "it must be 0 or 1");
        options.utf8_mode = *variable == '1';
    } else {
        const char *name = setlocale(LC_CTYPE, NULL);
        options.utf8_mode = name && (strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0);
    }
    return -1;
}

static int set_max_digits(void) {
    const char *x = x_option("int_max_str_digits");
    const char *variable = options_environment("PYTHONINTMAXSTRDIGITS");
    const char *text = x ? x : variable;
    if (!text)
        return -1;
    char *end;
    long n = strtol(text, &end, 10);
    if (!*text || *end || n < 0 || (n && n < 640) || n > 0x7fffffff)
        return wrong_value(x ? "-X int_max_str_digits option"
                             : "PYTHONINTMAXSTRDIGITS environment variable",
                           "it must be at least 640, or 0 for no limit");
    options.int_max_str_digits = n;
    return -1;
}

static int set_tracemalloc(void) {
    const char *x = x_option("tracemalloc"), *text = options_environment("PYTHONTRACEMALLOC");
    if (x)
        text = *x || x[-1] == '=' ? x : "1";
    if (!text)
        return -1;
    char *end;
    long n = strtol(text, &end, 10);
    if (*end || n < 0 || n > 65535) {
        fprintf(stderr, "locksmith: %s: invalid number of frames\n",
                x ? "-X tracemalloc=NFRAME" : "PYTHONTRACEMALLOC");
        return 2;
    }
    options.tracemalloc = n;
    return -1;
}

// What was asked for by -W comes after the environment's filters, and those of -b last.
static void collect_warnings(const char **given) {
    if (options.dev_mode)
        append(&options.warnings, "default");
    const char *variable = options_environment("PYTHONWARNINGS");
    char *text = variable ? strdup(variable) : NULL; // sys.warnoptions keeps pointing into it
    for (char *item = text ? strtok(text, ",") : NULL; item; item = strtok(NULL, ","))
        append(&options.warnings, item);
    for (const char **w = given; w && *w; w++)
        append(&options.warnings, *w);
    if (options.bytes_warning)
        append(&options.warnings,
               options.bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
}

static int finish(const char **warnings) {
    raise_level(&options.debug, "PYTHONDEBUG");
    raise_level(&options.verbose, "PYTHONVERBOSE");
    raise_level(&options.optimize, "PYTHONOPTIMIZE");
    raise_level(&options.dont_write_bytecode, "PYTHONDONTWRITEBYTECODE");
    options.dont_write_bytecode = options.dont_write_bytecode > 0;
    static const struct {
        const char *variable;
        int *flag;
    } switches[] = {{"PYTHONINSPECT", &options.inspect},
                    {"PYTHONUNBUFFERED", &options.unbuffered},
                    {"PYTHONNOUSERSITE", &options.no_user_site},
                    {"PYTHONSAFEPATH", &options.safe_path},
                    {"PYTHONDEVMODE", &options.dev_mode},
                    {"PYTHONFAULTHANDLER", &options.faulthandler},
                    {"PYTHONWARNDEFAULTENCODING", &options.warn_default_encoding},
                    {"PYTHONPROFILEIMPORTTIME", &options.import_time}};
    for (size_t k = 0; k < sizeof switches / sizeof *switches; k++) {
        if (options_environment(switches[k].variable))
            *switches[k].flag = 1;
    }
    options.dev_mode |= x_option("dev") != NULL;
    options.faulthandler |= x_option("faulthandler") != NULL || options.dev_mode;
    options.import_time |= x_option("importtime") != NULL;
    options.warn_default_encoding |= x_option("warn_default_encoding") != NULL;
    if (x_option("no_debug_ranges") || options_environment("PYTHONNODEBUGRANGES"))
        options.debug_ranges = 0;
    const char *seed = options_environment("PYTHONHASHSEED");
    options.hash_seed = options.random_hash ? NULL : seed;
    options.hash_randomization = !(options.hash_seed && strcmp(seed, "0") == 0);
    options.pycache_prefix = x_option("pycache_prefix");
    if (options.pycache_prefix && !*options.pycache_prefix)
        options.pycache_prefix = NULL;
    else if (!options.pycache_prefix)
        options.pycache_prefix = options_environment("PYTHONPYCACHEPREFIX");
    int code = set_utf8_mode();
    if (code < 0)
        code = set_max_digits();
    if (code < 0)
        code = set_tracemalloc();
    collect_warnings(warnings);
    free(warnings);
    return code;
}

// ---- the command line --------------------------------------------------------------------------

int options_parse(int argc, char **argv) {
    const char **warnings = NULL;
    int i = 1, versions = 0;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        const char *arg = argv[i];
        if (strcmp(arg, "--") == 0) {
            i++;
            break;
        }
        if (arg[1] == '-') {
            int code = parse_long(argc, argv, &i);
            if (code >= 0)
                return code;
            continue;
        }
        for (const char *letter = arg + 1; *letter; letter++) {
            switch (*letter) {
            case 'c':
            case 'm':
            case 'W':
            case 'X': {
                const char name[3] = {'-', *letter, 0};
                const char *value = letter[1] ? letter + 1 : i + 1 < argc ? argv[++i] : NULL;
                if (!value)
                    return complain("argument expected for the %s option", name);
                if (*letter == 'c')
                    options.command = value;
                else if (*letter == 'm')
                    options.module = value;
                else if (*letter == 'W')
                    append(&warnings, value);
                else
                    append(&options.x_options, value);
                letter = "x"; // the rest was the value
                break;
            }
            case 'b':
                options.bytes_warning++;
                break;
            case 'B':
                options.dont_write_bytecode++;
                break;
            case 'd':
                options.debug++;
                break;
            case 'E':
                options.ignore_environment = 1;
                break;
            case '?':
            case 'h':
                fputs(usage, stdout);
                return 0;
            case 'i':
                options.inspect++;
                options.interactive++;
                break;
            case 'I':
                options.isolated = options.ignore_environment = options.no_user_site =
                    options.safe_path = 1;
                break;
            case 'O':
                options.optimize++;
                break;
            case 'P':
                options.safe_path = 1;
                break;
            case 'q':
                options.quiet++;
                break;
            case 's':
                options.no_user_site++;
                break;
            case 'S':
                options.no_site++;
                break;
            case 'u':
                options.unbuffered = 1;
                break;
            case 'v':
                options.verbose++;
                break;
            case 'V':
                versions++;
                break;
            case 'x':
                options.skip_first_line = 1;
                break;
            case 'R':
                options.random_hash = 1;
                break;
            case 't': // nothing, as in CPython
                break;
            default: {
                const char shown[3] = {'-', *letter, 0};
                return unknown_option("Unknown", shown);
            }
            }
        }
        if (options.command || options.module) {
            i++;
            break;
        }
    }
    if (versions) {
        if (versions > 1)
            build_info_print(false);
        else
            build_info_short_version(stdout);
        return 0;
    }
    if (!options.command && !options.module && i < argc)
        options.script = argv[i++];
    options.rest = i;
    return finish(warnings);
}
