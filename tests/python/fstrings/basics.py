name, n, x = "World", 42, 3.14159
print(f"Hello {name}!", f"{n:5}|{n:<5}|{n:^5}|{n:>5}|{n:05}", f"{x:.2f} {x:10.3f} {x:e}")
print(f"{name!r} {name!s} {name!a} {'é'!a} {name!r:>10}")
print(f"{n=} {n = } {x=:.1f} {name=!s} {n + 1=}")
w, p = 10, 3
print(f"{x:{w}.{p}f}|{name:{'*'}^{w}}|{n:{'x'}}")
print(f"{{}} {{{n}}} {{{{", f"{'nested ' + f'{n}'}", f"{[i for i in range(3)]}", f"{ {'a': 1}['a'] }")
print(f"{(lambda v: v * 2)(4)}", f"{n if n > 1 else 0}", f"{n!r:^{w}}", f'{"a" "b"}', f"{name[0]}{name[-1:]}")
print(f"a" "b" f"{n}" 'c', rf"\n{n}\t", fr"{n}\d", F"{n}", f"")
print(f"""multi
{n}
line {
    n + 1
}""")
print(f"{n:,} {1234567:,} {1234567:_} {255:#x} {255:#b} {5:08b}", f"{0.25:%} {True:d} {True}")
print(f"{'x' 'y'!r}", f"{1,2}", f"{*[1, 2],}", f"{n:}", f"{'a,b'.split(',')[1]}", f"{3 != 4} {3 == 3} {4 >= 3}")


class F:
    def __format__(self, spec):
        return "spec<%s>" % spec

    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"


print(f"{F()} {F():abc} {F()!s:>5} {F()!r} {F():{n}{name}}")
print(f"{(yield_ := 5)} {yield_}")
