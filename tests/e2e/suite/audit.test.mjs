// The audit log as an operator proves and exports it, and the right to be forgotten.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const answer = ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));

let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start({ 'up-small': answer });
    gateway = await Gateway.start(configFor(upstream.url, ['small']));
    for (let i = 0; i < 20; ++i) await post('/ui/api/teams', { team_id: `team-${i}`, name: `Team ${i}` });
});
after(async () => {
    await gateway.stop();
    await upstream.stop();
});

async function post(path, body) {
    const response = await fetch(gateway.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${text}`);
    return JSON.parse(text);
}

test('the log is proved beside a running gateway, and exported whole', async () => {
    const verified = await gateway.run('audit', 'verify');
    assert.equal(verified.code, 0, verified.output);
    assert.match(verified.output, /\d+ records are good/);
    const exported = await gateway.run('audit', 'export');
    const events = exported.output.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(events.filter((event) => event.action === 'team.create').length, 20);
    events.forEach((event, index) => assert.equal(event.sequence, index + 1));
    const last = events.at(-1);
    const noted = await gateway.run('audit', 'verify', '--checkpoint', `${last.sequence}:${last.hash}`);
    assert.equal(noted.code, 0, noted.output);
    assert.match(noted.output, /1 checkpoints agree/);
});

test('the gateway tells its own log where the audit log ends, and anybody can prove that it did', async () => {
    await gateway.says(/the audit log ends with record \d+:[0-9a-f]{64}, signed [\w-]{86}/);
    const key = createPublicKey((await gateway.run('audit', 'public-key')).output);
    const [, link, signature] = gateway.output.match(/the audit log ends with record (\d+:[0-9a-f]{64}), signed ([\w-]{86})/);
    assert.ok(verify(null, Buffer.from(`deltallm-audit-checkpoint ${link}`), key, Buffer.from(signature, 'base64url')));
});

test('the log is proved against what the gateway logged', async () => {
    const log = join(gateway.stateFolder, 'journal.txt');
    await writeFile(log, gateway.output);
    const proved = await gateway.run('audit', 'verify', '--checkpoints', log);
    assert.equal(proved.code, 0, proved.output);
    assert.match(proved.output, /[1-9]\d* checkpoints agree/);
    await writeFile(log, gateway.output.replace(/ends with record \d+:/, 'ends with record 1:'));
    const forged = await gateway.run('audit', 'verify', '--checkpoints', log);
    assert.equal(forged.code, 1, forged.output);
    assert.match(forged.output, /line \d+ of .*: no gateway with this pepper has signed/);
});

test('a record that somebody changed is found', async () => {
    await gateway.kill('SIGTERM');
    const database = join(gateway.stateFolder, 'deltallm.db');
    await promisify(execFile)('python3', ['-c', `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('DROP TRIGGER audit_events_stay_as_they_are')
db.execute("UPDATE audit_events SET actor_name = 'somebody else' WHERE sequence = 7")
db.commit()
`, database]);
    const verified = await gateway.run('audit', 'verify');
    assert.equal(verified.code, 5, verified.output);
    assert.match(verified.output, /BROKEN {2}record 7/);
    const wrong = await gateway.run('audit', 'verify', '--checkpoint', 'yesterday');
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /SEQUENCE:HASH/);
    await gateway.launch();
});

test('the name of an end user is taken from all that is kept, and no sum changes', async () => {
    const call = (user) => post('/v1/chat/completions', { model: 'small', user, messages: [{ role: 'user', content: 'Hi' }] });
    await call('customer-7');
    await call('customer-7');
    await call('customer-8');
    await post('/budget/new', { budget_id: 'b7', scope: 'end_user', scope_id: 'customer-7', max_budget: 5 });
    const before = await gateway.spend(3);
    const told = await gateway.run('erase-end-user', 'customer-7');
    assert.match(told.output, /2 call\(s\), 1 budget\(s\) and 0 rate limit\(s\)/);
    assert.match(told.output, /--yes/);
    const done = await gateway.run('erase-end-user', 'customer-7', '--yes');
    assert.equal(done.code, 0, done.output);
    const after = await gateway.spend(3);
    assert.deepEqual(after.map((event) => event.spend), before.map((event) => event.spend));
    assert.deepEqual(after.map((event) => event.end_user).sort(), ['customer-8', null, null].sort());
    const sums = await gateway.admin('GET', '/ui/api/spend/breakdown?group_by=end_user');
    assert.deepEqual(sums.body.groups.map((group) => group.id), ['customer-8']);
    assert.match((await gateway.run('erase-end-user', 'customer-7')).output, /Nothing is kept/);
    const events = (await gateway.run('audit', 'export')).output;
    assert.match(events, /end_user\.erase/);
    assert.ok(!events.split('\n').at(-2).includes('customer-7'));
});
