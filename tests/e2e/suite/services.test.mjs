// The database servers that suites break on purpose do break, and come back with their data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '../../chaos/fault_proxy.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { command, Redis } from '../lib/redis.mjs';

const breakable = [
    {
        kind: Postgres,
        write: (server) => server.query("CREATE TABLE t (a text, b int); INSERT INTO t VALUES ('x,\"y\"\nz', NULL)"),
        read: (server) => server.query('SELECT * FROM t'),
        kept: [['x,"y"\nz', null]],
    },
    {
        kind: Redis,
        write: (server) => server.query('SET', 'a', 'x y'),
        read: (server) => server.query('GET', 'a'),
        kept: '$3\r\nx y',
    },
];

for (const { kind, write, read, kept } of breakable) {
    test(`${kind.kind} survives a kill with what it was told, at the same address`, async (t) => {
        const server = await kind.start({ durable: true, tcp: true });
        t.after(() => server.stop());
        const { url } = server;
        await write(server);
        await server.kill();
        await assert.rejects(read(server));
        await server.restart();
        assert.equal(server.url, url);
        assert.deepEqual(await read(server), kept);
    });

    test(`${kind.kind} answers nobody while it is paused`, async (t) => {
        const server = await kind.start();
        t.after(() => server.stop());
        await write(server);
        await server.pause();
        const answer = read(server);
        assert.equal(await Promise.race([answer, sleep(300, 'nothing')]), 'nothing');
        await server.resume();
        assert.deepEqual(await answer, kept);
    });
}

test('the way to a server can be slow, deaf and broken, and heals', async (t) => {
    const server = await Redis.start({ tcp: true });
    t.after(() => server.stop());
    const proxy = await FaultProxy.start(server.port);
    const ping = () => command(proxy.port, 'PING');
    assert.equal(await ping(), '+PONG');
    proxy.delay = 100;
    const slow = Date.now();
    assert.equal(await ping(), '+PONG');
    assert.ok(Date.now() - slow >= 200, 'there and back');
    proxy.delay = 0;
    proxy.deafen();
    const waiting = ping();
    assert.equal(await Promise.race([waiting, sleep(200, 'nothing')]), 'nothing');
    proxy.heal();
    assert.equal(await waiting, '+PONG');
    proxy.deafen();
    const cut = ping();
    await sleep(50);
    proxy.cut();
    await assert.rejects(cut, { code: 'ECONNRESET' });
    await proxy.close();
    await assert.rejects(ping(), { code: 'ECONNREFUSED' });
    proxy.heal();
    await proxy.open();
    assert.equal(await ping(), '+PONG');
    await proxy.close();
});
