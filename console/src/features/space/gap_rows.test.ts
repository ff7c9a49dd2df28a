import { describe, expect, it } from 'vitest';
import type { Address, Block, Subnet } from '../../api/types';
import { formatPrefix, parseAddress, parsePrefix } from '../../lib/ip';
import { fromText, rowsOfBlock, rowsOfSubnet } from './gap_rows';
import { holdingsOf } from './occupancy';

describe('the list of a subnet', () => {
  it('has a row for each address, each rest of a pool and each gap', () => {
    const rows = rowsOfSubnet({
      subnet: parsePrefix('10.0.0.0/28')!,
      space: 'Default',
      held: holdingsOf(
        [{ address: '10.0.0.3', state: 'in_use' } as Address, { address: '10.0.0.9', state: 'in_use' } as Address],
        [],
        [],
      ),
      pools: [{ first: parseAddress('10.0.0.8')!, last: parseAddress('10.0.0.11')! }],
      whole: true,
      isLoading: false,
      error: null,
    });
    const text = rows.map((row) =>
      row.kind === 'held'
        ? `held .${row.address & 255n}`
        : row.kind === 'child'
          ? ''
          : `${row.kind} ${fromText(row, 4)}`,
    );
    expect(text).toEqual([
      'free 10.0.0.1-10.0.0.2',
      'held .3',
      'free 10.0.0.4-10.0.0.7',
      'pool 10.0.0.8-10.0.0.8',
      'held .9',
      'pool 10.0.0.10-10.0.0.11',
      'free 10.0.0.12-10.0.0.14',
    ]);
  });
});

describe('what was not read to its end', () => {
  it('has no free space', () => {
    const occupancy = {
      subnet: parsePrefix('10.0.0.0/28')!,
      space: 'Default',
      held: holdingsOf([{ address: '10.0.0.3', state: 'in_use' } as Address], [], []),
      pools: [{ first: parseAddress('10.0.0.8')!, last: parseAddress('10.0.0.11')! }],
      whole: false,
      isLoading: false,
      error: null,
    };
    expect(rowsOfSubnet(occupancy).map((row) => row.kind)).toEqual(['held']);
    const subnets = [{ id: '2', prefix: '10.0.0.64/26' } as Subnet];
    expect(rowsOfBlock(parsePrefix('10.0.0.0/22')!, [], subnets, false).map((row) => row.kind)).toEqual(['child']);
  });
});

describe('the list of a block', () => {
  it('has what lies in it and the free prefixes between', () => {
    const rows = rowsOfBlock(
      parsePrefix('10.0.0.0/22')!,
      [{ id: '1', prefix: '10.0.2.0/24' } as Block],
      [{ id: '2', prefix: '10.0.0.64/26' } as Subnet],
    );
    const text = rows.map((row) =>
      row.kind === 'child'
        ? `${row.type} ${formatPrefix(row.prefix)}`
        : row.kind === 'free'
          ? formatPrefix(row.prefix!)
          : '',
    );
    expect(text).toEqual([
      '10.0.0.0/26',
      'subnet 10.0.0.64/26',
      '10.0.0.128/25',
      '10.0.1.0/24',
      'block 10.0.2.0/24',
      '10.0.3.0/24',
    ]);
  });
});
