// What must hold of a gateway's books, whatever happened to it. Each function returns sentences about what does not.
import { priceOf } from '../e2e/lib/upstream.mjs';

const strayed = 0.12; // Our count of words may differ from the provider's by so much.
const highestCount = 1e12;

/** Groups by a member. */
function byMember(list, name) {
    const groups = new Map();
    for (const item of list) {
        if (!groups.has(item[name])) groups.set(item[name], []);
        groups.get(item[name]).push(item);
    }
    return groups;
}

const isCount = (value) => Number.isInteger(value) && value >= 0 && value <= highestCount;

/** Says whether a provider's figures can be true: else the gateway counts itself. */
export function isCredible({ told, words }) {
    return told !== null && isCount(told.prompt_tokens) && isCount(told.completion_tokens) && told.prompt_tokens > 0
        && (told.completion_tokens > 0 || words === 0);
}

/** Reads a truth value, as a number or as PostgreSQL writes it. */
const isTrue = (text) => text === '1' || text === 't';

/** Compares what a call costs with what the provider did (`ended`) and what the client heard; both may be missing. */
function callProblem(event, ended, client) {
    if (!isTrue(event.is_priced)) return 'has no price';
    const counted = priceOf(event.input_tokens, event.output_tokens);
    if (event.nanos !== counted && event.source !== 'none') return `costs ${event.nanos} and its tokens ${counted}`;
    if (event.source === 'none') {
        return event.nanos === 0n && !client?.isComplete ? undefined : 'was answered, or paid for, without a count';
    }
    if (client?.isComplete && (event.outcome !== 'succeeded' || event.source === 'recovered')) {
        return `was answered in full and is ${event.outcome}, ${event.source}`;
    }
    if (event.source === 'reported') return reportedProblem(event, ended);
    if (client?.isComplete && ended && isCredible(ended)) return "has an estimate in place of the provider's figures";
    return countProblem(event, ended, client);
}

function reportedProblem(event, ended) {
    if (!ended?.told) return 'has figures that no provider reported';
    const told = priceOf(ended.told.prompt_tokens, ended.told.completion_tokens);
    return event.nanos === told ? undefined : `costs ${event.nanos}, and the provider said ${told}`;
}

/** Checks the gateway's own count: not less than was heard, not more than was made, give or take. */
function countProblem(event, ended, client) {
    const bytes = ended?.bytes ?? 4096;
    if (event.input_tokens > BigInt(bytes)) return `has ${event.input_tokens} input tokens in ${bytes} bytes`;
    if (ended?.words === null) return undefined; // Nobody but the provider can count this.
    const most = Math.ceil((ended?.most ?? ended?.words ?? 0) * (1 + strayed)) + 1;
    const told = ended?.told && isCount(ended.told.completion_tokens) ? ended.told.completion_tokens : 0;
    const output = event.output_tokens;
    if (output > BigInt(Math.max(most, told))) return `has ${output} of ${most} output tokens`;
    const least = event.source === 'estimated' ? Math.floor((client?.words ?? 0) * (1 - strayed)) - 1 : 0;
    return output < BigInt(least) ? `has ${output} output tokens, and ${least} were heard` : undefined;
}

/** INV-1: each call that the provider served ended in the ledger once, at what was reported. */
function servedOnce(events, calls) {
    const posted = byMember(events, 'tag');
    const problems = [];
    for (const tag of new Set(calls.map((call) => call.tag))) {
        const count = posted.get(tag)?.length ?? 0;
        if (count !== 1) problems.push(`INV-1 ${tag}: the provider served it, and it is in the ledger ${count} times`);
    }
    return problems;
}

/** INV-2, first part: what is in the ledger was asked for, and costs something only if it was served. */
function noPhantoms(events, calls, clients) {
    const served = new Set(calls.map((call) => call.tag));
    const made = byMember(clients, 'tag');
    const problems = [];
    for (const [id, same] of byMember(events, 'request_id')) {
        if (same.length > 1) problems.push(`INV-2 ${id}: is in the ledger ${same.length} times`);
    }
    for (const event of events) {
        const client = made.get(event.tag)?.[0];
        // A gateway that dies cannot know whether its question arrived: recovery charges the estimate of the input.
        const isExcused = event.source === 'recovered' && client?.hasDied !== false;
        if (!served.has(event.tag) && event.nanos !== 0n && !isExcused) {
            problems.push(`INV-2 ${event.tag}: costs ${event.nanos} and never reached the provider`);
        }
        if (client === undefined) problems.push(`INV-2 ${event.tag}: nobody made this call`);
        else if (client.requestId && client.requestId !== event.request_id) {
            problems.push(`INV-2 ${event.tag}: is ${event.request_id} and the client was told ${client.requestId}`);
        }
    }
    return problems;
}

/** INV-1 and INV-2 of the calls of a while: the ledger's, the provider's and the clients' must fit together. */
export function checkCalls({ events, calls, clients }) {
    const ended = new Map(calls.map((call) => [call.tag, call]));
    const made = new Map(clients.map((client) => [client.tag, client]));
    const problems = [...servedOnce(events, calls), ...noPhantoms(events, calls, clients)];
    for (const event of events) {
        const problem = callProblem(event, ended.get(event.tag), made.get(event.tag));
        if (problem) problems.push(`INV-1 ${event.tag} (${event.model}, ${event.request_id}): ${problem}`);
    }
    const posted = new Set(events.map((event) => event.tag));
    for (const client of clients) {
        if (client.isComplete && !posted.has(client.tag)) {
            problems.push(`INV-1 ${client.tag}: was answered in full and is not in the ledger`);
        }
    }
    return problems;
}

/** INV-2, second part: what is stored as sums is the sum. */
export function checkProjection({ name, wanted, stored }) {
    const due = new Set(wanted.map((row) => row.join(' ')));
    const found = new Set(stored.map((row) => row.join(' ')));
    return [...[...due].filter((row) => !found.has(row)).map((row) => `INV-2 ${name}: lacks ${row}`),
        ...[...found].filter((row) => !due.has(row)).map((row) => `INV-2 ${name}: has ${row}`)];
}

/** The journal against the database: every settlement before the position is a row, the same to the nano-dollar. */
export function checkJournal(records, events, applied) {
    const rows = new Map(events.map((event) => [event.offset, event]));
    const ended = new Map();
    const problems = [];
    for (const { offset, type, open, entry } of records) {
        if (type !== 'settle' && type !== 'void') continue;
        if (ended.has(open)) problems.push(`INV-1 the call opened at ${open} ends at ${ended.get(open)} and ${offset}`);
        ended.set(open, offset);
        const row = rows.get(offset);
        if (type === 'void' || offset >= applied) {
            if (row) problems.push(`INV-2 the row ${offset} is none of the journal's settlements before ${applied}`);
        } else if (!row) {
            problems.push(`INV-1 ${entry.endUser}: the settlement at ${offset} is not in the database`);
        } else if (row.nanos !== entry.cost || row.request_id !== entry.requestId) {
            problems.push(`INV-1 ${entry.endUser}: costs ${entry.cost} in the journal and ${row.nanos} in its row`);
        }
    }
    for (const event of events) {
        if (event.offset >= applied) problems.push(`INV-2 the row ${event.offset} lies behind the position ${applied}`);
    }
    return problems;
}

/** INV-4 in the journal: after a quiet moment no call is open. */
export function checkClosed(records) {
    const open = new Map();
    for (const record of records) {
        if (record.type === 'open') open.set(record.offset, record.entry);
        if (record.type === 'settle' || record.type === 'void') open.delete(record.open);
    }
    return [...open].map(([offset, entry]) => `INV-4 ${entry.endUser}: the call opened at ${offset} never ended`);
}

const memberOf = { key: 'key_id', model: 'model', end_user: 'end_user' };

/**
 * INV-3: at no offset of the journal is more posted than a budget allows, between two of its `resets` (their times,
 * oldest first). `spent` is what was before, by budget and number of the reset, and is kept.
 */
export function checkBudgets(budgets, events, spent) {
    const problems = [];
    for (const { id, scope, scopeId, limit, resets = [] } of budgets) {
        if (scope !== 'gateway' && !(scope in memberOf)) continue;
        for (const event of events) {
            if (scope !== 'gateway' && event[memberOf[scope]] !== scopeId) continue;
            // A call that reserved before a reset is posted after it, perhaps.
            const window = `${id} ${resets.filter((at) => at <= event.started_at).length}`;
            const was = spent.get(window) ?? 0n;
            const sum = was + event.nanos;
            spent.set(window, sum);
            if (was <= limit && sum > limit) {
                problems.push(`INV-3 budget ${id}: ${sum} of ${limit} are spent at ${event.offset} (${event.tag})`);
            }
        }
    }
    return problems;
}

/** INV-4 of a quiet gateway: nothing is reserved, nothing runs. `state` is what it says about itself. */
export function checkQuiet({ openCalls, inFlight, budgets, running }) {
    const problems = budgets.filter(({ reserved }) => reserved !== 0)
        .map(({ budget_id: id, reserved }) => `INV-4 budget ${id}: ${reserved} are still reserved`);
    if (openCalls !== 0) problems.push(`INV-4 ${openCalls} calls are still open`);
    if (inFlight !== 0) problems.push(`INV-4 ${inFlight} requests are still in flight`);
    if (running !== 0) problems.push(`INV-4 ${running} calls still run at the provider`);
    return problems;
}

/** INV-5: every client was told in a form that its library understands. */
export function checkForm(clients) {
    return clients.filter(({ problem }) => problem)
        .map(({ tag, model, problem }) => `INV-5 ${tag} (${model}): ${problem}`);
}

/** INV-6: no call outlives its deadline by more than `late` milliseconds, neither here nor at the provider. */
export function checkDeadlines(clients, calls, late) {
    const made = new Map(clients.map((client) => [client.tag, client]));
    const asHeard = clients.filter(({ hasDied }) => !hasDied)
        .map(({ tag, model, deadline, at, ended }) => ({ tag, model, deadline, took: ended - at, where: 'to answer' }));
    const atProvider = calls.filter(({ tag }) => made.has(tag)).map(({ tag, asked, at }) => ({ tag,
        model: made.get(tag).model, deadline: made.get(tag).deadline, took: at - asked, where: 'at the provider' }));
    // Said this way round, a time that is missing is a violation too.
    return [...asHeard, ...atProvider].filter(({ took, deadline }) => !(took <= deadline + late))
        .map(({ tag, model, deadline, took, where }) => `INV-6 ${tag} (${model}): took ${took} ms ${where}, and may `
            + `take ${deadline}`);
}

/** INV-7: when a client leaves, the provider hears of it. */
export function checkCancels(clients, calls, { most, usual }) {
    const ended = new Map(calls.map((call) => [call.tag, call]));
    const delays = [];
    for (const client of clients) {
        const call = ended.get(client.tag);
        if (client.end === 'left' && !client.hasDied && call?.closed) {
            delays.push({ tag: client.tag, delay: call.at - client.left });
        }
    }
    delays.sort((one, other) => one.delay - other.delay);
    const problems = delays.filter(({ delay }) => delay > most)
        .map(({ tag, delay }) => `INV-7 ${tag}: the provider heard after ${delay} ms that the client had left`);
    const p99 = delays[Math.floor(delays.length * 0.99)];
    if (delays.length >= 100 && p99.delay > usual) problems.push(`INV-7 one cancel of a hundred takes ${p99.delay} ms`);
    return problems;
}
