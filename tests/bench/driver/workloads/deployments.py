"""W8: many deployments behind one name, and many names."""

from .. import subject
from ..gateway import Gateway
from .requests import SMALL

CONCURRENCY = 8
BASE = "1 deployment"


def many_deployments(bench):
    """W1 with 1 to 1,000 deployments behind one name, chosen by weight, and with 10,000 names called alike.

    The gateways run side by side and are measured in turn.
    """
    if not bench.has_gateway:
        return []
    subjects = [subject.yardstick(bench.nginx())]
    for count in (1, 100) if bench.is_quick else (1, 10, 100, 1000):
        name = f"{count} deployments" if count > 1 else BASE
        subjects.append(_subject(bench, name, [("chat", "chat")] * count))
    names = 1_000 if bench.is_quick else 10_000
    models = [(f"chat-{number:05}", "chat") for number in range(names)]
    subjects.append(_subject(bench, f"{names} models", models, extra=("--models", str(names))))
    for measured in subjects:
        bench.load.run(measured, "chat", connections=CONCURRENCY, seconds=bench.seconds / 5, **SMALL)
    rounds = bench.rounds("W8", "cpu", subjects, lambda measured: bench.measure(
        measured, "chat", connections=CONCURRENCY, seconds=bench.seconds, **SMALL))
    figures = []
    for mode in bench.modes(subjects):
        where = ("W8", mode, CONCURRENCY)
        figures.append(bench.figure(rounds, where, "CPU per request", "cpu"))
        if mode != BASE:
            figures.append(bench.figure(rounds, where, f"CPU added to {BASE}", "cpu", minus=BASE))
    return figures


def _subject(bench, name, models, extra=()):
    gateway = bench.start(Gateway, bench.gateway_files(threads=1, models=models))
    bench.say(f"  W8 {name}: first answer after {gateway.first_answer_seconds * 1000:.0f} ms")
    return subject.Subject(name, gateway, gateway.port, key=gateway.files.key, routes_by_path=False,
                           model=models[0][0], extra=extra)
