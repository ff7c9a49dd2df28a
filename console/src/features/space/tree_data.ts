import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listAll } from '../../api/client';
import { useAll } from '../../api/queries';
import type { Block, Range, Subnet, Utilization } from '../../api/types';
import { parseAddress, parsePrefix } from '../../lib/ip';

export type NodeKind = 'block' | 'subnet' | 'range';
export interface TreeNode {
  key: string;
  kind: NodeKind;
  id: string;
  title: string;
  name: string;
  utilization: Utilization | null;
  level: number;
  expandable: boolean;
  expanded: boolean;
  /** Only here because something below it fits the filter. */
  dimmed: boolean;
  position: number;
  siblings: number;
}

/** As many subnets are read at once; where there are more, those of a block are read when it is opened. */
export const AT_ONCE = 5000;

interface Parts {
  blocks: Block[];
  subnets: Subnet[];
  ranges: Range[];
  /** Blocks whose subnets are not all known yet. */
  partial: boolean;
  isLoading: boolean;
  error: Error | null;
}

export function useTreeParts(space: string, expanded: ReadonlySet<string>): Parts {
  const blocks = useAll('/api/v1/blocks', { space, sort: 'prefix' });
  const subnets = useAll('/api/v1/subnets', { space, sort: 'prefix' }, true, AT_ONCE);
  const ranges = useAll('/api/v1/ranges', { space, sort: 'first' }, true, AT_ONCE);
  const isWhole = subnets.data?.whole ?? true;
  const opened = isWhole ? [] : (blocks.data?.items ?? []).filter((block) => expanded.has(`block${block.id}`));
  const later = useQueries({
    queries: opened.map((block) => ({
      queryKey: ['/api/v1/subnets', 'within', space, block.prefix],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        listAll('/api/v1/subnets', { space, within: block.prefix, sort: 'prefix' }, 60_000, signal),
    })),
  });
  const known = useMemo(() => {
    const byId = new Map((subnets.data?.items ?? []).map((subnet) => [subnet.id, subnet]));
    for (const answer of later) answer.data?.items.forEach((subnet) => byId.set(subnet.id, subnet));
    return [...byId.values()];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- useQueries answers a new list each time; its data is what counts
  }, [subnets.data, later.map((answer) => answer.dataUpdatedAt).join()]);
  return {
    blocks: blocks.data?.items ?? [],
    subnets: known,
    ranges: ranges.data?.items ?? [],
    partial: !isWhole,
    isLoading: blocks.isPending || subnets.isPending,
    error: blocks.error ?? subnets.error,
  };
}

interface Item {
  key: string;
  kind: NodeKind;
  id: string;
  title: string;
  name: string;
  utilization: Utilization | null;
  parent: string;
  version: number;
  first: bigint;
}

function itemsOf(parts: Parts): Item[] {
  const prefixed = (kind: 'block' | 'subnet', each: Block | Subnet): Item => {
    const prefix = parsePrefix(each.prefix);
    return {
      key: kind + each.id,
      kind,
      id: each.id,
      title: each.prefix,
      name: each.name,
      utilization: each.utilization,
      parent: each.block_id ? `block${each.block_id}` : '',
      version: prefix?.version ?? 4,
      first: prefix?.first ?? 0n,
    };
  };
  return [
    ...parts.blocks.map((block) => prefixed('block', block)),
    ...parts.subnets.map((subnet) => prefixed('subnet', subnet)),
    ...parts.ranges.map((range): Item => ({
      key: `range${range.id}`,
      kind: 'range',
      id: range.id,
      title: `${range.first} – ${range.last}`,
      name: range.name,
      utilization: range.utilization,
      parent: `subnet${range.subnet_id}`,
      version: range.first.includes(':') ? 6 : 4,
      first: parseAddress(range.first) ?? 0n,
    })),
  ];
}

/** The rows of the tree from top to bottom. With a filter all that fits is shown, and what leads to it. */
export function rowsOf(parts: Parts, expanded: ReadonlySet<string>, filter: string): TreeNode[] {
  const items = itemsOf(parts);
  const children = new Map<string, Item[]>();
  for (const item of items) {
    const siblings = children.get(item.parent);
    if (siblings) siblings.push(item);
    else children.set(item.parent, [item]);
  }
  for (const siblings of children.values()) {
    siblings.sort((a, b) => a.version - b.version || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  }
  const wanted = filter.trim().toLowerCase();
  const fits = (item: Item): boolean =>
    item.title.toLowerCase().includes(wanted) || item.name.toLowerCase().includes(wanted);
  const keeps = new Map<string, boolean>();
  const keep = (item: Item): boolean => {
    const below = (children.get(item.key) ?? []).map(keep).includes(true);
    const kept = below || fits(item);
    keeps.set(item.key, kept);
    return kept;
  };
  if (wanted) (children.get('') ?? []).forEach(keep);

  const rows: TreeNode[] = [];
  const visit = (parent: string, level: number): void => {
    const shown = (children.get(parent) ?? []).filter((item) => !wanted || keeps.get(item.key));
    shown.forEach((item, index) => {
      const expandable = children.has(item.key) || (parts.partial && item.kind === 'block');
      const isOpen = expandable && (expanded.has(item.key) || Boolean(wanted));
      const { key, kind, id, title, name, utilization } = item;
      rows.push({
        key,
        kind,
        id,
        title,
        name,
        utilization,
        level,
        expandable,
        expanded: isOpen,
        dimmed: Boolean(wanted) && !fits(item),
        position: index + 1,
        siblings: shown.length,
      });
      if (isOpen) visit(item.key, level + 1);
    });
  };
  visit('', 1);
  return rows;
}

/** The keys of what an object lies in, as far as that is known. */
export function ancestorsOf(parts: Parts, kind: string, id: string): string[] {
  const byKey = new Map(itemsOf(parts).map((item) => [item.key, item]));
  const found: string[] = [];
  for (let item = byKey.get(kind + id); item?.parent; item = byKey.get(item.parent)) found.push(item.parent);
  return found;
}
