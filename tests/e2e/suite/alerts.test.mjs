// Alerts about budgets, as their receivers get them: each once, signed, and in the end.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import OpenAI from 'openai';
import { configFor, Gateway } from '../lib/gateway.mjs';
import { isSigned, MailServer, Receiver } from '../lib/receivers.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const secret = 'whsec_0123456789abcdef';
const scripts = {
    // 40 micro-USD a call.
    'up-chat': ({ response, charge }) => json(response, 200, completion(
        { content: 'ok' }, charge(usageOf(20, 10)), 'stop')),
};

let upstream;
let receiver;
let mail;
let gateway;

before(async () => {
    upstream = await Upstream.start(scripts);
    receiver = await Receiver.start();
    mail = await MailServer.start();
});

afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
    receiver.posts = [];
    receiver.answers = [];
});

after(async () => {
    await mail.stop();
    await receiver.stop();
    await upstream.stop();
});

function configWith(alerts) {
    const config = configFor(upstream.url, ['chat']);
    return { ...config, general_settings: { ...config.general_settings, instance_name: 'Kitchen', alerts } };
}

const webhook = () => ({ url: `${receiver.url}/hook`, secret });

/** Makes a budget of 1 milli-USD for a team, and a client with a key of it. */
async function teamWithABudget(team, fields = {}) {
    const made = await gateway.admin('POST', '/budget/new', {
        budget_id: team, scope: 'team', scope_id: team, max_budget: 0.001, budget_duration: '30d', ...fields });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const { key } = await gateway.key({ team_id: team });
    return clientOf(key);
}

// A gateway that was started anew listens elsewhere.
const clientOf = (key) => () => new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

const ask = (client) => client().chat.completions.create(
    { model: 'chat', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 10 });

async function askUntilRefused(client) {
    for (let calls = 0; calls < 100; ++calls) {
        try {
            await ask(client);
        } catch (error) {
            assert.equal(error.code, 'budget_exceeded');
            return;
        }
    }
    assert.fail('the budget lets everything through');
}

const thresholdsOf = (posts) => posts.map(({ body }) => body.threshold).sort();

test('each threshold is told once through every channel, whatever happens afterwards', async () => {
    gateway = await Gateway.start(configWith({
        webhook: webhook(), slack: { url: `${receiver.url}/chat` },
        email: { host: '127.0.0.1', port: mail.port, from: 'DeltaLLM <gateway@example.com>', to: ['ops@example.com'] },
    }));
    const client = await teamWithABudget('sales', { soft_budget: 0.0006 });
    await askUntilRefused(client);
    const all = ['100', '50', '80', 'soft'];
    await gateway.until(() => receiver.taken('/hook').length >= 4 && receiver.taken('/chat').length >= 4, 'the alerts');
    await gateway.until(async () => (await mail.messages()).length >= 4, 'the mails');
    for (const post of receiver.taken('/hook')) {
        assert.ok(isSigned(post, secret));
        assert.ok(!isSigned({ ...post, text: `${post.text} ` }, secret));
        assert.equal(post.headers['x-deltallm-alert-id'], post.body.id);
        assert.equal(post.headers['content-type'], 'application/json');
        const { event, instance, budget_id: id, scope, scope_id: team, limit, spend, message } = post.body;
        assert.deepEqual({ event, instance, id, scope, team, limit },
            { event: 'budget_alert', instance: 'Kitchen', id: 'sales', scope: 'team', team: 'sales', limit: 0.001 });
        assert.ok(spend >= 0.0005 && spend <= 0.001);
        assert.match(message, /'sales'/);
    }
    const soft = receiver.taken('/hook').find(({ body }) => body.threshold === 'soft').body;
    assert.ok(soft.spend >= 0.0006 && soft.soft_budget === 0.0006);
    const chat = receiver.taken('/chat');
    assert.ok(chat.every(({ body }) => body.text && body.attachments[0].fields.length > 0));
    assert.ok(chat.some(({ body }) => /is used up/.test(body.text)));

    await askUntilRefused(client);
    await gateway.kill();
    await gateway.launch();
    await askUntilRefused(client);
    await gateway.posted();
    assert.equal(await gateway.kill('SIGTERM'), 0); // What there is to tell is queued now.
    await gateway.launch();
    await gateway.until(async () => await gateway.metric('deltallm_alerts_queued') === 0, 'nothing left to send');
    assert.deepEqual(thresholdsOf(receiver.taken('/hook')), all);
    assert.equal(new Set(receiver.taken('/hook').map(({ body }) => body.id)).size, 4);
    assert.equal(receiver.taken('/chat').length, 4);
    const messages = await mail.messages();
    assert.equal(messages.length, 4);
    for (const { from, to, data } of messages) {
        assert.equal(from, 'gateway@example.com');
        assert.deepEqual(to, ['ops@example.com']);
        assert.match(data, /^From: DeltaLLM <gateway@example\.com>\r\n/m);
        assert.match(data, /^Message-ID: <alert_\w+@example\.com>\r\n/m);
    }
});

test('a window, a limit and a budget of another name are told anew', async () => {
    gateway = await Gateway.start(configWith({ thresholds: [50], webhook: webhook() }));
    const client = await teamWithABudget('raised', { budget_duration: null });
    await askUntilRefused(client);
    await gateway.until(() => receiver.taken('/hook').length >= 1, 'the first alert');
    const changed = await gateway.admin('POST', '/budget/update', { budget_id: 'raised', max_budget: 0.0015 });
    assert.equal(changed.status, 200);
    await gateway.until(() => receiver.taken('/hook').length >= 2, 'the alert about the new limit');
    await askUntilRefused(await teamWithABudget('other'));
    await gateway.until(() => receiver.taken('/hook').length >= 3, 'the alert about another budget');
    assert.deepEqual(receiver.taken('/hook').map(({ body }) => [body.budget_id, body.limit]),
        [['raised', 0.001], ['raised', 0.0015], ['other', 0.001]]);
});

test('rules say who is told of which budget, and what became of it can be looked up', async () => {
    gateway = await Gateway.start(configWith({ thresholds: [50], webhook: webhook(), slack: { url: `${receiver.url}/chat` } }));
    const rule = await gateway.admin('POST', '/ui/api/alert-rules',
        { name: 'Sales, early', scope: 'team', scope_ids: ['sales'], thresholds: [20], channels: ['slack'] });
    assert.equal(rule.status, 201, JSON.stringify(rule.body));
    assert.deepEqual(rule.body.missing_channels, []);
    await askUntilRefused(await teamWithABudget('sales'));
    await askUntilRefused(await teamWithABudget('support'));
    await gateway.until(() => receiver.taken('/chat').length >= 2 && receiver.taken('/hook').length >= 1, 'the alerts');
    assert.deepEqual(receiver.taken('/hook').map(({ body }) => [body.budget_id, body.threshold]), [['support', '50']]);
    assert.match(receiver.taken('/chat')[0].body.text, /20 % of the budget 'sales'/);

    const deliveries = async (query) => (await gateway.admin('GET', `/ui/api/alert-deliveries?${query}`)).body.items;
    await gateway.until(async () => (await deliveries('state=delivered')).length === 3, 'all of them delivered');
    const [hooked] = await deliveries('channel=webhook');
    assert.equal(hooked.event.budget_id, 'support');
    assert.equal(hooked.attempts, 1);
    const retried = await gateway.admin('POST', `/ui/api/alert-deliveries/${hooked.delivery_id}/retry`);
    assert.equal(retried.status, 409);

    const test = await gateway.admin('POST', '/ui/api/alerts/test', { channels: ['webhook'] });
    assert.equal(test.status, 202, JSON.stringify(test.body));
    await gateway.until(() => receiver.taken('/hook').some(({ body }) => body.id === test.body.alert_id), 'the test');
    const wrong = await gateway.admin('POST', '/ui/api/alerts/test', { channels: ['email'] });
    assert.deepEqual([wrong.status, wrong.body.param], [400, 'channels[0]']);
});

test('what a receiver does not take is sent again, the same to the byte', async () => {
    receiver.answers = [500, 302];
    gateway = await Gateway.start(configWith({ thresholds: [50], webhook: webhook() }));
    await askUntilRefused(await teamWithABudget('retried'));
    await gateway.until(() => receiver.taken('/hook').length === 1, 'the third attempt');
    assert.deepEqual(receiver.posts.map(({ status }) => status), [500, 302, 200]);
    assert.equal(new Set(receiver.posts.map(({ text }) => text)).size, 1);
    assert.ok(receiver.posts.every((post) => isSigned(post, secret)));
    await gateway.until(async () => await gateway.metric('deltallm_alerts_queued') === 0, 'nothing left to send');
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(text, /^deltallm_alerts_total\{channel="webhook",result="delivered"\} 1$/m);
    assert.match(text, /^deltallm_alerts_total\{channel="webhook",result="failed"\} 2$/m);
    await gateway.says(/has not arrived: webhook, attempt 1: it answered 500/);
});

test('what was not delivered when the gateway was killed is delivered after its start', async () => {
    receiver.answers = Array(50).fill(503);
    gateway = await Gateway.start(configWith({ webhook: webhook() }));
    await askUntilRefused(await teamWithABudget('killed'));
    await gateway.until(() => receiver.posts.length >= 1, 'the first attempt');
    await gateway.until(async () => {
        const { output } = await gateway.run('alerts', 'list');
        return output.includes('answered 503') && output.trim().split('\n').length === 3;
    }, 'its end, and all alerts queued');
    await gateway.kill();
    const listed = await gateway.run('alerts', 'list', '--json');
    const rows = listed.output.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(rows.map(({ event }) => event.threshold).sort(), ['100', '50', '80']);
    assert.ok(rows.every(({ channel, state }) => channel === 'webhook' && state === 'queued'));
    receiver.answers = [];
    await gateway.launch();
    await gateway.until(() => receiver.taken('/hook').length >= 3, 'all alerts');
    await gateway.until(async () => await gateway.metric('deltallm_alerts_queued') === 0, 'nothing left to send');
    assert.deepEqual(receiver.taken('/hook').map(({ body }) => body.id).sort(),
        rows.map(({ alert_id: id }) => id).sort());
    assert.match((await gateway.run('alerts', 'list')).output,
        /webhook {2}delivered {2}attempts \d+ {2}50 % of the budget 'killed'/);
});

test('a test of the channels says which of them work', async () => {
    gateway = await Gateway.prepare(configWith({
        webhook: webhook(), slack: { url: `${receiver.url}/chat` },
        email: { host: '127.0.0.1', port: 1, from: 'gateway@example.com', to: ['ops@example.com'] },
    }));
    receiver.answers = [200, 404];
    const tested = await gateway.run('alerts', 'test');
    assert.equal(tested.code, 1);
    assert.match(tested.output, /^webhook: delivered, as test_\w+$/m);
    assert.match(tested.output, /^slack: not delivered: it answered 404$/m);
    assert.match(tested.output, /^email: not delivered: .*connect/mi);
    assert.equal(receiver.posts[0].body.event, 'test_alert');
    assert.ok(isSigned(receiver.posts[0], secret));
    await gateway.remove();
    gateway = undefined;
});
