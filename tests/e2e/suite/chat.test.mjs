import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { configFor, Gateway, nanos } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';

const words = ['Grüße', ' aus', ' dem', ' Gateway', ' 😀'];
const scripts = {
    'up-chat': ({ response, charge }) => json(response, 200, completion({ content: 'Hello!' }, charge(usageOf(12, 3)))),
    'up-words': ({ record, response, charge }) => {
        const out = stream(response);
        out.event(chunk({ role: 'assistant', content: '' }));
        for (const word of words) out.event(chunk({ content: word }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'up', choices: [],
            usage: charge(usageOf(20, 7)) });
        out.event('[DONE]');
        out.end();
        record.sent = out.sent;
    },
    'up-tools': ({ record, response, charge }) => {
        assert.equal(record.body.tools[0].function.name, 'weather');
        const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Köln"}' } };
        json(response, 200, completion({ content: null, tool_calls: [call] }, charge(usageOf(50, 9)), 'tool_calls'));
    },
    'up-many': ({ response, charge }) =>
        json(response, 200, completion([{ content: 'a' }, { content: 'b' }, { content: 'c' }], charge(usageOf(5, 3)))),
    'up-embed': ({ record, response, charge }) => {
        const floats = new Float32Array([0.25, -0.5, 0.125]);
        const asked = record.body.encoding_format;
        const embedding = asked === 'base64' ? Buffer.from(floats.buffer).toString('base64') : [...floats];
        json(response, 200, { object: 'list', model: 'up', data: [{ object: 'embedding', index: 0, embedding }],
            usage: charge({ prompt_tokens: 8, total_tokens: 8 }) });
    },
};

let upstream;
let gateway;
let client;

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await Gateway.start(configFor(upstream.url, ['chat', 'words', 'tools', 'many', 'embed']));
    const { key } = await gateway.key({ key_alias: 'e2e' });
    client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

after(async () => {
    const spent = nanos(await gateway.spend(upstream.served));
    await gateway.stop();
    await upstream.stop();
    assert.equal(spent, upstream.charged, 'the ledger and the provider agree to the nano-dollar');
});

const last = () => upstream.requests.at(-1);

test('answers a chat', async () => {
    const answer = await client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'Hi' }] });
    assert.equal(answer.choices[0].message.content, 'Hello!');
    assert.equal(answer.usage.prompt_tokens, 12);
    assert.equal(last().headers.authorization, 'Bearer sk-provider-secret-1234567890');
});

test('passes every byte but the model', async () => {
    const sent = '{ "model":"chat" , "seed":18446744073709551615,"temperature":1.0,\n "x_unknown":{"a":[null,1e-7]},'
        + '"messages":[{"role":"developer","content":"\\u00e9\\ud83d\\ude00 é"}]}';
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST', body: sent,
        headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'application/json' },
    });
    assert.equal(response.status, 200);
    assert.equal(last().bytes.toString(), sent.replace('"chat"', '"up-chat"'));
    assert.match(response.headers.get('x-request-id'), /^[\w-]+$/);
    const entry = (await gateway.spend(1)).find((one) => one.request_id === response.headers.get('x-request-id'));
    assert.equal(entry?.prompt_tokens ?? 12, 12);
});

test('streams a chat', async () => {
    const answer = await client.chat.completions.create({
        model: 'words', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    const heard = [];
    for await (const part of answer) {
        assert.ok(!('usage' in part), 'usage that was not asked for is hidden');
        heard.push(part.choices[0].delta.content ?? '');
    }
    assert.equal(heard.join(''), words.join(''));
    assert.deepEqual(last().body.stream_options, { include_usage: true });
});

test('streams usage to a client that asks for it, byte for byte', async () => {
    const body = { model: 'words', stream: true, stream_options: { include_usage: true },
        messages: [{ role: 'user', content: 'Hi' }] };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST', body: JSON.stringify(body),
        headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'application/json' } });
    assert.equal(await response.text(), last().sent.join(''));
});

test('passes tools both ways', async () => {
    const answer = await client.chat.completions.create({
        model: 'tools', messages: [{ role: 'user', content: 'Weather?' }],
        tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }] });
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.equal(answer.choices[0].message.tool_calls[0].function.arguments, '{"city":"Köln"}');
});

test('passes vision parts and a JSON schema untouched', async () => {
    const messages = [{ role: 'user', content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(20000)}`, detail: 'low' } }] }];
    const response_format = { type: 'json_schema', json_schema: { name: 's', strict: true, schema: { type: 'object' } } };
    await client.chat.completions.create({ model: 'chat', messages, response_format });
    assert.deepEqual(last().body.messages, messages);
    assert.deepEqual(last().body.response_format, response_format);
});

test('gives n choices', async () => {
    const answer = await client.chat.completions.create({
        model: 'many', n: 3, messages: [{ role: 'user', content: 'Hi' }] });
    assert.deepEqual(answer.choices.map((choice) => choice.message.content), ['a', 'b', 'c']);
});

test('embeds as floats and as base64', async () => {
    for (const encoding_format of ['float', 'base64', undefined]) {
        const answer = await client.embeddings.create({ model: 'embed', input: 'text', encoding_format });
        const vector = answer.data[0].embedding;
        const floats = typeof vector === 'string'
            ? [...new Float32Array(Uint8Array.from(Buffer.from(vector, 'base64')).buffer)] : vector;
        assert.deepEqual([...floats], [0.25, -0.5, 0.125]);
    }
});

test('lists the models that the key may call', async () => {
    const { key } = await gateway.key({ models: ['chat'] });
    const limited = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const listed = [];
    for await (const model of limited.models.list()) listed.push(model.id);
    assert.deepEqual(listed, ['chat']);
    assert.equal((await limited.models.retrieve('chat')).owned_by, 'deltallm');
    await assert.rejects(limited.models.retrieve('words'), OpenAI.NotFoundError);
});

test('works without the version prefix', async () => {
    const bare = new OpenAI({ apiKey: client.apiKey, baseURL: gateway.url, maxRetries: 0 });
    const answer = await bare.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'Hi' }] });
    assert.equal(answer.choices[0].message.content, 'Hello!');
});

test('carries 200 streams at once', async () => {
    const one = async () => {
        const answer = await client.chat.completions.create({
            model: 'words', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
        let text = '';
        for await (const part of answer) text += part.choices[0].delta.content ?? '';
        return text;
    };
    const texts = await Promise.all(Array.from({ length: 200 }, one));
    assert.ok(texts.every((text) => text === words.join('')));
});
