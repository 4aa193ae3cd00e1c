"""Database, broker or signing key away at each step of a change: refused with a clear error, nothing half done, and
when it is back the same step works (issue 4, "Fail closed"; G11, G26)."""

import json
import shutil
import unittest

from governed import GovernedTestCase
from sluice_process import FreshDatabase, JwtIssuer, batch, wait_until
from tcp_proxy import TcpProxy

CODES = {"database": "sql.", "broker": "kafka.", "key": "keys.missing"}


class FailClosedTest(GovernedTestCase):
    """The people have JWTs: with service tokens a database that is away would be noticed before the step."""

    def setUp(self):
        super().setUp()
        database = FreshDatabase()
        self.addCleanup(database.drop)
        self.database = TcpProxy(database.address())
        self.addCleanup(self.database.close)
        self.issuer = JwtIssuer()
        self.serve({"database": {"call_deadline_ms": 1000, "connect_deadline_ms": 1000},
                    "server": {"request_deadline_ms": 3000}}, database.url(self.database.address))
        self.sluice.end()
        jwks = self.sluice.folder / "jwks.json"
        jwks.write_text(json.dumps(self.issuer.jwks()), encoding="utf-8")
        self.keys = self.sluice.folder / "keys"
        self.sluice.config["auth"] = {"issuer": self.issuer.ISSUER, "audience": self.issuer.AUDIENCE,
                                      "jwks_file": str(jwks), "signing_keys": str(self.keys)}
        for name, role in (("editor", "editor"), ("approver", "approver"), ("viewer", "viewer"), ("admin", "admin")):
            setattr(self.people, name, self.issuer.token(role, sub=f"{name}@example.com"))
        self.sluice.start()

    # --- what is taken away -------------------------------------------------------------------

    def keys_away(self):
        shutil.move(self.keys, self.keys.with_name("hidden"))
        wait_until(lambda: self.sluice.get("/v1/keys", token=self.people.viewer).status == 503, "no key is there")

    def keys_back(self):
        shutil.move(self.keys.with_name("hidden"), self.keys)

    def refused_while(self, what, take_away, give_back, steps):
        item = self.topic()
        body = batch(item)
        change = body["changeId"]
        plan = None
        for name, ask in (("plan", lambda: self.sluice.dry_run(body, self.people.editor, "application/json")),
                          ("approve", lambda: self.approve(plan)), ("apply", lambda: self.apply_to_the_end(change)),
                          ("drift", lambda: self.sluice.get("/v1/drift?env=dev", token=self.people.viewer)),
                          ("rollback-plan", lambda: self.sluice.post(f"/v1/changes/{change}/rollback-plan",
                                                                     token=self.people.editor))):
            if name in steps:
                before = self.known_of(change)
                take_away()
                answer = ask()
                give_back()
                self.assert_refused(answer, what)
                self.sluice.wait_ready()
                self.assertEqual(self.known_of(change), before, f"nothing of {name} is half done")
            answer = wait_until(lambda ask=ask: self.unless_away(ask()), f"{name}, with everything back")
            self.assertEqual(answer.status, 200, (name, answer))
            plan = plan or answer.json()
        self.assertEqual(self.proxy.changes(), {"CreateTopics": 1})
        self.assertEqual([r["action"] for r in self.audits(change) if r["target"] == "topic"], ["topic.create"])

    def apply_to_the_end(self, change):
        answer = self.apply(change)
        if answer.status != 202:
            return answer
        wait_until(lambda: self.story(change)["state"] != "APPLYING", "the end of the apply")  # on a busy machine
        return self.apply(change)

    def known_of(self, change):
        """The state, as far as anybody can see it, and what the brokers were told."""
        story = wait_until(lambda: self.unless_away(self.sluice.get(f"/v1/changes/{change}", token=self.people.viewer)),
                           "the change is shown")
        told = story.json()
        return (story.status, told.get("state"), told.get("revision"), len(told.get("approvals", [])),
                "execution" in told, self.proxy.changes())

    @staticmethod
    def unless_away(answer):
        return None if answer.status in (503, 504) else answer

    def assert_refused(self, answer, what):
        self.assertIn(answer.status, (503, 504), answer)
        problem = self.assert_problem(answer, answer.status)
        self.assertTrue(problem["code"].startswith(CODES[what]) or problem["code"] == "request.deadline", problem)
        self.assertNotIn("internal", problem["code"])

    def test_the_database(self):
        self.refused_while("database", self.database.refuse, self.database.allow,
                           ("plan", "approve", "apply", "drift", "rollback-plan"))

    def test_a_database_that_hangs(self):
        self.refused_while("database", self.database.freeze, self.database.allow,
                           ("plan", "approve", "apply", "drift", "rollback-plan"))

    def test_the_broker(self):
        # An approval asks no broker.
        self.refused_while("broker", self.proxy.refuse, self.proxy.allow, ("plan", "apply", "drift", "rollback-plan"))

    def test_the_signing_key(self):
        # A plan is signed by nobody, and drift and rollback plans are as little.
        self.refused_while("key", self.keys_away, self.keys_back, ("approve", "apply"))


if __name__ == "__main__":
    unittest.main()
