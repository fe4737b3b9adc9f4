// Mapping files that are refused, and where they are told to be wrong.
#include "unit/mapping/records.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <regex>
#include <set>
#include <stdexcept>

using namespace records;

namespace {

/// What the refusal of a mapping file says; empty: it is taken.
std::string refused(const std::string& text)
{
    try {
        bulk::parse_field_mapping(text);
        return {};
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

struct mistake {
    std::string_view members; ///< beside "id"
    std::string_view said;
};

constexpr mistake mistakes[] = {
    {R"("emial":"e")", "at /emial: a member that is not known here"},
    {R"("a/b~c":"e")", "at /a~1b~0c: a member that is not known here"},
    {R"("username":1)", "at /username: neither the name of a member nor an object"},
    {R"("username":"")", "at /username: an empty text"},
    {R"("username":{})", "at /username: needs either \"from\" or \"constant\""},
    {R"("username":{"from":"a","constant":"b"})", "at /username: needs either \"from\" or \"constant\""},
    {R"("username":{"from":["a"]})", "at /username/from: not a text"},
    {R"("username":{"form":"a"})", "at /username/form: a member that is not known here"},
    {R"("username":{"from":"a","":1})", "at /username/: a member that is not known here"},
    {R"("username":{"from":"a","equals":"b"})", "at /username/equals: a member that is not known here"},
    {R"("locale":{"constant":7})", "at /locale/constant: not a text"},
    {R"("name":"n","first_name":"f")", "at /name: a full name is for"},
    {R"("email_addresses":"e")", "at /email_addresses: not a list"},
    {R"("email_addresses":["e",7])", "at /email_addresses/1: not an object"},
    {R"("email_addresses":[{"verified":true}])", "at /email_addresses/0: needs \"from\""},
    {R"("email_addresses":[{"from":"e","verfied":true}])", "at /email_addresses/0/verfied: a member that is not"},
    {R"("email_addresses":[{"from":"e","verified":1}])", "at /email_addresses/0/verified: neither the name"},
    {R"("email_addresses":[{"from":"e","value":"v","separator":"|"}])", "at /email_addresses/0: \"value\" is for"},
    {R"("phone_numbers":[{"from":"e","verified":{"constant":"yes"}}])", "at /phone_numbers/0/verified/constant"},
    {R"("password":"hash")", "at /password: not an object"},
    {R"("password":{"hasher":"bcrypt"})", "at /password: needs \"digest\""},
    {R"("password":{"digest":"h","hasher":"rot13"})", "at /password/hasher: not a hasher"},
    {R"("password":{"digest":"h","hasher":{"values":{}}})", "at /password/hasher: needs \"from\""},
    {R"("password":{"digest":"h","hasher":{"from":"a","values":{"x":"rot13"}}})", "at /password/hasher/values/x: not"},
    {R"("password":{"digest":"h","salt":"s"})", "at /password/salt: a member that is not known here"},
    {R"("backup_codes":{"from":"c","verified":true})", "at /backup_codes/verified: a member that is not"},
    {R"("public_metadata":"m")", "at /public_metadata: not an object"},
    {R"("public_metadata":{"from":"","x":"y"})", "at /public_metadata/from: an empty text"},
    {R"("public_metadata":{"plan":7})", "at /public_metadata/plan: neither the name"},
    {R"("created_at":{"from":"t","format":"days"})", "at /created_at/format: none of ms, s, rfc3339 and sql"},
    {R"("created_at":{"constant":"2024-01-15T10:30:00Z","format":"ms"})", "at /created_at/format: has no meaning"},
    {R"("created_at":{"constant":"yesterday"})", "at /created_at/constant: not an RFC 3339 time"},
    {R"("banned":{"constant":"yes"})", "at /banned/constant: neither true nor false"},
    {R"("banned":{"from":"s","equals":["a"]})", "at /banned/equals: neither a text nor a number"},
    {R"("banned":{"constant":true,"equals":"a"})", "at /banned/equals: has no meaning for a constant"},
    {R"("create_organizations_limit":{"constant":"3"})", "at /create_organizations_limit/constant: not a whole"},
    {R"("memberships":[])", "at /memberships: not an object"},
    {R"("memberships":{"roles":"r"})", "at /memberships: needs \"from\" or \"organization\""},
    {R"("memberships":{"from":"o","roles":"r"})", "at /memberships/roles: without \"organization\""},
    {R"("memberships":{"from":"o","roles":{"constant":[1]}})", "at /memberships/roles/constant: not a text"},
    {R"("memberships":{"from":"o","organisation":"i"})", "at /memberships/organisation: a member that is not"},
    {R"("ignore":"x")", "at /ignore: not a list"},
    {R"("ignore":["x",null])", "at /ignore/1: not a text"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(mapping_file)

BOOST_AUTO_TEST_CASE(a_mistake_anywhere_in_it_is_an_error_that_names_its_place)
{
    for (const auto& [members, said] : mistakes) {
        const auto text = R"({"id":"id",)" + std::string(members) + "}";
        const auto error = refused(text);
        BOOST_TEST_INFO(text << " → " << error);
        BOOST_TEST(error.find(said) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(members_are_those_that_are_documented)
{
    // Each bullet of the comment names its members before a colon: /// - `banned`, `locked`: …
    const auto text = file("include/usher/bulk/mapping.hpp");
    const std::regex bullet("/// - (`[a-z_]+`(?:, `[a-z_]+`)*):");
    const std::regex member("`([a-z_]+)`");
    std::set<std::string> documented;
    for (std::sregex_iterator each(text.begin(), text.end(), bullet), end; each != end; ++each) {
        const std::string names = (*each)[1];
        for (std::sregex_iterator one(names.begin(), names.end(), member); one != end; ++one)
            documented.insert((*one)[1]);
    }
    BOOST_TEST(documented.size() > 20U);
    for (const auto& name : documented)
        BOOST_TEST(refused("{\"id\":\"id\",\"" + name + "\":7}").find("not known here") == std::string::npos, name);
    // And the example uses nothing else.
    const auto example = boost::json::parse(file("examples/mapping.json"));
    BOOST_TEST(refused(boost::json::serialize(example)) == "");
    for (const auto& used : example.as_object())
        BOOST_TEST(documented.contains(std::string(used.key())), used.key());
}

BOOST_AUTO_TEST_CASE(without_an_id_or_without_json_there_is_no_mapping)
{
    BOOST_TEST(refused(R"({"username":"u"})").find("at /id: missing") != std::string::npos);
    BOOST_TEST(refused(R"({"id":7})").find("at /id: not a text") != std::string::npos);
    BOOST_TEST(refused(R"({"id":{"constant":"1"}})").find("at /id: not a text") != std::string::npos);
    BOOST_TEST(refused("id: user_id").find("at its top: not JSON") != std::string::npos);
    BOOST_TEST(refused("[]").find("at its top: not an object") != std::string::npos);
    BOOST_TEST(refused(R"({"id":"id"})").empty());
}

BOOST_AUTO_TEST_CASE(a_generic_record_without_a_mapping_file_is_refused)
{
    const auto all = map_all(bulk::source_format::csv, "id\n1\n");
    check_fates(all, {"refused no_field_mapping "});
}

BOOST_AUTO_TEST_SUITE_END()
