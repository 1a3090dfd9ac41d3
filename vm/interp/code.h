// SPDX-License-Identifier: MIT
//
// Instructions and code objects. Everything in a Code is constant once made, but for module_entry
// and the cache words of its instructions: any thread may rewrite them at any time, in any order,
// because each instruction checks its own guard against one atomically read cache word.
#ifndef LOCKSMITH_VM_INTERP_CODE_H
#define LOCKSMITH_VM_INTERP_CODE_H

#include "vm/object.h"

typedef struct {
    uint8_t op;
    uint8_t temporaries; // TEMPORARY_*: instruction_temporaries
    uint16_t a, b, c;
} Instruction;

// Operands that are temporaries, and so are consumed unless the instruction keeps them. The loop
// need not know how many locals its frame has.
enum { TEMPORARY_A = 1, TEMPORARY_B = 2, TEMPORARY_C = 4 };

enum Opcode {
#define OP(name, format, cache) OP_##name,
#include "vm/interp/opcodes.def"
#undef OP
    OP_PUBLIC_COUNT,
};
_Static_assert(OP_PUBLIC_COUNT <= UINT8_MAX, "an opcode is a byte");

// What a MATCH_LENGTH asks for.
enum MatchKind {
    MATCH_SEQUENCE,
    MATCH_MAPPING,
    MATCH_ANY_LENGTH = 2, // with one of them: 0 in place of the length, which is not asked for
};

static inline int32_t instruction_bc(const Instruction *i) { // b and c as one number
    return (int32_t)((uint32_t)i->b | (uint32_t)i->c << 16);
}

// A jump's operand is in bytes, from the next instruction, so that the loop has only to add it:
// what comes next waits for that sum, and one with a factor takes two cycles, not one (measured on
// Intel's Golden Cove). c, or b and c as one number; in instructions:
static inline int32_t instruction_jump_c(const Instruction *i) {
    return (int16_t)i->c / (int32_t)sizeof(Instruction);
}
static inline int32_t instruction_jump_bc(const Instruction *i) {
    return instruction_bc(i) / (int32_t)sizeof(Instruction);
}

// Handlers of one code do not overlap partially; inner ones come first. Positions in 64-bit words.
typedef struct {
    uint32_t start, end, handler; // start <= word of the instruction < end
    uint32_t depth;               // see opcodes.def, exceptions
} CodeHandler;

// Positions of the instructions from `start` (a word) up to the next entry's.
typedef struct {
    uint32_t start;
    int32_t line, end_line;     // 0: none
    int32_t column, end_column; // UTF-8 bytes, -1: none
} CodePosition;

enum {
    CODE_OPTIMIZED = 1,
    CODE_NEWLOCALS = 2,
    CODE_VARARGS = 4,
    CODE_VARKEYWORDS = 8,
    CODE_NESTED = 16,
    CODE_GENERATOR = 32,
    CODE_NOFREE = 64,
    CODE_COROUTINE = 128,
    CODE_ITERABLE_COROUTINE = 256,
    CODE_ASYNC_GENERATOR = 512, // the values of inspect.CO_*
    CODE_MAKES_GENERATOR = CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR, // when called
    CODE_HAS_NAMESPACE = 1 << 28, // local 0 is the namespace mapping
    CODE_SIMPLE =
        1
        << 29, // only plain positional parameters: a call with argcount arguments needs no binding
};

// Lines that have no instruction, for who traces (vm/interp/trace.c).
typedef enum {
    LINE_BEFORE, // of a statement that begins at `word`, whenever that is reached from outside of
                 // word..end
    LINE_AROUND, // the same, when it is reached from there or from behind: the body of a loop
    LINE_TAKEN,  // of a jump at `end` that the jump at `word` passes, when it is taken
} CodeLineKind;
enum { LINE_KIND_BITS = 2 };
typedef struct {
    uint32_t word, end;
    int32_t line;
    uint32_t kind; // CodeLineKind
} CodeLine;

typedef struct Code {
    Object header;
    Instruction *instructions; // words, cache words included; from buffer_allocate
    uint32_t word_count;
    uint32_t flags;          // CODE_*
    uint16_t argument_count; // positional parameters, positional-only ones included
    uint16_t positional_only_count, keyword_only_count;
    uint16_t
        local_count; // locals: parameters (positional, keyword-only, *args, **kwargs), then others
    uint16_t register_count; // locals and temporaries, room for calls excluded beyond the deepest
                             // argument
    uint16_t handler_count;
    uint32_t position_count;
    int32_t first_line;
    Value *constants; // owned array, from buffer_allocate
    uint32_t constant_count;
    uint32_t version; // unused by the compiler
    // For code of nested functions: where the globals had __name__ when one was last made of it, as
    // keys version << 32 | entry number (dict_entry_load); 0: not known. Any thread reads and
    // writes it, relaxed; the dict's version says whether it holds.
    uint64_t module_entry;
    CodeHandler *handlers;
    CodePosition *positions;
    CodeLine *extra_lines; // in order of words
    uint32_t extra_line_count;
    Value names;       // tuple of interned str: the n operands
    Value local_names; // tuple of interned str, one a local; "" for hidden locals
    Value cell_names;  // tuple: locals that are cells (for introspection)
    Value cell_locals; // bytes-like C array not needed: cells are found by name in local_names
    Value free_names;  // tuple: the closure's variables in order
    Value name, qualname, filename;
} Code;

extern Type code_type;
static inline Code *code_of(Value v) {
    return (Code *)value_object(v);
}
Code *code_allocate(void);                      // all fields zero; freed like any object
int code_line(const Code *code, uint32_t word); // 0: none
// The line of the instruction that CPython begins each code object with: that of the `def`, or 0 in
// a module.
int code_opening_line(const Code *code);
const CodePosition *code_position(const Code *code, uint32_t word); // or NULL
extern const char opcode_formats[][4]; // opcodes.def says what the letters mean
int opcode_length(uint16_t op);        // words, 1 or 2
// What `temporaries` is to be, from the operands, in code with so many locals.
uint8_t instruction_temporaries(const Instruction *i, uint32_t local_count);
Value code_instruction_bytes(Value code); // without what inline caches hold
void code_start(void);

// ---- the compiler (vm/compile/compile.c) --------------------------------------------------
enum {
    COMPILE_EXEC,
    COMPILE_EVAL,
    COMPILE_SINGLE,
    COMPILE_FUNCTION_TYPE
};     // the last one: only a tree
enum { // flags of compile(), the values of CPython's PyCF_*
    COMPILE_FUTURE_MASK = 0x1fe0000,
    COMPILE_ONLY_AST = 0x400,
    COMPILE_INCOMPLETE_INPUT = 0x4000,
    COMPILE_FLAGS = COMPILE_FUTURE_MASK | CODE_NESTED | 0x200 | COMPILE_ONLY_AST | 0x1000 | 0x2000 |
                    COMPILE_INCOMPLETE_INPUT,
};
typedef struct {
    int mode;            // COMPILE_*
    int optimize;        // 0: asserts and docstrings kept, 1: no asserts, 2: no docstrings either
    uint32_t future;     // __future__ flags in force
    bool incomplete_ok;  // an unfinished input is told apart (*incomplete)
    bool from_str;       // the source was a str: a coding cookie is not obeyed
    bool only_tree;      // the result is an ast.AST instead
    bool only_symbols;   // the result is a symbol table of _symtable instead
    int feature_version; // minor version of the oldest Python 3 that should understand the text; 0:
                         // ours
} CompileOptions;
// Source (UTF-8 unless a cookie says otherwise) to a code object. New reference; VALUE_NULL with
// SyntaxError, ValueError, MemoryError. *incomplete (may be NULL) is set if the input merely ended
// too early.
Value compile_source(const char *source, size_t length, Value filename,
                     const CompileOptions *options, bool *incomplete);
// The same from an ast.AST, which is checked.
Value compile_tree(Value tree, Value filename, const CompileOptions *options);
// What each register holds before each instruction (vm/compile/verify.c).
enum { CODE_DEAD, CODE_LIVE, CODE_MAYBE }; // nothing; something; in handlers: what nothing may read
typedef struct {
    uint32_t size;    // registers
    uint8_t *states;  // size of them for each word
    uint8_t *reached; // by word: the state is known
    uint8_t *starts;  // by word: an instruction begins here
} CodeContents;
CodeContents *code_contents(const Code *code); // NULL: no memory
void code_contents_free(CodeContents *contents);
// What compile() and the like are given: str, bytes or a buffer; the function's name is for
// messages (vm/modules/builtins_code.c). And the name of a file, as a new str.
Value compile_any_source(Value source, Value filename, const CompileOptions *options,
                         const char *function, int argument);
Value compile_file_name(Value v);
// Writes a listing to a StrBuilder (tools, tests).
struct StrBuilder;
Value code_disassemble(Value code); // a str

#endif
