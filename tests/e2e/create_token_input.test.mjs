// Everything that createToken may be sent and must refuse: each its own clear answer, and nothing
// has changed afterwards.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { devToken, startServer } from './support/server.mjs';
import { createProfile, createToken, graph, profilesPath, send } from './support/http.mjs';

let server;
let token;
let profile;
let unchanged;
before(async () => {
  server = await startServer();
  token = devToken(server);
  profile = await createProfile(server, token);
  unchanged = await createToken(server, token, profile.id);
});
after(() => server.stop());

const json = { 'Content-Type': 'application/json' };
const codes = { 400: 'BadRequest', 413: 'RequestEntityTooLarge', 415: 'UnsupportedMediaType' };
const parameter = 'tokenValidityInSeconds';
const clientRequestId = '0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e';
const refused = [
  ['no body', { headers: json }, 400, /empty/],
  ['no body and no Content-Type', {}, 400, /empty/],
  ['no parameter', { body: '{}', headers: json }, 400, /'tokenValidityInSeconds'.*missing/, parameter],
  ['null', { body: '{"tokenValidityInSeconds": null}', headers: json }, 400, /null was given/, parameter],
  ['0', { body: '{"tokenValidityInSeconds": 0}', headers: json }, 400, /from 1 to 2147483647/, parameter],
  ['a negative number', { body: '{"tokenValidityInSeconds": -1}', headers: json }, 400, /from 1 to 2147483647/, parameter],
  ['a fraction', { body: '{"tokenValidityInSeconds": 6.5}', headers: json }, 400, /fraction/, parameter],
  ['a whole number with a fraction', { body: '{"tokenValidityInSeconds": 6.0}', headers: json }, 400, /fraction/, parameter],
  ['an exponent', { body: '{"tokenValidityInSeconds": 6e0}', headers: json }, 400, /exponent/, parameter],
  ['a string', { body: '{"tokenValidityInSeconds": "6"}', headers: json }, 400, /a string was given/, parameter],
  ['a boolean', { body: '{"tokenValidityInSeconds": true}', headers: json }, 400, /a boolean was given/, parameter],
  ['an array', { body: '{"tokenValidityInSeconds": [6]}', headers: json }, 400, /an array was given/, parameter],
  ['one more than an Int32', { body: '{"tokenValidityInSeconds": 2147483648}', headers: json }, 400, /out of range/, parameter],
  ['more than an Int64', { body: '{"tokenValidityInSeconds": 99999999999999999999}', headers: json }, 400, /out of range/],
  ['an unknown parameter', { body: '{"tokenValidityInSeconds": 6, "days": 1}', headers: json }, 400,
    /The parameter 'days' in the request payload is not a valid parameter for the operation 'createToken'/, 'days'],
  ['a parameter in another case', { body: '{"TokenValidityInSeconds": 6}', headers: json }, 400, /'TokenValidityInSeconds'/, 'TokenValidityInSeconds'],
  ['a duplicate', { body: '{"tokenValidityInSeconds": 6, "tokenValidityInSeconds": 7}', headers: json }, 400, /twice/],
  ['no JSON', { body: 'tokenValidityInSeconds=6', headers: json }, 400, /not valid JSON/],
  ['half a JSON', { body: '{"tokenValidityInSeconds": 6', headers: json }, 400, /not valid JSON/],
  ['JSON that is no object', { body: '[6]', headers: json }, 400, /not an array/],
  ['something behind the JSON', { body: '{"tokenValidityInSeconds": 6} 7', headers: json }, 400, /not valid JSON/],
  ['JSON nested without end', { body: '['.repeat(60000), headers: json }, 400, /not valid JSON/],
  ['bytes that are not UTF-8', { body: Buffer.from('{"tokenValidityInSeconds\xff": 6}', 'latin1'), headers: json }, 400, /not valid JSON/],
  ['no Content-Type', { body: '{"tokenValidityInSeconds": 6}', headers: {} }, 415, /application\/json/, 'Content-Type'],
  ['a form', { body: '{"tokenValidityInSeconds": 6}', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 415, /application\/json/, 'Content-Type'],
  ['another charset', { body: '{"tokenValidityInSeconds": 6}', headers: { 'Content-Type': 'application/json; charset=utf-16' } }, 415, /UTF-8/, 'Content-Type'],
  ['a body over 64 KiB', { body: `{"tokenValidityInSeconds": 6${' '.repeat(65536)}}`, headers: json }, 413, /65536|64/],
  ["an entity's @odata.type", { body: '{"tokenValidityInSeconds": 6, "@odata.type": "#microsoft.graph.androidForWorkEnrollmentProfile"}', headers: json }, 400,
    /must be '#microsoft\.graph\.createToken' here/, '@odata.type'],
  ['an @odata.type that is no text', { body: '{"tokenValidityInSeconds": 6, "@odata.type": 6}', headers: json }, 400, /createToken/, '@odata.type'],
  ['a limit of no devices', { body: '{"tokenValidityInSeconds": 6, "@muster.maxEnrollments": 0}', headers: json }, 400, /from 1/, '@muster.maxEnrollments'],
];

for (const [name, request, status, message, target] of refused) {
  for (const version of ['v1.0', 'beta']) {
    test(`createToken refuses ${name} with ${status} on /${version}`, async () => {
      const answer = await send(server.url, {
        method: 'POST', path: `/${version}${profilesPath}/${profile.id}/createToken`, body: request.body,
        headers: { Authorization: `Bearer ${token}`, 'client-request-id': clientRequestId, ...request.headers },
      });
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.headers['content-type'], /^application\/json/);
      const { code, message: said, target: at, innerError } = answer.json.error;
      assert.equal(code, codes[status]);
      assert.match(said, message);
      assert.equal(at, target);
      assert.deepEqual(Object.keys(innerError), ['date', 'request-id', 'client-request-id']);
      assert.match(innerError.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      assert.equal(innerError['request-id'], answer.headers['request-id']);
      assert.equal(innerError['client-request-id'], clientRequestId);
      const read = (await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json;
      assert.deepEqual(read, unchanged);
    });
  }
}

test('annotations that are not known are ignored', async () => {
  const another = await createProfile(server, token);
  const answer = await graph(server, 'POST', `${profilesPath}/${another.id}/createToken`,
    { token, body: { tokenValidityInSeconds: 6, '@example.comment': 'x', 'tokenValidityInSeconds@odata.type': '#Int32' } });
  assert.equal(answer.status, 204);
});

test('@odata.type may name the action', async () => {
  const another = await createProfile(server, token);
  for (const type of ['#microsoft.graph.createToken', 'microsoft.graph.createToken']) {
    const answer = await graph(server, 'POST', `${profilesPath}/${another.id}/createToken`,
      { token, body: { '@odata.type': type, tokenValidityInSeconds: 6 } });
    assert.equal(answer.status, 204, answer.text);
  }
  const wrong = await graph(server, 'POST', `${profilesPath}/${another.id}/revokeToken`,
    { token, body: { '@odata.type': '#microsoft.graph.createToken' } });
  assert.equal(wrong.status, 400);
});

test('revokeToken takes no parameter', async () => {
  const answer = await graph(server, 'POST', `${profilesPath}/${profile.id}/revokeToken`,
    { token, body: { reason: 'x' } });
  assert.equal(answer.status, 400);
  assert.equal(answer.json.error.target, 'reason');
  assert.deepEqual((await graph(server, 'GET', `${profilesPath}/${profile.id}`, { token })).json, unchanged);
});

for (const [path, status] of [
  [`${profilesPath}/00000000-0000-0000-0000-000000000000/createToken`, 404],
  [`${profilesPath}/not-a-guid/createToken`, 400],
  [`${profilesPath}/createToken`, 400],
  [`/deviceManagement/androidForWorkEnrollmentProfile/x/createToken`, 400],
]) {
  test(`createToken of ${path} is ${status}`, async () => {
    const answer = await graph(server, 'POST', path, { token, body: { tokenValidityInSeconds: 6 } });
    assert.equal(answer.status, status, answer.text);
    if (status === 404) assert.equal(answer.json.error.code, 'ResourceNotFound');
  });
}

for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
  test(`${method} on createToken is 405 and says that POST is allowed`, async () => {
    const answer = await graph(server, method, `${profilesPath}/${profile.id}/createToken`, { token });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, 'POST');
  });
}
