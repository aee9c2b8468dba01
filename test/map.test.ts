import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const MAP = read('src/README.md')

const mapped = Array.from(MAP.matchAll(/^\| (\d+) +\| `([a-z]+)` +\|/gm), ([, rank = '', room = '']) => ({
  rank: Number(rank),
  room,
}))

/** The ranks as the layer check has them; `node` is an entry point and no folder. */
function lawfulRanks(): { rank: number; room: string }[] {
  const [, list = ''] = /const RANKS = \[\n(.*?)\n\]/s.exec(read('.config/dependency-cruiser.cjs')) ?? []
  return list
    .split('\n')
    .flatMap((line, rank) => Array.from(line.matchAll(/'([a-z]+)'/g), ([, room = '']) => ({ rank, room })))
    .filter(({ room }) => room !== 'node')
}

const sorted = (rooms: { rank: number; room: string }[]): string[] =>
  rooms.map(({ rank, room }) => `${rank} ${room}`).toSorted()

test('the map has the ranks that the layer check enforces', () => {
  expect(mapped.length).toBeGreaterThan(0)
  expect(sorted(mapped)).toEqual(sorted(lawfulRanks()))
})

test('the map has every room there is', () => {
  const folders = readdirSync(new URL('../src', import.meta.url), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
  expect(mapped.map(({ room }) => room).toSorted()).toEqual(folders.toSorted())
})

test('the map names files that there are', () => {
  const named = Array.from(
    MAP.matchAll(/`([a-z-]+\/[a-z-]+\.ts)`|\]\(([^)]+)\)/g),
    ([, file, link]) => file ?? link,
  )
  expect(named.length).toBeGreaterThan(5)
  for (const path of named)
    expect(existsSync(new URL(`../src/${path ?? ''}`, import.meta.url)), path).toBe(true)
})
