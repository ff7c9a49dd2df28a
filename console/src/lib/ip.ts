/** Addresses and prefixes as numbers: 32 or 128 bits in a bigint. What comes from the server is sure to parse. */

export interface Prefix {
  version: 4 | 6;
  first: bigint;
  length: number;
}
export interface Run {
  first: bigint;
  last: bigint;
}

export const bitsOf = (version: 4 | 6): number => (version === 4 ? 32 : 128);

export function versionOf(text: string): 4 | 6 {
  return text.includes(':') ? 6 : 4;
}

/** Undefined for what is no address. */
export function parseAddress(text: string): bigint | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string | undefined): string[] => (half ? half.split(':') : []);
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...tail]) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

export function formatAddress(value: bigint, version: 4 | 6): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 255n)).join('.');
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((value >> shift) & 0xffffn).toString(16));
  return compressed(groups);
}

/** RFC 5952: the longest run of at least two zero groups becomes "::". */
function compressed(groups: string[]): string {
  let best = { at: -1, count: 1 };
  for (let at = 0; at < 8; ++at) {
    let count = 0;
    while (groups[at + count] === '0') ++count;
    if (count > best.count) best = { at, count };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.count).join(':')}`;
}

export function parsePrefix(text: string): Prefix | undefined {
  const [address, length] = text.split('/');
  const first = parseAddress(address ?? '');
  if (first === undefined || length === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const version = versionOf(text);
  const bits = Number(length);
  return bits > bitsOf(version) ? undefined : { version, first, length: bits };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.first, prefix.version)}/${prefix.length}`;
}

export function sizeOf(prefix: Prefix): bigint {
  return 1n << BigInt(bitsOf(prefix.version) - prefix.length);
}

export const runOf = (prefix: Prefix): Run => ({ first: prefix.first, last: prefix.first + sizeOf(prefix) - 1n });

export function contains(outer: Prefix, inner: Prefix): boolean {
  if (outer.version !== inner.version || inner.length < outer.length) return false;
  return (
    inner.first >> BigInt(bitsOf(outer.version) - outer.length) ===
    outer.first >> BigInt(bitsOf(outer.version) - outer.length)
  );
}

/** What of `whole` none of the runs covers; the runs may overlap and come in any order. */
export function gaps(whole: Run, taken: readonly Run[]): Run[] {
  const sorted = [...taken].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const free: Run[] = [];
  let next = whole.first;
  for (const run of sorted) {
    if (run.last < next) continue;
    if (run.first > whole.last) break;
    if (run.first > next) free.push({ first: next, last: run.first - 1n });
    next = run.last + 1n;
  }
  if (next <= whole.last) free.push({ first: next, last: whole.last });
  return free;
}

/** A run as the fewest prefixes. */
export function prefixesOf(run: Run, version: 4 | 6): Prefix[] {
  const result: Prefix[] = [];
  const bits = bitsOf(version);
  let first = run.first;
  while (first <= run.last) {
    let hostBits = 0;
    while (
      hostBits < bits &&
      (first & ((2n << BigInt(hostBits)) - 1n)) === 0n &&
      first + (2n << BigInt(hostBits)) - 1n <= run.last
    )
      ++hostBits;
    result.push({ version, first, length: bits - hostBits });
    first += 1n << BigInt(hostBits);
  }
  return result;
}

/** Network and broadcast address, which nobody can have (not of /31 and /32, nor the last one of IPv6). */
export function isUsable(address: bigint, subnet: Prefix): boolean {
  const host = bitsOf(subnet.version) - subnet.length;
  if (host <= 1) return true;
  if (address === subnet.first) return false;
  return subnet.version === 6 || address !== subnet.first + sizeOf(subnet) - 1n;
}

/** The place of the n-th cell of a Hilbert curve over a square of side 2^order. */
export function hilbertPlace(order: number, index: number): { x: number; y: number } {
  let x = 0;
  let y = 0;
  let rest = index;
  for (let side = 1; side < 1 << order; side *= 2) {
    const right = 1 & (rest >> 1);
    const up = 1 & (rest ^ right);
    if (up === 0) {
      if (right === 1) {
        x = side - 1 - x;
        y = side - 1 - y;
      }
      [x, y] = [y, x];
    }
    x += side * right;
    y += side * up;
    rest >>= 2;
  }
  return { x, y };
}
