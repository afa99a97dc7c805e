// Keys that admins make, rotate and take away over the admin API, and what holds for their calls.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const answer = ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));

let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start({ 'up-small': answer });
    gateway = await Gateway.start(configFor(upstream.url, ['small']));
});
after(async () => {
    await gateway.stop();
    await upstream.stop();
});

async function send(method, path, body, { as = masterKey, to = gateway } = {}) {
    const response = await fetch(to.url + path, {
        method,
        headers: { authorization: `Bearer ${as}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        body: body && JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && !response.headers.get('content-type').includes('ndjson');
    return { status: response.status, text, body: text && isJson ? JSON.parse(text) : undefined };
}

async function done(...request) {
    const got = await send(...request);
    assert.ok(got.status < 300, `${request[0]} ${request[1]}: ${got.status} ${got.text}`);
    return got.body;
}

function call(key, to = gateway) {
    const prompt = { model: 'small', messages: [{ role: 'user', content: 'Hello' }] };
    return send('POST', '/v1/chat/completions', prompt, { as: key, to });
}

test('both texts of a rotated key call, and what they cost is of one key', async () => {
    const made = await done('POST', '/ui/api/keys', { name: 'rotated', budget: { max_budget: 1 } });
    assert.equal((await call(made.key)).status, 200);
    const rotated = await done('POST', `/ui/api/keys/${made.key_id}/rotate`, { overlap_seconds: 3600 });
    assert.equal((await call(made.key)).status, 200);
    assert.equal((await call(rotated.key)).status, 200);
    const events = await gateway.spend(3, `&api_key=${made.key_id}`);
    assert.equal(events.length, 3);
    const shown = await done('GET', `/ui/api/keys/${made.key_id}`);
    assert.equal(shown.spend, 0.00012);
    assert.ok(Date.now() - Date.parse(shown.last_used_at) < 2 * 3600_000);

    await gateway.kill('SIGTERM');
    await gateway.launch();
    assert.equal((await call(made.key)).status, 200);
    await done('POST', `/ui/api/keys/${made.key_id}/end-overlap`);
    assert.equal((await call(made.key)).status, 401);
    assert.equal((await call(rotated.key)).status, 200);
});

test('a former text ends by itself when its time is over', async () => {
    const made = await done('POST', '/ui/api/keys', {});
    await done('POST', `/ui/api/keys/${made.key_id}/rotate`, { overlap_seconds: 1 });
    assert.equal((await call(made.key)).status, 200);
    await sleep(1100);
    assert.equal((await call(made.key)).status, 401);
});

test('a key calls only the routes that it may', async () => {
    const { key } = await done('POST', '/ui/api/keys', { allowed_routes: ['/v1/embeddings'] });
    const refused = await call(key);
    assert.equal(refused.status, 403);
    assert.equal(refused.body.error.code, 'route_not_allowed');
    assert.match(refused.body.error.message, /\/chat\/completions.*\/v1\/embeddings/);
});

test('a blocked key stops, says so to its holder, and works again after', async () => {
    const made = await done('POST', '/ui/api/keys', { name: 'blocked' });
    await done('POST', `/ui/api/keys/${made.key_id}/block`, { reason: 'a test' });
    assert.equal((await call(made.key)).status, 401);
    await done('POST', `/ui/api/keys/${made.key_id}/unblock`);
    assert.equal((await call(made.key)).status, 200);
});

test('a thousand keys come as one file, streamed', async () => {
    for (let i = 0; i < 50; ++i) {
        await Promise.all(Array.from({ length: 20 }, (_, j) => done('POST', '/ui/api/keys', { name: `file-${i}-${j}` })));
    }
    const csv = await send('GET', '/ui/api/keys?format=csv&q=file-&sort=name');
    const lines = csv.text.trimEnd().split('\r\n');
    assert.equal(lines.length, 1001);
    assert.match(lines[0], /^key_id,name,description,/);
    assert.ok(lines[1].includes('file-0-0'));
    const jsonl = await send('GET', '/ui/api/keys?format=jsonl&q=file-');
    const rows = jsonl.text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.equal(new Set(rows.map((row) => row.key_id)).size, 1000);
    assert.ok(!csv.text.includes('sk-dl-'));
});

test('on another gateway of the database a rotation and a block hold within a second', async () => {
    const postgres = await Postgres.start();
    const config = configFor(upstream.url, ['small']);
    config.general_settings.database_url = postgres.url;
    const one = await Gateway.start(config);
    const two = await Gateway.startBeside(one, config);
    const within = async (key, status) => {
        for (const end = Date.now() + 1000; Date.now() < end; await sleep(20)) {
            if ((await call(key, two)).status === status) return;
        }
        assert.fail(`no ${status} within a second`);
    };
    const made = await done('POST', '/ui/api/keys', {}, { to: one });
    await within(made.key, 200);
    const rotated = await done('POST', `/ui/api/keys/${made.key_id}/rotate`, {}, { to: one });
    await within(rotated.key, 200);
    assert.equal((await call(made.key, two)).status, 200);
    await done('POST', `/ui/api/keys/${made.key_id}/end-overlap`, undefined, { to: one });
    await within(made.key, 401);
    await done('POST', `/ui/api/keys/${made.key_id}/block`, {}, { to: one });
    await within(rotated.key, 401);
    await one.stop();
    await two.stop();
    await postgres.stop();
});
