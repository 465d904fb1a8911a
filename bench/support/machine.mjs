// Whether the machine was left to the contenders: what other programs do meanwhile makes a
// measurement worthless.
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const foreignAtMost = 0.08; // of all processor time
const triesAtMost = 4;
const ticksOfSecond = 100;  // USER_HZ, which Linux keeps at 100 for user space

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// All fields but idle and iowait; guest time is in user time already.
function readBusyTicks() {
  const [user, nice, system, , , irq, softirq, steal] =
    /^cpu\s+(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))[1].split(' ').map(Number);
  return user + nice + system + irq + softirq + steal;
}

function readProcess(id) {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    const [parent, own, waitedFor] = [Number(fields[1]), [11, 12], [13, 14]];
    const sum = (indexes) => indexes.reduce((total, index) => total + Number(fields[index]), 0);
    return { parent, ticks: sum(own), ticksOfChildren: sum(waitedFor) };
  } catch {
    return undefined; // it has ended
  }
}

// Of this process, of those below it, and of those it has waited for.
function readOwnTicks() {
  const processes = new Map();
  for (const name of readdirSync('/proc')) {
    const process = /^\d+$/.test(name) ? readProcess(name) : undefined;
    if (process !== undefined) processes.set(Number(name), process);
  }
  const isOwn = (id) => id === process.pid || (processes.has(id) && isOwn(processes.get(id).parent));
  let ticks = 0;
  for (const [id, { ticks: own, ticksOfChildren }] of processes)
    if (isOwn(id)) ticks += own + ticksOfChildren;
  return ticks;
}

function readTimes() {
  return { at: process.hrtime.bigint(), busy: readBusyTicks(), own: readOwnTicks() };
}

// The share of all processor time since then that went to other programs.
function foreignSince(before) {
  const now = readTimes();
  const seconds = Number(now.at - before.at) / 1e9;
  return (now.busy - before.busy - (now.own - before.own)) / (seconds * ticksOfSecond * cpus().length);
}

export class Machine {
  // secondsToWait: in all, for other programs to end.
  constructor(secondsToWait) {
    this.millisecondsToWait = secondsToWait * 1000;
    this.disturbed = 0;
    this.repeated = 0;
  }

  async waitForQuiet() {
    while (this.millisecondsToWait > 0) {
      const before = readTimes();
      await delay(250);
      this.millisecondsToWait -= 250;
      if (foreignSince(before) <= foreignAtMost) return;
    }
  }

  // Measures again when other programs took part; the last try counts, and is counted.
  async measure(work) {
    for (let attempt = 1; ; attempt++) {
      await this.waitForQuiet();
      const before = readTimes();
      const result = await work();
      if (foreignSince(before) <= foreignAtMost) return result;
      if (attempt === triesAtMost || this.millisecondsToWait <= 0) {
        this.disturbed++;
        return result;
      }
      this.repeated++;
    }
  }
}
