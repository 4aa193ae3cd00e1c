"""The command line as people and pipelines use it: exit codes, help, completion, what it says about a
wrong configuration (issue 3, "Operations"; X3, X5)."""

import json
import os
import re
import shutil
import subprocess
import unittest

from sluice_process import BINARY, ROOT, Sluice, SluiceTestCase, batch, unique

# Within every bound of the default policies.
GOOD_CONFIG = {"partitions": 3, "replicationFactor": 1, "retention.ms": "1d", "compression.type": "zstd"}


def new_topic(**config):
    return {"name": "dev." + unique("orders-"), "config": {**GOOD_CONFIG, **config}}


class PlanCommandTest(SluiceTestCase):
    @classmethod
    def setUpClass(cls):
        cls.sluice = Sluice()
        cls.addClassCleanup(cls.sluice.stop)
        _, cls.editor = cls.sluice.issue_token("editor")
        _, cls.viewer = cls.sluice.issue_token("viewer")
        cls.sluice.start()

    def tearDown(self):
        self.assert_log_is_clean(self.sluice)

    def plan(self, text, *options, suffix=".yaml", **environment):
        file = self.sluice.folder / (unique("batch-") + suffix)
        file.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return self.sluice.cli("plan", "-f", str(file), *options, **self.server(**environment))

    def server(self, **environment):
        return {"SLUICE_URL": f"http://127.0.0.1:{self.sluice.port}", "SLUICE_TOKEN": self.editor, **environment}

    def assert_fails(self, finished, *said):
        self.assertEqual(finished.returncode, 1, finished)
        self.assertEqual(finished.stdout, "")
        for text in said:
            self.assertIn(text, finished.stderr)
        self.assertNotIn(self.editor, finished.stderr)

    def test_0_nothing_to_do(self):
        finished = self.plan(batch({"name": "dev." + unique("gone-"), "action": "delete"}))
        self.assertEqual(finished.returncode, 0, finished)

    def test_3_changes(self):
        wanted = batch(new_topic())
        finished = self.plan(wanted)
        self.assertEqual((finished.returncode, finished.stderr), (3, ""), finished)
        self.assertIn(wanted["items"][0]["name"], finished.stdout)

    def test_3_a_warning_alone(self):
        finished = self.plan(batch(new_topic(**{"compression.type": "gzip"})), "--format", "json")
        self.assertEqual(finished.returncode, 3, finished)
        self.assertEqual([v["severity"] for v in json.loads(finished.stdout)["violations"]], ["warn"])

    def test_4_a_violation_that_blocks(self):
        finished = self.plan(batch(new_topic(**{"retention.ms": "30d"})))
        self.assertEqual(finished.returncode, 4, finished)
        self.assertIn("guardrail.retention", finished.stdout)

    def test_1_a_wrong_batch_with_its_places(self):
        text = (f"kind: TopicBatch\nenv: dev\nchangeId: {unique('bad-')}\nitems:\n  - name: dev.a\n"
                "    config:\n      partitions: '3'\n    colour: blue\n")
        self.assert_fails(self.plan(text), "line 7, column 19", "items[0].config.partitions", "type",
                          "line 8, column 5", "items[0].colour", "unknown-field")

    def test_1_what_keeps_it_from_asking(self):
        good = batch(new_topic())
        self.assert_fails(self.plan(good, SLUICE_TOKEN=""), "SLUICE_TOKEN")
        self.assert_fails(self.plan(good, SLUICE_URL=""), "SLUICE_URL")
        self.assert_fails(self.plan(good, SLUICE_TOKEN="wrong"), "auth.")
        self.assert_fails(self.plan(good, SLUICE_TOKEN=self.viewer), "auth.forbidden")
        self.assert_fails(self.plan(good, "--timeout", "2", SLUICE_URL="http://127.0.0.1:1"), "127.0.0.1:1")
        self.assert_fails(self.plan(good, SLUICE_URL="ftp://127.0.0.1:1"))
        self.assert_fails(self.plan(good, SLUICE_URL="not a url"))
        self.assert_fails(self.sluice.cli("plan", "-f", "/does/not/exist.yaml", **self.server()), "/does/not/exist.yaml")
        self.assert_fails(self.sluice.cli("plan", "-f", "/", **self.server()))
        self.assert_fails(self.plan("#" * (1024 * 1024 + 1)), "1 MiB")
        self.assert_fails(self.plan(""), "line 1, column 1")

    def test_1_an_output_that_can_not_be_written(self):
        file = self.sluice.folder / "full.yaml"
        file.write_text(json.dumps(batch(new_topic())), encoding="utf-8")
        with open("/dev/full", "w", encoding="utf-8") as full:
            finished = subprocess.run([BINARY, "plan", "-f", str(file)], stdout=full, stderr=subprocess.PIPE, text=True,
                                      env=self.sluice.environment(**self.server()), timeout=60, check=False)
        self.assertEqual(finished.returncode, 1, finished)
        self.assertIn("output", finished.stderr)

    def test_2_wrong_usage(self):
        for arguments in ([], ["plan"], ["pln"], ["plan", "-f"], ["plan", "-f", "x", "--format", "xml"],
                          ["plan", "-f", "x", "--nope"], ["plan", "-f", "x", "--timeout", "0"], ["plan", "x", "y"],
                          ["token"], ["token", "issue"], ["token", "issue", "--principal", "a", "--role", "root"],
                          ["token", "issue", "--principal", "a", "--role", "viewer", "--ttl", "1y"],
                          ["config", "chek"], ["migrate"], ["completion", "tcsh"], ["serve", "--port", "1"]):
            with self.subTest(arguments):
                finished = self.sluice.cli(*arguments, **self.server())
                self.assertEqual(finished.returncode, 2, finished)
                self.assertTrue(finished.stderr)

    def test_an_unknown_command_is_named_with_the_nearest(self):
        for arguments, wrong, near in ((["pln", "-f", "x"], "pln", "plan"), (["token", "isue"], "isue", "issue"),
                                       (["sevre"], "sevre", "serve")):
            with self.subTest(arguments):
                said = self.sluice.cli(*arguments).stderr
                self.assertIn(f"'{wrong}'", said)
                self.assertIn(f"'{near}'", said)

    def test_a_batch_from_standard_input(self):
        wanted = batch(new_topic())
        as_yaml = (f"kind: TopicBatch\nenv: dev\nchangeId: {wanted['changeId']}\nitems:\n"
                   f"  - name: {wanted['items'][0]['name']}\n    config: {json.dumps(GOOD_CONFIG)}\n")
        for text in (json.dumps(wanted), as_yaml):
            finished = self.sluice.cli("plan", "-f", "-", "--format", "json", stdin=text, **self.server())
            self.assertEqual(finished.returncode, 3, finished)
            self.assertEqual(json.loads(finished.stdout)["changeId"], wanted["changeId"])

    def test_json_files_are_read_as_json(self):
        finished = self.plan(batch(new_topic()), suffix=".json")
        self.assertEqual(finished.returncode, 3, finished)
        self.assert_fails(self.plan("kind: TopicBatch\n", suffix=".json"), "line 1, column 1")

    def test_markdown_is_one_table_row_for_an_item(self):
        items = [new_topic() for _ in range(3)]
        finished = self.plan(batch(*items), "--format", "markdown")
        self.assertEqual(finished.returncode, 3, finished)
        for item in items:
            self.assertEqual(len([line for line in finished.stdout.splitlines()
                                  if line.startswith("| CREATE") and item["name"] in line]), 1, finished.stdout)

    def test_text_has_no_colours_in_a_pipe(self):
        self.assertNotIn("\033", self.plan(batch(new_topic(**{"retention.ms": "30d"}))).stdout)


class HelpTest(SluiceTestCase):
    def run_sluice(self, *arguments):
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60, check=False)

    def commands(self, path=()):
        """Every command there is, as a list of words; itself first."""
        shown = self.run_sluice(*path, "--help")
        self.assertEqual(shown.returncode, 0, shown)
        yield path, shown.stdout
        listed = shown.stdout.partition("Subcommands:\n")[2].partition("\n\n")[0]
        for name in re.findall(r"(?m)^  (\S+)", listed):
            yield from self.commands((*path, name))

    def test_every_command_shows_an_example(self):
        seen = []
        for path, text in self.commands():
            with self.subTest(" ".join(path)):
                seen.append(path)
                examples = text.partition("Example")[2]
                self.assertIn("sluice " + " ".join(path), examples)
        self.assertGreaterEqual(len(seen), 15)

    def test_help_all_has_every_command(self):
        everything = self.run_sluice("--help-all").stdout
        for path, text in self.commands():
            if path:
                with self.subTest(" ".join(path)):
                    self.assertIn(text.splitlines()[0].strip(), everything)

    def test_version_says_what_it_is(self):
        for arguments in (["--version"], ["version"]):
            finished = self.run_sluice(*arguments)
            self.assertEqual(finished.returncode, 0)
            self.assertRegex(finished.stdout, r"\d+\.\d+\.\d+")

    def complete(self, *words):
        script = self.run_sluice("completion", "bash").stdout
        quoted = " ".join(f"'{word}'" for word in words)
        program = f"{script}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _sluice; echo ${{COMPREPLY[@]}}"
        finished = subprocess.run(["bash", "-u", "-c", program], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(finished.stderr, "")
        return finished.stdout.split()

    def test_completion(self):
        self.assertEqual(self.complete("sluice", "to"), ["token"])
        self.assertEqual(self.complete("sluice", "token", ""), ["issue", "list", "revoke", "--help", "-h", "--help-all"])
        self.assertEqual(self.complete("sluice", "token", "issue", "--p"), ["--principal"])
        self.assertEqual(self.complete("sluice", "token", "issue", "--role", "viewer", "--tt"), ["--ttl"])
        self.assertEqual(self.complete("sluice", "nothing"), [])

    def test_completion_scripts_parse(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell):
                script = self.run_sluice("completion", shell)
                self.assertEqual(script.returncode, 0)
                self.assertIn("token", script.stdout)
                if shutil.which(shell):
                    parsed = subprocess.run([shell, "-n"], input=script.stdout, text=True, capture_output=True,
                                            timeout=60, check=False)
                    self.assertEqual((parsed.returncode, parsed.stderr), (0, ""))


class ConfigCommandTest(SluiceTestCase):
    def setUp(self):
        self.sluice = Sluice()
        self.addCleanup(self.sluice.stop)

    def config(self, command, text, **environment):
        file = self.sluice.folder / "my.yaml"
        file.write_text(text, encoding="utf-8")
        return subprocess.run([BINARY, "config", command, "--config", "my.yaml"], cwd=self.sluice.folder, text=True,
                              capture_output=True, timeout=60, check=False, env=self.sluice.environment(**environment))

    def test_check_names_every_mistake_with_its_place_and_the_nearest_key(self):
        finished = self.config("check", "profle: production\n"
                                        "server:\n"
                                        "  prot: 8080\n"
                                        "  workers: many\n"
                                        "kafka:\n"
                                        "  properties: {bootstrap.servers: x:1, sasl.password: '${env:NO_SUCH_THING}'}\n"
                                        "auth: {jwks_file: missing.json, issuer: x}\n"
                                        "log: {level: verbose}\n", SLUICE_SERVER__POTR="1")
        self.assertEqual((finished.returncode, finished.stdout), (1, ""))
        self.assertEqual(finished.stderr, (
            "sluice: the configuration is not valid [config.invalid]\n"
            "the environment variable SLUICE_SERVER__POTR names no key (did you mean SLUICE_SERVER__PORT?)\n"
            "my.yaml:1:1: profle: there is no such key (did you mean \"profile\"?)\n"
            "my.yaml:3:3: server.prot: there is no such key (did you mean \"server.port\"?)\n"
            "my.yaml:4:12: server.workers: must be a whole number, not the string \"many\"\n"
            "my.yaml:6:55: kafka.properties.sasl.password: the environment variable NO_SUCH_THING is not set "
            "(set NO_SUCH_THING)\n"
            "my.yaml:7:19: auth.jwks_file: the file missing.json does not exist (give a path that is absolute, or "
            "relative to this configuration file)\n"
            "my.yaml:8:14: log.level: must be one of debug, info, warn, error, not \"verbose\"\n"))

    def test_check_asks_librdkafka_about_its_properties(self):
        finished = self.config("check", "kafka: {properties: {bootstrap.servers: x:1, bootstrap.server: x:1}}\n")
        self.assertEqual(finished.returncode, 1, finished)
        self.assertIn("bootstrap.server", finished.stderr)

    def test_check_refuses_what_is_no_configuration(self):
        for text in (",", "[]", "a: &a [*a]", "server: {port: 1}\nserver: {port: 2}\n", "[" * 100_000):
            with self.subTest(text[:20]):
                finished = self.config("check", text)
                self.assertEqual(finished.returncode, 1, finished)
                self.assertRegex(finished.stderr, r"my\.yaml:\d+:\d+")

    def test_the_example_is_right(self):
        folder = ROOT / "config"
        finished = subprocess.run([BINARY, "config", "check", "--config", str(folder / "sluice.example.yaml")], text=True,
                                  capture_output=True, timeout=60, check=False, env=self.sluice.environment())
        self.assertEqual(finished.returncode, 0, finished)

    def test_print_shows_what_is_in_force_but_no_secret(self):
        secret = unique("hush-")
        (self.sluice.folder / "secret").write_text(secret + "\n", encoding="utf-8")
        finished = self.config("print", (
            f"database: {{url: 'postgresql://sluice:{secret}@127.0.0.1:1/x'}}\n"
            "kafka: {properties: {bootstrap.servers: x:1, sasl.password: '${env:SECRET}', "
            f"ssl.key.password: '${{file:{self.sluice.folder}/secret}}'}}}}\n"
            f"objects: {{s3: {{endpoint: 'http://x', bucket: b, access_key: a, secret_key: {secret}}}}}\n"),
            SECRET=secret, SLUICE_SERVER__PORT="1234")
        self.assertEqual(finished.returncode, 0, finished)
        self.assertRegex(finished.stdout, r"port: 1234\b")
        self.assertNotIn(secret, finished.stdout + finished.stderr)

    def test_what_print_shows_is_a_configuration(self):
        printed = self.config("print", f"server: {{workers: 3}}\ngovernance: {{policies_file: {ROOT}/config/policies/default.yaml}}\n")
        self.assertEqual(printed.returncode, 0, printed)
        checked = self.config("check", printed.stdout)
        self.assertEqual(checked.returncode, 0, checked)
        self.assertEqual(self.config("print", printed.stdout).stdout, printed.stdout)

    def test_schema_is_json(self):
        finished = subprocess.run([BINARY, "config", "schema"], capture_output=True, text=True, timeout=60, check=True)
        self.assertIn("server", json.loads(finished.stdout)["properties"])


class TokenCommandTest(SluiceTestCase):
    def setUp(self):
        self.sluice = Sluice()
        self.addCleanup(self.sluice.stop)

    def test_issue_list_revoke(self):
        token_id, token = self.sluice.issue_token("editor", "--env", "dev", "--names", "dev.orders.*", "--owner", "kim")
        listed = self.sluice.cli("token", "list")
        self.assertEqual(listed.returncode, 0, listed)
        self.assertIn(token_id, listed.stdout)
        self.assertIn("editor@dev:dev.orders.*", listed.stdout)
        self.assertNotIn(token, listed.stdout)
        for file in self.sluice.folder.iterdir():
            if file.is_file():
                self.assertNotIn(token.encode(), file.read_bytes(), file)
        self.assertEqual(self.sluice.cli("token", "revoke", token_id).returncode, 0)
        self.assertIn("revoked", self.sluice.cli("token", "list").stdout)

    def test_the_token_alone_goes_to_standard_output(self):
        finished = self.sluice.cli("token", "issue", "--principal", "ci", "--role", "viewer", "--quiet")
        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        self.assertEqual(len(finished.stdout.split()), 1)

    def test_an_unknown_token_can_not_be_revoked(self):
        finished = self.sluice.cli("token", "revoke", "0123456789abcdef")
        self.assertEqual(finished.returncode, 1, finished)
        self.assertIn("0123456789abcdef", finished.stderr)

    def test_names_that_would_not_read_well_in_a_log_are_refused(self):
        for principal in ("", " ", "a\nb", "x" * 1000, "\x1b[31mred"):
            with self.subTest(principal[:10]):
                finished = self.sluice.cli("token", "issue", "--principal", principal, "--role", "viewer")
                self.assertIn(finished.returncode, (1, 2), finished)
                self.assertNotIn("\x1b", finished.stderr)

    def test_the_database_file_is_for_its_owner_only(self):
        self.sluice.issue_token("viewer")
        for file in self.sluice.folder.glob("sluice.db*"):
            self.assertEqual(os.stat(file).st_mode & 0o077, 0, file)


class MigrateAndDoctorTest(SluiceTestCase):
    def setUp(self):
        self.sluice = Sluice()
        self.addCleanup(self.sluice.stop)

    def test_migrate_says_what_is_pending_and_applies_it_once(self):
        self.assertEqual(self.sluice.cli("migrate", "status").returncode, 3)
        self.assertIn("applied 0001", self.sluice.cli("migrate", "up").stdout)
        self.assertEqual(self.sluice.cli("migrate", "status").returncode, 0)
        self.assertIn("nothing to do", self.sluice.cli("migrate", "up").stdout)

    def test_doctor_is_content_with_what_works(self):
        self.sluice.cli("migrate", "up")
        finished = self.sluice.cli("doctor")
        self.assertEqual(finished.returncode, 0, finished)
        for check in ("policies", "kafka", "database", "schema", "objects"):
            self.assertIn(check, finished.stdout)

    def test_doctor_says_how_to_mend_what_does_not(self):
        self.sluice.config["kafka"] = {"properties": {"bootstrap.servers": "127.0.0.1:1"}}
        policies = self.sluice.folder / "policies.yaml"
        policies.write_text("kind: PolicySet\n", encoding="utf-8")
        self.sluice.config["governance"]["policies_file"] = str(policies)
        finished = self.sluice.cli("doctor")
        self.assertEqual(finished.returncode, 1, finished)
        said = finished.stdout + finished.stderr
        self.assertIn(f"{policies}:1:1: rules: \"rules\" is required", said)
        self.assertIn("127.0.0.1:1", said)


if __name__ == "__main__":
    unittest.main()
