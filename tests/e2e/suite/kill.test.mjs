import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const rounds = Number(process.env.DELTA_KILL_ROUNDS ?? 50);
const callsPerRound = 64;
const scripts = {
    'up-whole': async ({ response, charge }) => {
        await sleep(Math.random() * 40);
        json(response, 200, completion({ content: 'done' }, charge(usageOf(10, 5))));
    },
    'up-stream': async ({ response, charge }) => {
        const out = stream(response);
        for (let index = 0; index < 5; ++index) {
            out.event(chunk({ content: 'word ' }));
            await sleep(Math.random() * 10);
        }
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 5)) });
        out.event('[DONE]');
        out.end();
    },
};

let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await Gateway.start(configFor(upstream.url, ['whole', 'stream']));
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

/** Makes one call; returns whether the client saw the whole answer. */
async function call(user) {
    const isStream = Math.random() < 0.5;
    const body = { model: isStream ? 'stream' : 'whole', stream: isStream, user,
        messages: [{ role: 'user', content: 'Hi' }] };
    try {
        const response = await fetch(`${gateway.url}/v1/chat/completions`, {
            method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${masterKey}` } });
        const text = await response.text();
        return response.status === 200 && (!isStream || text.endsWith('[DONE]\n\n'));
    } catch {
        return false; // The gateway was killed under it.
    }
}

/** Counts how often each value is there. */
function count(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
}

test(`loses and doubles nothing when killed ${rounds} times with ${callsPerRound} calls in flight`, async () => {
    const complete = new Set();
    for (let round = 0; round < rounds; ++round) {
        const users = Array.from({ length: callsPerRound }, (_, index) => `r${round}-c${index}`);
        const calls = users.map(async (user) => { if (await call(user)) complete.add(user); });
        await sleep(Math.random() * 400);
        await gateway.kill();
        await Promise.all(calls);
        await gateway.launch();
    }
    const served = count(upstream.requests.map((request) => request.body.user));
    await gateway.posted(); // Calls that were killed before they reached the provider are settled too.
    const entries = await gateway.spend(served.size);
    const seen = count(entries.map((entry) => entry.end_user));
    const doubled = entries.filter((entry) => seen.get(entry.end_user) > 1).map((entry) => ({
        user: entry.end_user, request: entry.request_id, status: entry.http_status_code, nanos: nanos([entry]),
        askedUpstream: served.get(entry.end_user) ?? 0,
    }));
    const lost = [...served.keys()].filter((user) => !seen.has(user));
    assert.deepEqual(doubled, [], 'no call is charged twice');
    assert.deepEqual(lost, [], 'every call that reached the provider is charged');
    const settled = new Map(entries.map((entry) => [entry.end_user, entry]));
    for (const user of complete) {
        assert.equal(nanos([settled.get(user)]), 20000n, `${user} had its whole answer and is charged for it`);
    }
    assert.equal(new Set(entries.map((entry) => entry.request_id)).size, entries.length);
    console.log(`${served.size} calls served, ${complete.size} answered in full, ${entries.length} settled`);
});
