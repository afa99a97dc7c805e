// Models that an admin adds while the gateway runs: a credential, deployments that are called with it, and what becomes
// of their calls when they change.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gateway, masterKey } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const prices = { input_cost_per_token: '0.000001', output_cost_per_token: '0.000002' };
const answer = ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));

let first;
let second;
let gateway;

before(async () => {
    first = await Upstream.start({ 'up-one': answer });
    second = await Upstream.start({ 'up-one': answer });
    gateway = await Gateway.start({ model_list: [], general_settings: { master_key: masterKey } });
});
after(async () => {
    await gateway.stop();
    await first.stop();
    await second.stop();
});

async function send(method, path, body, to = gateway) {
    const response = await fetch(to.url + path, {
        method,
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined, text };
}

async function done(method, path, body, to = gateway) {
    const got = await send(method, path, body, to);
    assert.ok(got.status < 300, `${method} ${path}: ${got.status} ${got.text}`);
    return got.body;
}

function call(model, to = gateway) {
    return send('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hello' }] }, to);
}

test('a model is called as soon as it was added, with its credential and at its price', async () => {
    assert.equal((await call('added')).status, 404);
    await done('POST', '/ui/api/credentials', {
        credential_id: 'ours', name: 'Ours', provider: 'custom_openai', origin: first.url, api_key: 'provider-key-0001',
    });
    await done('POST', '/ui/api/deployments', {
        deployment_id: 'added-1', model_name: 'added', provider: 'custom_openai', model: 'up-one',
        api_base: `${first.url}/v1`, credential_id: 'ours', prices,
    });
    const got = await call('added');
    assert.equal(got.status, 200, got.text);
    assert.equal(first.requests.at(-1).headers.authorization, 'Bearer provider-key-0001');
    const [event] = await gateway.spend(1);
    assert.equal(event.spend, 0.00004);
    const list = await done('GET', '/v1/models');
    assert.ok(list.data.some((model) => model.id === 'added'), JSON.stringify(list));
});

test('a new key is used from the next call on, and shown to nobody', async () => {
    const changed = await done('PATCH', '/ui/api/credentials/ours', { api_key: 'provider-key-0002' });
    assert.equal(changed.key_hint, '0002');
    assert.ok(!JSON.stringify(changed).includes('provider-key'));
    assert.equal((await call('added')).status, 200);
    assert.equal(first.requests.at(-1).headers.authorization, 'Bearer provider-key-0002');
});

test('calls go to the deployments that are enabled, by their weight', async () => {
    await done('POST', '/ui/api/credentials', {
        credential_id: 'theirs', name: 'Theirs', provider: 'custom_openai', origin: second.url, api_key: 'provider-key-0003',
    });
    await done('POST', '/ui/api/deployments', {
        deployment_id: 'added-2', model_name: 'added', provider: 'custom_openai', model: 'up-one',
        api_base: `${second.url}/v1`, credential_id: 'theirs', prices,
    });
    await done('PATCH', '/ui/api/deployments/added-1', { state: 'draining' });
    const before = first.requests.length;
    for (let i = 0; i < 5; ++i) assert.equal((await call('added')).status, 200);
    assert.equal(first.requests.length, before);
    assert.equal(second.requests.length, 5);
    assert.equal(second.requests.at(-1).headers.authorization, 'Bearer provider-key-0003');

    await done('PATCH', '/ui/api/deployments/added-2', { state: 'disabled' });
    assert.equal((await call('added')).status, 404);
    await done('PATCH', '/ui/api/deployments/added-1', { state: 'enabled' });
    assert.equal((await call('added')).status, 200);
    assert.equal(first.requests.length, before + 1);
});

test('a deployment is tried before it is kept and after, and what is wrong with it is said', async () => {
    const good = await done('POST', '/ui/api/deployments/added-2/test');
    assert.equal(good.ok, true, JSON.stringify(good));
    assert.equal(second.requests.at(-1).body.model, 'up-one');
    const wish = {
        model_name: 'new', provider: 'custom_openai', model: 'up-none', api_base: `${first.url}/v1`,
        credential_id: 'ours', prices,
    };
    const bad = await done('POST', '/ui/api/deployments/test', wish);
    assert.equal(bad.ok, false);
    assert.match(bad.error, /no script for up-none/);
    const unreachable = await done('POST', '/ui/api/deployments/test', {
        ...wish, api_base: 'http://127.0.0.1:1/v1', credential_id: undefined,
    });
    assert.equal(unreachable.ok, false);
    assert.ok(unreachable.error, JSON.stringify(unreachable));
    const shown = await done('GET', '/ui/api/deployments/added-2');
    assert.equal(shown.last_check.ok, true);
});

test('a prompt of the playground goes through the whole pipeline, streamed, in the name of a team', async () => {
    await done('POST', '/ui/api/teams', { team_id: 'lab', name: 'Lab', models: ['added'] });
    const path = '/ui/api/playground/teams/lab/chat/completions';
    const prompt = (model) => ({ model, messages: [{ role: 'user', content: 'Hello' }] });
    const got = await send('POST', path, prompt('added'));
    assert.equal(got.status, 200, got.text);
    assert.equal(got.body.choices[0].message.content, 'ok');
    assert.equal((await send('POST', path, prompt('demo'))).status, 403);
    const stream = await fetch(`${gateway.url}/ui/api/playground/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...prompt('demo'), stream: true }),
    });
    assert.match(stream.headers.get('content-type'), /^text\/event-stream/);
    assert.match(await stream.text(), /^data: \{.*data: \[DONE\]\n\n$/s);
    const [event] = await gateway.spend(1, '&team_id=lab');
    assert.equal(event.team_id, 'lab');
    assert.equal(event.spend, 0.00004);
    await done('PATCH', '/ui/api/teams/lab', { budget: { max_budget: 0 } });
    assert.equal((await send('POST', path, prompt('added'))).status, 429);
    await done('POST', '/ui/api/teams/lab/block', { reason: 'a test' });
    assert.equal((await send('POST', path, prompt('added'))).status, 401);
    assert.equal((await send('POST', '/ui/api/playground/teams/nobody/chat/completions', prompt('added'))).status, 404);
});

test('models outlive a restart', async () => {
    await gateway.kill('SIGTERM');
    await gateway.launch();
    const got = await call('added');
    assert.equal(got.status, 200, got.text);
    assert.equal(first.requests.at(-1).headers.authorization, 'Bearer provider-key-0002');
});

test('no file of the gateway has a provider key in it', async () => {
    for (const entry of await readdir(gateway.folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = await readFile(join(entry.parentPath, entry.name));
        assert.ok(!bytes.includes('provider-key-000'), entry.name);
    }
});

test('a model that was removed is gone at once', async () => {
    await done('DELETE', '/ui/api/deployments/added-1');
    await done('DELETE', '/ui/api/deployments/added-2');
    assert.equal((await call('added')).status, 404);
    await done('DELETE', '/ui/api/credentials/ours');
});

test('another gateway on the database calls a new model within a second, and stops as soon', async () => {
    const postgres = await Postgres.start();
    const config = { model_list: [], general_settings: { master_key: masterKey, database_url: postgres.url } };
    const one = await Gateway.start(config);
    const two = await Gateway.startBeside(one, config);
    const within = async (status) => {
        for (const end = Date.now() + 1000; Date.now() < end; await sleep(20)) {
            if ((await call('shared', two)).status === status) return;
        }
        assert.fail(`no ${status} within a second`);
    };
    await done('POST', '/ui/api/credentials', {
        credential_id: 'ours', name: 'Ours', provider: 'custom_openai', origin: first.url, api_key: 'provider-key-0004',
    }, one);
    await done('POST', '/ui/api/deployments', {
        deployment_id: 'shared-1', model_name: 'shared', provider: 'custom_openai', model: 'up-one',
        api_base: `${first.url}/v1`, credential_id: 'ours', prices,
    }, one);
    await within(200);
    assert.equal(first.requests.at(-1).headers.authorization, 'Bearer provider-key-0004');
    await done('PATCH', '/ui/api/deployments/shared-1', { state: 'disabled' }, one);
    await within(404);
    await one.stop();
    await two.stop();
    await postgres.stop();
});
