// A gateway between clients and the scripted provider, with everything that is needed to prove its books.
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFor, Gateway, masterKey } from '../e2e/lib/gateway.mjs';
import { Postgres } from '../e2e/lib/postgres.mjs';
import { Chaos } from './chaosd.mjs';
import { call } from './client.mjs';
import { check } from './ledgercheck.mjs';
import { scenarios } from './scenarios.mjs';

const hasty = 1; // Seconds until a provider that says nothing is given up,
const patient = 60; // and those that any other one has for a whole answer, or between two events of a stream.
const longestStream = 600; // Seconds that a stream may take in all: the gateway's default.

/** A configuration with all scenarios, or those of the list, as models of their own names. */
function chaosConfig(url, names, settings) {
    const config = configFor(url, []);
    for (const { name, model, isSilent, isHasty } of names.map((each) => scenarios[each])) {
        const timeouts = { timeout: isSilent ? hasty : patient, stream_timeout: isSilent || isHasty ? hasty : patient };
        const [row] = configFor(url, [name], timeouts).model_list;
        row.deltallm_params.model = `custom_openai/${model}`;
        config.model_list.push(row);
    }
    Object.assign(config.general_settings, { upstream_http_max_response_bytes: '8MiB', ...settings });
    return config;
}

/** The most milliseconds that a call may take. A stream that falls silent need not go on until its end. */
function deadlineOf(model, isStream) {
    const { isSilent } = scenarios[model] ?? scenarios.ok;
    return 1000 * (isSilent ? hasty : isStream ? longestStream : patient);
}

export class Rig {
    /**
     * `store`: sqlite, or postgres with a server of its own; `names`: of scenarios; `settings`: further
     * general_settings; `hasLog`: files keep what is not checked yet; `cancels`, `late`: as check() takes
     * them.
     */
    static async start({ store = 'sqlite', names = Object.keys(scenarios), settings = {}, aliases = {}, hasLog = false,
        cancels, late } = {}) {
        const rig = new Rig();
        if (store === 'postgres') rig.postgres = await Postgres.start();
        Object.assign(rig, { cancels, late });
        rig.gateway = await Gateway.prepare('');
        rig.oracleFile = join(rig.gateway.folder, 'oracle.jsonl');
        rig.clientsFile = join(rig.gateway.folder, 'clients.jsonl');
        rig.chaos = await Chaos.start({ log: hasLog ? rig.oracleFile : undefined });
        if (hasLog) rig.clientsLog = openSync(rig.clientsFile, 'a', 0o600);
        const place = rig.postgres ? { database_url: rig.postgres.url } : {};
        const config = chaosConfig(rig.chaos.url, names, { ...place, ...settings });
        await rig.gateway.configure({ ...config, router_settings: { model_group_alias: aliases } });
        await rig.gateway.launch();
        return rig;
    }

    constructor() {
        this.lives = 0;
        this.number = 0;
        this.clients = [];
        this.last = 0n;
        this.spent = new Map();
        this.up = Promise.resolve(); // Until the gateway is there.
        this.master = { key: masterKey, id: 'master' };
    }

    get database() {
        return this.postgres?.url ?? `sqlite:${this.gateway.stateFolder}/deltallm.db`;
    }

    get journal() {
        return `${this.gateway.stateFolder}/journal`;
    }

    /**
     * Makes one call as soon as the gateway is there; `options` are those of call(), and `by` a key. Its record is kept
     * for check().
     */
    async call(model, { by = this.master, ...options } = {}) {
        await this.up;
        const record = await call(this.gateway.url, { key: by.key, keyId: by.id, model, tag: `c${++this.number}`,
            deadline: deadlineOf(model, options.isStream), lives: () => this.lives, ...options });
        this.clients.push(record);
        if (this.clientsLog !== undefined) writeSync(this.clientsLog, `${JSON.stringify(record)}\n`);
        return record;
    }

    /** Ends the gateway, whatever it is doing, and starts it again on the same state. */
    async kill(signal = 'SIGKILL') {
        ++this.lives;
        this.up = this.restart(signal);
        await this.up;
    }

    async restart(signal) {
        const code = await this.gateway.kill(signal);
        if (signal === 'SIGTERM' && code !== 0) {
            throw new Error(`the gateway ended with ${code}: ${this.gateway.output}`);
        }
        this.gateway.output = '';
        await this.gateway.launch();
    }

    /** Ends PostgreSQL, whatever it is doing, and starts it again after a while. */
    async killStore(away) {
        await this.postgres.kill();
        await sleep(away);
        await this.postgres.restart();
    }

    /** Waits until nothing is under way, at either side. */
    async settle() {
        await this.gateway.until(() => this.chaos.running.size === 0, 'the provider is at rest');
        await this.gateway.posted();
    }

    async quiet() {
        const { body } = await this.gateway.admin('GET', '/budget/list');
        return { openCalls: await this.gateway.metric('deltallm_ledger_open_calls'),
            inFlight: await this.gateway.metric('deltallm_in_flight_requests'), budgets: body.budgets,
            running: this.chaos.running.size };
    }

    /** Proves the books of everything since the last check. Call it when no call() is under way. */
    async check() {
        await this.settle();
        const { problems, count, last } = await check({ database: this.database, journal: this.journal,
            calls: this.chaos.calls, clients: this.clients, quiet: await this.quiet(), cancels: this.cancels,
            late: this.late, since: this.last, spent: this.spent });
        if (problems.length > 0) return { problems, count };
        this.chaos.forget();
        this.clients = [];
        if (this.clientsLog !== undefined) ftruncateSync(this.clientsLog);
        this.last = last;
        return { problems, count };
    }

    /** Stops all; the gateway must end in order, with books that its own command finds right as well. */
    async stop() {
        await this.gateway.stop();
        await this.chaos.stop();
        await this.postgres?.stop();
    }
}
