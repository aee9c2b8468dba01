import { describe, expect, test } from 'vitest'
import { encodePostHandshake } from '../../src/message/post-handshake.js'
import type { HybridConnection } from '../../src/client/connection.js'
import type { JsonHandler } from '../../src/ports/ctap-handler.js'
import { createLab } from '../../src/testing/lab.js'
import type { LabPhoneOptions } from '../../src/testing/lab.js'
import { GET_INFO } from '../support/pair.js'
import { origin, UNSIGNED, asking, answering, wallet } from '../support/digital.js'

describe('a connection of one level down', () => {
  const connected = async (
    requestType: 'dcp' | 'ga',
    phone: LabPhoneOptions,
    use: (connection: HybridConnection) => Promise<void>,
  ): Promise<void> => {
    const lab = createLab()
    const connection = await lab.client().connect({
      requestType,
      onQr: qr =>
        void lab
          .phone(phone)
          .scan(qr.url)
          .catch(() => undefined),
    })
    try {
      await use(connection)
    } finally {
      await connection.close()
    }
  }

  test('asks once, in JSON', () =>
    connected('dcp', { handler: answering({ any: [1] }) }, async connection => {
      expect(connection.features).toEqual(['dc'])
      await expect(connection.callJson(undefined)).rejects.toMatchObject({ code: 'argument-invalid' })
      expect(await connection.callJson({ what: 'ever' })).toEqual({ any: [1] })
      await expect(connection.callJson({})).rejects.toMatchObject({ code: 'session-misused' })
      await expect(connection.call(Uint8Array.of(1))).rejects.toMatchObject({ code: 'session-misused' })
      expect(() => connection.getInfo).toThrow(expect.objectContaining({ code: 'feature-missing' }))
      await expect(connection.call(Uint8Array.of(4))).rejects.toMatchObject({ code: 'feature-missing' })
    }))

  test('reads getInfo when it is wanted', () =>
    connected('dcp', wallet({}), async connection => {
      expect(connection.features).toEqual(['ctap', 'dc'])
      expect(connection.getInfo.versions).toContain('FIDO_2_0')
      expect((await connection.call(Uint8Array.of(4)))[0]).toBe(0)
    }))

  test('carries no JSON after a code for passkeys', () =>
    connected('ga', wallet({}), async connection => {
      await expect(connection.callJson({})).rejects.toMatchObject({ code: 'session-misused' })
    }))

  test.each(['before', 'while it waits'])('is over once its signal fires, %s', when =>
    connected('dcp', wallet({ behaviour: 'wait' }), async connection => {
      const stop = new AbortController()
      if (when === 'before') stop.abort()
      const call = connection.callJson(
        { origin, requestType: 'credential.get', request: { digital: { requests: [] } } },
        stop,
      )
      stop.abort()
      await expect(call).rejects.toMatchObject({ code: 'aborted' })
    }),
  )
})

describe('a handler', () => {
  const scanned = (handler: LabPhoneOptions['handler'], more: LabPhoneOptions = {}): Promise<unknown> => {
    const lab = createLab()
    return new Promise(resolve => {
      void lab
        .client()
        .getDigital(asking(UNSIGNED), {
          origin,
          onQr: qr => resolve(lab.phone({ ...more, handler }).scan(qr.url)),
        })
        .catch(resolve)
    }).catch((error: unknown) => error)
  }
  const ctap = { getInfo: () => GET_INFO, handle: () => Promise.resolve(Uint8Array.of(0)) }

  test.each<[string, unknown]>([
    ['has ctap among its features, and no handle', { ...answering({}), features: ['ctap', 'dc'] }],
    ['has handle, and no ctap among its features', { ...ctap, features: ['dc'] }],
  ])('that %s is refused: argument-invalid', async (_, handler) => {
    expect(await scanned(handler as JsonHandler)).toMatchObject({ code: 'argument-invalid' })
  })

  test('without passkeys cannot link: argument-invalid', () => {
    const linking = {
      name: 'Phone',
      store: { load: () => Promise.reject(new Error()), update: () => Promise.reject(new Error()) },
    }
    expect(() => createLab().phone({ handler: answering({}), linking: linking })).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    )
  })

  test('says in the introduction what it has', () => {
    expect(encodePostHandshake({ features: ['dc'] })).toEqual(
      Uint8Array.from([0xa1, 0x03, 0x81, 0x62, 0x64, 0x63]),
    )
  })
})
