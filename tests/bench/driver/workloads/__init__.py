"""The workloads by name. Each takes the bench and returns its figures."""

from . import connections, control, deployments, flood, keys, latency, limits, requests, spend, startup, streaming, usage

WORKLOADS = {
    "W1": requests.small_chat,
    "W1L": latency.added_latency,
    "W1G": limits.all_limits,
    "W1T": requests.throughput,
    "W2": requests.long_prompt,
    "W3": streaming.paced_streams,
    "W3I": streaming.idle_streams,
    "W4": requests.embeddings,
    "IDLE": connections.idle_connections,
    "W7": keys.many_keys,
    "W7F": flood.key_flood,
    "W8": deployments.many_deployments,
    "W9": spend.spend_log,
    "W9Q": usage.usage_pages,
    "W9C": control.control_plane,
    "W12": connections.tls,
    "W13": startup.start_and_size,
}
