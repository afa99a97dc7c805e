"""A process that is measured or that measuring needs."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import time

from . import machine

START_TIMEOUT = 60.0  # Also of a gateway that adds up a thousand budgets on a busy machine.


class Server:
    """A running process with its CPU time and memory. Its output goes to a log file."""

    def __init__(self, command, log_path, *, wants_output=False):
        self._log = open(log_path, "ab")
        self.log_path = log_path
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if wants_output else self._log,
            stderr=self._log,
        )

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        """Returns the CPU time used so far by the process and its children."""
        return machine.cpu_seconds(self.pid)

    def settled_cpu_seconds(self):
        """Waits until the server is idle, and returns its CPU time: work put off is work too."""
        before = self.cpu_seconds()
        for _ in range(80):
            time.sleep(0.025)
            now = self.cpu_seconds()
            if now - before < 0.0005:
                return now
            before = now
        return before

    def memory_kb(self):
        """Returns {"rss": …, "private": …, "anonymous": …} of the process and its children."""
        return machine.memory_kb(self.pid)

    def stop(self):
        """Ends the process, gently first."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()

    def fail(self, reason):
        """Ends the process, and raises with the end of the log, which usually says why."""
        self.stop()
        with open(self.log_path, errors="replace") as file:
            tail = file.read()[-1500:]
        raise RuntimeError(f"{reason}\n--- end of {self.log_path}\n{tail}")

    def wait_for_answer(self, port, path, headers, body, *, tls=False):
        """Sends a request until it is answered with 200; returns the seconds since the start."""
        last = "no connection"
        while time.monotonic() - self.started_at < START_TIMEOUT:
            if self.process.poll() is not None:
                self.fail(f"{self.process.args[0]} ended with status {self.process.returncode}")
            try:
                connection = _connection(port, tls)
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                last = f"status {answer.status}: {answer.read()[:300]}"
                connection.close()
                if answer.status == 200:
                    return time.monotonic() - self.started_at
            except (OSError, http.client.HTTPException) as error:
                last = repr(error)
            time.sleep(0.001)
        return self.fail(f"{self.process.args[0]} does not answer: {last}")


def _connection(port, tls):
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
    return http.client.HTTPConnection("127.0.0.1", port, timeout=5)


class Mock(Server):
    """The upstream of tests/bench/mock."""

    def __init__(self, program, folder, certificate):
        super().__init__(
            [program, "--certificate", certificate.chain, "--key", certificate.key],
            os.path.join(folder, "mock.log"),
            wants_output=True,
        )
        line = self.process.stdout.readline()
        if not line:
            self.fail("the mock upstream did not start")
        ports = json.loads(line)
        self.port = ports["port"]
        self.tls_port = ports["tls_port"]


class Certificate:
    """A self-signed P-256 certificate for 127.0.0.1, valid for the days that a bench may take."""

    def __init__(self, folder):
        self.chain = os.path.join(folder, "certificate.pem")
        self.key = os.path.join(folder, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-days", "30", "-subj", "/CN=127.0.0.1", "-addext",
             "subjectAltName=IP:127.0.0.1", "-keyout", self.key, "-out", self.chain],
            check=True, capture_output=True,
        )
