"""Whole requests and replies: W1, W1T, W2 and W4."""

from .. import subject

SMALL = {"body_bytes": 974}
LONG = {"body_bytes": 105307}
EMBEDDINGS = {"body_bytes": 512, "payload": "embeddings"}


def _cpu_cell(bench, workload, profile, concurrency, subjects, options):
    """Measures CPU per request at one concurrency."""
    for measured in subjects:
        bench.load.run(measured, profile, connections=concurrency, seconds=bench.seconds / 5, **options)
    # The window is long enough for the making of the connections not to count.
    seconds = max(bench.seconds, concurrency / 256)
    rounds = bench.rounds(
        f"{workload} c={concurrency}", "cpu", subjects,
        lambda measured: bench.measure(
            measured, profile, connections=concurrency, seconds=seconds, **options))
    return [bench.figure(rounds, (workload, mode, concurrency), "CPU per request", "cpu")
            for mode in bench.modes(subjects)]


def small_chat(bench):
    """974 B in, 1,052 B out. At c = 8 also with all cores, beside an nginx with as many workers."""
    figures = []
    for concurrency in (1, 8, 32) if bench.is_quick else (1, 8, 32, 256):
        subjects = bench.subjects(plain=True)
        if concurrency == 8 and bench.cores > 1 and not bench.is_quick:
            subjects.append(subject.yardstick(bench.nginx(bench.cores), f"nginx, {bench.cores} workers"))
            if bench.has_gateway:
                subjects.append(subject.governed(
                    bench.gateway(bench.cores), f"governed, {bench.cores} threads"))
        figures += _cpu_cell(bench, "W1", "chat", concurrency, subjects, SMALL)
    return figures


def long_prompt(bench):
    """105,307 B in, with UTF-8 and escapes, and 4,096 B out."""
    return _cpu_cell(bench, "W2", "long", 8, bench.subjects(), LONG)


def embeddings(bench):
    """512 B in, 97,685 B out: an embedding of 4,690 numbers."""
    return _cpu_cell(bench, "W4", "embeddings", 8, bench.subjects(), EMBEDDINGS)


def throughput(bench):
    """Replies per second with all cores, against nginx with as many workers.

    Load, upstream and proxy share the cores, so the ratio is milder than that of the CPU time.
    """
    figures = []
    for concurrency in (64,) if bench.is_quick else (64, 256, 1024):
        subjects = bench.subjects(threads=bench.cores)
        rounds = bench.rounds(
            f"W1T c={concurrency}", "rate", subjects,
            lambda measured: bench.measure(
                measured, "chat", connections=concurrency, seconds=bench.seconds, **SMALL))
        figures += [bench.figure(rounds, ("W1T", mode, concurrency), "throughput", "rate", "req/s")
                    for mode in bench.modes(subjects)]
    return figures
