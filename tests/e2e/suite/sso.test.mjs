// Single sign-on: against a real OpenID provider, and against one that lies.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import Provider from 'oidc-provider';
import { Gateway, masterKey } from '../lib/gateway.mjs';

const redirect = 'https://gateway.example.com/ui/api/auth/oidc/callback';
const secret = 'a-secret-of-the-client-0123456789';
const accounts = {
    ada: { email: 'Ada@Example.com', email_verified: true, name: 'Ada', groups: ['admins', 'research'] },
    bob: { email: 'bob@example.com', email_verified: true, name: 'Bob', groups: ['research'] },
    mal: { email: 'ada@example.com', email_verified: false, name: 'Mal', groups: ['admins'] },
    eve: { email: 'eve@elsewhere.org', email_verified: true, name: 'Eve', groups: [] },
};

let server;
let issuer;
let gateway;

async function listen(handler) {
    const made = http.createServer(handler);
    made.listen(0, '127.0.0.1');
    await once(made, 'listening');
    return made;
}

function configFor(settings) {
    return {
        model_list: [],
        general_settings: {
            master_key: masterKey, enable_sso: true, sso_client_id: 'deltallm', sso_redirect_uri: redirect,
            sso_allowed_domains: ['example.com'],
            sso_group_roles: { admins: 'platform_admin', research: 'team:research:team_member' },
            ...settings,
        },
    };
}

before(async () => {
    let provider;
    server = await listen((request, response) => provider.callback()(request, response));
    issuer = `http://127.0.0.1:${server.address().port}`;
    provider = new Provider(issuer, {
        clients: [{ client_id: 'deltallm', client_secret: secret, redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_basic' }],
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
        findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
        pkce: { required: () => true },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
    });
    provider.use(async (context, next) => {
        if (!context.path.startsWith('/interaction/')) return next();
        const { prompt, params, session } = await provider.interactionDetails(context.req, context.res);
        if (prompt.name === 'login') {
            return provider.interactionFinished(context.req, context.res, { login: { accountId: context.headers['x-account'] } });
        }
        const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
        grant.addOIDCScope(params.scope);
        return provider.interactionFinished(context.req, context.res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
    });
    gateway = await Gateway.start(configFor({ sso_issuer: issuer, sso_client_secret: secret }));
    await admin('POST', '/ui/api/teams', { team_id: 'research', name: 'Research' });
});
after(async () => {
    await gateway.stop();
    server.closeAllConnections();
    server.close();
});

async function admin(method, path, body) {
    const response = await fetch(gateway.url + path, {
        method,
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
}

/** A browser: keeps the cookies of each place, and goes where it is sent, until it is sent to a page of ours. */
class Browser {
    cookies = new Map();

    async get(url, headers = {}) {
        const origin = new URL(url).origin;
        const jar = this.cookies.get(origin) ?? new Map();
        this.cookies.set(origin, jar);
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(url, { redirect: 'manual', headers: { ...(cookie && { cookie }), ...headers } });
        for (const line of response.headers.getSetCookie()) {
            const [pair] = line.split(';');
            const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
            if (value === '' || /max-age=0/i.test(line)) jar.delete(name);
            else jar.set(name, value);
        }
        return { response, location: response.headers.get('location'), text: await response.text() };
    }

    /** Begins a login, and returns where the provider sends the browser back to. */
    async begin(account, returnTo = '/ui/teams', to = gateway) {
        let { location, text } = await this.get(`${to.url}/ui/api/auth/oidc/start?return_to=${encodeURIComponent(returnTo)}`);
        assert.ok(location, text);
        this.asked = new URL(location);
        while (!location.startsWith(redirect)) {
            ({ location, text } = await this.get(new URL(location, issuer).href, { 'x-account': account }));
            assert.ok(location, text);
        }
        return location.replace('https://gateway.example.com', to.url);
    }

    async login(account, returnTo, to) {
        return this.get(await this.begin(account, returnTo, to));
    }

    me(to = gateway) {
        return this.get(`${to.url}/ui/api/auth/me`).then(({ response, text }) => ({ status: response.status, body: JSON.parse(text) }));
    }
}

test('somebody logs in at a real provider, and is who their groups say', async () => {
    const boot = await (await fetch(`${gateway.url}/ui/api/bootstrap`)).json();
    assert.deepEqual(boot.sso, { provider: 'oidc', url: '/ui/api/auth/oidc/start' });
    const browser = new Browser();
    const { response, location } = await browser.login('ada');
    assert.equal(response.status, 302);
    assert.equal(location, '/ui/teams');
    assert.equal(browser.asked.searchParams.get('code_challenge_method'), 'S256');
    const me = await browser.me();
    assert.equal(me.status, 200);
    assert.equal(me.body.user.email, 'ada@example.com');
    const users = await admin('GET', '/ui/api/users?email=ada@example.com');
    assert.equal(users.items[0].role, 'platform_admin');
    assert.equal(users.items[0].origin, 'sso');
    const members = await admin('GET', '/ui/api/teams/research/members');
    assert.deepEqual(members.items.map((member) => member.role), ['team_member']);
    const events = await admin('GET', '/ui/api/audit/events?actor_kind=sso');
    assert.deepEqual(events.items.map((event) => event.action).sort(),
        ['identity.link', 'login', 'team_member.add', 'user.create', 'user.update']);
});

test('a second login is the same user, and their groups of today count', async () => {
    accounts.ada.groups = ['research'];
    const browser = new Browser();
    await browser.login('ada');
    const users = await admin('GET', '/ui/api/users?email=ada@example.com');
    assert.equal(users.items.length, 1);
    assert.equal(users.items[0].role, 'none');
    accounts.ada.groups = [];
    await new Browser().login('ada');
    assert.deepEqual((await admin('GET', '/ui/api/teams/research/members')).items, []);
    accounts.ada.groups = ['admins', 'research'];
});

test('an address that is not verified, or of another domain, lets nobody in', async () => {
    for (const account of ['mal', 'eve']) {
        const browser = new Browser();
        const { location } = await browser.login(account);
        assert.equal(location, '/ui/teams?sso_error=sso_refused');
        assert.equal((await browser.me()).status, 401);
    }
    await gateway.says(/not verified/);
    await gateway.says(/of no allowed domain/);
});

test('a user who is blocked stays out, and a login does not unblock them', async () => {
    await new Browser().login('bob');
    const [bob] = (await admin('GET', '/ui/api/users?email=bob@example.com')).items;
    await admin('POST', `/ui/api/users/${bob.user_id}/block`, { reason: 'a test' });
    const browser = new Browser();
    assert.match((await browser.login('bob')).location, /sso_error=sso_refused/);
    assert.equal((await admin('GET', `/ui/api/users/${bob.user_id}`)).blocked, true);
});

test('a login ends only in the browser that began it, and once', async () => {
    const victim = new Browser();
    const attacker = new Browser();
    await victim.get(`${gateway.url}/ui/api/auth/oidc/start`);
    const theirs = await attacker.begin('ada');
    const { location } = await victim.get(theirs);
    assert.equal(location, '/ui/?sso_error=state_mismatch');
    assert.equal((await victim.me()).status, 401);
    assert.equal((await new Browser().get(theirs)).location, '/ui/?sso_error=state_mismatch');
    assert.equal((await attacker.get(theirs)).location, '/ui/teams');
    assert.equal((await attacker.get(theirs)).location, '/ui/?sso_error=state_mismatch');
    const forged = new Browser();
    const url = new URL(await forged.begin('ada'));
    url.searchParams.set('code', 'made-up');
    assert.match((await forged.get(url.href)).location, /sso_error=sso_refused/);
});

test('nobody is sent anywhere but to a page of ours', async () => {
    for (const evil of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/ui/\r\nx: y']) {
        const { location } = await new Browser().login('ada', evil);
        assert.equal(location, '/ui/', evil);
    }
});

/** A provider that signs whatever a test says. */
class Liar {
    static async start() {
        const liar = new Liar();
        liar.rotate('one');
        liar.server = await listen((request, response) => liar.serve(request, response));
        liar.url = `http://127.0.0.1:${liar.server.address().port}`;
        return liar;
    }

    rotate(kid) {
        const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        Object.assign(this, { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } });
    }

    serve(request, response) {
        const json = (body, status = 200) => {
            response.writeHead(status, { 'content-type': 'application/json' });
            response.end(JSON.stringify(body));
        };
        if (request.url.includes('.well-known')) {
            json({
                issuer: this.url, authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.url}/token`,
                jwks_uri: `${this.url}/keys`, userinfo_endpoint: `${this.url}/userinfo`,
            });
        } else if (request.url === '/keys') {
            json({ keys: [this.jwk] });
        } else if (request.url === '/userinfo') {
            json(this.userinfo ?? {});
        } else {
            json({ access_token: 'access', token_type: 'Bearer', id_token: this.token() });
        }
    }

    token() {
        const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const now = Math.floor(Date.now() / 1000);
        const claims = {
            iss: this.url, aud: 'deltallm', sub: 'liar-1', iat: now, exp: now + 300, nonce: this.nonce, groups: [],
            email: 'liar@example.com', email_verified: true, ...this.claims,
        };
        const text = `${base64({ alg: 'RS256', kid: this.kid, ...this.header })}.${base64(claims)}`;
        return `${text}.${sign('sha256', Buffer.from(text), this.privateKey).toString('base64url')}`;
    }
}

test('what a provider says is believed only as far as it can be proved', async () => {
    const liar = await Liar.start();
    const other = await Gateway.start(configFor({ sso_issuer: liar.url }));
    const attempt = async (lie) => {
        Object.assign(liar, { claims: {}, header: {}, userinfo: undefined }, lie);
        const browser = new Browser();
        const { location } = await browser.get(`${other.url}/ui/api/auth/oidc/start`);
        const asked = new URL(location).searchParams;
        liar.nonce = asked.get('nonce');
        const back = await browser.get(`${other.url}/ui/api/auth/oidc/callback?code=c&state=${asked.get('state')}`);
        return { location: back.location, browser };
    };
    const now = Math.floor(Date.now() / 1000);
    assert.equal((await attempt({})).location, '/ui/');
    for (const [name, lie] of Object.entries({
        'another nonce': { claims: { nonce: randomBytes(16).toString('hex') } },
        'no nonce': { claims: { nonce: undefined } },
        'another issuer': { claims: { iss: 'https://evil.example' } },
        'another audience': { claims: { aud: 'somebody-else' } },
        'another party': { claims: { aud: ['deltallm', 'other'], azp: 'other' } },
        'no party of several': { claims: { aud: ['deltallm', 'other'] } },
        'an old token': { claims: { iat: now - 3600, exp: now + 3600 } },
        'a token that is over': { claims: { exp: now - 3600 } },
        'no subject': { claims: { sub: '' } },
        'no signature': { header: { alg: 'none' } },
        'an HMAC with the public key': { header: { alg: 'HS256' } },
        'userinfo of somebody else': { claims: { email: undefined }, userinfo: { sub: 'other', email: 'ada@example.com', email_verified: true } },
    })) {
        const { location, browser } = await attempt(lie);
        assert.equal(location, '/ui/?sso_error=sso_refused', name);
        assert.equal((await browser.me(other)).status, 401, name);
    }
    // A new key works at its first use.
    liar.rotate('two');
    assert.equal((await attempt({})).location, '/ui/');
    // The address of somebody who is another subject leads to nobody.
    assert.equal((await attempt({ claims: { sub: 'liar-2' } })).location, '/ui/?sso_error=sso_refused');
    liar.server.closeAllConnections();
    liar.server.close();
    await once(liar.server, 'close');
    const away = await attempt({}).catch(() => undefined);
    assert.ok(away === undefined || /sso_error/.test(away.location));
    await other.stop();
});

test('a provider that is away is a 503, and passwords still work', async () => {
    const other = await Gateway.start(configFor({ sso_issuer: 'http://127.0.0.1:1' }));
    const response = await fetch(`${other.url}/ui/api/auth/oidc/start`, { redirect: 'manual' });
    assert.equal(response.status, 503);
    assert.equal((await response.json()).code, 'identity_unavailable');
    await other.stop();
});

test('a configuration that lacks something says what', async () => {
    const wrong = await Gateway.prepare({ model_list: [], general_settings: { enable_sso: true, sso_group_roles: { a: 'king' } } });
    const { code, output } = await wrong.run('check-config');
    assert.equal(code, 3);
    for (const text of [/sso_issuer/, /sso_client_id/, /sso_redirect_uri/, /platform_admin/]) assert.match(output, text);
    await wrong.remove();
});
