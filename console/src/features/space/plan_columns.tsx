import type { Column } from '../../components/grid/columns';
import { StateMark } from '../../components/status';
import { networksText, UtilizationBar } from '../../components/utilization_bar';
import type { Address, Block, Range, Subnet } from '../../api/types';
import { t } from '../../i18n';
import { capital, formatCount, formatPercent, formatTime, words } from '../../lib/format';

type Measured = Block | Subnet | Range;

function measured<T extends Measured>(): Column<T>[] {
  return [
    {
      key: 'utilization',
      header: t('Utilization'),
      width: 150,
      sort: 'utilization',
      text: (row) => (row.utilization ? formatPercent(row.utilization.percent) : ''),
      cell: (row) => <UtilizationBar utilization={row.utilization} />,
    },
    { key: 'used', header: t('Used'), width: 90, align: 'end', text: (row) => formatCount(row.utilization?.used) },
    { key: 'free', header: t('Free'), width: 110, align: 'end', text: (row) => formatCount(row.utilization?.free) },
    { key: 'networks', header: t('Networks'), width: 160, hidden: true, text: (row) => networksText(row.utilization) },
    {
      key: 'leased',
      header: t('Leased'),
      width: 90,
      align: 'end',
      hidden: true,
      text: (row) => formatCount(row.utilization?.leased),
    },
    {
      key: 'reserved',
      header: t('Reserved'),
      width: 90,
      align: 'end',
      hidden: true,
      text: (row) => formatCount(row.utilization?.reserved),
    },
  ];
}

const last = <T extends { owner: string; description: string; category: string; space: string }>(): Column<T>[] => [
  { key: 'owner', header: t('Owner'), width: 130, grow: 1, sort: 'owner', text: (row) => row.owner },
  { key: 'description', header: t('Description'), width: 160, grow: 2, hidden: true, text: (row) => row.description },
  { key: 'category', header: t('Category'), width: 120, hidden: true, text: (row) => capital(words(row.category)) },
  { key: 'space', header: t('Address space'), width: 120, hidden: true, text: (row) => row.space },
];

export const blockColumns = (): Column<Block>[] => [
  { key: 'prefix', header: t('Prefix'), width: 170, grow: 1, sort: 'prefix', text: (row) => row.prefix },
  { key: 'name', header: t('Name'), width: 170, grow: 2, sort: 'name', text: (row) => row.name },
  ...measured<Block>(),
  ...last<Block>(),
];

export const subnetColumns = (): Column<Subnet>[] => [
  { key: 'prefix', header: t('Prefix'), width: 170, grow: 1, sort: 'prefix', text: (row) => row.prefix },
  { key: 'name', header: t('Name'), width: 150, grow: 2, sort: 'name', text: (row) => row.name },
  ...measured<Subnet>(),
  { key: 'vlans', header: t('VLAN'), width: 80, text: (row) => row.vlans.join(', ') },
  ...last<Subnet>(),
];

export const rangeColumns = (): Column<Range>[] => [
  { key: 'first', header: t('First address'), width: 140, grow: 1, sort: 'first', text: (row) => row.first },
  { key: 'last', header: t('Last address'), width: 140, grow: 1, sort: 'last', text: (row) => row.last },
  { key: 'name', header: t('Name'), width: 150, grow: 2, sort: 'name', text: (row) => row.name },
  ...measured<Range>(),
  { key: 'managed_by', header: t('Managed by'), width: 120, text: (row) => managedBy(row.managed_by) },
  {
    key: 'assignment',
    header: t('Assignment'),
    width: 110,
    hidden: true,
    text: (row) => capital(words(row.assignment)),
  },
  ...last<Range>(),
];

export function managedBy(value: string): string {
  const names: Record<string, string> = {
    ipam: 'IPAM',
    ms_dhcp: 'MS DHCP',
    non_ms_dhcp: t('Non-MS DHCP'),
    vm_manager: 'VMM',
    other: t('Other'),
  };
  return names[value] ?? value;
}

export const addressColumns = (): Column<Address>[] => [
  { key: 'address', header: t('IP address'), width: 150, grow: 1, sort: 'address', text: (row) => row.address },
  { key: 'name', header: t('Name'), width: 200, grow: 3, sort: 'name', text: (row) => row.name },
  {
    key: 'state',
    header: t('State'),
    width: 120,
    sort: 'state',
    text: (row) => words(row.state),
    cell: (row) => <StateMark state={row.state} />,
  },
  { key: 'mac', header: t('MAC address'), width: 150, text: (row) => row.hardware_address ?? '' },
  { key: 'managed_by', header: t('Managed by'), width: 110, hidden: true, text: (row) => managedBy(row.managed_by) },
  {
    key: 'assigned_at',
    header: t('Assigned'),
    width: 172,
    sort: 'assigned_at',
    text: (row) => formatTime(row.assigned_at),
  },
  { key: 'expires_at', header: t('Expires'), width: 172, hidden: true, text: (row) => formatTime(row.expires_at) },
  { key: 'asset_tag', header: t('Asset tag'), width: 110, hidden: true, text: (row) => row.asset_tag },
  { key: 'serial_number', header: t('Serial number'), width: 120, hidden: true, text: (row) => row.serial_number },
  {
    key: 'operating_system',
    header: t('Operating system'),
    width: 130,
    hidden: true,
    text: (row) => row.operating_system,
  },
  ...last<Address>(),
];
