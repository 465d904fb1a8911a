// The permission table: every route, every kind of caller, both versions. The token is real and
// signed; only its claims differ.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { demoTenant, devToken, run, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, ownerPath, profilesPath } from './support/http.mjs';

const read = 'DeviceManagementConfiguration.Read.All';
const write = 'DeviceManagementConfiguration.ReadWrite.All';
const deviceRead = 'DeviceManagementManagedDevices.Read.All';
const deviceWrite = 'DeviceManagementManagedDevices.ReadWrite.All';
const unlicensed = '44444444-4444-4444-4444-444444444444';
const unknown = '55555555-5555-5555-5555-555555555555';

let server;
let administrator;
before(async () => {
  server = await startServer();
  administrator = devToken(server);
  assert.equal(run(['tenant', 'add', unlicensed, '--unlicensed', '--data-dir', server.directory]).code, 0);
});
after(() => server.stop());

// What each route needs, and how to call it so that it succeeds for who may.
const routesOf = (path) => [
  { name: 'list profiles', needs: 'read', call: (ask) => ask('GET', path) },
  { name: 'get a profile', needs: 'read', call: (ask, id) => ask('GET', `${path}/${id}`) },
  { name: 'create a profile', needs: 'write', call: (ask) => ask('POST', path, { displayName: 'x' }) },
  { name: 'update a profile', needs: 'write', call: (ask, id) => ask('PATCH', `${path}/${id}`, { displayName: 'y' }) },
  { name: 'createToken', needs: 'write', call: (ask, id) => ask('POST', `${path}/${id}/createToken`, { tokenValidityInSeconds: 6 }) },
  { name: 'revokeToken', needs: 'write', call: (ask, id) => ask('POST', `${path}/${id}/revokeToken`) },
  { name: 'delete a profile', needs: 'write', call: (ask, id) => ask('DELETE', `${path}/${id}`) },
];

// may: which needs are met on v1.0 and on beta; mayAsOwner: for androidDeviceOwnerEnrollmentProfiles,
// where its reference says something else.
const callers = [
  { name: 'a delegated caller with ReadWrite', flags: ['--scope', write], may: { 'v1.0': ['read', 'write'], beta: ['read', 'write'] } },
  { name: 'a delegated caller with Read', flags: ['--scope', read], may: { 'v1.0': ['read'], beta: ['read'] } },
  { name: 'a delegated caller with other permissions', flags: ['--scope', `User.Read ${deviceWrite}`], may: { 'v1.0': [], beta: [] } },
  { name: 'a delegated caller with ReadWrite among others', flags: ['--scope', `User.Read ${write} openid`], may: { 'v1.0': ['read', 'write'], beta: ['read', 'write'] } },
  { name: 'a personal Microsoft account', flags: ['--personal', '--scope', write], may: { 'v1.0': [], beta: [] } },
  { name: 'an application with ReadWrite', flags: ['--app', '--scope', write], may: { 'v1.0': [], beta: ['read', 'write'] },
    mayAsOwner: { 'v1.0': ['read', 'write'], beta: ['read', 'write'] } },
  { name: 'an application with Read', flags: ['--app', '--scope', read], may: { 'v1.0': [], beta: ['read'] },
    mayAsOwner: { 'v1.0': ['read'], beta: ['read'] } },
  { name: 'a caller of a tenant without licence', flags: ['--tenant', unlicensed, '--scope', write], may: { 'v1.0': [], beta: [] } },
  { name: 'a caller of a tenant that nobody added', flags: ['--tenant', unknown, '--scope', write], may: { 'v1.0': [], beta: [] } },
];

for (const path of [profilesPath, ownerPath]) {
  for (const caller of callers) {
    for (const version of ['v1.0', 'beta']) {
      for (const route of routesOf(path)) {
        const may = (path === ownerPath && caller.mayAsOwner) || caller.may;
        const allowed = may[version].includes(route.needs);
        const set = path.split('/').at(-1);
        test(`${caller.name} ${allowed ? 'may' : 'may not'} ${route.name} on /${version} in ${set}`, async () => {
          const profile = await createProfile(server, administrator, 'Kiosks', { path });
          const token = devToken(server, ...caller.flags);
          const answer = await route.call(
            (method, address, body) => graph(server, method, address, { token, body, version }), profile.id);
          if (allowed) {
            assert.ok(answer.status < 300, answer.text);
            return;
          }
          assert.equal(answer.status, 403, answer.text);
          assert.equal(answer.json.error.code, 'Forbidden');
          const now = await graph(server, 'GET', `${path}/${profile.id}`, { token: administrator });
          assert.deepEqual(now.json, profile);
        });
      }
    }
  }
}

test('a lacking permission is said in Intune\'s words', async () => {
  const token = devToken(server, '--scope', read);
  const answer = await graph(server, 'POST', profilesPath,
    { token, body: { displayName: 'x' }, headers: { 'client-request-id': 'A0000000-0000-0000-0000-00000000000a' } });
  assert.equal(answer.json.error.message,
    'Application is not authorized to perform this operation. Application must have one of the '
    + `following scopes: ${write} - Operation ID (for customer support): `
    + '00000000-0000-0000-0000-000000000000 - Activity ID: a0000000-0000-0000-0000-00000000000a '
    + `- Url: ${server.url}/v1.0${profilesPath}`);
});

test('with a setting the same sentence is wrapped as Intune wraps it', async () => {
  const wrapping = await startServer({ config: '[graph]\nintune-error-wrapping = true\n' });
  try {
    const token = devToken(wrapping, '--scope', read);
    const answer = await graph(wrapping, 'POST', profilesPath, { token, body: { displayName: 'x' } });
    const wrapped = JSON.parse(answer.json.error.message);
    assert.equal(wrapped._version, 3);
    assert.match(wrapped.Message, /^Application is not authorized/);
  } finally {
    await wrapping.stop();
  }
});

test('an application on /v1.0 is told that this is not supported', async () => {
  const token = devToken(server, '--app');
  const answer = await graph(server, 'GET', profilesPath, { token });
  assert.match(answer.json.error.message, /app only context but does not have application permissions configured/);
});

test('a licence that is taken away ends all calls, and comes back', async () => {
  const tenant = '66666666-6666-6666-6666-666666666666';
  const manage = (...flags) => run(['tenant', ...flags, '--data-dir', server.directory]);
  assert.equal(manage('add', tenant).code, 0);
  const token = devToken(server, '--tenant', tenant);
  const profile = await createProfile(server, token);
  const made = await createToken(server, token, profile.id);
  assert.equal(manage('unlicense', tenant).code, 0);
  const refused = await graph(server, 'GET', profilesPath, { token });
  assert.equal(refused.status, 403);
  assert.match(refused.json.error.message, /no active Intune licence/);
  assert.equal((await enroll(server, made.tokenValue)).status, 403);
  assert.equal(manage('license', tenant).code, 0);
  assert.equal((await graph(server, 'GET', profilesPath, { token })).status, 200);
  assert.equal((await enroll(server, made.tokenValue)).status, 201);
});

test('one tenant never sees another\'s profile: to the letter as if it did not exist', async () => {
  const tenant = '77777777-7777-7777-7777-777777777777';
  assert.equal(run(['tenant', 'add', tenant, '--data-dir', server.directory]).code, 0);
  const stranger = devToken(server, '--tenant', tenant);
  const profile = await createProfile(server, administrator);
  const missing = '00000000-0000-0000-0000-000000000001';
  const without = (text, id) => text.replaceAll(id, 'ID').replace(/"innerError".*/, '');
  for (const [method, suffix, body] of [
    ['GET', ''], ['PATCH', '', { displayName: 'mine' }], ['DELETE', ''],
    ['POST', '/createToken', { tokenValidityInSeconds: 6 }], ['POST', '/revokeToken'],
  ]) {
    const foreign = await graph(server, method, `${profilesPath}/${profile.id}${suffix}`, { token: stranger, body });
    const absent = await graph(server, method, `${profilesPath}/${missing}${suffix}`, { token: stranger, body });
    assert.equal(foreign.status, 404);
    assert.equal(without(foreign.text, profile.id), without(absent.text, missing));
  }
  assert.deepEqual((await graph(server, 'GET', profilesPath, { token: stranger })).json.value, []);
  assert.deepEqual((await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token: administrator })).json, profile);
});

const deviceRoutes = [
  { name: 'list devices', needs: 'read', call: (ask) => ask('GET', '/deviceManagement/managedDevices') },
  { name: 'get a device', needs: 'read', call: (ask, id) => ask('GET', `/deviceManagement/managedDevices/${id}`) },
  { name: 'retire a device', needs: 'write', call: (ask, id) => ask('POST', `/deviceManagement/managedDevices/${id}/retire`) },
  { name: 'delete a device', needs: 'write', call: (ask, id) => ask('DELETE', `/deviceManagement/managedDevices/${id}`) },
];
const deviceCallers = [
  { name: 'a delegated caller with device ReadWrite', flags: ['--scope', deviceWrite], may: ['read', 'write'] },
  { name: 'a delegated caller with device Read', flags: ['--scope', deviceRead], may: ['read'] },
  { name: 'a delegated caller with configuration ReadWrite', flags: ['--scope', write], may: [] },
  { name: 'an application with device ReadWrite', flags: ['--app', '--scope', deviceWrite], may: ['read', 'write'] },
  { name: 'a personal account with device ReadWrite', flags: ['--personal', '--scope', deviceWrite], may: [] },
];
for (const caller of deviceCallers) {
  for (const version of ['v1.0', 'beta']) {
    for (const route of deviceRoutes) {
      const allowed = caller.may.includes(route.needs);
      test(`${caller.name} ${allowed ? 'may' : 'may not'} ${route.name} on /${version}`, async () => {
        const profile = await createProfile(server, administrator);
        const { tokenValue } = await createToken(server, administrator, profile.id);
        const device = (await enroll(server, tokenValue, { serialNumber: `${caller.name} ${version} ${route.name}` })).json;
        const token = devToken(server, ...caller.flags);
        const answer = await route.call(
          (method, path, body) => graph(server, method, path, { token, body, version }), device.deviceId);
        if (allowed) assert.ok(answer.status < 300, answer.text);
        else assert.equal(answer.status, 403, answer.text);
      });
    }
  }
}

test('the demo tenant is the one that dev-token names by default', async () => {
  const answer = await graph(server, 'GET', profilesPath, { token: devToken(server, '--tenant', demoTenant) });
  assert.equal(answer.status, 200);
});
