"""How fast the gateway is there, and how big it is."""

import os
import shutil
import statistics
import subprocess
import time

from ..gateway import Gateway


def start_and_size(bench):
    """Time from exec to the first answer, memory at rest, and the size of the binary."""
    nginx = _milliseconds(bench, bench.make_nginx)
    if not bench.has_gateway:
        return [_start_figure(bench, "nginx", nginx, None)]
    first, restart = [], []
    for _ in range(_starts(bench)):
        files = bench.gateway_files(threads=0, keys=0)
        first.append(_first_answer(bench, lambda: Gateway(files)))
        restart.append(_first_answer(bench, lambda: Gateway(files)))
    return [
        _start_figure(bench, "first start", first, nginx),
        _start_figure(bench, "restart", restart, nginx),
        *_memory_figures(bench),
        *_size_figures(bench),
    ]


def _starts(bench):
    return 3 if bench.is_quick else 11


def _first_answer(bench, make):
    with bench.fresh(make) as server:
        return server.first_answer_seconds * 1000


def _milliseconds(bench, make):
    return [_first_answer(bench, make) for _ in range(_starts(bench))]


def _start_figure(bench, mode, values, nginx):
    figure = bench.single(("W13", mode, 1), "exec to first 200", statistics.median(values), "ms")
    figure.spread = (min(values), max(values))
    if nginx:
        figure.nginx = statistics.median(nginx)
    return figure


def _memory_figures(bench):
    """Memory of a gateway with its default threads, a moment after its first answer."""
    def memory(make):
        with bench.fresh(make) as server:
            time.sleep(1 if bench.is_quick else 2)
            return server.memory_kb()

    gateway = memory(lambda: Gateway(bench.gateway_files(threads=0, keys=0)))
    nginx = memory(lambda: bench.make_nginx(bench.cores))
    made = []
    for metric, name in (("resident memory", "rss"), ("private memory", "private")):
        figure = bench.single(("W13", "idle", 0), metric, gateway[name] / 1024, "MB")
        figure.nginx = nginx[name] / 1024
        made.append(figure)
    return made


def _size_figures(bench):
    """Size of the binary without its debug information, as it is packaged."""
    stripped = os.path.join(bench.folder, "stripped")
    shutil.copy(bench.programs.gateway, stripped)
    done = subprocess.run(["strip", stripped], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"strip: {done.stderr.strip()}")
    size = os.path.getsize(stripped) / 1e6
    return [bench.single(("W13", "binary", 0), "size, stripped", size, "MB")]
