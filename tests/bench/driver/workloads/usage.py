"""W9Q: how fast reports are with a million calls in the store, and with ten million."""

import datetime
import os
import sqlite3
import time

from .. import ledger_fill
from ..admin import Admin
from ..gateway import Gateway, id_of_key
from .spend import percentile

KEYS = 1000
UNCOUNTED = 5  # First requests of each report: the store has not planned it yet.

# What is asked, each time of another key, team and so on. A further report is a further line.
REPORTS = {
    "all calls": "/spend/logs?start_date={since}&limit=50",
    "a key": "/spend/logs?start_date={since}&limit=50&api_key={key}",
    "a user": "/spend/logs?start_date={since}&limit=50&user_id=user-{number}",
    "a team": "/spend/logs?start_date={since}&limit=50&team_id=team-{number}",
    "an organisation": "/spend/logs?start_date={since}&limit=50&organization_id=organization-{number}",
    "a model": "/spend/logs?start_date={since}&limit=50&model=model-{number}",
    "a tag": "/spend/logs?start_date={since}&limit=50&tag=tag-{number}",
    "a key and a model": "/spend/logs?start_date={since}&limit=50&api_key={key}&model=model-{number}",
    "a team and a model": "/spend/logs?start_date={since}&limit=50&team_id=team-{number}&model=model-{number}",
    "all calls by day": "/spend/report?start_date={since}&end_date={today}&interval=day",
    "days of a key": ("/spend/report?start_date={since}&end_date={today}&interval=day&group_by=key"
                      "&api_key={key}"),
    "days of a team": ("/spend/report?start_date={since}&end_date={today}&interval=day&group_by=team"
                       "&team_id=team-{number}"),
    "keys": "/spend/report?start_date={since}&group_by=key",
    "teams": "/spend/report?start_date={since}&group_by=team",
    "ten teams by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=team&limit=10",
    "100 teams by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=team",
    "models by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=model",
    "all budgets": "/budget/list",
    "all rate limits": "/rate_limit/list",
}


def usage_pages(bench):
    """Reports over ninety days, and the list of 1,100 budgets, with a million calls and with ten million."""
    if not bench.has_gateway:
        return []
    small, large = (2_000, 20_000) if bench.is_quick else (1_000_000, 10_000_000)
    figures = [*_measure(bench, "SQLite", small)[0]]
    made, base = _measure(bench, "PostgreSQL", small)
    figures += made
    made, grown = _measure(bench, "PostgreSQL", large)
    figures += made
    for name in REPORTS:
        where = ("W9Q", f"PostgreSQL, {name}", large)
        figures.append(bench.single(where, "p95 against a tenth of the calls", grown[name] / base[name], ""))
    return figures


def _measure(bench, store, count):
    """Fills a store, proves it if it is the smaller one, and asks. Returns figures, and the p95 by report."""
    postgres = bench.postgres() if store == "PostgreSQL" else None
    database = postgres.new_database() if postgres else None
    settings = f"  database_url: {postgres.url(database)}\n" if postgres else ""
    files = bench.gateway_files(threads=1, keys=KEYS, settings=settings)
    begun = time.monotonic()
    if postgres:
        _fill_postgres(postgres, database, count)
    else:
        _fill_sqlite(files.state, count)
    bench.say(f"  W9Q {store}: made {count} calls in {time.monotonic() - begun:.0f} s")
    if count <= 1_000_000:
        files.command("verify")
    with bench.fresh(Gateway, files) as gateway:
        times = _ask(bench, gateway, f"{store}, {count} calls")
        start = bench.single(("W9Q", store, count), "exec to first 200", gateway.first_answer_seconds * 1000, "ms")
    if postgres:
        postgres.run("postgres", f"DROP DATABASE {database} WITH (FORCE)")
    figures = [bench.single(("W9Q", f"{store}, {name}", count), "p95", each, "ms") for name, each in times.items()]
    return [start, *figures], times


def _ask(bench, gateway, where):
    """Asks for each report many times; returns p95 in milliseconds by the report's name."""
    admin = Admin(gateway)
    with open(gateway.files.keys_file) as file:
        keys = [id_of_key(line.strip()) for line in file]
    today = datetime.datetime.now(datetime.UTC).date()
    since = today - datetime.timedelta(days=ledger_fill.DAYS - 1)
    times = {}
    for name, path in REPORTS.items():
        seconds = []
        for number in range(UNCOUNTED + (10 if bench.is_quick else 100)):
            values = {"since": since, "today": today, "key": keys[number * 7 % len(keys)], "number": number % 10}
            seconds.append(admin.seconds_of(path.format(**values)))
        times[name] = percentile(seconds[UNCOUNTED:], 0.95) * 1000
        bench.say(f"  W9Q {where}: {name}: p95 {times[name]:.1f} ms")
    return times


def _fill_postgres(postgres, database, count):
    script = ledger_fill.statements(ledger_fill.PostgreSql, count=count, keys=KEYS, end_ms=_now_ms())
    postgres.run(database, ";\n".join(script) + ";\n")


def _fill_sqlite(state, count):
    store = sqlite3.connect(os.path.join(state, "deltallm.db"), isolation_level=None)
    try:
        store.execute("BEGIN IMMEDIATE")
        for statement in ledger_fill.statements(ledger_fill.Sqlite, count=count, keys=KEYS, end_ms=_now_ms()):
            store.execute(statement)
        store.execute("COMMIT")
    finally:
        store.close()


def _now_ms():
    return int(time.time() * 1000)
