"""Whatever is sent: 4xx with a problem document that names what is wrong and where, nothing is kept,
and the server stays up (issue 3, "Bad input"; X3, G2, G22)."""

import json
import socket
import struct
import unittest

from sluice_process import (FreshDatabase, JwtIssuer, Sluice, SluiceTestCase, batch, base64url, unique,
                            wait_until)

MIB = 1024 * 1024
YAML = "application/yaml"
JSON = "application/json"


def head(change_id):
    return f"kind: TopicBatch\nenv: dev\nchangeId: {change_id}\n"


def one_item(change_id, *lines):
    """A YAML batch whose only item has these lines behind its name; the first is line 6."""
    return head(change_id) + "items:\n  - name: dev.orders\n" + "".join(f"    {line}\n" for line in lines)


def config(change_id, entry):
    return one_item(change_id, "config:", "  " + entry)  # the entry is line 7


# name, body from the change id, content type, status, (rule, field, line, column) of each problem
TEXTS = [
    ("empty body, YAML", lambda c: "", YAML, 422, [("empty-document", "", 1, 1)]),
    ("empty body, JSON", lambda c: "", JSON, 422, [("empty-document", "", 1, 1)]),
    ("white space", lambda c: " \n\t\n", YAML, 422, [("empty-document", "", 1, 1)]),
    ("a comment only", lambda c: "# nothing\n", YAML, 422, None),
    ("a comma", lambda c: ",", YAML, 422, [("syntax", "", 1, 1)]),
    ("2 MiB", lambda c: head(c) + "#" * (2 * MIB), YAML, 413, []),
    ("one byte above 1 MiB", lambda c: (head(c) + "#" * MIB)[: MIB + 1], YAML, 413, []),
    ("invalid UTF-8, YAML", lambda c: head(c).encode() + b"x: \xff\n", YAML, 422, [("encoding", "", 4, 4)]),
    ("invalid UTF-8, JSON", lambda c: b'{"kind": "\xc3\x28"}', JSON, 422, [("encoding", "", 1, 11)]),
    ("UTF-16", lambda c: head(c).encode("utf-16"), YAML, 422, [("encoding", "", 1, 1)]),
    ("NUL, YAML", lambda c: head(c) + "x: \0\n", YAML, 422, [("nul", "", 4, 4)]),
    ("NUL, JSON", lambda c: '{"kind": "\0"}', JSON, 422, [("nul", "", 1, 11)]),
    ("escaped NUL, JSON", lambda c: '{"kind": "a\\u0000b"}', JSON, 422, None),
    ("escaped NUL, YAML", lambda c: 'kind: "a\\0b"\n', YAML, 422, None),
    ("half a surrogate", lambda c: '{"kind": "\\ud800"}', JSON, 422, None),
    ("100k lists, JSON", lambda c: "[" * 100_000, JSON, 422, [("too-deep", None, 1, 65)]),
    ("100k lists closed, JSON", lambda c: "[" * 100_000 + "]" * 100_000, JSON, 422, [("too-deep", None, 1, 65)]),
    ("100k maps, JSON", lambda c: '{"a":' * 100_000 + "1" + "}" * 100_000, JSON, 422, [("too-deep", None, 1, 321)]),
    ("100k lists, YAML", lambda c: "[" * 100_000, YAML, 422, [("too-deep", None, 1, 65)]),
    ("100k maps, YAML", lambda c: "{a: " * 100_000, YAML, 422, [("too-deep", None, 1, 257)]),
    ("1,400 block maps, YAML", lambda c: "\n".join(" " * i + "a:" for i in range(1400)), YAML, 422,
     [("too-deep", None, 65, 65)]),
    ("100k block lists, YAML", lambda c: "- " * 100_000, YAML, 422, [("too-deep", None, 1, 129)]),
    ("alias bomb", lambda c: "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)),
     YAML, 422, None),
    ("alias", lambda c: head(c) + "items: &a [*a]\n", YAML, 422, None),
    ("anchor alone", lambda c: head(c) + "items: &a []\n", YAML, 422, None),
    ("merge key", lambda c: "a: &a {x: 1}\n<<: *a\n", YAML, 422, None),
    ("tag", lambda c: head(c) + "items: !!python/object:os.system []\n", YAML, 422, [("tag", "items", 4, 8)]),
    ("local tag", lambda c: head(c) + "items: !include /etc/passwd\n", YAML, 422, [("tag", "items", 4, 8)]),
    ("directive", lambda c: "%YAML 1.1\n---\n" + head(c), YAML, 422, None),
    ("two documents", lambda c: head(c) + "items: []\n---\n" + head(c), YAML, 422, [("several-documents", "", 5, 1)]),
    ("two JSON documents", lambda c: "{}{}", JSON, 422, None),
    ("duplicate key, YAML", lambda c: head(c) + "env: prod\n", YAML, 422, None),
    ("duplicate key, JSON", lambda c: '{"kind": "TopicBatch", "kind": "TopicBatch"}', JSON, 422, None),
    ("duplicate key by escape, JSON", lambda c: '{"env": "dev", "\\u0065nv": "prod"}', JSON, 422, None),
    ("duplicate config", lambda c: one_item(c, "config:", "  retention.ms: 1", "  retention.ms: 2"), YAML, 422, None),
    ("complex key", lambda c: "? [a, b]\n: 1\n", YAML, 422, None),
    ("JSON with a comment", lambda c: '{"kind": "TopicBatch"} // x', JSON, 422, None),
    ("JSON that stops", lambda c: '{"kind": "TopicBatch", "items": [', JSON, 422, None),
    ("NaN, JSON", lambda c: '{"items": NaN}', JSON, 422, None),
    (".nan, YAML", lambda c: head(c) + "items: .nan\n", YAML, 422, None),
    ("a list", lambda c: "[]", JSON, 422, [("type", "", 1, 1)]),
    ("null", lambda c: "null", JSON, 422, [("type", "", 1, 1)]),
    ("a string", lambda c: '"batch"', JSON, 422, [("type", "", 1, 1)]),
    ("an empty map", lambda c: "{}", JSON, 422,
     [("required", field, 1, 1) for field in ("kind", "env", "changeId", "items")]),
    ("unknown field at the top", lambda c: one_item(c) + "colour: blue\n", YAML, 422,
     [("unknown-field", "colour", 6, 1)]),
    ("unknown field of an item", lambda c: one_item(c, "acton: delete"), YAML, 422,
     [("unknown-field", "items[0].acton", 6, 5)]),
    ("unknown field of metadata", lambda c: one_item(c, "metadata:", "  ownr: me"), YAML, 422,
     [("unknown-field", "items[0].metadata.ownr", 7, 7)]),
    ("replication factor in Kafka's spelling", lambda c: config(c, "replication.factor: 3"), YAML, 422,
     [("unknown-field", "items[0].config.replication.factor", 7, 7)]),
    ("partitions as a string", lambda c: config(c, 'partitions: "12"'), YAML, 422,
     [("type", "items[0].config.partitions", 7, 19)]),
    ("partitions as a fraction", lambda c: config(c, "partitions: 1.5"), YAML, 422,
     [("type", "items[0].config.partitions", 7, 19)]),
    ("partitions as a list", lambda c: config(c, "partitions: [1]"), YAML, 422,
     [("type", "items[0].config.partitions", 7, 19)]),
    ("partitions as true", lambda c: config(c, "partitions: true"), YAML, 422,
     [("type", "items[0].config.partitions", 7, 19)]),
    ("no partitions", lambda c: config(c, "partitions: 0"), YAML, 422,
     [("range", "items[0].config.partitions", 7, 19)]),
    ("negative partitions", lambda c: config(c, "partitions: -1"), YAML, 422,
     [("range", "items[0].config.partitions", 7, 19)]),
    ("partitions above int32", lambda c: config(c, "partitions: 2147483648"), YAML, 422,
     [("range", "items[0].config.partitions", 7, 19)]),
    ("partitions that wrap around to 1", lambda c: config(c, "partitions: 4294967297"), YAML, 422,
     [("range", "items[0].config.partitions", 7, 19)]),
    ("partitions above int64", lambda c: config(c, "partitions: 18446744073709551617"), YAML, 422,
     [("number", None, 7, 19)]),
    ("partitions of 100 digits", lambda c: config(c, "partitions: " + "9" * 100), YAML, 422,
     [("number", None, 7, 19)]),
    ("replication factor as a string", lambda c: config(c, 'replicationFactor: "3"'), YAML, 422,
     [("type", "items[0].config.replicationFactor", 7, 26)]),
    ("negative replication factor", lambda c: config(c, "replicationFactor: -3"), YAML, 422,
     [("range", "items[0].config.replicationFactor", 7, 26)]),
    ("replication factor above int16", lambda c: config(c, "replicationFactor: 65537"), YAML, 422,
     [("range", "items[0].config.replicationFactor", 7, 26)]),
    ("empty config", lambda c: config(c, 'retention.ms: ""'), YAML, 422,
     [("empty", "items[0].config.retention.ms", 7, 21)]),
    ("config as a list", lambda c: config(c, "cleanup.policy: [compact]"), YAML, 422,
     [("type", "items[0].config.cleanup.policy", 7, 23)]),
    ("empty change id", lambda c: 'kind: TopicBatch\nenv: dev\nchangeId: ""\nitems: [{name: dev.a}]\n', YAML, 422,
     [("empty", "changeId", 3, 11)]),
    ("blank change id", lambda c: 'kind: TopicBatch\nenv: dev\nchangeId: " \\t "\nitems: [{name: dev.a}]\n', YAML,
     422, [("empty", "changeId", 3, 11)]),
    ("change id with a slash", lambda c: "kind: TopicBatch\nenv: dev\nchangeId: ../../x\nitems: [{name: dev.a}]\n",
     YAML, 422, [("pattern", "changeId", 3, 11)]),
    ("change id as a number", lambda c: "kind: TopicBatch\nenv: dev\nchangeId: 17\nitems: [{name: dev.a}]\n", YAML,
     422, [("type", "changeId", 3, 11)]),
    ("unknown environment", lambda c: head(c).replace("dev", "qa") + "items: [{name: qa.a}]\n", YAML, 422,
     [("choice", "env", 2, 6)]),
    ("another kind", lambda c: head(c).replace("TopicBatch", "SchemaBatch") + "items: [{name: dev.a}]\n", YAML, 422,
     [("choice", "kind", 1, 7)]),
    ("empty name", lambda c: head(c) + 'items: [{name: ""}]\n', YAML, 422, [("empty", "items[0].name", 4, 16)]),
    ("blank name", lambda c: head(c) + 'items: [{name: "   "}]\n', YAML, 422, [("empty", "items[0].name", 4, 16)]),
    ("name with a control character", lambda c: head(c) + 'items: [{name: "dev.a\\x07"}]\n', YAML, 422,
     [("pattern", "items[0].name", 4, 16)]),
    ("name of two dots", lambda c: head(c) + "items: [{name: ..}]\n", YAML, 422, [("pattern", "items[0].name", 4, 16)]),
    ("name of 250 characters", lambda c: head(c) + f"items: [{{name: dev.{'a' * 246}}}]\n", YAML, 422,
     [("too-long", "items[0].name", 4, 16)]),
    ("name of 100,000 characters", lambda c: head(c) + f"items: [{{name: {'a' * 100_000}}}]\n", YAML, 422,
     [("too-long", "items[0].name", 4, 16)]),
    ("key of 100,000 characters", lambda c: one_item(c, "a" * 100_000 + ": 1"), YAML, 422, None),
    ("name of another environment", lambda c: head(c) + "items: [{name: prod.a}]\n", YAML, 422,
     [("environment", "items[0].name", 4, 16)]),
    ("the same name twice", lambda c: head(c) + "items:\n- name: dev.a\n- name: dev.a\n", YAML, 422,
     [("duplicate", "items[1].name", 6, 9)]),
    ("the same name twice once trimmed", lambda c: head(c) + 'items:\n- name: dev.a\n- name: " dev.a "\n', YAML, 422,
     [("duplicate", "items[1].name", 6, 9)]),
    ("an empty list", lambda c: head(c) + "items: []\n", YAML, 422, [("too-few", "items", 4, 8)]),
    ("1,001 items", lambda c: json.dumps(batch(*[{"name": f"dev.t{i}"} for i in range(1001)], change_id=c)), JSON,
     422, [("too-many", "items", 1, None)]),
    ("items as a map", lambda c: head(c) + "items: {name: dev.a}\n", YAML, 422, [("type", "items", 4, 8)]),
    ("an item that is no map", lambda c: head(c) + "items: [dev.a]\n", YAML, 422, [("type", "items[0]", 4, 9)]),
    ("a delete with a config", lambda c: one_item(c, "action: delete", "config:", "  partitions: 1"), YAML, 422,
     [("not-allowed", "items[0].config", None, None)]),
    ("a wrong action", lambda c: one_item(c, "action: DROP"), YAML, 422, [("choice", "items[0].action", 6, 13)]),
]


class BadInputTest(SluiceTestCase):
    @classmethod
    def setUpClass(cls):
        cls.database = FreshDatabase()
        cls.addClassCleanup(cls.database.drop)
        cls.issuer = JwtIssuer()
        cls.sluice = Sluice({"rate_limit": {"max": 1_000_000}}, cls.database.url())
        cls.addClassCleanup(cls.sluice.stop)
        jwks = cls.sluice.folder / "jwks.json"
        jwks.write_text(json.dumps(cls.issuer.jwks()), encoding="utf-8")
        cls.sluice.config["auth"] = {"issuer": cls.issuer.ISSUER, "audience": cls.issuer.AUDIENCE,
                                     "jwks_file": str(jwks)}
        cls.token = cls.issuer.token("admin")
        cls.sluice.secrets += [cls.token, base64url(cls.issuer.secret), cls.database.password()]
        cls.sluice.start()

    def tearDown(self):
        self.assertFalse(self.sluice.ended(), self.sluice.last_words())
        self.assertEqual(self.sluice.get("/health/live").status, 200)
        self.assert_log_is_clean(self.sluice)

    def assert_nothing_kept(self, change_id):
        self.assert_problem(self.sluice.plan(change_id, self.token), 404, "plan.not-found")

    # --- the text -----------------------------------------------------------------------------

    def test_each_wrong_text_is_refused_with_its_place(self):
        for name, body_of, content_type, status, expected in TEXTS:
            with self.subTest(name):
                change_id = unique("bad-")
                body = body_of(change_id)
                answer = self.sluice.dry_run(body if isinstance(body, bytes) else body.encode(), self.token,
                                             content_type)
                self.assert_problem(answer, status)
                self.assert_places(answer, status, expected)
                self.assert_nothing_kept(change_id)
                self.assertEqual(self.sluice.get("/health/live").status, 200)

    def assert_places(self, answer, status, expected):
        problems = answer.problems()
        for problem in problems:
            self.assertTrue(problem["rule"] and problem["message"], problem)
            self.assertGreaterEqual(problem["line"], 1, problem)
            self.assertGreaterEqual(problem["column"], 1, problem)
        if expected is None:
            self.assertTrue(problems, answer)
            return
        self.assertEqual(len(problems), len(expected), answer)
        for problem, wanted in zip(problems, expected):
            found = (problem["rule"], problem["field"], problem["line"], problem["column"])
            self.assertEqual(tuple(f if w is not None else None for f, w in zip(found, wanted)), wanted, answer)

    def test_all_problems_are_named_at_once(self):
        change_id = unique("bad-")
        text = (f"kind: TopicBatch\nenv: dev\nchangeId: {change_id}\ncolour: blue\nitems:\n"
                "  - name: ''\n"
                "    config: {partitions: '1', replicationFactor: -1, nope.: [1]}\n"
                "  - name: dev.a\n"
                "    acton: delete\n"
                "  - name: dev.a\n"
                "  - {}\n")
        answer = self.sluice.dry_run(text, self.token)
        self.assert_problem(answer, 422, "batch.invalid")
        self.assertEqual([(p["field"], p["rule"], p["line"]) for p in answer.problems()], [
            ("colour", "unknown-field", 4),
            ("items[0].name", "empty", 6),
            ("items[0].config.partitions", "type", 7),
            ("items[0].config.replicationFactor", "range", 7),
            ("items[0].config.nope.", "type", 7),
            ("items[1].acton", "unknown-field", 9),
            ("items[2].name", "duplicate", 10),
            ("items[3].name", "required", 11)])
        self.assert_nothing_kept(change_id)

    def test_the_answer_to_a_hostile_batch_is_bounded(self):
        items = [{"name": "dev.same", "x" * 200: 1, "y": 2, "z": 3} for _ in range(1000)]
        answer = self.sluice.dry_run(batch(*items), self.token, JSON)
        self.assert_problem(answer, 422, "batch.invalid")
        self.assertLessEqual(len(answer.problems()), 1001)
        self.assertLess(len(answer.body), MIB)

    def test_strings_are_trimmed_and_configs_take_any_scalar(self):
        change_id, name = unique("good-"), "dev." + unique("orders-")
        answer = self.sluice.dry_run({"kind": " TopicBatch ", "env": "\tdev", "changeId": f"  {change_id}\n", "items": [
            {"name": f" {name} ", "metadata": {"owner": " me "}, "config": {
                "partitions": 1, "replicationFactor": 1, "retention.ms": 86400000, "cleanup.policy": " delete ",
                "unclean.leader.election.enable": False, "min.cleanable.dirty.ratio": 0.25}}]}, self.token, JSON)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["changeId"], change_id)
        self.assertEqual(answer.json()["plan"][0]["name"], name)
        self.assertEqual(self.sluice.plan(change_id, self.token).json()["digest"], answer.json()["digest"])

    # --- the envelope -------------------------------------------------------------------------

    def test_a_wrong_content_type_is_refused(self):
        for content_type in ("text/plain", "application/jsonx", "multipart/form-data; boundary=x", "json", "",
                             "application/x-www-form-urlencoded"):
            with self.subTest(content_type):
                wanted = batch()
                answer = self.sluice.dry_run(wanted, self.token, content_type)
                self.assert_problem(answer, 415, "http.content-type")
                self.assert_nothing_kept(wanted["changeId"])

    def test_a_missing_content_type_is_refused(self):
        answer = self.sluice.request("POST", "/v1/topics/batch/dry-run", body=json.dumps(batch()), token=self.token)
        self.assert_problem(answer, 415, "http.content-type")

    def test_content_types_are_compared_as_http_says(self):
        for content_type in ("application/json; charset=utf-8", "Application/JSON"):
            with self.subTest(content_type):
                self.assertEqual(self.sluice.dry_run(batch(), self.token, content_type).status, 200)

    def test_a_missing_or_malformed_request_id_is_refused(self):
        cases = [(None, "request-id.missing"), ("", "request-id.missing"), ("a b", "request-id.malformed"),
                 ("x" * 129, "request-id.malformed"), ("<script>", "request-id.malformed"),
                 ("a\tb", "request-id.malformed")]
        for given, code in cases:
            with self.subTest(given):
                wanted = batch()
                answer = self.sluice.dry_run(wanted, self.token, JSON, headers={"x-request-id": given})
                problem = self.assert_problem(answer, 400, code)
                self.assertNotEqual(problem["requestId"], given)
                self.assertEqual(answer.headers["x-request-id"], problem["requestId"])
                self.assert_nothing_kept(wanted["changeId"])

    def test_a_method_or_path_that_is_not_there(self):
        self.assert_problem(self.sluice.request("PUT", "/v1/topics/batch/dry-run", token=self.token), 405)
        self.assert_problem(self.sluice.get("/v1/nothing/here/at-all", token=self.token), 404, "http.no-route")
        for path in ("/v1/topics/plan/%00", "/v1/topics/plan/%ff", "/v1/topics/%0d%0aset-cookie:x"):
            with self.subTest(path):
                self.assert_problem(self.sluice.get(path, token=self.token), 400, "http.target-characters")
        self.assert_problem(self.sluice.get("/v1/topics/" + "a" * 5000, token=self.token), 404)
        self.assert_problem(self.sluice.get("/v1/topics/" + "a" * 9000, token=self.token), 414)

    def test_a_wrong_revision_is_refused(self):
        for revision in ("0", "-1", "1.0", "x", "99999999999999999999", "1%20", ""):
            with self.subTest(revision):
                answer = self.sluice.get(f"/v1/topics/plan/x?revision={revision}", token=self.token)
                self.assert_problem(answer, 422, "request.invalid")
                self.assertEqual(answer.problems()[0]["field"], "revision")

    # --- framing, as no proper client sends it ------------------------------------------------

    def raw(self, *pieces):
        """The status line's code of what comes back, or None where the server just closes."""
        with socket.create_connection(("127.0.0.1", self.sluice.port), timeout=60) as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except ConnectionResetError:
                pass
        return int(received.split(b" ", 2)[1]) if received else None

    def test_malformed_framing_is_refused(self):
        start = b"POST /v1/topics/batch/dry-run HTTP/1.1\r\nhost: x\r\nx-request-id: 1\r\n"
        cases = {
            "both length and chunked": start + b"content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "two lengths": start + b"content-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
            "signed length": start + b"content-length: +3\r\n\r\nabc",
            "negative length": start + b"content-length: -3\r\n\r\nabc",
            "length above int64": start + b"content-length: 18446744073709551616\r\n\r\nabc",
            "bare LF": start.replace(b"\r\n", b"\n") + b"\n",
            "obs-fold": start + b"x: 1\r\n 2\r\n\r\n",
            "space before the colon": start + b"content-length : 3\r\n\r\nabc",
            "NUL in a header": start + b"x: \0\r\n\r\n",
            "no host": b"GET /health/live HTTP/1.1\r\n\r\n",
            "HTTP/9": b"GET /health/live HTTP/9.9\r\nhost: x\r\n\r\n",
            "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64 + b"\r\n\r\n",
            "bad chunk size": start + b"transfer-encoding: chunked\r\n\r\nxyz\r\n",
            "huge chunk size": start + b"transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
            "header flood": start + b"".join(b"a%d: 1\r\n" % i for i in range(200)) + b"\r\n",
            "head of 64 KiB": start + b"a: " + b"x" * 65536 + b"\r\n\r\n",
        }
        for name, request in cases.items():
            with self.subTest(name):
                self.assertIn(self.raw(request), range(400, 506), name)
                self.assertEqual(self.sluice.get("/health/live").status, 200)

    def test_a_chunked_body_without_end_is_cut_off(self):
        token = self.token.encode()
        start = (b"POST /v1/topics/batch/dry-run HTTP/1.1\r\nhost: x\r\nx-request-id: 1\r\ncontent-type: " + YAML.encode()
                 + b"\r\nauthorization: Bearer " + token + b"\r\ntransfer-encoding: chunked\r\n\r\n")
        self.assertEqual(self.raw(start, *[b"10000\r\n" + b"#" * 65536 + b"\r\n"] * 40), 413)

    def test_connections_cut_in_the_middle_leave_the_server_up(self):
        start = b"POST /v1/topics/batch/dry-run HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n"
        for cut in range(0, len(start), 7):
            with socket.create_connection(("127.0.0.1", self.sluice.port), timeout=60) as connection:
                connection.sendall(start[:cut])
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST
        self.assertEqual(self.sluice.get("/health/live").status, 200)

    # --- who asks -----------------------------------------------------------------------------

    def tampered(self, **claims):
        header, _, signature = self.issuer.token("viewer").split(".")
        payload = {"iss": self.issuer.ISSUER, "aud": self.issuer.AUDIENCE, "sub": "kim@example.com", "role": "admin",
                   "exp": 4_000_000_000, **claims}
        return f"{header}.{base64url(json.dumps(payload).encode())}.{signature}"

    def test_tokens_that_do_not_count(self):
        token, good = self.issuer.token, self.token
        header, claims, signature = good.split(".")
        cases = [
            ("expired", token(exp=1_700_000_000), "auth.expired"),
            ("without an expiry", token(exp=None), "auth.malformed"),
            ("not valid yet", token(nbf=4_000_000_000), "auth.not-yet-valid"),
            ("for another audience", token(aud="other"), "auth.audience"),
            ("for nobody", token(aud=None), "auth.audience"),
            ("from another issuer", token(iss="https://evil.test/"), "auth.issuer"),
            ("alg none, no signature", ".".join(token(header={"alg": "none"}).split(".")[:2]) + ".", "auth.algorithm"),
            ("alg None", token(header={"alg": "None"}), "auth.algorithm"),
            ("another algorithm", token(header={"alg": "RS256"}), "auth.algorithm"),
            ("HS512", token(header={"alg": "HS512"}), "auth.algorithm"),
            ("signed with another key", token(secret=b"x" * 32), "auth.signature"),
            ("signed with an empty key", token(secret=b""), "auth.signature"),
            ("claims swapped", self.tampered(), "auth.signature"),
            ("without a signature", f"{header}.{claims}.", "auth.signature"),
            ("signature cut", good[:-2], None),
            ("last character changed", good[:-1] + ("A" if good[-1] != "A" else "B"), None),
            ("unknown key", token(header={"kid": "other"}), None),
            ("as a service token", token(sub="token:ci"), "auth.malformed"),
            ("critical extension", token(header={"crit": ["x"]}), None),
            ("two parts", f"{header}.{claims}", None),
            ("rubbish", "rubbish", None),
            ("of 20,000 characters", "a" * 20_000, None),
            ("service token that was never issued", "slc_" + "0" * 60, None),
        ]
        for name, wrong, code in cases:
            with self.subTest(name):
                wanted = batch()
                answer = self.sluice.dry_run(wanted, wrong, JSON)
                self.assert_problem(answer, 401, code)
                self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"), answer)
                self.assertNotIn(wrong.encode()[:200], answer.body)
                self.assert_nothing_kept(wanted["changeId"])

    def test_no_token_and_other_schemes(self):
        for header in (None, "", "Bearer", "Bearer ", f"Basic {base64url(b'admin:admin')}", self.token,
                       f"Token {self.token}"):
            with self.subTest(header and header[:12]):
                answer = self.sluice.dry_run(batch(), None, JSON, headers={"authorization": header})
                self.assert_problem(answer, 401)

    def test_a_viewer_may_not_do_what_an_editor_may(self):
        viewer = self.issuer.token("viewer")
        wanted = batch()
        self.assert_problem(self.sluice.dry_run(wanted, viewer, JSON), 403, "auth.forbidden")
        self.assert_nothing_kept(wanted["changeId"])
        self.assert_problem(self.sluice.plan(wanted["changeId"], viewer), 404)

    def test_a_token_without_a_role_may_nothing(self):
        for role in (None, "root", ["owner"]):
            with self.subTest(role):
                token = self.issuer.token(role)
                self.assert_problem(self.sluice.dry_run(batch(), token, JSON), 403)
                self.assert_problem(self.sluice.plan("x", token), 403)

    def test_a_grant_covers_its_environment_and_names_only(self):
        _, token = self.sluice.issue_token("editor", "--env", "dev", "--names", "dev.orders.*")
        self.assertEqual(self.sluice.dry_run(batch({"name": "dev.orders.a"}), token, JSON).status, 200)
        for wanted in (batch({"name": "dev.other.a"}), batch({"name": "prod.orders.a"}, env="prod"),
                       batch({"name": "dev.orders.a"}, {"name": "dev.ordersx"})):
            with self.subTest(wanted["items"]):
                self.assert_problem(self.sluice.dry_run(wanted, token, JSON), 403, "auth.forbidden")
                self.assert_nothing_kept(wanted["changeId"])

    def test_a_plan_is_not_there_for_who_may_not_read_its_topics(self):
        wanted = batch()
        self.assertEqual(self.sluice.dry_run(wanted, self.token, JSON).status, 200)
        _, other = self.sluice.issue_token("viewer", "--env", "dev", "--names", "dev.elsewhere.*")
        self.assert_problem(self.sluice.plan(wanted["changeId"], other), 404, "plan.not-found")

    def test_a_revoked_token_is_refused_soon(self):
        token_id, token = self.sluice.issue_token("editor")
        self.assertEqual(self.sluice.dry_run(batch(), token, JSON).status, 200)
        self.assertEqual(self.sluice.cli("token", "revoke", token_id).returncode, 0)
        refused = wait_until(lambda: (a := self.sluice.plan("x", token)).status == 401 and a,
                             "the revoked token is refused", seconds=5)
        self.assert_problem(refused, 401, "auth.revoked")

    def test_an_expired_service_token_is_refused(self):
        _, token = self.sluice.issue_token("editor", "--ttl", "1s")
        refused = wait_until(lambda: (a := self.sluice.plan("x", token)).status == 401 and a, "the token expires")
        self.assert_problem(refused, 401, "auth.expired")


class BadPolicyTest(SluiceTestCase):
    """A policy set that can't be used stops the start, with the file and the place."""

    def start_with(self, policies):
        sluice = Sluice()
        self.addCleanup(sluice.stop)
        file = sluice.folder / "policies.yaml"
        file.write_bytes(policies)
        sluice.config["governance"]["policies_file"] = str(file)
        finished = sluice.cli("serve")
        self.assertEqual(finished.returncode, 1, finished.stderr)
        self.assertIn(str(file), finished.stderr)
        return finished.stderr

    def test_a_pattern_that_would_take_exponential_time_elsewhere(self):
        for pattern in ("(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a|aa)+", "(.*)*x", "((a*)*)*"):
            with self.subTest(pattern):
                said = self.start_with(b"kind: PolicySet\nversion: '1'\nenvironments: [dev]\nrules:\n"
                                       b"  - rule: naming.pattern\n    pattern: '" + pattern.encode() + b"'\n")
                self.assertIn("line 6, column 14", said)
                self.assertIn("rules[0].pattern", said)

    def test_a_pattern_that_is_none_or_too_long(self):
        for pattern in ("(", "(?=a)b", r"(a)\1", "a" * 201, "a{1000}{1000}"):
            with self.subTest(pattern[:20]):
                said = self.start_with(b"kind: PolicySet\nversion: '1'\nenvironments: [dev]\nrules:\n"
                                       b"  - rule: naming.pattern\n    pattern: '" + pattern.encode() + b"'\n")
                self.assertIn("line 6, column 14", said)

    def test_text_that_is_no_policy_set(self):
        for policies in (b"", b",", b"\xff", b"[" * 100_000, b"a: &a [*a]\n", b"kind: PolicySet\n---\n{}\n"):
            with self.subTest(policies[:20]):
                self.assertRegex(self.start_with(policies), r"line \d+, column \d+")


if __name__ == "__main__":
    unittest.main()
