// What a journal keeps of how its job was begun; and the files that options name.
#include "cli/job_settings.hpp"
#include "cli/commands.hpp"
#include "cli/firebase_hash.hpp"
#include "cli/job_status.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace cli = usher::cli;
namespace bulk = usher::bulk;

namespace {

cli::import_arguments everything()
{
    cli::import_arguments said;
    said.connect.service = "scalekit";
    said.connect.base_url = "https://acme.scalekit.dev/";
    said.connect.key_env = "TARGET_TOKEN";
    said.connect.ca_file = "ca.pem";
    said.connect.budget = "redis://ada:s3cret@cache:6380/2";
    said.connect.limit = 500;
    said.connect.window = std::chrono::seconds(5);
    said.source.format = bulk::source_format::better_auth;
    said.source.file = "users.csv";
    said.source.joined = "/there/accounts.csv";
    said.source.mapping_text = R"({"fields":{}})";
    said.source.firebase_hash = "hash.txt";
    said.source.public_user_metadata = true;
    said.target.roles = {{"admin", "owner"}};
    said.target.default_organization = "org_1";
    said.target.send_invitations = true;
    said.part.part = 1;
    said.part.parts = 3;
    said.concurrency = 99;
    return said;
}

bool complains(std::string_view text, const std::string& about)
{
    try {
        cli::parse_firebase_hash(text);
    } catch (const std::invalid_argument& problem) {
        return std::string(problem.what()).find(about) != std::string::npos;
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(job_settings)

BOOST_AUTO_TEST_CASE(everything_that_a_resumption_needs_comes_back)
{
    auto settings = cli::settings_of(everything());
    settings.fingerprint = "f00d";
    settings.last.command = "import";
    settings.last.state = cli::run_state::given_up;
    settings.last.reason = "because";
    settings.last.begun = bulk::journal_time(std::chrono::milliseconds(1'700'000'000'000));
    const auto read = cli::job_settings::from_json(settings.job_json(), settings.part_json());
    BOOST_TEST(read.connect.service == "scalekit");
    BOOST_TEST(read.connect.base_url == "https://acme.scalekit.dev");
    BOOST_TEST(read.connect.key_env == "TARGET_TOKEN");
    BOOST_TEST(*read.connect.limit == 500U);
    BOOST_TEST((read.connect.window == std::chrono::seconds(5)));
    BOOST_TEST((read.source.format == bulk::source_format::better_auth));
    BOOST_TEST(read.source.joined == "/there/accounts.csv");
    BOOST_TEST(read.source.mapping_text == R"({"fields":{}})");
    BOOST_TEST(read.source.public_user_metadata);
    BOOST_TEST((read.target.roles == everything().target.roles));
    BOOST_TEST(read.target.default_organization == "org_1");
    BOOST_TEST(read.target.send_invitations);
    BOOST_TEST(read.part.part == 1U);
    BOOST_TEST(read.part.parts == 3U);
    BOOST_TEST(read.concurrency == 99U);
    BOOST_TEST(read.fingerprint == "f00d");
    BOOST_TEST((read.last.state == cli::run_state::given_up));
    BOOST_TEST(read.last.reason == "because");
    BOOST_TEST((read.last.begun == settings.last.begun));
}

BOOST_AUTO_TEST_CASE(a_job_can_be_resumed_from_another_folder)
{
    const auto settings = cli::settings_of(everything());
    const auto here = std::filesystem::current_path();
    BOOST_TEST(settings.source.file == (here / "users.csv").string());
    BOOST_TEST(settings.source.firebase_hash == (here / "hash.txt").string());
    BOOST_TEST(settings.connect.ca_file == (here / "ca.pem").string());
    auto piped = everything();
    piped.source.file = "-";
    BOOST_TEST(cli::settings_of(piped).source.file == "-");
}

BOOST_AUTO_TEST_CASE(no_password_is_kept)
{
    const auto settings = cli::settings_of(everything());
    BOOST_TEST(settings.part_json().find("s3cret") == std::string::npos);
    BOOST_TEST(settings.part_json().find("redis://cache:6380/2") != std::string::npos);
    BOOST_TEST(settings.connect.budget == everything().connect.budget); // for this run it is needed
}

BOOST_AUTO_TEST_CASE(parts_of_one_job_have_the_same_settings_but_for_their_own)
{
    auto one = everything();
    auto other = everything();
    other.part.part = 2;
    other.source.file = "/elsewhere/users.csv";
    other.concurrency = 1;
    other.connect.key_env = "OTHER";
    BOOST_TEST(cli::settings_of(one).job_json() == cli::settings_of(other).job_json());
    BOOST_TEST(cli::settings_of(one).part_json() != cli::settings_of(other).part_json());
    other.connect.base_url = "https://other.scalekit.dev";
    BOOST_TEST(cli::settings_of(one).job_json() != cli::settings_of(other).job_json());
}

BOOST_AUTO_TEST_CASE(what_another_environment_says_does_not_lead_a_job_elsewhere)
{
    ::setenv("SCALEKIT_ENVIRONMENT_URL", "https://first.scalekit.dev", 1);
    auto said = everything();
    said.connect.base_url.clear();
    const auto settings = cli::settings_of(said);
    ::setenv("SCALEKIT_ENVIRONMENT_URL", "https://second.scalekit.dev", 1);
    const auto read = cli::job_settings::from_json(settings.job_json(), settings.part_json());
    BOOST_TEST(read.connect.base_url == "https://first.scalekit.dev");
    ::unsetenv("SCALEKIT_ENVIRONMENT_URL");
}

BOOST_AUTO_TEST_CASE(what_is_said_now_comes_before_what_is_remembered)
{
    auto settings = cli::settings_of(everything());
    cli::job_arguments now;
    now.connect.key_env = "NEW";
    now.connect.quota_file = "limits.json";
    now.file = "/moved/users.csv";
    now.concurrency = 5;
    override_with(settings, now);
    BOOST_TEST(settings.connect.key_env == "NEW");
    BOOST_TEST(!settings.connect.limit.has_value());
    BOOST_TEST(settings.connect.quota_file == std::filesystem::absolute("limits.json").string());
    BOOST_TEST(settings.source.file == "/moved/users.csv");
    BOOST_TEST(settings.concurrency == 5U);
    BOOST_TEST(settings.connect.base_url == "https://acme.scalekit.dev");
}

BOOST_AUTO_TEST_CASE(the_command_that_goes_on_is_the_one_that_ended_early)
{
    using cli::run_state;
    cli::job_status status;
    status.job = "j";
    auto& settings = status.settings;
    settings.reading.state = run_state::finished;
    settings.last.command = "retry";
    settings.last.state = run_state::running; // killed
    settings.last.mended = "/tmp/mended.ndjson";
    BOOST_TEST(status.next_command() == "usher retry j --mended /tmp/mended.ndjson");
    settings.last.mended.clear();
    BOOST_TEST(status.next_command() == "usher retry j");
    settings.last.state = run_state::finished;
    BOOST_TEST(status.next_command() == "usher verify j");
    settings.reading.state = run_state::running;
    BOOST_TEST(status.state() == "killed");
    BOOST_TEST(status.next_command() == "usher resume j");
    settings.source.file = "-";
    BOOST_TEST(status.next_command() == "usher resume j   (with the same input)");

    const auto kept = cli::job_settings::from_json(settings.job_json(), settings.part_json());
    BOOST_TEST((kept.reading.state == run_state::running));
    BOOST_TEST((kept.last.state == run_state::finished));
}

BOOST_AUTO_TEST_CASE(a_high_limit_has_more_records_under_way)
{
    BOOST_TEST(cli::concurrency_for(0) == 64U);
    BOOST_TEST(cli::concurrency_for(100) == 64U);
    BOOST_TEST(cli::concurrency_for(2000) == 500U);
    BOOST_TEST(cli::concurrency_for(1e9) == 1024U);
}

BOOST_AUTO_TEST_CASE(settings_that_nobody_wrote_are_refused)
{
    for (const auto* job : {"", "{}", "[]", R"({"version":1})", R"({"version":99,"live":false})"})
        BOOST_CHECK_THROW(cli::job_settings::from_json(job, "{}"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(every_command_that_writes_asks_about_production)
{
    BOOST_TEST_REQUIRE(std::freopen("/dev/null", "r", stdin) != nullptr); // nobody can be asked
    ::setenv("USHER_TEST_LIVE", "sk_live_1", 1);
    const auto path = (std::filesystem::temp_directory_path() / ("usher-job-" + std::to_string(::getpid()))).string();
    cli::import_arguments said;
    said.connect.key_env = "USHER_TEST_LIVE";
    said.source.file = "-";
    const auto settings = cli::settings_of(said);
    {
        boost::asio::io_context io(1);
        const auto book = bulk::open_journal(io.get_executor(), path);
        book->set_setting("job", settings.job_json());
        book->set_setting("part", settings.part_json());
        bulk::source_record record;
        record.line = 1;
        book->bury(0, std::nullopt, record, bulk::import_failure(bulk::import_step::map, bulk::refusal("c", "f", "m")));
        boost::asio::co_spawn(io, book->flush(), boost::asio::detached);
        io.run();
    }
    using action = cli::job_arguments::action;
    for (const auto what : {action::resume, action::retry, action::undo}) {
        cli::job_arguments job;
        job.what = what;
        job.job = path;
        BOOST_TEST(cli::run_job(job) == cli::bad_usage, "action " << static_cast<int>(what));
    }
    for (const auto* ending : {"", "-wal", "-shm"})
        std::filesystem::remove(path + ending);
}

BOOST_AUTO_TEST_CASE(words_are_quoted_for_the_shell)
{
    BOOST_TEST(cli::shell_word("users.json.usher") == "users.json.usher");
    BOOST_TEST(cli::shell_word("my users") == "'my users'");
    BOOST_TEST(cli::shell_word("it's") == "'it'\\''s'");
    BOOST_TEST(cli::shell_word("") == "''");
}

BOOST_AUTO_TEST_CASE(the_hash_parameters_are_read_as_the_console_shows_them_and_as_json)
{
    const auto* console =
        "hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC==,\n"
        "  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}\n";
    const auto* json =
        R"({"signer_key":"jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC==","salt_separator":"Bw==","rounds":8,"mem_cost":14})";
    for (const auto* text : {console, json}) {
        const auto read = cli::parse_firebase_hash(text);
        BOOST_TEST(read.signer_key == "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC==");
        BOOST_TEST(read.salt_separator == "Bw==");
        BOOST_TEST(read.rounds == 8);
        BOOST_TEST(read.memory_cost == 14);
    }
    BOOST_TEST(
        cli::parse_firebase_hash("base64_signer_key:a\nbase64_salt_separator: b\nrounds:1\nmem_cost: 2").rounds == 1);
}

BOOST_AUTO_TEST_CASE(a_hash_parameter_that_is_missing_or_wrong_is_named)
{
    BOOST_TEST(complains("", "signer_key is missing"));
    BOOST_TEST(complains(R"({"signer_key":"a","rounds":8,"mem_cost":14})", "salt_separator is missing"));
    BOOST_TEST(complains(R"({"signer_key":"a b","salt_separator":"a","rounds":8,"mem_cost":14})", "signer_key is no"));
    BOOST_TEST(complains("signer_key: a\nsalt_separator: b\nrounds: 9\nmem_cost: 14", "rounds is a number"));
    BOOST_TEST(complains("signer_key: a\nsalt_separator: b\nrounds: 8\nmem_cost: many", "mem_cost is a number"));
    BOOST_TEST(complains("algorithm: BCRYPT\nsigner_key: a", "BCRYPT"));
    BOOST_TEST(complains(R"({"signer_key": )", "no JSON"));
}

BOOST_AUTO_TEST_SUITE_END()
