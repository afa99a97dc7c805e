"""Streams: W3 (paced) and W3I (held)."""

import time

from .. import subject
from ..figures import Sample


def paced_streams(bench):
    """Streams of 200 events of 243 B, 10 ms apart, then usage and `[DONE]`."""
    figures = []
    for streams in (50,) if bench.is_quick else (50, 512):
        subjects = [subject.direct(bench.mock), *bench.subjects()]
        each = 3 if streams == 50 and not bench.is_quick else 1
        rounds = bench.rounds(
            f"W3 {streams} streams", "cpu", subjects,
            lambda measured: bench.measure(
                measured, "stream", per="events", payload="stream", body_bytes=974,
                connections=streams, requests=streams * each, seconds=60, ramp_seconds=0.5))
        for mode in bench.modes(subjects):
            where = ("W3", mode, streams)
            figures.append(bench.figure(rounds, where, "CPU per event", "cpu"))
            for share in ("p50", "p99"):
                figures.append(bench.figure(
                    rounds, where, f"added time to first event {share}", f"first_event {share}",
                    minus="direct"))
                figures.append(bench.figure(
                    rounds, where, f"added delivery {share}", f"delivery {share}", minus="direct"))
            figures.append(bench.figure(rounds, where, "events per read", "events per read", ""))
    return figures


def idle_streams(bench):
    """Memory of streams that have had their first event and wait for the next."""
    figures = []
    for wanted in (1000,) if bench.is_quick else (1000, 10000):
        streams = bench.fit(wanted, 2, "W3I")
        subjects = bench.fresh_subjects()
        rounds = bench.rounds(
            f"W3I {streams} streams", "memory", subjects,
            lambda started: started.measure(lambda measured: _held_streams(bench, measured, streams)))
        figures += [bench.figure(rounds, ("W3I", mode, streams), "private memory per stream", "memory", "kB")
                    for mode in bench.modes(subjects)]
    return figures


def _held_streams(bench, measured, streams):
    bench.load.run(measured, "burst", payload="stream", connections=8, requests=16, seconds=10)
    before = measured.server.memory_kb()["private"]
    with bench.load.hold(measured, "hold", payload="stream", connections=streams, sources=4) as held:
        time.sleep(0.5)
        after = measured.server.memory_kb()["private"]
    lost = streams - held.report["held"]
    failure = f"{lost} of {streams} streams lost {held.report['failures']}" if lost else ""
    return Sample({"memory": (after - before) / streams}, failure)
