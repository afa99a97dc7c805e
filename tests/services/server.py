"""A private server of the tests: PostgreSQL or Redis, in a folder of its own and as an unprivileged user."""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

NOBODY = 65534
PATIENCE = 60.0  # Seconds until a server that does not answer counts as broken, also on a busy machine.
POSTGRES_BIN = "/usr/lib/postgresql/17/bin"


class Broken(Exception):
    """A server that cannot be had, with the reason."""


def works(command):
    try:
        return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def disguise():
    """Returns how a command becomes an ordinary user, and whether that user owns other files than ours.

    PostgreSQL refuses to be root, and a user without a name. As root we become nobody. Where no other user
    is mapped, in a container of one user, a user namespace of our own calls us nobody.
    """
    known = any(entry.pw_uid == os.geteuid() for entry in pwd.getpwall())
    if os.geteuid() != 0 and known:
        return [], False
    if os.geteuid() == 0:
        change = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if works(change):
            return change, True
    rename = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
    if works(rename):
        return rename, False
    raise Broken("PostgreSQL does not run as root or as a user without a name, and neither setpriv nor a user "
                 "namespace lets us become another one; start the tests as an ordinary user")


def make_folder(prefix="dl-"):
    """Makes a short folder, because the path of a Unix socket has 107 bytes at most."""
    folder = tempfile.mkdtemp(prefix=prefix, dir="/tmp")
    os.chmod(folder, 0o711)
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def family(pid):
    """Returns the process and all that descend from it, the oldest first."""
    found = [pid]
    for parent in found:
        try:
            with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as children:
                found.extend(int(child) for child in children.read().split())
        except OSError:
            continue
    return found


def tell(pid, what):
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


class Server:
    """One server in `folder`. It survives restarts with its data; the kernel ends it if this process dies.

    In a folder where one like it was before, it goes on with its data.
    """
    polite = signal.SIGTERM  # Ends it within a moment, and in order.

    def __init__(self, folder, tcp=False, durable=False):
        self.home = os.path.join(folder, self.name)
        self.port = free_port() if tcp else 0
        self.durable = durable
        self.process = None
        self.prefix, is_foreign = disguise()
        if os.path.isdir(self.home):
            return
        os.mkdir(self.home, 0o700)
        if is_foreign:
            os.chown(self.home, NOBODY, NOBODY)
        self.prepare()

    def prepare(self):
        """Makes what must be there before the first start."""

    @staticmethod
    def clean_up(folder):
        """Frees what one that was killed has left outside of the folder."""

    def run(self, *command):
        """Runs a command to its end as the server's user."""
        done = subprocess.run([*self.prefix, *command], cwd=self.home, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Broken(f"{command[0]} ended with {done.returncode}: {done.stdout}")

    def start(self):
        """Starts it and waits until it answers."""
        command = [*self.prefix, "setpriv", "--pdeathsig", "KILL", *self.command()]
        with open(self.log(), "ab") as log:
            self.process = subprocess.Popen(command, cwd=self.home, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise Broken(f"{self.name} does not start: {self.last_words()}")
            time.sleep(0.02)

    def stop(self):
        """Ends it in order, whatever state it is in."""
        if self.process is None:
            return
        if self.process.poll() is None:
            for pid in family(self.process.pid):
                tell(pid, signal.SIGCONT)
            tell(self.process.pid, self.polite)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self):
        """Ends all of its processes at once. The first is stopped before, so that it makes no others."""
        tell(self.process.pid, signal.SIGSTOP)
        for pid in reversed(family(self.process.pid)):
            tell(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def remove(self):
        """Ends it and removes its folder."""
        self.stop()
        shutil.rmtree(self.home)

    def log(self):
        return os.path.join(os.path.dirname(self.home), f"{self.name}.log")

    def last_words(self):
        with open(self.log(), encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-20:])

    def about(self):
        """What a client must know, and the process that a test may do harm to."""
        return {"pid": self.process.pid, "url": self.url(), "socket": self.socket(), "port": self.port}


class Postgres(Server):
    """A cluster with the superuser `postgres` and no passwords."""
    name = "postgres"
    polite = signal.SIGINT

    def prepare(self):
        self.run(f"{POSTGRES_BIN}/initdb", "-D", f"{self.home}/data", "-U", "postgres", "--auth=trust",
                 "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")

    def socket_port(self):
        return self.port or 5432

    def command(self):
        settings = {
            "listen_addresses": "127.0.0.1" if self.port else "",
            "max_connections": 200,
            "shared_buffers": "32MB",
            "dynamic_shared_memory_type": "mmap",  # In its folder, so nothing is left of one that was killed.
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [f"{POSTGRES_BIN}/postgres", "-D", f"{self.home}/data", "-k", self.home,
                "-p", str(self.socket_port()), *words]

    def answers(self):
        check = [f"{POSTGRES_BIN}/pg_isready", "-q", "-U", "postgres", "-h", self.home,
                 "-p", str(self.socket_port())]
        return subprocess.run(check, check=False).returncode == 0

    def kill(self):
        super().kill()
        self.clean_up(os.path.dirname(self.home))

    @staticmethod
    def clean_up(folder):
        """The kernel keeps a segment of shared memory; its number stands in line seven."""
        try:
            with open(f"{folder}/postgres/data/postmaster.pid", encoding="ascii") as file:
                segment = file.read().splitlines()[6].split()[1]
        except (OSError, IndexError):
            return
        subprocess.run(["ipcrm", "--shmem-id", segment], capture_output=True, check=False)

    def socket(self):
        return f"{self.home}/.s.PGSQL.{self.socket_port()}"

    def url(self):
        if self.port:
            return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        return f"postgresql:///postgres?host={self.home}&user=postgres"


class Redis(Server):
    """A Redis that keeps nothing across restarts, unless it is durable."""
    name = "redis"

    def command(self):
        keep = ["yes", "--appendfsync", "always"] if self.durable else ["no"]
        return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket(),
                "--unixsocketperm", "700", "--dir", self.home, "--daemonize", "no", "--save", "",
                "--appendonly", *keep]

    def answers(self):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(self.socket())
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def socket(self):
        return f"{self.home}/redis.sock"

    def url(self):
        return f"redis://127.0.0.1:{self.port}" if self.port else self.socket()


KINDS = {each.name: each for each in (Postgres, Redis)}
