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

/**
 * What axe has against a page as it stands. It throws where axe has checked nothing.
 *
 * @example
 * expect(await accessibilityFaults(page)).toEqual([])
 */
export async function accessibilityFaults(page: Page): Promise<readonly AccessibilityFault[]> {
  // Evaluated, not added as a script: that passes the page’s content security policy.
  await page.evaluate(axe.source)
  const options = JSON.stringify({ runOnly: { type: 'tag', values: RULES } })
  const { passes, violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`)
  if (passes.length === 0) throw new Error('axe has found nothing to check')
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    elements: nodes.map(({ target, html }) => `${target.join(' ')}: ${html}`),
  }))
}
