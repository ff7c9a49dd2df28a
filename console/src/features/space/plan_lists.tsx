import { OrganizationRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { Query } from '../../api/client';
import { ListView } from '../../components/grid/list_view';
import { t } from '../../i18n';
import { addressColumns, blockColumns, rangeColumns, subnetColumns } from './plan_columns';

interface Props {
  fixed: Query;
  actions?: ReactNode;
}

const hint = (): string => t('Words: name, owner, description');

export function BlockTable({ fixed, actions }: Props) {
  return (
    <ListView
      path="/api/v1/blocks"
      name="blocks"
      label={t('Address blocks')}
      columns={blockColumns()}
      keyOf={(row) => row.id}
      fixed={fixed}
      words="q"
      wordsHint={hint()}
      linked={{ query: t('Query') }}
      pageOf={(row) => `/space/block/${row.id}`}
      exportPath="/api/v1/exports/blocks"
      actions={actions}
      empty={{
        icon: <OrganizationRegular />,
        title: t('No address blocks yet'),
        text: t(
          'A block is the address space that an organization has: 10.0.0.0/8, or what its provider gave it. Subnets are cut from it.',
        ),
        actions,
      }}
    />
  );
}

export function SubnetTable({ fixed, actions }: Props) {
  return (
    <ListView
      path="/api/v1/subnets"
      name="subnets"
      label={t('Subnets')}
      columns={subnetColumns()}
      keyOf={(row) => row.id}
      fixed={fixed}
      words="q"
      wordsHint={hint()}
      linked={{ query: t('Query'), vlan: t('VLAN') }}
      pageOf={(row) => `/space/subnet/${row.id}`}
      exportPath="/api/v1/exports/subnets"
      actions={actions}
      empty={{
        icon: <OrganizationRegular />,
        title: t('No subnets yet'),
        text: t('DHCP servers bring their subnets along when they are added; others are made here, or imported.'),
        actions,
      }}
    />
  );
}

export function RangeTable({ fixed, actions }: Props) {
  return (
    <ListView
      path="/api/v1/ranges"
      name="ranges"
      label={t('Ranges')}
      columns={rangeColumns()}
      keyOf={(row) => row.id}
      fixed={fixed}
      words="q"
      wordsHint={hint()}
      filters={[
        {
          field: 'managed_by',
          label: t('Managed by anything'),
          choices: [
            ['ipam', 'IPAM'],
            ['ms_dhcp', 'MS DHCP'],
            ['non_ms_dhcp', t('Non-MS DHCP')],
            ['vm_manager', 'VMM'],
            ['other', t('Other')],
          ],
        },
      ]}
      linked={{ query: t('Query') }}
      pageOf={(row) => `/space/range/${row.id}`}
      exportPath="/api/v1/exports/ranges"
      actions={actions}
      empty={{
        icon: <OrganizationRegular />,
        title: t('No ranges yet'),
        text: t('A range is a part of a subnet that is used for one purpose. Each pool of a DHCP server is one.'),
        actions,
      }}
    />
  );
}

export function AddressTable({
  fixed,
  actions,
  bulk,
}: Props & { bulk?: (rows: { id: string; address: string }[], clear: () => void) => ReactNode }) {
  return (
    <ListView
      path="/api/v1/addresses"
      name="addresses"
      label={t('IP addresses')}
      columns={addressColumns()}
      keyOf={(row) => row.id}
      fixed={fixed}
      words="q"
      wordsHint={t('Name, owner, MAC, description')}
      filters={[
        {
          field: 'state',
          label: t('All states'),
          choices: [
            ['in_use', t('In use')],
            ['reserved', t('Reserved')],
            ['inactive', t('Inactive')],
            ['held', t('Held')],
            ['cooling', t('Cooling down')],
          ],
        },
      ]}
      linked={{ query: t('Query') }}
      pageOf={(row) => `/space/address/${row.id}`}
      exportPath="/api/v1/exports/addresses"
      actions={actions}
      {...(bulk && { bulk })}
      empty={{
        icon: <OrganizationRegular />,
        title: t('No addresses are recorded here'),
        text: t('Addresses that DHCP servers lease are under DHCP; here stand those that were allocated.'),
        actions,
      }}
    />
  );
}
