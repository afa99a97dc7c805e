// One call as a client makes it: what it heard, and whether it was told in the form that it must be told.
import http from 'node:http';

const errorFields = ['message', 'type', 'param', 'code'];

/** Says what is wrong with an error body; nothing if it is as it should be. */
function errorProblem(text) {
    try {
        const { error } = JSON.parse(text);
        if (errorFields.every((name) => name in error)) return undefined;
    } catch {
        // Said below.
    }
    return `is no error of ours: ${text.slice(0, 200)}`;
}

/** Says what is wrong with a stream as it ended. */
function streamProblem(text) {
    const last = text.slice(0, -2).split('\n\n').at(-1);
    if (!text.endsWith('\n\n')) return `a stream is truncated: ${text.slice(-200)}`;
    if (last === 'data: [DONE]') return undefined;
    const [, body] = last.match(/^event: error\ndata: (.*)$/) ?? [];
    return body === undefined ? `a stream ends in nothing: ${last.slice(0, 200)}` : errorProblem(body);
}

function wholeProblem(text) {
    try {
        const { choices, data } = JSON.parse(text);
        return Array.isArray(choices ?? data) ? undefined : `is no answer: ${text.slice(0, 200)}`;
    } catch {
        return `an answer is truncated: ${text.slice(-200)}`;
    }
}

/** Judges an answer that the client stayed for, and the gateway too. */
function judge(call, type, text) {
    if (!/^req_[0-9A-Za-z]{24}$/.test(call.requestId ?? '')) return `has no request id: ${call.requestId}`;
    if (/<html/i.test(text)) return 'an answer is a page';
    if (call.status !== 200) return errorProblem(text);
    // A provider's own line ends are passed on, and both are right.
    return type.startsWith('text/event-stream') ? streamProblem(text.replaceAll('\r\n', '\n')) : wholeProblem(text);
}

/** Reads an answer to its end, whatever end that is. */
function exchange(url, { key, body, leaveAfter }) {
    return new Promise((resolve) => {
        const heard = { text: '', end: 'cut' };
        const request = http.request(url, { method: 'POST', agent: false, headers: {
            authorization: `Bearer ${key}`, 'content-type': 'application/json',
            'content-length': Buffer.byteLength(body) } });
        let timer;
        if (leaveAfter !== undefined) {
            timer = setTimeout(() => {
                heard.end = 'left';
                heard.left = Date.now();
                request.destroy();
            }, leaveAfter);
        }
        request.on('response', (response) => {
            heard.response = response;
            response.setEncoding('utf8').on('data', (data) => { heard.text += data; });
            response.on('end', () => { if (response.complete) heard.end = 'whole'; });
            response.on('error', () => {});
        });
        request.on('error', (error) => { heard.error = error.message; });
        request.on('close', () => {
            clearTimeout(timer);
            resolve(heard);
        });
        request.end(body);
    });
}

/** The fields of a request that say what is asked, by the end of its path. */
const questions = {
    'chat/completions': { messages: [{ role: 'user', content: 'Say hello.' }] },
    completions: { prompt: 'Say hello.' },
    embeddings: { input: ['Say hello.', 'Say goodbye.'] },
};

/**
 * Makes a call and returns its record. `tag` names it everywhere; `operation` is the end of the path, `fields` are
 * further ones of the body; `leaveAfter`: milliseconds until the client goes; `deadline`: how long the call may take,
 * in milliseconds, which is only kept; `lives` says how often the gateway was ended on purpose, so that a call that
 * died with it is no fault.
 */
export async function call(url, { key, keyId, model, tag, isStream = false, operation = 'chat/completions',
    fields = {}, leaveAfter, deadline, lives }) {
    const begun = lives();
    const body = JSON.stringify({ model, user: tag, ...(isStream ? { stream: true } : {}), ...questions[operation],
        ...fields });
    const at = Date.now();
    const { response, text, end, left, error } = await exchange(`${url}/v1/${operation}`, { key, body, leaveAfter });
    const record = { tag, keyId, model, isStream, deadline, at, ended: Date.now(),
        status: response?.statusCode ?? 0, requestId: response?.headers['x-request-id'], end, left,
        hasDied: lives() !== begun };
    record.words = text.split('hello ').length - 1;
    record.code = record.status === 0 || record.status === 200 ? undefined : codeOf(text);
    record.isComplete = end === 'whole' && record.status === 200 && (!isStream || /data: \[DONE\]\s+$/.test(text));
    if (end === 'whole') record.problem = judge(record, response.headers['content-type'] ?? '', text);
    else if (end === 'cut' && !record.hasDied) record.problem = `the gateway did not answer: ${error}`;
    return record;
}

function codeOf(text) {
    try {
        return JSON.parse(text).error.code;
    } catch {
        return undefined; // A problem, which judge() names.
    }
}
