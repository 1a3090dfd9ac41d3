cases = r'''
open("nonexistent_file")
open("f", "q")
open("f", "rw")
open("f", "rb", encoding="utf-8")
open("")
open("/")
open("a\0b")
__import__("nonexistent_module")
__import__("os.nonexistent")
__import__("a.b.c")
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))
