"""W1L: what a proxy adds to the time of a request at a rate that it keeps up with easily."""

from .. import subject
from .requests import SMALL

MOST_CONNECTIONS = 64


def added_latency(bench):
    """Latency at fixed rates, minus that of a direct call in the same round."""
    figures = []
    for rate in (1000,) if bench.is_quick else (200, 1000):
        subjects = [subject.direct(bench.mock), *bench.subjects(plain=True)]
        rounds = bench.rounds(
            f"W1L {rate}/s", "latency p50", subjects,
            lambda measured: bench.measure(
                measured, "chat", mode="open", rate=rate, connections=MOST_CONNECTIONS,
                warm_up_seconds=bench.seconds / 5, seconds=bench.seconds, **SMALL))
        for mode in bench.modes(subjects):
            where = ("W1L", mode, rate)
            for share in ("p50", "p90", "p99"):
                figures.append(bench.figure(
                    rounds, where, f"added latency {share}", f"latency {share}", minus="direct"))
            if mode != "nginx":
                figures.append(bench.figure(
                    rounds, where, "latency p50 above nginx", "latency p50", minus="nginx"))
    return figures
