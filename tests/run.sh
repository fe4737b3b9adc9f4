#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. The exit code is CTest's.
#   bash tests/run.sh [--build-dir DIR] [--filter REGEX]
set -euo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$source_dir/build
filter=()

usage() { sed -n '2,3s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while (($#)); do
    case $1 in
    --build-dir) build_dir=${2:?--build-dir needs a folder}; shift 2 ;;
    --filter) filter=(-R "${2:?--filter needs a regular expression}"); shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "unknown option: $1" >&2; usage >&2; exit 2 ;;
    esac
done
say() { printf '\n== %s\n' "$*"; }

say "packages"
bash "$source_dir/tests/packages.sh" build test

options=()
command -v ccache >/dev/null && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
# Some hundred programs are linked with what they say to debuggers: lld takes a fifth of the time.
command -v ld.lld >/dev/null && options+=(-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld)

# Optimised, with line numbers and with assertions: CMake's own RelWithDebInfo takes the assertions out. The folder may
# have been configured for less by another script, so everything that is needed is said.
say "configure: $build_dir"
cmake -S "$source_dir" -B "$build_dir" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -g1" -DUSHER_WERROR=ON -DUSHER_BUILD_COMMAND=ON \
    -DUSHER_BUILD_TESTS=ON -DUSHER_BUILD_EXAMPLES=ON "${options[@]}"

say "build"
cmake --build "$build_dir"

say "test"
# More at once than there may be processors, as most of the tests wait for the other end of a connection.
# Nothing after this line: CTest's summary closes the run, and its exit code is ours.
exec ctest --test-dir "$build_dir" --output-on-failure --no-tests=error --no-label-summary -j3 "${filter[@]}"
