'use strict';
// What the scripts that go through the HTTP front door share: arguments, checks and how they are
// told. Prints one line of JSON per check, as run.cjs does.
// Usage: node SCRIPT API TOKEN GUILD CHANNEL CROWDED INTERACTION INTERACTION_TOKEN
// That API is not Discord's is all that the library is told.

const assert = require('node:assert/strict');
const { createHash, randomBytes } = require('node:crypto');

const [api, token, guild, channel, crowded, interaction, interactionToken] =
  process.argv.slice(2);

const MEBIBYTE = 1024 * 1024;
const upload = randomBytes(8 * MEBIBYTE);

/** The attachment is the upload, of which the simulator tells the hash. */
function isUpload(attachment) {
  assert.equal(attachment.size, upload.length);
  const hash = createHash('sha256').update(upload).digest('hex');
  assert.equal(new URL(attachment.url).searchParams.get('hm'), hash);
}

/**
 * Sends messages to the channel in which the other libraries send at the same time: too many for
 * its bucket, of which each library knows only its own part.
 */
async function crowd(send) {
  const texts = Array.from({ length: 7 }, (_, i) => `crowd ${i}`);
  const messages = await Promise.all(texts.map(send));
  assert.deepEqual(messages.map((message) => message.content), texts);
  assert.equal(new Set(messages.map((message) => message.id)).size, texts.length);
}

/**
 * Runs the checks, and one that the library met no 429 and tried nothing twice.
 *
 * @param {import('@discordjs/rest').REST} rest what the library sends with
 */
async function run(rest, checks) {
  const unexpected = [];
  rest.on('response', (request, response) => {
    if (response.status === 429 || request.retries > 0) {
      unexpected.push(`${request.method} ${request.path}: ${response.status}`);
    }
  });
  checks['nothing limited or tried twice'] = async () => assert.deepEqual(unexpected, []);
  for (const [check, of] of Object.entries(checks)) {
    try {
      await of();
      console.log(JSON.stringify({ check, ok: true }));
    } catch (e) {
      console.log(JSON.stringify({ check, ok: false, why: String(e?.stack ?? e) }));
    }
  }
}

module.exports = {
  api,
  token,
  guild,
  channel,
  crowded,
  interaction,
  interactionToken,
  upload,
  isUpload,
  crowd,
  run,
};
