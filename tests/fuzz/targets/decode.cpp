// JSON into every type of every service and back.
#include "core/http_text.hpp"
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "json_writer.hpp"
#include "type_places.hpp"
#include "json/check.hpp"
#include "json/decoder.hpp"
#include "json/encoder.hpp"
#include "json/query.hpp"

#include <boost/json/parse.hpp>

namespace usher::fuzz {
namespace {

using namespace usher::detail;

struct outcome {
    bool is_read = false;
    bool is_syntax = false; ///< refused as no JSON at all
    std::string text;       ///< what was read, encoded; or why it was not, without the place in the document
};

class reading {
public:
    reading(const type_place& of, std::string_view text, const decode_limits& limits, decode_mode mode,
            std::uint8_t seed)
        : object(of)
    {
        static decoder reader;
        reader.start(*of.type, object.get(), limits, mode);
        pieces cut(seed);
        bool is_sound = true;
        for (std::size_t at = 0; is_sound && at < text.size();) {
            const auto piece = text.substr(at, cut.next());
            is_sound = reader.write(piece);
            at += piece.size();
        }
        made.is_read = is_sound && reader.finish();
        if (made.is_read) {
            encode(*of.type, object.get(), made.text);
            return;
        }
        const auto& why = reader.failure();
        promise(why.offset <= text.size(), "a fault is in the document");
        promise(why.pointer.empty() || why.pointer.front() == '/', "a fault has a JSON pointer");
        made.is_syntax = why.expected == "JSON";
        // Where a text begins that is none is seen of a piece, and not when the whole is looked at in one go.
        made.text = (made.is_syntax ? std::string() : why.pointer) + "|" + why.expected + "|" + why.found;
    }

    placed_object object;
    outcome made;
};

std::size_t depth_of(std::string_view json)
{
    std::size_t depth = 0;
    std::size_t most = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (in_text && json[i] == '\\')
            ++i;
        else if (json[i] == '"')
            in_text = !in_text;
        else if (!in_text && (json[i] == '{' || json[i] == '['))
            most = std::max(most, ++depth);
        else if (!in_text && (json[i] == '}' || json[i] == ']'))
            --depth;
    }
    return most;
}

/// Files to upload are written as what the person said, which is no JSON of theirs.
bool has_upload(const type_info& type, int levels = 8)
{
    if (type.what == kind::upload)
        return true;
    if (levels == 0)
        return false;
    const auto inside = [&](const type_info* one) { return one != nullptr && has_upload(*one, levels - 1); };
    return inside(type.element) ||
           std::any_of(type.members.begin(), type.members.end(), [&](const auto& one) { return inside(one.type); });
}

void look_at_request(const type_place& of, const void* object)
{
    if (const auto wrong = check(*of.type, object))
        promise(wrong->pointer.empty() || wrong->pointer.front() == '/', "a violation has a JSON pointer");
    if (!of.is_params)
        return;
    std::string target = "/x";
    encode_query(*of.type, object, target);
    promise(is_target(target), "a query fits into a request's target");
    std::string body;
    encode_members(*of.type, object, place::body, body);
}

} // namespace

void decode(std::string_view bytes)
{
    input from(bytes);
    const auto& of = type_places()[from.pair() % type_places().size()];
    const auto how = from.byte();
    const auto seed = from.byte();
    const auto limit = from.byte();
    std::string written;
    if ((how & 8U) != 0) {
        json_writer writer(from);
        writer.value(*of.type);
        written = writer.text();
    }
    const auto text = (how & 8U) != 0 ? std::string_view(written) : from.rest();
    decode_limits limits;
    if ((how & 2U) != 0)
        limits.max_depth = limit % 16U;
    if ((how & 4U) != 0)
        limits.max_size = limit;
    const auto mode = (how & 1U) != 0 ? decode_mode::strict : decode_mode::tolerant;

    const reading whole(of, text, limits, mode, 255);
    const outcome& made = whole.made;
    // Of a document past its size, more may have been seen in pieces; a fault in it is told first.
    const bool is_short = text.size() <= limits.max_size;
    const reading other(of, text, limits, mode, seed);
    promise(other.made.is_read == made.is_read, "whether a document is read does not depend on how it is cut");
    if (is_short)
        promise_same(made.text, other.made.text, "what is read does not depend on how it is cut");

    boost::json::parse_options options;
    options.max_depth = limits.max_depth;
    boost::json::error_code failed;
    boost::json::parse(boost::json::string_view(text.data(), text.size()), failed, {}, options);
    if (!made.is_read) {
        promise(failed || !made.is_syntax, "what is JSON is not refused as none");
        return;
    }
    promise(is_short, "a document keeps to its size");
    promise(depth_of(text) <= limits.max_depth, "a document keeps to its depth");
    promise(!failed, "what is read is JSON");

    look_at_request(of, whole.object.get());
    boost::json::parse(made.text, failed);
    promise(!failed || depth_of(made.text) > 32, "what is written is JSON");
    if (has_upload(*of.type))
        return;
    const reading again(of, made.text, decode_limits(), mode, 255);
    if (mode == decode_mode::tolerant)
        promise(again.made.is_read, "what is written can be read");
    if (again.made.is_read)
        promise_same(made.text, again.made.text, "what is read again is the same");
}

} // namespace usher::fuzz
