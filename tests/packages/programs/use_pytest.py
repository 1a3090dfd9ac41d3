# SPDX-License-Identifier: MIT
# needs: python3-pytest
"""Runs a small suite of tests with fixtures, parameters, marks, capturing, monkeypatching and failures."""
import io
import os
import re
import sys

import pytest

CONFTEST = '''
import pytest
@pytest.fixture(scope="session")
def numbers():
    yield [1, 2, 3]
    print("session over")
@pytest.fixture(params=["a", "b"])
def letter(request):
    return request.param
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.nodeid)
'''
TESTS = '''
import os, sys, warnings
import pytest
def helper(x):
    return x * 2
def test_passes(numbers, letter): assert sum(numbers) == 6 and letter in "ab"
@pytest.mark.parametrize("a, b", [(1, 2), (2, 4), pytest.param(3, 7, marks=pytest.mark.xfail(reason="wrong")), (4, 9)], ids=str)
def test_double(a, b): assert helper(a) == b
def test_compare_dicts(): assert {"a": 1, "b": [1, 2, 3]} == {"a": 1, "b": [1, 2, 4], "c": 0}
def test_compare_texts():
    text = "one\\ntwo\\nthree"
    assert text == "one\\n2\\nthree", "they differ"
def test_calls():
    values = [helper(n) for n in range(3)]
    assert all(v < 4 for v in values) and len(values) == helper(2) - 2
def test_raises():
    with pytest.raises(ValueError, match=r"inv.*10") as info:
        int("x")
    assert info.value
def test_right():
    with pytest.raises(ZeroDivisionError): 1 / 0
    with pytest.warns(UserWarning): warnings.warn("careful")
    assert 0.1 + 0.2 == pytest.approx(0.3)
@pytest.mark.skip(reason="not today")
def test_skipped(): assert False
@pytest.mark.skipif(sys.platform == "linux", reason="not here")
def test_skipped_if(): pass
@pytest.mark.xfail(strict=True)
def test_unexpected(): pass
def test_tmp(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path); monkeypatch.setenv("NAME", "value")
    (tmp_path / "f").write_text("text")
    print("printed", os.environ["NAME"])
    assert capsys.readouterr().out == "printed value\\n" and os.listdir() == ["f"]
def test_output(capfd, caplog):
    import logging
    logging.warning("logged %d", 3)
    os.write(1, b"raw")
    assert capfd.readouterr().out == "raw" and caplog.messages == ["logged 3"]
    print("shown because of"); assert not "failure"
def test_missing_fixture(nothing): pass
def test_error_deep():
    def inner(n):
        if n == 0: raise RuntimeError("bottom")
        inner(n - 1)
    inner(2)
class TestClass:
    @pytest.fixture(autouse=True)
    def prepare(self): self.state = []; yield; assert len(self.state) == 1
    def setup_method(self): self.method = True
    def test_one(self): self.state.append(1); assert self.method
    def test_two(self): self.state.extend("ab")
import unittest
class Old(unittest.TestCase):
    def setUp(self): self.x = 1
    def test_old(self):
        with self.subTest(i=1): self.assertEqual(self.x, 1)
        self.assertIn(2, [3])
def test_assert_shapes():
    a = [1, 2]; b = None
    assert a[0] == 1 and not (a is b) and (b or a[-1:] == [3] if len(a) > 1 else False)
def test_in(): assert "x" in "abc"
def test_doc():
    """
    >>> helper(4)
    9
    """
'''
for name, text in (("conftest.py", CONFTEST), ("test_things.py", TESTS), ("test_broken.py", "import nothing_of_this_name\n"), ("pytest.ini", "[pytest]\naddopts = -p no:cacheprovider\n")):
    with open(name, "w") as stream:
        stream.write(text)


class Plugin:
    def pytest_report_header(self):
        return "a header"


def run(*arguments):
    """The exit code, and the report without what differs by its nature."""
    saved, sys.stdout = sys.stdout, io.StringIO()
    try:
        code = pytest.main(["--color=no", "--basetemp=" + os.path.abspath("temporary"), *arguments], plugins=[Plugin()])
        text = sys.stdout.getvalue()
    finally:
        sys.stdout = saved
    text = text.replace(os.getcwd(), "FOLDER")
    text = re.sub(r"in \d+\.\d+s", "in TIME", text)
    text = re.sub(r"0x[0-9a-f]+", "0xADDRESS", text)
    text = re.sub(r"(?m)^(platform|plugins:).*\n", "", text)
    text = re.sub(r"(?m)^(=+|-+|_+) (.*?) (=+|-+|_+)$", r"== \2 ==", text)
    print(code, text)
    for name in [name for name in sys.modules if name.startswith(("test_", "conftest"))]:
        del sys.modules[name]


run("-v", "test_things.py")
run("-q", "-rA", "--tb=short", "-k", "compare or class or Old", "test_things.py")
run("--collect-only", "-q")
run("--tb=line", "--doctest-modules", "-x", "test_things.py", "-p", "no:warnings", "--maxfail=3")
run("--fixtures-per-test", "-q", "test_things.py::test_passes")
run("no_such_file.py")
