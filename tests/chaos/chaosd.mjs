// A provider that does everything wrong that one can do, and keeps the books: the money oracle.
import { createHash } from 'node:crypto';
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { priceOf, Upstream } from '../e2e/lib/upstream.mjs';
import { scripts } from './scenarios.mjs';

/**
 * Everything that was asked, charged and ended is a line of JSON in the log, written before the next byte is sent. A
 * call is known by its `user`, which callers make unique.
 */
export class Chaos extends Upstream {
    static async start({ port = 0, log } = {}) {
        const chaos = await super.start(scripts, port);
        if (log) chaos.log = openSync(log, 'a', 0o600);
        return chaos;
    }

    constructor(all) {
        super(all);
        this.calls = [];
        this.running = new Set();
        this.number = 0;
    }

    write(line) {
        if (this.log !== undefined) writeSync(this.log, `${JSON.stringify(line)}\n`);
    }

    /** Begins the record of a call; what was sent is kept as it came. */
    keep(record) {
        record.number = ++this.number;
        record.asked = Date.now();
        record.tag = record.body.user ?? '';
        this.running.add(record);
        const text = record.bytes.toString();
        const isText = Buffer.from(text).equals(record.bytes);
        this.write({ event: 'asked', number: record.number, tag: record.tag, at: record.asked, path: record.path,
            sha256: createHash('sha256').update(record.bytes).digest('hex'),
            ...(isText ? { body: text } : { base64: record.bytes.toString('base64') }) });
    }

    charge(usage, record) {
        const nanos = priceOf(usage.prompt_tokens, usage.completion_tokens);
        record.charged = nanos;
        this.write({ event: 'charged', number: record.number, tag: record.tag, usage, nanos: String(nanos) });
        return super.charge(usage);
    }

    /** Forgets the calls that were checked. */
    forget() {
        this.calls = [];
        if (this.log !== undefined) ftruncateSync(this.log);
    }

    /** What is left of a call when its connection has ended. */
    ended(record) {
        this.running.delete(record);
        const { number, tag, asked, closed, words = 0, most = null, told = null, charged = 0n } = record;
        const call = { event: 'ended', number, tag, asked, at: Date.now(), model: record.body.model, closed, words,
            most, told, bytes: record.bytes.length, charged: String(charged) };
        this.write(call);
        this.calls.push(call);
    }
}

const help = `Usage: node tests/chaos/chaosd.mjs [--port N] [--log FILE]

Plays a provider on 127.0.0.1 and prints its address. The model's name chooses what goes wrong:

${Object.keys(scripts).map((name) => `  ${name}\n`).join('')}
  --port N      default: a free one
  --log FILE    takes a line of JSON for everything that was asked, charged and ended; appended to
  --help        this text`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, log: { type: 'string' },
        help: { type: 'boolean' } } });
    if (values.help) {
        console.log(help);
        process.exit();
    }
    const chaos = await Chaos.start({ port: Number(values.port), log: values.log });
    console.log(chaos.url);
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => chaos.stop());
}
