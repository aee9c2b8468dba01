import { readdirSync } from 'node:fs'
import { defineConfig } from 'tsup'

const ENTRIES = ['index', 'wire', 'noise', 'session', 'node', 'virtual', 'service', 'testing', 'cli']

const adapters = readdirSync('src/adapters')
  .filter(name => name.endsWith('.ts'))
  .map(name => `adapters/${name.slice(0, -'.ts'.length)}`)

const config: ReturnType<typeof defineConfig> = defineConfig({
  entry: Object.fromEntries([...ENTRIES, ...adapters].map(name => [name, `src/${name}.ts`])),
  format: 'esm',
  target: 'es2023',
  platform: 'node',
  outDir: 'dist',
  splitting: true,
  treeshake: true,
  sourcemap: true,
  dts: true,
  clean: true,
})

export default config
