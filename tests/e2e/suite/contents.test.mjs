// What calls ask and are answered: kept nowhere by itself, and where it is wanted without secrets, for a while, for few.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const marker = 'pelican-crossing'; // In every prompt and answer.
const secret = 'sk-live-0123456789abcdefghij';
const pieces = ['The ', `${marker} key is s`, 'k-live-0123', '456789abcdefghij, call +1 555', ' 234 5678.'];
const scripts = {
    'up-chat': ({ response, charge }) => json(response, 200,
        completion({ content: `${marker}: write to ann@example.com` }, charge(usageOf(12, 3)))),
    'up-words': ({ response, charge }) => {
        const out = stream(response);
        for (const piece of pieces) out.event(chunk({ content: piece }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ ...chunk({}), choices: [], usage: charge(usageOf(20, 7)) });
        out.event('[DONE]');
        out.end();
    },
};
const messages = [{ role: 'user', content: `${marker} ${secret}, card 4111 1111 1111 1111, mail bob@example.org` }];

for (const store of ['sqlite', 'postgres']) {
    describe(`with ${store}`, () => suite(store));
}

function suite(store) {
    let upstream;
    let postgres;
    let gateway;
    let config;
    let silent; // Keys: of nobody who said anything, of an organisation that keeps, and of that with a no of its own.
    let kept;
    let exempt;
    let calls = 0;

    before(async () => {
        upstream = await Upstream.start(scripts);
        config = configFor(upstream.url, ['chat', 'words']);
        if (store === 'postgres') {
            postgres = await Postgres.start();
            config.general_settings.database_url = postgres.url;
        }
        gateway = await Gateway.start(config);
        await admin('POST', '/ui/api/organizations', { organization_id: 'acme', name: 'Acme' });
        silent = await admin('POST', '/ui/api/keys', { name: 'silent' });
        kept = await admin('POST', '/ui/api/keys', { name: 'kept', organization_id: 'acme' });
        exempt = await admin('POST', '/ui/api/keys', { name: 'exempt', organization_id: 'acme', store_content: false });
    });
    after(async () => {
        await gateway.stop();
        await upstream.stop();
        await postgres?.stop();
    });

    async function admin(method, path, body, expected = [200, 201]) {
        const got = await gateway.admin(method, path, body);
        assert.ok([].concat(expected).includes(got.status), `${method} ${path}: ${JSON.stringify(got.body)}`);
        return got.body;
    }

    /** Runs one statement in the database, and returns the first column of its rows. */
    async function sql(statement) {
        if (postgres) return (await postgres.query(statement)).map(([value]) => value);
        const program = `import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as database:
    for row in database.execute(sys.argv[2]): print(row[0])`;
        const { stdout } = await promisify(execFile)('python3',
            ['-c', program, join(gateway.stateFolder, 'deltallm.db'), statement]);
        return stdout.split('\n').slice(0, -1);
    }

    const rows = async () => Number((await sql('SELECT COUNT(*) FROM call_contents'))[0]);

    /** Makes a call, streamed or not, and returns its entry of the log once it is there. */
    async function ask(key, { streamed = false, user = undefined } = {}) {
        const client = new OpenAI({ apiKey: key.key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
        const answer = await client.chat.completions.create(
            { model: streamed ? 'words' : 'chat', messages, user, stream: streamed });
        if (streamed) {
            let text = '';
            for await (const event of answer) text += event.choices[0]?.delta.content ?? '';
            assert.equal(text, pieces.join(''), 'the client is sent what the provider said, whatever is kept of it');
        }
        ++calls;
        await gateway.until(async () => (await sql('SELECT COUNT(*) FROM spend_events'))[0] === String(calls),
            'the call is in the log');
        return (await admin('GET', `/ui/api/spend/logs?key_id=${key.key_id}&limit=1`)).items[0];
    }

    /** The same of a call whose content is to be kept, once it is. */
    async function keep(key, options) {
        const before = await rows();
        const { id } = await ask(key, options);
        await gateway.until(async () => await rows() === before + 1, 'the content is in the store');
        return admin('GET', `/ui/api/spend/logs/${id}`);
    }

    async function stored() {
        const text = await (await fetch(`${gateway.url}/metrics`)).text();
        return Object.fromEntries([...text.matchAll(/^deltallm_call_contents_total\{result="(\w+)"\} (\d+)$/mg)]
            .map(([, result, count]) => [result, Number(count)]));
    }

    test('nothing is kept unless somebody says so', async () => {
        for (const key of [silent, kept]) {
            for (const streamed of [false, true]) {
                const entry = await ask(key, { streamed });
                assert.equal(entry.has_content, false);
                const got = await admin('GET', `/ui/api/spend/logs/${entry.id}/content`, undefined, 404);
                assert.equal(got.code, 'content_not_found');
            }
        }
        assert.equal(await rows(), 0);
        assert.deepEqual(await stored(), { stored: 0, dropped: 0, failed: 0 });
        await assertIsNowhere([marker, secret]);
    });

    test('an organisation keeps what its keys ask and are answered, without what is private', async () => {
        await admin('PATCH', '/ui/api/organizations/acme', { store_content: true });
        const entry = await keep(kept);
        assert.equal(entry.has_content, true);
        const content = await admin('GET', `/ui/api/spend/logs/${entry.id}/content`);
        assert.equal(content.request_id, entry.request_id);
        assert.deepEqual(content.request.messages,
            [{ role: 'user', content: `${marker} [REDACTED:api_key], card [REDACTED:card], mail [REDACTED:email]` }]);
        assert.equal(content.response.choices[0].message.content, `${marker}: write to [REDACTED:email]`);
        assert.deepEqual([content.request_truncated, content.response_truncated], [false, false]);
        const log = await admin('GET', '/ui/api/audit/events?action=call_content.read');
        assert.equal(log.items[0].target_id, entry.id);
        const switched = await admin('GET', '/ui/api/audit/events?action=organization.update');
        assert.equal(switched.items[0].after.store_content, true);
    });

    test('a stream is kept as the answer that it comes to, also where a secret is split', async () => {
        const entry = await keep(kept, { streamed: true });
        const { response } = await admin('GET', `/ui/api/spend/logs/${entry.id}/content`);
        assert.equal(response.object, 'chat.completion');
        assert.equal(response.choices[0].message.content,
            `The ${marker} key is [REDACTED:api_key], call [REDACTED:phone].`);
        assert.equal(response.choices[0].finish_reason, 'stop');
    });

    test('a key says no where its organisation says yes, and yes only where that does not say no', async () => {
        const before = await rows();
        await ask(exempt);
        await admin('PATCH', `/ui/api/keys/${silent.key_id}`, { store_content: true });
        await keep(silent);
        await admin('PATCH', `/ui/api/keys/${silent.key_id}`, { store_content: null });
        await ask(silent);
        await admin('PATCH', '/ui/api/organizations/acme', { store_content: false });
        await admin('PATCH', `/ui/api/keys/${kept.key_id}`, { store_content: true });
        await ask(kept);
        // By now all that was to be written is.
        await admin('PATCH', '/ui/api/organizations/acme', { store_content: true });
        await keep(kept);
        assert.equal(await rows(), before + 2);
    });

    test('the platform says no for all, at once', async () => {
        const { values } = await admin('GET', '/ui/api/settings');
        assert.ok(!values?.['general_settings.store_content']);
        await admin('PATCH', '/ui/api/settings', { values: { 'general_settings.store_content': 'never' } });
        const before = await rows();
        await ask(kept);
        await admin('PATCH', '/ui/api/settings', { values: { 'general_settings.store_content': null } });
        await keep(kept);
        assert.equal(await rows(), before + 1);
    });

    test('neither the database nor any file of the gateway has what was said', async () => {
        await assertIsNowhere([marker, secret, 'bob@example.org', '4111 1111', 'ann@example.com']);
    });

    test('only admins of the organisation and of the platform read it', async () => {
        const [entry] = (await admin('GET', `/ui/api/spend/logs?key_id=${kept.key_id}&limit=1`)).items;
        assert.equal(entry.has_content, true);
        for (const credential of [kept.key, 'nobody']) {
            const response = await fetch(`${gateway.url}/ui/api/spend/logs/${entry.id}/content`,
                { headers: { authorization: `Bearer ${credential}` } });
            assert.ok([401, 403].includes(response.status), `${response.status}`);
        }
    });

    test('who is forgotten is forgotten here too', async () => {
        const mine = await keep(kept, { user: 'customer-7' });
        const other = await keep(kept, { user: 'customer-8' });
        const told = await gateway.run('erase-end-user', 'customer-7');
        assert.match(told.output, /1 call\(s\).*, what 1 of the calls asked and were answered/);
        assert.equal((await gateway.run('erase-end-user', '--yes', 'customer-7')).code, 0);
        await admin('GET', `/ui/api/spend/logs/${mine.id}/content`, undefined, 404);
        await admin('GET', `/ui/api/spend/logs/${other.id}/content`);
    });

    test('keys that seal it are replaced', async () => {
        const rotated = await gateway.run('kek', 'rotate');
        assert.equal(rotated.code, 0, rotated.output);
        const [entry] = (await admin('GET', `/ui/api/spend/logs?key_id=${kept.key_id}&limit=1`)).items;
        await admin('GET', `/ui/api/spend/logs/${entry.id}/content`);
        const status = await gateway.run('kek', 'status', '--json');
        const keys = status.output.trim().split('\n').map((line) => JSON.parse(line));
        assert.deepEqual(keys.map((key) => key.call_contents), [await rows(), 0]);
        const next = await keep(kept);
        await admin('GET', `/ui/api/spend/logs/${next.id}/content`);
    });

    test('it is gone when its time is over', async () => {
        const entry = await keep(kept);
        await gateway.kill('SIGTERM');
        const day = 24 * 60 * 60 * 1000;
        await sql(`UPDATE call_contents SET started_at = started_at - ${31 * day} WHERE call_id = ${entry.id}`);
        const before = await rows();
        await gateway.launch();
        await gateway.until(async () => await rows() === before - 1, 'what is too old is removed');
        await admin('GET', `/ui/api/spend/logs/${entry.id}/content`, undefined, 404);
    });

    /** Reads everything that the gateway and the database have on the disk, and what the gateway said. */
    async function assertIsNowhere(texts) {
        const places = [['the output', Buffer.from(gateway.output)]];
        for (const entry of await readdir(gateway.stateFolder, { recursive: true, withFileTypes: true })) {
            const file = join(entry.parentPath, entry.name);
            if (entry.isFile()) places.push([file, await readFile(file)]);
        }
        if (postgres) places.push(['the database', Buffer.from((await sql(allRows)).join('\n'))]);
        for (const [place, bytes] of places) {
            for (const text of texts) assert.ok(!bytes.includes(text), `${place} has ${text}`);
        }
    }
}

const allRows = `SELECT encode(sealed, 'escape') FROM call_contents UNION ALL SELECT e::text FROM spend_events AS e
UNION ALL SELECT a::text FROM audit_events AS a`;
