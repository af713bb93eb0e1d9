'use strict';
// The broker objects of spectacles.js, each connected to the proxy in its own way; whoever drives
// one cannot tell which it is.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { Amqp, Ipc, Redis } = require('@spectacles/brokers');
const IORedis = require('ioredis');

/** Each returns the broker and what ends its connection. */
const brokers = {
  async redis(url) {
    const broker = new Redis('gateway', new IORedis(url));
    return { broker, close: async () => broker.disconnect() };
  },
  async amqp(host) {
    const broker = new Amqp('gateway', { reconnectTimeout: 1000 });
    const connection = await broker.connect(host);
    return { broker, close: () => connection.close() };
  },
  /** Starts the proxy as a child, with the channel that Node gives its children. */
  async ipc(command, ...args) {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let said = '';
    const ready = new Promise((resolve) => {
      child.stdout.on('data', (text) => {
        said += text;
        if (said.includes(' serves.')) resolve();
      });
    });
    child.stderr.on('data', (text) => (said += text));
    const gone = once(child, 'close');
    await Promise.race([ready, gone]);
    const broker = new Ipc();
    broker.fork(child);
    const close = async () => {
      if (child.connected) child.disconnect();
      const [code] = await gone;
      if (code !== 0) throw new Error(`the proxy ended with ${code}: ${said}`);
    };
    return { broker, close };
  },
};

module.exports = (kind, ...where) => brokers[kind](...where);
