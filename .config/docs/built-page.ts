import { createHash } from 'node:crypto'

/** What every page may load: what comes with the site. Styles of code and diagrams stand at their elements. */
const POLICY = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
]

const MISSING_PAGE = '404.md'

/** Gives a built page its content security policy, and the main landmark that the default theme leaves out of some. */
export function finished(html: string, page: string): string {
  return html
    .replace(
      '<head>',
      `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policyOf(html, page)}">`,
    )
    .replace(/(?<=<div )(?=class="VPContent(?: is-home)?")/, 'role="main" ')
}

/** Of scripts in the text of a page, those that VitePress wrote are allowed. */
function policyOf(html: string, page: string): string {
  const inline = html.matchAll(/<script(?![^>]* src=)[^>]*>([^]*?)<\/script>/g)
  const hashes = Array.from(inline, ([, script = '']) => `'sha256-${sha256(script)}'`)
  // The page for missing pages looks into the list of pages; every other connects to nothing.
  const connect = page === MISSING_PAGE ? "connect-src 'self'" : "connect-src 'none'"
  return [...POLICY, connect, `script-src 'self' ${hashes.join(' ')}`].join('; ')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
