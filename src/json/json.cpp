#include <usher/client.hpp>

#include "json/decoder.hpp"
#include "json/encoder.hpp"

namespace usher::json {

std::string encode(const detail::type_info& type, const void* object)
{
    std::string text;
    detail::encode(type, object, text);
    return text;
}

result<void> decode(const detail::type_info& type, void* object, std::string_view text)
{
    detail::decoder decoder;
    decoder.start(type, object, detail::decode_limits());
    if (decoder.write(text) && decoder.finish())
        return {};
    error_details details;
    details.kind = error_kind::decode;
    details.text = decoder.failure().message();
    return error(std::move(details));
}

} // namespace usher::json
