// G1 to G6: addresses.
import assert from 'node:assert/strict';
import { badRequest, has, set } from '../support/table.mjs';
import { createProfile } from '../support/http.mjs';

const missing = '00000000-0000-0000-0000-000000000001';
const upper = (id) => id.toUpperCase();
const one = (c) => ({ status: 200, body: has({ id: c.profile.id }) });
const noSuch = (name) => badRequest(`Resource not found for the segment '${name}'.`);
const tokenFor = async (c, address) => ({ method: 'POST', path: address((await createProfile(c.server, c.administrator)).id), body: { tokenValidityInSeconds: 6 } });
const postOnly = { status: 405, headers: { Allow: 'POST' }, error: { code: 'MethodNotAllowed' } };
const notThere = { status: 404, error: { code: 'ResourceNotFound', target: 'id' } };

const roots = ['/v1.0', '/beta', '/Beta', '/BETA', '/V1.0'].map((root) => ({
  rule: 'G1', says: `${root} is a root`, versions: ['v1.0'],
  ask: { address: `${root}${set}?$top=1` },
  expect: (c) => ({ status: 200, body: has({ '@odata.context': `${c.server.url}${root}/$metadata#deviceManagement/androidForWorkEnrollmentProfiles` }) }),
}));

const keys = [
  ['behind a slash', (id) => `/${id}`], ['in parentheses', (id) => `('${id}')`],
  ['with its name', (id) => `(id='${id}')`], ['in encoded quotes', (id) => `(%27${id}%27)`],
  ['all encoded', (id) => `%28%27${id}%27%29`], ['in upper case', (id) => `/${upper(id)}`],
  ['in upper case and parentheses', (id) => `('${upper(id)}')`],
].map(([name, write]) => ({
  rule: 'G2', says: `a key may stand ${name}`,
  ask: (c) => ({ path: set + write(c.profile.id) }), expect: one,
}));

const noKeys = ['/not-a-guid', "('not-a-guid')", "('$count')", "('$count')/createToken", '/00000000-0000-0000-0000-00000000000', '(%27%27)/createToken'].map((tail) => ({
  rule: 'G2', says: `a key that is no GUID is a 400: ${tail}`,
  ask: { path: set + tail, method: tail.endsWith('Token') ? 'POST' : 'GET' }, expect: badRequest(/not a GUID|quoted text/, 'id'),
}));

const actions = [
  ['its name', (id) => `/${id}/createToken`], ['its qualified name', (id) => `/${id}/microsoft.graph.createToken`],
  ['its qualified name behind a key in parentheses', (id) => `('${id}')/microsoft.graph.createToken`],
].map(([name, write]) => ({
  rule: 'G3', says: `createToken is called by ${name}`,
  ask: (c) => tokenFor(c, (id) => set + write(id)), expect: { status: 204, body: '' },
}));

const otherMethods = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].flatMap((method) => ['createToken', 'microsoft.graph.revokeToken'].map((action) => ({
  rule: 'G3', says: `${method} on ${action} is a 405 that allows POST`,
  ask: (c) => ({ method, path: `${set}/${c.profile.id}/${action}` }), expect: method === 'HEAD' ? { status: 405, headers: { Allow: 'POST' } } : postOnly,
})));

const segments = [
  ['/nonsense', 'nonsense'], ['/deviceManagement/nonsense', 'nonsense'], ['/nonsense/deviceManagement', 'nonsense'],
  [`${set}/${missing}/nonsense`, 'nonsense'], [`${set}/${missing}/createToken/more`, 'more'],
  [`${set}/${missing}/microsoft.graph.nonsense`, 'microsoft.graph.nonsense'],
  ["/deviceManagement('androidForWorkEnrollmentProfiles')", 'androidForWorkEnrollmentProfiles'], [`${set}/${missing}('createToken')`, 'createToken'],
  [`${set}%3F$top=999`, 'androidForWorkEnrollmentProfiles?$top=999'],
].map(([path, name]) => ({
  rule: 'G4', says: `an unknown segment is a 400 that names it: ${path}`, ask: { path }, expect: noSuch(name),
}));

const unknown = [['GET', ''], ['PATCH', '', { displayName: 'x' }], ['DELETE', ''], ['POST', '/createToken', { tokenValidityInSeconds: 6 }], ['POST', '/revokeToken']]
  .flatMap(([method, tail, body]) => [
    {
      rule: 'G5', says: `${method} …/{unknown key}${tail} is a 404`,
      ask: { method, path: `${set}/${missing}${tail}`, body }, expect: notThere,
    },
    {
      rule: 'G5', says: `${method} …/{key of another tenant}${tail} is the same 404, to the letter`,
      ask: (c) => ({ method, path: `${set}/${c.profile.id}${tail}`, body, token: c.stranger }),
      expect: (c) => ({ status: 404, error: { code: 'ResourceNotFound', target: 'id', message: `Resource not found: there is no enrollment profile '${c.profile.id}'.` } }),
    },
  ]);

const tricks = ['//deviceManagement', '/./deviceManagement', '/deviceManagement/../deviceManagement', '/%2e%2e/deviceManagement',
  '/deviceManagement//managedDevices', `${set}//`, `${set}%2F${missing}`, `${set}%5C${missing}`, '/deviceManagement/%zz', '/deviceManagement/%FF']
  .map((path) => ({ rule: 'G6', says: `${path} is a 400`, ask: { path }, expect: badRequest(/Correct the address/) }));

export const addresses = [
  ...roots,
  { rule: 'G1', says: 'resources have no letter case', ask: { path: '/devicemanagement/ANDROIDForWorkEnrollmentProfiles?$top=1' }, expect: { status: 200 } },
  { rule: 'G1', says: 'actions have no letter case', ask: (c) => tokenFor(c, (id) => `${set}/${id}/createtoken`), expect: { status: 204 } },
  { rule: 'G1', says: 'properties in query options have no letter case', ask: { path: `${set}?$select=Id,DISPLAYNAME&$top=1` }, expect: { status: 200, body: has({ '@odata.context': /\(id,displayName\)$/ }) } },
  { rule: 'G1', says: 'properties in bodies have a letter case', ask: { method: 'POST', path: set, body: { DisplayName: 'x' } }, expect: badRequest(/The property 'DisplayName' does not exist/, 'DisplayName') },
  ...keys, ...noKeys, ...actions, ...otherMethods, ...segments, ...unknown, ...tricks,
  { rule: 'G6', says: 'a trailing slash is accepted behind a list', ask: { path: `${set}/?$top=1` }, expect: { status: 200, body: has({ value: (value) => assert.equal(value.length, 1) }) } },
  { rule: 'G6', says: 'a trailing slash is accepted behind an entity', ask: (c) => ({ path: `${set}/${c.profile.id}/` }), expect: one },
];
