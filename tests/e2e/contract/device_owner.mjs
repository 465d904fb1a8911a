// G34: profiles of device owners.
import assert from 'node:assert/strict';
import { absent, badRequest, guid, has } from '../support/table.mjs';
import { demoTenant } from '../support/server.mjs';
import { graph, ownerPath as set } from '../support/http.mjs';

const never = '0001-01-01T00:00:00Z';
const create = (body) => ({ method: 'POST', path: set, body: { displayName: 'Owner', ...body } });
const made = async (c, body) => (await graph(c.server, 'POST', set, { token: c.administrator, body: { displayName: 'Owner', ...body } })).json.id;
const wifi = { wifiSsid: 'Warehouse', wifiSecurityType: 'wpa', wifiPassword: 'a long secret' };

const modes = ['corporateOwnedDedicatedDevice', 'corporateOwnedFullyManaged', 'corporateOwnedWorkProfile', 'corporateOwnedAOSPUserlessDevice', 'corporateOwnedAOSPUserAssociatedDevice'];
const kinds = [
  ...modes.map((mode) => [mode, 'default']), ['corporateOwnedDedicatedDevice', 'corporateOwnedDedicatedDeviceWithAzureADSharedMode'],
  ['corporateOwnedFullyManaged', 'deviceStaging'], ['corporateOwnedWorkProfile', 'deviceStaging'],
].map(([enrollmentMode, enrollmentTokenType]) => ({
  rule: 'G34', says: `a device owner's profile may be ${enrollmentMode} with ${enrollmentTokenType}`, ask: create({ enrollmentMode, enrollmentTokenType }),
  expect: { status: 201, body: has({ enrollmentMode, enrollmentTokenType }) },
}));

const wrong = [
  ['enrollmentMode', 'personallyOwned'], ['enrollmentMode', 'CorporateOwnedFullyManaged'], ['enrollmentMode', 1], ['enrollmentMode', null], ['enrollmentTokenType', 'unknownFutureValue'],
  ['configureWifi', 'yes'], ['wifiSecurityType', 'wpa3'], ['wifiHidden', 1], ['isTeamsDeviceProfile', null], ['roleScopeTagIds', '0'], ['roleScopeTagIds', [0]],
  ['wifiSsid', 'x'.repeat(33)], ['wifiPassword', 5], ['enrollmentTokenUsageCount', '3'], ['tokenCreationDateTime', 'yesterday'],
  ['deviceNameTemplate', 'x'.repeat(64)], ['deviceNameTemplate', '{{nonsense}}'], ['colour', 'red'],
].map(([name, value]) => ({
  rule: 'G34', says: `${name}: ${JSON.stringify(value).slice(0, 40)} is a 400`, ask: create({ [name]: value }), expect: badRequest(/./, name),
}));

const templates = ['{{SERIAL}}', '{{SERIALLAST4DIGITS}}', '{{ENROLLMENTDATETIME}}', '{{USERNAME}}', '{{DEVICETYPE}}', '{{UPNPREFIX}}', '{{rand:5}}', 'x'.repeat(63), null].map((deviceNameTemplate) => ({
  rule: 'G34', says: `deviceNameTemplate may be ${String(deviceNameTemplate).slice(0, 25)}`, ask: create({ deviceNameTemplate }), expect: { status: 201, body: has({ deviceNameTemplate }) },
}));

const noQueries = ['$filter=deviceNameTemplate%20eq%20null', '$orderby=deviceNameTemplate', '$filter=wifiPassword%20eq%20null'].map((query) => ({
  rule: 'G34', says: `${query} is a 400`, ask: { path: `${set}?${query}` }, expect: badRequest(/cannot be used/, query.split('=')[0]),
}));

export const deviceOwner = [
  { rule: 'G34', says: 'a device owner\'s profile has exactly the schema\'s properties', ask: create({}), expect: { status: 201, body: {
    '@odata.context': /#deviceManagement\/androidDeviceOwnerEnrollmentProfiles\/\$entity$/, accountId: demoTenant, id: guid, displayName: 'Owner', description: null,
    createdDateTime: /Z$/, lastModifiedDateTime: /Z$/, tokenValue: null, tokenExpirationDateTime: never, enrolledDeviceCount: 0, qrCodeContent: null, qrCodeImage: null,
    enrollmentMode: 'corporateOwnedDedicatedDevice', enrollmentTokenType: 'default', tokenCreationDateTime: never, enrollmentTokenUsageCount: 0,
    roleScopeTagIds: ['0'], configureWifi: true, wifiSsid: null, wifiPassword: null, wifiSecurityType: 'none', wifiHidden: false, isTeamsDeviceProfile: false, deviceNameTemplate: null,
  } } },
  ...kinds, ...wrong, ...templates, ...noQueries,
  { rule: 'G34', says: 'a mode can be filtered by', ask: { path: `${set}?$filter=EnrollmentMode%20eq%20'corporateOwnedFullyManaged'&$top=5` }, expect: { status: 200, body: has({ value: (value) => { assert.ok(value.length > 0); assert.ok(value.every((profile) => profile.enrollmentMode === 'corporateOwnedFullyManaged')); } }) } },
  { rule: 'G34', says: 'createToken begins a new count and says since when', ask: async (c) => ({ method: 'POST', path: `${set}/${await made(c, wifi)}/microsoft.graph.createToken`, body: { tokenValidityInSeconds: 60 }, headers: { Prefer: 'return=representation' } }),
    expect: { status: 200, body: has({
      tokenValue: /^[0-9A-Z]{26}$/, tokenCreationDateTime: (date) => assert.ok(Math.abs(Date.parse(date) - Date.now()) < 60e3), enrollmentTokenUsageCount: 0, wifiPassword: wifi.wifiPassword,
      qrCodeContent: (text) => { assert.equal(JSON.parse(text)['android.app.extra.PROVISIONING_WIFI_SSID'], wifi.wifiSsid); assert.equal(JSON.parse(text)['android.app.extra.PROVISIONING_WIFI_PASSWORD'], wifi.wifiPassword); },
    }) } },
  { rule: 'G34', says: 'revokeToken is there, too', ask: async (c) => ({ method: 'POST', path: `${set}/${await made(c)}/revokeToken` }), expect: { status: 204, body: '' } },
  { rule: 'G34', says: 'the key may begin with AOSP-', ask: async (c) => ({ path: `${set}('AOSP-${await made(c, { enrollmentMode: 'corporateOwnedAOSPUserlessDevice' })}')?$select=enrollmentMode` }), expect: { status: 200, body: has({ enrollmentMode: 'corporateOwnedAOSPUserlessDevice' }) } },
  { rule: 'G34', says: 'the key of the other set may not', ask: (c) => ({ path: `/deviceManagement/androidForWorkEnrollmentProfiles/AOSP-${c.profile.id}` }), expect: badRequest(/not a GUID/, 'id') },
  { rule: 'G34', says: 'a reader does not see the Wi-Fi password', ask: async (c) => ({ path: `${set}/${await made(c, wifi)}`, token: c.reader }), expect: { status: 200, body: has({ wifiSsid: wifi.wifiSsid, wifiPassword: null }) } },
  { rule: 'G34', says: 'an application may, on both roots', ask: (c) => ({ ...create({}), token: c.application }), expect: { status: 201 } },
  { rule: 'G34', says: 'an application with the permission to read may read', ask: (c) => ({ path: `${set}?$top=1`, token: c.readingApplication }), expect: { status: 200 } },
  { rule: 'G34', says: 'an application with the permission to read may not write', ask: (c) => ({ ...create({}), token: c.readingApplication }), expect: { status: 403, error: { code: 'Forbidden' } } },
  { rule: 'G34', says: 'a personal account may not', ask: (c) => ({ path: set, token: c.personal }), expect: { status: 403, error: { code: 'Forbidden' } } },
  { rule: 'G34', says: 'a profile of the other set is not there', ask: (c) => ({ path: `${set}/${c.profile.id}` }), expect: { status: 404, error: { code: 'ResourceNotFound' } } },
  { rule: 'G34', says: 'the types are not taken for each other', ask: create({ '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile' }), expect: badRequest(/androidDeviceOwnerEnrollmentProfile/, '@odata.type') },
  { rule: 'G34', says: 'a list has no pictures and no @odata.type', ask: { path: `${set}?$top=2` }, expect: { status: 200, body: has({ value: (value) => { for (const profile of value) { assert.equal(profile.qrCodeImage, null); absent(profile['@odata.type']); } } }) } },
];
