#include "client.hpp"
#include "conform.hpp"
#include "sweep.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <regex>
#include <set>

using namespace usher::sandbox;

namespace sandbox_test {

namespace {

std::string encode(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
            c == '.')
            out += c;
        else
            out.append("%")
                .append(1, digits[static_cast<unsigned char>(c) >> 4])
                .append(1, digits[static_cast<unsigned char>(c) & 15]);
    return out;
}

std::string plain_text(const json::value& v)
{
    return v.is_string() ? std::string(v.get_string()) : json::serialize(v);
}

std::string boundary_type()
{
    return "multipart/form-data; boundary=xyz";
}

} // namespace

std::vector<document::operation> document::operations() const
{
    std::vector<operation> out;
    for (const auto& [path, item] : root_.at("paths").as_object())
        for (const auto& [method, source] : item.as_object()) {
            operation o;
            o.source = &source.as_object();
            o.id = std::string(o.source->at("operationId").as_string());
            o.path = std::string(path);
            o.method = std::string(method);
            std::transform(o.method.begin(), o.method.end(), o.method.begin(),
                           [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            for (const auto& [code, answer] : o.source->at("responses").as_object())
                if (code.starts_with('2') && o.status == 0) {
                    o.status = std::stoi(std::string(code));
                    const auto& whole = resolve(answer);
                    if (const auto* content = whole.if_contains("content"))
                        if (const auto* media = content->as_object().if_contains("application/json"))
                            o.answer = &media->as_object().at("schema");
                }
            out.push_back(std::move(o));
        }
    return out;
}

// Candidates are tried until one fits: the shapes that the document's patterns ask for are few.
json::value document::make(const json::value& source, bool everything) const
{
    const auto& schema = resolve(source);
    if (const auto* values = schema.if_contains("enum"))
        return values->as_array().back();
    for (const auto* word : {"oneOf", "allOf"})
        if (const auto* list = schema.if_contains(word); list && !schema.contains("properties"))
            return make(list->as_array().front(), everything);
    const auto* type = schema.if_contains("type");
    const std::string_view name = type ? std::string_view(type->as_string()) : std::string_view("object");
    if (name == "boolean")
        return true;
    if (name == "integer" || name == "number") {
        const auto* least = schema.if_contains("minimum");
        return least ? least->to_number<std::int64_t>() + 1 : 3;
    }
    if (name == "array")
        return json::array{make(schema.at("items"), everything)};
    if (name == "object") {
        json::object out;
        const auto needed = required(schema);
        for (const auto& [member, of] : members(schema)) {
            const bool must = std::find(needed.begin(), needed.end(), std::string_view(member)) != needed.end() ||
                              (schema.contains("anyOf") && member == "domain");
            if (must || everything)
                out[member] = make(of, everything);
        }
        return out;
    }
    const std::string x(27, 'x'), f(32, 'f');
    const std::vector<std::string> candidates{
        "some text", "2020-01-02T03:04:05Z", "2020-01-02", "a@b.co", "https://a.co", "user_" + x, "mch_" + x, "ak_" + f,
        "mt_" + f};
    for (const auto& text : candidates) {
        const auto* format = schema.if_contains("format");
        const bool right_format = !format || (*format == "date-time" && text.size() == 20 && text[4] == '-') ||
                                  (*format == "date" && text.size() == 10 && text[4] == '-') ||
                                  (*format == "email" && text == "a@b.co") ||
                                  (*format == "uri" && text.starts_with("https")) || *format == "binary";
        if (right_format && mismatch(json::value(text), source, false).empty())
            return json::value(text);
    }
    return "nothing fits";
}

document::request document::make_request(const operation& of, bool everything) const
{
    request out;
    out.target = of.path;
    std::string query;
    if (const auto* list = of.source->if_contains("parameters"))
        for (const auto& one : list->as_array()) {
            const auto& p = resolve(one);
            const std::string name(p.at("name").as_string());
            const std::string_view in = p.at("in").as_string();
            const auto value = make(p.at("schema"), true);
            if (in == "path")
                out.target.replace(out.target.find("{" + name + "}"), name.size() + 2, encode(plain_text(value)));
            else if (in == "query" && (everything || (p.contains("required") && p.at("required").as_bool()))) {
                const auto text = value.is_array() ? plain_text(value.get_array().front()) : plain_text(value);
                query += (query.empty() ? "?" : "&") + encode(name) + "=" + encode(text);
            }
        }
    out.target += query;
    const auto* source = of.source->if_contains("requestBody");
    if (!source)
        return out;
    const auto& content = resolve(*source).at("content").as_object();
    if (const auto* media = content.if_contains("application/json")) {
        out.body = json::serialize(make(media->as_object().at("schema"), everything));
        out.content_type = "application/json";
    } else {
        out.body = multipart("xyz", "file", "bytes");
        out.content_type = boundary_type();
    }
    return out;
}

namespace {

struct clerk : sweep {
    clerk() : sweep(service::clerk, "clerk-backend", "sk_test_key", 206) {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(every_operation, clerk)

BOOST_AUTO_TEST_CASE(full_answers_have_every_member)
{
    each(answers::full, true, [&](const auto& o, const auto& got) {
        fits(o, got);
        BOOST_TEST(api.lack(got.body(), *o.answer, document::wanted::full) == "");
    });
}

BOOST_AUTO_TEST_CASE(required_answers_have_no_other_member)
{
    each(answers::required, false, [&](const auto& o, const auto& got) {
        fits(o, got);
        BOOST_TEST(api.lack(got.body(), *o.answer, document::wanted::required) == "");
    });
}

BOOST_AUTO_TEST_CASE(null_answers_are_null_wherever_they_may_be)
{
    each(answers::nulls, true, [&](const auto& o, const auto& got) {
        fits(o, got);
        BOOST_TEST(api.lack(got.body(), *o.answer, document::wanted::nulls) == "");
    });
}

BOOST_AUTO_TEST_CASE(future_answers_hold_what_no_document_knows)
{
    int strange = 0;
    each(answers::future, true, [&](const auto& o, const auto& got) {
        fits(o, got, true);
        strange += api.mismatch(got.body(), *o.answer, false).empty() ? 0 : 1;
    });
    BOOST_TEST(strange > 300);
}

BOOST_AUTO_TEST_CASE(stateful_answers_fit_too)
{
    int answered = 0;
    for (const auto& o : api.operations()) {
        const auto got = ask(o, false);
        BOOST_TEST_CONTEXT(o.id << ' ' << sandbox.last_request().target << ' ' << got.text)
        {
            BOOST_TEST(got.status != 500);
            if (got.status == o.status && o.answer) {
                fits(o, got);
                ++answered;
            }
        }
    }
    BOOST_TEST(answered > 80);
}

BOOST_AUTO_TEST_CASE(the_same_seed_makes_the_same_answers)
{
    options o = plain(service::clerk);
    o.mode = answers::full;
    const server one(o), two(o);
    client a(one), b(two);
    for (const auto* path : {"/users/user_1", "/jwks", "/organizations", "/users/user_1"})
        BOOST_TEST(a.get(path).text == b.get(path).text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sandbox_test
