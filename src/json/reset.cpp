#include "json/reset.hpp"

#include <usher/open_enum.hpp>
#include <usher/time.hpp>
#include <usher/upload.hpp>

#include <boost/json/value.hpp>

namespace usher::detail {

void reset_value(const type_info& type, void* object)
{
    switch (type.what) {
    case kind::boolean:
        *static_cast<bool*>(object) = false;
        return;
    case kind::int32:
        *static_cast<std::int32_t*>(object) = 0;
        return;
    case kind::int64:
    case kind::int64_text:
        *static_cast<std::int64_t*>(object) = 0;
        return;
    case kind::number:
        *static_cast<double*>(object) = 0;
        return;
    case kind::string:
        static_cast<std::string*>(object)->clear();
        return;
    case kind::unix_milliseconds:
        *static_cast<unix_milliseconds*>(object) = {};
        return;
    case kind::unix_seconds:
        *static_cast<unix_seconds*>(object) = {};
        return;
    case kind::instant:
    case kind::instant_short:
        *static_cast<instant*>(object) = {};
        return;
    case kind::date:
        *static_cast<date*>(object) = date{};
        return;
    case kind::enumeration:
        *static_cast<open_enum_storage*>(object) = open_enum_storage{};
        return;
    case kind::object:
        for (const member_info& member : type.members)
            reset_value(*member.type, static_cast<char*>(object) + member.offset);
        return;
    case kind::json_value:
        static_cast<boost::json::value*>(object)->emplace_null();
        return;
    case kind::json_object:
        static_cast<boost::json::object*>(object)->clear();
        return;
    case kind::upload:
        *static_cast<upload*>(object) = upload();
        return;
    case kind::array:
    case kind::map:
    case kind::one_of:
    case kind::optional:
    case kind::field:
    case kind::box:
        type.ops->clear(object);
        return;
    }
}

} // namespace usher::detail
