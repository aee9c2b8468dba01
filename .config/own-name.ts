import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))

/** `fido-hybrid` is this project’s source, as `paths` in tsconfig.json have it: what the tests take from `examples/` says so. */
export const ownName: readonly { readonly find: RegExp; readonly replacement: string }[] = [
  { find: /^fido-hybrid$/, replacement: `${SOURCE}index.ts` },
  { find: /^fido-hybrid\/(.+)$/, replacement: `${SOURCE}$1.ts` },
]
