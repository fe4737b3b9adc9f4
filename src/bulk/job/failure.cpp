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
    }
    return "";
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
    if (!failure.external_id.empty())
        line["external_id"] = failure.external_id;
    if (!failure.user_id.empty())
        line["user_id"] = failure.user_id;
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
