import { readFileSync } from 'node:fs'
import { ROOT } from './pages.js'

const DESCRIPTION_LENGTH = 200

/** The heading of a Markdown file of the project. */
export function titleOf(source: string): string {
  const heading = /^# (.+)$/m.exec(textOf(source))?.[1]
  if (heading === undefined) throw new Error(`${source} has no heading of the first level`)
  return plain(heading)
}

/** Its first sentences, without Markdown. */
export function descriptionOf(source: string): string {
  const [first = ''] = paragraphsOf(source)
  const sentences = plain(first.replaceAll('\n', ' ')).match(/.+?[.:!?](?= |$)/g) ?? []
  const told = sentences.reduce(
    (text, next) => (`${text}${next}`.length > DESCRIPTION_LENGTH ? text : text + next),
    '',
  )
  return (told === '' ? plain(first).slice(0, DESCRIPTION_LENGTH) : told).replace(/:$/, '.')
}

/** The number of the last line before the first heading of the second level. */
export function linesOfBeginning(source: string): number {
  const lines = textOf(source).split('\n')
  return lines.findIndex(line => line.startsWith('## '))
}

function paragraphsOf(source: string): readonly string[] {
  const [, afterHeading = ''] = textOf(source).split(/^# .+$/m)
  return afterHeading
    .split(/\n{2,}/)
    .map(block => block.trim())
    .filter(block => /^[\p{L}`*[]/u.test(block))
}

function textOf(source: string): string {
  return readFileSync(ROOT + source, 'utf8')
}

function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]|\b_|_\b/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
