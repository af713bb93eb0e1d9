'use strict';
// Drives the proxy with the client that bots in JavaScript use, unchanged, and prints one line of
// JSON per check: {"check": name, "ok": true} or {"check": name, "ok": false, "why": text}.
// The script is the same over every broker; only the broker object differs.
// Usage: node run.cjs api|bytes redis URL
//        node run.cjs api|bytes amqp HOST:PORT
//        node run.cjs api|bytes ipc COMMAND [ARGUMENT...]

const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { Client } = require('@spectacles/proxy');
const connect = require('./brokers.cjs');

const [part, ...where] = process.argv.slice(2);
let broker;
let client;

const bytesOf = (answer) => Buffer.from(answer.body.body);
const json = (answer) => JSON.parse(bytesOf(answer).toString());

function answered(answer, code) {
  assert.equal(answer.status, 0, JSON.stringify(answer));
  assert.equal(answer.body.status, code);
  assert.equal(typeof answer.body.url, 'string');
  // Where the broker carries JSON, bytes are a list of numbers.
  assert.ok(answer.body.body instanceof Uint8Array || Array.isArray(answer.body.body));
  assert.equal(Object.getPrototypeOf(answer.body.headers), Object.prototype);
  return answer.body;
}

function refused(answer, status, about) {
  assert.equal(answer.status, status, JSON.stringify(answer));
  assert.equal(typeof answer.body, 'string');
  assert.match(answer.body, about);
}

const call = (request) => broker.call('REQUEST', request);

/** Requests that the proxy answers at once, sooner than their caller subscribes. */
async function immediate(total, atOnce) {
  let lost = 0;
  for (let sent = 0; sent < total; sent += atOnce) {
    const batch = Array.from({ length: atOnce }, () => client.get('no-slash'));
    for (const outcome of await Promise.allSettled(batch)) {
      if (outcome.status === 'rejected') lost++;
      else refused(outcome.value, 3, /^path: /);
    }
  }
  assert.equal(lost, 0, `${lost} of ${total} answers lost`);
}

const api = {
  async 'get'() {
    const { body, headers } = answered(await client.get('/users/@me'), 200);
    assert.equal(JSON.parse(Buffer.from(body).toString()).username, 'simulated');
    assert.equal(headers['content-type'], 'application/json');
  },
  async 'get with a query of text, numbers and booleans'() {
    const query = { after: 'a b&c=d/é', limit: 25, ratio: 0.5, with_counts: true };
    const answer = await client.get('/guilds/1/members', { query });
    answered(answer, 200);
    assert.equal(json(answer).path, '/guilds/1/members');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(json(answer).query)), {
      after: 'a b&c=d/é',
      limit: '25',
      ratio: '0.5',
      with_counts: 'true',
    });
  },
  async 'post of an object'() {
    const answer = await client.post('/channels/1/messages', { content: 'é👍', nonce: 'n-1' });
    answered(answer, 200);
    assert.deepEqual([json(answer).method, json(answer).nonce], ['POST', 'n-1']);
    const length = Buffer.byteLength(JSON.stringify({ content: 'é👍', nonce: 'n-1' }));
    assert.equal(json(answer).length, length);
  },
  async 'put, patch and delete'() {
    for (const method of ['put', 'patch']) {
      const answer = await client[method]('/guilds/1/members/2', { nick: null });
      answered(answer, 200);
      assert.deepEqual([json(answer).method, json(answer).length], [method.toUpperCase(), 13]);
    }
    const gone = await client.delete('/channels/1/messages/2');
    answered(gone, 200);
    assert.deepEqual([json(gone).method, json(gone).length], ['DELETE', 0]);
  },
  async 'put without a body'() {
    const path = '/channels/1/messages/2/reactions/%F0%9F%91%8D/@me';
    const answer = await client.put(path);
    answered(answer, 200);
    assert.equal(json(answer).path, path);
  },
  async 'errors of Discord are answers'() {
    assert.equal(answered(await client.get('/missing/1'), 404).status, 404);
    const forbidden = await client.post('/forbidden/1', { a: 1 });
    answered(forbidden, 403);
    assert.equal(json(forbidden).code, 50013);
  },
  async 'status 2'() {
    refused(await call('neither map nor request'), 2, /^request: /);
    refused(await call({ method: 'GET' }), 2, /^request: lacks path/);
    refused(await call([1, 2, 3]), 2, /^request: /);
  },
  async 'status 3'() {
    refused(await client.get('users/@me'), 3, /^path: /);
    refused(await client.get('/../../oauth2/token'), 3, /^path: /);
    refused(await call({ method: 'GET', path: 7 }), 3, /^path: /);
  },
  async 'status 4'() {
    refused(await client.get('/users/@me', { query: { a: { b: 1 } } }), 4, /^query: /);
    refused(await client.get('/users/@me', { query: [1] }), 4, /^query: /);
  },
  async 'status 5'() {
    refused(await call({ method: 'G ET', path: '/users/@me' }), 5, /^method: /);
  },
  async 'status 6'() {
    const headers = { 'X-Audit-Log-Reason': 'a\r\nHost: elsewhere' };
    refused(await client.get('/users/@me', { headers }), 6, /^headers: /);
  },
  async 'status 7'() {
    refused(await client.post('/reset/1', { a: 1 }), 7, /outcome unknown/);
  },
  async 'status 8'() {
    const timeout = { secs: 0, nanos: 300_000_000 };
    const headers = { Authorization: 'Bot interop' };
    refused(await call({ method: 'GET', path: '/never/1', headers, timeout }), 8, /^timeout: /);
  },
  async '1,000 immediate answers one after the other'() {
    await immediate(1000, 1);
  },
  async '1,000 immediate answers, 25 at a time'() {
    await immediate(1000, 25);
  },
  async '1,000 immediate answers at once'() {
    await immediate(1000, 1000);
  },
};

const bytes = {
  async 'post of a buffer'() {
    for (const size of [1, 256, 70_000]) {
      const body = randomBytes(size);
      if (size === 256) body.forEach((_, i) => (body[i] = i));
      const headers = { 'content-type': 'application/octet-stream' };
      const answer = answered(await client.post('/channels/1/messages', body, { headers }), 200);
      assert.ok(body.equals(Buffer.from(answer.body)), `${size} bytes came back changed`);
    }
  },
  async 'post of an object, byte for byte'() {
    const body = { content: 'é👍\u0000', embeds: [{ title: '\ud83e\udd80' }] };
    const answer = answered(await client.post('/channels/1/messages', body), 200);
    assert.equal(Buffer.from(answer.body).toString(), JSON.stringify(body));
    assert.equal(answer.headers['content-type'], 'application/json');
  },
};

async function main() {
  const connected = await connect(...where);
  broker = connected.broker;
  client = new Client(broker, 'interop');
  for (const [check, run] of Object.entries({ api, bytes }[part])) {
    try {
      await run();
      console.log(JSON.stringify({ check, ok: true }));
    } catch (e) {
      console.log(JSON.stringify({ check, ok: false, why: String(e?.stack ?? e) }));
    }
  }
  await connected.close();
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
