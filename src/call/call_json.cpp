// Any operation by its description, with its parameters as JSON.
#include "call/execute_json.hpp"
#include "call/json_parameters.hpp"
#include "call/prepared_call.hpp"
#include "json/encoder.hpp"

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

struct json_call {
    json_call() = default;
    object_ptr params;
    object_ptr answer;
};

result<detail::prepared_call_ptr> prepare_json(const std::shared_ptr<detail::client_state>& client,
                                               const operation_info& operation, std::string_view text,
                                               const call_options& options, json_call& objects)
{
    objects.params = make_object(operation.params);
    std::vector<std::string> path;
    if (auto wrong = detail::read_parameters(operation, text, path, objects.params.get()))
        return invalid(operation, std::move(*wrong));
    const std::vector<std::string_view> ids(path.begin(), path.end());
    return detail::prepare(client, operation, ids, objects.params.get(), options);
}

} // namespace

asio::awaitable<result<std::string>> detail::execute_json(std::shared_ptr<client_state> client,
                                                          const operation_info& operation, std::string params,
                                                          call_options options)
{
    json_call objects;
    auto call = prepare_json(client, operation, params, options, objects);
    if (!call)
        co_return call.error();
    objects.answer = make_object(operation.result);
    auto done = co_await execute(std::move(*call), objects.answer.get());
    if (!done)
        co_return done.error();
    std::string text;
    if (operation.result != nullptr)
        encode(*operation.result, objects.answer.get(), text);
    co_return std::move(text);
}

asio::awaitable<result<std::string>> call_json(basic_client client, const detail::operation_info& operation,
                                               std::string params, call_options options)
{
    return detail::execute_json(client.state(), operation, std::move(params), std::move(options));
}

} // namespace usher
