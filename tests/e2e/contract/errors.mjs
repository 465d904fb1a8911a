// G7 to G11: errors.
import assert from 'node:assert/strict';
import { absent, badRequest, guid, set } from '../support/table.mjs';
import { devClaims, devKey, makeKey, sign } from '../support/jwt.mjs';

const now = () => Math.floor(Date.now() / 1000);
const clientId = '0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e';
const read = 'DeviceManagementConfiguration.Read.All';
const write = 'DeviceManagementConfiguration.ReadWrite.All';
const challenge = /^Bearer realm="", authorization_uri="[^"]+", client_id="[^"]+"$/;
const tokenChallenge = /^Bearer realm="", authorization_uri="[^"]+", client_id="[^"]+", error="invalid_token"$/;
const operation = '00000000-0000-0000-0000-000000000000';

const tokens = [
  ['no token', () => null, 'Access token is empty.', challenge],
  ['an expired token', (c) => sign(devKey(c.server), devClaims({ exp: now() - 3600, nbf: now() - 7200, iat: now() - 7200 })), 'Lifetime validation failed, the token is expired.', tokenChallenge],
  ['a token for another audience', (c) => sign(devKey(c.server), devClaims({ aud: 'https://management.azure.com' })), 'Access token validation failure. Invalid audience.', tokenChallenge],
  ['a forged token', async (c) => sign(await makeKey('RS256', devKey(c.server).kid), devClaims()), /^Access token validation failure\./, tokenChallenge],
  ['no token at all but text', () => 'abc', /^Access token validation failure\./, tokenChallenge],
].map(([name, make, message, header]) => ({
  rule: 'G8', says: `${name} is a 401 with a challenge`,
  ask: async (c) => ({ path: set, token: await make(c) }),
  expect: { status: 401, headers: { 'WWW-Authenticate': header }, error: { code: 'InvalidAuthenticationToken', message } },
}));

const sentence = (c, version, scopes, tail) => 'Application is not authorized to perform this operation. Application must have one of the '
  + `following scopes: ${scopes} - Operation ID (for customer support): ${operation} - Activity ID: ${clientId} - Url: ${c.server.url}/${version}${set}${tail}`;

const forbidden = [
  { rule: 'G9', says: 'reading without permission is a 403 that names both that would do',
    ask: (c) => ({ path: set, token: c.visitor, headers: { 'client-request-id': clientId } }),
    expect: (c, version) => ({ status: 403, error: { code: 'Forbidden', message: sentence(c, version, `${read}, ${write}`, ''), target: absent } }) },
  { rule: 'G9', says: 'writing with permission to read is a 403 that names the one that would do',
    ask: (c) => ({ method: 'POST', path: `${set}/${c.profile.id}/createToken`, body: { tokenValidityInSeconds: 6 }, token: c.reader, headers: { 'client-request-id': clientId } }),
    expect: (c, version) => ({ status: 403, error: { code: 'Forbidden', message: sentence(c, version, write, `/${c.profile.id}/createToken`) } }) },
  { rule: 'G9', says: 'an application is told that this is not supported', versions: ['v1.0'],
    ask: (c) => ({ path: set, token: c.application }),
    expect: { status: 403, error: { code: 'Forbidden', message: /called in app only context but does not have application permissions configured/ } } },
];

const wrongBodies = [
  ['JSON that does not parse', 'POST', '', '{"displayName": ', /not valid JSON/, absent],
  ['no JSON object', 'POST', '', '["x"]', /must be a JSON object, not an array/, absent],
  ['a member that is given twice', 'POST', '', '{"displayName": "a", "displayName": "b"}', /names a member twice/, absent],
  ['an unknown property', 'POST', '', { displayName: 'x', colour: 'red' }, /The property 'colour' does not exist on type 'microsoft.graph.androidForWorkEnrollmentProfile'/, 'colour'],
  ['a property of the wrong type', 'POST', '', { displayName: 7 }, /'displayName' must be a string/, 'displayName'],
  ['an unknown parameter', 'POST', '/createToken', { tokenValidityInSeconds: 6, days: 1 }, "The parameter 'days' in the request payload is not a valid parameter for the operation 'createToken'.", 'days'],
  ['a parameter of an action without any', 'POST', '/revokeToken', { now: true }, "The parameter 'now' in the request payload is not a valid parameter for the operation 'revokeToken'.", 'now'],
  ['a parameter that is missing', 'POST', '/createToken', {}, /'tokenValidityInSeconds'.*missing/, 'tokenValidityInSeconds'],
  ['a parameter of the wrong type', 'POST', '/createToken', { tokenValidityInSeconds: 'six' }, /must be an Int32.*a string was given/, 'tokenValidityInSeconds'],
  ['a parameter out of range', 'POST', '/createToken', { tokenValidityInSeconds: 0 }, /from 1 to 2147483647/, 'tokenValidityInSeconds'],
].map(([name, method, tail, body, message, target]) => ({
  rule: 'G10', says: `${name} is a 400 that says so`,
  ask: (c) => ({ method, path: tail === '' ? set : `${set}/${c.profile.id}${tail}`, body }),
  expect: badRequest(message, target),
}));

const statuses = [
  [405, 'MethodNotAllowed', 'PUT on an entity', (c) => ({ method: 'PUT', path: `${set}/${c.profile.id}`, body: {} }), { Allow: /^GET, HEAD, (.*, )?PATCH, DELETE/ }],
  [405, 'MethodNotAllowed', 'DELETE on a list', () => ({ method: 'DELETE', path: set }), { Allow: /^GET, HEAD, POST/ }],
  [406, 'NotAcceptable', 'Accept: text/html', () => ({ path: set, headers: { Accept: 'text/html' } })],
  [413, 'RequestEntityTooLarge', 'a body over 64 KiB', () => ({ method: 'POST', path: set, body: `{"displayName": "x"${' '.repeat(65536)}}` })],
  [414, 'UriTooLong', 'an address over 8 KiB', () => ({ path: `${set}?x=${'y'.repeat(9000)}` })],
  [415, 'UnsupportedMediaType', 'a form', () => ({ method: 'POST', path: set, body: 'displayName=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })],
  [431, 'RequestHeaderFieldsTooLarge', 'headers over 32 KiB', () => ({ path: set, headers: { 'User-Agent': 'x'.repeat(40000) } })],
  [501, 'NotImplemented', 'an unknown transfer encoding', () => ({ method: 'POST', path: set, headers: { 'Transfer-Encoding': 'gzip' } })],
].map(([status, code, name, request, headers = {}]) => ({
  rule: 'G11', says: `${name} is a ${status} ${code}`, ask: request, expect: { status, headers, error: { code } },
}));

export const errors = [
  { rule: 'G7', says: 'an error has the form of Intune\'s replies',
    ask: (c) => ({ method: 'POST', path: `${set}/${c.profile.id}/createToken`, body: { tokenValidityInSeconds: 0 }, headers: { 'client-request-id': clientId } }),
    expect: {
      status: 400, headers: { 'Content-Type': 'application/json', 'client-request-id': clientId },
      body: { error: {
        code: 'BadRequest', message: (text) => assert.ok(text.length > 20), target: 'tokenValidityInSeconds',
        innerError: { date: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, 'request-id': guid, 'client-request-id': clientId },
      } },
    } },
  { rule: 'G7', says: 'target is left out where nothing in particular is at fault',
    ask: { path: '/nonsense' }, expect: { status: 400, headers: { 'Content-Type': 'application/json' }, error: { target: absent } } },
  ...tokens, ...forbidden, ...wrongBodies, ...statuses,
];
