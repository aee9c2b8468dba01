import type { Suite } from './harness/group.js'

/** A file in `suites/`, loaded only when it is asked for. */
export interface SuiteEntry {
  readonly name: string
  readonly about: string
  /** Left out of a quick run, for what it takes to set up. */
  readonly isSlow?: true
  readonly load: () => Promise<{ readonly measure: Suite }>
}

/** Every suite, in the order in which they run. */
export const SUITES: readonly SuiteEntry[] = [
  {
    name: 'self',
    about: 'the same work against itself: how far ratios can be trusted here',
    load: () => import('./suites/self.bench.js'),
  },
  {
    name: 'handshake-kn',
    about: 'KNpsk0 (QR-initiated), both sides, against bare node:crypto and OpenSSL from C',
    load: () => import('./suites/handshake-kn.bench.js'),
  },
  {
    name: 'handshake-nk',
    about: 'NKpsk0 (state-assisted), both sides, against the same',
    load: () => import('./suites/handshake-nk.bench.js'),
  },
  {
    name: 'handshake-sides',
    about: 'each side by itself, and the critical path with keys made early',
    load: () => import('./suites/handshake-sides.bench.js'),
  },
  {
    name: 'handshake-operations',
    about: 'where the time of a handshake goes',
    load: () => import('./suites/handshake-operations.bench.js'),
  },
  {
    name: 'noise-xx',
    about: 'another Noise library, with another pattern and curve (for information)',
    load: () => import('./suites/noise-xx.bench.js'),
  },
  {
    name: 'sealed-traffic',
    about: 'seal and open messages of 32 B to 16 KiB, against bare cipher calls',
    load: () => import('./suites/sealed-traffic.bench.js'),
  },
  {
    name: 'eid',
    about: 'an advert tried with 1, 100 and 10 000 keys, against one HMAC call a key',
    load: () => import('./suites/eid.bench.js'),
  },
  {
    name: 'qr',
    about: 'QR digits, payload and drawing, against qrcode alone',
    load: () => import('./suites/qr.bench.js'),
  },
  {
    name: 'cbor',
    about: 'real messages written and read, against cbor-x, cborg and cbor2',
    load: () => import('./suites/cbor.bench.js'),
  },
  {
    name: 'registration',
    about: 'a whole registration on loopback, on each provider',
    load: () => import('./suites/registration.bench.js'),
  },
  {
    name: 'algorithms',
    about: 'registration and sign-in with ES256, EdDSA and ML-DSA-44: time, the phone’s part, bytes',
    load: () => import('./suites/algorithms.bench.js'),
  },
  {
    name: 'registration-delayed',
    about: 'the same with 25 ms each way, in round trips and messages',
    load: () => import('./suites/registration-delayed.bench.js'),
  },
  {
    name: 'data-channel',
    about:
      'a registration over a simulated data channel beside a tunnel of 25 ms each way: time and messages',
    load: () => import('./suites/data-channel.bench.js'),
  },
  {
    name: 'connecting',
    about: 'from the advert to connected, TCP and TLS included: with a connection opened ahead, and without',
    load: () => import('./suites/connecting.bench.js'),
  },
  {
    name: 'service-throughput',
    about: 'messages and tunnels a second, against a bare ws relay and TCP',
    load: () => import('./suites/service-throughput.bench.js'),
  },
  {
    name: 'service-memory',
    about: 'memory per idle tunnel at 1 000 and 5 000 tunnels, against the same',
    load: () => import('./suites/service-memory.bench.js'),
  },
  {
    name: 'cluster',
    about: 'one to three instances behind HAProxy, calls through NATS and Redis, memory of a phone’s line',
    isSlow: true,
    load: () => import('./suites/cluster.bench.js'),
  },
  {
    name: 'import-time',
    about: 'what importing each entry costs at the start of a program',
    load: () => import('./suites/import-time.bench.js'),
  },
  {
    name: 'start',
    about: 'from the start of the command to its QR code, against an empty start',
    load: () => import('./suites/start.bench.js'),
  },
  {
    name: 'bundle-size',
    about: 'size of each entry, bundled, minified and compressed',
    load: () => import('./suites/bundle-size.bench.js'),
  },
]
