"""W9Q: how fast reports are with a million calls in the store, and with ten million."""

import datetime
import time

from .. import ledger_fill, ledgers
from ..admin import Admin
from ..gateway import Gateway, id_of_key
from ..ledgers import POSTGRES, SQLITE
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
    "a user and a model": "/spend/logs?start_date={since}&limit=50&user_id=user-{number}&model=model-{number}",
    "an organisation and a model": ("/spend/logs?start_date={since}&limit=50&organization_id=organization-{number}"
                                    "&model=model-{number}"),
    "all calls by day": "/spend/report?start_date={since}&end_date={today}&interval=day",
    "days of a key": ("/spend/report?start_date={since}&end_date={today}&interval=day&group_by=key"
                      "&api_key={key}"),
    "days of a team": ("/spend/report?start_date={since}&end_date={today}&interval=day&group_by=team"
                       "&team_id=team-{number}"),
    "hours of a team": ("/spend/report?start_date={since}&end_date={today}&interval=hour&group_by=team"
                        "&team_id=team-{number}"),
    "keys": "/spend/report?start_date={since}&group_by=key",
    "users": "/spend/report?start_date={since}&group_by=user",
    "teams": "/spend/report?start_date={since}&group_by=team",
    "tags": "/spend/report?start_date={since}&group_by=tag",
    "statuses": "/spend/report?start_date={since}&group_by=status",
    "ten teams by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=team&limit=10",
    "100 teams by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=team",
    "100 keys by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=key",
    "tags by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=tag",
    "models by day": "/spend/report?start_date={since}&end_date={today}&interval=day&group_by=model",
    "all budgets": "/budget/list",
    "all rate limits": "/rate_limit/list",
}


def usage_pages(bench):
    """Reports over ninety days, and the list of 1,100 budgets, with a million calls and with ten million."""
    if not bench.has_gateway:
        return []
    small, large = (2_000, 20_000) if bench.is_quick else (1_000_000, 10_000_000)
    figures = []
    for store in (SQLITE, POSTGRES):
        made, base = _measure(bench, store, small)
        figures += made
        made, grown = _measure(bench, store, large)
        figures += made
        for name in REPORTS:
            where = ("W9Q", f"{store}, {name}", large)
            figures.append(bench.single(where, "p95 against a tenth of the calls", grown[name] / base[name], ""))
    return figures


def _measure(bench, store, count):
    """Proves a filled store if it is the smaller one, and asks. Returns figures, and the p95 by report."""
    figures = []
    with ledgers.opened(bench, store, ledgers.usage_plan(count, KEYS)) as ledger:
        if count <= 1_000_000:
            begun = time.monotonic()
            ledger.files.command("verify")
            figures.append(bench.single(("W9Q", store, count), "verify", time.monotonic() - begun, "s"))
        with bench.fresh(Gateway, ledger.files) as gateway:
            times = _ask(bench, gateway, f"{store}, {count} calls", ledger.end_ms)
            figures.append(bench.single(("W9Q", store, count), "exec to first 200",
                                        gateway.first_answer_seconds * 1000, "ms"))
    figures += [bench.single(("W9Q", f"{store}, {name}", count), "p95", each, "ms") for name, each in times.items()]
    return figures, times


def _ask(bench, gateway, where, end_ms):
    """Asks for each report of the days until `end_ms` many times; returns p95 in milliseconds by its name."""
    admin = Admin(gateway)
    with open(gateway.files.keys_file) as file:
        keys = [id_of_key(line.strip()) for line in file]
    today = datetime.datetime.fromtimestamp(end_ms / 1000, datetime.UTC).date()
    since = today - datetime.timedelta(days=ledger_fill.DAYS - 1)
    times = {}
    for name, path in REPORTS.items():
        seconds = []
        for number in range(UNCOUNTED + (10 if bench.is_quick else 100)):
            values = {"since": since, "today": today, "key": keys[number * 7 % len(keys)], "number": number % 10}
            seconds.append(admin.seconds_of(path.format(**values)))
        half, times[name] = (percentile(seconds[UNCOUNTED:], share) * 1000 for share in (0.5, 0.95))
        bench.say(f"  W9Q {where}: {name}: p50 {half:.1f} ms, p95 {times[name]:.1f} ms")
    return times
