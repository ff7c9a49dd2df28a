import { ShieldCheckmarkRegular } from '@fluentui/react-icons';
import type { Schemas } from '../../api/types';
import type { Column } from '../../components/grid/columns';
import { ListView } from '../../components/grid/list_view';
import { Page } from '../../components/page';
import { EmptyState } from '../../components/states';
import { t } from '../../i18n';
import { formatTime } from '../../lib/format';
import { useMay } from '../../shell/session';

const Forbidden = () => (
  <EmptyState icon={<ShieldCheckmarkRegular />} title={t('You may not see this')}>
    {t('This is for IPAM administrators and auditors.')}
  </EmptyState>
);

const refusalColumns = (): Column<Schemas['Refusal']>[] => [
  { key: 'last', header: t('Last'), width: 172, sort: 'last_at', text: (row) => formatTime(row.last_at) },
  { key: 'count', header: t('Times'), width: 70, align: 'end', text: (row) => String(row.count) },
  { key: 'status', header: t('Status'), width: 80, sort: 'status', text: (row) => String(row.status) },
  { key: 'user', header: t('User'), width: 130, sort: 'user_name', text: (row) => row.user_name },
  { key: 'address', header: t('From'), width: 140, sort: 'address', text: (row) => row.address },
  { key: 'route', header: t('Request'), width: 220, grow: 1, text: (row) => `${row.method} ${row.route}` },
  { key: 'detail', header: t('What was told'), width: 220, grow: 2, text: (row) => row.detail },
];

export function RefusalsPage() {
  if (!useMay('refusals'))
    return (
      <Page title={t('Refused requests')}>
        <Forbidden />
      </Page>
    );
  return (
    <Page title={t('Refused requests')} fills>
      <ListView
        path="/api/v1/refusals"
        name="refusals"
        label={t('Refused requests')}
        columns={refusalColumns()}
        keyOf={(row) => row.id}
        fixed={{ sort: '-last_at' }}
        words="user_name__contains"
        wordsHint={t('User name')}
        filters={[
          {
            field: 'status',
            label: t('All'),
            choices: [
              ['401', t('401 not signed in')],
              ['403', t('403 not allowed')],
              ['429', t('429 too many')],
            ],
          },
        ]}
        empty={{ icon: <ShieldCheckmarkRegular />, title: t('Nothing was refused') }}
      />
    </Page>
  );
}
