# What a mode says, in the native _stat.
import _stat
import stat

numbers = {name: value for name, value in vars(_stat).items() if isinstance(value, int)}
print(sorted(numbers.items()))
print(all(getattr(stat, name) == value for name, value in numbers.items()))
tests = sorted(name for name in vars(_stat) if name.startswith("S_IS") and callable(getattr(_stat, name)))
print(tests)
kinds = [getattr(_stat, name) for name in ("S_IFDIR", "S_IFCHR", "S_IFBLK", "S_IFREG", "S_IFIFO", "S_IFLNK", "S_IFSOCK")]
for mode in kinds + [0, 0o170000, 0o7777, 0o644, 0o4644, 0o4755, 0o2644, 0o2755, 0o1644, 0o1777, True]:
    print(oct(mode), _stat.filemode(mode), oct(_stat.S_IMODE(mode)), oct(_stat.S_IFMT(mode)), [name for name in tests if getattr(_stat, name)(mode)])
for wrong in (-1, 1 << 32, 1.5, "a", None):
    for function in (_stat.filemode, _stat.S_ISDIR, _stat.S_IMODE):
        try:
            print(function(wrong))
        except Exception as error:
            print(type(error).__name__, error)
