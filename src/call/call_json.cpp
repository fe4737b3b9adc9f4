// Any operation by its description, with its parameters as JSON.
#include "call/prepared_call.hpp"
#include "json/decoder.hpp"
#include "json/encoder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace usher {

namespace asio = boost::asio;

namespace {

using detail::operation_info;
using detail::type_info;

struct object_deleter {
    const type_info* type = nullptr;
    void operator()(void* object) const noexcept { type->destroy(object); }
};
using object_ptr = std::unique_ptr<void, object_deleter>;

object_ptr make_object(const type_info* type)
{
    return type == nullptr ? object_ptr() : object_ptr(type->create(), object_deleter{type});
}

error invalid(const operation_info& operation, std::string text)
{
    error_details details;
    details.kind = error_kind::invalid_request;
    details.operation = operation.id;
    details.text = std::move(text);
    return error(std::move(details));
}

// Takes the path parameters out of the object.
result<std::vector<std::string>> take_path(const operation_info& operation, boost::json::object& params)
{
    std::vector<std::string> path;
    for (const auto& parameter : operation.path_parameters) {
        const auto found = params.find(parameter.name);
        if (found == params.end())
            return invalid(operation, "/" + std::string(parameter.name) + ": required, not given");
        const auto& value = found->value();
        if (value.is_string())
            path.emplace_back(value.get_string().data(), value.get_string().size());
        else if (value.is_number())
            path.push_back(boost::json::serialize(value));
        else
            return invalid(operation, "/" + std::string(parameter.name) + ": a text was expected");
        params.erase(found);
    }
    return path;
}

struct json_call {
    json_call() = default;
    object_ptr params;
    object_ptr answer;
};

result<detail::prepared_call_ptr> prepare_json(const basic_client& client, const operation_info& operation,
                                               std::string_view text, const call_options& options, json_call& objects)
{
    boost::system::error_code ec;
    boost::json::value parsed = text.empty() ? boost::json::value(boost::json::object()) : boost::json::parse(text, ec);
    if (ec)
        return invalid(operation, "the parameters are not valid JSON: " + ec.message());
    if (!parsed.is_object())
        return invalid(operation, "the parameters have to be one JSON object");
    auto path = take_path(operation, parsed.get_object());
    if (!path)
        return path.error();
    objects.params = make_object(operation.params);
    if (operation.params == nullptr) {
        if (!parsed.get_object().empty())
            return invalid(operation, "/" + std::string(parsed.get_object().begin()->key()) +
                                          ": the operation has no such parameter");
    } else {
        detail::decoder decoder;
        const auto rest = boost::json::serialize(parsed);
        decoder.start(*operation.params, objects.params.get(), detail::decode_limits(), detail::decode_mode::strict);
        if (!decoder.write(rest) || !decoder.finish())
            return invalid(operation, decoder.failure().message());
    }
    const std::vector<std::string_view> ids(path->begin(), path->end());
    return detail::prepare(client.state(), operation, ids, objects.params.get(), options);
}

} // namespace

asio::awaitable<result<std::string>> call_json(basic_client client, const detail::operation_info& operation,
                                               std::string params, call_options options)
{
    json_call objects;
    auto call = prepare_json(client, operation, params, options, objects);
    if (!call)
        co_return call.error();
    objects.answer = make_object(operation.result);
    auto done = co_await detail::execute(std::move(*call), objects.answer.get());
    if (!done)
        co_return done.error();
    std::string text;
    if (operation.result != nullptr)
        detail::encode(*operation.result, objects.answer.get(), text);
    co_return std::move(text);
}

} // namespace usher
