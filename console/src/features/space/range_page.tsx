import { Button, Tab, TabList } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { remove } from '../../api/client';
import { useGet } from '../../api/queries';
import { Changes } from '../../components/changes';
import { Confirm } from '../../components/confirm';
import { Facts, Page, Panel } from '../../components/page';
import { ErrorState, Waiting } from '../../components/states';
import { useNotice } from '../../components/toasts';
import { Trend } from '../../components/trend';
import { UtilizationBar } from '../../components/utilization_bar';
import { t } from '../../i18n';
import { capital, formatCount, words } from '../../lib/format';
import { usePathId, useUrlState } from '../../lib/url_state';
import { useMay } from '../../shell/session';
import { AllocateAddresses } from './allocate_dialog';
import { managedBy } from './plan_columns';
import { AddressTable } from './plan_lists';

export function RangePage() {
  const id = usePathId();
  const [search, setSearch] = useUrlState();
  const answer = useGet('/api/v1/ranges/{id}', { path: { id } });
  const [doing, setDoing] = useState<'allocate' | 'delete'>();
  const mayChange = useMay('addresses');
  const navigate = useNavigate();
  const notice = useNotice();
  if (answer.error)
    return (
      <Page title={t('Range')}>
        <ErrorState error={answer.error} />
      </Page>
    );
  if (!answer.data)
    return (
      <Page title={t('Range')}>
        <Waiting rows={6} />
      </Page>
    );
  const range = answer.data;
  const name = `${range.first} – ${range.last}`;
  const isOurs = range.managed_by === 'ipam' && !range.scope_id;
  const tab = search.tab ?? 'addresses';

  async function drop(): Promise<void> {
    await remove('/api/v1/ranges/{id}', { path: { id } });
    notice(t('{name} was deleted', { name }));
    void navigate({ to: `/space/subnet/${range.subnet_id}` });
  }

  return (
    <Page
      title={name}
      note={range.name}
      fills={tab !== 'trend'}
      trail={[
        { to: '/space', name: t('IP address space') },
        { to: `/space/subnet/${range.subnet_id}`, name: t('Subnet') },
      ]}
      actions={
        mayChange &&
        isOurs && (
          <>
            <Button appearance="primary" icon={<AddRegular />} onClick={() => setDoing('allocate')}>
              {t('Allocate address')}
            </Button>
            <Button onClick={() => setDoing('delete')}>{t('Delete')}</Button>
          </>
        )
      }
    >
      <Panel>
        <Facts
          items={[
            [t('Utilization'), <UtilizationBar key="bar" utilization={range.utilization} wide />],
            [
              t('Used'),
              t('{used} of {capacity}', {
                used: formatCount(range.utilization?.used),
                capacity: formatCount(range.utilization?.capacity),
              }),
            ],
            [
              t('Managed by'),
              range.scope_id
                ? t('{name}, as a pool of a DHCP scope', { name: managedBy(range.managed_by) })
                : managedBy(range.managed_by),
            ],
            [t('Assignment'), capital(words(range.assignment))],
            [t('Owner'), range.owner],
            [t('Gateways'), range.gateways.map((each) => each.address).join(', ')],
            [t('DNS servers'), range.dns_servers.join(', ')],
            [t('Description'), range.description],
          ]}
        />
      </Panel>
      <TabList
        className="page-tabs"
        selectedValue={tab}
        onTabSelect={(_, data) => setSearch({ tab: data.value as string, q: undefined, sort: undefined })}
      >
        <Tab value="addresses">{t('Addresses')}</Tab>
        <Tab value="trend">{t('Trend')}</Tab>
        <Tab value="changes">{t('Changes')}</Tab>
      </TabList>
      {tab === 'addresses' && <AddressTable fixed={{ range_id: id }} />}
      {tab === 'trend' && <Trend type="range" id={id} />}
      {tab === 'changes' && <Changes fixed={{ object_type: 'range', object_id: id }} />}
      {doing === 'allocate' && (
        <AllocateAddresses
          from={`${range.first}-${range.last}`}
          space={range.space}
          close={() => setDoing(undefined)}
        />
      )}
      {doing === 'delete' && (
        <Confirm
          title={t('Delete {name}?', { name })}
          action={t('Delete')}
          run={drop}
          close={() => setDoing(undefined)}
        >
          {t('Its addresses stay in the subnet.')}
        </Confirm>
      )}
    </Page>
  );
}
