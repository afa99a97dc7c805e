// Clients that leave at any moment: the provider hears of it, every call is settled once, and nothing is left behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { assertGrowth, inParallel, openFiles, residentBytes } from '../lib/process.mjs';
import { Random } from '../lib/random.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';
import { request, Wire } from '../lib/wire.mjs';

const streams = 200;
const rounds = 3;
const words = 40;
const word = 'hello '; // One token, give or take what the gateway's own count may stray.
const strayed = 0.12;
const usage = usageOf(10, words);
const scripts = {
    'up-stream': async ({ record, response, charge }) => {
        const out = stream(response);
        for (record.words = 0; record.words < words; ++record.words) {
            if (response.destroyed) return;
            out.event(chunk({ content: word }));
            await sleep(10);
        }
        if (response.destroyed) return;
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usage) });
        out.event('[DONE]');
        out.end();
        record.isComplete = true;
    },
    'up-whole': async ({ record, response, charge }) => {
        await sleep(150);
        if (response.destroyed) return;
        json(response, 200, completion({ content: 'done' }, charge(usage)));
        record.isComplete = true;
    },
};
let upstream;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    const config = configFor(upstream.url, ['stream', 'whole']);
    config.general_settings.upstream_http_keepalive_expiry_seconds = 1;
    gateway = await Gateway.start(config);
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

const waysToLeave = {
    reset: (wire) => wire.socket.resetAndDestroy(),
    close: (wire) => wire.destroy(),
    half: (wire) => wire.end(),
};

/** Makes one call and leaves after a while; returns what the client heard. */
async function leave({ user, model, after: delay, way }) {
    const wire = await Wire.open(gateway.url);
    const body = JSON.stringify({ model, stream: model === 'stream', user,
        messages: [{ role: 'user', content: 'Hi' }] });
    wire.send(request('POST /v1/chat/completions', [`Authorization: Bearer ${masterKey}`, 'Connection: close'], body));
    await sleep(delay);
    waysToLeave[way](wire);
    const heard = wire.input.toString();
    await wire.ended();
    wire.destroy();
    return { heardWords: heard.split(word).length - 1,
        isComplete: heard.includes('[DONE]') || heard.includes('"done"') };
}

test(`settles ${streams * rounds} calls whose clients leave at any moment, and leaves nothing behind`, async () => {
    const random = new Random('aborts');
    const { pid } = gateway.process;
    await leave({ user: 'warm', model: 'stream', after: 800, way: 'close' });
    const files = await openFiles(pid);
    const memory = await residentBytes(pid);
    const told = new Map();
    for (let round = 0; round < rounds; ++round) {
        const calls = Array.from({ length: streams }, (_, index) => ({
            user: `r${round}-c${index}`, model: random.next() < 0.85 ? 'stream' : 'whole',
            after: random.below(700), way: random.pick(Object.keys(waysToLeave)),
        }));
        await inParallel(calls, streams, async (call) => told.set(call.user, await leave(call)));
    }
    await gateway.until(() => upstream.requests.every((one) => one.isComplete || one.closed),
        'every provider was told');
    await gateway.posted();
    const entries = await gateway.spend(upstream.requests.length);
    const asked = new Map(upstream.requests.map((one) => [one.body.user, one]));
    const settled = new Map(entries.map((entry) => [entry.end_user, entry]));
    assert.equal(settled.size, entries.length, 'no call is settled twice');
    assert.deepEqual([...asked.keys()].filter((user) => !settled.has(user)), [], 'no call is lost');
    assert.equal(new Set(entries.map((entry) => entry.request_id)).size, entries.length);
    for (const [user, entry] of settled) checkCharge(entry, asked.get(user), told.get(user));
    const whole = entries.filter((entry) => entry.usage_source === 'reported');
    console.log(`${entries.length} settled, ${whole.length} of them with the provider's own figures`);
    assert.ok(whole.length > 0 && whole.length < entries.length, 'some left early and some did not');
    await gateway.until(async () => await openFiles(pid) <= files + 4, 'all descriptors are given back');
    await assertGrowth(pid, memory, 24 * 1024 * 1024, `are left of ${entries.length} calls`);
});

/** Compares a charge with what the provider did and what the client had. */
function checkCharge(entry, asked, client = { heardWords: 0, isComplete: true }) {
    const about = JSON.stringify({ entry, words: asked?.words, isComplete: asked?.isComplete, client });
    if (entry.usage_source === 'reported') {
        assert.ok(asked.isComplete, about);
        assert.equal(nanos([entry]), 10_000n + 2_000n * BigInt(words), about);
        return;
    }
    assert.ok(!client.isComplete, `a whole answer is charged with the provider's figures: ${about}`);
    assert.equal(entry.error_code, 'client_closed', about);
    assert.ok(entry.completion_tokens >= Math.floor(client.heardWords * (1 - strayed)),
        `what was heard is charged: ${about}`);
    assert.ok(entry.completion_tokens <= Math.ceil((asked?.words ?? 0) * (1 + strayed)) + 1,
        `what was never made is not charged: ${about}`);
    assert.equal(nanos([entry]), BigInt(entry.prompt_tokens) * 1_000n + BigInt(entry.completion_tokens) * 2_000n,
        about);
}
