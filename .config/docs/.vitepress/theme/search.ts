import type { DefaultTheme, SiteData } from 'vitepress'

/** How much more a hit counts in some pages than in the others; the first that fits. Guides answer, the reference lists. */
const WEIGHTS: readonly (readonly [place: RegExp, weight: number])[] = [
  [/^guides\//, 3],
  [/^(?:errors|bluetooth|start|decode)\b/, 2.5],
  [/^(?:security|examples)\b/, 2],
  // The page of a symbol or of an entry, before members of symbols.
  [/^reference\/.*#(?:class|function|interface|type-alias|variable|fido-hybrid)/, 1.5],
  [/^reference\/.*(?:MISBEHAVIOURS|CTAP_STATUS|ERROR_CATALOGUE)/, 0.3],
  [/^reference\//, 0.8],
  [/^(?:changelog|contributing|map|peers|results|web-platform-tests)\b/, 0.5],
]

/** In words that are shorter, one other letter makes another word. */
const FUZZY_FROM = 5

/** Shorter words are whole ones: “no” begins too many. */
const PREFIX_FROM = 3

const RANKING = {
  prefix: (term: string) => term.length >= PREFIX_FROM,
  fuzzy: (term: string) => (term.length < FUZZY_FROM ? false : 0.15),
}

/**
 * A site whose search ranks by the kind of page. Functions cannot come from the configuration: VitePress would write them as text
 * and evaluate that, which the pages’ content security policy forbids.
 */
export function withRanking(site: SiteData<DefaultTheme.Config>): SiteData<DefaultTheme.Config> {
  const searchOptions = { ...RANKING, boostDocument: (id: string) => weightOf(id.slice(site.base.length)) }
  const search: DefaultTheme.Config['search'] = {
    provider: 'local',
    options: { miniSearch: { searchOptions } },
  }
  return { ...site, themeConfig: { ...site.themeConfig, search } }
}

/** @param place the address of a section, without the base of the site. */
function weightOf(place: string): number {
  return WEIGHTS.find(([pattern]) => pattern.test(place))?.[1] ?? 1
}
