"""What load is put on, and how a profile of the mock upstream is reached through it."""

from collections.abc import Callable
from dataclasses import dataclass

from .figures import DIRECT
from .gateway import MASTER_KEY
from .server import Server


@dataclass(frozen=True)
class Subject:
    """A server under the name that the figures give it."""

    name: str
    server: Server
    port: int
    key: str = "sk-bench"
    keys_file: str = ""
    routes_by_path: bool = True
    tls: bool = False
    model: str = ""  # Empty: that of the profile's name.
    extra: tuple = ()  # Further arguments of the load generator.

    def address(self, profile):
        """Returns the load generator's arguments that reach a profile through this subject.

        The mock and nginx are told by the path, the gateway by the name of the model.
        """
        endpoint = "embeddings" if profile == "embeddings" else "chat/completions"
        path = f"/{profile}/v1/{endpoint}" if self.routes_by_path else f"/v1/{endpoint}"
        arguments = ["--port", str(self.port), "--path", path, "--model", self.model or profile,
                     "--key", self.key, *self.extra]
        if self.keys_file:
            arguments += ["--keys-file", self.keys_file]
        return arguments + (["--tls"] if self.tls else [])


def direct(mock):
    """Returns the mock itself, without anything between."""
    return Subject(DIRECT, mock, mock.port)


def yardstick(nginx, name="nginx"):
    """Returns nginx; all subjects but one of its name are compared with that one."""
    return Subject(name, nginx, nginx.port)


def governed(gateway, name="governed"):
    """Returns the gateway as an application meets it: with a virtual key."""
    return Subject(name, gateway, gateway.port, key=gateway.files.key, routes_by_path=False)


def plain(gateway, name="plain"):
    """Returns the same gateway called with the master key, which no model list and no limit restricts.

    The ledger and the metrics stay on: they cannot be switched off.
    """
    return Subject(name, gateway, gateway.port, key=MASTER_KEY, routes_by_path=False)


@dataclass(frozen=True)
class FreshSubject:
    """A subject that is started for one measurement only: a process seldom gives memory back."""

    name: str
    make: Callable[[], Subject]

    def measure(self, measure):
        """Starts the subject, measures it, and stops it."""
        measured = self.make()
        try:
            return measure(measured)
        finally:
            measured.server.stop()
