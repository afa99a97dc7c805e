// Rate limits of keys, as the official client meets them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { configFor, Gateway } from '../lib/gateway.mjs';
import { inParallel } from '../lib/process.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

let running = 0;
let most = 0;
const scripts = {
    'up-chat': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10)))),
    'up-slow': ({ response, charge }) => {
        most = Math.max(most, ++running);
        setTimeout(() => {
            --running;
            json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));
        }, 30);
    },
};

let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await Gateway.start(configFor(upstream.url, ['chat', 'slow']));
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

const clientOf = (key, maxRetries = 0) => new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries });
const ask = (client, options = {}) => client.chat.completions.create(
    { model: 'chat', messages: [{ role: 'user', content: 'Hi' }], ...options });

test('a key makes as many requests a minute as it may, from however many connections', async () => {
    const { key } = await gateway.key({ rpm_limit: 25 });
    const client = clientOf(key);
    let answered = 0;
    await inParallel(Array.from({ length: 200 }), 50, async () => {
        try {
            await ask(client);
            ++answered;
        } catch (error) {
            assert.equal(error.status, 429);
            assert.equal(error.code, 'rate_limit_exceeded');
            assert.match(error.message, /25 requests per minute/);
            const wait = Number(error.headers.get('retry-after'));
            assert.ok(wait > 0 && wait <= 61, `${wait}`);
        }
    });
    assert.equal(answered, 25);
});

test('token limits are told with every answer', async () => {
    const { key } = await gateway.key({ tpm_limit: 1000, rpd_limit: 100 });
    const { response } = await ask(clientOf(key)).withResponse();
    assert.equal(response.headers.get('x-ratelimit-limit-tokens'), '1000');
    assert.equal(response.headers.get('x-ratelimit-limit-requests'), '100');
    assert.equal(response.headers.get('x-ratelimit-remaining-requests'), '99');
    assert.match(response.headers.get('x-ratelimit-reset-requests'), /^24h\d+m\d+s$/);
    const again = await ask(clientOf(key)).withResponse();
    assert.ok(Number(again.response.headers.get('x-ratelimit-remaining-tokens')) <= 1000 - 30);
});

test('no more calls are under way than the key may have, and the client waits its turn', async () => {
    const { key } = await gateway.key({ max_parallel_requests: 3 });
    most = 0;
    let refused = 0;
    await inParallel(Array.from({ length: 60 }), 20, async () => {
        await ask(clientOf(key), { model: 'slow' }).catch((error) => {
            assert.match(error.message, /3 requests at once/);
            ++refused;
        });
    });
    assert.ok(most <= 3, `${most} at once`);
    assert.ok(refused > 0);
    await ask(clientOf(key, 5), { model: 'slow' });
});

test('the command line sets limits too', async () => {
    const { code, output } = await gateway.run('keys', 'create', '--rpm', '1', '--json');
    assert.equal(code, 0, output);
    const { key, rpm_limit: limit } = JSON.parse(output);
    assert.equal(limit, 1);
    await gateway.until(() => ask(clientOf(key)).then(() => true, (error) => error.status !== 401), 'the key is known');
    await assert.rejects(ask(clientOf(key)), { code: 'rate_limit_exceeded' });
});
