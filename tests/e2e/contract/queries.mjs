// G25 to G28: query options and pages.
import assert from 'node:assert/strict';
import { absent, badRequest, has, match, set } from '../support/table.mjs';

const names = (...expected) => (value) => assert.deepEqual(value.map((profile) => profile.displayName), expected);
const length = (expected) => (value) => assert.equal(value.length, expected);
const encode = (text) => encodeURIComponent(text);

// On the four profiles that begin with "G25 ".
const mine = `startswith(displayName,'G25 ')`;
const lists = [
  ['$select', `$filter=${encode(mine)}&$select=displayName&$top=1`, { value: (value) => assert.deepEqual(value, [{ displayName: 'G25 a' }]) }],
  ['$filter', `$filter=${encode(`${mine} and not (displayName in ('G25 a','G25 b'))`)}`, { value: names('G25 c', 'G25 d') }],
  ['$orderby', `$filter=${encode(mine)}&$orderby=${encode('displayName desc')}`, { value: names('G25 d', 'G25 c', 'G25 b', 'G25 a') }],
  ['$top', `$filter=${encode(mine)}&$top=3`, { value: length(3), '@odata.nextLink': /\$skiptoken=/ }],
  ['$top of 999', `$filter=${encode(mine)}&$top=999`, { value: length(4), '@odata.nextLink': absent }],
  ['$skip', `$filter=${encode(mine)}&$skip=3`, { value: names('G25 d') }],
  ['$count', `$filter=${encode(mine)}&$count=true&$top=1`, { '@odata.count': 4, value: length(1) }],
  ['$search', `$search=${encode('"G25 b"')}`, { value: names('G25 b') }],
].flatMap(([name, query, body]) => [
  { rule: 'G25', says: `a list takes ${name}`, ask: { path: `${set}?${query}` }, expect: { status: 200, body: has(body) } },
  { rule: 'G25', says: `a list takes ${name} without the sign`, ask: { path: `${set}?${query.replaceAll('$', '')}` }, expect: { status: 200, body: has(body) } },
  { rule: 'G25', says: `a list takes ${name} with the sign encoded`, ask: { path: `${set}?${query.replaceAll('$', '%24')}` }, expect: { status: 200, body: has(body) } },
]);

const onOne = ['$filter=id%20ne%20null', '$orderby=id', '$top=1', '$skip=1', '$count=true', '$search=x', '$skiptoken=x', '$expand=x'].map((query) => ({
  rule: 'G25', says: `one entity takes $select only, not ${query}`, ask: (c) => ({ path: `${set}/${c.profile.id}?${query}` }),
  expect: badRequest(/not supported for this resource|Could not find a property/, query.split('=')[0]),
}));

const wrong = [
  ['$nonsense=1', '$nonsense', /not supported/], ['$top=0', '$top', /from 1 to 999/], ['$top=1000', '$top', /from 1 to 999/], ['$top=x', '$top', /at position 1/],
  ['$skip=-1', '$skip', /from 0/], ['$count=maybe', '$count', /true or false/], ['$top=1&$top=1', '$top', /more than once/],
  ['$filter=displayName%20eq', '$filter', /at position \d+/], ['$filter=colour%20eq%20null', '$filter', /Could not find a property named 'colour'/],
  ['$orderby=tokenValue', '$orderby', /cannot be used/], ['$select=colour', '$select', /^Could not find a property named 'colour' on type 'microsoft\.graph\.androidForWorkEnrollmentProfile'\.$/],
  ['$search=%22', '$search', /at position 1/], ['$skiptoken=x', '$skiptoken', /Follow @odata.nextLink/],
  ['$expand=assignments', '$expand', /Could not find a property named 'assignments'/], ['$expand=displayName', '$expand', /not a navigation property/],
].map(([query, target, message]) => ({
  rule: 'G25', says: `${query} is a 400 of its own`, ask: { path: `${set}?${query}` }, expect: badRequest(message, target),
}));

const soon = () => new Date(Date.now() + 60e3).toISOString().replace(/\.\d+Z$/, 'z');
const live = [['%20', 'as PowerShell encodes blanks'], ['+', 'as a form encodes blanks']].map(([blank, name]) => ({
  rule: 'G26', says: `live profiles are listed as the sample lists them, ${name}`,
  ask: (c, version) => ({ address: `/${version === 'beta' ? 'Beta' : version}${set}?$filter=tokenExpirationDateTime${blank}gt${blank}${soon()}` }),
  expect: (c) => ({ status: 200, body: has({ value: (value) => {
    assert.ok(value.some((profile) => profile.id === c.profile.id));
    assert.ok(value.every((profile) => profile.id !== c.bare.id));
  } }) }),
}));

export const queries = [
  ...lists,
  { rule: 'G25', says: 'one entity takes $select', ask: (c) => ({ path: `${set}/${c.profile.id}?$select=id` }), expect: (c) => ({ status: 200, body: has({ id: c.profile.id, displayName: absent }) }) },
  ...onOne,
  { rule: 'G25', says: '/$count is the number alone', ask: { path: `${set}/$count?$filter=${encode(mine)}`, headers: { Accept: 'text/plain' } }, expect: { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 4 } },
  { rule: 'G25', says: '/$count takes $search and no $top', ask: { path: `${set}/$count?$search=G25&$top=1` }, expect: badRequest(/not supported/, '$top') },
  { rule: 'G25', says: 'an ordinary parameter is ignored', ask: { path: `${set}?api-version=1.0&x=y&$top=1` }, expect: { status: 200 } },
  ...wrong, ...live,
  { rule: 'G26', says: 'a picture is read as the sample reads it', ask: (c, version) => ({ address: `/${version === 'beta' ? 'Beta' : version}${set}/${c.profile.id}?$select=qrCodeImage` }),
    expect: { status: 200, body: { '@odata.context': /\(qrCodeImage\)\/\$entity$/, qrCodeImage: has({ type: 'image/png' }) } } },
  { rule: 'G27', says: 'a list has no pictures', ask: (c) => ({ path: `${set}?$filter=id%20eq%20'${c.profile.id}'` }), expect: { status: 200, body: has({ value: ([profile]) => assert.equal(profile.qrCodeImage, null) }) } },
  { rule: 'G27', says: 'a list has the pictures that are selected by name', ask: (c) => ({ path: `${set}?$filter=id%20eq%20'${c.profile.id}'&$select=qrCodeImage` }),
    expect: { status: 200, body: has({ value: ([profile]) => assert.equal(profile.qrCodeImage.type, 'image/png') }) } },
  { rule: 'G28', says: 'a page has its members in order, and an absolute link', ask: { path: `${set}?$count=true&$top=1` },
    expect: (c, version) => ({ status: 200, body: {
      '@odata.context': /./, '@odata.count': (count) => assert.ok(count > 4), value: length(1),
      '@odata.nextLink': (link) => assert.ok(link.startsWith(`${c.server.url}/${version}${set}?`)),
    } }) },
  { rule: 'G28', says: 'the link goes on where the page ended', ask: (c, version) => ({ address: c.secondPage[version] }), expect: { status: 200, body: has({ value: names('G25 c', 'G25 d'), '@odata.nextLink': absent }) } },
  { rule: 'G28', says: 'an empty page is an empty array', ask: { path: `${set}?$filter=false` }, expect: { status: 200, body: { '@odata.context': /./, value: (value) => match(JSON.stringify(value), /^\[\]$/) } } },
];
