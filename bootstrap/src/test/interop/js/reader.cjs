'use strict';
// Reads a guild as a worker would that knows nothing but the documented keys, and prints it as one
// line of JSON: {"app": {…}, "meta": {…}, "complete": whether every channel is there,
// "guild": {…}, "channels": [{…}, …], "where": guild id by the index of channels}. What is not
// there is null.
// Usage: node reader.cjs REDIS-URL APPLICATION-ID GUILD-ID [CHANNEL-ID]

const IORedis = require('ioredis');

const [url, app, guild, channel] = process.argv.slice(2);
const of = (name) => `sp1:${app}:{${guild}}:${name}`;
const orNull = (hash) => (Object.keys(hash).length === 0 ? null : hash);

async function main() {
  const redis = new IORedis(url, { maxRetriesPerRequest: 3 });
  const about = await redis.hgetall(`sp1:${app}:meta`);
  if (about.schema !== undefined && about.encoding !== 'json') {
    throw new Error(`encoding: ${about.encoding} (expected: json)`);
  }
  // All keys of a guild lie together, so that one transaction sees one moment, in a cluster too.
  const replies = await redis
    .multi()
    .hgetall(of('meta'))
    .get(of('guild'))
    .hvals(of('channels'))
    .exec();
  const [meta, whole, channels] = replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
  let where = null;
  if (channel !== undefined && about.buckets !== undefined) {
    const bucket = (BigInt(channel) >> 22n) % BigInt(about.buckets);
    where = await redis.hget(`sp1:${app}:cidx:${bucket}`, channel);
  }
  console.log(
    JSON.stringify({
      app: orNull(about),
      meta: orNull(meta),
      complete: meta.state !== undefined && Number(meta.n_channels ?? 0) === channels.length,
      guild: whole === null ? null : JSON.parse(whole),
      channels: channels.map((json) => JSON.parse(json)),
      where,
    }),
  );
  redis.disconnect();
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
