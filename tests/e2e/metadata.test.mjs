// $metadata, the service document and the singleton. OASIS' own parser reads the document; what it
// declares is held against what the server really answers, property by property, both ways.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { xml2json } from 'odata-csdl';
import { devToken, run, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, profilesPath, send } from './support/http.mjs';

const everything = 'DeviceManagementConfiguration.ReadWrite.All DeviceManagementManagedDevices.ReadWrite.All';
const namespace = 'microsoft.graph';
const versions = ['v1.0', 'beta'];

let server;
let token;
before(async () => {
  server = await startServer();
  token = devToken(server, '--scope', everything);
  const profile = await createToken(server, token, (await createProfile(server, token)).id);
  const full = { serialNumber: 'FULL', imei: '490154203237518', androidId: 'a1', manufacturer: 'M', model: 'X', osVersion: '15' };
  assert.equal((await enroll(server, profile.tokenValue, full)).status, 201);
  assert.equal((await enroll(server, profile.tokenValue, { serialNumber: 'BARE' })).status, 201);
  const { value } = (await graph(server, 'GET', '/deviceManagement/managedDevices', { token })).json;
  await graph(server, 'POST', `/deviceManagement/managedDevices/${value[0].id}/retire`, { token });
  await graph(server, 'PATCH', `${profilesPath}/${profile.id}`, { token, body: { description: 'x' } });
  // Refused, so that the audit has an application's event, too.
  await graph(server, 'POST', profilesPath,
    { token: devToken(server, '--app', '--scope', everything), body: { displayName: 'x' } });
});
after(() => server.stop());

async function readDocument(version) {
  const answer = await send(server.url, { path: `/${version}/$metadata` });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/xml;charset=utf-8');
  assert.equal(answer.headers['odata-version'], '4.0');
  const messages = [];
  const document = xml2json(answer.text, { strict: true, messages });
  assert.deepEqual(messages, [], 'nothing to complain about');
  assert.equal(document.$Version, '4.0');
  return document;
}

const find = (document, name) => {
  assert.ok(name.startsWith(`${namespace}.`), name);
  const type = document[namespace][name.slice(namespace.length + 1)];
  assert.ok(type, `${name} is declared`);
  return type;
};
const membersOf = (type, kind) => Object.entries(type).filter(([name, member]) =>
  !name.startsWith('$') && !name.startsWith('@') && (kind === undefined || member.$Kind === kind));

const primitives = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int32': (value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31,
  'Edm.Guid': (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  'Edm.Binary': (value) => Buffer.from(value, 'base64').toString('base64') === value,
  'Edm.DateTimeOffset': (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/.test(value),
};

// seen: which declared properties had a value at least once.
function check(document, typeName, value, where, seen) {
  const primitive = primitives[typeName];
  if (primitive !== undefined) {
    assert.ok(primitive(value), `${where}: ${JSON.stringify(value)} is no ${typeName}`);
    return;
  }
  const type = find(document, typeName);
  if (type.$Kind === 'EnumType') {
    assert.ok(membersOf(type).some(([name]) => name === value), `${where}: ${value} is no ${typeName}`);
    return;
  }
  const declared = membersOf(type).filter(([, member]) => member.$Kind !== 'NavigationProperty');
  const served = Object.keys(value).filter((name) => !name.includes('@'));
  assert.deepEqual(served.sort(), declared.map(([name]) => name).sort(), `${where}: the properties of ${typeName}`);
  for (const [name, property] of declared) {
    const inside = `${where}.${name}`;
    const given = value[name];
    const itemType = property.$Type ?? 'Edm.String';
    if (property.$Collection) {
      assert.ok(Array.isArray(given), inside);
      given.forEach((item) => check(document, itemType, item, inside, seen));
    } else if (given === null) {
      assert.ok(property.$Nullable, `${inside} may not be null`);
      continue;
    } else {
      check(document, itemType, given, inside, seen);
    }
    seen.add(`${typeName}.${name}`);
  }
}

const containerOf = (document) => membersOf(find(document, document.$EntityContainer));

for (const version of versions) {
  const ask = (path, options) => graph(server, 'GET', path, { token, version, ...options });

  test(`G36 every answer on /${version} is of the declared type, and everything declared is served`, async () => {
    const document = await readDocument(version);
    const seen = new Set();
    for (const [singleton, { $Type: typeName }] of containerOf(document)) {
      check(document, typeName, (await ask(`/${singleton}`)).json, singleton, seen);
      const sets = membersOf(find(document, typeName), 'NavigationProperty');
      assert.ok(sets.length >= 3);
      for (const [set, navigation] of sets) {
        const path = `/${singleton}/${set}`;
        assert.ok(navigation.$Collection && navigation.$ContainsTarget);
        if (navigation.$Type.endsWith('EnrollmentProfile')) {
          const { json: made } = await graph(server, 'POST', path, { token, version, body: { displayName: 'Declared' } });
          await graph(server, 'POST', `${path}/${made.id}/createToken`, { token, version, body: { tokenValidityInSeconds: 600 } });
        }
        const page = (await ask(path)).json;
        assert.ok(page.value.length > 0, `there is something in ${set}`);
        for (const item of page.value) {
          check(document, navigation.$Type, item, set, seen);
          const alone = (await ask(`${path}/${item.id}`)).json;
          assert.equal(alone['@odata.context'], `${server.url}/${version}/$metadata#deviceManagement/${set}/$entity`);
          check(document, navigation.$Type, alone, `${set}/${item.id}`, seen);
        }
      }
    }
    for (const name of ['androidForWorkEnrollmentProfile.qrCodeImage', 'mimeContent.value', 'managedDevice.imei',
      'auditEvent.resources', 'auditProperty.newValue', 'auditActor.userPrincipalName'])
      assert.ok(seen.has(`${namespace}.${name}`), `${name} had a value`);
  });

  test(`G36 exactly the declared actions are served on /${version}, with their parameters`, async () => {
    const document = await readDocument(version);
    const sets = membersOf(find(document, `${namespace}.deviceManagement`), 'NavigationProperty');
    const actions = membersOf(document[namespace]).filter(([, member]) => Array.isArray(member));
    assert.deepEqual(actions.map(([name]) => name).sort(), ['createToken', 'retire', 'revokeToken']);
    const bound = new Set();
    for (const [name, overloads] of actions) {
      for (const { $Kind, $IsBound, $Parameter: [binding, ...parameters] } of overloads) {
        assert.ok($Kind === 'Action' && $IsBound && binding.$Name === 'bindingParameter');
        bound.add(`${binding.$Type} ${name}`);
        const values = { 'Edm.Int32': 600, 'Edm.String': 'x', 'Edm.Boolean': true };
        const body = Object.fromEntries(parameters.map(({ $Name, $Type }) => [$Name, values[$Type ?? 'Edm.String']]));
        for (const [set] of sets.filter(([, navigation]) => navigation.$Type === binding.$Type)) {
          const [{ id }] = (await ask(`/deviceManagement/${set}`)).json.value;
          const call = (extra) => graph(server, 'POST', `/deviceManagement/${set}/${id}/${name}`,
            { token, version, body: { ...body, ...extra } });
          assert.equal((await call({})).status, 204, `${name} of ${set}`);
          assert.equal((await call({ undeclared: 1 })).status, 400);
        }
      }
    }
    for (const [set, navigation] of sets) {
      for (const [name] of actions) {
        const answer = await graph(server, 'POST',
          `/deviceManagement/${set}/00000000-0000-0000-0000-000000000000/${name}`, { token, version, body: {} });
        assert.equal(/Resource not found for the segment/.test(answer.text), !bound.has(`${navigation.$Type} ${name}`));
      }
    }
  });

  test(`G36 the document of /${version} is valid by OASIS' own XML schemas`, async () => {
    const { text } = await send(server.url, { path: `/${version}/$metadata` });
    const directory = join(dirname(createRequire(import.meta.url).resolve('odata-csdl')), '..');
    const result = spawnSync('xmllint', ['--nonet', '--noout', '--schema', 'schemas/edmx.xsd', '-'],
      { cwd: directory, input: text, encoding: 'utf8', env: { ...process.env, XML_CATALOG_FILES: 'catalog.xml' } });
    assert.equal(result.status, 0, result.error?.message ?? result.stderr);
  });

  test(`the service document of /${version} lists the container`, async () => {
    const document = await readDocument(version);
    for (const path of [`/${version}`, `/${version}/`]) {
      const { status, json } = await send(server.url, { path });
      assert.equal(status, 200);
      assert.equal(json['@odata.context'], `${server.url}/${version}/$metadata`);
      assert.deepEqual(json.value, containerOf(document).map(([name]) => ({ name, kind: 'Singleton', url: name })));
    }
  });

  test(`deviceManagement on /${version} tells what is true of the tenant`, async () => {
    const { json } = await ask('/deviceManagement');
    assert.deepEqual(json, {
      '@odata.context': `${server.url}/${version}/$metadata#deviceManagement/$entity`,
      id: '11111111-1111-1111-1111-111111111111',
      intuneAccountId: '11111111-1111-1111-1111-111111111111',
      subscriptionState: 'active',
    });
    const selected = await ask('/deviceManagement?$select=subscriptionState');
    assert.deepEqual(selected.json, {
      '@odata.context': `${server.url}/${version}/$metadata#deviceManagement(subscriptionState)/$entity`,
      subscriptionState: 'active',
    });
    assert.equal((await ask('/deviceManagement?$select=settings')).status, 400);
    assert.equal((await ask('/deviceManagement?$top=1')).status, 400);
    const full = (await ask('/deviceManagement', { headers: { Accept: 'application/json;odata.metadata=full' } })).json;
    assert.equal(full['@odata.type'], '#microsoft.graph.deviceManagement');
    assert.equal(full['@odata.id'], `${server.url}/${version}/deviceManagement`);
  });
}

test('deviceManagement is for those who may read something behind it', async () => {
  const tenant = '77777777-7777-7777-7777-777777777777';
  assert.equal(run(['tenant', 'add', tenant, '--unlicensed', '--data-dir', server.directory]).code, 0);
  const status = async (...flags) => (await graph(server, 'GET', '/deviceManagement',
    { token: flags[0] === 'nobody' ? undefined : devToken(server, ...flags) })).status;
  assert.equal(await status('nobody'), 401);
  assert.equal(await status('--scope', 'DeviceManagementManagedDevices.Read.All'), 200);
  assert.equal(await status('--scope', 'DeviceManagementApps.Read.All'), 200);
  assert.equal(await status('--scope', 'User.Read'), 403);
  assert.equal(await status('--app', '--scope', 'DeviceManagementConfiguration.Read.All'), 200);
  assert.equal(await status('--personal'), 403);
  assert.equal(await status('--tenant', tenant), 403);
  assert.equal((await graph(server, 'PATCH', '/deviceManagement', { token, body: {} })).status, 405);
});

test('$metadata and the service documents are for everybody, and say nothing of anybody', async () => {
  for (const path of ['/V1.0/$metadata', '/beta/$metadata', '/v1.0/', '/beta']) {
    const plain = await send(server.url, { path });
    assert.equal(plain.status, 200, path);
    assert.ok(plain.headers['request-id']);
    for (const Authorization of ['Bearer nonsense', `Bearer ${token}`]) {
      const other = await send(server.url, { path, headers: { Authorization } });
      assert.equal(other.text, plain.text, path);
    }
    assert.equal((await send(server.url, { path, method: 'POST' })).status, 405);
    const head = await send(server.url, { path, method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-length'], `${Buffer.byteLength(plain.text)}`);
  }
  assert.equal((await send(server.url, { path: '/v1.0/$metadata/x' })).status, 401);
  assert.equal((await send(server.url, { path: '/v1.0/$other' })).status, 401);
});

test('G36 $metadata is XML, by Accept and by $format, and nothing else', async () => {
  const status = async (query, Accept) => (await send(server.url,
    { path: `/v1.0/$metadata${query}`, headers: Accept === undefined ? {} : { Accept } })).status;
  assert.equal(await status('', undefined), 200);
  assert.equal(await status('', 'application/xml'), 200);
  assert.equal(await status('', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'), 200);
  assert.equal(await status('?$format=xml', 'application/json'), 200);
  assert.equal(await status('?$format=application/xml', undefined), 200);
  assert.equal(await status('', 'application/json'), 406);
  assert.equal(await status('?$format=json', undefined), 406);
});

test('in a batch the documents are parts like any other', async () => {
  const answer = await graph(server, 'POST', '/$batch', { token, body: { requests: [
    { id: 'xml', method: 'GET', url: '/$metadata' }, { id: 'json', method: 'GET', url: '/' },
  ] } });
  const parts = Object.fromEntries(answer.json.responses.map((part) => [part.id, part]));
  assert.equal(parts.xml.headers['Content-Type'], 'application/xml;charset=utf-8');
  assert.equal(Buffer.from(parts.xml.body, 'base64').toString(), (await send(server.url, { path: '/v1.0/$metadata' })).text);
  assert.equal(parts.json.body.value[0].name, 'deviceManagement');
});
