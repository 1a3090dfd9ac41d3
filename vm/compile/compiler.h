// SPDX-License-Identifier: MIT
//
// What the files of the compiler share: the state of one compilation, of one code object being made
// (Unit), and the functions that emit instructions. Private to vm/compile.
//
// One compilation: parse (vm/parse) -> future statements -> symbols (symbols.h) -> code of every
// scope, inner ones while their definition is compiled -> assemble.c makes the Code.
//
// Errors: whatever fails sets the exception and leaves with compile_fail (a longjmp to
// compile_source). So no function here returns an error. Every Value made on the way is handed to
// compiler_own at once, and all other memory is in the arena, so that leaving frees everything.
//
// Registers while a unit is compiled: 0.. are its locals, then hidden locals (below), and REG_TEMP
// + i is temporary i; assemble.c turns the latter into final numbers. Temporaries are a stack:
// unit->top is the number of those in use. The rule behind all code generation: a temporary that
// holds a reference is below `top` and is consumed exactly once, and nothing live is ever above the
// base of a call window. Hidden locals hold what an expression needs twice (a temporary can be read
// only once): they are ordinary local registers without a name, cleared after use.
//
// Unreachable code is compiled for its errors, but emits nothing: see Unit.reachable.
#ifndef LOCKSMITH_VM_COMPILE_COMPILER_H
#define LOCKSMITH_VM_COMPILE_COMPILER_H

#include "vm/compile/symbols.h"
#include "vm/interp/code.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include <setjmp.h>

typedef uint16_t Reg;
#define REG_TEMP 0x8000u
static inline bool reg_is_temp(Reg r) {
    return r >= REG_TEMP;
}

typedef uint32_t Label;
#define NO_LABEL UINT32_MAX
#define NOT_BOUND UINT32_MAX

// A constant made by folding: AstConstant.kind has this private value and `integer` the bits of a
// Value that the compilation owns.
#define AST_CONSTANT_FOLDED ((AstConstantKind)100)

typedef struct {
    uint16_t op, a, b, c;
    Label target; // of a jump, else NO_LABEL
    Position position;
} Instr;

typedef struct {
    uint32_t position; // instruction, or NOT_BOUND
    bool used;
    uint64_t *assigned; // which locals are assigned on every path here so far
} LabelInfo;

typedef struct {
    uint32_t start, end; // instructions
    Label handler;
    uint32_t depth; // temporaries kept
    uint32_t level; // nesting; higher is further in
} Region;

typedef struct { // see CodeLine; instructions, not words
    uint32_t at, end;
    int line;
    CodeLineKind kind;
} ExtraLine;

typedef enum {
    BLOCK_WHILE,
    BLOCK_FOR,
    BLOCK_TRY,         // body of try-except
    BLOCK_FINALLY,     // body (and handlers) of try-finally: leaving runs the finally body
    BLOCK_FINALLY_END, // the finally body while an exception waits
    BLOCK_WITH,
    BLOCK_HANDLER,       // except clauses
    BLOCK_NAMED_HANDLER, // an except clause's body, with its variable
    BLOCK_CLEANUP,       // anything else protected
    BLOCK_VALUE,         // a finally body on the way out with a return value, which waits in reg
} BlockKind;

typedef struct {
    BlockKind kind;
    Label handler; // NO_LABEL: protects nothing
    uint32_t depth;
    uint32_t open; // first instruction of the region being protected, or NOT_BOUND while closed
    Label on_break, on_continue; // loops
    Reg reg;             // FOR: iterator; WITH: exit function; HANDLER, FINALLY_END: handled before
    Reg exception;       // FINALLY_END
    const AstName *name; // NAMED_HANDLER
    const AstStmtSeq *body; // FINALLY
    Position position;
    bool is_async; // WITH
    bool star;     // HANDLER of except*
} Block;
#define BLOCKS_MAX 20 // as CPython's limit on nested blocks
#define BLOCKS_ROOM (BLOCKS_MAX * 3 + 8)

typedef struct {
    const AstName **keys;
    uint32_t *values;
    uint32_t size, count; // power of two, or 0
} NameTable;

typedef struct Unit {
    struct Unit *parent; // or the next one that waits to be used again
    Scope *scope;
    Value name, qualname; // borrowed from the compilation
    int first_line;
    uint32_t argument_count, positional_only_count, keyword_only_count;
    uint32_t flags;

    Instr *code;
    uint32_t count, capacity;
    LabelInfo *labels;
    uint32_t label_count, label_capacity;
    Region *regions;
    uint32_t region_count, region_capacity;
    ExtraLine *lines; // for who traces
    uint32_t line_count, line_capacity;
    Block *blocks; // BLOCKS_ROOM of them
    uint32_t block_count;

    uint32_t locals;             // named locals (or the namespace and cells of a class or module)
    uint32_t hidden, hidden_max; // hidden locals in use; most ever
    uint32_t top, top_max;       // temporaries in use; most ever

    // Can the next instruction be reached? If not, nothing is emitted.
    bool reachable;
    uint64_t *assigned;  // locals assigned on every path to here; words = assigned_words
    uint64_t *deletable; // locals that may become unbound again
    uint32_t assigned_words;

    Value *constants; // borrowed from the compilation
    uint32_t constant_count, constant_capacity;
    uint64_t *constant_keys; // hash table: bits of the constant
    uint32_t *constant_values;
    uint32_t constant_table_size;
    Value *names; // borrowed
    uint32_t name_count, name_capacity;
    NameTable name_table;

    Position position; // given to emitted instructions
} Unit;

typedef struct Compiler {
    Arena *arena;
    jmp_buf escape;
    Value filename;
    int mode, optimize;
    bool permanent; // a module from a file
    uint32_t future;
    int future_line; // of the last future statement, 0: none
    bool interactive;
    bool top_level_await; // await outside functions makes the module's code a coroutine
    int fold_disabled;
    const char *stack_limit; // C stack: lowest address to use
    AstModule *module;
    Unit *unit;
    Unit *spare_units; // done with; their arrays are used again
    char *scratch;     // of assemble.c
    size_t scratch_size;
    Scope *scope, *module_scope; // of symbols_build

    Value *owned;
    uint32_t owned_count, owned_capacity;
    Value *name_values; // str of each AstName, by index; VALUE_NULL: not made yet
    uint32_t name_value_capacity;
    Value *shared_constants; // hash table of one Value for each constant
    uint32_t shared_size, shared_count;
    const void **scope_keys;
    Scope **scope_values;
    uint32_t scope_table_size, scope_table_count;
    // names the compiler itself uses
    const AstName *n_class, *n_classcell, *n_super, *n_debug, *n_dot_zero, *n_name, *n_module,
        *n_qualname, *n_doc, *n_annotations, *n_return, *n_star, *n_future, *n_lambda, *n_listcomp,
        *n_setcomp, *n_dictcomp, *n_genexpr, *n_module_angle;
} Compiler;

enum { FUTURE_BARRY_AS_BDFL = 0x400000, FUTURE_ANNOTATIONS = 0x1000000, FUTURE_MASK = 0x1fe0000 };
// Flags of compile() that CompileOptions.future may carry besides (as CPython's PyCF_*).
enum {
    COMPILE_DONT_IMPLY_DEDENT = 0x200,
    COMPILE_IGNORE_COOKIE = 0x100,
    COMPILE_TYPE_COMMENTS = 0x1000,
    COMPILE_TOP_LEVEL_AWAIT = 0x2000,
};

// ---- vm/modules/symtable_module.c
Value symtable_of_module(Compiler *c, const Scope *scope); // borrowed from the compilation

// ---- errors.c ------------------------------------------------------------------------------
_Noreturn void compile_fail(Compiler *c);                  // an exception is set
static inline Value compiler_check(Compiler *c, Value v) { // v, or leaves
    if (UNLIKELY(value_is_null(v)))
        compile_fail(c);
    return v;
}
// SyntaxError at a position; format as raise_error's.
_Noreturn void compile_error(Compiler *c, Position position, const char *format, ...);
// Sets (does not leave) the SyntaxError of a kind; text may be VALUE_NULL; offsets count from 1.
void syntax_error_set(Type *type, Value message, Value filename, int line, int offset,
                      Value text_or_null, int end_line, int end_offset, bool has_end);
_Noreturn void compile_stack_overflow(Compiler *c);
static inline void compile_check_stack(Compiler *c) {
    if (UNLIKELY((const char *)__builtin_frame_address(0) < c->stack_limit))
        compile_stack_overflow(c);
}
Value source_line(Value filename,
                  int line); // of a file by this name: new reference, or VALUE_NULL (no exception)
// Warns; position and text say where the SyntaxError is if filters make an error of the warning,
// and columns count from 1. text may be VALUE_NULL: then a file is asked for the line. 0, or -1.
int syntax_warning(Compiler *c, Type *category, const char *message, Position position, Value text);
void compile_warn(Compiler *c, Position position, const char *format, ...); // SyntaxWarning

static inline Position position_of_expr(const AstExpr *e) {
    return (Position){e->line, e->end_line, e->column, e->end_column};
}
static inline Position position_of_stmt(const AstStmt *s) {
    return (Position){s->line, s->end_line, s->column, s->end_column};
}

// ---- constants.c ---------------------------------------------------------------------------
Value compiler_own(Compiler *c,
                   Value v); // takes the reference (VALUE_NULL: fails); gives it borrowed
Value compile_name(Compiler *c, const AstName *name);           // interned str; borrowed
Value constant_value(Compiler *c, const AstConstant *constant); // borrowed, shared
Value constant_share(
    Compiler *c,
    Value v); // the compilation's one constant equal to v in type and value; consumes v
uint32_t unit_constant(Compiler *c, Value v);      // index in the unit; v shared or a code object
Value constant_str(Compiler *c, const char *utf8); // shared

// ---- fold.c --------------------------------------------------------------------------------
void fold_expression(Compiler *c, AstExpr *e);                   // children are folded already
bool constant_truth(Compiler *c, const AstExpr *e, bool *truth); // false: not a constant
bool constant_small_int(const AstExpr *e, int *out);             // a number that fits an operand
bool expression_constant(Compiler *c, const AstExpr *e,
                         Value *out); // borrowed value of a constant expression
static inline bool constant_is(const AstExpr *e, AstConstantKind kind) {
    return e->kind == AST_CONSTANT && e->constant.kind == kind;
}

// ---- emit.c --------------------------------------------------------------------------------
Unit *unit_enter(Compiler *c, Scope *scope, const AstName *name, int first_line);
void unit_leave(Compiler *c); // after unit_assemble
void emit(Compiler *c, uint16_t op, uint32_t a, uint32_t b, uint32_t operand_c);
void emit_wide(Compiler *c, uint16_t op, uint32_t a, uint32_t bc); // K and I formats
Label label_new(Compiler *c);
void label_bind(Compiler *c, Label label);
void label_bind_loop(Compiler *c, Label label); // a backward jump will come
void label_bind_handler(Compiler *c, Label label, const uint64_t *assigned, bool reachable);
void emit_jump(Compiler *c, Label label); // forward or backward
void emit_branch(Compiler *c, uint16_t op, uint32_t a, uint32_t b,
                 Label label);                // conditional; b: IF_* only
uint64_t *assigned_copy(Compiler *c);         // for handlers: without those that may be deleted
bool assigned_test(const Unit *u, Reg local); // provably bound here
void assigned_add(Unit *u, Reg local);
void assigned_remove(Unit *u, Reg local);
Reg temp_push(Compiler *c);
static inline Reg temp_at(uint32_t index) {
    return (Reg)(REG_TEMP + index);
}
void temp_reserve(Compiler *c, uint32_t top); // sets unit->top (upwards)
Reg hidden_push(Compiler *c);
void hidden_pop(Compiler *c, Reg hidden);             // emits CLEAR
void hidden_pop_quietly(Compiler *c);                 // the caller has cleared it
uint32_t unit_name(Compiler *c, const AstName *name); // index; mangles
uint32_t unit_name_plain(Compiler *c, const AstName *name);
void emit_constant(Compiler *c, Reg destination, Value constant);
void emit_return(Compiler *c, Reg r);
void emit_return_none(Compiler *c);
// What is emitted belongs to no line, or to that of what comes before it.
static inline void position_nowhere(Compiler *c) {
    c->unit->position = (Position){0, 0, -1, -1};
}
// Notes that the line of u->position belongs before the next instruction, if that is reached. What
// is emitted until line_ends(index) is part of it. NOT_BOUND: nothing was noted.
uint32_t line_begins(Compiler *c, CodeLineKind kind);
void line_ends(Compiler *c, uint32_t index);
void line_note(Compiler *c, Unit *u, uint32_t at, int line, CodeLineKind kind);
Block *block_push(Compiler *c, BlockKind kind, Label handler, uint32_t depth);
void block_pop(Compiler *c);
void region_close(Compiler *c, Block *b);
bool label_is_used(const Unit *u, Label label);

// ---- assemble.c ----------------------------------------------------------------------------
Value unit_assemble(Compiler *c); // the Code of c->unit; borrowed from the compilation
#ifndef NDEBUG
void code_verify(const Code *code); // verify.c: aborts with a listing if the code is wrong
#endif
// verify.c: NULL, or what is wrong (static buffer).
const char *code_check(const Code *code);

// ---- natives.c -----------------------------------------------------------------------------
// Native functions that compiled code calls without their having a name in Python: each file that
// makes constants of such functions has a table of them, which is listed in natives.c.
extern const NativeDef *const compile_async_natives[], *const compile_match_natives[],
                                                           *const compile_try_star_natives[];
// The one of that name, or NULL. The name is that of a function in these tables.
const NativeDef *compile_native(Value name);
bool compile_is_native(const NativeDef *def);

// ---- names.c -------------------------------------------------------------------------------
typedef enum {
    ACCESS_FAST,
    ACCESS_CELL,
    ACCESS_FREE,
    ACCESS_GLOBAL,
    ACCESS_NAME,
} Access;
Access access_name(Compiler *c, const AstName *name, Symbol **symbol_out); // mangles
bool is_fast_name(Compiler *c, const AstName *name, Symbol **symbol_out);
void compile_load_name(Compiler *c, const AstName *name, Reg destination);
void compile_store_name(Compiler *c, const AstName *name, Reg value);
void compile_delete_name(Compiler *c, const AstName *name);
void compile_check_local(Compiler *c, Symbol *symbol);
void forbid_debug(Compiler *c, const AstName *name, bool deletes, Position position);

// ---- expressions.c -------------------------------------------------------------------------
// Evaluates e into destination (any register; a temporary must be reserved). Nothing is written to
// a local before the last instruction.
void compile_into(Compiler *c, AstExpr *e, Reg destination);
// Evaluates e: the register of a local, or a new temporary.
Reg compile_operand(Compiler *c, AstExpr *e);
// Emits destination = object[slice] if the slice is a constant that an instruction has room for.
bool emit_load_item(Compiler *c, Reg destination, Reg object, const AstExpr *slice);
// The same, but e may use destination as a scratch register if that is a temporary.
Reg compile_operand_in(Compiler *c, AstExpr *e, Reg destination);
// The same, for an operand that must survive the evaluation of `later` (or NULL).
Reg compile_operand_before(Compiler *c, AstExpr *e, Reg destination_or_local, const AstExpr *later);
void compile_discard(Compiler *c, AstExpr *e); // for the effect
const char *expression_type(Compiler *c,
                            const AstExpr *e); // name of the type e is sure to have, or NULL
uint16_t operator_op(AstOperator op, bool inplace);
uint16_t operator_int_op(AstOperator op, bool inplace); // OP_NOP: none
uint16_t compare_op(AstCompareOp op);
void compile_slice(Compiler *c, AstExpr *e, Reg destination);
bool is_simple(const AstExpr *e); // a name or constant: cannot change a local
void compile_sequence(Compiler *c, uint16_t build, const AstExprSeq *elts, Reg destination,
                      uint32_t prefilled);

void emit_yield_from(Compiler *c, Reg destination,
                     Reg iterator); // iterator: the uppermost temporary; consumed

// ---- async.c -------------------------------------------------------------------------------
// destination = the native function's result; argument: a local, or a temporary, which is consumed.
void emit_native_call(Compiler *c, const NativeDef *def, Reg argument, Reg destination);
void compile_await(Compiler *c, AstExpr *e, Reg destination);
void compile_async_yield(Compiler *c, Reg *value); // in an async generator: wraps what is yielded
void compile_async_iter(Compiler *c, AstExpr *iterable, Reg destination); // __aiter__ of it
void compile_await_entered(Compiler *c, Reg awaitable,
                           Reg destination);                            // as below, of __aenter__()
void compile_await_exited(Compiler *c, Reg awaitable, Reg destination); // of __aexit__()
void compile_await_value(Compiler *c, Reg awaitable,
                         Reg destination); // awaitable: the uppermost temporary; consumed
typedef struct {
    Label head, handler, end; // head: the next item is asked for
    uint64_t *assigned;
    uint32_t depth;
    Position position;
} AsyncLoop;
// The head of an `async for` over the asynchronous iterator in a local: gives the temporary with
// the item.
Reg async_loop_begin(Compiler *c, AsyncLoop *loop, Reg iterator);
void async_loop_end(Compiler *c,
                    AsyncLoop *loop); // after the jump back to the head: reached when exhausted
void compile_async_for(Compiler *c, AstStmt *s);
void compile_async_with(Compiler *c, AstStmt *s); // in try.c
// exit_function and the temporary above it: the bound __aexit__, and what __aenter__() gives to
// await.
void emit_async_enter(Compiler *c, Reg exit_function, Reg manager);
void emit_async_exit(Compiler *c, Reg exit_function);

// ---- displays.c ----------------------------------------------------------------------------
void compile_dict(Compiler *c, AstExpr *e, Reg destination);
void compile_joined_str(Compiler *c, AstExpr *e, Reg destination);
void compile_formatted_value(Compiler *c, AstExpr *e, Reg destination);

// ---- conditions.c --------------------------------------------------------------------------
// Jumps to label if e's truth is sense, else goes on.
void compile_jump(Compiler *c, AstExpr *e, bool sense, Label label);
void compile_compare(Compiler *c, AstExpr *e, Reg destination);
void compile_bool_op(Compiler *c, AstExpr *e, Reg destination);

// ---- calls.c -------------------------------------------------------------------------------
void compile_call(Compiler *c, AstExpr *e, Reg destination);
// Emits the call of the window at temporary `base`, whose callable is in place and whose first
// `prefilled` arguments too (unit->top is just above them).
void compile_call_arguments(Compiler *c, uint32_t base, uint32_t prefilled, bool method,
                            const AstExprSeq *args, const AstKeywordSeq *keywords, Reg destination,
                            Position position);
// Begins a window for a call with that destination: its base.
uint32_t call_window(Compiler *c, Reg destination);

// ---- comprehensions.c ----------------------------------------------------------------------
void compile_comprehension(Compiler *c, AstExpr *e, Reg destination);

// ---- targets.c -----------------------------------------------------------------------------
void compile_store(Compiler *c, AstExpr *target, Reg value); // consumes value if a temporary
void compile_assign(Compiler *c, AstStmt *s);
void compile_aug_assign(Compiler *c, AstStmt *s);
void compile_ann_assign(Compiler *c, AstStmt *s);
void compile_delete(Compiler *c, AstExpr *target);
// The register to compute a value for `target` in: the target itself if it is a plain local, else a
// new temporary.
Reg compile_target_register(Compiler *c, AstExpr *target);
Position attribute_position(const AstExpr *attribute, Position position);

// ---- functions.c ---------------------------------------------------------------------------
void compile_function_def(Compiler *c, AstStmt *s);
void compile_class_def(Compiler *c, AstStmt *s);
void compile_lambda(Compiler *c, AstExpr *e, Reg destination);
// Makes the function of a code object; unit->top is base + 1 + the number of parts already in
// place.
void compile_make_function(Compiler *c, uint32_t base, uint32_t parts, uint32_t flags, Value code,
                           Scope *scope);
void unit_prologue(Compiler *c);
void compile_annotation(Compiler *c, AstExpr *annotation, Reg destination);

// ---- statements.c --------------------------------------------------------------------------
void compile_statements(Compiler *c, const AstStmtSeq *body);
void compile_body(Compiler *c,
                  const AstStmtSeq *body); // of a module or class: docstring, annotations
const AstConstant *docstring_of(const AstStmtSeq *body); // or NULL

// ---- try.c ---------------------------------------------------------------------------------
void compile_try(Compiler *c, AstStmt *s);
void compile_try_star(Compiler *c, AstStmt *s);        // try_star.c
void compile_try_except_star(Compiler *c, AstStmt *s); // without the finally part
void compile_with(Compiler *c, AstStmt *s);
void emit_with_exit(Compiler *c, const Block *b); // the exit function is in b->reg

// ---- control.c: if, loops, and leaving blocks ------------------------------------------------
void emit_handler_end(Compiler *c, const Block *b);
void compile_iterable(Compiler *c, AstExpr *e, Reg iterator);
void compile_if(Compiler *c, AstStmt *s);
void compile_for(Compiler *c, AstStmt *s);
void compile_while(Compiler *c, AstStmt *s);
void compile_return(Compiler *c, AstStmt *s);
void compile_break(Compiler *c, AstStmt *s);
void compile_continue(Compiler *c, AstStmt *s);

// ---- match.c -------------------------------------------------------------------------------
void compile_match(Compiler *c, AstStmt *s);

// ---- unparse.c -----------------------------------------------------------------------------
Value ast_unparse(Compiler *c, const AstExpr *e); // new str: the source of an annotation

// ---- future.c ------------------------------------------------------------------------------
void future_parse(Compiler *c, const AstModule *module);

#define NEW(c, type) ((type *)arena_allocate((c)->arena, sizeof(type)))
// Makes room for one more item in an arena array.
#define ARRAY_RESERVE(c, items, count, capacity)                                                   \
    do {                                                                                           \
        if ((count) >= (capacity)) {                                                               \
            uint32_t room_ = (capacity) ? (capacity)*2 : 16;                                       \
            void *grown_ = arena_allocate((c)->arena, room_ * sizeof *(items));                    \
            if (count)                                                                             \
                memcpy(grown_, (items), (count) * sizeof *(items));                                \
            (items) = grown_;                                                                      \
            (capacity) = room_;                                                                    \
        }                                                                                          \
    } while (0)

#endif
