// What SDKs in other languages, infrastructure tools and scripts send. Each row says where its shape
// was read.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { has, set } from '../support/table.mjs';
import { createProfile } from '../support/http.mjs';

const names = (...expected) => (value) => assert.deepEqual(value.map((profile) => profile.displayName), expected);
const fresh = async (c) => (await createProfile(c.server, c.administrator)).id;
const devices = '/deviceManagement/managedDevices';
const events = '/deviceManagement/auditEvents';

// microsoftgraph/msgraph-beta-sdk-go: devicemanagement/android_for_work_enrollment_profiles_request_builder.go,
// …_count_request_builder.go, …_item_create_token_post_request_body.go, models/android_for_work_enrollment_profile.go;
// microsoft/kiota-http-go: compression_handler.go, parameters_name_decoding_handler.go.
const goHeaders = { 'User-Agent': 'kiota-go/1.4.5', SdkVersion: 'graph-go-beta/0.110.0, graph-go-core/1.2.1 (hostOS=linux; hostArch=amd64; runtimeEnvironment=go1.23;)', Accept: 'application/json', 'Accept-Encoding': 'gzip' };
const go = [
  { says: 'lists with every option of its template',
    ask: { path: `${set}?$top=2&$skip=1&$search=%22Shop%22&$filter=startswith%28displayName%2C%27Shop%27%29&$count=true&$orderby=displayName%20desc&$select=id,displayName`, headers: goHeaders },
    expect: { status: 200, body: has({ '@odata.count': 5, value: names('Shop 4', 'Shop 3') }) } },
  { says: 'lists with the signs encoded, where nothing decodes them', ask: { path: `${set}?%24top=1&%24filter=displayName%20eq%20%27Shop%201%27&%24select=displayName`, headers: goHeaders }, expect: { status: 200, body: has({ value: names('Shop 1') }) } },
  { says: 'counts', ask: { path: `${set}/$count?$filter=startswith(displayName%2C%27Shop%27)`, headers: { ...goHeaders, Accept: 'text/plain' } }, expect: { status: 200, body: 5 } },
  { says: 'compresses a body, and needs a 415 to send it as it is', ask: { method: 'POST', path: set, headers: { ...goHeaders, 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }, body: gzipSync('{"displayName":"Compressed"}') },
    expect: { status: 415, error: { code: 'UnsupportedMediaType' } } },
  { says: 'makes a token', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/microsoft.graph.createToken`, headers: goHeaders, body: '{"tokenValidityInSeconds":3600}' }), expect: { status: 204 } },
  { says: 'sends a whole entity back, times with their offset',
    ask: async (c) => ({ method: 'PATCH', path: `${set}/${await fresh(c)}`, headers: goHeaders, body: { id: c.profile.id, accountId: c.profile.accountId, createdDateTime: '2026-11-24T09:00:00Z', description: 'by Go', enrolledDeviceCount: 0, tokenExpirationDateTime: '0001-01-01T00:00:00Z' } }),
    expect: { status: 200, body: has({ description: 'by Go' }) } },
].map((row) => ({ client: 'Graph SDK for Go', ...row }));

// microsoftgraph/msgraph-beta-sdk-python: msgraph_beta/generated/models/android_for_work_enrollment_profile.py
// (datetime.isoformat has an offset); microsoftgraph/msgraph-beta-sdk-dotnet: AndroidForWorkEnrollmentProfile.cs,
// whose backing store sends what was set to null as null.
const others = [
  { client: 'Graph SDK for Python', says: 'creates', ask: { method: 'POST', path: set, headers: { Accept: 'application/json', 'User-Agent': 'python-httpx/0.27.0 kiota-python/1.9.0' }, body: '{"@odata.type": "#microsoft.graph.androidForWorkEnrollmentProfile", "createdDateTime": "2026-11-24T09:00:00.123456+00:00", "displayName": "Python"}' }, expect: { status: 201, body: has({ displayName: 'Python' }) } },
  { client: 'Graph SDK for .NET', says: 'clears a description', ask: async (c) => ({ method: 'PATCH', path: `${set}/${await fresh(c)}`, headers: { Accept: 'application/json', 'Accept-Encoding': 'gzip', SdkVersion: 'graph-dotnet-beta/5.90.0, graph-dotnet-core/3.2.2 (hostOS=Ubuntu; hostArch=X64; runtimeEnvironment=.NET 8.0.10;)' }, body: '{"description":null}' }), expect: { status: 200, body: has({ description: null }) } },
  { client: 'Graph SDK for .NET', says: 'weighs what it accepts', ask: { path: set, headers: { Accept: 'application/json;q=1' } }, expect: { status: 200 } },
  { client: 'Graph SDK for .NET', says: 'weighs what it accepts of a count', ask: { path: `${set}/$count`, headers: { Accept: 'text/plain;q=0.9' } }, expect: { status: 200, headers: { 'Content-Type': 'text/plain' } } },
  { client: 'Graph SDK for .NET', says: 'carries additional data as annotations', ask: { method: 'POST', path: set, body: { displayName: 'x', '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile', 'com.example@note': 'x' } }, expect: { status: 201 } },
  // The form of Graph Explorer's requests; microsoftgraph/microsoft-graph-explorer-v4.
  { client: 'Graph Explorer', says: 'prefers its own mode', ask: { path: `${set}?$top=1`, headers: { prefer: 'ms-graph-dev-mode', SdkVersion: 'GraphExplorer/4.0, graph-js/3.0.7', Origin: 'https://developer.microsoft.com', Accept: '*/*' } }, expect: { status: 200 } },
  // An n8n node generated from Graph's OpenAPI document: routing.request.url.
  { client: 'n8n', says: 'calls an action by its qualified name', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/microsoft.graph.revokeToken`, headers: { Accept: 'application/json, text/plain, */*', 'User-Agent': 'axios/1.7.4' }, body: {} }), expect: { status: 204 } },
];

// hashicorp/go-azure-sdk: sdk/odata/query_test.go for the headers, microsoft-graph/devicemanagement/beta/
// androidforworkenrollmentprofile for paths and bodies. (Its update takes a 204 only: it wants
// Prefer: return=minimal.)
const hashicorpHeaders = { Accept: 'application/json; charset=utf-8; IEEE754Compatible=false', 'Content-Type': 'application/json; charset=utf-8', 'OData-MaxVersion': '4.0', 'OData-Version': '4.0', 'User-Agent': 'HashiCorp/go-azure-sdk (Go-http-Client/1.1 androidforworkenrollmentprofile/beta)', 'Accept-Encoding': 'gzip' };
const hashicorp = [
  { says: 'lists', ask: { path: `${set}?%24filter=startsWith%28displayName%2C%27Shop%27%29`, headers: { ...hashicorpHeaders, ConsistencyLevel: 'eventual' } }, expect: { status: 200, body: has({ value: names('Shop 1', 'Shop 2', 'Shop 3', 'Shop 4', 'Shop 5') }) } },
  { says: 'asks for minimal metadata', ask: { path: set, headers: { ...hashicorpHeaders, Accept: `${hashicorpHeaders.Accept}; odata.metadata=minimal` } }, expect: { status: 200 } },
  { says: 'counts, with JSON in Accept', ask: { path: `${set}/$count`, headers: { ...hashicorpHeaders, 'Content-Type': 'text/plain' } }, expect: { status: 200, headers: { 'Content-Type': 'text/plain' } } },
  { says: 'creates', ask: { method: 'POST', path: set, headers: hashicorpHeaders, body: { '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile', description: null, displayName: 'Terraform' } }, expect: { status: 201, body: has({ displayName: 'Terraform' }) } },
  { says: 'makes a token', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/createToken`, headers: hashicorpHeaders, body: { tokenValidityInSeconds: 60 } }), expect: { status: 204 } },
  { says: 'revokes it, with a Content-Type and without a body', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/revokeToken`, headers: { ...hashicorpHeaders, 'Content-Length': '0' } }), expect: { status: 204 } },
  { says: 'deletes', ask: async (c) => ({ method: 'DELETE', path: `${set}/${await fresh(c)}`, headers: hashicorpHeaders }), expect: { status: 204 } },
].map((row) => ({ client: 'go-azure-sdk', versions: ['beta'], ...row }));

// Scripts that read managed devices and the audit; public ones, each shape met more than once.
const reads = (c) => ({ token: c.deviceReader });
const scripts = [
  { says: 'asks for a device by its key in parentheses, the resource in small letters', ask: (c) => ({ ...reads(c), path: `/deviceManagement/manageddevices('${c.device.deviceId}')?$select=id,%20deviceName` }), expect: (c) => ({ status: 200, body: has({ id: c.device.deviceId }) }) },
  { says: 'asks for Android devices, 999 to a page', ask: (c) => ({ ...reads(c), path: `${devices}?$filter=operatingSystem%20eq%20'Android'&$select=id,deviceName,serialNumber,osVersion,enrolledDateTime&$top=999` }), expect: { status: 200, body: has({ value: (value) => assert.equal(value.length, 1) }) } },
  { says: 'asks for a device by its name, quoted by urllib', ask: (c) => ({ ...reads(c), path: `${devices}?$filter=deviceName%20eq%20%27nobody%27`, headers: { 'User-Agent': 'python-requests/2.32.3', Accept: '*/*', 'Accept-Encoding': 'gzip, deflate' } }), expect: { status: 200, body: has({ value: (value) => assert.deepEqual(value, []) }) } },
  { says: 'retires a device by the qualified name', ask: (c) => ({ token: c.deviceManager, method: 'POST', path: `${devices}('00000000-0000-0000-0000-000000000001')/microsoft.graph.retire` }), expect: { status: 404 } },
  { says: 'asks for the last hour\'s events, a blank before the filter', ask: { path: `${events}?$filter=%20activityDateTime%20gt%20${new Date(Date.now() - 36e5).toISOString().slice(0, 19)}Z` }, expect: { status: 200, body: has({ value: (value) => assert.ok(value.length > 5) }) } },
  { says: 'asks for events since a day', ask: { path: `${events}?$filter=activityDateTime%20gt%20${new Date(Date.now() - 864e5).toISOString().slice(0, 10)}` }, expect: { status: 200 } },
  { says: 'asks for events of a span, the newest first', ask: { path: `${events}?$filter=activityDateTime%20ge%202024-01-01T00:00:00Z%20and%20activityDateTime%20le%202099-01-01T00:00:00Z&$orderby=activityDateTime%20desc&$top=500` }, expect: { status: 200 } },
  { says: 'asks for events of an activity', ask: { path: `${events}?$filter=activityType%20eq%20'createToken'` }, expect: { status: 200, body: has({ value: (value) => assert.ok(value.every((event) => event.activityType === 'createToken')) }) } },
].map((row) => ({ client: 'a script', ...row }));

export const sdks = [...go, ...others, ...hashicorp, ...scripts];
