// Tokens of an identity provider in place of keys: made with node's crypto, checked by the real gateway, which
// fetches the provider's keys from a server of the test.
import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { Gateway, configFor } from '../lib/gateway.mjs';
import { Upstream, completion, json, usageOf } from '../lib/upstream.mjs';

const base64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const pair = { dsaEncoding: 'ieee-p1363' };

/** What each algorithm is signed with. */
const algorithms = {
    RS256: ['rsa', { modulusLength: 2048 }, 'sha256', {}],
    RS384: ['rsa', { modulusLength: 3072 }, 'sha384', {}],
    RS512: ['rsa', { modulusLength: 2048 }, 'sha512', {}],
    PS256: ['rsa', { modulusLength: 2048 }, 'sha256', pss],
    PS384: ['rsa', { modulusLength: 2048 }, 'sha384', pss],
    PS512: ['rsa', { modulusLength: 2048 }, 'sha512', pss],
    ES256: ['ec', { namedCurve: 'P-256' }, 'sha256', pair],
    ES384: ['ec', { namedCurve: 'P-384' }, 'sha384', pair],
    ES512: ['ec', { namedCurve: 'P-521' }, 'sha512', pair],
    EdDSA: ['ed25519', {}, null, {}],
};

class SigningKey {
    constructor(algorithm, kid) {
        const [kind, options] = algorithms[algorithm];
        const { publicKey, privateKey } = generateKeyPairSync(kind, options);
        Object.assign(this, { algorithm, kid, privateKey });
        this.jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' };
    }

    token(claims = {}, header = {}) {
        const head = { alg: this.algorithm, kid: this.kid, typ: 'JWT', ...header };
        const body = {
            iss: provider.url, aud: 'deltallm', sub: 'ada', iat: now(), exp: now() + 300, ...claims,
        };
        const text = `${base64(head)}.${base64(body)}`;
        const [, , digest, options] = algorithms[this.algorithm];
        return `${text}.${sign(digest, Buffer.from(text), { key: this.privateKey, ...options }).toString('base64url')}`;
    }
}

/** An identity provider: serves its keys, or whatever `answer` does. */
class Provider {
    static async start() {
        const instance = new Provider();
        instance.questions = 0;
        instance.serve([]);
        instance.server = http.createServer((request, response) => {
            instance.questions += 1;
            instance.answer(response);
        });
        instance.server.listen(0, '127.0.0.1');
        await once(instance.server, 'listening');
        instance.url = `http://127.0.0.1:${instance.server.address().port}`;
        return instance;
    }

    serve(keys) {
        this.answer = (response) => response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
    }

    async stop() {
        this.server.closeAllConnections();
        this.server.close();
        await once(this.server, 'close');
    }
}

let provider;
let upstream;
let gateway;
before(async () => {
    provider = await Provider.start();
    const answer = ({ response, charge }) =>
        json(response, 200, completion({ content: 'hello' }, charge(usageOf(3, 2))));
    upstream = await Upstream.start({ 'up-m': answer, 'up-other': answer });
});
after(async () => {
    await provider.stop();
    await upstream.stop();
});
afterEach(async () => {
    await gateway.stop();
});

const first = new SigningKey('RS256', 'first');

async function startGateway(settings = {}) {
    const config = configFor(upstream.url, ['m', 'other']);
    Object.assign(config.general_settings, {
        enable_jwt_auth: true,
        jwt_public_key_url: `${provider.url}/keys`,
        jwt_issuer: provider.url,
        jwt_audience: 'deltallm',
        ...settings,
    });
    gateway = await Gateway.start(config);
}

async function ask(token, model = 'm') {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    const text = await response.text();
    return { status: response.status, text, error: response.ok ? undefined : JSON.parse(text).error };
}

/** The keys are fetched while the gateway starts. */
const untilKnown = (token) => gateway.until(async () => (await ask(token)).status === 200, 'the token is known');

test('a token of every algorithm is a key, and its calls count for user, team and organisation', async () => {
    const keys = Object.keys(algorithms).map((algorithm) => new SigningKey(algorithm, `key ${algorithm}`));
    provider.serve(keys);
    await startGateway({ jwt_claims_mapping: { organization_id: 'tenant.id' } });
    await untilKnown(keys[0].token({ sub: 'warm-up' }));
    for (const key of keys) {
        const claims = { sub: key.algorithm, team_id: 'research', tenant: { id: 'acme' } };
        const { status, text } = await ask(key.token(claims));
        assert.equal(status, 200, `${key.algorithm}: ${text}`);
    }
    const calls = await gateway.spend(keys.length, '&team_id=research');
    assert.deepEqual(new Set(calls.map((call) => call.user)), new Set(Object.keys(algorithms)));
    assert.ok(calls.every((call) => call.organization_id === 'acme' && call.api_key === `jwt:${call.user}`));
});

test('a budget of the team holds for who has a token', async () => {
    provider.serve([first]);
    await startGateway();
    await untilKnown(first.token({ sub: 'warm-up' }));
    const { status } = await gateway.admin('POST', '/budget/new',
        { budget_id: 'poor', scope: 'team', scope_id: 'poor', max_budget: 0.000001 });
    assert.equal(status, 200);
    const refused = await ask(first.token({ team_id: 'poor' }));
    assert.equal(refused.status, 429);
    assert.equal(refused.error.code, 'budget_exceeded');
    assert.equal((await ask(first.token({ team_id: 'rich' }))).status, 200);
});

test('a token may call the models of its claim, with its scope, and administers nothing', async () => {
    provider.serve([first]);
    await startGateway({ jwt_claims_mapping: { models: 'models' }, jwt_required_scopes: ['llm'] });
    const good = first.token({ models: ['m'], scope: 'openid llm' });
    await untilKnown(good);
    assert.equal((await ask(good, 'other')).error.code, 'model_not_allowed');
    assert.equal((await ask(first.token({ models: ['m'], scope: 'openid' }))).status, 403);
    assert.equal((await ask(first.token({ scope: 'llm' }))).status, 403);
    const models = await fetch(`${gateway.url}/v1/models`,
        { headers: { authorization: `Bearer ${good}`, connection: 'close' } });
    assert.deepEqual((await models.json()).data.map(({ id }) => id), ['m']);
    const administered = await fetch(`${gateway.url}/key/generate`, {
        method: 'POST', body: '{}',
        headers: { authorization: `Bearer ${good}`, 'content-type': 'application/json', connection: 'close' },
    });
    assert.equal(administered.status, 403);
});

test('what is not a good token is refused with a reason that gives nothing away', async () => {
    provider.serve([first]);
    await startGateway();
    await untilKnown(first.token());
    const stranger = new SigningKey('RS256', 'first');
    const good = first.token();
    const unsigned = `${base64({ alg: 'none', kid: 'first' })}.${good.split('.')[1]}.`;
    const text = `${base64({ alg: 'HS256', kid: 'first' })}.${good.split('.')[1]}`;
    const confused = `${text}.${createHmac('sha256', JSON.stringify(first.jwk)).update(text).digest('base64url')}`;
    const cases = [
        [unsigned, 'invalid_token'], [confused, 'invalid_token'], [stranger.token(), 'invalid_token'],
        [first.token({}, { alg: 'RS512' }), 'invalid_token'], [first.token({}, { crit: ['exp'] }), 'invalid_token'],
        [first.token({}, { kid: '../../etc/passwd' }), 'invalid_token'],
        [first.token({ iss: `${provider.url}/` }), 'invalid_token'], [first.token({ aud: 'other' }), 'invalid_token'],
        [first.token({ exp: undefined }), 'invalid_token'], [first.token({ nbf: now() + 600 }), 'invalid_token'],
        [first.token({ exp: now() - 600 }), 'expired_token'], [`${good}A`, 'invalid_token'],
        [good.slice(0, -1), 'invalid_token'], [first.token({ padding: 'a'.repeat(13_000) }), 'invalid_token'], ['a.b.c', 'invalid_token'], ['a.b', 'invalid_api_key'],
    ];
    for (const [token, code] of cases) {
        const { status, error } = await ask(token);
        assert.equal(status, 401, token);
        assert.equal(error.code, code, token);
        assert.equal(error.type, 'authentication_error');
        assert.ok(!error.message.includes(provider.url));
    }
    assert.equal((await ask(good)).status, 200);
    assert.ok(cases.every(([token]) => token.length < 20 || !gateway.output.includes(token.slice(-20))));
});

test('a new key works within seconds of its first use, and an old one not after it is gone', async () => {
    provider.serve([first]);
    await startGateway();
    await untilKnown(first.token());
    const second = new SigningKey('ES256', 'second');
    provider.serve([second]);
    await new Promise((resolve) => setTimeout(resolve, 10_000)); // Since the last fetch.
    const before = provider.questions;
    const token = second.token();
    assert.equal((await ask(token)).error.code, 'invalid_token'); // It does not wait.
    const began = Date.now();
    await untilKnown(token);
    assert.ok(Date.now() - began < 5000);
    assert.equal((await ask(first.token())).error.code, 'invalid_token');
    for (let time = 0; time < 50; ++time) {
        assert.equal((await ask(new SigningKey('EdDSA', `${time}`).token())).status, 401);
    }
    assert.equal(provider.questions, before + 1);
});

test('whatever becomes of the provider, the keys that are known stay, and it is said once', async () => {
    provider.serve([first]);
    await startGateway();
    await untilKnown(first.token());
    const faults = [
        (response) => response.writeHead(302, { location: `${provider.url}/elsewhere` }).end(),
        (response) => response.end('x'.repeat(1 << 20)),
        () => {}, // It hangs.
    ];
    provider.answer = (response) => (faults.length > 1 ? faults.shift() : faults[0])(response);
    const begun = provider.questions;
    await ask(new SigningKey('EdDSA', 'unknown').token());
    const waited = Date.now();
    while (provider.questions < begun + 3 && Date.now() - waited < 60_000) {
        assert.equal((await ask(first.token())).status, 200);
        await new Promise((resolve) => setTimeout(resolve, 250));
    }
    assert.ok(provider.questions >= begun + 3);
    assert.equal((await ask(first.token())).status, 200);
    assert.equal(gateway.output.match(/cannot be fetched/g).length, 1);
    provider.serve([first]);
});

test('while no keys are known the caller is not blamed, and a virtual key works', async () => {
    provider.answer = (response) => response.writeHead(500).end();
    await startGateway();
    const token = first.token();
    const early = await ask(token);
    assert.equal(early.status, 503);
    assert.equal(early.error.code, 'identity_unavailable');
    assert.equal((await ask((await gateway.key()).key)).status, 200);
    provider.serve([first]);
    await untilKnown(token);
});
