// SIGKILL at any instant, with calls in flight: nothing is lost, nothing is doubled, and who was answered has paid.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig } from '../../chaos/rig.mjs';
import { Random } from '../lib/random.mjs';

const rounds = Number(process.env.DELTA_KILL_ROUNDS ?? 100);
const stores = ['sqlite', 'postgres']; // Side by side, each with its share of the rounds.
const callsPerRound = 64;
const models = ['ok', 'slow', 'no-usage'];

describe('killed at any instant', { concurrency: stores.length }, () => {
    const share = Math.ceil(rounds / stores.length);
    for (const store of stores) {
        test(`a gateway on ${store} loses and doubles nothing, ${share} times with ${callsPerRound} calls in flight`,
            (t) => killRepeatedly(t, store, share));
    }
});

async function killRepeatedly(t, store, share) {
    const random = new Random(`kill ${store}`);
    const rig = await Rig.start({ store, names: models, settings: { ledger: { segment_bytes: '1MiB' } } });
    t.after(() => rig.stop());
    const all = [];
    for (let round = 0; round < share; ++round) {
        const calls = Array.from({ length: callsPerRound },
            () => rig.call(random.pick(models), { isStream: random.next() < 0.5 }));
        await sleep(random.below(300));
        // The database dies too now and then, and the gateway while it is away.
        if (store === 'postgres' && round % 10 === 0) await Promise.all([rig.killStore(random.below(300)), rig.kill()]);
        else await rig.kill();
        all.push(...await Promise.all(calls));
    }
    const complete = all.filter(({ isComplete }) => isComplete).length;
    const { problems, count } = await rig.check();
    console.log(`${all.length} calls made, ${complete} answered in full, ${count} settled`);
    assert.deepEqual(problems, []);
    assert.ok(complete > 0 && complete < count, 'some were answered, and some were cut off');
}
