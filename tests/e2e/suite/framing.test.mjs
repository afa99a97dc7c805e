// What is not HTTP/1.1 by the letter: refused with the reason, closed, and nothing of it is executed. Where two parsers
// could see two requests, a proxy in front of the gateway would let a stranger's request through.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertError } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';
import { refusal, request, Wire } from '../lib/wire.mjs';

const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
};
const body = JSON.stringify({ model: 'good', messages: [{ role: 'user', content: 'smuggled' }] });
const path = '/v1/chat/completions';
const key = `Authorization: Bearer ${masterKey}`;
const hidden = request(`POST ${path}`, [key], body).toString(); // Would reach the provider if it were executed.
let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, ['good']);
    config.general_settings.server = { max_body_bytes: '64KiB' };
    gateway = await Gateway.start(config);
});

after(async () => {
    const wire = (await Wire.open(gateway.url)).send(request(`POST ${path}`, [key],
        body.replace('smuggled', 'honest')));
    const answer = await wire.reply();
    wire.destroy();
    await gateway.stop();
    await upstream.stop();
    assert.equal(answer.status, 200, 'the gateway is as good as before');
    assert.deepEqual(upstream.requests.map((one) => one.body.messages[0].content), ['honest']);
});

/** Writes a chat request with these header lines and this text behind them. */
const chat = (lines, rest) => [`POST ${path} HTTP/1.1`, 'Host: x', key, ...lines, '', rest].join('\r\n');
const get = (...lines) => [...lines, '', ''].join('\r\n');
const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const bad = (message) => ({ status: 400, type: 'invalid_request_error', code: 'malformed_request', message });
const tooLarge = (status, code) => ({ ...bad(/than this gateway takes/), status, code });
const headTooLarge = tooLarge(431, 'headers_too_large');
const bodyTooLarge = tooLarge(413, 'content_too_large');

const probes = [
    ['Content-Length before Transfer-Encoding',
        chat([`Content-Length: 6`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`),
        bad(/'chunked'.*Content-Length/)],
    ['Transfer-Encoding before Content-Length',
        chat(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5\r\nhello\r\n0\r\n\r\n${hidden}`),
        bad(/Content-Length/)],
    ['two Content-Lengths that differ', chat([`Content-Length: ${body.length}`, 'Content-Length: 3'], body + hidden),
        bad(/Content-Length/)],
    ['two Content-Lengths that agree', chat([`Content-Length: ${body.length}`, `Content-Length: ${body.length}`], body),
        bad(/Content-Length/)],
    ['a list of Content-Lengths', chat([`Content-Length: ${body.length}, ${body.length}`], body),
        bad(/Content-Length/)],
    ['a signed Content-Length', chat([`Content-Length: +${body.length}`], body), bad(/Content-Length/)],
    ['a negative Content-Length', chat(['Content-Length: -1'], body), bad(/Content-Length/)],
    ['a Content-Length of 2^63', chat(['Content-Length: 9223372036854775808'], body), bad(/Content-Length/)],
    ['a hexadecimal Content-Length', chat(['Content-Length: 0x9'], body), bad(/Content-Length/)],
    ['an empty Content-Length', chat(['Content-Length: '], body), bad(/Content-Length/)],
    ['an unknown Transfer-Encoding', chat(['Transfer-Encoding: xchunked'], chunked), bad(/'chunked'/)],
    ['a Transfer-Encoding of two', chat(['Transfer-Encoding: gzip, chunked'], chunked), bad(/'chunked'/)],
    ['a Transfer-Encoding that does not end in chunked', chat(['Transfer-Encoding: chunked, gzip'], chunked),
        bad(/'chunked'/)],
    ['Transfer-Encoding twice', chat(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], chunked),
        bad(/'chunked'/)],
    ['a blank before the colon', chat(['Transfer-Encoding : chunked'], chunked), bad(/character/)],
    ['a tab before the colon', chat([`Content-Length\t: ${body.length}`], body), bad(/character/)],
    ['a folded header', get('GET /v1/models HTTP/1.1', 'Host: x', 'X-A: a', ` ${key}`), bad(/./)],
    ['lines that end with LF alone',
        `POST ${path} HTTP/1.1\nHost: x\n${key}\nContent-Length: ${body.length}\n\n${body}`, bad(/CR LF/)],
    ['a CR within a header', get('GET /v1/models HTTP/1.1', 'Host: x', `X: a\r${key}`), bad(/./)],
    ['a NUL within a header', get('GET /v1/models HTTP/1.1', 'Host: x', 'X: a\0b'), bad(/character/)],
    ['no Host', get('GET /v1/models HTTP/1.1', key), bad(/Host header is missing/)],
    ['two Hosts', get('GET /v1/models HTTP/1.1', 'Host: a', 'Host: b'), bad(/more than one Host/)],
    ['a Host with a path', get('GET /v1/models HTTP/1.1', 'Host: localhost/admin?#@evil'), bad(/Host/)],
    ['a Host with a user', get('GET /v1/models HTTP/1.1', 'Host: user@evil'), bad(/Host/)],
    ['a URL of another host', get('GET http://evil/v1/models HTTP/1.1', 'Host: x', key), bad(/Host header's host/)],
    ['a target that is no path', get('GET v1/models HTTP/1.1', 'Host: x', key), bad(/./)],
    ['a target with a blank', get('GET /v1/models /x HTTP/1.1', 'Host: x', key), bad(/./)],
    ['a target with a fragment', get('GET /v1/models#x HTTP/1.1', 'Host: x', key), bad(/percent-encoded/)],
    ['a target with a byte that is no ASCII', get('GET /v1/models/\xe9 HTTP/1.1', 'Host: x', key), bad(/./)],
    ['a request line with tabs', get('GET\t/v1/models\tHTTP/1.1', 'Host: x', key), bad(/./)],
    ['a request line without a version', 'GET /v1/models\r\nHost: x\r\n\r\n', bad(/HTTP\/1\.1/)],
    ['a line before the request', `\r\n${hidden}`, bad(/empty line/)],
    ['a header without a name', get('GET /v1/models HTTP/1.1', 'Host: x', ': x'), bad(/./)],
    ['a header without a colon', get('GET /v1/models HTTP/1.1', 'Host: x', 'nothing'), bad(/./)],
    ['a name with a blank', get('GET /v1/models HTTP/1.1', 'Host: x', 'X Y: z'), bad(/character/)],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.repeat(20), bad(/not HTTP/)],
    ['the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', bad(/HTTP\/2/)],
    ['a chunk of 256 MiB', chat(['Transfer-Encoding: chunked'], `FFFFFFF\r\n${body}`), bodyTooLarge],
    ['a chunk of 2^64 - 1', chat(['Transfer-Encoding: chunked'], `FFFFFFFFFFFFFFFF\r\n${body}`), bad(/chunk/)],
    ['a chunk beyond any number', chat(['Transfer-Encoding: chunked'], `10000000000000000\r\n${body}`), bad(/chunk/)],
    ['a negative chunk', chat(['Transfer-Encoding: chunked'], `-1\r\nabc\r\n0\r\n\r\n${hidden}`), bad(/chunk/)],
    ['a chunk with 0x', chat(['Transfer-Encoding: chunked'], `0x3\r\nabc\r\n0\r\n\r\n${hidden}`), bad(/./)],
    ['a chunk that is longer than its size', chat(['Transfer-Encoding: chunked'], `3\r\nabcdef\r\n0\r\n\r\n${hidden}`),
        bad(/./)],
    ['a chunk that ends with LF', chat(['Transfer-Encoding: chunked'], `3\nabc\n0\n\n${hidden}`), bad(/./)],
    ['chunk extensions without end', chat(['Transfer-Encoding: chunked'], `3;${'x'.repeat(8192)}\r\nabc\r\n0\r\n\r\n`),
        bad(/extensions/)],
    ['Transfer-Encoding in HTTP/1.0', chat(['Transfer-Encoding: chunked'], chunked).replace('HTTP/1.1', 'HTTP/1.0'),
        bad(/HTTP\/1\.0/)],
    ['another version', get('GET /v1/models HTTP/9.9', 'Host: x', key),
        { ...bad(/HTTP\/1\.1/), status: 505, code: 'http_version_not_supported' }],
];
for (const [name, bytes, expected] of probes) {
    test(`refuses and closes: ${name}`, async () => {
        const answer = await refusal(gateway.url, bytes);
        assertError(answer, expected);
        assert.equal(answer.headers.connection, 'close');
        assert.equal(answer.rest, '', 'what follows is not answered');
    });
}

const headers = (count) => Array.from({ length: count }, (_, at) => `X${at}: y`);
const kib = (count) => 'a'.repeat(count * 1024);
const limits = [
    ['a URL of 1 MiB', get(`GET /v1/models?${kib(1024)} HTTP/1.1`, 'Host: x'), tooLarge(414, 'uri_too_long')],
    ['a URL of 9 KiB', get(`GET /v1/models?${kib(9)} HTTP/1.1`, 'Host: x'), tooLarge(414, 'uri_too_long')],
    ['a header of 1 MiB', get('GET /v1/models HTTP/1.1', 'Host: x', `X: ${kib(1024)}`), headTooLarge],
    ['a header of 33 KiB', get('GET /v1/models HTTP/1.1', 'Host: x', `X: ${kib(33)}`), headTooLarge],
    ['10,000 headers', get('GET /v1/models HTTP/1.1', 'Host: x', ...headers(10_000)), headTooLarge],
    ['101 headers', get('GET /v1/models HTTP/1.1', 'Host: x', ...headers(100)), headTooLarge],
    ['a trailer of 1 MiB', chat(['Transfer-Encoding: chunked'], `0\r\nX: ${kib(1024)}\r\n\r\n`), headTooLarge],
    ['a body that says it is too large', chat([`Content-Length: ${64 * 1024 + 1}`], ''), bodyTooLarge],
    ['a body that says it is 10 GiB', chat([`Content-Length: ${10 * 1024 ** 3}`], body), bodyTooLarge],
    ['a body that becomes too large', chat(['Transfer-Encoding: chunked'], `1000\r\n${kib(4)}\r\n`.repeat(17)),
        bodyTooLarge],
    ['a large body for a route that does not exist',
        `POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n${kib(60)}`, bodyTooLarge],
];
for (const [name, bytes, expected] of limits) {
    test(`refuses what is too large: ${name}`, async () => {
        const answer = await refusal(gateway.url, bytes);
        assertError(answer, expected);
        assert.equal(answer.headers.connection, 'close');
    });
}

test('takes a head and a body that just fit', async () => {
    const wire = await Wire.open(gateway.url);
    wire.send(request('GET /v1/models', [key, `X: ${kib(31)}`]));
    assert.equal((await wire.reply()).status, 200);
    wire.send(request('GET /v1/models', [key, ...headers(98)]));
    assert.equal((await wire.reply()).status, 200);
    wire.send(request(`POST /v1/embeddings`, [key], JSON.stringify({ model: 'no', input: '' }).padEnd(64 * 1024)));
    assert.equal((await wire.reply()).status, 404);
    wire.destroy();
});

const paths = [
    ['GET', '/v1/../metrics'], ['GET', '/v1/..%2fmetrics'], ['GET', '//metrics'], ['GET', '/v1/models/'],
    ['GET', '/key/a%0d%0aSet-Cookie:%20x=1'], ['GET', '/V1/models'], ['GET', '/v1/models%00'], ['GET', '/'],
    ['POST', '/v1/chat/completions/'], ['GET', '/.env'], ['GET', '/ui/../../etc/passwd'],
];
for (const [method, target] of paths) {
    test(`takes no path for another one: ${method} ${target}`, async () => {
        const wire = (await Wire.open(gateway.url)).send(request(`${method} ${target}`, [key]));
        const answer = await wire.reply();
        wire.destroy();
        assert.deepEqual(Object.keys(answer.headers).filter((name) => name === 'set-cookie'), []);
        assertError(answer, { status: 404, type: 'invalid_request_error',
            param: answer.body.includes('"param":"model"') ? 'model' : null,
            code: target === '/v1/models/' ? JSON.parse(answer.body).error.code : 'route_not_found' });
    });
}
