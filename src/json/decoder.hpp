// JSON text into a generated type, as the text arrives.
#ifndef USHER_JSON_DECODER_HPP
#define USHER_JSON_DECODER_HPP

#include <usher/detail/type_table.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace usher::detail {

struct decode_limits {
    std::size_t max_depth = 64;                       ///< arrays and objects inside one another
    std::uint64_t max_size = std::uint64_t{64} << 20; ///< bytes of the document
    /// Bytes that the elements of its arrays and maps and its free-form JSON may take, about: `[{},{},…]` makes an
    /// object of two thousand bytes out of three. 0: four times `max_size`, and 16 MiB at least.
    std::uint64_t max_memory = 0;
};

/// Whether what the tables do not describe is passed over or refused.
enum class decode_mode : std::uint8_t {
    tolerant, ///< for answers: unknown members are skipped, null leaves a plain member as it is
    strict    ///< for what a person typed: both are errors
};

/// Why a document was refused. No text out of the document stands in it, except the names of members.
struct decode_failure {
    std::string pointer; ///< RFC 6901; empty: the document as a whole
    std::string expected;
    std::string found;
    std::uint64_t offset = 0; ///< bytes from the beginning of the document, not before the place in question

    /// `/data/3/id: expected a string, found an integer (byte 1071)`.
    std::string message() const;
};

/// One decoder for all types: it reads the tables and writes straight into the object; no document tree is made,
/// except for members that are free-form JSON and for unions whose alternative shows only later.
///
/// - Unknown members are skipped; missing ones stay as they were; of a name that comes twice the last wins.
/// - A whole number in any form (`3`, `3.0`, `30e-1`) is an integer; `int64` and times also come as decimal text.
/// - A union with a discriminator is read as it comes when the discriminator is the first member; what stands
///   before it is kept and replayed. Once the alternative is known, a wrong type in it is an error like any other.
///   Without a discriminator the whole is kept and the best fitting alternative taken. What no alternative
///   fits is kept as `unknown_json`.
///
/// *Lifetime*: the target has to live until the document ended or failed; after a failure its content is
/// unspecified. *Thread safety*: one document at a time. The decoder keeps its memory between documents, so that
/// the next one allocates only what the object owns.
class decoder {
public:
    decoder();
    ~decoder();
    decoder(const decoder&) = delete;
    decoder& operator=(const decoder&) = delete;

    /// Begins a document. `target` is an object of `type`, in its default state.
    void start(const type_info& type, void* target, const decode_limits& limits,
               decode_mode mode = decode_mode::tolerant);
    /// The next piece, cut anywhere. False: the document is refused, see `failure()`; further pieces are ignored.
    bool write(std::string_view bytes);
    /// The document ends here. False: it is refused, or incomplete.
    bool finish();
    /// Meaningful after `write` or `finish` returned false.
    const decode_failure& failure() const noexcept;

private:
    class implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace usher::detail

#endif
