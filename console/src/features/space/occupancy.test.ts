import { describe, expect, it } from 'vitest';
import type { Address, Lease, Schemas } from '../../api/types';
import { parseAddress, parsePrefix } from '../../lib/ip';
import { countStates, holdingsOf, stateOf, type Occupancy } from './occupancy';

const at = (text: string): bigint => parseAddress(text)!;
const subnet = parsePrefix('10.0.0.0/28')!;
const occupancy: Occupancy = {
  subnet,
  space: 'Default',
  held: holdingsOf(
    [{ address: '10.0.0.1', state: 'in_use' } as Address, { address: '10.0.0.2', state: 'reserved' } as Address],
    [
      { address: '10.0.0.8', state: 'active' } as Lease,
      { address: '10.0.0.9', state: 'expired' } as Lease,
      { address: '10.0.0.1', state: 'active' } as Lease,
    ],
    [{ address: '10.0.0.5' } as Schemas['DhcpReservation']],
  ),
  pools: [{ first: at('10.0.0.8'), last: at('10.0.0.11') }],
  whole: true,
  isLoading: false,
  error: null,
};

describe('occupancy', () => {
  it('says who holds an address, the plan before the lease', () => {
    const states = ['0', '1', '2', '3', '5', '8', '9', '15'].map((host) => stateOf(occupancy, at(`10.0.0.${host}`)));
    expect(states).toEqual(['unusable', 'in_use', 'reserved', 'free', 'reservation', 'leased', 'pool', 'unusable']);
    expect(occupancy.held.get(at('10.0.0.1'))?.lease).toBeDefined();
  });
  it('counts every address once', () => {
    const counts = countStates(occupancy, subnet);
    expect(Object.fromEntries(counts)).toEqual({
      in_use: 1n,
      reserved: 1n,
      leased: 1n,
      reservation: 1n,
      unusable: 2n,
      pool: 3n,
      free: 7n,
    });
    expect([...counts.values()].reduce((a, b) => a + b)).toBe(16n);
  });
  it('counts a part of a subnet alike', () => {
    expect(Object.fromEntries(countStates(occupancy, parsePrefix('10.0.0.8/29')!))).toEqual({
      leased: 1n,
      unusable: 1n,
      pool: 3n,
      free: 3n,
    });
  });
});
