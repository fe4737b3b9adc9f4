// Requests made up from an API document, without any generated code.
#ifndef USHER_TESTS_CONFORMANCE_SAMPLE_HPP
#define USHER_TESTS_CONFORMANCE_SAMPLE_HPP

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace conformance {

namespace json = boost::json;

enum class amount { full, required, nulls };

struct sample {
    sample() = default;
    std::string id;
    std::vector<std::string> path;                          ///< in the order of the template
    json::object params;                                    ///< everything by name, as `call_json` takes it
    bool only_ids = true;                                   ///< nothing but the path's in `params`
    std::vector<std::pair<std::string, json::value>> query; ///< what the query has to hold, decoded
    std::vector<std::string> joined;                        ///< query arrays that are one text with commas
    std::vector<std::pair<std::string, std::string>> headers;
    json::value body; ///< what the body has to be; null for none
    bool is_form = false;
};

/// One request for each operation, in document order. `upload` is a file that uploads are taken from.
std::vector<sample> make_samples(const json::value& document, amount how, const std::string& upload);

} // namespace conformance

#endif
