// Item 5: the rates, memory and start with a large database beside those with an empty one: under the
// same load, on one tenant's profiles, and under one on profiles of all tenants.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BearerTokens } from '../support/bearer_tokens.mjs';
import { wrk } from '../support/load.mjs';
import { addProfiles, inParallel, memoryOf, startMuster, writeAllRequests, writeTokenValues } from '../support/muster.mjs';
import { makeDirectory, removeDirectory, runProcess } from '../support/processes.mjs';
import { alternate, median } from '../support/rounds.mjs';

export const title = 'Growth';

const spreadProfiles = 10_000;
const profilesOfOne = 1000;
const grow = fileURLToPath(new URL('../load/grow.sql', import.meta.url));

// Unix time in Graph's ticks.
const ticks = () => String(621355968000000000n + BigInt(Date.now()) * 10000n);

async function makeDatabase(settings) {
  const directory = makeDirectory(settings.directory, 'grown');
  await (await startMuster(settings, { directory })).stop();
  const { tenants, profiles, tokensPerProfile } = settings.growth;
  const before = Date.now();
  await runProcess('sqlite3', ['-bail', '-cmd', '.parameter init', '-cmd', `.parameter set @tenants ${tenants}`,
    '-cmd', `.parameter set @profiles ${profiles}`,
    '-cmd', `.parameter set @tokens_per_profile ${tokensPerProfile}`,
    '-cmd', `.parameter set @now ${ticks()}`, join(directory, 'muster.db'), `.read '${grow}'`]);
  // What the kernel still has to write would slow down whoever starts next.
  await runProcess('sync', [join(directory, 'muster.db')]);
  return { directory, seconds: (Date.now() - before) / 1000 };
}

const formatGuid = (hex) => hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

// Profiles that the condition on t and p picks, with a bearer token of their tenant.
async function pick(directory, condition) {
  const rows = JSON.parse(await runProcess('sqlite3', ['-json', join(directory, 'muster.db'),
    `SELECT hex(t.account_id) AS tenant, hex(p.guid) AS id FROM profiles p
     JOIN tenants t ON t.id = p.tenant_id WHERE ${condition}`]));
  const tokens = new BearerTokens(directory);
  const tenants = [...new Set(rows.map((row) => row.tenant))];
  const bearers = await inParallel(tenants, 4, (tenant) => tokens.make(formatGuid(tenant)));
  const bearerOf = new Map(tenants.map((tenant, index) => [tenant, bearers[index]]));
  return rows.map((row) => ({ id: formatGuid(row.id), bearer: bearerOf.get(row.tenant) }));
}

async function measureStart(settings, directory, report) {
  const times = [];
  for (let round = 0; round < settings.rounds; round++) {
    const server = await startMuster(settings, { directory });
    times.push(server.readyMilliseconds);
    await server.stop();
  }
  report.ratio('start to ready, grown, ms', median(times), { atMost: 1000 });
}

// Profiles that are redeemed must not be given new tokens meanwhile, on no side.
async function prepare(server, name, profiles, redeemed) {
  return {
    server,
    requests: writeAllRequests(server, profiles, name),
    values: await writeTokenValues(server, redeemed, `values-${name}`),
  };
}

async function prepareGrown(settings, server, directory) {
  const ofTenant = (tenant) => pick(directory, `t.name = 'Tenant ${tenant}' LIMIT ${profilesOfOne}`);
  const spread = await pick(directory, `t.name NOT IN ('Tenant 7', 'Tenant 8')
    AND p.id IN (SELECT id FROM profiles ORDER BY random()
    LIMIT ${Math.min(spreadProfiles, settings.growth.profiles / 10)})`);
  const redeemed = Math.floor(spread.length / 10);
  return {
    grown: await prepare(server, 'one', await ofTenant(7), await ofTenant(8)),
    spread: await prepare(server, 'spread', spread.slice(redeemed), spread.slice(0, redeemed)),
  };
}

const rates = {
  'createToken, 64 connections': (side, settings) => wrk(side.server.url, 64, settings.seconds, 'replay', side.requests.create),
  'createToken, 256 connections': (side, settings) => wrk(side.server.url, 256, settings.seconds, 'replay', side.requests.create),
  'redeem, 64 connections': (side, settings, name) => wrk(side.server.url, 64, settings.seconds, 'redeem', side.values, name),
  'GET one profile': (side, settings) => wrk(side.server.url, 64, settings.seconds, 'replay', side.requests.profile),
  'GET page of 100 profiles': (side, settings) => wrk(side.server.url, 64, settings.seconds, 'replay', side.requests.page),
};

// Each new token makes a new QR code, which is drawn when it is first shown: a millisecond that has
// nothing to do with how large the database is.
async function warmUp(settings, sides, run) {
  const longer = { ...settings, seconds: 2 * settings.seconds };
  for (const side of Object.values(sides)) await run(side, longer);
}

export async function measure({ settings, report, muster }) {
  const { directory, seconds } = await makeDatabase(settings);
  const { tenants, profiles, tokensPerProfile } = settings.growth;
  report.value(`made ${tenants} tenants, ${profiles} profiles, ${profiles * tokensPerProfile} tokens, ${profiles} devices`, seconds, 's');
  await measureStart(settings, directory, report);
  const server = await startMuster(settings, { directory });
  const sides = {
    empty: await prepare(muster, 'empty', await addProfiles(muster, profilesOfOne), await addProfiles(muster, profilesOfOne)),
    ...await prepareGrown(settings, server, directory),
  };
  for (const [name, run] of Object.entries(rates)) {
    if (name.startsWith('GET')) await warmUp(settings, sides, run);
    const { medians, values } = await alternate(settings, Object.fromEntries(Object.entries(sides)
      .map(([side, of]) => [side, (round) => run(of, settings, `G${side}${round}`)])));
    report.rates(`${name}, grown beside empty`, medians, values);
    report.ratio(`${name}, grown / empty`, medians.grown / medians.empty, { atLeast: 0.8 });
    report.ratio(`${name}, grown, of all tenants / empty`, medians.spread / medians.empty, { aim: 0.8 });
  }
  report.ratio('memory of the server, grown, MiB', memoryOf(server), { atMost: 256 });
  await server.stop();
  removeDirectory(directory);
}
