import type { Schemas } from '../api/types';

/** The page of an object, by the type that the journal, the search and the forecasts give it; undefined when it has none. */
export function pageOf(type: string, id: string | null, name = ''): string | undefined {
  const pages: Record<string, string> = {
    address_space: `/space?space=${encodeURIComponent(name)}`,
    block: `/space/block/${id}`,
    subnet: `/space/subnet/${id}`,
    range: `/space/range/${id}`,
    address: `/space/address/${id}`,
    server: `/servers/${id}`,
    managed_server: `/servers/${id}`,
    dhcp_scope: `/monitor/scopes/${id}`,
    scope: `/monitor/scopes/${id}`,
    dns_zone: `/monitor/zones/${id}`,
    zone: `/monitor/zones/${id}`,
    space: `/space?space=${encodeURIComponent(name)}`,
    user: '/access/users',
    token: '/access/tokens',
    credential: '/settings/credentials',
    custom_field: '/settings/custom-fields',
    discovery_target: '/settings/discovery',
  };
  const lists: Record<string, string> = {
    lease: `/monitor/leases?address=${encodeURIComponent(name)}`,
    dhcp_reservation: `/monitor/reservations?address=${encodeURIComponent(name)}`,
    reservation: `/monitor/reservations?address=${encodeURIComponent(name)}`,
    record: `/monitor/records?q=${encodeURIComponent(name)}`,
    dns_record: `/monitor/records?q=${encodeURIComponent(name)}`,
  };
  return id ? (pages[type] ?? lists[type]) : lists[type];
}

export const pageOfHit = (hit: Schemas['SearchHit']): string | undefined => pageOf(hit.kind, hit.id, hit.name);
