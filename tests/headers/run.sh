#!/usr/bin/env bash
# Compiles every public header alone, written and generated, with warnings as errors: each brings what it needs.
#   bash tests/headers/run.sh BUILD_DIR
set -euo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build_dir=$(cd "${1:?usage: run.sh BUILD_DIR}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$source_dir/include" && find usher -name '*.hpp') >"$work/headers"
(cd "$build_dir/generated/include" && find usher -name '*.hpp') >>"$work/headers"
count=$(wc -l <"$work/headers")
((count >= 20)) || { echo "only $count headers found: is $build_dir a finished build?" >&2; exit 1; }

export flags="-std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -I$source_dir/include -I$build_dir/generated/include"
compile_alone() {
    # Twice: a header without a guard shows at once.
    printf '#include <%s>\n#include <%s>\n' "$1" "$1" | "${CXX:-g++}" $flags -x c++ - || { echo "not alone: $1" >&2; return 1; }
}
export -f compile_alone
xargs -P "$(nproc)" -I{} bash -c 'compile_alone {}' <"$work/headers"
echo "$count headers compile alone"
