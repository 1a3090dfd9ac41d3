# SPDX-License-Identifier: MIT
"""Producers and consumers with a `queue.Queue` of limited length between them.

Half of the threads put, the others get, until each has seen its share; a single thread does both
by turns. Locks, condition variables and blocking, as programs with threads use them every day.
"""

import queue

SIZE_QUICK = 40_000
SIZE_FULL = 300_000

LENGTH = 256


class State:
    def __init__(self, size, threads):
        self.size = size
        self.threads = threads
        self.producers = threads // 2
        self.channel = queue.Queue(LENGTH)
        self.received = [None] * threads


def setup(size, threads):
    return State(size, threads)


def share(total, parts, index):
    """The range of numbers below total that part `index` of `parts` is in charge of."""
    return range(total * index // parts, total * (index + 1) // parts)


def work(state, thread_index):
    channel = state.channel
    total = state.size * state.threads
    received = [0, 0]
    if state.threads == 1:
        for i in range(total):
            channel.put(i)
            received[0] += channel.get()
            received[1] += 1
    elif thread_index < state.producers:
        for i in share(total, state.producers, thread_index):
            channel.put(i)
    else:
        consumers = state.threads - state.producers
        for _ in share(total, consumers, thread_index - state.producers):
            received[0] += channel.get()
            received[1] += 1
    state.received[thread_index] = received


def check(state, size, threads):
    total = size * threads
    if not state.channel.empty():
        raise ValueError("%d items were left in the queue" % state.channel.qsize())
    count = sum(received[1] for received in state.received)
    items = sum(received[0] for received in state.received)
    if count != total or items != total * (total - 1) // 2:
        raise ValueError("%d items summing to %d were received" % (count, items))
