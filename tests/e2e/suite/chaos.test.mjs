// All that a provider can do to us, through the real gateway, streamed and whole; the books must fit in the end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Rig } from '../../chaos/rig.mjs';
import { scenarios } from '../../chaos/scenarios.mjs';
import { assertGrowth, residentBytes } from '../lib/process.mjs';

const all = Object.values(scenarios);
const leavers = all.filter(({ isSilent, isEndless, name }) => isSilent || isEndless || name === 'slow');
const late = process.env.DELTA_SANITIZE ? 5000 : 1000; // Milliseconds that a call may outlive its deadline.
let rig;
let memory;

before(async () => {
    // Others may keep the machine busy.
    rig = await Rig.start({ cancels: { most: 5000, usual: 5000 }, late });
    await rig.call('ok');
    memory = await residentBytes(rig.gateway.process.pid);
});

after(() => rig.stop());

for (const isStream of [false, true]) {
    describe(isStream ? 'streamed' : 'whole', { concurrency: 8 }, () => {
        for (const scenario of all) {
            const isAnswered = isStream ? scenario.stream : scenario.whole;
            if (isStream && scenario.isEndless) continue; // Nobody waits for its end; who leaves comes below.
            test(`${scenario.name} ${isAnswered ? 'is answered' : 'is an error'}`, async () => {
                const fields = scenario.choices > 1 ? { n: scenario.choices } : {};
                const call = await rig.call(scenario.name, { isStream, fields });
                assert.equal(call.problem, undefined);
                assert.equal(call.end, 'whole');
                if (!scenario.maybe) assert.equal(call.isComplete, isAnswered, JSON.stringify(call));
            });
        }
    });
}

describe('clients that leave', { concurrency: 8 }, () => {
    for (const { name } of leavers) {
        test(`leave ${name} at once and later`, async () => {
            for (const leaveAfter of [1, 60, 250]) {
                await rig.call(name, { isStream: true, leaveAfter });
                await rig.call(name, { leaveAfter });
            }
        });
    }
});

test('asks the provider at most once for each call', () => {
    assert.ok(rig.chaos.number <= rig.number, `${rig.chaos.number} questions for ${rig.number} calls`);
});

test('every call is in the ledger once, at what was reported or delivered, and nothing else is', async () => {
    const { problems } = await rig.check();
    assert.deepEqual(problems, []);
});

test('is as good as before after all that', async () => {
    assert.equal((await rig.call('ok')).isComplete, true);
    await assertGrowth(rig.gateway.process.pid, memory, 64 * 1024 * 1024, 'are left of the chaos');
});
