// usher-codegen: C++ types, endpoint functions and type tables from an OpenAPI document.
#include "events.hpp"
#include "generate.hpp"
#include "naming.hpp"

#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace usher::codegen;

constexpr const char* help =
    "usage: usher-codegen DOCUMENT --namespace NAME --out DIR [options]\n"
    "\n"
    "Reads an OpenAPI document (3.0 or 3.1, JSON) and writes C++20: headers to DIR/include, sources to DIR/src.\n"
    "The namespace is also the folder of the headers: with usher::clerk they are usher/clerk/*.hpp, and "
    "usher/clerk.hpp\n"
    "includes them all. Files that are as they should be keep their time.\n"
    "\n"
    "  --words FILE       names, summaries, units of time and paging that the document lacks (JSON)\n"
    "  --sources N        number of source files for the tables, and as many for the calls (1)\n"
    "  --endpoints FILE   replaces the section of this document in an index of operations (Markdown)\n"
    "  --events FILE      examples of webhook events, by type (JSON): types in NAME::events, in one header events.hpp\n"
    "  --events-index FILE  replaces an index of these (Markdown)\n"
    "  --dispatch FILE    writes a header that calls any operation through its typed function, for tests\n"
    "  --stamp FILE       touches a file when all is written\n"
    "  --list-outputs     prints the names of the files, relative to DIR, and writes nothing\n"
    "\n"
    "Exit codes: 0 done; 1 a file can't be read or written; 2 wrong arguments, or something in the document that is "
    "not\n"
    "understood: the message names its JSON pointer, and nothing is written.\n";

struct arguments {
    fs::path document;
    std::string space;
    fs::path out;
    fs::path words;
    fs::path endpoints;
    fs::path events;
    fs::path events_index;
    fs::path dispatch;
    fs::path stamp;
    emit_options emit;
    bool list = false;
    bool help = false;
};

/// *Errors*: `std::invalid_argument`.
arguments read_arguments(int argc, char** argv)
{
    arguments own;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        const auto value = [&]() -> std::string {
            if (++i == argc)
                throw std::invalid_argument(name + " needs a value");
            return argv[i];
        };
        if (name == "--namespace")
            own.space = value();
        else if (name == "--out")
            own.out = value();
        else if (name == "--words")
            own.words = value();
        else if (name == "--endpoints")
            own.endpoints = value();
        else if (name == "--events")
            own.events = value();
        else if (name == "--events-index")
            own.events_index = value();
        else if (name == "--dispatch")
            own.dispatch = value();
        else if (name == "--stamp")
            own.stamp = value();
        else if (name == "--sources")
            own.emit.sources = std::stoul(value());
        else if (name == "--list-outputs")
            own.list = true;
        else if (name == "--help" || name == "-h")
            own.help = true;
        else if (name.rfind("--", 0) == 0 || !own.document.empty())
            throw std::invalid_argument("unknown argument " + name);
        else
            own.document = name;
    }
    if (own.help)
        return own;
    if (own.document.empty() || own.space.empty() || (own.out.empty() && !own.list))
        throw std::invalid_argument("a document, --namespace and --out are needed");
    if (own.events.empty() && !own.events_index.empty())
        throw std::invalid_argument("--events-index needs --events");
    if (own.emit.sources < 1 || own.emit.sources > 64)
        throw std::invalid_argument("--sources is a number from 1 to 64");
    for (std::size_t begin = 0; begin <= own.space.size();) {
        const std::size_t end = std::min(own.space.find("::", begin), own.space.size());
        const std::string part = own.space.substr(begin, end - begin);
        if (part != snake_case(part) || (is_reserved(part) && part != "usher"))
            throw std::invalid_argument("--namespace: " + own.space + " is no namespace in snake case");
        begin = end + 2;
    }
    return own;
}

/// Returns the index of the events.
std::string add_events_of(const arguments& own, output& files)
{
    try {
        const json::value examples = read_examples(read_file(own.events));
        const model events = make_events(node(examples, ""), own.space);
        add_events(events, files);
        return events_index(events);
    } catch (const refused& failure) {
        throw refused(failure.pointer(), failure.reason() + " (" + own.events.filename().string() + ")");
    }
}

int generate(const arguments& own)
{
    const document doc(read_file(own.document));
    const words own_words = own.words.empty() ? words() : words(read_file(own.words));
    const model made = make_model(doc, own_words, own.space);
    output files = make_output(made, own.emit);
    const std::string index = own.events.empty() ? std::string() : add_events_of(own, files);
    if (own.list) {
        for (const auto& [path, text] : files.files())
            std::cout << path << '\n';
        return 0;
    }
    files.write(own.out);
    files.remove_others(own.out, "include/" + include_folder(made));
    if (!own.endpoints.empty())
        replace_file(own.endpoints,
                     with_section(fs::exists(own.endpoints) ? read_file(own.endpoints) : std::string(), made));
    if (!own.events_index.empty())
        replace_file(own.events_index, index);
    if (!own.dispatch.empty())
        replace_file(own.dispatch, dispatch_source(made));
    if (!own.stamp.empty()) {
        replace_file(own.stamp, "");
        fs::last_write_time(own.stamp, fs::file_time_type::clock::now());
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    arguments own;
    try {
        own = read_arguments(argc, argv);
        if (own.help) {
            std::cout << help;
            return 0;
        }
        return generate(own);
    } catch (const refused& failure) {
        std::cerr << own.document.string() << "#" << failure.what() << '\n';
        return 2;
    } catch (const std::logic_error& failure) {
        std::cerr << "usher-codegen: " << failure.what() << "\n\n" << help;
        return 2;
    } catch (const std::exception& failure) {
        std::cerr << "usher-codegen: " << failure.what() << '\n';
        return 1;
    }
}
