#include "net/deadline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <random>
#include <vector>

using namespace usher::detail;

namespace {

struct noted final : deadline_entry {
    explicit noted(std::vector<int>& order, int name) : order_(order), name_(name) {}
    void expire() noexcept override { order_.push_back(name_); }
    std::vector<int>& order_;
    int name_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(come_in_the_order_of_their_times_however_they_were_set)
{
    const auto seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    boost::asio::io_context io;
    auto queue = std::make_shared<deadline_queue>(io.get_executor());
    const auto past = std::chrono::steady_clock::now() - std::chrono::hours(1);
    std::vector<int> order;
    std::vector<std::unique_ptr<noted>> entries;
    for (int i = 0; i < 200; ++i)
        entries.push_back(std::make_unique<noted>(order, i));
    for (int turn = 0; turn < 2000; ++turn) {
        auto& entry = *entries[random() % entries.size()];
        if (random() % 4 == 0)
            queue->remove(entry);
        else
            queue->set(entry, past + std::chrono::milliseconds(random() % 1000));
    }
    std::vector<int> expected;
    for (int i = 0; i < 200; i += 2) {
        queue->set(*entries[static_cast<std::size_t>(199 - i)], past + std::chrono::seconds(i));
        expected.push_back(199 - i);
    }
    for (int i = 0; i < 200; i += 2)
        queue->remove(*entries[static_cast<std::size_t>(i)]);
    BOOST_TEST(queue->size() == 100U);
    io.run();
    BOOST_TEST(order == expected, boost::test_tools::per_element());
    BOOST_TEST(queue->size() == 0U);
}

BOOST_AUTO_TEST_CASE(an_empty_queue_holds_no_work)
{
    boost::asio::io_context io;
    auto queue = std::make_shared<deadline_queue>(io.get_executor());
    std::vector<int> order;
    noted entry(order, 1);
    queue->set(entry, std::chrono::steady_clock::now() + std::chrono::hours(10));
    queue->remove(entry);
    io.run();
    BOOST_TEST(order.empty());
}

BOOST_AUTO_TEST_CASE(a_queue_may_go_before_its_timer_has_rung)
{
    boost::asio::io_context io;
    std::vector<int> order;
    noted entry(order, 1);
    {
        auto queue = std::make_shared<deadline_queue>(io.get_executor());
        queue->set(entry, std::chrono::steady_clock::now() - std::chrono::seconds(1));
    }
    io.run();
    BOOST_TEST(order.empty());
}

BOOST_AUTO_TEST_CASE(a_queue_may_outlive_its_context_used_or_not)
{
    std::vector<int> order;
    noted before(order, 1);
    noted behind(order, 2);
    const auto hour = std::chrono::hours(1);
    for (const bool is_waiting : {true, false}) {
        auto io = std::make_unique<boost::asio::io_context>();
        auto queue = std::make_shared<deadline_queue>(io->get_executor());
        queue->set(before, std::chrono::steady_clock::now() + hour);
        if (!is_waiting)
            queue->remove(before);
        io.reset();
        queue->set(behind, std::chrono::steady_clock::now() + hour);
        queue->remove(before);
        queue->remove(behind);
        BOOST_TEST(queue->size() == 0U);
    }
    BOOST_TEST(order.empty());
}

BOOST_AUTO_TEST_CASE(a_timer_that_was_stopped_runs_again)
{
    boost::asio::io_context io;
    auto queue = std::make_shared<deadline_queue>(io.get_executor());
    std::vector<int> order;
    noted first(order, 1);
    noted second(order, 2);
    queue->set(first, std::chrono::steady_clock::now() + std::chrono::hours(1));
    queue->remove(first);
    queue->set(second, std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
    io.run();
    queue->set(first, std::chrono::steady_clock::now());
    io.restart();
    io.run();
    BOOST_TEST(order == (std::vector<int>{2, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
