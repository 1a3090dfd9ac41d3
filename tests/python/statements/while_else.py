n = 3
while n:
    n -= 1
else:
    print("exhausted", n)
n = 5
while True:
    n -= 1
    if n == 3:
        continue
    if n < 2:
        break
    print(n)
else:
    print("never")
while 0:
    print("no")
else:
    print("else runs")


def f():
    while True:
        while True:
            return "nested"


print(f())
i = 0
while i < 10:
    i += 1
    if i % 2:
        continue
    if i > 7:
        break
print(i)
while (i := i - 1) and i > 5:
    pass
print(i)
