"""Between approval and apply the world moves on: what the plan is about must be as it was, all else may differ; and
however many apply at once, one does (issue 4, "Stale test", "Concurrency"; G11)."""

import json
import threading
import unittest

from governed import GovernedTestCase
from sluice_process import FreshDatabase, batch, unique


class StaleTest(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.serve()

    def behind_its_back(self, item, change, waited_for):
        """The answer to the apply of `item`, approved before `change` happened to its topic."""
        plan, approval = self.approved(batch(item, self.topic()))
        change()
        self.wait_live(item["name"], waited_for)
        return plan["changeId"], approval

    def assert_stale(self, change, approval, name, field):
        sent = self.proxy.changes()
        for token in (approval, None):
            problem = self.assert_problem(self.apply(change, token), 409, "plan.stale")
            self.assertEqual([p["field"] for p in problem["problems"]], [f"{name}.{field}"], problem)
            self.assertIn(name, problem["detail"])
            self.assertTrue(problem["fix"], problem)
        refused = self.sluice.cli_as(self.people.editor, "apply", change, SLUICE_APPROVAL_TOKEN=approval)
        self.assertEqual(refused.returncode, 4, refused)
        self.assertIn(f"{name}.{field}", refused.stderr)
        self.assertIn("plan.stale", refused.stderr)
        self.assertEqual(self.proxy.changes(), sent)
        self.assertEqual(self.story(change)["state"], "APPROVED", "the approval is not spent")
        self.assertIn("refused", {record["outcome"].lower() for record in self.audits(change)})

    def existing(self, **config):
        item = self.topic(**config)
        self.applied(item)
        return item["name"]

    def test_a_config_that_the_item_sets(self):
        name = self.existing()
        change, approval = self.behind_its_back(
            self.topic(name, retention_ms="2d"), lambda: self.kafka.set_config(name, "retention.ms", "1000"),
            lambda topic: "1000" in json.dumps(topic))
        self.assert_stale(change, approval, name, "retention.ms")

    def test_partitions(self):
        name = self.existing()
        change, approval = self.behind_its_back(
            self.topic(name, retention_ms="2d"), lambda: self.kafka.grow(name, 2), lambda topic: topic["partitions"] == 2)
        self.assert_stale(change, approval, name, "partitions")

    def test_a_topic_to_create_that_is_there_by_now(self):
        item = self.topic()
        change, approval = self.behind_its_back(item, lambda: self.kafka.create(item["name"]), bool)
        self.assert_stale(change, approval, item["name"], "exists")

    def test_a_topic_to_change_that_is_gone_or_another_one(self):
        name = self.existing()
        change, approval = self.behind_its_back(
            self.topic(name, retention_ms="2d"), lambda: self.kafka.delete(name), lambda topic: topic is None)
        self.assert_stale(change, approval, name, "exists")
        self.make_again(name, retention_ms="86400000")
        self.wait_live(name)
        self.assert_stale(change, approval, name, "topicId")

    def test_a_topic_to_delete_that_is_another_one(self):
        name = self.existing()
        plan, approval = self.approved(batch({"name": name, "action": "delete", "reason": "over"}))
        self.make_again(name, retention_ms="86400000")
        before = plan["plan"][0]["live"]["topicId"]
        self.wait_live(name, lambda topic: topic and topic["topicId"] != before)
        self.assert_stale(plan["changeId"], approval, name, "topicId")
        self.assertIsNotNone(self.live(name))

    def test_what_the_change_is_not_about_may_differ(self):
        name, other = self.existing(), self.existing()
        plan, approval = self.approved(batch(self.topic(name, retention_ms="2d"), self.topic()))
        self.kafka.set_config(other, "retention.ms", "1000")
        self.kafka.grow(other, 2)
        self.kafka.set_config(name, "segment.ms", "3600000")  # nobody asked for it
        self.wait_live(name, lambda topic: "3600000" in json.dumps(topic))
        answer = self.apply(plan["changeId"], approval)
        self.assertEqual((answer.status, answer.json()["state"]), (200, "APPLIED"), answer)
        self.assertIn("3600000", json.dumps(self.live(name)))
        self.assertIn("1000", json.dumps(self.live(other)))

    def test_planned_again_it_goes(self):
        name = self.existing()
        item = self.topic(name, retention_ms="2d")
        body = batch(item)
        self.approved(body)
        self.kafka.grow(name, 3)
        self.wait_live(name, lambda topic: topic["partitions"] == 3)
        body["items"][0]["config"]["partitions"] = 3
        plan, approval = self.approved(body)
        self.assertEqual(self.apply(plan["changeId"], approval).json()["state"], "APPLIED")


class AtOnceTest(GovernedTestCase):
    def all_at_once(self, calls):
        """The answers, by thread; all start together."""
        answers, ready = [None] * len(calls), threading.Barrier(len(calls))

        def run(place):
            ready.wait(timeout=60)
            answers[place] = calls[place]()
        threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return answers

    def one_wins(self, ask):
        """`ask` makes the call for a place from 0 to 49, of a change of three topics."""
        items = [self.topic() for _ in range(3)]
        plan, approval = self.approved(batch(*items))
        change = plan["changeId"]
        answers = self.all_at_once([lambda i=i: ask(i, change, approval) for i in range(50)])
        last = self.apply(change, approval)
        self.assertEqual((last.status, last.json()["state"]), (200, "APPLIED"), last)
        for answer in answers:
            if answer.status == 200:
                self.assertEqual(answer.body, last.body)
            else:
                self.assert_problem(answer, 409, "apply.in-progress")
        self.assertTrue([answer for answer in answers if answer.status == 200], answers)
        self.assertEqual([record["action"] for record in self.audits(change)].count("change.start"), 1)
        self.assertEqual(len([r for r in self.audits(change) if r["target"] == "topic"]), 3)

    def test_fifty_with_one_token(self):
        self.serve()
        for _ in range(3):
            self.one_wins(lambda i, change, approval: self.apply(change, approval if i % 2 else None))
        self.assertEqual(self.proxy.changes(), {"CreateTopics": 3})

    def test_fifty_on_two_servers(self):
        database = FreshDatabase()
        self.addCleanup(database.drop)
        first = self.serve(database_url=database.url())
        second = self.server_behind(self.proxy, database_url=database.url())
        second.config["auth"] = {"signing_keys": str(first.folder / "keys")}
        second.start()
        body = lambda change, approval: {"changeId": change, "approvalToken": approval}  # noqa: E731
        for _ in range(3):
            self.one_wins(lambda i, change, approval: (first, second)[i % 2].post(
                "/v1/topics/batch/apply", body(change, approval), self.people.editor))
        self.assertEqual(self.proxy.changes(), {"CreateTopics": 3})

    def test_two_changes_of_one_topic(self):
        """Each approved; the second finds the topic taken, or not as it was any more."""
        self.serve()
        name = self.topic_name()
        self.applied(self.topic(name))
        plans = [self.approved(batch(self.topic(name, retention_ms=f"{days}d"), change_id=unique("race-")))
                 for days in (2, 3)]
        answers = self.all_at_once([lambda plan=plan, approval=approval: self.apply(plan["changeId"], approval)
                                    for plan, approval in plans])
        won = [answer for answer in answers if answer.status == 200 and answer.json()["state"] == "APPLIED"]
        self.assertEqual(len(won), 1, answers)
        lost = next(answer for answer in answers if answer is not won[0])
        if lost.status == 409:
            self.assertIn(lost.json()["code"], ("apply.conflict", "plan.stale"), lost)
        else:  # it had looked before the other one was done
            self.assertEqual(list(self.outcomes(lost).values()), ["STALE"], lost)
        self.assertEqual(self.proxy.changes(), {"CreateTopics": 1, "IncrementalAlterConfigs": 1})


if __name__ == "__main__":
    unittest.main()
