#!/usr/bin/env bash
# What `#include <usher/clerk.hpp>` costs an empty program over `<boost/asio/awaitable.hpp>` alone.
#   bash bench/compile_time.sh BUILD_DIR [ROUNDS]      BUILD_DIR: where the generated headers are
set -euo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$(cd "${1:?usage: compile_time.sh BUILD_DIR [ROUNDS]}" && pwd)
rounds=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler=${CXX:-g++}

# CPU seconds of one compilation, which other load on the machine disturbs least.
compile() { # HEADER
    local TIMEFORMAT='%U %S'
    printf '#include <%s>\nint main() {}\n' "$1" >"$work/program.cpp"
    { time "$compiler" -std=c++20 -I"$source_dir/include" -I"$build_dir/generated/include" -c "$work/program.cpp" \
        -o "$work/program.o" >&2; } 2>"$work/time" || { cat "$work/time" >&2; return 1; }
    awk '{ printf "%.2f\n", $1 + $2 }' "$work/time"
}

headers=(boost/asio/awaitable.hpp usher/clerk/users.hpp usher/clerk.hpp)
for ((round = 1; round <= rounds; ++round)); do
    for header in "${headers[@]}"; do
        seconds=$(compile "$header")
        echo "$header $seconds" >>"$work/lines"
    done
done
median() { grep "^$1 " "$work/lines" | cut -d' ' -f2 | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '%s, -O0, medians of %s\n\n| an empty program that includes | CPU s | over awaitable.hpp |\n|---|---|---|\n' \
    "$("$compiler" --version | head -1)" "$rounds"
base=$(median "${headers[0]}")
for header in "${headers[@]}"; do
    seconds=$(median "$header")
    printf '| `<%s>` | %.2f | %s |\n' "$header" "$seconds" "$(awk -v a="$seconds" -v b="$base" 'BEGIN { printf "%+.2f", a - b }')"
done
