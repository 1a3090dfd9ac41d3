# A folder with pyvenv.cfg and a link to the program is an environment: site takes its prefix from there.
import os
import subprocess
import sys
import tempfile

SHOW = """
import os, sys
base = os.path.realpath(sys.argv[1])
def short(path):
    return path.replace(base, "BASE")
program = short(sys.executable), short(sys._base_executable) == short(sys.argv[2])
print(*program, short(sys.prefix), short(sys.exec_prefix), sys.base_prefix == sys.argv[3], [short(p) for p in sys.path if base in p])
"""

with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    real = os.path.realpath(sys.executable)
    name = os.path.basename(real)
    site = os.path.join(folder, "environment/lib/python3.11/site-packages")
    os.makedirs(site)
    os.makedirs(os.path.join(folder, "environment/bin"))
    with open(os.path.join(site, "only_here.py"), "w") as stream:
        stream.write("print('imported')\n")
    with open(os.path.join(folder, "environment/pyvenv.cfg"), "w") as stream:
        stream.write(f"home = {os.path.dirname(real)}\ninclude-system-site-packages = false\n")
    for link in name, "python", "snake":
        os.symlink(real, os.path.join(folder, "environment/bin", link))
    os.symlink("environment/bin/python", os.path.join(folder, "outside"))

    def run(program, *options, executable=None, path=None, directory=None):
        answer = subprocess.run([program, *options, "-c", SHOW, folder, real, sys.base_prefix], executable=executable,
                                capture_output=True, text=True, cwd=directory or folder,
                                env=os.environ | ({"PATH": path} if path else {}))
        print(program.replace(folder, "BASE").replace("bin/" + name, "bin/NAME"), *options, "->",
              answer.stdout.strip().replace("bin/" + name, "bin/NAME"), answer.stderr)

    for program in "python", name, "snake":
        run(os.path.join(folder, "environment/bin", program))
    run("./environment/bin/python")
    run("environment/../environment//bin/./python")
    run("bin/snake", directory=os.path.join(folder, "environment"))
    run("snake", path=os.path.join(folder, "environment/bin") + ":/usr/bin")
    run("snake", path="/nowhere:" + os.path.join(folder, "environment/bin"), executable=os.path.join(folder, "environment/bin/snake"))
    run(os.path.join(folder, "environment/bin/python"), "-I")
    run(os.path.join(folder, "environment/bin/python"), "-S")
    run(os.path.join(folder, "outside"))
    print(subprocess.run([os.path.join(folder, "environment/bin/python"), "-c", "import only_here"], capture_output=True, text=True).stdout)
