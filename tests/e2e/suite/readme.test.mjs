// The front page as a newcomer follows it: a first start without any configuration, and its snippets as written.
import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const clients = join(project, 'tests', 'e2e'); // Where Node finds the `openai` package.
let folder;
let first;
let snippets;

/** Starts a gateway that has only a state folder; returns what it prints and how to end it. */
async function start() {
    const { PORT, HOST, OPENAI_API_KEY, ANTHROPIC_API_KEY, ...environment } = process.env;
    const child = spawn(process.env.DELTA_GATEWAY,
        ['serve', '--listen', '127.0.0.1:0', '--state-dir', join(folder, 'state')],
        { stdio: ['ignore', 'pipe', 'ignore'], env: environment });
    let text = '';
    for await (const data of child.stdout) {
        text += data;
        if (text.includes("}'\n")) break; // The last words of the curl line.
    }
    const stop = async () => {
        child.kill('SIGTERM');
        const [code] = await once(child, 'exit');
        assert.equal(code, 0);
    };
    return { text, url: text.match(/http:\/\/[0-9.:]+/)[0], key: text.match(/virtual key\s+(sk-\S+)/)?.[1], stop };
}

/** Runs a snippet of the front page with the key and the address of the gateway that listens. */
function follow(program, words, key = first.key) {
    const { http_proxy, https_proxy, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, all_proxy, ...environment } = process.env;
    return run(program, words, { cwd: clients, timeout: 120_000, env: { ...environment, DELTALLM_KEY: key } });
}

before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deltallm-readme-'));
    first = await start();
    const page = (await readFile(join(project, 'README.md'), 'utf8')).replaceAll('http://127.0.0.1:8000', first.url);
    snippets = Array.from(page.matchAll(/^```(\w+)\n(.*?)^```$/gms), ([, language, code]) => ({ language, code }))
        .filter(({ code }) => code.includes(first.url));
});

after(async () => {
    await first?.stop();
    await rm(folder, { recursive: true });
});

/** Returns one of the snippets in a language that name the gateway, in their order on the page. */
function codeOf(language, index = 0) {
    return snippets.filter((each) => each.language === language)[index].code;
}

test('prints a curl line that answers as it stands', async () => {
    const line = first.text.slice(first.text.indexOf('  curl '));
    const { stdout } = await follow('bash', ['-c', `curl() { command curl --silent --noproxy '*' "$@"; }\n${line}`]);
    assert.equal(JSON.parse(stdout).choices[0].message.content, 'Hello, gateway!');
});

test('administers as the front page says', async () => {
    const master = first.text.match(/master key\s+(\S+)/)[1];
    const code = codeOf('sh', 2).replace(/^export .*$/m, '');
    const { stdout } = await run('bash', ['-c', `KEY=${master}\ncurl() { command curl --silent --noproxy '*' "$@"; echo; }\n${code}`]);
    const [made, blocked] = stdout.trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(made.budget.max_budget, 250);
    assert.equal(blocked.block_reason, 'over the summer');
});

test('answers the curl line of the front page', async () => {
    const code = codeOf('sh', 1).replace(/^export .*$/m, '');
    const { stdout } = await follow('bash', ['-c', `curl() { command curl --silent --noproxy '*' "$@"; }\n${code}`]);
    assert.equal(JSON.parse(stdout).choices[0].message.content, 'Hello');
});

test('answers the Node snippet of the front page', async () => {
    const { stdout } = await follow(process.execPath, ['--input-type=module', '--eval', codeOf('js')]);
    assert.equal(stdout, 'Hello');
});

test('answers the Python snippet of the front page', async () => {
    const file = join(folder, 'snippet.py');
    await writeFile(file, codeOf('python'));
    const { stdout } = await follow('python3', [file]);
    assert.equal(stdout, 'Hello\n');
});

test('streams to the Python client and gives it errors that it can name', async () => {
    const file = join(folder, 'client.py');
    await writeFile(file, `
import os, openai
base = "${first.url}/v1"
client = openai.OpenAI(base_url=base, api_key=os.environ["DELTALLM_KEY"])
stream = client.chat.completions.create(model="demo", stream=True, stream_options={"include_usage": True},
    messages=[{"role": "user", "content": "one two three"}])
chunks = list(stream)
print("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks[-1].usage.completion_tokens)
print(len(client.embeddings.create(model="demo", input=["a", "b"]).data), [m.id for m in client.models.list()])
for call, kind in [
    (lambda: openai.OpenAI(base_url=base, api_key="sk-wrong").models.list(), openai.AuthenticationError),
    (lambda: client.chat.completions.create(model="nothing", messages=[{"role": "user", "content": "Hi"}]), openai.NotFoundError),
    (lambda: client.chat.completions.create(model="demo", messages="text"), openai.BadRequestError),
]:
    try:
        call()
        print("no error")
    except kind as error:
        print(kind.__name__, error.code, error.request_id is not None)
`);
    const { stdout } = await follow('python3', [file]);
    assert.deepEqual(stdout.trimEnd().split('\n'), [
        'one two three 3', "2 ['demo']",
        'AuthenticationError invalid_api_key True',
        'NotFoundError model_not_found True',
        'BadRequestError None True',
    ]);
});

test('starts again with the same keys and without showing them', async () => {
    await first.stop();
    const { key } = first;
    first = await start();
    assert.ok(!first.text.includes(key) && !first.text.includes('shown this once'));
    const response = await fetch(`${first.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    assert.equal(response.status, 200);
});
