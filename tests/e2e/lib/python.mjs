// What needs a system call that Node does not offer is done by a few lines of Python.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const locker = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
database.execute("ROLLBACK")
`;

const activator = `
import os, socket, sys
first = 3
sockets = [socket.create_server(("127.0.0.1", 0), backlog=512)]
for number, each in enumerate(sockets):
    if each.fileno() != first + number:
        os.dup2(each.fileno(), first + number)
    os.set_inheritable(first + number, True)
os.environ.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=str(os.getpid()))
print("http://127.0.0.1:%d" % sockets[0].getsockname()[1], flush=True)
os.execv(sys.argv[1], sys.argv[1:])
`;

const listener = `
import os, socket, sys
notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notified.bind(sys.argv[1])
print("bound", flush=True)
while True:
    for line in notified.recv(4096).decode().split("\\n"):
        print(line, flush=True)
`;

/** Starts a script and waits for its first line. */
async function start(script, ...words) {
    const child = spawn('python3', ['-c', script, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
}

/** Takes the write lock of an SQLite database, as another process would. Returns how to give it back. */
export async function lockDatabase(file) {
    const child = await start(locker, file);
    return async () => {
        child.stdin.end();
        await once(child, 'close');
    };
}

/** A program for Gateway.launch() that listens first and hands its socket over, as systemd does. */
export const socketActivation = ['python3', '-c', activator];

/** Plays the service manager behind NOTIFY_SOCKET: gathers what it is told in `lines`. */
export async function serviceManager(path) {
    const child = await start(listener, path);
    const lines = [];
    let text = '';
    child.stdout.on('data', (data) => {
        text += data;
        const whole = text.split('\n');
        text = whole.pop();
        lines.push(...whole);
    });
    return { environment: { NOTIFY_SOCKET: path }, lines, stop: () => child.kill('SIGKILL') };
}

/** Runs a script to its end. */
export async function python(script, ...words) {
    const child = spawn('python3', ['-c', script, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the script ended with ${code}`);
}
