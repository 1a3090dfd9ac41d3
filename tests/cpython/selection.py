# SPDX-License-Identifier: MIT
"""Which modules of CPython's tests are run, and how long one may take."""
import os

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
        fractions decimal statistics string textwrap re struct array json pickle pickletools picklebuffer
        copyreg shelve datetime time calendar strptime inspect""",
    "imports": "module import importlib",
    "system": "io fileio subprocess tempfile pathlib",
    "threads": "thread threading threading_local queue",
}

# What a survey leaves out, and why.
NOT_SURVEYED = {
    "test_idle": "a program with windows", "test_tk": "windows", "test_ttk_guionly": "windows", "test_ttk_textonly": "windows",
    "test_tcl": "tests an extension module of CPython's alone",
    "test_capi": "tests CPython's C API", "test_stable_abi_ctypes": "tests CPython's C API",
    "test_gdb": "runs gdb on CPython",
    "test_regrtest": "runs other test modules by CPython's own driver",
}

# Left out of the fast selection: they take more than a few seconds.
SLOW = {"test_io", "test_subprocess", "test_threading", "test_queue", "test_pickle", "test_importlib", "test_statistics",
        "test_weakref", "test_datetime", "test_decimal"}

# Modules that need more than the usual limit, with how many times that.
PATIENCE = {
    "test_io": 5, "test_subprocess": 5, "test_lzma": 2, "test_sys": 2, "test_asyncio": 5, "test_concurrent_futures": 5,
    "test_multiprocessing_fork": 5, "test_multiprocessing_forkserver": 5, "test_multiprocessing_spawn": 5,
    "test_socket": 3, "test_largefile": 5,
}

# Why the figures of a survey differ between strategies.
DIFFERENCES = {
    "test_concurrent_futures": "without a GIL whoever waits for a result may be running before the worker that gave it is idle again",
    "test_faulthandler": "without a GIL the thread that has set an event need not have gone to wait when the other looks at it",
    "test_multiprocessing_fork": "a memoryview that a finaliser releases while its owner is being collected lets go of the memory late",
    "test_multiprocessing_forkserver": "the same", "test_multiprocessing_spawn": "the same",
    "test_weakref": "the library goes over a dict while the callback of a weak reference, in another thread, takes from it",
}


def modules():
    return ["test_" + name for names in MODULES.values() for name in names.split()]


def fast_modules():
    return [name for name in modules() if name not in SLOW]


def every_module():
    """All modules and packages of tests that the test suite has, but those that a survey leaves out."""
    names = {name.removesuffix(".py") for name in os.listdir(FOLDER) if name.startswith("test_")}
    return sorted(name for name in names - set(NOT_SURVEYED)
                  if os.path.isfile(os.path.join(FOLDER, name + ".py")) or os.path.isfile(os.path.join(FOLDER, name, "__init__.py")))
