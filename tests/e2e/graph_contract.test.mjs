// The Graph dialect, rule by rule: docs/graph-contract.md has the rules, contract/ has the tables of
// requests and answers. Whole workflows and the finer points are in the other test files.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { devToken, run, startServer, until } from './support/server.mjs';
import { createProfile, createToken, graph, profilesPath, send } from './support/http.mjs';
import { startEntra } from './support/entra.mjs';
import { ask, register } from './support/table.mjs';
import { addresses } from './contract/addresses.mjs';
import { errors } from './contract/errors.mjs';
import { headers } from './contract/headers.mjs';
import { bodies } from './contract/bodies.mjs';
import { queries } from './contract/queries.mjs';
import { callers, scenarios } from './contract/callers.mjs';
import { deviceOwner } from './contract/device_owner.mjs';
import { batchRows, batchScenarios } from './contract/batches.mjs';

const rows = [...addresses, ...errors, ...headers, ...bodies, ...queries, ...callers, ...deviceOwner, ...batchRows];
const strangeTenant = 'cdcdcdcd-cdcd-cdcd-cdcd-cdcdcdcdcdcd';
const unlicensedTenant = '44444444-4444-4444-4444-444444444444';
const read = 'DeviceManagementConfiguration.Read.All';

const context = { strangeTenant, until, ask: (version, request) => ask(context, version, request) };
before(async () => {
  context.entra = await startEntra();
  const server = await startServer({ config: context.entra.configuration });
  context.server = server;
  const manage = (...flags) => assert.equal(run(['tenant', ...flags, '--data-dir', server.directory]).code, 0);
  manage('add', strangeTenant);
  manage('add', unlicensedTenant, '--unlicensed');
  context.administrator = devToken(server);
  context.reader = devToken(server, '--scope', read);
  context.visitor = devToken(server, '--scope', 'User.Read');
  context.personal = devToken(server, '--personal');
  context.application = devToken(server, '--app');
  context.readingApplication = devToken(server, '--app', '--scope', read);
  context.stranger = devToken(server, '--tenant', strangeTenant);
  context.unlicensed = devToken(server, '--tenant', unlicensedTenant);
  context.deviceReader = devToken(server, '--scope', 'DeviceManagementManagedDevices.Read.All');
  context.appsReader = devToken(server, '--scope', 'DeviceManagementApps.Read.All');
  context.bare = await createProfile(server, context.administrator, 'Without a token');
  context.profile = await createToken(server, context.administrator, (await createProfile(server, context.administrator, 'With a token')).id);
  for (const name of ['a', 'b', 'c', 'd']) await createProfile(server, context.administrator, `G25 ${name}`);
  context.secondPage = {};
  for (const version of ['v1.0', 'beta']) {
    const page = await graph(server, 'GET', `${profilesPath}?$filter=startswith(displayName,'G25%20')&$top=2`, { token: context.administrator, version });
    context.secondPage[version] = page.json['@odata.nextLink'].slice(server.url.length);
  }
  await until('the keys', async () => (await send(server.opsUrl, { path: '/readyz' })).status === 200);
});
after(async () => {
  await context.server.stop();
  await context.entra.stop();
});

register(rows, () => context);
for (const { rule, says, run: play } of [...scenarios, ...batchScenarios]) test(`${rule} ${says}`, () => play(context));

test('G9 on request a missing permission is wrapped as Intune wraps it', async () => {
  const wrapping = await startServer({ config: '[graph]\nintune-error-wrapping = true\n' });
  try {
    const answer = await graph(wrapping, 'GET', profilesPath, { token: devToken(wrapping, '--scope', 'User.Read') });
    assert.equal(answer.status, 403);
    const wrapped = JSON.parse(answer.json.error.message);
    assert.deepEqual(Object.keys(wrapped), ['_version', 'Message', 'CustomApiErrorPhrase', 'RetryAfter', 'ErrorSourceService', 'HttpHeaders']);
    assert.match(wrapped.Message, /^Application is not authorized .* - Activity ID: [0-9a-f-]{36} - Url: http/);
  } finally {
    await wrapping.stop();
  }
});

// The numbers in the names of all tests here, and in the tables.
function testedRules() {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const files = ['.', 'contract'].flatMap((folder) => readdirSync(join(here, folder))
    .filter((name) => name.endsWith('.mjs')).map((name) => join(here, folder, name)));
  const found = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?:rule: |test\()['"`](G\d+)\b/g)]);
  return new Set(found.map((hit) => hit[1]));
}

test('every numbered rule has a test of its number, and every test\'s number is a rule', () => {
  const document = readFileSync(new URL('../../docs/graph-contract.md', import.meta.url), 'utf8');
  const written = [...document.matchAll(/^- \*\*(G\d+)\*\* /gm)].map((hit) => hit[1]);
  assert.ok(written.length > 30);
  assert.equal(new Set(written).size, written.length);
  const tested = testedRules();
  assert.deepEqual(written.filter((rule) => !tested.has(rule)), []);
  assert.deepEqual([...tested].filter((rule) => !written.includes(rule)), []);
});
