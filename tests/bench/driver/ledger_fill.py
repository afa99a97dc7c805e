"""Fills a store with calls of the last ninety days, and with the sums that the gateway keeps of them.

The statements are the same for SQLite and PostgreSQL but for what a dialect says. What the tables mean is told
by sql/migrations; `deltallm-gateway verify` and test_driver.py prove that the sums are right. Sums are made
from the calls at once, in the order in which they lie there: of their primary keys, and in PostgreSQL of time.
"""

import calendar
import datetime

# Rises with each change of what is made, but for what a migration brings about as well: stores that are kept from
# an earlier run are made anew then.
VERSION = 1

DAYS = 90
USERS, TEAMS, ORGANIZATIONS, MODELS, PROVIDERS, TAGS = 500, 100, 10, 20, 4, 50
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PART = 1_000_000  # Calls that one statement makes.

# What calls are written to.
TABLES = ("spend_events", "spend_event_tags", "spend_hourly", "spend_daily", "spend_mixes", "spend_rollups")

SUMS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
        "audio_input_tokens", "audio_output_tokens", "images", "latency_us")
SUMMED = ("requests", *SUMS, "unreported_requests", "unpriced_requests", "spend_nanos")
ROLLED_UP = (*SUMMED, "failed_requests")
PART_KEY = ("key_ref", "user_ref", "team_ref", "organization_ref", "model_ref", "deployment_ref",
            "provider_ref", "operation_ref", "outcome", "status")

# Numbers and columns of the dimensions of spend_rollups; tags and end users are apart.
DIMENSIONS = {0: "0", 1: "key_ref", 2: "user_ref", 3: "team_ref", 4: "organization_ref", 5: "model_ref",
              6: "deployment_ref", 7: "provider_ref", 9: "status"}
TAG = 8
END_USER = 10
MIX = 11


class Sqlite:
    """What SQLite wants said in its own way."""

    event_id = "g"
    rollup_order = "ref, slot"  # They lie in the order of their primary key.
    ends = ("UPDATE journal_state SET applied = {count} + 1, retain = {count} + 1",)

    @staticmethod
    def series(first, last):
        """Returns a subquery of the numbers from `first` to `last`."""
        return (f"(WITH RECURSIVE s(g) AS (SELECT {first} UNION ALL SELECT g + 1 FROM s WHERE g < {last})"
                " SELECT g FROM s)")

    @staticmethod
    def begins(_begin_ms, _end_ms, _tables):
        """Returns statements that must run first."""
        return []

    @staticmethod
    def begins_directory():
        """Returns what must run before thousands of keys and teams are made."""
        return []

    @staticmethod
    def mac(_number):
        """Returns 32 bytes that no other number has."""
        return "randomblob(32)"

    @staticmethod
    def hexadecimal(number):
        """Returns a number as 64 hexadecimal digits."""
        return f"printf('%064x', {number})"


class PostgreSql:
    """What PostgreSQL wants said in its own way."""

    rollup_order = "slot, ref"  # They lie as they came.
    event_id = "(SELECT id FROM journals WHERE name = 'bench') * 281474976710656 + g"
    ends = (
        "DO $$ DECLARE each TEXT; BEGIN FOR each IN SELECT definition FROM fill_indexes LOOP EXECUTE each;"
        " END LOOP; END $$",
        "VACUUM (ANALYZE)",
    )

    @staticmethod
    def series(first, last):
        """Returns a subquery of the numbers from `first` to `last`."""
        return f"(SELECT g FROM generate_series({first}::BIGINT, {last}) AS g)"

    @staticmethod
    def begins_directory():
        """Returns what must run before thousands of keys and teams are made: no trigger counts each of them."""
        return ["SET session_replication_role = replica"]

    @staticmethod
    def mac(number):
        """Returns 32 bytes that no other number has."""
        return f"sha256(({number})::TEXT::BYTEA)"

    @staticmethod
    def hexadecimal(number):
        """Returns a number as 64 hexadecimal digits."""
        return f"lpad(to_hex({number}), 64, '0')"

    @staticmethod
    def begins(begin_ms, end_ms, tables):
        """Returns statements that must run first: indexes of tables are made anew at the end, which is faster."""
        return [
            "SET synchronous_commit = off",
            "SET work_mem = '256MB'",
            "SET maintenance_work_mem = '512MB'",
            "INSERT INTO journals (name, applied, retain) VALUES ('bench', 140737488355328, 140737488355328)",
            *partitions(begin_ms, end_ms),
            "CREATE TEMPORARY TABLE fill_indexes AS SELECT indexname AS name,"
            " replace(indexdef, ' ON ONLY ', ' ON ') AS definition FROM pg_indexes"
            f" WHERE tablename IN {tables} AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conindid = to_regclass(quote_ident(indexname)))",
            "DO $$ DECLARE each TEXT; BEGIN FOR each IN SELECT name FROM fill_indexes LOOP"
            " EXECUTE 'DROP INDEX ' || each; END LOOP; END $$",
        ]


def partitions(begin_ms, end_ms):
    """Makes the months of a time, as sql/queries/events/create_partition.pgsql.sql does."""
    statements = []
    begin = datetime.datetime.fromtimestamp(begin_ms / 1000, datetime.UTC)
    year, month = begin.year, begin.month
    while (first := calendar.timegm((year, month, 1, 0, 0, 0)) * 1000) <= end_ms:
        next_year, next_month = (year, month + 1) if month < 12 else (year + 1, 1)
        last = calendar.timegm((next_year, next_month, 1, 0, 0, 0)) * 1000
        for table in ("spend_events", "spend_event_tags"):
            statements.append(f"CREATE TABLE IF NOT EXISTS {table}_y{year:04}m{month:02} PARTITION OF {table}"
                              f" FOR VALUES FROM ({first}) TO ({last})")
        year, month = next_year, next_month
    return statements


class FewOwners:
    """Whose calls they are: of a thousand keys or so, which share some users, teams and organisations."""

    tables = TABLES

    def __init__(self, keys):
        self.keys = keys

    def made(self, dialect, _end_ms):
        """Returns pairs of what is being made and a statement, which make names, fill_keys and fill_models."""
        return [("names", statement) for statement in _names(dialect)]

    def key_number(self):
        """Returns the number of the key of a call. Few keys make most of the calls."""
        return f"(u * u >> 20) * {self.keys} >> 20"

    def budgets(self):
        """Returns statements that give each key and each team a budget of a month."""
        return [budget("key", "SELECT key_id AS id FROM virtual_keys"),
                budget("team", "SELECT name AS id FROM names WHERE name LIKE 'team-%'")]


def statements(dialect, *, count, owners, end_ms):
    """Returns what fills a store that has no call: `count` calls of `owners` until `end_ms`.

    They are pairs of what is being made, for people, and a statement.
    """
    begin_ms = (end_ms // DAY_MS - DAYS) * DAY_MS
    named = [
        ("calls", [_events(dialect, range(first, min(first + PART, count + 1)), owners, begin_ms,
                           (end_ms - begin_ms, count)) for first in range(1, count + 1, PART)]),
        ("tags", ["INSERT INTO spend_event_tags (tag_ref, started_at, event_id) SELECT n.id, e.started_at, e.id"
                  " FROM spend_events AS e INNER JOIN names AS n ON n.name = e.tags ORDER BY 1, 2, 3"]),
        ("hours", [_hours()]),
        ("days", [_days_of_hours()]),
        ("sums", [*(_rollup(dialect, dimension, ref) for dimension, ref in DIMENSIONS.items()),
                  _tag_rollup(dialect), _MIXES, _mix_rollup(dialect), _END_USER_NAMES, _end_user_rollup(dialect), _days(dialect), _EVER]),
        ("budgets", owners.budgets()),
        ("indexes", [statement.format(count=count) for statement in dialect.ends]),
    ]
    return [*(("names", statement) for statement in dialect.begins(begin_ms, end_ms, owners.tables)),
            *owners.made(dialect, end_ms),
            *((name, statement) for name, made in named for statement in made)]


def listed_names(kinds):
    """Makes the names of the calls' operation, and of kinds of things and how many there are."""
    names = ["chat", *(f"{kind}-{number}" for kind, count in kinds for number in range(count))]
    values = ", ".join(f"('{name}')" for name in names)
    return f"INSERT INTO names (name) VALUES {values}"


# Of both kinds of owners.
MODEL_NAMES = (("model", MODELS), ("deployment", MODELS), ("provider", PROVIDERS), ("tag", TAGS))


def models(dialect):
    """Makes a table that leads from the number of a model to the names that go together."""
    return ("CREATE TEMPORARY TABLE fill_models AS SELECT g - 1 AS n, m.id AS model_ref, d.id AS deployment_ref,"
            f" p.id AS provider_ref FROM {dialect.series(1, MODELS)} AS s"
            " INNER JOIN names AS m ON m.name = 'model-' || (g - 1)"
            " INNER JOIN names AS d ON d.name = 'deployment-' || (g - 1)"
            f" INNER JOIN names AS p ON p.name = 'provider-' || ((g - 1) % {PROVIDERS})")


def _names(dialect):
    return [
        listed_names((("user", USERS), ("team", TEAMS), ("organization", ORGANIZATIONS), *MODEL_NAMES)),
        "INSERT INTO names (name) SELECT key_id FROM virtual_keys",
        "CREATE TEMPORARY TABLE fill_keys AS SELECT k.n, key.id AS key_ref, u.id AS user_ref, t.id AS team_ref,"
        " o.id AS organization_ref FROM"
        " (SELECT key_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS n FROM virtual_keys) AS k"
        " INNER JOIN names AS key ON key.name = k.key_id"
        f" INNER JOIN names AS u ON u.name = 'user-' || (k.n % {USERS})"
        f" INNER JOIN names AS t ON t.name = 'team-' || (k.n % {TEAMS})"
        f" INNER JOIN names AS o ON o.name = 'organization-' || (k.n % {ORGANIZATIONS})",
        models(dialect),
    ]


def _events(dialect, numbers, owners, begin_ms, pace):
    """Makes some of the calls, evenly over the time. Each key has two models of its own.

    `pace` is (milliseconds, calls in them). u and v are twenty bits that look like chance.
    """
    milliseconds, count = pace
    return (
        "INSERT INTO spend_events (id, request_id, operation_ref, key_ref, user_ref, team_ref, organization_ref,"
        " model_ref, deployment_ref, provider_ref, upstream_model_ref, end_user, started_at, latency_us,"
        f" {', '.join(SUMS[:-1])}, usage_source, cost_nanos, is_priced, is_stream, outcome, status, tags)"
        f" SELECT {dialect.event_id}, 'request-' || g, (SELECT id FROM names WHERE name = 'chat'), key_ref,"
        " user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, model_ref,"
        " CASE WHEN v % 3 = 0 THEN 'customer-' || (v % 20000) END,"
        f" {begin_ms} + (g - 1) * {milliseconds} / {count}, 200000 + u % 800000,"
        " 500 + u % 1500, 100 + v % 400, u % 200, 0, v % 50, 0, 0, 0,"
        " CASE WHEN v % 100 = 0 THEN 2 ELSE 1 END, (500 + u % 1500) * 1000 + (100 + v % 400) * 2000,"
        " CASE WHEN u % 1000 = 0 THEN 0 ELSE 1 END, v & 1, CASE WHEN v % 50 = 1 THEN 2 ELSE 0 END,"
        f" CASE WHEN v % 50 = 1 THEN 502 ELSE 200 END, CASE WHEN v % 5 = 0 THEN 'tag-' || (v / 5 % {TAGS}) END"
        f" FROM (SELECT g, u, v, {owners.key_number()} AS key_number FROM"
        " (SELECT g, g * 2654435761 >> 12 & 1048575 AS u, g * 2246822519 >> 12 & 1048575 AS v"
        f" FROM {dialect.series(numbers[0], numbers[-1])} AS s) AS drawn) AS calls"
        " INNER JOIN fill_keys AS k ON k.n = key_number"
        f" INNER JOIN fill_models AS m ON m.n = (key_number + (v & 1)) % {MODELS}"
    )


def _event_sums(alias):
    sums = ", ".join(f"SUM({alias}.{name})" for name in SUMS)
    return (f"COUNT(*), {sums}, SUM(CASE WHEN {alias}.usage_source <> 1 THEN 1 ELSE 0 END),"
            f" SUM(CASE WHEN {alias}.is_priced = 0 THEN 1 ELSE 0 END), SUM({alias}.cost_nanos)")


def _failed(alias):
    return f"{alias}.status >= 400 OR {alias}.outcome = 2"


def _hours():
    key = ", ".join(PART_KEY)
    return (f"INSERT INTO spend_hourly (hour, {key}, {', '.join(SUMMED)})"
            f" SELECT e.started_at / {HOUR_MS}, {key}, {_event_sums('e')} FROM spend_events AS e"
            f" GROUP BY e.started_at / {HOUR_MS}, {key} ORDER BY e.started_at / {HOUR_MS}, {key}")


def _days_of_hours():
    key = ", ".join(PART_KEY)
    return (f"INSERT INTO spend_daily (day, {key}, {', '.join(SUMMED)})"
            f" SELECT hour / 24, {key}, {_sums_of_sums(SUMMED)} FROM spend_hourly"
            f" GROUP BY hour / 24, {key} ORDER BY hour / 24, {key}")


def _into_rollups(selected):
    return f"INSERT INTO spend_rollups (dimension, seconds, ref, slot, {', '.join(ROLLED_UP)}) {selected}"


def _sums_of_sums(names):
    return ", ".join(f"SUM({name})" for name in names)


def _rollup(dialect, dimension, ref):
    failed = f"SUM(CASE WHEN {_failed('h')} THEN h.requests ELSE 0 END)"
    return _into_rollups(f"SELECT {dimension}, 3600, ref, hour AS slot, {_sums_of_sums(SUMMED)}, {failed}"
                         f" FROM (SELECT {ref} AS ref, h.* FROM spend_hourly AS h) AS h"
                         f" WHERE {dimension} IN (0, 9) OR ref <> 0 GROUP BY ref, hour ORDER BY {dialect.rollup_order}")


# By these the sums know end users.
_END_USER_NAMES = ("INSERT INTO names (name) SELECT DISTINCT '//end_user:' || end_user FROM spend_events"
                   " WHERE end_user IS NOT NULL")


def _end_user_rollup(dialect):
    failed = f"SUM(CASE WHEN {_failed('e')} THEN 1 ELSE 0 END)"
    return _into_rollups(f"SELECT {END_USER}, 3600, n.id AS ref, e.started_at / {HOUR_MS} AS slot, {_event_sums('e')}, {failed}"
                         " FROM spend_events AS e INNER JOIN names AS n ON n.name = '//end_user:' || e.end_user"
                         f" GROUP BY n.id, e.started_at / {HOUR_MS} ORDER BY {dialect.rollup_order}")


_MIX_KEY = ("organization_ref", "model_ref", "deployment_ref", "provider_ref", "status")
_MIXES = f"INSERT INTO spend_mixes ({', '.join(_MIX_KEY)}) SELECT DISTINCT {', '.join(_MIX_KEY)} FROM spend_hourly"


def _mix_rollup(dialect):
    failed = f"SUM(CASE WHEN {_failed('h')} THEN h.requests ELSE 0 END)"
    sums = ", ".join(f"SUM(h.{name})" for name in SUMMED)
    same = " AND ".join(f"m.{name} = h.{name}" for name in _MIX_KEY)
    return _into_rollups(f"SELECT {MIX}, 3600, m.id AS ref, h.hour AS slot, {sums}, {failed}"
                         f" FROM spend_hourly AS h INNER JOIN spend_mixes AS m ON {same}"
                         f" GROUP BY m.id, h.hour ORDER BY {dialect.rollup_order}")


# What each key spent in all.
_EVER = _into_rollups(f"SELECT 1, 0, ref, 0, {_sums_of_sums(ROLLED_UP)} FROM spend_rollups"
                      " WHERE dimension = 1 AND seconds = 86400 GROUP BY ref")


def _tag_rollup(dialect):
    failed = f"SUM(CASE WHEN {_failed('e')} THEN 1 ELSE 0 END)"
    return _into_rollups(f"SELECT {TAG}, 3600, t.tag_ref AS ref, e.started_at / {HOUR_MS} AS slot, {_event_sums('e')}, {failed}"
                         " FROM spend_event_tags AS t"
                         " INNER JOIN spend_events AS e ON e.id = t.event_id AND e.started_at = t.started_at"
                         f" GROUP BY t.tag_ref, e.started_at / {HOUR_MS} ORDER BY {dialect.rollup_order}")


def _days(dialect):
    return _into_rollups(f"SELECT dimension, 86400, ref, day AS slot, {_sums_of_sums(ROLLED_UP)}"
                         " FROM (SELECT slot / 24 AS day, r.* FROM spend_rollups AS r WHERE seconds = 3600) AS hours"
                         f" GROUP BY dimension, ref, day ORDER BY dimension, {dialect.rollup_order}")


def budget(scope, ids):
    """Gives a budget of a month to each of the ids that a statement selects."""
    return ("INSERT INTO budgets (budget_id, scope, scope_id, member_id, max_budget_nanos, duration, reset, time_zone,"
            f" increase_nanos) SELECT '{scope}-' || id, '{scope}', id, '', 1000000000000000, '30d', 'calendar', 'UTC', 0"
            f" FROM ({ids}) AS owners")
