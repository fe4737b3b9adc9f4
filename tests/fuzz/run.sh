#!/usr/bin/env bash
# Fuzzes every target with libFuzzer, beginning with what is kept in tests/fuzz/corpus and tests/fuzz/cases.
#   bash tests/fuzz/run.sh [--quick] [--build-dir DIR] [--runs N] [--jobs N] [--seconds N] [--merge] [--keep DIR] [TARGET…]
#     --quick    replays what is kept, then a few thousand executions of each target, the same ones every time: about a
#                minute in all
#     --runs     executions of each target (10000000)
#     --seconds  at most so long for each target
#     --jobs     targets at once (1)
#     --merge    afterwards keeps in tests/fuzz/corpus what reaches more code, as few and as short as it goes
#     --keep     where logs, new inputs and findings go (DIR/fuzz of the build folder)
#   The build folder must have the targets: Clang, -DUSHER_SANITIZE=address,undefined,fuzzer-no-link -DUSHER_BUILD_FUZZERS=ON.
#   Ends with 1 if anything was found, the inputs are named, or if a target ran less often than --runs says without
#   --seconds; with 2 if a target has no program.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$here/../../build/sanitized
runs=10000000 seconds=0 jobs=1 quick=no merge=no keep='' targets=()

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while (($#)); do
    case $1 in
    --quick) quick=yes; shift ;;
    --merge) merge=yes; shift ;;
    --build-dir) build=${2:?--build-dir needs a folder}; shift 2 ;;
    --runs) runs=${2:?--runs needs a number}; shift 2 ;;
    --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
    --jobs) jobs=${2:?--jobs needs a number}; shift 2 ;;
    --keep) keep=${2:?--keep needs a folder}; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    -*) echo "unknown option: $1" >&2; usage >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
    esac
done
seed=0 # libFuzzer takes one of its own
[[ $quick == yes ]] && seed=20260101
# What an earlier run found new would lead a repeated one elsewhere.
[[ $quick == yes ]] && keep=${keep:-$build/fuzz/quick} && rm -rf "${keep:?}"
keep=${keep:-$build/fuzz}
mkdir -p "$keep"
if ((${#targets[@]} == 0)); then
    for one in "$build"/bin/fuzz_*; do
        [[ -x $one ]] && targets+=("${one##*/fuzz_}")
    done
    # Nothing that is kept may drop out unnoticed.
    for one in "$here"/corpus/*/; do
        one=$(basename "$one")
        [[ " ${targets[*]} " == *" $one "* ]] || targets+=("$one")
    done
fi
missing=()
for one in "${targets[@]}"; do
    [[ -x $build/bin/fuzz_$one ]] || missing+=("$one")
done
if ((${#missing[@]})); then
    echo "no program in $build/bin for: ${missing[*]}; build all with -DUSHER_BUILD_FUZZERS=ON" >&2
    exit 2
fi

# Longest input of a target, in bytes: short ones run fast, and what is long is made of what is short.
longest() {
    case $1 in
    generator) echo 2048 ;;
    jwk_set) echo 1024 ;;
    answer | decode | jwt | ndjson | quota_json | webhook) echo 512 ;;
    *) echo 256 ;;
    esac
}

# Executions of a target in the quick form, the replay among them: one to three seconds.
few() {
    case $1 in
    cookies | form | http_text | retry_after | times) echo 80000 ;;
    answer | rate_headers | redis | tunnel | webhook) echo 30000 ;;
    decode | generator | jwt | pattern) echo 6000 ;;
    *) echo 15000 ;;
    esac
}

# The end of a finding's log, and the input itself, as nothing but the output may be left of the machine that found it.
show() { # TARGET
    local input
    printf -- '---- %s, the end of its log\n' "$1"
    tail -40 "$keep/$1.log" | cut -c1-400
    while read -r input; do
        [[ -f $input ]] || continue
        printf -- '---- %s, %s bytes, base64 of the first 2048; `base64 -d` and hand it to fuzz_%s\n' "$input" \
            "$(wc -c <"$input")" "$1"
        head -c 2048 "$input" | base64
    done <"$keep/$1.found"
}

fuzz() { # TARGET: leaves its log, and the name of a finding in TARGET.found
    local target=$1 log=$keep/$1.log options=() runs=$runs
    [[ $quick == yes ]] && runs=$(few "$target")
    mkdir -p "$keep/$target"
    rm -f "$keep/$target.found"
    [[ -f $here/dictionaries/$target.dict ]] && options+=(-dict="$here/dictionaries/$target.dict")
    # To weigh inputs by how rare their 11,000 edges are takes longer than to run them.
    [[ $target == decode ]] && options+=(-entropic=0)
    # One by one and in order: a folder is read in whatever order its file system has.
    find "$here/corpus/$target" "$here/cases/$target" -type f 2>/dev/null | LC_ALL=C sort |
        paste -sd, | tr -d '\n' >"$keep/$target.kept" || true
    [[ -s $keep/$target.kept ]] && options+=(-seed_inputs=@"$keep/$target.kept")
    "$build/bin/fuzz_$target" -runs="$runs" -seed="$seed" -reload=0 -max_total_time="$seconds" -max_len="$(longest "$target")" \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$keep/$target-" "${options[@]}" \
        "$keep/$target" >"$log" 2>&1 || {
        sed -n 's/.*Test unit written to //p' "$log" >"$keep/$target.found"
        [[ -s $keep/$target.found ]] || echo "no input, see $log" >"$keep/$target.found"
    }
    local executed
    executed=$(stat_of "$log" number_of_executed_units)
    if ((runs > 0 && seconds == 0 && ${executed:-0} < runs)) && [[ ! -f $keep/$target.found ]]; then
        echo "none, but ${executed:-0} executions of $runs, see $log" >"$keep/$target.found"
    fi
    local last
    last=$(grep -E '^#[0-9]+.*cov:' "$log" | tail -1 || true)
    printf '%-14s %10s executions %7s exec/s %6s edges %5s inputs  %s\n' "$target" \
        "$(stat_of "$log" number_of_executed_units)" "$(stat_of "$log" average_exec_per_sec)" \
        "$(sed -n 's/.*cov: \([0-9]*\).*/\1/p' <<<"$last")" "$(sed -n 's/.*corp: \([0-9]*\).*/\1/p' <<<"$last")" \
        "$([[ -f $keep/$target.found ]] && echo "FOUND $(tr '\n' ' ' <"$keep/$target.found")" || echo clean)"
}
stat_of() { sed -n "s/^stat::$2: *//p" "$1" | tail -1; }

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
running=0
for target in "${targets[@]}"; do
    if ((running >= jobs)); then
        wait -n
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
wait

if [[ $merge == yes ]]; then
    for target in "${targets[@]}"; do
        mkdir -p "$keep/$target.merged"
        rm -f "$keep/$target.merged"/*
        "$build/bin/fuzz_$target" -merge=1 -use_counters=0 -max_len="$(longest "$target")" "$keep/$target.merged" \
            "$here/corpus/$target" "$keep/$target" >"$keep/$target.merge.log" 2>&1
        rm -rf "$here/corpus/$target"
        cp -r "$keep/$target.merged" "$here/corpus/$target"
    done
fi

found=0
for target in "${targets[@]}"; do
    [[ -f $keep/$target.found ]] || continue
    found=$((found + 1))
    show "$target"
done
echo "${#targets[@]} targets, $found with findings"
((found == 0))
