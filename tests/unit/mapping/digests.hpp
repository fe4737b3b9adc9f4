// A digest of every hasher in the form that is documented for it. Where the provider's documentation prints one, it is
// that one; the bcrypt and Argon2 ones are test vectors of their authors' programs, Firebase's is that of its own page.
#ifndef USHER_TESTS_MAPPING_DIGESTS_HPP
#define USHER_TESTS_MAPPING_DIGESTS_HPP

#include <string_view>

namespace digests {

struct example {
    std::string_view hasher;
    std::string_view digest;
};

constexpr std::string_view bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"; // U*U
constexpr std::string_view argon2id =                                                               // password
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
constexpr std::string_view firebase = // user1password
    "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$42xEC+ixf3L2lw==$"
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$Bw==$8$14";

constexpr example every[] = {
    {"argon2i", "$argon2i$v=19$m=4096,t=3,p=1$4t6CL3P7YiHBtwESXawI8Hm20zJj4cs7/4/G3c187e0$"
                "m7RQFczcKr5bIR0IIxbpO2P0tyrLjf3eUW3M3QSwnLc"},
    {"argon2id", "$argon2id$v=19$m=64,t=4,p=8$Z2liZXJyaXNo$iGXEpMBTDYQ8G/71tF0qGjxRHEmR3gpGULcE93zUJVU"},
    {"argon2id", argon2id},
    {"awscognito", "awscognito#us-east-1_AbCdEfGhI#1example23456789#ada@example.com"},
    {"bcrypt", bcrypt},
    {"bcrypt", "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
    {"bcrypt", "$2y$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
    {"bcrypt_peppered", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW$a pepper"},
    {"bcrypt_sha256_django", "bcrypt_sha256$$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
    {"hmac_sha256_utf16_b64",
     "hmac_sha256_utf16_b64$n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=$a2V5IG9mIHRoZSBobWFj"},
    {"ldap_ssha", "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0"},
    {"md5", "5f4dcc3b5aa765d61d8327deb882cf99"},
    {"md5_phpass", "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1"},
    {"md5_salted", "salt$5f4dcc3b5aa765d61d8327deb882cf99"},
    {"pbkdf2_sha1", "pbkdf2_sha1$1000$salt$0c60c80f961f0e71f3a9b524af6012062fe037a60c60c80f961f0e71f3a9b524"},
    {"pbkdf2_sha1", "pbkdf2_sha1$1000$73616c74$0c60c80f961f0e71f3a9b524af6012062fe037a6$20"},
    {"pbkdf2_sha256", "pbkdf2_sha256$600000$c2FsdA==$n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="},
    {"pbkdf2_sha256_django", "pbkdf2_sha256$870000$s4lt!$n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="},
    {"pbkdf2_sha512", "pbkdf2_sha512$1000$s4lt!$0c60c80f961f0e71f3a9b524af6012062fe037a60c60c80f961f0e71f3a9b524"},
    {"pbkdf2_sha512_hex",
     "pbkdf2_sha512_hex$1000$73616c74$0c60c80f961f0e71f3a9b524af6012062fe037a60c60c80f961f0e71f3a9b524"},
    {"phpass", "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1"},
    {"scrypt_firebase", firebase},
    {"scrypt_werkzeug", "scrypt:32768:8:1$s4lt!$0c60c80f961f0e71f3a9b524af6012062fe037a60c60c80f961f0e71f3a9b524"
                        "0c60c80f961f0e71f3a9b524af6012062fe037a60c60c80f961f0e71f3a9b524"},
    {"sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    {"sha256_salted", "salt$9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    {"sha512_symfony", "sha512_symfony$5000$salt$sQnzu7xkTrgkQZF+0G1hi5AI3Qm7fGlFsJaDtpVhUBCCZVXHC7dJeIv5O+4Z4lWX"
                       "v3vzH3hOWXlrnRV/2KHOWA=="},
};

} // namespace digests

#endif
