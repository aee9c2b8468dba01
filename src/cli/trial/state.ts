import { BOOLEAN, BYTES, listCodec, NUMBER, optionalCodec, TEXT } from '../../adapters/stores/codec.js'
import type { Codec } from '../../adapters/stores/codec.js'
import { malformed } from '../../adapters/stores/json.js'
import { RecordTable } from '../../adapters/stores/record-table.js'
import type { StoreFormat } from '../../adapters/stores/store-format.js'
import type {
  DeviceRecord,
  StageRecord,
  TrialStepRecord,
  StepResult,
  TrialRecord,
  TrialRole,
  TryRecord,
} from './record.js'

/** A passkey as the trial’s relying party keeps it. */
export interface TrialPasskey {
  /** base64url. */
  readonly id: string
  readonly publicKey: Uint8Array
  readonly counter: number
  /** The user name of its account. */
  readonly account: string
}

/** A trial that can be resumed. */
export interface TrialState {
  /** What the person called the relying party with `--origin`. */
  readonly origin: string
  readonly record: TrialRecord
  readonly passkeys: readonly TrialPasskey[]
}

const ROLES: readonly TrialRole[] = ['laptop', 'phone']
const RESULTS: readonly StepResult[] = ['passed', 'failed', 'not-offered', 'skipped']

const STAGE: RecordTable<StageRecord> = new RecordTable<StageRecord>({
  event: { codec: TEXT },
  ms: { codec: NUMBER },
})

const TRY: RecordTable<TryRecord> = new RecordTable<TryRecord>({
  ended: { codec: listCodec(TEXT, 'label') },
  ms: { codec: NUMBER },
  stages: { codec: listCodec(STAGE, 'stage') },
  trace: { codec: optionalCodec(TEXT) },
})

const STEP: RecordTable<TrialStepRecord> = new RecordTable<TrialStepRecord>({
  name: { codec: TEXT },
  result: { codec: oneOf(RESULTS) },
  asDescribed: { codec: optionalCodec(BOOLEAN) },
  note: { codec: optionalCodec(TEXT) },
  tries: { codec: listCodec(TRY, 'try') },
})

const DEVICE: RecordTable<DeviceRecord> = new RecordTable<DeviceRecord>({
  key: { codec: TEXT },
  answer: { codec: TEXT },
})

const RECORD: RecordTable<TrialRecord> = new RecordTable<TrialRecord>({
  role: { codec: oneOf(ROLES) },
  date: { codec: TEXT },
  version: { codec: TEXT },
  radio: { codec: TEXT },
  simulated: { codec: BOOLEAN },
  devices: { codec: listCodec(DEVICE, 'device') },
  steps: { codec: listCodec(STEP, 'step') },
})

const PASSKEY: RecordTable<TrialPasskey> = new RecordTable<TrialPasskey>({
  id: { codec: TEXT },
  publicKey: { codec: BYTES },
  counter: { codec: NUMBER },
  account: { codec: TEXT },
})

const STATE: RecordTable<TrialState> = new RecordTable<TrialState>({
  origin: { codec: TEXT },
  record: { codec: RECORD },
  passkeys: { codec: listCodec(PASSKEY, 'passkey') },
})

/** The private file of a trial; one that is missing holds none. */
export const TRIAL_FORMAT: StoreFormat<TrialState | undefined> = {
  name: 'fido-hybrid trial',
  version: 1,
  member: 'trial',
  maxBytes: 1024 * 1024,
  empty: undefined,
  encode: state => state && STATE.encode(state),
  decode: json => STATE.decode(json, 'trial'),
}

function oneOf<Word extends string>(words: readonly Word[]): Codec<Word> {
  return {
    copy: word => word,
    encode: word => word,
    decode: (json, what) => {
      const word = words.find(each => each === json)
      if (word === undefined) throw malformed(`${what} is not one of ${words.join(', ')}`)
      return word
    },
  }
}
