#!/usr/bin/env bash
# Migrations at a limit of 20,000 requests per 10 s: share of the limit, refusals, CPU and peak memory by size of the source.
#   bash bench/migrate/run.sh BIN_DIR [--quick]
# Ends with 1 if the limit was used to less than 97 %, anything was refused, or more than 64 MiB were needed (--quick: only refusals).
# The sandbox enforces the limit and counts arrivals; it and the command share this machine. Prints a table.
set -euo pipefail
bin=$(cd "${1:?usage: run.sh BIN_DIR [--quick]}" && pwd)
quick=false sizes=(10000 100000) planned=(10000 100000 1000000)
[[ ${2:-} == --quick ]] && quick=true sizes=(2000) planned=(2000)
limit=20000 wrong=()
work=$(mktemp -d)
sandbox=
stop() {
    [[ -z $sandbox ]] || kill "$sandbox" 2>/dev/null || true
    wait 2>/dev/null || true
    sandbox=
}
trap 'stop; rm -rf "$work"' EXIT

# number FILE NAME: a number of a JSON object's.
number() { sed -n "s/.*\"$2\":\([0-9.eE+-]*\).*/\1/p" "$1" | tail -n 1; }

# watched COMMAND…: runs it; leaves its CPU seconds and its peak resident set in KiB in $work/watched.
watched() {
    local status=0
    "$@" &
    local child=$! peak=0 now cpu=0
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$child/status" 2>/dev/null) && [[ -n $now ]]; do
        peak=$now
        cpu=$(awk '{ sub(/.*\) /, ""); print ($12 + $13) / 100 }' "/proc/$child/stat" 2>/dev/null || echo "$cpu")
        sleep 0.1
    done
    wait "$child" || status=$?
    echo "$cpu $peak" >"$work/watched"
    return "$status"
}

start_sandbox() {
    "$bin/usher" sandbox --port 0 --ca-file "$work/ca.pem" --latency 20ms --jitter 10ms --limit "$limit" --window 10s \
        --set record=false --report "$work/report.json" >"$work/url" 2>"$work/sandbox.log" &
    sandbox=$!
    for _ in $(seq 200); do
        [[ ! -s $work/url ]] || return 0
        kill -0 "$sandbox" 2>/dev/null || break
        sleep 0.05
    done
    cat "$work/sandbox.log" >&2
    return 1
}

export CLERK_SECRET_KEY=sk_live_benchmigrate000000000000000000000000
printf 'Auth0 exports with the rows that nobody expects, limit %s per 10 s, 20 ms ± 10 ms away\n\n' "$limit"
printf '| users | journal | requests | seconds | share of the limit from second 2 on | refused | CPU µs per request | peak memory MiB |\n'
printf '|---|---|---|---|---|---|---|---|\n'
for users in "${sizes[@]}"; do
    "$bin/write_auth0_export" "$work/users.json" "$users" >"$work/expected"
    start_sandbox
    status=0
    watched "$bin/usher" import --from auth0 "$work/users.json" --to clerk --job "$work/job-$users" --base-url "$(head -n 1 "$work/url")" \
        --ca-file "$work/ca.pem" --limit "$limit" --window 10s --json >"$work/import.ndjson" 2>"$work/import.log" || status=$?
    ((status <= 1)) || { cat "$work/import.log" >&2; exit "$status"; }
    kill -TERM "$sandbox"
    wait "$sandbox" || true
    sandbox=
    read -r cpu peak <"$work/watched"
    tail -n 1 "$work/import.ndjson" >"$work/summary"
    requests=$(number "$work/summary" requests)
    awk -v users="$users" -v journal="$(stat -c %s "$work/job-$users")" -v requests="$requests" -v cpu="$cpu" -v peak="$peak" \
        -v ms="$(number "$work/summary" elapsed_ms)" -v rate="$(number "$work/report.json" steady_per_second)" \
        -v refused="$(number "$work/report.json" refused)" -v limit="$limit" 'BEGIN {
            printf "| %d | %.1f MiB | %d | %.1f | %.1f %% | %d | %.0f | %.1f |\n", users, journal / 1048576, requests, ms / 1000,
                1000 * rate / limit, refused, 1e6 * cpu / requests, peak / 1024 }'
    rate=$(number "$work/report.json" steady_per_second)
    [[ $(number "$work/report.json" refused) == 0 ]] || wrong+=("$users users: requests were refused")
    $quick || awk -v rate="$rate" -v limit="$limit" 'BEGIN { exit !(rate >= 0.097 * limit) }' || wrong+=("$users users: less than 97 % of the limit")
    $quick || ((peak <= 65536)) || wrong+=("$users users: more than 64 MiB")
done

printf '\n| records through `usher plan --offline` | seconds | records/s | peak memory MiB |\n|---|---|---|---|\n'
for users in "${planned[@]}"; do
    "$bin/write_auth0_export" "$work/users.json" "$users" >"$work/expected"
    began=$(date +%s.%N)
    status=0
    watched "$bin/usher" plan --from auth0 "$work/users.json" --offline --json >"$work/plan.ndjson" 2>"$work/plan.log" || status=$?
    ((status <= 1)) || { cat "$work/plan.log" >&2; exit "$status"; }
    read -r cpu peak <"$work/watched"
    awk -v rows="$(sed -n 's/^rows //p' "$work/expected")" -v began="$began" -v ended="$(date +%s.%N)" -v peak="$peak" 'BEGIN {
        printf "| %d | %.1f | %.0f | %.1f |\n", rows, ended - began, rows / (ended - began), peak / 1024 }'
    $quick || ((peak <= 65536)) || wrong+=("plan of $users users: more than 64 MiB")
done
((${#wrong[@]} == 0)) && exit
printf 'not as it should be: %s\n' "${wrong[@]}" >&2
exit 1
