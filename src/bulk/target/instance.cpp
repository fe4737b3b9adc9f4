#include <usher/bulk/instance.hpp>

#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

constexpr std::string_view other_instance = "other_instance";

error begun_elsewhere(const std::string& begun_at, const std::string& here)
{
    error_details details;
    details.kind = error_kind::invalid_request;
    details.text = "the job was begun at " + begun_at + ", and this is the key of " + here;
    service_error why;
    why.code = other_instance;
    details.errors.push_back(std::move(why));
    return error(std::move(details));
}

} // namespace

asio::awaitable<result<std::string>> target::instance()
{
    co_return std::string();
}

asio::awaitable<result<void>> check_instance(target& to, std::optional<std::string> begun_at)
{
    if (!begun_at || begun_at->empty())
        co_return result<void>();
    auto here = co_await to.instance();
    if (!here)
        co_return here.error();
    if (!here->empty() && *here != *begun_at)
        co_return begun_elsewhere(*begun_at, *here);
    co_return result<void>();
}

asio::awaitable<void> keep_instance(target& to, journal& book)
{
    const auto known = book.setting(instance_setting);
    if (known && !known->empty())
        co_return;
    auto here = co_await to.instance();
    if (here && !here->empty())
        book.set_setting(instance_setting, *here);
}

bool is_other_instance(const error& why) noexcept
{
    return why.has_code(other_instance);
}

} // namespace usher::bulk
