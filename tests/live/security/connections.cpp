// What clients that share connections never share.
#include "captured.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/test/unit_test.hpp>

using namespace security;

BOOST_FIXTURE_TEST_SUITE(shared_connections, captured)

BOOST_AUTO_TEST_CASE(carry_for_each_call_its_own_credentials_and_headers_and_no_others)
{
    const std::string address = "https://api.example/v1";
    const auto shared = capture(address);
    std::vector<usher::clerk::client> clients;
    constexpr std::size_t many = 20;
    for (std::size_t i = 0; i != many; ++i) {
        auto own = options(address);
        own.user_agent = "agent-" + std::to_string(i);
        own.tenant = "tenant-" + std::to_string(i);
        if (i % 2 != 0)
            own.machine_key = usher::secret("ak_machine_" + std::to_string(i));
        clients.emplace_back(engine, usher::secret("sk_test_" + std::to_string(i) + "_"), own);
    }
    std::uint32_t random = 1;
    std::size_t own_keys = 0;
    std::string before;
    for (int call = 0; call != 2'000; ++call) {
        random = random * 1664525 + 1013904223;
        const auto who = (random >> 16) % many;
        usher::call_options with;
        auto expected = "Bearer sk_test_" + std::to_string(who) + "_";
        if ((random >> 8) % 3 == 0) {
            with.key = usher::secret("own_" + std::to_string(call));
            expected = "Bearer own_" + std::to_string(call);
            ++own_keys;
        }
        if ((random >> 10) % 3 == 0)
            with.headers = {{"X-Call-" + std::to_string(call), "v"}};
        shared->sent.clear();
        usher::clerk::create_user_params ada;
        ada.first_name = std::string((random >> 12) % 50, 'a') + "body of " + std::to_string(call);
        const bool is_post = (random >> 20) % 2 == 0;
        if (is_post)
            BOOST_TEST_REQUIRE(run(clients[who].users().create(ada, with)).has_value());
        else
            run(clients[who].users().count(with));
        const auto seen = read_requests(shared->sent);
        BOOST_TEST_REQUIRE(seen.size() == 1U);
        BOOST_TEST(seen.front().header("Authorization") == expected);
        BOOST_TEST(seen.front().header("User-Agent").starts_with("agent-" + std::to_string(who) + " "));
        BOOST_TEST(seen.front().headers.size() == 6 + with.headers.size() + (is_post ? 2 : 0));
        BOOST_TEST((seen.front().body.find("body of " + std::to_string(call)) != std::string::npos) == is_post);
        // A body that is shorter than the one before it has nothing of that behind it.
        BOOST_TEST((before.empty() || seen.front().body.find(before) == std::string::npos));
        before = is_post ? "body of " + std::to_string(call) + "\"" : "";
    }
    BOOST_TEST(own_keys > 500U);
    BOOST_TEST(shared->streams == 1U); // all of them over one connection
}

BOOST_AUTO_TEST_CASE(are_not_shared_between_addresses)
{
    const std::string addresses[] = {"https://a.example/v1",     "https://a.example:444/v1", "https://b.example/v1",
                                     "https://a.example.com/v1", "http://127.0.0.1:443/v1",  "https://127.0.0.1/v1",
                                     "https://[::1]/v1",         "http://[::1]:443/v1",      "http://localhost:443/v1"};
    std::vector<std::shared_ptr<wire>> wires;
    std::vector<usher::clerk::client> clients;
    for (const auto& one : addresses) {
        wires.push_back(capture(one));
        clients.emplace_back(engine, usher::secret("sk_test_one_key_for_all"), options(one));
    }
    for (int round = 0; round != 3; ++round)
        for (std::size_t i = 0; i != clients.size(); ++i) {
            for (const auto& one : wires)
                one->sent.clear();
            run(clients[i].users().count());
            for (std::size_t other = 0; other != wires.size(); ++other)
                BOOST_TEST(read_requests(wires[other]->sent).size() == (other == i ? 1U : 0U));
            const auto seen = read_requests(wires[i]->sent).front();
            auto authority = addresses[i].substr(addresses[i].find("://") + 3);
            authority.resize(authority.find('/'));
            BOOST_TEST(seen.header("Host") == authority);
        }
    for (const auto& one : wires)
        BOOST_TEST(one->streams == 1U);
}

BOOST_AUTO_TEST_CASE(of_different_paths_on_one_address_keep_their_prefixes)
{
    const auto shared = capture("https://api.example");
    const usher::clerk::client one(engine, usher::secret("sk_test_1"), options("https://api.example/one"));
    const usher::clerk::client two(engine, usher::secret("sk_test_2"), options("https://api.example/two/"));
    run(one.users().count());
    run(two.users().count());
    const auto seen = read_requests(shared->sent);
    BOOST_TEST_REQUIRE(seen.size() == 2U);
    BOOST_TEST(seen[0].target == "/one/users/count");
    BOOST_TEST(seen[1].target == "/two/users/count");
    BOOST_TEST(seen[0].header("Authorization") == "Bearer sk_test_1");
    BOOST_TEST(seen[1].header("Authorization") == "Bearer sk_test_2");
}

BOOST_AUTO_TEST_SUITE_END()
