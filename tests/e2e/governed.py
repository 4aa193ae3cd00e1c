"""A change from its plan to its end, as the people who do it: what the tests of plan, approval, apply and what
follows from them share."""

from kafka_client import KafkaClient, KafkaError
from kafka_proxy import KafkaProxy
from sluice_process import ROOT, Sluice, SluiceTestCase, batch, server_address, unique, wait_until

DEFAULT_POLICIES = (ROOT / "config/policies/default.yaml").read_text(encoding="utf-8")


def replaced(text, what, by):
    assert what in text, f"the policies don't say {what!r}"
    return text.replace(what, by)


class People:
    """Tokens of four persons. Issue them before the server starts: with SQLite it owns the file afterwards."""

    def __init__(self, sluice):
        for name, role in (("viewer", "viewer"), ("editor", "editor"), ("approver", "approver"),
                           ("second", "approver"), ("admin", "admin")):
            setattr(self, name, sluice.issue_token(role)[1])


class GovernedTestCase(SluiceTestCase):
    """A server whose Kafka is behind a counting proxy. Topics that a test names are gone when it ends."""

    def setUp(self):
        self.kafka = KafkaClient()
        self._topics = []
        self.addCleanup(lambda: self._topics and self.kafka.delete(*self._topics))

    # --- the world ----------------------------------------------------------------------------

    def serve(self, config=None, database_url=None, policies=DEFAULT_POLICIES):
        """Starts self.sluice behind self.proxy, with self.people."""
        self.proxy = KafkaProxy(server_address("SLUICE_TEST_KAFKA"))
        self.addCleanup(self.proxy.close)
        self.sluice = self.server_behind(self.proxy, config, database_url, policies)
        self.people = People(self.sluice)
        return self.sluice.start()

    def server_behind(self, proxy, config=None, database_url=None, policies=DEFAULT_POLICIES):
        """Not started yet."""
        kafka = {"properties": {"bootstrap.servers": proxy.address}, **(config or {}).pop("kafka", {})}
        sluice = Sluice({"kafka": kafka, **(config or {})}, database_url)
        self.addCleanup(self.stop, sluice)
        file = sluice.folder / "policies.yaml"
        file.write_text(policies, encoding="utf-8")
        sluice.config["governance"]["policies_file"] = str(file)
        return sluice

    def stop(self, sluice):
        sluice.stop()
        self.assert_log_is_clean(sluice)

    def topic_name(self, prefix="e2e-"):
        """A free name, deleted afterwards."""
        name = "dev." + unique(prefix)
        self._topics.append(name)
        return name

    def topic(self, name=None, partitions=1, **config):
        """An item that nothing is wrong with: dev keeps nothing for more than three days."""
        values = {"retention.ms": "1d", **{key.replace("_", "."): value for key, value in config.items()}}
        return {"name": name or self.topic_name(),
                "config": {"partitions": partitions, "replicationFactor": 1, **values}}

    # --- the steps of a change ----------------------------------------------------------------

    def planned(self, body, token=None):
        answer = self.sluice.dry_run(body, token or self.people.editor, content_type="application/json")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual([v for v in answer.json()["violations"] if v["severity"] == "block"], [], answer)
        return answer.json()

    def approve(self, plan, token=None):
        return self.sluice.post(f"/v1/changes/{plan['changeId']}/approve",
                                {"digest": plan["digest"], "comment": "as agreed"}, token or self.people.approver)

    def approved(self, body):
        """The plan, and the token of its last approval."""
        plan = self.planned(body)
        answer = self.approve(plan)
        if answer.status == 202:
            answer = self.approve(plan, self.people.second)
        self.assertEqual(answer.status, 200, answer)
        return plan, answer.json()["approvalToken"]

    def apply(self, change, approval=None, token=None):
        body = {"changeId": change, **({"approvalToken": approval} if approval else {})}
        return self.sluice.post("/v1/topics/batch/apply", body, token or self.people.editor)

    def applied(self, *items, change_id=None):
        """The id of a change that is all done."""
        plan, approval = self.approved(batch(*items, change_id=change_id))
        answer = self.apply(plan["changeId"], approval)
        self.assertEqual((answer.status, answer.json().get("state")), (200, "APPLIED"), answer)
        return plan["changeId"]

    def story(self, change):
        answer = self.sluice.get(f"/v1/changes/{change}", token=self.people.viewer)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def make_again(self, name, **config):
        """The topic, deleted and created past Sluice: another one of the same name."""
        self.kafka.delete(name)

        def created():
            try:
                self.kafka.create(name, **config)
                return True
            except KafkaError:
                return False  # not gone altogether yet
        wait_until(created, f"{name} is made again")

    def live(self, name):
        """The topic as Sluice reads it, or None."""
        answer = self.sluice.get(f"/v1/topics/{name}", token=self.people.viewer)
        self.assertIn(answer.status, (200, 404), answer)
        return answer.json() if answer.status == 200 else None

    def wait_live(self, name, condition=lambda topic: topic is not None):
        """Kafka's reads lag its writes."""
        return wait_until(lambda: condition(topic := self.live(name)) and (topic or True), f"{name} is there as wanted")

    def audits(self, change):
        records, after = [], ""
        while after is not None:
            answer = self.sluice.get(f"/v1/audits?changeId={change}{after}", token=self.people.admin)
            self.assertEqual(answer.status, 200, answer)
            records += answer.json()["records"]
            after = "&after=" + answer.json()["next"] if answer.json().get("next") else None
        return records

    def outcomes(self, answer):
        """name → state, of an execution."""
        execution = answer if isinstance(answer, dict) else answer.json()
        return {item["name"]: item["state"] for item in execution["items"]}
