"""Several clusters by name: the environment picks the cluster, and nothing reaches another one than
the one that its expected id says (issue 4, "Multi-environment"; G27)."""

import json

from sluice_process import Sluice, SluiceTestCase, batch, server_address, unique


def replicated_topic(env):
    """Three replicas: possible on the cluster with three brokers only."""
    return {"name": f"{env}.{unique('orders-')}",
            "config": {"partitions": 1, "replicationFactor": 3, "min.insync.replicas": 2,
                       "retention.ms": "7d" if env == "prod" else "1d", "compression.type": "zstd"}}


class ClustersTest(SluiceTestCase):
    def start(self, **big):
        sluice = Sluice(config={
            "kafka": {"properties": {"bootstrap.servers": server_address("SLUICE_TEST_KAFKA")}},
            "clusters": {"big": {"environments": ["prod"], **big,
                                 "properties": {"bootstrap.servers": server_address("SLUICE_TEST_KAFKA3")}}}})
        self.addCleanup(sluice.stop)
        _, self.editor = sluice.issue_token("editor")
        return sluice.start()

    def violations(self, sluice, env):
        answer = sluice.dry_run(batch(replicated_topic(env), env=env), self.editor)
        self.assertEqual(answer.status, 200, answer)
        return [violation["rule"] for violation in answer.json()["violations"]]

    def test_the_environment_picks_the_cluster(self):
        sluice = self.start()
        self.assertEqual(self.violations(sluice, "prod"), [])
        self.assertEqual(self.violations(sluice, "dev"), ["broker.rejected"])
        checks = {check["name"] for check in sluice.get("/health/ready").json()["checks"]}
        self.assertLessEqual({"kafka", "kafka-big"}, checks)
        self.assert_log_is_clean(sluice)

    def test_a_name_without_an_environment_needs_one_to_be_said(self):
        sluice = self.start()
        self.assert_problem(sluice.get("/v1/topics/orders", token=self.editor), 422, "environment.required")
        self.assert_problem(sluice.get("/v1/topics/orders?env=prod", token=self.editor), 404)
        self.assert_problem(sluice.get("/v1/topics/orders?env=qa", token=self.editor), 422, "environment.unknown")

    def test_another_cluster_than_expected_is_left_alone(self):
        sluice = self.start(expected_cluster_id="not-this-one")
        refused = sluice.dry_run(batch(replicated_topic("prod"), env="prod"), self.editor)
        problem = self.assert_problem(refused, 409, "cluster.wrong-id")
        self.assertIn("not-this-one", problem["detail"])
        self.assert_problem(sluice.get("/v1/topics/prod.x", token=self.editor), 409, "cluster.wrong-id")
        self.assertEqual(self.violations(sluice, "dev"), ["broker.rejected"])  # its own cluster is right


class DirectTest(SluiceTestCase):
    """The CLI without a server (G30)."""

    def test_plan_runs_the_server_inside_the_command(self):
        sluice = Sluice()
        self.addCleanup(sluice.stop)
        _, token = sluice.issue_token("editor")
        wanted = batch({"name": "dev." + unique("orders-"), "config": {"partitions": 1, "retention.ms": "1d"}})
        file = sluice.folder / "batch.json"
        file.write_text(json.dumps(wanted), encoding="utf-8")
        planned = sluice.cli("plan", "-f", str(file), "--direct", "--format", "json", SLUICE_TOKEN=token)
        self.assertEqual((planned.returncode, planned.stderr), (3, ""), planned)
        self.assertEqual(json.loads(planned.stdout)["changeId"], wanted["changeId"])
        refused = sluice.cli("plan", "-f", str(file), "--direct", SLUICE_TOKEN="wrong")
        self.assertEqual(refused.returncode, 1, refused)
        self.assertIn("auth.", refused.stderr)
        both = sluice.cli("plan", "-f", str(file), "--direct", "--server", "http://x", SLUICE_TOKEN=token)
        self.assertEqual(both.returncode, 2, both)
