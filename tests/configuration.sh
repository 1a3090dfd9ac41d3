#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The configure step refuses what makes no sense, in one message that names what is valid; and vm/
# names no strategy and no factor; traverse slots are complete (traverse.py); and the C files are in
# the form that .clang-format says.
set -u
cd "$(dirname "$0")/.."
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
status=0

refused() { # TEXT-EXPECTED OPTION...
    local expected=$1
    shift
    local output
    if output=$(cmake -S . -B "$directory/b" -G Ninja "$@" 2>&1); then
        echo "accepted: $*"
        status=1
    elif ! grep -q -- "$expected" <<<"$(tr -s ' \n' ' ' <<<"$output")"; then
        echo "refused without naming '$expected': $*"
        status=1
    fi
    rm -rf "$directory/b"
}

refused "valid values: gil, object" -DLOCKSMITH_LOCKING=none
refused "valid values: plain, atomic" -DLOCKSMITH_REFCOUNT=lazy
refused "needs a thread-safe LOCKSMITH_REFCOUNT" -DLOCKSMITH_LOCKING=object -DLOCKSMITH_REFCOUNT=plain
refused "valid values: parking, futex, pthread, ticket, mcs" -DLOCKSMITH_MUTEX=none
refused "valid values: interval, ticks" -DLOCKSMITH_GIL=none
refused "LOCKSMITH_MUTEX=mcs needs LOCKSMITH_LOCKING=object" -DLOCKSMITH_MUTEX=mcs
refused "LOCKSMITH_GIL=ticks needs LOCKSMITH_LOCKING=gil" -DLOCKSMITH_LOCKING=object -DLOCKSMITH_REFCOUNT=atomic -DLOCKSMITH_GIL=ticks
refused "LOCKSMITH_REFCOUNT=deferred needs LOCKSMITH_LOCKING=object" -DLOCKSMITH_REFCOUNT=deferred
refused "LOCKSMITH_REFCOUNT=deferred needs LOCKSMITH_LOCKING=object and LOCKSMITH_DEFERRED=ON" -DLOCKSMITH_REFCOUNT=deferred \
    -DLOCKSMITH_LOCKING=object
refused "needs LOCKSMITH_LOCKING=gil" -DLOCKSMITH_LOCKING=object -DLOCKSMITH_REFCOUNT=none
refused "valid values: locked, optimistic" -DLOCKSMITH_READS=never
refused "LOCKSMITH_READS=optimistic needs LOCKSMITH_LOCKING=object" -DLOCKSMITH_READS=optimistic
refused "LOCKSMITH_REFCOUNT=tracing needs LOCKSMITH_LOCKING=object" -DLOCKSMITH_REFCOUNT=tracing
tracing=(-DLOCKSMITH_LOCKING=object -DLOCKSMITH_REFCOUNT=tracing)
refused "LOCKSMITH_REFCOUNT=tracing needs LOCKSMITH_READS=optimistic" "${tracing[@]}"
refused "LOCKSMITH_REFCOUNT=tracing needs LOCKSMITH_IMMORTAL=ON" "${tracing[@]}" -DLOCKSMITH_READS=optimistic -DLOCKSMITH_IMMORTAL=OFF
refused "LOCKSMITH_REFCOUNT=tracing needs LOCKSMITH_DEFERRED=OFF" "${tracing[@]}" -DLOCKSMITH_READS=optimistic -DLOCKSMITH_DEFERRED=ON
refused "needs LOCKSMITH_IMMORTAL=ON" -DLOCKSMITH_DEFERRED=ON -DLOCKSMITH_IMMORTAL=OFF
refused "LOCKSMITH_PRIVATE=ON needs LOCKSMITH_LOCKING=object" -DLOCKSMITH_PRIVATE=ON
refused "LOCKSMITH_PROMOTE=ON needs" -DLOCKSMITH_LOCKING=object -DLOCKSMITH_REFCOUNT=atomic -DLOCKSMITH_PROMOTE=ON
refused "LOCKSMITH_PRIVATE=ON has taken" -DLOCKSMITH_LOCKING=object -DLOCKSMITH_REFCOUNT=atomic -DLOCKSMITH_PRIVATE=ON -DLOCKSMITH_MUTEX=mcs

# Documents may, and what --build-info prints has to.
if grep -rnwE 'gilectomy|nogil|LOCKSMITH_(LOCKING|REFCOUNT|READS|MUTEX|PRIVATE|PROMOTE|LOCK_WORD|HEAP|IMMORTAL|DEFERRED|GIL)[A-Z_]*' vm \
    --exclude='*.md' --exclude='build_info*'; then
    echo "vm/ names a strategy or a factor"
    status=1
fi
tests/traverse.py || status=1

# Tables opt out in their own text.
if ! find vm gc locks tests bench -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run --Werror; then
    echo "not formatted: clang-format -i FILE"
    status=1
fi
exit $status
