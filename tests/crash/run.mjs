// Crash safety, from outside: the real server is killed, its disk fails, its files are harmed. What
// was acknowledged must hold; see README.md.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const cases = ['kill', 'failing_storage', 'files'];
const usage = `usage: crash [--short] [--rounds N] [--seed N] [--directory D] [CASE...]

Cases: ${cases.join(', ')}. Without any: all.
--short      few rounds, for every check
--seed       repeats the operations and moments of an earlier run
--directory  where data directories are put for the time being`;

function parse(argumentList) {
  const settings = {
    rounds: 200, seed: String(Date.now() % 1_000_000), workers: 32, cuts: 20, visits: 20_000,
    directory: join(process.env.MUSTER_CRASH_TOOLS, 'data'), cases: [], running: new Set(),
  };
  const list = [...argumentList];
  while (list.length > 0) {
    const word = list.shift();
    if (word === '--short') Object.assign(settings, { rounds: 5, cuts: 3, visits: 5000 });
    else if (word === '--rounds') settings.rounds = Number(list.shift());
    else if (word === '--seed' || word === '--directory') settings[word.slice(2)] = list.shift();
    else if (cases.includes(word)) settings.cases.push(word);
    else {
      console.error(usage);
      process.exit(2);
    }
  }
  if (settings.cases.length === 0) settings.cases = cases;
  return settings;
}

const settings = parse(process.argv.slice(2));
process.on('exit', () => { for (const child of settings.running) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
if (spawnSync('sqlite3', ['--version']).status !== 0) {
  console.error('crash: sqlite3 is not installed. Use ./dev crash, which installs it.');
  process.exit(1);
}
console.log(`seed ${settings.seed}`);
let passed = 0;
for (const name of settings.cases) {
  const { run } = await import(`./cases/${name}.mjs`);
  try {
    await run(settings, (text) => { passed++; console.log(`${name}: ${text}`); });
  } catch (error) {
    console.error(`${name}: FAILED with --seed ${settings.seed}: ${error.stack}`);
    console.error(`The data directory is left in ${settings.directory}.`);
    console.log(`# pass ${passed}\n# fail 1`);
    process.exit(1);
  }
}
rmSync(settings.directory, { recursive: true, force: true });
console.log(`nothing was lost\n# pass ${passed}\n# fail 0`);
process.exit(0);
