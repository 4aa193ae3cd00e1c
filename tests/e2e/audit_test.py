"""The audit trail of a running program: refusals are recorded folded, it lists, exports and verifies,
and notices what somebody did to its database (issue 4, "Audit"; G3)."""

import json
import unittest

from sluice_process import Sluice, SluiceTestCase


class AuditTest(SluiceTestCase):
    @classmethod
    def setUpClass(cls):
        cls.sluice = Sluice()
        cls.addClassCleanup(cls.sluice.stop)
        _, cls.viewer = cls.sluice.issue_token("viewer")
        cls.sluice.start()

    def server(self):
        return {"SLUICE_URL": f"http://127.0.0.1:{self.sluice.port}", "SLUICE_TOKEN": self.viewer}

    def audit(self, *arguments):
        return self.sluice.cli("audit", *arguments, **self.server())

    def test_refusals_are_recorded_and_the_trail_verifies(self):
        for _ in range(20):
            self.sluice.cli("audit", "list", SLUICE_URL=self.server()["SLUICE_URL"], SLUICE_TOKEN="slt_wrong")
        self.sluice.cli("token", "list", **self.server())
        self.assertEqual(self.sluice.end(), 0)  # what is folded is written at the latest now, and signed
        self.sluice.start()

        listed = self.audit("list", "--format", "jsonl", "--env", "-")
        self.assertEqual(listed.returncode, 0, listed)
        records = [json.loads(line) for line in listed.stdout.splitlines()]
        logins = [record for record in records if record["action"] == "login.refuse"]
        self.assertEqual(sum(record["after"]["count"] for record in logins), 20, records)
        self.assertLess(len(logins), 5)
        routes = [record for record in records if record["action"] == "route.refuse"]
        self.assertEqual([record["name"] for record in routes], ["GET /v1/tokens"])

        export = self.sluice.folder / "audits.jsonl"
        self.assertEqual(self.audit("export", "--file", str(export)).returncode, 0)
        verified = self.sluice.cli("audit", "verify", "--file", str(export), "--no-checkpoints")
        self.assertEqual(verified.returncode, 0, verified)
        unproven = self.sluice.cli("audit", "verify", "--file", str(export), cwd="/", SLUICE_CONFIG="")
        self.assertEqual(unproven.returncode, 1, unproven)
        self.assertIn("--checkpoints", unproven.stderr)
        verified = self.sluice.cli("audit", "verify", "--file", str(export), "--config", str(self.sluice.config_file))
        self.assertEqual(verified.returncode, 0, verified)
        self.assertIn("proven up to", verified.stdout)
        verified = self.sluice.cli("audit", "verify", "--file", str(export))  # by $SLUICE_CONFIG
        self.assertIn("proven up to", verified.stdout)

        self.assertEqual(self.audit("export", "--env", "-", "--file", str(export)).returncode, 0)
        verified = self.sluice.cli("audit", "verify", "--file", str(export), "--env", "-",
                                   "--config", str(self.sluice.config_file))
        self.assertEqual(verified.returncode, 0, verified)
        missing = self.sluice.cli("audit", "verify", "--file", str(export), "--env", "prod", "--no-checkpoints")
        self.assertEqual(missing.returncode, 1, missing)
        empty = self.sluice.folder / "empty.jsonl"
        empty.write_text("", encoding="utf-8")
        nothing = self.sluice.cli("audit", "verify", "--file", str(empty), "--config", str(self.sluice.config_file))
        self.assertEqual(nothing.returncode, 1, nothing)

        lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
        export.write_text("".join(lines[:-1]), encoding="utf-8")
        cut = self.sluice.cli("audit", "verify", "--file", str(export), "--config", str(self.sluice.config_file))
        self.assertEqual(cut.returncode, 4, cut)
        self.assertIn("truncated", cut.stdout)
        export.write_text(json.dumps(json.loads(lines[0]) | {"detail": "edited"}) + "\n", encoding="utf-8")
        damaged = self.sluice.cli("audit", "verify", "--file", str(export), "--no-checkpoints")
        self.assertEqual(damaged.returncode, 4, damaged)
        self.assert_log_is_clean(self.sluice)


if __name__ == "__main__":
    unittest.main()
