// Strangers with bad intentions: the process neither falls nor hangs nor grows, and everybody else is served.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { assertGrowth, inParallel, openFiles, residentBytes } from '../lib/process.mjs';
import { Random } from '../lib/random.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';
import { request, Wire } from '../lib/wire.mjs';

const megabyte = 1024 * 1024;
const mutants = 2000;
const strangers = 1000;
const wrongKeys = 20_000;
const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-words': ({ response, charge }) => {
        const out = stream(response);
        for (const content of ['one', ' two']) out.event(chunk({ content }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 2)) });
        out.event('[DONE]');
        out.end();
    },
};
const bearerLine = (key) => `Authorization: Bearer ${key}`;
const own = bearerLine(masterKey);
const body = (model, more = {}) => JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], ...more });
const chat = (model = 'good', more = {}) => request('POST /v1/chat/completions', [own], body(model, more));
const noCap = { max_connections_per_address: 0 };
let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await start(noCap);
});

function start(server) {
    const config = configFor(upstream.url, ['good', 'words']);
    config.general_settings.server = server;
    return Gateway.start(config);
}

after(async () => {
    await stop(gateway);
    await upstream.stop();
});

async function stop(which) {
    await which.stop();
    assert.doesNotMatch(which.output, /ASSERT|terminate called|Sanitizer|device not open/i);
}

async function assertGood(count = 1, where = gateway) {
    for (let done = 0; done < count; ++done) {
        const wire = await Wire.open(where.url);
        assert.equal((await wire.send(chat()).reply()).status, 200);
        wire.destroy();
    }
}

/** Waits until nothing is left of the connections of a test. */
const quiet = (where = gateway) => where.until(async () => await where.metric('deltallm_ledger_open_calls') === 0
    && await where.metric('deltallm_connections') === 1, 'no connection but the one that asks, and no open call');

const seeds = [
    chat(), chat('words', { stream: true }), request('GET /v1/models', [own]), request('GET /v1/models/good', [own]),
    request('POST /v1/embeddings', [own], JSON.stringify({ model: 'good', input: ['a', 'b'] })),
    request('POST /v1/chat/completions', ['api-key: sk-wrong-wrong-wrong-wrong'], body('good')),
    request('POST /key/info?key=x', [own, 'Expect: 100-continue'], '{}'), request('HEAD /metrics'),
    Buffer.from(`POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${own}\r\nTransfer-Encoding: chunked\r\n\r\n`
        + `${body('good').length.toString(16)}\r\n${body('good')}\r\n0\r\n\r\n`),
    Buffer.concat([request('GET /health'), chat(), request('GET /v1/models', [own, 'Connection: close'])]),
];
const tokens = ['\r\n', '\n', '\r', '\0', ' ', '\t', ':', '"', '{', '}', '[', ']', ',', '\\', '\\u0000', '\\ud800', '%',
    '%00',
    '/../', '?', '#', 'Content-Length: 5\r\n', 'Content-Length: 99999999999999999999\r\n',
        'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n', 'Expect: 100-continue\r\n', 'Upgrade: h2c\r\n', 'HTTP/1.0', 'HTTP/2.0', '0\r\n\r\n',
        'FFFFFFFF\r\n',
    '-1', '1e999', 'null', 'true', '"model":"good",', '\xff', '\xc0\xaf', '\xed\xa0\x80', '\u00e9', 'x'.repeat(9000)];

function mutate(random, bytes) {
    const at = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, at + random.below(40));
    const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
    switch (random.below(7)) {
    case 0: return Buffer.concat([head, tail]);
    case 1: return Buffer.concat([head, part, part, tail]);
    case 2: return Buffer.concat([head, random.bytes(1 + random.below(8)), tail]);
    case 3: return random.next() < 0.3 ? head : bytes;
    case 4: return Buffer.concat([head, random.pick(seeds)]);
    default: return Buffer.concat([head, Buffer.from(random.pick(tokens), 'latin1'), part, tail]);
    }
}

test(`takes ${mutants} mutated requests, answers what can be answered, and closes every connection`, async () => {
    const random = new Random('mutants');
    const cases = Array.from({ length: mutants }, () => {
        let bytes = random.pick(seeds);
        for (let count = 1 + random.below(5); count > 0; --count) bytes = mutate(random, bytes);
        return { bytes, cut: random.below(bytes.length + 1),
            leaves: random.pick(['never', 'half', 'at once', 'never']) };
    });
    const statuses = new Map();
    const hasty = await start({ ...noCap, head_timeout: '2s', body_timeout: '2s', idle_timeout: '1s' });
    await inParallel(cases, 250, async ({ bytes, cut, leaves }) => {
        const wire = await Wire.open(hasty.url);
        wire.send(bytes.subarray(0, cut));
        setImmediate(() => {
            if (leaves === 'at once') wire.destroy();
            else wire.send(bytes.subarray(cut));
            if (leaves === 'half') wire.end();
        });
        const answer = await wire.ended().catch((error) => {
            throw new Error(`${error.message}: ${JSON.stringify({ sent: bytes.toString('latin1'), cut, leaves })}`);
        });
        wire.destroy();
        for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) statuses.set(status,
            (statuses.get(status) ?? 0) + 1);
    });
    console.log(`answers: ${[...statuses].sort().map(([status, count]) => `${status}: ${count}`).join(', ')}`);
    const known = new Set(['100', '200', '400', '401', '404', '405', '408', '413', '414', '417', '431', '501', '505']);
    assert.deepEqual([...statuses.keys()].filter((status) => !known.has(status)), []);
    for (const status of ['200', '400', '401', '404', '408']) assert.ok(statuses.has(status),
        `no ${status} among the answers`);
    assert.equal(hasty.process.exitCode, null);
    await assertGood(1, hasty);
    await quiet(hasty);
    await stop(hasty);
});

test(`answers good requests while ${strangers} connections stop within their heads`, async () => {
    const patient = await start({ ...noCap, head_timeout: '5m' });
    await assertGood(1, patient);
    const files = await openFiles(patient.process.pid);
    const memory = await residentBytes(patient.process.pid);
    const held = [];
    await inParallel(Array.from({ length: strangers }), 50, async () => {
        held.push((await Wire.open(patient.url)).send(`POST /v1 HTTP/1.1\r\nHost: x\r\nX-Slow: ${'y'.repeat(500)}`));
    });
    await patient.until(async () => await patient.metric('deltallm_connections') >= strangers, 'all of them');
    await assertGood(100, patient);
    await assertGrowth(patient.process.pid, memory, 48 * megabyte, `for ${strangers} strangers`);
    assert.ok(held.every((wire) => !wire.hasEnded), 'they were there all the time');
    for (const wire of held) wire.destroy();
    await patient.until(async () => await openFiles(patient.process.pid) <= files + 8,
        'all descriptors are given back');
    await stop(patient);
});

test(`does not grow by ${wrongKeys} wrong keys, and serves known ones between them`, async () => {
    const { key } = await gateway.key();
    const random = new Random('keys');
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];
    const batch = 50;
    const guess = async (wire) => {
        const keys = Array.from({ length: batch },
            () => `sk-${Array.from({ length: 32 }, () => random.pick(alphabet)).join('')}`);
        wire.send(Buffer.concat(keys.map((wrong) => request('GET /v1/models', [bearerLine(wrong)]))));
        for (let count = 0; count < batch; ++count) assert.equal((await wire.reply()).status, 401);
        assert.equal((await wire.send(request('GET /v1/models', [bearerLine(key)])).reply()).status, 200);
    };
    const guessAll = (count) => inParallel(Array.from({ length: count / batch }), 16, async () => {
        const wire = await Wire.open(gateway.url);
        await guess(wire);
        wire.destroy();
    });
    await guessAll(2000); // What it takes for buffers and pages is taken by now.
    const memory = await residentBytes(gateway.process.pid);
    await guessAll(wrongKeys);
    await assertGrowth(gateway.process.pid, memory, 6 * megabyte, `for ${wrongKeys} wrong keys`);
    assert.equal((await gateway.spend(0)).filter((entry) => entry.http_status_code === 401).length, 0);
    await quiet();
});

test('does not grow by a client that sends requests and reads no answers', async () => {
    const memory = await residentBytes(gateway.process.pid);
    const wire = await Wire.open(gateway.url);
    wire.socket.pause();
    const flood = Buffer.concat(Array.from({ length: 500 }, () => request('GET /metrics')));
    for (let count = 0; count < 200 && wire.socket.writableLength < 32 * megabyte; ++count) wire.send(flood);
    await assertGood(50);
    await assertGrowth(gateway.process.pid, memory, 24 * megabyte, 'for a client that does not read');
    wire.destroy();
    await quiet();
});
