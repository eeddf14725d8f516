const breathMs = 0.2;
const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Has this process look at its sockets every fifth of a millisecond rather than whenever one of them has something, as
 * a network card that gathers packets before it interrupts does. Otherwise a server slower than the generator pays for
 * waking the generator with every answer (on a virtual machine more than the answer itself costs), and one that is as
 * fast does not: the slower would look slower than it is.
 *
 * @param act called each time
 * @returns what ends it
 */
export function breathe(act: () => void = () => {}): () => void {
  let going = true;
  const go = () => {
    if (!going) return;
    Atomics.wait(cell, 0, 0, breathMs);
    act();
    setImmediate(go);
  };
  setImmediate(go);
  return () => {
    going = false;
  };
}
