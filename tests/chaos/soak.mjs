// Hours of everything at once: many clients, all that a provider can do, budgets and limits, and a gateway that is
// ended again and again. Between rounds the books are proved.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFiles, residentBytes } from '../e2e/lib/process.mjs';
import { Random, seed } from '../e2e/lib/random.mjs';
import { Rig } from './rig.mjs';
import { scenarios } from './scenarios.mjs';

const help = `Usage: ./dev soak [HOURS] [OPTION...]

Runs a gateway under mixed load against a provider that does everything wrong that one can do, ends it at random with
SIGKILL or SIGTERM, and proves between rounds that no call is lost, doubled or charged wrong, that no budget is
exceeded and nothing is left behind. Prints a line a minute and a verdict.

  HOURS              how long; default: 1
  --minutes N        the same in minutes
  --seconds N        the same in seconds
  --clients N        how many call at once; default: 24
  --round N          seconds until the books are proved; default: 60
  --store KIND       sqlite, or postgres, which is ended at random too; default: sqlite
  --help             this text

DELTA_SEED sets the seed of chance, which is printed. Exit status: 0 all is in order, 5 the books are not, 1 the gateway
could not be run, 2 the arguments are wrong.`;

const dear = 0.05; // Part of the calls that ask for what costs time or memory.
const leaving = 0.1;
const streamed = 0.5;
const mostShown = 50;
const all = Object.values(scenarios);
const costlyNames = ['bomb', 'huge-event', 'big-event', 'slow-event', 'greedy', 'trickle', 'slow-head', 'split'];
const costly = all.filter((each) => each.isSilent || each.isEndless || costlyNames.includes(each.name));
const answered = all.filter((each) => (each.whole || each.stream) && !costly.includes(each));
const failing = all.filter((each) => !answered.includes(each) && !costly.includes(each));

/** Returns how long to run, in milliseconds. */
function durationOf({ positionals: [hours = '1', ...more], values: { minutes, seconds } }) {
    const [value, unit] = seconds !== undefined ? [seconds, 1000] : minutes !== undefined ? [minutes, 60_000]
        : [hours, 3_600_000];
    if (more.length > 0 || !(Number(value) > 0)) {
        throw new TypeError('HOURS, --minutes and --seconds take one number above 0');
    }
    return Number(value) * unit;
}

function numberOf(value, name) {
    if (!/^[1-9]\d{0,5}$/.test(value)) throw new TypeError(`--${name} takes a whole number above 0`);
    return Number(value);
}

class Soak {
    constructor(rig, { clients, roundMs }) {
        this.rig = rig;
        this.clients = clients;
        this.roundMs = roundMs;
        this.random = new Random('soak');
        this.kills = 0;
        this.terms = 0;
        this.stores = 0;
        this.made = 0;
        this.complete = 0;
        this.problems = [];
        this.begun = Date.now();
        this.keys = [];
    }

    /** Keys of all kinds; those with a budget get another one when it is spent. */
    async prepare() {
        for (const fields of [{}, { rpm_limit: 600 }, { max_parallel_requests: 4 }, { tpm_limit: 200_000 }]) {
            this.keys.push({ key: await this.rig.gateway.key(fields), fields });
        }
        for (const usd of [0.002, 0.02, 0.2]) {
            const fields = { max_budget: usd };
            this.keys.push({ key: await this.rig.gateway.key(fields), fields, isHard: true });
        }
    }

    /** Chooses what to ask: mostly what works. A key with a budget asks only what can be reserved for. */
    choose({ isHard }) {
        const chance = this.random.next();
        const rows = chance < dear ? costly : chance < 0.3 ? failing : answered;
        const scenario = this.random.pick(rows);
        return isHard && !scenario.isHonest ? scenarios.ok : scenario;
    }

    async callOnce() {
        const who = this.random.pick(this.keys);
        const scenario = this.choose(who);
        const isStream = this.random.next() < streamed;
        const mustLeave = scenario.isEndless && isStream;
        const call = await this.rig.call(scenario.name, {
            by: who.key, isStream, fields: { max_tokens: 50, ...(scenario.choices > 1 ? { n: scenario.choices } : {}) },
            leaveAfter: mustLeave || this.random.next() < leaving ? this.random.below(800) : undefined });
        ++this.made;
        if (call.isComplete) ++this.complete;
        if (call.code === 'budget_exceeded' && who.isHard) who.isSpent = true;
    }

    /** Ends the gateway at random instants, until the round is over. */
    async trouble(end) {
        while (Date.now() < end) {
            await sleep(Math.min(this.random.below(5000), Math.max(0, end - Date.now())));
            if (Date.now() >= end) return;
            await this.endSomething();
        }
    }

    async endSomething() {
        const chance = this.random.next();
        if (this.rig.postgres && chance < 0.25) {
            ++this.stores;
            await this.rig.killStore(this.random.below(1500));
        } else if (chance < 0.8) {
            ++this.kills;
            await this.rig.kill('SIGKILL');
        } else {
            ++this.terms;
            await this.rig.kill('SIGTERM');
        }
    }

    async round(end) {
        const client = async () => { while (Date.now() < end) await this.callOnce(); };
        await Promise.all([this.trouble(end), ...Array.from({ length: this.clients }, client)]);
        const { problems } = await this.rig.check();
        this.problems.push(...problems);
        for (const who of this.keys.filter(({ isSpent }) => isSpent)) {
            who.key = await this.rig.gateway.key(who.fields);
            who.isSpent = false;
        }
    }

    async report() {
        const { pid } = this.rig.gateway.process;
        const minutes = ((Date.now() - this.begun) / 60_000).toFixed(1);
        const memory = Math.round(await residentBytes(pid) / (1024 * 1024));
        console.log(`${minutes} min: ${this.made} calls, ${this.complete} answered in full, ${this.kills} SIGKILL, `
            + `${this.terms} SIGTERM, ${this.stores} of the store, ${memory} MiB, ${await openFiles(pid)} files, `
            + `${this.problems.length} violations`);
    }

    /** Runs until `end`, or until the books are wrong: what comes after that proves nothing. */
    async run(end) {
        await this.prepare();
        const minute = setInterval(() => this.report().catch(() => {}), 60_000); // Not while it starts again.
        while (Date.now() < end && this.problems.length === 0) {
            await this.round(Math.min(end, Date.now() + this.roundMs));
        }
        clearInterval(minute);
        await this.report();
    }
}

/** Says what is wrong, and keeps everything that shows it. */
async function condemn(rig, problems) {
    await rig.gateway.kill();
    for (const problem of problems.slice(0, mostShown)) console.log(problem);
    if (problems.length > mostShown) console.log(`and ${problems.length - mostShown} more`);
    if (rig.postgres) {
        spawnSync('pg_dump', ['--dbname', rig.database, '--file', `${rig.gateway.folder}/store.sql`]);
        console.log(`The server goes with us; ${rig.gateway.folder}/store.sql is what was in it.`);
    }
    console.log(`The books are wrong; the seed was ${seed}. To see all of it:
  node tests/chaos/ledgercheck.mjs --database ${rig.postgres ? 'URL' : rig.database} \\
    --journal ${rig.journal} --oracle ${rig.oracleFile} \\
    --clients ${rig.clientsFile} --since ${rig.last}`);
    return 5;
}

async function main() {
    const text = { type: 'string' };
    const parsed = parseArgs({ allowPositionals: true, options: { minutes: text, seconds: text,
        clients: { ...text, default: '24' }, round: { ...text, default: '60' },
        store: { ...text, default: 'sqlite' }, help: { type: 'boolean' } } });
    if (parsed.values.help) {
        console.log(help);
        return 0;
    }
    const duration = durationOf(parsed);
    const settings = { clients: numberOf(parsed.values.clients, 'clients'),
        roundMs: numberOf(parsed.values.round, 'round') * 1000 };
    const { store } = parsed.values;
    if (!['sqlite', 'postgres'].includes(store)) throw new TypeError('--store takes sqlite or postgres');
    const rig = await Rig.start({ store, hasLog: true, cancels: { most: 10_000, usual: 2000 }, late: 5000,
        settings: { server: { drain_timeout: '5s' } } });
    const soak = new Soak(rig, settings);
    await soak.run(Date.now() + duration);
    if (soak.problems.length > 0) return condemn(rig, soak.problems);
    await rig.stop();
    console.log(`All is in order after ${soak.made} calls and ${soak.kills + soak.terms} ends of the gateway.`);
    return 0;
}

process.exitCode = await main().catch((error) => {
    const isUsage = error instanceof TypeError;
    console.error(`soak: ${isUsage ? error.message : error.stack}${isUsage ? '\nTry --help.' : ''}`);
    return isUsage ? 2 : 1;
});
process.exit();
