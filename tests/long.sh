#!/usr/bin/env bash
# Runs the long forms of the tests that have one, one after the other, in a folder that tests/run.sh has built: some
# twenty minutes. The exit code is 1 if any fails.
#   bash tests/long.sh [--build-dir DIR] [--factor N]
#
# USHER_TEST_FACTOR=N   test_faults: N times a million calls against a server that breaks the rules (20 unless given)
#                       test_wire_faults: cut after every byte, in silence and under TLS too, whatever N is
# USHER_FLEET_LONG=1    test_live_fleet: the fleet for longer
# USHER_LONG=1          test_migrate_live: Clerk to Scalekit and back with 5,000 users
# Fuzzing (tests/fuzz/run.sh) and the soak (bench_soak --minutes 20) have arguments of their own.
set -uo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$source_dir/build
factor=20

usage() { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while (($#)); do
    case $1 in
    --build-dir) build_dir=${2:?--build-dir needs a folder}; shift 2 ;;
    --factor) factor=${2:?--factor needs a number}; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "unknown option: $1" >&2; usage >&2; exit 2 ;;
    esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
run() { # NAME VARIABLE=VALUE: one program, one line
    local program=$build_dir/bin/$1 begun=$SECONDS
    if [[ ! -x $program ]]; then
        echo "missing  $1: build it with tests/run.sh"
        failed=$((failed + 1))
    elif env "$2" "$program" --log_level=message --color_output=no >"$log" 2>&1; then
        echo "passed   $1 ($2), $((SECONDS - begun)) s"
        grep -E '^[0-9]+ (cases|right)' "$log" | sed 's/^/         /'
        passed=$((passed + 1))
    else
        echo "failed   $1 ($2), $((SECONDS - begun)) s"
        tail -n 20 "$log"
        failed=$((failed + 1))
    fi
}

run test_faults "USHER_TEST_FACTOR=$factor"
run test_wire_faults "USHER_TEST_FACTOR=$factor"
run test_live_fleet "USHER_FLEET_LONG=1"
run test_migrate_live "USHER_LONG=1"

echo "long forms: $passed passed, $failed failed"
((failed == 0))
