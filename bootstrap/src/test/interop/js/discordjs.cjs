'use strict';
// The usual calls with discord.js, by its structures; see front-door.cjs. Nothing connects to the
// gateway: what it would tell, which is who the bot is and the interaction, is given by hand.

const assert = require('node:assert/strict');
const { AttachmentBuilder, Client, ClientUser, DiscordAPIError, Events } = require('discord.js');
const door = require('./front-door.cjs');

const client = new Client({ intents: [], rest: { api: door.api } });
client.rest.setToken(door.token);
client.token = door.token;
let channel;
let message;
let crowd;

const checks = {
  async 'fetch'() {
    client.user = new ClientUser(client, await client.rest.get('/users/@me'));
    const guild = await client.guilds.fetch(door.guild);
    assert.ok(guild.roles.cache.size > 0);
    channel = await client.channels.fetch(door.channel);
    assert.equal(channel.guild, guild);
    const crowded = await client.channels.fetch(door.crowded);
    crowd = door.crowd((content, i) => crowded.send({ content, nonce: `djs-${i}` }));
  },
  async 'send'() {
    message = await channel.send({ content: 'é👍', embeds: [{ title: 'e' }], nonce: 'djs-send' });
    assert.equal(message.content, 'é👍');
    assert.equal(message.embeds[0].title, 'e');
    assert.equal(message.author.id, client.user.id);
    const fetched = await channel.messages.fetch({ message: message.id, force: true });
    assert.equal(fetched.content, 'é👍');
    const latest = await channel.messages.fetch({ limit: 1 });
    assert.equal(latest.first().id, message.id);
  },
  async 'edit'() {
    const edited = await message.edit('edited');
    assert.equal(edited.content, 'edited');
    assert.ok(edited.editedTimestamp > 0);
  },
  async 'react'() {
    const reaction = await message.react('👍');
    assert.equal(reaction.count, 1);
    const users = await reaction.users.fetch();
    assert.deepEqual([...users.keys()], [client.user.id]);
    await reaction.users.remove(client.user.id);
  },
  async 'delete'() {
    await message.delete();
    await assert.rejects(channel.messages.fetch({ message: message.id, force: true }), (error) => {
      assert.ok(error instanceof DiscordAPIError);
      assert.deepEqual([error.status, error.code], [404, 10008]);
      return true;
    });
  },
  async 'upload of 8 MiB'() {
    const files = [new AttachmentBuilder(door.upload, { name: 'eight.bin' })];
    const sent = await channel.send({ content: 'with a file', files });
    assert.equal(sent.content, 'with a file');
    assert.equal(sent.attachments.first().name, 'eight.bin');
    door.isUpload(sent.attachments.first());
  },
  async 'interaction'() {
    const received = new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
    client.actions.InteractionCreate.handle({
      id: door.interaction,
      application_id: client.user.id,
      type: 2,
      data: { id: '1', name: 'ping', type: 1 },
      guild_id: door.guild,
      channel_id: door.channel,
      user: { id: '2', username: 'somebody', discriminator: '0', avatar: null },
      token: door.interactionToken,
      version: 1,
      app_permissions: '0',
      locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: {},
    });
    const interaction = await received;
    await interaction.reply('reply');
    assert.equal((await interaction.editReply('more')).content, 'more');
    assert.equal((await interaction.followUp('and')).content, 'and');
    await interaction.deleteReply();
  },
  async 'webhook'() {
    const webhook = await channel.createWebhook({ name: 'djs hook' });
    const sent = await webhook.send({ content: 'hook', username: 'other' });
    assert.deepEqual([sent.webhookId, sent.author.username], [webhook.id, 'other']);
    assert.equal((await webhook.editMessage(sent, 'changed')).content, 'changed');
    await webhook.deleteMessage(sent);
    assert.equal((await webhook.edit({ name: 'renamed' })).name, 'renamed');
    await webhook.delete();
  },
  async 'a crowd in one channel'() {
    await crowd;
  },
};

door.run(client.rest, checks).finally(() => client.destroy());
