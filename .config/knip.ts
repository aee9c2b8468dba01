import type { KnipConfig } from 'knip'
import { ENTRIES } from './package-files.js'

const config: KnipConfig = {
  entry: [
    ...Object.values(ENTRIES),
    'bench/{main,report,compare,profile}.ts',
    'bench/{run,suite-process,profiling/run}.ts',
    'bench/suites/{cluster/instance,service/relay}-process.ts',
    'examples/{demo,demo/picture,digital-credential,security-info}/main.ts',
    'examples/security-info/pages/{sign-in,security-info,settings,phone}.ts',
    'test/**/*.test.ts',
    'test/vm/guest/{main,radio-holder,channel-holder}.ts',
    'examples/e2e/{playwright.config,site/server,tests/*.spec,vitest/vitest.config,vitest/*.test}.ts',
    'test/**/*.{cluster,conform,dialog,docs,e2e,emulator,kills,peers,runtimes,soak,vm}.ts',
    'test/runtimes/{ceremonies,network,post-quantum,plain-vitest,plain-fast-check}.ts',
    'test/support/{native-user,scanned-picture,served-process}.ts',
    'test/soak/soaked-process.ts',
    'test/dialog/launched-process.ts',
    'test/{dialog,peers/libwebauthn}/conform-client.ts',
    'test/browser/page/{main,client-main}.ts',
    'test/e2e/bridged/{playwright.config,fixtures.spec}.ts',
    '.config/*.ts',
    '.config/docs/.vitepress/{config,theme/index,theme/decode/decode,theme/decode/samples.data}.ts',
  ],
  'release-it': { config: '.config/release-it.json' },
  ignoreBinaries: ['btvirt', 'dbus-daemon', 'go', 'groff', 'mkfifo', 'pkg-config', 'pwsh'],
  typedoc: { config: '.config/typedoc.json' },
  project: [
    '.config/docs/**/*.ts',
    'src/**/*.ts',
    'test/**/*.ts',
    'examples/**/*.ts',
    'bench/**/*.ts',
    '!bench/peers/**',
    '!examples/electron/**',
  ],
}

export default config
