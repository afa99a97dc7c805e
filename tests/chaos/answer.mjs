// One answer of the scripted provider: it keeps account of what it made, and of what it said that this used.
import { setTimeout as sleep } from 'node:timers/promises';
import { chunk, completion, usageOf } from '../e2e/lib/upstream.mjs';

export const word = 'hello '; // One token, give or take what another count may stray.
const inputTokens = 10;

/** How many words an answer has: a few, and no more than it may have. Of two limits the higher one counts. */
export function wordsFor({ length, request }) {
    const limits = [request.max_tokens, request.max_completion_tokens].filter((limit) => limit !== undefined);
    return limits.length > 0 ? Math.min(length, Math.max(...limits)) : length;
}

export class Answer {
    constructor(record, response, charge) {
        this.record = record;
        this.response = response;
        this.book = charge;
        this.request = record.body;
        this.isStream = record.body.stream === true;
        this.choices = Math.max(record.body.n ?? 1, record.body.best_of ?? 1);
        this.length = 5 + (record.bytes.length % 11);
        record.words = 0;
        record.most = null;
        record.told = null;
    }

    /** What a provider that tells the truth says. */
    usage() {
        return usageOf(inputTokens, wordsFor(this) * this.choices);
    }

    /** Puts the true usage on the bill, once. */
    charge() {
        if (this.record.charged === undefined) this.book(this.usage());
    }

    begin() {
        if (this.response.headersSent) return;
        const type = this.isStream ? 'text/event-stream; charset=utf-8' : 'application/json';
        this.response.writeHead(200, { 'content-type': type });
    }

    event(delta, extra = {}) {
        this.begin();
        const { usage, ...event } = chunk(delta, extra);
        this.response.write(`data: ${JSON.stringify(event)}\n\n`);
    }

    /** Sends so many words of each choice, until nobody listens. */
    async words(count, pause = 0) {
        this.charge();
        for (let sent = 0; sent < count && !this.response.destroyed; ++sent) {
            for (let index = 0; index < this.choices; ++index) {
                this.event({ content: word }, { index });
                ++this.record.words;
            }
            if (pause > 0) await sleep(pause);
        }
    }

    /** Sends pieces as fast as they are taken, until nobody takes them. */
    async flood(begin, piece) {
        this.response.write(begin);
        while (!this.response.destroyed) {
            if (this.response.write(piece)) await sleep(0);
            else await this.writable();
        }
    }

    /** Sends a long text bit by bit, until nobody listens. */
    async inPieces(text, size, pause) {
        for (let at = 0; at < text.length && !this.response.destroyed; at += size) {
            this.response.write(text.slice(at, at + size));
            await sleep(pause);
        }
    }

    /** Waits until more can be written, or nobody is there to take it. */
    writable() {
        return new Promise((resolve) => {
            const go = () => {
                this.response.off('drain', go).off('close', go);
                resolve();
            };
            this.response.on('drain', go).on('close', go);
        });
    }

    finish(reason = 'stop') {
        for (let index = 0; index < this.choices; ++index) this.event({}, { index, finish: reason });
    }

    tell(usage) {
        this.record.told = usage;
        this.response.write(`data: ${JSON.stringify({ ...chunk({}), choices: [], usage })}\n\n`);
    }

    done() {
        this.response.end('data: [DONE]\n\n');
    }

    /** Answers in one piece. */
    whole(usage, text = word.repeat(wordsFor(this)), extra = {}) {
        this.charge();
        this.record.words = (text.length / word.length) * this.choices;
        this.record.told = usage;
        const body = completion(Array.from({ length: this.choices }, () => ({ content: text, ...extra })), usage);
        const bytes = JSON.stringify(body);
        const length = Buffer.byteLength(bytes);
        this.response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).end(bytes);
    }

    /** Answers with vectors, which have no output tokens. */
    embeddings() {
        const usage = { prompt_tokens: inputTokens * [this.request.input].flat().length, total_tokens: 0 };
        usage.total_tokens = usage.prompt_tokens;
        this.book({ ...usage, completion_tokens: 0 });
        this.record.told = { ...usage, completion_tokens: 0 };
        const data = [this.request.input].flat()
            .map((_, index) => ({ object: 'embedding', index, embedding: [0.5] }));
        this.begin();
        this.response.end(JSON.stringify({ object: 'list', data, model: 'up', usage }));
    }

    /** The text of a whole answer that tells the truth, for those who send it in another way. */
    wholeText() {
        this.record.words = wordsFor(this);
        this.record.told = this.usage();
        return JSON.stringify(completion({ content: word.repeat(wordsFor(this)) }, this.usage()));
    }

    /** The text of a stream of so many words, each followed by `more`, of which each byte may be a token. */
    streamText(count, more = '') {
        this.record.words = count;
        this.record.most = count * (1 + Buffer.byteLength(more));
        this.record.told = this.usage();
        const events = Array.from({ length: count }, () => chunk({ content: word + more }));
        const all = [...events, chunk({}, { finish: 'stop' }), { ...chunk({}), choices: [], usage: this.usage() }];
        return `${all.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
    }

    /** Calls a tool, in pieces that are out of order. Nobody but the provider can say how much that is. */
    tools() {
        this.charge();
        this.record.words = null;
        const calls = [0, 1].map((index) => ({ index, id: `call_${index}`, type: 'function',
            function: { name: 'look', arguments: '{"place":"here"}' } }));
        if (!this.isStream) {
            this.record.told = this.usage();
            const body = completion({ content: null, tool_calls: calls }, this.usage(), 'tool_calls');
            this.begin();
            this.response.end(JSON.stringify(body));
            return;
        }
        for (const index of [1, 0]) {
            this.event({ tool_calls: [{ ...calls[index], function: { name: 'look', arguments: '' } }] });
        }
        for (const text of ['{"pla', 'ce":"', 'here"}']) {
            for (const index of [1, 0]) this.event({ tool_calls: [{ index, function: { arguments: text } }] });
        }
        this.finish('tool_calls');
        this.tell(this.usage());
        this.done();
    }
}
