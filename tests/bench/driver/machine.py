"""What the kernel says about processes and about this machine."""

import os
import random
import resource
import socket


def process_tree(root):
    """Returns the process id `root` and those of all its descendants."""
    found = [root]
    for pid in found:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as file:
                    found += [int(child) for child in file.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def cpu_seconds(root):
    """Returns the CPU time that a process tree has used, in user and in kernel mode.

    The scheduler's own account counts nanoseconds; the ticks of /proc/PID/stat count in 10 ms and are
    read only where the kernel was built without that account.
    """
    return sum(_cpu_seconds_of(pid) for pid in process_tree(root))


def _cpu_seconds_of(pid):
    try:
        nanoseconds = 0
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                nanoseconds += int(file.read().split()[0])
        if nanoseconds > 0:
            return nanoseconds / 1e9
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def thread_cpu_seconds(pid, name):
    """Returns the CPU time of the threads of a process that have a name; 0 if there is none."""
    nanoseconds = 0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/comm") as file:
                if file.read().strip() != name:
                    continue
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                nanoseconds += int(file.read().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return nanoseconds / 1e9


def memory_kb(root):
    """Returns the memory of a process tree in kB: {"rss": …, "private": …, "anonymous": …}.

    Private is what would come back if the processes ended: pages that nobody else maps. Anonymous is of no file, and
    so the same whoever else runs the same program.
    """
    sums = {"rss": 0, "private": 0, "anonymous": 0}
    for pid in process_tree(root):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                lines = file.read().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for line in lines:
            name, _, rest = line.partition(":")
            if name == "Rss":
                sums["rss"] += int(rest.split()[0])
            elif name in ("Private_Clean", "Private_Dirty"):
                sums["private"] += int(rest.split()[0])
            elif name == "Anonymous":
                sums["anonymous"] += int(rest.split()[0])
    return sums


def raise_descriptor_limit():
    """Allows this process and its children as many descriptors as the system does and a bench can use.

    Returns the number.
    """
    enough = 65536
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for soft, ceiling in ((enough, max(hard, enough)), (hard, hard)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, ceiling))
            break
        except (ValueError, OSError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def free_port():
    """Returns a free port below the range from which the kernel takes ports of clients."""
    for port in random.sample(range(20000, 30000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port between 20000 and 30000")


def describe():
    """Returns what a reader of the figures should know of this machine."""
    model = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "kernel": os.uname().release,
        "load_average": round(os.getloadavg()[0], 2),
        "descriptors": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    }
