import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from '../harness/children.js'
import type { Suite } from '../harness/group.js'
import { ROOT } from '../harness/places.js'
import { ENTRIES } from './entries.js'

const TIME_LIMIT_MS = 30_000
const [EMPTY, ALL, MAIN] = ['an empty start', 'all dependencies', 'fido-hybrid']
/** Packages that are not imported by their bare name. */
const INSTEAD: Readonly<Record<string, readonly string[]>> = {
  '@noble/ciphers': ['@noble/ciphers/aes.js'],
  '@noble/curves': ['@noble/curves/nist.js'],
  '@noble/hashes': ['@noble/hashes/hkdf.js', '@noble/hashes/hmac.js', '@noble/hashes/sha2.js'],
}

/** What a program waits for when it starts: a process of its own for every sample. */
export const measure: Suite = async context => {
  const programs = new Map([
    [EMPTY, ''],
    [ALL, importing(dependencies())],
    ...ENTRIES.map(entry => [entry, importing([entry])] as const),
  ])
  await context.group({
    name: 'imports',
    title: 'Start of a program that imports one entry',
    unit: 'ms',
    pace: { rounds: context.quick ? 1 : 21 },
    variants: Array.from(programs, ([name, program]) => ({ name, sample: () => start(program) })),
    claims: [
      { of: MAIN, against: ALL, over: EMPTY, atMost: 0.15 },
      ...ENTRIES.filter(entry => entry !== MAIN).map(
        entry => ({ of: entry, against: ALL, over: EMPTY, measure: 'cost' }) as const,
      ),
    ],
  })
}

function dependencies(): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return Object.keys(manifest.dependencies).flatMap(name => INSTEAD[name] ?? [name])
}

const importing = (specifiers: readonly string[]): string =>
  specifiers.map(specifier => `import '${specifier}'`).join('\n')

async function start(program: string): Promise<number> {
  const began = performance.now()
  await runChild(process.execPath, ['--input-type=module', '--eval', program], {
    timeLimitMs: TIME_LIMIT_MS,
    cwd: ROOT,
  })
  return performance.now() - began
}
