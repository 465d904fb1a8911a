// Entity tags of profiles: what nobody changed meanwhile is changed, and what is known is not sent.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { devToken, makeDirectory, startServer, until } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath } from './support/http.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

const call = (method, path, options = {}) => graph(server, method, `${profilesPath}${path}`, { token, ...options });
const read = (id, headers) => call('GET', `/${id}`, { headers });
const ifMatch = (tag) => ({ headers: { 'If-Match': tag } });

test('answers with one profile carry its tag, and lists and 204 none', async () => {
  const created = await call('POST', '', { body: { displayName: 'Tagged' } });
  const tag = created.headers.etag;
  assert.match(tag, /^W\/"[0-9a-f]+-[0-9a-f]+-[0-9a-f]+[ldLD]"$/);
  const { id } = created.json;
  assert.equal((await read(id)).headers.etag, tag);
  assert.equal((await call('HEAD', `/${id}`)).headers.etag, tag);
  assert.equal((await call('GET', `/${id}?$select=id`)).headers.etag, tag);
  const updated = await call('PATCH', `/${id}`, { body: { description: 'x' } });
  assert.notEqual(updated.headers.etag, tag);
  assert.equal((await read(id)).headers.etag, updated.headers.etag);
  assert.equal((await call('GET', '')).headers.etag, undefined);
  assert.equal((await call('DELETE', `/${id}`)).headers.etag, undefined);
});

test('the body has the tag with full metadata, and otherwise is what Intune sends', async () => {
  const { id } = await createProfile(server, token);
  const accept = (level) => ({ Accept: `application/json;odata.metadata=${level}` });
  const full = await read(id, accept('full'));
  assert.equal(full.json['@odata.etag'], full.headers.etag);
  const list = await call('GET', '?$top=999', { headers: accept('full') });
  assert.equal(list.json.value.find((one) => one.id === id)['@odata.etag'], full.headers.etag);
  for (const level of ['minimal', 'none'])
    assert.equal('@odata.etag' in (await read(id, accept(level))).json, false);
  // What a client read it may send back.
  const back = { displayName: 'Back', '@odata.etag': full.headers.etag };
  assert.equal((await call('PATCH', `/${id}`, { body: back })).status, 200);
});

const changes = [
  ['PATCH', '', { displayName: 'New' }, 200],
  ['POST', '/createToken', { tokenValidityInSeconds: 600 }, 204],
  ['POST', '/microsoft.graph.revokeToken', undefined, 204],
  ['DELETE', '', undefined, 204],
];
for (const [method, suffix, body, status] of changes) {
  test(`${method} ${suffix} with a stale If-Match changes nothing and is answered 412`, async () => {
    const { id } = await createProfile(server, token);
    const stale = (await read(id)).headers.etag;
    await call('PATCH', `/${id}`, { body: { description: 'by another' } });
    const current = (await read(id)).headers.etag;
    for (const tag of [stale, `${stale}, "other"`, '"of-another-server"', '""']) {
      const refused = await call(method, `/${id}${suffix}`, { body, ...ifMatch(tag) });
      assert.equal(refused.status, 412, tag);
      assert.equal(refused.json.error.code, 'PreconditionFailed');
    }
    const none = await call(method, `/${id}${suffix}`, { body, headers: { 'If-None-Match': '*' } });
    assert.equal(none.status, 412);
    assert.equal((await read(id)).headers.etag, current);
    const malformed = await call(method, `/${id}${suffix}`, { body, ...ifMatch('unquoted') });
    assert.equal(malformed.status, 400);
    assert.equal(malformed.json.error.target, 'If-Match');
    const made = await call(method, `/${id}${suffix}`, { body, ...ifMatch(`${stale}, ${current.slice(2)}`) });
    assert.equal(made.status, status, made.text);
  });
}

test('If-Match: * changes what is there, and what is not there is 404', async () => {
  const { id } = await createProfile(server, token);
  assert.equal((await call('PATCH', `/${id}`, { body: { description: null }, ...ifMatch('*') })).status, 200);
  assert.equal((await call('DELETE', `/${id}`, ifMatch('*'))).status, 204);
  assert.equal((await call('DELETE', `/${id}`, ifMatch('*'))).status, 404);
  assert.equal((await call('DELETE', `/${id}`, ifMatch('"x"'))).status, 404);
});

test('profiles of both sets have tags, and who may not see a password has another one', async () => {
  const owners = '/deviceManagement/androidDeviceOwnerEnrollmentProfiles';
  const wifi = { wifiSsid: 'Hall', wifiSecurityType: 'wpa', wifiPassword: server.keepSecret('quite a secret') };
  const one = (method, suffix, options) => graph(server, method, `${owners}${suffix}`, { token, ...options });
  const created = await one('POST', '', { body: { displayName: 'Owned', ...wifi } });
  assert.equal(created.status, 201, created.text);
  const { id } = created.json;
  const reader = devToken(server, '--scope', 'DeviceManagementConfiguration.Read.All');
  const seen = await one('GET', `/${id}`, { token: reader });
  assert.equal(seen.json.wifiPassword, null);
  const known = { headers: { 'If-None-Match': seen.headers.etag } };
  assert.equal((await one('GET', `/${id}`, { token: reader, ...known })).status, 304);
  const whole = await one('GET', `/${id}`, known);
  assert.equal(whole.status, 200);
  assert.equal(whole.json.wifiPassword, wifi.wifiPassword);
  // Either names the same state.
  const changed = await one('PATCH', `/${id}`, { body: { wifiHidden: true }, ...ifMatch(seen.headers.etag) });
  assert.equal(changed.status, 200, changed.text);
  assert.equal((await one('DELETE', `/${id}`, ifMatch(seen.headers.etag))).status, 412);
  assert.equal((await one('DELETE', `/${id}`, ifMatch(changed.headers.etag))).status, 204);
});

test('the requests of a batch have conditions of their own', async () => {
  const { id } = await createProfile(server, token);
  const { etag } = (await read(id)).headers;
  const url = `${profilesPath}/${id}`;
  const change = { method: 'PATCH', url, body: { description: 'x' } };
  const headers = { 'Content-Type': 'application/json', 'If-Match': etag };
  const batch = await graph(server, 'POST', '/$batch', { token, body: { requests: [
    { id: 'known', method: 'GET', url, headers: { 'If-None-Match': etag } },
    { id: 'first', ...change, headers, dependsOn: ['known'] },
    { id: 'second', ...change, headers, dependsOn: ['first'] },
  ] } });
  const answers = Object.fromEntries(batch.json.responses.map((one) => [one.id, one]));
  assert.equal(answers.known.status, 304, batch.text);
  assert.equal(answers.known.body, null);
  assert.equal(answers.first.status, 200);
  assert.notEqual(answers.first.headers.ETag, etag);
  assert.equal(answers.second.status, 412);
});

test('of many changes of the same state one is made', async () => {
  const { id } = await createProfile(server, token);
  const { etag } = (await read(id)).headers;
  const answers = await Promise.all(Array.from({ length: 16 }, (_, i) =>
    call('PATCH', `/${id}`, { body: { displayName: `by ${i}` }, ...ifMatch(etag) })));
  const made = answers.filter(({ status }) => status === 200);
  assert.equal(made.length, 1);
  assert.equal(answers.filter(({ status }) => status === 412).length, 15);
  assert.equal((await read(id)).json.displayName, made[0].json.displayName);
});

test('a profile that is known is answered 304 without a body', async () => {
  const { id } = await createProfile(server, token);
  const { etag } = (await read(id)).headers;
  for (const method of ['GET', 'HEAD']) {
    for (const tags of [etag, `"x", ${etag}`, '*']) {
      const answer = await call(method, `/${id}`, { headers: { 'If-None-Match': tags } });
      assert.equal(answer.status, 304, tags);
      assert.equal(answer.text, '');
      assert.equal(answer.headers.etag, etag);
      for (const name of ['content-type', 'content-length', 'transfer-encoding'])
        assert.equal(answer.headers[name], undefined, name);
      assert.match(answer.headers['request-id'], /^[0-9a-f-]{36}$/);
    }
  }
  assert.equal((await read(id, { 'If-None-Match': '"x"' })).status, 200);
  assert.equal((await read(id, { 'If-None-Match': 'x' })).status, 400);
  assert.equal((await read(id, { 'If-Match': '"x"' })).status, 412);
  assert.equal((await read(id, { 'If-Match': etag })).status, 200);
  await call('DELETE', `/${id}`);
  assert.equal((await read(id, { 'If-None-Match': '*' })).status, 404);
});

test('a device that enrolls and a token that expires are changes of what is known', async () => {
  const { id } = await createProfile(server, token);
  const profile = await createToken(server, token, id, 3);
  const first = (await read(id)).headers.etag;
  assert.equal((await enroll(server, profile.tokenValue)).status, 201);
  const second = (await read(id)).headers.etag;
  assert.notEqual(second, first);
  await until('the token to expire', async () => {
    const answer = await read(id, { 'If-None-Match': second });
    return answer.status === 200 && answer.json.tokenValue === null;
  });
  // Nobody changed it: a change of it may still be made.
  assert.equal((await call('PATCH', `/${id}`, { body: { displayName: 'Later' }, ...ifMatch(second) })).status, 200);
});

test('over a restart a change of the same state is made, and what is known is sent anew', async () => {
  const directory = makeDirectory();
  const before = await startServer({ dataDirectory: directory });
  const bearer = devToken(before);
  const { id } = await createProfile(before, bearer);
  const one = (where, method, options) => graph(where, method, `${profilesPath}/${id}`, { token: bearer, ...options });
  const { etag } = (await one(before, 'GET')).headers;
  await before.stop();
  const after = await startServer({ dataDirectory: directory });
  try {
    assert.equal((await one(after, 'GET', { headers: { 'If-None-Match': etag } })).status, 200);
    assert.equal((await one(after, 'DELETE', ifMatch(etag))).status, 204);
  } finally {
    await after.stop();
    rmSync(directory, { recursive: true });
  }
});
