import type { PasskeyWindowTexts } from './window-texts.js'

/** Where the button leads, so that the page needs no script. */
const CANCEL_URL = 'https://cancel.invalid/'

/** What the page of the window shows. */
export interface WindowPage {
  readonly heading: string
  readonly rpId: string
  /** An SVG document. */
  readonly svg: string
  readonly texts: PasskeyWindowTexts
  /** BCP 47. */
  readonly lang: string
}

const POLICY = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action ${CANCEL_URL}`

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; padding: 24px; background: Canvas; color: CanvasText; text-align: center }
h1 { margin: 0; font-size: 1.25rem }
p { margin: 8px 0; overflow-wrap: anywhere }
img { width: 240px; max-width: 100%; padding: 12px; border-radius: 8px; background: #fff }
[role=status] { min-height: 3em }
[data-step=connected] img { display: none }
button { font: inherit; padding: 8px 24px }
:focus-visible { outline: 3px solid CanvasText; outline-offset: 2px }`

/** The page of the window, without a script, as a `data:` URL. */
export function windowPage({ heading, rpId, svg, texts, lang }: WindowPage): string {
  const picture = `data:image/svg+xml,${encodeURIComponent(svg)}`
  const page = `<!doctype html>
<html lang="${escaped(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${escaped(POLICY)}">
<meta name="viewport" content="width=device-width">
<title>${escaped(heading)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(heading)}</h1>
<p>${escaped(texts.for)} <strong>${escaped(rpId)}</strong></p>
<img src="${escaped(picture)}" alt="${escaped(texts.code)}">
<p role="status">${escaped(texts.steps['qr-shown'] ?? '')}</p>
<form action="${CANCEL_URL}"><button autofocus>${escaped(texts.cancel)}</button></form>
</main>
</body>
</html>`
  return `data:text/html;charset=utf-8,${encodeURIComponent(page)}`
}

/** The script that shows a step. It is run from outside, which the page’s policy allows. */
export function stepScript(text: string, isConnected: boolean): string {
  return `document.querySelector('[role=status]').textContent = ${JSON.stringify(text)}
if (${isConnected}) document.body.dataset.step = 'connected'`
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)
}
