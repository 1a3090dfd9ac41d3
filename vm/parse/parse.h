// SPDX-License-Identifier: MIT
//
// The parser's interface: source text in, syntax tree or syntax error out.
//
// Pure C over an arena; no Python object, no Python code run, nothing global. Several threads may
// parse at once, each with an arena of its own.
#ifndef LOCKSMITH_VM_PARSE_PARSE_H
#define LOCKSMITH_VM_PARSE_PARSE_H

#include "vm/parse/ast.h"

typedef enum ParseMode {
    PARSE_FILE,          // "exec": a whole file
    PARSE_EVAL,          // "eval": one expression
    PARSE_SINGLE,        // "single": one interactive statement
    PARSE_FUNCTION_TYPE, // "func_type": (types) -> type
} ParseMode;

typedef struct ParseOptions {
    // The source is a str that was encoded to UTF-8 already: a coding cookie is not obeyed
    // (compile() of a str).
    bool ignore_cookie;
    // When the only thing wrong is that the text ends too early, say so in
    // SyntaxErrorInfo.incomplete (PyCF_ALLOW_INCOMPLETE_INPUT of codeop, and the prompt).
    bool allow_incomplete;
    // At the prompt an open block is complete only after an empty line (PyCF_DONT_IMPLY_DEDENT).
    bool dont_imply_dedent;
    // Finds the character that \N{name} stands for: returns false if there is none. Called with the
    // bytes between the braces. NULL: no name is known.
    bool (*find_character)(const char *name, size_t length, uint32_t *character);
    // Not NULL: the text is a file that is being run. It changes how invalid UTF-8 is reported.
    const char *filename;
    // Only the tree is wanted (PyCF_ONLY_AST): the few errors that CPython's compiler finds and not
    // its parser, a repeated keyword argument and a bare except that is not the last, are not
    // looked for.
    bool only_tree;
    // Comments `# type: ...` become part of the tree (PyCF_TYPE_COMMENTS).
    bool type_comments;
    // What Python 3.feature_version does not know yet is an error. 0: everything is known.
    int feature_version;
    // `<>` is the operator, and `!=` an error (PEP 401).
    bool barry_as_bdfl;
    // So many digits may a decimal integer have (sys.set_int_max_str_digits). 0: 4300; -1: no
    // limit.
    int max_int_digits;
} ParseOptions;

typedef enum ParseErrorKind {
    PARSE_OK,
    PARSE_SYNTAX_ERROR,      // SyntaxError
    PARSE_INDENTATION_ERROR, // IndentationError
    PARSE_TAB_ERROR,         // TabError
    PARSE_VALUE_ERROR,  // ValueError: message alone (not raised now; null bytes are a SyntaxError
                        // since 3.11.4)
    PARSE_MEMORY_ERROR, // MemoryError: nested too deep for the parser, or no memory
    PARSE_RECURSION_ERROR, // RecursionError: the tree would be higher than ast.h allows
} ParseErrorKind;

typedef struct SyntaxErrorInfo {
    ParseErrorKind kind;
    bool incomplete; // more input could make this right; only with allow_incomplete
    // No line is known. If `line` is 0, lineno is 0 and offset is -1 as for any decoding error, and
    // text is None; if it is -1, even filename, lineno and offset are None.
    bool no_position;
    char message[256];        // UTF-8, never cut inside a character
    int line, column;         // from 1; columns count characters, as SyntaxError.lineno and .offset
    int end_line, end_column; // as SyntaxError.end_lineno and .end_offset; may be 0 or -1 where
                              // Python says so
    const char *text;         // the offending line in the arena, UTF-8, or NULL
    size_t text_length;
} SyntaxErrorInfo;

// Something to warn of that is not an error: `category` is DeprecationWarning unless
// `is_syntax_warning`.
typedef struct ParseWarning {
    const char *message; // in the arena
    int line;
    bool is_syntax_warning;
    SyntaxErrorInfo as_error; // what to raise if it is to be an error
    struct ParseWarning *next;
} ParseWarning;

typedef struct ParseResult {
    AstModule *module;      // NULL if there was an error
    ParseWarning *warnings; // in source order, also of what stands before an error; the caller
                            // issues them
    // What `from __future__ import` asked for is not looked at here: the symbol table reads the
    // tree.
    const char
        *encoding; // the declared encoding in Python's normal form ("utf-8", "iso-8859-1"), or NULL
} ParseResult;

// Parses `length` bytes. The tree is in `arena` and borrows nothing from `source`. On an error
// fills `error` (which may not be NULL) and returns module NULL. Never overflows the C stack: see
// AST_MAX_HEIGHT.
ParseResult parse_source(Arena *arena, const char *source, size_t length, ParseMode mode,
                         ParseOptions options, SyntaxErrorInfo *error);

#endif
