// docs/graph-compatibility.md is complete where a table of the server says what complete is.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/graph-compatibility.md');
const rows = page.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|---'))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

test('every route stands there with its methods, and no other does', () => {
  const served = read('src/graph/routes.c').split('.pattern = "').slice(1).map((row) => {
    const methods = [...row.slice(0, row.indexOf('\n    },')).matchAll(/\{METHOD_(\w+),/g)].map((hit) => hit[1]);
    return [`\`/${row.slice(0, row.indexOf('"'))}\``, methods.join(', ')];
  });
  assert.ok(served.length >= 12);
  const written = rows.filter(([address, methods]) => address.startsWith('`/') && /^[A-Z, ]+$/.test(methods)).map(([address, methods]) => [address, methods]);
  assert.deepEqual(written, served);
});

test('every query option stands there', () => {
  const source = read('src/graph/odata_options.c');
  const table = source.slice(source.indexOf('known[OPTIONS] = {'));
  const options = [...table.slice(0, table.indexOf('};')).matchAll(/\{"(\$\w+)"/g)].map((hit) => hit[1]);
  assert.ok(options.length >= 9);
  const queries = page.slice(page.indexOf('## Queries'));
  for (const option of options) assert.ok(queries.includes(`\`${option}`), option);
});

test('every preference stands there', () => {
  const names = [...read('src/graph/preference.c').matchAll(/[(]name, SLICE\("([\w.-]+)"\)/g)].map((hit) => hit[1]);
  assert.ok(names.length >= 5);
  for (const name of names.map((text) => text.replace(/^odata\./, ''))) assert.match(page, new RegExp(`Prefer: (odata\\.)?${name}`), name);
});

test('every error code stands in the guide to the API', () => {
  const source = read('src/message/reply.c');
  const codes = [...source.slice(0, source.indexOf('int reply_status')).matchAll(/= \{(\d{3}), "(\w+)"\}/g)].filter(([, status]) => status !== '200');
  assert.ok(codes.length > 15);
  const api = read('docs/api.md');
  for (const [, status, code] of codes) {
    // These two have no way to a client yet: they are of the form, and of requests in batches.
    if (['LengthRequired', 'FailedDependency', 'PreconditionFailed'].includes(code)) continue;
    assert.ok(api.includes(`| ${status} | \`${code}\` |`), code);
  }
});

test('every row says how it compares', () => {
  const judged = rows.filter((cells) => cells.at(-1) !== '');
  assert.equal(rows.length - judged.length, page.match(/^[|]---/gm).length, 'only headings say nothing');
  assert.ok(judged.length > 80);
  for (const cells of judged) assert.equal(cells.length, 3, cells.join(' | '));
  for (const cells of judged) assert.match(cells.at(-1), /^(same|unspecified|different|not served|not in Graph)\b/, cells.join(' | '));
});
