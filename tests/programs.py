# SPDX-License-Identifier: MIT
"""Runs every benchmark program once, small, and believes its own check of the result.

    tests/programs.py --binary PATH
"""

import argparse
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    options = parser.parse_args()
    passed = failed = 0
    folder = os.path.join(ROOT, "bench", "programs")
    for file in sorted(os.listdir(folder)):
        if not file.endswith(".py") or file.startswith("_"):
            continue
        program = file[:-3]
        with open(os.path.join(folder, file), encoding="utf-8") as source:
            text = source.read()
        size = re.search(r"^SIZE_QUICK\s*=\s*(\S+)", text, re.M).group(1)
        # Those whose threads work on one object have a setup(); the others are run in copies.
        modes = ["shared"] if re.search(r"^def setup\(", text, re.M) else ["single", "threads"]
        for mode in modes:
            command = [options.binary, os.path.join(ROOT, "bench", "driver.py"), "--program", program,
                       "--size", size, "--threads", "1" if mode == "single" else "3", "--mode", mode,
                       "--warmups", "0", "--iterations", "1"]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=300)
                problem = done.returncode and f"exit code {done.returncode}: {done.stdout}{done.stderr}"
            except subprocess.TimeoutExpired:
                problem = "no end after 300 seconds"
            if problem:
                failed += 1
                print(f"FAILED {program} ({mode}): {problem}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
