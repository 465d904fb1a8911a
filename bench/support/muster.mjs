// Muster as the benchmark runs it, with profiles and files of requests ready to be replayed.
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { demoTenant, startServer } from '../../tests/e2e/support/server.mjs';
import { profilesPath, send } from '../../tests/e2e/support/http.mjs';
import { BearerTokens } from './bearer_tokens.mjs';
import { adopt, makeDirectory } from './processes.mjs';

const graphPath = `/v1.0${profilesPath}`;
const tokenBody = '{"tokenValidityInSeconds":36000}';

// flags: further ones of muster serve.
export async function startMuster(settings, { directory, flags = [] } = {}) {
  const before = process.hrtime.bigint();
  const server = await startServer({
    dataDirectory: directory ?? makeDirectory(settings.directory, 'muster'),
    flags: ['--loops', String(settings.loops), '--log-level', 'warning', ...flags],
  });
  server.readyMilliseconds = Number(process.hrtime.bigint() - before) / 1e6;
  server.port = new URL(server.url).port;
  adopt(server.child);
  return server;
}

// In MiB; what a restart would start with is not in it.
export function memoryOf(server) {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024;
}

export async function metricsOf(server) {
  const { text } = await send(server.opsUrl, { path: '/metrics' });
  return Object.fromEntries([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

export async function inParallel(list, at, work) {
  let next = 0;
  const results = [];
  await Promise.all(Array.from({ length: at }, async () => {
    while (next < list.length) {
      const index = next++;
      results[index] = await work(list[index], index);
    }
  }));
  return results;
}

function writeRequests(path, requests) {
  writeFileSync(path, requests.join('\0'));
  return path;
}

const createTokenRequest = (profile) => `POST ${graphPath}/${profile.id}/createToken HTTP/1.1\r\n` +
  `Host: 127.0.0.1\r\nAuthorization: Bearer ${profile.bearer}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${tokenBody.length}\r\n\r\n${tokenBody}`;

const readRequest = (path, bearer) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
  `Authorization: Bearer ${bearer}\r\nAccept: application/json\r\n\r\n`;

// Profiles of the demo tenant, each with a live token.
export async function addProfiles(server, count) {
  const bearer = await new BearerTokens(server.directory).make(demoTenant);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const profiles = await inParallel(Array.from({ length: count }), 32, async (_, index) => {
    const created = await send(server.url, {
      method: 'POST', path: graphPath, agent,
      headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ displayName: `Kiosks ${index}` }),
    });
    if (created.status !== 201) throw new Error(`a profile was not created: ${created.text}`);
    return { id: created.json.id, bearer };
  });
  agent.destroy();
  return profiles;
}

async function makeToken(server, agent, profile) {
  const headers = { Authorization: `Bearer ${profile.bearer}` };
  const made = await send(server.url, {
    method: 'POST', path: `${graphPath}/${profile.id}/createToken`, agent, body: tokenBody,
    headers: { ...headers, 'Content-Type': 'application/json' },
  });
  if (made.status !== 204) throw new Error(`a token was not created: ${made.text}`);
  const read = await send(server.url, { path: `${graphPath}/${profile.id}`, agent, headers });
  return read.json.tokenValue;
}

// Token values to redeem; createToken on these profiles makes them worthless.
export async function writeTokenValues(server, profiles, name = 'values') {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const values = await inParallel(profiles, 32, (profile) => makeToken(server, agent, profile));
  agent.destroy();
  const path = join(server.directory, name);
  writeFileSync(path, `${values.join('\n')}\n`);
  return path;
}

// Neighbours in the database would share a page, and so a write; requests from all over do not.
function shuffle(list) {
  const key = (index) => (index * 7919) % 104729;
  return list.map((item, index) => [key(index), item]).sort(([a], [b]) => a - b).map(([, item]) => item);
}

// The files of requests for a list of profiles, which are used in a mixed order.
export function writeAllRequests(server, list, prefix = 'all') {
  const profiles = shuffle(list);
  const path = (name) => join(server.directory, `${prefix}-${name}.requests`);
  const bearers = [...new Set(profiles.map((profile) => profile.bearer))];
  return {
    create: writeRequests(path('create'), profiles.map(createTokenRequest)),
    profile: writeRequests(path('profile'),
      profiles.map((profile) => readRequest(`${graphPath}/${profile.id}`, profile.bearer))),
    page: writeRequests(path('page'),
      bearers.map((bearer) => readRequest(`${graphPath}?$top=100`, bearer))),
  };
}

// The same request for a file of nginx, with the same headers.
export function writeStaticRequest(server, profiles, name) {
  return writeRequests(join(server.directory, `static-${name}.requests`),
    [readRequest(`/${name}`, profiles[0].bearer)]);
}

export async function readBodies(server, profiles) {
  const headers = { Authorization: `Bearer ${profiles[0].bearer}` };
  const profile = await send(server.url, { path: `${graphPath}/${profiles[0].id}`, headers });
  const page = await send(server.url, { path: `${graphPath}?$top=100`, headers });
  if (page.json.value.length !== 100) throw new Error(`the page has ${page.json.value.length} profiles`);
  return { profile: profile.text, page: page.text };
}
