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

async function askPostgres(url, statements) {
    const answers = [];
    for (const statement of statements) answers.push(await query(url, statement));
    return answers;
}

/** Asks the database of an URL, `sqlite:PATH` or a libpq URI. Each statement's answer is a list of rows of texts. */
export function ask(url, statements) {
    const [, file] = url.match(/^sqlite:(.*)$/) ?? [];
    return file === undefined ? askPostgres(url, statements) : askSqlite(file, statements);
}

const columns = ['id', 'request_id', 'end_user', 'key_id', 'model', 'started_at', 'input_tokens', 'output_tokens',
    'usage_source_name', 'cost_nanos', 'is_priced', 'outcome_name', 'status', 'error_code'];

const eventsBehind = (since) => `SELECT ${columns.join(', ')} FROM spend_log WHERE id > ${since} ORDER BY id`;

function toEvent(row) {
    const event = Object.fromEntries(columns.map((name, index) => [name, row[index]]));
    for (const name of ['id', 'input_tokens', 'output_tokens', 'cost_nanos', 'started_at']) {
        event[name] = BigInt(event[name]);
    }
    return { ...event, tag: event.end_user ?? '', nanos: event.cost_nanos, source: event.usage_source_name,
        outcome: event.outcome_name };
}

const group = ['key_ref', 'user_ref', 'team_ref', 'model_ref', 'deployment_ref', 'provider_ref', 'operation_ref',
    'outcome', 'status'].join(', ');
const sums = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens',
    'audio_input_tokens', 'audio_output_tokens', 'images', 'latency_us'].map((name) => `SUM(${name})`).join(', ');

/** What is stored twice for the sake of speed: each pair must give the same rows. */
const projections = [
    {
        name: 'hourly sums',
        events: `SELECT started_at / 3600000, ${group}, COUNT(*), ${sums}, SUM(cost_nanos) FROM spend_events
            GROUP BY started_at / 3600000, ${group}`,
        stored: `SELECT hour, ${group}, SUM(requests), ${sums}, SUM(spend_nanos) FROM spend_hourly
            GROUP BY hour, ${group}`,
    },
    {
        name: "keys' spend",
        events: `SELECT k.key_id, COALESCE(SUM(e.cost_nanos), 0) FROM virtual_keys k
            LEFT JOIN names n ON n.name = k.key_id LEFT JOIN spend_events e ON e.key_ref = n.id GROUP BY k.key_id`,
        stored: 'SELECT key_id, spend_nanos FROM virtual_keys',
    },
];

const position = 'SELECT applied, retain FROM journal_state WHERE id = 1';

/** The budgets that have a hard limit and no end. */
const budgets = `SELECT budget_id, scope, scope_id, max_budget_nanos + increase_nanos FROM budgets
    WHERE max_budget_nanos IS NOT NULL AND duration IS NULL`;

/**
 * Reads all that a database says: `events` behind the offset `since`, in the order of the journal, `applied`,
 * `sums` and `budgets`.
 */
export async function readBooks(url, since = 0n) {
    const pairs = projections.flatMap((each) => [each.events, each.stored]);
    const [calls, [[applied]], limits, ...rows] = await ask(url,
        [eventsBehind(since), position, budgets, ...pairs]);
    return {
        events: calls.map(toEvent),
        applied: BigInt(applied),
        budgets: limits.map(([id, scope, scopeId, limit]) => ({ id, scope, scopeId, limit: BigInt(limit) })),
        sums: projections.map(({ name }, index) => ({ name, wanted: rows[2 * index], stored: rows[2 * index + 1] })),
    };
}
