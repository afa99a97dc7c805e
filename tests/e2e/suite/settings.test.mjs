// Settings that admins change while the gateway runs: they hold at once, over what the file says, and after a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, bearer } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

let upstream;
let gateway;
before(async () => {
    upstream = await Upstream.start({
        'up-whole': ({ response }) => json(response, 200, completion({ content: 'ok' }, usageOf(10, 5))),
        'up-slow': ({ response }) => setTimeout(() => json(response, 200, completion({ content: 'ok' }, usageOf(10, 5))), 1500),
    });
    const config = configFor(upstream.url, ['whole', 'slow'], {});
    gateway = await Gateway.start({ ...config, router_settings: { timeout: 30 } });
});
after(async () => {
    await gateway.stop();
    await upstream.stop();
});

const name = 'router_settings.timeout';
const set = (values) => gateway.admin('PATCH', '/ui/api/settings', { values });
const shown = async (key) => (await gateway.admin('GET', '/ui/api/settings')).body.items.find((each) => each.name === key);
const call = (model) => ask(`${gateway.url}/v1/chat/completions`,
    { headers: bearer(masterKey), body: { model, messages: [{ role: 'user', content: 'Hi' }] } });

test('says of each setting where its value comes from, and shows no secret', async () => {
    const { body } = await gateway.admin('GET', '/ui/api/settings');
    assert.ok(body.items.length > 30);
    assert.doesNotMatch(JSON.stringify(body), new RegExp(masterKey));
    assert.deepEqual(await shown(name).then(({ source, value, changeable }) => ({ source, value, changeable })),
        { source: 'file', value: '30', changeable: true });
    const key = await shown('general_settings.master_key');
    assert.deepEqual([key.source, key.value, key.changeable], ['file', null, false]);
    assert.equal((await shown('general_settings.clamp_max_tokens')).source, 'default');
});

test('a setting of the database holds at once, after a restart, and until it is taken back', async () => {
    assert.equal((await call('slow')).status, 200);
    assert.equal((await set({ [name]: 1 })).status, 200);
    await gateway.until(async () => (await call('slow')).status === 504, 'the shorter time holds');
    assert.equal((await shown(name)).source, 'database');
    assert.equal(await gateway.kill('SIGTERM'), 0);
    await gateway.launch();
    assert.equal((await call('slow')).status, 504);
    assert.equal((await set({ [name]: null })).status, 200);
    await gateway.until(async () => (await call('slow')).status === 200, 'the time of the file holds again');
    assert.equal((await shown(name)).source, 'file');
    const back = await gateway.admin('POST', '/ui/api/settings/versions/1/restore');
    assert.deepEqual(back.body.values, { [name]: 1 });
    await gateway.until(async () => (await call('slow')).status === 504, 'it is as it was in the first version');
    await set({ [name]: null });
});

test('the least level of the log changes while the gateway runs', async () => {
    await set({ 'general_settings.log_level': 'DEBUG' });
    await gateway.says(/The configuration was loaded anew/);
    assert.equal((await shown('general_settings.log_level')).value, 'DEBUG');
    await set({ 'general_settings.log_level': null });
});

test('what could not be loaded is refused, and changes nothing', async () => {
    for (const [values, param] of [
        [{ [name]: 'soon' }, `values.${name}`],
        [{ [name]: -1 }, `values.${name}`],
        [{ [name]: [1] }, `values.${name}`],
        [{ 'general_settings.log_level': 'LOUD' }, 'values.general_settings.log_level'],
        [{ 'general_settings.master_key': 'sk-mine' }, 'values.general_settings.master_key'],
        [{ 'nothing.at.all': 1 }, 'values.nothing.at.all'],
        [{ 'general_settings.log_level': 'os.environ/HOME' }, 'values.general_settings.log_level'],
        [{ 'general_settings.log_level': 'vault/secret/x' }, 'values.general_settings.log_level'],
    ]) {
        const { status, body } = await set({ ...values, 'general_settings.clamp_max_tokens': false });
        assert.equal(status, 400);
        assert.equal(body.param, param, body.detail);
    }
    assert.equal((await shown('general_settings.clamp_max_tokens')).source, 'default');
});
