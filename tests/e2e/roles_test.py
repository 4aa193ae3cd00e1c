"""Every route against every role: who is let through is what `sluice routes` says, and nobody else (G25).

The document says the same (x-role of each operation): tests/contract/routes_test.py compares the two.
"""

import json
import re
import unittest

from sluice_process import Sluice, SluiceTestCase

ROLES = ["viewer", "editor", "approver", "admin"]


class Roles(SluiceTestCase):
    @classmethod
    def setUpClass(cls):
        cls.sluice = Sluice()
        cls.tokens = {role: cls.sluice.issue_token(role)[1] for role in ROLES}
        cls.routes = json.loads(cls.sluice.cli("routes", "--json").stdout)
        cls.sluice.start()

    @classmethod
    def tearDownClass(cls):
        cls.sluice.stop()

    def ask(self, route, token):
        """A request that nothing answers with more than an error: no such change, topic, token."""
        path = re.sub(r"{[^}]*}", "no-such-thing", route["path"])
        takes_body = bool(route["contentTypes"])
        headers = {"content-type": route["contentTypes"][0]} if takes_body else {}
        return self.sluice.request(route["method"], path, body="{}" if takes_body else None, headers=headers, token=token)

    def test_there_is_a_matrix(self):
        guarded = [route for route in self.routes if route["role"]]
        self.assertGreater(len(guarded), 10)
        for route in self.routes:
            if not route["path"].startswith("/health/"):
                self.assertIn(route["role"], ROLES, route)

    def test_without_a_token_only_health_answers(self):
        for route in self.routes:
            for token in (None, "", "slt_0123456789abcdef_" + "x" * 43):
                with self.subTest(route=route["operationId"], token=token):
                    answer = self.ask(route, token)
                    self.assertEqual(answer.status == 401, route["role"] is not None, answer)

    def test_each_role_gets_through_where_it_is_enough_and_nowhere_else(self):
        for route in self.routes:
            if route["role"] is None:
                continue
            for role in ROLES:
                with self.subTest(route=route["operationId"], role=role):
                    answer = self.ask(route, self.tokens[role])
                    if ROLES.index(role) < ROLES.index(route["role"]):
                        self.assert_problem(answer, 403, "auth.forbidden")
                    else:
                        self.assertNotIn(answer.status, (401, 500), answer)
                        if answer.status == 403:
                            self.assertNotIn("This needs the role", answer.json()["detail"])


if __name__ == "__main__":
    unittest.main()
