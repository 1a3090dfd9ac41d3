# SPDX-License-Identifier: MIT
"""A package whose import takes a moment and leaves something to check."""
import time
parts = []
for i in range(20):
    parts.append(i)
    if i % 5 == 0:
        time.sleep(0)
complete = True
