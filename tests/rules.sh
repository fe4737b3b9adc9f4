#!/usr/bin/env bash
# The rules of the code that no compiler checks. Prints what breaks one, and ends with 1 if anything does.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

broken=0
forbid() { # WHAT PATTERN PATH…: no tracked file among the paths has a line like this
    local what=$1 pattern=$2 lines status
    shift 2
    lines=$(git grep -nIP -e "$pattern" -- "$@" ':!src/spec/*.json' ':!tests/rules.sh')
    status=$?
    if ((status > 1)); then
        echo "rule could not be checked: $what"
        broken=1
    elif ((status == 0)); then
        printf 'broken: %s\n%s\n' "$what" "$lines"
        broken=1
    fi
}
cpp=('*.cpp' '*.hpp')

forbid "co_await in a condition (GCC 12 miscompiles some of these)" \
    '(^|[^_[:alnum:]])(if|while|for|switch)\s*(constexpr\s*)?\([^;)]*co_await' "${cpp[@]}"
forbid "a public default argument that is a braced list (destroyed twice inside co_await when it is an aggregate)" \
    '[&*>[:alnum:]_]\s+[a-z_]+\s*=\s*\{\}\s*[,)]' 'include/'
forbid "a public header that names Beast, OpenSSL, SQLite or hiredis" \
    '#\s*include\s*<(boost/beast|boost/asio/ssl|openssl|sqlite3|hiredis)|beast::|asio::ssl|\b(SSL|SSL_CTX|X509|EVP_\w+|sqlite3\w*|redis[A-Z]\w+)\b' \
    'include/usher/'
forbid "something left open" '\b(TODO|FIXME|XXX|HACK)\b' "${cpp[@]}" '*.sh' '*.cmake' '*.md' 'CMakeLists.txt' '*/CMakeLists.txt'
forbid "a test that sleeps" 'sleep_for|sleep_until|usleep\(|this_thread::sleep' 'tests/*.cpp' 'tests/*.hpp'
forbid "a path of one machine" '(^|[^[:alnum:]_.}])/(work|home|root)/' '.'

while read -r file; do
    lines=$(wc -l <"$file")
    if ((lines > 300)); then
        echo "broken: $file has $lines lines; at most 300"
        broken=1
    fi
done < <(git ls-files "${cpp[@]}" '*.sh' '*.cmake' '*CMakeLists.txt' '.ci/run')

top=$(git ls-files | sed 's|/.*||' | sort -u | grep -v '^\.' | tr '\n' ' ')
for entry in $top; do
    case $entry in
    CMakeLists.txt | include | src | bench | tests | examples | README.md | LICENSE | CHANGELOG.md) ;;
    *) echo "broken: $entry does not belong at the top of the repository"; broken=1 ;;
    esac
done

if command -v clang-format >/dev/null; then
    while read -r file; do
        echo "broken: $file is not as clang-format -i leaves it"
        broken=1
    done < <(git ls-files "${cpp[@]}" | xargs -P 2 -n 50 clang-format --dry-run --Werror 2>&1 |
        sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error: code should be clang-formatted.*/\1/p' | sort -u)
else
    echo "no clang-format: how the code is set is not checked"
fi

((broken == 0)) && echo "every rule is kept"
exit $broken
