with open("f.txt", "w") as f:
    print("hello", file=f)
    f.write("world\n")
print(open("f.txt").read().split())
for args in (("missing.txt",), ("f.txt", "z"), ("f.txt", "wr"), ("f.txt", ""), ("f.txt", "r", 0), (1.5,), ("f.txt", "rb", -1, "utf-8"), ("f.txt", "x"), (None,), ("d/e/f", "w"), (".", "w")):
    try:
        open(*args).close()
        print(args, "ok")
    except Exception as e:
        print(args, type(e).__name__, e)
