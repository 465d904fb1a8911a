// Item 4: the latency of createToken at half of the top rate, beside that of a bare fdatasync.
import { steadyLoad, syncTime, wrk } from '../support/load.mjs';
import { median } from '../support/rounds.mjs';

export const title = 'Latency';

const connections = 64;
const syncs = 2000;

export async function measure({ settings, report, muster, requests }) {
  const top = report.kept.createTokenRate ??
    await wrk(muster.url, 256, settings.seconds, 'replay', requests.create);
  const runs = [];
  const floors = [];
  for (let round = 0; round < settings.rounds; round++) {
    floors.push((await settings.machine.measure(() => syncTime(muster.directory, syncs))).p50);
    runs.push(await settings.machine.measure(
      () => steadyLoad(muster.port, requests.create, connections, top / 2, settings.seconds)));
    process.stderr.write('.');
  }
  const floor = median(floors);
  const at = (name) => median(runs.map((run) => run[name]));
  const what = `createToken at ${Math.round(top / 2)}/s`;
  report.value('fdatasync, median', floor, 'µs');
  for (const name of ['p50', 'p90', 'p99', 'p999']) report.value(`${what}, ${name}`, at(name), 'µs');
  report.ratio('createToken p99 / median fdatasync', at('p99') / floor, { atMost: 5 });
  tellPauses(report, runs, floor, what);
}

// What is due while a processor stands still waits, whatever the server does.
function tellPauses(report, runs, floor, what) {
  if (runs.some((run) => run.pauses === undefined)) return;
  const outside = (name) => median(runs.map((run) => run.outside[name]));
  report.value('a processor stood still, part of the time', 100 * median(runs.map((run) => run.pauses.part)), '%');
  for (const name of ['p50', 'p90', 'p99']) report.value(`${what}, not met by that, ${name}`, outside(name), 'µs');
  report.ratio('createToken p99 / median fdatasync, while the processors run', outside('p99') / floor, { aim: 5, below: true });
}
