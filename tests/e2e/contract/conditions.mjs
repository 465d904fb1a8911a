// G18 behind a proxy, G38 to G41: throttling, entity tags, OPTIONS and compression.
import assert from 'node:assert/strict';
import { absent, badRequest, check, guid, has, set } from '../support/table.mjs';
import { createProfile, graph, profilesPath } from '../support/http.mjs';
import { devToken, startServer } from '../support/server.mjs';

const tag = /^W\/"[^"]+"$/;
const failed = { status: 412, error: { code: 'PreconditionFailed' } };
const fresh = (c) => createProfile(c.server, c.administrator);
const tagged = async (c) => {
  const { id } = await fresh(c);
  return [`${set}/${id}`, (await graph(c.server, 'GET', `${set}/${id}`, { token: c.administrator })).headers.etag];
};
const stale = 'W/"1-2-3"';

const changes = [
  ['PATCH', '', { description: 'x' }, 200], ['DELETE', '', undefined, 204],
  ['POST', '/createToken', { tokenValidityInSeconds: 6 }, 204], ['POST', '/revokeToken', undefined, 204],
].flatMap(([method, tail, body, status]) => [
  { rule: 'G39', says: `${method} ${tail} goes on with the tag of the present state`,
    ask: async (c) => { const [path, etag] = await tagged(c); return { method, path: path + tail, body, headers: { 'If-Match': etag } }; }, expect: { status } },
  { rule: 'G39', says: `${method} ${tail} is a 412 with another tag`,
    ask: async (c) => { const [path] = await tagged(c); return { method, path: path + tail, body, headers: { 'If-Match': stale } }; }, expect: failed },
  { rule: 'G39', says: `${method} ${tail} goes on with *`,
    ask: async (c) => { const [path] = await tagged(c); return { method, path: path + tail, body, headers: { 'If-Match': '*' } }; }, expect: { status } },
]);

const options = [
  [set, 'GET, HEAD, POST, OPTIONS'], [`${set}/00000000-0000-0000-0000-000000000001`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
  [`${set}/00000000-0000-0000-0000-000000000001/createToken`, 'POST, OPTIONS'], ['/deviceManagement/managedDevices', 'GET, HEAD, OPTIONS'],
].map(([path, Allow]) => ({
  rule: 'G40', says: `OPTIONS of ${path} tells its methods, without a token`, ask: { method: 'OPTIONS', path, token: null },
  expect: { status: 204, headers: { Allow, 'Content-Length': absent, 'request-id': guid }, body: '' },
}));

export const conditions = [
  { rule: 'G39', says: 'an entity has its tag', ask: (c) => ({ path: `${set}/${c.profile.id}` }), expect: { status: 200, headers: { ETag: tag } } },
  { rule: 'G39', says: 'a new entity has its tag', ask: { method: 'POST', path: set, body: { displayName: 'x' } }, expect: { status: 201, headers: { ETag: tag } } },
  { rule: 'G39', says: 'a list has none, in bodies neither', ask: { path: `${set}?$top=1` }, expect: { status: 200, headers: { ETag: absent }, body: has({ value: ([profile]) => absent(profile['@odata.etag']) }) } },
  { rule: 'G39', says: 'what is known already is not sent again', ask: async (c) => { const [path, etag] = await tagged(c); return { path, headers: { 'If-None-Match': etag } }; }, expect: { status: 304, headers: { ETag: tag, 'Content-Type': absent }, body: '' } },
  { rule: 'G39', says: 'what is new is sent', ask: async (c) => { const [path] = await tagged(c); return { path, headers: { 'If-None-Match': stale } }; }, expect: { status: 200, headers: { ETag: tag } } },
  { rule: 'G39', says: 'what is no tag is a 400', ask: async (c) => ({ method: 'PATCH', path: `${set}/${(await fresh(c)).id}`, body: { description: 'x' }, headers: { 'If-Match': 'nonsense' } }), expect: badRequest(/./, 'If-Match') },
  ...changes, ...options,
  { rule: 'G40', says: 'OPTIONS of what is not there is the same 400', ask: { method: 'OPTIONS', path: '/nonsense', token: null }, expect: badRequest("Resource not found for the segment 'nonsense'.") },
  { rule: 'G41', says: 'a larger answer is compressed for who takes it', ask: { path: `${set}?$top=20`, headers: { 'Accept-Encoding': 'gzip, deflate, br' } }, expect: { status: 200, headers: { 'Content-Encoding': 'gzip', Vary: /Accept-Encoding/ } } },
  { rule: 'G41', says: 'a small answer is not', ask: (c) => ({ path: `${set}/${c.profile.id}?$select=id`, headers: { 'Accept-Encoding': 'gzip' } }), expect: (c) => ({ status: 200, headers: { 'Content-Encoding': absent }, body: has({ id: c.profile.id }) }) },
  { rule: 'G41', says: 'nor is any for who does not take it', ask: { path: `${set}?$top=20`, headers: { 'Accept-Encoding': 'gzip;q=0' } }, expect: { status: 200, headers: { 'Content-Encoding': absent }, body: has({ value: (value) => assert.ok(value.length > 0) }) } },
];

// Servers of their own.
async function withServer(options, use) {
  const server = await startServer(options);
  try {
    await use(server, devToken(server));
  } finally {
    await server.stop();
  }
}

export const conditionScenarios = [
  { rule: 'G18', says: 'behind a proxy that is named, the root is what it says; of others nothing is believed', run: async () => {
    const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'graph.example.org' };
    await withServer({ flags: ['--trusted-proxies', '127.0.0.1'] }, async (server, token) => {
      const answer = await graph(server, 'GET', profilesPath, { token, headers });
      assert.equal(answer.json['@odata.context'], 'https://graph.example.org/v1.0/$metadata#deviceManagement/androidForWorkEnrollmentProfiles');
    });
    await withServer({}, async (server, token) => {
      const answer = await graph(server, 'GET', profilesPath, { token, headers });
      assert.equal(answer.json['@odata.context'], `${server.url}/v1.0/$metadata#deviceManagement/androidForWorkEnrollmentProfiles`);
    });
  } },
  { rule: 'G38', says: 'too many calls are a 429 with Retry-After, and others go on', run: () => withServer({ flags: ['--throttle-span-seconds', '3600', '--throttle-changes-per-app', '1'] }, async (server, token) => {
    const create = (bearer) => graph(server, 'POST', profilesPath, { token: bearer, body: { displayName: 'x' } });
    check(await create(token), { status: 201 });
    check(await create(token), { status: 429, headers: { 'Retry-After': /^[1-9]\d*$/, 'Content-Type': 'application/json' }, error: { code: 'TooManyRequests', target: absent } });
    check(await graph(server, 'GET', profilesPath, { token }), { status: 200 });
  }) },
  { rule: 'G41', says: 'what was compressed is the same', run: async (c) => {
    const read = (headers) => graph(c.server, 'GET', `${profilesPath}?$top=20`, { token: c.administrator, headers });
    const packed = await read({ 'Accept-Encoding': 'gzip' });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.deepEqual(packed.json, (await read({})).json);
  } },
];
