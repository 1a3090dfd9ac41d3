# SPDX-License-Identifier: MIT
# needs: python3-idna
"""Names of hosts in other scripts, there and back."""
import idna
from idna import package_data, uts46data

for name in ("ドメイン.テスト", "faß.de", "Königsgäßchen", "xn--zckzah", "a.b-c.d", "☃.net", "ليهمابتكلموشعربي؟", "παράδειγμα", "-bad-", "a" * 64, "", "ab--cd", "שלום", "1א", "·l", "ل\u200dا", "नी\u200dक"):
    for options in ({}, {"uts46": True}, {"uts46": True, "transitional": True, "std3_rules": True}):
        try:
            encoded = idna.encode(name, **options)
            print(repr(name), encoded, idna.decode(encoded))
        except idna.IDNAError as error:
            print(repr(name), type(error).__name__, error)
for data in (b"xn--eckwd4c7c.xn--zckzah", "xn--0", "xn--a-ecp.ru", b"\xff", "xn--ls8h.la"):
    try:
        print(idna.decode(data))
    except (idna.IDNAError, UnicodeError) as error:
        print(type(error).__name__, error)
print(idna.uts46_remap("KÖNIG ①ﬁ½", False), "bücher.example".encode("idna"), b"xn--bcher-kva".decode("idna"), len(uts46data.uts46data), bool(package_data))
print(sum(len(idna.encode(f"bücher{i}.größe")) for i in range(400)), idna.valid_contexto("l·l", 1), idna.check_bidi("אב"))
