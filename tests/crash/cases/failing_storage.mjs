// The disk fails under a running server: nothing is acknowledged that is not durable, /readyz says
// so, reads go on, and when the disk works again, so does the server.
import { send } from '../../e2e/support/http.mjs';
import { checkAll, checkConsistency, compareDatabase, readDatabase } from '../support/check.mjs';
import { Violation } from '../support/client.mjs';
import { FailingStorage, Place } from '../support/place.mjs';
import { Random } from '../support/random.mjs';

// What fails, and whether the server may still find a way to make a change durable.
const failures = [
  { name: 'no space', mode: 's', files: 'a', mustFail: false },
  { name: 'writes fail', mode: 'w', files: 'a', mustFail: true },
  { name: 'writes to the log fail halfway', mode: 'h', files: 'l', mustFail: true },
  { name: 'fsync fails', mode: 'f', files: 'a', mustFail: true },
  { name: 'fsync of the log fails', mode: 'f', files: 'l', mustFail: true },
];
const operationsOfOne = 12;
const partsToCheckpoint = 100;

const readiness = async (server) => (await send(server.opsUrl, { path: '/readyz' }));

async function expectReady(server) {
  const end = Date.now() + 10_000;
  let answer = await readiness(server);
  while (answer.status !== 200) {
    if (Date.now() > end) throw new Violation(`/readyz still answers ${answer.status} ten seconds after the disk works again: ${answer.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer = await readiness(server);
  }
}

async function expectNotReady(server) {
  const answer = await readiness(server);
  if (answer.status !== 503 || !answer.text.startsWith('store: '))
    throw new Violation(`/readyz answers ${answer.status} while the disk fails: ${answer.text}`);
}

// With the disk failing: the answers, /readyz, and that what was refused is not to be seen.
async function failFor(place, storage, failure, makeRandom) {
  const before = storage.failures;
  storage.set(failure.mode, failure.files);
  await place.run(makeRandom, { count: operationsOfOne, mayFail: true, mustFail: failure.mustFail });
  if (storage.failures === before) throw new Violation('no call failed: the test tests nothing');
  if (place.client.refused.length === 0) throw new Violation('nothing was answered 503: the test tests nothing');
  await expectNotReady(place.server);
  checkConsistency(place.directory);
  compareDatabase(readDatabase(place.directory), place.client.world);
}

async function runFailure(settings, failure, say) {
  const place = new Place(settings, 'failing');
  const storage = new FailingStorage(place);
  const randomOf = (phase) => (worker) => new Random(settings.seed, failure.name, phase, worker);
  const random = randomOf('check')(0);
  await place.start(storage.environment);
  await place.run(randomOf('before'), { count: operationsOfOne });
  await failFor(place, storage, failure, randomOf('failing'));
  const refused = place.client.takeRefused().length;
  storage.set('-');
  await expectReady(place.server);
  await place.run(randomOf('again'), { count: operationsOfOne });
  await checkAll(place.client, random);

  // Killed after it has recovered: what was refused stays away.
  await place.server.stop('SIGKILL');
  await place.start(storage.environment);
  await checkAll(place.client, random);

  // Killed while the disk fails. Whether a change whose fsync failed is on the disk then, nobody
  // can know; any other that was refused is not.
  await failFor(place, storage, failure, randomOf('failing again'));
  await place.server.stop('SIGKILL');
  storage.set('-');
  await place.start(storage.environment);
  const unknown = failure.mode === 'f' ? place.client.takeRefused() : [];
  const done = await checkAll(place.client, random, unknown);
  await place.server.stop();
  await place.end();
  storage.end();
  say(`${failure.name}: ${refused} refused with 503 and not done; recovered` +
    (failure.mode === 'f' ? `; killed meanwhile: ${done} of ${unknown.length} refused were found done` : ''));
}

// The database file itself fails: that strikes checkpoints only, which lose nothing. So does the
// last one, of a server that ends as it is told to. After a sync that failed /readyz asks for a
// restart.
async function runCheckpointFailure(settings, mode, name, say) {
  const place = new Place(settings, 'checkpoint');
  const storage = new FailingStorage(place);
  const randomOf = (phase) => (worker) => new Random(settings.seed, name, phase, worker);
  const random = randomOf('check')(0);
  await place.start(storage.environment);
  storage.set(mode, 'd');
  for (let part = 0; storage.failures === 0; part++) {
    if (part === partsToCheckpoint) throw new Violation('no checkpoint failed: the test tests nothing');
    await place.run(randomOf(`failing ${part}`), { count: operationsOfOne });
  }
  await place.run(randomOf('behind'), { count: operationsOfOne });
  if (mode === 'f') await expectNotReady(place.server);
  await checkAll(place.client, random);
  await place.server.stop('SIGKILL');
  await place.start(storage.environment);
  await checkAll(place.client, random);
  await place.server.stop();
  storage.set('-');
  await place.start(storage.environment);
  await checkAll(place.client, random);
  await place.server.stop();
  say(`${name}: ${storage.failures} calls failed, ${place.client.answered} answers hold`);
  await place.end();
  storage.end();
}

export async function run(settings, say) {
  for (const failure of failures) {
    await runFailure(settings, failure, say)
      .catch((error) => { error.message = `${failure.name}: ${error.message}`; throw error; });
  }
  await runCheckpointFailure(settings, 'w', 'writes to the database file fail', say);
  await runCheckpointFailure(settings, 'f', 'fsync of the database file fails', say);
}
