import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { beatsOf } from '../../examples/demo/picture/beats.js'
import { drawDemo } from '../../examples/demo/picture/draw.js'
import { readRun } from '../../examples/demo/picture/run.js'
import type { Told } from '../../examples/demo/picture/run.js'
import { Program } from '../support/program.js'
import { checkWellFormed } from '../support/well-formed.js'

const svg = readFileSync('examples/demo/picture/demo.svg', 'utf8')
const recorded = readRun(readFileSync('examples/demo/picture/recording.jsonl', 'utf8'))
const PICTURE_BYTES = 60_000

describe('the picture of the README', () => {
  it('is what the script draws from the run that is kept', () => {
    expect(svg).toBe(`${drawDemo(recorded)}\n`)
  })

  it('is small, well-formed, for light and dark, at rest where motion is not wanted, and says what it shows', () => {
    expect(Buffer.byteLength(svg)).toBeLessThan(PICTURE_BYTES)
    checkWellFormed(svg.trimEnd())
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]{300,}<\/desc>/)
    expect(svg).toContain('@media(prefers-color-scheme:dark)')
    expect(svg).toContain('@media(prefers-reduced-motion:no-preference){.beat{animation')
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('asks for nothing else: no font, script, picture or page', () => {
    const words = svg.replace('http://www.w3.org/2000/svg', '')
    expect(words).not.toMatch(/https?:|url\(|href|@import|@font-face|<script|<image|<foreignObject|\son\w+=/)
  })

  it('stands in the README with words for those who do not see it', () => {
    const readme = readFileSync('README.md', 'utf8')
    expect(readme).toMatch(/!\[[^\]]{60,}\]\(examples\/demo\/picture\/demo\.svg\)/)
  })

  it('cannot be drawn from a run without one of its steps, or with two in the wrong order', () => {
    const at = recorded.findIndex(({ who, event }) => who === 'laptop' && event === 'advert-seen')
    const advert = recorded.slice(at, at + 1)
    expect(() => drawDemo(recorded.slice(0, at))).toThrow('the run has no laptop advert-seen in its place')
    const late = [
      ...recorded.slice(0, at),
      ...recorded.slice(at + 1, -1).filter(({ event }) => event !== 'advert-seen'),
    ]
    expect(() => beatsOf([...late, ...advert])).toThrow('the run has no service tunnel-joined in its place')
  })
})

describe('the run that is kept', () => {
  let live: readonly Told[]
  beforeAll(async () => {
    const { code, stdout } = await new Program('examples/demo/main.ts', { args: ['--json'] }).ending()
    expect(code).toBe(0)
    live = readRun(stdout)
  })

  const names = (run: readonly Told[]): string[] =>
    run.map(({ who, event, ceremony }) => `${ceremony ?? ''} ${who} ${event}`)

  it('has the steps of a run of today, each as often', () => {
    expect(names(recorded).toSorted()).toEqual(names(live).toSorted())
  })

  it('has what is drawn in the order of a run of today', () => {
    expect(() => beatsOf(live)).not.toThrow()
  })

  it('ends with what the relying party verified', () => {
    expect(Object.keys(recorded.at(-1) ?? {})).toEqual(Object.keys(live.at(-1) ?? {}))
    expect(recorded.at(-1)?.messages).toBe(live.at(-1)?.messages)
  })
})
