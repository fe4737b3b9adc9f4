#include "schedule/limiter.hpp"

#include "schedule/limiter_impl.hpp"

#include <string>

namespace usher::schedule {
namespace {

class category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "usher.admission"; }
    std::string message(int value) const override
    {
        switch (static_cast<admission_error>(value)) {
        case admission_error::overloaded:
            return "too many calls wait for admission";
        case admission_error::timed_out:
            return "not admitted before the deadline";
        case admission_error::cancelled:
            return "cancelled while waiting for admission";
        case admission_error::not_remembered:
            return "what is used of a long limit could not be saved";
        }
        return "unknown admission error";
    }
};

} // namespace

const boost::system::error_category& admission_category() noexcept
{
    static const category instance;
    return instance;
}

boost::system::error_code make_error_code(admission_error error) noexcept
{
    return {static_cast<int>(error), admission_category()};
}

template class basic_limiter<std::chrono::steady_clock>;

} // namespace usher::schedule
