# tell() and seek() within what a decoder of codecs reads.
import codecs
import io

TEXT = "Añb\r\nçd\nefg\rhi\r\r\njklmno\n" * 3
for encoding in ("cp1252", "utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig", "iso8859-15", "raw_unicode_escape"):
    data = TEXT.encode(encoding)
    for newline in (None, "", "\n", "\r\n"):
        for chunk in (1, 3, 8, 8192):
            file = io.TextIOWrapper(io.BytesIO(data), encoding, newline=newline)
            file._CHUNK_SIZE = chunk
            whole = file.read()
            good = 0
            places = []
            for i in range(0, len(whole) + 1, 1 if chunk == 8192 else 5):
                file.seek(0)
                head = file.read(i)
                place = file.tell()
                places.append(place)
                again = file.read(4) == whole[i:i + 4]
                file.seek(place)
                good += head == whole[:i] and again and file.read() == whole[i:]
            print(encoding, repr(newline), chunk, good, len(places))
            if chunk == 8192 and newline == "\n" and encoding in ("cp1252", "utf-16-le", "iso8859-15"):
                print(places)

file = io.TextIOWrapper(io.BytesIO(TEXT.encode("utf-16")), "utf-16")
print(file.readline(), file.tell(), file.seek(0, 1) == file.tell(), file.readline(), file.newlines)
for wrong in (-1 << 200, 1 << 300, "a"):
    try:
        print(file.seek(wrong))
    except Exception as error:
        print(type(error).__name__)
