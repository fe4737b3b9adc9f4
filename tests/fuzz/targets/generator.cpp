// API documents: each becomes code, or is refused at a place in it.
#include "codegen/emit.hpp"
#include "codegen/events.hpp"
#include "codegen/generate.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

namespace usher::fuzz {
namespace {

using namespace usher::codegen;

void is_pointer(const std::string& text)
{
    promise(text.empty() || text.front() == '/', "a refusal has a JSON pointer");
    for (std::size_t i = 0; i < text.size(); ++i)
        promise(text[i] != '~' || (i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')),
                "a JSON pointer is escaped");
}

void generate(std::string_view text, std::string_view words_text)
{
    const document doc(text);
    const words own_words = words_text.empty() ? words() : words(words_text);
    const model made = make_model(doc, own_words, "usher::fuzz_service");
    emit_options options;
    options.sources = 2;
    const output files = make_output(made, options);
    promise(files.files().size() > 4, "a document that is not refused becomes files");
    for (const auto& [path, content] : files.files()) {
        promise(!content.empty() && content.back() == '\n', "a file has lines");
        promise(path.find("..") == std::string::npos && path.front() != '/', "a file is in its folder");
        promise(path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_/.") == std::string::npos,
                "a file has a plain name");
    }
    promise(!endpoints_section(made).empty(), "there is an index");
    promise(!dispatch_source(made).empty(), "and a dispatcher");
}

} // namespace

void generator(std::string_view bytes)
{
    input from(bytes);
    const auto how = from.byte();
    try {
        if (how % 4 == 3) {
            const json::value examples = read_examples(from.rest());
            const model events = make_events(node(examples, ""), "usher::fuzz_service");
            output files;
            add_events(events, files);
            promise(!files.files().empty() && !events_index(events).empty(), "events become files");
        } else if (how % 4 == 2) {
            const auto own_words = from.line();
            generate(from.rest(), own_words);
        } else {
            generate(from.rest(), {});
        }
    } catch (const refused& failure) {
        is_pointer(failure.pointer());
        promise(!failure.reason().empty(), "a refusal has a reason");
    }
}

} // namespace usher::fuzz
