# A memoryview that a finaliser releases gives its buffer back at once, whatever the collector has in hand.
import array
import gc
import mmap


class User:
    def __init__(self, what, change):
        self.what, self.change = what, change
        self.view = memoryview(what)
        self.part = self.view[1:3]
        self.me = self

    def __del__(self):
        for view in (self.view, self.part):
            try:
                self.change(self.what)
                print(type(self.what).__name__, "was not in use")
            except BufferError:
                print(type(self.what).__name__, "in use")
            view.release()
        self.change(self.what)
        print("done")


for make in (lambda: (bytearray(b"bytes"), lambda a: a.append(1)),
             lambda: (array.array("i", range(5)), lambda a: a.append(1)),
             lambda: (mmap.mmap(-1, 100), lambda m: m.close())):
    u = User(*make())
    del u
    gc.collect()


class Owner:
    def __init__(self, name):
        self.name = name
        self.memory = mmap.mmap(-1, 100)
        self.view = memoryview(self.memory)

    def __del__(self):
        self.view.release()
        self.view = None
        self.memory.close()
        print(self.name, "closed")


o = Owner("one that is dropped")
del o
gc.collect()

# Views that nobody has are in nobody's way, though all be found dead together. (A collector that looks at the machine's
# stack may meet a few of the dead there.)
closed = []


class Dropping:
    def __init__(self):
        self.memory = mmap.mmap(-1, 100)
        self.view = memoryview(self.memory)
        self.view[1:3]
        self.me = self

    def __del__(self):
        self.view.release()
        try:
            self.memory.close()
            closed.append(1)
        except BufferError:
            pass


for i in range(60):
    Dropping()
gc.collect()
print(len(closed) > 30)

# What is compared or assigned from is in use no longer than that.
a = bytearray(b"abc")
v = memoryview(b"abc")
print(v == a, a == v)
a.append(1)
w = memoryview(bytearray(3))
w[:] = b = bytearray(b"xyz")
b.append(1)
w[1:] = w[:2]
print(bytes(w), a, b)
try:
    w[:] = bytearray(2)
except ValueError as e:
    print(e)
c = w.obj
w.release()
c.append(1)
print(c)

# The others keep the buffer.
d = bytearray(b"shared")
v = memoryview(d)
with v[1:] as w, v.cast("b") as x, v.toreadonly() as y:
    v.release()
    print(bytes(w), list(x), y.tobytes())
    try:
        d.append(1)
    except BufferError as e:
        print("in use")
    for use in (lambda: v[0], lambda: v[1:], lambda: memoryview(v), lambda: v.tolist()):
        try:
            print(use())
        except ValueError as e:
            print(e)
d.append(1)
print(d)
