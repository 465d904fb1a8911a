// Starts and stops the real server for a test, each with a data directory of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const muster = process.env.MUSTER_BIN ??
  fileURLToPath(new URL('../../../build/muster', import.meta.url));

// What takes longer than this hangs, and must fail instead of holding up everything. A stop is
// promised within 10 s; the rest is generous for slow machines and sanitizers.
const readyMilliseconds = 60000;
const stopMilliseconds = 10000;
export const answerMilliseconds = 30000;

export const demoTenant = '11111111-1111-1111-1111-111111111111';

// A test leaves nothing of its own environment behind in the server's or a client's.
export function cleanEnvironment(extra = {}) {
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME };
  for (const name of ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS', 'LSAN_OPTIONS']) {
    if (process.env[name] !== undefined) environment[name] = process.env[name];
  }
  return { ...environment, ...extra };
}

export function makeDirectory() {
  return mkdtempSync(join(tmpdir(), 'muster-e2e-'));
}

// Servers must not outlive the test program, however that ends.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// Resolves once found() is true; what is waited for happens in the background of the server.
export async function until(what, found, milliseconds = answerMilliseconds) {
  for (const end = Date.now() + milliseconds; ; await sleep(20)) {
    if (await found()) return;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
  }
}

function withDeadline(promise, milliseconds, fail) {
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(fail()), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function parseReady(line) {
  const fields = {};
  if (line.startsWith('{')) return JSON.parse(line);
  for (const [, name, value] of line.matchAll(/(\w+)=("[^"]*"|\S+)/g)) fields[name] = value;
  return fields;
}

// Resolves once the server has said that it is ready; rejects with its log when it ends instead.
export async function startServer({
  dataDirectory, dev = true, listen = '127.0.0.1:0', opsListen = '127.0.0.1:0', flags = [], config, environment, descriptors,
} = {}) {
  const ownsDirectory = dataDirectory === undefined;
  const directory = dataDirectory ?? makeDirectory();
  const argumentList = ['serve', '--data-dir', directory, '--listen', listen,
    '--ops-listen', opsListen, ...(dev ? ['--dev'] : [])];
  if (config !== undefined) {
    writeFileSync(join(directory, 'muster.ini'), config);
    argumentList.push('--config', join(directory, 'muster.ini'));
  }
  const command = descriptors === undefined ? [muster] : ['sh', '-c', `ulimit -n ${descriptors} && exec "$0" "$@"`, muster];
  const child = spawn(command[0], [...command.slice(1), ...argumentList, ...flags],
    { env: cleanEnvironment(environment), stdio: ['ignore', 'pipe', 'pipe'] });
  const server = {
    child, directory, log: '', output: '', secrets: new Set(),
    // Whatever a test calls a secret must not stand in the log when the server has stopped.
    keepSecret(text) { server.secrets.add(text); return text; },
  };
  running.add(child);
  const forget = () => {
    running.delete(child);
    if (ownsDirectory) rmSync(directory, { recursive: true, force: true });
  };
  // Not 'exit': what it said last would be missing.
  const exited = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  child.stdout.on('data', (data) => { server.output += data; });
  const ready = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stderr.on('data', (data) => {
      server.log += data;
      if (server.fields !== undefined) return;
      // Only whole lines: the last one may still be on its way.
      const line = server.log.split('\n').slice(0, -1).find((text) => /event"?[=:]"?ready/.test(text));
      if (line === undefined) return;
      server.fields = parseReady(line);
      resolve();
    });
    exited.then(({ code }) => reject(Object.assign(
      new Error(`muster serve ended with ${code}: ${server.log}`), { code, log: server.log })));
  });
  try {
    await withDeadline(ready, readyMilliseconds, () => new Error(`muster serve was never ready: ${server.log}`));
  } catch (error) {
    child.kill('SIGKILL');
    forget();
    throw error;
  }
  server.url = `http://${server.fields.listen}`;
  server.tlsUrl = server.fields.listen_tls && `https://${server.fields.listen_tls}`;
  server.opsUrl = `http://${server.fields.ops}`;
  server.exited = exited;
  server.stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    const result = await withDeadline(exited, stopMilliseconds, () => {
      child.kill('SIGKILL');
      return new Error(`muster serve did not end within ${stopMilliseconds} ms of ${signal}: ${server.log}`);
    }).finally(forget);
    const leaked = [...server.secrets].filter((secret) => (server.log + server.output).includes(secret));
    if (leaked.length > 0) throw new Error(`the log holds a secret: ${leaked[0]}`);
    if (signal !== 'SIGKILL' && result.code !== 0)
      throw new Error(`muster serve ended with ${JSON.stringify(result)}: ${server.log}`);
    return result;
  };
  return server;
}

// Runs a client command to its end.
export function run(argumentList, { environment, input } = {}) {
  const result = spawnSync(muster, argumentList,
    { env: cleanEnvironment(environment), encoding: 'utf8', input, timeout: answerMilliseconds });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

export function devToken(server, ...flags) {
  const result = run(['dev-token', '--data-dir', server.directory, ...flags]);
  if (result.code !== 0) throw new Error(result.err);
  return server.keepSecret(result.out.trim());
}
