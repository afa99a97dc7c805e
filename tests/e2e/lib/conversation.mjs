// Reads, plays and writes the conversations of tests/golden: requests, each with the answer that is expected.
import { readFile, writeFile } from 'node:fs/promises';

const requestLine = /^(GET|POST|PATCH|DELETE) (\S+)(?: as (\S+))?$/;

/**
 * A conversation: its notes, and its turns, each with `method`, `target`, `key` (who asks, if it is not the master),
 * `body` and `expected`, which is text.
 */
export async function readConversation(file) {
    const turns = [];
    let notes = '';
    let part; // Of the turn that is being read: its body, then what is expected.
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
        const request = line.match(requestLine);
        if (request) {
            turns.push({ method: request[1], target: request[2], key: request[3], body: '', expected: '' });
            part = 'body';
        } else if (turns.length === 0) {
            notes += `${line}\n`;
        } else if (/^\d{3}$/.test(line)) {
            part = 'expected';
            turns.at(-1).expected = `${line}\n`;
        } else if (line) {
            turns.at(-1)[part] += `${line}\n`;
        }
    }
    return { notes, turns };
}

export function writeConversation(file, { notes, turns }, answers) {
    const texts = turns.map(({ method, target, key, body }, i) =>
        `${method} ${target}${key ? ` as ${key}` : ''}\n${body}\n${answers[i]}`);
    return writeFile(file, notes + texts.join('\n'));
}

/**
 * Plays all turns with a gateway, and returns the answers with what no two runs have the same taken out. What a call to
 * a model cost is in the store before the next turn.
 */
export async function play({ turns }, gateway, masterKey) {
    const known = new Map(); // What the gateway chose, and the name that stands for it.
    const latest = { today: new Date().toISOString().slice(0, 10) }; // What {{token}} and the like mean.
    const answers = [];
    for (const { method, target, key = masterKey, body } of turns) {
        const fill = (text) => text.replace(/\{\{(\w+)\}\}/g, (all, name) => latest[name] ?? all);
        const response = await fetch(gateway.url + fill(target), {
            method,
            headers: { authorization: `Bearer ${fill(key)}`, ...(body ? { 'content-type': 'application/json' } : {}) },
            body: body ? fill(body) : undefined,
        });
        const answer = await response.json();
        if (target.startsWith('/v1/chat')) await gateway.posted();
        remember(answer, known, latest);
        answers.push(`${response.status}\n${stable(JSON.stringify(answer, null, 2), known)}\n`);
    }
    return answers;
}

/** Notes the keys and ids in an answer that the gateway chose. */
function remember(value, known, latest) {
    if (value === null || typeof value !== 'object') return;
    for (const [name, member] of Object.entries(value)) {
        const isChosen = ['key', 'token', 'user_id', 'team_id', 'organization_id', 'model_id'].includes(name)
            && typeof member === 'string'
            && (name === 'token' || /^(sk-dl-|(user|team|org|deployment|credential)-[0-9a-z]{16})/i.test(member));
        if (isChosen) {
            latest[name] = member;
            if (!known.has(member)) known.set(member, `<${name} ${known.size + 1}>`);
        }
        remember(member, known, latest);
    }
}

function stable(text, known) {
    let result = text;
    for (const [value, name] of [...known].sort(([a], [b]) => b.length - a.length)) {
        result = result.replaceAll(value, name);
    }
    return result.replace(/"(key_hint|request_id)": "\w+"/g, '"$1": "<$1>"')
        .replace(/"\d{4}-\d\d-\d\d"/g, '"<day>"')
        .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"').replace(/"sk-\.\.\.\w{4}"/g, '"<key name>"');
}
