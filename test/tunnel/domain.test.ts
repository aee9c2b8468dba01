import { describe, expect, it } from 'vitest'
import { tunnelServiceId } from '../../src/bytes/brands.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { tunnelDomain } from '../../src/tunnel/domain.js'
import { refuses } from '../support/decoder.js'
import { cases, refused, taken } from '../support/cases.js'

type Domain = Readonly<{ encodedDomain: number; domain?: string }>
const all = [...cases<Domain>('tunnel-domain', 'domains'), ...cases<Domain>('chromium-156', 'domains')]

const domainOf = (id: number): string => tunnelDomain(nobleProvider, tunnelServiceId(id))

describe('tunnelDomain', () => {
  it.each(taken(all))('of $encodedDomain is $domain', ({ encodedDomain, domain }) => {
    expect(domainOf(encodedDomain)).toBe(domain)
  })

  it.each(refused(all))('refuses $encodedDomain', ({ encodedDomain, error }) => {
    refuses(() => domainOf(encodedDomain), error)
  })

  it.each([-1, 0.5, 254, 65_536, NaN])('has no domain for %d', id => {
    refuses(() => domainOf(id), 'tunnel-service-unassigned')
  })

  it('has 20 to 24 letters and one of four endings, for all identifiers', () => {
    const shape = /^cable\.[a-z2-7]+\.(?:com|org|net|info)$/
    const lengths = new Set<number>()
    for (let id = 256; id <= 0xffff; id += 7) {
      const domain = domainOf(id)
      expect(domain).toMatch(shape)
      lengths.add(domain.length)
    }
    lengths.add(domainOf(6076).length)
    expect([...lengths].sort()).toEqual([20, 21, 22, 23, 24])
  })
})
