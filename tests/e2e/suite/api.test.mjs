// The admin API as its description has it: every example in it is sent to a real gateway, and what comes back is held
// against the schemas.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { Gateway, masterKey } from '../lib/gateway.mjs';

const methods = ['post', 'get', 'patch', 'put', 'delete'];
let gateway;
let description;
let ajv;
let keyId; // Of the key that was made last: the gateway chooses it.

before(async () => {
    gateway = await Gateway.start({
        model_list: [],
        // Nobody listens there: what is sent is queued, which is all that the API says.
        general_settings: { master_key: masterKey, alerts: { webhook: { url: 'http://127.0.0.1:9/' } } },
    });
    description = await (await fetch(`${gateway.url}/ui/api/openapi.json`)).json();
    ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(description, 'api');
});
after(() => gateway.stop());

function resolve(value) {
    return value?.$ref
        ? value.$ref.slice(2).split('/').reduce((found, name) => found[name], description)
        : value;
}

/** The path with the examples of its parameters in it. */
function pathOf(path, operation) {
    const parameters = (operation.parameters ?? []).map(resolve);
    return path.replace(/\{(\w+)\}/g, (all, name) => {
        const parameter = parameters.find((each) => each.in === 'path' && each.name === name);
        assert.ok(parameter?.example, `${path}: the parameter ${name} has no example`);
        return encodeURIComponent(name === 'key_id' ? keyId : parameter.example);
    }) + queryOf(parameters);
}

/** What a list or a report cannot do without. */
function queryOf(parameters) {
    const needed = parameters.filter((each) => each.in === 'query' && each.required);
    return needed.length ? `?${needed.map((each) => `${each.name}=${encodeURIComponent(each.example)}`).join('&')}` : '';
}

function pointer(...parts) {
    return `api#/${parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
}

function assertValid(schema, value, what) {
    const validate = ajv.getSchema(schema) ?? ajv.compile({ $ref: schema });
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`);
}

async function request(method, path, body, headers = {}) {
    const response = await fetch(gateway.url + path, {
        method: method.toUpperCase(),
        headers: {
            authorization: `Bearer ${masterKey}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/**
 * Logins take secrets, and calls and alerts have ids, that no example can know, and who listens to calls does not end:
 * login, spend, call_tail and alerts.test.mjs are about them.
 */
function isOfItsOwn(operation) {
    const ofOthers = ['getCall', 'getCallContent', 'listenToCalls', 'getAlertDelivery', 'retryAlertDelivery'];
    return operation.tags.includes('login') || ofOthers.includes(operation.operationId);
}

/** Sends the examples of an operation, and checks what comes back. */
async function run(path, method) {
    const operation = description.paths[path][method];
    const [status] = Object.keys(operation.responses);
    const content = operation.requestBody?.content['application/json'];
    const examples = Object.values(content?.examples ?? { none: {} });
    if (operation.requestBody) assert.ok(content.examples, `${method} ${path} has no example`);
    for (const { value } of examples) {
        const got = await request(method, pathOf(path, operation), value);
        assert.equal(got.status, Number(status), `${method} ${path}: ${got.text}`);
        if (status === '201' && path === '/ui/api/keys') keyId = got.body.key_id;
        if (operation.responses[status].content?.['application/json']?.schema) {
            const schema = pointer('paths', path, method, 'responses', status, 'content', 'application/json', 'schema');
            assertValid(schema, got.body, `${method} ${path}`);
        }
        if (operation.responses[status].headers?.ETag) assert.match(got.headers.get('etag') ?? '', /^"\d+"$/);
    }
}

test('every example of the description does what it says', async () => {
    const steps = Object.entries(description.paths).flatMap(([path, item]) =>
        methods.filter((method) => item[method] && !isOfItsOwn(item[method])).map((method) => ({ path, method })));
    assert.ok(steps.length >= 40);
    for (const { path, method } of steps.filter((step) => step.method !== 'delete')) await run(path, method);
    for (const { path, method } of steps.filter((step) => step.method === 'delete').reverse()) await run(path, method);
});

test('errors are problem details that name the field', async () => {
    for (const [method, path, body, status, param] of [
        ['get', '/ui/api/teams?limit=0', undefined, 400, 'limit'],
        ['get', '/ui/api/teams?limit=201', undefined, 400, 'limit'],
        ['get', '/ui/api/teams?sort=price', undefined, 400, 'sort'],
        ['get', '/ui/api/teams?colour=red', undefined, 400, 'colour'],
        ['get', '/ui/api/teams?cursor=garbage', undefined, 400, 'cursor'],
        ['get', '/ui/api/teams?blocked=perhaps', undefined, 400, 'blocked'],
        ['get', '/ui/api/teams?organization_id=%00', undefined, 400, 'organization_id'],
        ['get', '/ui/api/teams/nobody', undefined, 404, 'team_id'],
        ['post', '/ui/api/teams', {}, 400, 'name'],
        ['post', '/ui/api/users', { email: 'not an address' }, 400, 'email'],
    ]) {
        const got = await request(method, path, body);
        assert.equal(got.status, status, `${path}: ${got.text}`);
        assert.equal(got.headers.get('content-type'), 'application/problem+json');
        assertValid(pointer('components', 'schemas', 'Problem'), got.body, path);
        assert.equal(got.body.param, param, got.text);
        assert.equal(got.body.request_id, got.headers.get('x-request-id'));
    }
});

test('a list is paged to its end and back by its cursors', async () => {
    for (let i = 0; i < 12; ++i) await request('post', '/ui/api/teams', { team_id: `page-${i}`, name: `Page ${i % 3}` });
    const walk = async (from, direction) => {
        const found = [];
        for (let page = from; ; ) {
            found.push(...(direction === 'next' ? page.body.items : [...page.body.items].reverse()).map((team) => team.team_id));
            if (!page.body[direction]) return { found, page };
            page = await request('get', `/ui/api/teams?q=page-&limit=5&sort=-name&cursor=${page.body[direction]}`);
        }
    };
    const first = await request('get', '/ui/api/teams?q=page-&limit=5&sort=-name');
    assert.equal(first.body.total, 12);
    const forward = await walk(first, 'next');
    assert.equal(new Set(forward.found).size, 12);
    const back = await walk(forward.page, 'prev');
    assert.deepEqual(back.found.reverse(), forward.found);
    const other = await request('get', `/ui/api/teams?sort=name&cursor=${first.body.next}`);
    assert.equal(other.body.param, 'cursor');
});

test('two who make the same with one Idempotency-Key make it once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () =>
        request('post', '/ui/api/teams', { name: 'Only one' }, { 'idempotency-key': 'together' })));
    assert.deepEqual(new Set(answers.map((each) => each.status)), new Set([201]));
    assert.equal(new Set(answers.map((each) => each.body.team_id)).size, 1);
    assert.equal((await request('get', '/ui/api/teams?q=Only%20one')).body.total, 1);
});

test('of two who change the same revision one is told', async () => {
    await request('post', '/ui/api/teams', { team_id: 'shared', name: 'Shared' });
    const answers = await Promise.all(['A', 'B', 'C', 'D'].map((name) =>
        request('patch', '/ui/api/teams/shared', { name }, { 'if-match': '"1"' })));
    assert.deepEqual(answers.map((each) => each.status).sort(), [200, 412, 412, 412]);
    assert.equal((await request('get', '/ui/api/teams/shared')).body.revision, 2);
});

test('the page of the reference needs nothing from elsewhere', async () => {
    const page = await fetch(`${gateway.url}/ui/api/docs`);
    assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
    assert.doesNotMatch(await page.text(), /https?:\/\//);
    const again = await fetch(`${gateway.url}/ui/api/docs`, { headers: { 'if-none-match': page.headers.get('etag') } });
    assert.equal(again.status, 304);
});
