// androidDeviceOwnerEnrollmentProfiles: rule G34 of the Graph dialect. All of its properties, the
// Wi-Fi in its code, who learns the password, and the names of its devices.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { demoTenant, devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, enroll, graph, ownerPath, profilesPath, send } from './support/http.mjs';
import { readPayload, scanImage } from './support/setup_wizard.mjs';

const readAll = 'DeviceManagementConfiguration.Read.All';
const annotations = { Prefer: 'odata.include-annotations="muster.*"' };
const type = '#microsoft.graph.androidDeviceOwnerEnrollmentProfile';
const password = 'the password of the setup network';

let server;
let token;
let reader;
before(async () => {
  server = await startServer();
  token = devToken(server);
  reader = devToken(server, '--scope', readAll);
  server.keepSecret(password);
});
after(() => server.stop());

const create = (body, options = {}) => graph(server, 'POST', ownerPath, { token, body: { displayName: 'Tills', ...body }, ...options });
const patch = (id, body) => graph(server, 'PATCH', `${ownerPath}/${id}`, { token, body });
const get = async (id, bearer = token, headers = {}) =>
  (await graph(server, 'GET', `${ownerPath}/${id}`, { token: bearer, headers })).json;
async function made(body) {
  const answer = await create(body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
const withToken = async (body, extra) => createToken(server, token, (await made(body)).id, 3600, { path: ownerPath, ...extra });
const wifiOf = (content) => Object.fromEntries(Object.entries(readPayload(content).payload)
  .filter(([name]) => name.includes('_WIFI_'))
  .map(([name, value]) => [name.replace(/.*PROVISIONING_/, ''), value]));

test('G34 a profile with a name alone has every property, and the reference\'s defaults', async () => {
  const profile = await made();
  assert.deepEqual(Object.keys(profile).sort(), ['@odata.context', 'accountId', 'id', 'displayName', 'description',
    'enrollmentMode', 'enrollmentTokenType', 'createdDateTime', 'lastModifiedDateTime', 'tokenValue',
    'tokenCreationDateTime', 'tokenExpirationDateTime', 'enrolledDeviceCount', 'enrollmentTokenUsageCount',
    'qrCodeContent', 'qrCodeImage', 'roleScopeTagIds', 'configureWifi', 'wifiSsid', 'wifiPassword',
    'wifiSecurityType', 'wifiHidden', 'isTeamsDeviceProfile', 'deviceNameTemplate'].sort());
  assert.match(profile['@odata.context'], /#deviceManagement\/androidDeviceOwnerEnrollmentProfiles\/\$entity$/);
  const { id, createdDateTime, lastModifiedDateTime, ...rest } = profile;
  delete rest['@odata.context'];
  assert.deepEqual(rest, {
    accountId: demoTenant, displayName: 'Tills', description: null,
    enrollmentMode: 'corporateOwnedDedicatedDevice', enrollmentTokenType: 'default',
    tokenValue: null, tokenCreationDateTime: '0001-01-01T00:00:00Z', tokenExpirationDateTime: '0001-01-01T00:00:00Z',
    enrolledDeviceCount: 0, enrollmentTokenUsageCount: 0, qrCodeContent: null, qrCodeImage: null,
    roleScopeTagIds: ['0'], configureWifi: true, wifiSsid: null, wifiPassword: null, wifiSecurityType: 'none',
    wifiHidden: false, isTeamsDeviceProfile: false, deviceNameTemplate: null,
  });
  assert.deepEqual(await get(id), profile);
});

// As in the reference, but for a type of token that goes with the mode and a GUID for the account.
const example = {
  '@odata.type': type,
  accountId: 'bac1e1b1-e1b1-bac1-b1e1-c1bab1e1c1ba', displayName: 'Display Name value', description: 'Description value',
  enrollmentMode: 'corporateOwnedFullyManaged', enrollmentTokenType: 'deviceStaging', tokenValue: 'Token Value value',
  tokenCreationDateTime: '2017-01-01T00:01:38.5314127-08:00', tokenExpirationDateTime: '2016-12-31T23:59:54.0590989-08:00',
  enrolledDeviceCount: 3, enrollmentTokenUsageCount: 9, qrCodeContent: 'Qr Code Content value',
  qrCodeImage: { '@odata.type': 'microsoft.graph.mimeContent', type: 'Type value', value: 'dmFsdWU=' },
  roleScopeTagIds: ['Role Scope Tag Ids value'], configureWifi: true, wifiSsid: 'Wifi Ssid value',
  wifiPassword: 'Wifi Password value', wifiSecurityType: 'wpa', wifiHidden: true, isTeamsDeviceProfile: true,
  deviceNameTemplate: 'Device Name Template value',
};
for (const version of ['v1.0', 'beta']) {
  test(`the reference's example is taken on /${version}, and what is the server's is ignored`, async () => {
    const answer = await graph(server, 'POST', ownerPath, { token, version, body: example });
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers.location, `${server.url}/${version}${ownerPath}('${answer.json.id}')`);
    for (const name of ['displayName', 'description', 'enrollmentMode', 'enrollmentTokenType', 'roleScopeTagIds',
      'configureWifi', 'wifiSsid', 'wifiPassword', 'wifiSecurityType', 'wifiHidden', 'isTeamsDeviceProfile', 'deviceNameTemplate'])
      assert.deepEqual(answer.json[name], example[name], name);
    assert.equal(answer.json.accountId, demoTenant);
    assert.equal(answer.json.enrollmentTokenUsageCount, 0);
    assert.equal(answer.json.tokenValue, null);
  });
}

test('PATCH changes what it names and leaves the rest; null takes a text away', async () => {
  const { id } = await made({ ...example, '@odata.type': type });
  const changed = await patch(id, { wifiPassword: null, wifiSecurityType: 'none', roleScopeTagIds: [], enrollmentTokenType: 'default' });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.json.wifiPassword, null);
  assert.equal(changed.json.wifiSsid, example.wifiSsid);
  assert.deepEqual(changed.json.roleScopeTagIds, []);
  assert.equal(changed.json.enrollmentMode, 'corporateOwnedFullyManaged');
  assert.equal((await patch(id, { displayName: 'New' })).json.wifiHidden, true);
});

const refused = [
  ['another type', { '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile' }, '@odata.type'],
  ['an unknown mode', { enrollmentMode: 'corporateOwned' }, 'enrollmentMode', /one of 'corporateOwnedDedicatedDevice', /],
  ['a mode in another case', { enrollmentMode: 'CorporateOwnedDedicatedDevice' }, 'enrollmentMode'],
  ['unknownFutureValue', { enrollmentMode: 'unknownFutureValue' }, 'enrollmentMode'],
  ['a mode as a number', { enrollmentMode: 1 }, 'enrollmentMode'],
  ['a mode that is null', { enrollmentMode: null }, 'enrollmentMode'],
  ['shared mode for a device that is none', { enrollmentMode: 'corporateOwnedFullyManaged', enrollmentTokenType: 'corporateOwnedDedicatedDeviceWithAzureADSharedMode' }, 'enrollmentTokenType', /applies to/],
  ['staging of a dedicated device', { enrollmentTokenType: 'deviceStaging' }, 'enrollmentTokenType', /corporateOwnedFullyManaged or corporateOwnedWorkProfile/],
  ['tags that are no array', { roleScopeTagIds: '0' }, 'roleScopeTagIds', /array of strings/],
  ['tags that are numbers', { roleScopeTagIds: [0] }, 'roleScopeTagIds'],
  ['tags that are null', { roleScopeTagIds: null }, 'roleScopeTagIds'],
  ['an empty tag', { roleScopeTagIds: [''] }, 'roleScopeTagIds'],
  ['a tag with a line feed', { roleScopeTagIds: ['a\nb'] }, 'roleScopeTagIds'],
  ['too many tags', { roleScopeTagIds: Array(101).fill('0') }, 'roleScopeTagIds', /at most 100/],
  ['a boolean as text', { configureWifi: 'true' }, 'configureWifi', /true or false/],
  ['a boolean that is null', { wifiHidden: null }, 'wifiHidden'],
  ['a name of a network that is too long', { wifiSsid: 'ä'.repeat(16) + 'x' }, 'wifiSsid', /at most 32 bytes; 33/],
  ['a password without a network', { wifiPassword: password }, 'wifiSsid', /'wifiPassword' needs 'wifiSsid'/],
  ['a password for an open network', { wifiSsid: 'Setup', wifiPassword: password }, 'wifiSecurityType', /open network/],
  ['WPA without a password', { wifiSsid: 'Setup', wifiSecurityType: 'wpa' }, 'wifiPassword', /8 to 63 bytes/],
  ['a WPA password that is too short', { wifiSsid: 'Setup', wifiSecurityType: 'wpa', wifiPassword: '1234567' }, 'wifiPassword', /8 to 63 bytes/],
  ['64 characters that are no key', { wifiSsid: 'Setup', wifiSecurityType: 'wpa', wifiPassword: 'x'.repeat(64) }, 'wifiPassword', /64 hexadecimal digits/],
  ['a password over all limits', { wifiSsid: 'Setup', wifiSecurityType: 'wpa', wifiPassword: 'x'.repeat(65) }, 'wifiPassword', /at most 64 bytes/],
  ['a WEP key of a wrong length', { wifiSsid: 'Setup', wifiSecurityType: 'wep', wifiPassword: '123456' }, 'wifiPassword', /5, 13 or 16/],
  ['EAP', { wifiSsid: 'Setup', wifiSecurityType: 'eap' }, 'wifiSecurityType'],
  ['a template that is too long', { deviceNameTemplate: 'x'.repeat(64) }, 'deviceNameTemplate', /at most 63 characters; 64/],
  ['a template with an unknown field', { deviceNameTemplate: 'a-{{MODEL}}' }, 'deviceNameTemplate', /'\{\{MODEL\}\}', which is no field/],
  ['a template with ten random digits', { deviceNameTemplate: '{{rand:10}}' }, 'deviceNameTemplate'],
  ['a count as text', { enrollmentTokenUsageCount: '3' }, 'enrollmentTokenUsageCount'],
  ['a property of another type', { wifiSSID: 'x' }, 'wifiSSID', /does not exist on type 'microsoft.graph.androidDeviceOwnerEnrollmentProfile'/],
];
for (const [what, body, target, message = /./] of refused) {
  test(`${what} is refused, and nothing changes`, async () => {
    const existing = await made();
    for (const answer of [await create(body), await patch(existing.id, body)]) {
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.error.code, 'BadRequest');
      assert.equal(answer.json.error.target, target);
      assert.match(answer.json.error.message, message);
      assert.ok(!answer.text.includes(password));
    }
    assert.deepEqual(await get(existing.id), existing);
  });
}

test('what goes together is checked against what is there already', async () => {
  const { id } = await made({ wifiSsid: 'Setup', wifiSecurityType: 'wpa', wifiPassword: password });
  for (const [body, target] of [
    [{ wifiPassword: null }, 'wifiPassword'], [{ wifiSsid: null }, 'wifiSsid'], [{ wifiSecurityType: 'none' }, 'wifiSecurityType'],
    [{ enrollmentTokenType: 'deviceStaging' }, 'enrollmentTokenType'],
  ]) {
    const answer = await patch(id, body);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error.target, target);
  }
  assert.equal((await patch(id, { wifiPassword: null, wifiSecurityType: 'none' })).status, 200);
});

test('an androidForWorkEnrollmentProfile knows none of these properties', async () => {
  for (const body of [{ enrollmentMode: 'corporateOwnedDedicatedDevice' }, { wifiSsid: 'Setup' }]) {
    const answer = await graph(server, 'POST', profilesPath, { token, body: { displayName: 'x', ...body } });
    assert.equal(answer.status, 400);
    assert.match(answer.json.error.message, /does not exist on type 'microsoft.graph.androidForWorkEnrollmentProfile'/);
  }
  const query = await graph(server, 'GET', `${profilesPath}?$select=enrollmentMode`, { token });
  assert.equal(query.status, 400);
});

test('G34 each set hides the other\'s profiles, to the letter as if they did not exist', async () => {
  const missing = '00000000-0000-0000-0000-000000000001';
  const without = (text, id) => text.replaceAll(id, 'ID').replace(/"innerError".*/, '');
  const owner = await made();
  const forWork = await createProfile(server, token);
  for (const [path, id] of [[profilesPath, owner.id], [ownerPath, forWork.id]]) {
    for (const [method, suffix, body] of [
      ['GET', ''], ['PATCH', '', { displayName: 'mine' }], ['DELETE', ''],
      ['POST', '/createToken', { tokenValidityInSeconds: 6 }], ['POST', '/revokeToken'],
    ]) {
      const foreign = await graph(server, method, `${path}/${id}${suffix}`, { token, body });
      const absent = await graph(server, method, `${path}/${missing}${suffix}`, { token, body });
      assert.equal(foreign.status, 404, foreign.text);
      assert.equal(without(foreign.text, id), without(absent.text, missing));
    }
    const list = await graph(server, 'GET', `${path}?$top=999`, { token });
    assert.ok(!list.json.value.some((profile) => profile.id === id));
  }
});

test('createToken and revokeToken, qualified and not, with their instants', async () => {
  const { id } = await made();
  const start = Date.now();
  const representation = await graph(server, 'POST', `${ownerPath}/${id}/microsoft.graph.createToken`,
    { token, body: { tokenValidityInSeconds: 600 }, headers: { Prefer: 'return=representation' } });
  assert.equal(representation.status, 200, representation.text);
  assert.equal(representation.headers['preference-applied'], 'return=representation');
  const live = representation.json;
  server.keepSecret(live.tokenValue);
  const created = Date.parse(live.tokenCreationDateTime);
  assert.ok(created >= start - 1000 && created <= Date.now() + 1000);
  assert.equal(Date.parse(live.tokenExpirationDateTime) - created, 600000);
  assert.equal((await graph(server, 'POST', `${ownerPath}/${id}/revokeToken`, { token })).status, 204);
  const revoked = await get(id);
  assert.equal(revoked.tokenValue, null);
  assert.equal(revoked.tokenCreationDateTime, live.tokenCreationDateTime);
  assert.equal((await enroll(server, live.tokenValue)).status, 403);
});

test('the Wi-Fi of the profile goes into the code, which a real decoder reads', async () => {
  const profile = await withToken({ wifiSsid: 'Lager "2" – Süd', wifiSecurityType: 'wpa', wifiPassword: password, wifiHidden: true });
  const scanned = scanImage(profile.qrCodeImage, join(server.directory, 'owner.png'));
  assert.equal(scanned, profile.qrCodeContent);
  assert.deepEqual(wifiOf(scanned), {
    WIFI_SSID: 'Lager "2" – Süd', WIFI_SECURITY_TYPE: 'WPA', WIFI_PASSWORD: password, WIFI_HIDDEN: true,
  });
});

test('an open network and one with WEP go into the code, too', async () => {
  assert.deepEqual(wifiOf((await withToken({ wifiSsid: 'Open' })).qrCodeContent), { WIFI_SSID: 'Open', WIFI_SECURITY_TYPE: 'NONE' });
  assert.deepEqual(wifiOf((await withToken({ wifiSsid: 'Old', wifiSecurityType: 'wep', wifiPassword: '0123456789' })).qrCodeContent),
    { WIFI_SSID: 'Old', WIFI_SECURITY_TYPE: 'WEP', WIFI_PASSWORD: '0123456789' });
  const key = '0123456789abcdef'.repeat(4);
  assert.equal(wifiOf((await withToken({ wifiSsid: 'Key', wifiSecurityType: 'wpa', wifiPassword: key })).qrCodeContent).WIFI_PASSWORD, key);
});

test('the profile\'s Wi-Fi goes over that of the annotation, and configureWifi takes all of it away', async () => {
  const annotated = { preset: 'testDpc', wifiSsid: 'Annotated', wifiSecurityType: 'WPA', wifiPassword: 'annotated password',
    wifiProxyHost: 'proxy.example.com', wifiProxyPort: 3128 };
  const profile = await withToken({ '@muster.provisioning': annotated });
  assert.equal(wifiOf(profile.qrCodeContent).WIFI_SSID, 'Annotated');
  await patch(profile.id, { wifiSsid: 'Own' });
  assert.deepEqual(wifiOf((await get(profile.id)).qrCodeContent), { WIFI_SSID: 'Own', WIFI_SECURITY_TYPE: 'NONE' });
  assert.equal((await patch(profile.id, { configureWifi: false })).json.wifiSsid, 'Own');
  assert.deepEqual(wifiOf((await get(profile.id)).qrCodeContent), {});
  await patch(profile.id, { configureWifi: true, wifiSsid: '' });
  assert.equal(wifiOf((await get(profile.id)).qrCodeContent).WIFI_SSID, 'Annotated');
});

test('Wi-Fi with which the code would not fit a QR code any more is refused when it is written', async () => {
  const room = 2953 - (await withToken({ '@muster.provisioning': { adminExtras: { x: 'y' } } })).qrCodeContent.length;
  // Tokens may be a little longer than they are here; the Wi-Fi takes more than that.
  const { id } = await made({ '@muster.provisioning': { adminExtras: { x: 'y'.repeat(room - 64) } } });
  const answer = await patch(id, { wifiSsid: 'Setup', wifiSecurityType: 'wpa', wifiPassword: password });
  assert.equal(answer.status, 400, answer.text);
  assert.equal(answer.json.error.target, 'wifiSsid');
  assert.match(answer.json.error.message, /QR code/);
  assert.equal((await get(id)).wifiSsid, null);
});

test('G34 who may only read sees no Wi-Fi password: not as a property, not in a code, not by searching', async () => {
  const body = { wifiSsid: 'Guarded', wifiSecurityType: 'wpa', wifiPassword: password };
  const profile = await withToken(body);
  assert.equal(profile.wifiPassword, password);
  assert.equal(wifiOf(profile.qrCodeContent).WIFI_PASSWORD, password);
  for (const bearer of [reader, devToken(server, '--app', '--scope', readAll)]) {
    const seen = await graph(server, 'GET', `${ownerPath}/${profile.id}`, { token: bearer, headers: annotations });
    assert.ok(!seen.text.includes(password));
    assert.equal(seen.json.wifiPassword, null);
    assert.equal(seen.json.wifiSsid, 'Guarded');
    assert.equal(seen.json.tokenValue, profile.tokenValue);
    const scanned = scanImage(seen.json.qrCodeImage, join(server.directory, 'reader.png'));
    assert.deepEqual(wifiOf(scanned), {});
    assert.equal(scanned, seen.json.qrCodeContent);
    assert.ok(!JSON.stringify(seen.json['@muster.zeroTouch']).includes('WIFI'));
    for (const query of ['?$top=999', '?$select=wifiPassword,qrCodeContent,qrCodeImage', `?$filter=id eq '${profile.id}'`]) {
      const list = await graph(server, 'GET', `${ownerPath}${query.replaceAll(' ', '%20')}`, { token: bearer });
      assert.equal(list.status, 200, list.text);
      assert.ok(!list.text.includes(password));
    }
  }
  for (const query of [`$filter=wifiPassword eq '${password}'`, `$filter=startswith(wifiPassword,'t')`, '$orderby=wifiPassword',
    "$filter=contains(qrCodeContent,'t')", '$filter=wifiPassword ne null']) {
    for (const bearer of [token, reader]) {
      const answer = await graph(server, 'GET', `${ownerPath}?${query.replaceAll(' ', '%20')}`, { token: bearer });
      assert.equal(answer.status, 400, query);
    }
  }
  const found = await graph(server, 'GET', `${ownerPath}?$search=%22password%22`, { token });
  assert.deepEqual(found.json.value, []);
});

test('a network without a password stays in the codes of who may only read', async () => {
  const profile = await withToken({ wifiSsid: 'Open' });
  assert.equal(wifiOf((await get(profile.id, reader)).qrCodeContent).WIFI_SSID, 'Open');
});

test('the server\'s and the annotation\'s Wi-Fi are guarded in the same way, in both sets', async () => {
  const other = await startServer({ config: `[provisioning]\npreset = testDpc\nwifi-ssid = Setup\nwifi-security-type = WPA\nwifi-password = ${password}\n` });
  try {
    for (const path of [profilesPath, ownerPath]) {
      const writer = devToken(other);
      const profile = await createToken(other, writer, (await createProfile(other, writer, 'x', { path })).id, 3600, { path });
      assert.equal(wifiOf(profile.qrCodeContent).WIFI_PASSWORD, password);
      const seen = await graph(other, 'GET', `${path}/${profile.id}`, { token: devToken(other, '--scope', readAll) });
      assert.deepEqual(wifiOf(seen.json.qrCodeContent), {});
    }
  } finally {
    await other.stop();
  }
});

test('the audit names what changed, and holds no password', async () => {
  const { id } = await made({ wifiSsid: 'Audited', wifiSecurityType: 'wpa', wifiPassword: password });
  await patch(id, { wifiPassword: `${password} 2`, deviceNameTemplate: 'T-{{SERIAL}}' });
  const events = await graph(server, 'GET', '/deviceManagement/auditEvents?$top=20', { token });
  assert.ok(!events.text.includes(password));
  const event = events.json.value.find(({ activityType, resources }) => activityType === 'patchEnrollmentProfile' && resources[0].resourceId === id);
  assert.equal(event.resources[0].type, 'androidDeviceOwnerEnrollmentProfile');
  assert.deepEqual(event.resources[0].modifiedProperties, [
    { displayName: 'wifiPassword', oldValue: null, newValue: null },
    { displayName: 'deviceNameTemplate', oldValue: null, newValue: 'T-{{SERIAL}}' },
  ]);
  const types = events.json.value.flatMap(({ resources }) => resources.filter(({ resourceId }) => resourceId === id)).map((resource) => resource.type);
  assert.deepEqual([...new Set(types)], ['androidDeviceOwnerEnrollmentProfile']);
});

const fleet = [
  { displayName: 'F1', enrollmentMode: 'corporateOwnedDedicatedDevice', enrollmentTokenType: 'corporateOwnedDedicatedDeviceWithAzureADSharedMode', wifiSsid: 'Hall' },
  { displayName: 'F2', enrollmentMode: 'corporateOwnedFullyManaged', configureWifi: false },
  { displayName: 'F3', enrollmentMode: 'corporateOwnedWorkProfile', enrollmentTokenType: 'deviceStaging', wifiHidden: true },
  { displayName: 'F4', enrollmentMode: 'corporateOwnedAOSPUserlessDevice', isTeamsDeviceProfile: true, wifiSecurityType: 'wep' },
];
test('profiles are found and ordered by mode, type, switches and network', async () => {
  const queries = await startServer();
  const bearer = devToken(queries);
  try {
    for (const { displayName, ...rest } of fleet) await createProfile(queries, bearer, displayName, { path: ownerPath, ...rest });
    const all = await graph(queries, 'GET', ownerPath, { token: bearer });
    await createToken(queries, bearer, all.json.value[1].id, 3600, { path: ownerPath });
    const ask = (query) => graph(queries, 'GET', `${ownerPath}?${new URLSearchParams(query)}`, { token: bearer });
    const cases = [
      ["enrollmentMode eq 'corporateOwnedFullyManaged'", ['F2']],
      ["enrollmentMode ne microsoft.graph.androidDeviceOwnerEnrollmentMode'corporateOwnedFullyManaged'", ['F1', 'F3', 'F4']],
      ["enrollmentMode in ('corporateOwnedWorkProfile','corporateOwnedAOSPUserlessDevice')", ['F3', 'F4']],
      ["'default' eq enrollmentTokenType", ['F2', 'F4']],
      ["enrollmentTokenType eq 'deviceStaging' or wifiSecurityType eq 'wep'", ['F3', 'F4']],
      ['configureWifi eq false', ['F2']],
      ['configureWifi and not wifiHidden', ['F1', 'F4']],
      ['isTeamsDeviceProfile eq true', ['F4']],
      ["wifiSsid eq 'hall'", ['F1']],
      ['wifiSsid eq null', ['F2', 'F3', 'F4']],
      ['tokenCreationDateTime gt 2024-01-01T00:00:00Z', ['F2']],
      ['enrollmentTokenUsageCount eq 0', ['F1', 'F2', 'F3', 'F4']],
      ['enrollmentMode eq null', []],
    ];
    for (const [filter, names] of cases) {
      const answer = await ask({ $filter: filter });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json.value.map((profile) => profile.displayName), names, filter);
    }
    const pages = [];
    let query = `${ownerPath}?${new URLSearchParams({ $orderby: 'enrollmentMode desc,wifiSsid', $top: '1', $select: 'displayName' })}`;
    while (query !== undefined) {
      const page = await graph(queries, 'GET', query, { token: bearer });
      assert.equal(page.status, 200, page.text);
      pages.push(...page.json.value.map((profile) => profile.displayName));
      query = page.json['@odata.nextLink']?.replace(`${queries.url}/v1.0`, '');
    }
    assert.deepEqual(pages, ['F4', 'F3', 'F2', 'F1']);
    const bad = [
      ["enrollmentMode eq 'corporateOwned'", '$filter', /expected one of 'corporateOwnedDedicatedDevice'/],
      ['enrollmentMode eq 1', '$filter', /./],
      ["configureWifi eq 'true'", '$filter', /true, false or null/],
      ["deviceNameTemplate eq 'x'", '$filter', /deviceNameTemplate/],
      ["roleScopeTagIds eq '0'", '$filter', /roleScopeTagIds/],
    ];
    for (const [filter, target, message] of bad) {
      const answer = await ask({ $filter: filter });
      assert.equal(answer.status, 400, filter);
      assert.equal(answer.json.error.target, target);
      assert.match(answer.json.error.message, message);
    }
    assert.equal((await ask({ $orderby: 'deviceNameTemplate' })).status, 400);
    const selected = await ask({ $select: 'id,deviceNameTemplate,roleScopeTagIds', $top: '1' });
    assert.match(selected.json['@odata.context'], /androidDeviceOwnerEnrollmentProfiles\(id,deviceNameTemplate,roleScopeTagIds\)$/);
    assert.deepEqual(Object.keys(selected.json.value[0]), ['id', 'roleScopeTagIds', 'deviceNameTemplate']);
    const full = await graph(queries, 'GET', `${ownerPath}?$top=1`, { token: bearer, headers: { Accept: 'application/json;odata.metadata=full' } });
    assert.equal(full.json.value[0]['@odata.type'], type);
  } finally {
    await queries.stop();
  }
});

test('devices enroll by such a profile, get their names from its template, and are counted', async () => {
  const manager = devToken(server, '--scope', 'DeviceManagementManagedDevices.ReadWrite.All');
  const profile = await withToken({ deviceNameTemplate: 'Till-{{SERIALLAST4DIGITS}}-{{rand:4}}', wifiSsid: 'Setup' });
  const { extras } = readPayload(scanImage(profile.qrCodeImage, join(server.directory, 'device.png')));
  const scannedToken = extras['com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN'];
  const device = (await enroll(server, scannedToken, { serialNumber: 'R58M-OWNER-1234' })).json;
  const seen = await graph(server, 'GET', `/deviceManagement/managedDevices/${device.deviceId}`, { token: manager });
  assert.match(seen.json.deviceName, /^Till-1234-\d{4}$/);
  assert.equal(seen.json.enrollmentProfileName, 'Tills');
  const me = await send(server.url, { path: '/enroll/me', headers: { Authorization: `Bearer ${device.deviceCredential}` } });
  assert.equal(me.json.deviceName, seen.json.deviceName);
  const found = await graph(server, 'GET', `/deviceManagement/managedDevices?$filter=deviceName%20eq%20'${seen.json.deviceName}'`, { token: manager });
  assert.equal(found.json.value.length, 1);
  // Again with the same token: the same device, the same name, counted once.
  assert.equal((await enroll(server, scannedToken, { serialNumber: 'R58M-OWNER-1234' })).status, 200);
  assert.equal((await enroll(server, scannedToken, { imei: '356938035643809' })).status, 201);
  const counted = await get(profile.id);
  assert.equal(counted.enrollmentTokenUsageCount, 2);
  assert.equal(counted.enrolledDeviceCount, 2);
  const again = await graph(server, 'GET', `/deviceManagement/managedDevices/${device.deviceId}`, { token: manager });
  assert.equal(again.json.deviceName, seen.json.deviceName);
  // A new token counts from nought; the profile's devices stay.
  await createToken(server, token, profile.id, 3600, { path: ownerPath });
  const renewed = await get(profile.id);
  assert.equal(renewed.enrollmentTokenUsageCount, 0);
  assert.equal(renewed.enrolledDeviceCount, 2);
});

test('a token\'s own limit holds its usage count', async () => {
  const profile = await withToken({}, { '@muster.maxEnrollments': 1 });
  assert.equal((await enroll(server, profile.tokenValue, { serialNumber: 'LIMIT-1' })).status, 201);
  assert.equal((await enroll(server, profile.tokenValue, { serialNumber: 'LIMIT-2' })).status, 403);
  assert.equal((await get(profile.id)).enrollmentTokenUsageCount, 1);
});

test('no log line holds a Wi-Fi password', async () => {
  assert.ok(!server.log.includes(password));
});
