# Frames of importlib are known by the names of CPython's frozen modules, which have no source line to show.
import importlib
import importlib._bootstrap_external
import traceback

print(importlib._bootstrap._gcd_import.__code__.co_filename, importlib._bootstrap_external.PathFinder.find_spec.__code__.co_filename)
try:
    importlib.import_module("nothing_of_this_name")
except ImportError as error:
    frames = [(frame.name, frame.filename, frame.line) for frame in traceback.extract_tb(error.__traceback__)]
    print([frame for frame in frames if frame[0] in ("import_module", "_gcd_import")][-1])
