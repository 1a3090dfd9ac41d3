# SPDX-License-Identifier: MIT
"""results.json, one results-<strategy>.json each (both in pyperf's JSON layout), results.csv.

pyperf's layout, version 1.0: benchmarks, each with runs, each with warm-ups as [loops, seconds]
and values in seconds. Its metadata are texts and numbers, never empty, never with a line break.
"""

import csv
import json
import os

from .plan import is_group

COLUMNS = ["kind", "program", "strategy", "threads", "round", "iteration", "wall_seconds",
           "cpu_seconds", "peak_kb", "date", "error"]

ASLR = {"0": "No randomization", "1": "Conservative randomization", "2": "Full randomization"}


def clean(metadata):
    """Only what pyperf accepts as metadata."""
    result = {}
    for name, value in metadata.items():
        if isinstance(value, str):
            value = " ".join(value.split())
            if value:
                result[name] = value
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            result[name] = value
    return result


def benchmark_name(kind, program, threads):
    if kind == "startup":
        return "start-up"
    if kind == "memory":
        return program + ", memory size"
    if is_group(kind):
        return "%s, %d processes" % (program, threads)
    if threads > 1:
        return "%s, %d threads" % (program, threads)
    return program


def suite(header, launches, strategies, prefix):
    """A pyperf suite of the launches of some strategies; names get the strategy if `prefix`."""
    grouped = {}
    for record in launches:
        if record["strategy"] in strategies and not record["error"] and record["wall"]:
            key = (strategies.index(record["strategy"]), record["kind"], record["program"],
                   record["threads"])
            grouped.setdefault(key, []).append(record)
    machine = header["machine"]
    common = clean({name: machine[name] for name in
                    ("cpu_model_name", "cpu_count", "platform", "load_avg_1min")
                    if name in machine})
    common["unit"] = "second"
    common["loops"] = 1
    if machine.get("aslr") in ASLR:
        common["aslr"] = ASLR[machine["aslr"]]
    if header.get("revision"):
        common["locksmith_revision"] = header["revision"]
    benchmarks = []
    for (index, kind, program, threads), records in sorted(grouped.items()):
        strategy = strategies[index]
        name = benchmark_name(kind, program, threads)
        binary = header["binaries"].get(strategy, {})
        metadata = {"name": "%s: %s" % (strategy, name) if prefix else name,
                    "strategy": strategy, "kind": kind, "threads": threads,
                    "python_executable": binary.get("path", ""),
                    "python_version": binary.get("version", "")}
        if program in header["programs"]:
            metadata["description"] = header["programs"][program]["summary"]
        runs = []
        for record in sorted(records, key=lambda record: record["round"]):
            own = {"date": record["date"], "duration": record["elapsed"],
                   "round": record["round"],
                   "cpu_seconds": sum(record["cpu"]) / len(record["cpu"])}
            if record["peak_kb"]:
                own["mem_max_rss"] = record["peak_kb"] * 1024
            run = {"metadata": clean(own), "values": record["wall"]}
            if record["warmups"]:
                run["warmups"] = [[1, value] for value in record["warmups"]]
            runs.append(run)
        benchmarks.append({"metadata": clean(metadata), "runs": runs})
    return {"version": "1.0", "metadata": common, "benchmarks": benchmarks}


def write(folder, header, launches, summary):
    """Writes the JSON files and the CSV; returns their names."""
    everyone = header["strategies"] + header["peers"]
    combined = suite(header, launches, everyone, prefix=True)
    # What pyperf does not know it ignores: the rest of the story goes under one name of ours.
    combined["locksmith"] = {"campaign": header, "summary": summary.as_dict(),
                             "launches": launches, "references": summary.references}
    names = ["results.json"]
    dump(os.path.join(folder, "results.json"), combined)
    for strategy in everyone:
        single = suite(header, launches, [strategy], prefix=False)
        if single["benchmarks"]:
            names.append("results-%s.json" % strategy.replace("/", "_"))
            dump(os.path.join(folder, names[-1]), single)
    write_csv(os.path.join(folder, "results.csv"), launches)
    return names + ["results.csv"]


def dump(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def write_csv(path, launches):
    """One row for each measured iteration, and one for each launch that failed."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for record in launches:
            start = [record[name] for name in ("kind", "program", "strategy", "threads", "round")]
            if record["error"]:
                rows.writerow(start + ["", "", "", "", record["date"], record["error"]])
                continue
            for iteration, (wall, cpu) in enumerate(zip(record["wall"], record["cpu"])):
                rows.writerow(start + [iteration, repr(wall), repr(cpu), record["peak_kb"],
                                       record["date"], ""])
