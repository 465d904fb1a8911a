// What callers send to the set of device owners' profiles. Each row says where its shape was read.
import assert from 'node:assert/strict';
import { has } from '../support/table.mjs';
import { graph, ownerPath as set } from '../support/http.mjs';

const soon = () => new Date(Date.now() + 60e3).toISOString().slice(0, 19);
const make = async (c, body) => (await graph(c.server, 'POST', set, { token: c.administrator, version: 'beta', body: { displayName: 'Owner', ...body } })).json.id;
const live = async (c, body) => {
  const id = await make(c, body);
  const answer = await graph(c.server, 'POST', `${set}/${id}/createToken`, { token: c.administrator, version: 'beta', body: { tokenValidityInSeconds: 3600 } });
  assert.equal(answer.status, 204, answer.text);
  return id;
};

export const deviceOwner = [
  // microsoftgraph/powershell-intune-samples, AndroidEnterprise/Get-AndroidDedicatedDeviceQRCode.ps1.
  { client: 'Intune samples', says: 'list live profiles with a small z, under /Beta/', ask: async (c) => { c.live = await live(c); return { address: `/Beta${set}?$filter=tokenExpirationDateTime%20gt%20${soon()}z` }; },
    expect: (c) => ({ status: 200, body: has({ value: (value) => assert.ok(value.some((profile) => profile.id === c.live)) }) }) },
  { client: 'Intune samples', says: 'read a picture alone', ask: async (c) => ({ address: `/Beta${set}/${await live(c)}?$select=qrCodeImage` }), expect: { status: 200, body: has({ qrCodeImage: has({ type: 'image/png' }) }) } },
  // microsoft/mggraph-intune-samples, AndroidEnterprise/Get-AndroidDeviceOwnerProfiles.ps1.
  { client: 'Graph Intune samples', says: 'filter by EnrollmentMode', ask: async (c) => { await make(c, { enrollmentMode: 'corporateOwnedWorkProfile' }); return { path: `${set}?$filter=EnrollmentMode%20eq%20%27corporateOwnedWorkProfile%27` }; },
    expect: { status: 200, body: has({ value: (value) => { assert.ok(value.length > 0); assert.ok(value.every((profile) => profile.enrollmentMode === 'corporateOwnedWorkProfile')); } }) } },
  // microsoft/mggraph-intune-samples, AOSPEnrollmentProfileManagement/AOSP_Token_Renew_Export.ps1.
  { client: 'Graph Intune samples', says: 'select "Id, displayName, …"', ask: { path: `${set}?$select=Id%2C%20displayName%2C%20enrollmentMode%2C%20tokenValue%2C%20tokenCreationDateTime%2CtokenExpirationDateTime%2C%20qrCodeContent` },
    expect: { status: 200, body: has({ '@odata.context': /\(id,displayName,enrollmentMode,tokenValue,tokenCreationDateTime,tokenExpirationDateTime,qrCodeContent\)$/ }) } },
  { client: 'Graph Intune samples', says: 'renew a token under "AOSP-" and the id', ask: async (c) => ({ method: 'POST', path: `${set}/AOSP-${await make(c, { enrollmentMode: 'corporateOwnedAOSPUserlessDevice' })}/createToken`, body: '{\r\n  "tokenValidityInSeconds": 7776000\r\n}' }), expect: { status: 204, body: '' } },
  // microsoft/Microsoft365DSC, Examples/Resources/IntuneDeviceManagmentAndroidDeviceOwnerEnrollmentProfile/1-Create.ps1,
  // by way of New-MgBetaDeviceManagementAndroidDeviceOwnerEnrollmentProfile @setParameters.
  { client: 'Microsoft365DSC', says: 'creates with Wi-Fi', ask: { method: 'POST', path: set, body: {
    displayName: 'Android Owner Enrollment Profile', description: 'Profile for enrolling Android devices', tokenExpirationDateTime: '2024-12-31T23:59:59.0000000Z', tokenValue: 'your-token-value',
    enrollmentMode: 'corporateOwnedWorkProfile', qrCodeContent: 'your-qr-code-content', wifiSsid: 'your-wifi-ssid', wifiPassword: 'your-wifi-password', wifiSecurityType: 'wpa' } },
  expect: { status: 201, body: has({ enrollmentMode: 'corporateOwnedWorkProfile', wifiSsid: 'your-wifi-ssid', tokenValue: null }) } },
  { client: 'Graph PowerShell', says: '…ProfileCount', ask: { path: `${set}/$count`, headers: { Accept: 'text/plain', ConsistencyLevel: 'eventual' } }, expect: { status: 200, headers: { 'Content-Type': 'text/plain' } } },
  { client: 'Graph PowerShell', says: 'New-…Token by its qualified name', ask: async (c) => ({ method: 'POST', path: `${set}/${await make(c)}/microsoft.graph.createToken`, body: { tokenValidityInSeconds: 60 } }), expect: { status: 204 } },
  { client: 'a script', says: 'selects everything but what is secret', ask: { path: `${set}?$select=id,displayName,enrollmentMode,isTeamsDeviceProfile,tokenExpirationDateTime,tokenCreationDateTime,enrolledDeviceCount,enrollmentTokenUsageCount` }, expect: { status: 200 } },
  { client: 'a script', says: 'gets a 400 where it asks for assignments', ask: { path: `${set}?$expand=assignments` }, expect: { status: 400, error: { code: 'BadRequest', target: '$expand' } } },
].map((row) => ({ versions: ['beta'], ...row }));
