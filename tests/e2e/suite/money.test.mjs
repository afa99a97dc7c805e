// Who tries to spend more than the budget has. Every call here is by a key with a hard limit, and in the end no
// budget is exceeded at any place of the journal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBooks } from '../../chaos/database.mjs';
import { Rig } from '../../chaos/rig.mjs';
import { inParallel } from '../lib/process.mjs';
import { Random } from '../lib/random.mjs';

const random = new Random('money');
let rig;

before(async () => {
    rig = await Rig.start({ names: ['ok', 'slow', 'greedy', 'endless', 'no-usage', 'cut-within', 'usage-zero'],
        aliases: { nickname: 'greedy' }, cancels: { most: 5000, usual: 5000 }, late: 5000 });
});

after(() => rig.stop());

const keyWith = (usd, fields = {}) => rig.gateway.key({ max_budget: usd, ...fields });

/** Calls until the budget says no, at most `most` times; returns the calls. */
async function spendAll(by, model, options, most = 60) {
    const calls = [];
    do calls.push(await rig.call(model, { by, ...options }));
    while (calls.at(-1).code !== 'budget_exceeded' && calls.length < most);
    return calls;
}

async function spentBy({ id }) {
    await rig.gateway.posted();
    const { body } = await rig.gateway.admin('GET', '/budget/list');
    const { spend, reserved, max_budget: limit } = body.budgets.find((budget) => budget.budget_id === `key-${id}`);
    assert.equal(reserved, 0);
    assert.ok(spend <= limit, `${spend} of ${limit}`);
    return spend;
}

const tricks = [
    ['ten answers at once', { fields: { n: 10 } }],
    ['the best of ten', { operation: 'completions', fields: { best_of: 10 } }],
    ['an answer of any length', { fields: { max_tokens: 1_000_000_000_000 } }],
    ['no word about the length', {}],
    ['a stream of any length', { isStream: true, fields: { max_tokens: 1_000_000 } }],
    ['ten streams in one', { isStream: true, fields: { n: 10 } }],
    ['two limits of which one is high', { fields: { max_tokens: 20, max_completion_tokens: 1_000_000 } }],
    ['a list of many texts', { operation: 'embeddings', fields: { input: Array(300).fill('hello') } }],
];
for (const [name, options] of tricks) {
    test(`${name} costs no more than there is`, async () => {
        const key = await keyWith(0.008);
        const calls = await spendAll(key, 'greedy', options);
        assert.equal(calls.at(-1).code, 'budget_exceeded');
        await spentBy(key);
    });
}

test('a model costs the same by another name', async () => {
    const key = await keyWith(0.008);
    for (const model of ['nickname', 'greedy']) {
        assert.equal((await spendAll(key, model, {})).at(-1).code, 'budget_exceeded');
        assert.ok(await spentBy(key) > 0);
    }
});

test('a limit of zero, below zero, or that is no number is not a way to free answers', async () => {
    const key = await keyWith(0.001);
    for (const max_tokens of [0, -1, -1_000_000, 1.5, '10', 1e300, null]) {
        await rig.call('greedy', { by: key, fields: { max_tokens } });
        await rig.call('greedy', { by: key, fields: { n: max_tokens } });
    }
    await spendAll(key, 'greedy', {});
    await spentBy(key);
});

test('clients that leave in every phase pay for what they had, and give back the rest', async () => {
    const key = await keyWith(0.02);
    const calls = Array.from({ length: 120 }, () => ({ model: random.pick(['slow', 'endless', 'ok', 'greedy']),
        leaveAfter: random.below(200), isStream: random.next() < 0.7 }));
    await inParallel(calls, 24, ({ model, ...options }) => rig.call(model, { by: key, ...options }));
    await rig.settle();
    assert.ok(await spentBy(key) > 0);
});

test('a provider that says nothing, or zero, about what it used is not free', async () => {
    const key = await keyWith(0.0005);
    for (const model of ['no-usage', 'usage-zero', 'cut-within']) {
        const before = await spentBy(key);
        await rig.call(model, { by: key, isStream: true, fields: { max_tokens: 20 } });
        assert.ok(await spentBy(key) > before, model);
    }
});

test('calls at the edge of two windows count in one of them', async () => {
    const limit = 200_000n;
    const key = await rig.gateway.key({ max_budget: 0.0002, budget_duration: '1s' });
    const end = Date.now() + 4000;
    let refused = 0;
    await inParallel(Array.from({ length: 16 }), 16, async () => {
        while (Date.now() < end) {
            const { code } = await rig.call('ok', { by: key, fields: { max_tokens: 10 } });
            if (code === 'budget_exceeded') ++refused;
        }
    });
    await rig.settle();
    const events = (await readBooks(rig.database)).events.filter((event) => event.key_id === key.id);
    const windows = new Map();
    for (const { started_at: at, nanos } of events) windows.set(at / 1000n, (windows.get(at / 1000n) ?? 0n) + nanos);
    for (const [window, nanos] of windows) assert.ok(nanos <= limit, `${nanos} in ${window}`);
    assert.ok(windows.size >= 3 && refused > 0, `${windows.size} windows, ${refused} refused`);
});

test('a key that is removed within a call pays for it', async () => {
    const key = await keyWith(0.01);
    const call = rig.call('slow', { by: key, isStream: true });
    await rig.gateway.until(() => rig.chaos.running.size > 0, 'the call is under way');
    await rig.gateway.admin('POST', '/key/delete', { keys: [key.key] });
    const { tag, isComplete } = await call;
    assert.ok(isComplete);
    await rig.settle();
    const event = (await readBooks(rig.database)).events.find((one) => one.tag === tag);
    assert.equal(event.key_id, key.id);
    assert.ok(event.nanos > 0n);
    assert.equal((await rig.call('ok', { by: key })).status, 401);
});

test('many callers with little left spend it once, also when the gateway is killed under them', async () => {
    const key = await keyWith(0.004);
    for (let round = 0; round < 5; ++round) {
        const calls = Array.from({ length: 64 }, () => rig.call(random.pick(['ok', 'slow', 'greedy']),
            { by: key, isStream: random.next() < 0.5, fields: { max_tokens: 40 } }));
        await sleep(random.below(250));
        await rig.kill();
        await Promise.all(calls);
    }
    const calls = await spendAll(key, 'ok', { fields: { max_tokens: 20 } }, 200);
    assert.equal(calls.at(-1).code, 'budget_exceeded');
    await spentBy(key);
});

test('at no place of the journal is more spent than a budget has', async () => {
    const { problems } = await rig.check();
    assert.deepEqual(problems, []);
});
