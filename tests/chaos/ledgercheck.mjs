// Proves a gateway's books against its journal, against what its provider charged, and against what its clients heard.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readBooks } from './database.mjs';
import { checkBudgets, checkCalls, checkCancels, checkClosed, checkDeadlines, checkForm, checkJournal, checkProjection,
    checkQuiet } from './invariants.mjs';
import { readJournal } from './journal.mjs';

const help = `Usage: node tests/chaos/ledgercheck.mjs --database URL --journal FOLDER --oracle FILE --clients FILE
           [OPTION...]

Proves INV-1 (every call served is in the ledger once, at what was reported), INV-2 (nothing else is, and sums are
sums), INV-3 (no budget is exceeded), INV-4 (nothing is left open), INV-5 (clients were told properly), INV-6 (no call
outlives its deadline) and INV-7 (cancels reach the provider) of a gateway at rest. Prints every violation.

  --database URL        sqlite:PATH, or a libpq URI
  --name NAME           of the journal in PostgreSQL, if that has several
  --journal FOLDER      of the journal's files
  --oracle FILE         the log of chaosd
  --clients FILE        a line of JSON for each call, as tests/chaos/client.mjs returns it
  --since OFFSET        only calls behind this place of the journal; default: 0, all of them
  --cancel-most MS      how late a cancel may reach the provider, and
  --cancel-usual MS     how late 99 of a hundred may; default: 1000 and 200
  --late MS             how much longer than its deadline a call may take; default: 1000
  --help                this text

Exit status: 0 all is in order, 5 something is not, 2 the arguments are wrong.`;

/**
 * Returns all violations. `database` is an URL, `name` that of the journal in it, `journal` its folder, `calls` what
 * the provider recorded, `clients` what the clients did; `quiet`, of a running gateway, what it says about itself. Who
 * checks again and again gives the offset `since` of the last call that was looked at, and the same map of what
 * budgets have `spent` until then.
 */
export async function check({ database, name, journal, calls, clients, quiet, cancels, late = 1000, since = 0n,
    spent = new Map() }) {
    const problems = [];
    const { events, applied, budgets, sums } = await readBooks(database, { since, name });
    const records = readJournal(journal, problems);
    problems.push(...checkCalls({ events, calls, clients }));
    problems.push(...checkJournal(records.filter(({ offset }) => offset > since), events, applied));
    problems.push(...checkClosed(records));
    for (const sum of sums) problems.push(...checkProjection(sum));
    problems.push(...checkBudgets(budgets, events, spent));
    problems.push(...checkForm(clients), ...checkCancels(clients, calls, cancels ?? { most: 1000, usual: 200 }));
    problems.push(...checkDeadlines(clients, calls, late));
    if (quiet) problems.push(...checkQuiet(quiet));
    const nanos = events.reduce((sum, event) => sum + event.nanos, 0n);
    return { problems, count: events.length, nanos, last: events.at(-1)?.offset ?? since };
}

const linesOf = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

async function main() {
    const text = { type: 'string' };
    const { values } = parseArgs({ options: { database: text, journal: text, oracle: text, clients: text,
        name: text, since: { ...text, default: '0' }, 'cancel-most': { ...text, default: '1000' },
        'cancel-usual': { ...text, default: '200' }, late: { ...text, default: '1000' }, help: { type: 'boolean' } } });
    if (values.help) {
        console.log(help);
        return 0;
    }
    for (const name of ['database', 'journal', 'oracle', 'clients']) {
        if (values[name] === undefined) throw new TypeError(`--${name} is missing`);
    }
    const { problems, count, nanos } = await check({ database: values.database, name: values.name,
        journal: values.journal,
        calls: linesOf(values.oracle).filter(({ event }) => event === 'ended'), clients: linesOf(values.clients),
        since: BigInt(values.since), late: Number(values.late),
        cancels: { most: Number(values['cancel-most']), usual: Number(values['cancel-usual']) } });
    for (const problem of problems) console.log(problem);
    console.log(`${count} calls, ${nanos} nano-USD: ${problems.length} violations`);
    return problems.length === 0 ? 0 : 5;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    process.exitCode = await main().catch((error) => {
        console.error(`ledgercheck: ${error.message}\nTry --help.`);
        return 2;
    });
}
