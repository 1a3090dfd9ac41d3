# BufferedRandom asks the raw file whether it can seek, then whether it can be read and written.
import io


class Raw(io.RawIOBase):
    def __init__(self, **answers):
        self.answers = answers

    def seekable(self):
        print("seekable?", end=" ")
        return self.answers.get("seekable", True)

    def readable(self):
        print("readable?", end=" ")
        return self.answers.get("readable", True)

    def writable(self):
        print("writable?", end=" ")
        return self.answers.get("writable", True)

    def seek(self, offset, whence=0):
        return 0

    def tell(self):
        return 0


for kind in io.BufferedRandom, io.BufferedReader, io.BufferedWriter:
    for answers in {}, {"seekable": False}, {"readable": False}, {"writable": False}:
        try:
            buffered = kind(Raw(**answers))
            print(kind.__name__, answers, "made")
            buffered.detach()
        except io.UnsupportedOperation as error:
            print(kind.__name__, answers, error)
    try:
        kind(5)
    except AttributeError as error:
        print(kind.__name__, error)
