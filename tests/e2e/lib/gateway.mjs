// Starts the real gateway on a free port with a state folder of its own, and ends it again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const binary = process.env.DELTA_GATEWAY;
if (!binary) {
    throw new Error('DELTA_GATEWAY must name the gateway binary; ./dev test e2e sets it');
}

export const masterKey = 'sk-master-e2e-0123456789abcdef0123456789';

/** A configuration with one scripted deployment per model, priced 1 and 2 USD per million tokens. */
export function configFor(upstreamUrl, models, timeouts = { timeout: 60, stream_timeout: 60 }) {
    const list = models.map((model) => ({
        model_name: model,
        deltallm_params: {
            model: `custom_openai/up-${model}`,
            api_base: `${upstreamUrl}/v1`,
            api_key: 'sk-provider-secret-1234567890',
            ...timeouts,
        },
        model_info: { input_cost_per_token: '0.000001', output_cost_per_token: '0.000002' },
    }));
    return { model_list: list, general_settings: { master_key: masterKey } };
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A test that failed does not come to the line that would end its gateway. */
function endWithUs(child) {
    running.add(child);
    child.once('exit', () => running.delete(child));
}

export class Gateway {
    /** Starts a gateway and waits until it is ready. `options` are those of launch(). */
    static async start(config, options = {}) {
        const gateway = await Gateway.prepare(config);
        await gateway.launch(options);
        return gateway;
    }

    /** Starts a gateway that shares a database with another one, whose keys and secrets it reads with the same files. */
    static async startBeside(first, config) {
        const gateway = await Gateway.prepare(config);
        await mkdir(gateway.stateFolder, { mode: 0o700 });
        for (const file of ['pepper', 'kek']) {
            await copyFile(join(first.stateFolder, file), join(gateway.stateFolder, file));
        }
        await gateway.launch();
        return gateway;
    }

    /** Makes the folder of a gateway that is not started yet. A string is a configuration as it is. */
    static async prepare(config) {
        const gateway = new Gateway(await mkdtemp(join(tmpdir(), 'deltallm-e2e-')));
        await gateway.configure(config);
        return gateway;
    }

    constructor(folder) {
        this.folder = folder;
        this.configFile = join(folder, 'config.yaml');
        this.stateFolder = join(folder, 'state');
        this.output = '';
    }

    configure(config) {
        const text = typeof config === 'string' ? config : JSON.stringify(config); // JSON is YAML.
        return writeFile(this.configFile, text);
    }

    args(...rest) {
        const isStateless = rest[0] === 'check-config' || rest.slice(0, 2).join(' ') === 'alerts test';
        const state = isStateless ? [] : ['--state-dir', this.stateFolder];
        const config = this.configFile ? ['--config', this.configFile] : [];
        return [...rest, ...config, ...state];
    }

    /**
     * Starts the process. `environment` is added to ours; `through` is a program that executes the rest of its
     * command line, and then the gateway listens where that one tells it to.
     */
    async launch({ environment = {}, through = [] } = {}) {
        const listen = through.length > 0 ? [] : ['--listen', '127.0.0.1:0'];
        const [program, ...words] = [...through, binary, ...this.args('serve'), ...listen];
        this.process = spawn(program, words, {
            stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment },
        });
        endWithUs(this.process);
        this.exited = once(this.process, 'close'); // Later than 'exit': all output is here.
        this.process.stderr.on('data', (data) => { this.output += data; });
        this.url = await new Promise((resolve, reject) => {
            let text = '';
            this.process.stdout.on('data', (data) => {
                text += data;
                this.output += data;
                const found = text.match(/https?:\/\/127\.0\.0\.1:\d+/);
                if (found) resolve(found[0]);
            });
            this.process.on('close', (code) => reject(new Error(`the gateway ended with ${code}: ${this.output}`)));
            setTimeout(() => reject(new Error(`the gateway does not start: ${this.output}`)), 60_000).unref();
        });
    }

    /** Waits for a condition, for at most ten seconds. */
    async until(condition, what) {
        for (let attempt = 0; attempt < 500; ++attempt) {
            if (await condition()) return;
            await sleep(20);
        }
        throw new Error(`timed out waiting: ${what}\n${this.output}`);
    }

    /** Waits for a line of the running gateway, which may be answering before its line has come through the pipe. */
    async says(pattern) {
        await this.until(() => pattern.test(this.output), `a line like ${pattern}`);
    }

    async admin(method, path, body) {
        const response = await fetch(this.url + path, {
            method,
            headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json', connection: 'close' },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        return { status: response.status, body: await response.json() };
    }

    /** Makes a key; its organisation and its team are made first if they are not there, its user by the gateway. */
    async key(fields = {}) {
        const { organization_id, team_id } = fields;
        const owners = [
            organization_id && ['/organization/new', { organization_id, organization_alias: organization_id }],
            team_id && ['/team/new', { team_id, organization_id }],
        ];
        for (const [path, owner] of owners.filter(Boolean)) await this.admin('POST', path, owner);
        const { status, body } = await this.admin('POST', '/key/generate', fields);
        if (status !== 200) throw new Error(JSON.stringify(body));
        return body;
    }

    /** Returns all settled calls, once at least `count` of them are in the store. */
    async spend(count, query = '') {
        let logs;
        await this.until(async () => {
            logs = await this.spendPages(count, query);
            return logs;
        }, `${count} settled calls`);
        return logs;
    }

    /**
     * Reads all pages of the log. Returns nothing if calls are missing, if the store is away, or if a call was posted
     * meanwhile: it moves all others by a place, and one of them onto the next page.
     */
    async spendPages(count, query) {
        const logs = [];
        let total;
        for (let hasMore = true; hasMore;) {
            const page = await this.admin('GET', `/spend/logs?limit=1000&offset=${logs.length}${query}`);
            if (page.status === 503) return undefined; // The store that a test broke is not back yet.
            const { pagination } = page.body;
            total ??= pagination.total;
            if (total < count || pagination.total !== total) return undefined;
            logs.push(...page.body.logs);
            hasMore = pagination.has_more && page.body.logs.length > 0;
        }
        return logs.length === total ? logs : undefined;
    }

    /** Waits until every call has ended and is in the store. */
    async posted() {
        await this.until(async () => await this.metric('deltallm_ledger_open_calls') === 0
            && await this.metric('deltallm_journal_backlog_bytes') === 0, 'the journal is in the store');
    }

    /** Reads a gauge that has no labels. */
    async metric(name) {
        const text = await (await fetch(`${this.url}/metrics`, { headers: { connection: 'close' } })).text();
        return Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))[1]);
    }

    async kill(signal = 'SIGKILL') {
        this.process.kill(signal);
        const [code] = await this.exited;
        return code;
    }

    /** Ends the process at once, if it runs, and removes the folder: for a gateway that was broken on purpose. */
    async remove() {
        if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
        await rm(this.folder, { recursive: true });
    }

    /** Runs another command of the program on the same state. */
    async run(...words) {
        const child = spawn(binary, this.args(...words), { stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        child.stdout.on('data', (data) => { output += data; });
        child.stderr.on('data', (data) => { output += data; });
        const [code] = await once(child, 'close');
        return { code, output };
    }

    /** Drains the gateway, proves its ledger, and removes its folder. Throws if anything is not in order. */
    async stop() {
        const code = await this.kill('SIGTERM');
        const verified = await this.run('verify');
        await rm(this.folder, { recursive: true });
        if (code !== 0) throw new Error(`the gateway ended with ${code}: ${this.output}`);
        if (verified.code !== 0) throw new Error(`the ledger does not add up: ${verified.output}`);
    }
}

/** Adds up amounts in USD exactly, in nano-USD. */
export function nanos(entries) {
    return entries.reduce((sum, entry) => sum + BigInt(Math.round(entry.spend * 1e9)), 0n);
}
