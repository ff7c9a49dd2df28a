import { Button } from '@fluentui/react-components';
import { AddRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAll } from '../../api/queries';
import type { Block, Subnet } from '../../api/types';
import { Facts, Panel } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { t } from '../../i18n';
import { formatTime } from '../../lib/format';
import { contains, formatAddress, formatPrefix, parseAddress, parsePrefix, sizeOf, type Prefix } from '../../lib/ip';
import { useUrlState } from '../../lib/url_state';
import { useTheme } from '../../shell/theme';
import { cellStates } from './cell_states';
import { CellGrid, CellLegend } from './cell_grid';
import { cellsOfAddresses, cellsOfSubnets, viewOf } from './hilbert';
import { FillLegend, HilbertMap } from './hilbert_map';
import { stateOf, useOccupancy, type Occupancy } from './occupancy';

/** A subnet of at most so many addresses is read as a whole, a larger one by the part that is shown. */
const READ_AS_A_WHOLE = 16_384n;

/** The part of the place that the address of the page asks for, or all of it. */
function usePart(whole: Prefix): [Prefix, (part: Prefix | undefined) => void] {
  const [search, setSearch] = useUrlState();
  const asked = useMemo(() => (search.at ? parsePrefix(search.at) : undefined), [search.at]);
  const part = asked && contains(whole, asked) ? asked : whole;
  return [
    part,
    (next) =>
      setSearch(
        { at: next && formatPrefix(next) !== formatPrefix(whole) ? formatPrefix(next) : undefined, ip: undefined },
        'push',
      ),
  ];
}

function outer(part: Prefix, whole: Prefix): Prefix | undefined {
  if (part.length <= whole.length) return undefined;
  const length = Math.max(whole.length, part.length - 8);
  const bits = BigInt((part.version === 4 ? 32 : 128) - length);
  return { version: part.version, first: (part.first >> bits) << bits, length };
}

function PartTitle({ part, whole, show }: { part: Prefix; whole: Prefix; show: (part: Prefix | undefined) => void }) {
  const above = outer(part, whole);
  return (
    <div className="panel-head">
      <h2>{formatPrefix(part)}</h2>
      {above && (
        <Button size="small" icon={<ArrowUpRegular />} onClick={() => show(above)}>
          {formatPrefix(above)}
        </Button>
      )}
    </div>
  );
}

export function BlockMap({ block }: { block: Block }) {
  const whole = useMemo(() => parsePrefix(block.prefix)!, [block.prefix]);
  const [part, show] = usePart(whole);
  const navigate = useNavigate();
  const { isDark } = useTheme();
  const subnets = useAll('/api/v1/subnets', { space: block.space, within: formatPrefix(part) });
  const blocks = useAll('/api/v1/blocks', { space: block.space, within: formatPrefix(part) });
  const view = useMemo(
    () =>
      viewOf(part, part.version === 4 ? Math.max(24, Math.min(32, part.length + 4)) : Math.min(128, part.length + 16)),
    [part],
  );
  const cells = useMemo(
    () => cellsOfSubnets(view, subnets.data?.items ?? [], blocks.data?.items),
    [view, subnets.data, blocks.data],
  );
  const above = outer(part, whole);
  if (subnets.error) return <ErrorState error={subnets.error} retry={() => void subnets.refetch()} />;

  function open(tile: Prefix): void {
    const inside = (subnets.data?.items ?? []).map((subnet) => ({ subnet, prefix: parsePrefix(subnet.prefix)! }));
    const over = inside.find((each) => contains(each.prefix, tile));
    const within = inside.filter((each) => contains(tile, each.prefix));
    const only: Subnet | undefined =
      over?.subnet ??
      (within.length === 1 && (tile.length >= 20 || part.version === 6) ? within[0]?.subnet : undefined);
    if (only) void navigate({ to: `/space/subnet/${only.id}` });
    else if (sizeOf(tile) > 16n) show(tile);
  }

  return (
    <Panel>
      <PartTitle part={part} whole={whole} show={show} />
      {subnets.isPending ? (
        <Waiting rows={6} height={60} />
      ) : (
        <HilbertMap view={view} cells={cells} isDark={isDark} open={open} up={above && (() => show(above))} />
      )}
      <FillLegend isDark={isDark} />
      {subnets.data && !subnets.data.whole && (
        <p className="quiet">{t('There are more subnets than are shown here: open a part of the map.')}</p>
      )}
    </Panel>
  );
}

export function SubnetMap({ subnet, allocate }: { subnet: Subnet; allocate: ((from: string) => void) | undefined }) {
  const whole = useMemo(() => parsePrefix(subnet.prefix)!, [subnet.prefix]);
  const [part, show] = usePart(whole);
  const [search, setSearch] = useUrlState();
  const { isDark } = useTheme();
  const occupancy = useOccupancy(whole, sizeOf(whole) <= READ_AS_A_WHOLE ? whole : part, subnet.space);
  const navigate = useNavigate();
  const isSmall = sizeOf(part) <= 256n;
  const view = useMemo(() => viewOf(part, part.version === 4 ? 32 : 128), [part]);
  const cells = useMemo(() => (isSmall ? [] : cellsOfAddresses(view, occupancy)), [isSmall, view, occupancy]);
  const above = outer(part, whole);
  const asked = search.ip ? parseAddress(search.ip) : undefined;
  const current = asked !== undefined && asked >= part.first && asked < part.first + sizeOf(part) ? asked : part.first;
  if (occupancy.error) return <ErrorState error={occupancy.error} />;
  if (occupancy.isLoading)
    return (
      <Panel>
        <Waiting rows={8} height={32} />
      </Panel>
    );

  const point = (address: bigint): void => setSearch({ ip: formatAddress(address, part.version) });
  const open = (address: bigint): void => {
    const holding = occupancy.held.get(address);
    if (holding?.address) void navigate({ to: `/space/address/${holding.address.id}` });
    else if (stateOf(occupancy, address) === 'free')
      allocate?.(`${formatAddress(address, part.version)}-${formatAddress(address, part.version)}`);
    else point(address);
  };
  return (
    <div className="map">
      <Panel className="map-main">
        <PartTitle part={part} whole={whole} show={show} />
        {isSmall ? (
          <CellGrid
            part={part}
            occupancy={occupancy}
            isDark={isDark}
            current={current}
            point={point}
            open={open}
            up={above && (() => show(above))}
          />
        ) : (
          <HilbertMap
            view={view}
            cells={cells}
            isDark={isDark}
            open={(tile) => show(tile)}
            up={above && (() => show(above))}
          />
        )}
        <CellLegend part={part} occupancy={occupancy} isDark={isDark} />
        {!occupancy.whole && (
          <p className="quiet">
            {t(
              'There are more addresses than are shown here, so what seems free may be taken: open a part of the map.',
            )}
          </p>
        )}
      </Panel>
      {isSmall && <AddressPanel address={current} occupancy={occupancy} allocate={allocate} />}
    </div>
  );
}

function AddressPanel({
  address,
  occupancy,
  allocate,
}: {
  address: bigint;
  occupancy: Occupancy;
  allocate: ((from: string) => void) | undefined;
}) {
  const text = formatAddress(address, occupancy.subnet.version);
  const state = stateOf(occupancy, address);
  const holding = occupancy.held.get(address);
  const pool = occupancy.pools.find((each) => each.first <= address && address <= each.last);
  const facts: [string, React.ReactNode][] = [[t('State'), cellStates()[state].name]];
  if (holding?.address) {
    const own = holding.address;
    facts.push(
      [t('Name'), own.name],
      [t('MAC address'), own.hardware_address],
      [t('Owner'), own.owner],
      [t('Description'), own.description],
      [t('Assigned'), formatTime(own.assigned_at)],
    );
    if (own.expires_at) facts.push([t('Expires'), formatTime(own.expires_at)]);
  }
  if (holding?.lease)
    facts.push(
      [t('Lease'), holding.lease.hostname || holding.lease.hardware_address],
      [t('Lease ends'), formatTime(holding.lease.expires_at)],
      [t('DHCP server'), holding.lease.server],
    );
  if (holding?.reservation)
    facts.push([t('Reserved for'), holding.reservation.hostname || holding.reservation.identifier]);
  if (pool)
    facts.push([
      t('DHCP pool'),
      `${formatAddress(pool.first, occupancy.subnet.version)} – ${formatAddress(pool.last, occupancy.subnet.version)}`,
    ]);
  return (
    <Panel title={text} className="map-side">
      <div aria-live="polite">
        <Facts items={facts} />
      </div>
      <div className="map-actions">
        {holding?.address && (
          <Link to={`/space/address/${holding.address.id}`} className="link">
            {t('Open the address')}
          </Link>
        )}
        {state === 'free' && allocate && (
          <Button appearance="primary" icon={<AddRegular />} onClick={() => allocate(`${text}-${text}`)}>
            {t('Allocate {address}', { address: text })}
          </Button>
        )}
        {state === 'pool' && <p className="quiet">{t('The DHCP server gives this address by itself.')}</p>}
      </div>
    </Panel>
  );
}
