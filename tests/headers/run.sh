#!/usr/bin/env bash
# Compiles every public header alone, written and generated, with warnings as errors: each brings what it needs.
#   bash tests/headers/run.sh BUILD_DIR
# Most of the time would go into reading the same few headers of the standard library and of Boost again and again. So a
# header is compiled behind a precompiled prefix, but only behind one whose every header it includes itself, directly or
# through what it includes: the prefix lends nothing that the header does not bring.
set -euo pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build_dir=$(cd "${1:?usage: run.sh BUILD_DIR}" && pwd)
export work
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for root in "$source_dir/include" "$build_dir/generated/include"; do
    (cd "$root" && find usher -name '*.hpp' | sed "s|^|$root |")
done >"$work/headers"
count=$(wc -l <"$work/headers")
((count >= 20)) || { echo "only $count headers found: is $build_dir a finished build?" >&2; exit 1; }

export flags="-std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -I$source_dir/include -I$build_dir/generated/include"

# The prefixes, one a line, the most costly first.
cat >"$work/prefixes" <<'END'
usher/client.hpp
boost/asio/any_io_executor.hpp
boost/json/object.hpp usher/time.hpp
boost/json/object.hpp
usher/time.hpp optional
usher/time.hpp
optional string vector
string
END
precompile() { # NUMBER INCLUDED…
    local number=$1
    shift
    printf '#include <%s>\n' "$@" >"$work/prefix$number.hpp"
    "${CXX:-g++}" $flags -x c++-header "$work/prefix$number.hpp" -o "$work/prefix$number.hpp.gch"
}
export -f precompile
awk '{ print NR, $0 }' "$work/prefixes" | xargs -P "$(nproc)" -L1 bash -c 'precompile "$@"' -

# The plan: each header and the number of the first prefix that it brings whole, or 0.
awk '
    function reach(from, all, count, i) { # what a header brings; the last three are local
        count = split(direct[from], all, " ")
        for (i = 1; i <= count; ++i)
            if (!(all[i] in brought)) {
                brought[all[i]]
                reach(all[i])
            }
    }
    FILENAME ~ /prefixes$/ { prefixes[FNR] = $0; last = FNR; next }
    {
        names[FNR] = $2
        while ((getline line <($1 "/" $2)) > 0)
            if (match(line, /^#include <[^>]+>/))
                direct[$2] = direct[$2] " " substr(line, 11, RLENGTH - 11)
        close($1 "/" $2)
    }
    END {
        for (n in names) {
            split("", brought)
            reach(names[n])
            chosen = 0
            for (p = 1; p <= last && !chosen; ++p) {
                chosen = p
                count = split(prefixes[p], wanted, " ")
                for (w = 1; w <= count; ++w)
                    if (!(wanted[w] in brought))
                        chosen = 0
            }
            print chosen, names[n]
        }
    }' "$work/prefixes" "$work/headers" >"$work/plan"

compile_alone() { # PREFIX-NUMBER HEADER
    local behind=()
    (($1 == 0)) || behind=(-include "$work/prefix$1.hpp")
    # Twice: a header without a guard shows at once.
    printf '#include <%s>\n#include <%s>\n' "$2" "$2" |
        "${CXX:-g++}" $flags -fsyntax-only "${behind[@]}" -x c++ - || { echo "not alone: $2" >&2; return 1; }
}
export -f compile_alone
xargs -P "$(nproc)" -L1 bash -c 'compile_alone "$@"' - <"$work/plan"
echo "$count headers compile alone"
