#!/usr/bin/env python3
"""Tests of the upstream and the load generator against each other: test_tools.py MOCK LOAD."""

import json
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

MOCK, LOAD = sys.argv[1:3]

# One event, cut in two by the chunks, and an end that comes too early.
EVENT = b'data: {"delta":{"content":"0000000000000000001"}}\n\n'
BROKEN_STREAM = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                 + b"5\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (EVENT[:5], len(EVENT) - 5, EVENT[5:]))


class ToolsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mock = subprocess.Popen([MOCK], stdout=subprocess.PIPE, text=True)
        cls.port = json.loads(cls.mock.stdout.readline())["port"]

    @classmethod
    def tearDownClass(cls):
        cls.mock.terminate()
        cls.mock.wait()
        cls.mock.stdout.close()

    def load(self, profile, *options, port=None, **more):
        done = subprocess.run(
            [LOAD, "--port", str(port or self.port), "--path", f"/{profile}/v1/chat/completions",
             *map(str, options)], capture_output=True, text=True, timeout=60, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def body_of(self, profile):
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(f"POST /{profile}/v1/x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{{}}".encode())
            reply = b""
            while b"\r\n\r\n" not in reply:
                reply += client.recv(65536)
            head, _, body = reply.partition(b"\r\n\r\n")
            size = int(head.lower().split(b"content-length: ")[1].split()[0])
            while len(body) < size:
                body += client.recv(65536)
        return body

    def test_replies_have_their_exact_sizes_and_are_json(self):
        for profile, size in (("chat", 1052), ("long", 4096), ("embeddings", 97685)):
            body = self.body_of(profile)
            self.assertEqual(len(body), size)
            self.assertGreater(json.loads(body)["usage"]["prompt_tokens"], 0)
        self.assertEqual(len(json.loads(self.body_of("embeddings"))["data"][0]["embedding"]), 4690)

    def test_closed_load_counts_every_request(self):
        seen = self.load("chat", "--connections", 4, "--requests", 1000)
        self.assertEqual((seen["completed"], seen["failed"], seen["opened"]), (1000, 0, 4))
        self.assertGreater(seen["latency_us"]["p50"], 0)

    def test_connections_are_renewed_when_asked(self):
        seen = self.load("chat", "--connections", 1, "--requests", 100, "--requests-per-connection", 10)
        self.assertEqual((seen["completed"], seen["failed"], seen["opened"]), (100, 0, 10))

    def test_large_requests_and_replies_arrive(self):
        seen = self.load("embeddings", "--connections", 2, "--requests", 20, "--body-bytes", 105307)
        self.assertEqual((seen["completed"], seen["failed"]), (20, 0))

    def test_open_load_keeps_its_rate(self):
        seen = self.load("chat", "--mode", "open", "--rate", 200, "--seconds", 0.5, "--connections", 64)
        self.assertEqual((seen["completed"], seen["failed"]), (100, 0))

    def test_open_load_counts_from_the_time_a_request_was_due(self):
        seen = self.load("slow20", "--mode", "open", "--rate", 100, "--seconds", 0.2, "--connections", 64)
        self.assertGreaterEqual(seen["latency_us"]["p50"], 20000)

    def test_streams_are_counted_to_the_last_event(self):
        for profile in ("burst", "stream"):
            seen = self.load(profile, "--payload", "stream", "--connections", 3, "--requests", 3)
            self.assertEqual((seen["completed"], seen["failed"]), (3, 0))
            self.assertEqual((seen["events"], seen["lost_events"]), (600, 0))
            self.assertGreater(seen["first_event_us"]["p50"], 0)

    def test_paced_streams_keep_their_pace(self):
        seen = self.load("stream", "--payload", "stream", "--connections", 1, "--requests", 1)
        self.assertGreaterEqual(seen["seconds"], 2.0)

    def test_a_stream_that_breaks_off_is_a_failure(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            def answer():
                client, _ = server.accept()
                with client:
                    client.recv(65536)
                    client.sendall(BROKEN_STREAM)
                    client.recv(1)
            thread = threading.Thread(target=answer)
            thread.start()
            seen = self.load("x", "--payload", "stream", "--connections", 1, "--requests", 1,
                             port=server.getsockname()[1])
            thread.join()
        self.assertEqual(seen["failures"], {"stream without [DONE]": 1})
        self.assertEqual(seen["lost_events"], 199)

    def requests_of(self, count, *options):
        """Lets one connection send requests to a server that refuses them; returns report and requests."""
        seen = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            def answer():
                client, _ = server.accept()
                with client:
                    for _ in range(count):
                        request = b""
                        while b"\r\n\r\n" not in request or len(request.partition(b"\r\n\r\n")[2]) < 974:
                            request += client.recv(65536)
                        seen.append(request.decode())
                        client.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
                    client.recv(1)
            thread = threading.Thread(target=answer)
            thread.start()
            report = self.load("x", "--connections", 1, "--requests", count, *options,
                               port=server.getsockname()[1])
            thread.join()
        return report, seen

    def test_takes_keys_in_turn_and_expects_them_to_be_refused(self):
        with tempfile.NamedTemporaryFile("w") as keys:
            keys.write("sk-a\nsk-b\nsk-c\n")
            keys.flush()
            report, seen = self.requests_of(
                4, "--keys-file", keys.name, "--keys-in-turn", "--expected-status", 401)
        self.assertEqual([request.partition("Bearer ")[2][:4] for request in seen],
                         ["sk-a", "sk-b", "sk-c", "sk-a"])
        self.assertEqual((report["completed"], report["failed"]), (4, 0))

    def test_draws_the_number_at_the_end_of_the_model(self):
        report, seen = self.requests_of(20, "--model", "chat-00000", "--models", 3)
        models = {json.loads(request.partition("\r\n\r\n")[2])["model"] for request in seen}
        self.assertEqual(models, {"chat-00000", "chat-00001", "chat-00002"})
        self.assertEqual(report["failures"], {"status 401": 20})

    def test_errors_are_failures_and_not_replies(self):
        seen = self.load("nowhere", "--requests", 3, "--connections", 1)
        self.assertEqual((seen["completed"], seen["failures"]), (0, {"status 404": 3}))

    def test_holds_connections_until_its_input_ends(self):
        for profile, payload in (("chat", "chat"), ("hold", "stream")):
            command = [LOAD, "--mode", "hold", "--port", str(self.port), "--payload", payload,
                       "--path", f"/{profile}/v1/x", "--connections", "50", "--sources", "4"]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as held:
                self.assertEqual(held.stdout.readline(), "ready\n")
                rest, _ = held.communicate(timeout=30)
            seen = json.loads(rest)
            self.assertEqual((seen["held"], seen["failed"]), (50, 0))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
