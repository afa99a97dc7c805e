// Clients that are slow, too many, or gone: with short limits, so that nothing waits for long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';
import { request, Wire } from '../lib/wire.mjs';

const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-flood': ({ record, response }) => { // As fast as it is taken, for as long as it is.
        const out = stream(response);
        const content = 'flood '.repeat(2000);
        record.sentBytes = 0;
        const pump = () => {
            while (!response.destroyed && !response.writableNeedDrain) {
                out.event(chunk({ content }));
                record.sentBytes += content.length;
            }
        };
        response.on('drain', pump);
        pump();
    },
};
const origin = 'https://app.example.com';
const server = {
    worker_threads: 2,
    head_timeout: '2s', body_timeout: '2s', min_body_rate: '1KiB', idle_timeout: '2s', write_timeout: '2s',
    max_connections: 40, max_connections_per_address: 6, max_requests_per_connection: 5, cors_allow_origin: origin,
};
const key = `Authorization: Bearer ${masterKey}`;
const body = JSON.stringify({ model: 'good', messages: [{ role: 'user', content: 'Hi' }] });
const slow = { status: 408, type: 'timeout_error', code: 'request_timeout' };
const full = { status: 503, type: 'service_unavailable', code: 'overloaded', message: /as many connections/ };
let upstream;
let gateway;
let addresses = 1;

before(async () => {
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, ['good', 'flood']);
    config.general_settings.server = server;
    gateway = await Gateway.start(config);
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

/** Connects from an address that nothing else in this suite connects from. */
const fromNewAddress = () => ({ localAddress: `127.0.7.${++addresses}` });
const open = (options = fromNewAddress()) => Wire.open(gateway.url, options);

/** Sends one byte every 20 ms until the other side has had enough. */
async function drip(wire, text) {
    for (const character of text) {
        if (wire.hasEnded || wire.input.length > 0) return;
        wire.send(character);
        await sleep(20);
    }
}

const slowClients = [
    ['stops within its request line', (wire) => wire.send('POST /v1/cha'), /request line and headers/],
    ['stops within its headers', (wire) => wire.send(`POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${key}\r\n`),
        /request line and headers/],
    ['sends its head byte by byte', (wire) => drip(wire, `GET /v1/models HTTP/1.1\r\nX: ${'slow'.repeat(500)}`),
        /request line and headers/],
    ['sends no body', (wire) => wire.send(request('POST /v1/chat/completions', [key, 'Content-Length: 100'])), /body/],
    ['stops within its body', (wire) => wire.send(request('POST /v1/chat/completions', [key,
        'Content-Length: 100'])).send('{"mod'), /body/],
    ['stops within a chunk', (wire) => wire.send(request('POST /v1/chat/completions',
        [key, 'Transfer-Encoding: chunked'])).send('10\r\n{"mo'), /body/],
    ['sends its body at 50 bytes a second', (wire) => {
        wire.send(request('POST /v1/chat/completions', [key, 'Content-Length: 5000']));
        return drip(wire, ' '.repeat(4000));
    }, /body/],
    ['promises to wait and sends nothing',
        (wire) => wire.send(request('POST /v1/chat/completions', [key, 'Expect: 100-continue', 'Content-Length: 9'])),
        /body/],
];
describe('a slow client', { concurrency: true }, () => {
    for (const [name, act, message] of slowClients) {
        test(`is answered 408 and closed when it ${name}`, async () => {
            const wire = await open();
            const acting = act(wire);
            let answer = await wire.reply();
            if (answer.status === 100) answer = await wire.reply();
            await acting;
            assertError(answer, { ...slow, message });
            assert.equal(answer.headers.connection, 'close');
            assert.equal(await wire.ended(), '');
            wire.destroy();
        });
    }
});

test('closes in silence what is idle, before the first request and after one', async () => {
    const fresh = await open();
    assert.equal(await fresh.ended(), '');
    const used = await open();
    assert.equal((await used.send(request('GET /v1/models', [key])).reply()).status, 200);
    assert.equal(await used.ended(), '');
});

test('closes a connection after its last allowed request, and says so', async () => {
    const wire = await open();
    for (let count = 1; count <= server.max_requests_per_connection; ++count) {
        const answer = await wire.send(request('GET /v1/models', [key])).reply();
        assert.equal(answer.headers.connection, count === server.max_requests_per_connection ? 'close' : undefined);
    }
    assert.equal(await wire.ended(), '');
});

test('turns away what is too much from one address, and nobody else', async () => {
    const address = fromNewAddress();
    const held = await Promise.all(Array.from({ length: server.max_connections_per_address + 1 }, () => open(address)));
    for (const wire of held) wire.send('GET /v1/models HTTP/1.1\r\n');
    await gateway.until(() => held.some((wire) => wire.input.length > 0), 'a word'); // Any of them may come last.
    const turnedAway = held.filter((wire) => wire.input.length > 0);
    assert.equal(turnedAway.length, 1);
    assertError(await turnedAway[0].reply(), full);
    const other = await open();
    assert.equal((await other.send(request('GET /v1/models', [key])).reply()).status, 200);
    for (const wire of held) wire.destroy();
    await gateway.until(async () => {
        const wire = await open(address);
        const answer = await wire.send(request('GET /v1/models', [key])).reply();
        wire.destroy();
        return answer.status === 200;
    }, 'a free place');
    other.destroy();
});

test('turns away what is too much in all, and serves again when there is room', async () => {
    const attempts = await Promise.all(Array.from({ length: server.max_connections + 5 }, () => open()));
    for (const wire of attempts) wire.send('GET /v1/models HTTP/1.1\r\nHost: x\r\n');
    const answers = await Promise.all(attempts.map((wire) => wire.ended())); // The others are slow, and end too.
    const turnedAway = answers.filter((answer) => answer.startsWith('HTTP/1.1 503 '));
    assert.ok(turnedAway.length > 0);
    assert.ok(turnedAway.every((answer) => answer.includes('"code":"overloaded"')), turnedAway[0]);
    for (const wire of attempts) wire.destroy();
    await gateway.until(async () => {
        const wire = await open();
        const again = await wire.send(request('GET /v1/models', [key])).reply();
        wire.destroy();
        return again.status === 200;
    }, 'room');
});

test('holds a provider back for a client that reads nothing, then cuts both and settles the call', async () => {
    const wire = await open();
    const flood = JSON.stringify({ model: 'flood', stream: true, user: 'reads-nothing',
        messages: [{ role: 'user', content: 'Hi' }] });
    wire.socket.pause();
    wire.send(request('POST /v1/chat/completions', [key], flood));
    await gateway.until(() => upstream.requests.some((one) => one.body.user === 'reads-nothing' && one.closed),
        'the cut');
    const record = upstream.requests.find((one) => one.body.user === 'reads-nothing');
    assert.ok(record.sentBytes < 32 * 1024 ** 2, `${record.sentBytes} bytes were taken for nobody`);
    await gateway.posted();
    const [entry] = (await gateway.spend(1)).filter((one) => one.end_user === 'reads-nothing');
    assert.equal(entry.error_code, 'client_closed');
    assert.ok(entry.completion_tokens > 0);
    wire.destroy();
});

test('lets the configured origin call from its pages', async () => {
    const headers = { origin, 'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, x-stainless-os' };
    const preflight = await ask(`${gateway.url}/v1/chat/completions`, { method: 'OPTIONS', headers });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], origin);
    assert.match(preflight.headers['access-control-allow-methods'], /POST/);
    assert.equal(preflight.headers['access-control-allow-headers'], 'authorization, x-stainless-os');
    for (const [given, status] of [[masterKey, 200], ['sk-wrong-wrong-wrong-wrong', 401]]) {
        const reply = await ask(`${gateway.url}/v1/chat/completions`, { headers: { ...bearer(given), origin }, body });
        assert.equal(reply.status, status);
        assert.equal(reply.headers['access-control-allow-origin'], origin);
    }
});
