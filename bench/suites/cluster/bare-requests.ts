import { randomUUID } from 'node:crypto'
import { connect } from '@nats-io/transport-node'
import { Redis } from 'ioredis'
import type { CallPair } from './call-pair.js'
import type { Engine } from './engines.js'

/** A call and its answer are of these lengths. */
const [ASKED, ANSWERED] = [Buffer.alloc(84), Buffer.alloc(2)]

/** The engine’s own client without a directory around it: a request on a topic and its answer. */
export const bareRequests = ({ name, url }: Engine): Promise<CallPair> =>
  name === 'NATS' ? overNats(url) : overRedis(url)

async function overNats(url: string): Promise<CallPair> {
  const [holder, asker] = [await connect({ servers: url }), await connect({ servers: url })]
  holder.subscribe('bench', {
    callback: (_, message) => {
      message.respond(ANSWERED)
    },
  })
  await holder.flush()
  return {
    call: async () => {
      await asker.request('bench', ASKED)
    },
    close: async () => {
      await asker.close()
      await holder.close()
    },
  }
}

/** Redis has no requests: the answer comes on a topic of the asker, under a number. */
async function overRedis(url: string): Promise<CallPair> {
  const clients = Array.from({ length: 4 }, () => new Redis(url))
  const [holder, holding, asker, asking] = clients as [Redis, Redis, Redis, Redis]
  const [topic, back] = [randomUUID(), randomUUID()]
  const waiting = new Map<number, () => void>()
  let asked = 0
  await holding.subscribe(topic)
  await asking.subscribe(back)
  holding.on('messageBuffer', (_, message: Buffer) => {
    void holder.publish(back, Buffer.concat([message.subarray(0, 4), ANSWERED]))
  })
  asking.on('messageBuffer', (_, message: Buffer) => waiting.get(message.readUInt32BE(0))?.())
  return {
    call: async () => {
      const number = ++asked
      const answered = new Promise<void>(resolve => waiting.set(number, resolve))
      const request = Buffer.from(ASKED)
      request.writeUInt32BE(number)
      await asker.publish(topic, request)
      await answered
      waiting.delete(number)
    },
    close: async () => {
      for (const client of clients) await client.quit()
    },
  }
}
