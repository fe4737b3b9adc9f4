#!/usr/bin/env bash
# Calls every operation of the three services through the usher command, against a server that is not ours: Prism, which
# validates each request by the API document. Prints how many it accepted, and every refusal.
#
#   tests/live/prism/run.sh BUILD_FOLDER [edges]
#
# BUILD_FOLDER holds bin/usher and bin/conformance_samples. Prism is an npm package (@stoplight/prism-cli): its program is
# $PRISM, or `prism` in the PATH. With "edges" the values at every documented bound are sent as well, which takes a while.
# No part of tests/run.sh.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
spec=$here/../../../src/spec
bin=${1:?usage: run.sh BUILD_FOLDER [edges]}/bin
edges=${2:-}
prism=${PRISM:-prism}
command -v "$prism" >/dev/null || { echo "no Prism: npm install @stoplight/prism-cli, then set PRISM"; exit 3; }
command -v python3 >/dev/null || { echo "python3 is needed"; exit 3; }

scratch=$(mktemp -d)
server=
stop() { [[ -n $server ]] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; server=; }
trap 'stop; rm -rf "$scratch"' EXIT
echo "not really a picture" >"$scratch/picture.png"

refused=0
for document in clerk-backend clerk-platform scalekit; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    : >"$scratch/prism.log"
    "$prism" mock --errors -h 127.0.0.1 -p "$port" "$spec/$document.openapi.json" >"$scratch/prism.log" 2>&1 &
    server=$!
    for ((i = 0; i < 300; ++i)); do
        grep -q "is listening" "$scratch/prism.log" && break
        kill -0 "$server" 2>/dev/null || { cat "$scratch/prism.log"; exit 3; }
        sleep 0.1
    done
    "$bin/conformance_samples" "$spec/$document.openapi.json" "$scratch/picture.png" $edges >"$scratch/samples" || exit 3
    USHER_BIN=$bin/usher BASE_URL=http://127.0.0.1:$port python3 "$here/call_all.py" \
        "$document" "$scratch/samples" "$scratch/prism.log" || refused=1
    stop
done
exit $refused
