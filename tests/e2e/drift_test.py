"""What was applied and what is there: drift, field by field, and the way back (issue 4, "Drift", "Rollback"; G13, G15)."""

import json
import unittest

from governed import GovernedTestCase
from kafka_client import KafkaError
from sluice_process import batch, wait_until


class DriftTestCase(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.serve()

    def drift(self):
        """name → its drift, as the API says."""
        answer = self.sluice.get("/v1/drift?env=dev", token=self.people.viewer)
        self.assertEqual(answer.status, 200, answer)
        return {topic["name"]: topic for topic in answer.json()["drifted"]}

    def wait_drift(self, name, kind):
        return wait_until(lambda: (d := self.drift().get(name)) and d["kind"] == kind and d, f"{name} is {kind}")


class DriftTest(DriftTestCase):
    def drift_cli(self, *arguments):
        return self.sluice.cli_as(self.people.viewer, "drift", "--env", "dev", *arguments)

    def test_field_by_field_and_what_ends_it(self):
        changed, untouched = self.topic(cleanup_policy="compact,delete"), self.topic()
        change = self.applied(changed, untouched)
        none = self.drift_cli()
        self.assertEqual((none.returncode, self.drift()), (0, {}), none)
        name = changed["name"]
        self.kafka.set_config(name, "cleanup.policy", "delete,compact")  # means the same
        self.kafka.set_config(name, "segment.ms", "3600000")  # nobody declared it
        self.kafka.set_config(name, "retention.ms", "1000")
        self.kafka.grow(name, 2)
        drift = wait_until(lambda: (d := self.wait_drift(name, "changed")) and len(d["fields"]) == 2 and d, "both")
        self.assertEqual([(f["field"], f["declared"], f["live"]) for f in drift["fields"]],
                         [("partitions", "1", "2"), ("retention.ms", "86400000", "1000")])
        self.assertEqual((drift["changeId"], drift["revision"], list(self.drift())), (change, 1, [name]))

        told = self.drift_cli()
        self.assertEqual(told.returncode, 3, told)
        for words in (name, "retention.ms", "86400000", "1000", change):
            self.assertIn(words, told.stdout)
        self.assertNotIn(untouched["name"], told.stdout)
        self.assertIn("segment.ms", self.drift_cli("--unmanaged").stdout)
        for form, sign in (("json", '"digest"'), ("markdown", "|"), ("junit", "<testsuite"), ("sarif", "2.1.0")):
            with self.subTest(form):
                report = self.drift_cli("--format", form)
                self.assertEqual(report.returncode, 3, report)
                self.assertIn(name, report.stdout)
                self.assertIn(sign, report.stdout)
        self.assertEqual(self.sluice.cli("drift", "--env", "dev", SLUICE_URL="http://127.0.0.1:1",
                                         SLUICE_TOKEN=self.people.viewer).returncode, 1)
        self.assertEqual(self.drift_cli("--nope").returncode, 2)

        # The declaration again, with what can't be taken back.
        self.applied(self.topic(name, partitions=2, cleanup_policy="compact,delete"))
        wait_until(lambda: not self.drift(), "the drift has ended")
        self.assertEqual(self.drift_cli().returncode, 0)

    def test_a_topic_that_is_gone_or_another_one(self):
        gone, another = self.topic(), self.topic()
        self.applied(gone, another)
        self.kafka.delete(gone["name"])
        self.assertEqual(self.wait_drift(gone["name"], "missing")["fields"], [])
        before = self.live(another["name"])["topicId"]
        self.make_again(another["name"], retention_ms="86400000", compression_type="zstd")  # as the policies' default
        drift = self.wait_drift(another["name"], "recreated")
        self.assertEqual([(f["field"], f["declared"]) for f in drift["fields"]], [("topicId", before)])
        told = self.drift_cli()
        self.assertEqual(told.returncode, 3, told)
        self.assertIn("RECREATED", told.stdout)
        self.assertIn("MISSING", told.stdout)


class RollbackTest(DriftTestCase):
    def rollback(self, change):
        answer = self.sluice.post(f"/v1/changes/{change}/rollback-plan", token=self.people.editor)
        self.assertEqual(answer.status, 200, answer)
        return answer.json(), {item["name"]: item for item in answer.json()["items"]}

    def test_exact_lossy_and_impossible(self):
        set_back, grown, deleted = self.topic(), self.topic(), self.topic(partitions=2)
        self.applied(set_back, grown, deleted)
        empty, full = self.topic(), self.topic()
        change = self.applied(self.topic(set_back["name"], retention_ms="2d"), self.topic(grown["name"], partitions=3),
                              {"name": deleted["name"], "action": "delete", "reason": "over"}, empty, full)

        def produced():
            try:
                self.kafka.produce(full["name"])
                return True
            except KafkaError:
                return False  # no leader yet
        wait_until(produced, "a record is there")
        rollback, items = self.rollback(change)
        self.assertEqual({name: item["fidelity"] for name, item in items.items()}, {
            set_back["name"]: "exact", grown["name"]: "impossible", deleted["name"]: "lossy", empty["name"]: "exact",
            full["name"]: "lossy"})
        self.assertIn("take partitions away", items[grown["name"]]["reasons"][0])
        self.assertIn("comes back empty", items[deleted["name"]]["reasons"][0])
        self.assertIn("1 records", items[full["name"]]["reasons"][0])
        self.assertEqual((rollback["undoes"], rollback["changeId"]), (change, f"{change}.rollback-1"))
        self.assertEqual(rollback["summary"], {"exact": 2, "lossy": 2, "impossible": 1, "nothing": 0})

        told = self.sluice.cli_as(self.people.editor, "rollback", change)
        self.assertEqual(told.returncode, 3, told)
        for word in ("exact", "lossy", "impossible", f"{change}.rollback-1"):
            self.assertIn(word, told.stdout)

        # An ordinary change: nothing without approval, then it is as it was.
        self.assert_problem(self.apply(rollback["changeId"]), 409, "change.not-approved")
        plan = json.loads(self.sluice.cli_as(self.people.editor, "rollback", change, "--format", "json").stdout)["plan"]
        self.assertEqual(self.approve(plan).status, 202)
        self.assertEqual(self.approve(plan, self.people.second).status, 200)
        answer = self.apply(plan["changeId"])
        self.assertEqual((answer.status, answer.json()["state"]), (200, "APPLIED"), answer)
        self.assertIn("86400000", json.dumps(self.live(set_back["name"])))
        self.assertEqual(self.live(deleted["name"])["partitions"], 2)
        self.assertIsNone(self.live(empty["name"]))
        self.assertIsNone(self.live(full["name"]))
        # Next time only what is still to be taken back, under the next name.
        again, items = self.rollback(change)
        self.assertEqual(items[set_back["name"]]["fidelity"], "exact")
        self.assertEqual(items[empty["name"]]["fidelity"], "nothing")
        self.assertIn(again["changeId"], (None, f"{change}.rollback-2"))

    def test_never_the_topic_that_somebody_else_made(self):
        made = self.topic()
        change = self.applied(made)
        self.make_again(made["name"])
        self.wait_drift(made["name"], "recreated")
        rollback, items = self.rollback(change)
        self.assertEqual((items[made["name"]]["fidelity"], rollback["plan"]), ("impossible", None))
        self.assertEqual(self.sluice.cli_as(self.people.editor, "rollback", change).returncode, 0)

    def test_what_was_never_applied(self):
        plan = self.planned(batch(self.topic()))
        answer = self.sluice.post(f"/v1/changes/{plan['changeId']}/rollback-plan", token=self.people.editor)
        self.assert_problem(answer, 409, "change.not-applied")
        self.assertEqual(self.sluice.cli_as(self.people.editor, "rollback", plan["changeId"]).returncode, 1)


if __name__ == "__main__":
    unittest.main()
