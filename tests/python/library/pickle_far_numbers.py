# Numbers of the memo that no pickler gives.
import io
import pickle
import resource
import struct
import sys

resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def long_put(number):
    return b"r" + struct.pack("<I", number)


def long_get(number):
    return b"j" + struct.pack("<I", number)


def build(*numbers):
    data = b"("
    for number in numbers:
        data += b"](K" + bytes([number % 251]) + b"e" + long_put(number) + long_get(number)
    for number in reversed(numbers):
        data += long_get(number)
    return data + b"t."


for numbers in [(0,), (1, 0), (5000,), (40000, 3), (100, 60000, 50, 60000), (70000, 1), tuple(range(0, 9000, 700))]:
    for load in pickle.loads, pickle._loads:
        result = load(build(*numbers))
        print(len(result), result[:8], [a is b for a, b in zip(result, result[1:])][:8])

# A number that was far when it came, and is not when it comes again; MEMOIZE counts what is there.
data = b"(](K\x01e" + long_put(5000) + b"".join(b"](K\x02e" + b"p%d\n" % i for i in range(0, 5100, 3)) + long_get(5000) + b"t."
result = pickle.loads(data)
print(len(result), result[0], result[-1], result[-1] is result[0])
data = b"(]" + long_put(5000) + b"]\x94" + b"q\x00" + b"h\x01" + b"".join(b"Np%d\n" % i for i in range(0, 5001)) + long_get(5000) + b"t."
result = pickle.loads(data)
print(len(result), result[:4], result[-3:], result[1] is result[2])

unpickler = pickle.Unpickler(io.BytesIO(build(6000, 2, 9000)))
print(unpickler.load())
memo = unpickler.memo.copy()
print(sorted(memo.items()))
other = pickle.Unpickler(io.BytesIO(b"(" + b"j\x02\0\0\0" + long_get(6000) + long_get(9000) + b"t."))
other.memo = unpickler.memo
print(other.load())
unpickler.memo.clear()
print(unpickler.memo.copy())
for get in long_get(6000), b"g9000\n", b"g-1\n", b"g99999999999999\n", b"h\x07":
    try:
        pickle.loads(b"]" + long_put(5000) + get + b".")
    except pickle.UnpicklingError as e:
        print(e)

# CPython wants room for all numbers below.
far = (4_000_000_000, 5, 2_000_000_000)
if hasattr(sys.implementation, "finalisation"):
    print(pickle.loads(build(*far)))
else:
    print(pickle._loads(build(*far)))
