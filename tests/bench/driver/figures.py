"""Rounds, what may be published of them, and the figures made from them."""

import statistics
from dataclasses import dataclass, field

YARDSTICK = "nginx"

# The upstream itself, without anything between.
DIRECT = "direct"

# A round in which nginx itself was this far from its own median says nothing about anybody.
DRIFT = 0.15


@dataclass(frozen=True)
class Sample:
    """What one subject showed in one round. A sample with a failure is never published."""

    values: dict
    failure: str = ""


@dataclass(frozen=True)
class Target:
    """A limit for a figure: for its value or for its ratio to nginx in the same round."""

    limit: float
    of: str = "value"
    sense: str = "<="

    def __str__(self):
        return f"{self.sense} {self.limit:g}{'×' if self.of == 'ratio' else ''}"

    def is_met(self, figure):
        """Returns whether the figure keeps the limit; None when there is nothing to compare."""
        measured = figure.ratio if self.of == "ratio" else figure.value
        if measured is None:
            return None
        return measured <= self.limit if self.sense == "<=" else measured >= self.limit


@dataclass
class Figure:
    """One line of the table. `spread` is the range over the rounds of what the target is about."""

    workload: str
    mode: str
    concurrency: int
    metric: str
    unit: str
    value: float | None = None
    nginx: float | None = None
    ratio: float | None = None
    spread: tuple = ()
    target: Target | None = None
    note: str = ""
    is_disturbed: bool = False  # Something else on the machine shows more than what is measured.

    @property
    def met(self):
        """Returns whether the target is met; None if there is none or nothing to judge by."""
        return self.target.is_met(self) if self.target and not self.is_disturbed else None

    def as_json(self):
        """Returns the figure as it stands in latest.json."""
        return {
            "workload": self.workload,
            "mode": self.mode,
            "concurrency": self.concurrency,
            "metric": self.metric,
            "unit": self.unit,
            "value": _rounded(self.value),
            "nginx": _rounded(self.nginx),
            "ratio": _rounded(self.ratio),
            "spread": [_rounded(edge) for edge in self.spread],
            "target": str(self.target) if self.target else None,
            "met": self.met,
            "note": self.note,
        }


def _rounded(number):
    return None if number is None else float(f"{number:.4g}") if abs(number) < 1000 else round(number)


@dataclass
class Rounds:
    """The rounds of one cell of a workload. Each round measured every subject once, one by one."""

    metric: str
    rounds: list = field(default_factory=list)

    def add(self, samples):
        """Takes one round: {subject name: Sample}."""
        self.rounds.append(samples)

    def steady(self):
        """Returns the rounds in which the yardstick stayed near its own median."""
        shown = [r[YARDSTICK].values.get(self.metric) for r in self.rounds if YARDSTICK in r]
        shown = [value for value in shown if value]
        if len(shown) < 2:
            return self.rounds
        median = statistics.median(shown)
        return [r for r in self.rounds if self._is_near(r, median)]

    def _is_near(self, samples, median):
        value = samples[YARDSTICK].values.get(self.metric) if YARDSTICK in samples else None
        return bool(value) and abs(value - median) <= DRIFT * median

    def rejected(self):
        """Returns how many rounds are not steady."""
        return len(self.rounds) - len(self.steady())

    def figure(self, figure, metric, *, minus=None, over=None):
        """Fills `figure` with the median of `metric` of the subject named by its mode.

        With `minus`, the same metric of that subject is taken off in every round: what the subject adds
        to a direct call. With `over`, it is divided by: how the subject compares with its like.
        """
        failure = next((r[figure.mode].failure for r in self.rounds if r[figure.mode].failure), "")
        if failure:
            figure.note = f"not published: {failure}"
            return figure
        kept = self.steady()
        if not kept:
            figure.note = "not published: nginx drifted in every round"
            return figure
        own = [_value(r, figure.mode, metric, minus, over) for r in kept]
        figure.value = statistics.median(own)
        figure.spread = (min(own), max(own))
        if figure.mode != YARDSTICK and over is None and minus in (None, DIRECT):
            self._compare(figure, metric, minus, own, kept)
        if self.rejected():
            figure.note = f"{self.rejected()} of {len(self.rounds)} rounds rejected: nginx drifted"
        if figure.value < 0 and minus != YARDSTICK:
            figure.is_disturbed = True
            figure.note = "not judged: noise is larger than the difference"
        return figure

    def _compare(self, figure, metric, minus, own, kept):
        if any(not _has(r, YARDSTICK, metric) or r[YARDSTICK].failure for r in kept):
            return
        yardstick = [_value(r, YARDSTICK, metric, minus) for r in kept]
        figure.nginx = statistics.median(yardstick)
        if minus is None and figure.unit and min(own + yardstick) > 0:
            ratios = [a / b for a, b in zip(own, yardstick)]
            figure.ratio = statistics.median(ratios)
            if figure.target is None or figure.target.of == "ratio":
                figure.spread = (min(ratios), max(ratios))


def _has(samples, subject, metric):
    return subject in samples and metric in samples[subject].values


def _value(samples, subject, metric, minus=None, over=None):
    value = samples[subject].values[metric]
    if minus:
        return value - samples[minus].values[metric]
    return value / samples[over].values[metric] if over else value
