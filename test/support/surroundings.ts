import { afterEach, beforeEach } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import type { AirHub } from '../../src/adapters/air/air-hub.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'

/** A simulated air for each test. Call it at the top of a test file, before what is to end first. */
export function useAir(): Pick<AirHub, 'url'> {
  let hub: AirHub
  beforeEach(async () => {
    hub = await serveAirHub({ port: 0 })
  })
  afterEach(() => hub.close())
  return {
    get url() {
      return hub.url
    },
  }
}

/** A tunnel service for each test, likewise. */
export function useTunnelService(): Pick<TunnelServer, 'url'> {
  let service: TunnelServer
  beforeEach(async () => {
    service = await serveTunnel({ port: 0 })
  })
  afterEach(() => service.close())
  return {
    get url() {
      return service.url
    },
  }
}
