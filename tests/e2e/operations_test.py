"""Operated as on a bad day: servers that hang, go away or come late, signals, limits, logs, metrics
(issue 3, "Operations"; X4, X5, X6, G26)."""

import http.client
import json
import re
import signal
import socket
import threading
import unittest

from sluice_process import (FreshDatabase, JwtIssuer, Sluice, SluiceTestCase, batch, server_address, unique,
                            wait_until)
from tcp_proxy import TcpProxy

JSON = "application/json"
RFC3339 = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class OperationsTestCase(SluiceTestCase):
    def sluice(self, config=None, database_url=None):
        """Not started yet; takes JWTs of self.issuer beside service tokens."""
        sluice = Sluice(config, database_url)
        self.addCleanup(self.stop, sluice)
        self.issuer = JwtIssuer()
        jwks = sluice.folder / "jwks.json"
        jwks.write_text(json.dumps(self.issuer.jwks()), encoding="utf-8")
        sluice.config.setdefault("auth", {}).update(
            {"issuer": self.issuer.ISSUER, "audience": self.issuer.AUDIENCE, "jwks_file": str(jwks)})
        self.token = self.issuer.token("admin")
        sluice.secrets.append(self.token)
        return sluice

    def stop(self, sluice):
        sluice.stop()
        self.assert_log_is_clean(sluice)

    def database(self):
        database = FreshDatabase()
        self.addCleanup(database.drop)
        return database

    def proxy(self, target, mode="pass"):
        proxy = TcpProxy(target, mode)
        self.addCleanup(proxy.close)
        return proxy

    def checks(self, sluice):
        """name → check, of a server that says it is not ready."""
        answer = sluice.get("/health/ready", timeout=10)
        report = answer.json()
        self.assertEqual(report["status"], "ready" if answer.status == 200 else "not-ready", answer)
        self.assertIn(answer.status, (200, 503))
        return {check["name"]: check for check in report["checks"]}

    def wait_in_flight(self, sluice, count):
        def reached():
            page = sluice.get("/metrics", token=self.token).body.decode()
            # The one that asks is in flight, too.
            return float(re.search(r"(?m)^http_in_flight (\S+)$", page).group(1)) > count
        wait_until(reached, f"{count} requests are in flight")

    def wait_not_ready(self, sluice, name):
        wait_until(lambda: self.checks(sluice)[name]["status"] != "ok", f"{name} is seen to be away")
        check = wait_until(lambda: (c := self.checks(sluice)[name])["status"] in ("failing", "no-answer") and c,
                           f"{name} is named")
        self.assertEqual(sluice.get("/health/ready").status, 503)
        self.assertRegex(check["since"], RFC3339)
        self.assertTrue(check["message"], check)
        self.assertEqual(sluice.get("/health/live", timeout=10).status, 200)
        return check


class SqliteTest(OperationsTestCase):
    def test_the_slice_without_a_database_server(self):
        sluice = self.sluice()
        _, token = sluice.issue_token("editor")
        sluice.start()
        wanted = batch()
        first = sluice.dry_run(wanted, token, JSON)
        self.assertEqual(first.status, 200, first)
        self.assertEqual(sluice.end(), 0)
        sluice.start()
        kept = sluice.plan(wanted["changeId"], token)
        self.assertEqual(kept.status, 200, kept)
        self.assertEqual(kept.json()["digest"], first.json()["digest"])
        again = sluice.dry_run(wanted, token, JSON).json()
        self.assertEqual((again["revision"], again["digest"]), (2, first.json()["digest"]))

    def test_a_plan_survives_kill_9(self):
        sluice = self.sluice().start()
        wanted = batch()
        digest = sluice.dry_run(wanted, self.token, JSON).json()["digest"]
        sluice.kill()
        sluice.start()
        self.assertEqual(sluice.plan(wanted["changeId"], self.token).json()["digest"], digest)

    def test_one_process_owns_the_file(self):
        sluice = self.sluice().start()
        for command in (["serve"], ["token", "list"], ["migrate", "status"]):
            with self.subTest(command):
                second = sluice.cli(*command)
                self.assertEqual(second.returncode, 1, second.stderr)
                self.assertIn("sqlite.locked", second.stderr)
                self.assertIn(str(sluice.process.pid), second.stderr)
        self.assertEqual(sluice.get("/health/ready").status, 200)


class DatabaseAwayTest(OperationsTestCase):
    def setUp(self):
        database = self.database()
        self.server = self.proxy(database.address())
        self.served = self.sluice({"database": {"call_deadline_ms": 1000, "connect_deadline_ms": 1000}},
                                  database.url(self.server.address))
        self.served.secrets.append(database.password())

    def dry_run_fails_and_keeps_nothing(self):
        wanted = batch()
        answer = self.served.dry_run(wanted, self.token, JSON)
        self.assertIn(answer.status, (503, 504), answer)
        self.assert_problem(answer, answer.status)
        return wanted["changeId"]

    def test_a_database_that_hangs_does_not_kill_liveness(self):
        self.served.start()
        self.server.freeze()
        self.wait_not_ready(self.served, "postgres")
        since = self.checks(self.served)["postgres"]["since"]
        change_id = self.dry_run_fails_and_keeps_nothing()
        self.assertEqual(self.checks(self.served)["postgres"]["since"], since)
        self.assertEqual(self.checks(self.served)["kafka"]["status"], "ok")
        self.server.allow()
        self.served.wait_ready()
        self.assert_problem(self.served.plan(change_id, self.token), 404)
        self.assertEqual(self.served.dry_run(batch(), self.token, JSON).status, 200)

    def test_health_answers_while_every_worker_waits_for_the_database(self):
        self.served.start()
        self.server.freeze()
        waiting = [threading.Thread(target=self.served.dry_run, args=(batch(), self.token, JSON), daemon=True)
                   for _ in range(20)]
        for thread in waiting:
            thread.start()
        self.wait_in_flight(self.served, len(waiting))
        for _ in range(50):
            self.assertEqual(self.served.get("/health/live", timeout=10).status, 200)
            self.assertIn(self.served.get("/health/ready", timeout=10).status, (200, 503))
        for thread in waiting:
            thread.join(timeout=60)
            self.assertFalse(thread.is_alive())
        self.server.allow()
        self.served.wait_ready()

    def test_a_database_that_breaks_and_comes_back(self):
        self.served.start()
        for _ in range(2):
            self.server.refuse()
            self.wait_not_ready(self.served, "postgres")
            self.dry_run_fails_and_keeps_nothing()
            self.server.allow()
            self.served.wait_ready()
            self.assertEqual(self.served.dry_run(batch(), self.token, JSON).status, 200)

    def test_a_database_that_is_away_at_the_start(self):
        for away in (self.server.refuse, self.server.freeze):
            with self.subTest(away.__name__):
                away()
                self.served.start(ready=False)
                self.wait_not_ready(self.served, "postgres")
                self.dry_run_fails_and_keeps_nothing()
                self.server.allow()
                self.served.wait_ready()
                self.assertEqual(self.served.dry_run(batch(), self.token, JSON).status, 200)
                self.assertEqual(self.served.end(), 0)

    def test_a_service_token_can_not_be_checked_while_the_database_is_away(self):
        _, token = self.served.issue_token("viewer")
        self.served.start()
        self.server.freeze()
        answer = self.served.plan("x", token)
        self.assert_problem(answer, 503)
        self.assertIn("retry-after", answer.headers)


class KafkaAwayTest(OperationsTestCase):
    def test_kafka_that_comes_late(self):
        host, port = server_address("SLUICE_TEST_KAFKA").split(":")
        broker = self.proxy((host, int(port)), "refuse")
        served = self.sluice({"kafka": {"properties": {"bootstrap.servers": broker.address}},
                              "server": {"request_deadline_ms": 3000}})
        served.start(ready=False)
        self.wait_not_ready(served, "kafka")
        wanted = batch()
        answer = served.dry_run(wanted, self.token, JSON)
        self.assertIn(answer.status, (503, 504), answer)
        self.assert_problem(answer, answer.status)
        self.assert_problem(served.plan(wanted["changeId"], self.token), 404)
        self.assertIn(served.get("/v1/topics/dev.a", token=self.token).status, (503, 504))
        page = served.get("/metrics", token=self.token).body.decode()
        self.assertRegex(page, r'(?m)^kafka_api_errors_total\{[^}]+\} [1-9]')
        broker.allow()
        served.wait_ready()
        self.assertEqual(served.dry_run(batch(), self.token, JSON).status, 200)
        self.assertEqual(served.end(), 0)

    def test_a_wrong_password_is_named_but_not_shown(self):
        secret = unique("wrong-password-")
        served = self.sluice({"kafka": {"properties": {
            "bootstrap.servers": server_address("SLUICE_TEST_KAFKA_SASL"), "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "alice", "sasl.password": secret}}})
        served.secrets.append(secret)
        served.start(ready=False)
        check = self.wait_not_ready(served, "kafka")
        self.assertNotIn(secret, json.dumps(check))
        for command in (["doctor"], ["config", "print"]):
            said = served.cli(*command)
            self.assertNotIn(secret, said.stdout + said.stderr)
        self.assertEqual(served.end(), 0)


class StopTest(OperationsTestCase):
    def setUp(self):
        database = self.database()
        self.server = self.proxy(database.address())
        self.url = database.url(self.server.address)

    def start_a_dry_run_that_waits(self, served):
        """Its thread, and the list that its answer goes to."""
        answers = []
        self.assertEqual(served.dry_run(batch(), self.token, JSON).status, 200)  # connections are open
        self.server.freeze()

        def ask():
            try:
                answers.append(served.dry_run(batch(), self.token, JSON))
            except (OSError, http.client.HTTPException) as cut_off:
                answers.append(cut_off)
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        self.wait_in_flight(served, 1)
        return thread, answers

    def test_sigterm_lets_a_dry_run_finish(self):
        for name in ("SIGTERM", "SIGINT"):
            with self.subTest(name):
                self.server.allow()
                served = self.sluice(database_url=self.url).start()
                thread, answers = self.start_a_dry_run_that_waits(served)
                served.process.send_signal(getattr(signal, name))
                wait_until(lambda: served.line("stopping"), "it stops")
                self.server.allow()
                thread.join(timeout=60)
                self.assertEqual([answer.status for answer in answers], [200])
                self.assertEqual(served.wait(), 0)
                self.assertTrue(served.line("stopped"))

    def test_a_request_that_never_ends_does_not_hold_up_the_stop(self):
        served = self.sluice({"server": {"drain_ms": 200}}, self.url).start()
        thread, _ = self.start_a_dry_run_that_waits(served)
        served.terminate()
        self.assertEqual(served.wait(), 0)
        thread.join(timeout=60)
        self.assertFalse(thread.is_alive())

    def test_idle_connections_do_not_hold_up_the_stop(self):
        served = self.sluice({"server": {"drain_ms": 3_600_000}}).start()
        with socket.create_connection(("127.0.0.1", served.port), timeout=60) as idle:
            idle.sendall(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
            self.assertTrue(idle.recv(4096).startswith(b"HTTP/1.1 200"))
            served.terminate()
            self.assertEqual(served.wait(), 0)
            self.assertEqual(idle.recv(4096), b"")

    def test_it_can_be_stopped_while_its_database_is_away(self):
        self.server.freeze()
        served = self.sluice({"database": {"connect_deadline_ms": 500}}, self.url).start(ready=False)
        served.terminate()
        self.assertEqual(served.wait(), 0)


class StartTest(OperationsTestCase):
    def test_a_port_that_is_taken_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for section in ("server", "metrics"):
                with self.subTest(section):
                    finished = self.sluice({section: {"port": port}}).cli("serve")
                    self.assertEqual(finished.returncode, 1, finished.stderr)
                    self.assertIn(str(port), finished.stderr)

    def test_what_is_missing_is_named(self):
        cases = [({"governance": {"policies_file": "/does/not/exist.yaml"}}, "/does/not/exist.yaml"),
                 ({"auth": {"jwks_file": "/does/not/exist.json"}}, "/does/not/exist.json"),
                 ({"database": {"sqlite_path": "/does/not/exist/sluice.db"}}, "/does/not/exist"),
                 ({"kafka": {"properties": {"bootstrap.servers": "x:1", "no.such": "1"}}}, "no.such")]
        for config, named in cases:
            with self.subTest(named):
                sluice = Sluice(config)
                self.addCleanup(sluice.stop)
                finished = sluice.cli("serve")
                self.assertEqual(finished.returncode, 1, finished.stderr)
                self.assertIn(named, finished.stderr)

    def test_two_servers_share_a_fresh_database(self):
        url = self.database().url()
        servers = [self.sluice(database_url=url) for _ in range(2)]
        for sluice in servers:
            sluice.launch()
        for sluice in servers:
            sluice.port = int(wait_until(lambda s=sluice: s.line("serving"), "serving")["address"].rsplit(":", 1)[1])
            sluice.wait_ready()
        _, token = servers[0].issue_token("editor")
        wanted = batch()
        self.assertEqual(servers[0].dry_run(wanted, token, JSON).status, 200)
        self.assertEqual(servers[1].plan(wanted["changeId"], token).status, 200)


    def test_many_dry_runs_of_one_change_at_once(self):
        for url in (None, self.database().url()):
            with self.subTest(url and "postgres" or "sqlite"):
                served = self.sluice(database_url=url).start()
                wanted, answers = batch(), []
                threads = [threading.Thread(target=lambda: answers.append(served.dry_run(wanted, self.token, JSON)))
                           for _ in range(16)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join(timeout=60)
                self.assertEqual({answer.status for answer in answers}, {200})
                self.assertEqual(sorted(answer.json()["revision"] for answer in answers), list(range(1, 17)))
                self.assertEqual(len({answer.json()["digest"] for answer in answers}), 1)

    def test_a_schema_that_is_pending_or_newer_stops_the_start(self):
        database = self.database()
        served = self.sluice({"database": {"migrate_on_start": False}}, database.url())
        finished = served.cli("serve")
        self.assertEqual(finished.returncode, 1, finished)
        self.assertIn("sluice migrate up", finished.stderr)
        self.assertEqual(served.cli("migrate", "up").returncode, 0)
        served.start()
        self.assertEqual(served.end(), 0)
        database.run("INSERT INTO sluice.schema_migrations SELECT 9999, 'from the future', checksum, 9999, "
                     "applied_at_ms FROM sluice.schema_migrations WHERE version = 1")
        finished = served.cli("serve")
        self.assertEqual(finished.returncode, 1, finished)
        self.assertIn("9999", finished.stderr)

    def test_a_wrong_database_password_is_named_but_not_shown(self):
        secret = unique("wrong-password-")
        database = self.database()
        served = self.sluice(database_url=database.url().replace(database.password(), secret))
        served.secrets.append(secret)
        for command in (["doctor"], ["migrate", "status"], ["token", "list"]):
            with self.subTest(command):
                finished = served.cli(*command)
                self.assertEqual(finished.returncode, 1, finished)
                self.assertIn("password", finished.stdout + finished.stderr)
                self.assertNotIn(secret, finished.stdout + finished.stderr)
        served.start(ready=False)
        check = self.wait_not_ready(served, "postgres")
        self.assertIn("password", check["message"])
        self.assertNotIn(secret, json.dumps(check))

    def test_a_key_file_that_breaks_while_it_serves_keeps_the_last_keys(self):
        served = self.sluice().start()
        file = served.folder / "jwks.json"
        self.assertEqual(served.plan("x", self.token).status, 404)
        file.write_text("{", encoding="utf-8")
        wait_until(lambda: served.line("key file not usable, keeping the last keys") or
                   served.plan("x", self.issuer.token(sub=unique("someone-"))).status != 404, "the file is looked at")
        self.assertEqual(served.plan("x", self.issuer.token(sub=unique("someone-"))).status, 404)
        rotated = JwtIssuer()
        file.write_text(json.dumps(rotated.jwks()), encoding="utf-8")
        wait_until(lambda: served.plan("x", rotated.token()).status == 404, "the new key counts")
        self.assert_problem(served.plan("x", self.issuer.token(sub=unique("someone-"))), 401, "auth.signature")


class SignsOfLifeTest(OperationsTestCase):
    def test_request_id_and_trace_go_through(self):
        served = self.sluice().start()
        trace = "0af7651916cd43dd8448eb211c80319c"
        request_id = unique("mine:")
        answer = served.dry_run(batch(), self.token, JSON, headers={
            "x-request-id": request_id, "traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        self.assertEqual(answer.headers["x-request-id"], request_id)
        version, trace_id, span, flags = answer.headers["traceparent"].split("-")
        self.assertEqual((version, trace_id, flags), ("00", trace, "01"))
        self.assertNotEqual(span, "b7ad6b7169203331")
        wait_until(lambda: [e for e in served.entries() if e.get("path") == "/v1/topics/batch/dry-run"], "logged")
        for message in ("request", "topic batch planned"):
            lines = [e for e in served.entries() if e["message"] == message and e.get("request_id") == request_id]
            self.assertEqual([line["trace_id"] for line in lines], [trace], message)

    def test_a_malformed_trace_is_replaced(self):
        served = self.sluice().start()
        for wrong in ("", "00", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "ff-" + "a" * 32 + "-b7ad6b7169203331-01",
                      "00-" + "A" * 32 + "-b7ad6b7169203331-01", "x" * 1000):
            with self.subTest(wrong[:20]):
                answer = served.get("/health/live", headers={"traceparent": wrong})
                self.assertRegex(answer.headers["traceparent"], r"^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$")
                self.assertNotIn(answer.headers["traceparent"].split("-")[1], ("0" * 32, "a" * 32))

    def test_metrics_have_a_loopback_listener_of_their_own(self):
        port = free_port()
        served = self.sluice({"metrics": {"port": port}}).start()
        name = "prod." + unique("tmp-")
        answer = served.dry_run(batch({"name": name, "config": {"replicationFactor": 1}}, env="prod"), self.token, JSON)
        rules = {violation["rule"] for violation in answer.json()["violations"]}
        self.assertIn("guardrail.replication-factor", rules)
        self.assert_problem(served.get("/metrics", token=self.token), 404)
        served.port, main = port, served.port
        page = served.get("/metrics")
        served.port = main
        self.assertEqual(page.status, 200)
        self.assertTrue(page.headers["content-type"].startswith("text/plain; version=0.0.4"))
        text = page.body.decode()
        for rule in rules:
            self.assertRegex(text, r'(?m)^policy_violations_total\{[^}]*rule="' + re.escape(rule) + r'"[^}]*\} [1-9]')
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) .+|[a-z_:][a-z0-9_:]*(\{.*\})? \S+)$')

    def test_metrics_on_the_main_port_need_a_token(self):
        served = self.sluice().start()
        self.assert_problem(served.get("/metrics"), 401)
        self.assertEqual(served.get("/metrics", token=self.issuer.token("viewer")).status, 200)

    def test_what_callers_send_can_not_forge_log_lines(self):
        served = self.sluice().start()
        forged = '","level":"error","message":"forged'
        answer = served.dry_run(batch(), self.issuer.token("admin", sub="kim\u2028" + forged), JSON)
        self.assertEqual(answer.status, 200, answer)
        served.get("/v1/topics/" + "%22%7D%20forged", token=self.token)
        served.end()
        self.assertFalse([e for e in served.entries() if e["message"] == "forged" or e["level"] == "error"])

    def test_beyond_the_rate_limit_the_answer_is_429(self):
        served = self.sluice({"rate_limit": {"max": 3, "window_ms": 3_600_000}}).start()
        for _ in range(3):
            self.assertEqual(served.plan("x", self.token).status, 404)
        refused = served.plan("x", self.token)
        self.assert_problem(refused, 429, "rate-limit.exceeded")
        self.assertIn(int(refused.headers["retry-after"]), range(3000, 3601))
        other = self.issuer.token("admin", sub="robin@example.com")
        self.assertEqual(served.plan("x", other).status, 404)
        self.assertEqual(served.get("/health/ready").status, 200)

    def test_guessing_tokens_is_limited_by_address(self):
        served = self.sluice({"rate_limit": {"max": 3, "window_ms": 3_600_000}}).start()
        self.assertEqual(served.plan("x", self.token).status, 404)
        for _ in range(3):
            self.assert_problem(served.plan("x", "wrong"), 401)
        self.assert_problem(served.plan("x", "wrong"), 429, "rate-limit.exceeded")
        # A good token that is remembered gets through; one that would have to be verified does not.
        self.assertEqual(served.plan("x", self.token).status, 404)
        other = self.issuer.token("admin", sub="robin@example.com")
        self.assert_problem(served.plan("x", other), 429, "rate-limit.exceeded")

    def test_the_window_opens_again(self):
        served = self.sluice({"rate_limit": {"max": 1, "window_ms": 200}}).start()
        wait_until(lambda: served.plan("x", self.token).status == 429, "the limit is reached")
        wait_until(lambda: served.plan("x", self.token).status == 404, "the window opens again")


if __name__ == "__main__":
    unittest.main()
