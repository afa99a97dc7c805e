// A disk that is full while the gateway runs: no file can grow any more. What was admitted is settled, what is not is
// refused before a provider is asked, and as soon as there is room everything is in the database once.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, nanos } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { inParallel } from '../lib/process.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

let release; // Lets the stream of `held` go on to its end.
const scripts = {
    'up-whole': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-held': async ({ response, charge }) => {
        const out = stream(response);
        out.event(chunk({ content: 'word' }));
        await new Promise((resolve) => { release = resolve; });
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 1)) });
        out.event('[DONE]');
        out.end();
    },
};
const full = { status: 503, type: 'service_unavailable', code: 'store_unavailable' };
const longName = 'u'.repeat(250); // The journal is full the sooner.
const enough = 20_000; // More calls than the journal has room for.

let upstream;
before(async () => { upstream = await Upstream.start(scripts); });
after(() => upstream.stop());

function call(gateway, key, model = 'whole') {
    return ask(`${gateway.url}/v1/chat/completions`, { headers: bearer(key), body: { model,
        stream: model === 'held', user: longName, messages: [{ role: 'user', content: 'Hi' }] } });
}

/** Says how large a file of the gateway may be, which is how full its disk is; the kernel's answer is the same. */
function limitFiles({ process: { pid } }, bytes) {
    const { status, stderr } = spawnSync('prlimit', ['--pid', pid, `--fsize=${bytes}:unlimited`], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
}

/** Calls until the journal takes no more. Returns how many calls were answered; each other one is told why. */
async function fill(gateway, key) {
    let answered = 0;
    let refused = 0;
    await inParallel(Array.from({ length: enough }), 16, async () => {
        if (refused > 0) return;
        const reply = await call(gateway, key);
        if (reply.status === 200) {
            ++answered;
        } else {
            assertError(reply, full);
            ++refused;
        }
    });
    assert.ok(refused > 0, `${answered} calls and still room`);
    return answered;
}

describe('a full disk', { concurrency: false }, () => {
    for (const store of ['sqlite', 'postgres']) {
        test(`loses nothing and lets nothing through unrecorded, with ${store}`, async () => {
            const postgres = store === 'postgres' ? await Postgres.start() : undefined;
            const config = configFor(upstream.url, ['whole', 'held']);
            Object.assign(config.general_settings, { ledger: { segment_bytes: '1MiB' } },
                postgres ? { database_url: postgres.url } : {});
            const gateway = await Gateway.start(config);
            const { key } = await gateway.key({ max_budget: 100 });
            const charged = upstream.charged;
            const asked = upstream.requests.length;
            const stream = call(gateway, key, 'held');
            await gateway.until(() => upstream.requests.length > asked, 'the stream is under way');
            limitFiles(gateway, 1);
            const answered = await fill(gateway, key);
            assert.equal(upstream.requests.length, asked + answered + 1, 'nobody is asked for what is refused');
            assertError(await call(gateway, key), full);
            assert.equal((await ask(`${gateway.url}/health/liveliness`, { method: 'GET' })).status, 200);
            await gateway.says(/"level":"error".*the journal has no room; new calls are refused/);
            release();
            assert.match((await stream).body, /\[DONE\]/, 'what was under way is finished');
            limitFiles(gateway, 'unlimited');
            await gateway.until(async () => (await call(gateway, key)).status === 200, 'there is room');
            await gateway.posted();
            const logs = await gateway.spend(answered + 2);
            assert.equal(logs.length, answered + 2);
            assert.equal(nanos(logs), upstream.charged - charged);
            await gateway.stop();
            await postgres?.stop();
        });
    }
});
