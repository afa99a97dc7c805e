"""The servers of the tests start as whoever we are, and nothing of them outlives who asked for them."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Supervised(unittest.TestCase):
    def supervise(self, *words, prefix=()):
        child = subprocess.Popen([*prefix, sys.executable, f"{HERE}/supervise.py", *words], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(child.wait)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stdin.close)
        return child

    def order(self, child, words):
        child.stdin.write(f"{words}\n")
        child.stdin.flush()
        return json.loads(child.stdout.readline())

    def test_ends_the_server_and_its_folder_when_its_input_ends(self):
        child = self.supervise("redis")
        about = self.order(child, "start")
        self.assertTrue(os.path.exists(about["socket"]))
        child.stdin.close()
        self.assertEqual(child.wait(), 0)
        self.assertFalse(alive(about["pid"]))
        self.assertFalse(os.path.exists(os.path.dirname(os.path.dirname(about["socket"]))))

    def test_takes_a_server_that_is_paused_with_it(self):
        child = self.supervise("redis")
        about = self.order(child, "start")
        self.order(child, "pause")
        child.stdin.close()
        self.assertEqual(child.wait(), 0)
        self.assertFalse(alive(about["pid"]))

    def test_leaves_no_server_behind_when_it_is_killed(self):
        child = self.supervise("redis")
        about = self.order(child, "start")
        child.kill()
        until(lambda: not alive(about["pid"]))
        subprocess.run(["rm", "-r", os.path.dirname(os.path.dirname(about["socket"]))], check=True)

    def test_starts_postgres_as_the_only_user_of_a_namespace(self):
        prefix = ["unshare", "--user", "--map-root-user"]
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no user namespaces here")
        child = self.supervise("postgres", prefix=prefix)
        about = self.order(child, "start")
        self.assertIn("pid", about, about)


class Shared(unittest.TestCase):
    """Each shell plays a ctest: its children are the tests."""

    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="dl-", dir="/tmp")
        self.addCleanup(self.place.cleanup)
        os.chmod(self.place.name, 0o711)  # The server may run as another user.
        self.folder = f"{self.place.name}/r"

    def ctest(self):
        shell = subprocess.Popen(["bash"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(shell.wait)
        self.addCleanup(shell.stdout.close)
        self.addCleanup(shell.stdin.close)
        return shell

    def run_in(self, shell, action):
        shell.stdin.write(f"'{sys.executable}' {HERE}/fixture.py {action} redis {self.folder} "
                          f"{self.place.name}/lock; echo $?\n")
        shell.stdin.flush()
        self.assertEqual(shell.stdout.readline(), "0\n")

    def pong(self):
        done = subprocess.run(["redis-cli", "-s", f"{self.folder}/redis/redis.sock", "ping"],
                              capture_output=True, text=True, check=False)
        return done.stdout == "PONG\n"

    def test_is_there_from_start_to_stop(self):
        shell = self.ctest()
        self.run_in(shell, "start")
        self.assertTrue(self.pong())
        self.run_in(shell, "stop")
        self.assertFalse(os.path.exists(self.folder))

    def test_serves_two_runs_until_the_last_one_stops(self):
        first, second = self.ctest(), self.ctest()
        self.run_in(first, "start")
        self.run_in(second, "start")
        self.run_in(first, "stop")
        self.assertTrue(self.pong())
        self.run_in(second, "stop")
        self.assertFalse(os.path.exists(self.folder))

    def test_ends_after_a_run_that_was_killed(self):
        shell = self.ctest()
        self.run_in(shell, "start")
        shell.kill()
        until(lambda: not os.path.exists(self.folder))

    def test_starts_anew_after_its_keeper_was_killed(self):
        shell = self.ctest()
        self.run_in(shell, "start")
        with open(f"{self.folder}/ready", encoding="ascii") as file:
            keeper = int(file.read().split()[0])
        os.kill(keeper, signal.SIGKILL)
        until(lambda: not alive(keeper))
        self.run_in(shell, "start")
        self.assertTrue(self.pong())
        self.run_in(shell, "stop")


if __name__ == "__main__":
    unittest.main()
