import { useMemo } from 'react';
import { useAll } from '../../api/queries';
import type { Address, DhcpScope, Lease, Schemas } from '../../api/types';
import { formatPrefix, isUsable, parseAddress, sizeOf, type Prefix, type Run } from '../../lib/ip';

export type CellState =
  'in_use' | 'reserved' | 'inactive' | 'held' | 'cooling' | 'leased' | 'reservation' | 'pool' | 'unusable' | 'free';

/** Who holds one address, as far as anybody does. */
export interface Holding {
  state: CellState;
  address?: Address;
  lease?: Lease;
  reservation?: Schemas['DhcpReservation'];
}

export interface Occupancy {
  subnet: Prefix;
  space: string;
  held: Map<bigint, Holding>;
  /** Where DHCP servers give addresses by themselves, in ascending order. */
  pools: Run[];
  /** False: there is more than was read; what seems free may be taken. */
  whole: boolean;
  isLoading: boolean;
  error: Error | null;
}

/** Who holds what in a part of the subnet. */
export function useOccupancy(subnet: Prefix, part: Prefix, space: string): Occupancy {
  const query = { space, within: formatPrefix(part) };
  const addresses = useAll('/api/v1/addresses', query);
  const leases = useAll('/api/v1/leases', query);
  const reservations = useAll('/api/v1/dhcp_reservations', query);
  const scopes = useAll('/api/v1/dhcp_scopes', { space, within: formatPrefix(subnet) });
  const all = [addresses, leases, reservations, scopes];
  return useMemo(
    () => ({
      subnet,
      space,
      held: holdingsOf(addresses.data?.items ?? [], leases.data?.items ?? [], reservations.data?.items ?? []),
      pools: poolsOf(scopes.data?.items ?? []),
      whole: all.every((answer) => answer.data?.whole ?? true),
      isLoading: all.some((answer) => answer.isPending || answer.isPlaceholderData),
      error: all.find((answer) => answer.error)?.error ?? null,
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `all` is these four
    [subnet, space, ...all.flatMap((answer) => [answer.data, answer.error, answer.isPlaceholderData])],
  );
}

export function holdingsOf(
  addresses: Address[],
  leases: Lease[],
  reservations: Schemas['DhcpReservation'][],
): Map<bigint, Holding> {
  const held = new Map<bigint, Holding>();
  for (const reservation of reservations) {
    const at = parseAddress(reservation.address);
    if (at !== undefined) held.set(at, { state: 'reservation', reservation });
  }
  for (const lease of leases) {
    const at = parseAddress(lease.address);
    if (at === undefined || (lease.state !== 'active' && lease.state !== 'declined')) continue;
    held.set(at, { ...held.get(at), state: 'leased', lease });
  }
  for (const address of addresses) {
    const at = parseAddress(address.address);
    if (at !== undefined) held.set(at, { ...held.get(at), state: address.state, address });
  }
  return held;
}

function poolsOf(scopes: DhcpScope[]): Run[] {
  const runs = scopes.flatMap((scope) =>
    scope.pools.map((pool) => ({ first: parseAddress(pool.first) ?? 0n, last: parseAddress(pool.last) ?? -1n })),
  );
  return runs.sort((a, b) => (a.first < b.first ? -1 : 1));
}

export function stateOf(occupancy: Occupancy, address: bigint): CellState {
  const holding = occupancy.held.get(address);
  if (holding) return holding.state;
  if (!isUsable(address, occupancy.subnet)) return 'unusable';
  return occupancy.pools.some((pool) => pool.first <= address && address <= pool.last) ? 'pool' : 'free';
}

/** How many addresses of the part are in each state. */
export function countStates(occupancy: Occupancy, part: Prefix): Map<CellState, bigint> {
  const counts = new Map<CellState, bigint>();
  const add = (state: CellState, count: bigint): void => void counts.set(state, (counts.get(state) ?? 0n) + count);
  const last = part.first + sizeOf(part) - 1n;
  let rest = sizeOf(part);
  let heldInPools = 0n;
  for (const [address, holding] of occupancy.held) {
    if (address < part.first || address > last) continue;
    add(holding.state, 1n);
    rest -= 1n;
    if (occupancy.pools.some((pool) => pool.first <= address && address <= pool.last)) heldInPools += 1n;
  }
  for (const end of [part.first, last]) {
    if (occupancy.held.has(end) || isUsable(end, occupancy.subnet)) continue;
    add('unusable', 1n);
    rest -= 1n;
  }
  let pooled = -heldInPools;
  for (const pool of occupancy.pools) {
    const from = pool.first > part.first ? pool.first : part.first;
    const until = pool.last < last ? pool.last : last;
    if (from <= until) pooled += until - from + 1n;
  }
  if (pooled > 0n) {
    add('pool', pooled);
    rest -= pooled;
  }
  if (rest > 0n) add('free', rest);
  return counts;
}
