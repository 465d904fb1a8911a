// G12 to G17: headers.
import { absent, anything, guid, has, match, set } from '../support/table.mjs';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { createProfile } from '../support/http.mjs';

const clientId = 'A0000000-0000-0000-0000-00000000000B';
const odata = (level) => `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`;
const fresh = async (c) => (await createProfile(c.server, c.administrator)).id;
const hasIds = { 'request-id': guid, 'client-request-id': guid, Date: /GMT$/, 'Cache-Control': 'no-cache' };

const everyAnswer = [
  ['a 200', () => ({ path: set }), 200, '4.0'],
  ['a 201', () => ({ method: 'POST', path: set, body: { displayName: 'x' } }), 201, '4.0'],
  ['a 204', async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/createToken`, body: { tokenValidityInSeconds: 6 } }), 204, '4.0'],
  ['a 204 of OPTIONS', () => ({ method: 'OPTIONS', path: set }), 204, '4.0'],
  ['a 400', () => ({ path: '/nonsense' }), 400, absent],
  ['a 401', () => ({ path: set, token: null }), 401, absent],
  ['a 403', (c) => ({ path: set, token: c.visitor }), 403, absent],
  ['a 404', () => ({ path: `${set}/00000000-0000-0000-0000-000000000001` }), 404, absent],
  ['a 405', () => ({ method: 'PUT', path: set }), 405, absent],
].map(([name, request, status, version]) => ({
  rule: 'G12', says: `${name} has its ids, a date and no caching`, ask: request,
  expect: { status, headers: { ...hasIds, 'OData-Version': version, 'Strict-Transport-Security': absent } },
}));

const accepted = [
  ['no Accept', undefined, 'minimal'], ['*/*', '*/*', 'minimal'], ['application/*', 'application/*', 'minimal'],
  ['application/json', 'application/json', 'minimal'], ['several', 'text/html, application/json;q=0.5', 'minimal'],
  ['in several lines', ['text/html', 'application/json'], 'minimal'], ['in several lines, the last with a level', ['text/html', 'application/json;odata.metadata=full'], 'full'],
  ['all parameters', 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8', 'minimal'],
  ['metadata none', 'application/json;odata.metadata=none', 'none'], ['metadata full', 'application/json; odata.metadata=full', 'full'],
].map(([name, Accept, level]) => ({
  rule: 'G15', says: `Accept may be: ${name}`, ask: (c) => ({ path: `${set}/${c.profile.id}`, headers: { Accept } }),
  expect: { status: 200, headers: { 'Content-Type': odata(level) } },
}));

const refusedAccepts = ['text/html', 'application/xml', 'application/json;q=0', ['text/html', 'application/xml']].map((Accept) => ({
  rule: 'G15', says: `Accept: ${Accept} is a 406`, ask: { path: set, headers: { Accept } },
  expect: { status: 406, error: { code: 'NotAcceptable', target: 'Accept' } },
}));

const contentTypes = [
  ['Content-Type', 'application/json', 201], ['Content-type', 'application/json', 201], ['content-type', 'Application/JSON; charset=utf-8', 201],
  ['CONTENT-TYPE', 'application/json;odata.metadata=minimal', 201], ['Content-Type', 'application/json; charset=utf-16', 415],
  ['Content-Type', 'text/plain', 415], ['Content-Type', 'application/xml', 415],
].map(([name, value, status]) => ({
  rule: 'G16', says: `a body with ${name}: ${value} is a ${status}`,
  ask: { method: 'POST', path: set, body: '{"displayName": "x"}', headers: { [name]: value } },
  expect: status === 201 ? { status } : { status, error: { code: 'UnsupportedMediaType', target: 'Content-Type' } },
}));

export const headers = [
  ...everyAnswer,
  { rule: 'G12', says: 'over TLS an answer asks for TLS from now on', ask: { path: set, tls: true }, expect: { status: 200, headers: { 'Strict-Transport-Security': /^max-age=\d+/ } } },
  { rule: 'G12', says: 'the client\'s id comes back if it is a GUID', ask: { path: set, headers: { 'client-request-id': clientId } }, expect: { status: 200, headers: { 'client-request-id': clientId.toLowerCase(), 'request-id': (id) => { match(id, guid); assert.notEqual(id, clientId.toLowerCase()); } } } },
  { rule: 'G12', says: 'the client\'s id is replaced if it is none', ask: { path: '/nonsense', headers: { 'client-request-id': 'my request' } },
    expect: { status: 400, body: (body) => assert.equal(body.error.innerError['client-request-id'], body.error.innerError['request-id']) } },
  { rule: 'G13', says: 'a list is in OData\'s JSON', ask: { path: set }, expect: { status: 200, headers: { 'Content-Type': odata('minimal') } } },
  { rule: 'G13', says: 'an entity is in OData\'s JSON', ask: { method: 'POST', path: set, body: { displayName: 'x' } }, expect: { status: 201, headers: { 'Content-Type': odata('minimal') } } },
  { rule: 'G14', says: '201 tells where the new entity is', ask: { method: 'POST', path: set, body: { displayName: 'x' } },
    expect: (c, version) => ({ status: 201, headers: { Location: new RegExp(`^${c.server.url}/${version}${set}\\('[0-9a-f-]{36}'\\)$`) } }) },
  ...[['createToken', 'POST', '/createToken', { tokenValidityInSeconds: 6 }], ['revokeToken', 'POST', '/revokeToken'], ['DELETE', 'DELETE', '']].map(([name, method, tail, body]) => ({
    rule: 'G14', says: `204 of ${name} has no body and says nothing about one`, ask: async (c) => ({ method, path: `${set}/${await fresh(c)}${tail}`, body }),
    expect: { status: 204, headers: { 'Content-Type': absent, 'Content-Length': absent, 'Transfer-Encoding': absent }, body: '' },
  })),
  ...accepted, ...refusedAccepts,
  { rule: 'G15', says: 'metadata none leaves the context away', ask: (c) => ({ path: `${set}/${c.profile.id}?$select=id`, headers: { Accept: 'application/json;odata.metadata=none' } }), expect: (c) => ({ status: 200, body: { id: c.profile.id } }) },
  { rule: 'G15', says: 'metadata full adds type and links', ask: (c) => ({ path: `${set}/${c.profile.id}?$select=id`, headers: { Accept: 'application/json;odata.metadata=full' } }),
    expect: (c, version) => ({ status: 200, body: has({
      '@odata.context': anything, '@odata.type': '#microsoft.graph.androidForWorkEnrollmentProfile',
      '@odata.id': `${c.server.url}/${version}${set}('${c.profile.id}')`, '@odata.editLink': `deviceManagement/androidForWorkEnrollmentProfiles('${c.profile.id}')`, id: c.profile.id,
    }) }) },
  ...contentTypes,
  ...['gzip', 'br', 'deflate', ['identity', 'gzip']].map((encoding) => ({
    rule: 'G16', says: `a body with Content-Encoding: ${encoding} is a 415 that takes none`,
    ask: { method: 'POST', path: set, body: gzipSync('{"displayName": "x"}'), headers: { 'Content-Encoding': encoding } },
    expect: { status: 415, headers: { 'Accept-Encoding': 'identity' }, error: { code: 'UnsupportedMediaType', target: 'Content-Encoding' } },
  })),
  { rule: 'G16', says: 'a body without Content-Type is a 415', ask: { method: 'POST', path: set, body: '{"displayName": "x"}', headers: { 'Content-Type': undefined } }, expect: { status: 415, error: { code: 'UnsupportedMediaType' } } },
  { rule: 'G17', says: 'createToken answers with the profile to who prefers it', ask: async (c) => ({ method: 'POST', path: `${set}/${await fresh(c)}/createToken`, body: { tokenValidityInSeconds: 6 }, headers: { Prefer: 'return=representation' } }),
    expect: { status: 200, headers: { 'Preference-Applied': 'return=representation' }, body: has({ tokenValue: /^[0-9A-Z]{26}$/ }) } },
  { rule: 'G17', says: 'a new profile is sent back to who prefers it', ask: { method: 'POST', path: set, body: { displayName: 'x' }, headers: { Prefer: 'return=representation' } },
    expect: { status: 201, headers: { 'Preference-Applied': 'return=representation' }, body: has({ displayName: 'x' }) } },
  { rule: 'G17', says: 'a changed profile is sent back to who prefers it', ask: async (c) => ({ method: 'PATCH', path: `${set}/${await fresh(c)}`, body: { description: 'x' }, headers: { Prefer: 'return=representation' } }),
    expect: { status: 200, headers: { 'Preference-Applied': 'return=representation' }, body: has({ description: 'x' }) } },
  { rule: 'G17', says: 'a refusal applies no preference', ask: { method: 'POST', path: set, body: {}, headers: { Prefer: 'return=representation' } }, expect: { status: 400, headers: { 'Preference-Applied': absent } } },
  { rule: 'G17', says: 'a new profile is not sent back to who prefers the least', ask: { method: 'POST', path: set, body: { displayName: 'x' }, headers: { Prefer: 'return=minimal' } },
    expect: (c, version) => ({ status: 204, headers: {
      'Preference-Applied': 'return=minimal', Location: new RegExp(`^${c.server.url}/${version}${set}\\('[0-9a-f-]{36}'\\)$`), 'OData-EntityId': /\('[0-9a-f-]{36}'\)$/, 'Content-Type': absent,
    }, body: '' }) },
  { rule: 'G17', says: 'a changed profile is not sent back to who prefers the least, its tag is', ask: async (c) => ({ method: 'PATCH', path: `${set}/${await fresh(c)}`, body: { description: 'x' }, headers: { Prefer: 'respond-async, return=minimal' } }),
    expect: { status: 204, headers: { 'Preference-Applied': 'return=minimal', 'OData-Version': '4.0', ETag: /^W\/"/, 'Content-Type': absent }, body: '' } },
  { rule: 'G17', says: 'a refusal is said to who prefers the least, too', ask: { method: 'POST', path: set, body: {}, headers: { Prefer: 'return=minimal' } }, expect: { status: 400, headers: { 'Preference-Applied': absent }, error: { target: 'displayName' } } },
  { rule: 'G17', says: 'a page is no larger than the client prefers', ask: { path: set, headers: { Prefer: 'odata.maxpagesize=2' } },
    expect: { status: 200, headers: { 'Preference-Applied': 'odata.maxpagesize=2' }, body: has({ value: (value) => assert.equal(value.length, 2) }) } },
  { rule: 'G17', says: 'a new profile without a preference names none', ask: { method: 'POST', path: set, body: { displayName: 'x' } }, expect: { status: 201, headers: { 'Preference-Applied': absent } } },
  { rule: 'G17', says: 'without a preference none is applied', ask: { path: `${set}?$top=2` }, expect: { status: 200, headers: { 'Preference-Applied': absent } } },
];
