// A PostgreSQL of a suite's own: `url` is a libpq URI of its superuser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PrivateServer } from './private_server.mjs';

export class Postgres extends PrivateServer {
    static kind = 'postgres';

    /** Runs statements and returns the rows of the last one: each a list of texts, and null for NULL. */
    query(sql) {
        return query(this.url, sql);
    }
}

/** As Postgres.query(), on any server. */
export async function query(url, sql) {
    const child = spawn('psql', ['--no-psqlrc', '--quiet', '--csv', '--tuples-only', '--set=ON_ERROR_STOP=1',
        '--pset=null=\\N', `--dbname=${url}`, '--file=-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    let problem = '';
    child.stdout.on('data', (data) => { output += data; });
    child.stderr.on('data', (data) => { problem += data; });
    child.stdin.end(sql);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`psql ended with ${code}: ${problem}`);
    return rowsOf(output);
}

/** Reads CSV. */
function rowsOf(text) {
    const rows = [];
    let row = [];
    for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
        row.push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain === '\\N' ? null : plain);
        if (end === '\n') rows.push(row.splice(0));
    }
    return rows;
}
