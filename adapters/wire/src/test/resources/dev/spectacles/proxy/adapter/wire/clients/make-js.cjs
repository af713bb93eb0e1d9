const { Client } = require('@spectacles/proxy');
const { encode } = require('@spectacles/util');

const path = '/channels/1234/messages';
const calls = {
  get: (c) => c.get('/users/@me'),
  'post-json': (c) => c.post(path, { content: 'hé 👍', tts: false }),
  'post-buffer': (c) => c.post(path, Buffer.from([0, 255, 254, 10, 13, 128]), { headers: { 'content-type': 'application/octet-stream' } }),
  query: (c) => c.get(path, { query: { limit: 50, ratio: 1.5, whole: 1e21, with_counts: true, before: undefined, around: 'a b&c=d', big: 2 ** 53, neg: -7 } }),
  'own-content-type': (c) => c.post(path, { content: 'x' }, { headers: { 'Content-Type': 'text/plain' } }),
};

for (const [name, make] of Object.entries(calls)) {
  const broker = { call: async (event, data) => console.log('js-' + name, encode(data).toString('hex')) };
  make(new Client(broker, 'TOKEN'));
}
