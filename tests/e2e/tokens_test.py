#!/usr/bin/env python3
"""Service tokens on SQLite, whose file one process owns: straight in it, then through the server.

tokens_test.py <binary>. Needs no Kafka: tokens work while it is away.
"""
import contextlib
import json
import os
import pathlib
import re
import selectors
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
TOKEN = re.compile(r"slt_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")

CONFIG = """\
server: {{port: 0}}
metrics: {{port: 0}}
database: {{sqlite_path: {folder}/sluice.db}}
auth: {{signing_keys: {folder}/keys}}
objects: {{folder: {folder}/objects}}
kafka: {{properties: {{bootstrap.servers: "127.0.0.1:1"}}}}
governance: {{policies_file: {root}/config/policies/default.yaml}}
log: {{format: json, level: info}}
"""


class Server:
    """`sluice serve` from here until the end of the block; `log` is all that it wrote."""

    def __init__(self, config):
        self.process = subprocess.Popen([BINARY, "serve", "--config", config], stderr=subprocess.PIPE)
        self.log = b""
        self.url = ""

    def __enter__(self):
        with selectors.DefaultSelector() as readable:
            readable.register(self.process.stderr, selectors.EVENT_READ)
            deadline = time.monotonic() + 60
            while not self.url:
                assert readable.select(max(0, deadline - time.monotonic())), "it does not start in time"
                piece = os.read(self.process.stderr.fileno(), 65536)
                assert piece, f"it ended: {self.log.decode()}"
                self.log += piece
                self.find_url()
        # From here on its pipe is emptied, so that it never waits for us.
        self.reader = threading.Thread(target=self.read_on)
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.code = self.process.wait(30)
        finally:
            self.process.kill()
            self.reader.join()
            self.process.stderr.close()

    def find_url(self):
        for line in self.log.decode().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                entry = json.loads(line)
                if entry.get("message") == "serving":
                    self.url = "http://" + entry["address"]

    def read_on(self):
        while piece := os.read(self.process.stderr.fileno(), 65536):
            self.log += piece

    def get(self, path, token):
        request = urllib.request.Request(
            self.url + path, headers={"Authorization": "Bearer " + token, "x-request-id": "tokens-test"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


def sluice(*arguments, url="", token="", code=0):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    if url:
        environment["SLUICE_URL"] = url
    if token:
        environment["SLUICE_TOKEN"] = token
    done = subprocess.run([BINARY, "token", *arguments], env=environment, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


class Tokens(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.config = os.path.join(folder, "sluice.yaml")
        pathlib.Path(self.config).write_text(CONFIG.format(folder=folder, root=ROOT), encoding="utf-8")
        # The first one can only come from the database: nobody could ask for it.
        self.root = self.issue("--config", self.config, "--principal", "root", "--role", "admin")

    def issue(self, *arguments, **where):
        text = sluice("issue", "--quiet", *arguments, **where).stdout.strip()
        self.assertRegex(text, f"^{TOKEN.pattern}$")
        return text

    def test_issue_use_list_revoke_through_the_server(self):
        with Server(self.config) as server:
            admin = {"url": server.url, "token": self.root}
            token = self.issue("--principal", "ci", "--role", "viewer", **admin)
            identity = token.split("_")[1]
            self.assertEqual(server.get("/v1/topics/plan/none", token)[0], 404)
            self.assertEqual(server.get("/v1/tokens", token)[0], 403)

            listed = sluice("list", **admin).stdout
            self.assertRegex(listed, rf"{identity}  token:ci +owner root +viewer@\*:\*  until ")
            self.assertNotRegex(listed, "slt_")

            revoked = time.monotonic()
            self.assertIn("revoked " + identity, sluice("revoke", identity, **admin).stdout)
            while server.get("/v1/topics/plan/none", token)[0] != 401:
                self.assertLess(time.monotonic() - revoked, 5, "a revoked token counts on")
                threading.Event().wait(0.02)
            self.assertRegex(sluice("list", **admin).stdout, rf"{identity} .* revoked ")
            unknown = sluice("revoke", "0" * 16, code=1, **admin).stderr
            self.assertIn("auth.token-not-found", unknown)
        self.assertEqual(server.code, 0)
        self.assertNotIn(b"slt_", server.log)
        self.assertIn(b"service token revoked", server.log)

    def test_an_admin_hands_out_no_more_than_their_own_grants(self):
        # Issued straight in the database, so no other person had a hand in it.
        grant = ("--role", "admin", "--env", "dev", "--names", "dev.*")
        own = self.issue("--config", self.config, "--principal", "dev-admin", "--owner", "kim", *grant)
        with Server(self.config) as server:
            kim = {"url": server.url, "token": own}
            refused = sluice("issue", "--principal", "x", "--role", "viewer", "--env", "prod", code=1, **kim)
            self.assertIn("auth.forbidden", refused.stderr)
            self.issue("--principal", "x", "--role", "editor", "--env", "dev", "--names", "dev.orders.*", **kim)
            self.assertRegex(sluice("list", **kim).stdout, r"token:x +owner kim +editor@dev:dev\.orders\.\*")
            refused = sluice("revoke", self.root.split("_")[1], code=1, **kim)
            self.assertIn("auth.forbidden", refused.stderr)

            # Kim's, but root had it issued: a token of two people issues none.
            shared = self.issue("--principal", "shared", "--owner", "kim", *grant, url=server.url, token=self.root)
            refused = sluice("issue", "--principal", "y", "--role", "viewer", "--env", "dev", "--names", "dev.orders.*",
                             code=1, url=server.url, token=shared)
            self.assertIn("auth.issuer-differs", refused.stderr)

    def test_issuing_and_revoking_are_on_record(self):
        with Server(self.config) as server:
            token = self.issue("--principal", "ci", "--role", "viewer", url=server.url, token=self.root)
            sluice("revoke", token.split("_")[1], url=server.url, token=self.root)
        with contextlib.closing(sqlite3.connect(pathlib.Path(self.config).with_name("sluice.db"))) as database:
            records = database.execute("SELECT action, name, actor, state_before || state_after FROM audit_records"
                                       " WHERE target = 'token' ORDER BY seq").fetchall()
        self.assertEqual([(action, name, actor) for action, name, actor, _ in records],
                         [("token.issue", self.root.split("_")[1], "system:operator"),
                          ("token.issue", token.split("_")[1], "token:root"),
                          ("token.revoke", token.split("_")[1], "token:root")])
        for *_, state in records:
            self.assertNotIn("slt_", state)

    def test_the_file_of_a_running_server_is_reached_through_the_server(self):
        with Server(self.config) as server:
            locked = sluice("list", "--config", self.config, code=1).stderr
            self.assertIn("sqlite.locked", locked)
            self.assertIn("SLUICE_URL and SLUICE_TOKEN", locked)
            self.assertIn("SLUICE_TOKEN", sluice("list", url=server.url, code=1).stderr)
        self.assertIn("token:root", sluice("list", "--config", self.config).stdout)

    def test_metrics_tell_of_the_cache_and_of_readiness(self):
        with Server(self.config) as server:
            deadline = time.monotonic() + 30
            while 'dependency_up{check="sqlite"} 1\n' not in server.get("/metrics", self.root)[1]:
                self.assertLess(time.monotonic(), deadline)
                threading.Event().wait(0.05)
            page = server.get("/metrics", self.root)[1]
            self.assertIn('dependency_up{check="kafka"} 0\n', page)
            self.assertIn("\nsluice_ready 0\n", page)
            self.assertRegex(page, r"\nauth_cache_hits_total [1-9]")
            self.assertRegex(page, r"\nauth_cache_misses_total [1-9]")


if __name__ == "__main__":
    unittest.main(verbosity=2)
