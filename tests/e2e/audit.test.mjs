// Who did what: each change and each refusal is found in the audit, and no secret is.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { devToken, run, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';

const eventsPath = '/deviceManagement/auditEvents';
const devicesPath = '/deviceManagement/managedDevices';
const claims = (bearer) => JSON.parse(Buffer.from(bearer.split('.')[1], 'base64url'));

let server;
let token;
let manager;
before(async () => {
  server = await startServer();
  token = devToken(server);
  manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
});
after(() => server.stop());

async function events(options = {}) {
  const answer = await graph(server, 'GET', `${eventsPath}?$top=999`, { token, ...options });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.value;
}
const properties = (event) => Object.fromEntries(
  event.resources[0].modifiedProperties.map(({ displayName, oldValue, newValue }) => [displayName, [oldValue, newValue]]));

// Refused calls are written beside the answer, so they may come a moment later.
async function eventually(find) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = (await events()).find(find);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the event does not come');
}

// One step of the main job each: what is done, and what the audit says of it.
async function act(method, path, options = {}) {
  const correlation = randomUUID();
  const answer = await graph(server, method, path, { token, ...options, headers: { 'client-request-id': correlation } });
  assert.ok(answer.status < 300, answer.text);
  const event = (await events()).find(({ correlationId }) => correlationId === correlation);
  assert.ok(event, `${method} ${path} left no event`);
  assert.equal(event.activityResult, 'Success');
  assert.equal(event.actor.type, 'ItPro');
  assert.equal(event.actor.userId, claims(token).oid);
  assert.equal(event.actor.userPrincipalName, claims(token).preferred_username);
  assert.equal(event.actor.ipAddress, '127.0.0.1');
  assert.ok(Math.abs(Date.parse(event.activityDateTime) - Date.now()) < 60000);
  return { answer, event, resource: event.resources[0] };
}

test('each change of a profile and its tokens is kept with who, what and the request', async () => {
  const created = await act('POST', profilesPath, { body: { displayName: 'Kiosks' } });
  const { id } = created.answer.json;
  assert.equal(created.event.activityOperationType, 'Create');
  assert.equal(created.event.activityType, 'createEnrollmentProfile');
  assert.equal(created.event.category, 'Enrollment');
  assert.equal(created.resource.resourceId, id);
  assert.equal(created.resource.displayName, 'Kiosks');
  assert.equal(created.resource.type, 'androidForWorkEnrollmentProfile');
  assert.deepEqual(properties(created.event), { displayName: [null, 'Kiosks'] });

  const changed = await act('PATCH', `${profilesPath}/${id}`, { body: { displayName: 'Tills', description: 'by the door' } });
  assert.equal(changed.event.activityOperationType, 'Patch');
  assert.deepEqual(properties(changed.event), { displayName: ['Kiosks', 'Tills'], description: [null, 'by the door'] });

  const made = await act('POST', `${profilesPath}/${id}/createToken`, { body: { tokenValidityInSeconds: 600 } });
  assert.equal(made.event.activityType, 'createToken');
  assert.equal(made.event.activityOperationType, 'Action');
  assert.equal(made.resource.displayName, 'Tills');
  assert.equal(properties(made.event).tokenValidityInSeconds[1], '600');

  const revoked = await act('POST', `${profilesPath}/${id}/revokeToken`);
  assert.equal(revoked.event.activityType, 'revokeToken');
  const deleted = await act('DELETE', `${profilesPath}/${id}`);
  assert.equal(deleted.event.activityOperationType, 'Delete');
  assert.equal(deleted.resource.resourceId, id);
});

test('a device that enrolls, leaves, is retired or deleted is kept', async () => {
  const profile = await createProfile(server, token);
  const { tokenValue } = await createToken(server, token, profile.id);
  const enrolled = (await enroll(server, tokenValue, { serialNumber: 'AUDIT-1' })).json;
  const about = async (type) => (await events()).find((event) => event.activityType === type
    && event.resources[0].resourceId === enrolled.deviceId);
  const enrollment = await about('enrollDevice');
  assert.equal(enrollment.actor.type, 'Device');
  assert.equal(enrollment.actor.userId, 'AUDIT-1');
  assert.equal(enrollment.resources[0].type, 'managedDevice');
  const left = await send(server.url, { method: 'DELETE', path: '/enroll/me', headers: { Authorization: `Bearer ${enrolled.deviceCredential}` } });
  assert.equal(left.status, 204);
  assert.equal((await about('leave')).actor.type, 'Device');
  await act('POST', `${devicesPath}/${enrolled.deviceId}/retire`, { token: manager });
  assert.equal((await about('retire')).actor.type, 'ItPro');
  await act('DELETE', `${devicesPath}/${enrolled.deviceId}`, { token: manager });
  assert.equal((await about('deleteManagedDevice')).activityOperationType, 'Delete');
});

test('a refused device is told nothing, but the audit knows the reason', async () => {
  const profile = await createProfile(server, token);
  const revoked = await createToken(server, token, profile.id);
  await graph(server, 'POST', `${profilesPath}/${profile.id}/revokeToken`, { token });
  const replaced = await createToken(server, token, profile.id);
  const single = await createToken(server, token, profile.id, 600, { '@muster.maxEnrollments': 1 });
  assert.equal((await enroll(server, single.tokenValue, { serialNumber: 'first' })).status, 201);
  for (const [value, reason] of [[revoked, 'revoked'], [replaced, 'replaced'], [single, 'usedUp']]) {
    const serialNumber = `refused ${reason}`;
    assert.equal((await enroll(server, value.tokenValue, { serialNumber })).status, 403);
    const event = (await events()).find(({ actor }) => actor.userId === serialNumber);
    assert.equal(event.activityResult, 'Failure');
    assert.equal(event.resources[0].resourceId, profile.id);
    assert.deepEqual(properties(event), { reason: [null, reason] });
  }
});

test('a guessed token concerns no tenant, so none sees it', async () => {
  assert.equal((await enroll(server, '0'.repeat(26), { serialNumber: 'nobody' })).status, 403);
  assert.ok(!(await events()).some(({ actor }) => actor.userId === 'nobody'));
});

test('a call that is not allowed is kept with what was asked and why, once a minute', async () => {
  const reader = devToken(server, '--scope', 'DeviceManagementConfiguration.Read.All');
  const correlation = randomUUID();
  for (let i = 0; i < 20; i += 1) {
    const answer = await graph(server, 'POST', profilesPath, {
      token: reader, body: { displayName: 'x' }, headers: { 'client-request-id': i === 0 ? correlation : randomUUID() },
    });
    assert.equal(answer.status, 403);
  }
  const event = await eventually(({ correlationId }) => correlationId === correlation);
  assert.equal(event.activityType, 'refuseCall');
  assert.equal(event.activityResult, 'Failure');
  assert.equal(event.resources[0].displayName, 'POST deviceManagement/androidForWorkEnrollmentProfiles');
  assert.match(properties(event).reason[1], /^Application is not authorized/);
  const same = (await events()).filter((other) => other.activityType === 'refuseCall'
    && other.resources[0].displayName === event.resources[0].displayName);
  assert.equal(same.length, 1);
});

test('a tenant without licence is refused, and reads why when it has one again', async () => {
  const tenant = '66666666-6666-6666-6666-666666666666';
  const manage = (...flags) => run(['tenant', ...flags, '--data-dir', server.directory]);
  assert.equal(manage('add', tenant, '--unlicensed').code, 0);
  const other = devToken(server, '--tenant', tenant);
  assert.equal((await graph(server, 'GET', eventsPath, { token: other })).status, 403);
  assert.equal(manage('license', tenant).code, 0);
  let listed = [];
  for (let attempt = 0; listed.length < 3 && attempt < 100; attempt += 1) listed = await events({ token: other });
  assert.deepEqual(listed.map(({ activityType }) => activityType).sort(), ['addTenant', 'licenseTenant', 'refuseCall']);
  const refusal = listed.find(({ activityType }) => activityType === 'refuseCall');
  assert.equal(properties(refusal).reason[1], 'The tenant has no active Intune licence.');
  assert.equal(listed.find(({ activityType }) => activityType === 'licenseTenant').actor.type, 'Operator');
});

test('one tenant never sees another\'s events', async () => {
  const tenant = '77777777-7777-7777-7777-777777777777';
  assert.equal(run(['tenant', 'add', tenant, '--data-dir', server.directory]).code, 0);
  const stranger = devToken(server, '--tenant', tenant);
  const [mine] = await events();
  assert.equal((await graph(server, 'GET', `${eventsPath}/${mine.id}`, { token })).status, 200);
  const foreign = await graph(server, 'GET', `${eventsPath}/${mine.id}`, { token: stranger });
  assert.equal(foreign.status, 404);
  assert.deepEqual((await events({ token: stranger })).map(({ activityType }) => activityType), ['addTenant']);
});

test('an event is found by its id, with the same members as in the list', async () => {
  const [first] = await events();
  const one = await graph(server, 'GET', `${eventsPath}/${first.id}`, { token });
  const { '@odata.context': context, ...event } = one.json;
  assert.equal(context, `${server.url}/v1.0/$metadata#deviceManagement/auditEvents/$entity`);
  assert.deepEqual(event, first);
  assert.deepEqual(Object.keys(event), ['id', 'displayName', 'componentName', 'actor', 'activity', 'activityDateTime',
    'activityType', 'activityOperationType', 'activityResult', 'correlationId', 'resources', 'category']);
  assert.deepEqual(Object.keys(event.actor), ['type', 'auditActorType', 'userPermissions', 'applicationId',
    'applicationDisplayName', 'userPrincipalName', 'servicePrincipalName', 'ipAddress', 'userId']);
  const beta = (await graph(server, 'GET', `${eventsPath}/${first.id}`, { token, version: 'beta' })).json;
  assert.ok(!('auditActorType' in beta.actor) && !('auditResourceType' in beta.resources[0]));
  for (const id of ['00000000-0000-0000-0000-000000000001', '61756469-7400-8000-8000-7fffffffffff'])
    assert.equal((await graph(server, 'GET', `${eventsPath}/${id}`, { token })).status, 404);
  assert.equal((await graph(server, 'GET', `${eventsPath}/1`, { token })).status, 400);
  assert.equal((await graph(server, 'POST', eventsPath, { token, body: {} })).headers.allow, 'GET, HEAD');
});

test('pages of events meet, the newest first', async () => {
  const whole = await events();
  const paged = [];
  let path = `${eventsPath}?$top=3`;
  while (path !== undefined) {
    const { json } = await graph(server, 'GET', path, { token });
    assert.ok(json.value.length <= 3);
    paged.push(...json.value);
    path = json['@odata.nextLink']?.slice(`${server.url}/v1.0`.length);
  }
  assert.deepEqual(paged, whole);
  const instants = whole.map(({ activityDateTime }) => Date.parse(activityDateTime));
  assert.deepEqual(instants, [...instants].sort((a, b) => b - a));
});

for (const [name, flags, status] of [
  ['DeviceManagementApps.Read.All', ['--scope', 'DeviceManagementApps.Read.All'], 200],
  ['DeviceManagementApps.ReadWrite.All as an application', ['--app', '--scope', 'DeviceManagementApps.ReadWrite.All'], 200],
  ['DeviceManagementConfiguration.Read.All', ['--scope', 'DeviceManagementConfiguration.Read.All'], 200],
  ['DeviceManagementManagedDevices.ReadWrite.All', ['--scope', 'DeviceManagementManagedDevices.ReadWrite.All'], 403],
  ['a personal account', ['--personal', '--scope', 'DeviceManagementApps.Read.All'], 403],
]) {
  test(`${name} ${status === 200 ? 'may' : 'may not'} read the audit`, async () => {
    for (const version of ['v1.0', 'beta'])
      assert.equal((await graph(server, 'GET', eventsPath, { token: devToken(server, ...flags), version })).status, status);
  });
}

test('an application is kept as one', async () => {
  const application = devToken(server, '--app');
  const correlation = randomUUID();
  await graph(server, 'POST', profilesPath, { token: application, version: 'beta', body: { displayName: 'by an application' }, headers: { 'client-request-id': correlation } });
  const event = (await events()).find(({ correlationId }) => correlationId === correlation);
  assert.equal(event.actor.type, 'Application');
  assert.equal(event.actor.userId, null);
  assert.ok(event.actor.applicationId);
});

test('neither answers nor the database file hold a token value, a credential or a bearer token', async () => {
  const profile = await createProfile(server, token);
  const { tokenValue } = await createToken(server, token, profile.id);
  await enroll(server, tokenValue, { serialNumber: 'secret' });
  await enroll(server, `${tokenValue}X`, { serialNumber: 'secret' });
  const shown = JSON.stringify(await events());
  const files = readdirSync(server.directory).filter((name) => name.startsWith('muster.db'))
    .map((name) => readFileSync(join(server.directory, name), 'latin1'));
  assert.ok(files.some((file) => file.includes('tokenValidityInSeconds')));
  assert.ok(server.secrets.size >= 5);
  for (const secret of server.secrets)
    for (const text of [shown, ...files]) assert.ok(!text.includes(secret));
});

test('audit: list', async () => {
  await createProfile(server, token, 'For the list');
  const environment = { MUSTER_URL: server.url, MUSTER_TOKEN: token };
  const muster = (...flags) => run(['audit', 'list', ...flags], { environment });
  const table = muster('--limit', '1');
  assert.equal(table.code, 0, table.err);
  assert.match(table.out, /^ID .*WHY\n61756469-7400-8000-8000-[0-9a-f]{12} .*Success .*Create enrollment profile +For the list/);
  const [event] = JSON.parse(muster('--limit', '1', '-o', 'json').out);
  assert.equal(event.resources[0].displayName, 'For the list');
  assert.equal(event.who, undefined);
  assert.match(muster('-o', 'value').out, /^(61756469-7400-8000-[0-9a-f]{4}-[0-9a-f]{12}\n)+$/);
  assert.equal(muster('--limit', '0').code, 2);
});

test('token: list, also only what expires soon', async () => {
  const environment = { MUSTER_URL: server.url, MUSTER_TOKEN: token };
  const ids = (...flags) => {
    const { code, out, err } = run(['token', 'list', '-o', 'value', ...flags], { environment });
    assert.equal(code, 0, err);
    return out.split('\n');
  };
  const soon = await createProfile(server, token, 'soon');
  await createToken(server, token, soon.id, 3600);
  const later = await createProfile(server, token, 'later');
  await createToken(server, token, later.id, 30 * 86400);
  const never = await createProfile(server, token, 'never');
  const over = await createProfile(server, token, 'over');
  await createToken(server, token, over.id, 3600);
  await graph(server, 'POST', `${profilesPath}/${over.id}/revokeToken`, { token });
  const all = ids();
  assert.ok(all.includes(soon.id) && all.includes(later.id));
  assert.ok(!all.includes(never.id) && !all.includes(over.id));
  const expiring = ids('--expiring-within', '7d');
  assert.ok(expiring.includes(soon.id));
  assert.ok(!expiring.includes(later.id) && !expiring.includes(over.id));
  assert.equal(run(['token', 'list', '--expiring-within', 'soon'], { environment }).code, 2);
});

test('an address that guesses is slowed down, whatever it sends, and counted', async () => {
  const slow = await startServer({ flags: ['--enroll-refusals-per-minute', '5'] });
  try {
    const administrator = devToken(slow);
    const profile = await createProfile(slow, administrator);
    const { tokenValue } = await createToken(slow, administrator, profile.id);
    for (let i = 0; i < 5; i += 1) assert.equal((await enroll(slow, 'nonsense')).status, 403);
    const slowed = await enroll(slow, 'nonsense');
    assert.equal(slowed.status, 429);
    assert.equal(slowed.json.error.code, 'TooManyRequests');
    const wait = Number(slowed.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 12, slowed.headers['retry-after']);
    assert.equal((await enroll(slow, tokenValue)).status, 429);
    assert.equal((await graph(slow, 'GET', profilesPath, { token: administrator })).status, 200);
    const { text } = await send(slow.opsUrl, { path: '/metrics' });
    assert.match(text, /^muster_enroll_refused_total 5$/m);
    assert.match(text, /^muster_enroll_slowed_total 2$/m);
  } finally {
    await slow.stop();
  }
});

test('guessing at device credentials is slowed as well, and does not hinder enrollment', async () => {
  const slow = await startServer({ flags: ['--enroll-refusals-per-minute', '5'] });
  try {
    const administrator = devToken(slow);
    const profile = await createProfile(slow, administrator);
    const { tokenValue } = await createToken(slow, administrator, profile.id);
    const enrolled = await enroll(slow, tokenValue);
    const ask = (credential, method = 'GET') => send(slow.url, {
      method, path: '/enroll/me', headers: { Authorization: `Bearer ${credential}` },
    });
    assert.equal((await ask(enrolled.json.deviceCredential)).status, 200);
    for (let i = 0; i < 5; i += 1) assert.equal((await ask('nonsense')).status, 401);
    const slowed = await ask(enrolled.json.deviceCredential, 'DELETE');
    assert.equal(slowed.status, 429);
    assert.match(slowed.headers['retry-after'], /^\d+$/);
    assert.equal((await enroll(slow, tokenValue)).status, 200);
    const { text } = await send(slow.opsUrl, { path: '/metrics' });
    assert.match(text, /^muster_device_credential_refused_total 5$/m);
    assert.match(text, /^muster_device_credential_slowed_total 1$/m);
    assert.match(text, /^muster_enroll_refused_total 0$/m);
  } finally {
    await slow.stop();
  }
});

test('outside --dev guessing is slowed without a setting, and demo devices never are', async () => {
  assert.equal((await Promise.all(Array.from({ length: 150 }, () => enroll(server, 'nonsense'))))
    .filter(({ status }) => status !== 403).length, 0);
  assert.equal((await enroll(server, 'nonsense')).status, 403);
  const production = await startServer({ dev: false });
  try {
    for (let i = 0; i < 60; i += 1) await enroll(production, 'nonsense');
    assert.equal((await enroll(production, 'nonsense')).status, 429);
  } finally {
    await production.stop();
  }
});
