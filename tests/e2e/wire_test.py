"""What really goes to Kafka, counted on the wire (issue 4, "Roll-out modes"; G26, G27): in read-only and in dry-run
mode nothing that changes anything, in a whole session; and nothing more when a change is applied again."""

import json
import struct
import unittest

from governed import DEFAULT_POLICIES, GovernedTestCase, replaced
from kafka_proxy import Request
from sluice_process import SluiceTestCase, batch, wait_until


def frame(key, version, body, flexible):
    head = struct.pack(">hhih", key, version, 7, 3) + b"raw" + (b"\0" if flexible else b"")
    return head + body


class RequestTest(SluiceTestCase):
    """The counter itself: one that sees nothing proves nothing."""

    def test_tells_what_changes_from_what_asks(self):
        named, everything = struct.pack(">i", 1) + b"\0\1t", struct.pack(">i", -1)
        for key, version, body, flexible, changes in (
                (19, 4, b"...\0", False, True), (19, 4, b"...\1", False, False),
                (19, 7, b"...\0\0", True, True), (19, 7, b"...\1\0", True, False),
                (37, 1, b"...\0", False, True), (37, 3, b"...\1\0", True, False),
                (44, 0, b"...\1", False, False), (44, 1, b"...\0\0", True, True),
                (20, 3, b"", False, True), (45, 0, b"", True, True), (0, 9, b"", True, True),
                (99, 0, b"", False, True), (32, 4, b"", True, False), (18, 3, b"", True, False),
                (3, 4, named + b"\1", False, True), (3, 4, named + b"\0", False, False),
                (3, 8, named + b"\1\0\0", False, True), (3, 4, everything + b"\1", False, False),
                (3, 12, b"\2\0\2t\0" + b"\1\0\0", True, True), (3, 12, b"\2\0\2t\0" + b"\0\0\0", True, False)):
            with self.subTest(key=key, version=version, body=body):
                self.assertEqual(Request(frame(key, version, body, flexible)).is_change(), changes)


class WireTest(GovernedTestCase):
    def set_mode(self, mode):
        """As an admin does it, while the server runs."""
        in_force = self.sluice.get("/v1/policies", token=self.people.admin)
        text = replaced(DEFAULT_POLICIES, "modes: []", f"modes: [{{mode: {mode}, environments: [dev]}}]")
        answer = self.sluice.request("PUT", "/v1/policies", body=text, token=self.people.admin, headers={
            "content-type": "application/yaml", "if-match": in_force.headers["etag"]})
        self.assertEqual(answer.status, 200, answer)

    def refused_in_every_form(self, body, mode):
        plan, approval = self.approved(body)
        document = {"content-type": "application/json"}
        token = self.people.editor
        for answer in (self.apply(plan["changeId"]), self.apply(plan["changeId"], approval),
                       self.sluice.post("/v1/topics/batch/apply", json.dumps(body), token, headers=document),
                       self.sluice.post("/v1/topics/batch/apply", json.dumps(body), token,
                                        headers={"x-approval-token": approval, **document})):
            problem = self.assert_problem(answer, 409, f"mode.{mode}")
            self.assertEqual([p["field"] for p in problem["problems"]], [item["name"] for item in body["items"]])
        by_hand = self.sluice.cli_as(token, "apply", plan["changeId"], SLUICE_APPROVAL_TOKEN=approval)
        self.assertEqual(by_hand.returncode, 4, by_hand)
        self.assertIn(f"mode.{mode}", by_hand.stderr)
        self.assertEqual(self.story(plan["changeId"])["state"], "APPROVED")

    def a_session_in(self, mode):
        self.serve()
        kept, gone, grown = self.topic(), self.topic(), self.topic(partitions=2)
        done = self.applied(kept, gone, grown)
        sent = self.proxy.changes()
        self.assertEqual(sent, {"CreateTopics": 1})
        self.set_mode(mode)

        bigger = {**grown, "config": {**grown["config"], "partitions": 3}}
        self.refused_in_every_form(batch(self.topic(), bigger, self.topic(kept["name"], retention_ms="2d"),
                                         {"name": gone["name"], "action": "delete", "reason": "over"}), mode)
        self.kafka.set_config(kept["name"], "retention.ms", "3600000")  # so that there is drift
        viewer, editor = self.people.viewer, self.people.editor
        wait_until(lambda: self.sluice.cli_as(viewer, "drift", "--env", "dev").returncode == 3, "drift")
        imported = self.sluice.cli_as(editor, "import", "--env", "dev", "--names", kept["name"], "--out", "imported")
        self.assertEqual(imported.returncode, 0, imported)
        self.assertEqual(self.sluice.cli_as(editor, "plan", "-f", "imported/import-dev-001.yaml").returncode, 0)
        wait_until(lambda: self.sluice.cli_as(editor, "catalog", "sync", "--env", "dev").returncode == 0, "a sync")
        back = self.sluice.cli_as(editor, "rollback", done, "--format", "json")
        self.assertEqual(back.returncode, 3, back)
        rollback = json.loads(back.stdout)["plan"]
        self.assertEqual(self.approve(rollback).status, 202)
        self.assertEqual(self.approve(rollback, self.people.second).status, 200)
        self.assert_problem(self.apply(rollback["changeId"]), 409, f"mode.{mode}")
        for path in (f"/v1/topics/{kept['name']}", "/v1/drift?env=dev&unmanaged=true", "/v1/catalog/topics?env=dev",
                     "/v1/changes", f"/v1/changes/{done}", "/v1/audits", "/health/ready", "/v1/policies"):
            self.assertEqual(self.sluice.get(path, token=viewer).status, 200, path)
        # What was applied before may be asked for again: the stored answer, nothing sent.
        self.assertEqual(self.apply(done).json()["state"], "APPLIED")

        self.assertGreater(self.proxy.looks()["CreateTopics"], 0, "the brokers were asked, through the proxy")
        self.assertEqual(self.sluice.end(), 0)
        self.assertEqual(self.proxy.changes(), sent)

    def test_read_only_means_that_nothing_leaves(self):
        self.a_session_in("read-only")

    def test_dry_run_means_that_nothing_leaves(self):
        self.a_session_in("dry-run")

    def test_applied_again_nothing_is_sent_and_the_answer_is_the_same(self):
        self.serve()
        grown, gone = self.topic(), self.topic()
        self.applied(grown, gone)
        self.assertEqual(self.proxy.changes(), {"CreateTopics": 1})
        second = batch(self.topic(grown["name"], partitions=2, retention_ms="2d"),
                       {"name": gone["name"], "action": "delete", "reason": "over"})
        plan, approval = self.approved(second)
        first = self.apply(plan["changeId"], approval)
        self.assertEqual((first.status, first.json()["state"]), (200, "APPLIED"), first)
        sent = {"CreateTopics": 1, "CreatePartitions": 1, "IncrementalAlterConfigs": 1, "DeleteTopics": 1}
        self.assertEqual(self.proxy.changes(), sent)
        asked = self.proxy.looks()
        for answer in (self.apply(plan["changeId"], approval), self.apply(plan["changeId"])):
            self.assertEqual((answer.status, answer.body), (200, first.body))
        self.assertEqual(self.sluice.end(), 0)
        self.sluice.start()
        self.assertEqual(self.apply(plan["changeId"], approval).body, first.body)
        self.assertEqual(self.proxy.changes(), sent)
        self.assertGreaterEqual(self.proxy.looks()["Metadata"], asked["Metadata"])


if __name__ == "__main__":
    unittest.main()
