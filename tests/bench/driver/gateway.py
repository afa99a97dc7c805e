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
      api_base: "{scheme}://127.0.0.1:{port}/{profile}/v1"
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
    """The state folder and the configuration of one gateway, and the keys made for it.

    `settings` are more lines of general_settings. `models` are the public names, each as often as it has
    deployments, with the profile that they all lead to; without them each profile is a model. In a folder that
    has them already, state and keys are kept.
    """

    def __init__(self, program, folder, mock, *, threads, keys=1, tls=None, settings="", models=None):
        self.program = program
        self.folder = folder
        self.is_tls = tls is not None
        self.state = os.path.join(folder, "state")
        self.config = os.path.join(folder, "config.yaml")
        self.keys_file = os.path.join(folder, "keys.txt")
        os.makedirs(folder, exist_ok=True)
        models = models or [(name, name) for name in PROFILES]
        self.first_model = models[0][0]
        self._write_config(mock, threads, tls, settings, models)
        self.key = self._kept_key() or (self._make_keys(keys) if keys else "")

    def _write_config(self, mock, threads, tls, more_settings, models):
        port, scheme = (mock.tls_port, "https") if tls else (mock.port, "http")
        text = "model_list:\n"
        for name, profile in models:
            text += MODEL.format(name=name, profile=profile, scheme=scheme, port=port)
        settings = SETTINGS.format(master_key=MASTER_KEY, threads=threads)
        if tls:
            names = {"certificate": tls.chain, "key": tls.key}
            before, server, after = settings.partition("  server:\n")
            settings = (before + TLS_SETTINGS.format(**names) + server
                        + TLS_SERVER_SETTINGS.format(**names) + after)
        with open(self.config, "w") as file:
            file.write(text + settings + more_settings)

    def command(self, *words):
        """Runs a command of the gateway on these files; returns what it printed."""
        done = subprocess.run(
            [self.program, *words, "--config", self.config, "--state-dir", self.state],
            capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words[:2])}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done.stdout

    def _kept_key(self):
        if not os.path.exists(self.keys_file):
            return ""
        with open(self.keys_file) as file:
            return file.readline().strip()

    def _make_keys(self, count):
        """Makes virtual keys before the gateway starts; returns the first."""
        printed = self.command("keys", "create", "--alias", "bench", "--count", str(count), "--json")
        keys = [json.loads(line)["key"] for line in printed.splitlines() if line.startswith("{")]
        with open(self.keys_file, "w") as file:
            file.write("".join(f"{key}\n" for key in keys))
        return keys[0]


def id_of_key(key):
    """Returns the id that a key of our making contains; see gateway/auth/key_format.h."""
    return key.split("-")[2]


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
            json.dumps({"model": files.first_model, "messages": [{"role": "user", "content": "hello"}]}),
            tls=files.is_tls)
