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
cmake -S "$here" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/moved" --log-level=WARNING
cmake --build "$work/build"
"$work/build/consumer"
"$work/moved/bin/usher" --help >/dev/null
echo "installed, moved, found, built and run"
