// What the outside sets and asks of the services.

#include "sandbox/service.hpp"

#include <stdexcept>

namespace usher::sandbox {

void backend::set_faults(std::vector<fault> faults)
{
    how_.faults = faults;
    faults_.clear();
    for (auto& one : faults)
        faults_.push_back({std::move(one), 0, 0});
}

void backend::set_limits(const limits& quota, instant now)
{
    how_.quota = quota;
    for (auto& [key, one] : instances_)
        one->limit = limiter(quota, key.starts_with("sk_live_"), now);
}

std::size_t backend::count(std::string_view collection) const
{
    std::size_t total = 0;
    for (const auto& [key, one] : instances_)
        total += one->kept.count(collection);
    return total;
}

std::size_t backend::mails() const
{
    std::size_t total = 0;
    for (const auto& [key, one] : instances_)
        total += one->kept.mails;
    return total;
}

void backend::clear()
{
    for (auto& [key, one] : instances_) {
        one->kept = store();
        if (key == "scalekit" || key == "platform")
            continue;
        add_first_roles(one->kept, how_.seed, wall_);
        add_instance(one->kept, key, how_.seed, wall_);
    }
}

void backend::add_users(std::size_t count, std::string_view key, instant now, std::int64_t wall)
{
    const std::string authorization = "Bearer " + std::string(key);
    const auto quota = how_.quota;
    const auto mode = how_.mode;
    const auto faults = how_.faults;
    const auto before = faults_made_;
    how_.mode = answers::stateful;
    set_limits(limits(), now);
    set_faults({});
    const auto offset = this->count("users");
    for (std::size_t i = offset; i != offset + count; ++i) {
        const auto n = std::to_string(i);
        const std::string body = "{\"external_id\":\"user-" + n + "\",\"first_name\":\"First " + n +
                                 "\",\"last_name\":\"Last\",\"email_address\":[\"user-" + n + "@example.com\"]}";
        request asked;
        asked.method = "POST";
        asked.target = "/users";
        asked.authorization = authorization;
        asked.content_type = "application/json";
        asked.body = body;
        reply answer;
        handle(asked, now, wall, answer);
        if (answer.status != 200)
            throw std::runtime_error("sandbox: a user could not be added: " + answer.body);
    }
    how_.mode = mode;
    set_limits(quota, now);
    set_faults(faults);
    faults_made_ = before;
}

} // namespace usher::sandbox
