"""People who log in to a gateway and see a part of it only, and what is made for them to see."""

import http.client
import json
import time
import urllib.parse


class Person:
    """Somebody who asks the admin API over one connection, by a header that says who they are."""

    def __init__(self, gateway, headers):
        self._port = gateway.port
        self._headers = headers
        self._connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=300)
        self._read = bytearray(1 << 20)

    def timed(self, path):
        """Returns how many seconds a reply to GET took, and its body."""
        begun = time.monotonic()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        # It goes to memory that is there: to find some takes Python longer.
        length = 0
        while count := answer.readinto(memoryview(self._read)[length:]):
            length += count
            if length == len(self._read):
                self._read.extend(bytes(len(self._read)))
        seconds = time.monotonic() - begun
        body = bytes(self._read[:length])
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: status {answer.status}: {body[:300]!r}")
        return seconds, body

    def first_bytes(self, path):
        """Returns how many seconds it took until a reply to GET began to come. The rest is not read."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        begun = time.monotonic()
        connection.request("GET", path, headers=self._headers)
        answer = connection.getresponse()
        answer.read(1)
        seconds = time.monotonic() - begun
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: status {answer.status}")
        return seconds


def log_in(gateway, admin, *, teams=(), organizations=()):
    """Makes a user with roles, pairs of an id and a role, who chooses a password and logs in; returns the Person."""
    user = f"bench-{time.time_ns()}"
    email = f"{user}@example.com"
    password = f"the password of {user}"
    admin.post("/ui/api/users", {"user_id": user, "email": email, "name": "Bench"})
    for path, places in (("teams", teams), ("organizations", organizations)):
        for place, role in places:
            admin.post(f"/ui/api/{path}/{urllib.parse.quote(place)}/members", {"user_id": user, "role": role})
    token = admin.post(f"/ui/api/users/{user}/invite", {})["token"]
    _post(gateway, "/ui/api/auth/invitation/accept", {"token": token, "password": password})
    cookie = _post(gateway, "/ui/api/auth/login", {"email": email, "password": password})
    return Person(gateway, {"Cookie": cookie})


def _post(gateway, path, body):
    """Sends what a browser sends; returns the cookie that it is to keep."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)
    connection.request("POST", path, json.dumps(body),
                       {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{gateway.port}"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"POST {path}: status {answer.status}: {content[:300]!r}")
    return (answer.getheader("Set-Cookie") or "").split(";")[0]


def add_models(admin):
    """Makes deployments, credentials, guardrails and route groups, unless an earlier run did."""
    if json.loads(admin.get("/ui/api/guardrails?limit=1"))["items"]:
        return
    for number in range(100):
        admin.post("/ui/api/credentials", {
            "credential_id": f"account-{number}", "name": f"Account {number}", "provider": "openai",
            "origin": "https://api.openai.com", "api_key": f"sk-bench-{number:032}"})
        admin.post("/ui/api/guardrails", {"guardrail_id": f"guard-{number}", "name": f"Guard {number}", "type": "pii",
                                          "entities": ["CREDIT_CARD"], "action": "redact", "stage": "both"})
    for number in range(1000):
        admin.post("/ui/api/deployments", {
            "deployment_id": f"stored-{number}", "model_name": f"model-{number % 200}", "model": "echo/parrot",
            "allow_unpriced": True, "state": "enabled" if number % 10 else "disabled"})
    for number in range(100):
        admin.post("/ui/api/route-groups", {"route_group_id": f"group-{number}", "name": f"group-{number}",
                                            "strategy": "weighted",
                                            "members": [{"deployment_id": f"stored-{number}", "weight": 1}]})
