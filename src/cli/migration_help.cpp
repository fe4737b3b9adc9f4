// What `--help` teaches about the commands that migrate.
#include "cli/help.hpp"

namespace usher::cli {

const char* const import_help = R"(
Sources (--from)
  auth0        users as NDJSON or one JSON array, and their password hashes (--hashes)
  clerk-csv    the user export of Clerk's dashboard
  firebase     firebase auth:export, JSON or CSV; passwords need --firebase-hash
  supabase     the table auth.users, CSV or JSON
  authjs       the table users of Auth.js, CSV or JSON
  better-auth  the table user of Better Auth, and its table account (--accounts)
  csv, ndjson  anything, by a --mapping file
  usher        what usher export writes: organizations, and users with their memberships
  failures     the failures of an earlier job, mended or not
  clerk, scalekit   a live instance, without FILE. Its key is in the variable that --from-key-env names, else in the usual
               ones with _SOURCE at their end (CLERK_SECRET_KEY_SOURCE, SCALEKIT_ENVIRONMENT_URL_SOURCE,
               SCALEKIT_CLIENT_ID_SOURCE, SCALEKIT_CLIENT_SECRET_SOURCE), else in the usual ones

The journal (--job) knows of every step that it was about to be sent, and what became of it. An import can be stopped (Ctrl-C) or
killed at any time: usher resume JOB goes on, and nothing is created twice. usher status JOB tells how far it is, usher retry JOB
takes up what failed, usher verify JOB compares, usher undo JOB takes everything back. No key is kept in it, but which instance
it was of: these commands refuse (exit status 2) the key of another one before anything else is sent or written.

The pace follows the instance's limit (Clerk: 1000 requests in 10 s with a production key, 100 with a development key; Scalekit's
is learned); --limit and --window say otherwise, or --quota FILE for every limit:
  {"rules": [{"name": "instance", "requests": 500, "window": "10s"}]}
Several processes, on one machine or many, work under one limit together with --budget redis://HOST, the same for all of
them, and share one source with --part 1/2, --part 2/2; usher merge joins their journals. An address with a password belongs into
USHER_BUDGET. While Redis can't be reached, each uses its own part. Where there are organizations, start part 1 first: it makes
them, and the others look for them for some seconds before they say so.

A mapping names for each member where it comes from, "." between the parts of a path; examples/mapping.json has every kind:
  {"id": "user_id", "email_addresses": [{"from": "email", "verified": "email_verified_at"}], "first_name": "profile.given",
   "password": {"digest": "hash", "hasher": "bcrypt"}, "created_at": {"from": "registered", "format": "s"}}

Every record gets the source's id as external_id. Unverified addresses are added as unverified ones, blocked users are banned, and
what the target can't take is counted and named. Nobody is mailed, unless --send-invitations says so.

Examples
  usher import --from auth0 users.json --dry-run
  usher import --from auth0 users.json --hashes passwords.json
  usher import --from firebase users.json --firebase-hash hash.txt
  usher import --from scalekit --to clerk --job move.usher
  usher import --from clerk --to scalekit --role org:admin=owner
  zcat users.json.gz | usher import --from auth0 - --yes --job users.usher

Exit status: 0 every record is there; 1 some failed, or it was stopped; 2 wrong usage; 3 could not run.)";

const char* const plan_help = R"(
Reads the whole source, maps and checks every record as an import would, finds what is repeated, and asks the target which
identifiers are taken and what its quotas leave. Changes nothing. Without a key, or with --offline, the source alone is looked at.

Examples
  usher plan --from auth0 users.json
  usher plan --from clerk --to scalekit --findings findings.ndjson
  usher plan --from supabase users.csv --offline --limit 100

Exit status: 0 all of it would go through; 1 something would not; 2 wrong usage; 3 could not run.)";

const char* const resume_help = R"(
Source, target, limits and options are those of the import; keys are taken from the same environment variables. What is done costs
no request; what was under way when the import ended is looked for before it is sent again. With --only-begun that is all: records
that were not begun stay where they are, and an undo then knows of everything that it has to take back.

Examples
  usher resume users.json.usher
  usher resume users.json.usher --source /mnt/users.json --concurrency 128

Exit status: 0 every record is there (with --only-begun: nothing is in doubt); 1 some failed, now or before, or it was stopped;
2 wrong usage; 3 could not run.)";

const char* const retry_help = R"(
Takes up the records that failed, organizations first, as they were, or from a file in which they were corrected. What becomes of
them is written to the same journal. A record goes on at the first of its steps that is not done: of one whose user or organization
is there already (the line has a target_id) corrections to what it was created with are not sent.

Examples
  usher retry users.json.usher
  usher status users.json.usher --failures failed.ndjson
  usher retry users.json.usher --mended failed.ndjson

Exit status: 0 nothing that failed is left; 1 something is, or it was stopped; 2 wrong usage; 3 could not run.)";

const char* const status_help = R"(
Examples
  usher status users.json.usher
  usher status users.json.usher --ids ids.csv
  usher status users.json.usher --failures failed.ndjson

Exit status: 0 done; 2 wrong usage; 3 the journal can't be read.)";

const char* const verify_help = R"(
Reads the source again and compares what the target has, by the ids in the journal. What is missing or different is looked at again
for a while, since listings lag. A record that was mended for a retry is compared with the source as it was: the correction is told as
a difference. Records that failed, were taken back or are not done are counted alone.

Examples
  usher verify users.json.usher
  usher verify users.json.usher --differences differences.ndjson

Exit status: 0 all is equal; 1 something is not, or was not compared; 2 wrong usage; 3 could not run.)";

const char* const undo_help = R"(
What was there before the job stays. Users who have signed in since stay too, unless --force says otherwise; organizations that
somebody still belongs to stay in any case. An undo that was interrupted goes on where it was when it is started again. After a kill
it may not be known of some records whether they arrived: undo says so, and usher resume JOB --only-begun finds out.

Examples
  usher undo users.json.usher
  usher undo users.json.usher --force --yes

Exit status: 0 everything is gone; 1 something stayed, or may be there; 2 wrong usage; 3 could not run.)";

const char* const merge_help = R"(
Example
  usher merge users.json.1-of-2.usher users.json.2-of-2.usher -o users.json.usher

Exit status: 0 done; 2 wrong usage; 3 they are not parts of one job, or can't be read.)";

const char* const report_help = R"(
The page needs nothing beside itself: the rate against the limit, outcomes, latency, errors by kind with an example each, and what
was not carried over.

Example
  usher report users.json.usher --html report.html

Exit status: 0 done; 2 wrong usage; 3 the journal can't be read.)";

const char* const export_help = R"(
One record a line: organizations first, then users with their memberships, in the order of their creation. What is created or
deleted meanwhile makes nothing else be missed or seen twice. usher import --from usher reads it. Passwords can't be exported.

Examples
  usher export --service clerk instance.ndjson
  usher export --service scalekit - | gzip >instance.ndjson.gz

Exit status: 0 done; 1 it was stopped; 2 wrong usage; 3 could not run.)";

} // namespace usher::cli
