import { describe, expect, it } from 'vitest';
import type { Block, Range, Subnet } from '../../api/types';
import { ancestorsOf, rowsOf } from './tree_data';

const block = (id: string, prefix: string, block_id: string | null, name = '') =>
  ({ id, prefix, block_id, name, utilization: null }) as Block;
const subnet = (id: string, prefix: string, block_id: string | null, name = '') =>
  ({ id, prefix, block_id, name, utilization: null }) as Subnet;
const parts = {
  blocks: [
    block('1', '10.0.0.0/8', null, 'Corporate'),
    block('2', '10.20.0.0/16', '1', 'Seattle'),
    block('3', '2001:db8::/32', null),
  ],
  subnets: [
    subnet('4', '10.20.10.0/24', '2', 'iSCSI'),
    subnet('5', '10.20.9.0/24', '2', 'Mgmt'),
    subnet('6', '192.168.0.0/24', null),
  ],
  ranges: [{ id: '7', first: '10.20.9.10', last: '10.20.9.20', subnet_id: '5', name: '', utilization: null } as Range],
  partial: false,
  isLoading: false,
  error: null,
};
const titles = (expanded: string[], filter = '') =>
  rowsOf(parts, new Set(expanded), filter).map((row) => `${'  '.repeat(row.level - 1)}${row.title}`);

describe('the tree', () => {
  it('shows the roots in numeric order, IPv4 first', () => {
    expect(titles([])).toEqual(['10.0.0.0/8', '192.168.0.0/24', '2001:db8::/32']);
  });
  it('shows what is open', () => {
    expect(titles(['block1', 'block2', 'subnet5'])).toEqual([
      '10.0.0.0/8',
      '  10.20.0.0/16',
      '    10.20.9.0/24',
      '      10.20.9.10 – 10.20.9.20',
      '    10.20.10.0/24',
      '192.168.0.0/24',
      '2001:db8::/32',
    ]);
  });
  it('shows what fits a filter with what leads to it, dimmed', () => {
    const rows = rowsOf(parts, new Set(), 'iscsi');
    expect(rows.map((row) => [row.title, row.dimmed])).toEqual([
      ['10.0.0.0/8', true],
      ['10.20.0.0/16', true],
      ['10.20.10.0/24', false],
    ]);
  });
  it('knows what leads to an object', () => {
    expect(ancestorsOf(parts, 'range', '7')).toEqual(['subnet5', 'block2', 'block1']);
  });
  it('tells of a block that is not read yet that it can be opened', () => {
    expect(rowsOf({ ...parts, partial: true }, new Set(), '').find((row) => row.id === '3')?.expandable).toBe(true);
  });
});
