// SPDX-License-Identifier: MIT
//
// What is wrong with a text that the parser gave up on.
#include "vm/parse/parser.h"

void parser_diagnose(Parser *parser) {
    const Lexer *lexer = parser->lexer;
    if (parser->token->kind == TOKEN_ERROR && lexer->error.kind != PARSE_OK) {
        *parser->error = lexer->error;
        parser->error->text = lexer_line(lexer, lexer->error.line, &parser->error->text_length);
        return;
    }
    const Token *token = parser->token;
    parser_set_error(parser, PARSE_SYNTAX_ERROR, token->line, token->column, token->end_line,
                     token->end_column, "invalid syntax");
}
