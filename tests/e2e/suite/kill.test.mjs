// SIGKILL at any instant, with calls in flight: nothing is lost, nothing is doubled, and who was answered has paid.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig } from '../../chaos/rig.mjs';
import { Random } from '../lib/random.mjs';

const rounds = Number(process.env.DELTA_KILL_ROUNDS ?? 100);
const lanes = 2; // Gateways side by side, each with its share of the rounds: mostly they wait for their disk.
const callsPerRound = 64;
const models = ['ok', 'slow', 'no-usage'];

describe('killed at any instant', { concurrency: lanes }, () => {
    const share = Math.ceil(rounds / lanes);
    for (let lane = 1; lane <= lanes; ++lane) {
        test(`gateway ${lane} loses and doubles nothing, ${share} times with ${callsPerRound} calls in flight`,
            (t) => killRepeatedly(t, share, new Random(`kill ${lane}`)));
    }
});

async function killRepeatedly(t, share, random) {
    const rig = await Rig.start({ names: models, settings: { ledger: { segment_bytes: '1MiB' } } });
    t.after(() => rig.stop());
    const all = [];
    for (let round = 0; round < share; ++round) {
        const calls = Array.from({ length: callsPerRound },
            () => rig.call(random.pick(models), { isStream: random.next() < 0.5 }));
        await sleep(random.below(300));
        await rig.kill();
        all.push(...await Promise.all(calls));
    }
    const complete = all.filter(({ isComplete }) => isComplete).length;
    const { problems, count } = await rig.check();
    console.log(`${all.length} calls made, ${complete} answered in full, ${count} settled`);
    assert.deepEqual(problems, []);
    assert.ok(complete > 0 && complete < count, 'some were answered, and some were cut off');
}
