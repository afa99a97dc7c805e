#!/usr/bin/env python3
"""Tests of what the driver concludes from its measurements."""

import glob
import json
import os
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
sys.dont_write_bytecode = True

from driver import control_questions, directory_fill, ledger_fill, ledgers, report  # noqa: E402
from driver.admin import metric_of  # noqa: E402
from driver.figures import Figure, Rounds, Sample, Target  # noqa: E402
from driver.load import failure_of  # noqa: E402
from driver.subject import Subject  # noqa: E402
from driver.targets import target_of  # noqa: E402
from driver.workloads import flood, spend  # noqa: E402

# The example of tests/gateway/auth/tst_key_format.cpp.
KNOWN_KEY = "sk-dl-AbCd0123-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-0YlYYu"
SQL = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "sql")


def rounds_of(*pairs, failure=""):
    """Makes rounds from pairs of (nginx, governed)."""
    rounds = Rounds("cpu")
    for nginx, governed in pairs:
        rounds.add({"nginx": Sample({"cpu": nginx}), "governed": Sample({"cpu": governed}, failure)})
    return rounds


def governed_figure(target=None):
    return Figure("W1", "governed", 8, "CPU per request", "µs", target=target)


class RoundsTest(unittest.TestCase):
    def test_ratio_is_the_median_of_the_ratios_of_the_rounds(self):
        # The median of the values is 40 / 20; each round compares only with its own nginx.
        figure = rounds_of((20, 40), (22, 33), (18, 45)).figure(governed_figure(), "cpu")
        self.assertEqual(figure.value, 40)
        self.assertEqual(figure.nginx, 20)
        self.assertEqual(figure.ratio, 2)
        self.assertEqual(figure.spread, (1.5, 2.5))

    def test_rejects_rounds_in_which_nginx_drifted(self):
        rounds = rounds_of((20, 40), (20, 41), (24, 90), (16, 10), (21, 42))
        self.assertEqual(rounds.rejected(), 2)
        figure = rounds.figure(governed_figure(), "cpu")
        self.assertEqual(figure.value, 41)
        self.assertIn("2 of 5 rounds rejected", figure.note)

    def test_keeps_rounds_at_the_edge_of_the_drift(self):
        self.assertEqual(rounds_of((100, 1), (100, 1), (115, 1), (85, 1)).rejected(), 0)

    def test_publishes_nothing_after_a_failure(self):
        figure = rounds_of((20, 40), failure="3 of 9 requests failed").figure(
            governed_figure(Target(2.0, of="ratio")), "cpu")
        self.assertIsNone(figure.value)
        self.assertIsNone(figure.met)
        self.assertIn("3 of 9 requests failed", figure.note)

    def test_compares_with_no_nginx_that_failed(self):
        rounds = Rounds("cpu")
        rounds.add({"nginx": Sample({"cpu": 20}, "1 of 9 requests failed"), "governed": Sample({"cpu": 40})})
        figure = rounds.figure(governed_figure(Target(2.0, of="ratio")), "cpu")
        self.assertEqual(figure.value, 40)
        self.assertIsNone(figure.ratio)
        self.assertIsNone(figure.met)

    def test_takes_a_direct_call_off_in_the_same_round(self):
        rounds = Rounds("cpu")
        for direct, nginx, governed in ((100, 150, 180), (300, 355, 390), (200, 250, 285)):
            rounds.add({"direct": Sample({"cpu": 20, "p50": direct}),
                        "nginx": Sample({"cpu": 20, "p50": nginx}),
                        "governed": Sample({"cpu": 40, "p50": governed})})
        figure = rounds.figure(governed_figure(), "p50", minus="direct")
        self.assertEqual((figure.value, figure.nginx, figure.ratio), (85, 50, None))

    def test_takes_off_another_gateway_without_a_look_at_nginx(self):
        rounds = Rounds("cpu")
        rounds.add({"nginx": Sample({"cpu": 20}), "few": Sample({"cpu": 40}), "governed": Sample({"cpu": 43})})
        figure = rounds.figure(governed_figure(), "cpu", minus="few")
        self.assertEqual((figure.value, figure.nginx, figure.ratio), (3, None, None))

    def test_compares_only_what_nginx_has_too(self):
        rounds = Rounds("cpu")
        rounds.add({"nginx": Sample({"cpu": 20}), "governed": Sample({"cpu": 43, "store cpu": 9})})
        figure = rounds.figure(governed_figure(), "store cpu")
        self.assertEqual((figure.value, figure.nginx, figure.ratio), (9, None, None))

    def test_judges_no_difference_below_the_noise(self):
        rounds = Rounds("cpu")
        rounds.add({"direct": Sample({"p99": 900}), "nginx": Sample({"cpu": 20, "p99": 500}),
                    "governed": Sample({"cpu": 40, "p99": 600})})
        figure = rounds.figure(governed_figure(Target(95)), "p99", minus="direct")
        self.assertIsNone(figure.met)
        self.assertIn("not judged", figure.note)

    def test_compares_a_subject_with_its_like(self):
        rounds = Rounds("cpu")
        for base, many in ((40, 42), (50, 50), (30, 33)):
            rounds.add({"nginx": Sample({"cpu": 20}), "100 keys": Sample({"cpu": base}),
                        "governed": Sample({"cpu": many})})
        figure = rounds.figure(governed_figure(Target(1.05)), "cpu", over="100 keys")
        self.assertAlmostEqual(figure.value, 1.05)
        self.assertTrue(figure.met)


class TargetTest(unittest.TestCase):
    def test_judges_value_or_ratio_in_its_own_direction(self):
        figure = governed_figure()
        figure.value, figure.ratio = 47.0, 2.1
        for target, met in ((Target(50), True), (Target(40), False), (Target(2.0, of="ratio"), False),
                            (Target(2.0, of="ratio", sense=">="), True), (Target(50, sense=">="), False)):
            figure.target = target
            self.assertIs(figure.met, met, str(target))

    def test_judges_nothing_without_a_measurement(self):
        self.assertIsNone(governed_figure(Target(2.0, of="ratio")).met)


    def test_is_found_by_the_narrowest_name(self):
        self.assertEqual(target_of("W3", "governed", 50, "added time to first event p50").limit, 100)
        self.assertEqual(target_of("W9", "SIGKILL", 32, "rows lost").limit, 0)
        self.assertIsNone(target_of("W9", "SIGKILL", 32, "rows beyond the 200s"))


class SpendTest(unittest.TestCase):
    def test_percentile_is_a_value_that_was_seen(self):
        self.assertEqual(spend.percentile([5, 1, 4, 2, 3], 0.5), 3)
        self.assertEqual(spend.percentile(range(1, 101), 0.99), 99)
        self.assertEqual(spend.percentile([7], 0.99), 7)
        self.assertEqual(spend.percentile([], 0.99), 0)

    def test_reads_a_metric_of_exactly_that_name(self):
        text = "# TYPE lag gauge\nlag_sum 9\nlag 0.25\n"
        self.assertEqual(metric_of(text, "lag"), 0.25)
        self.assertEqual(metric_of(text, "la"), 0)


class FloodTest(unittest.TestCase):
    def test_keys_are_distinct_and_formed_as_the_gateway_forms_them(self):
        keys = list(flood.make_keys(1000, is_sound=True))
        self.assertEqual(len(set(keys)), 1000)
        self.assertEqual([len(part) for part in keys[0].split("-")], [2, 2, 8, 43, 6])

    def test_checksum_is_written_as_the_gateway_writes_it(self):
        text, _, checksum = KNOWN_KEY.rpartition("-")
        self.assertEqual(flood.base62(flood.checksum_of(text)), checksum)

    def test_malformed_keys_differ_in_nothing_but_the_checksum(self):
        sound, broken = (next(flood.make_keys(1, is_sound=is_sound)) for is_sound in (True, False))
        self.assertEqual(sound[:-6], broken[:-6])
        self.assertNotEqual(sound[-6:], broken[-6:])


class LedgerFillTest(unittest.TestCase):
    COUNT = 1000

    def setUp(self):
        self.store = sqlite3.connect(":memory:", isolation_level=None)
        self.addCleanup(self.store.close)
        for path in sorted(glob.glob(f"{SQL}/migrations/*.sql")):
            if not path.endswith(".pgsql.sql"):
                self.store.executescript(self.read(path))
        for number in range(20):
            self.store.execute(
                "INSERT INTO virtual_keys (key_id, mac, hint, user_id, team_id, models, blocked, created_at)"
                " VALUES (?, ?, '', '', '', '[]', 0, 0)",
                (f"key{number}", bytes([number]) * 32))
        for _, statement in ledger_fill.statements(
                ledger_fill.Sqlite, count=self.COUNT, owners=ledger_fill.FewOwners(20), end_ms=1_795_000_000_000):
            self.store.execute(statement)

    def read(self, path):
        with open(path) as file:
            return file.read()

    def one(self, sql):
        return self.store.execute(sql).fetchone()[0]

    def test_adds_up_as_verify_demands(self):
        for path in glob.glob(f"{SQL}/queries/verify/select_*.sql"):
            if not path.endswith(".pgsql.sql") and "damage" not in path:
                self.assertEqual(self.store.execute(self.read(path)).fetchall(), [], path)

    def test_makes_calls_of_all_days_by_all_keys(self):
        self.assertEqual(self.one("SELECT COUNT(*) FROM spend_events"), self.COUNT)
        self.assertEqual(self.one("SELECT COUNT(DISTINCT started_at / 86400000) FROM spend_events"),
                         ledger_fill.DAYS + 1)
        self.assertEqual(self.one("SELECT COUNT(DISTINCT ref) FROM spend_rollups WHERE dimension = 1"), 20)
        self.assertGreater(self.one("SELECT COUNT(*) FROM spend_event_tags"), self.COUNT // 10)

    def test_makes_the_months_of_the_whole_time(self):
        # From the end of January to the third of March.
        made = ledger_fill.partitions(1_801_353_600_000, 1_804_032_000_000)
        self.assertEqual(len(made), 6)
        self.assertIn("spend_events_y2027m01 PARTITION OF spend_events", made[0])
        self.assertIn("FROM (1801440000000) TO (1803859200000)", made[2])


class DirectoryFillTest(unittest.TestCase):
    DIRECTORY = directory_fill.Directory(keys=400, teams=40, organizations=20, users=60, service_accounts=20,
                                         audit_events=90)
    COUNT = 2000

    def setUp(self):
        self.store = sqlite3.connect(":memory:", isolation_level=None)
        self.addCleanup(self.store.close)
        for path in sorted(glob.glob(f"{SQL}/migrations/*.sql")):
            if not path.endswith(".pgsql.sql"):
                with open(path) as file:
                    self.store.executescript(file.read())
        for _, statement in ledger_fill.statements(ledger_fill.Sqlite, count=self.COUNT, owners=self.DIRECTORY,
                                                   end_ms=1_795_000_000_000):
            self.store.execute(statement)

    def one(self, sql):
        return self.store.execute(sql).fetchone()[0]

    def test_adds_up_as_verify_demands(self):
        for path in glob.glob(f"{SQL}/queries/verify/select_*.sql"):
            if not path.endswith(".pgsql.sql") and "damage" not in path:
                with open(path) as file:
                    self.assertEqual(self.store.execute(file.read()).fetchall(), [], path)

    def test_makes_as_many_of_each_as_it_says(self):
        for table, count in (("virtual_keys", 400), ("teams", 40), ("organizations", 20), ("users", 60),
                             ("service_accounts", 20), ("audit_events", 90), ("spend_events", self.COUNT)):
            self.assertEqual(self.one(f"SELECT COUNT(*) FROM {table}"), count, table)

    def test_gives_each_key_the_organisation_of_its_team_and_a_user_who_is_there(self):
        self.assertEqual(self.one("SELECT COUNT(*) FROM virtual_keys AS k LEFT JOIN teams AS t USING (team_id)"
                                  " WHERE t.organization_id IS NOT k.organization_id"), 0)
        self.assertEqual(self.one("SELECT COUNT(*) FROM virtual_keys AS k LEFT JOIN users AS u USING (user_id)"
                                  " WHERE k.user_id <> '' AND u.user_id IS NULL"), 0)

    def test_has_half_of_the_calls_made_by_a_twentieth_of_the_keys(self):
        busiest = self.one("SELECT SUM(calls) FROM (SELECT COUNT(*) AS calls FROM spend_events GROUP BY key_ref"
                           " ORDER BY 1 DESC LIMIT 20)")
        self.assertGreater(busiest, self.COUNT * 0.4)

    def test_asks_for_what_is_there(self):
        for number in range(50):
            values = control_questions.values(self.DIRECTORY, self.COUNT, 1_795_000_000_000, number)
            for table, column, value in (("virtual_keys", "key_id", f"key{values['key_id']}"),
                                         ("virtual_keys", "alias", values["key_name"]),
                                         ("teams", "team_id", f"team-{values['team']}"),
                                         ("users", "email", f"{values['user_name']}@example.com"),
                                         ("organizations", "organization_id",
                                          f"organization-{values['organization']}"),
                                         ("spend_events", "request_id", f"request-{values['call']}")):
                self.assertEqual(self.store.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} = ?",
                                                    (value,)).fetchone()[0] > 0, True, value)


class LedgersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_takes_a_kept_store_only_if_it_is_whole_and_as_wanted(self):
        wanted = {"version": 1, "count": 10, "keys": 2}
        self.assertIsNone(ledgers.kept_end(self.folder, wanted))
        with open(os.path.join(self.folder, "stamp.json"), "w") as file:
            json.dump(wanted | {"end_ms": 77}, file)
        self.assertEqual(ledgers.kept_end(self.folder, wanted), 77)
        for name in wanted:
            self.assertIsNone(ledgers.kept_end(self.folder, wanted | {name: 3}), name)

    def test_fills_a_file_and_leaves_it_with_all_its_indexes(self):
        path = os.path.join(self.folder, "test.db")
        store = sqlite3.connect(path, isolation_level=None)
        self.addCleanup(store.close)
        for migration in sorted(glob.glob(f"{SQL}/migrations/*.sql")):
            if not migration.endswith(".pgsql.sql"):
                with open(migration) as file:
                    store.executescript(file.read())
        schema = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
        before = store.execute(schema).fetchall()
        told = []
        owners = ledger_fill.FewOwners(0)
        ledgers.fill_sqlite(path, owners.tables, ledger_fill.statements(
            ledger_fill.Sqlite, count=100, owners=owners, end_ms=1_795_000_000_000), told.append)
        self.assertEqual(store.execute(schema).fetchall(), before)
        self.assertEqual(store.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertEqual(store.execute("PRAGMA journal_mode").fetchall(), [("wal",)])
        self.assertEqual(list(dict.fromkeys(told))[:3], ["names", "calls", "tags"])


class ReportTest(unittest.TestCase):
    def test_writes_the_documented_fields(self):
        figure = rounds_of((20, 38)).figure(governed_figure(Target(2.0, of="ratio")), "cpu")
        with tempfile.TemporaryDirectory() as folder:
            report.write_json([figure], [], {}, folder)
            with open(os.path.join(folder, "latest.json")) as file:
                (written,) = json.load(file)
        expected = {"workload": "W1", "mode": "governed", "concurrency": 8, "metric": "CPU per request",
                    "unit": "µs", "value": 38.0, "nginx": 20.0, "ratio": 1.9, "target": "<= 2×", "met": True}
        self.assertEqual({name: written[name] for name in expected}, expected)

    def test_names_missed_targets(self):
        figure = rounds_of((20, 50)).figure(governed_figure(Target(2.0, of="ratio")), "cpu")
        for text in (report.table([figure]), report.markdown([figure])):
            self.assertIn("0 targets met, 1 missed", text)
            self.assertIn("missed: W1 governed 8 CPU per request: <= 2×, measured 2.50×", text)


class LoadTest(unittest.TestCase):
    def report(self, **changes):
        return {"completed": 9, "failed": 0, "failures": {}, "lost_events": 0} | changes

    def test_finds_every_reason_not_to_publish(self):
        self.assertEqual(failure_of(self.report()), "")
        self.assertIn("no request", failure_of(self.report(completed=0)))
        self.assertIn("2 events lost", failure_of(self.report(lost_events=2)))
        self.assertIn("status 503 ×1", failure_of(self.report(failed=1, failures={"status 503": 1})))

    def test_reaches_a_profile_by_path_or_by_model(self):
        nginx = Subject("nginx", None, 1).address("long")
        self.assertIn("/long/v1/chat/completions", nginx)
        gateway = Subject("governed", None, 1, key="sk-1", routes_by_path=False).address("embeddings")
        self.assertIn("/v1/embeddings", gateway)
        self.assertEqual(gateway[gateway.index("--model") + 1], "embeddings")


if __name__ == "__main__":
    unittest.main()
