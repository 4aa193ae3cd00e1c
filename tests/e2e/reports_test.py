"""Every report in every format, its exit code, and the same bytes again (G30); whom a change is told of (G13)."""

import http.server
import json
import re
import threading
import unittest
import xml.etree.ElementTree

from sluice_process import ROOT, Sluice, SluiceTestCase, batch, unique, wait_until

DEFAULT = (ROOT / "config/policies/default.yaml").read_text(encoding="utf-8")
FORMATS = ("text", "json", "markdown", "junit", "sarif")


class Webhook:
    """Remembers what it is told."""

    def __init__(self):
        told = self.told = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, change):
        return [(one["event"], one.get("issue")) for one in self.told if one["changeId"] == change]


class Reports(SluiceTestCase):
    @classmethod
    def setUpClass(cls):
        cls.webhook = Webhook()
        cls.sluice = Sluice({"notify": {"allowed_hosts": ["http://" + cls.webhook.address],
                                        "allow_private": [cls.webhook.address],
                                        "targets": {"hook": {"kind": "webhook", "secret": "a" * 32,
                                                             "url": f"http://{cls.webhook.address}/"}}}})
        cls.editor_id, cls.editor = cls.sluice.issue_token("editor", "--owner", "kim")
        cls.approver_id, cls.approver = cls.sluice.issue_token("approver", "--owner", "lee")
        cls.admin = cls.sluice.issue_token("admin", "--owner", "ann")[1]
        cls.sluice.start()

    @classmethod
    def tearDownClass(cls):
        cls.sluice.stop()
        cls.webhook.server.shutdown()

    def cli_as(self, token, *arguments, **more):
        return self.sluice.cli(*arguments, SLUICE_URL=f"http://127.0.0.1:{self.sluice.port}", SLUICE_TOKEN=token, **more)

    def file(self, text):
        path = self.sluice.folder / f"{unique('input-')}.yaml"
        path.write_text(text if isinstance(text, str) else json.dumps(text, indent=1), encoding="utf-8")
        return str(path)

    def topic(self, **config):
        return {"name": "dev." + unique("report-"),
                "config": {"partitions": 1, "replicationFactor": 1, "retention.ms": "1d", **config}}

    def planned(self, *items):
        document = batch(*items)
        return document["changeId"], self.file(document), self.sluice.dry_run(
            document, self.editor, content_type="application/json").json()

    def assert_formats(self, code, token, *arguments, region=False, formats=FORMATS):
        for form in formats:
            with self.subTest(command=arguments[:2], format=form):
                finished = self.cli_as(token, *arguments, "--format", form)
                self.assertEqual(finished.returncode, code, finished)
                again = self.cli_as(token, *arguments, "--format", form)
                if arguments[0] != "plan":  # each plan is a revision of its own, with its time
                    self.assertEqual(again.stdout, finished.stdout)
                getattr(self, f"check_{form}")(finished.stdout, region)

    def check_text(self, text, _):
        self.assertNotIn("\x1b", text)

    def check_json(self, text, _):
        json.loads(text)

    def check_markdown(self, text, _):
        self.assertTrue(text.startswith("### "), text)
        self.assertLessEqual(len(text), 65_536)

    def check_junit(self, text, _):
        suites = xml.etree.ElementTree.fromstring(text)
        self.assertEqual(suites.tag, "testsuites")
        self.assertEqual(int(suites.get("failures")), len([one for one in suites.iter("testcase") if one.find("failure") is not None]))

    def check_sarif(self, text, region):
        document = json.loads(text)
        self.assertEqual((document["version"], document["runs"][0]["tool"]["driver"]["name"]), ("2.1.0", "Sluice"))
        results = document["runs"][0]["results"]
        for result in results:
            self.assertEqual(document["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        if region:
            places = [one["locations"][0]["physicalLocation"]["region"] for one in results]
            self.assertTrue(all(place["startLine"] >= 1 and place["startColumn"] >= 1 for place in places), results)

    def test_a_plan_its_apply_and_the_drift(self):
        change, path, plan = self.planned(self.topic(**{"compression.type": "gzip"}))
        self.assert_formats(3, self.editor, "plan", "-f", path, region=True)
        approved = self.cli_as(self.approver, "approve", change, "--digest", plan["digest"])
        self.assertEqual(approved.returncode, 0, approved)
        self.assertEqual(self.cli_as(self.editor, "apply", change, "-f", path).returncode, 0)
        self.assert_formats(0, self.editor, "apply", change, "-f", path)
        self.assert_formats(0, self.editor, "drift", "--env", "dev", formats=("text", "markdown", "junit", "sarif"))

    def test_a_batch_that_is_refused_says_so_in_every_format(self):
        path = self.file(batch({**self.topic(), "colour": "red"}))
        self.assert_formats(1, self.editor, "plan", "-f", path, region=True)
        told = self.cli_as(self.editor, "plan", "-f", path, "--format", "junit").stdout
        self.assertIn("colour", told)
        self.assertNotEqual(xml.etree.ElementTree.fromstring(told).get("failures"), "0", told)

    def test_an_apply_names_the_change_that_it_means(self):
        change, path, plan = self.planned(self.topic())
        self.assertEqual(self.cli_as(self.approver, "approve", change, "--digest", plan["digest"]).returncode, 0)
        other = self.cli_as(self.editor, "apply", unique("other-"), "-f", path)
        self.assertEqual(other.returncode, 1, other)
        self.assertIn("cli.change", other.stderr)
        self.assertEqual(self.sluice.get(f"/v1/changes/{change}", token=self.editor).json()["state"], "APPROVED")

    def test_policies(self):
        self.assert_formats(0, self.admin, "policy", "test", self.file(DEFAULT))
        self.assert_formats(4, self.admin, "policy", "test", self.file(DEFAULT.replace("min: 7d", "min: seven")), region=True)
        preview = self.file(DEFAULT.replace("max: 100", "max: 99"))
        for form in FORMATS:
            finished = self.cli_as(self.admin, "policy", "preview", preview, "--format", form)
            self.assertIn(finished.returncode, (0, 3), finished)
            getattr(self, f"check_{form}")(finished.stdout, False)
        put = self.cli_as(self.admin, "policy", "put", self.file(DEFAULT.replace("max: 3d", "max: 5d")))
        self.assertEqual(put.returncode, 0, put)
        self.assert_formats(3, self.admin, "policy", "diff", "1", "2")

    def test_the_audit_trail(self):
        change, _, _ = self.planned(self.topic())
        refused = self.cli_as(self.approver, "approve", change, "--digest", "0" * 64)
        self.assertEqual(refused.returncode, 1, refused)
        self.assert_formats(0, self.admin, "audit", "list", "--change", change)
        listed = self.cli_as(self.admin, "audit", "list", "--change", change, "--format", "markdown").stdout
        self.assertIn("audit.refused", listed)
        self.assertEqual(self.cli_as(self.admin, "audit", "list", "--format", "xml").returncode, 2)

    def test_whoever_asked_withdraws(self):
        change, _, _ = self.planned(self.topic())
        self.assertEqual(self.cli_as(self.approver, "cancel", change).returncode, 1)
        cancelled = self.cli_as(self.editor, "cancel", change, "--comment", "no longer needed")
        self.assertEqual((cancelled.returncode, cancelled.stdout), (0, f"{change} is CANCELLED\n"), cancelled)

    def test_the_issue_that_the_batch_names_hears_of_everything(self):
        topic = {**self.topic(), "metadata": {"jira": "PAY-123"}}
        change, _, plan = self.planned(topic)
        self.assertEqual(plan["issue"], "PAY-123")
        self.assertEqual(self.cli_as(self.approver, "approve", change, "--digest", plan["digest"]).returncode, 0)
        self.assertEqual(self.cli_as(self.editor, "apply", change).returncode, 0)
        self.assertEqual(self.cli_as(self.editor, "rollback", change).returncode, 3)
        wait_until(lambda: len(self.webhook.of(change)) == 3 and self.webhook.of(change + ".rollback-1"), "told")
        self.assertEqual(sorted(self.webhook.of(change)),
                         [("change.applied", "PAY-123"), ("change.approved", "PAY-123"), ("plan.ready", "PAY-123")])
        self.assertEqual(self.webhook.of(change + ".rollback-1"), [("plan.ready", "PAY-123")])
        two = batch({**self.topic(), "metadata": {"jira": "PAY-1"}}, {**self.topic(), "metadata": {"jira": "PAY-2"}})
        self.assert_problem(self.sluice.dry_run(two, self.editor, content_type="application/json"), 422, "batch.invalid")

    def test_policies_that_wait_for_their_approval_are_told(self):
        waiting = self.cli_as(self.admin, "policy", "put", self.file(DEFAULT.replace("min: 7d", "min: 14d")), "--format", "json")
        self.assertEqual(waiting.returncode, 3, waiting)
        change = json.loads(waiting.stdout)["changeId"]
        wait_until(lambda: self.webhook.of(change), "told")
        told = next(one for one in self.webhook.told if one["changeId"] == change)
        self.assertEqual((told["event"], told["summary"]), ("plan.ready", 'policies "1" instead of "1", for prod'))
        approved = self.cli_as(self.approver, "approve", change, "--digest", json.loads(waiting.stdout)["digest"])
        self.assertEqual(approved.returncode, 0, approved)
        applied = self.cli_as(self.admin, "policy", "apply", change)
        self.assertEqual(applied.returncode, 0, applied)
        wait_until(lambda: len(self.webhook.of(change)) == 3, "told of all")
        self.assertIn(("change.applied", None), self.webhook.of(change))

    def test_an_approval_states_whose_tokens_were_used(self):
        change, _, plan = self.planned(self.topic())
        token = self.cli_as(self.approver, "approve", change, "--digest", plan["digest"]).stdout.strip()
        keys = self.sluice.folder / "keys.json"
        keys.write_bytes(self.sluice.get("/v1/keys", token=self.editor).body)
        verified = self.sluice.cli("approval", "verify", "-", "--keys", str(keys), stdin=token + "\n")
        self.assertEqual(verified.returncode, 0, verified)
        claims = json.loads(verified.stdout)
        self.assertEqual((claims["requester"]["tokenId"], claims["approvers"][0]["tokenId"]), (self.editor_id, self.approver_id))
        applied = self.cli_as(self.editor, "apply", change, "--approval-token-file", "-", stdin=token)
        self.assertEqual(applied.returncode, 0, applied)


class Guide(unittest.TestCase):
    def test_names_no_command_or_flag_that_is_not_there(self):
        """docs/guide/gitops.md"""
        text = (ROOT / "docs/guide/gitops.md").read_text(encoding="utf-8")
        sluice = Sluice()
        self.addCleanup(sluice.stop)
        lines = re.findall(r"sluice ((?:plan|apply|drift|approve|rollback|audit|policy)[^\n`|>#]*)", text)
        self.assertGreater(len(lines), 8)
        for line in lines:
            words = line.split()
            command = words[:2] if words[0] in ("policy", "audit") else words[:1]
            if command[-1].endswith("|") or len(command) > 1 and not command[1].isalpha():
                continue
            known = sluice.cli(*command, "--help")
            self.assertEqual(known.returncode, 0, line)
            for flag in (word for word in words if word.startswith("--")):
                self.assertIn(flag, known.stdout, line)


if __name__ == "__main__":
    unittest.main()
