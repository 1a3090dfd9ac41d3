cases = r'''
range(1, 2, 0)
slice(1)[2]
[1].remove(2)
[1].index(2)
[1].index(1, 5)
(1,).index(2)
"abc".index("x")
"abc".rindex("x")
b"abc".index(b"x")
[].pop()
[1].pop(5)
[][0]
[1][5]
[1][-2]
()[0]
""[0]
b""[0]
range(3)[5]
bytearray()[0]
[1][10**30]
{}["a"]
{}[1]
{}[None]
{}[(1, 2)]
{}.pop("a")
{}.popitem()
set().pop()
{1}.remove(2)
{1}.remove("x")
set().remove(frozenset())
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))
