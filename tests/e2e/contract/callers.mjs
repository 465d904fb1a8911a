// G29 to G33: who calls, and what the type is.
import assert from 'node:assert/strict';
import { check, guid, has, set, ask } from '../support/table.mjs';
import { demoTenant } from '../support/server.mjs';
import { devClaims, devKey, makeKey, sign, signedWithPublicKey, unsigned } from '../support/jwt.mjs';
import { createProfile } from '../support/http.mjs';

const read = 'DeviceManagementConfiguration.Read.All';
const write = 'DeviceManagementConfiguration.ReadWrite.All';
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';
const notBelieved = { status: 401, error: { code: 'InvalidAuthenticationToken', message: /^Access token validation failure/ } };
const forbidden = { status: 403, error: { code: 'Forbidden' } };

const entra = [1, 2].flatMap((form) => [
  { rule: 'G29', says: `a person's v${form} token has scp`, ask: async (c) => ({ path: set, token: await c.entra.token(form, demoTenant, { scp: `openid ${read}` }) }), expect: { status: 200 } },
  { rule: 'G29', says: `an application's v${form} token has roles`, versions: ['beta'], ask: async (c) => ({ path: set, token: await c.entra.token(form, demoTenant, { roles: [read] }) }), expect: { status: 200 } },
  { rule: 'G29', says: `roles of a person are no permission (v${form})`, ask: async (c) => ({ path: set, token: await c.entra.token(form, demoTenant, { scp: 'User.Read', roles: [write] }) }), expect: forbidden },
  { rule: 'G29', says: `a v${form} token of another issuer's name is not believed`, ask: async (c) => ({ path: set, token: await c.entra.token(form, demoTenant, { scp: read, iss: 'https://example.com/' }) }), expect: notBelieved },
  { rule: 'G29', says: `a v${form} token for an audience of another issuer is not believed`, ask: async (c) => ({ path: set, token: await c.entra.token(form, demoTenant, { scp: read, aud: 'https://graph.microsoft.com' }) }), expect: notBelieved },
]);
const audiences = ['https://graph.microsoft.com', 'https://graph.microsoft.com/', '00000003-0000-0000-c000-000000000000'].map((aud) => ({
  rule: 'G29', says: `the built-in issuer's audience may be ${aud}`, ask: async (c) => ({ path: set, token: await sign(devKey(c.server), devClaims({ aud })) }), expect: { status: 200 },
}));

const signatures = [
  ['unsigned', (c) => unsigned(devClaims(), devKey(c.server).kid)], ['HS256 with the public key', (c) => signedWithPublicKey(devKey(c.server), devClaims())],
  ['RS512', (c) => sign(devKey(c.server), devClaims(), { alg: 'RS512' })], ['an unknown kid', async () => sign(await makeKey(), devClaims())],
  ['another key under the right kid', async (c) => sign(await makeKey('RS256', devKey(c.server).kid), devClaims())],
].map(([name, make]) => ({ rule: 'G30', says: `a token that is signed so is not believed: ${name}`, ask: async (c) => ({ path: set, token: await make(c) }), expect: notBelieved }));

// Who may do what: on /v1.0, on /beta.
const profileCalls = {
  list: () => ({ path: `${set}?$top=1` }), count: () => ({ path: `${set}/$count` }), get: (c) => ({ path: `${set}/${c.profile.id}` }),
  create: () => ({ method: 'POST', path: set, body: { displayName: 'x' } }),
  update: async (c) => ({ method: 'PATCH', path: `${set}/${(await createProfile(c.server, c.administrator)).id}`, body: { description: 'x' } }),
  createToken: async (c) => ({ method: 'POST', path: `${set}/${(await createProfile(c.server, c.administrator)).id}/createToken`, body: { tokenValidityInSeconds: 6 } }),
  revokeToken: async (c) => ({ method: 'POST', path: `${set}/${(await createProfile(c.server, c.administrator)).id}/revokeToken` }),
  delete: async (c) => ({ method: 'DELETE', path: `${set}/${(await createProfile(c.server, c.administrator)).id}` }),
};
const reads = ['list', 'count', 'get'];
const permissions = [
  ['administrator', true, true], ['reader', 'reads', 'reads'], ['visitor', false, false], ['personal', false, false],
  ['application', false, true], ['readingApplication', false, 'reads'],
].flatMap(([who, onV1, onBeta]) => Object.entries(profileCalls).flatMap(([call, request]) => [['v1.0', onV1], ['beta', onBeta]].map(([version, may]) => {
  const allowed = may === 'reads' ? reads.includes(call) : may;
  return {
    rule: 'G31', says: `${who} ${allowed ? 'may' : 'may not'} ${call}`, versions: [version],
    ask: async (c) => ({ ...(await request(c)), token: c[who] }),
    expect: allowed ? { status: { create: 201, createToken: 204, revokeToken: 204, delete: 204 }[call] ?? 200 } : forbidden,
  };
})));
const others = [
  ['managedDevices', 'deviceReader', 200], ['managedDevices', 'administrator', 403], ['auditEvents', 'appsReader', 200], ['auditEvents', 'reader', 200], ['auditEvents', 'visitor', 403],
].map(([list, who, status]) => ({
  rule: 'G31', says: `${who} reading ${list} is a ${status}`, ask: (c) => ({ path: `/deviceManagement/${list}`, token: c[who] }), expect: status === 200 ? { status } : forbidden,
}));

const unlicensed = ['list', 'get', 'create', 'createToken', 'delete'].map((call) => ({
  rule: 'G32', says: `a tenant without licence may not ${call}`, ask: async (c) => ({ ...(await profileCalls[call](c)), token: c.unlicensed }),
  expect: { status: 403, error: { code: 'Forbidden', message: /^The tenant has no active Intune licence/ } },
}));

export const callers = [
  ...entra, ...audiences,
  { rule: 'G29', says: 'a personal account\'s token is known by its tenant', ask: async (c) => ({ path: set, token: await c.entra.token(2, personal, { scp: read }) }), expect: { status: 403, error: { code: 'Forbidden', message: /^Personal Microsoft accounts are not supported/ } } },
  ...signatures,
  { rule: 'G30', says: 'the discovery document\'s {tenantid} is the token\'s', ask: async (c) => ({ path: set, token: await c.entra.token(2, c.strangeTenant, { scp: read }) }), expect: { status: 200 } },
  { rule: 'G30', says: 'an issuer that names another tenant than the token is not believed', ask: async (c) => ({ path: set, token: await c.entra.token(2, c.strangeTenant, { scp: read, iss: c.entra.issuer[2](demoTenant) }) }), expect: notBelieved },
  ...permissions, ...others, ...unlicensed,
  { rule: 'G33', says: 'a profile has exactly the schema\'s properties', ask: (c) => ({ path: `${set}/${c.profile.id}` }), expect: (c) => ({ status: 200, body: {
    '@odata.context': /./, accountId: demoTenant, id: guid, displayName: 'With a token', description: null, createdDateTime: /Z$/, lastModifiedDateTime: /Z$/,
    tokenValue: c.profile.tokenValue, tokenExpirationDateTime: /Z$/, enrolledDeviceCount: 0, qrCodeContent: (text) => assert.equal(typeof JSON.parse(text), 'object'), qrCodeImage: has({ type: 'image/png' }),
  } }) },
  { rule: 'G33', says: 'createToken has one parameter', ask: profileCalls.createToken, expect: { status: 204 } },
  { rule: 'G33', says: 'revokeToken has none', ask: profileCalls.revokeToken, expect: { status: 204 } },
];

// What takes more than one request.
export const scenarios = [
  { rule: 'G30', says: 'a key that is new is fetched once and believed', async run(c) {
    const rolled = await makeKey('RS256', 'contract');
    c.entra.keys.push(rolled);
    const token = await c.entra.token(2, demoTenant, { scp: read }, { key: rolled });
    const before = c.entra.keyFetches;
    await c.until('the new key', async () => (await ask(c, 'v1.0', { path: set, token })).status === 200);
    check(await ask(c, 'beta', { path: set, token }), { status: 200 });
    assert.equal(c.entra.keyFetches, before + 1);
  } },
];
