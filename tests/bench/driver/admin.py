"""What an administrator asks of a running gateway over HTTP."""

import http.client
import json
import re
import time

from .gateway import MASTER_KEY


class Admin:
    """A connection with the master key."""

    def __init__(self, gateway):
        self._connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=120)
        self._read = bytearray(1 << 20)

    def post(self, path, body):
        """Sends an object; returns the object that comes back."""
        return json.loads(self._call("POST", path, json.dumps(body)))

    def get(self, path):
        """Returns the bytes of a reply."""
        return self._call("GET", path)

    def seconds_of(self, path):
        """Returns how long a reply to GET takes. It goes to memory that is there: to find some takes Python longer."""
        begun = time.monotonic()
        answer = self._send("GET", path)
        while answer.readinto(self._read):
            pass
        seconds = time.monotonic() - begun
        _check(answer, "GET", path, b"")
        return seconds

    def metric(self, name):
        """Returns the value of a metric without labels; 0 if there is none of that name."""
        return metric_of(self.get("/metrics").decode(), name)

    def _call(self, method, path, body=None):
        answer = self._send(method, path, body)
        content = answer.read()
        _check(answer, method, path, content)
        return content

    def _send(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {MASTER_KEY}", "Content-Type": "application/json"}
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()


def _check(answer, method, path, content):
    if answer.status not in (200, 201):
        raise RuntimeError(f"{method} {path}: status {answer.status}: {content[:300]!r}")


def status_of_call(port, key):
    """Makes a call with a key on a connection of its own; returns the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"model": "chat", "messages": [{"role": "user", "content": "hello"}]})
    connection.request("POST", "/v1/chat/completions", body,
                       {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def metric_of(text, name):
    """Reads a metric without labels out of a scrape; 0 if there is none of that name."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0
