"""PostgreSQL and Redis of the bench, as tests/services starts them: from Debian's packages, in private folders."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile

from . import machine

_SOURCE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "services", "server.py")
_SPEC = importlib.util.spec_from_file_location("delta_test_services", _SOURCE)
services = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(services)
make_folder = services.make_folder

# As Debian ships it, where the tests take less.
_POSTGRES_SETTINGS = ("shared_buffers=128MB", "max_wal_size=2GB")


class _Service:
    """A server that runs until stop(). Any reason why it cannot be had is a RuntimeError.

    It has a folder of its own, which goes with it, unless it is given one.
    """

    def __init__(self, kind, folder=None, **options):
        self._is_kept = folder is not None
        self._folder = folder or services.make_folder()
        try:
            self._server = kind(self._folder, **options)
            self._server.start()
        except (services.Broken, OSError) as broken:
            self._remove()
            raise RuntimeError(str(broken)) from broken

    def stop(self):
        """Ends the server and removes its folder."""
        self._server.stop()
        self._remove()

    def _remove(self):
        if not self._is_kept:
            shutil.rmtree(self._folder, ignore_errors=True)

    def cpu_seconds(self):
        """Returns the CPU time of the processes of the server that are running now."""
        return machine.cpu_seconds(self._server.process.pid)


class Postgres(_Service):
    """A PostgreSQL that syncs its commits, with a database for each gateway that asks for one.

    In a folder that is given it goes on with the data that it finds there. One that is filling syncs nothing and
    cleans up nothing.
    """

    def __init__(self, folder=None, *, is_filling=False):
        super().__init__(_FillingPostgres if is_filling else _DurablePostgres, folder, durable=not is_filling)
        self._databases = 0

    def new_database(self):
        """Makes an empty database; returns its name."""
        self._databases += 1
        name = f"bench{self._databases}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return name

    def url(self, database):
        """Returns the `database_url` of a database."""
        return self._server.url().replace("///postgres", f"///{database}")

    def run(self, database, sql):
        """Runs statements, each a transaction of its own; returns the rows of the last: lists of texts."""
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
             "--field-separator=\t", f"--dbname={self.url(database)}", "--file=-"],
            input=sql, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()[-1500:]}")
        return [line.split("\t") for line in done.stdout.splitlines() if line]

    def run_steps(self, database, steps, tell):
        """Runs pairs of a name and a statement on one connection; `tell` hears of each name before it begins."""
        script = "".join(f"\\echo {name}\n{statement};\n" for name, statement in steps)
        with tempfile.TemporaryFile("w+") as file:
            file.write(script)
            file.seek(0)
            psql = subprocess.Popen(
                ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--set=ON_ERROR_STOP=1",
                 f"--dbname={self.url(database)}", "--file=-"],
                stdin=file, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            said = []
            for line in psql.stdout:
                said.append(line)
                tell(line.strip())
            if psql.wait() != 0:
                raise RuntimeError(f"psql: {''.join(said)[-1500:]}")

    def pause(self):
        """Stops all of its processes where they are, as a machine that hangs would."""
        for pid in services.family(self._server.process.pid):
            services.tell(pid, signal.SIGSTOP)

    def resume(self):
        """Lets them go on."""
        for pid in services.family(self._server.process.pid):
            services.tell(pid, signal.SIGCONT)


class _DurablePostgres(services.Postgres):
    def command(self):
        return super().command() + [word for setting in _POSTGRES_SETTINGS for word in ("-c", setting)]


class _FillingPostgres(_DurablePostgres):
    def command(self):
        return super().command() + ["-c", "autovacuum=off"]


class Redis(_Service):
    """A Redis that keeps nothing, on a port of the loopback interface."""

    def __init__(self):
        super().__init__(services.Redis, tcp=True)

    def url(self):
        """Returns the `redis_url`."""
        return self._server.url()
