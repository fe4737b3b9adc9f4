#!/usr/bin/env bash
# Installs a finished build into a temporary folder, builds the consumer project against it, and runs both the
# consumer and the installed command.
#   bash tests/consumer/run.sh BUILD_DIR
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build_dir=${1:?usage: run.sh BUILD_DIR}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build_dir" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
# The prefix is moved first: nothing in it may point to where it was installed.
mv "$work/prefix" "$work/moved"
# The first program of the README is built as it stands there.
awk '/^```cpp/ && !seen { seen = copy = 1; next } /^```/ { copy = 0 } copy' "$here/../../README.md" >"$work/readme.cpp"
[[ -s $work/readme.cpp ]] || { echo "the README has no program" >&2; exit 1; }
cmake -S "$here" -B "$work/build" -DREADME_SOURCE="$work/readme.cpp" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/moved" --log-level=WARNING
cmake --build "$work/build"
"$work/build/consumer"
"$work/moved/bin/usher" --help >/dev/null
echo "installed, moved, found, built and run"
