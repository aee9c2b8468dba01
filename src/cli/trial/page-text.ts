/** The page of a trial: one button, which does what the command asks for just then. It loads nothing from elsewhere. */
export const PAGE_TEXT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>fido-hybrid trial</title>
<style>
  :root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
  body { max-width: 36rem; margin: 3rem auto; padding: 0 1rem }
  button { font: inherit; padding: .5rem 2rem }
</style>
</head>
<body>
<h1>fido-hybrid trial</h1>
<p>Press the button when the terminal says so, and choose a phone or another device where you are asked.</p>
<p><button id="begin">Begin</button></p>
<p role="status" id="status"></p>
<script>
const status = document.getElementById('status')
const say = text => { status.textContent = text }

// Secrets stay here: only what they were like is told.
function prfOf(results) {
  const hex = part => Array.from(new Uint8Array(part ?? []), byte => byte.toString(16)).join()
  if (!results?.first || !results?.second) return 'none'
  return hex(results.first) === hex(results.second) ? 'same' : 'two'
}

async function answer({ method, publicKey, digital }) {
  if (digital) {
    if (!globalThis.DigitalCredential) return { error: 'NotSupportedError' }
    await navigator.credentials.get({ digital, mediation: 'required' })
    return { answered: true }
  }
  const parse = method === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
  const credential = await navigator.credentials[method]({ publicKey: PublicKeyCredential[parse](publicKey) })
  const prf = prfOf(credential.getClientExtensionResults().prf?.results)
  return { response: { ...credential.toJSON(), clientExtensionResults: {} }, prf }
}

document.getElementById('begin').addEventListener('click', async () => {
  const asked = await fetch('/request')
  if (asked.status !== 200) return say('There is nothing to do just now: look at the terminal.')
  const request = await asked.json()
  say(request.title + ' …')
  const outcome = await answer(request).catch(error => ({ error: error.name }))
  await fetch('/outcome', { method: 'POST', body: JSON.stringify({ ...outcome, number: request.number }) })
  say(request.title + ': ' + (outcome.error ?? 'done') + '. Look at the terminal.')
})
</script>
</body>
</html>
`
