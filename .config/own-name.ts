import { fileURLToPath } from 'node:url'
import tsconfig from '../tsconfig.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** `fido-hybrid` is this project’s source, as `paths` in tsconfig.json have it: what the tests take from `examples/` says so. */
export const ownName: readonly { readonly find: RegExp; readonly replacement: string }[] = Object.entries(
  tsconfig.compilerOptions.paths,
).map(([name, [source = '']]) => ({
  find: new RegExp(`^${name.replace('*', '(.+)')}$`),
  replacement: source.replace('./', ROOT).replace('*', '$1'),
}))
