"""W9: what becomes of the spend of every call, on PostgreSQL, also when somebody dies."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from .. import machine, subject
from ..admin import Admin, metric_of
from ..gateway import Gateway, id_of_key
from .requests import SMALL

CONCURRENCY = 32
DRAIN_PATIENCE = 120.0  # Seconds until rows that do not come are counted as lost.
STEADY = "steady"
PAUSED = "PostgreSQL paused"
ENDED = "SIGTERM"
KILLED = "SIGKILL"


def spend_log(bench):
    """W1 at the highest rate onto PostgreSQL: rows per second, their cost and delay, and that none is lost.

    Rows are counted in the table, and compared with the 200s that the clients saw.
    """
    if not bench.has_gateway:
        return []
    figures = []
    for measure in (_steady, _paused, _ended, _killed):
        figures += measure(bench)
    return figures


class _Run:
    """A gateway with a database of its own, and the load on it."""

    def __init__(self, bench):
        self._bench = bench
        self._postgres = bench.postgres()
        self._database = self._postgres.new_database()
        self.files = bench.gateway_files(
            threads=1, settings=f"  database_url: {self._postgres.url(self._database)}\n")
        self.gateway = Gateway(self.files)

    def load(self, seconds):
        """Puts load on the gateway; returns what the clients saw."""
        reached = subject.governed(self.gateway)
        return self._bench.load.run(reached, "chat", connections=CONCURRENCY, seconds=seconds, **SMALL)

    def rows(self):
        """Returns how many calls of the bench's key that were answered with 200 are in the table."""
        sql = ("SELECT COUNT(*) FROM spend_events WHERE status = 200 AND key_ref ="
               f" (SELECT id FROM names WHERE name = '{id_of_key(self.files.key)}')")
        return int(self._postgres.run(self._database, sql)[0][0])

    def wait_for_rows(self, wanted):
        """Waits until so many rows are there; returns how many are in the end, and the seconds that it took."""
        begun = time.monotonic()
        while (rows := self.rows()) < wanted and time.monotonic() - begun < DRAIN_PATIENCE:
            time.sleep(0.2)
        return rows, time.monotonic() - begun

    def restart(self):
        """Starts the gateway anew on the same files."""
        self.gateway = Gateway(self.files)

    def applier_cpu(self):
        """Returns the CPU time of the thread that brings rows into the store."""
        return machine.thread_cpu_seconds(self.gateway.pid, "spend-applier")


@dataclass
class LagWatch:
    """Reads every tenth of a second how old the oldest unapplied entry is, while its context lasts."""

    port: int
    seen: list = field(default_factory=list)

    def __enter__(self):
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _watch(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self._end.wait(0.1):
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
            self.seen.append(metric_of(text, "deltallm_journal_lag_seconds"))
        connection.close()


def percentile(values, share):
    """Returns the smallest value that at least `share` of all values do not exceed; 0 of none."""
    ordered = sorted(values)
    rank = -(-share * len(ordered) // 1)  # Rounded up.
    return ordered[max(int(rank) - 1, 0)] if ordered else 0.0


def _steady(bench):
    seconds = 4 if bench.is_quick else 60
    run = _Run(bench)
    try:
        run.load(bench.seconds / 5)
        run.gateway.settled_cpu_seconds()
        first, applier = run.rows(), run.applier_cpu()
        with LagWatch(run.gateway.port) as watch:
            report = run.load(seconds)
        rows, waited = run.wait_for_rows(first + report["completed"])
        run.gateway.settled_cpu_seconds()
        applier = run.applier_cpu() - applier
    finally:
        run.gateway.stop()
    made = max(rows - first, 1)
    drained = made / (report["seconds"] + waited)
    where = ("W9", STEADY, CONCURRENCY)
    _note(bench, STEADY, report)
    return [
        bench.single(where, "requests failed", report["failed"], ""),
        bench.single(where, "rows per second", drained, "rows/s"),
        bench.single(where, "rows per second against requests", drained / max(report["rate"], 1), ""),
        bench.single(where, "CPU of the applier per row", applier * 1e6 / made, "µs"),
        bench.single(where, "lag p50", percentile(watch.seen, 0.5), "s"),
        bench.single(where, "lag p99", percentile(watch.seen, 0.99), "s"),
        *_losses(bench, where, report, made),
    ]


def _paused(bench):
    """Load goes on while PostgreSQL does not: the journal keeps what the database does not take."""
    seconds, pause = (14, 10) if bench.is_quick else (60, 30)
    run = _Run(bench)
    postgres = bench.postgres()
    try:
        with LagWatch(run.gateway.port) as watch, ThreadPoolExecutor(1) as beside:
            interruption = beside.submit(_interrupt, run, postgres, pause)
            report = run.load(seconds)
            before, at = interruption.result()
            rows, waited = run.wait_for_rows(report["completed"])
        caught_up = time.monotonic()
    finally:
        run.gateway.stop()
    where = ("W9", PAUSED, CONCURRENCY)
    _note(bench, PAUSED, report)
    return [
        bench.single(where, "requests failed", report["failed"], ""),
        bench.single(where, "rows per second after the pause", (rows - before) / (caught_up - at), "rows/s"),
        bench.single(where, "rows complete after the load", waited, "s"),
        bench.single(where, "highest lag", max(watch.seen, default=0.0), "s"),
        *_losses(bench, where, report, rows),
    ]


def _interrupt(run, postgres, seconds):
    """Stops PostgreSQL for a while after two seconds; returns how many rows there were, and when it went on."""
    time.sleep(2)
    before = run.rows()
    postgres.pause()
    try:
        time.sleep(seconds)
    finally:
        postgres.resume()
    return before, time.monotonic()


def _ended(bench):
    """The gateway is told to end with rows still under way."""
    run = _Run(bench)
    try:
        report = run.load(3 if bench.is_quick else 20)
        begun = time.monotonic()
        run.gateway.stop()
        took = time.monotonic() - begun
        at_exit = run.rows()
        run.restart()
        rows, _ = run.wait_for_rows(report["completed"])
    finally:
        run.gateway.stop()
    where = ("W9", ENDED, CONCURRENCY)
    _note(bench, ENDED, report)
    return [
        bench.single(where, "requests failed", report["failed"], ""),
        bench.single(where, "time to end", took, "s"),
        bench.single(where, "rows left to the next start", max(report["completed"] - at_exit, 0), ""),
        *_losses(bench, where, report, rows),
    ]


def _killed(bench):
    """The gateway is killed under load. Calls without a reply may be there too: they were paid for."""
    seconds = 3 if bench.is_quick else 20
    run = _Run(bench)
    try:
        killer = threading.Timer(seconds - 0.2, run.gateway.process.kill)
        killer.start()
        try:
            report = run.load(seconds)
        finally:
            killer.join()
        run.gateway.process.wait()
        at_death = run.rows()
        run.gateway.stop()
        run.restart()
        rows, waited = run.wait_for_rows(report["completed"])
    finally:
        run.gateway.stop()
    where = ("W9", KILLED, CONCURRENCY)
    return [
        bench.single(where, "rows left to the next start", max(report["completed"] - at_death, 0), ""),
        bench.single(where, "exec to first 200 with them", run.gateway.first_answer_seconds * 1000, "ms"),
        bench.single(where, "rows complete after that", waited, "s"),
        *_losses(bench, where, report, rows),
    ]


def _losses(bench, where, report, rows):
    """Compares rows with 200s. More rows than 200s are calls whose reply the client did not get."""
    return [bench.single(where, "rows lost", max(report["completed"] - rows, 0), ""),
            bench.single(where, "rows beyond the 200s", max(rows - report["completed"], 0), "")]


def _note(bench, name, report):
    bench.say(f"  W9 {name}: {report['completed']} requests at {report['rate']:.0f} req/s, "
              f"{report['failed']} failed {report['failures'] or ''}")
    if report["messages"]:
        bench.say(f"    {report['messages']}")
