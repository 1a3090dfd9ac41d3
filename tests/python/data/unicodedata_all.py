# unicodedata over all characters, now and as of 3.2: a checksum a block, so that a difference can be found.
import binascii
import unicodedata as new

old = new.ucd_3_2_0
print(new.unidata_version, old.unidata_version, type(old))
for block in range(0, 0x110000, 0x4000):
    sums = []
    chars = [chr(i) for i in range(block, block + 0x4000)]
    for u in new, old:
        for f in u.category, u.bidirectional, u.combining, u.mirrored, u.east_asian_width, u.decomposition:
            sums.append(binascii.crc32(",".join([str(f(c)) for c in chars]).encode()))
        for f in u.decimal, u.digit, u.numeric, u.name:
            sums.append(binascii.crc32(",".join([str(f(c, "-")) for c in chars]).encode()))
        for form in "NFC", "NFD", "NFKC", "NFKD":
            sums.append(binascii.crc32(",".join([u.normalize(form, c) for c in chars]).encode("utf-8", "surrogatepass")))
    print(hex(block), *["%x" % s for s in sums])
found = 0
for i in range(0x110000):
    name = new.name(chr(i), None)
    if name is not None:
        found += new.lookup(name) == chr(i)
print(found)
