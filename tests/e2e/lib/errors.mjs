// What every refusal of the gateway must look like.
import assert from 'node:assert/strict';

/** Asks with fetch, on a connection of its own, and returns the reply as the other helpers do. */
export async function ask(url, { method = 'POST', headers = {}, body } = {}) {
    const text = body === undefined || typeof body === 'string'
        || body instanceof Uint8Array ? body : JSON.stringify(body);
    const response = await fetch(url, { method, headers: { connection: 'close', ...headers }, body: text });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** Makes the header that carries a key. */
export const bearer = (key) => ({ authorization: `Bearer ${key}` });

/**
 * Checks an error body: OpenAI's four fields and no other, the id of the request, and nothing of ours inside.
 * `expected` has status, type, code, param (absent: null) and message, a pattern or several.
 */
export function assertError(reply, { status, type, code, param = null, message = [] }) {
    assert.equal(reply.status, status, reply.body);
    assert.match(reply.headers['content-type'], /^application\/json\b/);
    assert.match(reply.headers['x-request-id'], /^req_[0-9A-Za-z]{24}$/);
    const answer = JSON.parse(reply.body);
    assert.deepEqual(Object.keys(answer), ['error']);
    assert.deepEqual(Object.keys(answer.error), ['message', 'type', 'param', 'code']);
    assert.equal(answer.error.code, code, reply.body);
    assert.equal(answer.error.type, type, reply.body);
    assert.equal(answer.error.param, param, reply.body);
    for (const pattern of [message].flat()) assert.match(answer.error.message, pattern);
    assert.doesNotMatch(reply.body, /127\.0\.0\.1:\d|sk-provider|\/tmp\/|sqlite|0x[0-9a-f]{6}/i,
        'nothing of ours leaks');
    return answer.error;
}
