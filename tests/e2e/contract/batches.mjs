// G35 and G36: batches, the schema and service documents.
import assert from 'node:assert/strict';
import { absent, badRequest, guid, has, match, set } from '../support/table.mjs';
import { createProfile } from '../support/http.mjs';

const json = { 'Content-Type': 'application/json' };
const get = (id, url, extra) => ({ id, method: 'GET', url, ...extra });
const batch = (...requests) => ({ method: 'POST', path: '/$batch', body: { requests } });
const missing = '00000000-0000-0000-0000-000000000001';

// The answers' statuses by id, and whatever else of some answer.
const answers = (statuses, more = {}) => ({
  status: 200, body: { responses: (responses) => {
    const byId = Object.fromEntries(responses.map((response) => [response.id, response]));
    assert.deepEqual(Object.fromEntries(Object.keys(statuses).map((id) => [id, byId[id]?.status])), statuses);
    assert.equal(responses.length, Object.keys(statuses).length);
    for (const [id, matcher] of Object.entries(more)) match(byId[id], matcher, id);
  } },
});

const batches = [
  { says: 'twenty requests are answered', ask: batch(...Array.from({ length: 20 }, (_, index) => get(`${index}`, `${set}?$top=1`))),
    expect: answers(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}`, 200]))) },
  { says: 'twenty-one are a 400', ask: batch(...Array.from({ length: 21 }, (_, index) => get(`${index}`, set))), expect: badRequest(/20/) },
  { says: 'an answer has its own headers and body', ask: (c) => batch(get('one', `${set}/${c.profile.id}?$select=id`)),
    expect: (c, version) => answers({ one: 200 }, { one: has({ headers: has({ 'Content-Type': /^application\/json;odata\.metadata=minimal/, 'request-id': guid }), body: { '@odata.context': new RegExp(`^${c.server.url}/${version}/`), id: c.profile.id } }) }) },
  { says: 'a count is its number', ask: batch(get('1', `${set}/$count`)), expect: answers({ 1: 200 }, { 1: has({ body: /^\d+$/ }) }) },
  { says: 'an address may begin without a slash', ask: batch(get('a', set.slice(1)), get('b', set)), expect: answers({ a: 200, b: 200 }) },
  { says: 'one that is refused does not spoil the others', ask: batch(get('bad', '/nonsense'), get('good', set)), expect: answers({ bad: 400, good: 200 }, { bad: has({ body: has({ error: has({ code: 'BadRequest' }) }) }) }) },
  { says: 'what depends on one that failed is a 424', ask: batch(get('first', `${set}/${missing}`), get('second', set, { dependsOn: ['first'] }), get('third', set, { dependsOn: ['second'] })),
    expect: answers({ first: 404, second: 424, third: 424 }, { second: has({ body: has({ error: has({ code: 'FailedDependency' }) }) }) }) },
  { says: 'what depends on one that went well sees what it did', ask: async (c) => {
    const path = `${set}/${(await createProfile(c.server, c.administrator)).id}`;
    return batch({ id: '1', method: 'POST', url: `${path}/createToken`, headers: json, body: { tokenValidityInSeconds: 60 } }, get('2', path, { dependsOn: ['1'] }));
  }, expect: answers({ 1: 204, 2: 200 }, { 2: has({ body: has({ tokenValue: /^[0-9A-Z]{26}$/ }) }) }) },
  { says: 'a whole address is refused', ask: (c, version) => batch(get('far', `https://graph.microsoft.com/${version}${set}`), get('near', set)), expect: answers({ far: 400, near: 200 }) },
  { says: 'a request may not bring a token of its own', ask: (c) => batch(get('other', set, { headers: { Authorization: `Bearer ${c.stranger}` } }), get('mine', set)), expect: answers({ other: 400, mine: 200 }) },
  { says: 'permissions count for each request', ask: (c) => ({ ...batch(get('read', set), { id: 'write', method: 'POST', url: set, headers: json, body: { displayName: 'x' } }), token: c.reader }), expect: answers({ read: 200, write: 403 }) },
  { says: 'two requests of one id are a 400', ask: batch(get('1', set), get('1', set)), expect: badRequest(/./) },
  { says: 'a dependency that is not there is a 400', ask: batch(get('1', set, { dependsOn: ['2'] })), expect: badRequest(/./) },
  { says: 'only POST is answered', ask: { path: '/$batch' }, expect: { status: 405, headers: { Allow: /^POST/ } } },
  { says: 'without a token there is no batch', ask: { ...batch(get('1', set)), token: null }, expect: { status: 401, error: { code: 'InvalidAuthenticationToken' } } },
].map((row) => ({ rule: 'G35', ...row }));

const schema = [
  { says: '$metadata is XML, to everybody', ask: { path: '/$metadata', token: null }, expect: { status: 200, headers: { 'Content-Type': /^application\/xml/ } } },
  { says: '$metadata is not JSON', ask: { path: '/$metadata', headers: { Accept: 'application/json' } }, expect: { status: 406, error: { code: 'NotAcceptable' } } },
  { says: 'the root is a service document', ask: { path: '', token: null }, expect: (c, version) => ({ status: 200, body: has({ '@odata.context': `${c.server.url}/${version}/$metadata`, value: (value) => assert.ok(value.some((entry) => entry.name === 'deviceManagement')) }) }) },
  { says: 'deviceManagement itself can be read', ask: { path: '/deviceManagement' }, expect: { status: 200, body: has({ '@odata.context': /#deviceManagement/, intuneAccountId: guid, value: absent }) } },
].map((row) => ({ rule: 'G36', ...row }));

export const batchRows = [...batches, ...schema];

export const batchScenarios = [
  { rule: 'G36', says: 'the schema names what is served, and nothing that is not', async run(c) {
    const { text } = await c.ask('beta', { path: '/$metadata', token: null });
    for (const name of ['androidForWorkEnrollmentProfile', 'managedDevice', 'auditEvent', 'mimeContent']) assert.ok(text.includes(`Name="${name}"`), name);
    for (const name of ['tokenValidityInSeconds', 'qrCodeImage', 'createToken', 'revokeToken', 'retire']) assert.ok(text.includes(`Name="${name}"`), name);
    assert.doesNotMatch(text, /Name="(user|group|syncDevice)"/);
  } },
];
