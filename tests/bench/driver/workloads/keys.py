"""From a hundred to a hundred thousand virtual keys."""

from .. import subject
from ..gateway import Gateway
from .requests import SMALL

CONCURRENCY = 8


def many_keys(bench):
    """From 100 to 100,000 keys, drawn by Zipf's law.

    The gateways, one for every number of keys, run side by side and are measured in turn.
    """
    if not bench.has_gateway:
        return []
    counts = (100, 1000) if bench.is_quick else (100, 1000, 10000, 100000)
    subjects = [subject.yardstick(bench.nginx())]
    memory, start = {}, {}
    for count in counts:
        name = f"{count} keys"
        gateway = bench.start(Gateway, bench.gateway_files(threads=1, keys=count))
        bench.say(f"  W7 {name}: first answer after {gateway.first_answer_seconds * 1000:.0f} ms")
        memory[name] = gateway.memory_kb()["private"]
        start[name] = gateway.first_answer_seconds * 1000
        subjects.append(subject.Subject(name, gateway, gateway.port, routes_by_path=False,
                                        keys_file=gateway.files.keys_file))
    rounds = bench.rounds("W7", "cpu", subjects, lambda measured: bench.measure(
        measured, "chat", connections=CONCURRENCY, seconds=bench.seconds, **SMALL))
    figures = []
    base = f"{counts[0]} keys"
    for count in counts:
        mode = f"{count} keys"
        where = ("W7", mode, CONCURRENCY)
        figures.append(bench.figure(rounds, where, "CPU per request", "cpu"))
        figures.append(bench.single(where, "exec to first 200", start[mode], "ms"))
        if mode == base:
            continue
        figures.append(bench.figure(
            rounds, where, f"CPU per request against {base}", "cpu", "", over=base))
        grown = (memory[mode] - memory[base]) * 1024 / (count - counts[0])
        figures.append(bench.single(where, "private memory per key", grown, "B"))
    return figures
