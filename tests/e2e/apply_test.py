"""Apply, as people and pipelines do it: every form of the request, progress, partial failure, the command line
(issue 4, "Apply"; G11, G30)."""

import http.client
import json
import os
import subprocess
import threading
import unittest

from governed import DEFAULT_POLICIES, GovernedTestCase, replaced
from sluice_process import BINARY, batch, unique, wait_until

DOCUMENT = {"content-type": "application/json"}


class FormsTest(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.serve(policies=replaced(DEFAULT_POLICIES, "required: 1 ", "required: 2 "))

    def by_document(self, body, approval=None, content_type="application/json"):
        headers = {"content-type": content_type, "x-approval-token": approval}
        return self.sluice.post("/v1/topics/batch/apply", body if isinstance(body, str) else json.dumps(body),
                                self.people.editor, headers=headers)

    def assert_applied(self, answer, *items):
        self.assertEqual((answer.status, answer.json().get("state")), (200, "APPLIED"), answer)
        self.assertEqual(self.outcomes(answer), {item["name"]: "DONE" for item in items})
        for item in items:
            self.assertIsNotNone(self.live(item["name"]))

    def test_below_the_quorum_and_then_by_the_change_alone(self):
        item = self.topic()
        plan = self.planned(batch(item))
        change = plan["changeId"]
        self.assert_problem(self.apply(change), 409, "change.not-approved")
        first = self.approve(plan)
        self.assertEqual((first.status, first.json()["remaining"], first.json().get("approvalToken")), (202, 1, None))
        self.assert_problem(self.apply(change), 409, "change.not-approved")
        self.assertEqual(self.approve(plan).status, 202, "the same person again does not count twice")
        self.assertEqual(self.proxy.changes(), {})
        second = self.approve(plan, self.people.second)
        self.assertEqual((second.status, second.json()["remaining"]), (200, 0), second)
        self.assert_problem(self.apply(change, token=self.people.viewer), 403)
        self.assert_applied(self.apply(change), item)
        self.assertEqual(self.story(change)["state"], "APPLIED")

    def test_by_token(self):
        item, other = self.topic(), self.topic()
        plan, approval = self.approved(batch(item))
        strange, _ = self.approved(batch(other))
        self.assert_problem(self.apply(strange["changeId"], approval), 409, "apply.other-document")
        self.assert_problem(self.apply(plan["changeId"], approval[:-3] + "AAA"), 409, "approval.invalid")
        self.assertEqual(self.proxy.changes(), {})
        self.assert_applied(self.apply(plan["changeId"], approval), item)

    def test_by_the_document(self):
        item = self.topic()
        body = batch(item)
        _, approval = self.approved(body)
        for wrong in ({**body, "items": [self.topic()]}, {**body, "items": [self.topic(item["name"], partitions=2)]},
                      {**body, "items": [item, self.topic()]}, {**body, "changeId": unique("other-")}):
            for token in (approval, None):
                answer = self.by_document(wrong, token)
                self.assertIn(answer.status, (404, 409), answer)
                self.assertIn(answer.json()["code"], ("apply.other-document", "change.not-found"))
        self.assert_problem(self.by_document(body, approval + "x"), 409, "approval.invalid")
        self.assertEqual(self.proxy.changes(), {})
        as_yaml = (f"kind: TopicBatch\nenv: dev\nchangeId: {body['changeId']}\nitems:\n"
                   f"  - config: {{retention.ms: 1d, replicationFactor: 1, partitions: 1}}\n    name: {item['name']}\n")
        first = self.by_document(as_yaml, approval, "application/yaml")
        self.assert_applied(first, item)
        self.assertEqual(self.by_document(body).body, first.body, "in another spelling, it is the same document")

    def test_a_pipeline_that_is_run_again(self):
        item = self.topic()
        body = batch(item)
        self.approved(body)
        first = self.by_document(body)
        self.assert_applied(first, item)
        self.assertEqual(self.planned(body)["summary"]["none"], 1)
        self.assertEqual(self.story(body["changeId"])["state"], "APPLIED")
        again = self.by_document(body)
        self.assertEqual((again.status, again.body), (200, first.body), "the same answer")
        self.kafka.set_config(item["name"], "retention.ms", "1000")
        self.wait_live(item["name"], lambda topic: "1000" in json.dumps(topic))
        self.assertEqual(self.planned(body)["summary"]["alter"], 1)
        self.assertEqual(self.story(body["changeId"])["state"], "PLANNED")
        self.assert_problem(self.by_document(body), 409, "change.not-approved")

    def test_what_can_not_be_read(self):
        for body in ("", "[]", "{}", '{"changeId": 1}', '{"changeId": "x", "token": "y"}', '{"changeId": ""}',
                     json.dumps({"changeId": "x" * 200})):
            with self.subTest(body[:20]):
                answer = self.sluice.post("/v1/topics/batch/apply", body, self.people.editor, headers=DOCUMENT)
                self.assert_problem(answer, 422)
        self.assert_problem(self.apply("no-such-change"), 404, "change.not-found")


class PartlyTest(GovernedTestCase):
    def test_what_the_broker_refuses_is_told_for_its_item_alone(self):
        """A topic grows behind the change's back in the moment of the call."""
        self.serve()
        grown, gone, fine = self.topic(), self.topic(), self.topic()
        self.applied(grown, gone, fine)
        new = self.topic()
        plan, _ = self.approved(batch(self.topic(grown["name"], partitions=2), self.topic(fine["name"], partitions=3),
                                      self.topic(gone["name"], retention_ms="2d"), new))
        self.proxy.stop_at("CreatePartitions", "before")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.apply(plan["changeId"])))
        thread.start()
        self.proxy.wait_stopped()
        self.kafka.grow(grown["name"], 5)
        self.kafka.delete(gone["name"])
        self.proxy.allow()
        thread.join(timeout=60)
        answer = answers[0]
        self.assertEqual((answer.status, answer.json()["state"]), (200, "PARTIAL"), answer)
        items = {item["name"]: item for item in answer.json()["items"]}
        self.assertEqual(items[new["name"]]["state"], "DONE")
        self.assertEqual(items[fine["name"]]["state"], "DONE")
        refused = items[grown["name"]]
        self.assertEqual((refused["state"], refused["code"], refused["retryable"]), ("FAILED", "INVALID_PARTITIONS", False))
        self.assertIn("partition", refused["message"])
        self.assertIn(items[gone["name"]]["state"], ("STALE", "FAILED"), items)
        self.assertFalse(items[gone["name"]]["retryable"], items)
        self.assertTrue(items[gone["name"]]["message"])
        self.assertEqual(self.story(plan["changeId"])["state"], "PARTIAL")
        self.assertEqual(self.story(plan["changeId"])["execution"]["items"], answer.json()["items"])
        # Nothing is left that trying again could mend: the stored answer, nothing sent.
        sent = self.proxy.changes()
        self.assertEqual(self.apply(plan["changeId"]).body, answer.body)
        self.assertEqual(self.proxy.changes(), sent)
        by_hand = self.sluice.cli_as(self.people.editor, "apply", plan["changeId"])
        self.assertEqual(by_hand.returncode, 1, by_hand)
        self.assertIn("INVALID_PARTITIONS", by_hand.stdout)
        self.assertNotIn("apply again", by_hand.stdout)


class ProgressTest(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.serve({"server": {"request_deadline_ms": 4000}})

    def events(self, change, seen):
        """Follows a change until the stream ends; (event, data) go to `seen`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.sluice.port, timeout=60)
        connection.request("GET", f"/v1/changes/{change}/events", headers={
            "authorization": f"Bearer {self.people.viewer}", "x-request-id": unique("e2e-")})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("content-type")), (200, "text/event-stream"))
        name = None
        for line in answer:
            key, _, value = line.decode().rstrip("\n").partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                seen.append((name, json.loads(value)))
        connection.close()

    def held_at(self, items, what="CreateTopics"):
        """The answer to an apply that is under way, held before its first call."""
        plan, approval = self.approved(batch(*items))
        self.proxy.stop_at(what, "before")
        return plan["changeId"], self.apply(plan["changeId"], approval)

    def test_202_then_events_then_the_end(self):
        items = [self.topic() for _ in range(3)]
        change, answer = self.held_at(items)
        self.assertEqual((answer.status, answer.headers["location"]), (202, f"/v1/changes/{change}"), answer)
        self.assertEqual(answer.json()["state"], "RUNNING")
        self.assertNotIn("1970", answer.body.decode())
        self.assert_problem(self.apply(change), 409, "apply.in-progress")
        seen = []
        follower = threading.Thread(target=self.events, args=(change, seen))
        follower.start()
        wait_until(lambda: seen, "the first event")
        self.proxy.allow()
        follower.join(timeout=60)
        self.assertEqual(seen[0][0], "progress")
        self.assertEqual((seen[0][1]["state"], seen[0][1]["total"]), ("RUNNING", 3))
        self.assertEqual(seen[-1][0], "end")
        self.assertEqual((seen[-1][1]["state"], seen[-1][1]["items"]["done"]), ("APPLIED", 3))
        self.assertEqual([name for name, _ in seen].count("end"), 1)
        self.assertEqual(self.apply(change).json()["state"], "APPLIED")
        self.assert_problem(self.sluice.get("/v1/changes/no-such/events", token=self.people.viewer), 404)

    def test_the_command_line_waits_or_does_not(self):
        change, _ = self.held_at([self.topic()])
        waiting = []
        thread = threading.Thread(target=lambda: waiting.append(self.sluice.cli_as(self.people.editor, "apply", change)))
        self.assertEqual(self.sluice.cli_as(self.people.editor, "apply", change).returncode, 4)  # in progress
        self.proxy.allow()
        wait_until(lambda: self.story(change)["state"] == "APPLIED", "it is applied")
        thread.start()
        thread.join(timeout=60)
        self.assertEqual(waiting[0].returncode, 0, waiting)

        plan, _ = self.approved(batch(self.topic()))
        self.proxy.stop_at("CreateTopics", "before")
        running = self.sluice.cli_as(self.people.editor, "apply", plan["changeId"], "--no-wait")
        self.assertEqual(running.returncode, 3, running)
        self.assertIn("RUNNING", running.stdout)
        self.proxy.allow()
        wait_until(lambda: self.story(plan["changeId"])["state"] == "APPLIED", "it is applied")

    def test_the_command_line_follows_to_the_end(self):
        plan, _ = self.approved(batch(self.topic()))
        self.proxy.stop_at("CreateTopics", "before")
        done = []
        thread = threading.Thread(target=lambda: done.append(
            self.sluice.cli_as(self.people.editor, "apply", plan["changeId"], "--format", "json")))
        thread.start()
        wait_until(lambda: [e for e in self.sluice.entries() if e.get("status") == 202], "it was told that it runs")
        self.proxy.allow()
        thread.join(timeout=60)
        self.assertEqual(done[0].returncode, 0, done)
        self.assertEqual(json.loads(done[0].stdout)["state"], "APPLIED")


    def test_a_bar_on_a_terminal(self):
        plan, _ = self.approved(batch(*[self.topic() for _ in range(3)]))
        ours, terminal = os.openpty()
        self.addCleanup(os.close, ours)
        environment = self.sluice.environment(SLUICE_URL=f"http://127.0.0.1:{self.sluice.port}",
                                              SLUICE_TOKEN=self.people.editor)
        self.proxy.stop_at("CreateTopics", "before")
        with subprocess.Popen([BINARY, "apply", plan["changeId"]], stdout=terminal, stderr=subprocess.PIPE,
                              env=environment) as shown:
            os.close(terminal)
            wait_until(lambda: [e for e in self.sluice.entries() if e.get("status") == 202], "it was told that it runs")
            self.proxy.allow()
            bars = shown.stderr.read().decode()
        self.assertEqual(shown.returncode, 0, bars)
        self.assertIn(f"\r[{' ' * 30}] 0/3\r", bars)
        self.assertTrue(bars.endswith(f"\r[{'=' * 30}] 3/3\n"), bars)
        again = self.sluice.cli_as(self.people.editor, "apply", plan["changeId"])
        self.assertEqual(again.stderr, "", "none in a pipeline's log")


class CommandLineTest(GovernedTestCase):
    """The exit codes of docs/guide and of `sluice apply --help`."""

    def setUp(self):
        super().setUp()
        self.serve()

    def cli(self, *arguments, **more):
        return self.sluice.cli_as(self.people.editor, "apply", *arguments, **more)

    def test_from_a_file_to_applied(self):
        body = batch(self.topic())
        change = body["changeId"]
        file = self.sluice.folder / "batch.json"
        file.write_text(json.dumps(body), encoding="utf-8")
        self.assertEqual(self.cli("no-such-change").returncode, 1)
        self.assertEqual(self.sluice.cli_as(self.people.editor, "plan", "-f", str(file)).returncode, 3)
        refused = self.cli(change)
        self.assertEqual(refused.returncode, 4, refused)
        self.assertIn("change.not-approved", refused.stderr)
        approved = self.sluice.cli_as(self.people.approver, "approve", change, "--digest",
                                      self.story(change)["digest"], "--comment", "fine")
        self.assertEqual(approved.returncode, 0, approved)
        token = self.sluice.folder / "token"
        token.write_text(approved.stdout, encoding="utf-8")
        other = self.sluice.folder / "other.json"
        other.write_text(json.dumps({**body, "items": [self.topic()]}), encoding="utf-8")
        self.assertEqual(self.cli(change, "-f", str(other), "--approval-token-file", str(token)).returncode, 4)
        self.assertEqual(self.cli(change, SLUICE_APPROVAL_TOKEN="slat1.wrong").returncode, 4)
        self.assertEqual(self.cli(change, "-f", "missing.json").returncode, 1)
        self.assertEqual(self.proxy.changes(), {})
        applied = self.cli(change, "-f", str(file), "--approval-token-file", str(token))
        self.assertEqual(applied.returncode, 0, applied)
        self.assertIn("APPLIED", applied.stdout)
        again = self.cli(change, SLUICE_APPROVAL_TOKEN=token.read_text(encoding="utf-8").strip())
        self.assertEqual((again.returncode, again.stdout), (0, applied.stdout))
        self.assertIn("APPLIED", self.cli(change, "--format", "markdown").stdout)
        self.assertEqual(self.cli(change, "--format", "xml").returncode, 2)
        self.assertEqual(self.cli().returncode, 2)
        self.assertEqual(self.sluice.cli("apply", change, SLUICE_URL="http://127.0.0.1:1",
                                         SLUICE_TOKEN=self.people.editor).returncode, 1)


if __name__ == "__main__":
    unittest.main()
