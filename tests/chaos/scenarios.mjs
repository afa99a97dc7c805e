// What the scripted provider can do, right and wrong. The model's name chooses: `chaos-NAME`.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chunk, completion, json, usageOf } from '../e2e/lib/upstream.mjs';
import { Answer, word, wordsFor } from './answer.mjs';

/** A stream, or the same as a whole; `usage` is what it says it used, if it says it. */
async function good(answer, { usage = answer.usage(), pause = 0 } = {}) {
    if (!answer.isStream) {
        if (pause > 0) await sleep(pause * 4);
        answer.whole(usage);
        return;
    }
    await answer.words(wordsFor(answer), pause);
    answer.finish();
    if (usage) answer.tell(usage);
    answer.done();
}

/** A stream that says with every word what it has used so far. */
async function running(answer) {
    if (!answer.isStream) {
        answer.whole(answer.usage());
        return;
    }
    for (let sent = 1; sent <= wordsFor(answer); ++sent) {
        await answer.words(1);
        answer.tell(usageOf(10, sent));
    }
    answer.finish();
    answer.done();
}

/** An answer whose usage is not what it should be: `change` makes it of the true one. */
const says = (change) => (answer) => good(answer, { usage: change(answer.usage(), answer) });
/** Whatever is asked, HTTP as it never should be. */
const raw = (bytes) => (answer) => answer.response.socket.end(bytes);
const status = (code, headers, body = { error: { message: 'not now' } }) => ({ response }) =>
    json(response, code, body, headers);
const page = '<html><body>Bad Gateway</body></html>';

/** A stream that is cut: `steps` come before that. A whole answer is cut in its middle. */
const cut = (steps) => async (answer) => {
    if (answer.isStream) {
        await steps(answer);
        await sleep(20); // What was sent is on its way, else a reset would overtake it.
    } else {
        answer.response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5000 });
        answer.response.write(answer.wholeText(answer.usage()).slice(0, 60));
        await sleep(20);
    }
    answer.response.destroy();
};

/** Sends bytes in the pieces that `split` makes of them. */
async function pieces(answer, text, split) {
    answer.charge();
    answer.begin();
    for (const piece of split(Buffer.from(text))) {
        if (answer.response.destroyed) return;
        answer.response.write(piece);
        await sleep(1);
    }
    answer.response.end();
}

const inBytes = (bytes) => Array.from(bytes, (byte) => Buffer.of(byte));

let flap = 0;

/**
 * What each does, and who is answered in full: `whole` and `stream` say whether such a call gets its answer. Without
 * `isHonest` the provider says that it used more than it was allowed to, for which no budget can reserve. Of what
 * `isSilent` nothing is to be expected within a second, so the gateway is told to wait no longer for it; `isHasty` says
 * the same of its streams, though they get on.
 */
const table = {
    ok: { whole: true, stream: true, run: (answer) => good(answer) },
    slow: { whole: true, stream: true, run: (answer) => good(answer, { pause: 40 }) },
    trickle: {
        whole: true, stream: true,
        run: (answer) => pieces(answer, answer.isStream ? answer.streamText(2) : answer.wholeText(), inBytes),
    },
    greedy: { // As long an answer as it may give, of whatever kind.
        whole: true, stream: true,
        run: (answer) => {
            answer.length = 3000;
            return answer.request.input ? answer.embeddings() : good(answer);
        },
    },
    'cut-before': { run: ({ response }) => response.destroy() },
    'cut-in-head': { run: raw('HTTP/1.1 200 OK\r\nContent-Le') },
    'cut-within': { run: cut((answer) => answer.words(3)) },
    'cut-after-content': {
        run: cut(async (answer) => {
            await answer.words(3);
            answer.finish();
        }),
        stream: true, // Every choice said why it ended, so nothing of the answer is missing.
        maybe: true,
    },
    'cut-after-usage': {
        run: cut(async (answer) => {
            await answer.words(3);
            answer.finish();
            answer.tell(answer.usage());
        }),
        stream: true,
        maybe: true,
    },
    'no-done': {
        whole: true, stream: true,
        run: async (answer) => {
            if (!answer.isStream) return answer.whole(answer.usage());
            await answer.words(3);
            answer.finish();
            answer.tell(answer.usage());
            return answer.response.end();
        },
    },
    'no-usage': { whole: true, stream: true, run: says(() => null) },
    'usage-zero': { whole: true, stream: true, run: says(() => usageOf(0, 0)) },
    'usage-low': { whole: true, stream: true, run: says(() => usageOf(1, 1)) },
    'usage-high': { whole: true, stream: true, isHonest: false, run: says(() => usageOf(10_000, 50_000)) },
    'usage-negative': { whole: true, stream: true, run: says((usage) => ({ ...usage, completion_tokens: -5 })) },
    'usage-huge': { whole: true, stream: true, run: says((usage) => ({ ...usage, completion_tokens: 1e18 })) },
    'usage-text': { whole: true, stream: true, run: says((usage) => ({ ...usage, completion_tokens: '7' })) },
    'usage-fraction': { whole: true, stream: true, run: says((usage) => ({ ...usage, completion_tokens: 7.5 })) },
    'usage-twice': {
        whole: true, stream: true,
        run: async (answer) => {
            if (!answer.isStream) return answer.whole(answer.usage());
            await answer.words(wordsFor(answer));
            answer.finish();
            answer.tell(answer.usage());
            answer.tell(answer.usage());
            return answer.done();
        },
    },
    'usage-falling': {
        whole: true, stream: true,
        run: async (answer) => {
            if (!answer.isStream) return answer.whole(answer.usage());
            await answer.words(wordsFor(answer));
            answer.finish();
            answer.tell(usageOf(500, 500));
            answer.tell(answer.usage());
            return answer.done();
        },
    },
    'usage-running': { whole: true, stream: true, run: (answer) => running(answer) },
    'usage-running-cut': {
        run: cut(async (answer) => {
            await answer.words(1);
            answer.tell(usageOf(10, 1));
            await answer.words(3);
        }),
    },
    'finish-twice': {
        whole: true, stream: true,
        run: async (answer) => {
            if (!answer.isStream) return answer.whole(answer.usage());
            await answer.words(3);
            answer.finish();
            answer.finish('length');
            answer.tell(answer.usage());
            return answer.done();
        },
    },
    'big-event': { // A megabyte in one event is much, and right.
        whole: true, stream: true, isHonest: false,
        run: (answer) => {
            const count = 170_000;
            if (!answer.isStream) return answer.whole(usageOf(10, count), word.repeat(count));
            answer.charge();
            answer.record.words = count;
            answer.event({ content: word.repeat(count) });
            answer.finish();
            answer.tell(usageOf(10, count));
            return answer.done();
        },
    },
    busy: { run: status(429) },
    'busy-seconds': { run: status(429, { 'retry-after': '7' }) },
    'busy-date': { run: status(429, { 'retry-after': new Date(Date.now() + 86_400_000).toUTCString() }) },
    'busy-huge': { run: status(429, { 'retry-after': '1000000000' }) },
    'busy-negative': { run: status(429, { 'retry-after': '-1' }) },
    'no-credit': { run: status(401) },
    broken: { run: status(500) },
    page: { run: ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end(page) },
    'page-503': { run: ({ response }) => response.writeHead(503, { 'content-type': 'text/html' }).end(page) },
    bomb: {
        run: ({ response }) => response.writeHead(200, {
            'content-type': 'application/json', 'content-encoding': 'gzip',
        }).end(bomb()),
    },
    'huge-event': {
        run: async (answer) => {
            answer.begin();
            await answer.flood('data: {"x":"', 'x'.repeat(1 << 20));
        },
    },
    endless: {
        isEndless: true,
        run: async (answer) => {
            answer.begin();
            if (answer.isStream) await answer.words(Infinity, 1);
            else await answer.flood('{"id":"', 'x'.repeat(1 << 20));
        },
    },
    'error-inside': { run: status(200, {}) },
    'error-event': {
        run: async (answer) => {
            if (!answer.isStream) return status(200)(answer);
            await answer.words(3);
            answer.response.end('event: error\ndata: {"error":{"message":"crashed"}}\n\n');
            return undefined;
        },
    },
    'wrong-type': {
        run: (answer) => answer.response.writeHead(200, { 'content-type': 'text/plain' })
            .end(answer.isStream ? answer.streamText(3) : answer.wholeText()),
    },
    garbage: {
        run: ({ response, isStream }) => response.writeHead(200, {
            'content-type': isStream ? 'text/event-stream' : 'application/json',
        }).end(isStream ? 'data: {{{\n\n' : '{{{'),
    },
    split: {
        whole: true, stream: true, // Comments, CRLF, a mark of byte order, and characters of four bytes in four pieces.
        run: (answer) => pieces(answer, answer.isStream
            ? `\ufeff: hi\r\n\r\n${answer.streamText(3, ' 🦉').replaceAll('\n', '\r\n')}` : answer.wholeText(),
        (bytes) => inBytes(bytes.subarray(0, 700)).concat(bytes.subarray(700))),
    },
    choices: {
        whole: true, stream: true, choices: 3,
        run: (answer) => good(answer),
    },
    tools: {
        whole: true, stream: true,
        run: (answer) => answer.tools(),
    },
    empty: {
        whole: true, stream: true,
        run: (answer) => {
            if (!answer.isStream) return answer.whole(usageOf(10, 0), '');
            answer.event({ content: '' });
            answer.finish();
            answer.tell(usageOf(10, 0));
            return answer.done();
        },
    },
    'slow-head': {
        whole: true, stream: true,
        run: async (answer) => {
            const body = answer.isStream ? answer.streamText(3) : answer.wholeText();
            answer.charge();
            const type = answer.isStream ? 'text/event-stream' : 'application/json';
            const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`;
            for (const byte of inBytes(Buffer.from(head))) {
                answer.response.socket?.write(byte);
                await sleep(2);
            }
            answer.response.socket?.end(body);
        },
    },
    silent: { isSilent: true, run: ({ response }) => once(response, 'close') },
    'half-open': {
        isSilent: true,
        run: async (answer) => {
            answer.begin();
            answer.response.flushHeaders();
            await once(answer.response, 'close');
        },
    },
    drip: { // A byte now and then, of an event that never ends: as good as silence.
        isSilent: true,
        run: async (answer) => {
            answer.begin();
            answer.response.write(answer.isStream ? 'data: {"id":"' : '{"id":"');
            while (!answer.response.destroyed) {
                answer.response.write('x');
                await sleep(100);
            }
        },
    },
    'slow-event': { // It takes longer than a stream may be silent, and gets on all the time.
        whole: true, stream: true, isHonest: false, isHasty: true,
        run: async (answer) => {
            const count = 170_000;
            if (!answer.isStream) return answer.whole(usageOf(10, count), word.repeat(count));
            answer.charge();
            answer.record.words = count;
            answer.begin();
            await answer.inPieces(`data: ${JSON.stringify(chunk({ content: word.repeat(count) }))}\n\n`, 32 << 10, 60);
            answer.finish();
            answer.tell(usageOf(10, count));
            return answer.done();
        },
    },
    'falls-silent': {
        isSilent: true,
        run: async (answer) => {
            if (answer.isStream) await answer.words(3);
            await once(answer.response, 'close');
        },
    },
    hints: {
        whole: true, stream: true,
        run: (answer) => {
            answer.response.writeContinue();
            answer.response.writeEarlyHints({ link: '</x>; rel=preload' });
            return good(answer);
        },
    },
    trailers: {
        whole: true, stream: true,
        run: async (answer) => {
            answer.response.setHeader('trailer', 'x-checksum');
            answer.response.setHeader('transfer-encoding', 'chunked');
            if (answer.isStream) await answer.words(3);
            answer.begin();
            answer.charge();
            answer.response.addTrailers({ 'x-checksum': '1' });
            if (!answer.isStream) return answer.response.end(answer.wholeText());
            answer.finish();
            answer.tell(answer.usage());
            return answer.done();
        },
    },
    redirect: { run: ({ response }) => response.writeHead(307, { location: '/v1/elsewhere' }).end() },
    flaps: { run: (answer) => (++flap % 2 === 0 ? good(answer) : status(503)(answer)), maybe: true },
    'length-short': {
        run: raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"id":"x","object":1}'),
    },
    'length-long': {
        run: raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{"id":"x"'),
    },
    'two-lengths': {
        run: raw('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n'),
    },
};

let madeBomb;
/** 64 MiB that are 64 KiB on the wire. */
function bomb() {
    madeBomb ??= gzipSync(Buffer.alloc(64 << 20));
    return madeBomb;
}

/** All scenarios by name. */
export const scenarios = Object.fromEntries(Object.entries(table).map(([name, row]) => [name, {
    name, model: `chaos-${name}`, whole: false, stream: false, maybe: false, isSilent: false, isHasty: false,
    isEndless: false, isHonest: true, choices: 1, ...row,
}]));

/** The same as scripts of an Upstream. */
export const scripts = Object.fromEntries(Object.values(scenarios).map(({ model, run }) => [
    model, ({ record, response, charge }) => run(new Answer(record, response, charge))]));
