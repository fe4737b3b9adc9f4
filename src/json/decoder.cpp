#include "json/decode_state.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>

namespace usher::detail {
namespace {

namespace json = boost::json;

/// The parser's handler: passes events on, and tells the parser to stop when one is refused.
class events {
public:
    using error_code = json::error_code;
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    decode_state state;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code& ec) { return pass(state.begin_object(), ec); }
    bool on_object_end(std::size_t n, error_code& ec) { return pass(state.end_object(n), ec); }
    bool on_array_begin(error_code& ec) { return pass(state.begin_array(), ec); }
    bool on_array_end(std::size_t n, error_code& ec) { return pass(state.end_array(n), ec); }
    bool on_key_part(std::string_view s, std::size_t, error_code& ec) { return pass(state.key_part(s), ec); }
    bool on_key(std::string_view s, std::size_t, error_code& ec) { return pass(state.key(s), ec); }
    bool on_string_part(std::string_view s, std::size_t, error_code& ec) { return pass(state.text_part(s), ec); }
    bool on_string(std::string_view s, std::size_t, error_code& ec) { return pass(state.text(s), ec); }
    bool on_number_part(std::string_view s, error_code& ec) { return pass(state.number_part(s), ec); }
    bool on_int64(std::int64_t i, std::string_view s, error_code& ec) { return pass(state.integer(i, s), ec); }
    bool on_uint64(std::uint64_t u, std::string_view, error_code& ec) { return pass(state.natural(u), ec); }
    bool on_double(double d, std::string_view s, error_code& ec) { return pass(state.real(d, s), ec); }
    bool on_bool(bool b, error_code& ec) { return pass(state.boolean(b), ec); }
    bool on_null(error_code& ec) { return pass(state.null_value(), ec); }
    bool on_comment_part(std::string_view, error_code&) { return true; }
    bool on_comment(std::string_view, error_code&) { return true; }

private:
    static bool pass(bool done, error_code& ec)
    {
        if (!done) [[unlikely]]
            ec = json::error::input_error;
        return done;
    }
};

constexpr std::size_t slice_size = 16 * 1024; // between two looks at what was made
constexpr std::uint64_t tree_of_a_byte = 16;  // memory of free-form JSON, "0," as its smallest piece
constexpr std::uint64_t least_memory = 16 * 1024 * 1024;
constexpr std::uint64_t most_memory = std::uint64_t{1} << 62;

json::parse_options options()
{
    json::parse_options all;
    // Depth is counted by the events, whose limit differs from document to document.
    all.max_depth = 0xffff;
    return all;
}

} // namespace

class decoder::implementation {
public:
    implementation() : parser(options()) {}

    bool refuse(const json::error_code& ec, std::uint64_t offset)
    {
        decode_state& state = parser.handler().state;
        if (!state.failed())
            state.fail("JSON", ec == json::error::incomplete ? "the end of the document" : ec.message());
        state.failure().offset = offset;
        return false;
    }

    json::basic_parser<events> parser;
    decode_limits limits;
    std::uint64_t taken = 0;
};

decoder::decoder() : impl_(std::make_unique<implementation>()) {}

decoder::~decoder() = default;

void decoder::start(const type_info& type, void* target, const decode_limits& limits, decode_mode mode)
{
    impl_->parser.reset();
    impl_->parser.handler().state.start(type, target, limits.max_depth, mode);
    impl_->limits = limits;
    if (limits.max_memory == 0)
        impl_->limits.max_memory = std::max(std::min(limits.max_size, most_memory / 4) * 4, least_memory);
    impl_->taken = 0;
}

bool decoder::write(std::string_view bytes)
{
    decode_state& state = impl_->parser.handler().state;
    if (state.failed())
        return false;
    if (bytes.empty())
        return true;
    if (bytes.size() > impl_->limits.max_size - impl_->taken) {
        state.fail("at most " + std::to_string(impl_->limits.max_size) + " bytes", "more");
        state.failure().pointer.clear();
        state.failure().offset = impl_->limits.max_size;
        return false;
    }
    while (!bytes.empty()) {
        const auto slice = bytes.substr(0, slice_size);
        bytes.remove_prefix(slice.size());
        json::error_code ec;
        const std::size_t used = impl_->parser.write_some(true, slice.data(), slice.size(), ec);
        if (!ec && used < slice.size())
            ec = json::error::extra_data;
        if (ec)
            return impl_->refuse(ec, impl_->taken + used);
        impl_->taken += slice.size();
        if (state.is_capturing())
            state.spend(slice.size() * tree_of_a_byte);
        if (state.spent() > impl_->limits.max_memory) {
            state.fail("elements of at most " + std::to_string(impl_->limits.max_memory) + " bytes of memory", "more");
            state.failure().offset = impl_->taken;
            return false;
        }
    }
    return true;
}

bool decoder::finish()
{
    if (impl_->parser.handler().state.failed())
        return false;
    json::error_code ec;
    impl_->parser.write_some(false, nullptr, 0, ec);
    if (!ec && !impl_->parser.done())
        ec = json::error::incomplete;
    return !ec || impl_->refuse(ec, impl_->taken);
}

const decode_failure& decoder::failure() const noexcept
{
    return impl_->parser.handler().state.failure();
}

} // namespace usher::detail
