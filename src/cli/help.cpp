#include "cli/help.hpp"

namespace usher::cli {

const char* const main_help = R"(
Try it without any account:
  usher sandbox --plain --port 8080 &
  export CLERK_SECRET_KEY=sk_test_anything_long_enough_000000
  usher call CreateUser --base-url http://127.0.0.1:8080/v1 --params '{"email_address": ["ada@example.com"]}'
  usher call GetUserList --base-url http://127.0.0.1:8080/v1

Keys come from the environment only, so that they stand in no process list and in no shell history.
Exit status: 0 done; 1 some records or the call failed; 2 wrong usage; 3 could not run.
usher COMMAND --help says more about each command.)";

const char* const call_help = R"(
Parameters are given by name, wherever they go: path, query, header and body members in one object. They may also stand in
groups, {"path": {…}, "query": {…}, "header": {…}, "body": {…}}, and have to where one name goes to two places. A body that
is an array stands under "body". A file to upload is "@PATH" or "@PATH;type=image/png"; as "body": "@PATH" it is sent by
itself instead of in a form, where the service takes both. Everything is checked before anything is sent.

Credentials are taken from the environment:
  clerk           CLERK_SECRET_KEY, and CLERK_MACHINE_SECRET_KEY for machine tokens
  clerk-platform  CLERK_PLATFORM_TOKEN
  scalekit        SCALEKIT_ENVIRONMENT_URL, SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET; or SCALEKIT_ACCESS_TOKEN

Limits are what the service documents, or are learned; --quota FILE says otherwise, as for usher import. With --quota-state
FOLDER (or USHER_QUOTA_STATE), calls one after the other keep to limits per hour, such as those of invitations.

Examples
  usher call GetUser --params '{"user_id": "user_2abc"}'
  usher call GetUserList --params '{"limit": 5, "order_by": "+created_at"}'
  usher call CreateUser --params @ada.json
  usher call CreateBulkInvitations --params '{"body": [{"email_address": "ada@example.com"}]}'
  usher call SetUserProfileImage --params '{"user_id": "user_2abc", "file": "@ada.png;type=image/png"}'
  usher call PlatformListApplications --service clerk-platform
  usher call UserService_ListUsers --service scalekit --params '{"page_size": 30}' --compact

Exit status: 0 done; 1 the call failed; 2 unknown operation or wrong parameters; 3 could not run.)";

const char* const endpoints_help = R"(
Examples
  usher endpoints --service clerk
  usher endpoints --json | grep '"method":"DELETE"')";

const char* const sandbox_help = R"(
Its first line is the address that it serves. It runs until Ctrl-C or SIGTERM and then says what it has seen. Nothing is
stored: it begins empty. Limits are enforced when --limit is given.

Examples
  usher sandbox --port 8443 --ca-file ca.pem --latency 80ms --jitter 40ms --limit 1000 --window 10s
  usher sandbox --plain --fault answer:every=50:status=503:retry_after=1

Further options for --set, with what they take:)";

const char* const token_verify_help = R"(
Keys come from a file, an address, a service, or, with --issuer alone, from where that issuer publishes them. What is not
asked for (--issuer, --audience, --authorized-party, --scope, --nonce) is not checked, but for an ID token, which needs an
issuer and an audience. Of the token, only claims are printed. Opaque tokens (mt_…, oat_…, ak_…) need --service clerk.

Examples
  usher token verify --pem clerk.pem --authorized-party https://example.com @session.jwt
  usher token verify --service clerk --type m2m - <machine.jwt
  usher token verify --service clerk --type api-key @key.txt
  usher token verify --issuer https://acme.scalekit.com --type scalekit-id --audience skc_123 --nonce n-0S6 @id.jwt

Exit status: 0 accepted; 1 refused, and why; 2 wrong usage; 3 could not run, or no keys could be had.)";

const char* const token_inspect_help = R"(
Example
  usher token inspect @session.jwt

Exit status: 0 it could be read, which proves nothing; 1 it is no token; 2 wrong usage; 3 could not run.)";

const char* const webhook_verify_help = R"(
The three headers are given by their values, or whole with --header; others than these do not matter. Nothing of a secret is
printed.

Examples
  usher webhook verify --secret-env CLERK_WEBHOOK_SECRET --id msg_2abc --timestamp 1614265330 --signature v1,g0hM… body.json
  usher webhook verify --provider scalekit --secret-env NEW_SECRET --secret-env OLD_SECRET -H 'webhook-id: msg_2abc' \
    -H 'webhook-timestamp: 1614265330' -H 'webhook-signature: v1,g0hM…' --tolerance 24h - <body.json

Exit status: 0 accepted; 1 refused, and why; 2 wrong usage; 3 could not run.)";

const char* const webhook_sign_help = R"(
Example: an event for a server under test
  export SECRET=whsec_$(openssl rand -base64 24)
  usher webhook sign --provider scalekit --secret-env SECRET event.json |
    curl -H @- --data-binary @event.json http://127.0.0.1:8080/webhooks

Exit status: 0 done; 2 wrong usage; 3 could not run.)";

} // namespace usher::cli
