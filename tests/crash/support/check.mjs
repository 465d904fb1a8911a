// Compares the database and the server's answers with the world.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Violation } from './client.mjs';
import * as operations from './operations.mjs';

// Each must find nothing.
const inconsistencies = {
  'the file is damaged': 'SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check != \'ok\'',
  'a row points to nothing': 'SELECT * FROM pragma_foreign_key_check',
  'a profile has no state': 'SELECT id FROM profiles WHERE id NOT IN (SELECT profile_id FROM profile_states)',
  'a state has no profile': 'SELECT profile_id FROM profile_states WHERE profile_id NOT IN (SELECT id FROM profiles)',
  'the current token is not the profile\'s newest': `SELECT profile_id FROM profile_states s
    WHERE current_token_id IS NOT (SELECT max(id) FROM tokens t WHERE t.profile_id = s.profile_id)`,
  'a profile has another current token than its tokens say': `SELECT s.profile_id FROM profile_states s
    JOIN tokens t ON t.id = s.current_token_id WHERE t.nonce != s.current_nonce OR t.created != s.current_created
    OR t.expires != s.current_expires OR t.max_enrollments != s.current_max_enrollments OR t.enrollments != 0
    OR (t.end_kind = 2) != (s.current_revoked IS NOT NULL) OR s.current_revoked != t.live_until
    OR (s.current_revoked IS NOT NULL AND s.current_told != 2)`,
  'a profile has a row of another tenant or set': `SELECT p.id FROM profiles p JOIN tenants t ON t.id = p.tenant_id
    WHERE p.id >> 32 != p.tenant_id * 4 + p.entity_set OR p.id & 4294967295 > t.profiles_made`,
  'a revoked profile has a live overlap': `SELECT profile_id FROM profile_states
    WHERE overlapping_token_id <= revoked_through OR (overlapping_token_id IS NULL) != (overlapping_until IS NULL)`,
  'enrolled_device_count is not the number of devices': `SELECT profile_id FROM profile_states s
    WHERE enrolled_device_count != (SELECT count(*) FROM devices d WHERE d.profile_id = s.profile_id)`,
  'a token counts fewer enrollments than it has devices': `SELECT t.id FROM tokens t
    LEFT JOIN profile_states s ON s.current_token_id = t.id
    WHERE coalesce(s.current_enrollments, t.enrollments) < (SELECT count(*) FROM devices d WHERE d.token_id = t.id)`,
  'a token lives longer than it is valid': 'SELECT id FROM tokens WHERE live_until > expires OR length(nonce) != 8',
  'a token is of another tenant than its profile': `SELECT t.id FROM tokens t JOIN profiles p ON p.id = t.profile_id
    WHERE p.tenant_id != t.tenant_id`,
  'a device has not the token of its profile': `SELECT d.id FROM devices d LEFT JOIN tokens t ON t.id = d.token_id
    WHERE t.profile_id IS NOT d.profile_id OR t.tenant_id IS NOT d.tenant_id`,
  'a credential outlives the enrollment': 'SELECT id FROM devices WHERE (state = 1) != (credential_nonce IS NOT NULL)',
  'a token row is missing': 'SELECT 1 WHERE (SELECT coalesce(max(id), 0) - count(*) FROM tokens) != 0',
  'an audit row is missing': 'SELECT 1 WHERE (SELECT coalesce(max(id), 0) - count(*) FROM audit) != 0',
  'a request is in the audit twice': 'SELECT correlation FROM audit WHERE correlation IS NOT NULL GROUP BY correlation HAVING count(*) > 1',
  'the audit tells of another number of tokens': `SELECT 1 WHERE (SELECT count(*) FROM audit WHERE activity = 7 AND result = 0)
    != (SELECT count(*) FROM tokens)`,
  'the audit tells of another number of profiles': `SELECT 1 WHERE (SELECT count(*) FILTER (WHERE activity = 4) -
    count(*) FILTER (WHERE activity = 6) FROM audit) != (SELECT count(*) FROM profiles)`,
};

const contents = {
  profiles: `SELECT json_object('id', hex(p.guid), 'name', display_name, 'version', version,
    'deviceCount', enrolled_device_count) AS item FROM profiles p JOIN profile_states s ON s.profile_id = p.id`,
  tokens: `SELECT json_object('profile', upper(hex(a.target_guid)),
    'end', iif(end_kind = 1 AND t.id <= ifnull(s.revoked_through, iif(s.profile_id IS NULL, t.id, 0)), 2, end_kind),
    'enrollments', iif(t.id = s.current_token_id, s.current_enrollments, enrollments)) AS item
    FROM tokens t LEFT JOIN profile_states s ON s.profile_id = t.profile_id
    JOIN (SELECT row_number() OVER (ORDER BY id) AS number, target_guid FROM audit
    WHERE activity = 7 AND result = 0) a ON a.number = t.id ORDER BY t.id`,
  devices: `SELECT json_object('id', hex(guid), 'serial', identity, 'state', state, 'token', token_id,
    'profile', hex(profile_guid)) AS item FROM devices`,
  audit: `SELECT json_object('correlation', hex(correlation), 'activity', activity, 'refused', result,
    'target', hex(target_guid)) AS item FROM audit WHERE correlation IS NOT NULL ORDER BY id`,
};

const guidOf = (hex) => hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export function query(directory, statements) {
  const result = spawnSync('sqlite3', ['-bail', join(directory, 'muster.db')],
    { input: `.timeout 5000\n${statements.map((sql) => `${sql};`).join('\n')}\n`, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (result.status !== 0) throw new Violation(`sqlite3: ${result.stderr}`);
  return result.stdout.split('\n').slice(0, -1);
}

export function readDatabase(directory) {
  const lines = query(directory, Object.values(contents)
    .map((sql) => `SELECT coalesce(json_group_array(json(item)), '[]') FROM (${sql})`));
  const database = Object.fromEntries(Object.keys(contents).map((name, index) => [name, JSON.parse(lines[index])]));
  database.auditBy = new Map(database.audit.map((row) => [guidOf(row.correlation),
    { activity: row.activity, refused: row.refused === 1, ...(row.target !== '' && { target: guidOf(row.target) }) }]));
  return database;
}

export function checkConsistency(directory) {
  const lines = query(directory, Object.entries(inconsistencies)
    .map(([what, sql]) => `SELECT '${what.replaceAll('\'', '\'\'')}' FROM (${sql}) LIMIT 1`));
  if (lines.length > 0) throw new Violation(lines.join('; '));
}

function compare(what, actual, expected) {
  const [have, want] = [new Set(actual), new Set(expected)];
  const lost = [...want].filter((text) => !have.has(text));
  const extra = [...have].filter((text) => !want.has(text));
  if (actual.length !== have.size) throw new Violation(`${what}: something is there twice`);
  if (lost.length + extra.length > 0)
    throw new Violation(`${what}: ${lost.length} lost, ${extra.length} too many: lost ${lost.slice(0, 3).join(' ')}, too many ${extra.slice(0, 3).join(' ')}`);
}

const upper = (guid) => guid.replaceAll('-', '').toUpperCase();

// Everything that was acknowledged, and nothing else. Tokens are compared in the order in which
// their profile got them.
export function compareDatabase(database, world) {
  const profiles = [...world.profiles.values()];
  compare('profiles', database.profiles.map((row) => JSON.stringify([row.id, row.name, row.version, row.deviceCount])),
    profiles.filter((p) => p.exists).map((p) => JSON.stringify([upper(p.id), p.name, p.version, p.deviceCount])));
  const ofProfile = new Map(profiles.map((p) => [upper(p.id), []]));
  for (const row of database.tokens) ofProfile.get(row.profile)?.push([row.end, row.enrollments]);
  compare('tokens', [...ofProfile].map((entry) => JSON.stringify(entry)),
    profiles.map((p) => JSON.stringify([upper(p.id), p.tokens.map((t) => [t.end, t.enrollments])])));
  if (database.tokens.length !== world.tokenCount) throw new Violation(`${database.tokens.length} tokens, not ${world.tokenCount}`);
  compare('devices', database.devices.map((row) => JSON.stringify([row.id, row.serial, row.state, row.profile])),
    [...world.devices.values()].map((d) => JSON.stringify([upper(d.id), d.serial, d.state, upper(d.token.profile.id)])));
  compare('audit', [...database.auditBy].map(([correlation, row]) => describeAudit(correlation, row)),
    [...world.audit].map(([correlation, row]) => describeAudit(correlation, row)));
}

// A refusal names its profile where there is one; what counts is that it is told.
function describeAudit(correlation, row) {
  return JSON.stringify([correlation, row.activity, row.refused, row.refused ? '' : row.target]);
}

// By the server's own answers: values, credentials, and that they work or do not.
export async function checkAnswers(client, random, count) {
  const { world } = client;
  const [profiles, devices] = [[...world.profiles.values()], [...world.devices.values()]];
  for (let i = 0; i < count && profiles.length > 0; i++) {
    const profile = random.pick(profiles);
    await client.perform(operations.readProfile(world, profile), random);
    const token = random.pick([world.currentToken(profile), ...profile.tokens]);
    if (token?.value !== undefined)
      await client.perform(operations.enroll(world, profile.owner, token, `C-${random.guid()}`), random);
    const device = random.pick(devices);
    const credential = device && random.pick([device.credential, device.ended]);
    if (credential !== undefined) await client.perform(operations.showDevice(device, credential), random);
  }
}

// All of it. unsettled: operations whose answer never came. Returns how many of them were done.
export async function checkAll(client, random, unsettled = []) {
  const { directory } = client.server;
  checkConsistency(directory);
  const database = readDatabase(directory);
  const done = client.settle(unsettled, database.auditBy);
  compareDatabase(database, client.world);
  await checkAnswers(client, random, 8);
  return done;
}
