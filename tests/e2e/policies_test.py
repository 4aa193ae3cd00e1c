"""The policies as a document: read, change, four eyes for protected environments, preview (G14, G27, G2)."""

import json
import unittest

from governed import GovernedTestCase, replaced
from sluice_process import ROOT, Sluice, SluiceTestCase, batch, unique

DEFAULT = (ROOT / "config/policies/default.yaml").read_text(encoding="utf-8")


class Policies(SluiceTestCase):
    def setUp(self):
        self.sluice = Sluice()
        self.addCleanup(self.sluice.stop)
        self.admin = self.sluice.issue_token("admin", "--owner", "kim")[1]
        self.approver = self.sluice.issue_token("approver", "--owner", "lee")[1]
        self.viewer = self.sluice.issue_token("viewer")[1]
        self.scoped = self.sluice.issue_token("admin", "--env", "dev")[1]
        self.sluice.start()

    def put(self, text, version=1, token=None, **headers):
        return self.sluice.request("PUT", "/v1/policies", body=text, token=token or self.admin,
                                   headers={"content-type": "application/yaml", "if-match": f'"{version}"', **headers})

    def post(self, path, body, token):
        return self.sluice.request("POST", path, body=json.dumps(body), token=token,
                                   headers={"content-type": "application/json"})

    def cli_as(self, token, *arguments, **more):
        return self.sluice.cli(*arguments, SLUICE_URL=f"http://127.0.0.1:{self.sluice.port}", SLUICE_TOKEN=token, **more)

    def file(self, text):
        path = self.sluice.folder / f"{unique('policies-')}.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_from_seed_to_versions(self):
        first = self.sluice.get("/v1/policies", token=self.viewer)
        self.assertEqual((first.status, first.headers["etag"]), (200, '"1"'), first)
        self.assertEqual(first.json()["text"], DEFAULT)
        self.assertEqual(first.json()["author"], "system:bootstrap")

        wider = DEFAULT.replace("max: 3d", "max: 5d")
        self.assertNotEqual(wider, DEFAULT)
        self.assert_problem(self.put(wider, **{"if-match": None}), 428, "policy.precondition-required")
        self.assert_problem(self.put(wider, 7), 412, "policy.precondition-failed")
        self.assert_problem(self.put(wider, token=self.viewer), 403)
        self.assert_problem(self.put(wider, token=self.scoped), 403, "auth.forbidden")
        self.assert_problem(self.put(wider.replace("kind: PolicySet", "kind: Policy")), 422, "policy.invalid")
        answer = self.put(wider)
        self.assertEqual((answer.status, answer.headers["etag"]), (200, '"2"'), answer)
        self.assertEqual(self.put(wider, 2).json()["version"], 2)  # nothing to change

        history = self.sluice.get("/v1/policies/history?limit=1", token=self.viewer).json()
        self.assertEqual(([v["version"] for v in history["items"]], history["next"]), ([2], "2"))
        diff = self.sluice.get("/v1/policies/diff?from=1&to=2", token=self.viewer).json()
        self.assertEqual([step["value"] for step in diff["patch"]], ["5d"])
        self.assertEqual(self.sluice.get("/v1/policies/versions/1", token=self.viewer).json()["text"], DEFAULT)
        self.assert_problem(self.sluice.get("/v1/policies/versions/9", token=self.viewer), 404)
        self.assert_problem(self.sluice.get("/v1/policies/versions/x", token=self.viewer), 422)

        # It decides from the next plan on, and outlives the process, whatever the file says.
        long = {"name": f"dev.{unique('orders-')}", "config": {"partitions": 1, "replicationFactor": 1, "retention.ms": "4d"}}
        plan = self.sluice.dry_run(batch(long), self.admin, content_type="application/json").json()
        self.assertNotIn("guardrail.retention", [v["rule"] for v in plan["violations"]])
        self.sluice.end()
        self.sluice.start()
        self.assertEqual(self.sluice.get("/v1/policies", token=self.viewer).json()["version"], 2)

    def test_prod_takes_two(self):
        stricter = DEFAULT.replace("min: 7d", "min: 14d")
        answer = self.put(stricter)
        self.assertEqual(answer.status, 202, answer)
        waiting = answer.json()
        self.assertEqual(waiting["touched"], ["prod"])
        change = waiting["changeId"]
        self.assertEqual(self.post("/v1/policies/apply", {"changeId": change}, self.admin).status, 409)
        own = self.post(f"/v1/changes/{change}/approve", {"digest": waiting["digest"]}, self.admin)
        self.assert_problem(own, 403, "approval.own-change")
        approved = self.post(f"/v1/changes/{change}/approve", {"digest": waiting["digest"]}, self.approver)
        self.assertEqual(approved.status, 200, approved)
        token = approved.json()["approvalToken"]

        self.assert_problem(self.put(stricter.replace("14d", "1d"), **{"x-approval-token": token}), 409, "policy.other-document")
        self.assertEqual(self.sluice.get("/v1/policies", token=self.viewer).json()["version"], 1)
        answer = self.put(stricter, **{"x-approval-token": token})
        self.assertEqual((answer.status, answer.json()["changeId"]), (200, change), answer)
        self.assertEqual(self.sluice.get("/v1/policies", token=self.viewer).json()["version"], 2)
        # Spent: going back needs an approval of its own.
        self.assertEqual(self.put(DEFAULT, 2, **{"x-approval-token": token}).status, 409)
        self.assertEqual(self.put(DEFAULT, 2).status, 202)

    def test_an_approver_of_one_environment_does_not_decide_for_another(self):
        self.sluice.end()
        self.sluice.config["governance"]["protected_environments"] = ["dev", "prod"]
        self.sluice.write_config()
        eve = self.sluice.issue_token("approver", "--owner", "eve", "--env", "dev")[1]
        self.sluice.start()
        exemption = ("exemptions:\n  - {name: all, rules: [delete.protected], topics: ['*'], owner: kim, reason: x, "
                     "expires: never}\n")
        waiting = self.put(DEFAULT.replace("exemptions:\n", exemption, 1)).json()
        self.assertEqual(waiting["touched"][0], "dev")  # where the change is filed
        self.assertIn("prod", waiting["touched"])
        change = f"/v1/changes/{waiting['changeId']}"
        self.assert_problem(self.post(f"{change}/approve", {"digest": waiting["digest"]}, eve), 404)
        self.assert_problem(self.post(f"{change}/reject", {}, eve), 404)
        self.assert_problem(self.sluice.get(change, token=eve), 404)
        self.assert_problem(self.sluice.get(f"/v1/topics/plan/{waiting['changeId']}", token=eve), 404)
        self.assertEqual(self.sluice.get("/v1/changes", token=eve).json()["changes"], [])
        approved = self.post(f"{change}/approve", {"digest": waiting["digest"]}, self.approver)
        self.assertEqual(approved.status, 200, approved)

    def test_by_recorded_signatures(self):
        waiting = self.cli_as(self.admin, "policy", "put", self.file(DEFAULT + "# a word\n"))
        self.assertEqual(waiting.returncode, 0, waiting.stderr)  # only a comment: the same policies
        path = self.file(DEFAULT.replace("modes: []", "modes: [{mode: read-only, environments: [prod]}]"))
        waiting = self.cli_as(self.admin, "policy", "put", path, "--format", "json")
        self.assertEqual(waiting.returncode, 3, waiting.stderr)
        change, digest = (json.loads(waiting.stdout)[key] for key in ("changeId", "digest"))
        self.assertEqual(self.post(f"/v1/changes/{change}/approve", {"digest": digest}, self.approver).status, 200)
        self.assert_problem(self.post("/v1/topics/batch/apply", {"changeId": change}, self.admin), 409, "apply.not-topics")
        applied = self.cli_as(self.admin, "policy", "apply", change)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        self.assertIn("in force: version 2", applied.stdout)
        self.assertEqual(self.cli_as(self.viewer, "policy", "history").stdout.count("\n"), 2)
        self.assertIn("modes: [{mode: read-only", self.cli_as(self.viewer, "policy", "get").stdout)
        self.assertEqual(self.cli_as(self.viewer, "policy", "get", "--version-number", "1").stdout, DEFAULT)
        self.assertEqual(self.cli_as(self.viewer, "policy", "diff", "1", "2").returncode, 3)

    def test_what_is_based_on_an_older_version_can_not_be_approved(self):
        base = self.cli_as(self.viewer, "policy", "get").stdout
        waiting = []
        for days in (11, 12):
            path = self.file(replaced(base, "modes: []", f"modes: [{{mode: read-only, environments: [prod], topics: [x{days}]}}]"))
            put = self.cli_as(self.admin, "policy", "put", path, "--format", "json")
            self.assertEqual(put.returncode, 3, put.stderr)
            self.assertIn("in place of version", put.stderr)
            waiting.append(json.loads(put.stdout))
        plan = self.cli_as(self.viewer, "approve", waiting[1]["changeId"])
        self.assertIn("x12", plan.stdout)
        self.assertIn(waiting[1]["digest"], plan.stdout)
        as_markdown = self.cli_as(self.viewer, "changes", "plan", waiting[1]["changeId"], "--format", "markdown")
        self.assertIn("x12", as_markdown.stdout)
        approved = self.post(f"/v1/changes/{waiting[0]['changeId']}/approve", {"digest": waiting[0]["digest"]}, self.approver)
        self.assertEqual(approved.status, 200, approved)
        self.assertEqual(self.cli_as(self.admin, "policy", "apply", waiting[0]["changeId"]).returncode, 0)
        self.assert_problem(self.post(f"/v1/changes/{waiting[1]['changeId']}/approve", {"digest": waiting[1]["digest"]},
                                      self.approver), 409, "change.policy-changed")

    def test_test_and_preview(self):
        self.assertEqual(self.sluice.cli("policy", "test", self.file(DEFAULT)).returncode, 0)
        backwards = DEFAULT.replace("rules:\n", "rules:\n  - {rule: expression, require: partitions > 6, "
                                    "examples: {pass: [{partitions: 3}], fail: [{partitions: 9}]}}\n", 1)
        refused = self.sluice.cli("policy", "test", self.file(backwards))
        self.assertEqual(refused.returncode, 4, refused)
        self.assertIn("should pass", refused.stdout)
        name = f"dev.{unique('orders-')}"
        self.sluice.dry_run(batch({"name": name, "config": {"partitions": 6, "replicationFactor": 1}}), self.admin,
                            content_type="application/json")
        preview = self.cli_as(self.admin, "policy", "preview", self.file(DEFAULT.replace("max: 100", "max: 5")))
        self.assertEqual(preview.returncode, 3, preview.stderr)
        self.assertRegex(preview.stdout, rf"block +guardrail.partitions +{name}")
        self.assertEqual(self.sluice.get("/v1/policies", token=self.viewer).json()["version"], 1)


class Owners(GovernedTestCase):
    """A rule for an owner's topics holds whatever the batch says of the owner (G14)."""

    def test_a_delete_without_its_owner(self):
        rule = '  - {id: keep-payments, rule: delete.protected, topics: ["*"], scope: {owners: [payments]}}\n'
        self.serve(policies=replaced(DEFAULT, "rules:\n", "rules:\n" + rule))
        ours, theirs = ({**self.topic(), "metadata": {"owner": owner}} for owner in ("payments", "orders"))
        self.applied(ours, theirs)
        self.wait_live(ours["name"])

        def blocked(name, **metadata):
            item = {"name": name, "action": "delete", **({"metadata": metadata} if metadata else {})}
            answer = self.sluice.dry_run(batch(item), self.people.editor, content_type="application/json")
            self.assertEqual(answer.status, 200, answer)
            return "keep-payments" in [v["rule"] for v in answer.json()["violations"] if v["severity"] == "block"]

        self.assertTrue(blocked(ours["name"]))
        self.assertTrue(blocked(ours["name"], owner="orders"))
        self.assertFalse(blocked(theirs["name"]))
        self.assertTrue(blocked(theirs["name"], owner="payments"))


if __name__ == "__main__":
    unittest.main()
