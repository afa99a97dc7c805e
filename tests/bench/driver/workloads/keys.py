"""From a hundred to a hundred thousand virtual keys, or a million."""

import time

from .. import subject
from ..admin import Admin, status_of_call
from ..gateway import Gateway, id_of_key
from .requests import SMALL

CONCURRENCY = 8
PATIENCE = 30.0  # Seconds until a revoked key that still works is told as such.


def many_keys(bench):
    """From 100 to 100,000 keys, drawn by Zipf's law, and how soon a revoked one stops working.

    The gateways, one for every number of keys, run side by side and are measured in turn.
    """
    if not bench.has_gateway:
        return []
    counts = [count for count in (100, 1000, 10000, 100000, 1000000)
              if count <= (1000 if bench.is_quick else bench.most_keys)]
    subjects = [subject.yardstick(bench.nginx())]
    memory, start = {}, {}
    for count in counts:
        name = f"{count} keys"
        gateway = bench.start(Gateway, bench.gateway_files(threads=1, keys=count))
        bench.say(f"  W7 {name}: first answer after {gateway.first_answer_seconds * 1000:.0f} ms")
        memory[name] = gateway.memory_kb()["anonymous"]
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
        figures.append(bench.single(where, "anonymous memory per key", grown, "B"))
    return figures + _revocations(bench, subjects[-1])


def _revocations(bench, measured):
    """Revokes keys by a call and by a command, which is another process."""
    gateway = measured.server
    with open(gateway.files.keys_file) as file:
        keys = [file.readline().strip() for _ in range(2 * _revocation_count(bench))]
    here, elsewhere = keys[::2], keys[1::2]
    admin = Admin(gateway)
    answered = 0
    for key in here:
        admin.post("/key/delete", {"keys": [id_of_key(key)]})
        answered += status_of_call(gateway.port, key) == 200
    longest = max(_seconds_to_refusal(gateway, key) for key in elsewhere)
    where = ("W7", measured.name, 1)
    return [bench.single(where, "revoked keys answered afterwards", answered, ""),
            bench.single(where, "longest from `keys revoke` to 401", longest * 1000, "ms")]


def _revocation_count(bench):
    return 3 if bench.is_quick else 20


def _seconds_to_refusal(gateway, key):
    """Revokes a key by the command line; returns how long after the command's end it still worked."""
    gateway.files.command("keys", "revoke", id_of_key(key))
    begun = time.monotonic()
    while status_of_call(gateway.port, key) == 200:
        if time.monotonic() - begun > PATIENCE:
            raise RuntimeError(f"a key works {PATIENCE:.0f} s after it was revoked")
        time.sleep(0.005)
    return time.monotonic() - begun
