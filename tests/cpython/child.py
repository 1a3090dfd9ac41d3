# SPDX-License-Identifier: MIT
"""Runs one module of tests; the interpreter under test executes this, `run` starts it and reads what it reports.

    child.py REPORT MODULE [list]      MODULE as it is imported, e.g. test.test_abc; list: name the tests, run none

Each event is one line of the file REPORT, written by one system call when it happens, so that whatever becomes of this
process, what had happened stands there. Fields are separated by tabs:

    plan TEST               a test of the module, before the first one is run
    start TEST              the test begins
    end TEST OUTCOME TEXT   it ended: passed, failed, errored or skipped; TEXT is the traceback or the reason
    around NAME OUTCOME TEXT    what failed or was skipped around tests: setUpClass, tearDownModule, ...
    module OUTCOME TEXT     the module is skipped as a whole, or cannot be imported (errored)
    done                    everything was run

A test has the outcome of its worst subtest. An expected failure is a test passed, an unexpected success one failed.
"""
import os
import sys
import unittest

ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
LONGEST_TEXT = 6000
# These find what they want of CPython's module _testcapi in our _testcalls.
WITH_TESTCALLS = {"test_call", "test_bytes", "test_float", "test_descr", "test_subprocess",
                  "test_threading_local"}
WORST_FIRST = ("errored", "failed", "skipped", "passed")


class Report:
    def __init__(self, path):
        # Above the small numbers, for which tests have uses of their own.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.descriptor = os.dup2(descriptor, 99, inheritable=False)
        os.close(descriptor)
        self.process = os.getpid()

    def line(self, *fields):
        if os.getpid() != self.process:  # a test forked, and its child came back into the test runner
            os._exit(70)
        text = "\t".join("".join(ESCAPES.get(c, c) for c in field) for field in fields)
        os.write(self.descriptor, text.encode("utf-8", "backslashreplace") + b"\n")


class Result(unittest.TestResult):
    def __init__(self, report, module):
        super().__init__()
        self.report = report
        self.module = module
        self.taken = {}  # name without a number -> how many tests have it
        self.worst = None
        self.texts = []

    def name(self, test):
        """The test's id without the module, with a number where several tests have the same id."""
        known = getattr(test, "_name_in_report", None)
        if known is None:
            known = test.id()
            if known.startswith(self.module + "."):
                known = known[len(self.module) + 1:]
            count = self.taken[known] = self.taken.get(known, 0) + 1
            if count > 1:
                known = f"{known}#{count}"
            test._name_in_report = known
        return known

    def note(self, test, outcome, text=""):
        text = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT // 2] + "\n[...]\n" + text[-LONGEST_TEXT // 2:]
        if not isinstance(test, unittest.TestCase) and not hasattr(test, "_testMethodName"):
            self.report.line("around", test.id(), outcome, text)
            return
        if self.worst is None or WORST_FIRST.index(outcome) < WORST_FIRST.index(self.worst):
            self.worst = outcome
        if text:
            self.texts.append(text)

    def describe(self, err, test):
        try:
            return self._exc_info_to_string(err, test)
        except Exception as error:  # the printing of tracebacks may be what is broken
            return f"{err[0].__name__} (its traceback cannot be formatted: {type(error).__name__}: {error})"

    def startTest(self, test):
        self.worst, self.texts = None, []
        self.report.line("start", self.name(test))

    def stopTest(self, test):
        self.report.line("end", self.name(test), self.worst or "passed", "\n".join(self.texts))

    def addSuccess(self, test):
        self.note(test, "passed")

    def addError(self, test, err):
        self.note(test, "errored", self.describe(err, test))

    def addFailure(self, test, err):
        self.note(test, "failed", self.describe(err, test))

    def addSkip(self, test, reason):
        self.note(getattr(test, "test_case", test), "skipped", str(reason))  # a subtest's skip counts for its test

    def addExpectedFailure(self, test, err):
        self.note(test, "passed")

    def addUnexpectedSuccess(self, test):
        self.note(test, "failed", "unexpected success")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self.note(test, "failed" if failed else "errored", f"{subtest}\n{self.describe(err, test)}")


def tests_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


def spare_missing_modules():
    """test_datetime takes it for granted that there is a native _datetime beside the pure Python module."""
    from test.support import import_helper
    import_fresh = import_helper.import_fresh_module
    import_helper.import_fresh_module = lambda *args, **kwargs: import_fresh(*args, **kwargs) or type(sys)("missing")


def run_suite(suite, report, result, listing):
    for test in tests_of(suite):
        report.line("plan", result.name(test))
    if not listing:
        suite.run(result)


def run_by_its_own_main(module, report, result, listing):
    """A few modules prepare in test_main() what their tests need; CPython's driver calls it, so it is called here."""
    import doctest
    from test import support

    def run_unittest(*classes):
        load = unittest.defaultTestLoader.loadTestsFromTestCase
        run_suite(unittest.TestSuite(load(item) if isinstance(item, type) else item for item in classes),
                  report, result, listing)

    def run_doctest(module, verbosity=None, optionflags=0):
        run_suite(doctest.DocTestSuite(module, optionflags=optionflags), report, result, listing)
    for name, function in (("run_unittest", run_unittest), ("run_doctest", run_doctest)):
        setattr(support, name, function)
        if hasattr(module, name):
            setattr(module, name, function)
    module.test_main()


def without_virtual_machines_sockets():
    """test_socket would talk over vsock where there is the device, which hangs, CPython too, where it leads nowhere."""
    import socket
    if hasattr(socket, "IOCTL_VM_SOCKETS_GET_LOCAL_CID"):
        del socket.IOCTL_VM_SOCKETS_GET_LOCAL_CID


def main():
    report = Report(sys.argv[1])
    module_name = sys.argv[2]
    listing = sys.argv[3:] == ["list"]
    del sys.argv[1:]
    sys.path[0:1] = []  # this file's folder is nobody's business
    result = Result(report, module_name)
    try:
        from test import support
        support.use_resources = ()  # no network, no sound, no huge files, nothing that takes hours
        support.verbose = 0
        # Whether code knows its columns is asked through a private module of CPython's; it does.
        support.has_no_debug_ranges = lambda: False
        if module_name.rpartition(".")[2] in WITH_TESTCALLS and "_testcalls" in sys.builtin_module_names:
            sys.modules["_testcapi"] = __import__("_testcalls")
        if module_name == "test.test_datetime":
            spare_missing_modules()
        if module_name == "test.test_socket":
            without_virtual_machines_sockets()
        __import__(module_name)
        module = sys.modules[module_name]
        suite = None if hasattr(module, "test_main") else unittest.defaultTestLoader.loadTestsFromModule(module)
    except unittest.SkipTest as error:
        report.line("module", "skipped", str(error))
        return
    except BaseException:
        report.line("module", "errored", result.describe(sys.exc_info(), unittest.TestCase()))
        raise
    if suite is None:
        run_by_its_own_main(module, report, result, listing)
    else:
        run_suite(suite, report, result, listing)
    report.line("done")


if __name__ == "__main__":
    main()
