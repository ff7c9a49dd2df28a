import { Tab, TabList } from '@fluentui/react-components';
import type { Query } from '../../api/client';
import { t } from '../../i18n';
import { useUrlState } from '../../lib/url_state';
import { LeaseTable, RecordTable, ReservationTable, ScopeTable } from '../monitor/monitor_lists';

export function DhcpTab({ fixed }: { fixed: Query }) {
  const [search, setSearch] = useUrlState();
  const part = search.part ?? 'scopes';
  return (
    <>
      <TabList
        size="small"
        selectedValue={part}
        onTabSelect={(_, data) =>
          setSearch({ part: data.value as string, q: undefined, sort: undefined, state: undefined })
        }
      >
        <Tab value="scopes">{t('Scopes')}</Tab>
        <Tab value="leases">{t('Leases')}</Tab>
        <Tab value="reservations">{t('Reservations')}</Tab>
      </TabList>
      {part === 'scopes' && <ScopeTable fixed={fixed} />}
      {part === 'leases' && <LeaseTable fixed={fixed} />}
      {part === 'reservations' && <ReservationTable fixed={fixed} />}
    </>
  );
}

export function DnsTab({ within }: { within: string }) {
  return <RecordTable fixed={{ within }} />;
}
