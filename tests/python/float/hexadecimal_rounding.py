# float.fromhex gives the nearest float, ties to even, below the normal ones too.
import random

for text in ("0x0.ffffffffffffecp-1022", "0x0.fffffffffffff8p-1022", "0x0.fffffffffffff7p-1022", "0x1p-1074", "0x0.8p-1074",
             "0x0.80001p-1074", "0x1.8p-1074", "0x0.7ffffffffffffffffffffp-1074", "0x1.fffffffffffff7p1023",
             "0x1.00000000000008p0", "0x1.000000000000080000000000000000000001p0", "0x1.00000000000018p0",
             "0x123456789abcdef0123456789abcdefp-40", "0x.0000000000000000000000000000000000000000001p200",
             "0x1p-99999999999999999999", "0x0p99999999999999999999", "-0x1.8p1", "0xffffffffffffffffffffffff", "0x10."):
    print(text, float.fromhex(text).hex())
for text in "0x1.fffffffffffff8p1023", "0x1p1024", "0x1p99999999999999999999":
    try:
        print(float.fromhex(text))
    except OverflowError as error:
        print(text, error)

generator = random.Random(5)
for _ in range(2000):
    digits = "".join(generator.choice("0123456789abcdef") for _ in range(generator.randrange(1, 24)))
    point = generator.randrange(len(digits) + 1)
    text = f"0x{digits[:point]}.{digits[point:]}p{generator.choice((0, -1022, -1060, -1080, 900)) + generator.randrange(60)}"
    print(float.fromhex(text).hex())
