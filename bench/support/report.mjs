// Collects what was measured; prints it as tables, and writes it as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const number = (value) => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));

function verdictOf(value, { atLeast, atMost, aim }) {
  const passed = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  if (!passed) return 'MISS';
  if (atLeast === undefined && atMost === undefined) return value >= aim ? 'the aim' : '';
  return aim !== undefined && value >= aim ? 'pass, and the aim' : 'pass';
}

function targetOf({ atLeast, atMost, aim }) {
  const targets = [];
  if (atLeast !== undefined) targets.push(`>= ${atLeast}`);
  if (atMost !== undefined) targets.push(`<= ${atMost}`);
  if (aim !== undefined) targets.push(`aim ${aim}`);
  return targets.join(', ');
}

export class Report {
  constructor() {
    this.items = [];
    this.kept = {};
  }

  begin(title) {
    this.item = { title, rates: [], ratios: [], values: [] };
    this.items.push(this.item);
    process.stderr.write(`${title} `);
  }

  end() {
    process.stderr.write('\n');
  }

  rates(what, medians, values) { this.item.rates.push({ what, medians, values }); }

  // Also a plain value that has a target.
  ratio(what, value, target) {
    this.item.ratios.push({ what, value, target, verdict: verdictOf(value, target) });
  }

  value(what, value, unit) { this.item.values.push({ what, value, unit }); }

  fail(error) { this.item.failure = error.message; }

  // For a later item.
  keep(name, value) { this.kept[name] = value; }

  print() {
    for (const item of this.items) {
      console.log(`\n${item.title}`);
      for (const { what, medians } of item.rates) {
        const list = Object.entries(medians).map(([name, rate]) => `${name} ${number(rate)}`);
        console.log(`  ${what}: ${list.join(', ')} a second`);
      }
      for (const { what, value, unit } of item.values) console.log(`  ${what}: ${number(value)} ${unit}`.trimEnd());
      if (item.failure !== undefined) console.log(`  could not be measured: ${item.failure}`);
    }
    const rows = this.items.flatMap((item) => item.ratios);
    const width = Math.max(...rows.map((row) => row.what.length), 1);
    console.log('');
    for (const { what, value, target, verdict } of rows)
      console.log(`${what.padEnd(width)}  ${number(value).padStart(8)}  ${targetOf(target).padEnd(18)}  ${verdict}`);
  }

  write(path, machine) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify({ ...machine, items: this.items }, null, 2)}\n`);
  }
}
