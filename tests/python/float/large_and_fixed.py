# Whole floats too large for 64 bits, in fixed notation.
import random
r = random.Random(5)
for e in (53, 54, 63, 64, 65, 84, 85, 86, 95, 96, 117, 128, 200, 512, 1000, 1022, 1023):
    x = 2.0 ** e
    for v in (x, x + x / 2, x * (2 - 2.0 ** -52), -x):
        print('%.0f %.2f' % (v, v), format(v, '#.0f'), format(v, ',.1f'), f'{v:.25f}')
for k in range(16, 309):
    print('%f' % float('1e%d' % k))
bad = 0
for i in range(3000):
    v = r.random() * 10.0 ** r.randrange(15, 308)
    if v >= 2.0 ** 53:
        bad += f'{v:.0f}' != str(int(v))
        bad += '%.3f' % v != str(int(v)) + '.000'
print(bad)
print('%.400f' % 1.7976931348623157e308)
print(round(1e300, 2), f'{1e20:030.2f}', f'{-1e22:+,.3f}')
