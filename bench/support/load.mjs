// One measurement each: so many seconds of load, and what it came to.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redisCommand } from './peers.mjs';
import { runProcess } from './processes.mjs';

const script = (name) => fileURLToPath(new URL(`../load/${name}.lua`, import.meta.url));
const tool = (name) => join(process.env.MUSTER_BENCH_TOOLS, name);

// The rate, in answers a second; an answer that is an error makes the measurement void.
export async function wrk(url, connections, seconds, name, ...argumentList) {
  const out = await runProcess('wrk', ['-t1', `-c${connections}`, `-d${seconds}`, '-s', script(name),
    url, '--', ...argumentList], { seconds: seconds + 60 });
  const result = JSON.parse(/^RESULT (.*)$/m.exec(out)[1]);
  if (result.refused > 0 || result.failed > 0 || result.requests === 0)
    throw new Error(`${url}: ${result.refused} of ${result.requests} requests were refused, ` +
      `${result.failed} failed`);
  return result.requests / result.seconds;
}

// redis-benchmark takes a number of requests instead of a time.
export class RedisLoad {
  constructor(redis) {
    this.redis = redis;
    this.rates = {};
  }

  async run(connections, seconds) {
    const count = Math.round((this.rates[connections] ?? 20_000) * seconds);
    const out = await runProcess('redis-benchmark', ['-h', '127.0.0.1', '-p', String(this.redis.port),
      '-c', String(connections), '-n', String(count), '-r', '1000', '--csv',
      ...redisCommand('key:__rand_int__')], { seconds: seconds * 20 + 60 });
    const rate = Number(out.trim().split('\n').at(-1).split(',')[1].replaceAll('"', ''));
    if (!(rate > 0)) throw new Error(`redis-benchmark: ${out}`);
    this.rates[connections] = rate;
    return rate;
  }
}

// Latencies in microseconds at a fixed rate, counted from when each request was due.
export async function steadyLoad(port, requests, connections, rate, seconds) {
  const result = JSON.parse(await runProcess(tool('steady_load'), [String(port), requests,
    String(connections), String(Math.round(rate)), String(seconds)], { seconds: seconds + 60 }));
  return result;
}

export async function syncTime(directory, count) {
  return JSON.parse(await runProcess(tool('sync_time'), [directory, String(count)]));
}

export const idleConnectionsTool = tool('idle_connections');
