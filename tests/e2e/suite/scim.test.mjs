// A directory provisions people by SCIM: with the requests of RFC 7644 §3, and with those that Entra ID and Okta send.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { configFor, Gateway } from '../lib/gateway.mjs';
import { completion, json, Upstream, usageOf } from '../lib/upstream.mjs';

const token = 'scim-token-e2e-0123456789abcdef0123456789';
const nextToken = 'scim-token-e2e-9876543210fedcba9876543210';
const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let upstream;
let gateway;

before(async () => {
    const answer = ({ response, charge }) => json(response, 200, completion({ content: 'ok' }, charge(usageOf(20, 10))));
    upstream = await Upstream.start({ 'up-small': answer });
    const config = configFor(upstream.url, ['small']);
    config.general_settings.scim_tokens = ['os.environ/SCIM_TOKEN', nextToken];
    config.general_settings.sso_group_roles = { Researchers: 'team:research:team_member', 'aad-object-1': 'platform_viewer' };
    gateway = await Gateway.prepare(config);
    await gateway.launch({ environment: { SCIM_TOKEN: token } });
    await admin('POST', '/ui/api/teams', { team_id: 'research', name: 'Research' });
});
after(async () => {
    await gateway.stop();
    await upstream.stop();
});

async function admin(method, path, body) {
    const got = await gateway.admin(method, path, body);
    assert.ok(got.status < 300, `${method} ${path}: ${JSON.stringify(got.body)}`);
    return got.body;
}

/** Sends a request as a directory. A text is a body as it is. */
async function scim(method, path, body, headers = {}) {
    const response = await fetch(`${gateway.url}/scim/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', accept: 'application/scim+json', ...headers },
        body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (text) assert.equal(response.headers.get('content-type'), 'application/scim+json', text);
    return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : undefined };
}

function patch(path, Operations, headers) {
    return scim('PATCH', path, { schemas: [patchOp], Operations }, headers);
}

/** Makes a user, and returns their id. */
async function made(userName, more = {}) {
    const got = await scim('POST', '/Users', { schemas: [core], userName, ...more });
    assert.equal(got.status, 201, got.text);
    return got.body.id;
}

async function call(key) {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    return { status: response.status, body: await response.json() };
}

/** Logs somebody in who has chosen a password by an invitation, and returns what their browser asks with. */
async function session(id, email) {
    const password = `the password of ${email}`;
    const post = (path, body, headers = {}) => fetch(gateway.url + path, {
        method: 'POST', headers: { 'content-type': 'application/json', origin: gateway.url, ...headers }, body: JSON.stringify(body),
    });
    const { token: invitation } = await admin('POST', `/ui/api/users/${id}/invite`);
    assert.ok((await post('/ui/api/auth/invitation/accept', { token: invitation, password })).ok);
    const login = await post('/ui/api/auth/login', { email, password });
    assert.equal(login.status, 200, await login.clone().text());
    const [cookie] = login.headers.getSetCookie()[0].split(';');
    return async () => (await fetch(`${gateway.url}/ui/api/auth/me`, { headers: { cookie, origin: gateway.url } })).status;
}

test('the requests of RFC 7644 to create, get, filter, replace and remove a user', async () => {
    // §3.3
    const created = await scim('POST', '/Users', {
        schemas: [core], userName: 'bjensen', externalId: 'bjensen',
        name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' },
    });
    assert.equal(created.status, 201, created.text);
    const { id } = created.body;
    assert.equal(created.headers.get('location'), `/scim/v2/Users/${id}`);
    assert.equal(created.headers.get('etag'), created.body.meta.version);
    assert.equal(created.body.meta.resourceType, 'User');
    // §3.4.1
    const got = await scim('GET', `/Users/${id}`);
    assert.deepEqual(got.body, created.body);
    assert.equal((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': created.headers.get('etag') })).status, 304);
    // §3.4.2
    const one = await scim('GET', '/Users?attributes=userName');
    assert.deepEqual(one.body, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 1, itemsPerPage: 1, startIndex: 1,
        Resources: [{ schemas: [core], id, userName: 'bjensen' }],
    });
    for (const [filter, total] of [
        ['userName eq "bjensen"', 1], ['name.familyName co "O\'Malley"', 0], ['userName sw "J"', 0], ['title pr', 0],
        ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"', 1], ['meta.lastModified gt "2011-05-13T04:42:34Z"', 1],
        ['meta.lastModified lt "2011-05-13T04:42:34Z"', 0], ['title pr and userType eq "Employee"', 0],
        ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', 0],
        ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', 1],
        ['emails[type eq "work" and value co "@example.com"] or externalId eq "bjensen"', 1],
    ]) {
        const found = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
        assert.equal(found.body.totalResults, total, `${filter}: ${found.text}`);
    }
    // §3.5.1
    const replaced = await scim('PUT', `/Users/${id}`, {
        schemas: [core], id, userName: 'bjensen', externalId: 'bjensen',
        name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' },
        roles: [], emails: [{ value: 'bjensen@example.com' }, { value: 'babs@jensen.org' }],
    }, { 'if-match': created.headers.get('etag') });
    assert.equal(replaced.status, 200, replaced.text);
    assert.equal(replaced.body.name.middleName, 'Jane');
    assert.notEqual(replaced.body.meta.version, created.body.meta.version);
    assert.equal((await scim('PUT', `/Users/${id}`, { schemas: [core], userName: 'x' }, { 'if-match': created.headers.get('etag') })).status, 412);
    // §3.5.2.1 to §3.5.2.3
    await patch(`/Users/${id}`, [{ op: 'add', value: { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickName: 'Babs' } }]);
    const address = { type: 'work', streetAddress: '911 Universal City Plaza', locality: 'Hollywood', region: 'CA', postalCode: '91608', country: 'US', formatted: '911 Universal City Plaza\nHollywood, CA 91608 US', primary: true };
    await patch(`/Users/${id}`, [{ op: 'add', path: 'addresses', value: [{ type: 'work', formatted: 'x' }] }]);
    await patch(`/Users/${id}`, [{ op: 'replace', path: 'addresses[type eq "work"]', value: address }]);
    const moved = await patch(`/Users/${id}`, [{ op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '1010 Broadway Ave' }]);
    assert.deepEqual(moved.body.addresses, [{ ...address, streetAddress: '1010 Broadway Ave' }]);
    const last = await patch(`/Users/${id}`, [
        { op: 'replace', value: { emails: [{ value: 'bjensen@example.com', type: 'work', primary: true }, { value: 'babs@jensen.org', type: 'home' }], nickName: 'Babs' } },
        { op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' },
    ]);
    assert.deepEqual(last.body.emails, [{ value: 'babs@jensen.org', type: 'home' }]);
    // §3.6 and §3.12
    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 204);
    const gone = await scim('GET', `/Users/${id}`);
    assert.equal(gone.status, 404);
    assert.deepEqual(gone.body.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error']);
    assert.equal(gone.body.status, '404');
    assert.equal((await scim('DELETE', `/Users/${id}`)).status, 404);
});

test('the requests of RFC 7644 to change the members of a group', async () => {
    const [babs, james] = [await made('babs@example.com'), await made('james@example.com')];
    const created = await scim('POST', '/Groups', { schemas: [groupSchema], displayName: 'Tour Guides', members: [{ value: babs }] });
    assert.equal(created.status, 201, created.text);
    const path = `/Groups/${created.body.id}`;
    const members = async () => (await scim('GET', path)).body.members.map((each) => each.value).sort();
    const add = { op: 'add', path: 'members', value: [{ display: 'James', $ref: `/Users/${james}`, value: james }] };
    assert.equal((await patch(path, [add])).status, 204);
    assert.deepEqual(await members(), [babs, james].sort());
    await patch(path, [{ op: 'remove', path: `members[value eq "${babs}"]` }]);
    assert.deepEqual(await members(), [james]);
    await patch(path, [{ op: 'remove', path: 'members' }]);
    assert.deepEqual(await members(), []);
    await patch(path, [add, { op: 'remove', path: `members[value eq "${james}"]` }, { op: 'add', path: 'members', value: [{ value: babs }] }]);
    assert.deepEqual(await members(), [babs]);
    const wanted = await patch(`${path}?attributes=members`, [{ op: 'replace', path: 'members', value: [{ value: james }, { value: babs }] }]);
    assert.equal(wanted.body.members.length, 2);
    assert.equal((await scim('DELETE', path)).status, 204);
});

test('the requests that Entra ID sends', async () => {
    const found = await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "Test_User_1@testuser.com"')}`);
    assert.deepEqual([found.status, found.body.totalResults], [200, 0]);
    const created = await scim('POST', '/Users', {
        schemas: [core, enterprise], externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', userName: 'Test_User_1@testuser.com', active: true,
        meta: { resourceType: 'User' }, name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
        emails: [{ primary: true, type: 'work', value: 'Test_User_1@testuser.com' }], roles: [],
        [enterprise]: { department: 'Research' },
    });
    assert.equal(created.status, 201, created.text);
    const path = `/Users/${created.body.id}`;
    const updated = await patch(path, [
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updated@testuser.com' },
        { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
        { op: 'Add', path: `${enterprise}:manager`, value: created.body.id },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0100' },
    ]);
    assert.equal(updated.status, 200, updated.text);
    assert.deepEqual([updated.body.emails[0].value, updated.body.name.familyName], ['updated@testuser.com', 'updatedFamilyName']);
    assert.deepEqual(updated.body[enterprise], { department: 'Research', manager: { value: created.body.id } });
    assert.deepEqual(updated.body.phoneNumbers, [{ type: 'mobile', value: '+1 555 0100' }]);
    assert.equal((await admin('GET', `/ui/api/users/${created.body.id}`)).email, 'updated@testuser.com');
    const off = await patch(path, [{ op: 'Replace', path: 'active', value: 'False' }]);
    assert.equal(off.body.active, false);
    const on = await patch(path, [{ op: 'Replace', path: 'active', value: 'True' }]);
    assert.equal(on.body.active, true);

    const group = await scim('POST', '/Groups', { schemas: [groupSchema, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'], externalId: 'aad-object-1', displayName: 'displayName', meta: { resourceType: 'Group' } });
    assert.equal(group.status, 201, group.text);
    const place = `/Groups/${group.body.id}`;
    const filter = encodeURIComponent('displayName eq "displayName"');
    assert.equal((await scim('GET', `/Groups?excludedAttributes=members&filter=${filter}`)).body.Resources[0].members, undefined);
    await patch(place, [{ op: 'Add', path: 'members', value: [{ $ref: null, value: created.body.id }] }]);
    assert.equal((await admin('GET', `/ui/api/users/${created.body.id}`)).role, 'platform_viewer');
    const check = encodeURIComponent(`id eq "${group.body.id}" and members eq "${created.body.id}"`);
    assert.equal((await scim('GET', `/Groups?filter=${check}&attributes=id`)).body.totalResults, 1);
    await patch(place, [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: created.body.id }] }]);
    assert.equal((await admin('GET', `/ui/api/users/${created.body.id}`)).role, 'none');
    assert.equal((await scim('DELETE', place)).status, 204);
    assert.equal((await scim('DELETE', path)).status, 204);
});

test('the requests that Okta sends', async () => {
    const first = await scim('GET', '/Users?startIndex=1&count=2');
    assert.equal(first.status, 200);
    assert.equal(first.body.startIndex, 1);
    const user = {
        schemas: [core], userName: 'test.user@okta.local', name: { givenName: 'Test', familyName: 'User' },
        emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }], displayName: 'Test User', locale: 'en-US',
        externalId: '00ujl29u0le5T6Aj10h7', groups: [], password: '1mz050nq', active: true,
    };
    const created = await scim('POST', '/Users', user, { 'content-type': 'application/scim+json; charset=utf-8' });
    assert.equal(created.status, 201, created.text);
    assert.doesNotMatch(created.text, /password|1mz050nq/);
    const { id } = created.body;
    const again = await scim('POST', '/Users', user);
    assert.deepEqual([again.status, again.body.status, again.body.scimType], [409, '409', 'uniqueness']);
    const replaced = await scim('PUT', `/Users/${id}`, { ...user, id, name: { ...user.name, middleName: 'Excited' }, meta: { resourceType: 'User' } });
    assert.equal(replaced.body.name.middleName, 'Excited', replaced.text);
    const off = await patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }]);
    assert.equal(off.body.active, false);
    const group = await scim('POST', '/Groups', { schemas: [groupSchema], displayName: 'Test SCIMv2', members: [] });
    const place = `/Groups/${group.body.id}`;
    assert.equal((await patch(place, [{ op: 'replace', value: { id: group.body.id, displayName: 'Test SCIMv2 Name' } }])).status, 204);
    assert.equal((await patch(place, [
        { op: 'remove', path: `members[value eq "${id}"]` },
        { op: 'add', path: 'members', value: [{ value: id, display: 'test.user@okta.local' }] },
    ])).status, 204);
    const shown = (await scim('GET', place)).body;
    assert.deepEqual([shown.displayName, shown.members[0].value], ['Test SCIMv2 Name', id]);
    assert.equal((await scim('DELETE', place)).status, 204);
});

test('who is deactivated or removed is out at once: session and keys', async () => {
    for (const [email, stop] of [
        ['on.leave@example.com', (id) => patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'False' }])],
        ['gone@example.com', (id) => scim('DELETE', `/Users/${id}`)],
    ]) {
        const id = await made(email);
        const me = await session(id, email);
        const { key } = await admin('POST', '/ui/api/keys', { name: email, user_id: id });
        assert.equal(await me(), 200);
        assert.equal((await call(key)).status, 200);
        assert.ok((await stop(id)).status < 300);
        assert.equal(await me(), 401);
        const refused = await call(key);
        assert.equal(refused.status, 401);
        assert.match(refused.body.error.message, /The user of this API key is blocked/);
        const user = await admin('GET', `/ui/api/users/${id}`);
        assert.equal(user.blocked, true);
        assert.match(user.block_reason, /by the directory \(SCIM\)/);
        const [event] = (await admin('GET', `/ui/api/audit/events?actor_kind=scim&target_id=${id}&action=user.block`)).items;
        assert.equal(event.actor_name, 'SCIM, token 1');
        // Who comes back logs in anew.
        assert.ok((await scim('POST', '/Users', { schemas: [core], userName: email })).status === 201
            || (await patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'True' }])).body.active);
        assert.equal((await call(key)).status, 200);
        assert.equal(await me(), 401);
    }
});

test('a group gives the place that the configuration says', async () => {
    const id = await made('researcher@example.com');
    const group = await scim('POST', '/Groups', { schemas: [groupSchema], displayName: 'Researchers', members: [{ value: id }] });
    const members = async () => (await admin('GET', '/ui/api/teams/research/members')).items.map((each) => [each.user_id, each.role]);
    assert.deepEqual(await members(), [[id, 'team_member']]);
    await scim('DELETE', `/Groups/${group.body.id}`);
    assert.deepEqual(await members(), []);
});

test('only a token of SCIM opens it, and it opens nothing else', async () => {
    const status = async (authorization) => (await scim('GET', '/Users', undefined, { authorization })).status;
    assert.equal(await status(`Bearer ${nextToken}`), 200);
    for (const wrong of ['', 'Bearer', 'Bearer x', `Bearer ${token}x`, `Bearer ${token.slice(1)}`, `Basic ${token}`, 'Bearer sk-master-e2e-0123456789abcdef0123456789']) {
        const got = await scim('GET', '/ServiceProviderConfig', undefined, { authorization: wrong });
        assert.equal(got.status, 401, wrong);
        assert.equal(got.headers.get('www-authenticate'), 'Bearer');
        assert.doesNotMatch(got.text, /0123456789/);
    }
    for (const [method, path] of [['GET', '/ui/api/users'], ['GET', '/v1/models'], ['POST', '/key/generate'], ['GET', '/spend/report']]) {
        const response = await fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${token}` } });
        assert.equal(response.status, 401, path);
    }
    assert.doesNotMatch(gateway.output, new RegExp(`${token}|${nextToken}`));
});

test('hostile requests change nothing, and each error has the shape of SCIM', async () => {
    const before = (await scim('GET', '/Users?count=0')).body.totalResults;
    const id = await made('target@example.com');
    const deep = `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`;
    for (const [method, path, body, type] of [
        ['POST', '/Users', '', 'invalidSyntax'],
        ['POST', '/Users', 'null', 'invalidSyntax'],
        ['POST', '/Users', deep, 'invalidSyntax'],
        ['POST', '/Users', '{"schemas":["x"],"schemas":["y"]}', 'invalidSyntax'],
        ['POST', '/Users', { schemas: [core], userName: ['a'.repeat(10), 'b'] }, 'invalidValue'],
        ['POST', '/Users', { schemas: core, userName: 'a' }, 'invalidValue'],
        ['POST', '/Users', { schemas: [core], userName: { a: 1 } }, 'invalidValue'],
        ['POST', '/Users', { schemas: [core], userName: 'a', emails: Array(21).fill({ value: 'a@b.c' }) }, 'invalidValue'],
        ['POST', '/Users', { schemas: [core], userName: 'a', active: 'perhaps' }, 'invalidValue'],
        ['POST', '/Users', { schemas: [core], userName: 'a\u0000b' }, 'invalidValue'],
        ['PUT', `/Users/${id}`, { schemas: [core] }, 'invalidValue'],
        ['PATCH', `/Users/${id}`, { schemas: [patchOp], Operations: Array(1001).fill({ op: 'remove', path: 'title' }) }, 'invalidSyntax'],
        ['PATCH', `/Users/${id}`, { schemas: [patchOp], Operations: [{ op: 'remove', path: 'userName' }] }, 'invalidValue'],
        ['PATCH', `/Users/${id}`, { schemas: [patchOp], Operations: [{ op: 'replace', path: 'password', value: 'x' }] }, 'invalidPath'],
        ['PATCH', `/Users/${id}`, { schemas: [patchOp], Operations: [{ op: 'replace', path: 'id', value: 'admin' }] }, 'mutability'],
        ['PATCH', `/Users/${id}`, { schemas: [patchOp], Operations: [{ op: 'replace', path: 'title', value: 'x' }, { op: 'replace', path: 'emails[type eq "fax"]', value: {} }] }, 'noTarget'],
        ['GET', `/Users?filter=${'('.repeat(1000)}`, undefined, 'invalidFilter'],
        ['GET', `/Users?filter=${encodeURIComponent(`userName eq "${'a'.repeat(3000)}"`)}`, undefined, 'invalidFilter'],
        ['GET', `/Users?filter=${encodeURIComponent('userName eq "a" or '.repeat(60))}title%20pr`, undefined, 'invalidFilter'],
        ['GET', '/Users?startIndex=one', undefined, 'invalidValue'],
        ['POST', '/Groups', { schemas: [groupSchema], displayName: 'G', members: [{ value: "x' OR '1'='1" }] }, 'invalidValue'],
    ]) {
        const got = await scim(method, path, body);
        assert.equal(got.status, 400, `${method} ${path.slice(0, 60)}: ${got.text}`);
        assert.equal(got.body.scimType, type, got.text);
        assert.deepEqual(got.body.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error']);
        assert.equal(got.body.status, '400');
        assert.ok(got.body.detail.length < 1000);
    }
    const form = await scim('POST', '/Users', 'userName=a', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(form.status, 400);
    assert.equal((await scim('GET', "/Users/x'%20OR%201=1")).status, 404);
    const after = (await scim('GET', `/Users/${id}`)).body;
    assert.equal(after.title, undefined);
    assert.equal(after.userName, 'target@example.com');
    assert.equal((await scim('GET', '/Users?count=0')).body.totalResults, before + 1);
    assert.equal((await scim('GET', '/Groups')).body.totalResults, 0);
});

test('a configuration with a short token, or with too many, does not start', async () => {
    for (const [tokens, error] of [['short', /32 characters/], [[token, nextToken, `${token}3`], /2 tokens at most/]]) {
        const wrong = await Gateway.prepare({ model_list: [], general_settings: { scim_tokens: tokens } });
        const { code, output } = await wrong.run('check-config');
        assert.equal(code, 3, output);
        assert.match(output, error);
        await wrong.remove();
    }
});
