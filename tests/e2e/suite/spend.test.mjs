// What the admin API tells of the spending of real calls: sums, steps, groups, single calls and files.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const answer = ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));
const cost = 0.00004;

let upstream;
let gateway;
const keys = {};

before(async () => {
    upstream = await Upstream.start({ 'up-small': answer, 'up-large': answer });
    gateway = await Gateway.start(configFor(upstream.url, ['small', 'large']));
    for (const team of ['research', 'sales']) {
        await post('/ui/api/teams', { team_id: team, name: team.toUpperCase() });
        keys[team] = await post('/ui/api/keys', { name: `${team}-key`, team_id: team });
    }
    await call(keys.research.key, 'small');
    await call(keys.research.key, 'large');
    await call(keys.sales.key, 'small');
    await gateway.posted();
});
after(async () => {
    await gateway.stop();
    await upstream.stop();
});

async function get(path, key = masterKey) {
    const response = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${key}` } });
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${text}`);
    return response.headers.get('content-type').startsWith('application/json') ? JSON.parse(text) : text;
}

async function post(path, body, key = masterKey) {
    const response = await fetch(gateway.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${text}`);
    return JSON.parse(text);
}

function call(key, model) {
    return post('/v1/chat/completions', { model, user: 'customer-7', messages: [{ role: 'user', content: 'Hello' }] }, key);
}

test('totals, groups and steps agree to the nano-USD', async () => {
    const summary = await get('/ui/api/spend/summary');
    assert.equal(summary.totals.requests, 3);
    assert.equal(summary.totals.spend, 0.00012);
    const breakdown = await get('/ui/api/spend/breakdown?group_by=team&compare=previous');
    assert.deepEqual(breakdown.groups.map((group) => [group.id, group.name, group.totals.spend]),
        [['research', 'RESEARCH', 0.00008], ['sales', 'SALES', cost]]);
    const keysOf = await get('/ui/api/spend/breakdown?group_by=key');
    assert.deepEqual(keysOf.groups.map((group) => group.name), ['research-key', 'sales-key']);
    const series = await get('/ui/api/spend/series?interval=hour&from=' + new Date(Date.now() - 7200_000).toISOString());
    assert.equal(series.steps.reduce((sum, step) => sum + step.requests, 0), 3);
    const narrow = await get('/ui/api/spend/breakdown?group_by=model&team_id=research');
    assert.deepEqual(narrow.groups.map((group) => group.totals.requests), [1, 1]);
});

test('each call is found, and shown with all that is known of it', async () => {
    const list = await get('/ui/api/spend/logs?end_user=customer-7&model=small');
    assert.equal(list.items.length, 2);
    const [first] = list.items;
    assert.equal(first.team_id, 'sales');
    assert.equal(first.outcome, 'succeeded');
    assert.equal(first.spend, cost);
    assert.deepEqual(await get(`/ui/api/spend/logs/${first.id}`), first);
});

test('the log comes as a file for spreadsheets', async () => {
    const csv = await get('/ui/api/spend/logs?format=csv');
    assert.equal(csv.trimEnd().split('\r\n').length, 4);
    assert.match(csv, /,0\.00004,/);
});
