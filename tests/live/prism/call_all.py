"""Sends the requests that run.sh made through the usher command, and counts what Prism found valid.

Prism answers a valid request with an example that it makes up, which may be an error, may break the document's own rules
(then it says 500), and may be no answer that can be read: none of that tells anything about the request. Its log does.
"""
import collections
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

# A request of each that breaks a rule: a server that takes it would take anything.
INVALID = {"clerk-backend": "/users?limit=0", "clerk-platform": "/platform/domains?limit=0",
           "scalekit": "/api/v1/users:search?query=ab"}
SERVICES = {"clerk-backend": "clerk", "clerk-platform": "clerk-platform", "scalekit": "scalekit"}
VIOLATION = "did not pass the validation rules"
# Prism is JavaScript: its whole numbers end here, whatever int64 says.
BEYOND_JAVASCRIPT = "9007199254740991"
# No route, no method, no such body, no credentials: refusals that come before validation.
UNROUTED = {401, 404, 405, 406, 413, 415}


class Log:
    def __init__(self, path):
        self.file = open(path, encoding="utf-8")

    def news(self):
        """What was logged for the last call; empty when nothing arrived there."""
        text = ""
        for _ in range(100):
            text += self.file.read()
            if "Request received" in text:
                break
            time.sleep(0.01)
        return text


def call(service, sample, log):
    command = [os.environ["USHER_BIN"], "call", sample["id"], "--service", service, "--params", "@-", "--json",
               "--compact", "--deadline", "2s", "--key-env", "USHER_TEST_KEY", "--base-url", os.environ["BASE_URL"]]
    environment = {"PATH": os.environ["PATH"], "USHER_TEST_KEY": "sk_test_prism00000000000000000000000000"}
    ended = subprocess.run(command, input=json.dumps(sample["params"]), capture_output=True, text=True, env=environment)
    if ended.returncode == 2:
        return "refused", ended.stderr.strip()
    news = log.news()
    if VIOLATION in news:
        why = [line.split(" error ")[1].strip() for line in news.splitlines()
               if "[VALIDATOR]" in line and " error " in line]
        own_limit = why and all(BEYOND_JAVASCRIPT in each for each in why)
        return "beyond JavaScript" if own_limit else "refused", "; ".join(why)
    if "Request received" not in news:
        return "refused", "never arrived: " + ended.stderr.strip()
    if ended.returncode == 0:
        return "accepted", ""
    error = json.loads(ended.stderr)["error"]
    if error["status"] in UNROUTED:
        return "refused", error["message"]
    return "answered oddly", error["message"]


def validates(document, log):
    request = urllib.request.Request(os.environ["BASE_URL"] + INVALID[document], headers={"Authorization": "Bearer x"})
    for _ in range(50):
        try:
            urllib.request.urlopen(request).close()
            break
        except urllib.error.HTTPError:
            break
        except urllib.error.URLError:
            time.sleep(0.1)  # it says that it listens a little before it does
    return VIOLATION in log.news()


def main():
    document, samples, log_path = sys.argv[1:]
    service = SERVICES[document]
    log = Log(log_path)
    if not validates(document, log):
        print(f"{document}: Prism takes what is not valid")
        return 3
    results = collections.defaultdict(collections.Counter)
    with open(samples, encoding="utf-8") as lines:
        for sample in map(json.loads, lines):
            verdict, text = call(service, sample, log)
            results[sample["kind"]][verdict] += 1
            if verdict == "refused":
                print(f'{document} {sample["id"]} ({sample["kind"]}): {text[:600]}')
    refused = sum(count["refused"] for count in results.values())
    for kind, count in results.items():
        total = sum(count.values())
        own_limit = count["beyond JavaScript"]
        print(f'{document}, {kind}: {total - count["refused"] - own_limit} of {total} accepted' +
              (f', {own_limit} beyond the whole numbers of JavaScript' if own_limit else ''), flush=True)
    # Nothing may hide between two calls.
    known = 1 + sum(count["refused"] + count["beyond JavaScript"] for count in results.values())
    log.file.seek(0)
    return 1 if refused or log.file.read().count(VIOLATION) > known else 0


if __name__ == "__main__":
    sys.exit(main())
