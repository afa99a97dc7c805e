// Secrets that the configuration refers to: a Vault that the gateway asks at the start and with each reload.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ask, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-whole': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
};
const secrets = { status: 200, key: 'sk-first-1234567890' };
let upstream;
let vault;

before(async () => {
    upstream = await Upstream.start(scripts);
    vault = http.createServer((request, response) => {
        const isKnown = request.url === '/v1/secret/data/app' && request.headers['x-vault-token'] === 's.e2e';
        const data = { data: { provider: secrets.key, master: masterKey }, metadata: { version: 1 } };
        json(response, isKnown ? secrets.status : 403, isKnown ? { data } : { errors: ['permission denied'] });
    });
    vault.listen(0, '127.0.0.1');
    await once(vault, 'listening');
    process.env.VAULT_ADDR = `http://127.0.0.1:${vault.address().port}`;
    process.env.VAULT_TOKEN = 's.e2e';
});
after(async () => {
    vault.close();
    await upstream.stop();
});

const call = (gateway, key) => ask(`${gateway.url}/v1/chat/completions`,
    { headers: bearer(key), body: { model: 'whole', messages: [{ role: 'user', content: 'Hi' }] } });
const sent = () => upstream.requests.at(-1).headers.authorization;

async function prepared() {
    const config = configFor(upstream.url, ['whole']);
    config.general_settings.master_key = 'vault/secret/app#master';
    config.model_list[0].deltallm_params.api_key = 'vault/secret/app#provider';
    return Gateway.prepare(config);
}

describe('secrets that the configuration refers to', () => {
    test('come from a Vault, and anew with each reload', async () => {
        Object.assign(secrets, { status: 200, key: 'sk-first-1234567890' });
        const gateway = await prepared();
        const checked = await gateway.run('check-config');
        assert.equal(checked.code, 0, checked.output);
        await gateway.launch();
        const { key } = await gateway.key();
        assert.equal((await call(gateway, key)).status, 200);
        assert.equal(sent(), 'Bearer sk-first-1234567890');

        secrets.key = 'sk-second-1234567890';
        gateway.process.kill('SIGHUP');
        await gateway.says(/was loaded anew/);
        assert.equal((await call(gateway, key)).status, 200);
        assert.equal(sent(), 'Bearer sk-second-1234567890');

        secrets.status = 503;
        gateway.process.kill('SIGHUP');
        await gateway.says(/vault\/secret\/app#master has no value: Vault cannot answer now/);
        assert.equal((await call(gateway, key)).status, 200);
        assert.equal(sent(), 'Bearer sk-second-1234567890');
        assert.doesNotMatch(gateway.output, /sk-first|sk-second|s\.e2e/);
        await gateway.stop();
    });

    test('end a start with a status that tells whether to try again', async () => {
        const gateway = await prepared();
        for (const [status, code, reason] of [[503, 1, /cannot answer now/], [403, 3, /refuses it \(403\)/]]) {
            secrets.status = status;
            const started = await gateway.run('serve');
            assert.equal(started.code, code, started.output);
            assert.match(started.output, reason);
            assert.match(started.output, /general_settings\.master_key: vault\/secret\/app#master has no value/);
        }
        secrets.status = 200;
        await gateway.remove();
    });

    test('are read from files as well', async () => {
        const gateway = await Gateway.prepare(configFor(upstream.url, ['whole']));
        const file = join(gateway.folder, 'provider-key');
        await writeFile(file, 'sk-of-a-file-1234567890\n');
        const config = configFor(upstream.url, ['whole']);
        config.model_list[0].deltallm_params.api_key = `file${file}`;
        await gateway.configure(config);
        await gateway.launch();
        const { key } = await gateway.key();
        assert.equal((await call(gateway, key)).status, 200);
        assert.equal(sent(), 'Bearer sk-of-a-file-1234567890');
        await gateway.stop();
    });
});
