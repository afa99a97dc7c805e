// Budgets, as the people meet them who have one: the official client, an administrator with curl, and many
// callers at once with one cent left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { configFor, Gateway, nanos } from '../lib/gateway.mjs';
import { inParallel } from '../lib/process.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

// The model answers with as many tokens as it is allowed, but at most ten.
const tokensFor = (body) => Math.min(10, body.max_tokens ?? 10);
const scripts = {
    'up-chat': ({ record, response, charge }) => json(response, 200, completion(
        { content: 'ok' }, charge(usageOf(20, tokensFor(record.body))), 'stop')),
    'up-endless': ({ record, response }) => {
        const out = stream(response);
        const timer = setInterval(() => out.event(chunk({ content: 'word '.repeat(50) })), 2);
        response.on('close', () => { clearInterval(timer); record.closedAt = Date.now(); });
    },
};
const ask = (client, options = {}) => client.chat.completions.create(
    { model: 'chat', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10, ...options });

let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await Gateway.start(configFor(upstream.url, ['chat', 'endless']));
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

const clientOf = (key) => new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 2 });

async function stateOf(id) {
    const { body } = await gateway.admin('GET', '/budget/list');
    return body.budgets.find((budget) => budget.budget_id === id);
}

test('a key with a budget spends it, and not a nano-dollar more', async () => {
    const key = await gateway.key({ max_budget: 0.001, budget_duration: '30d' });
    const client = clientOf(key.key);
    let error;
    let calls = 0;
    for (; !error && calls < 100; ++calls) {
        await ask(client).catch((caught) => { error = caught; });
    }
    assert.equal(error.status, 429);
    assert.equal(error.code, 'budget_exceeded');
    assert.match(error.message, /API key .* limit is 0\.001 USD per 30d/);
    assert.ok(Number(error.headers.get('retry-after')) > 0);
    assert.match(error.headers.get('x-deltallm-budget-reset'), /^\d{4}-\d\d-01T00:00:00Z$/);
    const info = await gateway.admin('GET', `/key/info?key=${key.id}`);
    assert.equal(info.body.info.max_budget, 0.001);
    assert.equal(info.body.info.budget_duration, '30d');
    const logs = await gateway.spend(calls - 1, `&api_key=${key.id}`);
    assert.ok(nanos(logs) <= 1_000_000n);
    assert.ok(nanos(logs) > 800_000n);
    const state = await stateOf(`key-${key.id}`);
    assert.equal(BigInt(Math.round(state.spend * 1e9)), nanos(logs));
    assert.equal(state.reserved, 0);
});

test('the official client does not try again what no budget pays for', async () => {
    const { key } = await gateway.key({ max_budget: 0 });
    const before = upstream.requests.length;
    const begin = Date.now();
    await assert.rejects(ask(clientOf(key)), { status: 429, code: 'budget_exceeded' });
    assert.ok(Date.now() - begin < 400);
    assert.equal(upstream.requests.length, before);
});

test('an answer is kept to the length that the budget pays for', async () => {
    const { key } = await gateway.key({ max_budget: 0.00025 });
    const { data, response } = await ask(clientOf(key), { max_tokens: 4096 }).withResponse();
    const cap = Number(response.headers.get('x-deltallm-max-tokens'));
    assert.ok(cap >= 16 && cap < 100, `${cap}`);
    assert.equal(upstream.requests.at(-1).body.max_tokens, cap);
    assert.equal(data.choices[0].message.content, 'ok');
});

test('a stream ends at the money, and says so', async () => {
    const key = await gateway.key({ max_budget: 0.0004 });
    const parts = [];
    await assert.rejects(async () => {
        const answer = await ask(clientOf(key.key), { model: 'endless', stream: true, max_tokens: 100 });
        for await (const part of answer) parts.push(part);
    }, /budget/);
    assert.equal(parts.at(-1).choices[0].finish_reason, 'length');
    await gateway.until(() => upstream.requests.at(-1).closedAt, 'the provider sees the stream end');
    const logs = await gateway.spend(1, `&api_key=${key.id}`);
    assert.equal(logs[0].error_code, 'budget_exceeded');
    assert.ok(nanos(logs) <= 400_000n && nanos(logs) > 0n);
});

test('256 callers with one cent left spend one cent', async () => {
    const key = await gateway.key({ max_budget: 0.01 });
    const client = new OpenAI({ apiKey: key.key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const callers = Array.from({ length: 256 }, (_, number) => number);
    let refused = 0;
    let answered = 0;
    for (let round = 0; refused < 256 && round < 20; ++round) {
        refused = 0;
        await inParallel(callers, 256, async () => {
            try {
                await ask(client);
                ++answered;
            } catch (error) {
                assert.equal(error.code, 'budget_exceeded');
                ++refused;
            }
        });
    }
    assert.equal(refused, 256);
    const logs = await gateway.spend(answered, `&api_key=${key.id}`);
    assert.equal(logs.length, answered);
    assert.ok(nanos(logs) <= 10_000_000n);
    assert.ok(nanos(logs) > 9_800_000n);
});

test('what was spent is known after a restart, and after a crash', async () => {
    const key = await gateway.key({ max_budget: 0.001 });
    await ask(clientOf(key.key));
    const spent = (await stateOf(`key-${key.id}`)).spend;
    assert.ok(spent > 0);
    await gateway.kill();
    await gateway.launch();
    assert.equal((await stateOf(`key-${key.id}`)).spend, spent);
});

test('budgets of any scope are set, changed and removed by an administrator', async () => {
    const made = await gateway.admin('POST', '/budget/new', {
        budget_id: 'sales', scope: 'team', scope_id: 'sales', max_budget: 0, budget_duration: '1d', timezone: 'Europe/Berlin' });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const { key } = await gateway.key({ team_id: 'sales' });
    await assert.rejects(ask(clientOf(key)), /team 'sales'/);
    const changed = await gateway.admin('POST', '/budget/update', { budget_id: 'sales', max_budget: null });
    assert.equal(changed.body.max_budget, null);
    await ask(clientOf(key));
    assert.ok((await stateOf('sales')).spend > 0);
    const gone = await gateway.admin('POST', '/budget/delete', { id: 'sales' });
    assert.equal(gone.status, 200);
    assert.equal(await stateOf('sales'), undefined);
});

/** Calls until a budget refuses. Returns how many calls had an answer. */
async function spendAll(client) {
    for (let calls = 0; calls < 100; ++calls) {
        try {
            await ask(client);
        } catch (error) {
            assert.equal(error.code, 'budget_exceeded');
            return calls;
        }
    }
    return assert.fail('no budget refused any call');
}

test('a budget that is reset can be spent once more, and not a nano-dollar more', async () => {
    const key = await gateway.key({ max_budget: 0.001 });
    let client = clientOf(key.key);
    const id = `key-${key.id}`;
    const calls = await spendAll(client);
    const reset = await gateway.admin('POST', '/budget/reset', { budget_id: id, reason: 'a refund' });
    assert.equal(reset.status, 200, JSON.stringify(reset.body));
    assert.equal(reset.body.spend, 0);
    assert.equal(await spendAll(client), calls);
    await gateway.kill();
    await gateway.launch();
    client = clientOf(key.key);
    assert.equal(await spendAll(client), 0, 'a restart does not forget the reset, nor what came after it');
    const again = await gateway.admin('POST', `/key/${key.id}/reset_spend`, { reset_to: 0 });
    assert.equal(again.status, 200, JSON.stringify(again.body));
    assert.equal(await spendAll(client), calls);
    await gateway.spend(3 * calls, `&api_key=${key.id}`); // The command line knows what is posted, and no more.
    const { code, output } = await gateway.run('budgets', 'reset', id, '--reason', 'by hand');
    assert.equal(code, 0, output);
    await gateway.until(() => ask(client).then(() => true, () => false), 'the reset of the command line holds');
    assert.equal(await spendAll(client), calls - 1);
    const logs = await gateway.spend(4 * calls, `&api_key=${key.id}`);
    assert.equal(logs.length, 4 * calls);
    const { body } = await gateway.admin('GET', `/budget/resets?budget_id=${id}`);
    assert.deepEqual(body.resets.map((each) => each.reset_by), ['command line', 'master key', 'master key']);
    assert.deepEqual(body.resets.map((each) => each.reason), ['by hand', null, 'a refund']);
    for (const each of body.resets) assert.ok(each.spent_before > 0.0008 && each.spent_before <= 0.001);
    const info = await gateway.admin('GET', `/key/info?key=${key.id}`);
    assert.equal(BigInt(Math.round(info.body.info.spend * 1e9)), nanos(logs), 'the key spent what it spent');
    const proof = await gateway.run('verify');
    assert.equal(proof.code, 0, proof.output);
});

test('a budget that is set for a key in use counts what it spent before', async () => {
    const key = await gateway.key();
    await ask(clientOf(key.key));
    const made = await gateway.admin('POST', '/budget/new', { scope: 'key', scope_id: key.id, max_budget: 0.00003 });
    assert.ok(made.body.spend > 0, JSON.stringify(made.body));
    await assert.rejects(ask(clientOf(key.key)), { code: 'budget_exceeded' });
});

test('a budget of the command line holds within a second', async () => {
    const { key } = await gateway.key({ user_id: 'ann' });
    await ask(clientOf(key));
    const { code, output } = await gateway.run('budgets', 'set', '--scope', 'user', '--scope-id', 'ann', '--max-budget', '0');
    assert.equal(code, 0, output);
    await gateway.until(() => ask(clientOf(key)).then(() => false, (error) => error.code === 'budget_exceeded'), 'the budget holds');
});
