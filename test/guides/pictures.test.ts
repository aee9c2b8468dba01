import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DARK, LIGHT } from './drawing/palette.js'
import { allPictures } from './drawing/pictures.js'
import { svgOf } from './drawing/svg.js'

const GUIDES = new URL('../../examples/guides/', import.meta.url)
const pictures = allPictures()

describe.each(pictures.map(picture => [picture.name, picture] as const))(
  'the picture %s',
  (name, picture) => {
    const svg = svgOf(picture)

    test('is what its data give (`npm test -- -u` draws it again)', async () => {
      await expect(svg).toMatchFileSnapshot(`../../examples/guides/pictures/${name}.svg`)
    })

    test('says in words what it shows, and asks nothing of the network', () => {
      expect(picture.description.length).toBeGreaterThan(80)
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|@import|<script/)
    })

    test('is shown in the guide, with words for readers who do not see it', () => {
      const guide = readFileSync(new URL('understand.md', GUIDES), 'utf8')
      expect(guide).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\(pictures/${name}\\.svg\\)`))
    })
  },
)

test('no picture is left over', () => {
  const files = readdirSync(new URL('pictures/', GUIDES))
  expect(files.toSorted()).toEqual(pictures.map(({ name }) => `${name}.svg`).toSorted())
})

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

test.each([
  ['light', LIGHT],
  ['dark', DARK],
])('in the %s theme, letters stand out from what is behind them, and lines from the card', (_, theme) => {
  const { text, dim, card, boxes } = theme
  for (const [fill, line] of Object.values(boxes)) {
    expect(contrast(text, fill), fill).toBeGreaterThanOrEqual(4.5)
    expect(contrast(line, card), line).toBeGreaterThanOrEqual(3)
  }
  expect(contrast(text, card)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(dim, card)).toBeGreaterThanOrEqual(4.5)
})

const PIECE = { name: 'piece', title: 'A piece', description: 'what it shows', width: 100, height: 50 }

test.each([
  [{ right: 100 }, true],
  [{ right: 101 }, false],
  [{ left: 0 }, true],
  [{ left: -1 }, false],
  [{ bottom: 50 }, true],
  [{ bottom: 51 }, false],
])('an element with %j is inside a picture of 100 by 50: %s', (room, isInside) => {
  const draw = (): string => svgOf({ ...PIECE, elements: [{ svg: '<g/>', ...room }] })
  if (isInside) expect(draw()).toContain('<g/>')
  else expect(draw).toThrow('outside the picture')
})
