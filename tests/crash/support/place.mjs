// A data directory with the server on it, again and again, and the world that belongs to it.
import { writeFileSync, openSync, writeSync, readSync, closeSync } from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { devToken, startServer } from '../../e2e/support/server.mjs';
import { Client } from './client.mjs';
import { Worker } from './workers.mjs';
import { World } from './world.mjs';

const scope = 'DeviceManagementConfiguration.ReadWrite.All DeviceManagementManagedDevices.ReadWrite.All';
export const flags = ['--loops', '2', '--log-level', 'warning'];
// Longer than any run.
const overlap = ['--token-overlap-seconds', '86400'];

export function makeDirectory(settings, name) {
  mkdirSync(settings.directory, { recursive: true });
  return mkdtempSync(join(settings.directory, `${name}-`));
}

export class Place {
  constructor(settings, name) {
    this.settings = settings;
    this.directory = makeDirectory(settings, name);
    this.client = new Client(new World());
    this.workers = Array.from({ length: settings.workers }, (_, number) => new Worker(this.client, number));
  }

  // With an overlap every other time.
  async start(environment) {
    const { world } = this.client;
    world.overlaps = !world.overlaps;
    this.server = await startServer({
      dataDirectory: this.directory, flags: world.overlaps ? [...flags, ...overlap] : flags, environment });
    this.settings.running.add(this.server.child);
    this.server.child.on('exit', () => this.settings.running.delete(this.server.child));
    this.bearer ??= devToken(this.server, '--scope', scope, '--expires-in', '36000');
    this.client.use(this.server, this.bearer);
    return this.server;
  }

  // Every worker draws from a sequence of its own.
  run(makeRandom, expectation) {
    return Promise.all(this.workers.map((worker, number) => worker.run(makeRandom(number), expectation)));
  }

  // A directory is left for whoever looks for the reason of a failure.
  async end() {
    if (this.server !== undefined && this.server.child.exitCode === null && this.server.child.signalCode === null)
      await this.server.stop('SIGKILL');
    this.client.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

// What failing_storage.c reads.
export class FailingStorage {
  constructor(place) {
    this.path = `${place.directory}.control`;
    writeFileSync(this.path, Buffer.from('-a\0\0\0\0\0\0\0\0\0\0\0\0\0\0'));
    this.file = openSync(this.path, 'r+');
    this.environment = {
      LD_PRELOAD: join(process.env.MUSTER_CRASH_TOOLS, 'failing_storage.so'),
      FAILING_STORAGE_DIRECTORY: place.directory, FAILING_STORAGE_CONTROL: this.path,
    };
  }

  set(mode, files = 'a') { writeSync(this.file, `${mode}${files}`, 0); }

  get failures() {
    const bytes = Buffer.alloc(8);
    readSync(this.file, bytes, 0, 8, 8);
    return Number(bytes.readBigUInt64LE());
  }

  end() {
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }
}
