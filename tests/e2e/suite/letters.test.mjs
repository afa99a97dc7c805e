// The letters that let people in: a real gateway hands them to a real mail server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { Gateway, masterKey } from '../lib/gateway.mjs';
import { MailServer } from '../lib/receivers.mjs';

const publicUrl = 'https://gateway.example.com';
const password = 'a long enough one';

let mail;
let gateway;

before(async () => {
    mail = await MailServer.start();
});
afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
});
after(() => mail.stop());

function configFor(port) {
    return {
        model_list: [],
        general_settings: {
            master_key: masterKey, public_url: `${publicUrl}/`,
            ...(port ? { mail: { host: '127.0.0.1', port, from: 'DeltaLLM <gateway@example.com>' } } : {}),
        },
    };
}

async function admin(method, path, body) {
    const got = await gateway.admin(method, path, body);
    assert.ok(got.status < 300, `${method} ${path}: ${JSON.stringify(got.body)}`);
    return got.body;
}

const addUser = (name) => admin('POST', '/ui/api/users', { user_id: name, email: `${name}@example.com` });

/** Asks as a page of the gateway does for somebody who has no session. */
async function visit(path, body) {
    const response = await fetch(`${gateway.url}/ui/api/auth/${path}`, {
        method: 'POST', headers: { 'content-type': 'application/json', origin: gateway.url }, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

const logIn = (name, tried) => visit('login', { email: `${name}@example.com`, password: tried });

/** Waits for letter number `count` to somebody, and returns its head and its text. */
async function letterTo(name, count = 1) {
    let found = [];
    await gateway.until(async () => {
        found = (await mail.messages()).filter(({ to }) => to.includes(`${name}@example.com`));
        return found.length >= count;
    }, `letter ${count} to ${name}`);
    const [head, body] = found.at(-1).data.split('\r\n\r\n');
    return { ...found.at(-1), head, text: Buffer.from(body, 'base64').toString() };
}

function tokenIn(text, page) {
    const link = text.split('\r\n').find((line) => line.startsWith('https://'));
    const [place, token] = link.split('#token=');
    assert.equal(place, `${publicUrl}/ui/${page}`);
    return token;
}

test('an invitation is mailed and not shown, and its link lets one choose a password', async () => {
    gateway = await Gateway.start(configFor(mail.port));
    await addUser('ivy');
    const invited = await admin('POST', '/ui/api/users/ivy/invite');
    assert.deepEqual(Object.keys(invited).sort(), ['expires_at', 'is_mailed']);
    assert.equal(invited.is_mailed, true);
    const letter = await letterTo('ivy');
    assert.deepEqual([letter.from, letter.to], ['gateway@example.com', ['ivy@example.com']]);
    assert.match(letter.head, /^From: DeltaLLM <gateway@example\.com>\r$/m);
    assert.match(letter.head, /^Subject: You are invited to DeltaLLM\r$/m);
    const token = tokenIn(letter.text, 'accept-invite');
    assert.equal((await visit('invitation/show', { token })).body.email, 'ivy@example.com');
    assert.equal((await visit('invitation/accept', { token, password })).status, 204);
    assert.notEqual((await visit('invitation/accept', { token, password })).status, 204);
    assert.equal((await logIn('ivy', password)).status, 200);
    assert.ok(!gateway.output.includes(token), 'a link stands in the log');
});

test('who forgot a password gets a letter, and nobody learns who is known', async () => {
    gateway = await Gateway.start(configFor(mail.port));
    await addUser('pat');
    await admin('POST', '/ui/api/users/pat/invite');
    await visit('invitation/accept', { token: tokenIn((await letterTo('pat')).text, 'accept-invite'), password });
    const known = await visit('reset/request', { email: 'pat@example.com' });
    const unknown = await visit('reset/request', { email: 'nobody@example.com' });
    assert.equal(known.status, 202);
    assert.deepEqual(known, unknown);
    const token = tokenIn((await letterTo('pat', 2)).text, 'reset-password');
    assert.equal((await logIn('pat', password)).status, 200, 'anybody may ask');
    assert.equal((await visit('reset/accept', { token, password: 'quite another one' })).status, 204);
    assert.equal((await logIn('pat', password)).status, 401);
    assert.equal((await logIn('pat', 'quite another one')).status, 200);
    assert.ok(!(await mail.messages()).some(({ to }) => to.includes('nobody@example.com')));
});

test('nobody waits for a mail server that says nothing, and the letter arrives when it does', async () => {
    const callers = [];
    const front = createServer((socket) => {
        callers.push(socket);
        socket.on('error', () => {});
        if (callers.length > 1) socket.pipe(connect(mail.port, '127.0.0.1')).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(front, 'listening');
    gateway = await Gateway.start(configFor(front.address().port));
    await addUser('max');
    assert.equal((await admin('POST', '/ui/api/users/max/invite')).is_mailed, true);
    await gateway.until(() => callers.length === 1, 'the letter on its way');
    assert.equal((await admin('GET', '/ui/api/users/max')).user_id, 'max');
    callers[0].end('421 not now\r\n');
    await gateway.says(/a letter has not been taken: letter_\w+, attempt 1: /);
    assert.ok(!gateway.output.includes('max@example.com'));
    const token = tokenIn((await letterTo('max')).text, 'accept-invite');
    assert.equal((await visit('invitation/accept', { token, password })).status, 204);
    front.close();
});

test('without a mail server a link is shown once, and who forgot a password is told whom to ask', async () => {
    gateway = await Gateway.start(configFor());
    await addUser('gus');
    const invited = await admin('POST', '/ui/api/users/gus/invite');
    assert.equal(invited.is_mailed, false);
    assert.equal((await visit('invitation/accept', { token: invited.token, password })).status, 204);
    assert.equal((await logIn('gus', password)).status, 200);
    const refused = await visit('reset/request', { email: 'gus@example.com' });
    assert.equal(refused.status, 400);
    assert.match(refused.body.detail, /sends no mail/);
});

test('a link to somebody without an address that mail can have is shown', async () => {
    gateway = await Gateway.start(configFor(mail.port));
    await admin('POST', '/ui/api/users', { user_id: 'nameless' });
    const invited = await admin('POST', '/ui/api/users/nameless/invite');
    assert.equal(invited.is_mailed, false);
    assert.ok(invited.token);
});
