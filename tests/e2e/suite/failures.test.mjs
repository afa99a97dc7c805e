import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

let flaky = 0;
const scripts = {
    'up-good': ({ response }) => json(response, 200, completion({ content: 'ok' }, usageOf(1, 1))),
    'up-bad': ({ response }) => json(response, 400, { error: { message: 'temperature too hot', param: 'temperature' } }),
    'up-auth': ({ response }) => json(response, 401, { error: { message: 'Incorrect API key: sk-provider-secret-1234567890' } }),
    'up-busy': ({ response }) => json(response, 429, { error: { message: 'slow down' } }, { 'retry-after': '7' }),
    'up-broken': ({ response }) => json(response, 500, { error: { message: 'boom at http://10.0.0.7:9/x' } }),
    'up-html': ({ response }) => { response.writeHead(200, { 'content-type': 'text/html' }); response.end('<html>hi</html>'); },
    'up-inside': ({ response }) => json(response, 200, { error: { message: 'model crashed' } }),
    'up-cut': ({ response }) => {
        const out = stream(response);
        out.event(chunk({ content: 'begin' }));
        setTimeout(() => response.destroy(), 50);
    },
    'up-hang': () => {},
    'up-endless': ({ record, response }) => {
        const out = stream(response);
        const timer = setInterval(() => out.event(chunk({ content: 'word ' })), 20);
        response.on('close', () => { clearInterval(timer); record.closedAt = Date.now(); });
    },
    'up-flaky': ({ response }) => (++flaky < 3
        ? json(response, 503, { error: { message: 'not yet' } })
        : json(response, 200, completion({ content: 'third time' }, usageOf(1, 1)))),
};

let upstream;
let gateway;
let client;

before(async () => {
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, Object.keys(scripts).map((name) => name.slice(3)));
    const hang = config.model_list.find((model) => model.model_name === 'hang');
    hang.deltallm_params.timeout = 3;
    config.model_list.push({ model_name: 'unpriced', deltallm_params: {
        model: 'custom_openai/up-good', api_base: `${upstream.url}/v1`, api_key: 'x' } });
    config.model_list.push({ model_name: 'refused', deltallm_params: {
        model: 'custom_openai/up-good', api_base: 'http://127.0.0.1:1/v1', api_key: 'x' },
        model_info: { input_cost_per_token: '0.000001' } });
    gateway = await Gateway.start(config);
    const { key } = await gateway.key();
    client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

const ask = (model, options = {}, using = client) => using.chat.completions.create(
    { model, messages: [{ role: 'user', content: 'Hi' }], ...options });

const table = [
    ['unknown model', 'nowhere', 404, 'model_not_found', /nowhere/],
    ['unpriced model', 'unpriced', 400, 'unpriced_model', /unpriced/],
    ['provider says 400', 'bad', 400, 'upstream_rejected', /temperature too hot/],
    ['provider says 401', 'auth', 502, 'upstream_auth', /credentials/],
    ['provider says 429', 'busy', 429, 'upstream_rate_limited', /slow down/],
    ['provider says 500', 'broken', 502, 'upstream_failed', /boom at \[address\]/],
    ['HTML inside a 200', 'html', 502, 'upstream_invalid_response', /JSON/],
    ['error inside a 200', 'inside', 502, 'upstream_failed', /model crashed/],
    ['nobody listens', 'refused', 502, 'upstream_unreachable', /reached/],
    ['provider hangs', 'hang', 504, 'upstream_timeout', /too long/],
];
for (const [name, model, status, code, message] of table) {
    test(`answers ${status} ${code} when: ${name}`, async () => {
        await assert.rejects(ask(model), (error) => {
            assert.equal(error.status, status);
            assert.equal(error.code, code);
            assert.match(error.message, message);
            assert.ok(!/sk-provider|127\.0\.0\.1/.test(JSON.stringify(error.error)), 'nothing of ours leaks');
            assert.ok(error.requestID);
            return true;
        });
    });
}

test('names the wait that the provider asked for', async () => {
    await assert.rejects(ask('busy'), (error) => error.headers.get('retry-after') === '7');
});

test('tells keys apart', async () => {
    const using = (apiKey) => new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    await assert.rejects(ask('good', {}, using('sk-wrong-wrong-wrong-wrong')), OpenAI.AuthenticationError);
    const limited = await gateway.key({ models: ['bad'] });
    await assert.rejects(ask('good', {}, using(limited.key)), (error) => error.status === 403 && error.code === 'model_not_allowed');
    const expired = await gateway.key();
    await gateway.admin('POST', '/key/update', { key: expired.key, expires: '2020-01-01T00:00:00Z' });
    await assert.rejects(ask('good', {}, using(expired.key)), /expired/);
    const blocked = await gateway.key({ blocked: true });
    await assert.rejects(ask('good', {}, using(blocked.key)), /blocked/);
    const gone = await gateway.key();
    await ask('good', {}, using(gone.key));
    await gateway.admin('POST', '/key/delete', { keys: [gone.key] });
    await assert.rejects(ask('good', {}, using(gone.key)), OpenAI.AuthenticationError);
    assert.equal((await ask('good', {}, using(masterKey))).choices[0].message.content, 'ok');
});

test('accepts the key in each header', async () => {
    for (const headers of [{ authorization: `bearer ${client.apiKey}` }, { 'x-api-key': client.apiKey }, { 'api-key': client.apiKey }]) {
        const response = await fetch(`${gateway.url}/v1/models`, { headers });
        assert.equal(response.status, 200);
    }
});

test('ends a stream that was cut with an error event', async () => {
    const heard = [];
    await assert.rejects(async () => {
        for await (const part of await ask('cut', { stream: true })) heard.push(part.choices[0].delta.content);
    }, /closed the connection/);
    assert.deepEqual(heard, ['begin']);
});

test('cancels the provider and charges what was delivered when the client aborts', async () => {
    const abort = new AbortController();
    let heard = 0;
    let left;
    await assert.rejects(async () => {
        const answer = await client.chat.completions.create(
            { model: 'endless', stream: true, messages: [{ role: 'user', content: 'Hi' }], user: 'leaver' },
            { signal: abort.signal });
        for await (const part of answer) {
            if (part.choices[0].delta.content && ++heard === 5) {
                left = Date.now();
                abort.abort();
            }
        }
        throw new Error('aborted');
    });
    const record = upstream.requests.find((one) => one.body.user === 'leaver');
    await gateway.until(() => record.closedAt, 'the provider hears of it');
    assert.ok(record.closedAt - left < 2000, `took ${record.closedAt - left} ms`);
    let entry;
    await gateway.until(async () => {
        entry = (await gateway.spend(1)).find((one) => one.end_user === 'leaver');
        return entry;
    }, 'the settlement');
    assert.ok(entry.completion_tokens >= 5, JSON.stringify(entry));
    assert.ok(entry.spend > 0);
});

test('lets the client time out and retry', async () => {
    await assert.rejects(client.chat.completions.create(
        { model: 'hang', messages: [{ role: 'user', content: 'Hi' }] }, { timeout: 200 }), OpenAI.APIConnectionTimeoutError);
    const patient = new OpenAI({ apiKey: client.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 3 });
    assert.equal((await ask('flaky', {}, patient)).choices[0].message.content, 'third time');
});

test('explains what is wrong with a body', async () => {
    const bodies = [['{"model":', /at byte/], ['{"model":"good","model":"x","messages":[{}]}', /more than once/],
        ['{"model":"good","messages":"x"}', /'messages' must be an array/], ['[]', /JSON object/], ['', /empty/]];
    for (const [body, message] of bodies) {
        const response = await fetch(`${gateway.url}/v1/chat/completions`, {
            method: 'POST', body, headers: { authorization: `Bearer ${client.apiKey}` } });
        assert.equal(response.status, 400, body);
        const { error } = await response.json();
        assert.match(error.message, message);
        assert.equal(error.type, 'invalid_request_error');
    }
});
