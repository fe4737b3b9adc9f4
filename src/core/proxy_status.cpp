#include "core/proxy.hpp"

#include <boost/beast/http/status.hpp>

namespace usher::detail {

namespace {

class status_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "usher.proxy"; }
    std::string message(int status) const override
    {
        // The standard's words, not the proxy's: what those hold nobody knows.
        const auto phrase =
            boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
        const std::string number = std::to_string(status);
        return phrase.empty() || phrase == "<unknown-status>" ? number : number + ' ' + std::string(phrase);
    }
};

} // namespace

const boost::system::error_category& proxy_status_category() noexcept
{
    static const status_category one;
    return one;
}

bool is_permanent_refusal(const boost::system::error_code& code) noexcept
{
    if (code.category() != proxy_status_category())
        return false;
    const int status = code.value();
    if (status >= 500)
        return status == 501 || status == 505 || status == 511;
    return status != 408 && status != 425 && status != 429;
}

} // namespace usher::detail
