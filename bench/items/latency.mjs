// Item 4: the latency of createToken at half of the top rate, beside that of a bare fdatasync, and
// beside Redis under the same load.
import { steadyLoad, syncTime, wrk } from '../support/load.mjs';
import { median } from '../support/rounds.mjs';

export const title = 'Latency';

const connections = 64;
const syncs = 2000;
const percentiles = ['p50', 'p90', 'p99', 'p999'];

export async function measure({ settings, report, muster, peers, requests }) {
  const top = report.kept.createTokenRate ??
    await wrk(muster.url, 256, settings.seconds, 'replay', requests.create);
  const load = (port, file) => settings.machine.measure(
    () => steadyLoad(port, file, connections, top / 2, settings.seconds));
  const floors = [];
  const runs = { createToken: [], redis: [] };
  for (let round = 0; round < settings.rounds; round++) {
    floors.push((await settings.machine.measure(() => syncTime(muster.directory, syncs))).p50);
    runs.createToken.push(await load(muster.port, requests.create));
    runs.redis.push(await load(peers.redis.port, peers.redis.requests));
    process.stderr.write('.');
  }
  const floor = median(floors);
  const at = (who, name) => median(runs[who].map((run) => run[name]));
  const rate = `at ${Math.round(top / 2)}/s`;
  report.value('fdatasync, median', floor, 'µs');
  for (const name of percentiles) report.value(`createToken ${rate}, ${name}`, at('createToken', name), 'µs');
  for (const name of percentiles) report.value(`Redis SET, fsync always, ${rate}, ${name}`, at('redis', name), 'µs');
  report.ratio('createToken p99 / median fdatasync', at('createToken', 'p99') / floor, { atMost: 5 });
  report.ratio('Redis SET p99 / median fdatasync, same rate', at('redis', 'p99') / floor, {});
  tellPauses(report, runs.createToken, floor, `createToken ${rate}`);
}

// What is due while a processor stands still waits, whatever the server does.
function tellPauses(report, runs, floor, what) {
  if (runs.some((run) => run.pauses === undefined)) return;
  const outside = (name) => median(runs.map((run) => run.outside[name]));
  report.value('a processor stood still, part of the time', 100 * median(runs.map((run) => run.pauses.part)), '%');
  for (const name of ['p50', 'p90', 'p99']) report.value(`${what}, not met by that, ${name}`, outside(name), 'µs');
  report.ratio('createToken p99 / median fdatasync, while the processors run', outside('p99') / floor, { aimAtMost: 5 });
}
