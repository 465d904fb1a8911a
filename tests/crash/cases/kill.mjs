// Kills the server at random moments of its work, over and over on the same data, and checks after
// each restart that everything acknowledged is there, and nothing half-done.
import { spawn } from 'node:child_process';
import { cleanEnvironment, muster } from '../../e2e/support/server.mjs';
import { Place, flags } from '../support/place.mjs';
import { Random } from '../support/random.mjs';
import { checkAll } from '../support/check.mjs';

const roundsOfOnePlace = 25;
const killedWhileStartingOneIn = 5;
const killedAtLoadOneIn = 4;
const terminatedOneIn = 3;
// A little longer than the server needs for one request of each worker.
const microsecondsOfBatch = 2000;

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Recovery must bear being interrupted, too.
async function killWhileStarting(place, random) {
  const child = spawn(muster, ['serve', '--dev', '--data-dir', place.directory, '--listen', '127.0.0.1:0',
    '--ops-listen', '127.0.0.1:0', ...flags], { env: cleanEnvironment(), stdio: 'ignore' });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  await delay(random.between(1, 40));
  child.kill('SIGKILL');
  await exited;
}

function holdUp(microseconds) {
  const end = process.hrtime.bigint() + BigInt(microseconds) * 1000n;
  while (process.hrtime.bigint() < end);
}

// The load alone seldom has many requests in the server's hands at once. So the server is stopped,
// gets one request of each worker, goes on with all of them in one batch, and is killed meanwhile.
async function killAtBatch(place, seed, number, random) {
  const killed = new AbortController();
  place.server.child.kill('SIGSTOP');
  const batch = place.run((worker) => new Random(seed, 'batch', number, worker), { until: killed.signal, count: 1 });
  await delay(20);
  place.server.child.kill('SIGCONT');
  holdUp(random.between(0, microsecondsOfBatch));
  const end = place.server.stop('SIGKILL');
  killed.abort();
  await Promise.all([end, batch]);
}

async function round(place, seed, number, totals) {
  const random = new Random(seed, 'round', number);
  const stopped = new AbortController();
  const load = place.run((worker) => new Random(seed, 'round', number, 'worker', worker), { until: stopped.signal });
  // A worker that meets a violation ends the round at once.
  await Promise.race([delay(random.between(10, 400)), load]);
  stopped.abort();
  if (random.between(1, killedAtLoadOneIn) === 1) {
    await place.server.stop(random.between(1, terminatedOneIn) === 1 ? 'SIGTERM' : 'SIGKILL');
    await load;
  } else {
    await load;
    await killAtBatch(place, seed, number, random);
  }
  if (random.between(1, killedWhileStartingOneIn) === 1) await killWhileStarting(place, random);
  const unsettled = place.client.takePending();
  await place.start();
  const done = await checkAll(place.client, random, unsettled);
  totals.unanswered += unsettled.length;
  totals.done += done;
}

export async function run(settings, say) {
  const totals = { answered: 0, unanswered: 0, done: 0 };
  for (let first = 0; first < settings.rounds; first += roundsOfOnePlace) {
    const place = new Place(settings, 'kill');
    await place.start();
    for (let number = first; number < Math.min(settings.rounds, first + roundsOfOnePlace); number++) {
      await round(place, settings.seed, number, totals)
        .catch((error) => { error.message = `round ${number}: ${error.message}`; throw error; });
    }
    totals.answered += place.client.answered;
    await place.end();
  }
  say(`killed ${settings.rounds} times: ${totals.answered} answers hold; of ${totals.unanswered} requests ` +
    `without an answer ${totals.done} were done in full, the others not at all`);
}
