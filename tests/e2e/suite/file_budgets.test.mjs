// Budgets of a configuration file, as LiteLLM spells them: they refuse, survive restarts, and follow the file.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

// Each call costs 20 + 2 * 10 = 40 micro-USD.
const scripts = {
    'up-chat': ({ response, charge }) => json(response, 200, completion(
        { content: 'ok' }, charge(usageOf(20, 10)), 'stop')),
};

let upstream;

before(async () => { upstream = await Upstream.start(scripts); });
after(async () => { await upstream.stop(); });

const configWith = (limit) => ({
    ...configFor(upstream.url, ['chat']),
    router_settings: limit === undefined ? {}
        : { provider_budget_config: { custom_openai: { budget_limit: limit, time_period: '1d' } } },
});

async function ask(gateway) {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ model: 'chat', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    return { status: response.status, body: await response.json() };
}

/** Asks until it is refused, and returns the refusal and how many were not. */
async function askUntilRefused(gateway) {
    for (let calls = 0; calls < 100; ++calls) {
        const reply = await ask(gateway);
        if (reply.status !== 200) return { calls, reply };
    }
    throw new Error('nothing was refused');
}

const budgets = async (gateway) => (await gateway.admin('GET', '/budget/list')).body.budgets;

async function reload(gateway, config) {
    await writeFile(join(gateway.folder, 'config.yaml'), JSON.stringify(config));
    gateway.process.kill('SIGHUP');
}

test('the budget of a provider refuses once it is spent, and follows the file', async () => {
    const gateway = await Gateway.start(configWith('0.001'));
    const first = await askUntilRefused(gateway);
    assert.ok(first.calls > 0);
    assert.equal(first.reply.status, 429);
    assert.equal(first.reply.body.error.code, 'budget_exceeded');
    assert.ok(nanos(await gateway.spend(first.calls)) <= 1_000_000n);

    // Nobody but the file changes it.
    for (const [path, body] of [['/budget/delete', { id: 'config-provider-custom_openai' }],
        ['/budget/update', { budget_id: 'config-provider-custom_openai', max_budget: 5 }],
        ['/budget/new', { budget_id: 'config-gateway', scope: 'gateway', max_budget: 5 }]]) {
        const refused = await gateway.admin('POST', path, body);
        assert.equal(refused.status, 400);
        assert.match(refused.body.error.message, /configuration file/);
    }

    // A restart gives nothing back; a reload with a higher limit goes on from what was spent.
    await gateway.kill();
    await gateway.launch();
    assert.equal((await ask(gateway)).status, 429);
    await reload(gateway, configWith('0.002'));
    await gateway.until(async () => (await budgets(gateway))[0].max_budget === 0.002, 'the higher limit');
    const second = await askUntilRefused(gateway);
    assert.ok(second.calls > 0);
    assert.ok(nanos(await gateway.spend(first.calls + second.calls)) <= 2_000_000n);

    // Without the key there is no budget.
    await reload(gateway, configWith());
    await gateway.until(async () => (await budgets(gateway)).length === 0, 'no budget');
    assert.equal((await ask(gateway)).status, 200);
    await gateway.stop();
});

test('the budget of the gateway in a file of LiteLLM holds for all calls', async () => {
    const gateway = await Gateway.start({
        ...configFor(upstream.url, ['chat']), litellm_settings: { max_budget: '0.0005', budget_duration: '30d' } });
    const { calls, reply } = await askUntilRefused(gateway);
    assert.ok(calls > 0);
    assert.equal(reply.body.error.code, 'budget_exceeded');
    const [budget] = await budgets(gateway);
    assert.equal(budget.budget_id, 'config-gateway');
    assert.equal(budget.budget_duration, '30d');
    await gateway.stop();
});
