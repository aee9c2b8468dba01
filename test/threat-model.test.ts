import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const attacks = readFileSync('src/security.md', 'utf8')
  .split('## Attacks')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| attack') && !line.startsWith('| ---'))

const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).map(name => `test/${name}`)
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

it('names for every attack tests that there are', () => {
  expect(attacks?.length).toBeGreaterThan(10)
  for (const attack of attacks ?? []) {
    const shownBy = [...(attack.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
    expect(shownBy, attack).not.toEqual([])
    expect(shownBy.filter(place => !exists(place))).toEqual([])
  }
})

function exists(place: string): boolean {
  const script = /^npm run (\S+)/.exec(place)?.[1]
  if (script !== undefined) return script in scripts
  if (place.startsWith('.')) return readFileSync(place).length > 0
  const [start = place] = place.split('*')
  return files.some(
    file =>
      file === place || file.startsWith(`${start}/`) || (file.startsWith(start) && file.endsWith('.test.ts')),
  )
}
