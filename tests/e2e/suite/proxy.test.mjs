// Calls through a forward proxy, as networks without a way out of their own have one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-whole': ({ response, charge }) => json(response, 200, completion({ content: 'done' }, charge(usageOf(10, 5)))),
    'up-stream': ({ response, charge }) => {
        const out = stream(response);
        out.event(chunk({ content: 'word' }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(7, 3)) });
        out.event('[DONE]');
        out.end();
    },
};

/** A proxy that notes what it is asked for and passes it on (RFC 9112 §3.2.2). */
class Proxy {
    seen = [];
    server = http.createServer((request, response) => {
        this.seen.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
        const { method, headers } = request;
        request.pipe(http.request(request.url, { method, headers }, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        }).on('error', () => response.writeHead(502).end()));
    });

    async start() {
        this.server.listen(0, '127.0.0.1');
        await once(this.server, 'listening');
        this.port = this.server.address().port;
    }

    stop() {
        this.server.closeAllConnections();
        this.server.close();
    }
}

let upstream;
let gateway;
const proxy = new Proxy();

before(async () => {
    upstream = await Upstream.start(scripts);
    await proxy.start();
    const config = configFor(upstream.url, ['whole', 'stream']);
    config.general_settings.upstream_http_proxy = `http://user:secret-of-proxy@127.0.0.1:${proxy.port}`;
    gateway = await Gateway.start(config);
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
    proxy.stop();
});

function call(body) {
    return fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST', headers: { authorization: `Bearer ${masterKey}` },
        body: JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], ...body }) });
}

test('asks providers through the configured proxy and charges for what came', async () => {
    const whole = await (await call({ model: 'whole' })).json();
    assert.equal(whole.choices[0].message.content, 'done');
    const streamed = await (await call({ model: 'stream', stream: true })).text();
    assert.ok(streamed.includes('word') && streamed.endsWith('data: [DONE]\n\n'));
    assert.deepEqual(proxy.seen.map(({ target }) => target), Array(2).fill(`${upstream.url}/v1/chat/completions`));
    assert.ok(proxy.seen.every(({ authorization }) => authorization?.startsWith('Basic ')));
    assert.equal(nanos(await gateway.spend(2)), upstream.charged);
});

test('names the unreachable provider when the proxy is gone, and never its password', async () => {
    proxy.stop();
    const response = await call({ model: 'whole' });
    assert.equal(response.status, 502);
    const { error } = await response.json();
    assert.equal(error.code, 'upstream_unreachable');
    assert.ok(!JSON.stringify(error).includes('secret-of-proxy') && !gateway.output.includes('secret-of-proxy'));
});
