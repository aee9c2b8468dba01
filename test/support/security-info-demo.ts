import { afterEach, expect } from 'vitest'
import { startSecurityInfo } from '../../examples/security-info/security-info.js'
import type { SecurityInfo, SecurityInfoOptions } from '../../examples/security-info/security-info.js'

/** Starts demos of a test file. After each test its demo is closed, and had no fault. */
export function useSecurityInfo(): (options?: Partial<SecurityInfoOptions>) => Promise<SecurityInfo> {
  let demo: SecurityInfo | undefined
  const faults: unknown[] = []
  afterEach(async () => {
    await demo?.close()
    demo = undefined
    expect(faults.splice(0)).toEqual([])
  })
  return async options => {
    demo = await startSecurityInfo({ port: 0, onFault: error => faults.push(error), ...options })
    return demo
  }
}
