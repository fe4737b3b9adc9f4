#include <usher/webhook.hpp>

#include <boost/throw_exception.hpp>

namespace usher::webhook {

refusal::refusal(reason why, std::string_view name, std::string detail)
    : why_(why), header_(name), detail_(std::move(detail))
{
}

std::string refusal::message() const
{
    const std::string name(header_);
    switch (why_) {
    case reason::none:
        return "accepted";
    case reason::body_too_large:
        return "the body is longer than " + detail_ + " bytes";
    case reason::missing_header:
        return name + " is missing";
    case reason::duplicate_header:
        return name + " is there more than once";
    case reason::empty_header:
        return name + " is empty";
    case reason::malformed_id:
        return name + " is no id: 1 to 256 visible characters, without a full stop";
    case reason::malformed_timestamp:
        return name + " is no number of seconds since 1970";
    case reason::too_old:
        return name + " is more than " + detail_ + " s ago";
    case reason::too_new:
        return name + " is more than " + detail_ + " s ahead";
    case reason::no_v1_signature:
        return name + " has no signature of version v1";
    case reason::signature_mismatch:
        return name + " does not fit: another secret signed, or the body, id or timestamp was changed on its way";
    case reason::pending:
        return name + " is being handled";
    case reason::replayed:
        return name + " was accepted before";
    case reason::malformed_event:
        return "the body is no event: " + detail_;
    }
    return {};
}

int refusal::http_status() const noexcept
{
    switch (why_) {
    case reason::none:
    case reason::replayed:
        return 200;
    case reason::pending:
        return 409;
    case reason::body_too_large:
        return 413;
    case reason::too_old:
    case reason::too_new:
    case reason::no_v1_signature:
    case reason::signature_mismatch:
        return 401;
    default:
        return 400;
    }
}

std::string_view to_string(reason why) noexcept
{
    switch (why) {
    case reason::none:
        return "none";
    case reason::body_too_large:
        return "body_too_large";
    case reason::missing_header:
        return "missing_header";
    case reason::duplicate_header:
        return "duplicate_header";
    case reason::empty_header:
        return "empty_header";
    case reason::malformed_id:
        return "malformed_id";
    case reason::malformed_timestamp:
        return "malformed_timestamp";
    case reason::too_old:
        return "too_old";
    case reason::too_new:
        return "too_new";
    case reason::no_v1_signature:
        return "no_v1_signature";
    case reason::signature_mismatch:
        return "signature_mismatch";
    case reason::pending:
        return "pending";
    case reason::replayed:
        return "replayed";
    case reason::malformed_event:
        return "malformed_event";
    }
    return {};
}

refused::refused(webhook::refusal refusal)
    : std::runtime_error("webhook refused: " + refusal.message()), refusal_(std::move(refusal))
{
}

void throw_exception_from_error(const refusal& refusal, const boost::source_location& where)
{
    boost::throw_exception(refused(refusal), where);
}

} // namespace usher::webhook
