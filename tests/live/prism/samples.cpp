// Prints a request for every operation of an API document, one a line:
// {"id": …, "kind": …, "valid": true, "params": {…}}. The edges come only when they are asked for.
#include "live/conformance/edges.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iostream>
#include <sstream>

namespace json = boost::json;
using namespace conformance;

namespace {

void print(const std::string& id, const char* kind, bool valid, const json::object& params)
{
    std::cout << json::serialize(json::object{{"id", id}, {"kind", kind}, {"valid", valid}, {"params", params}})
              << '\n';
}

} // namespace

int main(int count, char** texts)
{
    if (count < 3) {
        std::cerr << "usage: conformance_samples DOCUMENT UPLOAD [edges]\n";
        return 2;
    }
    std::ostringstream text;
    text << std::ifstream(texts[1]).rdbuf();
    const json::value document = json::parse(text.str());
    const auto full = make_samples(document, amount::full, texts[2]);
    const auto required = make_samples(document, amount::required, texts[2]);
    const auto nulls = make_samples(document, amount::nulls, texts[2]);
    const auto edges = make_edges(document, full);
    for (std::size_t i = 0; i < full.size(); ++i) {
        print(full[i].id, "full", true, full[i].params);
        print(full[i].id, "required", true, required[i].params);
        print(full[i].id, "nulls", true, nulls[i].params);
        if (count > 3)
            for (const edge& each : edges[i])
                if (each.valid)
                    print(full[i].id, "edge", true, with_edge(full[i].params, each));
    }
}
