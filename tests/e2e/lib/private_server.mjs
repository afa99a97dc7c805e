// A database server of a suite's own, to be broken on purpose. It ends with us, however we end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const supervisor = fileURLToPath(new URL('../../services/supervise.py', import.meta.url));

export class PrivateServer {
    /**
     * Starts a server and waits until it answers. `tcp`: on a loopback port as well, which a proxy can stand before;
     * `durable`: it waits for the disk, as it would in earnest.
     */
    static async start({ tcp = false, durable = false } = {}) {
        const server = new this([tcp && '--tcp', durable && '--durable'].filter(Boolean));
        await server.restart();
        return server;
    }

    constructor(options) {
        this.child = spawn('python3', [supervisor, this.constructor.kind, ...options],
            { stdio: ['pipe', 'pipe', 'inherit'] });
        this.child.stdin.on('error', () => {}); // Its end is seen in its output.
        this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    }

    async order(words) {
        this.child.stdin.write(`${words}\n`);
        const { value } = await this.answers.next();
        const { error, ...facts } = JSON.parse(value ?? '{"error": "the supervisor has ended"}');
        if (error !== undefined) throw new Error(error);
        return facts;
    }

    /** Starts it again, with its data and its address. It must have ended before. */
    async restart() {
        Object.assign(this, await this.order('start'));
    }

    /** Ends it in order; restart() brings it back. */
    halt() {
        return this.order('stop');
    }

    /** Ends all of its processes at once, or sends another signal to the first one and waits for its end. */
    kill(signal = 'SIGKILL') {
        return this.order(`kill ${signal}`);
    }

    /** Stops all of its processes where they are: connections stay open and nobody answers. */
    pause() {
        return this.order('pause');
    }

    resume() {
        return this.order('resume');
    }

    /** Ends it for good and removes its folder. */
    async stop() {
        this.child.stdin.end();
        if (this.child.exitCode === null) await once(this.child, 'exit');
    }
}
