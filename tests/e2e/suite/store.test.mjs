// A store that is away: at the start the gateway stays up and says why it does not serve; later, known keys go on and
// the journal keeps what they spend. A fault of ours is never a 401.
import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ask, assertError, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { lockDatabase, python, socketActivation } from '../lib/python.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-whole': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-stream': ({ response, charge }) => {
        const out = stream(response);
        out.event(chunk({ content: 'word' }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 5)) });
        out.event('[DONE]');
        out.end();
    },
};
const away = { status: 503, type: 'service_unavailable', code: 'store_unavailable' };
let upstream;
before(async () => { upstream = await Upstream.start(scripts); });
after(() => upstream.stop());

const config = () => configFor(upstream.url, ['whole', 'stream']);
const get = (gateway, path) => ask(gateway.url + path, { method: 'GET' });
const database = (gateway) => join(gateway.stateFolder, 'deltallm.db');

function call(gateway, key, model = 'whole') {
    const body = { model, stream: model === 'stream', messages: [{ role: 'user', content: 'Hi' }] };
    return ask(`${gateway.url}/v1/chat/completions`, { headers: bearer(key), body });
}

const execute = 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as database: database.execute(sys.argv[2])';

/** Runs a gateway once, so that there is a store with a key in it. */
async function used() {
    const gateway = await Gateway.start(config());
    await gateway.key();
    assert.equal(await gateway.kill('SIGTERM'), 0);
    return gateway;
}

async function fresh(settings = {}) {
    const gateway = await Gateway.prepare({ ...config(),
        general_settings: { ...config().general_settings, ...settings } });
    await mkdir(gateway.stateFolder, { mode: 0o700 });
    return gateway;
}

const elsewhere = async () => {
    const gateway = await fresh();
    const folder = join(gateway.folder, 'missing');
    await gateway.configure({ ...config(),
        general_settings: { master_key: masterKey, database_url: `sqlite://${folder}/x.db` } });
    return { gateway, repair: () => mkdir(folder) };
};

/** How each fault is made, what readiness says, and how it is put right while the gateway runs. */
const faults = [
    ['the database is a folder', async () => {
        const gateway = await fresh();
        await mkdir(database(gateway));
        return { gateway, repair: () => rm(database(gateway), { recursive: true }) };
    }, /database/],
    ['the database is something else', async () => {
        const gateway = await fresh();
        await writeFile(database(gateway), 'these are not the bytes of a database '.repeat(500));
        return { gateway, repair: () => rm(database(gateway)) };
    }, /database/],
    ['the folder of the database does not exist', elsewhere, /database/],
    ['a newer version wrote the database', async () => {
        const gateway = await used();
        const change = (statement) => python(execute, database(gateway), statement);
        await change('INSERT INTO schema_version (version, applied_at) VALUES (999, 0)');
        return { gateway, repair: () => change('DELETE FROM schema_version WHERE version = 999') };
    }, /version 999.*Install/],
    ['another process holds the lock of a new database', async () => {
        const gateway = await fresh();
        return { gateway, repair: await lockDatabase(database(gateway)) };
    }, /database/],
    ['another gateway posts to the database', async () => {
        const first = await used();
        await first.launch();
        const gateway = new Gateway(first.folder);
        return { gateway, repair: () => first.kill('SIGTERM') };
    }, /Another gateway/],
    ['the journal is a file', async () => {
        const gateway = await fresh();
        const journal = join(gateway.stateFolder, 'journal');
        await writeFile(journal, '');
        return { gateway, repair: () => rm(journal) };
    }, /journal/],
    ['the pepper of the keys is gone', async () => {
        const gateway = await used();
        const pepper = join(gateway.stateFolder, 'pepper');
        await rename(pepper, `${pepper}.away`);
        return { gateway, repair: () => rename(`${pepper}.away`, pepper) };
    }, /pepper/],
    ['the keys that seal secrets are gone', async () => {
        const gateway = await used();
        const kek = join(gateway.stateFolder, 'kek');
        await rename(kek, `${kek}.away`);
        return { gateway, repair: () => rename(`${kek}.away`, kek) };
    }, /file of sealing keys .* is missing/],
    ['the keys that seal secrets are others', async () => {
        const gateway = await used();
        const kek = join(gateway.stateFolder, 'kek');
        await rename(kek, `${kek}.away`);
        await writeFile(kek, `${'5a'.repeat(32)}\n`, { mode: 0o600 });
        return { gateway, repair: () => rename(`${kek}.away`, kek) };
    }, /sealed with the key [0-9a-f]{8}, which this gateway does not have/],
];
describe('a store that is away at the start', { concurrency: 4 }, () => {
    for (const [name, make, reason] of faults) {
        test(`stays up and says why when ${name}, and serves once it is put right`, async () => {
            const { gateway, repair } = await make();
            await gateway.launch({ through: socketActivation });
            await gateway.until(async () => JSON.parse((await get(gateway, '/health/readiness')).body).reason,
                'a reason');
            assert.deepEqual([(await get(gateway, '/health/liveliness')).status,
                (await get(gateway, '/metrics')).status],
                [200, 200]);
            for (const path of ['/health/readiness', '/health']) {
                const reply = await get(gateway, path);
                assert.equal(reply.status, 503);
                assert.match(reply.body, reason);
            }
            for (const key of [masterKey, 'sk-unknown-unknown-unknown']) assertError(await call(gateway, key), away);
            assertError(await ask(`${gateway.url}/key/generate`, { headers: bearer(masterKey), body: {} }), away);
            await repair();
            await gateway.until(async () => (await get(gateway, '/health/readiness')).status === 200, 'ready');
            const { key } = await gateway.key();
            assert.equal((await call(gateway, key)).status, 200);
            assert.equal((await call(gateway, 'sk-unknown-unknown-unknown')).status, 401);
            await gateway.stop();
        });
    }
});

test('refuses to start where it can keep nothing, and says what to change', async () => {
    const gateway = await Gateway.prepare(config());
    await writeFile(gateway.stateFolder, 'a file');
    const { code, output } = await gateway.run('serve', '--listen', '127.0.0.1:0');
    assert.equal(code, 1);
    assert.match(output, /is not a folder; name another one with --state-dir/);
    await gateway.remove();
});

test('serves known keys while the database is locked, and then posts what they spent', async () => {
    const gateway = await Gateway.start(config());
    const { key } = await gateway.key();
    const charged = upstream.charged;
    const unlock = await lockDatabase(database(gateway));
    const replies = await Promise.all(Array.from({ length: 60 },
        (_, index) => call(gateway, key, index % 2 ? 'whole' : 'stream')));
    assert.deepEqual(replies.filter((reply) => reply.status !== 200), []);
    assertError(await ask(`${gateway.url}/key/generate`, { headers: bearer(masterKey), body: {} }),
        { ...away, type: 'no_db_connection', code: '503' });
    await gateway.until(async () => JSON.parse((await get(gateway, '/health/readiness')).body).reason, 'a reason');
    assert.equal((await get(gateway, '/health/readiness')).status, 200, 'calls are still answered');
    assert.equal((await call(gateway, key)).status, 200);
    assert.equal((await call(gateway, 'sk-unknown-unknown-unknown')).status, 401);
    assert.ok(await gateway.metric('deltallm_journal_backlog_bytes') > 0);
    await unlock();
    await gateway.posted();
    const entries = await gateway.spend(61);
    assert.equal(entries.length, 61);
    assert.equal(nanos(entries), upstream.charged - charged);
    await gateway.key(); // Keys can be made again.
    await gateway.stop();
});

test('loses nothing when it is killed and started again while the database is locked', async () => {
    const gateway = await Gateway.start(config());
    const { key } = await gateway.key();
    const charged = upstream.charged;
    const unlock = await lockDatabase(database(gateway));
    const calls = async () => {
        const replies = await Promise.all(Array.from({ length: 30 }, () => call(gateway, key)));
        assert.deepEqual(replies.filter((reply) => reply.status !== 200), []);
    };
    await calls();
    await gateway.kill();
    await gateway.launch();
    await calls();
    await unlock();
    await gateway.posted();
    const entries = await gateway.spend(60);
    assert.equal(entries.length, 60);
    assert.equal(nanos(entries), upstream.charged - charged);
    await gateway.stop();
});

test('settles at the end what the database refused until then', async () => {
    const gateway = await Gateway.start(config());
    const unlock = await lockDatabase(database(gateway));
    const charged = upstream.charged;
    assert.equal((await call(gateway, masterKey)).status, 200);
    gateway.process.kill('SIGTERM');
    await unlock();
    assert.equal((await gateway.exited)[0], 0);
    await gateway.launch();
    assert.equal(nanos(await gateway.spend(1)), upstream.charged - charged);
    await gateway.stop();
});
