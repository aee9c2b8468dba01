import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** As GitHub makes them, but for the second of two headings that are alike. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\-_ ]/gu, '')
    .replaceAll(' ', '-')

const withoutBlocks = (text: string): string => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')

/** The anchors of a page’s headings. */
function anchorsIn(text: string): Set<string> {
  return new Set(
    Array.from(withoutBlocks(text).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => anchorOf(heading)),
  )
}

/** Where a page’s links and pictures lead, in Markdown and in HTML, without those in code. */
export function targetsIn(text: string): string[] {
  const prose = withoutBlocks(text).replaceAll(/`[^`\n]*`/g, '')
  return Array.from(
    prose.matchAll(/\]\(<?([^)\s>]+)[^)]*\)|^\[[^\]]+\]: (\S+)|(?:href|src|srcset)="([^"]+)"/gm),
    ([, inline, reference, html]) => inline ?? reference ?? html ?? '',
  )
}

/** The links of a page that lead nowhere in the folder that it lies in; those to other sites are left alone. */
export function deadLinksIn(folder: string, page: string): string[] {
  const text = readFileSync(join(folder, page), 'utf8')
  return targetsIn(text).filter(target => !/^[a-z]+:/.test(target) && isDead(folder, page, target))
}

function isDead(folder: string, page: string, target: string): boolean {
  const [path = '', anchor] = decodeURI(target).split('#')
  const file = path === '' ? join(folder, page) : join(folder, dirname(page), path)
  if (!file.startsWith(folder) || !existsSync(file)) return true
  return anchor !== undefined && file.endsWith('.md') && !anchorsIn(readFileSync(file, 'utf8')).has(anchor)
}
