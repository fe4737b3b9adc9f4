// Writes an export of users as Auth0 makes it: NDJSON, with the rows that real exports hold and nobody expects.
//
//     write_auth0_export FILE [USERS [SEED]]
//
// USERS rows become users, the rows that can't come on top. The same arguments give the same bytes. What an import of
// it has to end with is printed, one "name value" a line.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

namespace json = boost::json;

namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
class random_numbers {
public:
    explicit random_numbers(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next()
    {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

    std::string text(std::size_t size, std::string_view alphabet)
    {
        std::string out;
        while (out.size() < size)
            out += alphabet[below(alphabet.size())];
        return out;
    }

private:
    std::uint64_t state_;
};

constexpr std::array given_names = {"Ada", "Grace", "Edsger", "Barbara", "Tony",  "Frances",
                                    "Ken", "Radia", "Zoë",    "Łukasz",  "Søren", "Ngozi"};
constexpr std::array family_names = {"Lovelace", "Hopper", "Dijkstra", "Liskov", "Hoare",
                                     "Allen",    "O'Neil", "Perlman",  "Müller", "Nowak"};
constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view bcrypt_letters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

struct expected_end {
    std::uint64_t users = 0;
    std::uint64_t failures = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t banned = 0;
    std::uint64_t unverified = 0;
    std::uint64_t odd_names = 0;
};

std::string two_digits(std::size_t number)
{
    return (number < 10 ? "0" : "") + std::to_string(number);
}

json::object usual_user(std::size_t number, random_numbers& random)
{
    const std::string given = given_names[random.below(given_names.size())];
    const std::string family = family_names[random.below(family_names.size())];
    const std::string id = random.text(24, hex);
    json::object user;
    user["user_id"] = "auth0|" + id;
    user["email"] = "user" + std::to_string(number) + "@example.com";
    user["email_verified"] = true;
    user["name"] = given + " " + family;
    user["given_name"] = given;
    user["family_name"] = family;
    user["nickname"] = "user" + std::to_string(number);
    user["picture"] = "https://images.example.com/" + id + ".png";
    json::object identity;
    identity["connection"] = "Username-Password-Authentication";
    identity["provider"] = "auth0";
    identity["user_id"] = id;
    identity["isSocial"] = false;
    user["identities"] = json::array{std::move(identity)};
    user["app_metadata"] = json::object{{"plan", random.below(3) == 0 ? "team" : "free"}, {"seats", random.below(50)}};
    user["user_metadata"] = json::object{{"theme", random.below(2) == 0 ? "dark" : "light"}};
    user["created_at"] = "20" + two_digits(15 + random.below(10)) + "-" + two_digits(1 + random.below(12)) + "-" +
                         two_digits(1 + random.below(28)) + "T10:30:00." + std::to_string(100 + random.below(900)) +
                         "Z";
    user["updated_at"] = "2025-03-01T08:00:00.000Z";
    user["last_login"] = "2025-02-28T19:12:44.021Z";
    user["last_ip"] = "192.0.2." + std::to_string(random.below(255));
    user["logins_count"] = random.below(400);
    if (random.below(2) == 0)
        user["password_hash"] = "$2b$10$" + random.text(53, bcrypt_letters);
    return user;
}

/// Makes every so many rows odd, each in its own way.
void make_odd(std::size_t number, json::object& user, expected_end& expected)
{
    switch (number % 50) {
    case 7: // never verified: must not become verified by moving
        user["email_verified"] = false;
        user["username"] = "unverified" + std::to_string(number);
        expected.unverified += 1;
        break;
    case 13: // never verified, and nothing else to create a user with
        user["email_verified"] = false;
        expected.unverified += 1;
        break;
    case 19:
        user["blocked"] = true;
        expected.banned += 1;
        break;
    case 23:
        user["given_name"] = "https://win.example.com/prize";
        expected.odd_names += 1;
        break;
    case 29:
        user["family_name"] = "+1 (555) 010-" + std::to_string(1000 + number);
        expected.odd_names += 1;
        break;
    case 31: // empty texts where null is meant
        user["username"] = "";
        user["phone_number"] = "";
        user["family_name"] = "";
        user["app_metadata"] = json::object();
        break;
    case 37:
        user["user_id"] = "-legacy|" + std::to_string(number);
        break;
    case 41:
        user["phone_number"] = "+1212555" + std::to_string(1000 + number);
        user["phone_verified"] = true;
        break;
    case 43: // no E.164: the user comes, the number does not
        user["phone_number"] = "0049 (0)30 1234";
        break;
    default:
        break;
    }
}

} // namespace

int main(int count, char** texts)
{
    if (count < 2 || count > 4) {
        std::cerr << "write_auth0_export FILE [USERS [SEED]]\n";
        return 2;
    }
    const std::size_t users = count > 2 ? std::strtoul(texts[2], nullptr, 10) : 2000;
    random_numbers random(count > 3 ? std::strtoull(texts[3], nullptr, 10) : 1);
    std::ofstream file(texts[1], std::ios::binary | std::ios::trunc);
    expected_end expected;
    std::string earlier;

    file << "\xEF\xBB\xBF"; // some tools begin with a byte order mark
    std::size_t number = 0;
    while (expected.users < users) {
        number += 1;
        auto user = usual_user(number, random);
        make_odd(number, user, expected);
        if (number % 200 == 111) { // the same user once more
            file << earlier << '\n';
            expected.failures += 1;
            expected.duplicates += 1;
            continue;
        }
        if (number % 400 == 161) { // somebody else's address
            user["email"] = "user" + std::to_string(number - 1) + "@example.com";
            expected.failures += 1;
        } else if (number % 400 == 261) { // half a credential
            user["password_hash"] = "$2b$10$tooshort";
            expected.failures += 1;
        } else if (number % 400 == 361) { // more metadata than there is room for
            user["user_metadata"] = json::object{{"notes", std::string(9000, 'x')}};
            expected.failures += 1;
        } else {
            expected.users += 1;
        }
        earlier = json::serialize(user);
        file << earlier << (number % 10 == 3 ? "\r\n" : "\n"); // edited on another system
        if (number % 500 == 77)
            file << "\n"; // empty lines
    }
    // The copy of the file ended too early.
    auto last = json::serialize(usual_user(number + 1, random));
    file << last.substr(0, last.size() / 2);
    expected.failures += 1;
    file.close();
    if (!file) {
        std::cerr << texts[1] << " can't be written\n";
        return 3;
    }
    std::cout << "rows " << number + 1 << "\nusers " << expected.users << "\nfailures " << expected.failures
              << "\nduplicates " << expected.duplicates << "\nbanned " << expected.banned << "\nunverified "
              << expected.unverified << "\nodd_names " << expected.odd_names << '\n';
    return 0;
}
