// The line against the sandbox: calls that need a service with a memory.
#include "live/line/sandbox_fixture.hpp"
#include "live/process.hpp"

#include <set>

using namespace usher;
using namespace usher::tests;

namespace {

asio::awaitable<void> life_of_a_user(clerk::client clerk)
{
    auto params = numbered_user(1);
    params.first_name = "Ada";
    params.last_name = null;
    params.public_metadata.emplace()["plan"] = "gold";
    auto made = co_await clerk.users().create(params);
    BOOST_TEST_REQUIRE(made.has_value(), (made ? "" : made.error().message()));
    BOOST_TEST(made->first_name.value() == "Ada");
    BOOST_TEST(!made->last_name.has_value());
    BOOST_TEST(made->email_addresses.at(0).email_address == "user1@example.com");

    clerk::update_user_params change;
    change.first_name = null;
    change.last_name = "Lovelace";
    auto changed = co_await clerk.users().update(made->id, change);
    BOOST_TEST_REQUIRE(changed.has_value());
    BOOST_TEST(!changed->first_name.has_value());
    BOOST_TEST(changed->last_name.value() == "Lovelace");
    BOOST_TEST((changed->public_metadata.at("plan") == "gold"));

    auto again = co_await clerk.users().create(params);
    BOOST_TEST_REQUIRE(!again.has_value());
    BOOST_TEST(again.error().is_already_exists());
    BOOST_TEST(again.error().has_code("form_identifier_exists"));
    BOOST_TEST(!again.error().trace_id().empty());
    BOOST_TEST(again.error().attempts() == 1);

    auto gone = co_await clerk.users().remove(made->id);
    BOOST_TEST_REQUIRE(gone.has_value());
    BOOST_TEST(gone->deleted);
    auto missing = co_await clerk.users().get(made->id);
    BOOST_TEST_REQUIRE(!missing.has_value());
    BOOST_TEST(missing.error().is_not_found());
}

asio::awaitable<void> list_all(clerk::client clerk, std::size_t page_size, std::multiset<std::string>& seen)
{
    clerk::get_user_list_params params;
    params.limit = static_cast<std::int64_t>(page_size);
    auto users = clerk.users().list_pages(params);
    for (;;) {
        auto page = co_await users.next();
        BOOST_TEST_REQUIRE(page.has_value(), (page ? "" : page.error().message()));
        if (page->empty())
            break;
        BOOST_TEST(page->size() <= page_size);
        for (const auto& user : *page)
            seen.insert(user.external_id.value());
    }
    auto after = co_await users.next();
    BOOST_TEST_REQUIRE(after.has_value());
    BOOST_TEST(after->empty());
}

asio::awaitable<void> list_items(clerk::client clerk, std::size_t& count)
{
    auto users = clerk.users().list_pages();
    for (;;) {
        auto user = co_await users.next_item();
        BOOST_TEST_REQUIRE(user.has_value());
        if (!user->has_value())
            break;
        ++count;
    }
}

asio::awaitable<void> refused_before_sending(clerk::client clerk)
{
    clerk::get_user_list_params too_many;
    too_many.limit = 501;
    auto listed = co_await clerk.users().list(too_many);
    BOOST_TEST_REQUIRE(!listed.has_value());
    BOOST_TEST((listed.error().kind() == error_kind::invalid_request));
    BOOST_TEST((listed.error().outcome() == call_outcome::not_sent));
    BOOST_TEST(listed.error().message().find("/limit") != std::string::npos, listed.error().message());
    BOOST_TEST(listed.error().message().find("500") != std::string::npos, listed.error().message());

    call_options unchecked;
    unchecked.validate = false;
    auto sent = co_await clerk.users().list(too_many, unchecked);
    BOOST_TEST_REQUIRE(!sent.has_value());
    BOOST_TEST((sent.error().kind() == error_kind::service)); // now the service refuses it

    for (const std::string_view id : {"", ".", "..", "a\r\nb"}) {
        auto got = co_await clerk.users().get(id);
        BOOST_TEST_REQUIRE(!got.has_value());
        BOOST_TEST((got.error().kind() == error_kind::invalid_request), id);
    }
    auto slashes = co_await clerk.users().get("../organizations?x=1#y");
    BOOST_TEST_REQUIRE(!slashes.has_value());
    BOOST_TEST(slashes.error().is_not_found()); // it was sent, as one segment

    call_options injected;
    injected.headers.emplace_back("X-A", "b\r\nX-C: d");
    auto header = co_await clerk.users().get("u", injected);
    BOOST_TEST_REQUIRE(!header.has_value());
    BOOST_TEST((header.error().kind() == error_kind::invalid_request));
    call_options stolen;
    stolen.headers.emplace_back("authorization", "Bearer other");
    auto own = co_await clerk.users().get("u", stolen);
    BOOST_TEST_REQUIRE(!own.has_value());
    BOOST_TEST((own.error().kind() == error_kind::invalid_request));
}

asio::awaitable<void> upload_both_ways(clerk::client clerk, std::string path, sandbox::server& served)
{
    const auto params = numbered_user(1);
    auto user = co_await clerk.users().create(params);
    BOOST_TEST_REQUIRE(user.has_value());
    for (const bool from_file : {false, true}) {
        clerk::set_user_profile_image_params image;
        if (from_file)
            image.file = upload::from_file(path, "image/png");
        else
            image.file = upload::from_memory(std::string(100'000, 'p'), "face.png", "image/png");
        auto changed = co_await clerk.users().set_profile_image(user->id, image);
        BOOST_TEST_REQUIRE(changed.has_value(), (changed ? "" : changed.error().message()));
        const auto sent = served.last_request();
        BOOST_TEST(sent.body.find(std::string(100'000, 'p')) != std::string::npos);
        BOOST_TEST(sent.body.find("Content-Type: image/png") != std::string::npos);
    }
    clerk::set_user_profile_image_params missing;
    missing.file = upload::from_file(path + ".missing", "image/png");
    auto refused = co_await clerk.users().set_profile_image(user->id, missing);
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST((refused.error().kind() == error_kind::invalid_request));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(calls_to_the_sandbox, sandbox_fixture)

BOOST_AUTO_TEST_CASE(a_user_is_made_changed_refused_twice_and_removed)
{
    start();
    run(life_of_a_user(client()));
}

BOOST_AUTO_TEST_CASE(a_listing_is_read_to_its_end_and_shows_everything_once)
{
    start();
    served->add_users(1234, key);
    client_options fast;
    fast.quota = quota::unlimited();
    for (const std::size_t size : {500UL, 100UL, 1234UL - 1000UL, 499UL}) {
        std::multiset<std::string> seen;
        run(list_all(client(fast), size, seen));
        BOOST_TEST(seen.size() == 1234U);
        BOOST_TEST(std::set<std::string>(seen.begin(), seen.end()).size() == 1234U);
    }
    std::size_t count = 0;
    run(list_items(client(fast), count));
    BOOST_TEST(count == 1234U);
    BOOST_TEST(served->last_request().target.find("order_by=%2Bcreated_at") != std::string::npos,
               served->last_request().target);
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_dropped_early_leaves_nothing_behind)
{
    start();
    served->add_users(1000, key);
    {
        auto users = client().users().list_pages();
        run([](auto pages) -> asio::awaitable<void> {
            auto first = co_await pages.next_item();
            BOOST_TEST(first.has_value());
        }(users));
    }
    io.restart();
    io.run();
    BOOST_TEST(on->counters().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(bad_input_is_refused_before_anything_is_sent_and_named)
{
    start();
    run(refused_before_sending(client()));
}

BOOST_AUTO_TEST_CASE(uploads_go_out_from_memory_and_from_a_file)
{
    start();
    const tests::temporary_folder folder;
    folder.write("face.png", std::string(100'000, 'p'));
    run(upload_both_ways(client(), (folder.path() / "face.png").string(), *served));
}

BOOST_AUTO_TEST_SUITE_END()
