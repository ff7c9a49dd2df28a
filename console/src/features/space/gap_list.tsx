import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAll } from '../../api/queries';
import type { Block, Subnet } from '../../api/types';
import { DataGrid } from '../../components/grid/data_grid';
import type { Column } from '../../components/grid/columns';
import { EmptyState, ErrorState } from '../../components/states';
import { StateMark, Status } from '../../components/status';
import { UtilizationBar } from '../../components/utilization_bar';
import { t } from '../../i18n';
import { addressCount, capital } from '../../lib/format';
import { formatAddress, formatPrefix, parsePrefix } from '../../lib/ip';
import { cellStates } from './cell_states';
import { countOf, fromText, rowsOfBlock, rowsOfSubnet, type GapRow } from './gap_rows';
import { useOccupancy, type Holding } from './occupancy';
import './gap_list.css';

const nameOf = (holding: Holding): string =>
  holding.address?.name || holding.lease?.hostname || holding.reservation?.hostname || '';
const runText = (run: { first: bigint; last: bigint }, version: 4 | 6): string =>
  run.first === run.last
    ? formatAddress(run.first, version)
    : `${formatAddress(run.first, version)} – ${formatAddress(run.last, version)}`;
const macOf = (holding: Holding): string =>
  holding.address?.hardware_address ?? holding.lease?.hardware_address ?? holding.reservation?.identifier ?? '';

/** A subnet as a list: what is held, what DHCP servers give, and each gap as a row that can be allocated from. */
export function SubnetList({ subnet, allocate }: { subnet: Subnet; allocate: ((from: string) => void) | undefined }) {
  const prefix = useMemo(() => parsePrefix(subnet.prefix)!, [subnet.prefix]);
  const occupancy = useOccupancy(prefix, prefix, subnet.space);
  const rows = useMemo(() => rowsOfSubnet(occupancy), [occupancy]);
  const navigate = useNavigate();
  const { version } = prefix;
  const columns: Column<GapRow>[] = [
    {
      key: 'address',
      header: t('Address'),
      width: 190,
      grow: 1,
      text: (row) =>
        row.kind === 'held' ? formatAddress(row.address, version) : row.kind === 'child' ? '' : runText(row, version),
    },
    {
      key: 'state',
      header: t('State'),
      width: 150,
      text: (row) => (row.kind === 'held' ? cellStates()[row.holding.state].name : row.kind),
      cell: (row) => {
        if (row.kind === 'held')
          return row.holding.state === 'leased' || row.holding.state === 'reservation' ? (
            <Status tone="good">{cellStates()[row.holding.state].name}</Status>
          ) : (
            <StateMark state={row.holding.state} />
          );
        return row.kind === 'pool' ? (
          <span className="quiet">{t('Free in a DHCP pool')}</span>
        ) : (
          <span className="gap-free">{t('Free')}</span>
        );
      },
    },
    {
      key: 'name',
      header: t('Name'),
      width: 220,
      grow: 2,
      text: (row) =>
        row.kind === 'held' ? nameOf(row.holding) : row.kind === 'child' ? '' : addressCount(String(countOf(row))),
      cell: (row) => {
        if (row.kind === 'held') return nameOf(row.holding) || <span className="quiet">—</span>;
        if (row.kind === 'pool') return <span className="quiet">{addressCount(String(countOf(row)))}</span>;
        return row.kind === 'free' ? (
          <Gap
            text={addressCount(String(countOf(row)))}
            action={t('Allocate')}
            run={allocate && (() => allocate(fromText(row, version)))}
          />
        ) : null;
      },
    },
    {
      key: 'mac',
      header: t('MAC address or client'),
      width: 165,
      text: (row) => (row.kind === 'held' ? macOf(row.holding) : ''),
      cell: (row) => (row.kind === 'held' ? macOf(row.holding) || <span className="quiet">—</span> : null),
    },
    {
      key: 'owner',
      header: t('Owner'),
      width: 100,
      grow: 1,
      text: (row) => (row.kind === 'held' ? (row.holding.address?.owner ?? '') : ''),
      cell: (row) => (row.kind === 'held' ? row.holding.address?.owner || <span className="quiet">—</span> : null),
    },
  ];

  function open(row: GapRow): void {
    if (row.kind === 'free') allocate?.(fromText(row, version));
    else if (row.kind === 'held' && row.holding.address)
      void navigate({ to: `/space/address/${row.holding.address.id}` });
    else if (row.kind === 'held' && row.holding.lease)
      void navigate({ href: `/monitor/leases?address=${row.holding.lease.address}` });
    else if (row.kind === 'held')
      void navigate({ href: `/monitor/reservations?address=${row.holding.reservation?.address ?? ''}` });
  }

  if (occupancy.error) return <ErrorState error={occupancy.error} />;
  return (
    <>
      {!occupancy.whole && <TooMuch place={subnet.prefix} />}
      <DataGrid
        label={t('Addresses and gaps of {prefix}', { prefix: subnet.prefix })}
        columns={columns}
        rows={rows}
        keyOf={(row) => row.key}
        total={rows.length}
        hasMore={false}
        isLoading={occupancy.isLoading}
        loadMore={() => undefined}
        open={open}
        rowClass={(row) => (row.kind === 'free' ? 'gap-row' : undefined)}
        empty={<EmptyState title={t('Every address is taken')} />}
      />
    </>
  );
}

function TooMuch({ place }: { place: string }) {
  return (
    <MessageBar intent="warning">
      <MessageBarBody>
        {t('{place} holds more than this list can show, so the free space between is left out.', { place })}
      </MessageBarBody>
    </MessageBar>
  );
}

function Gap({ text, action, run }: { text: string; action: string; run: (() => void) | undefined }) {
  return (
    <span className="gap">
      {text}
      {run && (
        <Button size="small" appearance="subtle" icon={<AddRegular />} tabIndex={-1} onClick={run}>
          {action}
        </Button>
      )}
    </span>
  );
}

/** A block as a list: blocks and subnets directly in it, and the free prefixes between. */
export function BlockList({ block, allocate }: { block: Block; allocate: ((from: string) => void) | undefined }) {
  const prefix = useMemo(() => parsePrefix(block.prefix)!, [block.prefix]);
  const query = { space: block.space, within: block.prefix };
  const blocks = useAll('/api/v1/blocks', query);
  const subnets = useAll('/api/v1/subnets', query);
  const navigate = useNavigate();
  const isWhole = (blocks.data?.whole ?? true) && (subnets.data?.whole ?? true);
  const rows = useMemo(
    () =>
      rowsOfBlock(
        prefix,
        (blocks.data?.items ?? []).filter((each) => each.block_id === block.id),
        (subnets.data?.items ?? []).filter((each) => each.block_id === block.id),
        isWhole,
      ),
    [prefix, block.id, blocks.data, subnets.data, isWhole],
  );
  const columns: Column<GapRow>[] = [
    {
      key: 'prefix',
      header: t('Prefix'),
      width: 200,
      grow: 1,
      text: (row) =>
        row.kind === 'child' ? row.child.prefix : row.kind === 'free' && row.prefix ? formatPrefix(row.prefix) : '',
    },
    {
      key: 'kind',
      header: t('Kind'),
      width: 110,
      text: (row) => (row.kind === 'child' ? row.type : t('Free')),
      cell: (row) =>
        row.kind === 'child' ? (
          capital(row.type === 'block' ? t('block') : t('subnet'))
        ) : (
          <span className="gap-free">{t('Free')}</span>
        ),
    },
    {
      key: 'name',
      header: t('Name'),
      width: 230,
      grow: 2,
      text: (row) => (row.kind === 'child' ? row.child.name : ''),
      cell: (row) => {
        if (row.kind === 'child') return row.child.name || <span className="quiet">—</span>;
        return row.kind === 'free' && row.prefix ? (
          <Gap
            text={addressCount(String(countOf(row)))}
            action={t('Allocate')}
            run={allocate && (() => allocate(formatPrefix(row.prefix!)))}
          />
        ) : null;
      },
    },
    {
      key: 'used',
      header: t('Utilization'),
      width: 150,
      text: (row) => (row.kind === 'child' ? String(row.child.utilization?.percent ?? '') : ''),
      cell: (row) => (row.kind === 'child' ? <UtilizationBar utilization={row.child.utilization} /> : null),
    },
    {
      key: 'owner',
      header: t('Owner'),
      width: 130,
      grow: 1,
      text: (row) => (row.kind === 'child' ? row.child.owner : ''),
      cell: (row) => (row.kind === 'child' ? row.child.owner || <span className="quiet">—</span> : null),
    },
  ];

  function open(row: GapRow): void {
    if (row.kind === 'child') void navigate({ to: `/space/${row.type}/${row.child.id}` });
    else if (row.kind === 'free' && row.prefix) allocate?.(formatPrefix(row.prefix));
  }

  const error = blocks.error ?? subnets.error;
  if (error) return <ErrorState error={error} />;
  return (
    <>
      {!isWhole && <TooMuch place={block.prefix} />}
      <DataGrid
        label={t('What lies in {prefix}', { prefix: block.prefix })}
        columns={columns}
        rows={rows}
        keyOf={(row) => row.key}
        total={rows.length}
        hasMore={false}
        isLoading={blocks.isPending || subnets.isPending}
        loadMore={() => undefined}
        open={open}
        rowClass={(row) => (row.kind === 'free' ? 'gap-row' : undefined)}
        empty={<EmptyState title={t('Nothing here')} />}
      />
    </>
  );
}
