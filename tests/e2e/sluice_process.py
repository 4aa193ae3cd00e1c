"""The real program, as a test runs it: `sluice serve` on free ports of the loopback, its CLI, its API.

CTest passes SLUICE_BINARY (the program) and SLUICE_TEST_ENV (the file of the shared servers'
addresses, written by scripts/test-servers). By hand:

  scripts/test-servers start /tmp/servers postgres kafka
  SLUICE_BINARY=build/release/app/sluice/sluice SLUICE_TEST_ENV=/tmp/servers/env \
      python3 -m unittest discover -s tests/e2e -p '*_test.py'
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SLUICE_BINARY", "")
PATIENCE_S = 60  # of a machine under load; nothing is asserted about time with it


def server_address(key):
    """The address of a shared server, by its key in the file that SLUICE_TEST_ENV names."""
    with open(os.environ["SLUICE_TEST_ENV"], encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.strip().partition("=")
            if name == key:
                return value
    raise KeyError(f"{key} is not in $SLUICE_TEST_ENV: scripts/test-servers starts the servers")


def wait_until(condition, what, seconds=PATIENCE_S, pause_s=0.02):
    """Asks until the answer is true; gives that answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause_s)


def unique(prefix):
    return f"{prefix}{uuid.uuid4().hex[:10]}"


class FreshDatabase:
    """A database of its own on the shared PostgreSQL."""

    def __init__(self):
        self.server = server_address("SLUICE_TEST_DATABASE_URL")
        self.name = unique("e2e_")
        self._psql(f"CREATE DATABASE {self.name}")

    def url(self, host_and_port=None):
        url = self.server[: self.server.rindex("/") + 1] + self.name
        return re.sub(r"@[^/]*/", f"@{host_and_port}/", url) if host_and_port else url

    def address(self):
        host, port = re.search(r"@([^:/]*):(\d+)/", self.server).groups()
        return host, int(port)

    def password(self):
        return re.search(r"://[^:]*:([^@]*)@", self.server).group(1)

    def drop(self):
        self._psql(f"DROP DATABASE {self.name} WITH (FORCE)")

    def run(self, statement):
        self._psql(statement, self.url())

    def _psql(self, statement, url=None):
        command = ["psql", "-X", "-q", "-d", url or self.server, "-v", "ON_ERROR_STOP=1", "-c", statement]
        subprocess.run(command, check=True, timeout=PATIENCE_S, stdout=subprocess.DEVNULL)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class JwtIssuer:
    """An identity provider with one HS256 key."""

    ISSUER = "https://issuer.test/"
    AUDIENCE = "sluice"

    def __init__(self):
        self.secret = os.urandom(32)

    def jwks(self):
        return {"keys": [{"kty": "oct", "alg": "HS256", "kid": "test", "k": base64url(self.secret)}]}

    def token(self, role="admin", header=None, secret=None, **claims):
        """A claim or header field set to None is left out."""
        fields = {"alg": "HS256", "typ": "JWT", "kid": "test", **(header or {})}
        now = int(time.time())
        payload = {"iss": self.ISSUER, "aud": self.AUDIENCE, "sub": "kim@example.com", "role": role,
                   "iat": now - 10, "exp": now + 3600, **claims}
        parts = [{k: v for k, v in part.items() if v is not None} for part in (fields, payload)]
        signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        mac = hmac.new(self.secret if secret is None else secret, signed.encode(), hashlib.sha256)
        return f"{signed}.{base64url(mac.digest())}"


class ServerGone(ConnectionError):
    """The process ended while somebody still asked it; says how, and what it wrote last."""


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # by lower-case name
        self.body = body

    def json(self):
        return json.loads(self.body)

    def problems(self):
        return self.json().get("problems", [])

    def __repr__(self):
        return f"{self.status} {self.headers}\n{self.body[:2000]!r}"


class Sluice:
    """One server process with a folder and a configuration of its own. Always stop() it."""

    def __init__(self, config=None, database_url=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-e2e-"))
        self.config = {
            "server": {"port": 0},
            "metrics": {"port": 0},
            "database": {"url": database_url} if database_url
                        else {"sqlite_path": str(self.folder / "sluice.db")},
            "governance": {"policies_file": str(ROOT / "config/policies/default.yaml")},
            "objects": {"folder": str(self.folder / "objects")},
            "log": {"level": "debug", "format": "json"},
        }
        for section, keys in (config or {}).items():
            self.config.setdefault(section, {}).update(keys)
        self.config.setdefault("kafka", {"properties": {
            "bootstrap.servers": server_address("SLUICE_TEST_KAFKA")}})
        self.config_file = self.folder / "sluice.yaml"
        self.process = None
        self.port = None
        self.log = []  # of every start, in order
        self.secrets = []  # what must never be in the log
        self._reader = None

    # --- the command line ---------------------------------------------------------------------

    def environment(self, **more):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SLUICE_")}
        return {**inherited, "SLUICE_CONFIG": str(self.config_file), **more}

    def write_config(self):
        self.config_file.write_text(json.dumps(self.config, indent=1), encoding="utf-8")

    def cli(self, *arguments, stdin="", cwd=None, **environment):
        self.write_config()
        return subprocess.run([BINARY, *arguments], input=stdin, capture_output=True, text=True,
                              timeout=PATIENCE_S, cwd=cwd or self.folder, check=False,
                              env=self.environment(**environment))

    def issue_token(self, role, *options):
        """(id, token)"""
        principal = unique(role)
        issued = self.cli("token", "issue", "--principal", principal, "--role", role, *options)
        assert issued.returncode == 0, issued.stderr
        token = issued.stdout.strip()
        self.secrets.append(token)
        return re.search(r"token (\S+) for", issued.stderr).group(1), token

    # --- the process --------------------------------------------------------------------------

    def start(self, ready=True):
        self.launch()
        serving = wait_until(lambda: self.line("serving") or self.ended(), "serving")
        if serving is True:
            raise AssertionError(self.last_words())
        self.port = int(serving["address"].rsplit(":", 1)[1])
        if ready:
            self.wait_ready()
        return self

    def launch(self):
        self.write_config()
        self.started_at = len(self.log)
        self.process = subprocess.Popen([BINARY, "serve"], stderr=subprocess.PIPE, cwd=self.folder,
                                        stdout=subprocess.DEVNULL, env=self.environment(), text=True)
        self._reader = threading.Thread(target=self._read_log, args=(self.process.stderr,), daemon=True)
        self._reader.start()

    def _read_log(self, stream):
        for line in stream:
            self.log.append(line.rstrip("\n"))

    def ended(self):
        return self.process.poll() is not None

    def last_words(self, lines=30):
        """How the process ended, and the end of its log."""
        code = self.process.poll()
        how = (f"was ended by {signal.Signals(-code).name}" if code is not None and code < 0
               else "still runs" if code is None else f"exited with {code}")
        return "\n".join([f"the server (pid {self.process.pid}) {how}; its last lines:", *self.log[-lines:]])

    def _gone(self):
        """Whether it is a process that ended, and not only a connection: its end may take a moment."""
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return False
        self._reader.join(timeout=5)
        return True

    def entries(self):
        """The log lines since the last start; what is no JSON is left out."""
        found = []
        for line in self.log[self.started_at:]:
            try:
                found.append(json.loads(line))
            except ValueError:
                pass
        return found

    def line(self, message):
        return next((entry for entry in self.entries() if entry.get("message") == message), None)

    def wait_ready(self, seconds=PATIENCE_S):
        wait_until(lambda: self.get("/health/ready").status == 200 or self.ended(), "ready", seconds)
        assert not self.ended(), self.last_words()

    def kill(self):
        """kill -9, and nothing of it left."""
        self.process.kill()
        assert self.wait() == -signal.SIGKILL, self.last_words()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=PATIENCE_S):
        """The exit code."""
        code = self.process.wait(timeout=seconds)
        self._reader.join(timeout=PATIENCE_S)
        self.process.stderr.close()
        return code

    def end(self):
        """Ends the process, keeps the folder; the exit code."""
        if self.process is None or self.process.stderr.closed:
            return None
        if not self.ended():
            self.terminate()
        try:
            code = self.wait()
            assert code >= 0, self.last_words()  # whoever kills it calls kill()
            return code
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.wait()
            raise

    def stop(self):
        try:
            self.end()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- the API ------------------------------------------------------------------------------

    def request(self, method, path, body=None, headers=None, token=None, timeout=PATIENCE_S):
        """Sends exactly these headers, the x-request-id that /v1 asks for, and the token."""
        sent = {"x-request-id": unique("e2e-"), **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        sent = {name: value for name, value in sent.items() if value is not None}
        if isinstance(body, dict):
            body = json.dumps(body)
            sent.setdefault("content-type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            try:
                connection.request(method, path, body=body, headers=sent)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all was sent: the answer is there to read
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read())
        except (ConnectionError, http.client.IncompleteRead) as cut:
            if self._gone():
                raise ServerGone(self.last_words()) from cut
            raise
        finally:
            connection.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def dry_run(self, body, token, content_type="application/yaml", headers=None, timeout=PATIENCE_S):
        if isinstance(body, dict):
            body = json.dumps(body)
        return self.request("POST", "/v1/topics/batch/dry-run", body=body, token=token, timeout=timeout,
                            headers={"content-type": content_type, **(headers or {})})

    def plan(self, change_id, token):
        return self.get(f"/v1/topics/plan/{change_id}", token=token)

    def post(self, path, body=None, token=None, **options):
        return self.request("POST", path, body=body, token=token, **options)

    def cli_as(self, token, *arguments, **more):
        """The command line against this server."""
        return self.cli(*arguments, SLUICE_URL=f"http://127.0.0.1:{self.port}", SLUICE_TOKEN=token, **more)


def batch(*items, change_id=None, env="dev"):
    """A batch that nothing is wrong with."""
    return {"kind": "TopicBatch", "env": env, "changeId": change_id or unique("change-"),
            "items": list(items) or [{"name": f"{env}.{unique('orders-')}",
                                      "config": {"partitions": 3, "replicationFactor": 1}}]}


class SluiceTestCase(unittest.TestCase):
    """What holds in every test: the log is JSON lines, and no secret is in it."""

    maxDiff = None

    def assert_problem(self, answer, status, code=None):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers.get("content-type"), "application/problem+json", answer)
        problem = answer.json()
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["title"] and problem["detail"] and problem["requestId"], answer)
        self.assertEqual(problem["type"], "urn:sluice:problem:" + problem["code"])
        if code:
            self.assertEqual(problem["code"], code, answer)
        return problem

    def assert_log_is_clean(self, sluice):
        for line in sluice.log:
            self.assertIsInstance(json.loads(line), dict, line)
            for secret in sluice.secrets:
                self.assertNotIn(secret, line)
