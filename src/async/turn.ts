/** Waits one turn of the event loop: everything that was ready has happened, microtasks included. */
export function turn(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, 0)
  })
}
