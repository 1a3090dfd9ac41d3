# The module symtable, over the compiler's own scopes.
import symtable

source = '''
import os
from sys import path as p
x = 1
def f(a, *b, c=1, **d):
    global g
    y = a
    def inner():
        nonlocal y
        y = x
        return y
    [q for q in b]
    lambda z: z + a
    return inner
class A(B):
    k: int = 3
    def m(self):
        return __class__
    n = f
'''


def show(table, indent=0):
    pad = ' ' * indent
    print(pad, table.get_type(), table.get_name(), table.get_lineno(), table.is_optimized(), table.is_nested(),
          table.has_children())
    for symbol in sorted(table.get_symbols(), key=lambda s: s.get_name()):
        print(pad, '-', symbol.get_name(), symbol.is_referenced(), symbol.is_parameter(), symbol.is_global(),
              symbol.is_declared_global(), symbol.is_local(), symbol.is_free(), symbol.is_imported(),
              symbol.is_assigned(), symbol.is_nonlocal(), symbol.is_annotated(), symbol.is_namespace())
    if table.get_type() == 'function':
        print(pad, sorted(table.get_parameters()), sorted(table.get_locals()), sorted(table.get_frees()),
              sorted(table.get_globals()), sorted(table.get_nonlocals()))
    if table.get_type() == 'class':
        print(pad, sorted(table.get_methods()))
    for child in table.get_children():
        show(child, indent + 2)


show(symtable.symtable(source, 'f.py', 'exec'))
for arguments in (('1 +', 'f', 'eval'), ('x', 'f', 'what')):
    try:
        symtable.symtable(*arguments)
    except (SyntaxError, ValueError) as e:
        print(type(e).__name__, e)
