// The proof itself is proved: good books pass, and every kind of damage to them is found.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync }
    from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { query } from '../e2e/lib/postgres.mjs';
import { python } from '../e2e/lib/python.mjs';
import { checkBudgets, checkQuiet } from './invariants.mjs';
import { Rig } from './rig.mjs';

const program = fileURLToPath(new URL('ledgercheck.mjs', import.meta.url));
let folder;
let server;

/** Some calls on a store of that kind, and everything that is known about them, in a folder of its name. */
async function makeBooks(store) {
    const rig = await Rig.start({ store, names: ['ok', 'slow', 'no-usage', 'cut-within'], hasLog: true,
        settings: { ledger: { segment_bytes: '1MiB' } } });
    const key = await rig.gateway.key({ max_budget: 1 });
    for (const isStream of [false, true]) {
        for (const name of ['ok', 'no-usage', 'cut-within']) await rig.call(name, { isStream, by: key });
    }
    await rig.call('slow', { isStream: true, leaveAfter: 80, by: key });
    await rig.settle();
    await rig.gateway.kill('SIGTERM');
    cpSync(rig.gateway.folder, join(folder, store), { recursive: true });
    await rig.gateway.remove();
    await rig.chaos.stop();
    return rig.postgres;
}

before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledgercheck-'));
    await makeBooks('sqlite');
    server = await makeBooks('postgres');
});

after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
});

/** Copies the database of a store, and returns the copy's URL. */
async function copyDatabase(store, copy) {
    if (store === 'sqlite') return `sqlite:${copy}/state/deltallm.db`;
    await server.query('DROP DATABASE IF EXISTS copy;\nCREATE DATABASE copy TEMPLATE postgres');
    return server.url.replace('/postgres?', '/copy?');
}

/** Runs the program on a copy of good books, of which `damage` changes something. */
async function checked(damage, store = 'sqlite') {
    const copy = join(folder, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(folder, store), copy, { recursive: true });
    const database = await copyDatabase(store, copy);
    await damage(copy, database);
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--database', database,
        '--journal', `${copy}/state/journal`, '--oracle', `${copy}/oracle.jsonl`,
        '--clients', `${copy}/clients.jsonl`, '--cancel-most', '10000', '--cancel-usual', '10000',
        '--late', '10000'],
    { encoding: 'utf8' });
    return { status, output: stdout + stderr };
}

const sqlite = 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()';
const sql = (statement) => (copy, database) => (database.startsWith('sqlite:')
    ? python(sqlite, database.slice('sqlite:'.length), statement) : query(database, statement));

/** Changes the lines of a log. */
const lines = (name, change) => (copy) => {
    const all = readFileSync(join(copy, name), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const changed = all.map((line, index) => change(line, index)).filter(Boolean);
    writeFileSync(join(copy, name), changed.map((line) => `${JSON.stringify(line)}\n`).join(''));
};
const clients = (change) => lines('clients.jsonl', (line) => ({ ...line, ...change(line) }));
const oracle = (change) => lines('oracle.jsonl', (line) => (line.event === 'ended' ? change(line) : line));

/** Changes one byte of the first file of the journal. */
const changeByte = (at) => (copy) => {
    const [name] = readdirSync(`${copy}/state/journal`).filter((each) => each.endsWith('.journal'));
    writeSync(openSync(`${copy}/state/journal/${name}`, 'r+'), Buffer.of(0x55), 0, 1, at);
};

for (const store of ['sqlite', 'postgres']) {
    test(`good books pass, on ${store}`, async () => {
        const { status, output } = await checked(() => {}, store);
        assert.match(output, /^7 calls, \d+ nano-USD: 0 violations\n$/);
        assert.equal(status, 0);
    });
}

const one = '(SELECT MIN(id) FROM spend_events WHERE usage_source = 1)';
/** Damages of the database: name, statement, violation. */
const inDatabase = [
    ['a call that is not in the database', `DELETE FROM spend_events WHERE id = ${one}`, /INV-1 c\d+: .* 0 times/],
    ['a price that is off by one nano-dollar', `UPDATE spend_events SET cost_nanos = cost_nanos + 1 WHERE id = ${one}`,
        /INV-1 c\d+ .*costs \d+ and its tokens/],
    ['tokens that nobody reported', `UPDATE spend_events SET output_tokens = output_tokens + 1,
        cost_nanos = cost_nanos + 2000 WHERE id = ${one}`, /INV-1 c\d+ .*the provider said/],
    ['more tokens than were delivered', `UPDATE spend_events SET output_tokens = output_tokens + 9,
        cost_nanos = cost_nanos + 18000 WHERE usage_source = 2`, /INV-1 c\d+ .*output tokens/],
    ['a call without a price', 'UPDATE spend_events SET is_priced = 0', /INV-1 .*has no price/],
    ['a call that failed and was answered', 'UPDATE spend_events SET outcome = 2',
        /INV-1 .*answered in full and is failed/],
    ['hourly sums that are off', 'UPDATE spend_hourly SET spend_nanos = spend_nanos + 1', /INV-2 hourly sums: /],
    ['daily sums that are off', 'UPDATE spend_daily SET latency_us = latency_us + 1', /INV-2 daily sums: /],
    ['sums of a model that are off', 'UPDATE spend_rollups SET requests = requests + 1 WHERE dimension = 5',
        /INV-2 roll-ups of model_ref in 86400 s: /],
    ['a budget that is exceeded', 'UPDATE budgets SET max_budget_nanos = 1', /INV-3 budget key-/],
];
for (const [index, [name, statement, violation]] of inDatabase.entries()) {
    for (const store of index % 2 === 0 ? ['sqlite', 'postgres'] : ['sqlite']) {
        test(`finds ${name}, on ${store}`, async () => {
            const { status, output } = await checked(sql(statement), store);
            assert.match(output, violation);
            assert.equal(status, 5, output);
        });
    }
}

/** Damages of all else: name, what does it, violation. */
const damages = [
    ['a position that is too low', sql('UPDATE journal_state SET applied = 0'), /INV-2 the row \d+ /],
    ['a journal of which a byte is changed', changeByte(90), /has a damaged record/],
    ['bytes behind the end of the journal', changeByte(1_000_000), /has bytes behind its end/],
    ['a call that nobody served', oracle(() => undefined), /INV-2 c\d+: costs \d+ and never reached the provider/],
    ['a call that was served and is not there', (copy) => appendFileSync(`${copy}/oracle.jsonl`,
        '{"event":"ended","tag":"lost","told":null,"words":0,"charged":"0","bytes":1}\n'), /INV-1 lost: .* 0 times/],
    ['a report that was another one', oracle((line) => ({ ...line, told: line.told && { prompt_tokens: 1,
        completion_tokens: 1 } })), /INV-1 c\d+ .*the provider said 3000/],
    ['a call that nobody made', lines('clients.jsonl', (line, index) => (index > 0 ? line : undefined)),
        /INV-2 c1: nobody made this call/],
    ['a request id that is not the ledger\'s', clients(() => ({ requestId: 'req_other' })), /INV-2 c\d+: is req_/],
    ['an answer that is not in the ledger', (copy) => appendFileSync(`${copy}/clients.jsonl`,
        '{"tag":"free","isComplete":true}\n'), /INV-1 free: was answered in full and is not in the ledger/],
    ['an answer that was no answer', clients(() => ({ problem: 'is a page' })), /INV-5 c\d+ .*is a page/],
    ['an answer that came too late', clients(({ at }) => ({ at: at - 90_000 })),
        /INV-6 c\d+ \(ok\): took 90\d{3} ms to/],
    ['a call that went on without its client', oracle((line) => ({ ...line, asked: line.asked - 90_000 })),
        /INV-6 c\d+ \(ok\): took 90\d{3} ms at the provider/],
    ['a call of which nobody knows how long it took', clients(() => ({ deadline: undefined })), /INV-6 c\d+ /],
    ['a cancel that took a minute', clients(({ left }) => (left ? { left: left - 60_000 } : {})), /INV-7 c\d+: /],
];
for (const [name, damage, violation] of damages) {
    test(`finds ${name}`, async () => {
        const { status, output } = await checked(damage);
        assert.match(output, violation);
        assert.equal(status, 5, output);
    });
}

test('finds what a quiet gateway still holds', () => {
    const state = { openCalls: 0, inFlight: 0, running: 0, budgets: [{ budget_id: 'a', reserved: 0 }] };
    assert.deepEqual(checkQuiet(state), []);
    const held = checkQuiet({ openCalls: 1, inFlight: 2, running: 3, budgets: [{ budget_id: 'a', reserved: 0.5 }] });
    assert.equal(held.filter((problem) => problem.startsWith('INV-4')).length, 4);
});

test('holds a budget to its limit between two resets, and to no more', () => {
    const at = (started_at, nanos, offset) => ({ started_at, nanos, offset, tag: 'x', key_id: 'k' });
    const budget = { id: 'b', scope: 'key', scopeId: 'k', limit: 10n, resets: [100n, 200n] };
    // The call of before the first reset is posted after one of the next window.
    const events = [at(50n, 6n, 1n), at(100n, 10n, 2n), at(99n, 4n, 3n), at(200n, 10n, 4n)];
    const spent = new Map();
    assert.deepEqual(checkBudgets([budget], events, spent), []);
    assert.deepEqual(checkBudgets([budget], [at(250n, 1n, 5n)], spent).length, 1);
    assert.deepEqual(checkBudgets([budget], [at(60n, 1n, 6n)], spent).length, 1);
    assert.equal(checkBudgets([{ ...budget, resets: [] }], events, new Map()).length, 1);
    assert.deepEqual(checkBudgets([{ ...budget, scopeId: 'other' }], events, new Map()), []);
});

test('says what it wants', () => {
    const { status, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /--database is missing/);
});
