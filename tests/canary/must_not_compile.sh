#!/usr/bin/env bash
# Compiles a source twice. As it stands it has to compile, so that nothing but the misuse can be what fails; with
# USHER_MISUSE defined it has to be refused, and for the reason on the source's line `// refused: REGEX`.
#   bash must_not_compile.sh SOURCE COMPILER FLAG…
set -euo pipefail
source=$1
shift
reason=$(sed -n 's|^// refused: ||p' "$source")
[[ -n $reason ]] || { echo "$source names no reason"; exit 1; }

"$@" "$source" || { echo "FAILED: the right form does not compile"; exit 1; }
if output=$("$@" -DUSHER_MISUSE "$source" 2>&1); then
    echo "FAILED: the misuse compiles"
    exit 1
fi
grep -E 'error: ' <<<"$output" | grep -Eq "$reason" || {
    echo "$output"
    echo "FAILED: refused, but not because of: $reason"
    exit 1
}
echo "refused, because of: $reason"
