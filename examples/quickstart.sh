#!/usr/bin/env bash
# From a fresh Debian 12 to 2,000 imported users: installs what is missing, builds the command, writes an export as Auth0 makes it,
# starts a service that behaves like Clerk's (its production limit, 80 ms ± 40 ms away) and imports. Nothing leaves this machine.
#   bash examples/quickstart.sh [USERS]
set -euo pipefail
users=${1:-2000}
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${USHER_BUILD_DIR:-$source_dir/build}
work=$(mktemp -d)
sandbox=

clean_up() {
    [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '\n== %s\n' "$*"; }
# number FILE NAME: a number in a file of one JSON object or of "name value" lines.
number() { sed -n -e "s/^$2 \([0-9.]*\)\$/\1/p" -e "s/.*\"$2\":\([0-9.eE+-]*\).*/\1/p" "$1" | head -n 1; }

say "1. packages"
bash "$source_dir/tests/packages.sh" build

say "2. build (the library, the command, the sandbox)"
if [ ! -f "$build/CMakeCache.txt" ]; then
    launcher=()
    if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
    cmake -S "$source_dir" -B "$build" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=Release -DUSHER_BUILD_TESTS=OFF "${launcher[@]}"
fi
cmake --build "$build" --target usher_command write_auth0_export
usher=$build/bin/usher

say "3. an export of $users users, with the rows that nobody expects"
"$build/bin/write_auth0_export" "$work/users.json" "$users" >"$work/expected"
paste -sd ' ' "$work/expected"

say "4. a service: 1000 requests in 10 s, 80 ms ± 40 ms away"
"$usher" sandbox --port 0 --ca-file "$work/ca.pem" --latency 80ms --jitter 40ms --limit 1000 --window 10s \
    --report "$work/report.json" >"$work/url" 2>"$work/sandbox.log" &
sandbox=$!
for _ in $(seq 200); do
    [ ! -s "$work/url" ] || break
    kill -0 "$sandbox" 2>/dev/null || { cat "$work/sandbox.log" >&2; exit 3; }
    sleep 0.05
done
url=$(head -n 1 "$work/url")
[ -n "$url" ] || { echo "the service did not start" >&2; exit 3; }
echo "$url"
export CLERK_SECRET_KEY=sk_live_quickstart00000000000000000000000000
there=(--base-url "$url" --ca-file "$work/ca.pem")

say "5. import"
status=0
"$usher" import --from auth0 "$work/users.json" --to clerk "${there[@]}" --job "$work/users.usher" --json \
    >"$work/import.ndjson" || status=$?
[ "$status" -le 1 ] || { echo "the import could not run: exit status $status" >&2; exit "$status"; }
tail -n 1 "$work/import.ndjson" >"$work/summary"
sleep 1.2 # by a pause the service's report tells this run from what follows
count=$("$usher" call GetUsersCount "${there[@]}" --compact | sed -n 's/.*"total_count":\([0-9]*\).*/\1/p')

again=0
"$usher" retry "$work/users.usher" --json >"$work/again.ndjson" 2>/dev/null || again=$?
tail -n 1 "$work/again.ndjson" >"$work/again"

kill -TERM "$sandbox"
wait "$sandbox" || true
sandbox=

created=$(number "$work/summary" created)
failed=$(number "$work/summary" failed)
seconds=$(awk -v ms="$(number "$work/summary" elapsed_ms)" 'BEGIN { printf "%.1f", ms / 1000 }')
rate=$(number "$work/report.json" steady_per_second)
share=$(awk -v rate="$rate" 'BEGIN { printf "%.1f", rate }')

say "6. what happened"
echo "created:          $created of $(number "$work/expected" users) users who can come"
echo "already there:    $(number "$work/summary" already_there)"
echo "failed, reported: $failed of $(number "$work/expected" rows) rows ($(number "$work/summary" duplicates) repeated, $(number "$work/summary" taken) with somebody else's address, the rest unreadable or half a credential)"
echo "not promoted:     $(number "$work/summary" added) unverified addresses added as unverified, $(number "$work/summary" banned) blocked users banned"
echo "refused (429):    $(number "$work/report.json" refused), counted by the service"
echo "requests:         $(number "$work/summary" requests)"
echo "share of quota:   $share % of 100 requests/s from second 2 on, arrivals counted by the service"
echo "time:             $seconds s"
echo "users there now:  $count"
echo "failures again:   $(number "$work/again" already_there) already there, $(number "$work/again" created) created, $(number "$work/again" failed) failed as before"

wrong=()
same() { [ "$2" = "$3" ] || wrong+=("$1: $2 instead of $3"); }
same "users created" "$created" "$(number "$work/expected" users)"
same "users there" "$count" "$(number "$work/expected" users)"
same "failures" "$failed" "$(number "$work/expected" failures)"
same "duplicates" "$(number "$work/summary" duplicates)" "$(number "$work/expected" duplicates)"
same "banned" "$(number "$work/summary" banned)" "$(number "$work/expected" banned)"
same "unverified" "$(number "$work/summary" added)" "$(number "$work/expected" unverified)"
same "refusals" "$(number "$work/report.json" refused)" 0
same "created by the second run" "$(number "$work/again" created)" 0
awk -v rate="$rate" 'BEGIN { exit !(rate >= 97) }' || wrong+=("share of the quota: $share % instead of 97 % at least")
echo
if [ "${#wrong[@]}" -gt 0 ]; then
    printf 'not as it should be: %s\n' "${wrong[@]}"
    exit 1
fi
echo "quickstart: done, every user is there once and nothing was refused."
