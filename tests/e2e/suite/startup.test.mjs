// How the gateway starts, reloads and ends under a service manager and from the command line, and what it says of a
// configuration that is wrong, or written for LiteLLM.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { serviceManager, socketActivation } from '../lib/python.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-open': ({ response }) => stream(response).event(chunk({ content: 'begin' })), // Never ends.
};
let upstream;
before(async () => { upstream = await Upstream.start(scripts); });
after(() => upstream.stop());

const config = (models = ['good']) => configFor(upstream.url, models);
const models = (gateway, key = masterKey) => ask(`${gateway.url}/v1/models`, { method: 'GET', headers: bearer(key) });

test('tells the service manager when it is ready, reloads and stops', async () => {
    const gateway = await Gateway.prepare(config());
    const manager = await serviceManager(join(gateway.folder, 'notify'));
    const told = (line, count = 1) => gateway.until(() => manager.lines.filter((one) => one === line).length >= count,
        line);
    try {
        await gateway.launch(manager);
        await told('READY=1');
        assert.equal((await models(gateway)).status, 200, 'ready means that calls are answered');
        gateway.process.kill('SIGHUP');
        await told('RELOADING=1');
        await told('READY=1', 2);
        assert.ok(manager.lines.some((line) => /^MONOTONIC_USEC=\d+$/.test(line)), manager.lines.join());
        gateway.process.kill('SIGTERM');
        await told('STOPPING=1');
        assert.equal((await gateway.exited)[0], 0);
    } finally {
        manager.stop();
        await gateway.remove();
    }
});

test('pings the watchdog of the service manager for as long as all its loops turn', async () => {
    const gateway = await Gateway.prepare(config());
    const manager = await serviceManager(join(gateway.folder, 'notify'));
    try {
        await gateway.launch({ environment: { ...manager.environment, WATCHDOG_USEC: '400000' } });
        await gateway.until(() => manager.lines.filter((line) => line === 'WATCHDOG=1').length >= 3, 'three pings');
    } finally {
        manager.stop();
        await gateway.remove();
    }
});

test('takes over a socket that was opened for it, and answers who came before it was there', async () => {
    const gateway = await Gateway.prepare(config());
    await gateway.launch({ through: socketActivation }); // Returns when the socket is there.
    const first = await Promise.all(Array.from({ length: 20 }, () => models(gateway)));
    assert.ok(first.every((reply) => reply.status === 200 || reply.status === 503));
    await gateway.until(async () => (await models(gateway)).status === 200, 'an answer');
    await gateway.says(new RegExp(`listens on ${gateway.url}`));
    await gateway.stop();
});

test('takes as many descriptors as it may, not as few as a shell gives it', async () => {
    const gateway = await Gateway.prepare(config());
    const shell = ['sh', '-c', 'ulimit -S -n 128 && exec "$0" "$@" --listen 127.0.0.1:0'];
    await gateway.launch({ through: shell });
    const limits = await readFile(`/proc/${gateway.process.pid}/limits`, 'utf8');
    const [, soft, hard] = limits.match(/^Max open files\s+(\d+)\s+(\d+)/m);
    assert.equal(soft, hard);
    await gateway.stop();
});

test('takes a file that was changed without being told', async () => {
    const gateway = await Gateway.start(config());
    await gateway.configure(config(['good', 'open']));
    const names = async () => JSON.parse((await models(gateway)).body).data.map(({ id }) => id);
    await gateway.until(async () => (await names()).includes('open'), 'the new model');
    await gateway.configure('model_list: [');
    await gateway.says(/the last good one stays/);
    assert.deepEqual(await names(), ['good', 'open']);
    await gateway.configure(config());
    await gateway.stop();
});

test('lets its streams go when drain_timeout is over, and settles them', async () => {
    const settings = config(['open']);
    settings.general_settings.server = { drain_timeout: '300ms' };
    const gateway = await Gateway.start(settings);
    const body = { model: 'open', stream: true, messages: [{ role: 'user', content: 'Hi' }] };
    const response = await fetch(`${gateway.url}/v1/chat/completions`,
        { method: 'POST', headers: bearer(masterKey), body: JSON.stringify(body) });
    const reader = response.body.getReader();
    await reader.read();
    gateway.process.kill('SIGTERM');
    await assert.rejects(async () => { while (!(await reader.read()).done); },
        'a client can tell that its stream was cut');
    assert.equal((await gateway.exited)[0], 0);
    await gateway.launch();
    const [entry] = await gateway.spend(1);
    assert.equal(entry.error_code, 'client_closed');
    assert.ok(entry.completion_tokens > 0);
    await gateway.stop();
});

test('ends at once when it is told twice, and settles at the next start', async () => {
    const gateway = await Gateway.start(config(['open']));
    const body = { model: 'open', stream: true, messages: [{ role: 'user', content: 'Hi' }] };
    const response = await fetch(`${gateway.url}/v1/chat/completions`,
        { method: 'POST', headers: bearer(masterKey), body: JSON.stringify(body) });
    const reader = response.body.getReader();
    await reader.read();
    gateway.process.kill('SIGTERM');
    await gateway.until(async () => !(await fetch(`${gateway.url}/health`).then(() => true, () => false)),
        'the closed door');
    gateway.process.kill('SIGTERM');
    assert.equal((await gateway.exited)[0], 1);
    await assert.rejects(async () => { while (!(await reader.read()).done); });
    await gateway.launch();
    const [entry] = await gateway.spend(1);
    assert.equal(entry.outcome, 'recovered');
    await gateway.stop();
});

const entry = (name, text) => `model_list:\n  - model_name: ${name}\n    deltallm_params: {${text}}\n`;
const bomb = [...'bcdefghi'].reduce((text, name,
    at) => `${text}${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]\n`,
    'a: &a [x,x,x,x,x,x,x,x,x]\n');
const broken = [
    ['what is no YAML', 'model_list: [\n', /config\.yaml:\d+:\d+: /],
    ['a key that is there twice', 'general_settings:\n  log_level: INFO\n  log_level: DEBUG\n',
        /config\.yaml:3:3: .*log_level/],
    ['a key that nobody knows', 'general_settings:\n  servre: {}\n',
        /config\.yaml:2:3: general_settings\.servre: .*did you mean "server"/],
    ['a list that is a map', 'model_list: {a: b}\n', /config\.yaml:1:\d+: model_list: /],
    ['a model without a name', 'model_list:\n  - deltallm_params: {model: openai/x}\n',
        /config\.yaml:2:5: model_list\[0\]: lacks the key model_name/],
    ['a negative price', `${entry('a', 'model: openai/x')}    model_info: {input_cost_per_token: -1}\n`,
        /config\.yaml:4:\d+: .*input_cost_per_token: must not be negative/],
    ['a duration that is none', entry('a', 'model: openai/x, timeout: soon'),
        /config\.yaml:3:\d+: .*timeout: must be a duration.*'soon'/],
    ['a size that is none', 'general_settings:\n  server: {max_body_bytes: much}\n',
        /config\.yaml:2:\d+: .*max_body_bytes: must be a size/],
    ['an address that is none', 'general_settings:\n  server: {listen: nonsense}\n',
        /config\.yaml:2:\d+: .*listen: must be address:port/],
    ['a TLS key without a certificate', 'general_settings:\n  server: {tls_key_file: /x}\n',
        /config\.yaml:2:\d+: .*tls_key_file: needs tls_certificate_file/],
    ['authorities that are not there', 'general_settings:\n  upstream_http_ca_file: /no.pem\n',
        /upstream_http_ca_file: .*\/no\.pem/],
    ['a secret that is not set', 'general_settings:\n  master_key: os.environ/DELTA_E2E_NOT_SET\n',
        /config\.yaml:2:\d+: .*DELTA_E2E_NOT_SET/],
    ['an anchor that grows without end', bomb, /config\.yaml/],
    ['a provider that nobody knows', entry('a', 'model: nobody/x'), /config\.yaml:3:30: model_list\[0\]\.deltallm_params\.model: .*"nobody"/],
];
for (const [name, text, message] of broken) {
    test(`does not start with ${name}, and says where it is`, async () => {
        const gateway = await Gateway.prepare(text);
        for (const words of [['check-config'], ['serve', '--listen', '127.0.0.1:0']]) {
            const { code, output } = await gateway.run(...words);
            assert.equal(code, 3, output);
            assert.match(output, message);
        }
        await gateway.remove();
    });
}

test('prints every problem of a file at once, from top to bottom', async () => {
    const gateway = await Gateway.prepare(broken.slice(6,
        9).map(([, text]) => text).join('').replace('general_settings:\n  server: {listen',
        '  servr: {listen') + 'colour: red\n');
    const { output } = await gateway.run('check-config');
    const places = [...output.matchAll(/config\.yaml:(\d+):(\d+): /g)].map(([, line]) => Number(line));
    assert.deepEqual(places, [3, 5, 6, 7]);
    assert.match(output, /4 problem\(s\)/);
    await gateway.remove();
});

test('starts with a file of LiteLLM, and reports each key that has no effect with its place', async () => {
    const text = `model_list:
  - model_name: gpt-4o
    litellm_params:
      model: custom_openai/up-good
      api_base: ${upstream.url}/v1
      api_key: sk-provider-secret-1234567890
      rpm: 60
      input_cost_per_token: 0.000001
      output_cost_per_token: 0.000002
    model_info: {mode: chat}
litellm_settings:
  drop_params: true
  success_callback: ["langfuse"]
router_settings:
  routing_strategy: least-busy
general_settings:
  master_key: ${masterKey}
  alerting_threshold: 300
`;
    const gateway = await Gateway.start(text);
    const idle = { rpm: 7, drop_params: 12, success_callback: 13, routing_strategy: 15, alerting_threshold: 18 };
    for (const [key, line] of Object.entries(idle)) {
        await gateway.says(new RegExp(`config\\.yaml:${line}:\\d+: \\S*\\b${key}: has no effect yet: \\w+`));
    }
    const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };
    assert.equal((await ask(`${gateway.url}/v1/chat/completions`, { headers: bearer(masterKey), body })).status, 200);
    assert.equal((await gateway.spend(1))[0].spend, 0.00002);
    await gateway.stop();
});

test('makes, lists and revokes keys on the command line, with and without a gateway that runs', async () => {
    const gateway = await Gateway.prepare(config(['good', 'open']));
    const made = await gateway.run('keys', 'create', '--alias', 'team', '--models', 'good', '--expires', '30d',
        '--user', 'u1',
        '--team', 't1', '--count', '2', '--json');
    assert.equal(made.code, 0, made.output);
    const keys = made.output.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    assert.deepEqual(keys.map(({ key_alias: alias, models: may, user_id: user, team_id: team }) => ({ alias, may, user,
        team })),
        [1, 2].map((number) => ({ alias: `team-${number}`, may: ['good'], user: 'u1', team: 't1' })));
    await gateway.launch();
    assert.deepEqual(JSON.parse((await models(gateway, keys[0].key)).body).data.map(({ id }) => id), ['good']);
    const taken = await gateway.run('keys', 'create', '--alias', 'team-1');
    assert.equal(taken.code, 1);
    assert.match(taken.output, /alias 'team-1' already/);
    const listed = await gateway.run('keys', 'list', '--json');
    assert.deepEqual(listed.output.trim().split('\n').map((line) => JSON.parse(line).key_alias).sort(),
        ['team-1', 'team-2']);
    assert.ok(!listed.output.includes(keys[0].key), 'a secret is shown once');
    assert.equal((await gateway.run('keys', 'revoke', keys[0].id)).code, 0);
    await gateway.until(async () => (await models(gateway, keys[0].key)).status === 401, 'the end of the key');
    assert.equal((await models(gateway, keys[1].key)).status, 200);
    const gone = await gateway.run('keys', 'revoke', 'nobody');
    assert.equal(gone.code, 1);
    assert.match(gone.output, /nobody.*keys list/);
    const wrong = await gateway.run('keys', 'create', '--expires', 'soon');
    assert.equal(wrong.code, 2);
    assert.match(wrong.output, /"30d"/);
    await gateway.stop();
});
