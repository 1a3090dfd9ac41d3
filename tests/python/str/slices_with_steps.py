# Every second character, backwards and other steps, of each width and about the lengths at which
# the ways to copy them change.
texts = ["abcdefghijklmnopqrstuvwxyz0123456789" * 3, "abc\xe4\xf6d" * 17, "ab\u20acc\u4e2d" * 20, "a\U0001f600bc\u20ac\xe4" * 17]
wrong = 0
for text in texts:
    units = list(text)
    for length in (0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 34, 35, 63, 64, 65, 66, 100):
        part, list_part = text[:length], units[:length]
        for step in (2, -1, -2, 3, -3, 5, 16, -17, 1, 200):
            for start in (None, 0, 1, 2, -1, -2, 5):
                for stop in (None, 3, -1, -3):
                    got = part[start:stop:step]
                    if got != "".join(list_part[start:stop:step]) or hash(got) != hash("".join(list_part[start:stop:step])):
                        wrong += 1
                        print("wrong", ascii(part), start, stop, step, ascii(got))
print(wrong)
# A slice is as narrow as its characters.
import sys
plain = sys.getsizeof("abcdefgh")
for text in ("a\u20acb\u20acc\u20acd\u20ace\u20acf\u20acg\u20ach\u20ac", "a\U0001f600" "b\U0001f600" "c\U0001f600" "d\U0001f600" "e\U0001f600" "f\U0001f600" "g\U0001f600" "h\U0001f600", "a\xe4b\xe4c\xe4d\xe4e\xe4f\xe4g\xe4h\xe4"):
    print(text[::2], text[::2].isascii(), sys.getsizeof(text[::2]) == plain, ascii(text[1::2]), ascii(text[::-1]))


class S(str):
    pass


print(type(S("abcdef")[::2]), S("abcdef")[::-1], S("a\u20acb")[::-2])
data = bytes(range(256)) * 2
for step in (2, -1, -2, 3, 7):
    for length in (0, 1, 15, 16, 17, 33, 34, 40, 500):
        part = data[:length]
        if part[::step] != bytes(list(part)[::step]) or bytearray(part)[::step] != part[::step] or part[1:-1:step] != bytes(list(part)[1:-1:step]):
            print("wrong", length, step)
print(data[::2][:5], data[::-1][:5], bytearray(data)[::2][-5:], bytearray(data)[::-1][-5:])
