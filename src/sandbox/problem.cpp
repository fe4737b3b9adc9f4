#include "sandbox/problem.hpp"

#include <boost/json.hpp>

namespace usher::sandbox {

namespace json = boost::json;

namespace {

std::string operator+(std::string left, std::string_view right)
{
    return left.append(right);
}

problem unprocessable(const char* code, const char* message, std::string long_message, std::string_view name)
{
    return {422, code, message, std::move(long_message), std::string(name)};
}

std::string clerk_body(const problems& found, std::string_view trace_id)
{
    json::array errors;
    for (const auto& p : found) {
        json::object meta;
        if (!p.parameter.empty())
            meta["param_name"] = p.parameter;
        errors.push_back(json::object{
            {"message", p.message}, {"long_message", p.long_message}, {"code", p.code}, {"meta", std::move(meta)}});
    }
    return json::serialize(json::object{{"errors", std::move(errors)}, {"clerk_trace_id", trace_id}});
}

int grpc_code(int status)
{
    switch (status) {
    case 400:
    case 422:
        return 3;
    case 401:
        return 16;
    case 403:
        return 7;
    case 404:
        return 5;
    case 409:
        return 6;
    case 429:
        return 8;
    case 501:
    case 405:
        return 12;
    case 503:
        return 14;
    case 504:
        return 4;
    default:
        return 13;
    }
}

const char* constraint_of(const problem& p)
{
    return p.code == "form_param_missing"                ? "required"
           : p.code == "form_param_unknown"              ? "known_field"
           : p.code == "form_param_type_invalid"         ? "type"
           : p.code == "form_param_nil"                  ? "not_null"
           : p.code == "form_param_exceeds_allowed_size" ? "max_len"
                                                         : "valid";
}

// {code, message, details: [ErrorInfo]}: which fields are wrong, or which resource is meant.
std::string scalekit_body(int status, const problems& found, std::string_view trace_id)
{
    const char* const code = status == 429   ? "RESOURCE_EXHAUSTED"
                             : status == 401 ? "UNAUTHENTICATED"
                             : status == 403 ? "PERMISSION_DENIED"
                             : status == 404 ? "NOT_FOUND"
                             : status == 409 ? "ALREADY_EXISTS"
                             : status == 503 ? "UNAVAILABLE"
                             : status >= 500 ? "INTERNAL"
                                             : "INVALID_ARGUMENT";
    json::object detail{{"@type", "type.googleapis.com/scalekit.v1.errdetails.ErrorInfo"}, {"error_code", code}};
    json::array violations;
    for (const auto& p : found)
        if (!p.parameter.empty() && (status == 400 || status == 422))
            violations.push_back(json::object{
                {"field", p.parameter}, {"description", p.long_message}, {"constraint", constraint_of(p)}});
    if (!violations.empty())
        detail["validation_error_info"] = json::object{{"field_violations", std::move(violations)}};
    if (!found.empty() && !found.front().parameter.empty() && (status == 404 || status == 409))
        detail["resource_info"] =
            json::object{{"resource_name", found.front().parameter}, {"description", found.front().long_message}};
    detail["request_info"] = json::object{{"request_id", trace_id}};
    return json::serialize(json::object{{"code", grpc_code(status)},
                                        {"message", found.empty() ? "error" : found.front().long_message},
                                        {"details", json::array{std::move(detail)}}});
}

} // namespace

namespace form {

problem unknown(std::string_view name)
{
    return unprocessable("form_param_unknown", "is unknown", std::string(name) + " is no parameter of this request.",
                         name);
}
problem missing(std::string_view name)
{
    return unprocessable("form_param_missing", "is missing", std::string(name) + " must be given.", name);
}
problem nothing_there()
{
    return unprocessable("form_data_missing", "data is missing", "The request needs a body, and there is none.", {});
}
problem nil(std::string_view name)
{
    return unprocessable("form_param_nil", "is null", std::string(name) + " cannot be null.", name);
}
problem wrong_type(std::string_view name, std::string_view expected)
{
    return unprocessable("form_param_type_invalid", "is of the wrong type",
                         std::string(name) + " must be " + expected + ".", name);
}
problem wrong_format(std::string_view name, std::string_view expected)
{
    return unprocessable("form_param_format_invalid", "is invalid", std::string(name) + " must be " + expected + ".",
                         name);
}
problem wrong_value(std::string_view name, std::string_view expected)
{
    return unprocessable("form_param_value_invalid", "is invalid", std::string(name) + " must be " + expected + ".",
                         name);
}
problem too_large(std::string_view name, std::string_view bound)
{
    return unprocessable("form_param_exceeds_allowed_size", "exceeds the allowed size",
                         std::string(name) + " may have at most " + bound + ".", name);
}
problem too_many(std::string_view name, std::size_t bound)
{
    return unprocessable("form_param_array_size_exceeded", "has too many elements",
                         std::string(name) + " may have at most " + std::to_string(bound) + " elements.", name);
}
problem duplicate(std::string_view name)
{
    return unprocessable("form_param_duplicate", "is given twice", std::string(name) + " may be given once.", name);
}
problem needs(std::string_view name, std::string_view because)
{
    return unprocessable("form_conditional_param_missing", "is missing",
                         std::string(name) + " is required " + because + ".", name);
}
problem excludes(std::string_view name, std::string_view because)
{
    return unprocessable("form_conditional_param_disallowed", "is not allowed",
                         std::string(name) + " is not allowed " + because + ".", name);
}
problem taken(std::string_view name)
{
    return unprocessable("form_identifier_exists", "is taken",
                         "This " + std::string(name) + " belongs to another one already.", name);
}

} // namespace form

problem not_found(std::string_view what, std::string_view id)
{
    std::string text = "No resource was found";
    if (!what.empty())
        text = text + " in " + what;
    if (!id.empty())
        text = text + " with id " + id;
    return {404, "resource_not_found", "not found", text + ".", {}};
}

std::string error_body(service of, int status, const problems& found, std::string_view trace_id)
{
    return of == service::scalekit ? scalekit_body(status, found, trace_id) : clerk_body(found, trace_id);
}

} // namespace usher::sandbox
