"""An apply that loses its process or its database in the middle: whoever goes on finds what was done, sends the rest,
and nothing happens twice. And a token that has expired goes on with what it started (issue 4, "Apply"; G11)."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from governed import DEFAULT_POLICIES, GovernedTestCase, People, replaced
from kafka_proxy import KafkaProxy
from sluice_process import FreshDatabase, ServerGone, batch, server_address, wait_until
from tcp_proxy import TcpProxy

LEASE_S = 30
SENT = {"CreateTopics": 2, "CreatePartitions": 1, "IncrementalAlterConfigs": 1, "DeleteTopics": 1}


class World(GovernedTestCase):
    """One server with its proxies; several run at once, as each has to wait until a lease has run out."""

    def begin(self, database=None, policies=DEFAULT_POLICIES):
        GovernedTestCase.setUp(self)
        self.proxy = KafkaProxy(server_address("SLUICE_TEST_KAFKA"))
        self.addCleanup(self.proxy.close)
        self.sluice = self.server_behind(self.proxy, None, database, policies)
        self.people = People(self.sluice)
        self.sluice.start()
        self.old, self.gone, self.new = self.topic(), self.topic(), self.topic()
        self.applied(self.old, self.gone)
        self.plan, self.approval = self.approved(batch(
            self.topic(self.old["name"], partitions=2, retention_ms="2d"), self.new,
            {"name": self.gone["name"], "action": "delete", "reason": "over"}))
        return self.plan["changeId"]

    def apply_until(self, what, when, then):
        """Applies, and calls `then` when it has come so far."""
        self.proxy.stop_at(what, when)
        answers = []

        def ask():
            try:
                answers.append(self.apply(self.plan["changeId"], self.approval))
            except ServerGone as gone:
                answers.append(gone)
        thread = threading.Thread(target=ask)
        thread.start()
        self.proxy.wait_stopped()
        then()
        thread.join(timeout=60)
        return answers[0]

    def goes_on(self):
        """409 until the lease of whoever began has run out, then the rest of it is done."""
        change = self.plan["changeId"]

        def unless_held():
            answer = self.apply(change, self.approval)
            return None if answer.status in (503, 504) or answer.json().get("code") == "apply.in-progress" else answer
        answer = wait_until(unless_held, f"{change} goes on", seconds=LEASE_S + 60, pause_s=1)  # each refusal is audited
        self.assertEqual((answer.status, answer.json()["state"]), (200, "APPLIED"), answer)
        self.assertEqual(set(self.outcomes(answer).values()), {"DONE"})
        self.assertEqual(self.apply(change).body, answer.body)
        self.assertIsNone(self.live(self.gone["name"]))
        self.assertIsNotNone(self.live(self.new["name"]))
        self.assertEqual(self.live(self.old["name"])["partitions"], 2)
        done = sorted(r["action"] for r in self.audits(change) if r["target"] == "topic" and r["outcome"] == "done")
        self.assertEqual(done, ["topic.alter", "topic.create", "topic.delete"], self.audits(change))

    def audit_is_whole(self):
        export = self.sluice.folder / "audits.jsonl"
        self.assertEqual(self.sluice.cli_as(self.people.admin, "audit", "export", "--file", str(export)).returncode, 0)
        verified = self.sluice.cli("audit", "verify", "--file", str(export), "--no-checkpoints")
        self.assertEqual(verified.returncode, 0, verified)


class ResumeTest(unittest.TestCase):
    def killed(self, what, when):
        """kill -9 before or after the broker has heard of a change; then the server starts again."""
        def run(world):
            world.begin()

            def kill():
                world.sluice.kill()
                world.proxy.refuse()
            world.assertIsInstance(world.apply_until(what, when, kill), ServerGone)
            world.proxy.allow()
            world.sluice.start()
            world.goes_on()
            world.assertEqual(world.proxy.changes(), SENT, (what, when))
            world.audit_is_whole()
        return run

    @staticmethod
    def another_server_takes_over(world):
        """The first is killed and stays away; a second one, on the same database, goes on."""
        database = FreshDatabase()
        world.addCleanup(database.drop)
        world.begin(database.url())
        first, proxy = world.sluice, world.proxy
        second = world.server_behind(KafkaProxy(server_address("SLUICE_TEST_KAFKA")), None, database.url())
        second.config["auth"] = {"signing_keys": str(first.folder / "keys")}
        second.start()

        def kill():
            first.kill()
            proxy.refuse()
        world.apply_until("CreatePartitions", "before", kill)
        world.sluice = second
        world.goes_on()
        world.audit_is_whole()

    @staticmethod
    def database_away(world):
        """In the middle of it: the run stops, says so, and sends nothing more."""
        database = FreshDatabase()
        world.addCleanup(database.drop)
        between = TcpProxy(database.address())
        world.addCleanup(between.close)
        world.begin(database.url(between.address))

        def cut():
            between.refuse()
            world.proxy.allow()
        answer = world.apply_until("CreateTopics", "after", cut)
        world.assert_problem(answer, 503, "apply.interrupted")
        between.allow()
        world.sluice.wait_ready()
        sent = world.proxy.changes()
        world.assertEqual(sent, {"CreateTopics": 2}, "nothing more was sent")
        world.goes_on()
        world.assertEqual(world.proxy.changes(), SENT)
        world.audit_is_whole()

    @staticmethod
    def stopped(world):
        """SIGTERM gives the lease back: nobody waits."""
        world.begin()

        def stop():
            world.sluice.terminate()
            wait_until(lambda: world.sluice.line("stopping"), "it stops")
            world.proxy.allow()
        world.apply_until("CreateTopics", "before", stop)
        world.assertEqual(world.sluice.wait(), 0)
        world.sluice.start()
        world.goes_on()
        world.assertEqual(world.proxy.changes(), SENT)

    @staticmethod
    def expired(world):
        """A broker that goes away in the middle: what is open may be tried again. A minute later the token
        starts nothing any more, but goes on with what it has started."""
        policies = replaced(DEFAULT_POLICIES, "ttl: 24h", "ttl: 1m")
        change = world.begin(policies=policies)
        unused, stale = world.approved(batch(world.topic()))

        def refuse():
            world.proxy.refuse()
        world.apply_until("CreatePartitions", "before", refuse)
        wait_until(lambda: world.story(change)["state"] == "PARTIAL", "the broker was away")
        items = {item["name"]: item for item in world.story(change)["execution"]["items"]}
        world.assertEqual(items[world.new["name"]]["state"], "DONE")
        lost = items[world.old["name"]]
        world.assertIn(lost["state"], ("FAILED", "UNKNOWN"))
        world.assertTrue(lost["retryable"] and lost["code"] and lost["message"], lost)
        world.proxy.allow()
        wait_until(lambda: not [a for a in world.story(unused["changeId"])["approvals"] if a["counts"]],
                   "the approvals have run out", seconds=120)
        world.sluice.wait_ready()
        world.assert_problem(world.apply(unused["changeId"], stale), 409, "approval.expired")
        world.goes_on()
        world.assert_problem(world.apply(unused["changeId"]), 409, "approval.expired")

    def test_every_scenario(self):
        scenarios = [self.killed(what, when) for what in ("CreateTopics", "IncrementalAlterConfigs", "DeleteTopics")
                     for when in ("before", "after")]
        scenarios += [self.another_server_takes_over, self.database_away, self.stopped, self.expired]

        def play(scenario):
            world = World("begin")
            try:
                scenario(world)
            finally:
                world.doCleanups()
        with ThreadPoolExecutor(len(scenarios)) as pool:
            played = [(scenario, pool.submit(play, scenario)) for scenario in scenarios]
        for scenario, future in played:
            with self.subTest(scenario.__name__):
                future.result()


if __name__ == "__main__":
    unittest.main()
