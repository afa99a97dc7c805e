#!/usr/bin/env python3
"""Tests of what the driver concludes from its measurements."""

import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
sys.dont_write_bytecode = True

from driver import report  # noqa: E402
from driver.figures import Figure, Rounds, Sample, Target  # noqa: E402
from driver.load import failure_of  # noqa: E402
from driver.subject import Subject  # noqa: E402


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
