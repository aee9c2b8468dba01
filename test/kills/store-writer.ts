// Writes into a store of one kind without end and says what is kept; to be killed. See power-cut.kills.ts.
import { isStoreKind, WRITTEN_STORES } from './written-stores.js'

const [kind = '', path = '', first = '1'] = process.argv.slice(2)

async function write(): Promise<void> {
  if (!isStoreKind(kind)) throw new Error(`no store is called ${kind}`)
  const store = await WRITTEN_STORES[kind].open(path)
  for (let count = Number(first); ; count++) {
    await store.put(count)
    process.stdout.write(`${count}\n`)
  }
}

await write()
