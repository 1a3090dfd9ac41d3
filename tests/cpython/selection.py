# SPDX-License-Identifier: MIT
"""Which modules of CPython's tests are run, and how long one may take."""

PACKAGE = "libpython3.11-testsuite"
FOLDER = "/usr/lib/python3.11/test"

MODULES = {
    "language": """
        grammar syntax fstring string_literals unpack unpack_ex extcall call keywordonlyarg positional_only_arg
        named_expressions patma scope global decorators with generators genexps listcomps dictcomps setcomps yield_from
        coroutines asyncgen exceptions exception_group except_star raise traceback""",
    "classes": """
        class descr super property metaclass abc isinstance enum dataclasses typing types""",
    "builtin types": """
        builtin bool int long float complex unicode bytes memoryview list tuple dict dictviews set slice range iter
        enumerate compare richcmp hash""",
    "memory": "gc weakref weakset copy",
    "library": """
        contextlib operator itertools functools collections deque defaultdict ordered_dict heapq bisect random math cmath
        fractions statistics string textwrap re struct array json pickle pickletools picklebuffer
        copyreg shelve datetime time calendar strptime inspect""",
    "imports": "module import importlib",
    "system": "io fileio subprocess tempfile pathlib",
    "threads": "thread threading threading_local queue",
}

# Left out of the fast selection: they take more than a few seconds.
SLOW = {"test_io", "test_subprocess", "test_threading", "test_queue", "test_pickle", "test_importlib", "test_statistics",
        "test_weakref", "test_datetime"}

# Modules that need more than the usual limit, with how many times that.
PATIENCE = {"test_io": 5, "test_subprocess": 5}


def modules():
    return ["test_" + name for names in MODULES.values() for name in names.split()]


def fast_modules():
    return [name for name in modules() if name not in SLOW]
