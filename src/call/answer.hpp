// Takes in an answer: a success is decoded while it arrives, anything else is kept as text.
#ifndef USHER_CALL_ANSWER_HPP
#define USHER_CALL_ANSWER_HPP

#include <usher/client.hpp>
#include <usher/options.hpp>

#include "net/connection.hpp"

namespace usher::detail {

class answer final : public answer_sink {
public:
    /// `target` is an object of type `*type`; both may be null when the operation answers without content.
    answer(decoder& decode, const type_info* type, void* target, const decode_limits& limits, raw_answer* raw)
        : decode_(decode), type_(type), target_(target), limits_(limits), raw_(raw)
    {
    }

    void begin(const response_head& head) override;
    void body(std::string_view piece) override;
    /// The answer is whole. False: a success whose JSON is not what it should be; see `decode_error`.
    bool finish();

    int status() const noexcept { return status_; }
    bool is_success() const noexcept { return status_ >= 200 && status_ < 300; }
    /// What could not be decoded, for a person.
    const std::string& decode_error() const noexcept { return decode_error_; }
    /// An error answer's body, cut at 64 KiB.
    const std::string& text() const noexcept { return text_; }

private:
    decoder& decode_;
    const type_info* type_;
    void* target_;
    decode_limits limits_;
    raw_answer* raw_;
    int status_ = 0;
    bool decoding_ = false;
    bool failed_ = false;
    bool has_body_ = false;
    bool is_coded_ = false;
    std::string text_;
    std::string decode_error_;
};

/// True if the bearer token of these header lines stands in a text.
bool has_credentials(std::string_view header_lines, std::string_view text) noexcept;

/// Takes the bearer token of these header lines out of everything that a server may have repeated of them.
void hide_credentials(std::string_view header_lines, error_details& details);

/// What an error answer says: Clerk's list of errors, Scalekit's code, message and details, or OAuth's error.
void read_service_error(std::string_view body, error_details& details);

} // namespace usher::detail

#endif
