/** Strokes on a field of 24 by 24. */
const STROKES = {
  password: ['M5 11h14v9H5z', 'M8 11V8a4 4 0 0 1 8 0v3', 'M12 15v2'],
  passkey: ['M9 12m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0', 'M13 12h8v3', 'M18 12v2.5'],
  phone: ['M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z', 'M11 18h2'],
  computer: ['M4 5h16v11H4z', 'M2 20h20', 'M9 16v4', 'M15 16v4'],
  card: ['M3 6h18v12H3z', 'M7.5 11m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0', 'M13 10h5', 'M13 14h5'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  warning: ['M12 4L2.5 20h19z', 'M12 10v4.5', 'M12 17.4v.1'],
  scan: ['M4 8V4h4', 'M16 4h4v4', 'M20 16v4h-4', 'M8 20H4v-4', 'M4 12h16'],
} as const

const SVG = 'http://www.w3.org/2000/svg'

/** A drawing beside words that say the same. */
export function icon(name: keyof typeof STROKES): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  for (const stroke of STROKES[name]) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', stroke)
    svg.append(path)
  }
  return svg
}
