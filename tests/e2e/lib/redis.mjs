// A Redis of a suite's own: `url` is its address on TCP if it has one, else the path of its socket.
import { once } from 'node:events';
import net from 'node:net';
import { PrivateServer } from './private_server.mjs';

export class Redis extends PrivateServer {
    static kind = 'redis';

    /** Sends one command and returns the reply as the server wrote it, without its last line end. */
    query(...words) {
        return command(this.socket, ...words);
    }
}

/** As Redis.query(), to a socket or a loopback port. */
export async function command(address, ...words) {
    const client = net.connect(address);
    await once(client, 'connect');
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    client.write(`*${words.length}\r\n${parts.join('')}*1\r\n$4\r\nQUIT\r\n`);
    const pieces = await client.toArray();
    return Buffer.concat(pieces).toString().replace(/\r\n\+OK\r\n$/, '');
}
