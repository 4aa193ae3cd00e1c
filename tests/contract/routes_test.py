"""Every route in the document is served, and every served route is in the document.

routes_test.py <openapi.yaml> <sluice>: compares the document with `sluice routes --json`.
"""
import json
import os
import subprocess
import sys
import unittest

import yaml

METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}


def documented(path):
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    default = document.get("security", [])
    return {
        (method.upper(), pattern): {
            "operationId": operation.get("operationId"),
            "public": operation.get("security", default) == [],
            "role": operation.get("x-role"),
            "contentTypes": set(operation.get("requestBody", {}).get("content", {})),
        }
        for pattern, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def served(sluice):
    # With /metrics on the main port, so that all there is to serve is served.
    environment = dict(os.environ, SLUICE_METRICS__PORT="0")
    listed = subprocess.run(
        [sluice, "routes", "--json"],
        check=True, stdout=subprocess.PIPE, text=True, timeout=30, env=environment,
    )
    return {(route["method"], route["path"]): route for route in json.loads(listed.stdout)}


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.documented = documented(DOCUMENT)
        cls.served = served(SLUICE)

    def test_each_documented_route_is_served(self):
        self.assertEqual(sorted(self.documented.keys() - self.served.keys()), [])

    def test_each_served_route_is_documented(self):
        self.assertEqual(sorted(self.served.keys() - self.documented.keys()), [])

    def test_each_operation_declares_the_role_it_is_served_for(self):
        for key in self.documented.keys() & self.served.keys():
            with self.subTest(route=key, fix="write x-role: viewer | editor | approver | admin under the operation"):
                self.assertEqual(self.documented[key]["role"], self.served[key]["role"])

    def test_operation_ids_agree(self):
        for key in self.documented.keys() & self.served.keys():
            with self.subTest(route=key):
                self.assertEqual(
                    self.documented[key]["operationId"], self.served[key]["operationId"]
                )

    def test_what_needs_a_token_says_so(self):
        for key in self.documented.keys() & self.served.keys():
            with self.subTest(route=key):
                self.assertEqual(self.documented[key]["public"], self.served[key]["role"] is None)

    def test_documented_content_types_are_read(self):
        for key in self.documented.keys() & self.served.keys():
            with self.subTest(route=key):
                self.assertLessEqual(
                    self.documented[key]["contentTypes"], set(self.served[key]["contentTypes"])
                )


if __name__ == "__main__":
    DOCUMENT, SLUICE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
