"""Keeps one private server for the program that holds our standard input.

Usage: supervise.py postgres|redis [--tcp] [--durable]

Reads one order a line and answers each with one line of JSON: `start`, `stop` (in order; the data stay),
`kill SIGNAL` (the first process, or all of them with KILL), `pause` and `resume` (all of them). When the
input ends, because that program ended it or died, the server is ended and its folder removed.
"""
import argparse
import json
import shutil
import signal
import sys

from server import KINDS, Broken, Server, family, make_folder, tell


def answer(**fields):
    print(json.dumps(fields), flush=True)


def start(server):
    if server.process is not None:
        server.kill()  # It has ended by itself; what is left of its family goes too.
    server.start()
    return server.about()


def kill(server, name):
    wanted = signal.Signals[name]
    if wanted != signal.SIGKILL:
        tell(server.process.pid, wanted)
        server.process.wait()
    server.kill()


def tell_all(server, what):
    for pid in family(server.process.pid):
        tell(pid, what)


def obey(server, word, *rest):
    orders = {
        "start": start,
        "stop": Server.stop,
        "kill": kill,
        "pause": lambda paused: tell_all(paused, signal.SIGSTOP),
        "resume": lambda resumed: tell_all(resumed, signal.SIGCONT),
    }
    return orders[word](server, *rest) or {}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--tcp", action="store_true")
    parser.add_argument("--durable", action="store_true")
    options = parser.parse_args()
    # A Ctrl-C reaches everybody at the terminal; what counts here is that our input ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = make_folder()
    server = None
    try:
        server = KINDS[options.kind](folder, tcp=options.tcp, durable=options.durable)
        for line in sys.stdin:
            answer(**obey(server, *line.split()))
    except Broken as broken:
        answer(error=str(broken))
        return 1
    except BrokenPipeError:
        pass  # Nobody listens any more, which is as good as the end of the input.
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
