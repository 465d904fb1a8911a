// The main job, as an administrator's script and a device do it, with curl.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath } from './support/http.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

function curl(...flags) {
  const result = spawnSync('curl', ['-sS', '-i', ...flags], { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  const [head, ...rest] = result.stdout.split('\r\n\r\n');
  return { head, status: Number(head.split(' ')[1]), body: rest.join('\r\n\r\n') };
}

for (const version of ['v1.0', 'beta']) {
  test(`createToken answers 204 without a body on /${version}, exactly as the reference has it`, async () => {
    const profile = await createProfile(server, token);
    const answer = curl('-X', 'POST', `${server.url}/${version}${profilesPath}/${profile.id}/createToken`,
      '-H', `Authorization: Bearer ${token}`, '-H', 'Accept: application/json',
      '-H', 'Content-type: application/json', '-d', '{"tokenValidityInSeconds": 6}');
    assert.match(answer.head, /^HTTP\/1\.1 204 No Content/);
    assert.equal(answer.body, '');
    assert.doesNotMatch(answer.head, /content-length|content-type/i);
    assert.match(answer.head, /request-id: [0-9a-f-]{36}/);
  });
}

test('six seconds after createToken the token has expired', async () => {
  const profile = await createProfile(server, token);
  const before = Date.now();
  const made = await createToken(server, token, profile.id, 6);
  const after = Date.now();
  const expires = Date.parse(made.tokenExpirationDateTime);
  assert.ok(expires >= before + 6000 - 1 && expires <= after + 6000 + 1);
  assert.equal((await enroll(server, made.tokenValue, { serialNumber: 'in time' })).status, 201);
  await sleep(expires - Date.now() + 50);
  const late = await enroll(server, made.tokenValue, { serialNumber: 'late' });
  assert.equal(late.status, 403);
  assert.equal(late.json.error.code, 'tokenNotAccepted');
  const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
  assert.equal(read.tokenValue, null);
  assert.equal(read.tokenExpirationDateTime, made.tokenExpirationDateTime);
  assert.equal(read.enrolledDeviceCount, 1);
});

const spellings = [
  ['a key in parentheses', (id) => `${profilesPath}('${id}')/createToken`],
  ['percent-encoded quotes', (id) => `${profilesPath}(%27${id}%27)/createToken`],
  ['the qualified name', (id) => `${profilesPath}/${id}/microsoft.graph.createToken`],
  ['both', (id) => `${profilesPath}('${id}')/microsoft.graph.createToken`],
  ['a key in upper case', (id) => `${profilesPath}/${id.toUpperCase()}/createToken`],
  ['a trailing slash', (id) => `${profilesPath}/${id}/createToken/`],
];
for (const [name, path] of spellings) {
  test(`createToken may be addressed with ${name}`, async () => {
    const profile = await createProfile(server, token);
    const answer = await graph(server, 'POST', path(profile.id),
      { token, body: { tokenValidityInSeconds: 60 } });
    assert.equal(answer.status, 204, answer.text);
    const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
    assert.match(read.tokenValue, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
}

test('a new token replaces the one before it at once', async () => {
  const profile = await createProfile(server, token);
  const first = await createToken(server, token, profile.id);
  const second = await createToken(server, token, profile.id);
  assert.notEqual(first.tokenValue, second.tokenValue);
  assert.equal((await enroll(server, first.tokenValue, { imei: '1' })).status, 403);
  assert.equal((await enroll(server, second.tokenValue, { imei: '1' })).status, 201);
});

test('of a hundred createTokens at once, one token stays', async () => {
  const profile = await createProfile(server, token);
  const answers = await Promise.all(Array.from({ length: 100 }, () =>
    graph(server, 'POST', `${profilesPath}/${profile.id}/createToken`,
      { token, body: { tokenValidityInSeconds: 600 }, headers: { Prefer: 'return=representation' } })));
  const values = answers.map((answer) => server.keepSecret(answer.json.tokenValue));
  assert.equal(new Set(values).size, 100);
  const current = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json.tokenValue;
  const others = values.filter((value) => value !== current);
  assert.equal(others.length, 99);
  assert.equal((await enroll(server, others[0], { imei: 'the one that stays' })).status, 403);
  assert.equal((await enroll(server, others.at(-1), { imei: 'the one that stays' })).status, 403);
  assert.equal((await enroll(server, current, { imei: 'the one that stays' })).status, 201);
});

test('with an overlap the replaced token is accepted a while longer', async () => {
  const patient = await startServer({ flags: ['--token-overlap-seconds', '600'] });
  try {
    const bearer = devToken(patient);
    const profile = await createProfile(patient, bearer);
    const first = await createToken(patient, bearer, profile.id);
    await createToken(patient, bearer, profile.id);
    assert.equal((await enroll(patient, first.tokenValue, { imei: '1' })).status, 201);
    await graph(patient, 'POST', `${profilesPath}/${profile.id}/revokeToken`, { token: bearer });
    assert.equal((await enroll(patient, first.tokenValue, { imei: '2' })).status, 403);
  } finally {
    await patient.stop();
  }
});

test('revokeToken ends the token at once and says since when', async () => {
  const profile = await createProfile(server, token);
  const made = await createToken(server, token, profile.id);
  for (const action of ['revokeToken', 'microsoft.graph.revokeToken']) {
    const answer = await graph(server, 'POST', `${profilesPath}/${profile.id}/${action}`, { token });
    assert.equal(answer.status, 204, answer.text);
  }
  assert.equal((await enroll(server, made.tokenValue, { imei: '1' })).status, 403);
  const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
  assert.equal(read.tokenValue, null);
  assert.ok(Date.parse(read.tokenExpirationDateTime) <= Date.now());
});

test('the longest validity that an Int32 can say is kept to the second', async () => {
  const profile = await createProfile(server, token);
  const made = await createToken(server, token, profile.id, 2147483647);
  const expected = Date.now() + 2147483647000;
  assert.ok(Math.abs(Date.parse(made.tokenExpirationDateTime) - expected) < 60000);
});

test('a client that asks for it gets the profile back instead of 204', async () => {
  const profile = await createProfile(server, token);
  const answer = await graph(server, 'POST', `${profilesPath}/${profile.id}/createToken`,
    { token, body: { tokenValidityInSeconds: 60 }, headers: { Prefer: 'return=representation' } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['preference-applied'], 'return=representation');
  assert.equal(answer.json.id, profile.id);
  assert.equal((await enroll(server, answer.json.tokenValue, { imei: '9' })).status, 201);
});

test('a token may be limited to a number of devices, exactly, while they race', async () => {
  const profile = await createProfile(server, token);
  const made = await createToken(server, token, profile.id, 600, { '@muster.maxEnrollments': 50 });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) =>
    enroll(server, made.tokenValue, { serialNumber: `racer ${index}` })));
  const statuses = answers.map((answer) => answer.status);
  assert.equal(statuses.filter((status) => status === 201).length, 50);
  assert.equal(statuses.filter((status) => status === 403).length, 150);
  const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
  assert.equal(read.enrolledDeviceCount, 50);
});
