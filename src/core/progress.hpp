// How far a request came, and so whether it may have taken effect.
#ifndef USHER_CORE_PROGRESS_HPP
#define USHER_CORE_PROGRESS_HPP

#include <cstdint>

namespace usher::detail {

enum class progress : std::uint8_t {
    not_sent,    ///< no byte of it was written
    partly_sent, ///< written in part
    sent,        ///< written, and no byte of an answer came
    answering,   ///< the answer began and broke off
    answered     ///< the answer is complete
};

} // namespace usher::detail

#endif
