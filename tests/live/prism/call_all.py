"""Sends the requests that run.sh made through the usher command, and counts what the server accepted."""
import collections
import concurrent.futures
import json
import os
import subprocess
import sys

SERVICES = {"clerk-backend": "clerk", "clerk-platform": "clerk-platform", "scalekit": "scalekit"}


def call(service, sample):
    command = [os.environ["USHER_BIN"], "call", sample["id"], "--service", service, "--params", "@-", "--json",
               "--compact", "--deadline", "20s", "--key-env", "USHER_TEST_KEY", "--base-url", os.environ["BASE_URL"]]
    environment = {"PATH": os.environ["PATH"], "USHER_TEST_KEY": "sk_test_prism00000000000000000000000000"}
    ended = subprocess.run(command, input=json.dumps(sample["params"]), capture_output=True, text=True, env=environment)
    if ended.returncode == 0:
        return "accepted", ""
    try:
        error = json.loads(ended.stderr)["error"]
    except ValueError:
        return "refused", ended.stderr.strip()
    # The server took the request, and what it made up for an answer is no such answer.
    if error["kind"] == "decode":
        return "unreadable", error["message"]
    return "refused", f'{error["kind"]} {error["status"]} {error["message"]}'


def main():
    document, path = sys.argv[1:]
    service = SERVICES[document]
    with open(path, encoding="utf-8") as lines:
        samples = [json.loads(line) for line in lines]
    results = collections.defaultdict(collections.Counter)
    refused = False
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for sample, (verdict, text) in zip(samples, pool.map(lambda each: call(service, each), samples)):
            results[sample["kind"]][verdict] += 1
            if verdict != "accepted":
                print(f'{document} {sample["id"]} ({sample["kind"]}): {verdict}: {text[:300]}')
            refused = refused or verdict == "refused"
    for kind, count in results.items():
        total = sum(count.values())
        accepted = total - count["refused"]
        print(f'{document}, {kind}: {accepted} of {total} accepted, {count["unreadable"]} answers not readable')
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
