import axe from 'axe-core'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** WCAG 2.2 AA and what axe recommends besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export interface AccessibilityFault {
  readonly rule: string
  readonly help: string
  /** Selector and markup of each element that breaks it. */
  readonly elements: readonly string[]
}

/** Which rules of axe are asked. */
interface Asked {
  readonly type: 'tag' | 'rule'
  readonly values: readonly string[]
}

/**
 * What axe has against a page as it stands. It throws where axe has checked nothing.
 *
 * @example
 * expect(await accessibilityFaults(page)).toEqual([])
 */
export async function accessibilityFaults(page: Page): Promise<readonly AccessibilityFault[]> {
  return faults(page, { type: 'tag', values: RULES })
}

/** Of these, the ones of colours alone: what another colour scheme changes. */
export async function contrastFaults(page: Page): Promise<readonly AccessibilityFault[]> {
  return faults(page, { type: 'rule', values: ['color-contrast'] })
}

async function faults(page: Page, runOnly: Asked): Promise<readonly AccessibilityFault[]> {
  // Evaluated, not added as a script: that passes the page’s content security policy.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const options = JSON.stringify({ runOnly })
  const { passes, violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`)
  if (passes.length === 0) throw new Error('axe has found nothing to check')
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    elements: nodes.map(({ target, html }) => `${target.join(' ')}: ${html}`),
  }))
}
