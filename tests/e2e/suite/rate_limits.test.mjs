// Rate limits of every scope, as the official client meets them.
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

const setLimit = async (limit) => {
    const { status, body } = await gateway.admin('POST', '/rate_limit/set', limit);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
};
const removeLimit = async ({ scope, scope_id, member_id, model }) => {
    const { status, body } = await gateway.admin('POST', '/rate_limit/delete', { scope, scope_id, member_id, model });
    assert.equal(status, 200, JSON.stringify(body));
};

/** Makes calls until one is refused. Returns how many were answered, and the refusal. */
async function untilRefused(client, options = {}) {
    for (let answered = 0; answered < 20; ++answered) {
        try {
            await ask(client, options);
        } catch (error) {
            return { answered, error };
        }
    }
    throw new Error('nothing was refused');
}

for (const [name, limit, words] of [
    ['the gateway', { scope: 'gateway' }, /The gateway is allowed 3 requests per minute/],
    ['a model', { scope: 'model', scope_id: 'chat' }, /The model 'chat' is allowed 3 requests/],
    ['an organization', { scope: 'organization', scope_id: 'acme' },
        /The organization 'acme' is allowed 3 requests/],
    ['a team', { scope: 'team', scope_id: 'sales' }, /The team 'sales' is allowed 3 requests/],
    ['a member of a team', { scope: 'team_member', scope_id: 'sales', member_id: 'ann' },
        /The member 'ann' of the team 'sales' is allowed 3 requests/],
    ['a user', { scope: 'user', scope_id: 'ann' }, /The user 'ann' is allowed 3 requests/],
    ['a user with a model', { scope: 'user', scope_id: 'ann', model: 'chat' },
        /The user 'ann' with the model 'chat' is allowed 3 requests/],
    ['an end user', { scope: 'end_user', scope_id: 'customer' }, /The end user 'customer' is allowed 3 requests/],
]) {
    test(`a limit of ${name} answers, is named, and counts the calls of all keys`, async () => {
        const keys = await Promise.all([1, 2].map(() => gateway.key({
            organization_id: 'acme', team_id: 'sales', user_id: 'ann' })));
        const [one, other] = keys.map(({ key }) => clientOf(key));
        await setLimit({ ...limit, rpm_limit: 3 });
        try {
            const options = { user: 'customer' };
            const { response } = await ask(one, options).withResponse();
            assert.equal(response.headers.get('x-ratelimit-limit-requests'), '3');
            await ask(other, options);
            const { answered, error } = await untilRefused(one, options);
            assert.equal(answered, 1);
            assert.equal(error.status, 429);
            assert.equal(error.code, 'rate_limit_exceeded');
            assert.match(error.message, words);
            assert.match(error.message, /3 are used/);
            const wait = Number(error.headers.get('retry-after'));
            assert.ok(wait > 30 && wait <= 61, `${wait}`);
            assert.equal(error.headers.get('x-ratelimit-remaining-requests'), '0');
        } finally {
            await removeLimit(limit);
        }
        await ask(one, { user: 'customer' });
    });
}

test('a key has limits for single models, as LiteLLM sets them, and loses them with itself', async () => {
    const made = await gateway.key({ model_rpm_limit: { chat: 2 }, model_tpm_limit: { slow: 50 } });
    const client = clientOf(made.key);
    const { answered, error } = await untilRefused(client);
    assert.equal(answered, 2);
    assert.match(error.message, new RegExp(`The API key '${made.id}' with the model 'chat' is allowed 2 requests`));
    await assert.rejects(ask(client, { model: 'slow', max_tokens: 100 }), (refused) => {
        assert.match(refused.message, /with the model 'slow' is allowed 50 tokens per minute; this call alone needs/);
        assert.equal(refused.headers.get('retry-after'), null);
        return true;
    });
    await ask(client, { model: 'slow', max_tokens: 1 });
    const info = await gateway.admin('GET', `/key/info?key=${made.id}`);
    assert.deepEqual(info.body.info.model_rpm_limit, { chat: 2 });
    await gateway.admin('POST', '/key/delete', { keys: [made.id] });
    const { body } = await gateway.admin('GET', '/rate_limit/list');
    assert.ok(body.rate_limits.every((limit) => limit.scope_id !== made.id));
});

test('a refused call consumes nothing, in any scope', async () => {
    const { key } = await gateway.key({ team_id: 'small', rpd_limit: 1000, tpd_limit: 1_000_000 });
    await setLimit({ scope: 'team', scope_id: 'small', rpm_limit: 4, max_parallel_requests: 4 });
    await setLimit({ scope: 'gateway', rpd_limit: 100_000 });
    const client = clientOf(key);
    let answered = 0;
    await inParallel(Array.from({ length: 200 }), 40, () => ask(client).then(() => ++answered, (error) => {
        assert.match(error.message, /The team 'small' is allowed 4 requests/);
    }));
    assert.equal(answered, 4);
    await setLimit({ scope: 'team', scope_id: 'small', rpm_limit: null });
    const { response } = await ask(client).withResponse();
    assert.equal(response.headers.get('x-ratelimit-remaining-requests'), '995');
    assert.equal(response.headers.get('x-ratelimit-limit-tokens'), '1000000');
    // Five calls of thirty tokens at most, and what the last one reserves beyond them.
    assert.ok(Number(response.headers.get('x-ratelimit-remaining-tokens')) >= 1_000_000 - 5 * 30);
    await removeLimit({ scope: 'team', scope_id: 'small' });
    await removeLimit({ scope: 'gateway' });
});

test('of several limits the one that has room last is named, and Retry-After is right for all', async () => {
    const { key } = await gateway.key({ user_id: 'eve', rpm_limit: 1 });
    await setLimit({ scope: 'user', scope_id: 'eve', rph_limit: 1 });
    await ask(clientOf(key));
    await assert.rejects(ask(clientOf(key)), (error) => {
        assert.match(error.message, /The user 'eve' is allowed 1 requests per hour/);
        const wait = Number(error.headers.get('retry-after'));
        assert.ok(wait > 3500 && wait <= 3660, `${wait}`);
        return true;
    });
});

test('a client that leaves, and one that is refused, hold no slot', async () => {
    const { key } = await gateway.key({ user_id: 'bob' });
    await setLimit({ scope: 'user', scope_id: 'bob', max_parallel_requests: 2 });
    await inParallel(Array.from({ length: 60 }), 12, async (_, number) => {
        const leaving = new AbortController();
        setTimeout(() => leaving.abort(), number % 25);
        await clientOf(key).chat.completions
            .create({ model: 'slow', messages: [{ role: 'user', content: 'Hi' }] }, { signal: leaving.signal })
            .catch(() => {});
    });
    const both = () => Promise.all([1, 2].map(() => ask(clientOf(key), { model: 'slow' })));
    await gateway.until(() => both().then(() => true, () => false), 'both slots are free again');
});

test('a limit of the command line holds within a second, and so does its end', async () => {
    const { key } = await gateway.key({ user_id: 'zoe' });
    const names = ['--scope', 'user', '--scope-id', 'zoe'];
    await ask(clientOf(key));
    const refused = () => ask(clientOf(key)).then(() => false, (error) => error.code === 'rate_limit_exceeded');
    const set = await gateway.run('limits', 'set', ...names, '--rpm', '0');
    assert.equal(set.code, 0, set.output);
    const begin = Date.now();
    await gateway.until(refused, 'the limit holds');
    assert.ok(Date.now() - begin < 3000); // A second, and what a busy machine takes.
    const list = await gateway.run('limits', 'list');
    assert.match(list.output, /user 'zoe' {2}0 requests per minute/);
    const removed = await gateway.run('limits', 'remove', ...names);
    assert.equal(removed.code, 0, removed.output);
    await gateway.until(async () => !await refused(), 'the limit is gone');
});

test('limits are there after a restart', async () => {
    const { key } = await gateway.key({ user_id: 'kim' });
    await setLimit({ scope: 'user', scope_id: 'kim', rpm_limit: 0 });
    await gateway.kill();
    await gateway.launch();
    await assert.rejects(ask(clientOf(key)), /The user 'kim' is allowed 0 requests/);
});

test('the command line sets limits too', async () => {
    const { code, output } = await gateway.run('keys', 'create', '--rpm', '1', '--json');
    assert.equal(code, 0, output);
    const { key, rpm_limit: limit } = JSON.parse(output);
    assert.equal(limit, 1);
    await gateway.until(() => ask(clientOf(key)).then(() => true, (error) => error.status !== 401), 'the key is known');
    await assert.rejects(ask(clientOf(key)), { code: 'rate_limit_exceeded' });
});
