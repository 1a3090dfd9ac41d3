# SPDX-License-Identifier: MIT
# More formats than the module remembers, used first by several threads at once: each format means itself.
import struct
import threading

FORMATS = ["%s%d%s%s" % (order, count, letter, last) for order in "<>" for count in range(1, 30)
           for letter, last in (("H", "B"), ("i", "q"), ("x", "I"))]
gate = threading.Barrier(4)
answers = []


def values(text):
    items = struct.calcsize("=" + text[1:]) and len(struct.unpack(text, bytes(struct.calcsize(text))))
    return [n % 100 for n in range(items)]


def work():
    gate.wait()
    seen = []
    for _ in range(3):
        for text in FORMATS:
            numbers = values(text)
            packed = struct.pack(text, *numbers)
            buffer = bytearray(len(packed) + 4)
            struct.pack_into(text, buffer, 2, *numbers)
            seen.append((struct.calcsize(text), packed, bytes(buffer[2:-2]) == packed,
                         struct.unpack_from(text, buffer, 2) == tuple(numbers),
                         struct.unpack(text.encode(), packed) == tuple(numbers)))
    answers.append(seen)


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(answers), all(seen == answers[0] for seen in answers))
for size, packed, *good in answers[0][:len(FORMATS)]:
    print(size, packed[:6].hex(), packed[-9:].hex(), good)
struct._clearcache()
print(struct.pack(">3HB", 1, 2, 3, 4), struct.calcsize(b">3HB"), struct.calcsize(">3HB"))
for wrong in (">3H%", "3", ">\u20ac", "3H\0", 7):
    for _ in range(2):
        try:
            struct.calcsize(wrong)
        except (struct.error, TypeError, UnicodeError) as error:
            print(type(error).__name__)
