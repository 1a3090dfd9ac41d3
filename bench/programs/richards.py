# SPDX-License-Identifier: MIT
"""A small operating system's scheduler: polymorphic methods, linked lists, flags in attributes.

The algorithm is Martin Richards' benchmark of 1980: six tasks pass packets to each other. The
number of packets queued and of times a task was held is known, whatever the language.
"""

SIZE_QUICK = 3
SIZE_FULL = 30

TICKS = 10_000
KNOWN = (23246, 9297)

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
DEVICE_PACKET, WORK_PACKET = range(2)
BUFFER = 4


class Packet:
    def __init__(self, next_packet, owner, kind):
        self.next = next_packet
        self.owner = owner
        self.kind = kind
        self.position = 0
        self.data = [0] * BUFFER

    def append_to(self, queue):
        """Puts this packet at the end of a linked queue and returns the queue."""
        self.next = None
        if queue is None:
            return self
        last = queue
        while last.next is not None:
            last = last.next
        last.next = self
        return queue


class Task:
    def __init__(self, system, identity, priority, queue, waiting):
        self.system = system
        self.identity = identity
        self.priority = priority
        self.queue = queue
        self.packet_pending = queue is not None
        self.waiting = waiting
        self.held = False
        system.add(self)

    def is_blocked(self):
        return self.held or (self.waiting and not self.packet_pending)

    def receive(self, packet, sender):
        """Takes a packet from `sender`; returns the task to go on with."""
        if self.queue is None:
            self.queue = packet
            self.packet_pending = True
            if self.priority > sender.priority:
                return self
        else:
            packet.append_to(self.queue)
        return sender

    def resume(self):
        """Runs until the task gives way; returns the next task to look at."""
        packet = None
        if self.waiting and self.packet_pending:
            packet = self.queue
            self.queue = packet.next
            self.waiting = False
            self.packet_pending = self.queue is not None
        return self.step(packet)

    def wait(self):
        self.waiting = True
        return self

    def hold(self):
        self.system.holds += 1
        self.held = True
        return self.follower

    def release(self, identity):
        task = self.system.tasks[identity]
        task.held = False
        if task.priority > self.priority:
            return task
        return self

    def send(self, packet):
        task = self.system.tasks[packet.owner]
        self.system.sent += 1
        packet.next = None
        packet.owner = self.identity
        return task.receive(packet, self)


class IdleTask(Task):
    """Sets one of the two devices free at each turn, chosen by a shift register."""

    def __init__(self, system, ticks):
        Task.__init__(self, system, IDLE, 0, None, False)
        self.register = 1
        self.ticks = ticks

    def step(self, packet):
        self.ticks -= 1
        if self.ticks == 0:
            return self.hold()
        if self.register & 1:
            self.register = self.register >> 1 ^ 0xD008
            return self.release(DEVICE_B)
        self.register >>= 1
        return self.release(DEVICE_A)


class WorkerTask(Task):
    """Fills packets with letters and sends them to the two handlers by turns."""

    def __init__(self, system, queue):
        Task.__init__(self, system, WORKER, 1000, queue, True)
        self.destination = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.owner = self.destination
        packet.position = 0
        for i in range(BUFFER):
            self.letter += 1
            if self.letter > 26:
                self.letter = 1
            packet.data[i] = 64 + self.letter
        return self.send(packet)


class HandlerTask(Task):
    """Hands the letters of work packets, one by one, to a device."""

    def __init__(self, system, identity, priority, queue):
        Task.__init__(self, system, identity, priority, queue, True)
        self.work = None
        self.devices = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == WORK_PACKET:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is not None:
            if work.position >= BUFFER:
                self.work = work.next
                return self.send(work)
            device = self.devices
            if device is not None:
                self.devices = device.next
                device.position = work.data[work.position]
                work.position += 1
                return self.send(device)
        return self.wait()


class DeviceTask(Task):
    """Keeps a packet until the idle task lets the device go on, then sends it back."""

    def __init__(self, system, identity, priority):
        Task.__init__(self, system, identity, priority, None, True)
        self.pending = None

    def step(self, packet):
        if packet is None:
            packet = self.pending
            if packet is None:
                return self.wait()
            self.pending = None
            return self.send(packet)
        self.pending = packet
        return self.hold()


class System:
    def __init__(self):
        self.tasks = [None] * 6
        self.first = None
        self.sent = 0
        self.holds = 0

    def add(self, task):
        task.follower = self.first
        self.first = task
        self.tasks[task.identity] = task

    def schedule(self):
        task = self.first
        while task is not None:
            if task.is_blocked():
                task = task.follower
            else:
                task = task.resume()


def simulate(ticks):
    system = System()
    IdleTask(system, ticks)
    work = Packet(None, 0, WORK_PACKET)
    work = Packet(work, 0, WORK_PACKET)
    WorkerTask(system, work)
    for handler, device, priority in ((HANDLER_A, DEVICE_A, 2000), (HANDLER_B, DEVICE_B, 3000)):
        queue = None
        for _ in range(3):
            queue = Packet(queue, device, DEVICE_PACKET)
        HandlerTask(system, handler, priority, queue)
    DeviceTask(system, DEVICE_A, 4000)
    DeviceTask(system, DEVICE_B, 5000)
    system.schedule()
    return system.sent, system.holds


def run(size):
    return [simulate(TICKS) for _ in range(size)]


def check(size, result):
    if result != [KNOWN] * size:
        raise ValueError("%r is not %r %d times" % (result, KNOWN, size))
