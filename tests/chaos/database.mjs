// Asks the gateway's database, whichever it is. Every value comes as a text, so that no integer is rounded.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { query } from '../e2e/lib/postgres.mjs';

const reader = `
import json, sqlite3, sys
database = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True, timeout=30, isolation_level=None)
database.execute("BEGIN")
for statement in json.load(sys.stdin):
    print(json.dumps([[None if value is None else str(value) for value in row] for row in database.execute(statement)]))
`;

/** All statements see the same moment. */
async function askSqlite(file, statements) {
    const child = spawn('python3', ['-c', reader, file], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = [];
    let problem = '';
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => { problem += data; });
    child.stdin.end(JSON.stringify(statements));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the database cannot be read: ${problem}`);
    return Buffer.concat(output).toString().trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** One psql for all: a line with nothing but a mark stands between two answers. */
async function askPostgres(url, statements) {
    const mark = 'end of an answer';
    const rows = await query(url, ['BEGIN ISOLATION LEVEL REPEATABLE READ', ...statements.flatMap(
        (statement) => [statement, `SELECT '${mark}'`]), 'COMMIT', ''].join(';\n'));
    const answers = [[]];
    for (const row of rows) {
        if (row[0] === mark) answers.push([]);
        else answers.at(-1).push(row);
    }
    return answers.slice(0, -1);
}

/** Asks the database of an URL, `sqlite:PATH` or a libpq URI. Each statement's answer is a list of rows of texts. */
export function ask(url, statements) {
    const [, file] = url.match(/^sqlite:(.*)$/) ?? [];
    return file === undefined ? askPostgres(url, statements) : askSqlite(file, statements);
}

const columns = ['id', 'request_id', 'end_user', 'key_id', 'model', 'started_at', 'input_tokens', 'output_tokens',
    'usage_source_name', 'cost_nanos', 'is_priced', 'outcome_name', 'status', 'error_code'];
const integers = ['id', 'input_tokens', 'output_tokens', 'cost_nanos', 'started_at'];
const offsetBits = 48n; // The id of an event: the number of its gateway's journal, and the offset in that.

/** The calls of one journal behind an offset, in its order. */
const eventsOf = (journal, since) => `SELECT ${columns.join(', ')} FROM spend_log
    WHERE id > ${(journal << offsetBits) + since} AND id < ${(journal + 1n) << offsetBits} ORDER BY id`;

function toEvent(row) {
    const event = Object.fromEntries(columns.map((name, index) => [name, row[index]]));
    for (const name of integers) event[name] = BigInt(event[name]);
    return { ...event, offset: event.id & ((1n << offsetBits) - 1n), tag: event.end_user ?? '',
        nanos: event.cost_nanos, source: event.usage_source_name, outcome: event.outcome_name };
}

const group = ['key_ref', 'user_ref', 'team_ref', 'organization_ref', 'model_ref', 'deployment_ref', 'provider_ref',
    'operation_ref', 'outcome', 'status'].join(', ');
const sums = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens',
    'audio_input_tokens', 'audio_output_tokens', 'images', 'latency_us'].map((name) => `SUM(${name})`).join(', ');
const flags = 'SUM(CASE WHEN usage_source <> 1 THEN 1 ELSE 0 END), SUM(CASE WHEN is_priced = 0 THEN 1 ELSE 0 END)';
const ofEvents = `COUNT(*), ${sums}, ${flags}, SUM(cost_nanos)`;
const failed = 'SUM(CASE WHEN status >= 400 OR outcome = 2 THEN 1 ELSE 0 END)';
const stored = `SUM(requests), ${sums}, SUM(unreported_requests), SUM(unpriced_requests), SUM(spend_nanos)`;

/** The column that each dimension of the roll-ups groups by, in their order; tags have a table of their own. */
const dimensions = ['0', 'key_ref', 'user_ref', 'team_ref', 'organization_ref', 'model_ref', 'deployment_ref',
    'provider_ref', undefined, 'status'];

function rollup(column, dimension) {
    const from = column === undefined
        ? `(SELECT t.tag_ref AS ref, e.* FROM spend_event_tags t INNER JOIN spend_events e
            ON e.id = t.event_id AND e.started_at = t.started_at) AS tagged`
        : `(SELECT ${column} AS ref, e.* FROM spend_events e) AS all_events`;
    const where = column === '0' || column === 'status' ? '' : 'WHERE ref <> 0';
    return [3600, 86400].map((seconds) => ({
        name: `roll-ups of ${column ?? 'tags'} in ${seconds} s`,
        events: `SELECT ref, started_at / ${seconds}000, ${ofEvents}, ${failed} FROM ${from} ${where}
            GROUP BY ref, started_at / ${seconds}000`,
        stored: `SELECT ref, slot, ${stored}, SUM(failed_requests) FROM spend_rollups
            WHERE dimension = ${dimension} AND seconds = ${seconds} GROUP BY ref, slot`,
    }));
}

/** What is stored twice for the sake of speed: each pair must give the same rows. */
const projections = [
    {
        name: 'hourly sums',
        events: `SELECT started_at / 3600000, ${group}, ${ofEvents} FROM spend_events
            GROUP BY started_at / 3600000, ${group}`,
        stored: `SELECT hour, ${group}, ${stored} FROM spend_hourly GROUP BY hour, ${group}`,
    },
    {
        name: 'daily sums',
        events: `SELECT started_at / 86400000, ${group}, ${ofEvents} FROM spend_events
            GROUP BY started_at / 86400000, ${group}`,
        stored: `SELECT day, ${group}, ${stored} FROM spend_daily GROUP BY day, ${group}`,
    },
    ...dimensions.flatMap(rollup),
];

/** The budgets that have a hard limit and no end. */
const budgets = `SELECT budget_id, scope, scope_id, max_budget_nanos + increase_nanos FROM budgets
    WHERE max_budget_nanos IS NOT NULL AND duration IS NULL`;

const resets = 'SELECT budget_id, reset_at FROM budget_resets ORDER BY id';

/** Finds the number of a gateway's journal, and how far it is applied. SQLite has but one. */
async function findJournal(url, name) {
    const statement = url.startsWith('sqlite:') ? 'SELECT 0, applied FROM journal_state'
        : `SELECT id, applied FROM journals${name === undefined ? '' : ` WHERE name = '${name}'`}`;
    const [rows] = await ask(url, [statement]);
    if (rows.length !== 1) throw new Error(`${rows.length} journals are in the database, name one`);
    return rows[0].map(BigInt);
}

/**
 * Reads all that a database says: `events` of one gateway's journal behind the offset `since`, in order, how far that
 * is `applied`, and the `sums` and `budgets` of all.
 */
export async function readBooks(url, { since = 0n, name } = {}) {
    const [journal, applied] = await findJournal(url, name);
    const pairs = projections.flatMap((each) => [each.events, each.stored]);
    const [calls, limits, anew, ...rows] = await ask(url, [eventsOf(journal, since), budgets, resets, ...pairs]);
    const resetsOf = (id) => anew.filter(([budget]) => budget === id).map(([, at]) => BigInt(at));
    return {
        events: calls.map(toEvent),
        applied,
        budgets: limits.map(([id, scope, scopeId, limit]) => ({ id, scope, scopeId, limit: BigInt(limit),
            resets: resetsOf(id) })),
        sums: projections.map((each, index) => ({ name: each.name, wanted: rows[2 * index],
            stored: rows[2 * index + 1] })),
    };
}
