# SPDX-License-Identifier: MIT
# needs: python3-twisted
"""Deferreds, a line protocol between a server and a client in one reactor, a task, a thread pool."""
import threading

from twisted.internet import defer, protocol, reactor, task, threads
from twisted.protocols import basic
from twisted.python.failure import Failure


class Server(basic.LineReceiver):
    def lineReceived(self, line):
        if line == b"raw":
            self.left = 5
            self.setRawMode()
        else:
            self.sendLine(b"got " + line)

    def rawDataReceived(self, data):
        data, rest = data[: self.left], data[self.left :]
        self.left -= len(data)
        self.transport.write(data.swapcase())
        if self.left == 0:
            self.transport.write(b"\r\n")
            self.setLineMode(rest)


class Client(basic.LineReceiver):
    def connectionMade(self):
        self.answers = []
        self.sendLine(b"one")

    def lineReceived(self, line):
        self.answers.append(line)
        if len(self.answers) == 1:
            self.transport.write(b"raw\r\nab")
            reactor.callLater(0.01, self.transport.write, b"CdEtwo\r\n")
        elif len(self.answers) == 3:
            self.factory.done.callback(self.answers)
            self.transport.loseConnection()


@defer.inlineCallbacks
def steps():
    number = yield task.deferLater(reactor, 0.001, lambda: 5)
    try:
        yield defer.fail(ValueError(number))
    except ValueError as error:
        print("caught", error)
    results = yield defer.gatherResults([threads.deferToThread(pow, 2, i) for i in range(8)])
    print("threads", results)
    inside = yield threads.deferToThread(lambda: threading.current_thread() is not threading.main_thread())
    first = yield defer.DeferredList([defer.succeed(1), defer.fail(KeyError("k"))], consumeErrors=True)
    print(inside, [(fine, value if fine else value.type.__name__) for fine, value in first])
    return number * 2


async def more():
    lock = defer.DeferredLock()
    await lock.acquire()
    waiting = lock.acquire()
    print("locked", lock.locked, waiting.called)
    lock.release()
    print("then", waiting.called)
    return "more"


@defer.inlineCallbacks
def everything():
    print((yield steps()), (yield defer.ensureDeferred(more())))
    listening = reactor.listenTCP(0, protocol.Factory.forProtocol(Server), interface="127.0.0.1")
    factory = protocol.ClientFactory.forProtocol(Client)
    factory.done = defer.Deferred()
    reactor.connectTCP("127.0.0.1", listening.getHost().port, factory)
    print((yield factory.done))
    yield listening.stopListening()
    turns = []
    loop = task.LoopingCall(lambda: turns.append(1) if len(turns) < 4 else loop.stop())
    yield loop.start(0.001)
    print("turns", len(turns))
    clock = task.Clock()
    calls = []
    for delay in (3, 1, 2):
        clock.callLater(delay, calls.append, delay)
    clock.pump([1, 1, 1])
    print(calls)


def end(result):
    if isinstance(result, Failure):
        result.printTraceback()
    reactor.stop()


reactor.callWhenRunning(lambda: everything().addBoth(end))
reactor.run()
