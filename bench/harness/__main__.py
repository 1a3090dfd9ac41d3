# SPDX-License-Identifier: MIT
"""Lets `python3 bench/harness` and `python3 -m harness` run the harness."""

import os
import sys

sys.path[0:1] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]

from harness.main import main  # noqa: E402 (the path has to be set first)

sys.exit(main(sys.argv[1:]))
