import fc from 'fast-check'

/** Fewer are enough to see an engine that differs; the many runs are for our own code. Properties with many have cheap ones, and count what they saw. */
const DEAR_RUNS = 1000
const RUNS_OF_DEAR = 20
const FEWEST_RUNS = 10

const assert = new Proxy(fc.assert, {
  apply: (target, self, [property, parameters = {}]: [unknown, { readonly numRuns?: number }?]): unknown => {
    const numRuns = Math.max(FEWEST_RUNS, RUNS_OF_DEAR * ((parameters.numRuns ?? 0) / DEAR_RUNS) ** 2)
    return Reflect.apply(target, self, [property, { ...parameters, numRuns }])
  },
})

/** `fast-check` with fewer runs of each property. */
const few: typeof fc = { ...fc, assert }

export default few
