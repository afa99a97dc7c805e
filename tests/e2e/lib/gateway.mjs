// Starts the real gateway on a free port with a state folder of its own, and ends it again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const binary = process.env.DELTA_GATEWAY;
if (!binary) {
    throw new Error('DELTA_GATEWAY must name the gateway binary; ./dev test e2e sets it');
}

export const masterKey = 'sk-master-e2e-0123456789abcdef0123456789';

/** A configuration with one scripted deployment per model, priced 1 and 2 USD per million tokens. */
export function configFor(upstreamUrl, models) {
    const list = models.map((model) => ({
        model_name: model,
        deltallm_params: {
            model: `custom_openai/up-${model}`,
            api_base: `${upstreamUrl}/v1`,
            api_key: 'sk-provider-secret-1234567890',
            timeout: 5,
            stream_timeout: 20,
        },
        model_info: { input_cost_per_token: '0.000001', output_cost_per_token: '0.000002' },
    }));
    return { model_list: list, general_settings: { master_key: masterKey } };
}

export class Gateway {
    static async start(config, options = {}) {
        const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'deltallm-e2e-')));
        const gateway = new Gateway(folder);
        await writeFile(join(folder, 'config.yaml'), JSON.stringify(config)); // JSON is YAML.
        await gateway.launch();
        return gateway;
    }

    constructor(folder) {
        this.folder = folder;
        this.output = '';
    }

    args(...rest) {
        const config = ['--config', join(this.folder, 'config.yaml')];
        const state = rest[0] === 'check-config' ? [] : ['--state-dir', join(this.folder, 'state')];
        return [...rest, ...config, ...state];
    }

    async launch() {
        this.process = spawn(binary, [...this.args('serve'), '--listen', '127.0.0.1:0'], {
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.exited = once(this.process, 'exit');
        this.process.stderr.on('data', (data) => { this.output += data; });
        const port = new Promise((resolve, reject) => {
            let text = '';
            this.process.stdout.on('data', (data) => {
                text += data;
                this.output += data;
                const found = text.match(/http:\/\/127\.0\.0\.1:(\d+)/);
                if (found) resolve(Number(found[1]));
            });
            this.process.on('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${this.output}`)));
        });
        this.url = `http://127.0.0.1:${await port}`;
        await this.until(async () => (await fetch(`${this.url}/health/readiness`)).status === 200, 'ready');
    }

    /** Waits for a condition, for at most ten seconds. */
    async until(condition, what) {
        for (let attempt = 0; attempt < 500; ++attempt) {
            if (await condition()) return;
            await sleep(20);
        }
        throw new Error(`timed out waiting: ${what}\n${this.output}`);
    }

    async admin(method, path, body) {
        const response = await fetch(this.url + path, {
            method,
            headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        return { status: response.status, body: await response.json() };
    }

    async key(fields = {}) {
        const { status, body } = await this.admin('POST', '/key/generate', fields);
        if (status !== 200) throw new Error(JSON.stringify(body));
        return body;
    }

    /** Returns all settled calls, once at least `count` of them are in the store. */
    async spend(count, query = '') {
        const logs = [];
        await this.until(async () => {
            logs.length = 0;
            for (let offset = 0; ; offset += 1000) {
                const page = (await this.admin('GET', `/spend/logs?limit=1000&offset=${offset}${query}`)).body;
                logs.push(...page.logs);
                if (!page.pagination.has_more) break;
            }
            return logs.length >= count;
        }, `${count} settled calls`);
        return logs;
    }

    async kill(signal = 'SIGKILL') {
        this.process.kill(signal);
        const [code] = await this.exited;
        return code;
    }

    /** Runs another command of the program on the same state. */
    async run(...words) {
        const child = spawn(binary, this.args(...words), { stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        child.stdout.on('data', (data) => { output += data; });
        child.stderr.on('data', (data) => { output += data; });
        const [code] = await once(child, 'exit');
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
