// G18 to G24: bodies.
import assert from 'node:assert/strict';
import { absent, anything, badRequest, has, match, set } from '../support/table.mjs';
import { createProfile } from '../support/http.mjs';
import { demoTenant } from '../support/server.mjs';

const type = 'microsoft.graph.androidForWorkEnrollmentProfile';
const named = 'deviceManagement/androidForWorkEnrollmentProfiles';
const root = (c, version) => `${c.server.url}/${version}/$metadata#${named}`;
const create = (body) => ({ method: 'POST', path: set, body });
const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?Z$/;
const never = '0001-01-01T00:00:00Z';

const contexts = [
  ['of a list', '?$top=1', ''], ['of a selection in a list', '?$top=1&$select=id,displayName', '(id,displayName)'],
  ['of everything in a list', '?$top=1&$select=*', '(*)'],
].map(([name, tail, suffix]) => ({
  rule: 'G18', says: `the context ${name}`, ask: { path: set + tail },
  expect: (c, version) => ({ status: 200, body: has({ '@odata.context': root(c, version) + suffix }) }),
})).concat([
  ['of an entity', '', '/$entity'], ['of a selection of an entity', '?$select=displayName,id', '(displayName,id)/$entity'],
].map(([name, tail, suffix]) => ({
  rule: 'G18', says: `the context ${name}`, ask: (c) => ({ path: `${set}/${c.profile.id}${tail}` }),
  expect: (c, version) => ({ status: 200, body: has({ '@odata.context': root(c, version) + suffix }) }),
})));

const types = [
  [`#${type}`, 201], [type, 201], ['#microsoft.graph.androidDeviceOwnerEnrollmentProfile', 400], ['#microsoft.graph.entity', 400], [7, 400],
].map(([value, status]) => ({
  rule: 'G19', says: `@odata.type ${value} is a ${status}`, ask: create({ '@odata.type': value, displayName: 'x' }),
  expect: status === 201 ? { status } : badRequest(/must be '#microsoft\.graph\.androidForWorkEnrollmentProfile'/, '@odata.type'),
}));

const numbers = [
  ['1', 204], ['2147483647', 204], ['7776000', 204], ['6.0', 400], ['6.5', 400], ['"6"', 400], ['6e0', 400], ['-1', 400], ['0', 400],
  ['2147483648', 400], ['-2147483649', 400], ['99999999999999999999', 400], ['true', 400], ['null', 400], ['[6]', 400],
].map(([text, status]) => ({
  rule: 'G22', says: `tokenValidityInSeconds: ${text} is a ${status}`,
  ask: async (c) => ({ method: 'POST', path: `${set}/${(await createProfile(c.server, c.administrator)).id}/createToken`, body: `{"tokenValidityInSeconds": ${text}}` }),
  expect: status === 204 ? { status } : badRequest(/Int32|from 1 to 2147483647/),
}));

// The reference's own example of a POST, but for its placeholder of a GUID.
const ofTheServer = {
  accountId: 'bac1e1b1-e1b1-bac1-b1e1-c1bab1e1c1ba', displayName: 'Display Name value', description: 'Description value',
  tokenValue: 'Token Value value', tokenExpirationDateTime: '2016-12-31T23:59:54.0590989-08:00', enrolledDeviceCount: 3,
  qrCodeContent: 'Qr Code Content value',
  qrCodeImage: { '@odata.type': 'microsoft.graph.mimeContent', type: 'Type value', value: 'dmFsdWU=' },
};
const wrongTypes = [
  ['accountId', 'no GUID', /a GUID such as/], ['id', 5, /a string/], ['createdDateTime', 'yesterday', /a date such as/],
  ['lastModifiedDateTime', 0, /a date such as/], ['tokenExpirationDateTime', null, /a date such as/], ['tokenValue', 5, /a string/],
  ['enrolledDeviceCount', '3', /an Int32/], ['enrolledDeviceCount', 3.5, /an Int32/], ['qrCodeContent', {}, /a string/], ['qrCodeImage', 'x', /an object/],
].map(([name, value, message]) => ({
  rule: 'G23', says: `${name} of the wrong type (${JSON.stringify(value)}) is a 400`, ask: create({ displayName: 'x', [name]: value }), expect: badRequest(message, name),
}));

const texts = [
  ['no displayName', {}, /'displayName' is required/, 'displayName'],
  ['a blank displayName', { displayName: ' \t' }, /blank/, 'displayName'],
  ['a displayName of null', { displayName: null }, /null or blank/, 'displayName'],
  ['a displayName of 201 characters', { displayName: '😀'.repeat(201) }, /at most 200/, 'displayName'],
  ['a description of 1,501 characters', { displayName: 'x', description: 'é'.repeat(1501) }, /at most 1500/, 'description'],
  ['U+0000', '{"displayName": "a\\u0000"}', /not valid JSON/, absent],
  ['a lone surrogate', '{"displayName": "\\ud800"}', /not valid JSON/, absent],
  ['broken UTF-8', Buffer.from('{"displayName": "\xc3\x28"}', 'latin1'), /not valid JSON/, absent],
].map(([name, body, message, target]) => ({ rule: 'G24', says: `${name} is a 400`, ask: create(body), expect: badRequest(message, target) }));

export const bodies = [
  ...contexts,
  { rule: 'G18', says: 'the root is the host as the client addressed it', ask: { path: set, headers: { Host: 'graph.example.org:8443' } },
    expect: (c, version) => ({ status: 200, body: has({ '@odata.context': `http://graph.example.org:8443/${version}/$metadata#${named}` }) }) },
  ...types,
  { rule: 'G19', says: 'annotations that are not known are ignored', ask: create({ displayName: 'x', '@odata.context': 'x', '@odata.etag': 'W/"x"', 'displayName@x.y': 1, 'createdDateTime@odata.type': '#DateTimeOffset' }), expect: { status: 201 } },
  { rule: 'G19', says: 'properties that are not known are a 400', ask: create({ displayName: 'x', roleScopeTagIds: [] }), expect: badRequest(/does not exist on type/, 'roleScopeTagIds') },
  { rule: 'G20', says: 'dates are UTC with at most seven decimals', ask: (c) => ({ path: `${set}/${c.profile.id}` }),
    expect: { status: 200, body: has({ createdDateTime: date, lastModifiedDateTime: date, tokenExpirationDateTime: date }) } },
  { rule: 'G20', says: 'a profile that never had a token says so', ask: (c) => ({ path: `${set}/${c.bare.id}` }),
    expect: { status: 200, body: has({ tokenExpirationDateTime: never, tokenValue: null, qrCodeContent: null, qrCodeImage: null }) } },
  { rule: 'G21', says: 'the picture is a PNG in Base64', ask: (c) => ({ path: `${set}/${c.profile.id}` }),
    expect: { status: 200, body: has({ qrCodeImage: { type: 'image/png', value: (value) => match(Buffer.from(value, 'base64').toString('latin1'), /^\x89PNG\r\n/) } }) } },
  ...numbers,
  { rule: 'G23', says: 'the reference\'s own example is taken, and what is the server\'s in it is ignored', ask: create({ '@odata.type': `#${type}`, ...ofTheServer }),
    expect: { status: 201, body: has({ accountId: demoTenant, displayName: 'Display Name value', description: 'Description value', tokenValue: null, tokenExpirationDateTime: never, enrolledDeviceCount: 0, qrCodeContent: null, qrCodeImage: null }) } },
  { rule: 'G23', says: 'a PATCH ignores what is the server\'s', ask: async (c) => ({ method: 'PATCH', path: `${set}/${(await createProfile(c.server, c.administrator)).id}`, body: ofTheServer }),
    expect: { status: 200, body: has({ accountId: demoTenant, description: 'Description value', tokenValue: null, enrolledDeviceCount: 0 }) } },
  ...wrongTypes, ...texts,
  { rule: 'G24', says: 'names are counted in characters', ask: create({ displayName: '😀'.repeat(200), description: 'é'.repeat(1500) }), expect: { status: 201, body: has({ displayName: anything }) } },
  { rule: 'G24', says: 'a description may be null', ask: create({ displayName: 'x', description: null }), expect: { status: 201, body: (body) => assert.equal(body.description, null) } },
];
