import sys


class C:
    def __init__(self, n): self.n = n
    def __del__(self): sys.stdout.write("del %s\n" % self.n)


module_level = C("global")
try:
    raise ValueError("kept")
except ValueError as e:
    pass
print("end of program")
