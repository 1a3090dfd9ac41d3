# TextIOWrapper._CHUNK_SIZE: how much a read takes from the buffer, and how much a write keeps back.
import io


def show(file, raw, action):
    try:
        print(ascii(action()), raw.tell())
    except Exception as e:
        print(type(e).__name__, e)


for size in (1, 4, 7, 100, 8192):
    raw = io.BytesIO(b"abc\n\xc3\xa9t\xc3\xa9\r\n" * 30)
    file = io.TextIOWrapper(raw, encoding="utf-8")
    show(file, raw, lambda: file._CHUNK_SIZE)
    file._CHUNK_SIZE = size
    for action in (lambda: file._CHUNK_SIZE, file.readline, lambda: file.read(1), lambda: file.readline(), file.tell, lambda: file.read(20),
                   lambda: file.write("x"), lambda: file.write("yy"), lambda: file.write("zzzz\n"), lambda: file.writelines(["a", "b\xe9"]), file.flush,
                   lambda: file.write("b" * 9), file.tell, lambda: file.seek(3), lambda: next(file)):
        show(file, raw, action)
for size in (0, -1, "a", None, 1.5, True):
    show(file, raw, lambda: setattr(file, "_CHUNK_SIZE", size))
show(file, raw, lambda: delattr(file, "_CHUNK_SIZE"))
show(file, raw, lambda: file._CHUNK_SIZE)
file.detach()
show(file, raw, lambda: file._CHUNK_SIZE)
show(file, raw, lambda: setattr(file, "_CHUNK_SIZE", 5))
bare = io.TextIOWrapper.__new__(io.TextIOWrapper)
show(bare, raw, lambda: bare._CHUNK_SIZE)
