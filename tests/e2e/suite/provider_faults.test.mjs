// Everything that a provider can do wrong, before its answer and within it, streamed and not. The client always hears
// of it in the form that its library understands, and pays for nothing but what it was given.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

/** Scripts of the provider: bytes in the place of an HTTP answer, an answer, and an error in the public form. */
const raw = (bytes) => ({ response }) => response.socket.end(bytes);
const answer = (status, body = '', headers = {}) => ({ response }) => response.writeHead(status, headers).end(body);
const problem = (status, message) => ({ response }) => json(response, status, { error: { message } });
const page = '<html><body>Bad Gateway</body></html>';
const whole = JSON.stringify(completion({ content: 'ok' }, usageOf(10, 5)));
const gzipped = gzipSync(whole);
const isJson = { 'content-type': 'application/json' };
const busy = { status: 429, type: 'rate_limit_error', code: 'upstream_rate_limited' };
const fails = { status: 502, type: 'upstream_error' };
const late = { status: 504, type: 'timeout_error', code: 'upstream_timeout' };
const failed = { ...fails, code: 'upstream_failed' };
const invalid = { ...fails, code: 'upstream_invalid_response' };
const truncated = { ...fails, code: 'upstream_truncated' };
const unreachable = { ...fails, code: 'upstream_unreachable' };

/** What goes wrong before the first event: name, script, expectation. */
const before200 = [
    ['closes without a word', ({ response }) => response.socket.destroy(), truncated],
    ['closes within its head', raw('HTTP/1.1 200 OK\r\nContent-Le'), truncated],
    ['says nothing', () => {}, late],
    ['sends a head and nothing else', ({ response }) => { response.writeHead(200); response.flushHeaders(); }, late],
    ['answers something that is not HTTP', raw('SSH-2.0-OpenSSH_10.0\r\n\r\n'), invalid],
    ['answers in HTTP/0.9', raw(page), invalid],
    ['sends two lengths', raw(`HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\n${whole}`), invalid],
    ['sends a head without end', raw(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`), invalid],
    ['redirects', (call) => answer(307, '', { location: `${other.url}/v1/chat/completions` })(call), invalid],
    ['fails with 500', problem(500, 'boom'), { ...failed, message: /boom/ }],
    ['fails with 503 and a page', answer(503, page), failed],
    ['fails with 529', problem(529, 'overloaded'), failed],
    ['fails with 500 and nothing', answer(500), failed],
    ['fails with 500 and 10 MB', answer(500, 'x'.repeat(10_000_000)), failed],
    ['refuses our key', problem(401, 'bad key sk-provider-secret-1234567890'), { ...fails, code: 'upstream_auth' }],
    ['refuses our account', problem(403, 'no access'), { ...fails, code: 'upstream_auth' }],
    ['is busy', problem(429, 'slow down'), busy],
    ['answers a page in a 200', answer(200, page, { 'content-type': 'text/html' }), invalid],
    ['answers nothing in a 200', answer(200, '', isJson), invalid],
    ['answers an error in a 200', problem(200, 'model crashed'), { ...failed, message: /model crashed/ }],
    ['answers half of its JSON', answer(200, whole.slice(0, 40), isJson), invalid],
    ['answers less than it says', raw(`HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${whole.slice(0, 40)}`),
        truncated],
    ['compresses what nobody asked it to', answer(200, gzipped, { ...isJson, 'content-encoding': 'gzip' }), invalid],
];

const { usage: none, ...first } = chunk({ role: 'assistant', content: 'begin' });
const endsWith = (bytes) => (out, response) => response.end(bytes);
const crashed = { ...failed, message: /model crashed/ };
/** What goes wrong after the first event: name, what the provider does then, expectation. */
const within200 = [
    ['is cut', (out, response) => setTimeout(() => response.destroy(), 30), { ...truncated, message: /closed|ended/ }],
    ['ends without a finish', (out) => out.end(), truncated],
    ['falls silent', () => {}, { ...late, message: /too long/ }],
    ['reports an error', endsWith('data: {"error":{"message":"model crashed"}}\n\n'), crashed],
    ['reports an error as an event', endsWith('event: error\ndata: {"error":{"message":"model crashed"}}\n\n'),
        crashed],
    ['sends no JSON', endsWith('data: <html>\n\n'), invalid],
    ['sends half of an event', endsWith('data: {"id":'), truncated],
    ['sends an event of 9 MB', endsWith(`data: {"x":"${'x'.repeat(9_000_000)}`), invalid],
];

const scripts = {};
before200.forEach(([, script], index) => { scripts[`up-b${index}`] = script; });
within200.forEach(([, script], index) => {
    scripts[`up-w${index}`] = ({ response }) => {
        const out = stream(response);
        out.event(first);
        setImmediate(() => script(out, response));
    };
});
scripts['up-good'] = ({ response, charge }) => json(response, 200, completion({ content: 'ok' },
    charge(usageOf(10, 5))));

let upstream;
let other; // Where a redirect points; nobody may follow it.
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    other = await Upstream.start({});
    const config = configFor(upstream.url, Object.keys(scripts).map((name) => name.slice(3)));
    const models = [...before200.map((row, index) => [`b${index}`, row]),
        ...within200.map((row, index) => [`w${index}`, row])];
    const hasty = new Set(models.filter(([, [, , { status }]]) => status === 504).map(([name]) => name));
    for (const { model_name: name, deltallm_params: params } of config.model_list) {
        params.timeout = params.stream_timeout = hasty.has(name) ? 1 : 60;
    }
    const closed = net.createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const nobody = `http://127.0.0.1:${closed.address().port}/v1`;
    await new Promise((resolve) => closed.close(resolve));
    const place = (name, api_base) => ({ ...config.model_list[0], model_name: name,
        deltallm_params: { ...config.model_list[0].deltallm_params, api_base } });
    config.model_list.push(place('refused', nobody), place('nameless', 'http://no-such-host.invalid/v1'),
        place('plain', upstream.url.replace('http:', 'https:')));
    gateway = await Gateway.start(config);
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
    await other.stop();
    assert.equal(other.requests.length, 0, 'no redirect was followed');
});

function call(model, isStream, user) {
    const body = { model, stream: isStream, user, messages: [{ role: 'user', content: 'Hi' }] };
    return ask(`${gateway.url}/v1/chat/completions`, { headers: bearer(masterKey), body });
}

/** What the calls of the tests were told, by their user. */
const told = new Map();

const places = [['nobody listens', 'refused', unreachable], ['the name does not exist', 'nameless', unreachable],
    ['the port speaks no TLS', 'plain', unreachable]];
const rows = [...before200.map(([name, , expected], index) => [`it ${name}`, `b${index}`, expected]), ...places];
describe('before an answer', { concurrency: 8 }, () => {
    for (const [name, model, expected] of rows) {
        for (const isStream of [false, true]) {
            const form = isStream ? 'streamed' : 'whole';
            test(`answers ${expected.status} ${expected.code} to a ${form} call when ${name}`, async () => {
                const reply = await call(model, isStream, `${model} ${form}`);
                assertError(reply, expected);
                told.set(`${model} ${form}`,
                    { id: reply.headers['x-request-id'], code: expected.code, isDelivered: false });
            });
        }
    }
});

describe('within an answer', { concurrency: 8 }, () => {
    within200.forEach(([name, , expected], index) => {
        test(`ends a stream with an error event when it ${name}`, async () => {
            const reply = await call(`w${index}`, true, `w${index}`);
            assert.equal(reply.status, 200);
            const events = reply.body.split('\n\n');
            assert.equal(events[0], `data: ${JSON.stringify(first)}`, 'what came before is delivered');
            assert.equal(events.length, 3, reply.body.slice(0, 2000));
            const [, body] = events[1].match(/^event: error\ndata: (.*)$/);
            assertError({ body, status: expected.status, headers: { ...reply.headers, ...isJson } }, expected);
            assert.equal(events[2], '', 'and nothing comes after it');
            told.set(`w${index}`, { id: reply.headers['x-request-id'], code: expected.code, isDelivered: true });
        });
    });
});

test('settles each of them once, and charges what was delivered and nothing else', async () => {
    await gateway.posted();
    const entries = await gateway.spend(told.size);
    assert.equal(entries.length, told.size);
    for (const entry of entries) {
        const { id, code, isDelivered } = told.get(entry.end_user);
        assert.equal(entry.request_id, id);
        assert.equal(entry.error_code, code);
        assert.equal(entry.completion_tokens > 0, isDelivered, JSON.stringify(entry));
        assert.equal(entry.spend > 0, isDelivered, JSON.stringify(entry));
    }
});

test('is as good as before after all that', async () => {
    assert.equal((await call('good', false, 'last')).status, 200);
    await gateway.posted();
    const entry = (await gateway.spend(told.size + 1)).find((one) => one.end_user === 'last');
    assert.equal(nanos([entry]), 20_000n);
});
