// A client that sends any bytes, and reads what comes back without forgiving anything.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

const patience = 60_000; // What takes longer hangs, even on a machine that has other things to do.

export class Wire {
    /** Connects. `options` are those of net.connect() or, for https, of tls.connect(). */
    static async open(url, options = {}) {
        const { protocol, hostname, port } = new URL(url);
        const isTls = protocol === 'https:';
        const target = { host: hostname, port: Number(port), ...options };
        const socket = isTls ? tls.connect({ rejectUnauthorized: false, ...target }) : net.connect(target);
        const wire = new Wire(socket);
        await once(socket, isTls ? 'secureConnect' : 'connect');
        return wire;
    }

    constructor(socket) {
        this.socket = socket;
        this.input = Buffer.alloc(0);
        this.hasEnded = false;
        this.changed = () => {};
        socket.on('data', (data) => {
            this.input = Buffer.concat([this.input, data]);
            this.changed();
        });
        for (const end of ['end', 'error', 'close']) {
            socket.on(end, () => {
                this.hasEnded = true;
                this.changed();
            });
        }
    }

    /** Sends text, one byte for each character, or a buffer. */
    send(bytes) {
        this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
        return this;
    }

    /** Closes our side; the other one can still answer. */
    end() {
        this.socket.end();
        return this;
    }

    /** Leaves without a word. */
    destroy() {
        this.socket.destroy();
    }

    /** Waits until `find` returns something about the input. */
    async until(find, what) {
        const deadline = Date.now() + patience;
        for (let found = find(); ; found = find()) {
            if (found !== undefined) return found;
            const left = deadline - Date.now();
            if (left <= 0 || this.hasEnded) {
                const end = this.hasEnded ? 'the connection ended' : 'nothing more came';
                throw new Error(`${end} before ${what}; there is: ${JSON.stringify(this.input.toString('latin1'))}`);
            }
            let timer;
            await new Promise((resolve) => {
                this.changed = resolve;
                timer = setTimeout(resolve, left);
            });
            clearTimeout(timer);
        }
    }

    /** Reads until the text occurs, and returns everything up to its end. */
    async text(wanted) {
        const end = await this.until(() => {
            const at = this.input.indexOf(wanted, 0, 'latin1');
            return at < 0 ? undefined : at + wanted.length;
        }, JSON.stringify(wanted));
        return this.take(end);
    }

    /** Reads one reply. Its header names are in lower case, its body is text without the chunked coding. */
    async reply({ isHead = false } = {}) {
        const [statusLine, ...lines] = (await this.text('\r\n\r\n')).trimEnd().split('\r\n');
        const [, version, status] = statusLine.match(/^(HTTP\/1\.[01]) (\d{3}) /) ?? assert.fail(statusLine);
        const headers = {};
        for (const line of lines) {
            const [, name, value] = line.match(/^([^:\s]+): (.*)$/) ?? assert.fail(line);
            headers[name.toLowerCase()] = value;
        }
        const hasBody = !isHead && status !== '204' && !status.startsWith('1');
        return { version, status: Number(status), headers, body: hasBody ? await this.body(headers) : '' };
    }

    async body(headers) {
        if (headers['transfer-encoding'] === 'chunked') {
            let body = '';
            for (let size = -1; size !== 0;) {
                size = Number.parseInt(await this.text('\r\n'), 16);
                await this.until(() => (this.input.length >= size + 2 ? true : undefined), 'the end of a chunk');
                body += this.take(size);
                assert.equal(this.take(2), '\r\n');
            }
            return body;
        }
        if (headers['content-length'] === undefined) return this.ended();
        const length = Number(headers['content-length']);
        await this.until(() => (this.input.length >= length ? true : undefined), 'the end of the body');
        return Buffer.from(this.take(length), 'latin1').toString();
    }

    take(count) {
        const text = this.input.toString('latin1', 0, count);
        this.input = this.input.subarray(count);
        return text;
    }

    /** Waits until the other side closes, and returns what came before that. */
    async ended() {
        const wasEnded = () => (this.hasEnded ? true : undefined);
        if (!this.hasEnded) await this.until(wasEnded,
            'the end').catch((error) => { if (!this.hasEnded) throw error; });
        return this.take(this.input.length);
    }
}

/** Sends bytes on a connection of their own, reads one reply, and waits until the gateway closes. */
export async function refusal(url, bytes) {
    const wire = (await Wire.open(url)).send(bytes);
    const reply = await wire.reply();
    const rest = await wire.ended();
    wire.destroy();
    return { ...reply, rest };
}

/** Makes the text of a request; `headers` are lines. */
export function request(line, headers = [], body = '') {
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const text = [`${line} HTTP/1.1`, 'Host: gateway.test', ...headers, ...length, '', body].join('\r\n');
    return Buffer.from(text);
}
