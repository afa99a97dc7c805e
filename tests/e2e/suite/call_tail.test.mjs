// Calls as they happen: the stream of events that a console listens to, on both stores.
import assert from 'node:assert/strict';
import { after, before, test as testOf } from 'node:test';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

/** A stream that tells nothing must not keep the suite waiting. */
const test = (name, work) => testOf(name, { timeout: 60_000 }, work);

let upstream;
before(async () => {
    upstream = await Upstream.start({
        'up-small': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    });
});
after(() => upstream.stop());

/** Listens to a stream of events: `next()` waits for the next of them, and `isOver()` for the end. */
class Listener {
    static async open(url, headers) {
        const stop = new AbortController();
        const response = await fetch(url, { headers, signal: stop.signal });
        return new Listener(response, stop);
    }
    constructor(response, stop) {
        this.response = response;
        this.stop = stop;
        this.reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        this.text = '';
    }
    /** The next event, or undefined at the end of the stream. */
    async next() {
        for (;;) {
            const end = this.text.indexOf('\n\n');
            if (end >= 0) {
                const event = Object.fromEntries(this.text.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s)));
                this.text = this.text.slice(end + 2);
                if (event.event) return { ...event, data: JSON.parse(event.data) };
                continue;
            }
            const { value, done } = await this.reader.read();
            if (done) return undefined;
            this.text += value;
        }
    }
    close() {
        this.stop.abort();
    }
}

async function ask(gateway, method, path, body, key = masterKey) {
    const response = await fetch(gateway.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        body: body && JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${text}`);
    return text ? JSON.parse(text) : undefined;
}

const chat = (gateway, key, user) => ask(gateway, 'POST', '/v1/chat/completions',
    { model: 'small', user, messages: [{ role: 'user', content: 'hi' }] }, key);
const live = '/ui/api/spend/logs/live';
const asMaster = { authorization: `Bearer ${masterKey}` };

/** Makes a user who may see what a team spends, and logs them in. */
async function sessionOf(gateway, user, team) {
    const password = 'a long enough one';
    await ask(gateway, 'POST', '/ui/api/users', { user_id: user, email: `${user}@example.com` });
    await ask(gateway, 'POST', `/ui/api/teams/${team}/members`, { user_id: user, role: 'team_viewer' });
    const { token } = await ask(gateway, 'POST', `/ui/api/users/${user}/invite`);
    const accepted = await fetch(`${gateway.url}/ui/api/auth/invitation/accept`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: gateway.url },
        body: JSON.stringify({ token, password }),
    });
    assert.ok(accepted.ok, await accepted.text());
    const login = await fetch(`${gateway.url}/ui/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: gateway.url },
        body: JSON.stringify({ email: `${user}@example.com`, password }),
    });
    assert.ok(login.ok, await login.text());
    return login.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
}

/** Waits until something is so. */
async function until(isSo) {
    while (!await isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function withGateway(postgres, work) {
    const config = configFor(upstream.url, ['small']);
    if (postgres) config.general_settings.database_url = postgres.url;
    const gateway = await Gateway.start(config);
    try {
        return await work(gateway);
    } finally {
        await gateway.stop();
    }
}

async function tellsOfCalls(gateway) {
    await chat(gateway, masterKey, 'before');
    await until(async () => (await ask(gateway, 'GET', '/ui/api/spend/logs')).items.length === 1);
    const all = await Listener.open(gateway.url + live, asMaster);
    const some = await Listener.open(`${gateway.url}${live}?end_user=ann&status=200`, asMaster);
    assert.match(all.response.headers.get('content-type'), /^text\/event-stream/);
    for (const user of ['bob', 'ann', 'eve']) await chat(gateway, masterKey, user);
    const heard = [await all.next(), await all.next(), await all.next()];
    assert.deepEqual(new Set(heard.map(({ data }) => data.end_user)), new Set(['bob', 'ann', 'eve']));
    assert.equal((await some.next()).data.end_user, 'ann');
    const shown = await ask(gateway, 'GET', `/ui/api/spend/logs/${heard[0].data.id}`);
    assert.deepEqual(heard[0].data, shown);
    all.close();
    some.close();

    // Whose connection broke hears what happened meanwhile, once.
    await chat(gateway, masterKey, 'meanwhile');
    const again = await Listener.open(gateway.url + live, { ...asMaster, 'last-event-id': heard[2].id });
    assert.equal((await again.next()).data.end_user, 'meanwhile');
    await chat(gateway, masterKey, 'later');
    assert.equal((await again.next()).data.end_user, 'later');
    again.close();
}

async function hearsNoMore(gateway) {
    await ask(gateway, 'POST', '/ui/api/teams', { team_id: 'mine', name: 'Mine' });
    await ask(gateway, 'POST', '/ui/api/teams', { team_id: 'other', name: 'Other' });
    const mine = await ask(gateway, 'POST', '/ui/api/keys', { name: 'mine', team_id: 'mine' });
    const other = await ask(gateway, 'POST', '/ui/api/keys', { name: 'other', team_id: 'other' });
    const cookie = await sessionOf(gateway, 'ann', 'mine');
    const listener = await Listener.open(gateway.url + live, { cookie });
    assert.equal(listener.response.status, 200);
    await chat(gateway, other.key, 'not for ann');
    await chat(gateway, mine.key, 'for ann');
    assert.equal((await listener.next()).data.end_user, 'for ann');
    await ask(gateway, 'POST', '/ui/api/users/ann/block', { reason: 'test' });
    assert.equal(await listener.next(), undefined);

    const patient = await Listener.open(gateway.url + live, asMaster);
    return { end: patient.next() };
}

test('who listens hears of each call once, on a file of SQLite', () => withGateway(undefined, tellsOfCalls));

test('who listens hears of each call once, on PostgreSQL', async () => {
    const postgres = await Postgres.start();
    try {
        await withGateway(postgres, tellsOfCalls);
    } finally {
        await postgres.stop();
    }
});

test('who may no more hears no more, and a gateway that stops waits for nobody who listens', async () => {
    const { end } = await withGateway(undefined, hearsNoMore);
    assert.equal(await end, undefined);
});

test('what has no meaning for calls to come is refused by name', () => withGateway(undefined, async (gateway) => {
    for (const name of ['limit', 'cursor', 'format', 'from', 'until', 'colour']) {
        const response = await fetch(`${gateway.url}${live}?${name}=1`, { headers: asMaster });
        assert.equal(response.status, 400);
        assert.equal((await response.json()).param, name);
    }
    assert.equal((await fetch(gateway.url + live)).status, 401);
}));
