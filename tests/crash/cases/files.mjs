// What may happen to the files between two runs, or under a second server.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, openSync, closeSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, muster } from '../../e2e/support/server.mjs';
import { checkAll, query } from '../support/check.mjs';
import { Violation } from '../support/client.mjs';
import * as operations from '../support/operations.mjs';
import { Place, flags, makeDirectory } from '../support/place.mjs';
import { Random } from '../support/random.mjs';

const nobody = 65534;

// The server must not start, must say why in these words, and must not hang.
function expectRefusal(directory, words, { program = muster, dev = true, ...options } = {}) {
  const result = spawnSync(program, ['serve', ...(dev ? ['--dev'] : []), '--data-dir', directory, '--listen', '127.0.0.1:0',
    '--ops-listen', '127.0.0.1:0', ...flags], { env: cleanEnvironment(), encoding: 'utf8', timeout: 10_000, ...options });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 1 || !words.test(result.stderr))
    throw new Violation(`the server ended with ${result.status} and said: ${result.stderr}`);
  return result.stderr.trim().replaceAll(`${directory}/`, '');
}

async function makeLoaded(settings, name) {
  const place = new Place(settings, name);
  await place.start();
  await place.run((worker) => new Random(settings.seed, name, worker), { count: 8 });
  return place;
}

const logSize = (place) => statSync(join(place.directory, 'muster.db-wal')).size;

// Two changes, one after the other; the log is cut within the second.
async function tornLog(settings, say) {
  const random = new Random(settings.seed, 'torn');
  const place = await makeLoaded(settings, 'torn');
  const { client } = place;
  for (let i = 0; i < settings.cuts; i++) {
    const profile = [...client.world.profiles.values()].find((p) => p.exists);
    await client.perform(operations.createToken(client.world, profile), random);
    const whole = logSize(place);
    // Not booked: what is cut off counts as unanswered.
    const lost = operations.renameProfile(profile, `Cut ${i}`);
    await client.perform({ ...lost, activity: undefined, apply: () => {} }, random);
    const size = logSize(place);
    await place.server.stop('SIGKILL');
    if (size <= whole) throw new Violation('the log did not grow: the test tests nothing');
    truncateSync(join(place.directory, 'muster.db-wal'), random.between(whole, size - 1));
    await place.start();
    await checkAll(client, random);
  }
  await place.end();
  say(`torn last frame: ${settings.cuts} cuts, everything before them holds`);
}

// The beginning of a write that was interrupted, or what the disk made of it.
async function rubbishBehindLog(settings, say) {
  const random = new Random(settings.seed, 'rubbish');
  const place = await makeLoaded(settings, 'rubbish');
  for (let i = 0; i < settings.cuts; i++) {
    const size = logSize(place);
    await place.server.stop('SIGKILL');
    const file = openSync(join(place.directory, 'muster.db-wal'), 'r+');
    const rubbish = Buffer.from(Array.from({ length: random.between(1, 9000) }, () => random.between(0, 255)));
    writeSync(file, rubbish, 0, rubbish.length, size);
    closeSync(file);
    await place.start();
    await checkAll(place.client, random);
  }
  await place.end();
  say(`rubbish behind the last frame: ${settings.cuts} times, everything holds`);
}

async function deletedKey(settings, say) {
  const place = await makeLoaded(settings, 'key');
  await place.server.stop();
  renameSync(join(place.directory, 'token.key'), join(place.directory, 'away'));
  const said = expectRefusal(place.directory, /token\.key.*[Rr]estore/s);
  renameSync(join(place.directory, 'away'), join(place.directory, 'token.key'));
  await place.start();
  await checkAll(place.client, new Random(settings.seed, 'key check'));
  await place.end();
  say(`deleted token.key: ${said}`);
}

async function newerVersion(settings, say) {
  const place = await makeLoaded(settings, 'newer');
  await place.server.stop();
  const [version] = query(place.directory, ['PRAGMA user_version']);
  query(place.directory, ['PRAGMA user_version = 99']);
  const before = readFileSync(join(place.directory, 'muster.db'));
  const said = expectRefusal(place.directory, /version 99/);
  if (!before.equals(readFileSync(join(place.directory, 'muster.db')))) throw new Violation('the newer database was changed');
  query(place.directory, [`PRAGMA user_version = ${version}`]);
  await place.start();
  await checkAll(place.client, new Random(settings.seed, 'newer check'));
  await place.end();
  say(`database of a newer version: ${said}`);
}

async function twoServers(settings, say) {
  const place = await makeLoaded(settings, 'two');
  const said = expectRefusal(place.directory, /in use by another muster server/);
  await place.run((worker) => new Random(settings.seed, 'two again', worker), { count: 8 });
  await checkAll(place.client, new Random(settings.seed, 'two check'));
  await place.server.stop();
  await place.end();
  say(`two servers on one database: ${said}`);
}

// Whoever looks into the database may hold its lock for an instant, and so may one of the server's
// own readers: the server waits, and answers as usual.
async function lockedForInstants(settings, say) {
  const place = await makeLoaded(settings, 'locked');
  const visitor = spawn('sqlite3', [join(place.directory, 'muster.db')], { stdio: ['pipe', 'ignore', 'ignore'] });
  const left = new Promise((resolve) => visitor.on('exit', resolve));
  visitor.stdin.end(`.timeout 1000\n${'BEGIN IMMEDIATE;\nROLLBACK;\n'.repeat(settings.visits)}`);
  let gone = false;
  left.then(() => { gone = true; });
  for (let part = 0; !gone; part++)
    await place.run((worker) => new Random(settings.seed, 'locked', part, worker), { count: 8 });
  await checkAll(place.client, new Random(settings.seed, 'locked check'));
  await place.server.stop();
  await place.end();
  say(`locked ${settings.visits} times for an instant: every change was made`);
}

// The superuser may write everywhere, so the server runs as nobody then, as a copy that nobody may
// read, and in a place that nobody can reach: the project may lie in /root.
async function readOnlyDirectory(given, say) {
  const settings = { ...given, directory: mkdtempSync(join(tmpdir(), 'muster-crash-')) };
  chmodSync(settings.directory, 0o711);
  // Without --dev, whose own files would be what cannot be made.
  const options = { dev: false };
  const program = join(makeDirectory(settings, 'program'), 'muster');
  copyFileSync(muster, program);
  const place = await makeLoaded(settings, 'readonly');
  await place.server.stop();
  const empty = makeDirectory(settings, 'empty');
  if (process.getuid() === 0) {
    Object.assign(options, { uid: nobody, gid: nobody });
    for (const path of [place.directory, empty]) {
      for (const name of readdirSync(path)) chownSync(join(path, name), nobody, nobody);
      chownSync(path, nobody, nobody);
    }
    chmodSync(join(program, '..'), 0o755);
  }
  chmodSync(program, 0o755);
  const said = [];
  for (const directory of [empty, place.directory]) {
    chmodSync(directory, 0o500);
    said.push(expectRefusal(directory, /muster: .*(denied|cannot)/s, { program, ...options }));
    chmodSync(directory, 0o700);
  }
  await place.start();
  await checkAll(place.client, new Random(settings.seed, 'readonly check'));
  await place.end();
  rmSync(settings.directory, { recursive: true });
  say(`read-only directory: ${said[0]} | ${said[1]}`);
}

// A disk that is full for real. Needs the right to mount.
async function fullDisk(settings, say) {
  const mount = makeDirectory(settings, 'small');
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', mount], { encoding: 'utf8' });
  if (mounted.status !== 0) {
    rmSync(mount, { recursive: true });
    say('full disk, a real one: skipped, because mounting is not permitted here');
    return;
  }
  const random = new Random(settings.seed, 'full');
  const place = new Place({ ...settings, directory: mount }, 'full');
  try {
    await place.start();
    await place.run((worker) => new Random(settings.seed, 'full before', worker), { count: 4 });
    const filler = openSync(join(mount, 'filler'), 'w');
    try { for (;;) writeSync(filler, Buffer.alloc(65536)); } catch (error) { if (error.code !== 'ENOSPC') throw error; }
    closeSync(filler);
    for (let i = 0; i < 20 && place.client.refused.length === 0; i++)
      await place.run((worker) => new Random(settings.seed, 'full', i, worker), { count: 4, mayFail: true });
    const refused = place.client.takeRefused().length;
    if (refused === 0) throw new Violation('nothing was answered 503 on a full disk');
    rmSync(join(mount, 'filler'));
    await place.run((worker) => new Random(settings.seed, 'full after', worker), { count: 4 });
    await checkAll(place.client, random);
    await place.server.stop('SIGKILL');
    await place.start();
    await checkAll(place.client, random);
    await place.server.stop();
    say(`full disk, a real one: ${refused} refused with 503 and not done; recovered`);
  } finally {
    if (place.server.child.exitCode === null) await place.server.stop('SIGKILL').catch(() => {});
    spawnSync('umount', [mount]);
    rmSync(mount, { recursive: true, force: true });
  }
}

export async function run(settings, say) {
  for (const test of [tornLog, rubbishBehindLog, deletedKey, newerVersion, twoServers, lockedForInstants, readOnlyDirectory, fullDisk]) {
    await test(settings, say)
      .catch((error) => { error.message = `${test.name}: ${error.message}`; throw error; });
  }
}
