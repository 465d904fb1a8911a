// POST /$batch: what is one request outside is one request inside, and none spoils another.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, devToken, run, startServer, until } from './support/server.mjs';
import { createProfile, graph, profilesPath } from './support/http.mjs';

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server);
});
after(() => server.stop());

const json = { 'Content-Type': 'application/json' };
const get = (id, url, extra) => ({ id, method: 'GET', url, ...extra });
const write = (id, method, url, body = {}, extra = {}) =>
  ({ id, method, url, headers: json, body, ...extra });

async function batch(requests, { as = token, version = 'v1.0', headers, on = server } = {}) {
  const answer = await graph(on, 'POST', '/$batch', { token: as, version, headers, body: { requests } });
  const parts = {};
  for (const part of answer.json?.responses ?? []) {
    assert.equal(parts[part.id], undefined, 'one answer for each id');
    parts[part.id] = part;
  }
  return { ...answer, parts };
}

const statuses = (parts) => Object.fromEntries(
  Object.entries(parts).map(([id, part]) => [id, part.status]));

for (const version of ['v1.0', 'beta']) {
  test(`the whole life of a profile on /${version}, in two batches`, async () => {
    const made = await batch([write('make', 'POST', profilesPath, { displayName: 'Batched' })], { version });
    assert.equal(made.status, 200);
    assert.equal(made.headers['content-type'], 'application/json');
    const { id } = made.parts.make.body;
    assert.equal(made.parts.make.status, 201);
    assert.ok(made.parts.make.headers.Location.endsWith(`/${version}${profilesPath}('${id}')`));
    const one = `${profilesPath}/${id}`;
    const { parts } = await batch([
      write('token', 'POST', `${one}/createToken`, { tokenValidityInSeconds: 600 }),
      get('read', one, { dependsOn: ['token'] }),
      write('rename', 'PATCH', one, { displayName: 'Renamed' }, { dependsOn: ['read'] }),
      write('revoke', 'POST', `${one}/microsoft.graph.revokeToken`, {}, { dependsOn: ['RENAME'] }),
      get('again', one.slice(1), { dependsOn: ['revoke'] }),
      { id: 'delete', method: 'DELETE', url: one, dependsOn: ['again'] },
      get('gone', one, { dependsOn: ['delete'] }),
    ], { version });
    assert.deepEqual(statuses(parts), {
      token: 204, read: 200, rename: 200, revoke: 204, again: 200, delete: 204, gone: 404,
    });
    assert.equal(parts.token.body, null);
    server.keepSecret(parts.read.body.tokenValue);
    assert.match(parts.read.body.tokenValue, /^[0-9A-Z]{26}$/);
    assert.equal(parts.again.body.displayName, 'Renamed');
    assert.equal(parts.again.body.tokenValue, null);
    assert.equal(parts.gone.body.error.code, 'ResourceNotFound');
  });
}

test('G35 a part gets the very answer that it gets outside', async () => {
  const profile = await createProfile(server, token, 'Same');
  const addresses = [
    `${profilesPath}/${profile.id}`, `${profilesPath}('${profile.id}')?$select=id,displayName`,
    `${profilesPath}?$filter=displayName eq 'Same'&$count=true`, `${profilesPath}?$top=0`,
    `${profilesPath}?$filter=nothing eq 1`, '/deviceManagement/managedDevices', '/deviceManagement/nothing',
    `${profilesPath}/not-a-guid`, `${profilesPath}/00000000-0000-0000-0000-000000000000`,
    '/v1.0/deviceManagement/managedDevices', `/deviceManagement/%2e%2e/x`, '/', `${profilesPath}/$count`,
  ];
  const reader = devToken(server, '--scope', 'DeviceManagementConfiguration.Read.All ' +
    'DeviceManagementManagedDevices.Read.All');
  const { parts } = await batch(addresses.map((url, index) => get(`${index}`, url)), { as: reader });
  const withoutIds = (body) => JSON.stringify(body, (key, value) =>
    ['date', 'request-id', 'client-request-id'].includes(key) ? undefined : value);
  for (const [index, url] of addresses.entries()) {
    const outside = await graph(server, 'GET', url.replaceAll(' ', '%20'), { token: reader });
    assert.equal(parts[index].status, outside.status, url);
    const isText = outside.headers['content-type'].startsWith('text/');
    assert.equal(withoutIds(parts[index].body), withoutIds(isText ? outside.text : outside.json), url);
    assert.equal(parts[index].headers['Content-Type'], outside.headers['content-type'], url);
  }
});

test('G35 one part that is refused does not spoil the others', async () => {
  const other = devToken(server, '--user', 'somebody-else');
  const profile = await createProfile(server, token);
  const one = `${profilesPath}/${profile.id}`;
  const { status, parts } = await batch([
    get('good', one),
    get('absolute', `${server.url}/v1.0${one}`),
    get('host', `//${new URL(server.url).host}/v1.0${one}`),
    get('borrowed', one, { headers: { Authorization: `Bearer ${other}` } }),
    get('repeated', one, { headers: { authorization: `Bearer ${token}` } }),
    get('masked', one, { headers: { Host: 'graph.example' } }),
    get('xml', one, { headers: { Accept: 'application/xml' } }),
    { id: 'text', method: 'PATCH', url: one, headers: { 'Content-Type': 'text/plain' }, body: 'aGk' },
    { id: 'put', method: 'PUT', url: one, headers: json, body: {} },
    { id: 'brew', method: 'BREW', url: one },
    write('array', 'PATCH', one, [1]),
    write('unknown', 'PATCH', one, { nonsense: 1 }),
    write('nested', 'POST', '/$batch', { requests: [get('1', one)] }),
    get('long', `${one}?$select=${'a'.repeat(9000)}`),
  ]);
  assert.equal(status, 200);
  assert.deepEqual(statuses(parts), {
    good: 200, absolute: 400, host: 400, borrowed: 400, repeated: 200, masked: 400, xml: 406, text: 415, put: 405,
    brew: 405, array: 400, unknown: 400, nested: 400, long: 414,
  });
  assert.equal(parts.borrowed.body.error.target, 'Authorization');
  assert.equal(parts.put.headers.Allow, 'GET, HEAD, PATCH, DELETE');
});

test('G35 who depends on a failure fails with 424, and so does who depends on that', async () => {
  const profile = await createProfile(server, token, 'Kept');
  const one = `${profilesPath}/${profile.id}`;
  const { parts } = await batch([
    get('missing', `${profilesPath}/00000000-0000-0000-0000-000000000000`),
    write('never', 'PATCH', one, { displayName: 'Lost' }, { dependsOn: ['missing'] }),
    { id: 'nor', method: 'DELETE', url: one, dependsOn: ['never'] },
    get('independent', one),
  ]);
  assert.deepEqual(statuses(parts), { missing: 404, never: 424, nor: 424, independent: 200 });
  assert.equal(parts.nor.body.error.code, 'FailedDependency');
  assert.match(parts.nor.body.error.message, /'never'/);
  assert.equal((await graph(server, 'GET', one, { token })).json.displayName, 'Kept');
});

const malformed = {
  'that is no object': '[]',
  'without requests': {},
  'without a single request': { requests: [] },
  'of 21 requests': { requests: Array.from({ length: 21 }, (none, index) => get(`${index}`, '/x')) },
  'with an id twice, in another case': { requests: [get('a', '/x'), get('A', '/x')] },
  'whose id is a number': { requests: [get(1, '/x')] },
  'that depends on nobody known': { requests: [get('1', '/x', { dependsOn: ['2'] })] },
  'that depends on a later request': { requests: [get('1', '/x', { dependsOn: ['2'] }), get('2', '/x')] },
  'that depends on itself': { requests: [get('1', '/x', { dependsOn: ['1'] })] },
  'in a circle': { requests: [get('1', '/x', { dependsOn: ['2'] }), get('2', '/x', { dependsOn: ['1'] })] },
  'whose body has no Content-Type': { requests: [{ id: '1', method: 'POST', url: '/x', body: {} }] },
  'that posts without a body': { requests: [{ id: '1', method: 'POST', url: '/x', headers: json }] },
  'of a group': { requests: [get('1', '/x', { atomicityGroup: 'g' })] },
};
for (const [what, body] of Object.entries(malformed)) {
  test(`G35 a batch ${what} is refused as a whole`, async () => {
    const answer = await graph(server, 'POST', '/$batch', { token, body });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error.code, 'BadRequest');
    assert.ok(answer.json.error.message.length > 20);
  });
}

test('the batch itself is a request like any other', async () => {
  const requests = [get('1', profilesPath)];
  assert.equal((await batch(requests, { as: null })).status, 401);
  assert.equal((await batch(requests, { as: devToken(server, '--expires-in', '-600') })).status, 401);
  assert.equal((await graph(server, 'GET', '/$batch', { token })).status, 405);
  assert.equal((await batch(requests, { headers: { Accept: 'text/html' } })).status, 406);
  assert.equal((await batch(requests, { headers: { 'Content-Type': 'multipart/mixed; boundary=x' } })).status, 415);
  assert.equal((await graph(server, 'POST', '/$batch?$top=1', { token, body: { requests } })).status, 400);
});

test('each part is asked for its own permission, and kept in the audit by itself', async () => {
  const profile = await createProfile(server, token, 'Guarded');
  const reader = devToken(server, '--user', 'reader', '--scope', 'DeviceManagementConfiguration.Read.All');
  const correlation = '22222222-3333-4444-5555-666666666666';
  const one = `${profilesPath}/${profile.id}`;
  const { headers, parts } = await batch([
    get('read', one),
    write('change', 'PATCH', one, { displayName: 'x' }),
    get('devices', '/deviceManagement/managedDevices', { headers: { 'client-request-id': profile.id } }),
  ], { as: reader, headers: { 'client-request-id': correlation } });
  assert.deepEqual(statuses(parts), { read: 200, change: 403, devices: 403 });
  assert.match(parts.change.body.error.message, new RegExp(`Activity ID: ${correlation} - Url: .*${one}`));
  assert.equal(parts.devices.headers['client-request-id'], profile.id);
  const ids = [headers, ...Object.values(parts).map((part) => part.headers)].map((own) => own['request-id']);
  assert.equal(new Set(ids).size, 4, 'a request-id for each, and one for the batch');
  await until('the refusal in the audit', async () => {
    const events = await graph(server, 'GET',
      `/deviceManagement/auditEvents?$filter=correlationId%20eq%20${correlation}`, { token });
    return events.json.value.some((event) => event.activityType === 'refuseCall');
  });
  const application = devToken(server, '--app');
  const refused = await batch([get('1', one)], { as: application });
  assert.deepEqual(statuses(refused.parts), { 1: 403 });
  const allowed = await batch([get('1', one)], { as: application, version: 'beta' });
  assert.deepEqual(statuses(allowed.parts), { 1: 200 });
});

test('a tenant without licence gets 403 for each part', async () => {
  const tenant = '66666666-6666-6666-6666-666666666666';
  assert.equal(run(['tenant', 'add', tenant, '--unlicensed', '--data-dir', server.directory]).code, 0);
  const { status, parts } = await batch([get('1', profilesPath)], { as: devToken(server, '--tenant', tenant) });
  assert.equal(status, 200);
  assert.equal(parts[1].status, 403);
});

test('twenty changes at once are all made, each with its event', async () => {
  const requests = Array.from({ length: 20 }, (none, index) =>
    write(`${index}`, 'POST', profilesPath, { displayName: `Twenty ${index}` }));
  const { headers, parts } = await batch(requests);
  assert.deepEqual(new Set(Object.values(statuses(parts))), new Set([201]));
  const found = await graph(server, 'GET',
    `${profilesPath}?$filter=startswith(displayName,'Twenty')&$count=true&$select=id`, { token });
  assert.equal(found.json['@odata.count'], 20);
  const events = await graph(server, 'GET', '/deviceManagement/auditEvents?$count=true&$filter=' +
    `correlationId%20eq%20${headers['client-request-id']}`, { token });
  assert.equal(events.json['@odata.count'], 20);
});

test('answers that are too large together are refused one by one', async () => {
  const filler = '\u{1F4F1}'.repeat(1500);
  for (let made = 0; made < 160; made += 8) {
    const { parts } = await batch(Array.from({ length: 8 }, (none, index) =>
      write(`${index}`, 'POST', profilesPath, { displayName: `Large ${made + index}`, description: filler })));
    assert.deepEqual(new Set(Object.values(statuses(parts))), new Set([201]));
  }
  const { status, text, parts } = await batch([
    ...Array.from({ length: 18 }, (none, index) => get(`${index}`, `${profilesPath}?$top=999`)),
    get('small', `${profilesPath}?$top=1&$select=id`),
  ]);
  assert.equal(status, 200);
  assert.ok(Buffer.byteLength(text) < (16 << 20) + 65536);
  const outcomes = new Set(Object.values(statuses(parts)));
  assert.ok(outcomes.has(200));
  assert.ok(outcomes.has(413) || outcomes.has(429), [...outcomes].join());
});

// The answer is never read; what was asked for is done all the same.
test('a client that hangs up in the middle of its batch harms nobody', async () => {
  const body = JSON.stringify({ requests: [
    write('1', 'POST', profilesPath, { displayName: 'Hung up' }),
    get('2', `${profilesPath}?$top=999`, { dependsOn: ['1'] }),
    write('3', 'POST', profilesPath, { displayName: 'Hung up' }, { dependsOn: ['2'] }),
  ] });
  const { hostname, port } = new URL(server.url);
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve, reject) => {
      const socket = net.connect({ host: hostname, port });
      socket.on('error', reject);
      socket.on('close', resolve);
      socket.write(`POST /v1.0/$batch HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      () => socket.destroy());
    });
  }
  await until('all the profiles', async () => {
    const found = await graph(server, 'GET',
      `${profilesPath}?$filter=displayName%20eq%20'Hung%20up'&$count=true&$top=1`, { token });
    return found.json['@odata.count'] === 20;
  });
});

test('what the batch does while the server stops is not lost, nor is its memory', async () => {
  const own = await startServer();
  const ownToken = devToken(own);
  const requests = Array.from({ length: 20 }, (none, index) => write(`${index}`, 'POST', profilesPath,
    { displayName: `Last ${index}` }, index === 0 ? {} : { dependsOn: [`${index - 1}`] }));
  const answers = Array.from({ length: 8 }, () => batch(requests, { as: ownToken, on: own })
    .catch((error) => ({ error })));
  await Promise.race(answers);
  await own.stop();
  const all = await Promise.all(answers);
  assert.ok(all.some(({ status }) => status === 200));
});

test('the log has a line for each part, without its query', async () => {
  const own = await startServer();
  const ownToken = devToken(own);
  const { headers, parts } = await batch([get('1', `${profilesPath}?$search=visible`)], { as: ownToken, on: own });
  await own.stop();
  const line = own.log.split('\n').find((text) => text.includes(parts[1].headers['request-id']));
  assert.match(line, /batch part/);
  assert.ok(line.includes(headers['request-id']));
  assert.ok(!own.log.includes('visible'));
});

// Node reads the CA only when it starts, so these clients are a process of their own.
function runClient(version) {
  const script = fileURLToPath(new URL('./support/batch_client.mjs', import.meta.url));
  const result = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    env: cleanEnvironment({
      NODE_EXTRA_CA_CERTS: join(server.directory, 'dev-ca.pem'),
      GRAPH_BASE: server.tlsUrl, GRAPH_VERSION: version, GRAPH_TOKEN: token,
    }),
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}

for (const version of ['v1.0', 'beta']) {
  test(`Microsoft's client and @odata/client send batches to /${version}`, () => {
    const seen = runClient(version);
    assert.deepEqual(seen.sdk, { 1: 201, 2: 200, 3: 404 });
    assert.equal(seen.sdkCreated.displayName, 'By the SDK');
    assert.equal(seen.sdkError.code, 'ResourceNotFound');
    assert.deepEqual(seen.sdkSerial, { 1: 204, 2: 200, 3: 204 });
    assert.match(seen.sdkToken, /^[0-9A-Z]{26}$/);
    server.keepSecret(seen.sdkToken);
    assert.deepEqual(seen.odata, [201, 200, 200]);
    assert.equal(seen.odataCreated.displayName, 'By @odata/client');
    assert.equal(seen.odataFound, 1);
  });
}
