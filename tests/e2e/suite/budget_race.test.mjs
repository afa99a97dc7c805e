// Two hundred times 256 callers at once want the last cent of a budget. It is spent, and not a nano-dollar more: the
// provider's own bill says so after every round, and in the end each call is in the store at what the provider charged.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../chaos/database.mjs';
import { configFor, Gateway } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { inParallel } from '../lib/process.mjs';
import { Random } from '../lib/random.mjs';
import { completion, json, priceOf, Upstream, usageOf } from '../lib/upstream.mjs';

const rounds = process.env.DELTA_SANITIZE ? 20 : 200;
const callers = 256;
const cent = 10_000_000n;
const crumbs = 200_000n; // So little pays for no further call, of which each byte may be a token.
const random = new Random('budget race');

/** A provider that answers with fewer tokens than it may, and keeps a bill for each end user. */
class Biller extends Upstream {
    keep() {} // Not what was asked: there is too much of it.

    book(user, usage) {
        const bill = this.bills.get(user);
        ++bill.calls;
        bill.nanos += priceOf(usage.prompt_tokens, usage.completion_tokens);
        return usage;
    }
}

const scripts = {
    'up-chat': async ({ record: { body }, response }) => {
        const usage = provider.book(body.user, usageOf(20, 1 + random.below(body.max_tokens)));
        await sleep(random.below(5));
        json(response, 200, completion({ content: 'ok' }, usage));
    },
};
let provider;
before(async () => {
    provider = await Biller.start(scripts);
    provider.bills = new Map();
});
after(() => provider.stop());

const agent = new http.Agent({ keepAlive: true, maxSockets: callers });

/** Makes a call, and returns nothing if it is answered, else the code of its error. */
function call(gateway, key) {
    const body = JSON.stringify({ model: 'chat', user: key.id, max_tokens: 150,
        messages: [{ role: 'user', content: 'Hi' }] });
    return new Promise((resolve, reject) => {
        const request = http.request(`${gateway.url}/v1/chat/completions`, { method: 'POST', agent, headers: {
            authorization: `Bearer ${key.key}`, 'content-type': 'application/json', 'content-length': body.length } });
        request.on('error', reject).on('response', (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (data) => { text += data; }).on('error', reject);
            response.on('end', () => resolve(JSON.parse(text).error?.code));
        });
        request.end(body);
    });
}

/** Starts the gateways of a kind, all with the same configuration; `place` is their database. */
async function startAll(count, place) {
    const config = configFor(provider.url, ['chat']);
    Object.assign(config.general_settings, place);
    const gateways = [await Gateway.start(config)];
    while (gateways.length < count) gateways.push(await Gateway.startBeside(gateways[0], config));
    return gateways;
}

/** Makes a key with a cent for every round, and waits until all gateways know them. */
async function makeKeys(gateways) {
    const keys = Array.from({ length: rounds });
    await inParallel(keys, 8, async (_, index) => { keys[index] = await gateways[0].key({ max_budget: 0.01 }); });
    const last = await gateways[0].key();
    for (const { id } of [...keys, last]) provider.bills.set(id, { calls: 0, nanos: 0n });
    for (const gateway of gateways) {
        await gateway.until(async () => await call(gateway, last) === undefined, 'the last key is known');
    }
    return keys;
}

/** All callers call at once. Returns how many had an answer. */
async function rush(gateways, key) {
    const codes = await Promise.all(Array.from({ length: callers },
        (_, caller) => call(gateways[caller % gateways.length], key)));
    const refused = codes.filter((code) => code === 'budget_exceeded').length;
    const answered = codes.filter((code) => code === undefined).length;
    assert.equal(answered + refused, callers, `${codes}`);
    assert.ok(answered > 0 && refused > 0, `${answered} answered, ${refused} refused`);
    return answered;
}

/** Spends what a round left over, one call after the other. */
async function spendRest([gateway], key) {
    let answered = 0;
    for (; await call(gateway, key) === undefined; ++answered);
    const { nanos } = provider.bills.get(key.id);
    assert.ok(cent - nanos < crumbs, `${nanos} of ${cent} were to be had`);
    return answered;
}

/** What the store and every gateway say about the keys is what the provider charged. */
async function compareBooks(gateways, database, keys) {
    for (const gateway of gateways) await gateway.posted();
    const [rows] = await ask(database, ['SELECT key_id, COUNT(*), SUM(cost_nanos) FROM spend_log GROUP BY key_id']);
    const posted = new Map(rows.map(([id, ...figures]) => [id, figures]));
    const budgets = keys.map(({ id }) => `key-${id}`);
    for (const { id } of keys) {
        const { calls, nanos } = provider.bills.get(id);
        assert.deepEqual(posted.get(id), [`${calls}`, `${nanos}`]);
    }
    for (const gateway of gateways) {
        const { body } = await gateway.admin('POST', '/budget/info', { budgets });
        assert.equal(body.length, keys.length);
        for (const { budget_id: id, spend, reserved } of body) {
            assert.equal(BigInt(Math.round(spend * 1e9)), provider.bills.get(id.slice('key-'.length)).nanos);
            assert.equal(reserved, 0);
        }
    }
}

const kinds = [
    { name: 'one gateway on SQLite', count: 1 },
    { name: 'one gateway on PostgreSQL', count: 1, isServer: true },
    { name: 'two gateways on one PostgreSQL', count: 2, isServer: true },
];
for (const { name, count, isServer } of kinds) {
    describe(name, () => {
        let postgres;
        let gateways = [];
        before(async () => {
            if (isServer) postgres = await Postgres.start();
            gateways = await startAll(count, postgres ? { database_url: postgres.url } : {});
        });
        after(async () => {
            for (const gateway of gateways) await gateway.stop();
            await postgres?.stop();
        });

        test(`spend ${rounds} times one cent that ${callers} callers want at once, and nothing beyond`, async () => {
            const keys = await makeKeys(gateways);
            let answered = 0;
            for (const [index, key] of keys.entries()) {
                answered += await rush(gateways, key);
                const { nanos } = provider.bills.get(key.id);
                assert.ok(nanos <= cent, `round ${index}: ${nanos} of ${cent}`);
                // Of several gateways another one may still hold what is left.
                if (gateways.length === 1 && index % 20 === 0) answered += await spendRest(gateways, key);
            }
            const billed = keys.reduce((sum, { id }) => sum + provider.bills.get(id).calls, 0);
            assert.equal(billed, answered);
            await compareBooks(gateways, postgres?.url ?? `sqlite:${gateways[0].stateFolder}/deltallm.db`, keys);
            console.log(`${rounds * callers} calls, ${answered} of them answered`);
        });
    });
}
