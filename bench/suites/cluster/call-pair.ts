import { randomBytes } from 'node:crypto'
import { contactTag } from 'fido-hybrid/service'
import type {
  ContactDirectory,
  ContactTag,
  DirectoryListener,
  DirectoryMembership,
} from 'fido-hybrid/service'
import { ROUTING_ID_BYTES, routingId, TUNNEL_ID_BYTES, tunnelId } from 'fido-hybrid/wire'

const LINES = 1000
const [TAG_BYTES, TAG_LENGTH] = [17, 22]
/** As long as the payload of a client of ours. */
const PAYLOAD = new Uint8Array(64)

/** Two members of a directory in this process: one holds lines, the other asks for them. */
export interface CallPair {
  /** Asks for one line. @throws Error for any answer but `ringing`. */
  call(): Promise<void>
  close(): Promise<void>
}

/** @param makeDirectory each member’s way to the engine. */
export async function callPair(makeDirectory: () => ContactDirectory): Promise<CallPair> {
  const [holder, asker] = [await member(makeDirectory()), await member(makeDirectory())]
  const tags = Array.from({ length: LINES }, freshTag)
  for (const tag of tags) holder.held(tag)
  let next = 0
  const ask = (): Promise<string> => asker.call(tags[next++ % LINES] ?? freshTag(), someCall())
  // The engine has heard of the last line when it is found.
  while ((await asker.call(tags[LINES - 1] ?? freshTag(), someCall())) !== 'ringing');
  return {
    call: async () => {
      const answer = await ask()
      if (answer !== 'ringing') throw new Error(`a line that is held answers ${answer}`)
    },
    close: async () => {
      await asker.leave()
      await holder.leave()
    },
  }
}

async function member(directory: ContactDirectory): Promise<DirectoryMembership> {
  let isUp = (): void => undefined
  const up = new Promise<void>(resolve => (isUp = resolve))
  const nothing = (): void => undefined
  const listener: DirectoryListener = {
    up: () => isUp(),
    down: error => {
      throw error
    },
    unsettled: nothing,
    called: () => Promise.resolve('ringing'),
    superseded: nothing,
    revoked: nothing,
    warned: nothing,
  }
  const membership = await directory.join(listener)
  await up
  return membership
}

const freshTag = (): ContactTag =>
  contactTag(randomBytes(TAG_BYTES).toString('base64url').slice(0, TAG_LENGTH))

const someCall = (): Parameters<DirectoryMembership['call']>[1] => ({
  routingId: routingId(new Uint8Array(randomBytes(ROUTING_ID_BYTES))),
  tunnelId: tunnelId(new Uint8Array(randomBytes(TUNNEL_ID_BYTES))),
  clientPayload: PAYLOAD,
})
