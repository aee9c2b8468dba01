import { readFileSync } from 'node:fs'

/** Reads `fixtures/<name>.json`; the caller says what shape it has. */
export function fixture<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8')) as Shape
}
