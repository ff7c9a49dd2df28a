import { DocumentGlobeRegular, PlugConnectedRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { Query } from '../../api/client';
import type { DhcpScope, Lease, Schemas } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { ListView } from '../../components/grid/list_view';
import { StateMark } from '../../components/status';
import { UtilizationBar } from '../../components/utilization_bar';
import { t } from '../../i18n';
import { capital, formatAgo, formatCount, formatDuration, formatPercent, formatTime, words } from '../../lib/format';

interface Props<T> {
  fixed?: Query;
  actions?: ReactNode;
  rowActions?: (row: T) => ReactNode;
}

const scopeColumns = (): Column<DhcpScope>[] => [
  { key: 'prefix', header: t('Scope'), width: 150, grow: 1, sort: 'prefix', text: (row) => row.prefix },
  { key: 'name', header: t('Name'), width: 160, grow: 2, sort: 'name', text: (row) => row.name },
  {
    key: 'utilization',
    header: t('Utilization'),
    width: 150,
    text: (row) => formatPercent(row.utilization.percent),
    cell: (row) => <UtilizationBar utilization={row.utilization} />,
  },
  { key: 'leased', header: t('Leased'), width: 90, align: 'end', text: (row) => formatCount(row.utilization.leased) },
  { key: 'free', header: t('Free'), width: 90, align: 'end', text: (row) => formatCount(row.utilization.free) },
  { key: 'server', header: t('Server'), width: 170, grow: 2, text: (row) => row.server },
  { key: 'shared', header: t('Superscope'), width: 120, sort: 'shared_network', text: (row) => row.shared_network },
  { key: 'lease', header: t('Lease time'), width: 100, text: (row) => formatDuration(row.lease_seconds) },
  { key: 'as_of', header: t('Leases read'), width: 130, text: (row) => formatAgo(row.leases_as_of) },
];

export function ScopeTable({ fixed, actions }: Props<DhcpScope>) {
  return (
    <ListView
      path="/api/v1/dhcp_scopes"
      name="scopes"
      label={t('DHCP scopes')}
      columns={scopeColumns()}
      keyOf={(row) => row.id}
      {...(fixed && { fixed })}
      words="name__contains"
      wordsHint={t('Name')}
      linked={{ server: t('Server') }}
      pageOf={(row) => `/monitor/scopes/${row.id}`}
      actions={actions}
      empty={{
        icon: <PlugConnectedRegular />,
        title: t('No DHCP scopes here'),
        text: t(
          'Scopes are read from the DHCP servers of the inventory every six hours, or when you retrieve their data.',
        ),
      }}
    />
  );
}

const leaseColumns = (): Column<Lease>[] => [
  { key: 'address', header: t('IP address'), width: 140, grow: 1, sort: 'address', text: (row) => row.address },
  { key: 'hostname', header: t('Host'), width: 190, grow: 2, sort: 'hostname', text: (row) => row.hostname },
  {
    key: 'state',
    header: t('State'),
    width: 110,
    text: (row) => words(row.state),
    cell: (row) => <StateMark state={row.state} />,
  },
  { key: 'mac', header: t('MAC address'), width: 150, text: (row) => row.hardware_address ?? '' },
  { key: 'client', header: t('Client id'), width: 170, hidden: true, text: (row) => row.client_id ?? '' },
  { key: 'starts', header: t('Since'), width: 172, sort: 'starts_at', text: (row) => formatTime(row.starts_at) },
  { key: 'expires', header: t('Until'), width: 172, sort: 'expires_at', text: (row) => formatTime(row.expires_at) },
  { key: 'server', header: t('Server'), width: 160, grow: 1, text: (row) => row.server },
  { key: 'seen', header: t('Seen'), width: 120, hidden: true, text: (row) => formatAgo(row.seen_at) },
];

export function LeaseTable({ fixed }: Props<Lease>) {
  return (
    <ListView
      path="/api/v1/leases"
      name="leases"
      label={t('Leases')}
      columns={leaseColumns()}
      keyOf={(row) => `${row.server_id}/${row.scope_key}/${row.address}`}
      {...(fixed && { fixed })}
      words="hostname__contains"
      wordsHint={t('Host')}
      linked={{ server: t('Server'), address: t('Address'), hardware_address: t('MAC address'), scope_key: t('Scope') }}
      filters={[
        {
          field: 'state',
          label: t('All states'),
          choices: [
            ['active', t('Active')],
            ['declined', t('Declined')],
            ['expired', t('Expired')],
            ['released', t('Released')],
          ],
        },
      ]}
      pageOf={(row) => `/space?find=${row.address}`}
      empty={{ icon: <PlugConnectedRegular />, title: t('No leases here') }}
    />
  );
}

const reservationColumns = (): Column<Schemas['DhcpReservation']>[] => [
  { key: 'address', header: t('IP address'), width: 140, grow: 1, sort: 'address', text: (row) => row.address },
  { key: 'hostname', header: t('Host'), width: 170, grow: 2, sort: 'hostname', text: (row) => row.hostname },
  { key: 'type', header: t('Identified by'), width: 130, text: (row) => capital(words(row.identifier_type)) },
  { key: 'identifier', header: t('Identifier'), width: 190, grow: 1, text: (row) => row.identifier },
  { key: 'scope', header: t('Scope'), width: 140, text: (row) => row.scope },
  { key: 'server', header: t('Server'), width: 170, grow: 1, text: (row) => row.server },
];

export function ReservationTable({ fixed, actions, rowActions }: Props<Schemas['DhcpReservation']>) {
  return (
    <ListView
      path="/api/v1/dhcp_reservations"
      name="reservations"
      label={t('Reservations')}
      columns={reservationColumns()}
      keyOf={(row) => row.id}
      {...(fixed && { fixed })}
      words="hostname__contains"
      wordsHint={t('Host')}
      linked={{ server: t('Server'), address: t('Address') }}
      actions={actions}
      {...(rowActions && { rowActions })}
      empty={{ icon: <PlugConnectedRegular />, title: t('No reservations here'), actions }}
    />
  );
}

const zoneColumns = (): Column<Schemas['DnsZone']>[] => [
  { key: 'name', header: t('Zone'), width: 200, grow: 2, sort: 'name', text: (row) => row.name },
  {
    key: 'health',
    header: t('Health'),
    width: 170,
    text: (row) => words(row.health),
    cell: (row) => <StateMark state={row.health} title={row.problem} />,
  },
  { key: 'kind', header: t('Kind'), width: 110, sort: 'kind', text: (row) => capital(words(row.kind)) },
  { key: 'view', header: t('View'), width: 100, sort: 'view', text: (row) => row.view },
  { key: 'records', header: t('Records'), width: 90, align: 'end', text: (row) => formatCount(row.records) },
  {
    key: 'serial',
    header: t('Serial'),
    width: 110,
    align: 'end',
    text: (row) => (row.serial === null ? '—' : String(row.serial)),
  },
  { key: 'server', header: t('Server'), width: 180, grow: 1, text: (row) => row.server },
  { key: 'transferred', header: t('Transferred'), width: 130, text: (row) => formatAgo(row.transferred_at) },
  {
    key: 'problem',
    header: t('Problem'),
    width: 200,
    grow: 2,
    hidden: true,
    text: (row) => row.problem || row.transfer_problem,
  },
];

export function ZoneTable({ fixed }: Props<Schemas['DnsZone']>) {
  return (
    <ListView
      path="/api/v1/dns_zones"
      name="zones"
      label={t('DNS zones')}
      columns={zoneColumns()}
      keyOf={(row) => row.id}
      {...(fixed && { fixed })}
      words="name__contains"
      wordsHint={t('Zone')}
      linked={{ server: t('Server') }}
      filters={[
        {
          field: 'kind',
          label: t('All kinds'),
          choices: [
            ['primary', t('Primary')],
            ['secondary', t('Secondary')],
            ['stub', t('Stub')],
            ['forward', t('Forward')],
          ],
        },
      ]}
      pageOf={(row) => `/monitor/zones/${row.id}`}
      empty={{
        icon: <DocumentGlobeRegular />,
        title: t('No DNS zones here'),
        text: t('Zones are read from the DNS servers of the inventory.'),
      }}
    />
  );
}

const recordColumns = (): Column<Schemas['DnsRecord']>[] => [
  { key: 'name', header: t('Name'), width: 220, grow: 2, text: (row) => row.name },
  { key: 'type', header: t('Type'), width: 80, text: (row) => row.type },
  { key: 'data', header: t('Data'), width: 220, grow: 3, text: (row) => row.data },
  { key: 'ttl', header: t('TTL'), width: 90, align: 'end', text: (row) => formatDuration(row.ttl) },
  { key: 'zone', header: t('Zone'), width: 160, grow: 1, text: (row) => row.zone },
  { key: 'server', header: t('Server'), width: 160, grow: 1, text: (row) => row.server },
];

const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'];

export function RecordTable({ fixed, actions, rowActions }: Props<Schemas['DnsRecord']>) {
  return (
    <ListView
      path="/api/v1/dns_records"
      name="records"
      label={t('DNS records')}
      columns={recordColumns()}
      keyOf={(row) => row.id}
      {...(fixed && { fixed })}
      words="name__contains"
      wordsHint={t('Name')}
      linked={{ zone: t('Zone'), server: t('Server'), address: t('Address') }}
      sortable={false}
      filters={[{ field: 'type', label: t('All types'), choices: TYPES.map((type) => [type, type]) }]}
      actions={actions}
      {...(rowActions && { rowActions })}
      counted={!fixed?.within}
      empty={{
        icon: <DocumentGlobeRegular />,
        title: t('No DNS records here'),
        text: t('Records come with the transfers of the zones.'),
        actions,
      }}
    />
  );
}
