# What faulthandler writes of a process that dies: in a collection, of a thread without frames.
import re
import subprocess
import sys

IN_FINALISER = """
import faulthandler, gc
faulthandler.enable()
class Cycle:
    def __init__(self):
        self.own = self
    def __del__(self):
        faulthandler._sigsegv()
gc.collect()
gc.disable()
Cycle()
gc.collect()
"""
OUTSIDE = """
import faulthandler, gc
faulthandler.enable()
gc.collect()
faulthandler._read_null()
"""
IN_C_THREAD = """
import faulthandler
faulthandler.enable()
def f():
    faulthandler._fatal_error_c_thread()
f()
"""
for program in IN_FINALISER, OUTSIDE, IN_C_THREAD:
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True)
    print(done.returncode < 0, done.stdout)
    text = re.sub(r"0x[0-9a-f]+", "0x", done.stderr)
    print(text.split("\n\nExtension modules")[0].rstrip())
