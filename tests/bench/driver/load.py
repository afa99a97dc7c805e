"""Runs the load generator and reads what it saw."""

import json
import subprocess


class Load:
    """The load generator of tests/bench/load."""

    def __init__(self, program):
        self._program = program

    def run(self, subject, profile, **options):
        """Puts load on a subject until the run ends. Returns the report; see load/recorder.h."""
        command = [self._program, *subject.address(profile), *_arguments(options)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"load generator: {done.stderr.strip()}")
        report = json.loads(done.stdout)
        report["messages"] = done.stderr.strip()
        return report

    def hold(self, subject, profile, **options):
        """Opens connections and holds them; see Held."""
        command = [self._program, *subject.address(profile), "--mode", "hold", *_arguments(options)]
        return Held(command)


class Held:
    """Open connections. A context: they are closed when it is left, and `report` is there then."""

    def __init__(self, command):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.report = {}

    def __enter__(self):
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("the load generator could not open its connections")
        return self

    def __exit__(self, *_):
        rest, _ = self._process.communicate(timeout=60)
        self.report = json.loads(rest)


def failure_of(report, expected=1):
    """Returns why nothing of a report may be published; empty when all is well."""
    if report["failed"]:
        reasons = ", ".join(f"{reason} ×{count}" for reason, count in report["failures"].items())
        return f"{report['failed']} of {report['failed'] + report['completed']} requests failed ({reasons})"
    if report["lost_events"]:
        return f"{report['lost_events']} events lost"
    if report["completed"] < expected:
        return "no request completed"
    return ""


def _arguments(options):
    """Writes options as arguments; None is a flag."""
    arguments = []
    for name, value in options.items():
        arguments += [f"--{name.replace('_', '-')}"] + ([] if value is None else [str(value)])
    return arguments
