// Measures Muster beside its peers; see README.md.
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { muster as musterProgram } from '../tests/e2e/support/server.mjs';
import { Machine } from './support/machine.mjs';
import { addProfiles, readBodies, startMuster, writeAllRequests, writeTokenValues } from './support/muster.mjs';
import { peers as startPeer } from './support/peers.mjs';
import { hasProgram } from './support/processes.mjs';
import { Report } from './support/report.mjs';

const items = ['write', 'read', 'redeem', 'latency', 'clients', 'bearer', 'growth'];
const programs = ['wrk', 'redis-server', 'redis-benchmark', 'etcd', 'nginx', 'sqlite3'];
const usage = `usage: bench [--quick] [--rounds N] [--seconds N] [--loops N] [--directory D] [ITEM...]

Items: ${items.join(', ')}. Without any: all.
--quick      one short round, and a small database for growth
--directory  where databases are put for the time being; on the disk that is to be measured`;

function parse(argumentList) {
  const settings = {
    rounds: 5, seconds: 5, secondsToWait: 600, idleConnections: 10_000, floodTokens: 20_000,
    loops: cpus().length,
    directory: join(process.env.MUSTER_BENCH_TOOLS, 'data'),
    growth: { tenants: 1000, profiles: 1_000_000, tokensPerProfile: 10 },
    items: [],
  };
  const quick = { rounds: 1, seconds: 2, secondsToWait: 20, idleConnections: 1000, floodTokens: 6000,
    growth: { tenants: 100, profiles: 20_000, tokensPerProfile: 10 } };
  const list = [...argumentList];
  while (list.length > 0) {
    const word = list.shift();
    if (word === '--quick') Object.assign(settings, quick);
    else if (['--rounds', '--seconds', '--loops'].includes(word)) settings[word.slice(2)] = Number(list.shift());
    else if (word === '--directory') settings.directory = list.shift();
    else if (items.includes(word)) settings.items.push(word);
    else {
      console.error(usage);
      process.exit(2);
    }
  }
  for (const name of ['rounds', 'seconds', 'loops']) {
    if (Number.isInteger(settings[name]) && settings[name] > 0) continue;
    console.error(`--${name} must be a whole number above 0`);
    process.exit(2);
  }
  if (settings.items.length === 0) settings.items = items;
  return settings;
}

function describeMachine(settings) {
  const version = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' }).trim().split('\n')[0];
  return {
    taken: new Date().toISOString(),
    processor: cpus()[0].model, cores: cpus().length, memoryMiB: Math.round(totalmem() / 2 ** 20),
    settings: { ...settings, machine: undefined }, disturbed: settings.machine.disturbed,
    versions: { muster: version(musterProgram, 'version'), redis: version('redis-server', '--version'),
      etcd: version('etcd', '--version') },
  };
}

const settings = parse(process.argv.slice(2));
const missing = programs.filter((name) => !hasProgram(name));
if (missing.length > 0) {
  console.error(`bench: not installed: ${missing.join(', ')}. Use ./dev bench, which installs them.`);
  process.exit(1);
}

settings.machine = new Machine(settings.secondsToWait);
const muster = await startMuster(settings);
const profiles = await addProfiles(muster, 1000);
const requests = writeAllRequests(muster, profiles);
await writeTokenValues(muster, profiles);
const peers = {
  redis: await startPeer.redis(settings),
  etcd: await startPeer.etcd(settings),
  nginx: await startPeer.nginx(settings, await readBodies(muster, profiles)),
};
const report = new Report();
for (const name of settings.items) {
  const item = await import(`./items/${name}.mjs`);
  report.begin(item.title);
  await item.measure({ settings, report, muster, peers, profiles, requests })
    .catch((error) => report.fail(error));
  report.end();
}
report.print();
const { disturbed, repeated } = settings.machine;
console.log(`\nOther programs disturbed ${disturbed + repeated} measurements; ${repeated} were taken again, ` +
  `${disturbed} count as they are.`);
const results = fileURLToPath(new URL('results/latest.json', import.meta.url));
report.write(results, describeMachine(settings));
console.log(`\nIn full: ${results}`);
await Promise.all([muster.stop(), ...Object.values(peers).map((peer) => peer.stop())]);
process.exit(report.items.some((item) => item.failure !== undefined) ? 1 : 0);
