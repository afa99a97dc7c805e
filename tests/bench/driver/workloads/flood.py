"""W7F: ninety-one thousand keys that nobody ever made, five thousand a second."""

import os
import random
import sqlite3
import zlib

from .. import subject
from ..figures import Sample
from ..gateway import Gateway
from .requests import SMALL

RATE = 5000
CONNECTIONS = 256
UNKNOWN = "unknown keys"
MALFORMED = "malformed keys"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def key_flood(bench):
    """CPU, memory and rows that keys cost which nobody made: well-formed ones, and ones with a wrong checksum.

    Each key comes once, and each gateway is a new one: what was once asked for is no news.
    """
    if not bench.has_gateway:
        return []
    count = 5_000 if bench.is_quick else 91_000
    subjects = [subject.FreshSubject(name, lambda name=name: _flooded(bench, name, count))
                for name in (UNKNOWN, MALFORMED)]
    rounds = bench.rounds("W7F", "cpu", subjects,
                          lambda started: started.measure(lambda measured: _flood(bench, measured, count)))
    figures = []
    for mode in (UNKNOWN, MALFORMED):
        where = ("W7F", mode, RATE)
        figures += [bench.figure(rounds, where, "CPU per 401", "cpu"),
                    bench.figure(rounds, where, "resident memory grown", "memory", "MB"),
                    bench.figure(rounds, where, "rows written", "rows", "")]
    return figures


def _flooded(bench, name, count):
    gateway = Gateway(bench.gateway_files(threads=1))
    path = os.path.join(gateway.files.folder, "flood.txt")
    with open(path, "w") as file:
        file.writelines(f"{key}\n" for key in make_keys(count, is_sound=name == UNKNOWN))
    return subject.Subject(name, gateway, gateway.port, keys_file=path, routes_by_path=False)


def _flood(bench, measured, count):
    refused = {"connections": CONNECTIONS, "keys_in_turn": None, "expected_status": 401, **SMALL}
    # Connections and buffers are there before, and the call that waited for the start is in the store.
    bench.load.run(measured, "chat", requests=4 * CONNECTIONS, seconds=10, **refused)
    measured.server.settled_cpu_seconds()
    memory, rows = measured.server.memory_kb()["rss"], count_rows(measured.server.files.state)
    sample = bench.measure(measured, "chat", mode="open", rate=RATE, seconds=count / RATE, **refused)
    grown = measured.server.memory_kb()["rss"] - memory
    written = count_rows(measured.server.files.state) - rows
    return Sample(sample.values | {"memory": grown / 1024, "rows": written}, sample.failure)


def make_keys(count, *, is_sound):
    """Makes keys as gateway/auth/key_format.h describes them; unsound ones end in another checksum."""
    chance = random.Random(91_000)
    for _ in range(count):
        text = f"sk-dl-{''.join(chance.choices(ALPHABET, k=8))}-{''.join(chance.choices(ALPHABET, k=43))}"
        checksum = checksum_of(text) ^ (0 if is_sound else 1)
        yield f"{text}-{base62(checksum)}"


def checksum_of(text):
    """Returns the number that stands behind the last dash of a key."""
    return zlib.crc32(text.encode())


def base62(number):
    """Writes a checksum as six digits, highest first."""
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


def count_rows(state):
    """Returns how many rows all tables of an embedded store have."""
    store = sqlite3.connect(f"file:{os.path.join(state, 'deltallm.db')}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(store.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables)
    finally:
        store.close()
