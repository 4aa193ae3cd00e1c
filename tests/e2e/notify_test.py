"""What Slack, Jira and a signed webhook are told, by a receiver that plays all three (issue 4, "Notifications"; G28)."""

import hashlib
import hmac
import http.server
import json
import threading
import time
import unittest

from governed import GovernedTestCase
from sluice_process import batch, unique, wait_until

SECRET = "a-secret-of-enough-characters"
ISSUE = "PAY-123"


class Receiver(http.server.ThreadingHTTPServer):
    """Remembers what it was sent; `answers` says what it answers to a path, "hang" keeps the caller waiting."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.got = []
        self.answers = {}
        self.closing = threading.Event()
        self.host = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def to(self, path):
        return [message for message in list(self.got) if message["path"] == path]

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = self.server.answers.get(self.path, 204)
        if answer == "hang":
            self.server.closing.wait(30)
            return
        if answer < 300:
            self.server.got.append({"path": self.path, "body": body, "at": time.time(),
                                    "headers": {name.lower(): value for name, value in self.headers.items()}})
        self.reply(answer, {})

    def do_GET(self):
        self.reply(200, {"transitions": [{"id": "31", "name": "Finish", "to": {"name": "Done"}}]})

    def reply(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class NotifyTest(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def targets(self, **more):
        host = self.receiver.host
        self.slack_path = "/services/" + unique("hush")
        return {"link_url": "https://sluice.test", "allowed_hosts": [f"http://{host}"], "allow_private": [host],
                "targets": {
                    "slack": {"kind": "slack", "url": f"http://{host}{self.slack_path}"},
                    "jira": {"kind": "jira", "url": f"http://{host}/jira", "token": unique("jira-token-"),
                             "transitions": {"change.applied": "Done"}},
                    "hook": {"kind": "webhook", "url": f"http://{host}/hook", "secret": SECRET}}, **more}

    def start(self, **more):
        notify = self.targets(**more)
        self.serve({"notify": notify})
        self.sluice.secrets += [self.slack_path, SECRET, notify["targets"].get("jira", {}).get("token", SECRET)]

    def told(self, path, count):
        wait_until(lambda: len(self.receiver.to(path)) >= count, f"{count} messages to {path}")
        return self.receiver.to(path)

    def events(self):
        """Each message's event, as the webhook was told, in the order in which it happened."""
        bodies = [json.loads(message["body"]) for message in self.receiver.to("/hook")]
        return [body["event"] for body in sorted(bodies, key=lambda body: body["at"])]

    def a_change(self, change_id=None):
        return self.applied(self.topic(), change_id=change_id)

    def deliveries(self, target, state):
        answer = self.sluice.get(f"/v1/notifications?target={target}&state={state}", token=self.people.admin)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["notifications"]

    def test_plan_ready_approved_applied_to_each_in_its_words(self):
        self.start()
        change = self.a_change(f"{ISSUE}_{unique('orders-')}")
        hooks = self.told("/hook", 3)
        self.assertEqual(self.events(), ["plan.ready", "change.approved", "change.applied"])
        for message in hooks:
            body = json.loads(message["body"])
            self.assertEqual((body["changeId"], body["environment"], body["issue"]), (change, "dev", ISSUE))
            self.assertIn(change, body["link"])
            signature = dict(part.split("=", 1) for part in message["headers"]["x-sluice-signature"].split(","))
            expected = hmac.new(SECRET.encode(), signature["t"].encode() + b"." + message["body"], hashlib.sha256)
            self.assertEqual(signature["v1"], expected.hexdigest())
            self.assertLess(abs(int(signature["t"]) - message["at"]), 300)
            self.assertEqual(message["headers"]["x-sluice-id"], body["id"])
        self.assertEqual(len({message["headers"]["x-sluice-id"] for message in hooks}), 3)

        texts = [json.loads(message["body"])["text"] for message in self.told(self.slack_path, 3)]
        for text in texts:
            self.assertIn(f"<https://sluice.test/v1/changes/{change}|{change}> in dev", text)
        comments = [json.loads(m["body"])["body"] for m in self.told(f"/jira/rest/api/3/issue/{ISSUE}/comment", 3)]
        for comment in comments:
            self.assertEqual((comment["type"], comment["version"]), ("doc", 1))
            self.assertIn(change, json.dumps(comment))
        moved = self.told(f"/jira/rest/api/3/issue/{ISSUE}/transitions", 1)
        self.assertEqual([json.loads(m["body"]) for m in moved], [{"transition": {"id": "31"}}])
        self.assertTrue(moved[0]["headers"]["authorization"].startswith("Bearer jira-token-"))
        self.a_change()  # belongs to no issue
        self.told("/hook", 6)
        self.assertEqual(len(self.receiver.to(f"/jira/rest/api/3/issue/{ISSUE}/comment")), 3)

    def test_failed_and_drift(self):
        self.start(targets={"hook": {"kind": "webhook", "url": f"http://{self.receiver.host}/hook", "secret": SECRET,
                                     "events": ["change.failed", "drift.found"]}})
        self.sluice.end()
        self.sluice.config["governance"]["drift_interval_s"] = 5
        self.sluice.start()
        item = self.topic()
        self.applied(item)
        plan, _ = self.approved(batch(self.topic(item["name"], partitions=2)))
        self.proxy.stop_at("CreatePartitions", "before")
        thread = threading.Thread(target=lambda: self.apply(plan["changeId"]))
        thread.start()
        self.proxy.wait_stopped()
        self.kafka.grow(item["name"], 4)
        self.proxy.allow()
        thread.join(timeout=60)
        wait_until(lambda: "change.failed" in self.events(), "the failure is told")
        self.kafka.set_config(item["name"], "retention.ms", "1000")
        wait_until(lambda: "drift.found" in self.events(), "the drift is told")
        drift = next(b for b in (json.loads(m["body"]) for m in self.receiver.to("/hook")) if b["event"] == "drift.found")
        self.assertEqual(drift["environment"], "dev")
        self.assertEqual(set(self.events()), {"change.failed", "drift.found"})

    def test_a_dead_slack_neither_blocks_nor_loses(self):
        for how in ("hang", 500):
            with self.subTest(how=how):
                self.start()
                self.receiver.got.clear()
                self.receiver.answers[self.slack_path] = how
                change = self.a_change()
                self.told("/hook", 3)  # the others hear of it
                waiting = wait_until(lambda: (d := self.deliveries("slack", "pending")) and d[0]["attempts"] and d, "tried")
                self.assertEqual(len(waiting), 3, waiting)
                self.assertEqual(self.receiver.to(self.slack_path), [])
                # The queue outlives the process, however that ends.
                if how == "hang":
                    self.assertEqual(self.sluice.end(), 0)
                else:
                    self.sluice.kill()
                self.sluice.start()
                self.receiver.answers[self.slack_path] = 200
                texts = [json.loads(message["body"])["text"] for message in self.told(self.slack_path, 3)]
                self.assertEqual(len([text for text in texts if change in text]), 3, texts)
                wait_until(lambda: len(self.deliveries("slack", "delivered")) == 3, "each is delivered")
                self.assertEqual(len(self.receiver.to("/hook")), 3, "and the others were not told twice")

    def test_what_is_refused_is_dead_with_its_reason_until_somebody_tries_again(self):
        self.start(max_attempts=5)
        self.receiver.answers["/hook"] = 404
        self.planned(batch(self.topic()))
        dead = wait_until(lambda: self.deliveries("hook", "dead"), "it is given up")
        self.assertIn("404", dead[0]["reason"])
        listed = self.sluice.cli_as(self.people.admin, "notify", "list")
        self.assertIn("404", listed.stdout, listed)
        self.assertNotEqual(self.sluice.cli_as(self.people.admin, "notify", "test", "hook").returncode, 0)
        self.receiver.answers["/hook"] = 200
        self.assertEqual(self.sluice.cli_as(self.people.admin, "notify", "test", "hook").returncode, 0)
        again = self.sluice.cli_as(self.people.admin, "notify", "retry", "--all", "--target", "hook")
        self.assertEqual(again.returncode, 0, again)
        self.told("/hook", 2)
        self.assert_problem(self.sluice.get("/v1/notifications", token=self.people.approver), 403)

    def test_a_private_address_is_refused_unless_it_is_allowed(self):
        self.start(allow_private=[])
        self.planned(batch(self.topic()))
        dead = wait_until(lambda: self.deliveries("hook", "dead") and self.deliveries("slack", "dead"), "refused")
        self.assertTrue(dead[0]["reason"])
        self.assertEqual(self.receiver.got, [])

    def test_a_host_that_is_not_among_those_allowed_stops_the_start(self):
        notify = {**self.targets(), "allowed_hosts": ["hooks.slack.com"]}
        self.serve()
        self.sluice.end()
        self.sluice.config["notify"] = notify
        refused = self.sluice.cli("serve")
        self.assertEqual(refused.returncode, 1, refused)
        for target in notify["targets"]:
            self.assertIn(f"notify.targets.{target}.url", refused.stderr)
        self.assertNotIn(self.slack_path, refused.stderr)


if __name__ == "__main__":
    unittest.main()
