#!/usr/bin/env bash
# Client CPU time of one typed GET /users/{id}, beside libcurl and a bare Beast loop on the same work.
#   bash bench/get_user/run.sh BIN_DIR [CALLS] [ROUNDS]
# nginx runs on the last core, the clients on the first. The peers take turns within each round. Prints a table.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "${1:?usage: run.sh BIN_DIR [CALLS] [ROUNDS]}" && pwd)
calls=${2:-30000}
rounds=${3:-7}
concurrency=64
body=$here/../payloads/clerk-user.json
user_id=$(sed -n 's/^{"id": "\([^"]*\)".*/\1/p' "$body")
# shellcheck source=bench/get_user/nginx.sh
source "$here/nginx.sh"

work=$(mktemp -d)
trap 'stop_nginx; rm -rf "$work"' EXIT
cores=$(nproc)
client=() server_core=""
if ((cores > 1)); then
    client=(taskset -c 0)
    server_core=$((cores - 1))
fi
start_nginx "$work" "$body" "$server_core"

peers=("usher" "curl epoll" "curl poll" "beast")
for ((round = 1; round <= rounds; ++round)); do
    for peer in "${peers[@]}"; do
        read -r name option <<<"$peer"
        line=$("${client[@]}" "$bin/bench_get_user_$name" "$port" "$ca_file" "$user_id" "$calls" 2000 "$concurrency" \
            "$(stat -c %s "$body")" $option)
        echo "$peer|$line" >>"$work/lines"
    done
done

median() { # PEER COLUMN
    grep "^$1|" "$work/lines" | cut -d'|' -f2 | cut -d' ' -f"$2" | sort -n |
        awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}
# The faster of libcurl's two loops is what the others are compared with.
base=$(printf '%s\n' "$(median "curl epoll" 1)" "$(median "curl poll" 1)" | sort -n | head -1)

printf 'GET /users/{id}, %s bytes, TLS 1.3, %s connections, %s calls a round, medians of %s rounds; %s cores\n\n' \
    "$(stat -c %s "$body")" "$concurrency" "$calls" "$rounds" "$cores"
printf '| client | CPU µs per call | user | system | calls/s | to libcurl |\n|---|---|---|---|---|---|\n'
label() {
    case $1 in
    usher) echo "usher: typed call, decoded" ;;
    "curl epoll") echo "libcurl multi, epoll: not decoded" ;;
    "curl poll") echo "libcurl multi, poll: not decoded" ;;
    beast) echo "bare Beast loop, DOM parse" ;;
    esac
}
for peer in "${peers[@]}"; do
    cpu=$(median "$peer" 1)
    printf '| %s | %.1f | %.1f | %.1f | %.0f | %s |\n' "$(label "$peer")" "$cpu" "$(median "$peer" 2)" \
        "$(median "$peer" 3)" "$(median "$peer" 4)" "$(awk -v a="$cpu" -v b="$base" 'BEGIN { printf "%.2f", a / b }')"
done
