#include <usher/bulk/failure.hpp>

#include "bulk/mapping/text.hpp"

#include <boost/json/serialize.hpp>

namespace usher::bulk {

std::string_view to_string(import_step step) noexcept
{
    switch (step) {
    case import_step::read:
        return "read";
    case import_step::map:
        return "map";
    case import_step::create:
        return "create";
    case import_step::email_address:
        return "email_address";
    case import_step::phone_number:
        return "phone_number";
    case import_step::ban:
        return "ban";
    case import_step::lock:
        return "lock";
    case import_step::membership:
        return "membership";
    case import_step::remove:
        return "remove";
    }
    return "";
}

std::optional<import_step> parse_import_step(std::string_view name) noexcept
{
    for (auto step :
         {import_step::read, import_step::map, import_step::create, import_step::email_address,
          import_step::phone_number, import_step::ban, import_step::lock, import_step::membership, import_step::remove})
        if (to_string(step) == name)
            return step;
    return std::nullopt;
}

import_failure::import_failure(import_step step_, const refusal& why)
    : step(step_), code(why.code), message(why.message), param(why.field)
{
}

import_failure::import_failure(import_step step_, const error& why)
    : step(step_),
      code(to_string(why.kind())),
      message(why.message()),
      status(why.status()),
      trace_id(why.trace_id()),
      outcome_unknown(why.is_outcome_unknown())
{
    if (why.errors().empty())
        return;
    const auto& first = why.errors().front();
    code = first.code;
    message = first.long_message.empty() ? first.message : first.long_message;
    if (const auto* name = first.meta.if_contains("param_name"); name && name->is_string())
        param = name->get_string();
}

std::string failure_line(const source_record& record, const import_failure& failure)
{
    boost::json::object error;
    error["code"] = failure.code;
    error["message"] = failure.message;
    if (!failure.param.empty())
        error["param"] = failure.param;
    if (failure.status != 0)
        error["status"] = failure.status;
    if (!failure.trace_id.empty())
        error["trace_id"] = failure.trace_id;
    if (failure.outcome_unknown)
        error["outcome_unknown"] = true;

    boost::json::object line;
    line["line"] = record.line;
    line["from"] = to_string(record.format);
    line["step"] = to_string(failure.step);
    if (!failure.source_id.empty())
        line["source_id"] = failure.source_id;
    if (!failure.target_id.empty())
        line["target_id"] = failure.target_id;
    line["error"] = std::move(error);
    if (record.problem.empty())
        line["source"] = record.fields;
    else if (is_utf8(record.text))
        line["source_text"] = record.text;
    else
        line["source_base64"] = base64(record.text);
    return boost::json::serialize(line);
}

} // namespace usher::bulk
