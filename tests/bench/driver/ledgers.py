"""Filled stores. Each has a folder of its own, which `--ledgers` keeps for later runs: to fill one takes minutes."""

import contextlib
import dataclasses
import json
import os
import shutil
import sqlite3
import time

from . import directory_fill, ledger_fill
from .services import Postgres

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
_DATABASE = "ledger"


class Plan:
    """What a store is filled with: `count` calls of `owners`, after the gateway has made `keys` virtual keys itself.

    `name` tells kinds of plans apart; `stamp` is all that must be as it is in a store that was kept.
    """

    def __init__(self, name, owners, *, count, keys, stamp=None):
        self.folder = f"{name}{count}"
        self.owners = owners
        self.count = count
        self.keys = keys
        self.stamp = {"version": ledger_fill.VERSION, "count": count, "keys": keys} | (stamp or {})


def usage_plan(count, keys):
    """Returns the plan of W9Q."""
    return Plan("", ledger_fill.FewOwners(keys), count=count, keys=keys)


def directory_plan(count, directory):
    """Returns the plan of W9C, whose keys are a directory_fill.Directory; one more is made to be used."""
    stamp = {"directory": dataclasses.asdict(directory) | {"version": directory_fill.VERSION}}
    return Plan("directory-", directory, count=count, keys=1, stamp=stamp)


class Ledger:
    """A filled store: the files of its gateway, and when its last call began, in milliseconds since 1970."""

    def __init__(self, files, end_ms):
        self.files = files
        self.end_ms = end_ms


@contextlib.contextmanager
def opened(bench, store, plan):
    """Opens a store that is filled as planned; fills it first if it was not kept, or is outdated."""
    folder = os.path.join(bench.ledgers, f"{store.lower()}-{plan.folder}")
    end_ms = kept_end(folder, plan.stamp)
    if end_ms is None:
        end_ms = _make(bench, store, folder, plan)
    with contextlib.ExitStack() as stack:
        files = _files(bench, folder, _server(stack, store, folder), plan.keys)
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


def _make(bench, store, folder, plan):
    """Fills a store. Its stamp is written last, so that one that is not whole has none."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    end_ms = int(time.time() * 1000)
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        server = _server(stack, store, folder, is_filling=True)
        files = _files(bench, folder, server, plan.keys)
        progress = _Progress(bench, f"{store}, {plan.count} calls", begun)
        kind = ledger_fill.PostgreSql if server else ledger_fill.Sqlite
        steps = ledger_fill.statements(kind, count=plan.count, owners=plan.owners, end_ms=end_ms)
        if server:
            server.run_steps(_DATABASE, [*steps, ("checkpoint", "CHECKPOINT")], progress.tell)
        else:
            fill_sqlite(os.path.join(files.state, "deltallm.db"), plan.owners.tables, steps, progress.tell)
    bench.say(f"  {store}: made {plan.count} calls in {time.monotonic() - begun:.0f} s")
    with open(os.path.join(folder, "stamp.json"), "w", encoding="utf-8") as file:
        json.dump(plan.stamp | {"end_ms": end_ms}, file)
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


def fill_sqlite(path, tables, steps, tell):
    """Runs steps on a database that nobody else uses; `tell` hears of each before it begins.

    Nothing is synced, and the indexes of `tables` are made at the end: a database that was not filled to its end is of no use.
    """
    store = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            store.execute(f"PRAGMA {pragma}")
        indexes = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                                f" AND tbl_name IN {tables}").fetchall()
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
