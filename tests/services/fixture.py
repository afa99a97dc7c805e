"""The servers that all C++ tests of one build folder share, as a fixture of ctest.

Usage: fixture.py start|stop postgres|redis FOLDER LOCK

FOLDER is made and removed; the file LOCK, which stays, is held by whoever changes it. `start` returns once
the server answers; `stop` says that this ctest needs it no more. In between a keeper, a process of its own,
watches every ctest that uses the server: when the last of them has stopped it or has died, the keeper ends
the server and removes the folder.
"""
import fcntl
import os
import shutil
import signal
import sys
import time

from server import KINDS, Broken


def birth(pid):
    """Returns when the process began, in ticks, for a number may come again; nothing once it has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            state, *fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state in "ZX" else fields[18]


class Fixture:
    """The folder of one server, as one of its users or as its keeper sees it."""

    def __init__(self, kind, folder, lock):
        self.kind = kind
        self.folder = folder
        self.lock_file = lock
        self.lock = None
        self.users = os.path.join(folder, "users")
        self.ready = os.path.join(folder, "ready")

    def locked(self):
        """Takes the lock, which whoever closes the file gives back."""
        self.lock = open(self.lock_file, "a", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        return self.lock

    def used(self):
        """Says whether one of the users is still there, and forgets those who are not."""
        for name in os.listdir(self.users):
            if birth(name.split("-")[0]) != name.split("-")[1]:
                os.unlink(os.path.join(self.users, name))
        return bool(os.listdir(self.users))

    def mark(self):
        pid = os.getppid()
        return os.path.join(self.users, f"{pid}-{birth(pid)}")

    def start(self):
        with self.locked():
            if not self.is_kept():
                self.begin()
            with open(self.mark(), "w", encoding="ascii"):
                pass

    def is_kept(self):
        try:
            with open(self.ready, encoding="ascii") as file:
                pid, born = file.read().split()
                return birth(pid) == born
        except OSError:
            return False

    def begin(self):
        """Starts the keeper and waits until its server answers."""
        if os.path.lexists(self.folder):
            if os.lstat(self.folder).st_uid != os.geteuid():
                raise Broken(f"{self.folder} belongs to somebody else")
            KINDS[self.kind].clean_up(self.folder)
            shutil.rmtree(self.folder)  # Of a keeper that was killed.
        os.makedirs(self.users, 0o711)
        os.chmod(self.folder, 0o711)
        with open(self.mark(), "w", encoding="ascii"):
            pass
        result, hand_over = os.pipe()
        if os.fork() == 0:
            os.close(result)
            self.lock.close()  # It is our parent's.
            os._exit(self.keep(hand_over))
        os.close(hand_over)
        with os.fdopen(result, encoding="utf-8") as pipe:
            problem = pipe.read()
        if problem or not self.is_kept():
            raise Broken(problem or f"the keeper of {self.kind} has died")

    def keep(self, hand_over):
        """The keeper's life. `hand_over` takes the reason if the server does not start, and is closed then."""
        os.setsid()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        server = None
        try:
            server = KINDS[self.kind](self.folder)
            server.start()
            with open(self.ready, "w", encoding="ascii") as file:
                file.write(f"{os.getpid()} {birth(os.getpid())}")
            self.detach(hand_over)
            self.watch(server)
        except Broken as broken:
            os.write(hand_over, str(broken).encode())
        except SystemExit:
            pass
        finally:
            if server is not None and server.process is not None:
                server.stop()
            shutil.rmtree(self.folder)
        return 0

    def detach(self, hand_over):
        """ctest waits until nobody holds the output of its test any more."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        os.close(hand_over)

    def watch(self, server):
        """Returns when nobody uses the server any more, still holding the lock; the end of us frees it."""
        while True:
            time.sleep(0.25)
            self.locked()
            if not self.used() or server.process.poll() is not None:
                return
            self.lock.close()

    def stop(self):
        """Returns once the server has ended, or at once if another ctest uses it too."""
        with self.locked():
            if not os.path.isdir(self.users):
                return
            if os.path.exists(self.mark()):
                os.unlink(self.mark())
            if self.used():
                return
        while self.is_kept():
            time.sleep(0.02)
        with self.locked():
            pass  # The keeper clears up until its end, which frees the lock.


def main():
    action, kind, folder, lock = sys.argv[1:]
    fixture = Fixture(kind, folder, lock)
    try:
        {"start": fixture.start, "stop": fixture.stop}[action]()
    except Broken as broken:
        sys.exit(str(broken))


if __name__ == "__main__":
    main()
