# platform reads sys.version and sys._git; most packages that look for PyPy ask it.
import os
import platform
import sys

print(platform.python_version(), platform.python_version_tuple())
print(platform.python_implementation() == "PyPy", platform.python_branch() == platform.python_branch())
print(len(platform.python_build()), bool(platform.python_compiler()), platform.python_revision())
print(type(sys._git).__name__, [type(part).__name__ for part in sys._git])
print(platform.system(), platform.machine() == os.uname().machine, platform.node() == os.uname().nodename)
print(platform.libc_ver()[0], platform.architecture()[0], bool(platform.platform()), platform.freedesktop_os_release()["ID"])
