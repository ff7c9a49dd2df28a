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

function onOperation(data: string): void {
  const operation = JSON.parse(data) as Operation;
  queryClient.setQueryData(['/api/v1/operations/{id}', { id: operation.id }, {}], operation);
  touch('operations');
  if (operation.ended_at) touch('servers', 'dhcp_scopes', 'dns_zones', 'leases', 'subnets', 'dhcp_servers');
}

type Told = { type: 'change' | 'operation' | 'task'; data: string } | { type: 'state'; data: StreamState };

function take(told: Told): void {
  if (told.type === 'state') {
    // What happened while nobody listened.
    if (told.data === 'live' && state === 'lost') void queryClient.invalidateQueries();
    setState(told.data);
  } else if (told.type === 'change') {
    const change = JSON.parse(told.data) as { object_type: string };
    touch('journal', ...(PATHS[change.object_type] ?? [`${change.object_type}s`]));
  } else if (told.type === 'operation') {
    onOperation(told.data);
  } else {
    // A task reads servers: what it found is no change of the journal.
    const task = JSON.parse(told.data) as { running: boolean };
    touch('tasks', ...(task.running ? [] : ['*']));
  }
}

const AGAIN_MS = 5_000;

/** Listens until `stop`; comes back by itself, also where the browser would give up because the server refused for a moment. */
function listen(tell: (told: Told) => void, stop: AbortSignal): void {
  if (stop.aborted) return;
  const stream = new EventSource('/api/v1/events');
  stream.onopen = () => tell({ type: 'state', data: 'live' });
  stream.onerror = () => {
    tell({ type: 'state', data: 'lost' });
    if (stream.readyState === EventSource.CLOSED) window.setTimeout(() => listen(tell, stop), AGAIN_MS);
  };
  for (const type of ['change', 'operation', 'task'] as const) {
    stream.addEventListener(type, (event: MessageEvent<string>) => tell({ type, data: event.data }));
  }
  stop.addEventListener('abort', () => stream.close());
}

/**
 * The one stream of the console, whatever is shown: what somebody changed is asked for again. All tabs share it, because a browser keeps only six
 * connections to a server: the tab that has the lock listens and tells the others; when it is closed, another one gets the lock.
 */
export function useEvents(): void {
  useEffect(() => {
    const stop = new AbortController();
    const others = new BroadcastChannel('cadastre-events');
    others.onmessage = (event: MessageEvent<Told>) => take(event.data);
    const tell = (told: Told): void => {
      take(told);
      others.postMessage(told);
    };
    const whileListening = (): Promise<void> =>
      new Promise((over) => {
        listen(tell, stop.signal);
        stop.signal.addEventListener('abort', () => over());
      });
    navigator.locks.request('cadastre-events', { signal: stop.signal }, whileListening).catch(() => undefined); // given up while waiting
    return () => {
      stop.abort();
      others.close();
    };
  }, []);
}
