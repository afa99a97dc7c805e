// A gateway whose store is in PostgreSQL: whatever becomes of the server, known keys go on, and what they spend is
// in the database once, to the nano-USD, as soon as it is back.
import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '../../chaos/fault_proxy.mjs';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, nanos } from '../lib/gateway.mjs';
import { socketActivation } from '../lib/python.mjs';
import { Postgres, query } from '../lib/postgres.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-whole': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
};
const away = { status: 503, type: 'service_unavailable', code: 'store_unavailable' };
let upstream;
let postgres;
before(async () => {
    upstream = await Upstream.start(scripts);
    postgres = await Postgres.start();
});
after(async () => {
    await upstream.stop();
    await postgres.stop();
});

let count = 0;

/** Makes a database and the configuration of a gateway on it. */
async function place() {
    const name = `e2e_${++count}`;
    await postgres.query(`CREATE DATABASE ${name}`);
    const url = new URL(postgres.url);
    url.pathname = `/${name}`;
    const config = configFor(upstream.url, ['whole']);
    config.general_settings.database_url = url.href;
    return { name, config, url: config.general_settings.database_url };
}

function call(gateway, key, extra = {}) {
    const body = { model: 'whole', messages: [{ role: 'user', content: 'Hi' }], ...extra };
    return ask(`${gateway.url}/v1/chat/completions`, { headers: bearer(key), body });
}

/** Calls until told to stop, and returns how many calls there were. Each must be answered. */
function keepCalling(gateway, key) {
    let isOver = false;
    const calling = (async () => {
        let calls = 0;
        for (; !isOver; ++calls) {
            assert.equal((await call(gateway, key)).status, 200);
            await sleep(5);
        }
        return calls;
    })();
    return () => {
        isOver = true;
        return calling;
    };
}

describe('a store in PostgreSQL', { concurrency: false }, () => {
    test('keeps keys and spend, finds both again after a restart, and is verified', async () => {
        const { config, url } = await place();
        const gateway = await Gateway.start(config);
        const { key } = await gateway.key({ organization_id: 'acme', team_id: 'sales', tags: ['blue'] });
        await call(gateway, key, { metadata: { tags: ['green', 'blue'] } });
        await call(gateway, key);
        const [second, first] = await gateway.spend(2);
        assert.deepEqual(first.request_tags, ['green', 'blue']);
        assert.deepEqual(second.request_tags, ['blue']);
        assert.equal(first.organization_id, 'acme');
        assert.equal((await gateway.spend(1, '&tag=green')).length, 1);
        assert.equal((await gateway.spend(2, '&organization_id=acme')).length, 2);
        assert.equal(await gateway.kill(), null);
        await gateway.launch();
        assert.equal((await call(gateway, key)).status, 200);
        const logs = await gateway.spend(3);
        assert.equal(nanos(logs), 3n * (10n * 1000n + 5n * 2000n));
        assert.ok(!gateway.output.includes(url), 'the address may hold a password');
        await gateway.stop();
    });

    test('gives providers no tags: they know only texts there', async () => {
        const { config } = await place();
        const gateway = await Gateway.start(config);
        const { key } = await gateway.key();
        await call(gateway, key, { metadata: { tags: ['a'], kind: 'b' } });
        assert.deepEqual(upstream.requests.at(-1).body.metadata, { kind: 'b' });
        await call(gateway, key, { metadata: { tags: ['a'] } });
        assert.equal(upstream.requests.at(-1).body.metadata, null);
        await gateway.stop();
    });

    /** For a second every posting fails within its transaction, as the server would let it fail. */
    const fails = (state, text) => async ({ url }) => {
        await query(url, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '${text}' USING ERRCODE = '${state}'; END $$;
            CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON spend_hourly EXECUTE FUNCTION fail()`);
        await sleep(1000);
        await query(url, 'DROP TRIGGER fail ON spend_hourly; DROP FUNCTION fail');
    };
    const faults = [
        ['is killed', async () => { await postgres.kill(); await sleep(500); await postgres.restart(); }],
        ['hangs', async () => { await postgres.pause(); await sleep(1500); await postgres.resume(); }],
        ['closes every connection', ({ name }) => postgres.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)],
        ['takes no writes', async ({ name }) => {
            await postgres.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on;
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
            await sleep(1000);
            await postgres.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
        }],
        ['holds the sums locked', ({ url }) => query(url,
            'BEGIN; LOCK TABLE spend_hourly; SELECT pg_sleep(1); COMMIT')],
        ['has a full disk', fails('53100', 'could not extend file: No space left on device')],
        ['chooses the posting as the victim of a deadlock', fails('40P01', 'deadlock detected')],
        ['refuses further connections', async ({ name }) => {
            await postgres.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0;
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
            await sleep(1000);
            await postgres.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
        }],
    ];
    for (const [what, happens] of faults) {
        test(`goes on when the server ${what}, and has every call once afterwards`, async () => {
            const there = await place();
            const gateway = await Gateway.start(there.config);
            const { key } = await gateway.key();
            const charged = upstream.charged;
            const stop = keepCalling(gateway, key);
            await happens(there);
            await sleep(300);
            const calls = await stop();
            assert.ok(calls > 10);
            const logs = await gateway.spend(calls);
            assert.equal(logs.length, calls);
            assert.equal(nanos(logs), upstream.charged - charged);
            await gateway.stop();
        });
    }

    test('makes no call wait when each of its answers is half a second late', async () => {
        const server = await Postgres.start({ tcp: true });
        const proxy = await FaultProxy.start(server.port);
        const { config } = await place();
        config.general_settings.database_url = `postgresql://postgres@127.0.0.1:${proxy.port}/postgres`;
        const gateway = await Gateway.start(config);
        const { key } = await gateway.key();
        const charged = upstream.charged;
        proxy.delay = 250; // There, and back.
        const times = [];
        for (let number = 0; number < 100; ++number) {
            const begun = Date.now();
            assert.equal((await call(gateway, key)).status, 200);
            times.push(Date.now() - begun);
        }
        proxy.delay = 0;
        times.sort((one, other) => one - other);
        assert.ok(times[90] < 200, `${times}`); // A busy machine may hold up some.
        const logs = await gateway.spend(times.length);
        assert.equal(logs.length, times.length);
        assert.equal(nanos(logs), upstream.charged - charged);
        await gateway.stop();
        await proxy.close();
        await server.stop();
    });

    test('is waited for at the start, and said to be away', async () => {
        const { config } = await place();
        await postgres.halt();
        const gateway = await Gateway.prepare(config);
        await gateway.launch({ through: socketActivation }); // Listens at once, and says so.
        const readiness = () => ask(`${gateway.url}/health/readiness`, { method: 'GET' });
        await gateway.until(async () => /database/.test((await readiness()).body), 'a reason');
        assert.equal((await readiness()).status, 503);
        assertError(await call(gateway, 'sk-dl-nobody'), away);
        await postgres.restart();
        await gateway.until(async () => (await readiness()).status === 200, 'the gateway serves');
        await gateway.stop();
    });

    test('is brought up to date by a command, and left alone if a newer version wrote it', async () => {
        const { config, name, url } = await place();
        const gateway = await Gateway.prepare(config);
        const migrated = await gateway.run('migrate');
        assert.equal(migrated.code, 0, migrated.output);
        assert.match(migrated.output, new RegExp(`${name}.* was brought from schema version 0 to \\d+`));
        assert.match((await gateway.run('migrate')).output, /has schema version \d+ already/);
        await query(url, 'INSERT INTO schema_version (version, applied_at) VALUES (999, 0)');
        const refused = await gateway.run('migrate');
        assert.equal(refused.code, 1);
        assert.match(refused.output, /schema version 999.*Install/s);
        await gateway.remove();
    });

    test('refuses a second gateway with the same journal', async () => {
        const { config } = await place();
        const gateway = await Gateway.start(config);
        const copy = await Gateway.prepare(config);
        await mkdir(copy.stateFolder, { mode: 0o700 });
        for (const file of ['journal-name', 'pepper', 'kek']) {
            await copyFile(join(gateway.stateFolder, file), join(copy.stateFolder, file));
        }
        await copy.launch({ through: socketActivation });
        await copy.until(async () => (await ask(`${copy.url}/health/readiness`, { method: 'GET' })).body
            .includes('Another gateway posts the journal'), 'the copy says why it does not serve');
        await copy.remove();
        await gateway.stop();
    });
});
