import gc


class C:
    def __del__(self):
        raise ValueError("in del")


c = C()
del c
gc.collect()
print("continues")
