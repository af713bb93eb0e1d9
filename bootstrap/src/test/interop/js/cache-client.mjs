// Runs groups of http-cache-tests against a cache and prints one line of JSON per test:
// {"group": id, "test": id, "kind": "required"|"optimal"|"check", "outcome": text, "why": text}.
// Usage: node cache-client.mjs URL GROUP...

import fetch from 'node-fetch';
import { runTests, getResults } from 'http-cache-tests/client/runner.mjs';
import all from 'http-cache-tests/tests/index.mjs';

const [base, ...wanted] = process.argv.slice(2);
const missing = wanted.filter((id) => !all.some((group) => group.id === id));
if (missing.length > 0) throw new Error(`no such group: ${missing}`);

const groups = all.filter((group) => wanted.includes(group.id));
const tests = new Map(all.flatMap((group) => group.tests).map((test) => [test.id, test]));

/** What the shim cannot pass on, or the suite cannot tell. */
async function fetchThroughShim(url, init) {
  const response = await fetch(url, init);
  const { headers } = response;
  // Its server writes a date of its own.
  if (headers.has('shim-date')) headers.set('date', headers.get('shim-date'));
  // Without a count, the suite would take the proxy's own failure for an answer from the cache.
  if (response.status === 502 && !headers.has('server-request-count')) {
    const number = init.headers.find(([name]) => name === 'Req-Num');
    if (number) headers.set('server-request-count', number[1]);
  }
  return response;
}

// The suite prints about what it expects to happen.
const { log } = console;
console.log = () => {};
// The shim has room for 200 connections; most of the time is waiting for answers to age.
await runTests(groups, fetchThroughShim, false, base, 150);
const results = getResults();

/** As the suite's own display tells it. */
function outcome({ id, depends_on: needed = [] }) {
  const result = results[id];
  const unmet = needed.find((other) => outcome(tests.get(other))[0] !== 'passed');
  if (unmet) return ['not tested', `needs ${unmet}`];
  if (result === undefined) return ['not tested', 'was not run'];
  if (result === true) return ['passed', ''];
  const [name, message] = result;
  return [{ Assertion: 'failed', Setup: 'set-up failed' }[name] ?? 'broken', `${message}`];
}

for (const group of groups) {
  for (const test of group.tests.filter((each) => each.browser_only !== true)) {
    const [told, why] = outcome(test);
    const kind = test.kind ?? 'required';
    log(JSON.stringify({ group: group.id, test: test.id, kind, outcome: told, why }));
  }
}
