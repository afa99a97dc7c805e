// HTTP as clients and proxies speak it: methods, versions, connections, request ids, paths, CORS.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';
import { refusal, request, Wire } from '../lib/wire.mjs';

const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-words': ({ response, charge }) => {
        const out = stream(response);
        for (const content of ['one', ' two', ' three']) out.event(chunk({ content }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 3)) });
        out.event('[DONE]');
        out.end();
    },
};
const key = `Authorization: Bearer ${masterKey}`;
const chatBody = (model, more = {}) => JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], ...more });
const chat = (model, more) => request('POST /v1/chat/completions', [key], chatBody(model, more));
let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, ['good', 'words']);
    config.model_list.push({ ...config.model_list[0], model_name: 'org/good' });
    gateway = await Gateway.start(config);
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

/** Opens a connection for the time of a test. */
async function using(work) {
    const wire = await Wire.open(gateway.url);
    try {
        await work(wire);
    } finally {
        wire.destroy();
    }
}

const getPaths = ['/v1/models', '/v1/models/good', '/health', '/health/liveliness', '/health/readiness', '/metrics'];
for (const path of getPaths) {
    test(`answers HEAD ${path} as GET without the body, and keeps the connection`, () => using(async (wire) => {
        const got = await wire.send(request(`GET ${path}`, [key])).reply();
        const head = await wire.send(request(`HEAD ${path}`, [key])).reply({ isHead: true });
        assert.equal(head.status, got.status);
        assert.equal(head.headers['content-type'], got.headers['content-type']);
        if (path !== '/metrics') assert.equal(head.headers['content-length'], got.headers['content-length']);
        assert.equal((await wire.send(request('GET /health/liveliness')).reply()).status, 200);
    }));
}

test('answers HEAD of what does not exist without a body', () => using(async (wire) => {
    assert.equal((await wire.send(request('HEAD /nowhere')).reply({ isHead: true })).status, 404);
    assert.equal((await wire.send(request('HEAD /v1/models')).reply({ isHead: true })).status, 401);
    assert.equal((await wire.send(request('GET /health/liveliness')).reply()).status, 200);
}));

test('answers HTTP/1.0, without a Host and with one, and closes', async () => {
    for (const lines of [[], ['Host: x'], ['Host: x', 'Connection: keep-alive']]) {
        const bytes = ['GET /v1/models HTTP/1.0', key, ...lines, '', ''].join('\r\n');
        const answer = await refusal(gateway.url, bytes);
        assert.equal(answer.status, 200);
        assert.equal(JSON.parse(answer.body).object, 'list');
        assert.equal(answer.headers.connection, 'close');
        assert.equal(answer.headers['transfer-encoding'], undefined);
    }
});

test('streams to HTTP/1.0 without chunks, up to the end of the connection', async () => {
    const answer = await refusal(gateway.url,
        chat('words', { stream: true }).toString().replace('HTTP/1.1', 'HTTP/1.0'));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['transfer-encoding'], undefined);
    assert.ok(answer.body.startsWith('data: {') && answer.body.endsWith('data: [DONE]\n\n'), answer.body);
});

const methods = [
    ['GET', '/v1/chat/completions', 'POST'], ['PUT', '/v1/embeddings', 'POST'], ['DELETE', '/v1/models', 'GET, HEAD'],
    ['PATCH', '/v1/models/good', 'GET, HEAD'], ['POST', '/health', 'GET, HEAD'], ['POST', '/metrics', 'GET, HEAD'],
    ['GET', '/key/generate', 'POST'], ['POST', '/spend/logs', 'GET, HEAD'], ['OPTIONS', '/v1/completions', 'POST'],
];
for (const [method, path, allowed] of methods) {
    test(`says which methods there are instead of ${method} ${path}`, async () => {
        const reply = await ask(gateway.url + path, { method, headers: bearer(masterKey) });
        assertError(reply, { status: 405, type: 'invalid_request_error', code: 'method_not_allowed',
            message: new RegExp(path) });
        assert.equal(reply.headers.allow, allowed);
    });
}

for (const [method, target] of [['TRACE', '/v1/models'], ['CONNECT', 'x:443'], ['PROPFIND', '/'], ['BREW', '/pot']]) {
    test(`knows no ${method}, and gives no header back`, async () => {
        const answer = await refusal(gateway.url, request(`${method} ${target}`, [key]));
        assertError(answer, { status: 501, type: 'invalid_request_error', code: 'not_implemented',
            message: /takes the methods GET/ });
        assert.equal(answer.headers.connection, 'close');
        assert.ok(!answer.body.includes(masterKey));
    });
}

test('lets the client send its body after 100 Continue', () => using(async (wire) => {
    const [head, body] = request('POST /v1/chat/completions', [key, 'Expect: 100-continue'],
        chatBody('good')).toString().split('\r\n\r\n');
    assert.equal((await wire.send(`${head}\r\n\r\n`).reply()).status, 100);
    assert.equal((await wire.send(body).reply()).status, 200);
}));

test('refuses a large body before it is sent', async () => {
    const answer = await refusal(gateway.url,
        request('POST /v1/chat/completions', [key, 'Expect: 100-continue', 'Content-Length: 99999999']));
    assertError(answer, { status: 413, type: 'invalid_request_error', code: 'content_too_large' });
});

test('refuses an expectation that it cannot meet', async () => {
    const answer = await refusal(gateway.url, request('GET /v1/models', [key, 'Expect: a-miracle']));
    assertError(answer, { status: 417, type: 'invalid_request_error', code: 'expectation_failed' });
});

test('refuses another protocol but goes on where h2c is only offered', async () => {
    const answer = await refusal(gateway.url,
        request('GET /v1/models', [key, 'Connection: Upgrade', 'Upgrade: websocket']));
    assertError(answer, { status: 501, type: 'invalid_request_error', code: 'not_implemented' });
    await using(async (wire) => {
        wire.send(request('GET /v1/models',
            [key, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']));
        assert.equal((await wire.reply()).status, 200);
    });
});

test('answers pipelined requests in their order', () => using(async (wire) => {
    const asked = upstream.requests.length;
    const names = ['good', 'nowhere', 'words', 'good', 'nowhere'];
    wire.send(Buffer.concat(names.map((name) => chat(name, { stream: name === 'words' }))));
    for (const name of names) {
        const answer = await wire.reply();
        assert.equal(answer.status, name === 'nowhere' ? 404 : 200);
        if (name === 'words') assert.ok(answer.body.endsWith('data: [DONE]\n\n'));
    }
    assert.equal(upstream.requests.length, asked + 3);
}));

test('reads a request that comes byte by byte', () => using(async (wire) => {
    for (const byte of chat('good')) wire.send(Buffer.from([byte]));
    assert.equal((await wire.reply()).status, 200);
}));

test('reads a body in chunks, with extensions and trailers', () => using(async (wire) => {
    const text = chatBody('good');
    const pieces = [text.slice(0, 1), text.slice(1, 20), text.slice(20)];
    const chunks = pieces.map((piece) => `${piece.length.toString(16)};note="x;y"\r\n${piece}\r\n`).join('');
    const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n${key}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    assert.equal((await wire.send(`${head}${chunks}0\r\nX-Checksum: 1\r\n\r\n`).reply()).status, 200);
    assert.equal(upstream.requests.at(-1).bytes.toString(), text.replace('good', 'up-good'));
    assert.equal((await wire.send(chat('good')).reply()).status, 200);
}));

test('serves many requests on a connection and closes when it is asked to', () => using(async (wire) => {
    for (let count = 0; count < 50; ++count) assert.equal((await wire.send(chat('good')).reply()).status, 200);
    const last = await wire.send(request('GET /v1/models', [key, 'Connection: close'])).reply();
    assert.equal(last.headers.connection, 'close');
    assert.equal(await wire.ended(), '');
}));

const ids = [
    ['a plain one', 'abc-123_x.y:z', 'abc-123_x.y:z'], ['one of 128 bytes', 'i'.repeat(128), 'i'.repeat(128)],
    ['one that is too long', 'i'.repeat(129), null], ['one with blanks', 'a b', null],
        ['one with quotes', '"><b>', null],
    ['one with bytes that are no ASCII', '\xe9\xe8', null], ['an empty one', '', null],
        ['one for a shell', '$(reboot)', null],
];
for (const [name, id, kept] of ids) {
    test(`keeps the client's request id if it can be shown safely: ${name}`, () => using(async (wire) => {
        const bytes = chat('good').toString('latin1').replace(key, `${key}\r\nX-Request-Id: ${id}`);
        const answer = await wire.send(bytes).reply();
        const own = answer.headers['x-request-id'];
        assert.match(own, /^req_[0-9A-Za-z]{24}$/, 'the answer has an id of ours');
        let entry;
        await gateway.until(async () => {
            entry = (await gateway.spend(1)).find((one) => one.request_id === own);
            return entry;
        }, 'the entry');
        assert.equal(entry.client_request_id ?? null, kept);
    }));
}

test('gives every answer an id of its own', async () => {
    const paths = ['/health', '/metrics', '/nowhere', '/v1/models'];
    const replies = await Promise.all(paths.map((path) => ask(gateway.url + path, { method: 'GET' })));
    assert.equal(new Set(replies.map((reply) => reply.headers['x-request-id'])).size, paths.length);
});

test('serves the data plane with and without /v1', async () => {
    const calls = [['POST', '/chat/completions', { stream: false }], ['GET', '/models'], ['GET', '/models/good']];
    for (const [method, path, more] of calls) {
        for (const prefix of ['/v1', '']) {
            const body = more && chatBody('good', more);
            assert.equal((await ask(gateway.url + prefix + path, { method, headers: bearer(masterKey), body })).status,
                200);
        }
    }
});

test('shows a model with a slash in its name, written plainly or escaped', async () => {
    for (const name of ['org/good', 'org%2Fgood', 'org%2fgood']) {
        const reply = await ask(`${gateway.url}/v1/models/${name}`, { method: 'GET', headers: bearer(masterKey) });
        assert.equal(JSON.parse(reply.body).id, 'org/good');
    }
});

test('says nothing of other origins unless it is configured', async () => {
    const origin = 'https://app.example.com';
    const reply = await ask(`${gateway.url}/v1/models`, { method: 'GET', headers: { ...bearer(masterKey), origin } });
    assert.deepEqual(Object.keys(reply.headers).filter((name) => name.startsWith('access-control')), []);
    const headers = { origin, 'access-control-request-method': 'POST' };
    assert.equal((await ask(`${gateway.url}/v1/models`, { method: 'OPTIONS', headers })).status, 405);
});
