#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks the Promela models beside the code they model (gc/*.pml, locks/*.pml) with spin: each must hold,
# and with each of the faults it offers (-DBREAK_...) it must be found wrong.
#   tests/models.sh [MODEL.pml...]
set -u
cd "$(dirname "$0")/.."
models=("$@")
[ $# -gt 0 ] || models=(gc/*.pml locks/*.pml)
if [ ${#models[@]} -gt 1 ]; then # one processor for each; every line names its model
    printf '%s\0' "${models[@]}" | xargs -0 -n 1 -P "$(nproc)" tests/models.sh
    exit
fi

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
status=0

check() { # MODEL [-DBREAK_...]: 0 holds, 1 does not, 2 could not be checked (output says why)
    local model=$PWD/$1 search=(-O2)
    shift
    # A fault is found sooner by a search that lets the last processes and choices go first (gc/biased.pml's five worst
    # in 8 s in place of 140), and then compiling takes longer than looking.
    [ $# -eq 0 ] || search=(-O0 -DREVERSE -DT_REVERSE)
    (
        cd "$directory" && rm -f pan pan.* ./*.trail &&
            spin "$@" -a "$model" && gcc "${search[@]}" -w -DSAFETY -DCOLLAPSE -o pan pan.c && timeout 300 ./pan -m500000
    ) >"$directory/log" 2>&1 || return 2
    grep -q 'search depth too small\|Search not completed' "$directory/log" && ! grep -q 'errors: [1-9]' "$directory/log" && return 2
    grep -q 'errors: 0' "$directory/log" && return 0
    grep -q 'errors: [1-9]' "$directory/log" && return 1
    return 2
}

for model in "${models[@]}"; do
    check "$model"
    case $? in
    0) echo "ok   $model ($(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' "$directory/log") states)" ;;
    1)
        echo "FAIL $model: $(grep -m 1 '^pan:1' "$directory/log")"
        status=1
        ;;
    *)
        echo "FAIL $model: not checked"
        tail -n 20 "$directory/log"
        status=1
        ;;
    esac
    for fault in $(grep -o 'BREAK_[A-Z_]*' "$model" | sort -u); do
        check "$model" "-D$fault"
        case $? in
        1) echo "ok   $model finds -D$fault" ;;
        *)
            echo "FAIL $model does not find -D$fault"
            status=1
            ;;
        esac
    done
done
exit $status
