// Rate limits that two gateways share in one Redis, and what becomes of calls when it is gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cp } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { configFor, Gateway } from '../lib/gateway.mjs';
import { inParallel } from '../lib/process.mjs';
import { Redis } from '../lib/redis.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const lease = 30_000;
const held = new Set(); // Responses that 'up-held' keeps back.
let running = 0;
let most = 0;
const answer = (response, charge) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));
const scripts = {
    'up-chat': ({ response, charge }) => answer(response, charge),
    'up-slow': ({ response, charge }) => {
        most = Math.max(most, ++running);
        setTimeout(() => {
            --running;
            answer(response, charge);
        }, 30);
    },
    'up-held': ({ response, charge }) => {
        const finish = () => answer(response, charge);
        held.add(finish);
        response.on('close', () => held.delete(finish));
    },
};
const limits = {
    requests: { rpm_limit: 25 },
    many: { rpm_limit: 100_000, max_parallel_requests: 1000 },
    parallel: { max_parallel_requests: 3 },
    slots: { max_parallel_requests: 2 },
    few: { rpm_limit: 6 },
};

let upstream;
let redis;

before(async () => {
    upstream = await Upstream.start(scripts);
    redis = await Redis.start();
});

after(async () => {
    await redis.stop();
    await upstream.stop();
});

const isUp = async (gateway) => await gateway.metric('deltallm_redis_up') === 1;

/** Starts two gateways that know the same keys, one for each entry of `limits`, and share one Redis. */
async function startPair(mode) {
    await redis.query('FLUSHALL');
    const config = configFor(upstream.url, ['chat', 'slow', 'held']);
    Object.assign(config.general_settings, { redis_url: `unix://${redis.socket}`, redis_degraded_mode: mode });
    const gateways = [await Gateway.start(config), await Gateway.prepare(config)];
    const keys = {};
    for (const [name, fields] of Object.entries(limits)) keys[name] = (await gateways[0].key(fields)).key;
    await gateways[0].kill('SIGTERM');
    await cp(gateways[0].stateFolder, gateways[1].stateFolder, { recursive: true });
    for (const gateway of gateways) {
        await gateway.launch();
        await gateway.until(() => isUp(gateway), 'Redis is up');
    }
    return { gateways, keys };
}

async function stopAll(gateways) {
    for (const gateway of gateways) await gateway.stop();
}

async function ask(gateway, key, model = 'chat') {
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
}

/** Returns 200, or with which status the call failed. */
const statusOf = (gateway, key, model) => ask(gateway, key, model).then(() => 200, (error) => error.status);

/** As statusOf(), but a 503, for which a machine with no time for Redis is enough, is asked again. */
async function decided(gateway, key, model) {
    for (let attempt = 0; attempt < 200; ++attempt) {
        const status = await statusOf(gateway, key, model);
        if (status !== 503) return status;
        await sleep(20);
    }
    throw new Error('Redis never answers in time');
}

test('two gateways let as many calls through together as a key may make', async () => {
    const { gateways, keys } = await startPair('fail_closed');
    let answered = 0;
    await inParallel(Array.from({ length: 200 }), 40, async (_, index) => {
        const status = await decided(gateways[index % 2], keys.requests);
        assert.ok(status === 200 || status === 429, `${status}`);
        if (status === 200) ++answered;
    });
    assert.ok(answered <= 25, `${answered}`);
    // A call that was given up may have had the last place for a moment.
    for (let call = answered; call < 25; ++call) assert.equal(await decided(gateways[call % 2], keys.requests), 200);
    for (const gateway of gateways) assert.equal(await decided(gateway, keys.requests), 429);
    await assert.rejects(ask(gateways[0], keys.requests), (error) => error.status === 503
        || (/25 requests per minute; 25 are used/.test(error.message)
            && Number(error.headers.get('retry-after')) > 0));
    await stopAll(gateways);
});

test('two gateways have as many calls under way together as a key may have', async () => {
    const { gateways, keys } = await startPair('fail_closed');
    most = 0;
    let refused = 0;
    await inParallel(Array.from({ length: 80 }), 20, async (_, index) => {
        if (await decided(gateways[index % 2], keys.parallel, 'slow') === 429) ++refused;
    });
    assert.ok(most <= 3, `${most} at once`);
    assert.ok(refused > 0);
    await gateways[0].until(async () => await decided(gateways[0], keys.parallel, 'slow') === 200, 'all slots are free');
    await stopAll(gateways);
});

test('a gateway that is killed leaves its slots when their lease ends, and no sooner', async () => {
    const { gateways, keys } = await startPair('fail_closed');
    const calls = [];
    while (calls.length < 2) {
        const before = held.size;
        const call = ask(gateways[0], keys.slots, 'held').catch((error) => error);
        await gateways[0].until(async () => held.size > before
            || await Promise.race([call.then(() => true), sleep(1, false)]), 'the call is under way or refused');
        if (held.size > before) calls.push(call);
    }
    assert.equal(await decided(gateways[1], keys.slots), 429);
    const killedAt = Date.now();
    await gateways[0].kill('SIGKILL');
    await Promise.all(calls);
    assert.equal(await decided(gateways[1], keys.slots), 429);
    let status = 429;
    while (status === 429 && Date.now() - killedAt < 2 * lease) {
        await sleep(250);
        status = await decided(gateways[1], keys.slots);
    }
    assert.equal(status, 200);
    assert.ok(Date.now() - killedAt > lease / 2, 'the slots were free too early');
    await gateways[1].stop();
    await gateways[0].remove();
});

test('while Redis stands still, calls go on under the limits of each gateway', async () => {
    const { gateways, keys } = await startPair('fail_open');
    const warmUp = Array.from({ length: 10 }, () => statusOf(gateways[0], keys.many));
    await Promise.all(warmUp);
    await redis.pause();
    const begun = Date.now();
    for (let call = 0; call < 40; ++call) assert.equal(await statusOf(gateways[0], keys.many), 200);
    const took = Date.now() - begun;
    assert.ok(took < 10_000, `40 calls took ${took} ms`);
    await gateways[0].until(async () => !await isUp(gateways[0]), 'the gateway has noticed');
    for (const gateway of gateways) {
        const statuses = [];
        for (let call = 0; call < 8; ++call) statuses.push(await statusOf(gateway, keys.few));
        assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 429, 429]); // Six for each gateway.
    }
    assert.ok(await gateways[0].metric('deltallm_redis_degraded_calls_total') > 0);
    const health = await (await fetch(`${gateways[0].url}/health/readiness`)).json();
    assert.equal(health.status, 'degraded');
    assert.equal(health.checks.redis, false);
    await redis.resume();
    for (const gateway of gateways) await gateway.until(() => isUp(gateway), 'Redis is up again');
    assert.equal(await statusOf(gateways[0], keys.many), 200);
    await gateways[0].says(/does not serve us/);
    await stopAll(gateways);
});

test('while Redis stands still, a gateway that is told to refuses calls that have limits', async () => {
    const { gateways, keys } = await startPair('fail_closed');
    await redis.pause();
    await assert.rejects(ask(gateways[0], keys.many), (error) => error.status === 503
        && error.code === 'store_unavailable' && error.headers.get('retry-after') === '1'
        && /rate limits of this call cannot be checked/.test(error.message));
    const { key } = await gateways[0].key(); // Without limits.
    assert.equal(await statusOf(gateways[0], key), 200);
    await redis.resume();
    await gateways[0].until(() => isUp(gateways[0]), 'Redis is up again');
    assert.equal(await decided(gateways[0], keys.many), 200);
    await stopAll(gateways);
});

test('a gateway starts without its Redis, finds it later, and bears with whatever becomes of it', async () => {
    await redis.kill();
    const config = configFor(upstream.url, ['chat']);
    config.router_settings = { redis_url: `unix://${redis.socket}` };
    const gateway = await Gateway.start(config);
    const { key } = await gateway.key(limits.many);
    assert.equal(await statusOf(gateway, key), 200);
    await gateway.says(/Rate limits are shared in Redis; while it does not answer/);
    for (let round = 0; round < 2; ++round) {
        await redis.restart();
        await gateway.until(() => isUp(gateway), 'Redis is up');
        const calls = Array.from({ length: 40 }, () => statusOf(gateway, key));
        await redis.query('FLUSHALL');
        await redis.query('SCRIPT', 'FLUSH');
        await redis.kill();
        assert.deepEqual(new Set(await Promise.all(calls)), new Set([200]));
        await gateway.until(async () => !await isUp(gateway), 'Redis is down');
    }
    await redis.restart();
    await gateway.stop();
});

test('a gateway without Redis says that its limits are its own', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['chat']));
    await gateway.says(/rate limits are of this gateway alone/);
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.doesNotMatch(text, /redis/);
    await gateway.stop();
});
