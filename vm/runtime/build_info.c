// SPDX-License-Identifier: MIT
#include "vm/runtime/build_info.h"
#include "build_config.h"
#include "compiler_hash.h"
#include "gc/ref.h"
#include <gmp.h>
#include <jemalloc/jemalloc.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

static const struct { const char *name, *value; } factors[] = {BUILD_FACTORS};
#define FACTOR_COUNT (sizeof factors / sizeof *factors)

const char *build_info_strategy(void) {
    return BUILD_STRATEGY;
}

const char *build_info_finalisation(void) {
    if (COUNT_IS_KEPT)
        return REGISTERS_ARE_COUNTED ? "prompt" : "settled";
    return HEAP_IS_TRACED ? "collected" : "never";
}

uint64_t build_info_compiler_hash(void) {
    return COMPILER_HASH;
}

void build_info_version(char *out, size_t capacity) {
    // No comma: the library's platform module takes what follows one for a date, which has no
    // hyphen.
    snprintf(out, capacity, "3.11.2 (Locksmith %s with strategy %s) [%s]", BUILD_VERSION,
             BUILD_STRATEGY, BUILD_COMPILER);
}

void build_info_short_version(FILE *to) {
    fprintf(to, "Locksmith %s (Python 3.11.2, strategy %s)\n", BUILD_VERSION, BUILD_STRATEGY);
}

static const char *jemalloc_version(void) {
    const char *version = "unknown";
    size_t size = sizeof version;
    mallctl("version", &version, &size, NULL, 0);
    return version;
}

static void print_string(const char *text) {
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void print_json(void) {
    printf("{\"strategy\": ");
    print_string(BUILD_STRATEGY);
    printf(", \"version\": ");
    print_string(BUILD_VERSION);
    printf(", \"python\": \"3.11.2\", \"factors\": {");
    for (size_t i = 0; i < FACTOR_COUNT; i++) {
        printf("%s", i ? ", " : "");
        print_string(factors[i].name);
        printf(": ");
        print_string(factors[i].value);
    }
    printf("}, \"finalisation\": ");
    print_string(build_info_finalisation());
    printf(", \"compiler\": ");
    print_string(BUILD_COMPILER);
    printf(", \"build_type\": ");
    print_string(BUILD_TYPE);
    printf(", \"sanitizer\": ");
    print_string(BUILD_SANITIZE);
    printf(", \"pgo\": ");
    print_string(BUILD_PGO);
    printf(", \"flags\": ");
    print_string(BUILD_FLAGS);
    printf(", \"libraries\": {\"jemalloc\": ");
    print_string(jemalloc_version());
    printf(", \"gmp\": ");
    print_string(gmp_version);
    printf(", \"utf8proc\": ");
    print_string(utf8proc_version());
    printf("}}\n");
}

void build_info_print(int json) {
    if (json) {
        print_json();
        return;
    }
    printf("Locksmith %s, a Python 3.11 interpreter\n\nstrategy    %s\n", BUILD_VERSION,
           BUILD_STRATEGY);
    for (size_t i = 0; i < FACTOR_COUNT; i++)
        printf("  %-22s %s\n", factors[i].name, factors[i].value);
    printf("finalisation %s\ncompiler    %s\nbuild type  %s\nsanitizer   %s\nPGO         %s\nflags "
           "      %s\n",
           build_info_finalisation(), BUILD_COMPILER, BUILD_TYPE, BUILD_SANITIZE, BUILD_PGO,
           BUILD_FLAGS);
    printf("libraries   jemalloc %s, GMP %s, utf8proc %s\n", jemalloc_version(), gmp_version,
           utf8proc_version());
}
