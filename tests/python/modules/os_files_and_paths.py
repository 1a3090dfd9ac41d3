import os
os.mkdir("d"); os.makedirs("a/b/c")
with open("d/f.txt", "w") as f:
    f.write("12345")
print(sorted(os.listdir(".")), os.listdir("d"), os.path.exists("d/f.txt"), os.path.isdir("d"), os.path.isfile("d"), os.path.getsize("d/f.txt"), os.stat("d/f.txt").st_size, os.path.exists("nope"))
os.rename("d/f.txt", "d/g.txt"); print(os.listdir("d")); os.replace("d/g.txt", "h.txt"); os.remove("h.txt"); os.rmdir("d"); os.removedirs("a/b/c"); print(os.listdir("."))
print(os.path.join("a", "b", "/c", "d"), os.path.join("a", ""), os.path.split("/a/b.c"), os.path.splitext("x/y.tar.gz"), os.path.basename("/a/b/"), os.path.dirname("/a/b"), os.path.normpath("a//b/../c/./d"), os.path.isabs("/a"), os.path.commonprefix(["abc", "abd"]), os.path.relpath("/a/b", "/a/c"), os.path.abspath("/x/../y"), os.path.expanduser("/q"), os.sep, os.linesep, os.curdir, os.pardir, os.pathsep, os.name, os.devnull)
for f in (lambda: os.remove("nope"), lambda: os.mkdir("/proc/x/y"), lambda: os.rmdir("nope"), lambda: os.listdir("nope"), lambda: os.stat("nope"), lambda: os.rename("nope", "x"), lambda: os.chdir("nope"), lambda: os.environ["NOPE_XYZ"], lambda: os.mkdir("."), lambda: os.stat(1.5), lambda: os.listdir(5.5), lambda: open("a\0b"), lambda: os.close(9999)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
os.environ["MY_VAR"] = "v1"; print(os.environ["MY_VAR"], os.getenv("MY_VAR"), os.getenv("NOPE", "d"), "MY_VAR" in os.environ, os.environ.get("NOPE")); del os.environ["MY_VAR"]; print("MY_VAR" in os.environ)
here = os.getcwd(); os.mkdir("sub"); os.chdir("sub"); print(os.path.basename(os.getcwd()), os.getpid() == os.getpid(), os.getppid() > 0); os.chdir(here)
r, w = os.pipe(); print(os.write(w, b"through pipe")); os.close(w); print(os.read(r, 100), os.read(r, 10)); os.close(r)
fd = os.open("raw.bin", os.O_CREAT | os.O_RDWR, 0o600); os.write(fd, b"abcdef"); os.lseek(fd, 2, os.SEEK_SET); print(os.read(fd, 2), os.fstat(fd).st_size, oct(os.fstat(fd).st_mode & 0o777)); os.close(fd)
open("sub/one", "w").close(); print([(os.path.basename(a), sorted(b), sorted(c)) for a, b, c in os.walk(".")], sorted(e.name for e in os.scandir(".")), [e.is_dir() for e in os.scandir(".") if e.name == "sub"], len(os.urandom(5)), os.cpu_count() > 0, os.fspath("x"), os.strerror(2), os.path.samefile(".", "sub/.."), os.access(".", os.R_OK), os.fsencode("é"), os.fsdecode(b"x"))


class P:
    def __fspath__(self): return "sub"


print(os.listdir(P()), os.path.join(P(), "x"), os.fspath(P()))
try:
    os.fspath(5)
except TypeError as e:
    print(e)
