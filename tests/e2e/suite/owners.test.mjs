// What admins say of teams, users and organisations holds for the calls of their keys, at once, and on every gateway
// of a database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const answer = ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));

let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start({ 'up-small': answer, 'up-large': answer });
    gateway = await Gateway.start(configFor(upstream.url, ['small', 'large']));
    await admin('POST', '/ui/api/organizations', { organization_id: 'acme', name: 'Acme' });
    await admin('POST', '/ui/api/teams', { team_id: 'research', name: 'Research', organization_id: 'acme' });
    await admin('POST', '/ui/api/users', { user_id: 'ann', name: 'Ann' });
});
after(async () => {
    await gateway.stop();
    await upstream.stop();
});

async function admin(method, path, body) {
    const response = await fetch(gateway.url + path, {
        method,
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
}

async function call(key, model = 'small') {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    return { status: response.status, body: await response.json() };
}

test('a key stops with its team, its organisation and its user, and works again after', async () => {
    const { key } = await admin('POST', '/key/generate', { team_id: 'research', user_id: 'ann' });
    assert.equal((await call(key)).status, 200);
    for (const [path, name] of [
        ['/ui/api/teams/research', 'team'],
        ['/ui/api/organizations/acme', 'organization'],
        ['/ui/api/users/ann', 'user'],
    ]) {
        await admin('POST', `${path}/block`, { reason: 'a test' });
        const stopped = await call(key);
        assert.equal(stopped.status, 401, JSON.stringify(stopped.body));
        assert.match(stopped.body.error.message, new RegExp(`The ${name} of this API key is blocked`));
        await admin('POST', `${path}/unblock`);
        assert.equal((await call(key)).status, 200);
    }
});

test('a key calls only models that its team and its organisation allow', async () => {
    const { key } = await admin('POST', '/key/generate', { team_id: 'research' });
    await admin('PATCH', '/ui/api/teams/research', { models: ['small'] });
    assert.equal((await call(key, 'small')).status, 200);
    assert.equal((await call(key, 'large')).status, 403);
    const list = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    assert.deepEqual((await list.json()).data.map((model) => model.id), ['small']);
    await admin('PATCH', '/ui/api/organizations/acme', { models: ['large'] });
    assert.equal((await call(key, 'small')).status, 403);
    await admin('PATCH', '/ui/api/organizations/acme', { models: null });
    await admin('PATCH', '/ui/api/teams/research', { models: null });
    assert.equal((await call(key, 'large')).status, 200);
});

test('the budget and the limits of a team hold as soon as they are set', async () => {
    const { key } = await admin('POST', '/key/generate', { team_id: 'research' });
    await admin('PATCH', '/ui/api/teams/research', { limits: { rpm_limit: 0 } });
    assert.equal((await call(key)).status, 429);
    await admin('PATCH', '/ui/api/teams/research', { limits: null, budget: { max_budget: 0 } });
    const broke = await call(key);
    assert.equal(broke.status, 429);
    assert.equal(broke.body.error.code, 'budget_exceeded');
    await admin('PATCH', '/ui/api/teams/research', { budget: null });
    assert.equal((await call(key)).status, 200);
});

test('calls of a team are counted for its organisation', async () => {
    const { key } = await admin('POST', '/key/generate', { team_id: 'research' });
    assert.equal((await call(key)).status, 200);
    for (let waited = 0; waited < 100; ++waited) {
        const report = await admin('GET', '/spend/report?group_by=organization');
        if (JSON.stringify(report).includes('acme')) return;
        await sleep(100);
    }
    assert.fail('no call of the organisation was reported');
});
