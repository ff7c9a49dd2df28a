import type { Block, Subnet } from '../../api/types';
import { formatAddress, gaps, isUsable, parsePrefix, prefixesOf, runOf, type Prefix } from '../../lib/ip';
import type { Holding, Occupancy } from './occupancy';

/** A row of the list of a subnet or block: something that is there, or free space between two such things. */
export type GapRow =
  | { kind: 'held'; key: string; address: bigint; holding: Holding }
  | { kind: 'pool'; key: string; first: bigint; last: bigint }
  | { kind: 'child'; key: string; prefix: Prefix; type: 'block' | 'subnet'; child: Block | Subnet }
  | { kind: 'free'; key: string; first: bigint; last: bigint; prefix?: Prefix };

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Addresses, pools of DHCP servers as one row each, and what is free between them, where all is known. */
export function rowsOfSubnet(occupancy: Occupancy): GapRow[] {
  const whole = runOf(occupancy.subnet);
  const held = [...occupancy.held.keys()].sort(order);
  const rows: { at: bigint; row: GapRow }[] = held.map((address) => ({
    at: address,
    row: { kind: 'held', key: `a${address}`, address, holding: occupancy.held.get(address)! },
  }));
  if (!occupancy.whole) return rows.map((each) => each.row);
  const taken = held.map((address) => ({ first: address, last: address }));
  for (const end of [whole.first, whole.last])
    if (!isUsable(end, occupancy.subnet)) taken.push({ first: end, last: end });
  for (const free of gaps(whole, [...taken, ...occupancy.pools]))
    rows.push({ at: free.first, row: { kind: 'free', key: `f${free.first}`, ...free } });
  for (const pool of occupancy.pools) {
    for (const part of gaps(pool, taken))
      rows.push({ at: part.first, row: { kind: 'pool', key: `p${part.first}`, ...part } });
  }
  return rows.sort((a, b) => order(a.at, b.at)).map((each) => each.row);
}

/** What lies directly in a block, and the free prefixes between, where all is known. */
export function rowsOfBlock(block: Prefix, blocks: Block[], subnets: Subnet[], isWhole = true): GapRow[] {
  const child = (type: 'block' | 'subnet', each: Block | Subnet): GapRow[] => {
    const prefix = parsePrefix(each.prefix);
    return prefix ? [{ kind: 'child', key: type + each.id, type, prefix, child: each }] : [];
  };
  const children = [
    ...blocks.flatMap((each) => child('block', each)),
    ...subnets.flatMap((each) => child('subnet', each)),
  ];
  const taken = children.flatMap((row) => (row.kind === 'child' ? [runOf(row.prefix)] : []));
  const free = (isWhole ? gaps(runOf(block), taken) : []).flatMap((gap) => prefixesOf(gap, block.version));
  const rows: GapRow[] = free.map((prefix) => ({ kind: 'free', key: `f${prefix.first}`, ...runOf(prefix), prefix }));
  const at = (row: GapRow): bigint =>
    row.kind === 'child' ? row.prefix.first : row.kind === 'held' ? row.address : row.first;
  return [...children, ...rows].sort((a, b) => order(at(a), at(b)));
}

/** As the API takes a part of a subnet to allocate from. */
export function fromText(row: { first: bigint; last: bigint }, version: 4 | 6): string {
  return `${formatAddress(row.first, version)}-${formatAddress(row.last, version)}`;
}

export const countOf = (row: { first: bigint; last: bigint }): bigint => row.last - row.first + 1n;
