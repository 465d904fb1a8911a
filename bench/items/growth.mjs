// Item 5: the rates, memory and start with a large database beside those with an empty one.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BearerTokens } from '../support/bearer_tokens.mjs';
import { wrk } from '../support/load.mjs';
import { addProfiles, inParallel, memoryOf, startMuster, writeAllRequests, writeTokenValues } from '../support/muster.mjs';
import { makeDirectory, removeDirectory, runProcess } from '../support/processes.mjs';
import { alternate, median } from '../support/rounds.mjs';

export const title = 'Growth';

const sampleSize = 10_000;
const redeemedProfiles = 1000;
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
  return { directory, seconds: (Date.now() - before) / 1000 };
}

const formatGuid = (hex) => hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

// Profiles from all over the file, and of all tenants, with a bearer token of their tenant.
async function sample(settings, directory) {
  const count = Math.min(sampleSize, settings.growth.profiles);
  const rows = JSON.parse(await runProcess('sqlite3', ['-json', join(directory, 'muster.db'),
    `SELECT hex(t.account_id) AS tenant, hex(p.guid) AS id FROM profiles p
     JOIN tenants t ON t.id = p.tenant_id
     ORDER BY random() LIMIT ${count}`]));
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

async function prepare(server, profiles, redeemed) {
  return {
    server,
    requests: writeAllRequests(server, profiles),
    values: await writeTokenValues(server, redeemed),
  };
}

export async function measure({ settings, report, muster }) {
  const { directory, seconds } = await makeDatabase(settings);
  const { tenants, profiles, tokensPerProfile } = settings.growth;
  report.value(`made ${tenants} tenants, ${profiles} profiles, ${profiles * tokensPerProfile} tokens, ${profiles} devices`, seconds, 's');
  const sampled = await sample(settings, directory);
  await measureStart(settings, directory, report);
  const grownServer = await startMuster(settings, { directory });
  // Profiles that are redeemed must not be given new tokens meanwhile.
  const sides = {
    empty: await prepare(muster, await addProfiles(muster, 1000), await addProfiles(muster, redeemedProfiles)),
    grown: await prepare(grownServer, sampled.slice(redeemedProfiles), sampled.slice(0, redeemedProfiles)),
  };
  const rates = {
    'createToken, 64 connections': (side) => wrk(side.server.url, 64, settings.seconds, 'replay', side.requests.create),
    'createToken, 256 connections': (side) => wrk(side.server.url, 256, settings.seconds, 'replay', side.requests.create),
    'redeem, 64 connections': (side, round) => wrk(side.server.url, 64, settings.seconds, 'redeem', side.values, `G${round}`),
    'GET one profile': (side) => wrk(side.server.url, 64, settings.seconds, 'replay', side.requests.profile),
    'GET page of 100 profiles': (side) => wrk(side.server.url, 64, settings.seconds, 'replay', side.requests.page),
  };
  for (const [name, run] of Object.entries(rates)) {
    const { medians, values } = await alternate(settings, {
      grown: (round) => run(sides.grown, round),
      empty: (round) => run(sides.empty, round),
    });
    report.rates(`${name}, grown beside empty`, medians, values);
    report.ratio(`${name}, grown / empty`, medians.grown / medians.empty, { atLeast: 0.8 });
  }
  report.ratio('memory of the server, grown, MiB', memoryOf(grownServer), { atMost: 256 });
  await grownServer.stop();
  removeDirectory(directory);
}
