// Rows of a table of requests, and what the answers must be. Each runs on both versions, or on those
// that it names.
//
//   { rule: 'G4', says: 'an unknown segment is …', ask, expect, versions? }
//   { client: 'Microsoft365DSC', says: 'looks for …', … }
//
// ask (an object, or a function of the context and the version):
//   method (GET), path (behind the root) or address (the whole of it), token (an administrator's;
//   null for none), body (an object becomes JSON), headers (undefined: left out), tls
// expect: status, headers { name: matcher }, body (a matcher), error { code, message, target }
// A matcher is a value (equal), a RegExp, a function that asserts, or an object of matchers with
// exactly these members in this order; has({...}) takes further members, absent none.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profilesPath, send } from './http.mjs';

export const set = profilesPath;
export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const absent = (actual, where) => assert.equal(actual, undefined, where);
export const anything = (actual, where) => assert.notEqual(actual, undefined, where);

export const has = (members) => (actual, where) => {
  for (const [name, matcher] of Object.entries(members)) match(actual[name], matcher, `${where}.${name}`);
};

export function match(actual, matcher, where) {
  if (matcher instanceof RegExp) {
    assert.match(String(actual), matcher, where);
  } else if (typeof matcher === 'function') {
    matcher(actual, where);
  } else if (matcher !== null && typeof matcher === 'object' && !Array.isArray(matcher)) {
    assert.deepEqual(Object.keys(actual ?? {}), Object.keys(matcher), where);
    has(matcher)(actual, where);
  } else {
    assert.deepEqual(actual, matcher, where);
  }
}

export function ask(context, version, request) {
  const { method = 'GET', path = '', address = `/${version}${path}`, token = context.administrator, body, headers = {}, tls = false } = request;
  const isJson = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
  const named = (name) => Object.keys(headers).some((other) => other.toLowerCase() === name);
  return send(tls ? context.server.tlsUrl : context.server.url, {
    method, path: address,
    ca: tls ? readFileSync(join(context.server.directory, 'dev-ca.pem')) : undefined,
    headers: {
      ...(token !== null && !named('authorization') && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && !named('content-type') && { 'Content-Type': 'application/json' }),
      ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    },
    body: isJson ? JSON.stringify(body) : body,
  });
}

// The form that every error has, whatever it is about.
function checkError(answer, { code, message, target }) {
  const { error } = answer.json;
  assert.deepEqual(Object.keys(answer.json), ['error']);
  assert.deepEqual(Object.keys(error), ['code', 'message', ...(error.target === undefined ? [] : ['target']), 'innerError']);
  assert.deepEqual(Object.keys(error.innerError), ['date', 'request-id', 'client-request-id']);
  assert.equal(error.innerError['request-id'], answer.headers['request-id']);
  assert.equal(error.innerError['client-request-id'], answer.headers['client-request-id']);
  if (code !== undefined) match(error.code, code, 'code');
  if (message !== undefined) match(error.message, message, 'message');
  if (target !== undefined) match(error.target, target, 'target');
}

export function check(answer, { status, headers = {}, body, error }) {
  assert.equal(answer.status, status, answer.text);
  for (const [name, matcher] of Object.entries(headers)) match(answer.headers[name.toLowerCase()], matcher, name);
  if (error !== undefined) checkError(answer, error);
  if (body !== undefined) match(body === '' ? answer.text : answer.json, body, 'body');
}

// Makes a test of each row. context() is asked when the tests run, not before.
export function register(rows, context) {
  for (const { rule, client, says, ask: request, expect, versions = ['v1.0', 'beta'] } of rows) {
    for (const version of versions) {
      test(`${rule ?? client} ${says} (/${version})`, async () => {
        const resolved = typeof request === 'function' ? await request(context(), version) : request;
        const expected = typeof expect === 'function' ? expect(context(), version) : expect;
        check(await ask(context(), version, resolved), expected);
      });
    }
  }
}

export const badRequest = (message, target) => ({ status: 400, error: { code: 'BadRequest', message, target } });
