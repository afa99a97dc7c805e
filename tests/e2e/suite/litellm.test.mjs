// LiteLLM's management API, word for word: every conversation of tests/golden/litellm with a real gateway, on both
// stores. DELTA_UPDATE_GOLDEN=1 rewrites what is expected; review the diff.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { play, readConversation, writeConversation } from '../lib/conversation.mjs';
import { configFor, Gateway, masterKey } from '../lib/gateway.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const folder = fileURLToPath(new URL('../../golden/litellm/', import.meta.url));
const files = (await readdir(folder)).filter((file) => file.endsWith('.http'));
const rewrites = process.env.DELTA_UPDATE_GOLDEN === '1';

let upstream;
before(async () => {
    upstream = await Upstream.start({
        'up-small': ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(1000, 500)))),
    });
});
after(() => upstream.stop());

/** Plays a conversation with a gateway, and a database, of its own. */
async function replay(file, postgres) {
    const config = configFor(upstream.url, ['small']);
    if (postgres) config.general_settings.database_url = postgres.url;
    const gateway = await Gateway.start(config);
    const conversation = await readConversation(folder + file);
    const answers = await play(conversation, gateway, masterKey);
    if (rewrites) await writeConversation(folder + file, conversation, answers);
    conversation.turns.forEach(({ method, target, expected }, i) => {
        if (!rewrites) assert.equal(answers[i], expected, `${method} ${target}`);
    });
    await gateway.stop();
}

for (const file of files) {
    test(`${file}, on a file of SQLite`, () => replay(file));
    test(`${file}, on PostgreSQL`, async () => {
        const postgres = await Postgres.start();
        await replay(file, postgres);
        await postgres.stop();
    });
}
