// Which mapping a format needs.
#include "bulk/mapping/mapping_parts.hpp"

namespace usher::bulk {

mapped map_record(const source_record& record, const mapping_options& options)
{
    if (!record.problem.empty())
        return refusal("unreadable_record", "", record.problem);
    switch (record.format) {
    case source_format::auth0:
        return map_auth0(record.fields, options);
    case source_format::clerk_csv:
        return map_clerk_csv(record.fields, options);
    case source_format::firebase:
        return map_firebase(record.fields, options);
    case source_format::supabase:
        return map_supabase(record.fields, options);
    case source_format::authjs:
        return map_authjs(record.fields, options);
    case source_format::better_auth:
        return map_better_auth(record.fields, options);
    case source_format::csv:
    case source_format::ndjson:
        return map_generic(record.fields, options);
    case source_format::usher:
        return map_usher(record.fields, options);
    case source_format::failures:
        break;
    }
    return refusal("unknown_format", "", "the record does not say how it is written");
}

} // namespace usher::bulk
