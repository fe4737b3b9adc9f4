// Where a Redis is, and what it answers.
#include "redis/address.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "redis/lease_script.hpp"
#include "json/query.hpp"

#include <stdexcept>

namespace usher::fuzz {
namespace {

using namespace usher::redis;

reply reply_of(input& from, int levels)
{
    reply made;
    const auto how = from.byte();
    made.is_error = how % 16 == 15;
    if (how % 4 == 0)
        made.text = from.line();
    else
        made.number = static_cast<long long>(from.number());
    const std::size_t items = levels == 0 ? 0 : how % 2 == 0 ? 8 : how / 16;
    for (std::size_t i = 0; i < items; ++i)
        made.items.push_back(reply_of(from, levels - 1));
    return made;
}

void look_at_answer(input& from)
{
    const auto reply = reply_of(from, 2);
    const auto answer = read_lease_answer(reply);
    if (!answer)
        return;
    promise(!reply.is_error && reply.items.size() == 8, "an answer has its eight parts");
    const auto& grant = answer->grant;
    promise(reply.items[0].number > 0 || grant.granted == 0, "nothing is granted by less than one");
    for (const auto time : {grant.starts_in, grant.interval, grant.valid_for, grant.ask_again})
        promise(time + time / 2 >= std::chrono::nanoseconds::min() / 2, "times can be added");
}

std::string encoded(std::string_view text)
{
    std::string made;
    usher::detail::percent_encode(text, made);
    return made;
}

void look_at_address(std::string_view text)
{
    try {
        const auto read = parse_address(text);
        promise(!read.host.empty() && read.port != 0, "an address has a host and a port");
        promise(read.user.empty() || !read.password.empty(), "a user has a password");
        const bool is_v6 = read.host.find(':') != std::string::npos;
        std::string again = "redis://";
        if (!read.password.empty())
            again += encoded(read.user) + ":" + encoded(read.password) + "@";
        again += (is_v6 ? "[" + read.host + "]" : read.host) + ":" + std::to_string(read.port) + "/" +
                 std::to_string(read.database);
        const auto second = parse_address(again);
        promise(second.host == read.host && second.port == read.port && second.user == read.user &&
                    second.password == read.password && second.database == read.database,
                "what is read is the same when written");
    } catch (const std::invalid_argument& refused) {
        const auto at = text.rfind('@');
        const std::string why = refused.what();
        const auto user = text.substr(0, at == text.npos ? 0 : at);
        // No reason has such a character of its own.
        if (user.find_first_of("${}") != user.npos)
            promise(why.find(user) == why.npos, "a password is not repeated");
    }
}

} // namespace

void redis(std::string_view bytes)
{
    input from(bytes);
    if (from.byte() % 2 == 0)
        look_at_answer(from);
    else
        look_at_address(from.rest());
}

} // namespace usher::fuzz
