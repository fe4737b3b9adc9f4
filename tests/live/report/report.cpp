// The report of a job: what it says, what it must not say, and how a browser shows it.
#include "bulk/report/html_text.hpp"
#include "bulk/report/page_style.hpp"
#include "live/cli/process.hpp"
#include "live/report/picture.hpp"
#include "temporary_folder.hpp"

#include <usher/bulk/report.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <regex>

namespace asio = boost::asio;
using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* hash = "$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde";

bulk::source_record record_of(std::uint64_t line)
{
    bulk::source_record record;
    record.line = line;
    record.fields["user_id"] = "auth0|" + std::to_string(line);
    record.fields["password_hash"] = hash;
    return record;
}

bulk::import_failure failure_of(std::string code, std::string message)
{
    bulk::import_failure failure;
    failure.step = bulk::import_step::create;
    failure.code = std::move(code);
    failure.message = std::move(message);
    failure.param = "email_address";
    failure.status = 422;
    return failure;
}

/// 300 records of which 280 are made, 5 were there, 12 failed and 3 are open.
asio::awaitable<void> fill(bulk::journal& book)
{
    for (std::uint64_t line = 1; line <= 300; ++line) {
        bulk::record_intent intent;
        intent.source_id = "auth0|" + std::to_string(line);
        intent.line = line;
        auto begun = co_await book.begin_record(std::move(intent));
        bulk::step_outcome outcome;
        outcome.number = begun.number;
        outcome.id = "user_" + std::to_string(line);
        outcome.made = line <= 280;
        if (line <= 285)
            outcome.finished = line <= 280 ? bulk::record_state::created : bulk::record_state::adopted;
        if (line <= 285)
            book.end_step(outcome);
        else if (line <= 297)
            book.bury(begun.number, bulk::entity_kind::user, record_of(line),
                      failure_of(line % 3 == 0 ? "identifier_taken" : "form_password_digest_invalid_code",
                                 "<script>alert('somebody')</script> & \"others\""));
    }
    for (int i = 0; i < 40; ++i)
        book.add_note(bulk::note("identities", "linked again at the next sign-in"), "auth0|1");
    book.set_setting("job", R"({"source":{"format":"auth0","file":"<users>.json"},"target":"clerk","empty":""})");
    co_await book.flush();
}

/// Two runs of 60 and 30 seconds with an hour between them, at 98 of 100 a second.
void add_runs(bulk::journal& book)
{
    bulk::journal_time at{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
    for (int second = 0; second < 90; ++second) {
        at += second == 60 ? std::chrono::milliseconds(1h) : std::chrono::milliseconds(1s);
        bulk::run_sample sample;
        sample.span = 1s;
        sample.sent = 98;
        sample.created = 90;
        sample.refused = second == 30 ? 20 : 0;
        sample.limit_per_second = 100;
        sample.latency[7] = 80;
        sample.latency[8] = 17;
        sample.latency[10] = 1;
        book.add_sample(at, to_json(sample));
    }
}

struct reported {
    reported()
    {
        asio::io_context io(1);
        const auto book = bulk::open_journal(io.get_executor(), folder.file("job"));
        add_runs(*book);
        asio::co_spawn(io, fill(*book), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
        io.run();
        html = bulk::report_html(bulk::journal_reader(folder.file("job")));
    }

    bool says(const std::string& text) const { return html.find(text) != std::string::npos; }

    temporary_folder folder;
    std::string html;
};

/// Each element is closed in its turn; empty when so.
std::string unbalanced(const std::string& html)
{
    const std::regex tag(R"re(<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>)re");
    const std::vector<std::string> empty{"meta", "br"};
    std::vector<std::string> open;
    for (std::sregex_iterator each(html.begin(), html.end(), tag), end; each != end; ++each) {
        const std::string name = (*each)[2];
        const std::string rest = (*each)[3];
        if (std::find(empty.begin(), empty.end(), name) != empty.end() || rest.ends_with("/"))
            continue;
        if ((*each)[1].length() == 0) {
            open.push_back(name);
        } else {
            if (open.empty() || open.back() != name)
                return "</" + name + "> closes " + (open.empty() ? "nothing" : open.back());
            open.pop_back();
        }
    }
    return open.empty() ? "" : open.back() + " is never closed";
}

std::string browser()
{
    for (const char* path : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"})
        if (std::filesystem::exists(path))
            return path;
    return {};
}

picture photographed(const reported& page, const std::string& name, bool dark)
{
    page.folder.write("report.html", page.html);
    const auto image = page.folder.file(name);
    process_options options;
    options.environment["HOME"] = page.folder.path().string();
    const auto ended =
        run({browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--hide-scrollbars", "--disable-background-networking", "--no-first-run", "--force-device-scale-factor=1",
             std::string("--blink-settings=preferredColorScheme=") + (dark ? "0" : "1"), "--window-size=1000,1900",
             "--user-data-dir=" + page.folder.file("profile"), "--screenshot=" + image,
             "file://" + page.folder.file("report.html")},
            options);
    BOOST_REQUIRE_MESSAGE(ended.status == 0, ended.err);
    if (const char* keep = std::getenv("USHER_KEEP_PICTURES"))
        std::filesystem::copy_file(image, std::filesystem::path(keep) / name,
                                   std::filesystem::copy_options::overwrite_existing);
    return read_png(page.folder.read(name));
}

/// A colour of the page's style, in its light or dark form.
std::string colour(const std::string& name, bool dark)
{
    const std::string style(bulk::page_style);
    const std::regex wanted("--" + name + ":(#[0-9a-f]{6})");
    std::sregex_iterator found(style.begin(), style.end(), wanted);
    if (dark)
        ++found;
    BOOST_REQUIRE(found != std::sregex_iterator());
    return (*found)[1];
}

} // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(a_sample_comes_back_as_it_was_and_nothing_else_is_read_as_one)
{
    bulk::run_sample sample;
    sample.span = 1003ms;
    sample.sent = 1;
    sample.refused = 2;
    sample.failed = 3;
    sample.created = 4;
    sample.already_there = 5;
    sample.buried = 6;
    sample.in_flight = 7;
    sample.limit_per_second = 99.5;
    for (std::uint32_t i = 0; i < sample.latency.size(); ++i)
        sample.latency[i] = i * i;
    const auto read = bulk::parse_run_sample(to_json(sample));
    BOOST_TEST(to_json(read) == to_json(sample));
    BOOST_TEST(read.span.count() == 1003);
    BOOST_TEST(read.buried == 6U);
    BOOST_TEST(read.latency[15] == 225U);
    for (const char* other : {"", "[]", "{}", R"({"span_ms":1})"})
        BOOST_CHECK_THROW(bulk::parse_run_sample(other), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_watch_counts_what_was_sent_and_only_that)
{
    bulk::run_watch watch;
    attempt_event event;
    event.status = 200;
    event.exchange = 90ms;
    watch.on_attempt(event);
    event.status = 429;
    event.failure = error_kind::service;
    event.exchange = 300us;
    watch.on_attempt(event);
    event.status = 0;
    event.failure = error_kind::connection;
    watch.on_attempt(event);
    event.stage = call_stage::admission;
    event.failure = error_kind::timeout;
    watch.on_attempt(event);
    const auto sample = watch.take(1s);
    BOOST_TEST(sample.sent == 3U);
    BOOST_TEST(sample.refused == 1U);
    BOOST_TEST(sample.failed == 1U);
    BOOST_TEST(sample.latency[7] == 1U); // 64 to 128 ms
    BOOST_TEST(sample.latency[0] == 1U);
    BOOST_TEST(watch.take(1s).sent == 0U);
}

BOOST_AUTO_TEST_CASE(the_page_says_what_happened)
{
    const reported page;
    for (const char* text :
         {"<b>280</b><span>created", "<b>5</b><span>there already", "<b>12</b><span>dead letters",
          "<b>3</b><span>not finished", "<b>8\u202F820</b><span>requests", "<b>20</b><span>refused",
          "<b>98\u202F%</b><span>of the limit used", "resumed 1 time", "identifier_taken",
          "form_password_digest_invalid_code", "linked again at the next sign-in", "below 128 ms, 95 % below 256 ms",
          "2026-03-01 00:00:00 UTC", "limit 100 a second", "auth0"})
        BOOST_TEST(page.says(text), "the page does not say " << text);
    BOOST_TEST(unbalanced(page.html) == "");
}

BOOST_AUTO_TEST_CASE(the_page_runs_nothing_loads_nothing_and_tells_no_secret)
{
    const reported page;
    BOOST_TEST(page.says("&lt;script&gt;alert(&#39;somebody&#39;)&lt;/script&gt; &amp; &quot;others&quot;"));
    BOOST_TEST(page.says("&lt;users&gt;.json"));
    BOOST_TEST(!page.says("<script"));
    BOOST_TEST(!page.says(hash));
    BOOST_TEST(!page.says("password_hash"));
    for (const char* way : {"http:", "https:", "src=", "href=", "url(", "@import", "<link", "<img", "<iframe"})
        BOOST_TEST(!page.says(way), "the page has " << way);
    BOOST_TEST(page.says("default-src 'none'"));
}

BOOST_AUTO_TEST_CASE(a_job_that_did_nothing_has_a_page_too)
{
    const temporary_folder folder;
    asio::io_context io(1);
    bulk::open_journal(io.get_executor(), folder.file("job")).reset();
    const auto html = bulk::report_html(bulk::journal_reader(folder.file("job")));
    BOOST_TEST(unbalanced(html) == "");
    BOOST_TEST(html.find("<b>0</b><span>created") != std::string::npos);
    BOOST_TEST(html.find("<svg") == std::string::npos);
    BOOST_TEST(html.find("nan") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_browser_draws_the_charts_in_light_and_in_dark)
{
    BOOST_REQUIRE_MESSAGE(!browser().empty(), "no Chromium is installed");
    const reported page;
    for (const bool dark : {false, true}) {
        const auto seen = photographed(page, dark ? "dark.png" : "light.png", dark);
        BOOST_TEST(seen.width == 1000U);
        BOOST_TEST((dark ? seen.brightness() < 60 : seen.brightness() > 225), "brightness " << seen.brightness());
        BOOST_TEST(seen.count(colour("card", dark)) > seen.width * seen.height / 3);
        // Lines and areas of the charts, and the bar of outcomes.
        BOOST_TEST(seen.count(colour("sent", dark)) > 2'000U);
        BOOST_TEST(seen.count(colour("done", dark)) > 10'000U);
        BOOST_TEST(seen.count(colour("bad", dark)) > 400U);
        BOOST_TEST(seen.count(colour(dark ? "sent" : "card", !dark)) < 500U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
