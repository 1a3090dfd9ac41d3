# co_lines() begins with the line of the definition, or 0 in a module, as the instruction that CPython has there.
import dis

SOURCE = '''
import a
@deco
class C:
    def f(self):
        return 1
    @prop
    def g(self): return 2
z = [i for i in a]

l = lambda: (
   1)
async def h():
    await x
def gen():
    yield
def doc():
    "x"
def annotated():
    a: int
def attribute():
    return (
        o.
        a
    )
'''


def lines(code):
    seen = []
    for start, end, line in code.co_lines():
        if line is not None and (not seen or seen[-1] != line):
            seen.append(line)
    return seen


def show(code):
    print(code.co_name, code.co_firstlineno, lines(code)[:2], sorted({line for _, line in dis.findlinestarts(code)}))
    start, end, line = next(code.co_lines())
    print(start, line)
    for constant in code.co_consts:
        if hasattr(constant, "co_lines"):
            show(constant)


show(compile(SOURCE, "made up", "exec"))
for source, mode in ("a", "eval"), ("\n\na", "single"), ("\n" * 300 + "a", "exec"):
    show(compile(source, "made up", mode))
print(list((lambda: 0).__code__.replace(co_linetable=b"").co_lines()))
