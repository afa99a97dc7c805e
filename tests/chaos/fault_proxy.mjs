// A TCP proxy that stands before a server and makes the way to it slow, deaf or broken, while it is used.
import { once } from 'node:events';
import net from 'node:net';

export class FaultProxy {
    /** Listens on a free port of 127.0.0.1 and passes everything on to `port`, until told otherwise. */
    static async start(port) {
        const proxy = new FaultProxy(port);
        await proxy.listen(0);
        return proxy;
    }

    constructor(target) {
        this.target = target;
        this.pairs = new Set();
        this.delay = 0; // Milliseconds that every piece of bytes takes longer, in both directions.
        this.isDeaf = false;
    }

    async listen(port) {
        this.server = net.createServer((client) => this.accept(client));
        this.server.listen(port, '127.0.0.1');
        await once(this.server, 'listening');
        this.port = this.server.address().port;
    }

    accept(client) {
        const server = net.connect(this.target, '127.0.0.1');
        const pair = [client, server];
        this.pairs.add(pair);
        for (const [from, to] of [pair, pair.toReversed()]) {
            from.setNoDelay(true);
            from.on('error', () => {}); // Followed by its 'close'.
            from.on('data', (data) => this.pass(data, from, to));
            from.on('end', () => this.later(() => to.end()));
            from.on('close', () => {
                this.pairs.delete(pair);
                this.later(() => to.destroy());
            });
        }
        if (this.isDeaf) this.stopReading(pair);
    }

    /** Timers of one length fire in their order, so no piece overtakes another. */
    later(action) {
        if (this.delay > 0) setTimeout(action, this.delay);
        else action();
    }

    pass(data, from, to) {
        this.later(() => {
            if (to.write(data) || to.destroyed) return;
            from.pause();
            to.once('drain', () => { if (!this.isDeaf) from.resume(); });
        });
    }

    stopReading(pair) {
        for (const socket of pair) socket.pause();
    }

    /** From now on nothing passes, and nobody is told: a cable that was pulled, or a host that is frozen. */
    deafen() {
        this.isDeaf = true;
        for (const pair of this.pairs) this.stopReading(pair);
    }

    /** Passes on again, beginning with what was held back. */
    heal() {
        this.isDeaf = false;
        for (const pair of this.pairs) for (const socket of pair) socket.resume();
    }

    /** Resets all connections that there are; new ones are welcome. */
    cut() {
        for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
    }

    /** Refuses new connections, and resets those that there are; accepts them again after open(). */
    async close() {
        const closed = once(this.server, 'close');
        this.server.close();
        this.cut();
        await closed;
    }

    /** Listens again, on the same port. */
    open() {
        return this.listen(this.port);
    }
}
