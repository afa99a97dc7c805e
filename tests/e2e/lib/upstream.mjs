// A scripted provider. It records every byte that it is sent, and what it charged: the money oracle.
// A script is chosen by the model name that arrives: "up-chat", "up-slow", …
import { once } from 'node:events';
import http from 'node:http';

const inputPrice = 1000n; // Nano-USD per token; the configuration of the tests says the same.
const outputPrice = 2000n;

/** Returns what so many tokens cost, in nano-USD. */
export function priceOf(input, output) {
    return BigInt(input) * inputPrice + BigInt(output) * outputPrice;
}

export class Upstream {
    static async start(scripts, port = 0) {
        const upstream = new this(scripts);
        upstream.server.listen(port, '127.0.0.1');
        await once(upstream.server, 'listening');
        upstream.url = `http://127.0.0.1:${upstream.server.address().port}`;
        return upstream;
    }

    constructor(scripts) {
        this.scripts = scripts;
        this.requests = [];
        this.charged = 0n;
        this.served = 0;
        this.server = http.createServer((request, response) => this.serve(request, response));
        this.server.keepAliveTimeout = 0; // Else a busy machine closes a connection under a request on its way.
    }

    async serve(request, response) {
        const pieces = [];
        for await (const piece of request) pieces.push(piece);
        const bytes = Buffer.concat(pieces);
        const record = { bytes, body: JSON.parse(bytes), path: request.url, headers: request.headers, closed: false };
        this.keep(record);
        response.on('close', () => {
            record.closed = !response.writableFinished;
            this.ended(record);
        });
        const script = this.scripts[record.body.model];
        if (!script) {
            json(response, 404, { error: { message: `no script for ${record.body.model}` } });
            return;
        }
        await script({ record, response, charge: (usage) => this.charge(usage, record) });
    }

    keep(record) {
        this.requests.push(record);
    }

    /** Nothing more of this request comes or goes. */
    ended() {}

    /** Books what a real provider would put on the bill. */
    charge(usage) {
        ++this.served;
        this.charged += priceOf(usage.prompt_tokens, usage.completion_tokens ?? 0);
        return usage;
    }

    async stop() {
        this.server.closeAllConnections();
        this.server.close();
        await once(this.server, 'close');
    }
}

export function json(response, status, body, headers = {}) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
}

export function usageOf(input, output) {
    return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

export function completion(message, usage, finish = 'stop') {
    return {
        id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'up',
        choices: [].concat(message).map((entry, index) => ({
            index, message: { role: 'assistant', refusal: null, ...entry }, logprobs: null, finish_reason: finish,
        })),
        usage,
    };
}

export function chunk(delta, extra = {}) {
    return {
        id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'up',
        choices: [{ index: extra.index ?? 0, delta, finish_reason: extra.finish ?? null }], usage: null,
    };
}

/** Begins a stream and returns how to send to it. What was sent is kept for comparison. */
export function stream(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const sent = [];
    return {
        sent,
        event(object) {
            const text = `data: ${typeof object === 'string' ? object : JSON.stringify(object)}\n\n`;
            sent.push(text);
            response.write(text);
        },
        end() {
            response.end();
        },
    };
}
