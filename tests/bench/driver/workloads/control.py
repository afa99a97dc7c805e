"""W9C: how fast the lists and reports of the admin API are with a million keys."""

import json
import time
import urllib.parse

from .. import control_questions as questions
from .. import ledgers, persons
from ..admin import Admin
from ..directory_fill import Directory
from ..gateway import MASTER_KEY, Gateway
from ..ledgers import POSTGRES, SQLITE
from .spend import percentile

LARGE = Directory(keys=1_000_000, teams=100_000, organizations=1000, users=100_000, service_accounts=50_000,
                  audit_events=1_000_000)
SMALL = Directory(keys=10_000, teams=1000, organizations=100, users=1000, service_accounts=500, audit_events=10_000)
UNCOUNTED = 3  # First answers to each question: the store has not planned it yet.
FEWEST, PATIENCE = 5, 15.0  # So many times a question is asked at least, and no longer than so many seconds.


def control_plane(bench):
    """Lists and reports of the admin API with a million keys, 100,000 teams and ten million calls."""
    if not bench.has_gateway:
        return []
    directory, calls = (SMALL, 20_000) if bench.is_quick else (LARGE, 10_000_000)
    figures = []
    for store in (SQLITE, POSTGRES):
        with ledgers.opened(bench, store, ledgers.directory_plan(calls, directory)) as ledger:
            with bench.fresh(Gateway, ledger.files) as gateway:
                asked = _Asked(bench, store, lambda number: questions.values(directory, calls, ledger.end_ms, number))
                _ask_all(gateway, asked)
                figures += asked.figures
                figures.append(bench.single(("W9C", store, directory.keys), "exec to first 200",
                                            gateway.first_answer_seconds * 1000, "ms"))
    return figures


class _Asked:
    """The questions that were asked of one store, and the figures made of it."""

    def __init__(self, bench, store, values):
        self.figures = []
        self._bench = bench
        self._store = store
        self._values = values
        self._count = 10 if bench.is_quick else 60

    def question(self, name, path, ask):
        """Asks many times; `ask` returns seconds."""
        self._measure(name, lambda number: ask(_filled(path, self._values(number))))

    def walk(self, name, path, person):
        """Asks for page after page, and begins anew at the end."""
        place = {"next": None}

        def ask(_number):
            cursor = f"&cursor={urllib.parse.quote(place['next'])}" if place["next"] else ""
            seconds, body = person.timed(path + cursor)
            place["next"] = json.loads(body)["next"]
            return seconds

        self._measure(name, ask)

    def _measure(self, name, ask):
        seconds = []
        begun = time.monotonic()
        for number in range(UNCOUNTED + self._count):
            seconds.append(ask(number))
            if len(seconds) >= UNCOUNTED + FEWEST and time.monotonic() - begun > PATIENCE:
                break
        half, most = (percentile(seconds[UNCOUNTED:], share) * 1000 for share in (0.5, 0.95))
        where = ("W9C", f"{self._store}, {name}", len(seconds) - UNCOUNTED)
        self._bench.say(f"  W9C {self._store}: {name}: p50 {half:.1f} ms, p95 {most:.1f} ms, {where[2]} times")
        self.figures += [self._bench.single(where, "p50", half, "ms"), self._bench.single(where, "p95", most, "ms")]


def _filled(path, values):
    return path.format(**{name: urllib.parse.quote(str(value)) for name, value in values.items()})


def _ask_all(gateway, asked):
    admin = Admin(gateway)
    persons.add_models(admin)
    master = persons.Person(gateway, {"Authorization": f"Bearer {MASTER_KEY}"})
    for table in (questions.LISTS, questions.REPORTS, questions.CALLS):
        for name, path in table.items():
            asked.question(name, path, lambda url: master.timed(url)[0])
    for name, path in questions.WALKS.items():
        asked.walk(name, path, master)
    for name, path in questions.FILES.items():
        asked.question(name, path, master.first_bytes)
    for who, places in PEOPLE.items():
        person = persons.log_in(gateway, Admin(gateway), **places)  # The other connection was idle for too long.
        mine = questions.PERSONAL | (questions.AUDIT if "organizations" in places else {})
        for name, path in mine.items():
            asked.question(f"{who}: {name}", path, lambda url: person.timed(url)[0])


# Who asks beside the master key, and their roles.
PEOPLE = {
    "admin of an organisation": {"organizations": [("organization-1", "org_admin")]},
    "admin of the largest organisation": {"organizations": [("organization-0", "org_admin")]},
    "admin of a team": {"teams": [("team-1", "team_admin")]},
    "admin of an organisation and 20 teams": {
        "organizations": [("organization-1", "org_admin")],
        "teams": [(f"team-{number}", "team_admin") for number in range(2, 22)]},
}
