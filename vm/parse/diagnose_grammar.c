// SPDX-License-Identifier: MIT
//
// Python's grammar as a parsing expression grammar, and the mistakes that people make in it.
//
// The valid part is that of the Python Language Reference, chapter 10, with left recursion written
// as repetition. The rules whose names begin with "bad_" each describe a mistake; they are tried
// only in a second pass, when the first has shown that the text is not Python (the technique of PEP
// 617's parser). The "wrong_" rules are mistakes that CPython looks for in the first pass already,
// if unintentionally. A rule is
//
// clang-format off
//     name = alternative | alternative ...        ("name# =": see peg.h on what is remembered)
//
// and an alternative is made of
//
//     'text'   a token            NAME NUMBER STRING NEWLINE INDENT DEDENT END   a kind of token
//     %text    a soft keyword     %text~  the same, or any beginning of it, as CPython compares it
//     NOTHING  no token, but looks at the next one, where CPython looks for a type comment
//     rule     (a | b)     [x] optional     x* x+ repeated     's'.x+ repeated with separators
//     &x !x    only looked at     ~ no other alternative after this
//     ?':'     an error if this token is missing
//     a=x      x, to be spoken of
//
// clang-format on
// and may end in what to say when it matches: "-> place message". The place is `a` or `b` (what
// they match), `a..b` (from one to the other), `a..` (from it to as far as has been read) or `.`
// (the last token that was read), with ^ before it if it is an IndentationError. In the message
// {kind} is the kind of expression that `a` is, {line} the line of `a`, {token} its text.
// "-> name" without a place calls a function of diagnose.c that decides. If it decides against, the
// rule fails as a whole.
#include "vm/parse/diagnose_grammar.h"

#include <stddef.h>

const char *const diagnose_grammar[] = {
    // --- texts -----------------------------------------------------------------------------------
    "file = [statements] END",
    "interactive = compound_stmt NEWLINE | simple_stmts | NEWLINE",
    "eval = expressions NEWLINE* END",
    "fstring = star_expressions",

    // --- simple statements -----------------------------------------------------------------------
    "statements = statement+",
    "statement = compound_stmt | simple_stmts",
    "simple_stmts = simple_stmt !';' NEWLINE | ';'.simple_stmt+ [';'] NEWLINE",
    "simple_stmt# = assignment | star_expressions | &'return' return_stmt"
    " | &('import' | 'from') import_stmt | &'raise' raise_stmt | 'pass' | &'del' del_stmt"
    " | &'yield' yield_expr | &'assert' assert_stmt | 'break' | 'continue'"
    " | &'global' global_stmt | &'nonlocal' nonlocal_stmt",
    "assignment = NAME ':' expression ['=' annotated_rhs]"
    " | ('(' single_target ')' | attribute_target) ':' expression ['=' annotated_rhs]"
    " | (star_targets '=')+ (yield_expr | star_expressions) !'='"
    " | single_target augassign ~ (yield_expr | star_expressions)"
    " | bad_assignment",
    "annotated_rhs = yield_expr | star_expressions",
    "augassign = '+=' | '-=' | '*=' | '@=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>='"
    " | '**=' | '//='",
    "bad_assignment = a=bad_annotation_target ':' expression"
    " -> a only single target (not {kind}) can be annotated"
    " | a=star_named_expression ',' star_named_expressions* ':' expression"
    " -> a only single target (not tuple) can be annotated"
    " | a=expression ':' expression -> a illegal target for annotation"
    " | (star_targets '=')* a=star_expressions '=' -> assign_target"
    " | (star_targets '=')* a=yield_expr '='"
    " -> a assignment to yield expression not possible"
    " | a=star_expressions augassign (yield_expr | star_expressions)"
    " -> a '{kind}' is an illegal expression for augmented assignment",
    "bad_annotation_target = list | tuple | '(' bad_annotation_target ')'",
    "return_stmt = 'return' [star_expressions]",
    "raise_stmt = 'raise' expression ['from' expression] | 'raise'",
    "global_stmt = 'global' ','.NAME+",
    "nonlocal_stmt = 'nonlocal' ','.NAME+",
    "del_stmt = 'del' del_targets &(';' | NEWLINE) | bad_del_stmt",
    "bad_del_stmt = 'del' a=star_expressions -> delete_target",
    "assert_stmt = 'assert' expression [',' expression]",
    "import_stmt = 'import' ','.dotted_as_name+"
    " | 'from' ('.' | '...')* dotted_name 'import' import_targets"
    " | 'from' ('.' | '...')+ 'import' import_targets",
    "import_targets = '(' import_names [','] ')' | import_names !',' | '*' | bad_import_targets",
    "bad_import_targets = import_names ',' NEWLINE"
    " -> . trailing comma not allowed without surrounding parentheses",
    "import_names = ','.import_name+",
    "import_name = NAME ['as' NAME]",
    "dotted_as_name = dotted_name ['as' NAME]",
    "dotted_name# = NAME ('.' NAME)*",

    // --- compound statements ---------------------------------------------------------------------
    "compound_stmt = &('def' | '@' | 'async') function_def | &'if' if_stmt"
    " | &('class' | '@') class_def | &('with' | 'async') with_stmt | &('for' | 'async') for_stmt"
    " | &'try' try_stmt | &'while' while_stmt | match_stmt",
    "block# = NEWLINE INDENT statements DEDENT | simple_stmts | bad_block",
    "bad_block = NEWLINE !INDENT -> ^. expected an indented block",
    "decorators = ('@' named_expression NEWLINE)+",
    "class_def = decorators class_def_raw | class_def_raw",
    "class_def_raw = bad_class_def | 'class' NAME ['(' [arguments] ')'] ':' block",
    "bad_class_def = 'class' NAME ['(' [arguments] ')'] NEWLINE -> . expected ':'"
    " | a='class' NAME ['(' [arguments] ')'] ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after class definition on line {line}",
    "function_def = decorators function_def_raw | function_def_raw",
    "function_def_raw = bad_def"
    " | 'def' NAME ?'(' [params] ')' ['->' expression] ?':' block"
    " | 'async' 'def' NAME ?'(' [params] ')' ['->' expression] ?':' block",
    "bad_def = ['async'] a='def' NAME '(' [params] ')' ['->' expression] ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after function definition on line {line}",
    "if_stmt = bad_if | 'if' named_expression ':' block elif_stmt"
    " | 'if' named_expression ':' block [else_block]",
    "bad_if = 'if' named_expression NEWLINE -> . expected ':'"
    " | a='if' named_expression ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'if' statement on line {line}",
    "elif_stmt = bad_elif | 'elif' named_expression ':' block elif_stmt"
    " | 'elif' named_expression ':' block [else_block]",
    "bad_elif = 'elif' named_expression NEWLINE -> . expected ':'"
    " | a='elif' named_expression ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'elif' statement on line {line}",
    "else_block = bad_else | 'else' ?':' block",
    "bad_else = a='else' ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'else' statement on line {line}",
    "while_stmt = bad_while | 'while' named_expression ':' block [else_block]",
    "bad_while = 'while' named_expression NEWLINE -> . expected ':'"
    " | a='while' named_expression ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'while' statement on line {line}",
    "for_stmt = bad_for | 'for' star_targets 'in' ~ star_expressions ':' block [else_block]"
    " | 'async' 'for' star_targets 'in' ~ star_expressions ':' block [else_block]"
    " | bad_for_target",
    "bad_for = ['async'] 'for' star_targets 'in' star_expressions NEWLINE -> . expected ':'"
    " | ['async'] a='for' star_targets 'in' star_expressions ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'for' statement on line {line}",
    "bad_for_target = ['async'] 'for' a=star_expressions -> loop_target",
    "with_stmt = bad_with_indent | 'with' '(' ','.with_item+ [','] ')' ':' block"
    " | 'with' ','.with_item+ ':' block"
    " | 'async' 'with' '(' ','.with_item+ [','] ')' ':' block"
    " | 'async' 'with' ','.with_item+ ':' block | bad_with",
    "bad_with_indent = ['async'] a='with' ','.(expression ['as' star_target])+ ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'with' statement on line {line}"
    " | ['async'] a='with' '(' ','.(expressions ['as' star_target])+ [','] ')' ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'with' statement on line {line}",
    "bad_with = ['async'] 'with' ','.(expression ['as' star_target])+ NEWLINE -> . expected ':'"
    " | ['async'] 'with' '(' ','.(expressions ['as' star_target])+ [','] ')' NEWLINE"
    " -> . expected ':'",
    "with_item = expression 'as' star_target &(',' | ')' | ':') | bad_with_item | expression",
    "bad_with_item = expression 'as' a=expression &(',' | ')' | ':') -> assign_target",
    "try_stmt = bad_try | 'try' ?':' block finally_block"
    " | 'try' ?':' block except_block+ [else_block] [finally_block]"
    " | 'try' ?':' block except_star_block+ [else_block] [finally_block]",
    "bad_try = a='try' ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'try' statement on line {line}"
    " | 'try' ':' block !('except' | 'finally') -> . expected 'except' or 'finally' block"
    " | 'try' ':' block* except_block+ a='except' b='*' expression ['as' NAME] ':'"
    " -> a..b cannot have both 'except' and 'except*' on the same 'try'"
    " | 'try' ':' block* except_star_block+ a='except' [expression ['as' NAME]] ':'"
    " -> a cannot have both 'except' and 'except*' on the same 'try'",
    "except_block = bad_except_indent | 'except' expression ['as' NAME] ':' block"
    " | 'except' ':' block | bad_except",
    "except_star_block = bad_except_star_indent"
    " | 'except' '*' expression ['as' NAME] ':' block | bad_except",
    "bad_except = 'except' ['*'] a=expression ',' expressions ['as' NAME] ':'"
    " -> a.. multiple exception types must be parenthesized"
    " | 'except' ['*'] expression ['as' NAME] NEWLINE -> . expected ':'"
    " | 'except' NEWLINE -> . expected ':'"
    " | 'except' '*' (NEWLINE | ':') -> . expected one or more exception types",
    "bad_except_indent = a='except' expression ['as' NAME] ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'except' statement on line {line}"
    " | a='except' ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'except' statement on line {line}",
    "bad_except_star_indent = a='except' '*' expression ['as' NAME] ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'except*' statement on line {line}",
    "finally_block = bad_finally | 'finally' ?':' block",
    "bad_finally = a='finally' ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'finally' statement on line {line}",

    // --- match -----------------------------------------------------------------------------------
    "match_stmt = %match subject_expr ':' NEWLINE INDENT case_block+ DEDENT | bad_match",
    "bad_match = %match subject_expr NEWLINE -> . expected ':'"
    " | a=%match subject_expr ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'match' statement on line {line}",
    "subject_expr = star_named_expression ',' [star_named_expressions] | named_expression",
    "case_block = bad_case | %case patterns [guard] ':' block",
    "bad_case = %case patterns [guard] NEWLINE -> . expected ':'"
    " | a=%case patterns [guard] ':' NEWLINE !INDENT"
    " -> ^. expected an indented block after 'case' statement on line {line}",
    "guard = 'if' named_expression",
    "patterns = open_sequence_pattern | pattern",
    "pattern = as_pattern | or_pattern",
    "as_pattern = or_pattern 'as' capture_target | bad_as_pattern",
    "bad_as_pattern = or_pattern 'as' a=%_ -> a cannot use '_' as a target"
    " | or_pattern 'as' !NAME a=expression -> a invalid pattern target",
    "or_pattern = '|'.closed_pattern+",
    "closed_pattern# = literal_pattern | capture_target | %_ | attr !('.' | '(' | '=')"
    " | '(' pattern ')' | sequence_pattern | mapping_pattern | class_pattern",
    "literal_pattern = signed_number !('+' | '-') | complex_number | strings | 'None' | 'True'"
    " | 'False'",
    "signed_number = NUMBER | '-' NUMBER",
    "complex_number = signed_number '+' NUMBER | signed_number '-' NUMBER",
    "capture_target = !%_ NAME !('.' | '(' | '=')",
    "attr = NAME ('.' NAME)+",
    "name_or_attr = NAME ('.' NAME)*",
    "sequence_pattern = '[' [maybe_sequence_pattern] ']' | '(' [open_sequence_pattern] ')'",
    "open_sequence_pattern = maybe_star_pattern ',' [maybe_sequence_pattern]",
    "maybe_sequence_pattern = ','.maybe_star_pattern+ [',']",
    "maybe_star_pattern = star_pattern | pattern",
    "star_pattern# = '*' capture_target | '*' %_",
    "mapping_pattern = '{' '}' | '{' double_star_pattern [','] '}'"
    " | '{' items_pattern ',' double_star_pattern [','] '}' | '{' items_pattern [','] '}'",
    "items_pattern = ','.key_value_pattern+",
    "key_value_pattern = (literal_pattern | attr) ':' pattern",
    "double_star_pattern = '**' capture_target",
    "class_pattern = name_or_attr '(' ')' | name_or_attr '(' positional_patterns [','] ')'"
    " | name_or_attr '(' keyword_patterns [','] ')'"
    " | name_or_attr '(' positional_patterns ',' keyword_patterns [','] ')' | bad_class_pattern",
    "bad_class_pattern = name_or_attr '(' [positional_patterns ','] keyword_patterns ','"
    " a=positional_patterns -> a positional patterns follow keyword patterns",
    "positional_patterns = ','.pattern+",
    "keyword_patterns = ','.keyword_pattern+",
    "keyword_pattern = NAME '=' pattern",

    // --- parameters ------------------------------------------------------------------------------
    "params = bad_params | parameters",
    "parameters = slash_no_default param_no_default* param_with_default* [star_etc]"
    " | slash_with_default param_with_default* [star_etc]"
    " | param_no_default+ param_with_default* [star_etc] | param_with_default+ [star_etc] | "
    "star_etc",
    "slash_no_default = param_no_default+ '/' ',' | param_no_default+ '/' &')'",
    "slash_with_default = param_no_default* param_with_default+ '/' ','"
    " | param_no_default* param_with_default+ '/' &')'",
    "star_etc = bad_star_etc | '*' param_no_default param_maybe_default* [kwds]"
    " | '*' param_star_annotation param_maybe_default* [kwds]"
    " | '*' ',' param_maybe_default+ [kwds] | kwds",
    "kwds = bad_kwds | '**' param_no_default",
    "param_no_default = param ',' [NOTHING] | param [NOTHING] &')'",
    "param_star_annotation = NAME ':' star_expression ',' [NOTHING]"
    " | NAME ':' star_expression [NOTHING] &')'",
    "param_with_default = param default ',' [NOTHING] | param default [NOTHING] &')'",
    "param_maybe_default = param [default] ',' [NOTHING] | param [default] [NOTHING] &')'",
    "param = NAME [':' expression]",
    "default = '=' expression | bad_default",
    "bad_default = a='=' &(')' | ',') -> a expected default value expression",
    "bad_params = param_no_default* bad_params_with_default a=param_no_default"
    " -> a non-default argument follows default argument"
    " | param_no_default* a='(' param_no_default+ [','] b=')'"
    " -> a..b Function parameters cannot be parenthesized"
    " | a='/' ',' -> a at least one argument must precede /"
    " | (slash_no_default | slash_with_default) param_maybe_default* a='/'"
    " -> a / may appear only once"
    " | [slash_no_default | slash_with_default] param_maybe_default* '*'"
    " (',' | param_no_default) param_maybe_default* a='/' -> a / must be ahead of *"
    " | param_maybe_default+ '/' a='*' -> a expected comma between / and *",
    "bad_params_with_default = slash_with_default | param_with_default+",
    "bad_star_etc = a='*' (')' | ',' (')' | '**')) -> a named arguments must follow bare *"
    " | '*' param a='=' -> a var-positional argument cannot have default value"
    " | '*' (param_no_default | ',') param_maybe_default* a='*' (param_no_default | ',')"
    " -> a * argument may appear only once",
    "bad_kwds = '**' param a='=' -> a var-keyword argument cannot have default value"
    " | '**' param ',' a=param -> a arguments cannot follow var-keyword argument"
    " | '**' param ',' a=('*' | '**' | '/') -> a arguments cannot follow var-keyword argument",

    // --- lambdas ---------------------------------------------------------------------------------
    "lambdef = 'lambda' [lambda_params] ':' expression",
    "lambda_params = bad_lambda_params | lambda_parameters",
    "lambda_parameters = lambda_slash_no_default lambda_no_default* lambda_with_default*"
    " [lambda_star_etc] | lambda_slash_with_default lambda_with_default* [lambda_star_etc]"
    " | lambda_no_default+ lambda_with_default* [lambda_star_etc]"
    " | lambda_with_default+ [lambda_star_etc] | lambda_star_etc",
    "lambda_slash_no_default = lambda_no_default+ '/' ',' | lambda_no_default+ '/' &':'",
    "lambda_slash_with_default = lambda_no_default* lambda_with_default+ '/' ','"
    " | lambda_no_default* lambda_with_default+ '/' &':'",
    "lambda_star_etc = bad_lambda_star_etc | '*' lambda_no_default lambda_maybe_default*"
    " [lambda_kwds] | '*' ',' lambda_maybe_default+ [lambda_kwds] | lambda_kwds",
    "lambda_kwds = bad_lambda_kwds | '**' lambda_no_default",
    "lambda_no_default = NAME ',' | NAME &':'",
    "lambda_with_default = NAME default ',' | NAME default &':'",
    "lambda_maybe_default = NAME [default] ',' | NAME [default] &':'",
    "bad_lambda_params = lambda_no_default* bad_lambda_with_default a=lambda_no_default"
    " -> a non-default argument follows default argument"
    " | lambda_no_default* a='(' ','.NAME+ [','] b=')'"
    " -> a..b Lambda expression parameters cannot be parenthesized"
    " | a='/' ',' -> a at least one argument must precede /"
    " | (lambda_slash_no_default | lambda_slash_with_default) lambda_maybe_default* a='/'"
    " -> a / may appear only once"
    " | [lambda_slash_no_default | lambda_slash_with_default] lambda_maybe_default* '*'"
    " (',' | lambda_no_default) lambda_maybe_default* a='/' -> a / must be ahead of *"
    " | lambda_maybe_default+ '/' a='*' -> a expected comma between / and *",
    "bad_lambda_with_default = lambda_slash_with_default | lambda_with_default+",
    "bad_lambda_star_etc = '*' (':' | ',' (':' | '**')) -> . named arguments must follow bare *"
    " | '*' NAME a='=' -> a var-positional argument cannot have default value"
    " | '*' (lambda_no_default | ',') lambda_maybe_default* a='*' (lambda_no_default | ',')"
    " -> a * argument may appear only once",
    "bad_lambda_kwds = '**' NAME a='=' -> a var-keyword argument cannot have default value"
    " | '**' NAME ',' a=NAME -> a arguments cannot follow var-keyword argument"
    " | '**' NAME ',' a=('*' | '**' | '/') -> a arguments cannot follow var-keyword argument",

    // --- expressions -----------------------------------------------------------------------------
    "expressions = expression (',' expression)+ [','] | expression ',' | expression",
    "expression# = bad_expression | bad_legacy_call"
    " | disjunction 'if' disjunction 'else' expression | disjunction | lambdef",
    "bad_expression = !(NAME STRING | %_ | %case~ | %match~) a=disjunction b=plain_expression"
    " -> missing_comma"
    " | a=disjunction 'if' b=disjunction !('else' | ':')"
    " -> a..b expected 'else' after 'if' expression",
    "plain_expression = disjunction 'if' disjunction 'else' expression | disjunction | lambdef",
    "bad_legacy_call = a=NAME !'(' b=star_expressions -> legacy_call",
    "yield_expr = 'yield' 'from' expression | 'yield' [star_expressions]",
    "star_expressions = star_expression (',' star_expression)+ [','] | star_expression ','"
    " | star_expression",
    "star_expression# = '*' bitwise_or | expression",
    "star_named_expressions = ','.star_named_expression+ [',']",
    "star_named_expression = '*' bitwise_or | named_expression",
    "assignment_expression = NAME ':=' ~ expression",
    "named_expression = assignment_expression | bad_named_expression | expression !':='",
    "bad_named_expression# = a=expression ':=' expression"
    " -> a cannot use assignment expressions with {kind}"
    " | a=NAME '=' b=bitwise_or !('=' | ':=')"
    " -> a..b invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
    " | !(list | tuple | genexp | 'True' | 'None' | 'False') a=bitwise_or b='=' bitwise_or"
    " !('=' | ':=') -> a cannot assign to {kind} here. Maybe you meant '==' instead of '='?",
    "disjunction# = conjunction ('or' conjunction)+ | conjunction",
    "conjunction# = inversion ('and' inversion)+ | inversion",
    "inversion# = 'not' inversion | comparison",
    "comparison = bitwise_or comparison_pair+ | bitwise_or",
    "comparison_pair = '==' bitwise_or | '!=' bitwise_or | '<=' bitwise_or | '<' bitwise_or"
    " | '>=' bitwise_or | '>' bitwise_or | 'not' 'in' bitwise_or | 'in' bitwise_or"
    " | 'is' 'not' bitwise_or | 'is' bitwise_or",
    "bitwise_or# = bitwise_xor ('|' bitwise_xor)*",
    "bitwise_xor# = bitwise_and ('^' bitwise_and)*",
    "bitwise_and# = shift_expr ('&' shift_expr)*",
    "shift_expr# = sum ('<<' sum | '>>' sum)*",
    "sum# = term ('+' term | '-' term)*",
    "term# = factor ('*' factor | '/' factor | '//' factor | '%' factor | '@' factor)*",
    "factor# = '+' factor | '-' factor | '~' factor | power",
    "power = await_primary '**' factor | await_primary",
    "await_primary# = 'await' primary | primary",
    "primary# = atom ('.' NAME | genexp | '(' [arguments] ')' | '[' slices ']')*",
    "slices = slice !',' | ','.(slice | starred_expression)+ [',']",
    "slice = [expression] ':' [expression] [':' [expression]] | named_expression",
    "atom = NAME | 'True' | 'False' | 'None' | &STRING strings | NUMBER"
    " | &'(' (tuple | group | genexp) | &'[' (list | listcomp)"
    " | &'{' (dict | set | dictcomp | setcomp) | '...'",
    "strings# = STRING+",
    "group = '(' (yield_expr | named_expression) ')' | bad_group",
    "bad_group = '(' a=starred_expression ')' -> a cannot use starred expression here"
    " | '(' a='**' expression ')' -> a cannot use double starred expression here",
    "list = '[' [star_named_expressions] ']'",
    "tuple = '(' [star_named_expression ',' [star_named_expressions]] ')'",
    "set = '{' star_named_expressions '}'",
    "dict = '{' [pairs] '}' | '{' wrong_pairs '}'",
    "pairs = ','.pair+ [',']",
    "pair = '**' bitwise_or | key_value",
    "key_value = expression ':' expression",
    "wrong_pairs = ','.pair+ ',' wrong_pair"
    " | expression ':' a='*' bitwise_or"
    " -> a.. cannot use a starred expression in a dictionary value"
    " | expression a=':' &('}' | ',') -> a expression expected after dictionary key and ':'",
    "wrong_pair = a=expression !':' -> missing_colon"
    " | expression ':' a='*' bitwise_or"
    " -> a.. cannot use a starred expression in a dictionary value"
    " | expression a=':' &('}' | ',') -> a expression expected after dictionary key and ':'",

    // --- comprehensions --------------------------------------------------------------------------
    "for_if_clauses = for_if_clause+",
    "for_if_clause = 'async' 'for' star_targets 'in' ~ disjunction ('if' disjunction)*"
    " | 'for' star_targets 'in' ~ disjunction ('if' disjunction)* | bad_for_target",
    "listcomp = '[' named_expression for_if_clauses ']' | bad_comprehension",
    "setcomp = '{' named_expression for_if_clauses '}' | bad_comprehension",
    "genexp = '(' (assignment_expression | expression !':=') for_if_clauses ')'"
    " | bad_comprehension",
    "dictcomp = '{' key_value for_if_clauses '}' | bad_dict_comprehension",
    "bad_comprehension = ('[' | '(' | '{') a=starred_expression for_if_clauses"
    " -> a iterable unpacking cannot be used in comprehension"
    " | ('[' | '{') a=star_named_expression ',' b=star_named_expressions for_if_clauses"
    " -> a..b did you forget parentheses around the comprehension target?"
    " | ('[' | '{') a=star_named_expression b=',' for_if_clauses"
    " -> a..b did you forget parentheses around the comprehension target?",
    "bad_dict_comprehension = '{' a='**' bitwise_or for_if_clauses '}'"
    " -> a dict unpacking cannot be used in dict comprehension",

    // --- calls -----------------------------------------------------------------------------------
    "arguments# = args [','] &')' | bad_arguments",
    "args = ','.(starred_expression | (assignment_expression | expression !':=') !'=')+"
    " [',' kwargs] | kwargs",
    "kwargs = ','.kwarg_or_starred+ ',' ','.kwarg_or_double_starred+ | ','.kwarg_or_starred+"
    " | ','.kwarg_or_double_starred+",
    "starred_expression = '*' expression",
    "kwarg_or_starred = bad_kwarg | NAME '=' expression | starred_expression",
    "kwarg_or_double_starred = bad_kwarg | NAME '=' expression | '**' expression",
    "bad_arguments = a=args ',' '*'"
    " -> a iterable argument unpacking follows keyword argument unpacking"
    " | a=expression b=for_if_clauses ',' [args | expression for_if_clauses]"
    " -> a..b Generator expression must be parenthesized"
    " | a=NAME b='=' expression for_if_clauses"
    " -> a..b invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
    " | a=args b=for_if_clauses -> bare_generator"
    " | args ',' a=expression b=for_if_clauses"
    " -> a..b Generator expression must be parenthesized"
    " | a=args ',' args -> positional_after_keyword",
    "bad_kwarg = a=('True' | 'False' | 'None') b='=' -> a..b cannot assign to {token}"
    " | a=NAME b='=' expression for_if_clauses"
    " -> a..b invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
    " | !(NAME '=') a=expression b='='"
    " -> a..b expression cannot contain assignment, perhaps you meant \"==\"?",

    // --- targets ---------------------------------------------------------------------------------
    "star_targets = star_target !',' | star_target (',' star_target)* [',']",
    "star_target# = '*' !'*' star_target | target_with_star_atom",
    "target_with_star_atom# = t_primary '.' NAME !t_lookahead"
    " | t_primary '[' slices ']' !t_lookahead | star_atom",
    "star_atom = NAME | '(' target_with_star_atom ')'"
    " | '(' [star_target (',' star_target)+ [','] | star_target ','] ')'"
    " | '[' [','.star_target+ [',']] ']'",
    "single_target = attribute_target | NAME | '(' single_target ')'",
    "attribute_target = t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead",
    "t_primary# = atom &t_lookahead (('.' NAME | '[' slices ']' | genexp | '(' [arguments] ')')"
    " &t_lookahead)*",
    "t_lookahead = '(' | '[' | '.'",
    "del_targets = ','.del_target+ [',']",
    "del_target# = t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead"
    " | del_t_atom",
    "del_t_atom = NAME | '(' del_target ')' | '(' [del_targets] ')' | '[' [del_targets] ']'",
    NULL,
};
