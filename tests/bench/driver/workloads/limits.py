"""W1 with every kind of budget and limit at work: on SQLite, on PostgreSQL, and shared through Redis."""

from .. import subject
from ..admin import Admin
from ..figures import Sample
from ..gateway import Gateway
from .latency import MOST_CONNECTIONS
from .requests import SMALL

CONCURRENCY = 8
SQLITE = "all limits, SQLite"
POSTGRES = "all limits, PostgreSQL"
SHARED = "all limits, PostgreSQL and Redis"
STORE_CPU = "CPU of PostgreSQL per request"

# Never reached, so that every limit counts and none refuses.
RATES = {"rpm_limit": 100_000_000, "tpm_limit": 100_000_000_000, "max_parallel_requests": 100_000}
MOST_SILENT = 0.01  # Of the calls of a window.
MUCH = 1_000_000.0  # USD

KEY = {
    "key_alias": "all-limits", "user_id": "bench-user", "team_id": "bench-team",
    "organization_id": "bench-organization", "tags": ["bench-tag", "bench-cost-center"],
    "models": ["chat"], "max_budget": MUCH, "budget_duration": "1d",
    "model_rpm_limit": {"chat": RATES["rpm_limit"]}, "model_tpm_limit": {"chat": RATES["tpm_limit"]},
    "model_max_parallel_requests": {"chat": RATES["max_parallel_requests"]}, **RATES,
}

# The load generator's bodies name the end user.
BUDGETS = (
    {"scope": "gateway"},
    {"scope": "organization", "scope_id": "bench-organization", "budget_duration": "30d"},
    {"scope": "team", "scope_id": "bench-team", "budget_duration": "7d"},
    {"scope": "team_member", "scope_id": "bench-team", "member_id": "bench-user", "budget_duration": "1d"},
    {"scope": "user", "scope_id": "bench-user", "budget_duration": "24h", "budget_reset": "rolling"},
    {"scope": "end_user", "scope_id": "u-123456", "budget_duration": "1d"},
    {"scope": "tag", "scope_id": "bench-tag"},
    {"scope": "model", "scope_id": "chat", "budget_duration": "30d"},
    {"scope": "deployment", "scope_id": "chat-0"},
    {"scope": "provider", "scope_id": "openai"},
)

LIMITS = (
    {"scope": "gateway"},
    {"scope": "organization", "scope_id": "bench-organization"},
    {"scope": "team", "scope_id": "bench-team"},
    {"scope": "team_member", "scope_id": "bench-team", "member_id": "bench-user"},
    {"scope": "user", "scope_id": "bench-user"},
    {"scope": "end_user", "scope_id": "u-123456"},
    {"scope": "model", "scope_id": "chat"},
)


def all_limits(bench):
    """W1 at c = 8 with a budget and limits of every scope; and what Redis adds to the time of a request."""
    if not bench.has_gateway:
        return []
    subjects = [subject.yardstick(bench.nginx()), *_limited_subjects(bench)]
    for measured in subjects:
        bench.load.run(measured, "chat", connections=CONCURRENCY, seconds=bench.seconds / 5, **SMALL)
    rounds = bench.rounds("W1G", "cpu", subjects, lambda measured: _sample(
        bench, measured, connections=CONCURRENCY, seconds=bench.seconds))
    figures = []
    for mode in bench.modes(subjects):
        where = ("W1G", mode, CONCURRENCY)
        figures.append(bench.figure(rounds, where, "CPU per request", "cpu"))
        if mode != SQLITE:
            figures.append(bench.figure(rounds, where, STORE_CPU, "store cpu"))
    return figures + _added_by_redis(bench, subjects)


def _limited_subjects(bench):
    """Starts the three gateways, each with its own store and the same budgets and limits."""
    database = "  database_url: {}\n".format
    postgres = bench.postgres()
    settings = {
        SQLITE: "",
        POSTGRES: database(postgres.url(postgres.new_database())),
        SHARED: database(postgres.url(postgres.new_database())) + f"  redis_url: {bench.redis().url()}\n",
    }
    for name, text in settings.items():
        gateway = bench.start(Gateway, bench.gateway_files(threads=1, keys=0, settings=text))
        yield subject.Subject(name, gateway, gateway.port, key=_limit_everything(gateway), routes_by_path=False)


def _limit_everything(gateway):
    """Makes the key, the budgets and the limits; returns the key."""
    admin = Admin(gateway)
    owner = {"organization_id": KEY["organization_id"]}
    admin.post("/organization/new", {**owner, "organization_alias": "Bench"})
    admin.post("/team/new", {**owner, "team_id": KEY["team_id"]})
    key = admin.post("/key/generate", KEY)["key"]
    for budget in BUDGETS:
        admin.post("/budget/new", {"max_budget": MUCH, **budget})
    for limit in LIMITS:
        admin.post("/rate_limit/set", {**RATES, **limit})
    return key


def _sample(bench, measured, **options):
    """Measures a window, and what it costs PostgreSQL, which serves one window at a time.

    A call that Redis did not answer in time is limited as without Redis, so it shows nothing about it.
    """
    before = bench.postgres().cpu_seconds()
    silent = _silent_calls(measured)
    sample = bench.measure(measured, "chat", **options, **SMALL)
    completed = max(sample.values["completed"], 1)
    values = dict(sample.values)
    if measured.name in (POSTGRES, SHARED):
        values["store cpu"] = (bench.postgres().cpu_seconds() - before) * 1e6 / completed
    silent = _silent_calls(measured) - silent
    missed = f"{silent:.0f} of {completed} calls had no answer of Redis in time"
    return Sample(values, sample.failure or (missed if silent > MOST_SILENT * completed else ""))


def _silent_calls(measured):
    return Admin(measured.server).metric("deltallm_redis_degraded_calls_total") if measured.name == SHARED else 0


def _added_by_redis(bench, subjects):
    """Compares the gateway that shares its limits with its like that does not, in the same rounds."""
    compared = [measured for measured in subjects if measured.name != SQLITE]
    figures = []
    for rate in (1000,) if bench.is_quick else (200, 1000):
        rounds = bench.rounds(
            f"W1G {rate}/s", "latency p50", compared,
            lambda measured: _sample(
                bench, measured, mode="open", rate=rate, connections=MOST_CONNECTIONS,
                warm_up_seconds=bench.seconds / 5, seconds=bench.seconds))
        for share in ("p50", "p90", "p99"):
            figures.append(bench.figure(
                rounds, ("W1G", SHARED, rate), f"latency {share} added by Redis", f"latency {share}",
                minus=POSTGRES))
    return figures
