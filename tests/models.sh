#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks every Spin model beside the code it models: no assertion may fail in any order of steps, and no
# process may be stuck before its end.
#   tests/models.sh [MODEL.pml ...]
set -u
cd "$(dirname "$0")/.."
models=("$@")
[ ${#models[@]} -gt 0 ] || mapfile -t models < <(find gc locks -name '*.pml' | sort)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
status=0
for model in "${models[@]}"; do
    path=$(realpath "$model")
    rm -rf "${directory:?}"/*
    if ! (cd "$directory" && cp "$path" model.pml && spin -a model.pml && gcc -O2 -w -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -o pan pan.c) >"$directory/log" 2>&1; then
        cat "$directory/log"
        echo "$model: does not compile"
        status=1
        continue
    fi
    (cd "$directory" && ./pan -m1000000) >"$directory/log" 2>&1
    if grep -q 'errors: 0' "$directory/log" && ! grep -q 'max search depth too small\|out of memory' "$directory/log"; then
        echo "$model: $(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$directory/log" | head -1) states, no errors"
    else
        cat "$directory/log"
        (cd "$directory" && [ -f model.pml.trail ] && spin -t -p -g model.pml 2>&1 | tail -n 150)
        echo "$model: errors"
        status=1
    fi
done
exit $status
