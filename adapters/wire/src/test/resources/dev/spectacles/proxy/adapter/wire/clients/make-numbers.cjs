// Doubles as their bits in hex and as String(x) prints them: the edges, then some of every size.
const bits = (x) => { const b = Buffer.alloc(8); b.writeDoubleBE(x); return b; };
const edges = [1, -0, 0, 0.1, -1.5, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 1.5e-7, 5e-324, 1e-323, 1.5e-323, 2e-323,
  1.7976931348623157e308, 2 ** 53, 1e22, 1e23, 2e23, 9.5e-7, 100, 12345.678, 0.000001234, -1e-9, NaN, Infinity, -Infinity,
  4.35, 2 / 3, 1e300, 123e-20, 999999999999999900000];
const all = edges.map(bits);
let seed = 12345n;
const next = () => (seed = (seed * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n));
for (let i = 0; i < 150; i++) { const b = Buffer.alloc(8); b.writeBigUInt64BE(next()); all.push(b); }
for (let i = 0; i < 150; i++) all.push(bits(Number(next() >> 40n) / 10 ** (i % 28)));
for (const b of all) console.log(b.toString('hex') + ' ' + String(b.readDoubleBE(0)));
