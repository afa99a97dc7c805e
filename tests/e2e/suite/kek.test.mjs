// The keys that secrets are sealed with are replaced while gateways run, by commands that are killed on the way.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gateway, masterKey } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { inParallel } from '../lib/process.mjs';
import { python } from '../lib/python.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const credentials = 300;
const providerKey = 'provider-key-0000';
const prices = { input_cost_per_token: '0.000001', output_cost_per_token: '0.000002' };
let upstream;

before(async () => {
    upstream = await Upstream.start({ 'up-one': ({ response, charge }) =>
        json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10)))) });
});
after(() => upstream.stop());

const config = (settings = {}) => ({ model_list: [], general_settings: { master_key: masterKey, ...settings } });

async function add(gateway, path, body) {
    const made = await gateway.admin('POST', path, body);
    assert.ok(made.status < 300, JSON.stringify(made.body));
}

const credential = (number) => ({
    credential_id: `cred-${number}`, name: `Credential ${number}`, provider: 'custom_openai', origin: upstream.url,
    api_key: `provider-key-${String(number).padStart(4, '0')}`,
});

/** Adds credentials, and a model that is called with the first of them. */
async function furnish(gateway, count) {
    await inParallel(Array.from({ length: count }, (_, number) => number), 8,
        (number) => add(gateway, '/ui/api/credentials', credential(number)));
    await add(gateway, '/ui/api/deployments', {
        deployment_id: 'one', model_name: 'one', provider: 'custom_openai', model: 'up-one',
        api_base: `${upstream.url}/v1`, credential_id: 'cred-0', prices,
    });
}

/** Calls the model, which the provider answers for the right key only, as far as we look. */
async function assertServes(gateway) {
    const { status, body } = await gateway.admin('POST', '/v1/chat/completions',
        { model: 'one', messages: [{ role: 'user', content: 'Hi' }] });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(upstream.requests.at(-1).headers.authorization, `Bearer ${providerKey}`);
}

async function keysOf(gateway) {
    const { code, output } = await gateway.run('kek', 'status', '--json');
    assert.equal(code, 0, output);
    return output.trim().split('\n').map((line) => JSON.parse(line));
}

async function done(gateway, ...words) {
    const { code, output } = await gateway.run('kek', ...words);
    assert.equal(code, 0, output);
    return output;
}

/** Runs the command for at most so long, and kills it then. Returns its code; null if it was killed. */
async function killedAfter(gateway, milliseconds, ...words) {
    const child = spawn(process.env.DELTA_GATEWAY, gateway.args('kek', ...words), { stdio: 'ignore' });
    const exited = once(child, 'close');
    await Promise.race([exited, sleep(milliseconds)]);
    child.kill('SIGKILL');
    const [code] = await exited;
    return code;
}

const readSealed = `import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    row = database.execute("SELECT sealed FROM credential_secrets WHERE credential_id = 'cred-7'").fetchone()
    open(sys.argv[2], "wb").write(row[0])`;
const writeSealed = `import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.execute("UPDATE credential_secrets SET sealed = ? WHERE credential_id = 'cred-7'", (open(sys.argv[2], "rb").read(),))`;

test('a rotation that is killed again and again loses nothing, and the gateway goes on', async () => {
    const gateway = await Gateway.start(config());
    await furnish(gateway, credentials);
    await assertServes(gateway);
    const [old] = await keysOf(gateway);
    assert.deepEqual([old.state, old.credentials], ['newest', credentials]);
    const database = join(gateway.stateFolder, 'deltallm.db');
    const sealedBefore = join(gateway.folder, 'sealed');
    await python(readSealed, database, sealedBefore);

    let code = null;
    let kills = 0;
    for (let time = 2; code === null; time += 3) {
        code = await killedAfter(gateway, time, 'rotate');
        kills += code === null ? 1 : 0;
        const keys = await keysOf(gateway);
        assert.ok(keys.length <= 2, JSON.stringify(keys));
        assert.equal(keys.reduce((sum, key) => sum + key.credentials, 0), credentials);
        await assertServes(gateway);
        // Killed behind its last step: nothing is left to be ended, and another run would make another key.
        if (keys.length === 2 && keys[0].credentials === credentials) code = 0;
    }
    assert.equal(code, 0);
    assert.ok(kills > 0);
    let [fresh, before] = await keysOf(gateway);
    assert.deepEqual([fresh.state, fresh.credentials], ['newest', credentials]);
    assert.deepEqual([before.kek_id, before.state, before.credentials], [old.kek_id, 'old', 0]);

    // As a gateway would do that has not heard of the new key yet.
    await python(writeSealed, database, sealedBefore);
    const refused = await gateway.run('kek', 'retire');
    assert.equal(refused.code, 1);
    assert.match(refused.output, new RegExp(`1 value\\(s\\) are still sealed with the key ${old.kek_id}`));
    assert.equal((await keysOf(gateway)).length, 2);
    await done(gateway, 'rotate');
    [fresh, before] = await keysOf(gateway);
    assert.deepEqual([fresh.credentials, before.credentials], [credentials, 0]);

    await done(gateway, 'retire');
    const left = await keysOf(gateway);
    assert.deepEqual(left.map((key) => [key.kek_id, key.credentials]), [[fresh.kek_id, credentials]]);
    assert.equal((await readFile(join(gateway.stateFolder, 'kek'), 'utf8')).trim().split('\n').length, 1);
    assert.match(await done(gateway, 'retire'), /no key but the newest/);

    // It has heard of the new key meanwhile, and has it after a restart too.
    await add(gateway, '/ui/api/credentials', credential(credentials));
    assert.equal((await keysOf(gateway))[0].credentials, credentials + 1);
    await assertServes(gateway);
    await gateway.kill('SIGTERM');
    await gateway.launch();
    await gateway.until(async () => (await fetch(`${gateway.url}/health/readiness`)).status === 200, 'ready');
    await assertServes(gateway);
    const audit = await gateway.run('audit', 'export');
    const actions = audit.output.trim().split('\n').map((line) => JSON.parse(line))
        .filter((event) => event.target_kind === 'sealing_key');
    assert.equal(actions.filter((event) => event.action === 'sealing_key.add').length, 1);
    assert.equal(actions.filter((event) => event.action === 'sealing_key.remove').length, 1);
    assert.equal(actions.filter((event) => event.action === 'sealing_key.rewrap')
        .reduce((sum, event) => sum + event.after.values, 0), credentials + 1);
    assert.equal((await gateway.run('audit', 'verify')).code, 0);
    await gateway.stop();
});

test('gateways that share a database have the new key before anything is sealed with it', async () => {
    const postgres = await Postgres.start();
    const settings = config({ database_url: postgres.url });
    const first = await Gateway.start(settings);
    const second = await Gateway.startBeside(first, settings);
    await furnish(first, 20);
    await second.until(async () => (await second.admin('GET', '/v1/models')).body.data
        .some((model) => model.id === 'one'), 'the model on the other gateway');
    await first.until(async () => (await first.run('gateways', 'list')).output.trim().split('\n').length === 2,
        'both gateways on the roll');

    for (let run = 0; run < 2; ++run) {
        const { code, output } = await first.run('kek', 'rotate');
        assert.equal(code, 1);
        assert.match(output, /Copy the file to each of them, and then run again with --copied/);
    }
    const [fresh, old] = await keysOf(first);
    assert.deepEqual([fresh.state, fresh.credentials, old.credentials], ['not in use yet', 0, 20]);
    assert.deepEqual((await keysOf(second)).map((key) => key.kek_id), [old.kek_id]);
    for (const gateway of [first, second]) await assertServes(gateway);

    await copyFile(join(first.stateFolder, 'kek'), join(second.stateFolder, 'kek'));
    await done(first, 'rotate', '--copied');
    for (const gateway of [first, second]) {
        await assertServes(gateway);
        assert.equal((await keysOf(gateway))[0].credentials, 20);
    }
    await done(first, 'retire');
    await done(second, 'retire');
    await add(second, '/ui/api/credentials', credential(20));
    assert.deepEqual((await keysOf(first)).map((key) => [key.kek_id, key.credentials]), [[fresh.kek_id, 21]]);
    for (const gateway of [first, second]) {
        await assertServes(gateway);
        await gateway.stop();
    }
    await postgres.stop();
});

test('a key that is missing is named, and nothing is changed', async () => {
    const gateway = await Gateway.start(config());
    await furnish(gateway, 1);
    const [key] = await keysOf(gateway);
    const file = join(gateway.stateFolder, 'kek');
    await gateway.kill('SIGTERM');
    const text = await readFile(file, 'utf8');
    await python('import pathlib, sys\npathlib.Path(sys.argv[1]).write_text("5a" * 32)', file);
    const status = await gateway.run('kek', 'status');
    assert.equal(status.code, 1);
    assert.match(status.output, new RegExp(`1 value\\(s\\) are sealed with the key ${key.kek_id}, which .* does not have`));
    for (const command of ['rotate', 'retire']) {
        const { code, output } = await gateway.run('kek', command);
        assert.equal(code, 1);
        assert.match(output, new RegExp(`sealed with the key ${key.kek_id}, which this gateway does not have`));
    }
    await python('import pathlib, sys\npathlib.Path(sys.argv[1]).write_text(sys.argv[2])', file, text);
    await gateway.launch();
    await gateway.stop();
});
