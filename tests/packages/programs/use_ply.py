# SPDX-License-Identifier: MIT
# needs: python3-ply
"""A lexer and an LALR parser for a small language, and what they say of errors and conflicts."""
import io

import ply.lex as lex
import ply.yacc as yacc

reserved = {"if": "IF", "else": "ELSE", "while": "WHILE", "print": "PRINT"}
tokens = ["NAME", "NUMBER", "LE", "EQ"] + list(reserved.values())
literals = "+-*/=(){};<"
t_LE = r"<="
t_EQ = r"=="
t_ignore = " \t"
t_ignore_COMMENT = r"\#.*"


def t_NAME(t):
    r"[a-zA-Z_]\w*"
    t.type = reserved.get(t.value, "NAME")
    return t


def t_NUMBER(t):
    r"\d+"
    t.value = int(t.value)
    return t


def t_newline(t):
    r"\n+"
    t.lexer.lineno += len(t.value)


def t_error(t):
    print("illegal", repr(t.value[0]), "in line", t.lineno)
    t.lexer.skip(1)


precedence = (("nonassoc", "<", "LE", "EQ"), ("left", "+", "-"), ("left", "*", "/"), ("right", "UMINUS"))


def p_program(p):
    """program : program statement
               | """
    p[0] = (p[1] + [p[2]] if len(p) == 3 else [])


def p_statement(p):
    """statement : NAME '=' expression ';'
                 | PRINT expression ';'
                 | WHILE '(' expression ')' statement
                 | IF '(' expression ')' statement
                 | IF '(' expression ')' statement ELSE statement
                 | '{' program '}'"""
    p[0] = tuple(p[1:])


def p_statement_error(p):
    "statement : error ';'"
    p[0] = ("wrong",)


def p_binary(p):
    """expression : expression '+' expression
                  | expression '-' expression
                  | expression '*' expression
                  | expression '/' expression
                  | expression '<' expression
                  | expression LE expression
                  | expression EQ expression"""
    p[0] = (p[2], p[1], p[3])


def p_other(p):
    """expression : '-' expression %prec UMINUS
                  | '(' expression ')'
                  | NUMBER
                  | NAME"""
    p[0] = p[1] if len(p) == 2 else p[2] if p[1] == "(" else ("neg", p[2])


def p_error(p):
    print("syntax error at", p and (p.type, p.value, p.lineno))


PROGRAM = """
n = 10; a = 0; b = 1;  # Fibonacci
while (n < 20) { print a; t = a + b; a = b; b = t; n = n + 1; }
if (a <= b) if (a == b) print 1; else print -2 * (3 - 1);
x = = 3; $ y = 4 $ / 2;
print 1 < 2 < 3;
"""
log = io.StringIO()
lexer = lex.lex()
parser = yacc.yacc(write_tables=False, debug=False, errorlog=yacc.PlyLogger(log))
lexer.input(PROGRAM)
print([(t.type, t.value, t.lineno, t.lexpos) for t in lexer])
lexer.lineno = 1
print(parser.parse(PROGRAM, lexer=lexer))
print(log.getvalue().replace("\n", " | "))
