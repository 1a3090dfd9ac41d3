class C:
    def __class_getitem__(cls, k):
        return cls.__name__, k


class D(C):
    pass


print(C[1], D["x"], C[1, 2], C[1:2])
print(list[int], dict[str, int], tuple[int, ...], list[int] == list[int], type(list[int]).__name__)
print(list[int]([1, 2]), list[int].__origin__, list[int].__args__)


class E:
    pass


for f in (lambda: E[1], lambda: int[1], lambda: E()[1]):
    try:
        f()
    except TypeError as e:
        print(e)
print(isinstance([], list), int | str, isinstance(1, int | str), int | None)
