# SPDX-License-Identifier: MIT
# needs: python3-chardet
"""Guesses the encoding of texts."""
import base64

import chardet
from chardet.universaldetector import UniversalDetector

TEXTS = {
    "russian": "Съешь же ещё этих мягких французских булок, да выпей чаю. Широкая электрификация южных губерний. " * 3,
    "greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Καλημέρα κόσμε, πώς είστε σήμερα; " * 4,
    "japanese": "いろはにほへと ちりぬるを わかよたれそ つねならむ。日本語の文章です。これは試験です。" * 3,
    "chinese": "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏" * 5,
    "korean": "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. " * 4,
    "german": "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. Falsches Üben von Xylophonmusik quält. " * 3,
    "hebrew": "דג סקרן שט בים מאוכזב ולפתע מצא חברה. איך הקליטה? " * 5,
    "english": "The quick brown fox jumps over the lazy dog. " * 5,
}
ENCODINGS = {"russian": ["koi8-r", "cp1251", "iso8859-5", "utf-8", "cp866"], "greek": ["iso8859-7", "cp1253", "utf-16"],
             "japanese": ["utf-8"], "chinese": ["utf-8-sig"],
             "korean": ["utf-32"], "german": ["latin-1", "utf-8"], "hebrew": ["cp1255"], "english": ["ascii", "utf-16-le"]}
BYTES = {
    "shift_jis": "gqKC64LNgsmC2YLWgsYggr+C6ILKgumC8CCC7YKpguaCvYLqgrsggsKCy4LIgueC3oFCk/qWe4zqgsyVto/NgsWCt4FCgrGC6oLNjo4=",
    "euc_jp": "pKSk7aTPpMuk26TYpMggpMGk6qTMpOuk8iCk76SrpOikv6TspL0gpMSkzaTKpOmk4KGjxvzL3LjspM7KuL7PpMekuaGjpLOk7KTPu+4=",
    "iso2022_jp": "GyRCJCQkbSRPJEskWyRYJEgbKEIgGyRCJEEkaiRMJGskchsoQiAbJEIkbyQrJGgkPyRsJD0bKEIgGyRCJEQkTSRKJGkkYCEjRnxLXDhsJE5KOD5PJEckOSEjJDMkbCRPO24bKEI=",
    "big5": "pNGmYaXItsCmdKl6rHiv7qTppOus1czKqLCxSqZDsWm0SKjTtLupuazupqylVsLDpNGmYaXItsCmdKl6rHiv7qTppOus1czKqLCxSqZDsWk=",
    "euc_kr": "xbC9usDHILDtwK/BtrDHwLogwNS8+rOiuK4guLizqr7fIMfPsO0gxq+6sMfRILHivPrAuiDHyr/kxKEgvsq02S4gxbC9ug==",
}
for name, text in TEXTS.items():
    for encoding in ENCODINGS[name]:
        data = text.encode(encoding)
        print(name, encoding, chardet.detect(data), chardet.detect_all(data)[:3])
for encoding, text in BYTES.items():
    data = base64.b64decode(text)
    print(encoding, chardet.detect(data * 3), chardet.detect_all(data * 3)[:3])
detector = UniversalDetector()
for start in range(0, 400, 20):
    detector.feed(TEXTS["russian"].encode("koi8-r")[start:start + 20])
    if detector.done:
        break
print(detector.close())
