# Modules of the library that programs are made with: argparse, logging, unittest.
import argparse
import io
import logging
import sys
import unittest

parser = argparse.ArgumentParser(prog="tool", description="Does things to files, at some length, so that this is wrapped.")
parser.add_argument("files", nargs="+", help="what to work on")
parser.add_argument("-v", "--verbose", action="count", default=0, help="more (default: %(default)s)")
parser.add_argument("-n", type=int, metavar="N", choices=range(5))
parser.add_argument("--flag", action=argparse.BooleanOptionalAction)
group = parser.add_mutually_exclusive_group()
group.add_argument("--one", action="store_true")
group.add_argument("--two", action="store_const", const=2)
print(parser.parse_args(["a", "b", "-vv", "-n3", "--no-flag", "--tw"]))
parser.print_help()
sys.stderr = io.StringIO()
for arguments in ([], ["a", "-n", "9"], ["a", "-n", "x"], ["a", "--one", "--two"], ["a", "--nope"]):
    try:
        parser.parse_args(arguments)
    except SystemExit as error:
        print(error.code, sys.stderr.getvalue().splitlines()[-1])
sys.stderr = sys.__stderr__
commands = argparse.ArgumentParser(prog="git")
sub = commands.add_subparsers(dest="command", required=True)
sub.add_parser("add", help="adds").add_argument("path", nargs="?", default=".")
sub.add_parser("rm").add_argument("-f", "--force", action="store_true")
print(commands.parse_args(["add"]), commands.parse_args(["rm", "-f"]), commands.format_usage())

stream = io.StringIO()
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(lineno)d:%(message)s"))
log = logging.getLogger("app.part")
log.addHandler(handler)
log.setLevel(logging.INFO)


def work():
    log.debug("not shown")
    log.info("value %d of %s", 3, "x")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("failed")
    log.warning("braces %(a)s", {"a": 1})


work()
print("\n".join(line for line in stream.getvalue().splitlines() if not line.startswith("  File")))
print(log.parent.name, log.isEnabledFor(10), logging.getLevelName(30), log.hasHandlers(), logging.getLogger("app") is log.parent)
brace = logging.Formatter("{levelname:>8}|{message}", style="{")
print(brace.format(logging.makeLogRecord({"levelname": "X", "msg": "m %s", "args": ("a",)})))


class Case(unittest.TestCase):
    def setUp(self):
        self.value = [1, 2]

    def test_passes(self):
        self.assertEqual(self.value, [1, 2])
        self.assertRegex("abc", "b.")
        with self.assertRaisesRegex(ValueError, "bad .*thing"):
            raise ValueError("bad old thing")
        with self.assertLogs("app", "INFO") as logs:
            log.info("hello")
        self.assertEqual(logs.output, ["INFO:app.part:hello"])

    def test_fails(self):
        self.assertEqual([1, 2, 3], [1, 3, 3])

    def test_text(self):
        self.assertMultiLineEqual("a\nb\n", "a\nc\n")

    def test_error(self):
        self.value.missing

    @unittest.skip("not today")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.assertIn(3, self.value)

    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)


output = io.StringIO()
result = unittest.TextTestRunner(output, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Case))
print(result)
for line in output.getvalue().splitlines():
    if not line.startswith(("  File", "Ran", "    ")):
        print(line)
