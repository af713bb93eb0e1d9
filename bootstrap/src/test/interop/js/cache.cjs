'use strict';
// Asks for the same again and again, one request after the other, with the client that bots in
// JavaScript use, unchanged: the proxy and a rival that answers at once, in turns. Prints a line of
// JSON per block: {"who": name, "asked": n, "lost": n, "odd": n, "p50": ms, "p99": ms}. The first of
// each is warm-up, with a path of its own.
// Usage: node cache.cjs redis URL EVENT-OF-RIVAL WARM-UP-PATH WARM-UP-REQUESTS PATH BLOCKS
//   REQUESTS-PER-BLOCK

const { performance } = require('node:perf_hooks');
const { Client } = require('@spectacles/proxy');
const connect = require('./brokers.cjs');

const [kind, url, rivalEvent, ...what] = process.argv.slice(2);
const [warmUpPath, warmUps, path, blocks, perBlock] = what;

async function block(who, client, path, asked) {
  const times = [];
  let lost = 0;
  let odd = 0;
  for (let i = 0; i < asked; i++) {
    const start = performance.now();
    try {
      const answer = await client.get(path);
      times.push(performance.now() - start);
      if (answer.status !== 0 || answer.body.status !== 200) odd++;
    } catch {
      lost++;
    }
  }
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor((times.length - 1) * part)];
  console.log(JSON.stringify({ who, asked, lost, odd, p50: at(0.5), p99: at(0.99) }));
}

async function main() {
  const { broker, close } = await connect(kind, url);
  // The client names its event itself, so the rival's is put in its place on the way.
  const rivals = { call: (event, data, options) => broker.call(rivalEvent, data, options) };
  const parties = [
    ['proxy', new Client(broker, 'interop')],
    ['rival', new Client(rivals, 'interop')],
  ];
  for (const [who, client] of parties) {
    await block(who, client, warmUpPath, Number(warmUps));
  }
  for (let i = 0; i < blocks; i++) {
    // Neither always comes first.
    for (const [who, client] of i % 2 === 0 ? parties : [...parties].reverse()) {
      await block(who, client, path, Number(perBlock));
    }
  }
  await close();
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
