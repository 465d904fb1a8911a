// Every process and directory that the benchmark makes is gone when it ends, however it ends.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const running = new Set();
const directories = new Set();

function endAll() {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export function adopt(child) {
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

export function makeDirectory(parent, name) {
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, `${name}-`));
  directories.add(directory);
  return directory;
}

export function removeDirectory(directory) {
  rmSync(directory, { recursive: true, force: true });
  directories.delete(directory);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// A process that stays. What it writes is kept for the message when it fails.
export function startProcess(command, argumentList, options = {}) {
  const child = adopt(spawn(command, argumentList, { stdio: ['ignore', 'pipe', 'pipe'], ...options }));
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => { child.output = (child.output + data).slice(-8192); });
  }
  child.exited = new Promise((resolve) => child.on('exit', resolve));
  child.on('error', (error) => { child.output += error.message; });
  return child;
}

export async function stopProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await child.exited;
  clearTimeout(kill);
}

// A process that is waited for; returns what it printed.
export function runProcess(command, argumentList, { seconds = 600, input } = {}) {
  const child = adopt(spawn(command, argumentList, { stdio: ['pipe', 'pipe', 'pipe'] }));
  const kill = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  let out = '';
  let errors = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { errors += data; });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(kill);
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ${argumentList[0]} ended with ${code}: ${errors}${out}`));
    });
  });
}

// Asks again and again until it gets an answer; the limit is for what never comes.
export async function waitFor(what, child, attempt, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${what} ended: ${child.output}`);
    if (await attempt().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`${what} did not answer: ${child.output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function hasProgram(name) {
  return spawnSync('sh', ['-c', 'command -v "$0"', name]).status === 0;
}
