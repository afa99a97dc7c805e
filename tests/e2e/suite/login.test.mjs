// People log in to a real gateway, as a browser on its page does it, and as pages of others try to.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Gateway, masterKey } from '../lib/gateway.mjs';

let gateway;
let firstPassword;
const adminPassword = 'what the first admin chose';

before(async () => {
    gateway = await Gateway.start({ model_list: [], general_settings: { master_key: masterKey } });
    await gateway.says(/admin password\s+\S+/);
    [, firstPassword] = gateway.output.match(/admin password\s+(\S+)/);
});
after(() => gateway.stop());

/** A browser on a page of the gateway: keeps the cookie, sends the token that goes with it. */
class Browser {
    constructor(options = {}) {
        this.origin = 'origin' in options ? options.origin : gateway.url;
        this.type = options.type ?? 'application/json';
    }

    async ask(method, path, body) {
        const response = await fetch(gateway.url + path, {
            method,
            headers: {
                'content-type': this.type,
                ...(this.origin ? { origin: this.origin } : {}),
                ...(this.cookie ? { cookie: this.cookie } : {}),
                ...(this.csrf ? { 'x-csrf-token': this.csrf } : {}),
            },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await response.text();
        const answer = { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
        const [cookie] = response.headers.getSetCookie();
        if (cookie) this.cookie = cookie.split(';')[0];
        if (answer.body?.csrf_token) this.csrf = answer.body.csrf_token;
        return answer;
    }

    async logIn(email, password, code) {
        return this.ask('POST', '/ui/api/auth/login', { email, password, ...(code ? { code } : {}) });
    }
}

async function admin(method, path, body) {
    const got = await gateway.admin(method, path, body);
    assert.ok(got.status < 300, `${method} ${path}: ${JSON.stringify(got.body)}`);
    return got.body;
}

/** Makes a user who has chosen a password by an invitation. */
async function invited(name, fields = {}) {
    await admin('POST', '/ui/api/users', { user_id: name, email: `${name}@example.com`, ...fields });
    const { token } = await admin('POST', `/ui/api/users/${name}/invite`);
    const password = `the password of ${name}`;
    const accepted = await new Browser().ask('POST', '/ui/api/auth/invitation/accept', { token, password });
    assert.ok(accepted.status < 300, JSON.stringify(accepted.body));
    return password;
}

/** The code of an authenticator app (RFC 6238). */
function codeOf(secret, at = Date.now()) {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...secret.replaceAll('=', '')].map((each) => alphabet.indexOf(each).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((each) => Number.parseInt(each, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const mac = createHmac('sha1', key).update(counter).digest();
    const offset = mac[19] & 15;
    return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('the first admin logs in with the password that the first start printed, and chooses another', async () => {
    const browser = new Browser();
    const answer = await browser.logIn('admin', firstPassword);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.must_change_password, true);
    assert.match(answer.headers.getSetCookie()[0], /^__Host-deltallm_session=.*Secure; HttpOnly; SameSite=Strict$/);
    assert.equal((await browser.ask('GET', '/ui/api/teams')).body.code, 'password_change_required');
    const changed = await browser.ask('POST', '/ui/api/auth/password',
        { current_password: firstPassword, new_password: adminPassword });
    assert.ok(changed.status < 300, JSON.stringify(changed.body));
    const me = await browser.ask('GET', '/ui/api/bootstrap');
    assert.equal(me.body.caller.role, 'platform_admin');
    assert.ok(me.body.caller.permissions.includes('platform.manage'));
    assert.equal((await browser.ask('POST', '/ui/api/teams', { team_id: 'by-admin', name: 'By admin' })).status, 201);
    assert.equal((await new Browser().logIn('admin', firstPassword)).status, 401);
});

test('no page of another site can change anything with the session of somebody', async () => {
    const browser = new Browser();
    await browser.logIn('admin', adminPassword);
    for (const change of [{ origin: 'https://evil.example' }, { origin: undefined }, { csrf: undefined }, { csrf: 'guess' },
        { type: 'text/plain' }, { type: 'application/x-www-form-urlencoded' }]) {
        const other = Object.assign(new Browser(), browser, change);
        const answer = await other.ask('POST', '/ui/api/teams', { name: 'Evil' });
        assert.ok([400, 403].includes(answer.status), JSON.stringify(change));
    }
    assert.equal((await browser.ask('GET', '/ui/api/teams?q=Evil')).body.total, 0);
});

test('a session that somebody brings along is not taken over at login', async () => {
    const browser = new Browser();
    browser.cookie = '__Host-deltallm_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const planted = browser.cookie;
    await browser.logIn('admin', adminPassword);
    assert.notEqual(browser.cookie, planted);
    const first = browser.cookie;
    await browser.logIn('admin', adminPassword);
    assert.notEqual(browser.cookie, first);
});

test('a logout ends the session on the server', async () => {
    const browser = new Browser();
    await browser.logIn('admin', adminPassword);
    const stolen = Object.assign(new Browser(), browser);
    assert.equal((await stolen.ask('GET', '/ui/api/teams')).status, 200);
    assert.equal((await browser.ask('POST', '/ui/api/auth/logout')).status, 204);
    assert.equal((await stolen.ask('GET', '/ui/api/teams')).status, 401);
});

test('somebody invited chooses a password, and the link works once', async () => {
    await admin('POST', '/ui/api/users', { user_id: 'ivy', email: 'ivy@example.com' });
    const { token } = await admin('POST', '/ui/api/users/ivy/invite');
    const accept = (password) => new Browser().ask('POST', '/ui/api/auth/invitation/accept', { token, password });
    assert.equal((await accept('short')).status, 400);
    assert.ok((await accept('a long enough one')).status < 300);
    assert.ok((await accept('another long one')).status >= 400);
    const browser = new Browser();
    assert.equal((await browser.logIn('ivy@example.com', 'a long enough one')).status, 200);
    assert.equal((await browser.ask('GET', '/ui/api/teams')).status, 403); // Nobody gave her a role.
});

test('a second factor is asked for, and no code works twice', async () => {
    const password = await invited('max');
    const browser = new Browser();
    await browser.logIn('max@example.com', password);
    const { body: { secret } } = await browser.ask('POST', '/ui/api/auth/mfa/start', {});
    const first = codeOf(secret);
    const confirmed = await browser.ask('POST', '/ui/api/auth/mfa/confirm', { code: first });
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    const codes = confirmed.body.recovery_codes;
    assert.equal(codes.length, 10);

    const other = new Browser();
    const half = await other.logIn('max@example.com', password);
    assert.equal(half.body.mfa_required, true);
    assert.equal((await other.ask('GET', '/ui/api/auth/me')).status, 401);
    assert.equal((await other.logIn('max@example.com', password, first)).status, 401); // Used at the confirmation.
    assert.equal((await other.logIn('max@example.com', password, codes[0])).status, 200);
    assert.equal((await new Browser().logIn('max@example.com', password, codes[0])).status, 401);
});

test('a new password ends the other sessions', async () => {
    const password = await invited('pam');
    const here = new Browser();
    const there = new Browser();
    await here.logIn('pam@example.com', password);
    await there.logIn('pam@example.com', password);
    const changed = await here.ask('POST', '/ui/api/auth/password', { current_password: password, new_password: 'a quite new one' });
    assert.ok(changed.status < 300, JSON.stringify(changed.body));
    assert.equal((await here.ask('GET', '/ui/api/auth/me')).status, 200);
    assert.equal((await there.ask('GET', '/ui/api/auth/me')).status, 401);
    assert.equal((await new Browser().logIn('pam@example.com', password)).status, 401);
});

test('a user who is blocked is out at once', async () => {
    const password = await invited('bob', { role: 'platform_viewer' });
    const browser = new Browser();
    await browser.logIn('bob@example.com', password);
    assert.equal((await browser.ask('GET', '/ui/api/teams')).status, 200);
    await admin('POST', '/ui/api/users/bob/block', { reason: 'a test' });
    assert.ok([401, 403].includes((await browser.ask('GET', '/ui/api/teams')).status));
    assert.ok([401, 403].includes((await new Browser().logIn('bob@example.com', password)).status));
});

test('a viewer sees everything and changes nothing', async () => {
    const password = await invited('vic', { role: 'platform_viewer' });
    const browser = new Browser();
    await browser.logIn('vic@example.com', password);
    assert.equal((await browser.ask('GET', '/ui/api/users')).status, 200);
    assert.equal((await browser.ask('POST', '/ui/api/teams', { name: 'No' })).status, 403);
});

test('who guesses is slowed down, and nobody is told which address is known', async () => {
    await invited('gus');
    const answers = [];
    for (let attempt = 0; attempt < 25; ++attempt) {
        answers.push(await new Browser().logIn(attempt % 2 ? 'gus@example.com' : 'nobody@example.com', 'a wrong password'));
    }
    const refused = answers.filter((each) => each.status === 401);
    assert.equal(new Set(refused.map((each) => each.body.detail)).size, 1);
    const slowed = answers.find((each) => each.status === 429);
    assert.ok(slowed, 'nobody was slowed down');
    assert.ok(Number(slowed.headers.get('retry-after')) > 0);
});
