cases = r'''
[1, 2].index()
[].append()
[].append(1, 2)
[].insert(1)
[].pop("a")
[].sort(1)
[].sort(key=1, bad=2)
[3, 1].sort(key=5)
{}.get()
{}.update(5)
{}.pop()
{}.fromkeys()
{}.setdefault([])
set().add([])
set().add()
{1}.union(5)
{1} | [2]
'''
for src in cases.strip().splitlines():
    try:
        try:
            code = compile(src, "<case>", "eval")
        except SyntaxError:
            code = compile(src, "<case>", "exec")
        eval(code, {})
        print(src, "-> no error")
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", e)
