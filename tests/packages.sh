#!/usr/bin/env bash
# Installs the packages of tests/packages.txt that are missing. With arguments, only those under the headings named.
#   bash tests/packages.sh [build] [test] [check]
# Needs neither network nor rights when nothing is missing.
set -euo pipefail
list=$(dirname "${BASH_SOURCE[0]}")/packages.txt
wanted=" ${*:-build test check} "

missing=()
heading=""
while read -r line; do
    if [[ $line =~ ^#\ \[([a-z]+)\] ]]; then
        heading=${BASH_REMATCH[1]}
    elif [[ -n $line && $line != \#* && $wanted == *" $heading "* ]]; then
        status=$(dpkg-query -W -f '${db:Status-Status}' "$line" 2>/dev/null || true)
        [[ $status == installed ]] || missing+=("$line")
    fi
done <"$list"

if ((${#missing[@]} == 0)); then
    echo "packages: all there"
    exit 0
fi
echo "packages: installing ${missing[*]}"
as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || { echo "packages: not root, and there is no sudo; install them and run again" >&2; exit 1; }
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
