#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bench/locks/run: every mutex is measured and excludes, the JSON is JSON, wrong options are refused.
set -u
cd "$(dirname "$0")/.."
status=0
fail() {
    echo "$*"
    status=1
}

if ! output=$(bench/locks/run --seconds 0.2 --repeat 1 --threads 1,3 --work 5:5 --json); then
    fail "bench/locks/run failed"
else
    /usr/bin/python3 -c '
import json, re, sys
result = json.loads(sys.argv[1])
factor = re.search(r"locksmith_factor\(LOCKSMITH_MUTEX \w+ \"[^\"]*\" ([^)]*)\)", open("CMakeLists.txt").read())
names = factor.group(1).split()
assert [row["mutex"] for row in result["uncontended"]] == names, names
assert {(row["mutex"], row["threads"]) for row in result["contended"]} == {(n, t) for n in names for t in (1, 3)}
for row in result["contended"]:
    assert row["excluded"] and row["ops_per_second"] > 0 and 0 < row["jain"] <= 1, row
' "$output" || fail "the JSON is not what it should be: $output"
fi

refused() { # TEXT-EXPECTED OPTION...
    local expected=$1 code
    shift
    output=$(build/locks/locks_bench "$@" 2>&1)
    code=$?
    [ $code = 2 ] || fail "exit status $code for: $*"
    grep -qF -- "$expected" <<<"$output" || fail "refused without '$expected': $*: $output"
}
refused "valid are: parking futex pthread ticket mcs" --mutex none
refused "--threads: '0'" --threads 0
refused "--threads: 'x'" --threads 1,x
refused "where ':' should be" --work 5
refused "--seconds: '-1'" --seconds -1
refused "--repeat: '0'" --repeat 0
refused "'parking' is no option" parking
refused "--help lists" --unknown
build/locks/locks_bench --help | grep -q "^usage:" || fail "--help does not help"
exit $status
