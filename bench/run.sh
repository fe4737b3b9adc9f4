#!/usr/bin/env bash
# Builds and runs all benches and prints their tables.
#   bash bench/run.sh [--quick] [--build-dir DIR] [--write]
# --quick: a few calls only, to see that everything runs; its figures mean nothing.
# --write: also puts the tables between the marks in bench/METHOD.md.
set -euo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$source_dir/build/bench
configure=(-DCMAKE_BUILD_TYPE=Release -DUSHER_BUILD_TESTS=OFF -DUSHER_BUILD_EXAMPLES=OFF)
quick=false
write=false
while (($#)); do
    case $1 in
    --quick) quick=true; shift ;;
    --write) write=true; shift ;;
    --build-dir) build_dir=${2:?--build-dir needs a folder}; configure=(); shift 2 ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "unknown option: $1" >&2; exit 2 ;;
    esac
done
$quick && $write && { echo "figures of a quick run are not written down" >&2; exit 2; }

bash "$source_dir/tests/packages.sh" build test >&2
command -v ccache >/dev/null && configure+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S "$source_dir" -B "$build_dir" -G Ninja --log-level=WARNING "${configure[@]}" -DUSHER_BUILD_BENCH=ON >&2
cmake --build "$build_dir" --target benches >&2

run_all() {
    local calls=30000 rounds=7 compile_rounds=5 decode_arguments=() token_arguments=() throughput_arguments=()
    local quota_arguments=() journal_arguments=() migrate_arguments=() picture=$build_dir/quota.svg
    $write && picture=$source_dir/bench/quota/quota.svg
    if $quick; then
        calls=500 rounds=1 compile_rounds=1 decode_arguments=(--quick) token_arguments=(--quick) throughput_arguments=(--quick)
        quota_arguments=(--quick) journal_arguments=(--quick) migrate_arguments=(--quick)
    fi
    printf '### A typed call\n\n'
    bash "$source_dir/bench/get_user/run.sh" "$build_dir/bin" "$calls" "$rounds"
    if [[ -x $build_dir/bin/bench_decode ]]; then
        printf '\n### Decoding\n\n'
        "$build_dir/bin/bench_decode" "${decode_arguments[@]}"
    fi
    if [[ -x $build_dir/bin/bench_throughput ]]; then
        printf '\n### Throughput without a network\n\n'
        "$build_dir/bin/bench_throughput" "${throughput_arguments[@]}"
    fi
    if [[ -x $build_dir/bin/bench_quota ]]; then
        printf '\n### What is got out of a quota, simulated\n\n'
        "$build_dir/bin/bench_quota" --table --svg "$picture" "${quota_arguments[@]}"
    fi
    if [[ -x $build_dir/bin/bench_token ]]; then
        printf '\n### Verification of a token\n\n'
        "$build_dir/bin/bench_token" "${token_arguments[@]}"
    fi
    if [[ -x $build_dir/bin/usher && -x $build_dir/bin/write_auth0_export ]]; then
        printf '\n### Migrations at a high limit\n\n'
        bash "$source_dir/bench/migrate/run.sh" "$build_dir/bin" "${migrate_arguments[@]}"
    fi
    if [[ -x $build_dir/bin/bench_journal ]]; then
        printf '\n### The journal of an import\n\n'
        "$build_dir/bin/bench_journal" "${journal_arguments[@]}"
    fi
    if $quick && [[ -x $build_dir/bin/bench_soak ]]; then # the long one runs alone: bench_soak --minutes 20
        printf '\n### Soak\n\n'
        "$build_dir/bin/bench_soak" --quick
    fi
    printf '\n### Compile time\n\n'
    bash "$source_dir/bench/compile_time.sh" "$build_dir" "$compile_rounds"
}

method=$source_dir/bench/METHOD.md
if ! $write; then
    run_all
    exit
fi
figures=$(mktemp)
trap 'rm -f "$figures" "$figures.md"' EXIT
{
    printf 'Taken on %s at commit %s: %s, %s cores, %s.\n\n' "$(date -u +%F)" \
        "$(git -C "$source_dir" rev-parse --short HEAD)" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(g++ --version | head -1)"
    run_all
} | tee "$figures"
awk -v figures="$figures" '
    /^<!-- figures end/ { skip = 0 }
    !skip { print }
    /^<!-- figures begin/ { skip = 1; print ""; while ((getline line < figures) > 0) print line; print "" }' \
    "$method" >"$figures.md"
cp "$figures.md" "$method"
