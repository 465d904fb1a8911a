// Enrollment profiles: all eleven properties, what a client may write, limits, lists.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { demoTenant, devToken, startServer } from './support/server.mjs';
import { createProfile, graph, profilesPath, send } from './support/http.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

const ask = (method, path, body, options = {}) => graph(server, method, path, { token, body, ...options });
const names = ['accountId', 'id', 'displayName', 'description', 'createdDateTime', 'lastModifiedDateTime',
  'tokenValue', 'tokenExpirationDateTime', 'enrolledDeviceCount', 'qrCodeContent', 'qrCodeImage'];

test('a profile is created with a name alone, and has all eleven properties', async () => {
  const answer = await ask('POST', profilesPath, { displayName: 'Kiosks' });
  assert.equal(answer.status, 201);
  const { '@odata.context': context, ...profile } = answer.json;
  assert.equal(context, `${server.url}/v1.0/$metadata#deviceManagement/androidForWorkEnrollmentProfiles/$entity`);
  assert.equal(answer.headers.location, `${server.url}/v1.0${profilesPath}('${profile.id}')`);
  assert.deepEqual(Object.keys(profile), names);
  assert.equal(profile.accountId, demoTenant);
  assert.match(profile.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(profile.description, null);
  assert.match(profile.createdDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?Z$/);
  assert.equal(profile.lastModifiedDateTime, profile.createdDateTime);
  assert.equal(profile.tokenValue, null);
  assert.equal(profile.tokenExpirationDateTime, '0001-01-01T00:00:00Z');
  assert.equal(profile.enrolledDeviceCount, 0);
  assert.equal(profile.qrCodeContent, null);
  assert.equal(profile.qrCodeImage, null);
  assert.deepEqual((await ask('GET', `${profilesPath}/${profile.id}`)).json, answer.json);
  assert.equal((await send(answer.headers.location, { path: new URL(answer.headers.location).pathname, headers: { Authorization: `Bearer ${token}` } })).status, 200);
});

test('the headers are those of OData', async () => {
  const answer = await ask('POST', profilesPath, { displayName: 'x' });
  assert.equal(answer.headers['content-type'],
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8');
  assert.equal(answer.headers['odata-version'], '4.0');
  assert.equal(answer.headers['cache-control'], 'no-cache');
});

test('the reference\'s own example, with the server\'s properties in it, is taken and they are ignored', async () => {
  const answer = await ask('POST', profilesPath, {
    '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile',
    accountId: 'bac1e1b1-e1b1-bac1-b1e1-c1bab1e1c1ba', displayName: 'Display Name value',
    description: 'Description value', tokenValue: 'Token Value value',
    tokenExpirationDateTime: '2016-12-31T23:59:54.0590989-08:00', enrolledDeviceCount: 3,
    qrCodeContent: 'Qr Code Content value',
    qrCodeImage: { '@odata.type': 'microsoft.graph.mimeContent', type: 'Type value', value: 'dmFsdWU=' },
  });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.accountId, demoTenant);
  assert.equal(answer.json.tokenValue, null);
  assert.equal(answer.json.enrolledDeviceCount, 0);
  assert.equal(answer.json.qrCodeImage, null);
  assert.equal(answer.json.description, 'Description value');
});

test('PATCH changes what it names and leaves the rest', async () => {
  const profile = await createProfile(server, token, 'Before');
  const changed = await ask('PATCH', `${profilesPath}/${profile.id}`, { description: 'a 😀 text' });
  assert.equal(changed.status, 200);
  assert.equal(changed.json.displayName, 'Before');
  assert.equal(changed.json.description, 'a 😀 text');
  assert.ok(changed.json.lastModifiedDateTime > profile.lastModifiedDateTime);
  const cleared = await ask('PATCH', `${profilesPath}('${profile.id}')`, { description: null, displayName: 'After' });
  assert.equal(cleared.json.description, null);
  assert.equal(cleared.json.displayName, 'After');
  assert.equal(cleared.json.createdDateTime, profile.createdDateTime);
  assert.deepEqual((await ask('GET', `${profilesPath}/${profile.id}`)).json, cleared.json);
});

test('DELETE removes it, once', async () => {
  const profile = await createProfile(server, token);
  const gone = await ask('DELETE', `${profilesPath}/${profile.id}`);
  assert.equal(gone.status, 204);
  assert.equal(gone.text, '');
  assert.equal((await ask('GET', `${profilesPath}/${profile.id}`)).status, 404);
  assert.equal((await ask('DELETE', `${profilesPath}/${profile.id}`)).status, 404);
});

const refused = [
  ['no displayName', {}, /'displayName' is required/, 'displayName'],
  ['a null displayName', { displayName: null }, /null or blank/, 'displayName'],
  ['a blank displayName', { displayName: ' \t ' }, /null or blank/, 'displayName'],
  ['a displayName of no-break spaces', { displayName: '\u00a0\u2003\u3000' }, /null or blank/, 'displayName'],
  ['a displayName that takes no room', { displayName: '\u200b\u2060\ufeff' }, /null or blank/, 'displayName'],
  ['a displayName with a line break', { displayName: 'Till\n7' }, /'displayName' must not hold control characters; U\+000A/, 'displayName'],
  ['a displayName with an escape', { displayName: '\u001b[2JTill' }, /U\+001B/, 'displayName'],
  ['a displayName with a C1 control', { displayName: 'Till\u0085' }, /U\+0085/, 'displayName'],
  ['a displayName of 201 characters', { displayName: 'x'.repeat(201) }, /at most 200.*201/, 'displayName'],
  ['a description of 1501 characters', { displayName: 'x', description: 'x'.repeat(1501) }, /at most 1500/, 'description'],
  ['a number as displayName', { displayName: 5 }, /must be a string/, 'displayName'],
  ['an unknown property', { displayName: 'x', name: 'y' },
    /The property 'name' does not exist on type 'microsoft.graph.androidForWorkEnrollmentProfile'/, 'name'],
  ['a property in another case', { displayname: 'x' }, /'displayname' does not exist/, 'displayname'],
  ['a server-owned property of the wrong type', { displayName: 'x', enrolledDeviceCount: 'many' }, /Int32/, 'enrolledDeviceCount'],
  ['a server-owned date that is none', { displayName: 'x', createdDateTime: 'yesterday' }, /a date such as/, 'createdDateTime'],
  ['another @odata.type', { '@odata.type': '#microsoft.graph.user', displayName: 'x' }, /androidForWorkEnrollmentProfile/, '@odata.type'],
  ['an empty body', '', /empty/],
  ['an array', '[]', /not an array/],
  ['U+0000', '{"displayName": "a\\u0000b"}', /not valid JSON/],
  ['a lone surrogate', '{"displayName": "\\ud800"}', /not valid JSON/],
];
for (const [name, body, message, target] of refused) {
  test(`creating with ${name} is refused`, async () => {
    const before = (await ask('GET', profilesPath)).json.value.length;
    const answer = await ask('POST', profilesPath, body);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error.code, 'BadRequest');
    assert.match(answer.json.error.message, message);
    assert.equal(answer.json.error.target, target);
    assert.equal((await ask('GET', profilesPath)).json.value.length, before);
  });
}

test('names are counted in characters, not in bytes', async () => {
  const answer = await ask('POST', profilesPath, { displayName: '€'.repeat(200) });
  assert.equal(answer.status, 201, answer.text);
});

test('a list is in order of creation, and goes on behind a page', async () => {
  const fresh = await startServer();
  try {
    const bearer = devToken(fresh);
    const made = [];
    for (let index = 0; index < 7; index += 1) made.push((await createProfile(fresh, bearer, `P${index}`)).id);
    const empty = await graph(fresh, 'GET', `${profilesPath}`, { token: bearer });
    assert.equal(empty.json['@odata.context'], `${fresh.url}/v1.0/$metadata#deviceManagement/androidForWorkEnrollmentProfiles`);
    const seen = [];
    let path = `/v1.0${profilesPath}?$top=3`;
    let pages = 0;
    while (path) {
      const page = await send(fresh.url, { path, headers: { Authorization: `Bearer ${bearer}` } });
      seen.push(...page.json.value.map((profile) => profile.id));
      pages += 1;
      const next = page.json['@odata.nextLink'];
      if (next) assert.ok(next.startsWith(`${fresh.url}/v1.0/`));
      path = next && next.slice(fresh.url.length);
    }
    assert.equal(pages, 3);
    assert.deepEqual(seen, made);
  } finally {
    await fresh.stop();
  }
});

test('an empty collection is an empty array', async () => {
  const fresh = await startServer();
  try {
    const answer = await graph(fresh, 'GET', profilesPath, { token: devToken(fresh) });
    assert.deepEqual(answer.json.value, []);
    assert.deepEqual(Object.keys(answer.json), ['@odata.context', 'value']);
  } finally {
    await fresh.stop();
  }
});

test('odata.metadata=none and =full say less and more', async () => {
  const profile = await createProfile(server, token);
  const path = `${profilesPath}/${profile.id}`;
  const none = await ask('GET', path, undefined, { headers: { Accept: 'application/json;odata.metadata=none' } });
  assert.equal(none.json['@odata.context'], undefined);
  const full = await ask('GET', path, undefined, { headers: { Accept: 'application/json;odata.metadata=full' } });
  assert.equal(full.json['@odata.type'], '#microsoft.graph.androidForWorkEnrollmentProfile');
  assert.equal(full.json['@odata.id'], `${server.url}/v1.0${profilesPath}('${profile.id}')`);
});

test('nothing acceptable is 406', async () => {
  const answer = await ask('GET', profilesPath, undefined, { headers: { Accept: 'text/html' } });
  assert.equal(answer.status, 406);
  assert.equal(answer.json.error.code, 'NotAcceptable');
});

test('HEAD is answered like GET, without the body', async () => {
  const answer = await ask('HEAD', profilesPath);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '');
  assert.ok(Number(answer.headers['content-length']) > 0);
});
