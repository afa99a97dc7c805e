import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway, masterKey, nanos } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-fast': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-slow': async ({ response, charge }) => {
        const out = stream(response);
        for (let index = 0; index < 20; ++index) {
            out.event(chunk({ content: 'word ' }));
            await sleep(50);
        }
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 20)) });
        out.event('[DONE]');
        out.end();
    },
};

let upstream;
before(async () => { upstream = await Upstream.start(scripts); });
after(() => upstream.stop());

const ask = (gateway, model, key = masterKey, extra = {}) => fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST', headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], ...extra }) });

test('starts without any configuration and answers the demo model', async () => {
    const gateway = await Gateway.start({});
    const key = gateway.output.match(/sk-dl-\w+-\w+-\w+/g).at(-1);
    const response = await ask(gateway, 'demo', key);
    assert.equal(response.status, 200);
    const answer = await response.json();
    assert.equal(answer.choices[0].message.content, 'Hi');
    assert.ok(answer.usage.prompt_tokens > 0);
    await gateway.kill('SIGTERM');
    const before = gateway.output;
    await gateway.launch();
    assert.ok(!/sk-dl-\w+-\w+-\w+/.test(gateway.output.slice(before.length)), 'secrets are printed once');
    assert.equal((await ask(gateway, 'demo', key)).status, 200);
    await gateway.stop();
});

test('finishes its streams after SIGTERM and settles them', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['slow']));
    const response = await ask(gateway, 'slow', masterKey, { stream: true });
    const reader = response.body.getReader();
    let text = new TextDecoder().decode((await reader.read()).value);
    gateway.process.kill('SIGTERM');
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += new TextDecoder().decode(part.value);
    }
    assert.ok(text.endsWith('data: [DONE]\n\n'));
    const [code] = await gateway.exited;
    assert.equal(code, 0);
    await gateway.launch();
    assert.equal(nanos(await gateway.spend(1)), 50000n);
    await gateway.stop();
});

test('reloads models on SIGHUP and keeps the last good file', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['fast']));
    const file = join(gateway.folder, 'config.yaml');
    assert.equal((await ask(gateway, 'slow')).status, 404);
    await writeFile(file, JSON.stringify({ ...configFor(upstream.url, ['fast', 'slow']),
        router_settings: { num_retries: 3 } }));
    gateway.process.kill('SIGHUP');
    await gateway.until(async () => (await fetch(`${gateway.url}/v1/models/slow`,
        { headers: { authorization: `Bearer ${masterKey}` } })).status === 200, 'the new model');
    await gateway.says(/router_settings\.num_retries: has no effect/);
    await writeFile(file, '{"model_list": [{"model_nam');
    gateway.process.kill('SIGHUP');
    await gateway.says(/config\.yaml:1/);
    assert.equal((await ask(gateway, 'fast')).status, 200);
    await writeFile(file, JSON.stringify(configFor(upstream.url, ['fast'])));
    await gateway.stop();
});

test('says that there is nothing to reload when it was started without a file', async () => {
    const gateway = await Gateway.prepare({});
    gateway.configFile = undefined;
    await gateway.launch();
    await gateway.says(/Configuration: none, built-in models/);
    gateway.process.kill('SIGHUP');
    await gateway.says(/found no configuration file/);
    await gateway.stop();
});

test('notices within a second what the command line did to its keys', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['fast']));
    const made = await gateway.run('keys', 'create', '--alias', 'cli', '--json');
    assert.equal(made.code, 0, made.output);
    const { key } = JSON.parse(made.output);
    await gateway.until(async () => (await ask(gateway, 'fast', key)).status === 200, 'the new key');
    assert.match((await gateway.run('keys', 'list')).output, /cli/);
    assert.equal((await gateway.run('keys', 'revoke', 'cli')).code, 0);
    await gateway.until(async () => (await ask(gateway, 'fast', key)).status === 401, 'the end of the key');
    await gateway.stop();
});

test('says which flag to change when the port is taken', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['fast']));
    const second = await gateway.run('serve', '--listen', gateway.url.slice('http://'.length));
    assert.equal(second.code, 4);
    assert.match(second.output, /--listen/);
    await gateway.stop();
});

test('names the variable of a secret that is not set', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['fast']));
    const config = configFor(upstream.url, ['fast']);
    config.model_list[0].deltallm_params.api_key = 'os.environ/DELTA_E2E_NOT_SET';
    await writeFile(join(gateway.folder, 'config.yaml'), JSON.stringify(config));
    const checked = await gateway.run('check-config');
    assert.equal(checked.code, 3);
    assert.match(checked.output, /DELTA_E2E_NOT_SET/);
    await writeFile(join(gateway.folder, 'config.yaml'), JSON.stringify(configFor(upstream.url, ['fast'])));
    await gateway.stop();
});

test('shows its metrics', async () => {
    const gateway = await Gateway.start(configFor(upstream.url, ['fast']));
    await (await ask(gateway, 'fast')).json();
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(text, /deltallm_requests_total\{model="fast",api_provider="custom_openai",api_key="master".*status_code="200"\} 1/);
    assert.match(text, /deltallm_spend_total\{.*\} 0\.00002\b/);
    await gateway.stop();
});
