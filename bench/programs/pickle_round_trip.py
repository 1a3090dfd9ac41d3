# SPDX-License-Identifier: MIT
"""The pickle module: instances, dicts, lists and shared strings to bytes and back, in the newest protocol and protocol 2."""
import pickle
import sys
import types

SIZE_QUICK = 5_000
SIZE_FULL = 60_000


class Span:
    __slots__ = "begin", "end"

    def __init__(self, begin, end):
        self.begin, self.end = begin, end


class Node:
    def __init__(self, number, state, owner):
        self.number = number
        self.name = "node%d" % number
        self.owner = owner
        self.span = Span(state & 255, state)
        self.notes = {"weight": state / 1024, "key": b"%d" % state, "pair": (number, owner)}
        self.numbers = list(range(number, number + 12))


# Pickles name the classes' module, which the driver does not make known, and loads once a thread: so
# each copy of the classes gets a module of its own.
HOME = types.ModuleType("pickle_round_trip_%d" % id(Span))
HOME.Span, HOME.Node = Span, Node
Span.__module__ = Node.__module__ = HOME.__name__
sys.modules[HOME.__name__] = HOME


def make_nodes(count):
    state = 7
    nodes, owners = [], ["owner%d" % i for i in range(20)]
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 4294967296
        nodes.append(Node(i, state, owners[(state >> 16) % 20]))
    return nodes


def run(size):
    nodes = make_nodes(size)
    data = pickle.dumps(nodes, pickle.HIGHEST_PROTOCOL)
    back = pickle.loads(data)
    tables = [{**vars(node), "span": (node.span.begin, node.span.end)} for node in back]
    old = pickle.dumps(tables, 2)
    again = pickle.loads(old)
    return nodes, data, back, tables, old, again


def check(size, result):
    nodes, data, back, tables, old, again = result
    if again != tables or len(again) != size:
        raise ValueError("the tables did not come back")
    for node, copy in zip(nodes, back, strict=True):
        if (node.number, node.name, node.notes, node.numbers) != (copy.number, copy.name, copy.notes, copy.numbers):
            raise ValueError("node %d is not what it was" % node.number)
        if (node.span.begin, node.span.end) != (copy.span.begin, copy.span.end):
            raise ValueError("the span of node %d is not what it was" % node.number)
        if copy.owner is not copy.notes["pair"][1]:
            raise ValueError("an owner was doubled")
    if len({id(copy.owner) for copy in back}) > 20:
        raise ValueError("owners were doubled")
    if data[:2] != b"\x80\x05" or old[:2] != b"\x80\x02" or len(data) >= len(old) * 2:
        raise ValueError("the pickles have %d and %d bytes" % (len(data), len(old)))
