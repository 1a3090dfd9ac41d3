# An error in an f-string over several lines, in a file and in none.
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "program.py")
    for source in ('foo = f"""{}\nfoo"""\n', 'x\nfoo = f"""{}\nfoo"""\n', 'foo = f"""a\n{}\nfoo"""\n', 'x = (1,\n  2 3)\n', 'x = "a\\\nb" c\n'):
        with open(path, "w") as stream:
            stream.write(source)
        for name in ("none", path):
            try:
                compile(source, name, "exec")
            except SyntaxError as error:
                print(error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, repr(error.text))
        answer = subprocess.run([sys.executable, path], capture_output=True, text=True)
        print(answer.stderr.replace(path, "PROGRAM"))
