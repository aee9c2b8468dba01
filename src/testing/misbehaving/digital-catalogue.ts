/** How a phone that is asked for a digital credential can misbehave, and what it does. */
export const WALLET_MISBEHAVIOURS = {
  'introduction-without-dc': 'offers passkeys only',
  'introduction-of-both-without-getinfo': 'offers both and does not say what it can do',
  'answer-unasked': 'answers before it was asked',
  'ctap-unasked': 'speaks CTAP2 before it was asked',
  'no-answer': 'does not answer',
  'hang-up-at-request': 'hangs up on the request',
  'answer-ctap': 'answers with CTAP2',
  'answer-twice': 'answers twice',
  'answer-no-utf8': 'answers with text that is not UTF-8',
  'answer-no-json': 'answers with text that is not JSON',
  'answer-null': 'answers null',
  'answer-bomb-depth': 'answers with arrays in arrays in arrays',
  'answer-bomb-values': 'answers with a hundred thousand values',
  'answer-prototype': 'hides its answer in __proto__',
  'answer-other-protocol': 'answers in a protocol that was not asked for',
  'answer-bare': 'answers with data alone, as older phones do',
  'answer-bare-text': 'answers with a text alone',
  'answer-data-and-error': 'answers with data and an error',
  'answer-neither': 'answers with neither data nor an error',
  'answer-error-number': 'answers with an error that is a number',
  'answer-error-long': 'answers with an error of a hundred thousand letters',
} as const

/** A way in which a phone misbehaves that is asked for a digital credential. */
export type WalletMisbehaviour = keyof typeof WALLET_MISBEHAVIOURS

/** How a client that comes for a digital credential can misbehave, and what it does. */
export const VERIFIER_MISBEHAVIOURS = {
  'request-ctap': 'asks in CTAP2',
  'asks-twice': 'asks again before it has its answer',
  'asks-again': 'asks again after its answer',
  'asks-for-passkey-after': 'asks in CTAP2 after its answer',
  'request-no-utf8': 'asks with text that is not UTF-8',
  'request-no-json': 'asks with text that is not JSON',
  'request-bomb-depth': 'asks with arrays in arrays in arrays',
  'request-bomb-values': 'asks with a hundred thousand values',
  'request-of-another-shape': 'asks for nothing that there is',
  'goodbye-before-request': 'says goodbye instead of asking',
  'no-goodbye': 'takes the answer and says nothing',
} as const

/** A way in which a client misbehaves that comes for a digital credential. */
export type VerifierMisbehaviour = keyof typeof VERIFIER_MISBEHAVIOURS
