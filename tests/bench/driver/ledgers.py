"""Filled stores. Each has a folder of its own, which `--ledgers` keeps for later runs: to fill one takes minutes."""

import contextlib
import json
import os
import shutil
import sqlite3
import time

from . import ledger_fill
from .services import Postgres

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
_DATABASE = "ledger"
_TABLES = ("spend_events", "spend_event_tags", "spend_hourly", "spend_daily", "spend_rollups")


class Ledger:
    """A filled store: the files of its gateway, and when its last call began, in milliseconds since 1970."""

    def __init__(self, files, end_ms):
        self.files = files
        self.end_ms = end_ms


@contextlib.contextmanager
def opened(bench, store, *, count, keys):
    """Opens a store with `count` calls by `keys` virtual keys; fills it first if it was not kept, or is outdated."""
    folder = os.path.join(bench.ledgers, f"{store.lower()}-{count}")
    wanted = {"version": ledger_fill.VERSION, "count": count, "keys": keys}
    end_ms = kept_end(folder, wanted)
    if end_ms is None:
        end_ms = _make(bench, store, folder, wanted)
    with contextlib.ExitStack() as stack:
        files = _files(bench, folder, _server(stack, store, folder), keys)
        files.command("migrate")
        yield Ledger(files, end_ms)
    if not bench.keeps_ledgers:
        shutil.rmtree(folder)


def kept_end(folder, wanted):
    """Returns when the last call of a kept store began; None if there is none that is whole and as wanted."""
    try:
        with open(os.path.join(folder, "stamp.json"), encoding="utf-8") as file:
            stamp = json.load(file)
    except FileNotFoundError:
        return None
    return stamp["end_ms"] if wanted.items() <= stamp.items() else None


def _make(bench, store, folder, wanted):
    """Fills a store. Its stamp is written last, so that one that is not whole has none."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    end_ms = int(time.time() * 1000)
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        server = _server(stack, store, folder, is_filling=True)
        files = _files(bench, folder, server, wanted["keys"])
        progress = _Progress(bench, f"{store}, {wanted['count']} calls", begun)
        kind = ledger_fill.PostgreSql if server else ledger_fill.Sqlite
        steps = ledger_fill.statements(kind, count=wanted["count"], keys=wanted["keys"], end_ms=end_ms)
        if server:
            server.run_steps(_DATABASE, [*steps, ("checkpoint", "CHECKPOINT")], progress.tell)
        else:
            fill_sqlite(os.path.join(files.state, "deltallm.db"), steps, progress.tell)
    bench.say(f"  {store}: made {wanted['count']} calls in {time.monotonic() - begun:.0f} s")
    with open(os.path.join(folder, "stamp.json"), "w", encoding="utf-8") as file:
        json.dump(wanted | {"end_ms": end_ms}, file)
    return end_ms


def _server(stack, store, folder, is_filling=False):
    """Starts the PostgreSQL of a store, which is stopped with the stack; None for SQLite."""
    if store == SQLITE:
        return None
    server = Postgres(folder, is_filling=is_filling)
    stack.callback(server.stop)
    if is_filling:
        server.run("postgres", f"CREATE DATABASE {_DATABASE}")
    return server


def _files(bench, folder, server, keys):
    settings = f"  database_url: {server.url(_DATABASE)}\n" if server else ""
    return bench.gateway_files(folder=os.path.join(folder, "gateway"), threads=1, keys=keys, settings=settings)


def fill_sqlite(path, steps, tell):
    """Runs steps on a database that nobody else uses; `tell` hears of each before it begins.

    Nothing is synced, and indexes are made at the end: a database that was not filled to its end is of no use.
    """
    store = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            store.execute(f"PRAGMA {pragma}")
        indexes = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                                f" AND tbl_name IN {_TABLES}").fetchall()
        made = [("indexes", sql) for _, sql in indexes]
        store.execute("BEGIN IMMEDIATE")
        for name, _ in indexes:
            store.execute(f"DROP INDEX {name}")
        for name, statement in [*steps, *made]:
            tell(name)
            store.execute(statement)
        store.execute("COMMIT")
        store.execute("PRAGMA journal_mode = WAL")
    finally:
        store.close()


class _Progress:
    """Tells which part of a store is being made, at most every ten seconds unless a new part begins."""

    def __init__(self, bench, what, begun):
        self._bench = bench
        self._what = what
        self._begun = begun
        self._last = ("", 0.0, 0)

    def tell(self, name):
        last, told_at, number = self._last
        number = number + 1 if name == last else 1
        now = time.monotonic()
        if name == last and now - told_at < 10:
            self._last = (name, told_at, number)
            return
        self._last = (name, now, number)
        self._bench.say(f"    {self._what}: {name}, statement {number}, after {now - self._begun:.0f} s")
