# SPDX-License-Identifier: MIT
"""Attributes of one object, read and stored by all threads without a lock.

`value += 1` was never atomic in Python: additions may be lost, but no value may be invented.
"""

SIZE_QUICK = 1_000_000
SIZE_FULL = 6_000_000


class Board:
    def __init__(self):
        self.count = 0
        self.last = -1
        self.own = 0


class State:
    def __init__(self, size, threads):
        self.size = size
        self.board = Board()
        self.names = ["own%d" % i for i in range(threads)]
        for name in self.names:
            setattr(self.board, name, 0)


def setup(size, threads):
    return State(size, threads)


def work(state, thread_index):
    board = state.board
    for i in range(state.size):
        board.count += 1
        board.last = i
    setattr(board, state.names[thread_index], state.size)


def check(state, size, threads):
    board = state.board
    if not 0 < board.count <= size * threads or (threads == 1 and board.count != size):
        raise ValueError("counted %r, at most %d is possible" % (board.count, size * threads))
    if board.last != size - 1:
        raise ValueError("the last store was %r, and every thread's is %d" % (board.last, size - 1))
    for name in state.names:
        if getattr(board, name) != size:
            raise ValueError("the attribute %s is %r" % (name, getattr(board, name)))
