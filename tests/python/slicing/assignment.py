def show(code):
    l = list(range(8))
    try:
        exec(code, {"l": l})
    except (TypeError, ValueError, IndexError) as e:
        print(code, "->", type(e).__name__, e, l)
    else:
        print(code, "->", l)


for c in ("l[2:4] = 'xyz'", "l[2:4] = []", "l[:] = (1,)", "l[5:2] = [9]", "l[100:] = [9]", "l[-100:1] = [9]", "l[::2] = 'abcd'", "l[::2] = 'abc'",
          "l[::-1] = range(8)", "l[1:4:1] = [0]", "l[1:6:2] = [7, 7, 7]", "l[:] = l", "l[2:2] = l", "l[::2] = l[1::2]", "l[3:] = iter('ab')", "l[0:2] = 5",
          "l[0:4:2] = 5", "l[0:0] = {1: 2}", "l[6:1:-2] = [1, 2, 3]", "l[6:1:-2] = []", "l[0:2] = None", "l[2:1:-1] = [5]", "l[20::3] = []", "l[-1:] = (x for x in 'q')",
          "l[1:3], l[0] = [8], 7", "l[:2] += [5]", "l[1:2] *= 3"):
    show(c)
