// SPDX-License-Identifier: MIT
//
// compile_source: from source text to a code object.
#include "vm/compile/compiler.h"
#include "vm/types/tuple.h"
#include "vm/compile/tree.h"
#include "vm/parse/parse.h"
#include "vm/types/unicode_names.h"
#include "vm/types/int.h"
#include "vm/types/str.h"

static const AstName *intern(Compiler *c, const char *text) {
    return arena_intern(c->arena, text, strlen(text));
}

static void intern_names(Compiler *c) {
    c->n_class = intern(c, "__class__");
    c->n_classcell = intern(c, "__classcell__");
    c->n_super = intern(c, "super");
    c->n_debug = intern(c, "__debug__");
    c->n_dot_zero = intern(c, ".0");
    c->n_name = intern(c, "__name__");
    c->n_module = intern(c, "__module__");
    c->n_qualname = intern(c, "__qualname__");
    c->n_doc = intern(c, "__doc__");
    c->n_annotations = intern(c, "__annotations__");
    c->n_return = intern(c, "return");
    c->n_star = intern(c, "*");
    c->n_future = intern(c, "__future__");
    c->n_lambda = intern(c, "<lambda>");
    c->n_listcomp = intern(c, "<listcomp>");
    c->n_setcomp = intern(c, "<setcomp>");
    c->n_dictcomp = intern(c, "<dictcomp>");
    c->n_genexpr = intern(c, "<genexpr>");
    c->n_module_angle = intern(c, "<module>");
}

_Noreturn static void parse_failed(Compiler *c, const SyntaxErrorInfo *error) {
    static Type *const types[] = {
        [PARSE_OK] = &exception_SystemError,
        [PARSE_SYNTAX_ERROR] = &exception_SyntaxError,
        [PARSE_INDENTATION_ERROR] = &exception_IndentationError,
        [PARSE_TAB_ERROR] = &exception_TabError,
        [PARSE_VALUE_ERROR] = &exception_ValueError,
    };
    switch (error->kind) {
    case PARSE_MEMORY_ERROR:
        raise_memory_error();
        compile_fail(c);
    case PARSE_RECURSION_ERROR:
        raise_error(&exception_RecursionError,
                    "maximum recursion depth exceeded during compilation");
        compile_fail(c);
    case PARSE_VALUE_ERROR:
        raise_error(types[error->kind], "%s", error->message);
        compile_fail(c);
    default:
        break;
    }
    Value message = compiler_own(c, str_from_cstr(error->message));
    if (error->no_position) {
        Value args[2] = {message, VALUE_NULL};
        if (error->line == 0) // nowhere in particular in this file
            args[1] = compiler_own(
                c, tuple_pack(4, c->filename, value_from_int(0), value_from_int(-1), VALUE_NONE));
        Value exception = value_call(value_from_object(types[error->kind]), args,
                                     error->line == 0 ? 2 : 1, VALUE_NULL);
        if (!value_is_null(exception)) {
            raise_object(exception);
            ref_release(exception);
        }
        compile_fail(c);
    }
    Value text = VALUE_NULL;
    if (error->text) {
        text = str_from_utf8(error->text, error->text_length);
        if (value_is_null(text))
            error_clear();
        // Of several lines that belong together, a file shows the one that the place is in.
        if (memchr(error->text, '\n', error->text_length - (error->text_length > 0))) {
            Value line = source_line(c->filename, error->line);
            if (!value_is_null(line)) {
                ref_release(text);
                text = line;
            }
        }
    }
    syntax_error_set(types[error->kind], message, c->filename, error->line, error->column, text,
                     error->end_line, error->end_column, true);
    ref_release(text);
    compile_fail(c);
}

static void parse_warned(Compiler *c, const ParseWarning *w) {
    Type *category =
        w->is_syntax_warning ? &exception_SyntaxWarning : &exception_DeprecationWarning;
    const SyntaxErrorInfo *e = &w->as_error;
    Value text = VALUE_NULL;
    if (e->text) {
        text = str_from_utf8(e->text, e->text_length);
        if (value_is_null(text))
            error_clear();
    }
    int status = syntax_warning(c, category, w->message,
                                (Position){e->line, e->end_line, e->column, e->end_column}, text);
    ref_release(text);
    if (status < 0)
        compile_fail(c);
}

static Value compile_module(Compiler *c, AstModule *module, bool only_symbols) {
    future_parse(c, module);
    Scope *scope = symbols_build(c, module);
    symbols_resolve(c, scope);
    if (only_symbols)
        return symtable_of_module(c, scope);
    Unit *u = unit_enter(c, scope, c->n_module_angle, 1);
    unit_prologue(c);
    if (module->kind == AST_EXPRESSION) {
        u->position = position_of_expr(module->expression);
        Reg r = compile_operand(c, module->expression);
        emit_return(c, r);
    } else {
        c->interactive = module->kind == AST_INTERACTIVE;
        compile_body(c, &module->body);
        if (module->body.count)
            position_nowhere(c);
        emit_return_none(c);
    }
    Value code = unit_assemble(c);
    unit_leave(c);
    return code;
}

static int max_int_digits(void) {
    int64_t limit = __atomic_load_n(&int_max_str_digits, __ATOMIC_RELAXED);
    return limit == 0 || limit > INT32_MAX ? -1 : (int)limit;
}

// The tree of the source; leaves if there is none.
static AstModule *parse(Compiler *c, const char *source, size_t length,
                        const CompileOptions *options, bool *incomplete) {
    static const ParseMode modes[] = {[COMPILE_EXEC] = PARSE_FILE,
                                      [COMPILE_EVAL] = PARSE_EVAL,
                                      [COMPILE_SINGLE] = PARSE_SINGLE,
                                      [COMPILE_FUNCTION_TYPE] = PARSE_FUNCTION_TYPE};
    ParseOptions parse_options = {
        .ignore_cookie = options->from_str || (options->future & COMPILE_IGNORE_COOKIE),
        .allow_incomplete = options->incomplete_ok,
        .dont_imply_dedent = options->future & COMPILE_DONT_IMPLY_DEDENT,
        .find_character = unicode_find_character,
        .only_tree = options->only_tree,
        .type_comments = options->future & COMPILE_TYPE_COMMENTS,
        .feature_version = options->feature_version,
        .barry_as_bdfl = options->future & FUTURE_BARRY_AS_BDFL,
        .max_int_digits = max_int_digits(),
    };
    SyntaxErrorInfo error = {0};
    ParseResult result =
        parse_source(c->arena, source, length, modes[options->mode], parse_options, &error);
    // What follows an error has not been read by CPython, so it does not warn of it.
    for (const ParseWarning *w = result.warnings; w; w = w->next)
        if (result.module || w->line <= error.line)
            parse_warned(c, w);
    if (!result.module) {
        if (incomplete)
            *incomplete = error.incomplete;
        parse_failed(c, &error);
    }
    return result.module;
}

// Everything that may leave by longjmp; the result is borrowed from c. The source is text, or if
// that is NULL, a tree of objects.
static Value compile_protected(Compiler *c, const char *source, size_t length, Value tree,
                               const CompileOptions *options, bool *incomplete) {
    Thread *thread = thread_current();
    const int32_t depth = thread->depth;
    switch (setjmp(c->escape)) {
    case 0:
        break;
    case ARENA_OUT_OF_MEMORY:
        raise_memory_error(); // fall through
    default:
        thread->depth = depth;
        return VALUE_NULL;
    }
    intern_names(c);
    c->module = source ? parse(c, source, length, options, incomplete)
                       : tree_from_objects(c, tree, options->mode);
    return options->only_tree ? tree_to_objects(c, c->module)
                              : compile_module(c, c->module, options->only_symbols);
}

// A module's file, not "<string>" or the like: its code is likely to stay.
static bool is_file_name(Value name) {
    return value_is_exact_str(name) && str_length(name) > 0 && str_at(name, 0) != '<';
}

static Value compile(const char *source, size_t length, Value tree, Value filename,
                     const CompileOptions *options, bool *incomplete) {
    Compiler c = {.filename = filename,
                  .mode = options->mode,
                  .optimize = options->optimize,
                  .permanent = options->mode == COMPILE_EXEC && is_file_name(filename),
                  .future = options->future & FUTURE_MASK,
                  .top_level_await = options->future & COMPILE_TOP_LEVEL_AWAIT,
                  .stack_limit = thread_current()->c_stack_limit};
    c.arena = arena_create();
    if (!c.arena)
        return raise_memory_error();
    arena_set_escape(c.arena, &c.escape);
    Value code = compile_protected(&c, source, length, tree, options, incomplete);
    ref_retain(code);
    for (uint32_t i = c.owned_count; i-- > 0;)
        ref_release(c.owned[i]);
    buffer_free(c.owned);
    arena_destroy(c.arena);
    return code;
}

Value compile_source(const char *source, size_t length, Value filename,
                     const CompileOptions *options, bool *incomplete) {
    if (incomplete)
        *incomplete = false;
    if (memchr(source, 0, length))
        return raise_value_error("source code string cannot contain null bytes");
    return compile(source, length, VALUE_NULL, filename, options, incomplete);
}

Value compile_tree(Value tree, Value filename, const CompileOptions *options) {
    return compile(NULL, 0, tree, filename, options, NULL);
}
