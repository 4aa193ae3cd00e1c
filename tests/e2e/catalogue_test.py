"""What exists, adopted: sync, listing, and `sluice import`, whose files plan to nothing (issue 4, "Catalogue"; G21)."""

import json
import re
import unittest

from governed import GovernedTestCase
from sluice_process import batch, unique, wait_until


class CatalogueTest(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.serve({"governance": {"akhq_url": "http://akhq.test/ui/main"}})

    def listed(self, query):
        answer = self.sluice.get(f"/v1/catalog/topics?{query}", token=self.people.viewer)
        self.assertEqual(answer.status, 200, answer)
        return {topic["name"]: topic for topic in answer.json()["topics"]}

    def sync(self):
        def unless_busy():  # the periodic one may be at it
            answer = self.sluice.post("/v1/catalog/sync?env=dev", token=self.people.editor)
            return answer if answer.status != 409 else None
        answer = wait_until(unless_busy, "a sync of our own")
        self.assertEqual(answer.status, 200, answer)

    def wait_synced(self, query, condition):
        return wait_until(lambda: (self.sync(), condition(topics := self.listed(query)) and (topics or True))[1], query)

    def test_what_a_sync_finds(self):
        owner, tag = unique("team-"), unique("tag-")
        mine = {**self.topic(), "metadata": {"owner": owner, "tags": [tag], "doc": unique("about-"), "sla": "gold"}}
        self.applied(mine)
        stray = self.topic_name()
        self.kafka.create(stray, retention_ms="3600000")
        found = self.wait_synced(f"q={stray}&env=dev", lambda topics: stray in topics)[stray]
        self.assertEqual(found["configs"]["retention.ms"], "3600000")
        self.assertIn(f"/topic/{stray}", found["links"]["akhq"])
        for query in (f"owner={owner}", f"tag={tag}", f"subject={mine['name']}-value", f"q={mine['metadata']['doc']}"):
            with self.subTest(query):
                topics = self.wait_synced(query, lambda topics: mine["name"] in topics)
                self.assertEqual(list(topics), [mine["name"]])
                self.assertEqual((topics[mine["name"]]["owner"], topics[mine["name"]]["tags"]), (owner, [tag]))

        misspelt = self.sluice.get("/v1/catalog/topics?ownr=x", token=self.people.editor)
        self.assertEqual((misspelt.status, misspelt.json()["problems"][0]["field"]), (422, "ownr"), misspelt)

        self.kafka.set_config(stray, "retention.ms", "7200000")
        seen = self.wait_synced(f"q={stray}", lambda topics: topics[stray]["configs"]["retention.ms"] == "7200000")[stray]
        self.assertEqual(seen["firstSeen"], found["firstSeen"])
        self.assertGreaterEqual(seen["lastChange"], found["firstSeen"])
        self.assertIn("retention.ms", json.dumps(seen["changes"]))
        self.kafka.delete(stray)
        self.wait_synced(f"q={stray}", lambda topics: not topics)
        self.assertIn("goneAt", self.listed(f"q={stray}&gone=true")[stray])
        by_hand = wait_until(lambda: (done := self.sluice.cli_as(
            self.people.editor, "catalog", "sync", "--env", "dev")).returncode == 0 and done, "a sync by hand")
        self.assertRegex(by_hand.stdout, r"^dev: \d+ topics, \d+ appeared")
        self.assertIn(mine["name"], self.sluice.cli_as(self.people.viewer, "catalog", "list", "--owner", owner).stdout)
        self.assertEqual(self.proxy.changes(), {"CreateTopics": 1})


    def test_topics_that_are_made_again_between_two_looks(self):
        """Each look finds other topics of the same names: that ended the process with librdkafka 2.4 to 2.9."""
        names = [self.topic_name() for _ in range(20)]
        for _ in range(5):
            for name in names:
                self.make_again(name)
            self.sync()
            self.planned(batch(*[self.topic(name) for name in names]))
        self.assertFalse(self.sluice.ended(), self.sluice.last_words())


class ImportTest(GovernedTestCase):
    def setUp(self):
        super().setUp()
        self.serve()
        self.prefix = "dev." + unique("import-")

    def names(self, count):
        names = [f"{self.prefix}-{i:04}" for i in range(count)]
        self._topics += names
        return names

    def imported(self, out="topics"):
        """The files, by name."""
        done = self.sluice.cli_as(self.people.viewer, "import", "--env", "dev", "--names", f"{self.prefix}*", "--out", out)
        self.assertEqual(done.returncode, 0, done)
        return {file.name: file.read_text(encoding="utf-8") for file in sorted((self.sluice.folder / out).iterdir())}

    def plan(self, name, out="topics"):
        return self.sluice.cli_as(self.people.editor, "plan", "-f", f"{out}/{name}", "--format", "json")

    def wait_there(self, names):
        wait_until(lambda: sum(text.count("- name:") for text in self.imported().values()) == len(names), "all are read")

    def test_a_plan_of_what_is_there_is_empty(self):
        plain, odd, empty = self.names(3)
        fine = {"retention_ms": "3600000", "compression_type": "zstd"}  # nothing to warn of
        self.kafka.create(plain, partitions=3, **fine)
        self.kafka.create(odd, cleanup_policy="compact,delete", max_message_bytes="2097152", **fine)
        self.kafka.create(empty, follower_replication_throttled_replicas="", **fine)
        self.wait_there([plain, odd, empty])
        files = self.imported()
        self.assertEqual(list(files), ["import-dev-001.yaml"])
        self.assertEqual(self.imported("again"), files, "the same bytes")
        self.assertIn("has a value of the topic's own that no batch can say", files["import-dev-001.yaml"])
        planned = self.plan("import-dev-001.yaml")
        plan = json.loads(planned.stdout)
        self.assertEqual({item["action"] for item in plan["plan"]}, {"NONE"}, planned)
        blocked = [violation for violation in plan["violations"] if violation["severity"] == "block"]
        self.assertEqual((planned.returncode, blocked), (0, []), planned)

        # Adopting sends nothing; from then on drift is told.
        self.assertEqual(self.approve(plan).status, 200)
        self.assertEqual(self.apply(plan["changeId"]).json()["state"], "APPLIED")
        self.assertEqual(self.proxy.changes(), {})
        self.assertEqual(self.sluice.cli_as(self.people.viewer, "drift", "--env", "dev").returncode, 0)
        self.kafka.set_config(odd, "max.message.bytes", "1000")
        wait_until(lambda: self.sluice.cli_as(self.people.viewer, "drift", "--env", "dev").returncode == 3, "drift")

    def test_files_are_split_at_a_thousand_topics(self):
        names = self.names(1001)
        self.kafka.create_many(names)
        self.wait_there(names)
        files = self.imported()
        self.assertEqual({name: text.count("- name:") for name, text in files.items()},
                         {"import-dev-001.yaml": 1000, "import-dev-002.yaml": 1})
        self.assertEqual(re.findall(r'name: "(.*)"', files["import-dev-002.yaml"]), names[1000:])
        for name in files:
            plan = json.loads(self.plan(name).stdout)
            self.assertEqual({item["action"] for item in plan["plan"]}, {"NONE"})
        self.assertEqual(self.proxy.changes(), {})

    def test_nothing_of_that_name_and_nowhere_to_write(self):
        none = self.sluice.cli_as(self.people.viewer, "import", "--env", "dev", "--names", f"{self.prefix}*", "--out", "x")
        self.assertEqual((none.returncode, none.stdout), (0, "No topic has such a name.\n"), none)
        file = self.sluice.folder / "a-file"
        file.write_text("", encoding="utf-8")
        for out in ("a-file", "/proc/nowhere"):
            refused = self.sluice.cli_as(self.people.viewer, "import", "--env", "dev", "--out", out)
            self.assertEqual(refused.returncode, 1, refused)
            self.assertIn("cli.file", refused.stderr)


if __name__ == "__main__":
    unittest.main()
