import { Button, MessageBar, MessageBarBody, Tab, TabList } from '@fluentui/react-components';
import { AddRegular, DeleteRegular } from '@fluentui/react-icons';

import { useState } from 'react';
import { useGet } from '../../api/queries';
import type { Schemas } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { ListView } from '../../components/grid/list_view';
import { Facts, Page, Panel } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { StateMark } from '../../components/status';
import { Trend } from '../../components/trend';
import { UtilizationBar } from '../../components/utilization_bar';
import { t } from '../../i18n';
import { capital, formatAgo, formatCount, formatDuration, formatTime, words } from '../../lib/format';
import { usePathId, useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { LeaseTable, RecordTable, ReservationTable, ScopeTable, ZoneTable } from './monitor_lists';
import { AddRecord, AddReservation, RemoveFromServer } from './server_changes';

export const ScopesPage = () => (
  <Page title={t('DHCP scopes')} fills>
    <ScopeTable />
  </Page>
);
export const LeasesPage = () => (
  <Page title={t('Leases')} fills>
    <LeaseTable />
  </Page>
);
export const ZonesPage = () => (
  <Page title={t('DNS zones')} fills>
    <ZoneTable />
  </Page>
);

export function ReservationsPage() {
  const mayChange = useMay('changes');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Schemas['DhcpReservation']>();
  const add = mayChange && (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setAdding(true)}>
      {t('Add reservation')}
    </Button>
  );
  return (
    <Page title={t('Reservations')} fills>
      <ReservationTable
        actions={add}
        {...(mayChange && {
          rowActions: (row: Schemas['DhcpReservation']) => (
            <Button
              size="small"
              appearance="subtle"
              tabIndex={-1}
              icon={<DeleteRegular />}
              aria-label={t('Delete the reservation of {address}', { address: row.address })}
              onClick={() => setRemoving(row)}
            />
          ),
        })}
      />
      {adding && <AddReservation close={() => setAdding(false)} />}
      {removing && (
        <RemoveFromServer
          kind="reservation"
          id={removing.id}
          name={removing.address}
          close={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

export function RecordsPage() {
  const mayChange = useMay('changes');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Schemas['DnsRecord']>();
  const add = mayChange && (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => setAdding(true)}>
      {t('Add record')}
    </Button>
  );
  return (
    <Page title={t('DNS records')} fills>
      <RecordTable
        actions={add}
        {...(mayChange && {
          rowActions: (row: Schemas['DnsRecord']) => (
            <Button
              size="small"
              appearance="subtle"
              tabIndex={-1}
              icon={<DeleteRegular />}
              aria-label={t('Delete {name}', { name: row.name })}
              onClick={() => setRemoving(row)}
            />
          ),
        })}
      />
      {adding && <AddRecord close={() => setAdding(false)} />}
      {removing && (
        <RemoveFromServer
          kind="record"
          id={removing.id}
          name={`${removing.name} ${removing.type}`}
          close={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

const dhcpServerColumns = (): Column<Schemas['DhcpServer']>[] => [
  { key: 'server', header: t('Server'), width: 220, grow: 2, text: (row) => row.server },
  { key: 'database', header: t('Lease database'), width: 150, grow: 1, text: (row) => row.lease_database },
  { key: 'ha', header: t('High availability'), width: 190, grow: 1, text: (row) => row.high_availability },
  {
    key: 'configuration',
    header: t('Configuration of'),
    width: 160,
    text: (row) => formatTime(row.configuration_as_of),
  },
  { key: 'checked', header: t('Checked'), width: 130, text: (row) => formatAgo(row.checked_at) },
];

export function DhcpServersPage() {
  return (
    <Page title={t('DHCP servers')} fills>
      <ListView
        path="/api/v1/dhcp_servers"
        name="dhcp_servers"
        label={t('DHCP servers')}
        columns={dhcpServerColumns()}
        keyOf={(row) => row.id}
        sortable={false}
        pageOf={(row) => `/servers/${row.server_id}?tab=scopes`}
        empty={{ title: t('No DHCP servers yet'), text: t('They are added in the server inventory.') }}
      />
    </Page>
  );
}

export function ScopePage() {
  const id = usePathId();
  const [search, setSearch] = useUrlState();
  const answer = useGet('/api/v1/dhcp_scopes/{id}', { path: { id } });
  if (answer.error)
    return (
      <Page title={t('DHCP scope')}>
        <ErrorState error={answer.error} />
      </Page>
    );
  if (!answer.data)
    return (
      <Page title={t('DHCP scope')}>
        <Waiting rows={6} />
      </Page>
    );
  const scope = answer.data as unknown as Schemas['DhcpScope'];
  const tab = search.tab ?? 'leases';
  const within = { within: scope.prefix, server: scope.server_id };
  return (
    <Page
      title={scope.name ? `${scope.prefix} — ${scope.name}` : scope.prefix}
      trail={[
        { to: '/monitor/scopes', name: t('DHCP scopes') },
        { to: `/servers/${scope.server_id}`, name: scope.server },
      ]}
      fills={tab !== 'trend'}
    >
      <Panel className="page-message">
        <Facts
          items={[
            [t('Utilization'), <UtilizationBar key="bar" utilization={scope.utilization} wide />],
            [
              t('Leased'),
              t('{used} of {capacity}', {
                used: formatCount(scope.utilization.leased),
                capacity: formatCount(scope.utilization.capacity),
              }),
            ],
            [t('Pools'), scope.pools.map((pool) => `${pool.first} – ${pool.last}`).join(', ')],
            [t('Lease time'), formatDuration(scope.lease_seconds)],
            [t('Superscope'), scope.shared_network],
            [t('Key at the server'), scope.key],
            [t('Counted by the server'), formatCount(scope.server_assigned)],
            [t('Declined'), formatCount(scope.server_declined)],
            [t('Leases read'), formatTime(scope.leases_as_of)],
          ]}
        />
      </Panel>
      <TabList
        className="page-tabs"
        selectedValue={tab}
        onTabSelect={(_, data) =>
          setSearch({ tab: data.value as string, q: undefined, sort: undefined, state: undefined })
        }
      >
        <Tab value="leases">{t('Leases')}</Tab>
        <Tab value="reservations">{t('Reservations')}</Tab>
        <Tab value="trend">{t('Trend')}</Tab>
      </TabList>
      {tab === 'leases' && <LeaseTable fixed={within} />}
      {tab === 'reservations' && <ReservationTable fixed={within} />}
      {tab === 'trend' && <Trend type="dhcp_scope" id={id} />}
    </Page>
  );
}

export function ZonePage() {
  const id = usePathId();
  const answer = useGet('/api/v1/dns_zones/{id}', { path: { id } });
  if (answer.error)
    return (
      <Page title={t('DNS zone')}>
        <ErrorState error={answer.error} />
      </Page>
    );
  if (!answer.data)
    return (
      <Page title={t('DNS zone')}>
        <Waiting rows={6} />
      </Page>
    );
  const zone = answer.data;
  return (
    <Page
      title={zone.name}
      trail={[
        { to: '/monitor/zones', name: t('DNS zones') },
        { to: `/servers/${zone.server_id}`, name: zone.server },
      ]}
      note={<StateMark state={zone.health} />}
      fills
    >
      {(zone.problem || zone.transfer_problem) && (
        <MessageBar intent="warning" layout="multiline" className="page-message">
          <MessageBarBody>{[zone.problem, zone.transfer_problem].filter(Boolean).join(' · ')}</MessageBarBody>
        </MessageBar>
      )}
      <Panel className="page-message">
        <Facts
          items={[
            [t('Kind'), capital(words(zone.kind))],
            [t('View'), zone.view],
            [t('Serial'), zone.serial === null ? null : String(zone.serial)],
            [t('Serial transferred'), zone.transferred_serial === null ? null : String(zone.transferred_serial)],
            [t('Records'), formatCount(zone.records)],
            [t('Transferred'), formatTime(zone.transferred_at)],
            [t('Loaded'), formatTime(zone.loaded_at)],
            [t('Expires'), formatTime(zone.expires_at)],
            [t('Checked'), formatAgo(zone.checked_at)],
          ]}
        />
      </Panel>
      <RecordTable fixed={{ zone: id }} />
    </Page>
  );
}
