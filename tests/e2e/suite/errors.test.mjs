// What a client is told when its key, its model or its body is wrong. Nothing of it reaches the provider.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
};
const hi = [{ role: 'user', content: 'Hi' }];
const chat = { model: 'good', messages: hi };
const routes = [
    ['POST', '/v1/chat/completions', chat],
    ['POST', '/v1/completions', { model: 'good', prompt: 'Hi' }],
    ['POST', '/v1/embeddings', { model: 'good', input: 'Hi' }],
    ['GET', '/v1/models'],
    ['GET', '/v1/models/good'],
    ['GET', '/spend/logs'],
    ['GET', '/spend/report?group_by=team'],
];
const keys = {};
let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await Gateway.start(configFor(upstream.url, ['good', 'other']));
    keys.good = (await gateway.key()).key;
    keys.limited = (await gateway.key({ models: ['other'] })).key;
    keys.expired = (await gateway.key()).key;
    await gateway.admin('POST', '/key/update', { key: keys.expired, expires: '2020-01-01T00:00:00Z' });
    keys.blocked = (await gateway.key({ blocked: true })).key;
    keys.deleted = (await gateway.key()).key;
    await gateway.admin('POST', '/key/delete', { keys: [keys.deleted] });
    const last = keys.good.at(-1);
    keys.almost = keys.good.slice(0, -1) + (last === 'a' ? 'b' : 'a');
});

after(async () => {
    const spent = await gateway.spend(0);
    await gateway.stop();
    await upstream.stop();
    assert.deepEqual(upstream.requests.map(({ bytes }) => bytes.toString()), [], 'nothing reached the provider');
    assert.deepEqual(spent, [], 'nothing costs anything');
});

const post = (path, body, key = keys.good) => ask(gateway.url + path, { headers: bearer(key), body });

const unknown = { status: 401, type: 'authentication_error', code: 'invalid_api_key', message: /does not know/ };
const missing = { ...unknown, message: /No API key was sent.*Authorization: Bearer/ };
const keyTable = [
    ['no key', () => ({}), missing],
    ['an empty key', () => ({ authorization: 'Bearer ' }), missing],
    ['another scheme', () => ({ authorization: 'Basic dXNlcjpwYXNz' }), { ...unknown, message: /Bearer YOUR_KEY/ }],
    ['an unknown key', () => bearer(`sk-${'x'.repeat(40)}`), unknown],
    ['a key with one wrong character', () => bearer(keys.almost), unknown],
    ['a key of 4 KiB', () => bearer(`sk-${'k'.repeat(4096)}`), unknown],
    ['a key with bytes that are no text', () => bearer('sk-\u00ff\u00fe-0123456789-0123456789'), unknown],
    ['two keys in one header', () => bearer(`${keys.good}, ${keys.good}`), unknown],
    ['a deleted key', () => bearer(keys.deleted), unknown],
    ['an expired key', () => bearer(keys.expired), { ...unknown, message: /has expired/ }],
    ['a blocked key', () => bearer(keys.blocked), { ...unknown, message: /is blocked/ }],
];
for (const [name, headers, expected] of keyTable) {
    test(`refuses ${name} with 401 at every route`, async () => {
        for (const [method, path, body] of routes) {
            assertError(await ask(gateway.url + path, { method, headers: headers(), body }), expected);
        }
    });
}

test('checks the key before the body, so that strangers learn nothing about bodies', async () => {
    assertError(await ask(`${gateway.url}/v1/chat/completions`, { body: '{"model":' }), missing);
});

test('lets only the master key administer', async () => {
    for (const [method, path, body] of routes.slice(5)) {
        const reply = await ask(gateway.url + path, { method, headers: bearer(keys.good), body });
        assertError(reply, { status: 403, type: 'permission_denied', code: 'permission_denied',
            message: /master key/ });
    }
});

test('names the model that a key may not use, at every operation', async () => {
    for (const [, path, body] of routes.slice(0, 3)) {
        assertError(await post(path, body, keys.limited), { status: 403, type: 'permission_denied',
            code: 'model_not_allowed', param: 'model', message: [/'good'/, /GET \/v1\/models/] });
    }
});

test('names the model that does not exist, at every operation', async () => {
    for (const [, path, body] of routes.slice(0, 3)) {
        assertError(await post(path, { ...body, model: 'gpt-99' }), { status: 404, type: 'invalid_request_error',
            code: 'model_not_found', param: 'model', message: [/'gpt-99'/, /GET \/v1\/models/] });
    }
});

test('does not tell a key of models that it may not use', async () => {
    for (const id of ['good', 'gpt-99']) {
        const reply = await ask(`${gateway.url}/v1/models/${id}`, { method: 'GET', headers: bearer(keys.limited) });
        assertError(reply, { status: 404, type: 'invalid_request_error', code: 'model_not_found', param: 'model',
            message: new RegExp(`'${id}'`) });
    }
});

test('shows what is strange in a name without letting it act', async () => {
    const model = 'x"<script>\u202e\n\u0000';
    const reply = await post('/v1/chat/completions', { ...chat, model });
    const error = assertError(reply, { status: 404, type: 'invalid_request_error', code: 'model_not_found',
        param: 'model' });
    assert.ok(!/[\n\u0000\u202e]/.test(error.message), JSON.stringify(error.message));
});

/** Checks a body that is refused with 400, by the field and the place that the answer names. */
function refuses(name, path, body, param, ...message) {
    test(`refuses ${name}`, async () => {
        assertError(await post(path, body),
            { status: 400, type: 'invalid_request_error', code: null, param, message });
    });
}

const nested = (depth) => `{"model":"good","messages":[{"content":${'['.repeat(depth)}${']'.repeat(depth)}}]}`;
const syntax = [
    ['an empty body', '', null, /empty/],
    ['a body that is cut', '{"model":"good","messages":[{"role"', null, /at byte \d+/],
    ['a missing comma', '{"model":"good" "messages":[]}', null, /at byte 16/],
    ['a trailing comma', '{"model":"good","messages":[{}],}', null, /at byte \d+/],
    ['content behind the object', '{"model":"good","messages":[{}]}{}', null, /at byte \d+/],
    ['an array instead of an object', '[]', null, /JSON object/],
    ['a number instead of an object', '7', null, /JSON object/],
    ['NaN', '{"model":"good","messages":[{}],"temperature":NaN}', null, /at byte \d+/],
    ['a number with a leading zero', '{"model":"good","messages":[{}],"seed":007}', null, /at byte \d+/],
    ['a comment', '{"model":"good",/* hi */"messages":[{}]}', null, /at byte \d+/],
    ['a raw control character', '{"model":"go\u0001od","messages":[{}]}', null, /at byte \d+/],
    ['a byte order mark', '\ufeff{"model":"good","messages":[{}]}', null, /byte order mark.*byte 0/],
    ['a name that is there twice', '{"model":"good","messages":[{}],"model":"other"}', null,
        /"model" more than once.*at byte/],
    ['a name that is there twice by an escape', '{"model":"good","messages":[{}],"m\\u006fdel":"x"}', null,
        /more than once/],
    ['a name that is there twice inside', '{"model":"good","messages":[{"role":"user","role":"system"}]}',
        'messages[0]', /'messages\[0\]' holds the name "role" more than once.*at byte 28/],
    ['a body nested 65 deep', nested(62), /./, /nested deeper than 64 levels.*at byte \d+/],
    ['a body nested 100,000 deep', nested(100_000), /./, /nested deeper than 64 levels.*at byte \d+/],
];
for (const [name, body, param, ...message] of syntax) {
    test(`refuses ${name}`, async () => {
        const reply = await post('/v1/chat/completions', body);
        const named = param instanceof RegExp ? JSON.parse(reply.body).error.param : param;
        assertError(reply, { status: 400, type: 'invalid_request_error', code: null, param: named, message });
        if (param instanceof RegExp) assert.match(named, /^messages\[0\]\.content/);
    });
}

const broken = [
    ['a lone continuation byte', [0x80]], ['an overlong slash', [0xc0, 0xaf]], ['an overlong NUL', [0xc0, 0x80]],
    ['a sequence that is cut', [0xe2, 0x82]], ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['what lies beyond Unicode', [0xf4, 0x90, 0x80, 0x80]], ['a byte that no text has', [0xff]],
    ['five bytes for a character', [0xf8, 0x88, 0x80, 0x80, 0x80]],
];
for (const [name, bytes] of broken) {
    test(`refuses text that is not UTF-8: ${name}`, async () => {
        const body = Buffer.concat([Buffer.from('{"model":"good","messages":[{"content":"'), Buffer.from(bytes),
            Buffer.from('"}]}')]);
        assertError(await post('/v1/chat/completions', body), { status: 400, type: 'invalid_request_error', code: null,
            message: [/UTF-8/i, /at byte 40/] });
    });
}

const wrongTypes = [
    ['/v1/chat/completions', chat, 'model', [7, null, ['good'], {}], /string/],
    ['/v1/chat/completions', chat, 'messages', ['Hi', null, {}, 7, [], ['Hi']], /array/],
    ['/v1/chat/completions', chat, 'stream', ['yes', 1], /true or false/],
    ['/v1/chat/completions', chat, 'temperature', ['0.7', true], /number/],
    ['/v1/chat/completions', chat, 'max_tokens', ['7', []], /number/],
    ['/v1/chat/completions', chat, 'n', [0, -1, 1.5, '1'], /number/],
    ['/v1/chat/completions', chat, 'tools', [{}, ['x']], /array/],
    ['/v1/chat/completions', chat, 'response_format', ['json'], /object/],
    ['/v1/chat/completions', chat, 'stream_options', [true, 'usage'], /object/],
    ['/v1/chat/completions', chat, 'user', [7, {}], /string/],
    ['/v1/completions', routes[1][2], 'prompt', [7, {}, []], /string|array/],
    ['/v1/completions', routes[1][2], 'echo', ['yes'], /true or false/],
    ['/v1/embeddings', routes[2][2], 'input', [7, {}, null, [], [true]], /string|array/],
    ['/v1/embeddings', routes[2][2], 'dimensions', ['1024'], /number/],
];
for (const [path, body, field, values, kind] of wrongTypes) {
    for (const value of values) {
        refuses(`${field}: ${JSON.stringify(value)} at ${path}`, path, { ...body, [field]: value }, field,
            new RegExp(`'${field}' must be`), kind, /at byte \d+/);
    }
}
for (const [path, body, field] of [['/v1/chat/completions', chat, 'model'], ['/v1/chat/completions', chat, 'messages'],
    ['/v1/completions', routes[1][2], 'prompt'], ['/v1/embeddings', routes[2][2], 'input']]) {
    refuses(`a body without ${field} at ${path}`, path, { ...body, [field]: undefined }, field,
        new RegExp(`'${field}' is required and missing`));
}
refuses('a model without a name', '/v1/chat/completions', { ...chat, model: '' }, 'model', /1 to 256 bytes/);
refuses('a model name of 257 bytes', '/v1/chat/completions', { ...chat, model: 'm'.repeat(257) }, 'model',
    /1 to 256 bytes/);
refuses('an option inside another', '/v1/chat/completions',
    { ...chat, stream: true, stream_options: { include_usage: 'yes' } },
    'stream_options.include_usage', /must be true or false/);

const adminTable = [
    ['a key field of the wrong type', '/key/generate', { models: 'good' }, /models/],
    ['a key field that nobody knows', '/key/generate', { colour: 'red' }, /colour/],
    ['a lifetime that is none', '/key/generate', { duration: 'soon' }, /./],
    ['an alias with a line break', '/key/generate', { key_alias: 'a\nb' }, /key_alias/],
    ['a deletion of nothing', '/key/delete', {}, /keys/],
    ['a deletion of numbers', '/key/delete', { keys: [7] }, /keys/],
];
for (const [name, path, body, message] of adminTable) {
    test(`refuses ${name}`, async () => {
        const reply = await post(path, body, masterKey);
        assert.equal(reply.status, 400, reply.body);
        const { param } = JSON.parse(reply.body).error;
        assertError(reply, { status: 400, type: 'bad_request_error', code: '400', param, message });
    });
}

test('refuses a report that it does not understand', async () => {
    for (const query of ['limit=many', 'limit=-1', 'offset=x', 'start_date=yesterday', 'colour=red']) {
        const reply = await ask(`${gateway.url}/spend/logs?${query}`, { method: 'GET', headers: bearer(masterKey) });
        const param = query.split('=')[0];
        assertError(reply, { status: 400, type: 'invalid_request_error', code: null, param,
            message: /query parameter|query/ });
    }
});
