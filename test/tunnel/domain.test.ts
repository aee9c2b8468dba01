import { describe, expect, it } from 'vitest'
import { tunnelServiceId } from '../../src/bytes/brands.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { tunnelDomain } from '../../src/tunnel/domain.js'
import { refuses } from '../support/decoder.js'
import { fixture } from '../support/fixture.js'

const { vectors } = fixture<{ vectors: { encoded: number; domain: string | null }[] }>('tunnel-domain')
const { domains } = fixture<{ domains: { id: number; host: string | null }[] }>('chromium-156')

const observed = domains.map(({ id, host }) => ({ encoded: id, domain: host }))
const all = [...vectors, ...observed]

const domainOf = (id: number): string => tunnelDomain(nobleProvider, tunnelServiceId(id))

describe('tunnelDomain', () => {
  it.each(all.filter(({ domain }) => domain !== null))('of $encoded is $domain', ({ encoded, domain }) => {
    expect(domainOf(encoded)).toBe(domain)
  })

  it.each(all.filter(({ domain }) => domain === null))('of $encoded is none', ({ encoded }) => {
    refuses(() => domainOf(encoded), 'tunnel-service-unassigned')
  })

  it.each([-1, 0.5, 254, 65_536, NaN])('there is none for %d', id => {
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
