import { describe, expect, it } from 'vitest';
import type { Subnet } from '../../api/types';
import { formatPrefix, parsePrefix } from '../../lib/ip';
import { cellBits, cellsOfSubnets, indexOf, tileCount, tileOf, viewOf } from './hilbert';

const prefix = (text: string) => parsePrefix(text)!;
const subnet = (text: string, used: number, capacity: number) =>
  ({ id: text, prefix: text, utilization: { percent: (used / capacity) * 100, used, capacity } }) as unknown as Subnet;

describe('a Hilbert view', () => {
  it('goes down to the finest cells that fit', () => {
    expect(viewOf(prefix('10.0.0.0/8'), 24).order).toBe(8);
    expect(viewOf(prefix('10.0.0.0/16'), 24).order).toBe(4);
    expect(cellBits(viewOf(prefix('10.0.0.0/22'), 32))).toBe(0);
    expect(cellBits(viewOf(prefix('10.0.0.0/21'), 32))).toBe(-1);
    expect(viewOf(prefix('2001:db8::/64'), 128).order).toBe(8);
  });
  it('has tiles that are prefixes, one after the other', () => {
    const view = viewOf(prefix('10.0.0.0/8'), 24);
    expect(tileCount(view)).toBe(256);
    expect([0, 1, 255].map((tile) => formatPrefix(tileOf(view, tile)))).toEqual([
      '10.0.0.0/16',
      '10.1.0.0/16',
      '10.255.0.0/16',
    ]);
    expect(indexOf(view, prefix('10.1.0.0/16').first)).toBe(256);
  });
  it('colors all cells of a large subnet, and sums small ones that share a cell', () => {
    const view = viewOf(prefix('10.0.0.0/16'), 24);
    const cells = cellsOfSubnets(view, [
      subnet('10.0.4.0/22', 512, 1024),
      subnet('10.0.9.0/25', 100, 126),
      subnet('10.0.9.128/25', 0, 126),
    ]);
    expect(cells.slice(3, 9).map((cell) => cell.percent)).toEqual([undefined, 50, 50, 50, 50, undefined]);
    expect(cells[9]!.percent).toBeCloseTo(39.68, 1);
  });
});
