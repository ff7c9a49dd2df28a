import { useEffect, useSyncExternalStore } from 'react';
import { queryClient } from './queries';
import type { Operation } from './types';

/** The lists and objects that show objects of this type. */
const PATHS: Record<string, string[]> = {
  address_space: ['address_spaces'],
  block: ['blocks', 'utilization_forecasts'],
  subnet: ['subnets', 'blocks', 'utilization_forecasts'],
  range: ['ranges', 'subnets'],
  address: ['addresses', 'subnets', 'blocks', 'ranges'],
  managed_server: ['servers'],
  server_access: ['server_accesses'],
  credential: ['credentials'],
  dhcp_scope: ['dhcp_scopes', 'subnets', 'ranges'],
  dhcp_reservation: ['dhcp_reservations', 'subnets'],
  server_change: ['changes', 'dns_records', 'dhcp_reservations'],
  user: ['users'],
  token: ['tokens'],
  custom_field: ['custom_fields'],
  logical_group: ['logical_groups'],
  discovery_target: ['discovery_targets'],
  discovered_server: ['discovered_servers'],
};

const GATHER_MS = 400;
let changed = new Set<string>();
let timer: number | undefined;

function refresh(): void {
  timer = undefined;
  const paths = changed;
  changed = new Set();
  const concerns = (key: unknown): boolean => {
    if (typeof key !== 'string') return false;
    const noun = key.split('/')[3]?.split(':')[0];
    return noun !== undefined && (paths.has(noun) || paths.has('*'));
  };
  void queryClient.invalidateQueries({ predicate: (query) => concerns(query.queryKey[0]) });
}

function touch(...nouns: string[]): void {
  nouns.forEach((noun) => changed.add(noun));
  timer ??= window.setTimeout(refresh, GATHER_MS);
}

export type StreamState = 'connecting' | 'live' | 'lost';
let state: StreamState = 'connecting';
const stateListeners = new Set<() => void>();
function setState(next: StreamState): void {
  state = next;
  stateListeners.forEach((listener) => listener());
}

export function useStreamState(): StreamState {
  return useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
}

function onOperation(event: MessageEvent<string>): void {
  const operation = JSON.parse(event.data) as Operation;
  queryClient.setQueryData(['/api/v1/operations/{id}', { id: operation.id }, {}], operation);
  touch('operations');
  if (operation.ended_at) touch('servers', 'dhcp_scopes', 'dns_zones', 'leases', 'subnets', 'dhcp_servers');
}

/** The one stream of the console: what somebody changed is asked for again, wherever it is shown. */
export function useEvents(): void {
  useEffect(() => {
    const stream = new EventSource('/api/v1/events');
    let wasLost = false;
    stream.onopen = () => {
      setState('live');
      if (wasLost) void queryClient.invalidateQueries(); // what happened meanwhile
      wasLost = false;
    };
    stream.onerror = () => {
      wasLost = true;
      setState('lost');
    };
    stream.addEventListener('change', (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as { object_type: string };
      touch('journal', ...(PATHS[change.object_type] ?? [`${change.object_type}s`]));
    });
    stream.addEventListener('operation', onOperation);
    // A task reads servers: what it found is no change of the journal.
    stream.addEventListener('task', (event: MessageEvent<string>) => {
      const task = JSON.parse(event.data) as { running: boolean };
      touch('tasks', ...(task.running ? [] : ['*']));
    });
    return () => stream.close();
  }, []);
}
