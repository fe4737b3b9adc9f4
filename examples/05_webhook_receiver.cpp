// A receiver of Scalekit's webhooks: each request is verified, read into the type of its event, and handled
// once; what could not be handled is taken when it comes again.
//
//     SCALEKIT_WEBHOOK_SECRET=whsec_… ./example_05_webhook_receiver [PORT]
#include "small_server.hpp"

#include <usher/scalekit/events.hpp>
#include <usher/webhook/receive.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace events = usher::scalekit::events;

void handle(const events::event& event)
{
    std::visit(
        usher::webhook::overloaded{[](const events::organization_created& e) {
                                       std::cout << "a new organization: " << e.data.display_name << std::endl;
                                   },
                                   [](const events::user_login& e) { std::cout << "logged in: " << e.id << std::endl; },
                                   // A type that is newer than this program, or looks different: nothing of it is lost.
                                   [](const usher::unknown_json& e) {
                                       std::cout << "unknown: " << boost::json::serialize(e.json) << std::endl;
                                   },
                                   [](const auto& e) { std::cout << e.type << std::endl; }},
        event);
}

asio::awaitable<example::page> receive(const usher::webhook::verifier& verifier, const example::request& asked)
{
    std::vector<usher::webhook::header> headers;
    for (const auto& field : asked)
        headers.emplace_back(std::string_view(field.name_string().data(), field.name_string().size()),
                             std::string_view(field.value().data(), field.value().size()));
    usher::webhook::handling held; // forgets the event, unless it is confirmed
    const auto event = usher::webhook::receive<events::event>(verifier, headers, asked.body(), held);
    if (!event) {
        std::cerr << "refused: " << event.error().message() << std::endl;
        co_return example::page(static_cast<unsigned>(event.error().http_status()));
    }
    // Answer soon: what takes long belongs into a queue of your own, or the provider sends it again.
    try {
        handle(*event);
    } catch (const std::exception& problem) {
        std::cerr << "not handled: " << problem.what() << std::endl;
        co_return example::page(500); // it is sent again, and then accepted
    }
    held.confirm(); // from here on a repetition is answered with 200
    co_return example::page(204);
}

} // namespace

int main(int count, char** texts)
{
    try {
        asio::io_context io(1);
        usher::webhook::verifier_options options;
        options.replays = std::make_shared<usher::webhook::memory_replay_store>(100'000);
        const usher::webhook::verifier verifier(usher::webhook::provider::scalekit,
                                                usher::secret::from_env("SCALEKIT_WEBHOOK_SECRET"), options);
        auto acceptor = example::listen(io, count > 1 ? std::stoi(texts[1]) : 0);
        example::serve(io, acceptor, [&verifier](const example::request& asked) { return receive(verifier, asked); });
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 3;
    }
}
