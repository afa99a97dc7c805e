"""Connections: ten thousand idle ones (IDLE), and TLS (W12)."""

import time

from .. import subject
from ..figures import Sample
from ..gateway import Gateway
from .requests import SMALL

CONCURRENCY = 8


def idle_connections(bench):
    """Memory of idle keep-alive connections, and what they cost the others."""
    count = bench.fit(1000 if bench.is_quick else 10000, 1, "IDLE")
    subjects = bench.fresh_subjects()
    rounds = bench.rounds(
        f"IDLE {count}", "memory", subjects,
        lambda started: started.measure(lambda measured: _beside_idle(bench, measured, count)))
    figures = []
    for mode in bench.modes(subjects):
        where = ("IDLE", mode, count)
        figures += [
            bench.figure(rounds, where, "private memory per connection", "memory", "kB"),
            bench.figure(rounds, where, "throughput kept", "throughput kept", ""),
            bench.figure(rounds, where, "CPU per request kept", "cpu kept", ""),
        ]
    return figures


def _beside_idle(bench, measured, count):
    """Measures W1 at c = 8 without idle connections, with them, and without them again."""
    def window():
        return bench.measure(measured, "chat", connections=CONCURRENCY, seconds=bench.seconds, **SMALL)

    bench.load.run(measured, "chat", connections=CONCURRENCY, seconds=bench.seconds / 5, **SMALL)
    before = window()
    memory = measured.server.memory_kb()["private"]
    with bench.load.hold(measured, "chat", connections=count, sources=4, **SMALL) as held:
        time.sleep(0.5)
        memory = measured.server.memory_kb()["private"] - memory
        beside = window()
    after = window()
    alone = {name: (before.values[name] + after.values[name]) / 2 for name in ("rate", "cpu")}
    lost = count - held.report["held"]
    failure = f"{lost} of {count} connections lost {held.report['failures']}" if lost else ""
    return Sample(
        {"memory": memory / count,
         "throughput kept": beside.values["rate"] / alone["rate"],
         "cpu kept": beside.values["cpu"] / alone["cpu"]},
        failure or before.failure or beside.failure or after.failure)


KEPT = "CPU per request, kept connections"
NEW = "CPU per request, all new connections"


def tls(bench):
    """TLS 1.3 with a P-256 certificate in front and to the upstream, full handshakes only."""
    nginx = bench.nginx()
    subjects = [subject.Subject("nginx", nginx, nginx.tls_port, tls=True)]
    if bench.has_gateway:
        files = bench.gateway_files(threads=1, tls=bench.certificate)
        gateway = bench.start(Gateway, files)
        subjects.append(subject.Subject(
            "governed", gateway, gateway.port, key=files.key, routes_by_path=False, tls=True))
    concurrency = 32
    rounds = bench.rounds(f"W12 c={concurrency}", KEPT, subjects,
                          lambda measured: _tls_sample(bench, measured, concurrency))
    return [bench.figure(rounds, ("W12", mode, concurrency), metric, metric)
            for mode in bench.modes(subjects) for metric in (*_tls_cells(bench), "CPU per handshake")]


def _tls_cells(bench):
    """Returns metric to requests per connection; 0 keeps the connection for good."""
    ends = {KEPT: 0, NEW: 1}
    return ends if bench.is_quick else {KEPT: 0, "CPU per request, 10 % new connections": 10, NEW: 1}


def _tls_sample(bench, measured, concurrency):
    # Connections to the upstream are there before the first window, and the windows are long enough
    # for those of the clients not to count where they are kept.
    bench.load.run(measured, "chat", connections=concurrency, seconds=bench.seconds / 5, **SMALL)
    seconds = max(bench.seconds, 0.8)
    values, failure = {}, ""
    for metric, requests in _tls_cells(bench).items():
        sample = bench.measure(measured, "chat", connections=concurrency, seconds=seconds,
                               requests_per_connection=requests, **SMALL)
        values[metric] = sample.values["cpu"]
        failure = failure or sample.failure
    return Sample(values | {"CPU per handshake": values[NEW] - values[KEPT]}, failure)
