// TLS by files: which versions, what a stranger on the port is told, and a certificate that is renewed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertError } from '../lib/errors.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { chunk, completion, json, stream, Upstream, usageOf } from '../lib/upstream.mjs';
import { refusal, request, Wire } from '../lib/wire.mjs';

const words = Array.from({ length: 400 }, (_, index) => `word ${index} `);
const scripts = {
    'up-good': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(10, 5)))),
    'up-words': ({ response, charge }) => {
        const out = stream(response);
        for (const content of words) out.event(chunk({ content }));
        out.event(chunk({}, { finish: 'stop' }));
        out.event({ choices: [], usage: charge(usageOf(10, 400)) });
        out.event('[DONE]');
        out.end();
    },
};
const key = `Authorization: Bearer ${masterKey}`;
let upstream;
let gateway;

/** Makes a certificate for this name in the files that the configuration names. */
function makeCertificate(name) {
    const at = (file) => join(gateway.folder, file);
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days',
        '2',
        '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', at('key.pem'), '-out',
            at('cert.pem')],
    { stdio: 'ignore' });
}

before(async () => {
    upstream = await Upstream.start(scripts);
    gateway = await Gateway.prepare('');
    makeCertificate('first');
    const config = configFor(upstream.url, ['good', 'words']);
    config.general_settings.server = { head_timeout: '3s',
        tls_certificate_file: join(gateway.folder, 'cert.pem'), tls_key_file: join(gateway.folder, 'key.pem') };
    await gateway.configure(config);
    await gateway.launch();
});

after(async () => {
    await gateway.stop();
    await upstream.stop();
});

const chat = (model, more = {}) => request('POST /v1/chat/completions', [key],
    JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], ...more }));

for (const version of ['TLSv1.2', 'TLSv1.3']) {
    test(`speaks ${version}`, async () => {
        const wire = await Wire.open(gateway.url, { minVersion: version, maxVersion: version });
        assert.equal(wire.socket.getProtocol(), version);
        for (let count = 0; count < 3; ++count) assert.equal((await wire.send(chat('good')).reply()).status, 200);
        const answer = await wire.send(chat('words', { stream: true })).reply();
        const heard = [...answer.body.matchAll(/"content":"([^"]*)"/g)].map(([, word]) => word);
        assert.equal(heard.join(''), words.join(''));
        wire.destroy();
    });
}

test('says https in what it prints', () => assert.match(gateway.url, /^https:\/\//));

for (const version of ['TLSv1', 'TLSv1.1']) {
    test(`does not speak ${version}`, async () => {
        const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' };
        await assert.rejects(Wire.open(gateway.url, options),
            /alert protocol version|no protocols|unsupported protocol/i);
    });
}

test('offers HTTP/1.1 to a client that asks for HTTP/2 as well', async () => {
    const wire = await Wire.open(gateway.url, { ALPNProtocols: ['h2', 'http/1.1'] });
    assert.ok(['http/1.1', false].includes(wire.socket.alpnProtocol), wire.socket.alpnProtocol);
    assert.equal((await wire.send(chat('good')).reply()).status, 200);
    wire.destroy();
});

test('tells plain HTTP which scheme the port speaks', async () => {
    const answer = await refusal(gateway.url.replace('https:', 'http:'), chat('good'));
    assertError(answer, { status: 400, type: 'invalid_request_error', code: 'malformed_request',
        message: /https:\/\// });
});

const strangers = [['nothing', ''], ['half of a hello', '\x16\x03\x01\x02\x00\x01'],
    ['garbage', '\x00\x01\x02 garbage\r\n\r\n'],
    ['a hello that is no hello', '\x16\x03\x01\x00\x10aaaaaaaaaaaaaaaa']];
describe('a stranger', { concurrency: true }, () => {
    for (const [name, bytes] of strangers) {
        test(`is not waited for when it sends ${name}`, async () => {
            const wire = (await Wire.open(gateway.url.replace('https:', 'http:'))).send(bytes);
            await wire.ended();
            wire.destroy();
        });
    }
});

test('resumes a session, so that a new connection costs less', async () => {
    const wire = await Wire.open(gateway.url, { maxVersion: 'TLSv1.3' });
    const session = once(wire.socket, 'session');
    assert.equal((await wire.send(chat('good')).reply()).status, 200);
    const [ticket] = await session;
    wire.destroy();
    const again = await Wire.open(gateway.url, { session: ticket });
    assert.equal(again.socket.isSessionReused(), true);
    assert.equal((await again.send(chat('good')).reply()).status, 200);
    again.destroy();
});

test('takes a renewed certificate on SIGHUP, and keeps the old one while the files are wrong', async () => {
    const name = async () => {
        const wire = await Wire.open(gateway.url);
        const { CN } = wire.socket.getPeerCertificate().subject;
        wire.destroy();
        return CN;
    };
    const old = await Wire.open(gateway.url);
    assert.equal((await old.send(chat('good')).reply()).status, 200);
    assert.equal(await name(), 'first');
    makeCertificate('second');
    gateway.process.kill('SIGHUP');
    await gateway.until(async () => await name() === 'second', 'the new certificate');
    execFileSync('sh', ['-c', 'echo broken > "$0"', join(gateway.folder, 'cert.pem')]);
    gateway.process.kill('SIGHUP');
    await gateway.says(/certificate stays the old one/);
    assert.equal(await name(), 'second');
    assert.equal((await old.send(chat('good')).reply()).status, 200, 'an open connection goes on');
    old.destroy();
});

test('does not start without its certificate', async () => {
    const second = await Gateway.prepare({ general_settings: { server: {
        tls_certificate_file: '/nowhere/cert.pem', tls_key_file: '/nowhere/key.pem' } } });
    await mkdir(second.stateFolder, { mode: 0o700 });
    const { code, output } = await second.run('serve', '--listen', '127.0.0.1:0');
    assert.equal(code, 3);
    assert.match(output, /\/nowhere\/cert\.pem/);
    await second.remove();
});
