import sys
print(sys.version_info[:2], sys.version_info.major, sys.version_info >= (3, 11), sys.maxsize, sys.maxunicode, sys.byteorder, sys.platform, sys.hexversion >> 16, sys.getrecursionlimit(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.int_info.bits_per_digit > 0, sys.hash_info.modulus, sys.hash_info.inf, sys.float_info.max_exp, sys.argv == [__file__], type(sys.modules).__name__, "builtins" in sys.builtin_module_names, sys.implementation.name != "", sys.flags.optimize, sys.dont_write_bytecode in (True, False), sys.api_version > 0 if hasattr(sys, "api_version") else True)
print(sys.getsizeof([]) > 0, sys.getrefcount(object()) > 0, sys.intern("x") is sys.intern("x"), sys.stdin.fileno(), sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.encoding, sys.stdout.errors, sys.__stdout__ is sys.stdout, sys.getswitchinterval(), sys.copyright != "", sys.orig_argv[-1] == __file__, sys.warnoptions, sys.is_finalizing(), sys.gettrace(), sys.getprofile(), sys.exec_prefix != "", sys.thread_info.name)
sys.setswitchinterval(0.001); print(sys.getswitchinterval())
for f in (lambda: sys.setswitchinterval(0), lambda: sys.setswitchinterval("a"), lambda: sys.setrecursionlimit(-1), lambda: sys.getsizeof(), lambda: sys.exit.nope, lambda: sys.nope, lambda: sys.intern(1)):
    try:
        f()
    except (ValueError, TypeError, AttributeError) as e:
        print(type(e).__name__, e)
sys.stdout.write("written\n")
print(sys.stdout.write("abc\n"))
sys.stdout.flush()
sys.displayhook(5); sys.displayhook(None); sys.displayhook("text")
import builtins
print(builtins._)
print(sys.exc_info(), sys._getframe().f_code.co_name, sys.modules["__main__"].__name__)
sys.set_int_max_str_digits(700)
try:
    str(10 ** 800)
except ValueError as e:
    print(e)
try:
    int("1" * 800)
except ValueError as e:
    print(e)
sys.set_int_max_str_digits(0); print(len(str(10 ** 5000)), sys.get_int_max_str_digits())
