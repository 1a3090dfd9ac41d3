# __main__ has the loader of its file, also when importlib is loaded before the file is known.
import os
import posixpath
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "sitecustomize.py"), "w") as stream:
        stream.write("import importlib.util\n")
    program = os.path.join(folder, "program.py")
    with open(program, "w") as stream:
        stream.write("print(type(__loader__).__name__, __loader__.name, __loader__.path == __file__, __spec__, __cached__)\n"
                     "print(__loader__.get_source('__main__') is not None)\n")
    answer = subprocess.run([sys.executable, program], env=dict(os.environ, PYTHONPATH=folder), capture_output=True, text=True)
    print(answer.stdout, answer.stderr, answer.returncode)
    answer = subprocess.run([sys.executable, "-c", "print(getattr(__loader__, '__name__', None))"], env=dict(os.environ, PYTHONPATH=folder), capture_output=True, text=True)
    print(answer.stdout, answer.stderr, answer.returncode)

# What marks a source in a file of compiled code does not depend on anything but the source.
import _imp
import importlib.util
print([_imp.source_hash(n * 12345, b"0123456789"[:n]) for n in range(11)])
print(type(importlib.util.spec_from_file_location("x", "x.py").loader), importlib.machinery.ModuleSpec.__module__)
print(sorted({finder.__module__ for finder in sys.meta_path} - {"_distutils_hack"}))

# In a path NUL is a character like others.
for path in ("\0", "\0\0\0/../x", "a\0b/./c", "/\0/..", "//\0", "\udc80/\0/.", ""):
    print(ascii(posixpath.normpath(path)), ascii(posixpath.normpath(os.fsencode(path))))
