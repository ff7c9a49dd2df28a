import {
  CalendarLtrRegular,
  DataTrendingRegular,
  HomeRegular,
  OrganizationRegular,
  ServerRegular,
  SettingsRegular,
  ShieldKeyholeRegular,
  type FluentIcon,
} from '@fluentui/react-icons';
import { t } from '../i18n';

export interface Place {
  to: string;
  name: string;
  icon: FluentIcon;
  /** "g" and then this key. */
  key: string;
  parts?: { to: string; name: string }[];
}

export const places = (): Place[] => [
  { to: '/', name: t('Overview'), icon: HomeRegular, key: 'o' },
  { to: '/servers', name: t('Server inventory'), icon: ServerRegular, key: 's' },
  { to: '/space', name: t('IP address space'), icon: OrganizationRegular, key: 'a' },
  {
    to: '/monitor',
    name: t('Monitor and manage'),
    icon: DataTrendingRegular,
    key: 'm',
    parts: [
      { to: '/monitor/scopes', name: t('DHCP scopes') },
      { to: '/monitor/leases', name: t('Leases') },
      { to: '/monitor/reservations', name: t('Reservations') },
      { to: '/monitor/dhcp-servers', name: t('DHCP servers') },
      { to: '/monitor/zones', name: t('DNS zones') },
      { to: '/monitor/records', name: t('DNS records') },
      { to: '/monitor/tasks', name: t('Tasks') },
    ],
  },
  {
    to: '/events',
    name: t('Event catalog'),
    icon: CalendarLtrRegular,
    key: 'e',
    parts: [
      { to: '/events/configuration', name: t('Configuration events') },
      { to: '/events/changes', name: t('Changes to servers') },
      { to: '/events/operations', name: t('Operations') },
      { to: '/events/tracking', name: t('IP address tracking') },
    ],
  },
  {
    to: '/access',
    name: t('Access control'),
    icon: ShieldKeyholeRegular,
    key: 'c',
    parts: [
      { to: '/access/users', name: t('Users') },
      { to: '/access/roles', name: t('Groups') },
      { to: '/access/tokens', name: t('API tokens') },
      { to: '/access/sessions', name: t('Sessions') },
      { to: '/access/lockouts', name: t('Lockouts') },
      { to: '/access/refusals', name: t('Refused requests') },
    ],
  },
  {
    to: '/settings',
    name: t('Settings'),
    icon: SettingsRegular,
    key: 't',
    parts: [
      { to: '/settings/general', name: t('General') },
      { to: '/settings/discovery', name: t('Server discovery') },
      { to: '/settings/credentials', name: t('Credentials') },
      { to: '/settings/custom-fields', name: t('Custom fields') },
      { to: '/settings/backups', name: t('Backups') },
    ],
  },
];
