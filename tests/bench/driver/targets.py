"""The figures that we hold ourselves to, by workload, mode, concurrency and metric.

A ratio is to nginx in the same round. Without a target a figure is shown for its own sake.
"""

from .figures import Target


def _ratio(limit, sense="<="):
    return Target(limit, of="ratio", sense=sense)


# None as concurrency: whatever the concurrency is.
TARGETS = {
    ("W1", "governed", 8, "CPU per request"): _ratio(2.0),
    ("W1", "plain", 8, "CPU per request"): _ratio(1.6),
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
    ("W7", "100000 keys", None, "private memory per key"): Target(300),
    ("W7", "100000 keys", None, "exec to first 200"): Target(1000),
    ("W12", "governed", None, "CPU per handshake"): _ratio(1.3),
    ("W13", "first start", None, "exec to first 200"): Target(150),
    ("W13", "restart", None, "exec to first 200"): Target(150),
    ("W13", "idle", None, "resident memory"): Target(40),
    ("W13", "idle", None, "private memory"): Target(12),
    ("W13", "binary", None, "size, stripped"): Target(6),
}


def target_of(workload, mode, concurrency, metric):
    """Returns the target of a figure; None if it has none."""
    exact = TARGETS.get((workload, mode, concurrency, metric))
    return exact or TARGETS.get((workload, mode, None, metric))
