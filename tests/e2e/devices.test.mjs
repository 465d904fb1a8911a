// What a device does: redeem, look, leave; and what an administrator does with it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { demoTenant, devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';

let server;
let token;
let manager;
before(async () => {
  server = await startServer();
  token = devToken(server);
  manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
});
after(() => server.stop());

async function profileWithToken(options) {
  const profile = await createProfile(server, token);
  return createToken(server, token, profile.id, 3600, options);
}
const count = async (id) => (await graph(server, 'GET', `${profilesPath}/${id}`, { token })).json.enrolledDeviceCount;
const me = (method, credential) => send(server.url, {
  method, path: '/enroll/me', headers: credential === undefined ? {} : { Authorization: `Bearer ${credential}` },
});

test('a device redeems a token, sees itself, and leaves', async () => {
  const profile = await profileWithToken();
  const device = { serialNumber: 'S-1', imei: '356938035643809', androidId: 'a1', manufacturer: 'Google', model: 'Pixel 8', osVersion: '16' };
  const enrolled = await enroll(server, profile.tokenValue, device);
  assert.equal(enrolled.status, 201, enrolled.text);
  assert.deepEqual(Object.keys(enrolled.json), ['deviceId', 'accountId', 'enrollmentProfileId', 'enrolledDateTime', 'deviceCredential']);
  assert.equal(enrolled.json.accountId, demoTenant);
  assert.equal(enrolled.json.enrollmentProfileId, profile.id);
  const seen = await me('GET', enrolled.json.deviceCredential);
  assert.equal(seen.status, 200);
  assert.equal(seen.json.deviceId, enrolled.json.deviceId);
  assert.equal(seen.json.model, 'Pixel 8');
  assert.equal(seen.json.enrollmentProfileName, 'Kiosks');
  assert.equal(seen.json.deviceCredential, undefined);
  assert.equal((await me('DELETE', enrolled.json.deviceCredential)).status, 204);
  assert.equal((await me('GET', enrolled.json.deviceCredential)).status, 401);
  assert.equal((await me('DELETE', enrolled.json.deviceCredential)).status, 401);
});

test('a token may be typed in lower case', async () => {
  const { tokenValue } = await profileWithToken();
  assert.equal((await enroll(server, tokenValue.toLowerCase(), { imei: 'typed' })).status, 201);
});

test('a device that comes again keeps its id, gets a new credential, and counts once', async () => {
  const profile = await profileWithToken();
  const first = await enroll(server, profile.tokenValue, { serialNumber: 'again' });
  const second = await enroll(server, profile.tokenValue, { serialNumber: 'again', model: 'newer' });
  assert.equal(second.status, 200);
  assert.equal(second.json.deviceId, first.json.deviceId);
  assert.notEqual(second.json.deviceCredential, first.json.deviceCredential);
  assert.equal((await me('GET', first.json.deviceCredential)).status, 401);
  assert.equal((await me('GET', second.json.deviceCredential)).json.model, 'newer');
  assert.equal(await count(profile.id), 1);
});

test('a device that moves to another profile is counted there', async () => {
  const one = await profileWithToken();
  const two = await profileWithToken();
  await enroll(server, one.tokenValue, { serialNumber: 'mover' });
  await enroll(server, two.tokenValue, { serialNumber: 'mover' });
  assert.equal(await count(one.id), 0);
  assert.equal(await count(two.id), 1);
});

test('counts are exact while a hundred devices enroll at once, some of them twice', async () => {
  const profile = await profileWithToken();
  const answers = await Promise.all(Array.from({ length: 150 }, (_, index) =>
    enroll(server, profile.tokenValue, { serialNumber: `crowd ${index % 100}` })));
  assert.equal(answers.filter((answer) => answer.status === 201).length, 100);
  assert.equal(answers.filter((answer) => answer.status === 200).length, 50);
  assert.equal(await count(profile.id), 100);
});

test('a one-time token lets one device in, and that one again', async () => {
  const { tokenValue } = await profileWithToken({ '@muster.maxEnrollments': 1 });
  assert.equal((await enroll(server, tokenValue, { serialNumber: 'once' })).status, 201);
  assert.equal((await enroll(server, tokenValue, { serialNumber: 'once' })).status, 200);
  assert.equal((await enroll(server, tokenValue, { serialNumber: 'another' })).status, 403);
});

test('a refusal never says why', async () => {
  const expired = await profileWithToken();
  const deleted = await profileWithToken();
  await graph(server, 'DELETE', `${profilesPath}/${deleted.id}`, { token });
  const revoked = await profileWithToken();
  await graph(server, 'POST', `${profilesPath}/${revoked.id}/revokeToken`, { token });
  const replaced = await profileWithToken();
  await createToken(server, token, replaced.id);
  await createToken(server, token, expired.id);
  const refused = ['nonsense', '0'.repeat(26), 'x'.repeat(5000), expired.tokenValue, deleted.tokenValue, revoked.tokenValue, replaced.tokenValue];
  const bodies = new Set();
  for (const tokenValue of refused) {
    const answer = await enroll(server, tokenValue, { serialNumber: 'guess' });
    assert.equal(answer.status, 403);
    bodies.add(JSON.stringify({ ...answer.json.error, innerError: undefined }));
  }
  assert.equal(bodies.size, 1);
  assert.equal(JSON.parse([...bodies][0]).code, 'tokenNotAccepted');
});

const bad = [
  ['no token', { device: { imei: '1' } }, 'enrollmentToken'],
  ['a token that is no string', { enrollmentToken: 5, device: { imei: '1' } }, 'enrollmentToken'],
  ['an empty token', { enrollmentToken: '', device: { imei: '1' } }, 'enrollmentToken'],
  ['no device', { enrollmentToken: 'x' }, 'device'],
  ['a device that is no object', { enrollmentToken: 'x', device: 'y' }, 'device'],
  ['a device without identity', { enrollmentToken: 'x', device: { model: 'y' } }, 'device'],
  ['an empty serial number', { enrollmentToken: 'x', device: { serialNumber: '' } }, 'serialNumber'],
  ['a serial number of 129 bytes', { enrollmentToken: 'x', device: { serialNumber: 'y'.repeat(129) } }, 'serialNumber'],
  ['a number as imei', { enrollmentToken: 'x', device: { imei: 356938035643809 } }, 'imei'],
];
for (const [name, body, target] of bad) {
  test(`enrolling with ${name} is 400`, async () => {
    const answer = await send(server.url, { method: 'POST', path: '/enroll', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error.target, target);
  });
}

test('other methods, types and addresses of the device door are refused plainly', async () => {
  assert.equal((await send(server.url, { path: '/enroll' })).headers.allow, 'POST');
  assert.equal((await send(server.url, { method: 'PUT', path: '/enroll/me' })).headers.allow, 'GET, DELETE');
  assert.equal((await send(server.url, { path: '/enroll/you' })).status, 404);
  assert.equal((await send(server.url, { path: '/' })).status, 404);
  assert.equal((await send(server.url, { method: 'POST', path: '/enroll', headers: { 'Content-Type': 'text/plain' }, body: 'x' })).status, 415);
  assert.equal((await send(server.url, { method: 'POST', path: '/enroll', headers: { 'Content-Type': 'application/json; charset=latin1' }, body: '{}' })).status, 415);
  assert.equal((await me('GET')).status, 401);
  assert.match((await me('GET', 'nonsense')).headers['www-authenticate'], /^Bearer/);
});

test('an enrollment token is no device credential, and the other way round', async () => {
  const profile = await profileWithToken();
  const { deviceCredential } = (await enroll(server, profile.tokenValue, { imei: 'swap' })).json;
  assert.equal((await me('GET', profile.tokenValue)).status, 401);
  assert.equal((await enroll(server, deviceCredential, { imei: 'swap' })).status, 403);
});

test('an administrator sees the device and retires it: its credential ends at once', async () => {
  const profile = await profileWithToken();
  const enrolled = (await enroll(server, profile.tokenValue, { serialNumber: 'managed', manufacturer: 'Zebra', model: 'TC58', osVersion: '14' })).json;
  const path = `/deviceManagement/managedDevices/${enrolled.deviceId}`;
  const shown = await graph(server, 'GET', path, { token: manager });
  assert.equal(shown.status, 200);
  assert.equal(shown.json.serialNumber, 'managed');
  assert.equal(shown.json.manufacturer, 'Zebra');
  assert.equal(shown.json.operatingSystem, 'Android');
  assert.equal(shown.json.enrollmentProfileName, 'Kiosks');
  assert.equal(shown.json.managedDeviceOwnerType, 'company');
  const listed = await graph(server, 'GET', '/deviceManagement/managedDevices?$top=999', { token: manager });
  assert.ok(listed.json.value.some((device) => device.id === enrolled.deviceId));
  assert.equal((await graph(server, 'POST', `${path}/retire`, { token: manager })).status, 204);
  assert.equal((await me('GET', enrolled.deviceCredential)).status, 401);
  assert.equal((await graph(server, 'DELETE', path, { token: manager })).status, 204);
  assert.equal((await graph(server, 'GET', path, { token: manager })).status, 404);
  assert.equal(await count(profile.id), 0);
});
