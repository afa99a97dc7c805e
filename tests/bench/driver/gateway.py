"""The gateway, with a folder of its own and a configuration that points at the mock upstream."""

import json
import os
import subprocess

from . import machine
from .server import Server

MASTER_KEY = "sk-master-bench-000000000000000000000000"

# The profiles of tests/bench/mock/profile.h; each is a model of the same name.
PROFILES = ("chat", "long", "embeddings", "slow20", "slow1000", "slow2000", "stream", "burst", "hold")

MODEL = """  - model_name: {name}
    deltallm_params:
      model: openai/{name}
      api_base: "{scheme}://127.0.0.1:{port}/{name}/v1"
      api_key: "sk-upstream-bench"
      input_cost_per_token: 0.000001
      output_cost_per_token: 0.000002
"""

# Only limits that a bench of ten thousand connections from one machine must raise; the rest is as shipped.
SETTINGS = """general_settings:
  master_key: {master_key}
  upstream_http_max_connections: 20000
  server:
    worker_threads: {threads}
    max_connections: 100000
    max_connections_per_address: 0
  logging: {{calls: false}}
"""

TLS_SETTINGS = """  upstream_http_ca_file: {certificate}
"""

TLS_SERVER_SETTINGS = """    tls_certificate_file: {certificate}
    tls_key_file: {key}
"""


class GatewayFiles:
    """The state folder and the configuration of one gateway, and the keys made for it."""

    def __init__(self, program, folder, mock, *, threads, keys=1, tls=None):
        self.program = program
        self.folder = folder
        self.is_tls = tls is not None
        self.state = os.path.join(folder, "state")
        self.config = os.path.join(folder, "config.yaml")
        self.keys_file = os.path.join(folder, "keys.txt")
        os.makedirs(folder)
        self._write_config(mock, threads, tls)
        self.key = self._make_keys(keys) if keys else ""

    def _write_config(self, mock, threads, tls):
        port, scheme = (mock.tls_port, "https") if tls else (mock.port, "http")
        text = "model_list:\n"
        for name in PROFILES:
            text += MODEL.format(name=name, scheme=scheme, port=port)
        settings = SETTINGS.format(master_key=MASTER_KEY, threads=threads)
        if tls:
            names = {"certificate": tls.chain, "key": tls.key}
            before, server, after = settings.partition("  server:\n")
            settings = (before + TLS_SETTINGS.format(**names) + server
                        + TLS_SERVER_SETTINGS.format(**names) + after)
        with open(self.config, "w") as file:
            file.write(text + settings)

    def _make_keys(self, count):
        """Makes virtual keys before the gateway starts; returns the first."""
        done = subprocess.run(
            [self.program, "keys", "create", "--config", self.config, "--state-dir", self.state,
             "--alias", "bench", "--count", str(count), "--json"],
            capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"keys create: {done.stdout[-500:]}{done.stderr[-1500:]}")
        keys = [json.loads(line)["key"] for line in done.stdout.splitlines() if line.startswith("{")]
        with open(self.keys_file, "w") as file:
            file.write("".join(f"{key}\n" for key in keys))
        return keys[0]


class Gateway(Server):
    """A running gateway. Starting it again on the same files is a restart on the same state."""

    def __init__(self, files):
        self.files = files
        self.port = machine.free_port()
        super().__init__(
            [files.program, "serve", "--config", files.config, "--state-dir", files.state,
             "--listen", f"127.0.0.1:{self.port}"],
            os.path.join(files.folder, "gateway.log"))
        self.first_answer_seconds = self.wait_for_answer(
            self.port, "/v1/chat/completions",
            {"Authorization": f"Bearer {MASTER_KEY}", "Content-Type": "application/json"},
            json.dumps({"model": "chat", "messages": [{"role": "user", "content": "hello"}]}),
            tls=files.is_tls)
