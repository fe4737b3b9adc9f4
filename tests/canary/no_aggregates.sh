#!/usr/bin/env bash
# No type that a user can pass to an endpoint is an aggregate: a braced temporary of one inside co_await would be
# destroyed twice by GCC 12. Reads the structs out of the generated headers and the options, and asks the compiler.
#   bash no_aggregates.sh INCLUDE_DIR GENERATED_INCLUDE_DIR COMPILER FLAG…
set -euo pipefail
include=$1 generated=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The structs of FILE…, qualified. Left out are answers with a member of the answer's own name: such a class can't
# declare a constructor. All members of what a request holds are fields, so none of these is ever passed.
structs() { # FILE…
    awk '/^namespace usher[a-z_:]* \{/ { space = $2; inner = "" }
         /^namespace [a-z_]+ \{/ && !/^namespace usher/ { inner = $2 }
         /^\}/ { inner = "" }
         space !~ /detail/ && inner == "" && /^struct [a-z][a-z0-9_]* \{/ { name = $2; body = ""; next }
         name != "" && /^\};/ {
             if (body ~ /field</ || body !~ ("[ >]" name "(\\{\\})?;")) print space "::" name
             name = ""
         }
         name != "" { body = body "\n" $0 }' "$@" | sort -u
}
mapfile -t headers < <(find "$generated/usher" -name '*.hpp')
{
    echo '#include <type_traits>'
    for header in "$include"/usher/{client,options,quota,error,observer}.hpp "${headers[@]}"; do
        echo "#include \"$header\""
    done
    echo 'template <class T> inline constexpr bool safe = !std::is_aggregate_v<T>;'
    structs "$include"/usher/{client,options,quota,error,observer}.hpp "${headers[@]}" |
        sed 's|.*|static_assert(safe<&>, "& is an aggregate");|'
    echo '#ifdef USHER_MISUSE'
    echo 'struct control { int member; };'
    echo 'static_assert(safe<control>, "control is an aggregate");'
    echo '#endif'
    echo '// refused: control is an aggregate'
} >"$work/no_aggregates.cpp"

count=$(grep -c '^static_assert(safe<usher::' "$work/no_aggregates.cpp")
((count >= 200)) || { echo "FAILED: only $count types found"; exit 1; }
bash "$(dirname "${BASH_SOURCE[0]}")/must_not_compile.sh" "$work/no_aggregates.cpp" "$@"
echo "$count types, none an aggregate"
