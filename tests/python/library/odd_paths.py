# What functions that take a path, a descriptor or either say of odd ones: negative and huge numbers, texts with NUL,
# objects that are a path, or say so.
import os
import re
import warnings
warnings.simplefilter("ignore")


class Path:
    def __init__(self, value):
        self.value = value

    def __fspath__(self):
        return self.value

    def __repr__(self):
        return "Path(%r)" % (self.value,)


class Index:
    def __index__(self):
        return 7777


class BadIndex:
    def __index__(self):
        return "x"


class Failing:
    def __fspath__(self):
        raise KeyError("asked")


class Text(str):
    pass


NAMES = ("/missing/a", b"/missing/a", bytearray(b"/missing/a"), Path("/missing/a"), Path(b"/missing/a"), Path(1), Path(None),
         Path("a\0b"), Path(bytearray(b"x")), Path(Path("x")), "a\0b", b"a\0b", Text("/missing/a"), "", b"", "\ud800", "x" * 300)
NUMBERS = (-1, -2, -100, 7777, 2**31, 2**31 - 1, -2**31 - 1, 2**32, 2**63, -2**63 - 1, 10**30, Index(), BadIndex())
OTHERS = (1.5, None, [], (), object, Failing(), 3 + 4j)


def shown(v):
    return re.sub("0x[0-9a-f]+", "0x", ascii(v))[:120]


def attempt(name, function, v):
    try:
        result = function(v)
    except Exception as error:
        print(name, shown(v), type(error).__name__, shown(str(error)), shown(getattr(error, "filename", None)),
              shown(getattr(error, "filename2", None)))
    else:
        print(name, shown(v), type(result).__name__)


def table(values, **functions):
    for name, function in functions.items():
        for v in values:
            attempt(name, function, v)


EITHER = dict(
    stat=os.stat, chmod=lambda v: os.chmod(v, 0o644), chown=lambda v: os.chown(v, -1, -1), chdir=os.chdir,
    truncate=lambda v: os.truncate(v, 0), statvfs=os.statvfs, getxattr=lambda v: os.getxattr(v, "user.x"),
    removexattr=lambda v: os.removexattr(v, "user.x"), execve=lambda v: os.execve(v, ["x"], {}), getsize=os.path.getsize,
    exists=os.path.exists, no_follow=lambda v: os.stat(v, follow_symlinks=False))
PATH = dict(
    lstat=os.lstat, mkdir=os.mkdir, rmdir=os.rmdir, unlink=os.unlink, readlink=os.readlink, lchown=lambda v: os.lchown(v, -1, -1),
    rename=lambda v: os.rename(v, v), symlink=lambda v: os.symlink(v, "/missing/b"), link=lambda v: os.link(v, "/missing/b"),
    open=lambda v: os.open(v, os.O_RDONLY), access=lambda v: os.access(v, 0), fspath=os.fspath, fsencode=os.fsencode,
    execv=lambda v: os.execv(v, ["x"]), attribute=lambda v: os.getxattr("/missing/a", v),
    spawn=lambda v: os.posix_spawn(v, ["x"], {}))
table(NAMES + NUMBERS + OTHERS, **EITHER)
table(NAMES + NUMBERS + OTHERS, **PATH)
table(NUMBERS[1:], utime=os.utime)
table(("/missing/a", b"/missing/a", Path("/missing/a")), utime=os.utime, mknod=os.mknod, mkfifo=os.mkfifo)
table(NAMES + NUMBERS + OTHERS[:1] + OTHERS[2:], listdir=os.listdir, scandir=lambda v: os.scandir(v).close())
table(NUMBERS + OTHERS, fstat=os.fstat, fchdir=os.fchdir, fsync=os.fsync, dup=os.dup, eventfd_read=os.eventfd_read,
      dir_fd=lambda v: os.open("missing", 0, dir_fd=v), chown_to=lambda v: os.chown("/missing/a", v, -1))
table(NAMES + NUMBERS + OTHERS, builtin_open=open, io_open=lambda v: open(v, "rb", 0),
      opener=lambda v: open("/missing/a", opener=lambda name, flags: v))
table(("\ud800", "SC_MISSING", 1.5, 2**31), sysconf=os.sysconf)
