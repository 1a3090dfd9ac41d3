# SPDX-License-Identifier: MIT
"""Queens that do not attack each other: recursion, sets, generators and lists of small tuples."""

SIZE_QUICK = 10
SIZE_FULL = 12

KNOWN = {1: 1, 2: 0, 3: 0, 4: 2, 5: 10, 6: 4, 7: 40, 8: 92, 9: 352, 10: 724, 11: 2680, 12: 14200}


def place(size, row, columns, rising, falling, board):
    if row == size:
        yield tuple(board)
        return
    for column in range(size):
        if column in columns or row + column in rising or row - column in falling:
            continue
        columns.add(column)
        rising.add(row + column)
        falling.add(row - column)
        board.append(column)
        yield from place(size, row + 1, columns, rising, falling, board)
        board.pop()
        falling.remove(row - column)
        rising.remove(row + column)
        columns.remove(column)


def run(size):
    return list(place(size, 0, set(), set(), set(), []))


def check(size, result):
    if size in KNOWN and len(result) != KNOWN[size]:
        raise ValueError("%d solutions, not %d" % (len(result), KNOWN[size]))
    solutions = set(result)
    if len(solutions) != len(result):
        raise ValueError("a solution came twice")
    for board in result:
        if sorted(board) != list(range(size)) or tuple(reversed(board)) not in solutions:
            raise ValueError("%r is no solution, or its mirror image is missing" % (board,))
        for row in range(size):
            for other in range(row):
                if abs(board[row] - board[other]) == row - other:
                    raise ValueError("two queens attack each other in %r" % (board,))
