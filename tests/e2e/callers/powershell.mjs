// What PowerShell scripts and modules send. Each row says where its shape was read.
import assert from 'node:assert/strict';
import { absent, has, set } from '../support/table.mjs';
import { createProfile, ownerPath } from '../support/http.mjs';

const names = (...expected) => (value) => assert.deepEqual(value.map((profile) => profile.displayName), expected);
const fresh = async (c, name) => (await createProfile(c.server, c.administrator, name)).id;
const inAnHour = () => new Date(Date.now() + 60e3).toISOString().slice(0, 19);

// Invoke-RestMethod of Windows PowerShell 5.1, with the headers of the samples' Get-AuthToken.
const invokeRestMethod = {
  'User-Agent': 'Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2506',
  'Content-Type': 'application/json', ExpiresOn: '11/24/2026 10:00:00 AM +00:00', Connection: 'Keep-Alive',
};
// Invoke-MgGraphRequest and the cmdlets of the Microsoft Graph PowerShell SDK, as its own error
// records and debug output print them (msgraph-sdk-powershell#980).
const sdk = (command) => ({
  'User-Agent': `Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.26100; en-US) PowerShell/7.4.6 ${command}`,
  FeatureFlag: '00000003', 'Cache-Control': 'no-store, no-cache', SdkVersion: 'graph-powershell-beta/2.25.0',
  'client-request-id': '6a3c2f1e-0000-4000-8000-00000000000a', 'Accept-Encoding': 'gzip, deflate, br',
});

// microsoftgraph/powershell-intune-samples, AndroidEnterprise/Get-AndroidDedicatedDeviceQRCode.ps1
// and Get-AndroidDedicatedDeviceProfiles.ps1 (there with the device owner's set).
const samples = [
  { says: 'lists live profiles with a small z, under /Beta/',
    ask: () => ({ address: `/Beta${set}?$filter=tokenExpirationDateTime%20gt%20${inAnHour()}z`, headers: invokeRestMethod }),
    expect: (c) => ({ status: 200, body: has({ value: (value) => assert.ok(value.some((profile) => profile.id === c.profile.id && profile.displayName)) }) }) },
  { says: 'reads a picture alone, and finds its type and its Base64',
    ask: (c) => ({ address: `/Beta${set}/${c.profile.id}?$select=qrCodeImage`, headers: invokeRestMethod }),
    expect: { status: 200, body: has({ qrCodeImage: ({ type, value }) => { assert.equal(type.split('/')[1], 'png'); assert.ok(Buffer.from(value, 'base64').length > 100); } }) } },
].map((row) => ({ client: 'Intune samples', versions: ['beta'], ...row }));

// microsoft/mggraph-intune-samples, AndroidEnterprise/AE_EnrollmentProfile_Bulk_Create.ps1.
const bulkCreate = [
  { says: 'creates a profile with name and description, and reads its Id',
    ask: { method: 'POST', path: set, headers: { ...sdk('New-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_CreateExpanded'), 'Content-Type': 'application/json' },
      body: '{\r\n  "description": "AE Dedicated Enrollment Profile for Warehouse",\r\n  "displayName": "Warehouse"\r\n}' },
    expect: { status: 201, body: has({ id: /^[0-9a-f-]{36}$/, description: 'AE Dedicated Enrollment Profile for Warehouse' }) } },
  { says: 'makes a token for ninety days',
    ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/createToken`, headers: { ...sdk('New-MgBetaDeviceManagementAndroidForWorkEnrollmentProfileToken_CreateExpanded'), 'Content-Type': 'application/json' }, body: '{\r\n  "tokenValidityInSeconds": 7776000\r\n}' }),
    expect: { status: 204, body: '' } },
].map((row) => ({ client: 'Graph Intune samples', versions: ['beta'], ...row }));

// microsoftgraph/msgraph-sdk-powershell, src/DeviceManagement.Enrollment/beta/docs/
// Get-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile.md and …Count.md for the parameters,
// tools/Custom/ListCmdlet.cs for paging, page sizes and the quotes of -Search.
const list = (query, headers = {}) => ({ path: `${set}?${query}`, headers: { ...sdk('Get-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_List'), ...headers } });
const shops = 'startswith(displayName%2C%20%27Shop%27)';
const cmdlets = [
  { says: 'Get- lists', ask: { path: set, headers: sdk('Get-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_List') }, expect: { status: 200, body: has({ value: (value) => assert.ok(value.length > 3) }) } },
  { says: 'Get- -AndroidForWorkEnrollmentProfileId', ask: (c) => ({ path: `${set}/${c.profile.id}`, headers: sdk('Get-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_Get') }), expect: (c) => ({ status: 200, body: has({ id: c.profile.id }) }) },
  { says: 'Get- -Property', ask: (c) => ({ path: `${set}/${c.profile.id}?$select=id%2CdisplayName`, headers: sdk('Get') }), expect: (c) => ({ status: 200, body: { '@odata.context': /\(id,displayName\)\/\$entity$/, id: c.profile.id, displayName: 'With a token' } }) },
  { says: 'Get- -ExpandProperty of what cannot be expanded', ask: list('$expand=assignments'), expect: { status: 400, error: { code: 'BadRequest', message: /Could not find a property named 'assignments'/ } } },
  { says: 'Get- -Filter', ask: list(`$filter=${shops}`), expect: { status: 200, body: has({ value: names('Shop 1', 'Shop 2', 'Shop 3', 'Shop 4', 'Shop 5') }) } },
  { says: 'Get- -Top', ask: list(`$top=2&$filter=${shops}`), expect: { status: 200, body: has({ value: names('Shop 1', 'Shop 2') }) } },
  { says: 'Get- -Skip', ask: list(`$skip=3&$filter=${shops}`), expect: { status: 200, body: has({ value: names('Shop 4', 'Shop 5') }) } },
  { says: 'Get- -Sort', ask: list(`$filter=${shops}&$orderby=displayName%20desc%2CcreatedDateTime`), expect: { status: 200, body: has({ value: names('Shop 5', 'Shop 4', 'Shop 3', 'Shop 2', 'Shop 1') }) } },
  { says: 'Get- -Search, which the cmdlet puts into quotes', ask: list('$search=%22Shop%203%22'), expect: { status: 200, body: has({ value: names('Shop 3') }) } },
  { says: 'Get- -Search of a property', ask: list('$search=%22DisplayName%3AShop%204%22'), expect: { status: 200, body: has({ value: names('Shop 4') }) } },
  { says: 'Get- -CountVariable with -Headers @{ConsistencyLevel="eventual"}', ask: list(`$filter=${shops}&$count=true`, { ConsistencyLevel: 'eventual' }), expect: { status: 200, body: has({ '@odata.count': 5 }) } },
  { says: 'Get- -All -PageSize 2 follows the link as it stands', ask: (c, version) => ({ address: c.shopLink[version], headers: sdk('Get') }), expect: { status: 200, body: has({ value: names('Shop 3', 'Shop 4'), '@odata.nextLink': /skiptoken/ }) } },
  { says: 'Get- -Top 3 -PageSize 2 changes $top in the link and encodes it anew',
    ask: (c, version) => {
      const [path, query] = c.shopLink[version].split('?');
      const changed = new URLSearchParams(query);
      changed.set('$top', '1');
      return { address: `${path}?${changed}`, headers: sdk('Get') };
    },
    expect: { status: 200, body: has({ value: names('Shop 3') }) } },
  { says: 'Get- -Top 1150 appends $top to a link that has none', ask: (c, version) => ({ address: `${c.shopLink[version].replace(/[$]top=\d+&/, '')}&$top=1`, headers: sdk('Get') }), expect: { status: 200, body: has({ value: names('Shop 3') }) } },
  { says: '…ProfileCount -Filter', ask: { path: `${set}/$count?$filter=${shops}`, headers: { ...sdk('Get-MgBetaDeviceManagementAndroidForWorkEnrollmentProfileCount_Get'), Accept: 'text/plain', ConsistencyLevel: 'eventual' } }, expect: { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 5 } },
  { says: 'New- -BodyParameter with the whole schema, dates with seven decimals',
    ask: { method: 'POST', path: set, headers: sdk('New-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_Create'), body: {
      '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile', accountId: '11111111-1111-1111-1111-111111111111', createdDateTime: '2026-11-24T09:00:00.0000000Z',
      description: 'x', displayName: 'Whole', enrolledDeviceCount: 0, lastModifiedDateTime: '2026-11-24T09:00:00.0000000Z', tokenExpirationDateTime: '2027-11-24T09:00:00.0000000Z' } },
    expect: { status: 201, body: has({ displayName: 'Whole', tokenValue: null }) } },
  { says: 'Update-', ask: async (c) => ({ method: 'PATCH', path: `${set}/${await fresh(c)}`, headers: sdk('Update-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_UpdateExpanded'), body: '{\r\n  "description": "new"\r\n}' }), expect: { status: 200, body: has({ description: 'new' }) } },
  { says: 'Remove-', ask: async (c) => ({ method: 'DELETE', path: `${set}/${await fresh(c)}`, headers: sdk('Remove-MgBetaDeviceManagementAndroidForWorkEnrollmentProfile_Delete') }), expect: { status: 204, body: '' } },
  { says: 'Remove- of what is gone', ask: { method: 'DELETE', path: `${set}/00000000-0000-0000-0000-000000000001`, headers: sdk('Remove') }, expect: { status: 404, error: { code: 'ResourceNotFound' } } },
  { says: 'New-…Token by its qualified name, as the 1.x modules have it', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/microsoft.graph.createToken`, headers: sdk('New-MgDeviceManagementAndroidForWorkEnrollmentProfileToken_CreateExpanded'), body: { tokenValidityInSeconds: 3600 } }), expect: { status: 204 } },
  { says: 'Revoke-…Token, with a Content-Length of 0', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/revokeToken`, headers: { ...sdk('Revoke-MgBetaDeviceManagementAndroidForWorkEnrollmentProfileToken_Revoke'), 'Content-Length': '0' } }), expect: { status: 204, body: '' } },
  // msgraph-sdk-powershell#2495: version 2.11.0 encodes the question mark.
  { says: 'Invoke-MgGraphRequest 2.11.0 encodes the question mark, and gets Graph\'s sentence', ask: { path: `${set}%3F$top=999`, headers: sdk('Invoke-MgGraphRequest') }, expect: { status: 400, error: { message: 'Resource not found for the segment \'androidForWorkEnrollmentProfiles?$top=999\'.' } } },
].map((row) => ({ client: 'Graph PowerShell', ...row }));

// microsoft/Microsoft365DSC, MSFT_IntuneDeviceManagementAndroidDeviceOwnerEnrollmentProfile.psm1
// (Get-TargetResource, Set-TargetResource), on the device owner's set.
const owned = (query) => ({ path: `${ownerPath}?${query}`, headers: sdk('Get-MgBetaDeviceManagementAndroidDeviceOwnerEnrollmentProfile_List') });
const desired = {
  accountId: '11111111-1111-1111-1111-111111111111', configureWifi: true, description: 'My Enrollment Profile',
  displayName: 'Desired', enrollmentMode: 'corporateOwnedDedicatedDevice', enrollmentTokenType: 'default',
  isTeamsDeviceProfile: false, roleScopeTagIds: ['0'], tokenExpirationDateTime: '2026-10-31T00:00:00.0000000Z',
  wifiHidden: false, wifiSecurityType: 'none', wifiSsid: '',
};
const desiredState = [
  { says: 'tries an Id first, and goes on after a 404', ask: { path: `${ownerPath}/164655f7-1232-4d56-ae8f-b095196a0309`, headers: sdk('Get') }, expect: { status: 404, error: { code: 'ResourceNotFound' } } },
  { says: 'then looks for "DisplayName" with a doubled quote', ask: owned('$filter=DisplayName%20eq%20%27O%27%27Neill%27%27s%20hall%27'), expect: { status: 200, body: has({ value: names('O\'Neill\'s hall') }) } },
  { says: 'and takes an empty list for Absent', ask: owned('$filter=DisplayName%20eq%20%27nobody%27'), expect: { status: 200, body: has({ value: names(), '@odata.nextLink': absent }) } },
  { says: 'creates what is absent with all its parameters', ask: { method: 'POST', path: ownerPath, headers: sdk('New-MgBetaDeviceManagementAndroidDeviceOwnerEnrollmentProfile_CreateExpanded'), body: desired },
    expect: { status: 201, body: has({ displayName: 'Desired', enrollmentMode: 'corporateOwnedDedicatedDevice', roleScopeTagIds: ['0'], tokenExpirationDateTime: '0001-01-01T00:00:00Z' }) } },
  { says: 'updates by deleting', ask: async (c) => ({ method: 'DELETE', path: `${ownerPath}/${(await createProfile(c.server, c.administrator, 'Gone', { path: ownerPath })).id}`, headers: sdk('Remove-MgBetaDeviceManagementAndroidDeviceOwnerEnrollmentProfile_Delete') }), expect: { status: 204, body: '' } },
  { says: 'and creating with the old Id, which the server does not take', ask: { method: 'POST', path: ownerPath, headers: sdk('New-'), body: { ...desired, id: '164655f7-1232-4d56-ae8f-b095196a0309' } },
    expect: { status: 201, body: has({ id: (id) => assert.notEqual(id, '164655f7-1232-4d56-ae8f-b095196a0309') }) } },
].map((row) => ({ client: 'Microsoft365DSC', versions: ['beta'], ...row }));

// Micke-K/IntuneManagement, Extensions/MSGraph.psm1: Invoke-GraphRequest for the headers,
// Start-GraphPreImport for what is left of an exported object before it is sent back.
const intuneManagement = {
  'User-Agent': invokeRestMethod['User-Agent'], 'Content-Type': 'application/json; charset=utf-8', ExpiresOn: invokeRestMethod.ExpiresOn,
  'x-ms-client-request-id': '6a3c2f1e-0000-4000-8000-00000000000b',
};
const management = [
  { says: 'exports with full metadata', ask: (c) => ({ path: `${set}/${c.profile.id}`, headers: { ...intuneManagement, Accept: 'application/json;odata.metadata=full' } }),
    expect: { status: 200, body: has({ '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile', '@odata.id': /^http/, '@odata.editLink': /^deviceManagement/ }) } },
  { says: 'lists with full metadata', ask: { path: set, headers: { ...intuneManagement, Accept: 'application/json;odata.metadata=full' } }, expect: { status: 200, body: has({ value: (value) => assert.ok(value.every((profile) => profile['@odata.type'])) }) } },
  { says: 'imports what it exported', ask: (c) => {
    const { '@odata.context': context, id, createdDateTime, lastModifiedDateTime, ...kept } = c.profile;
    // .NET Framework waits for a "100 Continue" before it sends a body.
    return { method: 'POST', path: set, headers: { ...intuneManagement, Expect: '100-continue' }, body: { '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile', ...kept } };
  }, expect: { status: 201, body: has({ displayName: 'With a token', tokenValue: null }) } },
  { says: 'gets a 400 where it asks for assignments', ask: (c) => ({ path: `${set}/${c.profile.id}?$expand=assignments`, headers: intuneManagement }), expect: { status: 400, error: { code: 'BadRequest' } } },
].map((row) => ({ client: 'IntuneManagement', versions: ['beta'], ...row }));

export const powershell = [...samples, ...bulkCreate, ...cmdlets, ...desiredState, ...management];
