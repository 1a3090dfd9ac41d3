# Modules that are only compiled files, in archives, in folders with names that are no UTF-8; star imports; lost parents.
import importlib
import os
import py_compile
import sys
import tempfile
import warnings
import zipfile

base = tempfile.mkdtemp()
sys.path.insert(0, base)


def write(name, text):
    path = os.path.join(base, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as stream:
        stream.write(text)
    return path


source = write("compiled.py", "v = 5\n")
py_compile.compile(source, cfile=source + "c", doraise=True)
os.unlink(source)
importlib.invalidate_caches()
import compiled

print(compiled.v, compiled.__file__ == source + "c", compiled.__cached__ == source + "c")
with open(os.path.join(base, "broken.pyc"), "wb") as stream:
    stream.write(b"nonsense" * 4)
try:
    import broken
except ImportError as e:
    print(e, e.name)
with open(source + "c", "rb") as stream:
    magic = stream.read(4)
for number, content in enumerate((b"", b"ab", magic, magic + b"\0" * 11)):
    with open(os.path.join(base, f"short{number}.pyc"), "wb") as stream:
        stream.write(content)
    try:
        importlib.import_module(f"short{number}")
    except (ImportError, EOFError) as e:
        print(type(e).__name__, e)

archive = os.path.join(base, "archive.zip")
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("inside/__init__.py", "from . import sub\n")
    z.writestr("inside/sub.py", "w = 9\n")
sys.path.insert(0, archive)
import inside

print(inside.sub.w, inside.__file__ == os.path.join(archive, "inside", "__init__.py"), type(inside.__loader__).__name__)

folder = os.fsdecode(os.fsencode(base) + b"/\xff")
os.mkdir(folder)
with open(os.path.join(folder, "oddly.py"), "w") as stream:
    stream.write("u = 1\n")
sys.path.insert(0, folder)
import oddly

print(oddly.u, ascii(oddly.__file__[-9:]))

write("star/__init__.py", "__all__ = ['*', 'part']\n")
write("star/part.py", "")
from star import *

print(part.__name__)
write("stars.py", "__all__ = [b'x']\n")
try:
    from stars import *
except TypeError as e:
    print(e)


class Sealed(dict):
    pass


write("sealed/__init__.py", "import sys\nclass M:\n    __slots__ = ()\n    __path__ = __path__\nsys.modules[__name__] = M()\n")
write("sealed/child.py", "")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import sealed.child
print([str(w.message) for w in caught])
write("lost/__init__.py", "")
write("lost/one.py", "import sys\ndel sys.modules['lost']\nimport lost.two\n")
write("lost/two.py", "")
import lost.one

print(lost.one.__name__, lost.two.__name__)
write("ring/__init__.py", "")
write("ring/a.py", "import ring.b\n")
write("ring/b.py", "import ring.a\nring.a\n")
try:
    import ring.a
except AttributeError as e:
    print(e)
os.chdir(base)
write("here.py", "")
sys.path.insert(0, "")
import here

print(here.__file__ == os.path.join(os.getcwd(), "here.py"))
