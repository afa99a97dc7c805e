"""The figures that we hold ourselves to, by workload, mode, concurrency and metric.

A ratio is to nginx in the same round. Without a target a figure is shown for its own sake.
"""

from .figures import Target


def _ratio(limit, sense="<="):
    return Target(limit, of="ratio", sense=sense)


# None as mode or concurrency: whatever it is.
TARGETS = {
    ("W1", "governed", 8, "CPU per request"): _ratio(2.0),
    ("W1", "plain", 8, "CPU per request"): _ratio(1.6),
    ("W1G", "all limits, SQLite", 8, "CPU per request"): _ratio(2.0),
    ("W1G", "all limits, PostgreSQL", 8, "CPU per request"): _ratio(2.0),
    ("W1G", "all limits, PostgreSQL and Redis", None, "latency p50 added by Redis"): Target(250),
    ("W1L", "governed", None, "added latency p50"): Target(70),
    ("W1L", "governed", None, "added latency p99"): Target(95),
    ("W1L", "governed", None, "latency p50 above nginx"): Target(25),
    ("W1L", "plain", None, "added latency p50"): Target(60),
    ("W1L", "plain", None, "added latency p99"): Target(80),
    ("W1T", "governed", None, "throughput"): _ratio(0.65, ">="),
    ("W2", "governed", None, "CPU per request"): _ratio(2.6),
    ("W3", "governed", None, "CPU per event"): _ratio(1.3),
    ("W3", "governed", 50, "added time to first event p50"): Target(100),
    ("W3", "governed", 50, "added time to first event p99"): Target(250),
    ("W3I", "governed", None, "private memory per stream"): Target(16),
    ("IDLE", "governed", None, "private memory per connection"): Target(10),
    ("IDLE", "governed", None, "throughput kept"): Target(0.95, sense=">="),
    ("W4", "governed", None, "CPU per request"): _ratio(1.7),
    ("W7", "100000 keys", None, "CPU per request against 100 keys"): Target(1.05),
    ("W7", "100000 keys", None, "anonymous memory per key"): Target(300),
    ("W7", "100000 keys", None, "exec to first 200"): Target(1000),
    ("W7", "1000000 keys", None, "exec to first 200"): Target(6000),
    ("W7", None, None, "revoked keys answered afterwards"): Target(0),
    ("W7", None, None, "longest from `keys revoke` to 401"): Target(1000),
    ("W7F", "unknown keys", None, "CPU per 401"): Target(20),
    ("W7F", "unknown keys", None, "resident memory grown"): Target(1),
    ("W7F", "unknown keys", None, "rows written"): Target(0),
    ("W7F", "malformed keys", None, "CPU per 401"): Target(20),
    ("W7F", "malformed keys", None, "resident memory grown"): Target(1),
    ("W7F", "malformed keys", None, "rows written"): Target(0),
    ("W8", "1000 deployments", None, "CPU added to 1 deployment"): Target(3),
    ("W9", "steady", None, "rows per second against requests"): Target(0.95, sense=">="),
    ("W9", "steady", None, "CPU of the applier per row"): Target(4),
    ("W9", "steady", None, "lag p99"): Target(2),
    ("W9", "PostgreSQL paused", None, "rows per second after the pause"): Target(20_000, sense=">="),
    ("W9", None, None, "requests failed"): Target(0),
    ("W9", None, None, "rows lost"): Target(0),
    ("W9Q", None, None, "p95"): Target(50),
    ("W9Q", None, None, "p95 against a tenth of the calls"): Target(1.5),
    ("W9C", None, None, "p95"): Target(100),
    ("W12", "governed", None, "CPU per handshake"): _ratio(1.3),
    ("W13", "first start", None, "exec to first 200"): Target(150),
    ("W13", "restart", None, "exec to first 200"): Target(150),
    ("W13", "idle", None, "resident memory"): Target(40),
    ("W13", "idle", None, "private memory"): Target(12),
    ("W13", "binary", None, "size, stripped"): Target(6),
}


def target_of(workload, mode, concurrency, metric):
    """Returns the target of a figure; None if it has none."""
    for key in ((mode, concurrency), (mode, None), (None, None)):
        if target := TARGETS.get((workload, *key, metric)):
            return target
    return None
