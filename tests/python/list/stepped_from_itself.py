# Every other item of a list replaced by others of itself, and by what has the wrong size or kind; empty displays.
l = list(range(20))
l[::2] = l[1::2]
print(l)
m = [[i] for i in range(9)]
m[::-2] = m[::2]
print(m)
for value in ([1], (1, 2, 3, 4, 5), range(5), "abcde", 7, [1.5, [], "x", 10 ** 30, None], m):
    try:
        m[::2] = value
        print(m)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
wide = [str(i) for i in range(200)]
wide[5:150:3] = wide[150:5:-3]
print(wide)
print([], [[]], [[], []], len([]), [] is [], [] == [])
a, b = [], []
a.append(1)
print(a, b, [[] for _ in range(3)])
