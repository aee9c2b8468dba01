import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createTunnelMetrics } from '../../src/service/metrics.js'

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
}

test('the dashboard of the cluster shows all metrics of the tunnel service, and no others', async () => {
  const file = new URL('../../examples/cluster/dashboard.json', import.meta.url)
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/fido_hybrid_\w+/g) ?? []),
  )
  const metrics = await createTunnelMetrics()
  metrics.count({ type: 'directory-up' })
  const text = await metrics.text()
  const told = Array.from(text.matchAll(/^# TYPE (\w+) (\w+)$/gm), ([, name = '', type]) =>
    type === 'histogram' ? `${name}_bucket` : name,
  )
  expect(new Set(asked)).toEqual(new Set(told))
})
