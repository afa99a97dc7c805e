"""The figures as people and programs read them."""

import json
import os

TITLES = ("Workload", "Mode", "c", "Metric", "Value", "nginx", "Ratio", "Range", "Target", "Met")


def table(figures):
    """Returns the figures as a table for a terminal."""
    rows = [TITLES, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(TITLES))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines + _summary(figures))


def markdown(figures):
    """Returns the figures as a table for README.md."""
    rows = [TITLES, ["---"] * len(TITLES), *(_row(figure) for figure in figures)]
    return "\n".join(["| " + " | ".join(row) + " |" for row in rows] + _summary(figures))


def write_json(figures, raw, machine, folder):
    """Writes latest.json, a list of figures, and rounds.json, all that they were made from."""
    for name, content in (
        ("latest.json", [figure.as_json() for figure in figures]),
        ("rounds.json", {"machine": machine, "rounds": raw}),
    ):
        path = os.path.join(folder, name)
        with open(path + ".new", "w") as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
        os.replace(path + ".new", path)


def _summary(figures):
    missed = [f for f in figures if f.met is False]
    lines = ["", f"{sum(f.met is True for f in figures)} targets met, {len(missed)} missed"]
    lines += [f"- missed: {_name(f)}: {_target_text(f)}, measured {_measured(f)}" for f in missed]
    lines += [f"- {_name(f)}: {f.note}" for f in figures if f.note]
    return lines


def _row(figure):
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    spread = " – ".join(number(edge) for edge in figure.spread)
    return (figure.workload, figure.mode, str(figure.concurrency or ""), figure.metric,
            _with_unit(figure.value, figure.unit), number(figure.nginx),
            f"{figure.ratio:.2f}×" if figure.ratio is not None else "", spread, _target_text(figure), met)


def _name(figure):
    return " ".join(str(p) for p in (figure.workload, figure.mode, figure.concurrency or "", figure.metric) if p)


def _target_text(figure):
    if not figure.target:
        return ""
    return str(figure.target) if figure.target.of == "ratio" else f"{figure.target} {figure.unit}".strip()


def _measured(figure):
    if figure.target.of == "ratio":
        return f"{figure.ratio:.2f}×"
    return _with_unit(figure.value, figure.unit)


def _with_unit(value, unit):
    return f"{number(value)} {unit}".strip() if value is not None else "not published"


def number(value):
    """Returns a number with three significant digits, thousands apart; nothing for no number."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
