// Who is told of budgets: an HTTP server that keeps what it is sent, and a real mail server.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Keeps every POST, and answers it with the next of `answers`, or 200 when there is none left. */
export class Receiver {
    static async start() {
        const receiver = new Receiver();
        receiver.server.listen(0, '127.0.0.1');
        await once(receiver.server, 'listening');
        receiver.url = `http://127.0.0.1:${receiver.server.address().port}`;
        return receiver;
    }

    constructor() {
        this.posts = [];
        this.answers = [];
        this.server = http.createServer(async (request, response) => {
            const pieces = [];
            for await (const piece of request) pieces.push(piece);
            const text = Buffer.concat(pieces).toString();
            const status = this.answers.shift() ?? 200;
            this.posts.push({ path: request.url, headers: request.headers, text, body: JSON.parse(text), status });
            response.writeHead(status);
            response.end();
        });
    }

    /** What was posted to a path and answered with 200. */
    taken(path) {
        return this.posts.filter((post) => post.path === path && post.status === 200);
    }

    async stop() {
        this.server.closeAllConnections();
        this.server.close();
        await once(this.server, 'close');
    }
}

/** Checks X-DeltaLLM-Signature as the documentation tells receivers to. */
export function isSigned({ headers, text }, secret) {
    const parts = headers['x-deltallm-signature'].split(',').map((part) => part.split('='));
    const { t: time, v1 } = Object.fromEntries(parts);
    const expected = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex');
    return v1 === expected && Math.abs(Date.now() / 1000 - Number(time)) < 300;
}

/** A mail server of its own process, tests/support/mail_server.py. */
export class MailServer {
    static async start() {
        const server = new MailServer();
        server.folder = await mkdtemp(join(tmpdir(), 'deltallm-mail-'));
        const script = fileURLToPath(new URL('../../support/mail_server.py', import.meta.url));
        server.process = spawn('python3', [script, server.folder], { stdio: ['pipe', 'pipe', 'inherit'] });
        const [line] = await once(server.process.stdout, 'data');
        server.port = Number(line.toString());
        return server;
    }

    async messages() {
        const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json'));
        return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(this.folder, name), 'utf8'))));
    }

    async stop() {
        this.process.stdin.end();
        await once(this.process, 'close');
        await rm(this.folder, { recursive: true });
    }
}
