// A gateway that is killed and does not come back: after the time that the configuration gives it, another one
// forgets it by itself. What it held can be spent then, and nothing is missing when it comes back after all.
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
        json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));
    },
    'up-silent': () => {},
};
// Longer than the minute after which it is told of, so that both can be seen.
const forgottenAfter = 75;
const limit = 2_000_000; // Nano-USD.
const underWay = 8;

let postgres;
let upstream;
let first;
let second;

before(async () => {
    postgres = await Postgres.start();
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, ['chat', 'silent']);
    config.general_settings.database_url = postgres.url;
    config.general_settings.forget_gateways_after = `${forgottenAfter}s`;
    first = await Gateway.start(config);
    second = await Gateway.startBeside(first, config);
});

after(async () => {
    for (const gateway of [first, second]) await gateway?.stop();
    await upstream?.stop();
    await postgres?.stop();
});

/** Makes a call; returns its status, or 0 if the gateway was killed under it. */
async function call(gateway, key, model = 'chat') {
    try {
        const response = await fetch(`${gateway.url}/v1/chat/completions`, {
            method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10 }) });
        await response.arrayBuffer();
        return response.status;
    } catch {
        return 0;
    }
}

async function waitFor(condition, seconds, what) {
    const deadline = Date.now() + seconds * 1000;
    while (!await condition()) {
        assert.ok(Date.now() < deadline, `timed out waiting: ${what}\n${first.output}`);
        await sleep(100);
    }
}

/** Has the first gateway spend all that it can, also what it hands back a second later. */
async function spendAll(key) {
    for (let silent = 0; silent < 2;) {
        let answered = 0;
        await inParallel(Array(16).fill(key), 16, async () => {
            const status = await call(first, key);
            assert.ok(status === 200 || status === 429, `${status}`);
            answered += status === 200 ? 1 : 0;
        });
        silent = answered > 0 ? 0 : silent + 1;
        if (silent > 0) await sleep(2500);
    }
    await first.posted();
}

async function spentBy(id) {
    const [[sum]] = await postgres.query(`SELECT COALESCE(SUM(cost_nanos), 0) FROM spend_log WHERE key_id = '${id}'`);
    return Number(sum);
}

/** Returns what the second gateway holds of all budgets, in nano-USD; nothing if it is on no list any more. */
async function heldBySecond() {
    const name = (await readFile(join(second.stateFolder, 'journal-name'), 'utf8')).trim();
    const { code, output } = await first.run('gateways', 'list', '--json');
    assert.equal(code, 0, output);
    const entry = output.trim().split('\n').map(JSON.parse).find(({ journal }) => journal === name);
    return entry && Math.round(entry.held * 1e9);
}

test('what a killed gateway held is kept for it, told of, and spent by the other after the time that it has', async () => {
    const key = await first.key({ max_budget: limit / 1e9 }); // For ever, so it would be held for ever.
    await waitFor(async () => await call(second, key.key) === 200, 10, 'the second knows the key');
    await second.posted();
    const calls = Array.from({ length: underWay }, () => call(second, key.key, 'silent'));
    await waitFor(async () => await second.metric('deltallm_ledger_open_calls') === underWay, 10, 'calls are under way');
    await second.kill();
    const killedAt = Date.now();
    assert.deepEqual(await Promise.all(calls), Array(underWay).fill(0));
    const held = await heldBySecond();
    assert.ok(held > 0, `${held}`);

    await spendAll(key.key);
    const before = await spentBy(key.id);
    assert.ok(before <= limit - held, `${before} while ${held} were held`);
    assert.equal(await first.metric('deltallm_lost_gateways'), 0);
    await waitFor(async () => await first.metric('deltallm_lost_gateways') === 1, 75, 'somebody misses it');
    assert.match(first.output, /gateway .* which nobody else can spend: start it again/);
    assert.equal(await call(first, key.key), 429, 'nobody may spend what it holds');
    assert.equal(await heldBySecond(), held);

    await waitFor(() => /was forgotten: calls that only its journal knows/.test(first.output), 30, 'it is forgotten');
    const seconds = (Date.now() - killedAt) / 1000;
    // It was last seen up to five seconds before it was killed, and the others look every five.
    assert.ok(seconds > forgottenAfter - 6 && seconds < forgottenAfter + 15, `${seconds}`);
    await waitFor(async () => await first.metric('deltallm_lost_gateways') === 0, 10, 'nobody misses it any more');
    assert.equal(await heldBySecond(), undefined);
    await spendAll(key.key);
    const after = await spentBy(key.id);
    console.log(`forgotten after ${seconds} s: ${before} of ${limit} were spent, then ${after}; ${held} were held`);
    assert.ok(after > before && after > limit - 150_000 && after <= limit, `${after}`);

    await second.launch();
    await second.posted();
    assert.notEqual(await heldBySecond(), undefined, 'it is on the list again');
    const [[recovered, cost]] = await postgres.query(`SELECT COUNT(*), SUM(cost_nanos) FROM spend_log
        WHERE key_id = '${key.id}' AND outcome_name = 'recovered'`);
    assert.equal(Number(recovered), underWay);
    assert.ok(Number(cost) > 0);
    const spent = await spentBy(key.id);
    assert.equal(spent, after + Number(cost), 'what it had under way is in the books, once');
    assert.ok(spent <= limit + held, `${spent}`);
    for (const gateway of [first, second]) {
        await waitFor(async () => await call(gateway, key.key) === 429, 10, 'there is nothing left');
        const { body: [state] } = await gateway.admin('POST', '/budget/info', { budgets: [`key-${key.id}`] });
        assert.equal(Math.round(state.spend * 1e9), spent, 'both know what was spent');
    }
});
