"""The workloads by name. Each takes the bench and returns its figures."""

from . import connections, keys, latency, requests, startup, streaming

WORKLOADS = {
    "W1": requests.small_chat,
    "W1L": latency.added_latency,
    "W1T": requests.throughput,
    "W2": requests.long_prompt,
    "W3": streaming.paced_streams,
    "W3I": streaming.idle_streams,
    "W4": requests.embeddings,
    "IDLE": connections.idle_connections,
    "W7": keys.many_keys,
    "W12": connections.tls,
    "W13": startup.start_and_size,
}
