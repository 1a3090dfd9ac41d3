# SPDX-License-Identifier: MIT
# needs: python3-pycparser
"""Parses C, shows the tree, changes it and writes C again."""
from pycparser import c_ast, c_generator, c_parser

SOURCE = r"""
typedef unsigned long size_t;
struct node { int value; struct node *next; unsigned flags : 3; union { char c[4]; float f; } u; };
enum colour { RED, GREEN = 5, BLUE };
static inline int sum(const struct node *list, int (*visit)(int, void *), void *data, ...) {
    int total = 0, i, a[3][4] = { {1, 2}, [2] = {3} };
    for (const struct node *n = list; n != 0; n = n->next) {
        if (n->value > 0 && !(n->flags & ~1u)) total += visit ? visit(n->value, data) : (int)n->value;
        else if (n->u.c[0] == '\n') continue;
        else goto end;
    }
    switch (total % 3) { case 0: i = sizeof(struct node); break; case 1: default: do { i--; } while (i); }
    a[1][2]++, total <<= 2;
end:
    return total + (i ? 0x1F : 07) * 1.5e3f;
}
extern char *strings[] = {"a" "b", L"wide"};
struct point p = { .x = 1, .y = { 2 } };
_Static_assert(sizeof(int) == 4, "int");
"""
parser = c_parser.CParser()
tree = parser.parse(SOURCE, filename="source.c")
tree.show(attrnames=True, nodenames=True, showcoord=True)
print(c_generator.CGenerator().visit(tree))


class Calls(c_ast.NodeVisitor):
    def visit_FuncCall(self, node):
        print("call of", node.name.name, "at", node.name.coord)
        self.generic_visit(node)

    def visit_ID(self, node):
        if node.name == "total":
            node.name = "amount"


Calls().visit(tree)
print(c_generator.CGenerator().visit(tree.ext[3])[:400])
for text in ("int x", "int f( { }", "int a[;", "struct { int };;", "x y z;", "int @;"):
    try:
        parser.parse(text, "bad.c")
        print("parsed", text)
    except Exception as error:
        print(type(error).__name__, error)
