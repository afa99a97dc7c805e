"""One run of the bench: its folder, its servers, and how a window is measured."""

import contextlib
import itertools
import os
import shutil
import sys

from . import machine, subject
from .figures import DIRECT, YARDSTICK, Figure, Rounds, Sample
from .gateway import Gateway, GatewayFiles
from .load import Load, failure_of
from .nginx import Nginx
from .server import Certificate, Mock
from .services import Postgres, Redis, make_folder
from .targets import target_of


class Bench:
    """A context that starts servers when they are first needed and stops them all at its end.

    `ledgers` is the folder where filled stores are kept; without one they are not.
    """

    def __init__(self, programs, folder, *, is_quick, rounds, most_keys=100_000, ledgers=None):
        self.programs = programs
        self.folder = folder
        self.is_quick = is_quick
        self.wanted_rounds = rounds
        self.most_keys = most_keys
        self.cores = len(os.sched_getaffinity(0))
        self.descriptors = machine.raise_descriptor_limit()
        self.shrunk = []
        self.raw = []
        self.keeps_ledgers = ledgers is not None
        self._ledgers = ledgers
        self._started = contextlib.ExitStack()
        self._shared = {}
        self._numbers = itertools.count(1)

    def __enter__(self):
        self.certificate = Certificate(self.folder)
        self.load = Load(self.programs.load)
        self.mock = self.start(Mock, self.programs.mock, self.folder, self.certificate)
        return self

    def __exit__(self, *_):
        self._started.close()

    @property
    def has_gateway(self):
        return self.programs.gateway is not None

    @property
    def seconds(self):
        """Returns how long a window of a fast workload lasts."""
        return 0.4 if self.is_quick else 3.0

    def start(self, make, *arguments, **options):
        """Starts a server that is stopped at the end of the bench."""
        server = make(*arguments, **options)
        self._started.callback(server.stop)
        return server

    @contextlib.contextmanager
    def fresh(self, make, *arguments, **options):
        """Starts a server that is stopped when the context is left."""
        server = make(*arguments, **options)
        try:
            yield server
        finally:
            server.stop()

    def new_folder(self, name):
        """Returns the path of a folder that does not exist yet."""
        return os.path.join(self.folder, f"{name}-{next(self._numbers)}")

    def make_nginx(self, workers=1):
        """Starts a new nginx; the caller stops it."""
        return Nginx(self.new_folder("nginx"), self.mock, self.certificate, workers)

    def gateway_files(self, *, folder=None, **options):
        """Makes the state folder, configuration and keys of a gateway, a new one unless the folder has them."""
        return GatewayFiles(self.programs.gateway, folder or self.new_folder("gateway"), self.mock, **options)

    @property
    def ledgers(self):
        """Returns the folder for filled stores. Its path is short, because a Unix socket lies there too."""
        if self._ledgers is None:
            self._ledgers = make_folder()
            self._started.callback(shutil.rmtree, self._ledgers, ignore_errors=True)
        return self._ledgers

    def make_gateway(self, threads=1):
        """Starts a new gateway with one virtual key; the caller stops it."""
        return Gateway(self.gateway_files(threads=threads))

    def nginx(self, workers=1):
        """Returns the nginx that all workloads share."""
        return self._share(("nginx", workers), self.make_nginx, workers)

    def gateway(self, threads=1):
        """Returns the gateway that all workloads share."""
        return self._share(("gateway", threads), self.make_gateway, threads)

    def postgres(self):
        """Returns the PostgreSQL that all workloads share."""
        return self._share("postgres", Postgres)

    def redis(self):
        """Returns the Redis that all workloads share."""
        return self._share("redis", Redis)

    def _share(self, name, make, *arguments):
        if name not in self._shared:
            self._shared[name] = self.start(make, *arguments)
        return self._shared[name]

    def subjects(self, *, threads=1, plain=False):
        """Returns nginx and, if there is one, the gateway, each with so many workers or threads."""
        made = [subject.yardstick(self.nginx(threads))]
        if self.has_gateway:
            made.append(subject.governed(self.gateway(threads)))
        if self.has_gateway and plain:
            made.append(subject.plain(self.gateway(threads)))
        return made

    def fresh_subjects(self):
        """Returns nginx and the gateway as subjects that are started anew for every measurement."""
        made = [subject.FreshSubject(YARDSTICK, lambda: subject.yardstick(self.make_nginx()))]
        if self.has_gateway:
            made.append(subject.FreshSubject("governed", lambda: subject.governed(self.make_gateway())))
        return made

    def measure(self, measured, profile, *, per="completed", **options):
        """Measures one window: load from beginning to end, and the CPU time that it cost.

        The values are `cpu` in µs per reply or event, `rate` in replies per second, the number `completed`,
        and the report's percentiles in µs.
        """
        before = measured.server.settled_cpu_seconds()
        report = self.load.run(measured, profile, **options)
        cpu = measured.server.settled_cpu_seconds() - before
        failure = failure_of(report)
        if failure and report["messages"]:
            self.say(f"    {measured.name}: {report['messages']}")
        values = {"cpu": cpu * 1e6 / max(report[per], 1), "rate": report["rate"],
                  "completed": report["completed"]}
        for name in ("latency", "first_event", "gap", "delivery"):
            values |= {f"{name} {share}": value for share, value in report[f"{name}_us"].items()}
        values["events per read"] = report["events"] / max(report["event_reads"], 1)
        return Sample(values, failure)

    def rounds(self, name, metric, subjects, measure):
        """Runs interleaved rounds until enough of them are steady, or twice as many were tried."""
        rounds = Rounds(metric)
        most = self.wanted_rounds * (1 if self.is_quick else 2)
        while len(rounds.steady()) < self.wanted_rounds and len(rounds.rounds) < most:
            samples = {measured.name: measure(measured) for measured in subjects}
            rounds.add(samples)
            shown = "  ".join(_shown(name, sample, metric) for name, sample in samples.items())
            self.say(f"  {name} round {len(rounds.rounds)}: {metric}: {shown}")
            self.raw.append({"cell": name, "samples": {n: vars(s) for n, s in samples.items()}})
        return rounds

    def figure(self, rounds, where, metric, source, unit="µs", **against):
        """Makes a figure from rounds.

        `where` is (workload, mode, concurrency) and `source` the name of the value in the samples.
        Without a unit the value is a ratio itself, and is not compared with nginx's.
        """
        made = Figure(*where, metric, unit, target=target_of(*where, metric))
        return rounds.figure(made, source, **against)

    def single(self, where, metric, value, unit):
        """Makes a figure from one value that is not measured in rounds."""
        return Figure(*where, metric, unit, value=value, target=target_of(*where, metric))

    def modes(self, subjects):
        """Returns the names of the subjects that get figures: nginx itself only if it is alone."""
        silent = (DIRECT, YARDSTICK) if self.has_gateway else (DIRECT,)
        return [measured.name for measured in subjects if measured.name not in silent]

    def fit(self, wanted, descriptors_each, workload):
        """Returns how many connections the descriptor limit allows, and notes if it is fewer."""
        possible = (self.descriptors - 512) // descriptors_each
        if possible < wanted:
            self.shrunk.append(f"{workload}: {possible} instead of {wanted}, "
                               f"because a process may open only {self.descriptors} descriptors")
        return min(wanted, possible)

    def say(self, text):
        """Tells the person who waits how far the bench is."""
        print(text, file=sys.stderr, flush=True)


def _shown(name, sample, metric):
    return f"{name} FAILED ({sample.failure})" if sample.failure else f"{name} {sample.values[metric]:.4g}"
