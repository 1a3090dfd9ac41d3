# SPDX-License-Identifier: MIT
"""Lists: indexing and storing (a heap sort by hand), append and pop, slices, comprehensions."""

SIZE_QUICK = 38_000
SIZE_FULL = 430_000


def numbers(count):
    state = 12345
    result = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2147483648
        result.append(state >> 8)
    return result


def sift(heap, start, end):
    root = start
    value = heap[root]
    while True:
        child = 2 * root + 1
        if child >= end:
            break
        if child + 1 < end and heap[child] < heap[child + 1]:
            child += 1
        if heap[child] <= value:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = value


def heap_sort(items):
    for start in range(len(items) // 2 - 1, -1, -1):
        sift(items, start, len(items))
    for end in range(len(items) - 1, 0, -1):
        items[0], items[end] = items[end], items[0]
        sift(items, 0, end)


def run(size):
    original = numbers(size)
    ordered = original[:]
    heap_sort(ordered)
    stack = []
    moved = []
    for value in original:
        stack.append(value)
        if value & 1:
            moved.append(stack.pop())
    evens = [value for value in original if not value & 1]
    rotated = original[size // 3:] + original[:size // 3]
    rotated.reverse()
    return original, ordered, stack == evens, moved, rotated


def check(size, result):
    original, ordered, same, moved, rotated = result
    if len(original) != size or ordered != sorted(original):
        raise ValueError("the list is not sorted")
    if not same or moved != list(filter(lambda value: value % 2, original)):
        raise ValueError("the stack lost something")
    for i in range(0, size, 97):
        if rotated[size - 1 - i] != original[(i + size // 3) % size]:
            raise ValueError("the rotation is wrong at %d" % i)
