# SPDX-License-Identifier: MIT
"""The benchmark harness: plans the launches, runs them, works out the statistics, reports."""
