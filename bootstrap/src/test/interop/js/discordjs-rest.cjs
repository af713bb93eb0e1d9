'use strict';
// The usual calls with @discordjs/rest alone; see front-door.cjs.

const assert = require('node:assert/strict');
const { REST, DiscordAPIError } = require('@discordjs/rest');
const { Routes } = require('discord-api-types/v10');
const door = require('./front-door.cjs');

const rest = new REST({ api: door.api, version: '10' }).setToken(door.token);
const { channel } = door;
const reaction = encodeURIComponent('👍');
let application;
let message;
let webhook;

const crowd = door.crowd((content, i) =>
  rest.post(Routes.channelMessages(door.crowded), { body: { content, nonce: `rest-${i}` } }),
);

const checks = {
  async 'the bot and its gateway'() {
    const self = await rest.get(Routes.user());
    assert.equal(self.bot, true);
    application = self.id;
    const gateway = await rest.get(Routes.gatewayBot());
    assert.equal(gateway.shards, 1);
  },
  async 'send'() {
    const body = { content: 'é👍 <@1> "q"\n', nonce: 'rest-send', embeds: [{ title: 'e' }] };
    message = await rest.post(Routes.channelMessages(channel), { body });
    assert.equal(message.content, body.content);
    assert.equal(message.embeds[0].title, 'e');
    assert.equal(message.channel_id, channel);
  },
  async 'fetch'() {
    const path = Routes.channelMessage(channel, message.id);
    assert.deepEqual(await rest.get(path), message);
    const query = new URLSearchParams({ limit: '2' });
    const latest = await rest.get(Routes.channelMessages(channel), { query });
    assert.equal(latest[0].id, message.id);
  },
  async 'edit'() {
    const path = Routes.channelMessage(channel, message.id);
    const edited = await rest.patch(path, { body: { content: 'edited' } });
    assert.deepEqual([edited.id, edited.content], [message.id, 'edited']);
    assert.notEqual(edited.edited_timestamp, null);
  },
  async 'react'() {
    await rest.put(Routes.channelMessageOwnReaction(channel, message.id, reaction));
    const users = await rest.get(Routes.channelMessageReaction(channel, message.id, reaction));
    assert.deepEqual(users.map((user) => user.id), [application]);
    await rest.delete(Routes.channelMessageOwnReaction(channel, message.id, reaction));
  },
  async 'delete'() {
    const path = Routes.channelMessage(channel, message.id);
    await rest.delete(path, { reason: 'späť über' });
    await assert.rejects(rest.get(path), (error) => {
      assert.ok(error instanceof DiscordAPIError);
      assert.deepEqual([error.status, error.code], [404, 10008]);
      return true;
    });
  },
  async 'upload of 8 MiB'() {
    const sent = await rest.post(Routes.channelMessages(channel), {
      body: { content: 'with a file' },
      files: [{ name: 'eight.bin', data: door.upload, contentType: 'application/x-eight' }],
    });
    assert.equal(sent.content, 'with a file');
    assert.equal(sent.attachments[0].filename, 'eight.bin');
    assert.equal(sent.attachments[0].content_type, 'application/x-eight');
    door.isUpload(sent.attachments[0]);
  },
  async 'interaction'() {
    const callback = Routes.interactionCallback(door.interaction, door.interactionToken);
    await rest.post(callback, { body: { type: 4, data: { content: 'reply' } }, auth: false });
    const original = Routes.webhookMessage(application, door.interactionToken);
    const edited = await rest.patch(original, { body: { content: 'more' }, auth: false });
    assert.equal(edited.content, 'more');
    const followUp = Routes.webhook(application, door.interactionToken);
    const followed = await rest.post(followUp, { body: { content: 'and' }, auth: false });
    assert.notEqual(followed.id, edited.id);
    await rest.delete(original, { auth: false });
  },
  async 'webhook'() {
    const body = { name: 'rest hook' };
    webhook = await rest.post(Routes.channelWebhooks(channel), { body });
    const path = Routes.webhook(webhook.id, webhook.token);
    const query = new URLSearchParams({ wait: 'true' });
    const options = { query, body: { content: 'hook', username: 'other' }, auth: false };
    const sent = await rest.post(path, options);
    assert.deepEqual([sent.webhook_id, sent.author.username], [webhook.id, 'other']);
    const own = Routes.webhookMessage(webhook.id, webhook.token, sent.id);
    const edited = await rest.patch(own, { body: { content: 'changed' }, auth: false });
    assert.equal(edited.content, 'changed');
    await rest.delete(own, { auth: false });
    const renamed = await rest.patch(Routes.webhook(webhook.id), { body: { name: 'renamed' } });
    assert.equal(renamed.name, 'renamed');
    await rest.delete(Routes.webhook(webhook.id));
  },
  async 'a crowd in one channel'() {
    await crowd;
  },
};

door.run(rest, checks);
