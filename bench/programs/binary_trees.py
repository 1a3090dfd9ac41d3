# SPDX-License-Identifier: MIT
"""Many small trees, made, walked and dropped while one big tree lives: allocation and freeing."""

SIZE_QUICK = 14
SIZE_FULL = 16

MEMORY = True
SIZE_MEMORY = 18


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def grow(depth):
    if depth == 0:
        return Node(None, None)
    return Node(grow(depth - 1), grow(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def run(size):
    long_lived = grow(size)
    lines = []
    # Where the tree of full depth is the point (peak memory), the small ones are not grown.
    if size < SIZE_MEMORY:
        for depth in range(4, size + 1, 4):
            trees = 1 << (size - depth + 2)
            nodes = 0
            for _ in range(trees):
                nodes += count(grow(depth))
            lines.append((depth, trees, nodes))
    return lines, count(long_lived)


def check(size, result):
    lines, nodes = result
    if nodes != (2 << size) - 1:
        raise ValueError("the big tree has %d nodes" % nodes)
    depths = list(range(4, size + 1, 4)) if size < SIZE_MEMORY else []
    if [line[0] for line in lines] != depths:
        raise ValueError("the depths are %r" % (lines,))
    for depth, trees, total in lines:
        if trees != 4 << (size - depth) or total != trees * ((2 << depth) - 1):
            raise ValueError("%d trees of depth %d have %d nodes" % (trees, depth, total))
