# What dis finds of the global variables that functions store and delete, and of imports.
import dis

source = """
import os
COUNT = 1


def reads(a):
    return a + COUNT + len(os.name)


def writes():
    global COUNT
    COUNT = 2
    del COUNT


class C:
    x = COUNT

    def method(self):
        return C, [COUNT for _ in self.items if os]


def nested():
    local = 1

    def inner():
        return local + COUNT
    return inner


async def waits():
    async with COUNT as x:
        yield x
"""


def walk(code):
    found = sorted({(i.opname, i.argval) for i in dis.get_instructions(code) if i.opname in ("STORE_GLOBAL", "DELETE_GLOBAL", "IMPORT_NAME")})
    print(code.co_qualname, len(found), found[:5], found[-5:])
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            walk(constant)


walk(compile(source, "source", "exec"))
