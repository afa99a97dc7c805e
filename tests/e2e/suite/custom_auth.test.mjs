// Credentials of the operator's own making, which a service of theirs judges: asked by the real gateway, played here.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { Gateway, configFor } from '../lib/gateway.mjs';
import { Upstream, completion, json, usageOf } from '../lib/upstream.mjs';

/** The operator's service: knows badges, or does whatever `answer` does. */
class Hook {
    static async start() {
        const hook = new Hook();
        hook.reset();
        hook.server = http.createServer(async (request, response) => {
            const pieces = [];
            for await (const piece of request) pieces.push(piece);
            const question = { path: request.url, headers: request.headers, text: Buffer.concat(pieces).toString() };
            hook.questions.push(question);
            hook.answer(response, JSON.parse(question.text).credential);
        });
        hook.server.listen(0, '127.0.0.1');
        await once(hook.server, 'listening');
        hook.url = `http://127.0.0.1:${hook.server.address().port}`;
        return hook;
    }

    reset() {
        this.questions = [];
        this.people = {};
        this.answer = (response, credential) =>
            response.end(JSON.stringify(this.people[credential] ?? { allow: false }));
    }

    async stop() {
        this.server.closeAllConnections();
        this.server.close();
        await once(this.server, 'close');
    }
}

let hook;
let upstream;
let gateway;
before(async () => {
    hook = await Hook.start();
    const answer = ({ response, charge }) =>
        json(response, 200, completion({ content: 'hello' }, charge(usageOf(3, 2))));
    upstream = await Upstream.start({ 'up-m': answer, 'up-other': answer });
});
after(async () => {
    await hook.stop();
    await upstream.stop();
});
afterEach(async () => {
    await gateway.stop();
    hook.reset();
});

const ada = { allow: true, user_id: 'ada', team_id: 'research', organization_id: 'acme', tags: ['badge'] };

async function startGateway(settings = {}) {
    const config = configFor(upstream.url, ['m', 'other']);
    Object.assign(config.general_settings, { custom_auth_url: `${hook.url}/check`, ...settings });
    gateway = await Gateway.start(config);
}

async function ask(credential, model = 'm') {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    const text = await response.text();
    return { status: response.status, error: response.ok ? undefined : JSON.parse(text).error };
}

test('whom the service knows may call, and the calls count for user, team and organisation', async () => {
    hook.people['badge-0007-of-ada'] = ada;
    await startGateway({ custom_auth_key: 'a-key-of-the-hook' });
    for (let time = 0; time < 3; ++time) assert.equal((await ask('badge-0007-of-ada')).status, 200);
    assert.equal(hook.questions.length, 1);
    const [question] = hook.questions;
    assert.equal(question.path, '/check');
    assert.equal(question.headers.authorization, 'Bearer a-key-of-the-hook');
    assert.deepEqual(JSON.parse(question.text), { credential: 'badge-0007-of-ada' });
    const calls = await gateway.spend(3, '&team_id=research');
    for (const call of calls) {
        assert.deepEqual([call.user, call.organization_id, call.api_key], ['ada', 'acme', 'custom:ada']);
    }
    assert.equal((await gateway.spend(3, '&tag=badge')).length, 3);
    assert.ok(!gateway.output.includes('badge-0007'));
    assert.ok(!gateway.output.includes('a-key-of-the-hook'));
});

test('a budget of the team holds for who comes by it, and so do models', async () => {
    hook.people['badge-of-ada'] = { ...ada, models: ['m'] };
    hook.people['badge-of-bob'] = { allow: true, user_id: 'bob', team_id: 'poor' };
    await startGateway();
    const made = await gateway.admin('POST', '/budget/new',
        { budget_id: 'poor', scope: 'team', scope_id: 'poor', max_budget: 0.000001 });
    assert.equal(made.status, 200);
    assert.equal((await ask('badge-of-bob')).error.code, 'budget_exceeded');
    assert.equal((await ask('badge-of-ada')).status, 200);
    assert.equal((await ask('badge-of-ada', 'other')).error.code, 'model_not_allowed');
    const models = await fetch(`${gateway.url}/v1/models`,
        { headers: { authorization: 'Bearer badge-of-ada', connection: 'close' } });
    assert.deepEqual((await models.json()).data.map(({ id }) => id), ['m']);
});

test('the list of models asks, too', async () => {
    hook.people['badge-of-ada'] = { ...ada, models: ['other'] };
    await startGateway();
    const get = (path, credential) => fetch(gateway.url + path,
        { headers: { authorization: `Bearer ${credential}`, connection: 'close' } });
    assert.deepEqual((await (await get('/v1/models', 'badge-of-ada')).json()).data.map(({ id }) => id), ['other']);
    assert.equal((await get('/v1/models/m', 'badge-of-ada')).status, 404);
    assert.equal((await get('/v1/models', 'badge-of-nobody')).status, 401);
    hook.answer = (response) => response.writeHead(500).end();
    assert.equal((await get('/v1/models', 'badge-of-bob')).status, 503);
});

test('whom it does not know gets 401 and is not asked about again at once', async () => {
    await startGateway();
    for (let time = 0; time < 3; ++time) {
        const { status, error } = await ask('badge-of-nobody');
        assert.deepEqual([status, error.code], [401, 'invalid_api_key']);
    }
    assert.equal(hook.questions.length, 1);
});

test('keys and the master key are never shown to it, and it opens nothing of the administration', async () => {
    hook.people['badge-of-ada'] = ada;
    await startGateway();
    const { key } = await gateway.key();
    assert.equal((await ask(key)).status, 200);
    for (const wrong of ['sk-1', 'sk-unknown-unknown-unknown', `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`]) {
        assert.equal((await ask(wrong)).status, 401);
    }
    assert.equal(hook.questions.length, 0);
    assert.equal((await ask('badge-of-ada')).status, 200);
    for (const path of ['/ui/api/keys', '/spend/logs', '/key/info']) {
        const response = await fetch(gateway.url + path,
            { headers: { authorization: 'Bearer badge-of-ada', connection: 'close' } });
        assert.equal(response.status, 401, path);
        await response.text();
    }
});

test('whatever is no good answer lets nobody in, and is no fault of the caller', async () => {
    await startGateway({ custom_auth_timeout: '300ms' });
    const answers = {
        redirect: (response) => response.writeHead(302, { location: `${hook.url}/elsewhere` }).end(),
        refused: (response) => response.writeHead(401).end(JSON.stringify(ada)),
        created: (response) => response.writeHead(201).end(JSON.stringify(ada)),
        broken: (response) => response.destroy(),
        garbage: (response) => response.end('<html>ok</html>'),
        misspelt: (response) => response.end(JSON.stringify({ ...ada, model: ['m'] })),
        twice: (response) => response.end('{"allow":false,"allow":true,"user_id":"ada"}'),
        huge: (response) => response.end(JSON.stringify({ ...ada, team_id: 'x'.repeat(100_000) })),
        endless: (response) => {
            const write = () => response.writable && response.write('x'.repeat(65_536), () => setImmediate(write));
            write();
        },
        silent: () => {},
    };
    for (const [name, answer] of Object.entries(answers)) {
        hook.answer = answer;
        const before = hook.questions.length;
        await gateway.until(async () => {
            const { status, error } = await ask(`badge-${name}`);
            assert.deepEqual([status, error.code], [503, 'identity_unavailable'], name);
            return hook.questions.length > before; // It has a rest after each failure.
        }, `a question: ${name}`);
    }
    assert.ok(hook.questions.every(({ path }) => path === '/check'));
    assert.equal(gateway.output.match(/custom auth cannot be asked/g).length, 1);
});

test('while the service is away those go on who are remembered, and all when it is back', async () => {
    hook.people['badge-of-ada'] = ada;
    hook.people['badge-of-bob'] = { allow: true, user_id: 'bob' };
    await startGateway();
    assert.equal((await ask('badge-of-ada')).status, 200);
    const { answer } = hook;
    hook.answer = (response) => response.destroy();
    assert.equal((await ask('badge-of-bob')).status, 503);
    assert.equal((await ask('badge-of-ada')).status, 200);
    hook.answer = answer;
    await gateway.until(async () => (await ask('badge-of-bob')).status === 200, 'Bob is let in');
    await gateway.says(/custom auth answers again/);
});

test('many who come at once with one credential are asked about once', async () => {
    let open;
    const isOpen = new Promise((resolve) => { open = resolve; });
    hook.answer = async (response) => {
        await isOpen;
        response.end(JSON.stringify(ada));
    };
    await startGateway();
    const asked = Array.from({ length: 30 }, () => ask('badge-of-ada'));
    await gateway.until(() => hook.questions.length === 1, 'a question');
    open();
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200);
    assert.equal(hook.questions.length, 1);
});

test('who waits is answered when the service breaks off', async () => {
    await startGateway({ custom_auth_timeout: '30s' });
    hook.answer = () => {};
    const asked = ask('badge-of-ada').catch(() => ({ status: 'cut' }));
    await gateway.until(() => hook.questions.length === 1, 'a question');
    hook.server.closeAllConnections();
    assert.equal((await asked).status, 503);
});

test('a place that credentials must not be sent to is refused at the start', async () => {
    gateway = await Gateway.prepare({ ...configFor(upstream.url, ['m']) });
    const config = configFor(upstream.url, ['m']);
    config.general_settings.custom_auth_url = 'http://auth.example.com/check';
    await gateway.configure(config);
    const { code, output } = await gateway.run('check-config');
    assert.equal(code, 3);
    assert.match(output, /general_settings\.custom_auth_url: must be an https URL/);
    await gateway.configure(configFor(upstream.url, ['m']));
    await gateway.launch();
});
