# SPDX-License-Identifier: MIT
"""The struct module: records packed, put into a buffer, and unpacked in three ways."""
import struct

SIZE_QUICK = 40_000
SIZE_FULL = 400_000

RECORD = struct.Struct("<IhB?d4s")


def run(size):
    packed = []
    for i in range(size):
        packed.append(RECORD.pack(i * 7919 % 4294967296, i % 65536 - 32768, i % 256, i % 3 == 0, i / 4, b"tag%d" % (i % 10)))
    data = b"".join(packed)
    total = 0
    for number, small, byte, flag, value, tag in RECORD.iter_unpack(data):
        total += number + small + byte + flag + int(value) + tag[3]
    headers = bytearray(8 * size)
    for i in range(size):
        struct.pack_into(">HHI", headers, 8 * i, i & 0xffff, 0xcafe, i)
    odd = 0
    for i in range(size):
        low, magic, number = struct.unpack_from(">HHI", headers, 8 * i)
        if magic == 0xcafe and low == number & 0xffff:
            odd += number & 1
    return data, total, headers, odd


def check(size, result):
    data, total, headers, odd = result
    if len(data) != size * RECORD.size or RECORD.size != 20 or len(headers) != 8 * size:
        raise ValueError("%d and %d bytes" % (len(data), len(headers)))
    if odd != size // 2:
        raise ValueError("%d odd numbers" % odd)
    expected = sum(i * 7919 % 4294967296 + i % 65536 - 32768 + i % 256 + (i % 3 == 0) + i // 4 + 48 + i % 10 for i in range(size))
    if total != expected:
        raise ValueError("the sum is %d, not %d" % (total, expected))
