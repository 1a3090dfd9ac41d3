# compare: carets
def add(first, second):
    return first * 2 + (second / 0) - 1


print(add(1, 2))
