#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks the Promela models beside the code they model (gc/*.pml, locks/*.pml) with spin: each must hold,
# and with each of the faults it offers (-DBREAK_...) it must be found wrong.
#   tests/models.sh [MODEL.pml...]
set -u
cd "$(dirname "$0")/.."
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
status=0

check() { # MODEL [-DBREAK_...]: 0 holds, 1 does not, 2 could not be checked (output says why)
    local model=$PWD/$1
    shift
    (
        cd "$directory" && rm -f pan pan.* ./*.trail &&
            spin "$@" -a "$model" && gcc -O2 -w -DSAFETY -DCOLLAPSE -o pan pan.c && timeout 300 ./pan -m500000
    ) >"$directory/log" 2>&1 || return 2
    grep -q 'search depth too small\|Search not completed' "$directory/log" && ! grep -q 'errors: [1-9]' "$directory/log" && return 2
    grep -q 'errors: 0' "$directory/log" && return 0
    grep -q 'errors: [1-9]' "$directory/log" && return 1
    return 2
}

models=("$@")
[ $# -gt 0 ] || models=(gc/*.pml locks/*.pml)
for model in "${models[@]}"; do
    [ -e "$model" ] || continue # a pattern that matched nothing
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
