// Several gateways on one PostgreSQL: they never spend more of a budget together than there is, also when one is
// killed, and what is set on one holds on the other within a second.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { inParallel } from '../lib/process.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-chat': async ({ response, charge }) => {
        await sleep(Math.random() * 20);
        json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));
    },
    'up-silent': () => {},
};
const callersEach = 64;
const atOnce = 1000; // Milliseconds within which a change holds on all gateways.

let postgres;
let upstream;
const gateways = [];

before(async () => {
    postgres = await Postgres.start();
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, ['chat', 'silent']);
    config.general_settings.database_url = postgres.url;
    gateways.push(await Gateway.start(config));
    gateways.push(await Gateway.startBeside(gateways[0], config));
});

after(async () => {
    for (const gateway of gateways) await gateway.stop();
    await upstream?.stop();
    await postgres?.stop();
});

/** Makes a call. Returns its status and the code of its error; 0 if the gateway was killed under it. */
async function call(gateway, key, model = 'chat') {
    try {
        const response = await fetch(`${gateway.url}/v1/chat/completions`, {
            method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10 }) });
        const body = await response.json();
        return { status: response.status, code: body.error?.code, message: body.error?.message };
    } catch {
        return { status: 0 };
    }
}

/** Has all callers of these gateways call at once. Returns how many had an answer. */
async function round(on, key) {
    const callers = on.flatMap((gateway) => Array(callersEach).fill(gateway));
    let answered = 0;
    await inParallel(callers, callers.length, async (gateway) => {
        const { status, code, message } = await call(gateway, key);
        assert.ok([0, 200].includes(status) || code === 'budget_exceeded', `${status} ${message}`);
        answered += status === 200 ? 1 : 0;
    });
    return answered;
}

/** Calls until nobody has an answer any more, also a second after others gave back what they do not need. */
async function spendAll(on, key) {
    for (let silent = 0; silent < 2;) {
        if (await round(on, key) > 0) {
            silent = 0;
        } else {
            ++silent;
            await sleep(2500);
        }
    }
}

/** Returns what the calls of a key cost, in nano-USD, once all are in the store. */
async function spentBy(id) {
    for (const gateway of gateways) await gateway.posted();
    const [[sum]] = await postgres.query(`SELECT COALESCE(SUM(cost_nanos), 0) FROM spend_log WHERE key_id = '${id}'`);
    return Number(sum);
}

/** Waits until a call on the gateway has this status, and returns for how long. */
async function millisecondsUntil(gateway, key, status) {
    const begin = Date.now();
    while ((await call(gateway, key)).status !== status) {
        assert.ok(Date.now() - begin < 10_000, `no ${status} within ten seconds`);
        await sleep(20);
    }
    return Date.now() - begin;
}

test('a key of one gateway works on the other within a second, and stops there within a second', async () => {
    const [first, second] = gateways;
    const key = await first.key();
    assert.ok(await millisecondsUntil(second, key.key, 200) <= atOnce);
    const { status } = await second.admin('POST', '/key/delete', { keys: [key.id] });
    assert.equal(status, 200);
    assert.ok(await millisecondsUntil(first, key.key, 401) <= atOnce);
});

test('the database tells the other gateway of a key, and while it cannot, the key is found all the same', async () => {
    const [first, second] = gateways;
    const listening = 'deltallm_store_listening';
    const told = 'deltallm_store_notifications_total';
    await second.until(async () => await second.metric(listening) === 1, 'the database tells the second gateway');
    const before = await second.metric(told);
    const made = await first.key();
    console.log(`a new key works on the other gateway after ${await millisecondsUntil(second, made.key, 200)} ms`);
    assert.equal(await second.metric(told), before + 1);
    // A pooler that gives each transaction another connection: LISTEN goes well, and nothing is ever told.
    const [[definition]] = await postgres.query(`SELECT pg_get_functiondef('note_key_changes'::regproc)`);
    await postgres.query(definition.replace(/PERFORM pg_notify.*;/, ''));
    try {
        const silent = await first.key();
        assert.ok(await millisecondsUntil(second, silent.key, 200) <= atOnce);
        assert.equal(await second.metric(told), before + 1, 'nobody was told');
    } finally {
        await postgres.query(definition);
    }
});

test('a budget that is changed on one gateway holds on the other within a second', async () => {
    const [first, second] = gateways;
    const key = await first.key({ max_budget: 1 });
    await millisecondsUntil(second, key.key, 200);
    const lowered = await first.admin('POST', '/budget/update', { budget_id: `key-${key.id}`, max_budget: 0 });
    assert.equal(lowered.status, 200, JSON.stringify(lowered.body));
    assert.ok(await millisecondsUntil(second, key.key, 429) <= atOnce);
    await second.admin('POST', '/budget/update', { budget_id: `key-${key.id}`, max_budget: 1 });
    assert.ok(await millisecondsUntil(first, key.key, 200) <= atOnce);
});

test('two gateways under full load spend a budget, and not a nano-dollar more', async () => {
    const key = await gateways[0].key({ max_budget: 0.02 });
    await millisecondsUntil(gateways[1], key.key, 200);
    await spendAll(gateways, key.key);
    const spent = await spentBy(key.id);
    console.log(`spent ${spent} of 20000000`);
    assert.ok(spent <= 20_000_000, `${spent}`);
    assert.ok(spent > 19_000_000, `${spent}`);
    for (const gateway of gateways) {
        const { body } = await gateway.admin('POST', '/budget/info', { budgets: [`key-${key.id}`] });
        const [state] = body;
        assert.equal(Math.round(state.spend * 1e9), spent, 'each of them knows what all have spent');
    }
});

test('a budget that is reset on one of them under load is spent once more by both, and not a nano-dollar more', async () => {
    const [first, second] = gateways;
    const key = await first.key({ max_budget: 0.01 });
    await millisecondsUntil(second, key.key, 200);
    await spendAll(gateways, key.key);
    const load = round(gateways, key.key);
    const reset = await second.admin('POST', '/budget/reset', { budget_id: `key-${key.id}` });
    assert.equal(reset.status, 200, JSON.stringify(reset.body));
    await load;
    await spendAll(gateways, key.key);
    await spentBy(key.id);
    const windows = await postgres.query(`SELECT started_at >= reset_at, SUM(cost_nanos) FROM spend_log
        CROSS JOIN budget_resets WHERE key_id = '${key.id}' AND budget_id = 'key-${key.id}' GROUP BY 1`);
    console.log(`spent ${windows.map(([, sum]) => sum).join(' and ')} of 10000000`);
    assert.equal(windows.length, 2);
    for (const [, sum] of windows) assert.ok(Number(sum) <= 10_000_000 && Number(sum) > 9_000_000, `${sum}`);
});

test('nor when one of them is killed under its calls, and comes back', async () => {
    const [first, second] = gateways;
    const key = await first.key({ max_budget: 0.03, budget_duration: '1d' });
    await millisecondsUntil(second, key.key, 200);
    for (let kill = 0; kill < 3; ++kill) {
        const calls = round(gateways, key.key);
        await sleep(20 + Math.random() * 60);
        await second.kill();
        await calls;
        await round([first], key.key);
        await second.launch();
        await round(gateways, key.key);
    }
    await second.kill();
    await spendAll([first], key.key);
    await second.launch();
    await spendAll(gateways, key.key);
    const spent = await spentBy(key.id);
    console.log(`spent ${spent} of 30000000`);
    assert.ok(spent <= 30_000_000, `${spent}`);
    assert.ok(spent > 28_500_000, `${spent}`);
    const rows = await postgres.query(`SELECT amount_nanos FROM budget_grants WHERE budget_id = 'key-${key.id}'`);
    assert.deepEqual(rows, [], 'nobody holds what nobody needs');
});

test('what a killed gateway held can be spent when it is forgotten, and is in the books when it comes back', async () => {
    const [first, second] = gateways;
    const key = await first.key({ max_budget: 0.002 }); // For ever, so it would be held for ever.
    await millisecondsUntil(second, key.key, 200);
    const calls = Array.from({ length: 8 }, () => call(second, key.key, 'silent'));
    await second.until(async () => await second.metric('deltallm_ledger_open_calls') === 8, 'eight calls are under way');
    await second.kill();
    await Promise.all(calls);
    await spendAll([first], key.key);
    await first.posted();
    const sum = `SELECT COALESCE(SUM(cost_nanos), 0) FROM spend_log WHERE key_id = '${key.id}'`;
    const [[before]] = await postgres.query(sum);

    const name = (await readFile(join(second.stateFolder, 'journal-name'), 'utf8')).trim();
    const listed = (await first.run('gateways', 'list', '--json')).output.trim().split('\n').map(JSON.parse);
    const lost = listed.find(({ journal }) => journal === name);
    assert.ok(lost.held > 0 && lost.held_budgets > 0, JSON.stringify(lost));
    const held = Math.round(lost.held * 1e9);
    const refused = await first.run('gateways', 'forget', String(lost.id));
    assert.equal(refused.code, 1);
    assert.match(refused.output, /seems to run/);
    const forgotten = await first.run('gateways', 'forget', String(lost.id), '--force');
    assert.equal(forgotten.code, 0, forgotten.output);
    assert.match(forgotten.output, /It held 0\.\d+ USD of \d+ budget/);

    await spendAll([first], key.key);
    await first.posted();
    const [[after]] = await postgres.query(sum);
    console.log(`spent ${before} of 2000000, and ${after} when ${held} were forgotten`);
    assert.ok(Number(after) > 1_850_000 && Number(after) <= 2_000_000, after);
    assert.ok(Number(before) <= 2_000_000 - held, `${before} while ${held} were held`);
    await second.launch();
    const spent = await spentBy(key.id);
    const [[recovered]] = await postgres.query(
        `SELECT COUNT(*) FROM spend_log WHERE key_id = '${key.id}' AND outcome_name = 'recovered'`);
    assert.equal(recovered, '8');
    assert.ok(spent > Number(after) && spent <= 2_000_000 + held, `${spent}`);
    assert.equal((await call(second, key.key)).status, 429);
});

test('while the database is away, calls go on as far as is sure, and are then told to come again', async () => {
    const [first] = gateways;
    const key = await first.key({ max_budget: 1 });
    assert.equal((await call(first, key.key)).status, 200);
    await postgres.pause();
    try {
        let answer;
        let answered = 0;
        for (; answered < 500 && (answer = await call(first, key.key)).status === 200; ++answered);
        assert.ok(answered > 0, 'there was room left');
        assert.equal(answer.status, 503, answer.message);
        assert.equal(answer.code, 'store_unavailable');
        assert.match(answer.message, /shared with other gateways/);
    } finally {
        await postgres.resume();
    }
    await millisecondsUntil(first, key.key, 200);
});

test('a gateway that stops hands everything back', async () => {
    const [first, second] = gateways;
    const key = await first.key({ max_budget: 1 });
    assert.equal((await call(first, key.key)).status, 200);
    assert.equal(await first.kill('SIGTERM'), 0);
    const rows = await postgres.query(`SELECT amount_nanos FROM budget_grants WHERE budget_id = 'key-${key.id}'`);
    assert.deepEqual(rows, []);
    await millisecondsUntil(second, key.key, 200);
    await first.launch();
});
