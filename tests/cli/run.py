#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad input, command line, signals and the interactive prompt: what a person at a terminal meets.

Every case must end with a sane exit code and, where something is wrong, one clear error; never by a signal such as
SIGSEGV or SIGABRT. Where CPython 3.11 gives an example, its exit code, output and error line are the expectation (the
oracle runs live); `like` in a case says how closely:

    same    exit code, standard output and standard error, with the program's own name replaced
    last    exit code, standard output and the last line of standard error
    code    exit code and standard output; standard error empty on both sides or on neither

Other cases state what they expect themselves. Each case runs in an empty folder of its own.
"""
import argparse
import concurrent.futures
import io
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import zipfile

GIGABYTE = 1 << 30
TIMEOUT = 180  # of what takes a second or two when the machine is not busy
CASES = []


class Failed(Exception):
    pass


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def last(self):
        lines = [line for line in self.err.splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def __str__(self):
        shown = self.err if len(self.err) < 1500 else self.err[:500] + "\n…\n" + self.err[-900:]
        return f"exit {self.code}\nstdout: {self.out[-600:]!r}\nstderr:\n{shown}"


def environment():
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_"))}
    kept.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1", NO_COLOR="1", TERM="xterm")
    return kept


class Place:
    """A folder for one run of one program: makes files in it and runs the program there."""

    def __init__(self, program):
        self.program = program
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="locksmith-cli-"))
        self.home = os.path.join(self.folder, "home")
        os.mkdir(self.home)

    def close(self):
        subprocess.run(["chmod", "-R", "u+rwX", self.folder], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode())
        return path

    def start(self, arguments, memory=None, user=None, **streams):
        def prepare():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if memory:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if user is not None:
                os.setgid(user)
                os.setuid(user)
        env = dict(environment(), HOME=self.home)
        return subprocess.Popen([self.program, *arguments], cwd=self.folder, env=env, preexec_fn=prepare,
                                start_new_session=True, **streams)

    def finish(self, process, stdin=None, timeout=TIMEOUT):
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise Failed(f"did not end within {timeout} s\n" + str(self.result(None, out, err)))
        return self.result(process.returncode, out, err)

    def result(self, code, out, err):
        def clean(data):
            text = (data or b"").decode("utf-8", "backslashreplace").replace(self.folder, "FOLDER")
            for name in (self.program, os.path.realpath(self.program), os.path.basename(self.program)):
                text = re.sub(r"(?m)(^|(?<=[\s'\"]))" + re.escape(name) + r"(?=[:\s'\"])", "PROGRAM", text)
            return re.sub(r"\b0x[0-9a-f]+", "0xADDRESS", text)
        return Result(code, clean(out), clean(err))

    def run(self, arguments, stdin=b"", memory=None, user=None, timeout=TIMEOUT):
        process = self.start(arguments, memory, user, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return self.finish(process, stdin, timeout)


def no_crash(result, allowed=()):
    if result.code is not None and result.code < 0 and result.code not in allowed:
        raise Failed(f"died of {signal.Signals(-result.code).name}\n{result}")
    if result.code in (134, 139) or "Segmentation fault" in result.err or "Fatal Python error" in result.err:
        raise Failed(f"crashed\n{result}")


def expect(condition, what, result):
    if not condition:
        raise Failed(f"{what}\n{result}")


def case(name):
    """Registers a function of (binary, oracle) that raises Failed."""
    def register(function):
        CASES.append((name, function))
        return function
    return register


def zip_of(**files):
    """The bytes of an archive, nothing compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name + ".py", text)
    return stream.getvalue()


ZIP = zip_of(__main__="import sys, other\nprint(__name__, other.v, sys.argv[1:], sys.path[0][-5:])\n", other="v = 7\n")


def without_carets(text):
    return "\n".join(line.rstrip() for line in text.splitlines() if not re.fullmatch(r"\s+[~^]+\s*", line))


def like_oracle(name, like, arguments, files=(), stdin=b"", setup=None, user=None):
    """Registers a case that must behave as the oracle does. `arguments` may hold FOLDER for the case's folder."""
    def check(binary, oracle):
        results = []
        for program in (binary, oracle):
            place = Place(program)
            try:
                for path, content in dict(files).items():
                    place.file(path, content)
                if setup:
                    setup(place)
                if user is not None:
                    os.chmod(place.folder, 0o755)
                    if program == binary: # that user may not come to where it was built
                        place.program = shutil.copy2(program, place.folder)
                results.append(place.run([a.replace("FOLDER", place.folder) for a in arguments], stdin, user=user))
            finally:
                place.close()
        got, wanted = results
        no_crash(got)
        expect(got.code == wanted.code, f"exit code {got.code}, expected {wanted.code}", got)
        expect(got.out == wanted.out, f"stdout differs, expected {wanted.out!r}", got)
        if like == "same":
            expect(without_carets(got.err) == without_carets(wanted.err), f"stderr differs, expected:\n{wanted.err}", got)
        elif like == "last":
            expect(got.last() == wanted.last(), f"error line differs, expected: {wanted.last()}", got)
        else:
            expect(bool(got.err.strip()) == bool(wanted.err.strip()), f"stderr empty or not, expected:\n{wanted.err}", got)
    CASES.append((name, check))


def program(name, source, code=1, error=None, memory=None, out=None, lines=60, timeout=TIMEOUT, stdin=b""):
    """Registers a case: a program that must end with one of the exit codes, its last error line matching `error`."""
    codes = (code,) if isinstance(code, int) else code

    def check(binary, oracle):
        place = Place(binary)
        try:
            path = place.file("program.py", source)
            result = place.run([path], stdin, memory=memory, timeout=timeout)
        finally:
            place.close()
        no_crash(result)
        expect(result.code in codes, f"exit code {result.code}, expected {codes}", result)
        if error and result.code:
            expect(re.match(error, result.last()), f"last error line does not match {error!r}", result)
        expect(len(result.err.splitlines()) <= lines, f"more than {lines} lines of error", result)
        if out is not None:
            expect(result.out == out, f"stdout is not {out!r}", result)
    CASES.append((name, check))


# ---- Files that are no programs -------------------------------------------------------------------------------------

like_oracle("file/syntax-error", "same", ["FOLDER/bad.py"], {"bad.py": "x = 1\nif x\n    print(x)\n"})
like_oracle("file/syntax-error-unclosed", "same", ["FOLDER/bad.py"], {"bad.py": "x = (1,\n     2\n\ny = 3\n"})
like_oracle("file/syntax-error-string", "same", ["FOLDER/bad.py"], {"bad.py": "def f():\n    return 'abc\n"})
like_oracle("file/indentation-error", "same", ["FOLDER/bad.py"], {"bad.py": "if 1:\nx = 2\n"})
like_oracle("file/tab-error", "last", ["FOLDER/bad.py"], {"bad.py": "if 1:\n\tx = 2\n        y = 3\n"})
like_oracle("file/missing", "same", ["FOLDER/missing.py"])
like_oracle("file/missing-relative", "same", ["no/such/file.py"])
like_oracle("file/directory-without-main", "same", ["FOLDER/d"], {"d/x.py": ""})
like_oracle("file/directory-with-main", "same", ["FOLDER/d", "arg"],
            {"d/__main__.py": "import sys, beside\nprint(__name__, sys.argv[1:], beside.v)\n", "d/beside.py": "v = 5\n"})
like_oracle("file/empty", "same", ["FOLDER/empty.py"], {"empty.py": ""})
like_oracle("file/only-comment-no-newline", "same", ["FOLDER/c.py"], {"c.py": "# nothing here"})
like_oracle("file/no-newline-at-end", "same", ["FOLDER/c.py"], {"c.py": "if 1:\n    print('x')"})
like_oracle("file/carriage-returns", "same", ["FOLDER/c.py"], {"c.py": b"x = 1\r\nif x:\r\n    print('crlf', '''a\r\nb''')\r\n"})
like_oracle("file/byte-order-mark", "same", ["FOLDER/c.py"], {"c.py": b"\xef\xbb\xbfprint('bom')\n"})
like_oracle("file/latin-1-declared", "same", ["FOLDER/c.py"], {"c.py": b"# -*- coding: latin-1 -*-\nprint(ascii('\xe9'))\n"})
like_oracle("file/unknown-encoding", "last", ["FOLDER/c.py"], {"c.py": b"# coding: no-such-encoding\nprint(1)\n"})
like_oracle("file/not-utf-8", "last", ["FOLDER/c.py"], {"c.py": b"x = 1\ny = '\xff\xfe'\n"})
like_oracle("file/null-byte", "code", ["FOLDER/c.py"], {"c.py": b"x = 1\ny = \0\n"})
like_oracle("file/garbage", "code", ["FOLDER/c.py"], {"c.py": bytes((i * 7919 + (i >> 3)) & 255 for i in range(5000))})
like_oracle("file/executable-garbage", "code", ["FOLDER/c"], {"c": b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20})
like_oracle("file/long-line", "same", ["FOLDER/c.py"], {"c.py": "x = '" + "a" * 300000 + "'\nprint(len(x))\n"})
like_oracle("file/device-null", "same", ["/dev/null"])
like_oracle("file/name-with-spaces", "same", ["FOLDER/a b é.py", "x y"], {"a b é.py": "import sys\nprint(sys.argv[1:], __file__[-8:])\n"})
if os.getuid() == 0:
    like_oracle("file/unreadable", "same", ["FOLDER/secret.py"], {"secret.py": "print(1)\n"}, user=65534,
                setup=lambda place: os.chmod(os.path.join(place.folder, "secret.py"), 0))
else:
    like_oracle("file/unreadable", "same", ["FOLDER/secret.py"], {"secret.py": "print(1)\n"},
                setup=lambda place: os.chmod(os.path.join(place.folder, "secret.py"), 0))

# ---- Options --------------------------------------------------------------------------------------------------------

like_oracle("option/c", "same", ["-c", "print(1 + 1)"])
like_oracle("option/c-arguments", "same", ["-c", "import sys; print(sys.argv, __name__)", "a", "-b", "--", "-c", "é"])
like_oracle("option/c-error", "same", ["-c", "x = 1\n1 / 0"])
like_oracle("option/c-syntax-error", "same", ["-c", "if"])
like_oracle("option/c-without-text", "code", ["-c"])
like_oracle("option/c-joined", "same", ["-cprint(5)"])
like_oracle("option/m", "same", ["-m", "mod", "x", "-y"], {"mod.py": "import sys\nprint(__name__, sys.argv[1:], sys.argv[0][-6:], __spec__.name)\n"})
like_oracle("option/m-package", "same", ["-m", "pkg", "x"], {"pkg/__init__.py": "print('init')\n", "pkg/__main__.py": "from . import sub\nimport sys\nprint(sub.v, __package__, sys.argv[1:])\n", "pkg/sub.py": "v = 3\n"})
like_oracle("option/m-submodule", "same", ["-m", "pkg.sub"], {"pkg/__init__.py": "", "pkg/sub.py": "print(__name__, __package__)\n"})
like_oracle("option/m-missing", "same", ["-m", "no_such_module"])
like_oracle("option/m-missing-in-package", "same", ["-m", "pkg.nothing"], {"pkg/__init__.py": ""})
like_oracle("option/m-package-without-main", "same", ["-m", "pkg"], {"pkg/__init__.py": ""})
like_oracle("option/m-without-name", "code", ["-m"])
like_oracle("option/m-error-in-module", "last", ["-m", "mod"], {"mod.py": "raise ValueError('in mod')\n"})
FLAGS = "import sys; print(sys.flags[:7] + sys.flags[8:17], sys.warnoptions, sys._xoptions, sys.orig_argv[1:])"
for number, flags in enumerate((["-I"], ["-E", "-s", "-S"], ["-bb", "-W", "ignore::UserWarning"], ["-X", "dev", "-X", "a=b"], ["-OO", "-d", "-q"],
                                ["-X", "utf8", "-P"], ["-B", "-u", "-R"], ["-Wdefault", "-Werror::ValueError"])):
    like_oracle(f"option/flags-{number}", "same", [*flags, "-c", FLAGS])
for number, flag in enumerate(("-b", "-bb")):
    for text in ("b'a' == 'a'", "'a' != b'a'", "b'a' == 1", "str(b'a')", "str(bytearray(b'a'))", "bytearray(b'a') == 'a'", "str(b'a', 'ascii')", "{b'a': 1}.get(1)"):
        like_oracle(f"option/bytes-{number}-{text}", "last", [flag, "-c", f"print({text})"])
like_oracle("option/importtime", "code", ["-X", "importtime", "-S", "-c", "import stat"])
like_oracle("option/verbose", "code", ["-v", "-c", "import stat"])
like_oracle("option/hash-seed", "same", ["-R", "-c", "import sys; print(sys.flags.hash_randomization)"])
like_oracle("option/c-with-cookie", "same", ["-c", "# coding: latin-1\nprint(ascii('\u00e6'))"])
like_oracle("option/c-undecodable", "last", ["-c", "print('\udcff')"])
like_oracle("file/compiled", "same", ["FOLDER/run.py"], {"a.py": "print(__name__, __file__[-5:])\n", "run.py": "import py_compile, subprocess, sys\npy_compile.compile('a.py', 'a.pyc')\nsubprocess.run([sys.executable, 'a.pyc'])\n"})
like_oracle("file/relative", "same", ["a.py"], {"a.py": "print(__file__ == __import__('os').path.abspath('a.py'))\n1 / 0\n"})
like_oracle("option/m-namespace-package", "same", ["-m", "ns.mod"], {"ns/mod.py": "print(__name__, __package__)\n"})
like_oracle("option/x", "same", ["-x", "FOLDER/a.py"], {"a.py": "this is no Python\nimport sys\nprint(sys._getframe().f_lineno)\n"})
like_oracle("option/isolated-path", "same", ["-I", "-c", "import sys; print('' in sys.path)"])
like_oracle("option/archive", "same", ["FOLDER/a.zip", "x"], {"a.zip": ZIP})
like_oracle("option/site", "same", ["-c", "import sys; print('site' in sys.modules, any(p.endswith('python3/dist-packages') for p in sys.path), quit, exit)"])
like_oracle("option/no-site", "same", ["-S", "-c", "import sys; print('site' in sys.modules); exit()"])
like_oracle("option/arguments", "same", ["FOLDER/a.py", "1", "two", "--three", "-c", ""], {"a.py": "import sys\nprint(sys.argv[1:])\n"})


@case("option/unknown")
def unknown_option(binary, oracle):
    for option in ("--nonsense", "-Z", "--nonsense=5", "-Xutf8=2", "-Xint_max_str_digits=5"):
        place = Place(binary)
        try:
            result = place.run([option, "-c", "print('ran')"])
        finally:
            place.close()
        no_crash(result)
        expect(result.code == 2, "exit code is not 2", result)
        expect(result.out == "" and option.split("=")[0].lstrip("-X") in result.err, "the option is not named", result)
        expect(len(result.err.splitlines()) <= 8, "a long error", result)


@case("option/version")
def version(binary, oracle):
    for option in ("-V", "--version"):
        place = Place(binary)
        try:
            result = place.run([option])
        finally:
            place.close()
        expect(result.code == 0 and result.err == "", "failed", result)
        expect(len(result.out.splitlines()) == 1 and re.search(r"\d+\.\d+", result.out), "not one line with a version", result)


@case("option/help")
def help_option(binary, oracle):
    for option in ("-h", "--help"):
        place = Place(binary)
        try:
            result = place.run([option])
        finally:
            place.close()
        expect(result.code == 0 and result.err == "" and "usage" in result.out.lower(), "no usage", result)


@case("option/help-of-more")
def help_of_more(binary, oracle):
    for option, usage, environment, xoptions in (("--help", True, False, False), ("--help-env", False, True, False),
                                                 ("--help-xoptions", False, False, True), ("--help-all", True, True, True)):
        place = Place(binary)
        try:
            result = place.run([option])
        finally:
            place.close()
        expect(result.code == 0 and result.err == "", option, result)
        found = ("usage" in result.out, "LOCKSMITHHOME" in result.out, "-X dev" in result.out)
        expect(found == (usage, environment, xoptions), option, result)
    place = Place(binary)
    try:
        result = place.run(["--help-me"])
    finally:
        place.close()
    expect(result.code == 2, "an unknown option", result)


@case("option/build-info")
def build_info(binary, oracle):
    place = Place(binary)
    try:
        text, data = place.run(["--build-info"]), place.run(["--build-info", "--json"])
    finally:
        place.close()
    for result in (text, data):
        expect(result.code == 0 and result.err == "", "failed", result)
    try:
        info = json.loads(data.out)
    except ValueError as error:
        raise Failed(f"no valid JSON: {error}\n{data}")
    for key, kind in (("strategy", str), ("factors", dict), ("compiler", str), ("flags", (str, list)), ("libraries", dict)):
        expect(isinstance(info.get(key), kind), f"no {key} of the right kind", data)
    for factor in ("LOCKING", "REFCOUNT", "READS", "IMMORTAL", "DEFERRED", "MUTEX", "GIL", "HEAP"):
        name = "LOCKSMITH_" + factor
        expect(info["factors"].get(name) not in (None, ""), f"factor {name} missing", data)
        expect(name in text.out or factor.lower() in text.out.lower(), f"factor {name} not in the text", text)
    expect(info["strategy"] and info["strategy"] in text.out, "strategy not in the text", text)
    for library in ("jemalloc", "gmp"):
        versions = {k.lower(): v for k, v in info["libraries"].items()}
        expect(any(library in k and v for k, v in versions.items()), f"version of {library} missing", data)


# ---- Standard streams -----------------------------------------------------------------------------------------------

like_oracle("stdin/program", "same", [], stdin=b"import sys\nprint('from stdin', sys.argv, __name__)\n")
like_oracle("stdin/dash-with-arguments", "same", ["-", "a", "-c"], stdin=b"import sys\nprint(sys.argv)\n")
like_oracle("stdin/empty", "same", [])
like_oracle("stdin/error", "same", [], stdin=b"print(1)\n1 / 0\nprint(2)\n")
like_oracle("stdin/syntax-error", "last", [], stdin=b"print(1)\nif\n")
like_oracle("stdin/read-by-program", "same", ["-c", "import sys; print(repr(sys.stdin.read()), repr(sys.stdin.read()))"], stdin="é\r\nb\nc".encode())
like_oracle("stdin/input-at-end", "last", ["-c", "input()"])
like_oracle("stdin/undecodable", "last", ["-c", "import sys; print(ascii(sys.stdin.read()))"], stdin=b"a\xffb")
like_oracle("stdin/binary", "same", ["-c", "import sys; print(sys.stdin.buffer.read())"], stdin=bytes(range(256)))


def stream_case(name, source, redirect, same_error=False):
    """A case whose output goes somewhere it cannot go: the exit code must be the oracle's."""
    def check(binary, oracle):
        results = []
        for executable in (binary, oracle):
            place = Place(executable)
            try:
                place.file("p.py", source)
                done = subprocess.run(["/bin/sh", "-c", f"ulimit -c 0; exec \"$0\" p.py {redirect}", executable], cwd=place.folder,
                                      env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)
                results.append(place.result(done.returncode, done.stdout, done.stderr))
            finally:
                place.close()
        got, wanted = results
        no_crash(got)
        expect(got.code == wanted.code, f"exit code {got.code}, expected {wanted.code}", got)
        expect(got.out == wanted.out, f"stdout differs, expected {wanted.out!r}", got)
        expect(got.last() == wanted.last(), f"error line differs, expected {wanted.last()!r}", got)
    CASES.append((name, check))


@case("cache/users-own")
def users_own_cache(binary, oracle):
    """What cannot be kept beside its source is kept in the user's cache, and read from there, but not under -s."""
    place = Place(binary)
    try:
        source = place.file("lib/m.py", "x = 11\n")
        place.file("lib/__pycache__", "in the way")
        code = f"import sys; sys.path.insert(0, {os.path.dirname(source)!r}); import m; print(m.x)"

        def run(*options):
            env = dict(environment(), HOME=place.home)
            del env["PYTHONDONTWRITEBYTECODE"]
            env.pop("XDG_CACHE_HOME", None)
            done = subprocess.run([binary, *options, "-c", code], env=env, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=TIMEOUT)
            result = place.result(done.returncode, done.stdout, done.stderr)
            expect(result.code == 0 and not result.err, "failed", result)
            return result
        kept = os.path.join(place.home, ".cache/locksmith" + os.path.dirname(source), "__pycache__/m.locksmith-311.pyc")
        result = run("-s")
        expect(result.out == "11\n" and not os.path.exists(kept), "kept in spite of -s", result)
        result = run()
        expect(result.out == "11\n" and os.path.exists(kept), "not kept", result)
        times = os.stat(source)
        place.file("lib/m.py", "x = 22\n")
        os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
        result = run()
        expect(result.out == "11\n", "what was kept is not read", result)
        result = run("-s")
        expect(result.out == "22\n", "read in spite of -s", result)
        os.utime(source, (1, 1))
        result = run()
        expect(result.out == "22\n", "what is out of date is read", result)
    finally:
        place.close()


stream_case("stream/closed-stdout", "print('x' * 100)\nimport sys\nprint(sys.stdout, file=sys.stderr)\n", ">&-")
stream_case("stream/closed-stdout-many", "for i in range(10000): print(i)\n", ">&-")
stream_case("stream/closed-stderr", "import sys\nprint('out', sys.stderr)\nprint('err', file=sys.stderr)\n", "2>&-")
stream_case("stream/closed-stderr-exception", "print('out')\n1 / 0\n", "2>&-")
stream_case("stream/closed-stdin", "import sys\nprint(sys.stdin)\n", "<&-")
stream_case("stream/closed-stdin-input", "input()\n", "<&-")
stream_case("stream/all-closed", "print('x')\n1 / 0\n", "<&- >&- 2>&-")
stream_case("stream/full-device", "print('x' * 100)\n", ">/dev/full")
stream_case("stream/full-device-many", "for i in range(10000): print('line', i)\n", ">/dev/full")
stream_case("stream/full-device-flush", "try:\n    print('x', flush=True)\nexcept OSError as e:\n    import sys\n    print('caught', e, file=sys.stderr)\n    sys.stdout = None\n", ">/dev/full")


@case("stream/reader-gone")
def reader_gone(binary, oracle):
    codes = []
    for executable in (binary, oracle):
        place = Place(executable)
        try:
            path = place.file("p.py", "for i in range(200000):\n    print('line', i)\n")
            process = place.start([path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.readline()
            time.sleep(1)  # the pipe is full then, and the program in the midst of a write
            process.stdout.close()
            err = process.stderr.read()
            process.stderr.close()
            result = place.result(process.wait(TIMEOUT), b"", err)
            codes.append(result.code)
            no_crash(result)
            expect("BrokenPipeError" in result.err, "no BrokenPipeError", result)
        finally:
            place.close()
    if codes[0] != codes[1]:
        raise Failed(f"exit code {codes[0]}, expected {codes[1]}")


# ---- Exit codes -----------------------------------------------------------------------------------------------------

for label, statement in (("zero", "sys.exit(0)"), ("none", "sys.exit()"), ("three", "sys.exit(3)"), ("large", "sys.exit(256 + 7)"), ("negative", "sys.exit(-1)"),
                         ("huge", "sys.exit(10 ** 30)"), ("text", "sys.exit('a message')"), ("object", "sys.exit([1, 'x'])"), ("true", "sys.exit(True)"),
                         ("float", "sys.exit(2.5)"), ("raise", "raise SystemExit(4)"), ("class", "raise SystemExit"), ("exit", "exit(5)"), ("quit", "quit()"),
                         ("tuple", "raise SystemExit((1, 2))"), ("os-exit", "import os; print('lost', end=''); os._exit(6)"), ("exception", "raise ValueError('v')"),
                         ("keyboard-interrupt-subclass", "raise type('K', (Exception,), {})('own')"), ("abort-in-finally", "try:\n    sys.exit(3)\nfinally:\n    1 / 0"),
                         ("swallowed", "try:\n    sys.exit(3)\nexcept SystemExit as e:\n    print('swallowed', e.code)"), ("generator", "def g():\n    sys.exit(8)\n    yield\nnext(g())"),
                         ("in-thread", "import threading\nt = threading.Thread(target=sys.exit, args=(9,))\nt.start(); t.join(); print('main')")):
    like_oracle("exit/" + label, "last", ["-c", "import sys\n" + statement])

# ---- Nesting and recursion ------------------------------------------------------------------------------------------

N = 100000
TOO_DEEP = r"(\w+\.)?(SyntaxError|RecursionError|MemoryError|IndentationError)\b"
program("nesting/parentheses", "x = " + "(" * N + "1" + ")" * N + "\n", (0, 1), TOO_DEEP)
program("nesting/parentheses-open", "(" * N, 1, TOO_DEEP)
program("nesting/brackets", "[" * N + "]" * N, (0, 1), TOO_DEEP)
program("nesting/braces", "{1:" * N + "1" + "}" * N, (0, 1), TOO_DEEP)
program("nesting/calls", "f(" * N + ")" * N, (0, 1), TOO_DEEP)
program("nesting/mixed", "[({" * (N // 3), 1, TOO_DEEP)
program("nesting/minus", "x = " + "-" * N + "1\n", (0, 1), TOO_DEEP)
program("nesting/not", "x = " + "not " * N + "1\n", (0, 1), TOO_DEEP)
program("nesting/plus", "x = 1" + " + 1" * N + "\n", (0, 1), TOO_DEEP)
program("nesting/power", "x = 1" + " ** 1" * N + "\n", (0, 1), TOO_DEEP)
program("nesting/and-or", "x = 1" + " and 1 or 0" * N + "\n", (0, 1), TOO_DEEP)
program("nesting/comparison", "x = 1" + " < 2" * N + "\n", (0, 1), TOO_DEEP)
program("nesting/attributes", "x = 1\nx" + ".real" * N + "\n", (0, 1), TOO_DEEP)
program("nesting/subscripts", "x = 1\nx" + "[0]" * N + "\n", (0, 1), r"(\w+\.)?(SyntaxError|RecursionError|MemoryError|TypeError)\b")
program("nesting/lambdas", "x = " + "lambda: " * N + "1\n", (0, 1), TOO_DEEP)
program("nesting/conditionals", "x = " + "1 if 1 else " * N + "2\n", (0, 1), TOO_DEEP)
program("nesting/indentation", "".join(" " * i + "if 1:\n" for i in range(2000)) + " " * 2000 + "pass\n", 1, TOO_DEEP)
program("nesting/elif", "x = 5\nif x == 0: pass\n" + "".join(f"elif x == {i + 10}: pass\n" for i in range(20000)), (0, 1), TOO_DEEP)
program("nesting/comprehensions", "x = " + "[" * 3000 + "1" + " for i in [1]]" * 3000 + "\n", (0, 1), TOO_DEEP)
program("nesting/f-strings", "x = 1\ny = " + "f'{" * 5000, 1, TOO_DEEP)
program("nesting/targets", "x, " * N + "y = 1\n", 1, r".*Error")
program("nesting/star-targets", "(" * N + "x" + ",)" * N + " = 1\n", (0, 1), r".*Error")
program("nesting/decorators", "def d(f): return f\n" + "@d\n" * 5000 + "def f(): return 7\nprint(f())\n", (0, 1), TOO_DEEP)
program("nesting/strings", "x = " + "'a' " * N + "\nprint(len(x))\n", (0, 1), TOO_DEEP)
program("nesting/functions", "".join(" " * i + f"def f{i}():\n" for i in range(150)) + " " * 150 + "pass\n", 1, TOO_DEEP)
program("nesting/eval", f"try:\n    eval('(' * {N} + ')' * {N})\nexcept (SyntaxError, RecursionError, MemoryError) as e:\n    print('refused')\n", 0, out="refused\n")
program("nesting/assignments", "x = " * 20000 + "1\nprint(x)\n", (0, 1), TOO_DEEP)
program("nesting/many-statements", "x = 0\n" + "x += 1\n" * N + "print(x)\n", 0, out=f"{N}\n")
program("nesting/semicolons", "x = 0" + "; x += 1" * 50000 + "\nprint(x)\n", 0, out="50000\n")

program("recursion/endless", "def f(n):\n    return f(n + 1)\nf(0)\n", 1, "RecursionError: maximum recursion depth exceeded")
program("recursion/mutual", "def f(n): return g(n)\ndef g(n): return f(n)\nf(0)\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/repr", "class A:\n    def __repr__(self): return repr(self)\nprint(A())\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/getattr", "class A:\n    def __getattr__(self, n): return self.missing\nA().x\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/init", "class A:\n    def __init__(self): A()\nA()\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/sort-key", "def f(x): return sorted([x], key=f)\nf(1)\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/map", "def f(x): return list(map(f, [x]))\nf(1)\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/exec", "s = 'exec(s)'\nexec(s)\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/generator", "def g(): yield from g()\nnext(g())\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/comparison", "class A:\n    def __eq__(self, o): return [self] == [o]\nA() == A()\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/property", "class A:\n    @property\n    def p(self): return self.p\nA().p\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/metaclass", "class M(type):\n    def __call__(cls): return cls()\nclass A(metaclass=M): pass\nA()\n", 1, "RecursionError: maximum", lines=4000)
program("recursion/del", "class A:\n    def __del__(self): A()\ndef f(n):\n    if n: f(n - 1)\nf(100)\nprint('fine')\n", 0, out="fine\n")
program("recursion/nested-list-freed", "x = []\nfor _ in range(1000000): x = [x]\ndel x\nprint('freed')\n", 0, out="freed\n")
program("recursion/nested-tuple-hash", "x = ()\nfor _ in range(100000): x = (x,)\ntry:\n    hash(x)\nexcept RecursionError: pass\ndel x\nprint('freed')\n", 0, out="freed\n")
program("recursion/linked-list-freed", "class N: pass\nh = None\nfor _ in range(300000):\n    n = N(); n.next = h; h = n\ndel h, n\nprint('freed')\n", 0, out="freed\n")
program("recursion/raised-limit", "import sys\nsys.setrecursionlimit(20000)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(15000))\n", 0, out="15000\n")
program("recursion/huge-limit", "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(n): return f(n + 1)\ntry:\n    f(0)\nexcept (RecursionError, MemoryError) as e:\n    print('stopped')\n", 0, out="stopped\n", memory=GIGABYTE)
program("recursion/huge-limit-native", "import sys\nsys.setrecursionlimit(10 ** 9)\nclass A:\n    def __repr__(self): return repr([self])\ntry:\n    repr(A())\nexcept (RecursionError, MemoryError) as e:\n    print('stopped')\n", 0, out="stopped\n", memory=GIGABYTE)
program("recursion/in-thread", "import threading\ndef f(n): return f(n + 1)\ndef g():\n    try: f(0)\n    except RecursionError: print('caught')\nt = threading.Thread(target=g); t.start(); t.join()\n", 0, out="caught\n")
program("recursion/in-thread-uncaught", "import threading\ndef f(n): return f(n + 1)\nt = threading.Thread(target=f, args=(0,)); t.start(); t.join(); print('main goes on')\n", 0, out="main goes on\n")
program("recursion/caught-at-the-bottom", "def f(n):\n    try: return f(n + 1)\n    except RecursionError: return n\nprint(f(0) > 100)\n", 0, out="True\n")

# ---- Memory ---------------------------------------------------------------------------------------------------------

LIMIT = 4 * GIGABYTE
for label, expression in (("bytearray", "bytearray(10 * 2 ** 30)"), ("bytes", "bytes(10 * 2 ** 30)"), ("bytes-repeat", "b'x' * (10 * 2 ** 30)"), ("str-repeat", "'x' * (10 * 2 ** 30)"),
                          ("wide-str-repeat", "'\\U0001F600' * (5 * 2 ** 29)"), ("list-repeat", "[None] * (10 * 2 ** 27)"), ("tuple-repeat", "(None,) * (10 * 2 ** 27)"),
                          ("shift", "1 << (80 * 2 ** 30)"), ("join", "''.join(['x' * 2 ** 20] * 10240)"), ("replace", "('x' * 2 ** 20).replace('x', 'y' * 10240)"),
                          ("center", "'x'.center(10 * 2 ** 30)"), ("format", "format(1, '10737418240d')"), ("to-bytes", "(1).to_bytes(10 * 2 ** 30, 'big')"),
                          ("list-of-range", "list(range(10 ** 10))"), ("set-of-range", "set(range(10 ** 10))"), ("absurd", "[0] * (2 ** 62)"), ("absurd-bytes", "bytearray(2 ** 62)")):
    program("memory/" + label, f"x = {expression}\n", 1, r"(MemoryError|OverflowError)\b", memory=LIMIT if "range" not in label else GIGABYTE)
program("memory/caught-and-goes-on", "for _ in range(3):\n    try:\n        x = bytearray(10 * 2 ** 30)\n    except MemoryError as e:\n        print('caught', type(e).__name__)\nprint(sum(range(1000)))\n", 0, memory=LIMIT, out="caught MemoryError\n" * 3 + "499500\n")
program("memory/growing-list", "l = []\nwhile True:\n    l.append(bytes(10 ** 6))\n", 1, "MemoryError", memory=GIGABYTE)
program("memory/small-objects", "l = []\nwhile True:\n    l.append([1.5, 'x', {}])\n", 1, "MemoryError", memory=GIGABYTE)
program("memory/growing-dict", "d = {}\nn = 0\nwhile True:\n    d[n] = str(n)\n    n += 1\n", 1, "MemoryError", memory=GIGABYTE)
program("memory/growing-str", "s = 'x'\nwhile True:\n    s += s\n", 1, "MemoryError", memory=GIGABYTE)
program("memory/growing-int", "n = 3 ** 1000\nwhile True:\n    n = n << (n.bit_length() * 3)\n", 1, r"(MemoryError|OverflowError)", memory=GIGABYTE)
program("memory/instances", "class C:\n    def __init__(self, p): self.p = p\nc = None\nwhile True:\n    c = C(c)\n", 1, "MemoryError", memory=GIGABYTE)
program("memory/in-thread", "import threading\ndef f():\n    try: bytearray(10 * 2 ** 30)\n    except MemoryError: print('caught')\nts = [threading.Thread(target=f) for _ in range(3)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n", 0, memory=LIMIT, out="caught\n" * 3)
program("memory/released-after", "try:\n    l = []\n    while True: l.append(bytes(10 ** 6))\nexcept MemoryError:\n    del l\ndef more(): return bytearray(10 ** 8)\nprint(len(more()))\n", 0, memory=GIGABYTE, out="100000000\n")
program("memory/too-many-threads", "import threading\ne = threading.Event()\nts = []\ntry:\n    for _ in range(5000):\n        t = threading.Thread(target=e.wait); t.start(); ts.append(t)\nexcept (RuntimeError, MemoryError) as x:\n    print('refused')\nelse:\n    print('all started')\ne.set()\nfor t in ts: t.join()\nprint('joined')\n", 0, memory=GIGABYTE)

# ---- Ctrl-C ---------------------------------------------------------------------------------------------------------


def interrupt(name, source, caught=False, signals=1):
    """A case that gets SIGINT once it has printed "ready": ends before it would by itself, with KeyboardInterrupt, as a
    shell expects."""
    def check(binary, oracle):
        place = Place(binary)
        try:
            path = place.file("p.py", source)
            process = place.start([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            line = process.stdout.readline()
            if line != b"ready\n":
                raise Failed(f"not ready: {line!r}\n{place.finish(process)}")
            for _ in range(signals):
                time.sleep(0.15)
                process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise Failed("not interrupted within 60 s")
            try:
                os.killpg(process.pid, signal.SIGKILL)  # children that would keep the pipes open
            except ProcessLookupError:
                pass
            out, err = process.stdout.read(), process.stderr.read()
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()
            result = place.result(process.returncode, out, err)
        finally:
            place.close()
        if caught:
            no_crash(result)
            expect(result.code == 0 and result.out == "caught\n" and result.err == "", "not caught", result)
        else:
            no_crash(result, (-signal.SIGINT,))
            expect(result.code in (-signal.SIGINT, 130), "exit status is neither SIGINT's nor 130", result)
            expect(result.last() == "KeyboardInterrupt" and "Traceback" in result.err, "no KeyboardInterrupt traceback", result)
    CASES.append(("interrupt/" + name, check))


READY = "import sys, time, threading, queue, os\nprint('ready', flush=True)\n"
for label, body in (("sleep", "time.sleep(900)"), ("busy-loop", "while True: pass"), ("busy-for", "for i in range(10 ** 12): i"), ("calls", "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nf(80)"),
                    ("lock-acquire", "l = threading.Lock(); l.acquire(); l.acquire()"), ("lock-timeout", "l = threading.Lock(); l.acquire(); l.acquire(timeout=900)"), ("rlock-held-elsewhere", "l = threading.RLock()\nt = threading.Thread(target=lambda: (l.acquire(), time.sleep(900)), daemon=True); t.start(); time.sleep(0.1); l.acquire()"),
                    ("join", "t = threading.Thread(target=time.sleep, args=(900,), daemon=True); t.start(); t.join()"), ("join-busy-thread", "def f():\n    while True: pass\nt = threading.Thread(target=f, daemon=True); t.start(); t.join()"),
                    ("event-wait", "threading.Event().wait()"), ("condition-wait", "c = threading.Condition()\nwith c: c.wait()"), ("queue-get", "queue.Queue().get()"), ("semaphore", "threading.Semaphore(0).acquire()"),
                    ("barrier", "threading.Barrier(2).wait()"), ("stdin-read", "sys.stdin.read()"), ("input", "input()"), ("os-read", "r, w = os.pipe(); os.read(r, 1)"), ("sort", "class K:\n    def __lt__(self, o): time.sleep(0.01); return False\nsorted([K() for _ in range(100000)])"),
                    ("generator", "def g():\n    while True: yield 1\nfor x in g(): pass"), ("comprehension", "[x for x in range(10 ** 9) if x < 0]"), ("exceptions", "while True:\n    try: raise ValueError\n    except ValueError: pass"), ("nested-handlers", "while True:\n    try:\n        time.sleep(1)\n    except Exception: pass\n    finally: x = 1"),
                    ("map-filter", "list(filter(lambda x: x < 0, map(lambda x: x, iter(int, 1))))"), ("waitpid", "p = os.fork()\nif p == 0:\n    time.sleep(900); os._exit(0)\nos.waitpid(p, 0)")):
    interrupt(label, READY + body + "\n")
    interrupt(label + "-caught", "import sys, time, threading, queue, os\ntry:\n    print('ready', flush=True)\n" + "".join("    " + line + "\n" for line in body.splitlines()) + "except KeyboardInterrupt:\n    print('caught', flush=True)\n    os._exit(0)\n", caught=True)


@case("interrupt/terminate")
def terminate(binary, oracle):
    place = Place(binary)
    try:
        process = place.start(["-c", "import time; print('ready', flush=True); time.sleep(900)"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.terminate()
        result = place.finish(process)
    finally:
        place.close()
    expect(result.code == -signal.SIGTERM and result.err == "", "SIGTERM does not end it as a signal does", result)


# ---- The interactive prompt -----------------------------------------------------------------------------------------


class Terminal:
    """A pseudo terminal with the interactive prompt, or another program, on the other side."""

    def __init__(self, binary, arguments=(), place=None, variables=()):
        self.own_place = not place
        self.place = place or Place(binary)
        self.master, slave = pty.openpty()
        self.mode = termios.tcgetattr(slave)
        termios.tcsetwinsize(slave, (24, 200)) if hasattr(termios, "tcsetwinsize") else None

        def prepare():
            os.setsid()
            import fcntl
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        env = dict(environment(), HOME=self.place.home, **dict(variables))
        self.process = subprocess.Popen([binary, *arguments], stdin=slave, stdout=slave, stderr=slave, cwd=self.place.folder, env=env,
                                        preexec_fn=prepare)
        os.close(slave)
        self.seen = ""

    def read_until(self, pattern, timeout=TIMEOUT, again=b""):
        """Reads until the pattern matches at the end of what came since the last call; returns that text.

        `again` is written whenever nothing has come for a while.
        """
        end = time.monotonic() + timeout
        text = ""
        while not re.search(pattern, text):
            ready, _, _ = select.select([self.master], [], [], 3)
            data = b""
            if not ready and time.monotonic() < end:
                os.write(self.master, again)
                continue
            if ready:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    pass
            if not data:
                raise Failed(f"the terminal did not show {pattern!r}, but: {self.seen + text!r}")
            text += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x1b\][^\x07]*\x07|[\r\x07]", "", data.decode("utf-8", "replace"))
        self.seen += text
        return text

    def type(self, line, prompt=r">>> $", end="\n"):
        os.write(self.master, (line + end).encode())
        return self.read_until(prompt)

    def interrupt(self):
        """Ctrl-C. One that comes between the prompt and the reading of a line only shows with the next key."""
        os.write(self.master, b"\x03")
        self.read_until(r"KeyboardInterrupt\n>>> $", again=b"\x03")

    def leave(self, line, expected=0, end="\n"):
        os.write(self.master, (line + end).encode())
        deadline = time.monotonic() + TIMEOUT
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                if select.select([self.master], [], [], 0.1)[0]:
                    self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:
                time.sleep(0.01)
        try:  # what it wrote last
            while select.select([self.master], [], [], 0)[0]:
                self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:
            pass
        if self.process.poll() != expected:
            raise Failed(f"exit status {self.process.poll()}, expected {expected}; seen: {self.seen!r}")
        if termios.tcgetattr(self.master) != self.mode:
            raise Failed(f"the terminal's mode is not as it was; seen: {self.seen!r}")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        if self.own_place:
            self.place.close()


def terminal(name, arguments=(), ready=r">>> $", **variables):
    """Registers a function of a Terminal that has shown `ready`."""
    def register(function):
        def check(binary, oracle):
            t = Terminal(binary, arguments, variables=variables)
            try:
                t.read_until(ready)
                function(t)
            finally:
                t.close()
        CASES.append((name if "/" in name else "prompt/" + name, check))
        return function
    return register


def shows(t, text, pattern):
    if not re.search(pattern, text):
        raise Failed(f"not shown: {pattern!r}; seen {text!r}")


@terminal("echo-and-exit")
def prompt_echo(t):
    shows(t, t.type("1+1"), r"\n2\n>>> $")
    shows(t, t.type("'te' + 'xt'"), r"\n'text'\n")
    shows(t, t.type("None"), r"None\n>>> $")
    shows(t, t.type("x = 5"), r"x = 5\n>>> $")
    shows(t, t.type("x; x + 1"), r"\n5\n6\n")
    shows(t, t.type("_ * 2"), r"\n12\n")
    shows(t, t.type("print('é日')"), r"\né日\n")
    shows(t, t.type(""), r">>> $")
    shows(t, t.type("__name__, __import__('sys').argv"), r"\n\('__main__', \[''\]\)\n")
    t.leave("exit()")


@terminal("exit-codes")
def prompt_exit_code(t):
    t.leave("import sys; sys.exit(3)", 3)


@terminal("exit-by-exit-with-code")
def prompt_exit_with_code(t):
    t.leave("exit(4)", 4)


@terminal("end-of-file")
def prompt_end_of_file(t):
    t.type("x = 1")
    t.leave("", 0, end="\x04") # typed the moment the prompt is there, it must not be lost


@terminal("multi-line")
def prompt_multi_line(t):
    t.type("def f(n):", r"\.\.\. $")
    t.type("    if n > 1:", r"\.\.\. $")
    t.type("        return n * f(n - 1)", r"\.\.\. $")
    t.type("    return 1", r"\.\.\. $")
    shows(t, t.type(""), r">>> $")
    shows(t, t.type("f(20)"), r"\n2432902008176640000\n")
    t.type("for i in range(2):", r"\.\.\. $")
    t.type("    i", r"\.\.\. $")
    shows(t, t.type(""), r"\n0\n1\n>>> $")
    t.type("(1 +", r"\.\.\. $")
    shows(t, t.type("2)"), r"\n3\n")
    t.type("'''a", r"\.\.\. $")
    shows(t, t.type("b'''"), r"\n'a\\nb'\n")
    t.type("class C:", r"\.\.\. $")
    t.type("    x = 7", r"\.\.\. $")
    t.type("")
    shows(t, t.type("C.x"), r"\n7\n")
    t.type("if 0:", r"\.\.\. $")
    t.type("    pass", r"\.\.\. $")
    t.type("else:", r"\.\.\. $")
    t.type("    'else ran'", r"\.\.\. $")
    shows(t, t.type(""), r"\n'else ran'\n")
    t.type("x = 1 + \\", r"\.\.\. $")
    t.type("2")
    shows(t, t.type("x"), r"\n3\n")
    t.leave("exit()")


@terminal("errors-then-continue")
def prompt_errors(t):
    shows(t, t.type("1 / 0"), r"Traceback \(most recent call last\):\n  File \"<stdin>\", line 1, in <module>\nZeroDivisionError: division by zero\n>>> $")
    shows(t, t.type("if"), r"SyntaxError: invalid syntax\n>>> $")
    shows(t, t.type("zqxw"), r"NameError: name 'zqxw' is not defined\n")
    shows(t, t.type("  x = 1"), r"IndentationError: unexpected indent\n")
    shows(t, t.type("'abc"), r"SyntaxError: unterminated string literal")
    shows(t, t.type("raise KeyError('k')"), r"KeyError: 'k'\n")
    t.type("def f():", r"\.\.\. $")
    t.type("    return g()", r"\.\.\. $")
    t.type("")
    shows(t, t.type("f()"), r"line 1, in <module>\n  File \"<stdin>\", line 2, in f\nNameError")
    shows(t, t.type("import sys; sys.last_value.args"), r"name 'g' is not defined")
    shows(t, t.type("2 * 21"), r"\n42\n")
    t.leave("exit()")


@terminal("interrupt")
def prompt_interrupt(t):
    time.sleep(0.3)
    os.write(t.master, b"half a line")
    time.sleep(0.2)
    t.interrupt()
    t.type("6 * 7", r"\n42\n>>> $")
    os.write(t.master, b"import time; print('go'); time.sleep(900)\n")
    t.read_until(r"\ngo\n")
    time.sleep(0.1)
    t.interrupt()
    t.type("x = 0", r"x = 0\n>>> $")
    t.type("while x or not print('loop'): x = 1", r"\.\.\. $")
    t.type("", r"\nloop\n")
    t.interrupt()
    t.type("'still here'", r"\n'still here'\n>>> $")
    t.leave("exit()")


@terminal("history")
def prompt_history(t):
    t.type("111 + 222")
    t.type("x = 9")
    os.write(t.master, b"\x1b[A\x1b[A")
    time.sleep(0.2)
    shows(t, t.type(""), r"\n333\n>>> $")
    shows(t, t.type("1 + 2\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D4"), r"\n43\n")
    t.leave("exit()")


@terminal("input-and-threads")
def prompt_input(t):
    t.type("v = input('name? ')", r"\nname\? $")
    t.type("somebody")
    shows(t, t.type("v"), r"\n'somebody'\n")
    t.type("import threading; l = []; t = threading.Thread(target=l.append, args=(1,)); t.start(); t.join()")
    shows(t, t.type("l"), r"\n\[1\]\n")
    shows(t, t.type("import sys; sys.ps1 = 'P> '", r"P> $"), "P> ")
    t.leave("exit()")


# ---- Lines that are edited, with readline ----------------------------------------------------------------------------


@terminal("completion")
def prompt_completion(t):
    t.type("impo\tsys")  # with the space that keywords get
    shows(t, t.type("'in modules', 'readline' in sys.modules"), r"\n\('in modules', True\)\n")
    t.type("xy = [1]")
    t.type("xy.app\t5)")
    shows(t, t.type("xy"), r"\n\[1, 5\]\n")
    os.write(t.master, b"sys.getrefc\t")
    t.read_until(r"getrefcount\($")
    shows(t, t.type("xy) > 0"), r"\nTrue\n")
    os.write(t.master, b"xy.in\t\t")
    t.read_until(r"xy\.index\( +xy\.insert\(\n(?s:.*)xy\.in$")
    t.type("sert(0, 7)")
    shows(t, t.type("xy"), r"\n\[7, 1, 5\]\n")
    t.leave("sys.exit(5)", 5)


@terminal("prompt-object")
def prompt_object(t):
    t.type("class P:", r"\.\.\. $")
    t.type("  n = 0", r"\.\.\. $")
    t.type("  def __str__(self): self.n += 1; return '<%d> ' % self.n + 150 * '.' + '> '", r"\.\.\. $")
    t.type("")
    t.type("import sys; sys.ps1 = P()", r"<1> \.{150}> $")
    t.type("1", r"<2> \.{150}> $")
    t.leave("exit()")


def session(binary, place, lines, arguments=()):
    """A session at the prompt; gives what was seen."""
    t = Terminal(binary, arguments, place)
    try:
        t.read_until(r">>> $")
        for line in lines:
            t.type(line)
        t.leave("exit()")
        return t.seen
    finally:
        t.close()


@case("prompt/history-of-sessions")
def prompt_history_of_sessions(binary, oracle):
    place = Place(binary)
    history = os.path.join(place.home, ".python_history")
    try:
        session(binary, place, ["print('first', 10 + 1)", "print('é')"])
        with open(history, encoding="utf-8") as file:
            lines = file.read()
        if lines != "print('first', 10 + 1)\nprint('é')\nexit()\n":
            raise Failed(f"written: {lines!r}")
        seen = session(binary, place, ["\x1b[A\x1b[A\x1b[A", "\x1b[A"])
        if seen.count("\nfirst 11\n") != 2:
            raise Failed(f"the earlier line was not found again: {seen!r}")
        # What libedit has written for another program is read as well.
        with open(history, "w") as file:
            file.write("_HiStOrY_V2_\nprint('of\\040libedit')\n")
        seen = session(binary, place, ["\x1b[A"])
        if "\nof libedit\n" not in seen:
            raise Failed(f"libedit's file was not read: {seen!r}")
    finally:
        place.close()


@case("prompt/no-history-file")
def prompt_no_history_file(binary, oracle):
    for arguments in (["-S"], ["-I"]):
        place = Place(binary)
        try:
            seen = session(binary, place, ["print('fir' + 'st')", "\x1b[A", "exit = __import__('sys').exit"], arguments)
            if seen.count("\nfirst\n") != 2:
                raise Failed(f"{arguments}: no history in the session: {seen!r}")
            if os.listdir(place.home):
                raise Failed(f"{arguments}: wrote {os.listdir(place.home)}")
        finally:
            place.close()


@case("prompt/startup-and-hook")
def prompt_startup_and_hook(binary, oracle):
    def run(text, pattern, code, leave):
        place = Place(binary)
        t = Terminal(binary, (), place, {"PYTHONSTARTUP": place.file("startup.py", text)})
        try:
            t.read_until(pattern)
            t.leave(leave, code)
        finally:
            t.close()
            place.close()

    run("import sys; here = 6; sys.__interactivehook__ = lambda: print('hook', here)", r"\nhook 6\n>>> $", 0, "exit()")
    run("import sys; sys.__interactivehook__ = lambda: 1 / 0",
        r"Failed calling sys.__interactivehook__\nTraceback(?s:.*)\nZeroDivisionError: division by zero\n>>> $", 0, "exit()")
    run("import sys; sys.__interactivehook__ = lambda: sys.exit(3)", r"Failed calling sys.__interactivehook__\n", 3, "")
    run("print('started'); raise SystemExit(4)", r"started", 4, "")
    run("1 / 0", r"ZeroDivisionError: division by zero\n>>> $", 0, "exit()")


def edited(name, program, ready=r"p> $"):
    return terminal("input/" + name, ["-c", "import readline\n" + program], ready)


@edited("edits", "for i in range(3): print(repr(input('p> ')))")
def input_edits(t):
    shows(t, t.type("ab\x1b[Dc", r"p> $"), r"\n'acb'\n")
    shows(t, t.type("\x1b[Ad", r"p> $"), r"\n'acbd'\n")
    t.leave("é\x1b[Dö")
    shows(t, t.seen, r"'öé'")


@edited("end-of-file", "try: input('p> ')\nexcept EOFError as e: print('ended', e.args); input('q> ')")
def input_end(t):
    shows(t, t.type("", r"q> $", end="\x04"), r"ended \(\)")
    t.leave("x")


@edited("interrupt", "try: input('p> ')\nexcept KeyboardInterrupt: print('stopped'); print([input('q> ')])")
def input_interrupt(t):
    os.write(t.master, b"some text")
    t.read_until("some text$")
    os.write(t.master, b"\x03")
    t.read_until(r"stopped\nq> $")
    t.leave("more")
    shows(t, t.seen, r"\['more'\]")


@edited("interrupt-not-caught", "input('p> ')")
def input_interrupt_not_caught(t):
    os.write(t.master, b"text")
    t.read_until("text$")
    t.leave("", -signal.SIGINT, end="\x03")
    shows(t, t.seen, r"\nKeyboardInterrupt")


@edited("signal-handler", """
import signal, os, threading, time
signal.signal(signal.SIGUSR1, lambda *a: print("handled", flush=True))
print(repr(input("p> ")))
""")
def input_signal_handler(t):
    os.write(t.master, b"ab")
    t.read_until("ab$")
    t.process.send_signal(signal.SIGUSR1)
    t.read_until("handled")
    t.leave("c")
    shows(t, t.seen, "'abc'")


@edited("completer", """
readline.parse_and_bind("tab: complete")  # as GNU readline says it
seen = []
def complete(text, state):
    seen.append((text, state, readline.get_line_buffer(), readline.get_begidx(), readline.get_endidx()))
    if text == "raise":
        raise ValueError
    return [w for w in ("alpha", "alphabet", "beta", "été", "êta") if w.startswith(text)][state]
readline.set_completer(complete)
print(repr(input("p> ")), seen[:3], seen[-1])
readline.set_completion_display_matches_hook(lambda *a: print(a, flush=True))
print(repr(input("q> ")))
readline.set_completer(lambda text, state: input("inner"))
print(repr(input("r> ")))
""")
def input_completer(t):
    text = t.type("x al\t\x7f\x7f\x7f\x7f\x7fbe\t (ét\t raise\t", r"q> $")
    shows(t, text, r"\n'x beta \(été raise' \[\('al', 0, 'x al', 2, 4\), \('al', 1, 'x al', 2, 4\), \('al', 2, 'x al', 2, 4\)\] "
                   r"\('raise', 0, 'x beta \(été raise', 12, 17\)\n")
    shows(t, t.type("al\t\t", r"r> $"), r"\('alpha', \['alpha', 'alphabet'\], 8\)")
    t.leave("no\t")
    shows(t, t.seen, "'no'")


@edited("hooks", """
readline.set_startup_hook(lambda: readline.insert_text("before "))
print(repr(input("p> ")))
readline.set_startup_hook()
def hook(): 1 / 0
readline.set_pre_input_hook(hook)
print(repr(input("q> ")))
""", r"p> before $")
def input_hooks(t):
    shows(t, t.type("after", r"q> $"), r"\n'before after'\n")
    t.leave("end")
    shows(t, t.seen, "'end'")


@edited("keys-as-gnu-readline-says-them", """
for line in ('set editing-mode emacs', 'Control-t: beginning-of-line', '"\\\\C-x\\\\C-t" : end-of-line', '"\\\\e[A": history-search-backward',
             'C-g: no-such-function', '"', '"\\\\C-', 'tab', 'table: complete', '', 'a' * 1000):
    readline.parse_and_bind(line)
readline.parse_and_bind('C-b: end-of-line')
for line in ("first", "second", "f other"):
    readline.add_history(line)
print(repr(input("p> ")), repr(input("q> ")))
""")
def input_gnu_keys(t):
    t.type("bc\x14a\x18\x14d\x14\x02", r"q> $")
    t.leave("fi\x1b[A!")
    shows(t, t.seen, r"'abcd' 'first!'")


@edited("another-thread", """
import threading, time
def look():
    while readline.get_line_buffer() != "typed": time.sleep(0.01)
    readline.insert_text(" more")
    readline.redisplay()
    readline.add_history("added")
thread = threading.Thread(target=look)
thread.start()
line = input("p> ")
thread.join()
print(repr(line), [readline.get_history_item(i) for i in range(1, 3)])
""")
def input_another_thread(t):
    os.write(t.master, b"typed")
    t.read_until(r"typed more$")
    t.leave("!")
    shows(t, t.seen, r"'typed more!' \['added', 'typed more!'\]")


@edited("two-threads", """
import threading
lines = []
threads = [threading.Thread(target=lambda: lines.append(input("p> "))) for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(lines))
""")
def input_two_threads(t):
    t.type("one", r"p> $")
    t.leave("two")
    shows(t, t.seen, r"\['one', 'two'\]")


@edited("left-by-a-daemon", """
import threading, time
threading.Thread(target=input, args=("p> ",), daemon=True).start()
time.sleep(1)
""")
def input_left(t):
    t.leave("abc", end="")


@terminal("input/without-readline", ["-c", "print(repr(input('p> ')))"], r"p> $")
def input_without_readline(t):
    t.leave("ab\x1b[D")
    shows(t, t.seen, r"'ab\\x1b\[D'")


@edited("debugger", "import pdb\nwhole_name = 41\npdb.set_trace()\nprint('end')", r"\(Pdb\) $")
def input_debugger(t):
    shows(t, t.type("p whole_na\t + 1", r"\(Pdb\) $"), r"\n42\n")
    shows(t, t.type("\x1b[A", r"\(Pdb\) $"), r"\n42\n")
    t.leave("c")


# ---- Running --------------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(description="Command line and bad-input tests.")
    parser.add_argument("--binary", required=True, help="the locksmith executable to test")
    parser.add_argument("--oracle", default="/usr/bin/python3.11", help="the CPython to compare with")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="cases run at a time")
    parser.add_argument("--no-memory-limits", action="store_true",
                        help="leave out the cases that limit the address space (sanitizers need it unlimited)")
    parser.add_argument("--verbose", action="store_true", help="a line for each case")
    parser.add_argument("filter", nargs="*", help="run only cases whose name contains one of these")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background job, as by what that starts
    binary = os.path.abspath(options.binary)
    if not os.access(binary, os.X_OK):
        parser.error(f"no executable file at {binary}")
    cases = [c for c in CASES if not options.filter or any(f in c[0] for f in options.filter)]
    if options.no_memory_limits:
        cases = [c for c in cases if not c[0].startswith("memory/") and "huge-limit" not in c[0]]
    if not cases:
        parser.error("no case matches")

    def attempt(entry):
        started = time.monotonic()
        try:
            entry[1](binary, options.oracle)
            problem = None
        except Failed as error:
            problem = str(error)
        except Exception as error:
            problem = f"the test itself failed: {type(error).__name__}: {error}"
        return problem, time.monotonic() - started

    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for (name, _), (problem, took) in zip(cases, pool.map(attempt, cases)):
            if problem:
                failed += 1
                print(f"FAIL {name}")
                for line in problem.encode("utf-8", "backslashreplace").decode().splitlines()[:40]:
                    print(f"    {line[:400]}")
            else:
                passed += 1
                if options.verbose:
                    print(f"ok   {took:6.2f} s {name}")
            sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
