const { readdirSync } = require('node:fs')

/** The layer law: a room imports only from lower ranks, and rooms of one rank are strangers. */
const RANKS = [
  ['bytes'],
  ['cbor', 'crypto'],
  ['qr', 'advert', 'tunnel', 'message', 'linking', 'framing', 'ctap', 'noise'],
  ['handshake'],
  ['session'],
  ['ports', 'async', 'webauthn', 'digital'],
  ['driver', 'virtual', 'adapters'],
  ['client', 'authenticator', 'service', 'trace'],
  ['testing', 'node', 'credentials'],
  ['conform', 'page', 'electron'],
  ['cli'],
]

const ERRORS = '^src/(errors|error-catalogue|status-cures)\\.ts$'
const folder = rooms => `^src/(${rooms.join('|')})/`

const layerRules = RANKS.flatMap((rooms, rank) =>
  rooms.map(room => ({
    name: `${room}-sees-only-lower-ranks`,
    severity: 'error',
    from: { path: folder([room]) },
    to: {
      path: '^src/',
      pathNot: [folder([room]), ERRORS, ...(rank > 0 ? [folder(RANKS.slice(0, rank).flat())] : [])],
    },
  })),
)

/** What a technology of `adapters` may use of another’s folder; else its folders are strangers. */
const SHARED_BY_ADAPTERS = {
  air: ['sockets'],
  ws: ['sockets', 'proxy', 'system'],
  proxy: ['sockets'],
  'web-socket': ['sockets'],
  bluez: ['system'],
  noble: ['native'],
  bleno: ['native'],
  native: ['system'],
  l2cap: ['system'],
  directory: ['sockets', 'system'],
  nats: ['directory', 'system'],
  redis: ['directory', 'system'],
}

const strangerRules = readdirSync('src/adapters', { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => ({
    name: `adapters-are-strangers-${name}`,
    severity: 'error',
    from: { path: `^src/adapters/${name}/` },
    to: {
      path: '^src/adapters/',
      pathNot: [name, ...(SHARED_BY_ADAPTERS[name] ?? [])].map(own => `^src/adapters/${own}/`),
    },
  }))

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'adapters-see-only-ports',
      comment:
        'An adapter knows ports, promises, byte strings, errors, and the crypto interface it may implement.',
      severity: 'error',
      from: { path: folder(['adapters']) },
      to: { path: '^src/', pathNot: [folder(['adapters', 'ports', 'async', 'bytes', 'crypto']), ERRORS] },
    },
    ...strangerRules,
    {
      name: 'errors-see-nothing',
      severity: 'error',
      from: { path: ERRORS },
      to: { path: '^src/', pathNot: ERRORS },
    },
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: folder(RANKS.slice(0, 5).flat()) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'portable-rooms-stay-portable',
      comment: 'What the entries for every runtime are built from.',
      severity: 'error',
      from: {
        path: folder([
          'ports',
          'async',
          'webauthn',
          'digital',
          'driver',
          'virtual',
          'client',
          'authenticator',
          'trace',
          'credentials',
          'electron',
        ]),
      },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'ports-are-interfaces',
      comment: 'Ports take types from the core, never code.',
      severity: 'error',
      from: { path: folder(['ports']) },
      to: { path: '^src/', pathNot: [folder(['ports']), ERRORS], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-the-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|examples|bench)/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
