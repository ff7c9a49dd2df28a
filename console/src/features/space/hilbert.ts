import type { Block, Subnet } from '../../api/types';
import { bitsOf, parsePrefix, sizeOf, type Prefix } from '../../lib/ip';
import { stateOf, type CellState, type Occupancy } from './occupancy';

/** A part of the address space as a square: 4^order cells of equal size along a Hilbert curve. */
export interface View {
  part: Prefix;
  order: number;
}

const MAX_ORDER = 8;

/** The finest cells that make sense: /24 for blocks of IPv4, addresses for subnets; never more than 65,536. */
export function viewOf(part: Prefix, finest: number): View {
  const levels = Math.max(2, Math.min(finest, bitsOf(part.version)) - part.length);
  return { part, order: Math.max(1, Math.min(MAX_ORDER, Math.ceil(levels / 2))) };
}

export const cellCount = (view: View): number => 4 ** view.order;
/** Zero where a cell is smaller than an address: then several cells are one address. */
export function cellBits(view: View): number {
  return bitsOf(view.part.version) - view.part.length - 2 * view.order;
}

export function indexOf(view: View, address: bigint): number {
  const bits = cellBits(view);
  const offset = address - view.part.first;
  return Number(bits >= 0 ? offset >> BigInt(bits) : offset << BigInt(-bits));
}

export interface Cell {
  /** Percent; undefined: nothing is there. */
  percent?: number;
  state?: CellState;
  subnet?: Subnet;
  /** Nothing but a block is there. */
  block?: Block;
}

/** What each cell of a block shows: how full the subnets are that lie in it. */
export function cellsOfSubnets(view: View, subnets: Subnet[], blocks: Block[] = []): Cell[] {
  const cells: Cell[] = Array.from({ length: cellCount(view) }, () => ({}));
  for (const block of blocks) {
    const prefix = parsePrefix(block.prefix);
    if (!prefix || prefix.length <= view.part.length) continue;
    const last = indexOf(view, prefix.first + sizeOf(prefix) - 1n);
    for (let index = indexOf(view, prefix.first); index <= last; ++index) cells[index] = { block };
  }
  const sums = new Map<number, { used: number; capacity: number }>();
  for (const subnet of subnets) {
    const prefix = parsePrefix(subnet.prefix);
    if (!prefix || !subnet.utilization) continue;
    const first = indexOf(view, prefix.first);
    const last = indexOf(view, prefix.first + sizeOf(prefix) - 1n);
    if (first < last) {
      for (let index = first; index <= last; ++index) cells[index] = { percent: subnet.utilization.percent, subnet };
      continue;
    }
    const sum = sums.get(first) ?? { used: 0, capacity: 0 };
    sum.used += Number(subnet.utilization.used);
    sum.capacity += Number(subnet.utilization.capacity);
    sums.set(first, sum);
    cells[first] = { percent: sum.capacity > 0 ? (sum.used / sum.capacity) * 100 : 0, subnet };
  }
  return cells;
}

/** What each cell of a subnet shows: the state of its address, or how many of its addresses are held. */
export function cellsOfAddresses(view: View, occupancy: Occupancy): Cell[] {
  const bits = cellBits(view);
  if (bits <= 0) {
    return Array.from({ length: cellCount(view) }, (_, index) => ({
      state: stateOf(occupancy, view.part.first + (BigInt(index) >> BigInt(-bits))),
    }));
  }
  const cells: Cell[] = Array.from({ length: cellCount(view) }, () => ({}));
  const held = new Map<number, number>();
  const last = view.part.first + sizeOf(view.part) - 1n;
  for (const address of occupancy.held.keys()) {
    if (address < view.part.first || address > last) continue;
    const index = indexOf(view, address);
    held.set(index, (held.get(index) ?? 0) + 1);
  }
  // Of the enormous cells of IPv6 any holding would round to nothing: what is held at all is told apart.
  for (const [index, count] of held)
    cells[index] = { percent: Math.max(bits > 16 ? 50 : 0.1, (count / 2 ** bits) * 100) };
  return cells;
}

/** The tile, one of at most 256 that the square is divided into, as a prefix. */
export function tileOf(view: View, tile: number): Prefix {
  const levels = Math.min(4, view.order) * 2;
  const bits = bitsOf(view.part.version) - view.part.length - levels;
  return {
    version: view.part.version,
    first: view.part.first + (BigInt(tile) << BigInt(Math.max(0, bits))),
    length: Math.min(bitsOf(view.part.version), view.part.length + levels),
  };
}

export const tileCount = (view: View): number => 4 ** Math.min(4, view.order);
