# SPDX-License-Identifier: MIT
"""Makes campaigns out of thin air: headers and launches whose right answers are known."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench"))
sys.dont_write_bytecode = True

PYTHON = sys.executable


def header(strategies=("gil", "object"), programs=("fib", "nbody"), shared=(), threads=(1, 2),
           peers=(), kinds=("single", "threads", "shared", "memory", "startup"), size=10,
           kernels=(), fixed=None, factors=None):
    """`fixed` is a thread count for fib7; `factors` are the factors of each strategy's binary."""
    facts = {name: {"size": size, "memory": None, "shared": name in shared, "threads": True,
                    "role": "main", "fixed": None, "summary": "A program called %s." % name}
             for name in list(programs) + list(shared)}
    for name in kernels:
        facts[name] = dict(facts[programs[0]], shared=True, role="kernel")
    if fixed:
        facts["fib7"] = dict(facts[programs[0]], shared=True, role="fixed", fixed=fixed)
    built = {name: {"strategy": name, "factors": values, "pgo": "ON"}
             for name, values in (factors or {}).items()}
    return {
        "type": "campaign", "format": 1, "started": "2024-01-31 12:00:00",
        "command": ["bench/run", "--quick"], "full": False, "budget": 1.0, "seed": 1,
        "threads": list(threads), "kinds": list(kinds), "strategies": list(strategies),
        "peers": list(peers), "peers_everywhere": False, "programs": facts,
        "binaries": {name: {"path": PYTHON, "sha256": "", "size": 1,
                            "build_info": built.get(name),
                            "version": "3.11.2"} for name in list(strategies) + list(peers)},
        "machine": {"cpu_model_name": "Test processor", "cpu_count": 2, "platform": "Test",
                    "load_avg_1min": 0.0, "aslr": "2", "processor_times": [1.31, 1.0],
                    "addition_ns": {"plain": 0.44, "atomic": 1.95}},
        "revision": "0123456789ab",
    }


def launch(kind, program, strategy, threads, number, wall, cpu=None, error=None, peak=1000):
    """One launch; wall is a number or a list of iterations."""
    walls = wall if isinstance(wall, list) else [wall]
    cpus = walls if cpu is None else [cpu] * len(walls)
    return {"type": "launch", "kind": kind, "program": program, "strategy": strategy,
            "threads": threads, "round": number, "date": "2024-01-31 12:00:%02d" % (number % 60),
            "warmups": [walls[0] * 2] if walls else [], "wall": walls, "cpu": cpus,
            "peak_kb": peak, "error": error, "elapsed": sum(walls) + 0.05, "checks": 1,
            "version": "3.11.2"}


def launches(kind, program, strategy, threads, walls, cpu=None):
    return [launch(kind, program, strategy, threads, number, wall, cpu)
            for number, wall in enumerate(walls)]
