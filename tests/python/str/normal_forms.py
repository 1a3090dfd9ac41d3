# Normal forms, also of what is in one already, and of every character alone and behind another.
import unicodedata
for f in ('NFC', 'NFD', 'NFKC', 'NFKD'):
    for t in ('abc', '\xe9', 'e\u0301', '\u20ac', '\u1e9b\u0323', '\uac00', '\u1100\u1161', '\u0340', '\u0344', '\ufb01', 'a\u0315\u0300', '\u0958', 'x' * 20 + '\u0301', '\u212b', 'Der br\xe4un \u20ac'):
        print(f, ascii(unicodedata.normalize(f, t)), unicodedata.is_normalized(f, t), ascii(unicodedata.ucd_3_2_0.normalize(f, t)), unicodedata.ucd_3_2_0.is_normalized(f, t))

import zlib

for f in ('NFC', 'NFD', 'NFKC', 'NFKD'):
    crc = yes = 0
    for start, stop in ((0, 0x3400), (0xa600, 0xac80), (0xd780, 0xd7ff), (0xf900, 0x10200), (0x11000, 0x11a00), (0x1d100, 0x1d200), (0x2f7f0, 0x2fa30)):
        for p in range(start, stop):
            for t in (chr(p), 'a' + chr(p), '\u0315' + chr(p)) if 0x300 <= p < 0x380 or p > 0xa600 else (chr(p),):
                n = unicodedata.normalize(f, t)
                crc = zlib.crc32(n.encode('utf-8'), crc)
                known = unicodedata.is_normalized(f, t)
                yes += known
                assert known == (n == t), ascii(t)
    print(f, crc, yes)
same = 'x\xe9\u20ac' * 3
print(unicodedata.normalize('NFC', same) is same)
