// SPDX-License-Identifier: MIT
//
// vm/parse/parse.h: trees and syntax errors are those of Python 3.11. What is expected in the two
// tables was printed by python3.11: ast.dump() of the trees, the attributes of the SyntaxErrors.
#include "vm/parse/parse.h"
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Arena *arena;
static SyntaxErrorInfo error;

static void start(void) {
    arena = arena_create();
}

static void stop(void) {
    arena_destroy(arena);
}

static ParseResult parse_with(const char *source, ParseMode mode, ParseOptions options) {
    options.ignore_cookie = true;
    return parse_source(arena, source, strlen(source), mode, options, &error);
}

static ParseResult parse(const char *source) {
    return parse_with(source, PARSE_FILE, (ParseOptions){.only_tree = true});
}

static AstStmt *first_statement(const char *source) {
    AstModule *module = parse(source).module;
    ck_assert_msg(module != NULL, "%s: %s", source, error.message);
    ck_assert_uint_ge(module->body.count, 1);
    return module->body.items[0];
}

// `count` times `part`, then `last`.
static char *repeat(const char *part, int count, const char *last) {
    size_t length = strlen(part);
    char *text = malloc(length * (size_t)count + strlen(last) + 1);
    for (int i = 0; i < count; i++) {
        memcpy(text + length * (size_t)i, part, length);
    }
    strcpy(text + length * (size_t)count, last);
    return text;
}

// --- trees ---------------------------------------------------------------------------------------

static const struct {
    const char *source, *body;
} trees[] = {
    {"a = b, *c = d",
     "Assign(targets=[Name(id='a', ctx=Store()), Tuple(elts=[Name(id='b', ctx=Store("
     ")), Starred(value=Name(id='c', ctx=Store()), ctx=Store())], ctx=Store())], value=Name("
     "id='d', ctx=Load()))"},
    {"a + b * c ** -d",
     "Expr(value=BinOp(left=Name(id='a', ctx=Load()), op=Add(), right=BinOp(left=Name("
     "id='b', ctx=Load()), op=Mult(), right=BinOp(left=Name(id='c', ctx=Load()), op=Pow("
     "), right=UnaryOp(op=USub(), operand=Name(id='d', ctx=Load()))))))"},
    {"not a or b and c",
     "Expr(value=BoolOp(op=Or(), values=[UnaryOp(op=Not(), operand=Name(id='a', ctx=Load("
     "))), BoolOp(op=And(), values=[Name(id='b', ctx=Load()), Name(id='c', ctx=Load("
     "))])]))"},
    {"a < b <= c is not d not in e",
     "Expr(value=Compare(left=Name(id='a', ctx=Load()), ops=[Lt(), LtE(), IsNot(),"
     " NotIn()], comparators=[Name(id='b', ctx=Load()), Name(id='c', ctx=Load()), "
     "Name(id='d', ctx=Load()), Name(id='e', ctx=Load())]))"},
    {"x if y else lambda: z",
     "Expr(value=IfExp(test=Name(id='y', ctx=Load()), body=Name(id='x', ctx=Load()),"
     " orelse=Lambda(args=arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[],"
     " defaults=[]), body=Name(id='z', ctx=Load()))))"},
    {"lambda a, /, b=1, *c, d, e=2, **f: 0",
     "Expr(value=Lambda(args=arguments(posonlyargs=[arg(arg='a')], args=[arg(arg='b')],"
     " vararg=arg(arg='c'), kwonlyargs=[arg(arg='d'), arg(arg='e')], kw_defaults=[None,"
     " Constant(value=2)], kwarg=arg(arg='f'), defaults=[Constant(value=1)]), body=Constant("
     "value=0)))"},
    {"(a := 1)",
     "Expr(value=NamedExpr(target=Name(id='a', ctx=Store()), value=Constant(value=1)))"},
    {"f(a, *b, c=1, *d, **e)",
     "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[Name(id='a', ctx=Load()),"
     " Starred(value=Name(id='b', ctx=Load()), ctx=Load()), Starred(value=Name(id='d',"
     " ctx=Load()), ctx=Load())], keywords=[keyword(arg='c', value=Constant(value=1)),"
     " keyword(value=Name(id='e', ctx=Load()))]))"},
    {"f(x for x in y)",
     "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[GeneratorExp(elt=Name(id='x',"
     " ctx=Load()), generators=[comprehension(target=Name(id='x', ctx=Store()), iter=Name("
     "id='y', ctx=Load()), ifs=[], is_async=0)])], keywords=[]))"},
    {"[a for b in c if d if e for f, in g]",
     "Expr(value=ListComp(elt=Name(id='a', ctx=Load()), generators=[comprehension("
     "target=Name(id='b', ctx=Store()), iter=Name(id='c', ctx=Load()), ifs=[Name(id='d',"
     " ctx=Load()), Name(id='e', ctx=Load())], is_async=0), comprehension(target=Tuple("
     "elts=[Name(id='f', ctx=Store())], ctx=Store()), iter=Name(id='g', ctx=Load()),"
     " ifs=[], is_async=0)]))"},
    {"{a: b, **c}", "Expr(value=Dict(keys=[Name(id='a', ctx=Load()), None], values=[Name(id='b', "
                    "ctx=Load()), Name(id='c', ctx=Load())]))"},
    {"{a: b for c in d}",
     "Expr(value=DictComp(key=Name(id='a', ctx=Load()), value=Name(id='b', ctx=Load("
     ")), generators=[comprehension(target=Name(id='c', ctx=Store()), iter=Name(id='d',"
     " ctx=Load()), ifs=[], is_async=0)]))"},
    {"{*a, b}", "Expr(value=Set(elts=[Starred(value=Name(id='a', ctx=Load()), ctx=Load()), Name("
                "id='b', ctx=Load())]))"},
    {"{a async for a in b}",
     "Expr(value=SetComp(elt=Name(id='a', ctx=Load()), generators=[comprehension(target=Name("
     "id='a', ctx=Store()), iter=Name(id='b', ctx=Load()), ifs=[], is_async=1)]))"},
    {"a[1:2, ::3, ...]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Tuple(elts=[Slice("
     "lower=Constant(value=1), upper=Constant(value=2)), Slice(step=Constant(value=3)),"
     " Constant(value=Ellipsis)], ctx=Load()), ctx=Load()))"},
    {"a[*b]", "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Tuple(elts=[Starred("
              "value=Name(id='b', ctx=Load()), ctx=Load())], ctx=Load()), ctx=Load()))"},
    {"a[b, *c]",
     "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=Tuple(elts=[Name("
     "id='b', ctx=Load()), Starred(value=Name(id='c', ctx=Load()), ctx=Load())], ctx=Load("
     ")), ctx=Load()))"},
    {"a.b[c](d)", "Expr(value=Call(func=Subscript(value=Attribute(value=Name(id='a', ctx=Load()),"
                  " attr='b', ctx=Load()), slice=Name(id='c', ctx=Load()), ctx=Load()), args=[Name("
                  "id='d', ctx=Load())], keywords=[]))"},
    {"await_ = a", "Assign(targets=[Name(id='await_', ctx=Store())], value=Name(id='a', ctx=Load("
                   ")))"},
    {"x: int", "AnnAssign(target=Name(id='x', ctx=Store()), annotation=Name(id='int', ctx=Load("
               ")), simple=1)"},
    {"(x): int = 1",
     "AnnAssign(target=Name(id='x', ctx=Store()), annotation=Name(id='int', ctx=Load("
     ")), value=Constant(value=1), simple=0)"},
    {"x.y: int", "AnnAssign(target=Attribute(value=Name(id='x', ctx=Load()), attr='y', ctx=Store("
                 ")), annotation=Name(id='int', ctx=Load()), simple=0)"},
    {"a @= b", "AugAssign(target=Name(id='a', ctx=Store()), op=MatMult(), value=Name(id='b',"
               " ctx=Load()))"},
    {"a //= yield", "AugAssign(target=Name(id='a', ctx=Store()), op=FloorDiv(), value=Yield())"},
    {"del a, (b, [c.d])",
     "Delete(targets=[Name(id='a', ctx=Del()), Tuple(elts=[Name(id='b', ctx=Del()),"
     " List(elts=[Attribute(value=Name(id='c', ctx=Load()), attr='d', ctx=Del())],"
     " ctx=Del())], ctx=Del())])"},
    {"return *a, b", "Return(value=Tuple(elts=[Starred(value=Name(id='a', ctx=Load()), ctx=Load()),"
                     " Name(id='b', ctx=Load())], ctx=Load()))"},
    {"raise a from b", "Raise(exc=Name(id='a', ctx=Load()), cause=Name(id='b', ctx=Load()))"},
    {"assert a, b", "Assert(test=Name(id='a', ctx=Load()), msg=Name(id='b', ctx=Load()))"},
    {"import a.b as c, d", "Import(names=[alias(name='a.b', asname='c'), alias(name='d')])"},
    {"from .. import a as b", "ImportFrom(names=[alias(name='a', asname='b')], level=2)"},
    {"from ...a.b import (c, d,)",
     "ImportFrom(module='a.b', names=[alias(name='c'), alias(name='d')], level=3)"},
    {"from a import *", "ImportFrom(module='a', names=[alias(name='*')], level=0)"},
    {"global a, b", "Global(names=['a', 'b'])"},
    {"pass; break; continue", "Pass(), Break(), Continue()"},
    {"if a: b\nelif c: d\nelse: e",
     "If(test=Name(id='a', ctx=Load()), body=[Expr(value=Name(id='b', ctx=Load()))],"
     " orelse=[If(test=Name(id='c', ctx=Load()), body=[Expr(value=Name(id='d', ctx=Load("
     ")))], orelse=[Expr(value=Name(id='e', ctx=Load()))])])"},
    {"while a: b\nelse: c",
     "While(test=Name(id='a', ctx=Load()), body=[Expr(value=Name(id='b', ctx=Load("
     ")))], orelse=[Expr(value=Name(id='c', ctx=Load()))])"},
    {"for a, *b in c, d: e\nelse: f",
     "For(target=Tuple(elts=[Name(id='a', ctx=Store()), Starred(value=Name(id='b',"
     " ctx=Store()), ctx=Store())], ctx=Store()), iter=Tuple(elts=[Name(id='c', ctx=Load("
     ")), Name(id='d', ctx=Load())], ctx=Load()), body=[Expr(value=Name(id='e', ctx=Load("
     ")))], orelse=[Expr(value=Name(id='f', ctx=Load()))])"},
    {"with a as b, c: d",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()), optional_vars=Name("
     "id='b', ctx=Store())), withitem(context_expr=Name(id='c', ctx=Load()))], body=[Expr("
     "value=Name(id='d', ctx=Load()))])"},
    {"with (a as b, c): d",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()), optional_vars=Name("
     "id='b', ctx=Store())), withitem(context_expr=Name(id='c', ctx=Load()))], body=[Expr("
     "value=Name(id='d', ctx=Load()))])"},
    {"with (a, b): c",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load())), withitem(context_expr=Name("
     "id='b', ctx=Load()))], body=[Expr(value=Name(id='c', ctx=Load()))])"},
    {"with (a) as b: c",
     "With(items=[withitem(context_expr=Name(id='a', ctx=Load()), optional_vars=Name("
     "id='b', ctx=Store()))], body=[Expr(value=Name(id='c', ctx=Load()))])"},
    {"with (yield): a",
     "With(items=[withitem(context_expr=Yield())], body=[Expr(value=Name(id='a', ctx=Load("
     ")))])"},
    {"try: a\nexcept b as c: d\nexcept: e\nelse: f\nfinally: g",
     "Try(body=[Expr(value=Name(id='a', ctx=Load()))], handlers=[ExceptHandler(type=Name("
     "id='b', ctx=Load()), name='c', body=[Expr(value=Name(id='d', ctx=Load()))]),"
     " ExceptHandler(body=[Expr(value=Name(id='e', ctx=Load()))])], orelse=[Expr(value=Name("
     "id='f', ctx=Load()))], finalbody=[Expr(value=Name(id='g', ctx=Load()))])"},
    {"try: a\nexcept* b: c",
     "TryStar(body=[Expr(value=Name(id='a', ctx=Load()))], handlers=[ExceptHandler("
     "type=Name(id='b', ctx=Load()), body=[Expr(value=Name(id='c', ctx=Load()))])],"
     " orelse=[], finalbody=[])"},
    {"@a.b\n@c(1)\ndef f(a: b = c, *d: *e, f) -> g: h",
     "FunctionDef(name='f', args=arguments(posonlyargs=[], args=[arg(arg='a', annotation=Name("
     "id='b', ctx=Load()))], vararg=arg(arg='d', annotation=Starred(value=Name(id='e',"
     " ctx=Load()), ctx=Load())), kwonlyargs=[arg(arg='f')], kw_defaults=[None], defaults=[Name("
     "id='c', ctx=Load())]), body=[Expr(value=Name(id='h', ctx=Load()))], "
     "decorator_list=[Attribute("
     "value=Name(id='a', ctx=Load()), attr='b', ctx=Load()), Call(func=Name(id='c',"
     " ctx=Load()), args=[Constant(value=1)], keywords=[])], returns=Name(id='g', "
     "ctx=Load()))"},
    {"class A(b, c=d): e",
     "ClassDef(name='A', bases=[Name(id='b', ctx=Load())], keywords=[keyword(arg='c',"
     " value=Name(id='d', ctx=Load()))], body=[Expr(value=Name(id='e', ctx=Load()))],"
     " decorator_list=[])"},
    {"async def f():\n async for a in b: await c\n async with d: e",
     "AsyncFunctionDef(name='f', args=arguments(posonlyargs=[], args=[], kwonlyargs=[],"
     " kw_defaults=[], defaults=[]), body=[AsyncFor(target=Name(id='a', ctx=Store("
     ")), iter=Name(id='b', ctx=Load()), body=[Expr(value=Await(value=Name(id='c',"
     " ctx=Load())))], orelse=[]), AsyncWith(items=[withitem(context_expr=Name(id='d',"
     " ctx=Load()))], body=[Expr(value=Name(id='e', ctx=Load()))])], decorator_list=[])"},
    {"match a, b:\n case 1 | -2.5 | 1+2j: c\n case [x, *_]: d\n case (x, y) | [z]: e\n case "
     "{\"k\": v, **r} if g: f\n case A.B(c, d=E()) as h: i\n case None | True: j\n case _: k",
     "Match(subject=Tuple(elts=[Name(id='a', ctx=Load()), Name(id='b', ctx=Load())],"
     " ctx=Load()), cases=[match_case(pattern=MatchOr(patterns=[MatchValue(value=Constant("
     "value=1)), MatchValue(value=UnaryOp(op=USub(), operand=Constant(value=2.5))),"
     " MatchValue(value=BinOp(left=Constant(value=1), op=Add(), right=Constant(value=2j)))]),"
     " body=[Expr(value=Name(id='c', ctx=Load()))]), match_case(pattern=MatchSequence("
     "patterns=[MatchAs(name='x'), MatchStar()]), body=[Expr(value=Name(id='d', ctx=Load("
     ")))]), match_case(pattern=MatchOr(patterns=[MatchSequence(patterns=[MatchAs("
     "name='x'), MatchAs(name='y')]), MatchSequence(patterns=[MatchAs(name='z')])]),"
     " body=[Expr(value=Name(id='e', ctx=Load()))]), match_case(pattern=MatchMapping("
     "keys=[Constant(value='k')], patterns=[MatchAs(name='v')], rest='r'), guard=Name("
     "id='g', ctx=Load()), body=[Expr(value=Name(id='f', ctx=Load()))]), match_case("
     "pattern=MatchAs(pattern=MatchClass(cls=Attribute(value=Name(id='A', ctx=Load("
     ")), attr='B', ctx=Load()), patterns=[MatchAs(name='c')], kwd_attrs=['d'], "
     "kwd_patterns=[MatchClass("
     "cls=Name(id='E', ctx=Load()), patterns=[], kwd_attrs=[], kwd_patterns=[])]),"
     " name='h'), body=[Expr(value=Name(id='i', ctx=Load()))]), match_case(pattern=MatchOr("
     "patterns=[MatchSingleton(value=None), MatchSingleton(value=True)]), body=[Expr("
     "value=Name(id='j', ctx=Load()))]), match_case(pattern=MatchAs(), body=[Expr("
     "value=Name(id='k', ctx=Load()))])])"},
    {"match = case = _ = 1",
     "Assign(targets=[Name(id='match', ctx=Store()), Name(id='case', ctx=Store()),"
     " Name(id='_', ctx=Store())], value=Constant(value=1))"},
    {"match(a)", "Expr(value=Call(func=Name(id='match', ctx=Load()), args=[Name(id='a', ctx=Load("
                 "))], keywords=[]))"},
    {"match[a]", "Expr(value=Subscript(value=Name(id='match', ctx=Load()), slice=Name(id='a', "
                 "ctx=Load()), ctx=Load()))"},
    {"match * a, b",
     "Expr(value=Tuple(elts=[BinOp(left=Name(id='match', ctx=Load()), op=Mult(), right=Name("
     "id='a', ctx=Load())), Name(id='b', ctx=Load())], ctx=Load()))"},
    {"print(match, case)",
     "Expr(value=Call(func=Name(id='print', ctx=Load()), args=[Name(id='match', ctx=Load("
     ")), Name(id='case', ctx=Load())], keywords=[]))"},
    {"'a' 'b' \"c\"", "Expr(value=Constant(value='abc'))"},
    {"u\"a\" \"b\"", "Expr(value=Constant(value='ab', kind='u'))"},
    {"\"\\x41\\u00e9\\101\\n\\q\"", "Expr(value=Constant(value='A\xC3\xA9"
                                    "A\\n\\\\q'))"},
    {"r\"\\x41\"", "Expr(value=Constant(value='\\\\x41'))"},
    {"b\"\\xff\\0\" b\"a\"", "Expr(value=Constant(value=b'\\xff\\x00a'))"},
    {"1, 0x1F, 0o17, 0b11, 1_000, 123456789012345678901234567890, 1.5e300, 1e400, 2j",
     "Expr(value=Tuple(elts=[Constant(value=1), Constant(value=31), Constant(value=15),"
     " Constant(value=3), Constant(value=1000), Constant(value=123456789012345678901234567890),"
     " Constant(value=1.5e+300), Constant(value=inf), Constant(value=2j)], ctx=Load("
     ")))"},
    {"f\"a{b}c{d!r:>{e}}{f=}{{}}\"",
     "Expr(value=JoinedStr(values=[Constant(value='a'), FormattedValue(value=Name("
     "id='b', ctx=Load()), conversion=-1), Constant(value='c'), FormattedValue(value=Name("
     "id='d', ctx=Load()), conversion=114, format_spec=JoinedStr(values=[Constant("
     "value='>'), FormattedValue(value=Name(id='e', ctx=Load()), conversion=-1)])),"
     " Constant(value='f='), FormattedValue(value=Name(id='f', ctx=Load()), conversion=114),"
     " Constant(value='{}')]))"},
    {"f\"{a=!s:x}\" \"b\" f\"{c}\"",
     "Expr(value=JoinedStr(values=[Constant(value='a='), FormattedValue(value=Name("
     "id='a', ctx=Load()), conversion=115, format_spec=JoinedStr(values=[Constant("
     "value='x')])), Constant(value='b'), FormattedValue(value=Name(id='c', ctx=Load("
     ")), conversion=-1)]))"},
    {"f'''{\na}'''", "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), "
                     "conversion=-1)]))"},
    {"f\"{x:{y}{z}}\"",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='x', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[FormattedValue(value=Name(id='y',"
     " ctx=Load()), conversion=-1), FormattedValue(value=Name(id='z', ctx=Load()),"
     " conversion=-1)]))]))"},
    {"f\"{lambda_}\" r\"\\d\"",
     "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='lambda_', ctx=Load("
     ")), conversion=-1), Constant(value='\\\\d')]))"},
    {"(yield)", "Expr(value=Yield())"},
    {"x = yield from y",
     "Assign(targets=[Name(id='x', ctx=Store())], value=YieldFrom(value=Name(id='y',"
     " ctx=Load())))"},
    {"a = b = c",
     "Assign(targets=[Name(id='a', ctx=Store()), Name(id='b', ctx=Store())], value=Name("
     "id='c', ctx=Load()))"},
    {"()", "Expr(value=Tuple(elts=[], ctx=Load()))"},
    {"(a,)", "Expr(value=Tuple(elts=[Name(id='a', ctx=Load())], ctx=Load()))"},
    {"[]", "Expr(value=List(elts=[], ctx=Load()))"},
    {"{}", "Expr(value=Dict(keys=[], values=[]))"},
    {"a if b else c if d else e",
     "Expr(value=IfExp(test=Name(id='b', ctx=Load()), body=Name(id='a', ctx=Load()),"
     " orelse=IfExp(test=Name(id='d', ctx=Load()), body=Name(id='c', ctx=Load()), "
     "orelse=Name(id='e', ctx=Load()))))"},
    {"-1 ** 2", "Expr(value=UnaryOp(op=USub(), operand=BinOp(left=Constant(value=1), op=Pow(),"
                " right=Constant(value=2))))"},
    {"a or b or c and d",
     "Expr(value=BoolOp(op=Or(), values=[Name(id='a', ctx=Load()), Name(id='b', ctx=Load("
     ")), BoolOp(op=And(), values=[Name(id='c', ctx=Load()), Name(id='d', ctx=Load("
     "))])]))"},
    {"*a, = b", "Assign(targets=[Tuple(elts=[Starred(value=Name(id='a', ctx=Store()), ctx=Store("
                "))], ctx=Store())], value=Name(id='b', ctx=Load()))"},
    {"for x in *a, b: c",
     "For(target=Name(id='x', ctx=Store()), iter=Tuple(elts=[Starred(value=Name(id='a',"
     " ctx=Load()), ctx=Load()), Name(id='b', ctx=Load())], ctx=Load()), body=[Expr("
     "value=Name(id='c', ctx=Load()))], orelse=[])"},
    {"a[b:=1]", "Expr(value=Subscript(value=Name(id='a', ctx=Load()), slice=NamedExpr(target=Name("
                "id='b', ctx=Store()), value=Constant(value=1)), ctx=Load()))"},
    {"def f(a, b=1, /, c=2, *, d, e=3, **g): pass",
     "FunctionDef(name='f', args=arguments(posonlyargs=[arg(arg='a'), arg(arg='b')],"
     " args=[arg(arg='c')], kwonlyargs=[arg(arg='d'), arg(arg='e')], kw_defaults=[None,"
     " Constant(value=3)], kwarg=arg(arg='g'), defaults=[Constant(value=1), Constant("
     "value=2)]), body=[Pass()], decorator_list=[])"},
    {"\"\\ud800\"", "Expr(value=Constant(value='\\ud800'))"},
    {"x = \"\"\"a\nb\"\"\"",
     "Assign(targets=[Name(id='x', ctx=Store())], value=Constant(value='a\\nb'))"},
    {"\xC3\xA9 = \"\xC3\xA9\"",
     "Assign(targets=[Name(id='\xC3\xA9', ctx=Store())], value=Constant(value='\xC3\xA9'))"},
    {"\xEF\xAC\x81 = 1", "Assign(targets=[Name(id='fi', ctx=Store())], value=Constant(value=1))"},
    {"a if (b := c) else d",
     "Expr(value=IfExp(test=NamedExpr(target=Name(id='b', ctx=Store()), value=Name("
     "id='c', ctx=Load())), body=Name(id='a', ctx=Load()), orelse=Name(id='d', ctx=Load("
     "))))"},
};

// The dump on one line, without what all modules have in common.
static char *flat_dump(const AstModule *module) {
    static const char head[] = "Module(body=[", tail[] = "], type_ignores=[])";
    char *dump = ast_dump(module, false, NULL), *out = dump;
    for (const char *p = dump; *p != 0; p++) {
        if (*p != '\n') {
            *out++ = *p;
            continue;
        }
        p += strspn(p + 1, " ");
        if (out > dump && out[-1] == ',') {
            *out++ = ' ';
        }
    }
    *out = 0;
    size_t length = strlen(dump) - strlen(tail) - strlen(head);
    char *body = strndup(dump + strlen(head), length);
    free(dump);
    return body;
}

START_TEST(tree) {
    ParseResult result = parse(trees[_i].source);
    ck_assert_msg(result.module != NULL, "%s: %s", trees[_i].source, error.message);
    char *body = flat_dump(result.module);
    ck_assert_str_eq(body, trees[_i].body);
    free(body);
}
END_TEST

// --- errors --------------------------------------------------------------------------------------

static const struct {
    const char *source;
    ParseErrorKind kind;
    const char *message;
    int line, column, end_line, end_column;
} errors[] = {
    {"for x in y z:\n pass", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 12, 1, 13},
    {"for x in y\n pass", PARSE_SYNTAX_ERROR, "expected ':'", 1, 11, 1, 11},
    {"class A z:\n pass", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 9, 1, 10},
    {"class A(b) z:\n pass", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 12, 1, 13},
    {"def f\n", PARSE_SYNTAX_ERROR, "expected '('", 1, 6, 1, 6},
    {"while x z:\n pass", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 9, 1, 10},
    {"with a z:\n pass", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 8, 1, 9},
    {"lambda x z: 1", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 10, 1, 11},
    {"lambda x\n", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 9, 1, 9},
    {"lambda: ", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 9, 1, 9},
    {"match x z:\n case 1: pass", PARSE_SYNTAX_ERROR, "invalid syntax", 1, 9, 1, 10},
    {"match x:\n case 1 z: pass", PARSE_SYNTAX_ERROR, "invalid syntax", 2, 9, 2, 10},
    {"for f() in y: pass", PARSE_SYNTAX_ERROR, "cannot assign to function call", 1, 5, 1, 8},
    {"for 1 in y: pass", PARSE_SYNTAX_ERROR, "cannot assign to literal", 1, 5, 1, 6},
    {"del f()", PARSE_SYNTAX_ERROR, "cannot delete function call", 1, 5, 1, 8},
    {"del *a", PARSE_SYNTAX_ERROR, "cannot delete starred", 1, 5, 1, 7},
    {"del a+b", PARSE_SYNTAX_ERROR, "cannot delete expression", 1, 5, 1, 8},
    {"del (a,1)", PARSE_SYNTAX_ERROR, "cannot delete literal", 1, 8, 1, 9},
    {"a, f() = 1", PARSE_SYNTAX_ERROR,
     "cannot assign to function call here. Maybe you meant '==' instead of '='?", 1, 4, 1, 7},
    {"(a, b): int", PARSE_SYNTAX_ERROR, "only single target (not tuple) can be annotated", 1, 1, 1,
     7},
    {"[a,b]: int", PARSE_SYNTAX_ERROR, "only single target (not list) can be annotated", 1, 1, 1,
     6},
    {"a, b: int", PARSE_SYNTAX_ERROR, "only single target (not tuple) can be annotated", 1, 1, 1,
     2},
    {"f(): int", PARSE_SYNTAX_ERROR, "illegal target for annotation", 1, 1, 1, 4},
    {"f() += 1", PARSE_SYNTAX_ERROR,
     "'function call' is an illegal expression for augmented assignment", 1, 1, 1, 4},
    {"a, b += 1", PARSE_SYNTAX_ERROR, "'tuple' is an illegal expression for augmented assignment",
     1, 1, 1, 5},
    {"x = yield = 1", PARSE_SYNTAX_ERROR, "assignment to yield expression not possible", 1, 5, 1,
     10},
    {"yield = 1", PARSE_SYNTAX_ERROR, "assignment to yield expression not possible", 1, 1, 1, 6},
    {"f(a=1, 2)", PARSE_SYNTAX_ERROR, "positional argument follows keyword argument", 1, 9, 1, 10},
    {"f(**k, *a)", PARSE_SYNTAX_ERROR,
     "iterable argument unpacking follows keyword argument unpacking", 1, 3, 1, 6},
    {"f(**k, 1)", PARSE_SYNTAX_ERROR, "positional argument follows keyword argument unpacking", 1,
     9, 1, 10},
    {"f(x for x in y, 1)", PARSE_SYNTAX_ERROR, "Generator expression must be parenthesized", 1, 3,
     1, 15},
    {"f(1, x for x in y)", PARSE_SYNTAX_ERROR, "Generator expression must be parenthesized", 1, 6,
     1, 18},
    {"f(a=b for b in c)", PARSE_SYNTAX_ERROR,
     "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", 1, 3, 1, 5},
    {"f(True=1)", PARSE_SYNTAX_ERROR, "cannot assign to True", 1, 3, 1, 8},
    {"f(a+1=2)", PARSE_SYNTAX_ERROR,
     "expression cannot contain assignment, perhaps you meant \"==\"?", 1, 3, 1, 7},
    {"f(a.b=1)", PARSE_SYNTAX_ERROR,
     "expression cannot contain assignment, perhaps you meant \"==\"?", 1, 3, 1, 7},
    {"f(a, b c)", PARSE_SYNTAX_ERROR, "invalid syntax. Perhaps you forgot a comma?", 1, 6, 1, 9},
    {"[a b]", PARSE_SYNTAX_ERROR, "invalid syntax. Perhaps you forgot a comma?", 1, 2, 1, 5},
    {"{a: }", PARSE_SYNTAX_ERROR, "expression expected after dictionary key and ':'", 1, 3, 1, 4},
    {"{a:*b}", PARSE_SYNTAX_ERROR, "cannot use a starred expression in a dictionary value", 1, 4, 1,
     6},
    {"{1:2, 3}", PARSE_SYNTAX_ERROR, "':' expected after dictionary key", 1, 7, 1, 0},
    {"{**a for a in b}", PARSE_SYNTAX_ERROR, "dict unpacking cannot be used in dict comprehension",
     1, 2, 1, 4},
    {"[*a for a in b]", PARSE_SYNTAX_ERROR, "iterable unpacking cannot be used in comprehension", 1,
     2, 1, 4},
    {"(*a for a in b)", PARSE_SYNTAX_ERROR, "iterable unpacking cannot be used in comprehension", 1,
     2, 1, 4},
    {"[a, b for a in b]", PARSE_SYNTAX_ERROR,
     "did you forget parentheses around the comprehension target?", 1, 2, 1, 6},
    {"[a, for a in b]", PARSE_SYNTAX_ERROR,
     "did you forget parentheses around the comprehension target?", 1, 2, 1, 4},
    {"(*a)", PARSE_SYNTAX_ERROR, "cannot use starred expression here", 1, 2, 1, 4},
    {"(**a)", PARSE_SYNTAX_ERROR, "cannot use double starred expression here", 1, 2, 1, 4},
    {"print a", PARSE_SYNTAX_ERROR,
     "Missing parentheses in call to 'print'. Did you mean print(...)?", 1, 1, 1, 8},
    {"print \"hello\"", PARSE_SYNTAX_ERROR,
     "Missing parentheses in call to 'print'. Did you mean print(...)?", 1, 1, 1, 14},
    {"exec \"x\"", PARSE_SYNTAX_ERROR,
     "Missing parentheses in call to 'exec'. Did you mean exec(...)?", 1, 1, 1, 9},
    {"a if b", PARSE_SYNTAX_ERROR, "expected 'else' after 'if' expression", 1, 1, 1, 7},
    {"if x = 1: pass", PARSE_SYNTAX_ERROR,
     "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", 1, 4, 1, 9},
    {"if x.y = 1: pass", PARSE_SYNTAX_ERROR,
     "cannot assign to attribute here. Maybe you meant '==' instead of '='?", 1, 4, 1, 7},
    {"(a + 1 = 2)", PARSE_SYNTAX_ERROR,
     "cannot assign to expression here. Maybe you meant '==' instead of '='?", 1, 2, 1, 7},
    {"1 = x", PARSE_SYNTAX_ERROR,
     "cannot assign to literal here. Maybe you meant '==' instead of '='?", 1, 1, 1, 2},
    {"None = 1", PARSE_SYNTAX_ERROR, "cannot assign to None", 1, 1, 1, 5},
    {"f\"{a}\" = 1", PARSE_SYNTAX_ERROR,
     "cannot assign to f-string expression here. Maybe you meant '==' instead of '='?", 1, 1, 1, 7},
    {"... = 1", PARSE_SYNTAX_ERROR,
     "cannot assign to ellipsis here. Maybe you meant '==' instead of '='?", 1, 1, 1, 4},
    {"a < b = 1", PARSE_SYNTAX_ERROR, "cannot assign to comparison", 1, 1, 1, 6},
    {"(a if b else c) = 1", PARSE_SYNTAX_ERROR,
     "cannot assign to conditional expression here. Maybe you meant '==' instead of '='?", 1, 2, 1,
     15},
    {"[a for a in b] = 1", PARSE_SYNTAX_ERROR,
     "cannot assign to list comprehension here. Maybe you meant '==' instead of '='?", 1, 1, 1, 15},
    {"{a for a in b} = 1", PARSE_SYNTAX_ERROR,
     "cannot assign to set comprehension here. Maybe you meant '==' instead of '='?", 1, 1, 1, 15},
    {"(a.b := 1)", PARSE_SYNTAX_ERROR, "cannot use assignment expressions with attribute", 1, 2, 1,
     5},
    {"(f() := 1)", PARSE_SYNTAX_ERROR, "cannot use assignment expressions with function call", 1, 2,
     1, 5},
    {"(1 := 2)", PARSE_SYNTAX_ERROR, "cannot use assignment expressions with literal", 1, 2, 1, 3},
    {"from a import b,", PARSE_SYNTAX_ERROR,
     "trailing comma not allowed without surrounding parentheses", 1, 17, 1, 17},
    {"from a import (b", PARSE_SYNTAX_ERROR, "'(' was never closed", 1, 15, 1, 0},
    {"def f(a=1, b): pass", PARSE_SYNTAX_ERROR, "non-default argument follows default argument", 1,
     12, 1, 13},
    {"def f(*): pass", PARSE_SYNTAX_ERROR, "named arguments must follow bare *", 1, 7, 1, 8},
    {"def f(*, **k): pass", PARSE_SYNTAX_ERROR, "named arguments must follow bare *", 1, 7, 1, 8},
    {"def f(**k, a): pass", PARSE_SYNTAX_ERROR, "arguments cannot follow var-keyword argument", 1,
     12, 1, 13},
    {"def f(**k, *a): pass", PARSE_SYNTAX_ERROR, "arguments cannot follow var-keyword argument", 1,
     12, 1, 13},
    {"def f(*a, *b): pass", PARSE_SYNTAX_ERROR, "* argument may appear only once", 1, 11, 1, 12},
    {"def f(/, a): pass", PARSE_SYNTAX_ERROR, "at least one argument must precede /", 1, 7, 1, 8},
    {"def f(a, /, b, /): pass", PARSE_SYNTAX_ERROR, "/ may appear only once", 1, 16, 1, 17},
    {"def f(*a, /): pass", PARSE_SYNTAX_ERROR, "/ must be ahead of *", 1, 11, 1, 12},
    {"def f(a, / *, b): pass", PARSE_SYNTAX_ERROR, "expected comma between / and *", 1, 12, 1, 13},
    {"def f((a, b)): pass", PARSE_SYNTAX_ERROR, "Function parameters cannot be parenthesized", 1, 7,
     1, 13},
    {"def f(a=): pass", PARSE_SYNTAX_ERROR, "expected default value expression", 1, 8, 1, 9},
    {"def f(*a=1): pass", PARSE_SYNTAX_ERROR, "var-positional argument cannot have default value",
     1, 9, 1, 10},
    {"def f(**k=1): pass", PARSE_SYNTAX_ERROR, "var-keyword argument cannot have default value", 1,
     10, 1, 11},
    {"lambda (a, b): 1", PARSE_SYNTAX_ERROR, "Lambda expression parameters cannot be parenthesized",
     1, 8, 1, 14},
    {"lambda a=1, b: 1", PARSE_SYNTAX_ERROR, "non-default argument follows default argument", 1, 13,
     1, 14},
    {"try:\n pass\nx", PARSE_SYNTAX_ERROR, "expected 'except' or 'finally' block", 3, 1, 3, 2},
    {"try:\n pass\nexcept a, b:\n pass", PARSE_SYNTAX_ERROR,
     "multiple exception types must be parenthesized", 3, 8, 3, 12},
    {"try:\n pass\nexcept a, b as c:\n pass", PARSE_SYNTAX_ERROR,
     "multiple exception types must be parenthesized", 3, 8, 3, 17},
    {"try:\n pass\nexcept* :\n pass", PARSE_SYNTAX_ERROR, "expected one or more exception types", 3,
     9, 3, 10},
    {"try:\n pass\nexcept*\n", PARSE_SYNTAX_ERROR, "expected one or more exception types", 3, 8, 3,
     8},
    {"try:\n x\nexcept a:\n x\nexcept* b:\n x\n", PARSE_SYNTAX_ERROR,
     "cannot have both 'except' and 'except*' on the same 'try'", 5, 1, 5, 8},
    {"if x:\n  if y:\n     a\n   b\n", PARSE_INDENTATION_ERROR,
     "unindent does not match any outer indentation level", 4, 5, 4, -1},
    {"  x", PARSE_INDENTATION_ERROR, "unexpected indent", 1, 2, 1, -1},
    {"x\n  y\n", PARSE_INDENTATION_ERROR, "unexpected indent", 2, 2, 2, -1},
    {"if x:\n\ty\n        z\n", PARSE_TAB_ERROR,
     "inconsistent use of tabs and spaces in indentation", 3, 1, 3, 0},
    {"if x:\ny\n", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'if' statement on line 1", 2, 1, 2, 2},
    {"x = (1,\n", PARSE_SYNTAX_ERROR, "'(' was never closed", 1, 5, 1, 0},
    {"x = \\", PARSE_SYNTAX_ERROR, "unexpected EOF while parsing", 1, 6, 1, -1},
    {"x = \\\n", PARSE_SYNTAX_ERROR, "unexpected EOF while parsing", 1, 6, 1, -1},
    {"x = \\ y\n", PARSE_SYNTAX_ERROR, "unexpected character after line continuation character", 1,
     6, 1, 0},
    {"x = 1 \\y", PARSE_SYNTAX_ERROR, "unexpected character after line continuation character", 1,
     8, 1, 0},
    {"\"abc\nx", PARSE_SYNTAX_ERROR, "unterminated string literal (detected at line 1)", 1, 1, 1,
     1},
    {"\"\"\"abc\nx", PARSE_SYNTAX_ERROR,
     "unterminated triple-quoted string literal (detected at line 2)", 1, 1, 1, 1},
    {"f'abc\n", PARSE_SYNTAX_ERROR, "unterminated string literal (detected at line 1)", 1, 1, 1, 1},
    {"x)", PARSE_SYNTAX_ERROR, "unmatched ')'", 1, 2, 1, 2},
    {"(]", PARSE_SYNTAX_ERROR, "closing parenthesis ']' does not match opening parenthesis '('", 1,
     2, 1, 2},
    {"(\n]", PARSE_SYNTAX_ERROR,
     "closing parenthesis ']' does not match opening parenthesis '(' on line 1", 2, 1, 2, 1},
    {"\xC3\xA9 = \xE2\x80\x9C"
     "a\xE2\x80\x9D",
     PARSE_SYNTAX_ERROR, "invalid character '\xE2\x80\x9C' (U+201C)", 1, 5, 1, 5},
    {"a\xC2\xA0"
     "b",
     PARSE_SYNTAX_ERROR, "invalid non-printable character U+00A0", 1, 2, 1, 2},
    {"a\x01", PARSE_SYNTAX_ERROR, "invalid non-printable character U+0001", 1, 2, 1, 2},
    {"1_", PARSE_SYNTAX_ERROR, "invalid decimal literal", 1, 2, 1, 2},
    {"0x", PARSE_SYNTAX_ERROR, "invalid hexadecimal literal", 1, 2, 1, 2},
    {"0b2", PARSE_SYNTAX_ERROR, "invalid digit '2' in binary literal", 1, 3, 1, 3},
    {"0o8", PARSE_SYNTAX_ERROR, "invalid digit '8' in octal literal", 1, 3, 1, 3},
    {"1__0", PARSE_SYNTAX_ERROR, "invalid decimal literal", 1, 2, 1, 2},
    {"012", PARSE_SYNTAX_ERROR,
     "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
     "integers",
     1, 1, 1, 2},
    {"0b1a", PARSE_SYNTAX_ERROR, "invalid binary literal", 1, 3, 1, 3},
    {"0_7", PARSE_SYNTAX_ERROR,
     "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
     "integers",
     1, 1, 1, 3},
    {"0xg", PARSE_SYNTAX_ERROR, "invalid hexadecimal literal", 1, 2, 1, 2},
    {"1jf", PARSE_SYNTAX_ERROR, "invalid imaginary literal", 1, 2, 1, 2},
    {"0o", PARSE_SYNTAX_ERROR, "invalid octal literal", 1, 2, 1, 2},
    {"0b", PARSE_SYNTAX_ERROR, "invalid binary literal", 1, 2, 1, 2},
    {"0b12", PARSE_SYNTAX_ERROR, "invalid digit '2' in binary literal", 1, 4, 1, 4},
    {"0o18", PARSE_SYNTAX_ERROR, "invalid digit '8' in octal literal", 1, 4, 1, 4},
    {"\"\\x1\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX "
     "escape",
     1, 6, 1, 6},
    {"b\"\\x1\"", PARSE_SYNTAX_ERROR, "(value error) invalid \\x escape at position 0", 1, 7, 1, 7},
    {"\"\\u12\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-3: truncated \\uXXXX "
     "escape",
     1, 7, 1, 7},
    {"\"\\U00110000\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode "
     "character",
     1, 13, 1, 13},
    {"\"\\N{\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: malformed \\N "
     "character escape",
     1, 6, 1, 6},
    {"\"abc\" \"\xC3\xA9\\x\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 10-11: truncated \\xXX "
     "escape",
     1, 12, 1, 12},
    {"b\"\xC3\xA9\"", PARSE_SYNTAX_ERROR, "bytes can only contain ASCII literal characters", 1, 5,
     1, 5},
    {"b\"a\" \"b\"", PARSE_SYNTAX_ERROR, "cannot mix bytes and nonbytes literals", 1, 9, 1, 9},
    {"f\"{a b}\"", PARSE_SYNTAX_ERROR, "f-string: invalid syntax. Perhaps you forgot a comma?", 1,
     2, 1, 5},
    {"f\"{a\"", PARSE_SYNTAX_ERROR, "f-string: expecting '}'", 1, 6, 1, 6},
    {"f\"a}\"", PARSE_SYNTAX_ERROR, "f-string: single '}' is not allowed", 1, 6, 1, 6},
    {"f\"{}\"", PARSE_SYNTAX_ERROR, "f-string: empty expression not allowed", 1, 6, 1, 6},
    {"f\"{a!x}\"", PARSE_SYNTAX_ERROR,
     "f-string: invalid conversion character: expected 's', 'r', or 'a'", 1, 9, 1, 9},
    {"f\"{a\\n}\"", PARSE_SYNTAX_ERROR, "f-string expression part cannot include a backslash", 1, 9,
     1, 9},
    {"f\"{#}\"", PARSE_SYNTAX_ERROR, "f-string expression part cannot include '#'", 1, 7, 1, 7},
    {"f\"{a[}\"", PARSE_SYNTAX_ERROR,
     "f-string: closing parenthesis '}' does not match opening parenthesis '['", 1, 8, 1, 8},
    {"f\"{a:{b:{c}}}\"", PARSE_SYNTAX_ERROR, "f-string: expressions nested too deeply", 1, 15, 1,
     15},
    {"f\"{lambda x:1}\"", PARSE_SYNTAX_ERROR, "f-string: invalid syntax", 1, 10, 1, 11},
    {"f\"{a!}\"", PARSE_SYNTAX_ERROR,
     "f-string: invalid conversion character: expected 's', 'r', or 'a'", 1, 8, 1, 8},
    {"f\"{a=!r:\"", PARSE_SYNTAX_ERROR, "f-string: expecting '}'", 1, 10, 1, 10},
    {"if x:\n pass\nelif y:\npass", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'elif' statement on line 3", 4, 1, 4, 5},
    {"if x:\n a\nelse:\nb", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'else' statement on line 3", 4, 1, 4, 2},
    {"while x:\ny", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'while' statement on line 1", 2, 1, 2, 2},
    {"for a in b:\nc", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'for' statement on line 1", 2, 1, 2, 2},
    {"async def f():\nx", PARSE_INDENTATION_ERROR,
     "expected an indented block after function definition on line 1", 2, 1, 2, 2},
    {"class A:\nx", PARSE_INDENTATION_ERROR,
     "expected an indented block after class definition on line 1", 2, 1, 2, 2},
    {"with a:\nb", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'with' statement on line 1", 2, 1, 2, 2},
    {"try:\nx", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'try' statement on line 1", 2, 1, 2, 2},
    {"try:\n x\nexcept:\ny", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'except' statement on line 3", 4, 1, 4, 2},
    {"try:\n x\nexcept* a:\ny", PARSE_INDENTATION_ERROR,
     "expected an indented block after 'except*' statement on line 3", 4, 1, 4, 2},
    {"x]", PARSE_SYNTAX_ERROR, "unmatched ']'", 1, 2, 1, 2},
    {"{a:}", PARSE_SYNTAX_ERROR, "expression expected after dictionary key and ':'", 1, 3, 1, 4},
    {"{a:1, b}", PARSE_SYNTAX_ERROR, "':' expected after dictionary key", 1, 7, 1, 0},
    {"{a: *b, c: d}", PARSE_SYNTAX_ERROR, "cannot use a starred expression in a dictionary value",
     1, 5, 1, 7},
    {"from a import b, c,", PARSE_SYNTAX_ERROR,
     "trailing comma not allowed without surrounding parentheses", 1, 20, 1, 20},
    {"def f(a: int = ): pass", PARSE_SYNTAX_ERROR, "expected default value expression", 1, 14, 1,
     15},
    {"def f(*, a, *, b): pass", PARSE_SYNTAX_ERROR, "* argument may appear only once", 1, 13, 1,
     14},
    {"def f(a, (b, c)): pass", PARSE_SYNTAX_ERROR, "Function parameters cannot be parenthesized", 1,
     10, 1, 16},
    {"def f(*a=1, b): pass", PARSE_SYNTAX_ERROR,
     "var-positional argument cannot have default value", 1, 9, 1, 10},
    {"def f(a, **b=1): pass", PARSE_SYNTAX_ERROR, "var-keyword argument cannot have default value",
     1, 13, 1, 14},
    {"def f(a, /, /): pass", PARSE_SYNTAX_ERROR, "/ may appear only once", 1, 13, 1, 14},
    {"def f(a, *b, /): pass", PARSE_SYNTAX_ERROR, "/ must be ahead of *", 1, 14, 1, 15},
    {"class A(a=1, b): pass", PARSE_SYNTAX_ERROR, "positional argument follows keyword argument", 1,
     15, 1, 16},
    {"class A(**k, *b): pass", PARSE_SYNTAX_ERROR,
     "iterable argument unpacking follows keyword argument unpacking", 1, 9, 1, 12},
    {"lambda /, a: 1", PARSE_SYNTAX_ERROR, "at least one argument must precede /", 1, 8, 1, 9},
    {"lambda a, / *, b: 1", PARSE_SYNTAX_ERROR, "expected comma between / and *", 1, 13, 1, 14},
    {"lambda (a): 1", PARSE_SYNTAX_ERROR, "Lambda expression parameters cannot be parenthesized", 1,
     8, 1, 11},
    {"f(a=1, **b, c)", PARSE_SYNTAX_ERROR, "positional argument follows keyword argument unpacking",
     1, 14, 1, 15},
    {"exec a in b", PARSE_SYNTAX_ERROR,
     "Missing parentheses in call to 'exec'. Did you mean exec(...)?", 1, 1, 1, 12},
    {"match x:\n case 1 | 2 as _: pass", PARSE_SYNTAX_ERROR, "cannot use '_' as a target", 2, 16, 2,
     17},
    {"match x:\n case a as 1: pass", PARSE_SYNTAX_ERROR, "invalid pattern target", 2, 12, 2, 13},
    {"match x:\n case A(b=1, c): pass", PARSE_SYNTAX_ERROR,
     "positional patterns follow keyword patterns", 2, 14, 2, 15},
    {"match x:\n case A(a, b=1, c, d=2): pass", PARSE_SYNTAX_ERROR,
     "positional patterns follow keyword patterns", 2, 17, 2, 18},
    {"match x:\n case 1 + 2: pass", PARSE_SYNTAX_ERROR,
     "imaginary number required in complex literal", 2, 11, 2, 12},
    {"match x:\n case 1j + 2: pass", PARSE_SYNTAX_ERROR, "real number required in complex literal",
     2, 7, 2, 9},
    {"if x:\n    y\n  z\n", PARSE_INDENTATION_ERROR,
     "unindent does not match any outer indentation level", 3, 4, 3, -1},
    {"def f():\n\tx\n        y\n", PARSE_TAB_ERROR,
     "inconsistent use of tabs and spaces in indentation", 3, 1, 3, 0},
    {"x = \"\"\"a", PARSE_SYNTAX_ERROR,
     "unterminated triple-quoted string literal (detected at line 1)", 1, 5, 1, 5},
    {"1jj", PARSE_SYNTAX_ERROR, "invalid imaginary literal", 1, 2, 1, 2},
    {"0or x", PARSE_SYNTAX_ERROR, "invalid octal literal", 1, 2, 1, 2},
    {"\x01", PARSE_SYNTAX_ERROR, "invalid non-printable character U+0001", 1, 1, 1, 1},
    {"a\x7F"
     "b",
     PARSE_SYNTAX_ERROR, "invalid non-printable character U+007F", 1, 2, 1, 2},
    {"\xE2\x80\x8B", PARSE_SYNTAX_ERROR, "invalid non-printable character U+200B", 1, 1, 1, 1},
    {"a\xE2\x80\x8B", PARSE_SYNTAX_ERROR, "invalid non-printable character U+200B", 1, 2, 1, 2},
    {"\xC2\xA0", PARSE_SYNTAX_ERROR, "invalid non-printable character U+00A0", 1, 1, 1, 1},
    {"\xE2\x82\xAC", PARSE_SYNTAX_ERROR, "invalid character '\xE2\x82\xAC' (U+20AC)", 1, 1, 1, 1},
    {"a\xE2\x82\xAC", PARSE_SYNTAX_ERROR, "invalid character '\xE2\x82\xAC' (U+20AC)", 1, 2, 1, 2},
    {"\xE2\x80\x9Chi\xE2\x80\x9D", PARSE_SYNTAX_ERROR, "invalid character '\xE2\x80\x9C' (U+201C)",
     1, 1, 1, 1},
    {"x = \xE2\x80\x98"
     "a\xE2\x80\x99",
     PARSE_SYNTAX_ERROR, "invalid character '\xE2\x80\x98' (U+2018)", 1, 5, 1, 5},
    {"a \xE2\x80\x93 b", PARSE_SYNTAX_ERROR, "invalid character '\xE2\x80\x93' (U+2013)", 1, 3, 1,
     3},
    {"x \xC3\x97 y", PARSE_SYNTAX_ERROR, "invalid character '\xC3\x97' (U+00D7)", 1, 3, 1, 3},
    {"\xEF\xBC\x91", PARSE_SYNTAX_ERROR, "invalid character '\xEF\xBC\x91' (U+FF11)", 1, 1, 1, 1},
    {"\xEF\xBB\xBFx y", PARSE_SYNTAX_ERROR, "invalid non-printable character U+FEFF", 1, 1, 1, 1},
    {"x\xEF\xBB\xBF", PARSE_SYNTAX_ERROR, "invalid non-printable character U+FEFF", 1, 2, 1, 2},
    {"(}", PARSE_SYNTAX_ERROR, "closing parenthesis '}' does not match opening parenthesis '('", 1,
     2, 1, 2},
    {"x = (\n]", PARSE_SYNTAX_ERROR,
     "closing parenthesis ']' does not match opening parenthesis '(' on line 1", 2, 1, 2, 1},
    {"f\"}\"", PARSE_SYNTAX_ERROR, "f-string: single '}' is not allowed", 1, 5, 1, 5},
    {"f\"{ }\"", PARSE_SYNTAX_ERROR, "f-string: empty expression not allowed", 1, 7, 1, 7},
    {"f\"{!r}\"", PARSE_SYNTAX_ERROR, "f-string: expression required before '!'", 1, 8, 1, 8},
    {"f\"{:x}\"", PARSE_SYNTAX_ERROR, "f-string: expression required before ':'", 1, 8, 1, 8},
    {"f\"{a b c}\"", PARSE_SYNTAX_ERROR, "f-string: invalid syntax. Perhaps you forgot a comma?", 1,
     2, 1, 5},
    {"f\"{a.}\"", PARSE_SYNTAX_ERROR, "f-string: invalid syntax", 1, 4, 1, 5},
    {"f\"{a(}\"", PARSE_SYNTAX_ERROR,
     "f-string: closing parenthesis '}' does not match opening parenthesis '('", 1, 8, 1, 8},
    {"f\"{a)}\"", PARSE_SYNTAX_ERROR, "f-string: unmatched ')'", 1, 8, 1, 8},
    {"f\"{a]}\"", PARSE_SYNTAX_ERROR, "f-string: unmatched ']'", 1, 8, 1, 8},
    {"f\"{'a}\"", PARSE_SYNTAX_ERROR, "f-string: unterminated string", 1, 8, 1, 8},
    {"f\"{a#}\"", PARSE_SYNTAX_ERROR, "f-string expression part cannot include '#'", 1, 8, 1, 8},
    {"f\"{*a}\"", PARSE_SYNTAX_ERROR, "f-string: cannot use starred expression here", 1, 2, 1, 4},
    {"f\"{**a}\"", PARSE_SYNTAX_ERROR, "f-string: cannot use double starred expression here", 1, 2,
     1, 4},
    {"f\"{a if b}\"", PARSE_SYNTAX_ERROR, "f-string: expected 'else' after 'if' expression", 1, 2,
     1, 8},
    {"f\"{f'{a}}'}\"", PARSE_SYNTAX_ERROR, "f-string: f-string: single '}' is not allowed", 1, 9, 1,
     10},
    {"f\"{print a}\"", PARSE_SYNTAX_ERROR,
     "f-string: Missing parentheses in call to 'print'. Did you mean print(...)?", 1, 2, 1, 9},
    {"f\"{f(a=1, 2)}\"", PARSE_SYNTAX_ERROR,
     "f-string: positional argument follows keyword argument", 1, 10, 1, 11},
    {"f\"{'''a''}\"", PARSE_SYNTAX_ERROR, "f-string: unterminated string", 1, 12, 1, 12},
    {"rf\"{a\\b}\"", PARSE_SYNTAX_ERROR, "f-string expression part cannot include a backslash", 1,
     10, 1, 10},
    {"f\"\\N{abc\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-5: malformed \\N "
     "character escape",
     1, 10, 1, 10},
    {"b\"a\" f\"{b}\"", PARSE_SYNTAX_ERROR, "cannot mix bytes and nonbytes literals", 1, 12, 1, 12},
    {"\"\\u\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\uXXXX "
     "escape",
     1, 5, 1, 5},
    {"\"\\U1234\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-5: truncated "
     "\\UXXXXXXXX escape",
     1, 9, 1, 9},
    {"\"\\Uffffffff\"", PARSE_SYNTAX_ERROR,
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode "
     "character",
     1, 13, 1, 13},
    {"b\"\\x\"", PARSE_SYNTAX_ERROR, "(value error) invalid \\x escape at position 0", 1, 6, 1, 6},
    {"None: int", PARSE_SYNTAX_ERROR, "illegal target for annotation", 1, 1, 1, 5},
    {"[a]: int", PARSE_SYNTAX_ERROR, "only single target (not list) can be annotated", 1, 1, 1, 4},
};

START_TEST(syntax_error) {
    ParseResult result = parse(errors[_i].source);
    ck_assert_msg(result.module == NULL, "%s", errors[_i].source);
    ck_assert_str_eq(error.message, errors[_i].message);
    ck_assert_int_eq(error.kind, errors[_i].kind);
    ck_assert_int_eq(error.line, errors[_i].line);
    ck_assert_int_eq(error.column, errors[_i].column);
    ck_assert_int_eq(error.end_line, errors[_i].end_line);
    ck_assert_int_eq(error.end_column, errors[_i].end_column);
    ck_assert_ptr_nonnull(error.text);
}
END_TEST

START_TEST(late_errors) {
    static const char repeated[] = "f(a=1, b=2, a=3)", bare[] = "try: a\nexcept: b\nexcept c: d\n";
    ck_assert_ptr_nonnull(parse(repeated).module);
    ck_assert_ptr_nonnull(parse(bare).module);
    ck_assert_ptr_null(parse_with(repeated, PARSE_FILE, (ParseOptions){0}).module);
    ck_assert_str_eq(error.message, "keyword argument repeated: a");
    ck_assert_int_eq(error.column, 13);
    ck_assert_ptr_null(parse_with(bare, PARSE_FILE, (ParseOptions){0}).module);
    ck_assert_str_eq(error.message, "default 'except:' must be last");
    ck_assert_int_eq(error.line, 2);
}
END_TEST

START_TEST(null_bytes) {
    ck_assert_ptr_null(
        parse_source(arena, "a\0b", 3, PARSE_FILE, (ParseOptions){0}, &error).module);
    ck_assert_str_eq(error.message, "source code string cannot contain null bytes");
    ck_assert(error.no_position);
}
END_TEST

// --- other properties ----------------------------------------------------------------------------

START_TEST(positions) {
    AstStmt *stmt = first_statement("x = (a +\n  b)[0]\n");
    AstExpr *value = stmt->assign.value;
    ck_assert_int_eq(stmt->end_line, 2);
    ck_assert_int_eq(stmt->end_column, 7);
    ck_assert_int_eq(value->column, 4);
    ck_assert_int_eq(value->subscript.value->column, 5);
    ck_assert_int_eq(value->subscript.value->end_column, 3);
    stmt = first_statement("if a:\n  b\n  c;\n\n# d\n");
    ck_assert_int_eq(stmt->end_line, 3);
    ck_assert_int_eq(stmt->end_column, 4);
    stmt = first_statement("@a\ndef f(): pass\n");
    ck_assert_int_eq(stmt->line, 2);
    stmt = first_statement("x = f'a{ b }'\n");
    AstExpr *field = stmt->assign.value->joined_str.values.items[1];
    ck_assert_int_eq(field->column, 4);
    ck_assert_int_eq(field->formatted_value.value->column, 9);
}
END_TEST

START_TEST(names) {
    AstStmt *stmt = first_statement("a = b.a(a=c.b)\n");
    AstExpr *call = stmt->assign.value;
    const AstName *a = stmt->assign.targets.items[0]->name.id;
    ck_assert_ptr_eq(call->call.func->attribute.attr, a);
    ck_assert_ptr_eq(call->call.keywords.items[0]->arg, a);
    ck_assert_ptr_eq(first_statement("import b.c")->import.names.items[0]->name,
                     arena_intern(arena, "b.c", 3));
}
END_TEST

START_TEST(integers) {
    AstExpr *value = first_statement("4611686018427387903")->expr.value; // 2**62 - 1
    ck_assert_int_eq(value->constant.kind, AST_CONSTANT_INT);
    ck_assert_int_eq(value->constant.integer, ((int64_t)1 << 62) - 1);
    value = first_statement("4611686018427387904")->expr.value;
    ck_assert_int_eq(value->constant.kind, AST_CONSTANT_BIG_INT);
    ck_assert_str_eq(value->constant.big.digits, "4611686018427387904");
    value = first_statement("0x00FFFF_FFFF_FFFF_FFFF")->expr.value;
    ck_assert_int_eq(value->constant.kind, AST_CONSTANT_BIG_INT);
    ck_assert_int_eq(value->constant.base, 16);
    ck_assert_str_eq(value->constant.big.digits, "FFFFFFFFFFFFFFFF");
    ck_assert_int_eq(
        first_statement("0x0000000000000000000000000000000000001")->expr.value->constant.integer,
        1);
    char *text = repeat("9", 5000, "\n");
    ck_assert_ptr_null(parse(text).module);
    ck_assert_ptr_nonnull(strstr(error.message, "value has 5000 digits"));
    ck_assert_ptr_nonnull(
        parse_with(text, PARSE_FILE, (ParseOptions){.max_int_digits = -1}).module);
    free(text);
}
END_TEST

static bool find_snowman(const char *name, size_t length, uint32_t *character) {
    *character = 0x2603;
    return length == 7 && memcmp(name, "SNOWMAN", 7) == 0;
}

START_TEST(named_characters) {
    ParseOptions options = {.find_character = find_snowman};
    ParseResult result = parse_with("f'\\N{SNOWMAN}{a}'", PARSE_EVAL, options);
    ck_assert_ptr_nonnull(result.module);
    ck_assert_str_eq(result.module->expression->joined_str.values.items[0]->constant.text.data,
                     "\xE2\x98\x83");
    ck_assert_ptr_null(parse_with("'\\N{SNOWGIRL}'", PARSE_EVAL, options).module);
    ck_assert_ptr_nonnull(strstr(error.message, "unknown Unicode character name"));
}
END_TEST

START_TEST(warnings) {
    ParseWarning *warning = parse("a\n'\\d\\e'\nb'\\q'\n1if 2 else 3\n").warnings;
    static const char *const messages[] = {"invalid decimal literal",
                                           "invalid escape sequence '\\d'",
                                           "invalid escape sequence '\\q'"};
    static const int lines[] = {4, 2, 3};
    for (int i = 0; i < 3; i++, warning = warning->next) {
        ck_assert_ptr_nonnull(warning);
        ck_assert_str_eq(warning->message, messages[i]);
        ck_assert_int_eq(warning->line, lines[i]);
        ck_assert_int_eq(warning->is_syntax_warning, i == 0);
    }
    ck_assert_ptr_null(warning);
}
END_TEST

START_TEST(modes) {
    ParseOptions plain = {0};
    ck_assert_int_eq(parse_with("a, b\n\n", PARSE_EVAL, plain).module->kind, AST_EXPRESSION);
    ck_assert_ptr_null(parse_with("a = b", PARSE_EVAL, plain).module);
    ck_assert_ptr_null(parse_with("*a, b", PARSE_EVAL, plain).module);
    ck_assert_ptr_null(parse_with("", PARSE_EVAL, plain).module);
    ck_assert_int_eq(parse_with("a; b", PARSE_SINGLE, plain).module->body.count, 2);
    ck_assert_ptr_nonnull(parse_with("if a:\n  b", PARSE_SINGLE, plain).module);
    ck_assert_ptr_null(parse_with("a\nb", PARSE_SINGLE, plain).module);
    ck_assert_str_eq(error.message, "multiple statements found while compiling a single statement");
    ck_assert_int_eq(parse("").module->body.count, 0);
}
END_TEST

START_TEST(incomplete) {
    ParseOptions prompt = {.allow_incomplete = true, .dont_imply_dedent = true};
    static const char *const unfinished[] = {"if a:\n",    "if a:\n  b",  "(a,\n",
                                             "a = '''b\n", "class A:",    "@a\n",
                                             "a \\\n",     "try:\n  b\n", "match a:\n"};
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++) {
        ck_assert_ptr_null(parse_with(unfinished[i], PARSE_SINGLE, prompt).module);
        ck_assert_msg(error.incomplete, "%s", unfinished[i]);
        ck_assert_str_eq(error.message, "incomplete input");
    }
    static const char *const wrong[] = {"a)\n", "a b\n", "if a b:\n", "'a\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_ptr_null(parse_with(wrong[i], PARSE_SINGLE, prompt).module);
        ck_assert_msg(!error.incomplete, "%s", wrong[i]);
    }
    ck_assert_ptr_nonnull(parse_with("if a:\n  b\n", PARSE_SINGLE, prompt).module);
}
END_TEST

// --- depth ---------------------------------------------------------------------------------------

START_TEST(long_chains) {
    char *text = repeat("a+", 10000, "a");
    AstExpr *sum = first_statement(text)->expr.value;
    ck_assert_uint_eq(sum->height, 2);
    ck_assert_uint_eq(sum->depth, 10001);
    free(text);
    char *arms = repeat("elif a: pass\n", 5000, "else: pass\n");
    AstStmt *stmt = first_statement(arms + 2); // the first one becomes an if
    ck_assert_uint_eq(stmt->height, 2);
    ck_assert_uint_eq(stmt->depth, 5001);
    free(arms);
    text = repeat("a and ", 50000, "a");
    ck_assert_ptr_nonnull(parse(text).module);
    free(text);
}
END_TEST

static const struct {
    const char *part, *last;
} deep_texts[] = {
    {"-", "a"},
    {"not ", "a"},
    {"lambda: ", "a"},
    {"a**", "a"},
    {"a if b else ", "a"},
    {"a+", "a"},
    {"(", ""},
    {"a.", "b"},
    {"f(", ""},
    {"[", ""},
    {"{", ""},
    {"{a:", ""},
    {"-", "a b"},
    {"not ", "a b"},
    {"lambda: ", "a b"},
    {"a if b else ", "a b"},
    {"a+", "a b"},
    {"a=", "b c"},
    {"await ", "a"},
    {"*", "a"},
    {"lambda a=", "1"},
    {"f\"{", ""},
    {"if a: pass\nel", "se: pass\n"},
    {"a: ", "b"},
    {"yield ", ""},
    {"a<", "b c"},
    {"x[", ""},
};

START_TEST(deep_text) {
    char *text = repeat(deep_texts[_i].part, 100000, deep_texts[_i].last);
    parse(text);
    free(text);
    if (strchr("([{", *deep_texts[_i].part) == NULL) {
        return;
    }
    ck_assert_str_eq(error.message, "too many nested parentheses");
}
END_TEST

START_TEST(deep_brackets) {
    static const char *const pairs[][3] = {{"(", "a", ")"},     {"[", "a b", "]"},
                                           {"(", "a b", ")"},   {"f(", "a b", ")"},
                                           {"{a:", "b c", "}"}, {"x[", "a = b", "]"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char *close = repeat(pairs[i][2], 199, "");
        char *inner = malloc(strlen(close) + 8);
        strcpy(stpcpy(inner, pairs[i][1]), close);
        char *text = repeat(pairs[i][0], 199, inner);
        ck_assert_int_eq(parse(text).module != NULL, i == 0);
        free(close);
        free(inner);
        free(text);
    }
}
END_TEST

// Whatever the bytes, there is a tree or an error.
START_TEST(noise) {
    static const char alphabet[] = "()[]{}:,.'\"\\\n \tabf{x=1if*\xC3\xA9\r#@lambda for in\xFF";
    unsigned seed = 1;
    for (int i = 0; i < 4000; i++) {
        char text[64];
        size_t length = 0;
        do {
            seed = seed * 1103515245 + 12345;
            text[length] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        } while (++length < sizeof text && (seed >> 10) % 40 != 0);
        ParseResult result = parse_source(arena, text, length, (ParseMode)(i % 3),
                                          (ParseOptions){.allow_incomplete = i % 2}, &error);
        ck_assert((result.module != NULL) == (error.kind == PARSE_OK));
        if (result.module == NULL) {
            ck_assert_uint_gt(strlen(error.message), 0);
        }
    }
}
END_TEST

// All of the standard library, where it is installed.
START_TEST(library) {
    glob_t files;
    if (glob("/usr/lib/python3.11/*.py", 0, NULL, &files) != 0) {
        return;
    }
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = fopen(files.gl_pathv[i], "rb");
        ck_assert_ptr_nonnull(file);
        fseek(file, 0, SEEK_END);
        size_t length = (size_t)ftell(file);
        rewind(file);
        char *text = malloc(length + 1);
        length = fread(text, 1, length, file);
        fclose(file);
        Arena *own = arena_create();
        ParseOptions options = {.find_character = NULL};
        ParseResult result = parse_source(own, text, length, PARSE_FILE, options, &error);
        ck_assert_msg(result.module != NULL || strstr(error.message, "character name") != NULL,
                      "%s:%d: %s", files.gl_pathv[i], error.line, error.message);
        arena_destroy(own);
        free(text);
    }
    globfree(&files);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("parser");
    TCase *cases = tcase_create("parser");
    tcase_set_timeout(cases, 300);
    tcase_add_checked_fixture(cases, start, stop);
    tcase_add_loop_test(cases, tree, 0, sizeof trees / sizeof *trees);
    tcase_add_loop_test(cases, syntax_error, 0, sizeof errors / sizeof *errors);
    tcase_add_test(cases, late_errors);
    tcase_add_test(cases, null_bytes);
    tcase_add_test(cases, positions);
    tcase_add_test(cases, names);
    tcase_add_test(cases, integers);
    tcase_add_test(cases, named_characters);
    tcase_add_test(cases, warnings);
    tcase_add_test(cases, modes);
    tcase_add_test(cases, incomplete);
    tcase_add_test(cases, long_chains);
    tcase_add_loop_test(cases, deep_text, 0, sizeof deep_texts / sizeof *deep_texts);
    tcase_add_test(cases, deep_brackets);
    tcase_add_test(cases, noise);
    tcase_add_test(cases, library);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
