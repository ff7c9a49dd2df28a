import {
  AddRegular,
  DarkThemeRegular,
  DocumentGlobeRegular,
  LaptopRegular,
  OrganizationRegular,
  PlugConnectedRegular,
  ServerRegular,
  type FluentIcon,
} from '@fluentui/react-icons';
import type { Me, Schemas } from '../api/types';
import { t } from '../i18n';
import { capital, words } from '../lib/format';
import { pageOfHit } from '../lib/links';
import { places } from './navigation';
import { may } from './session';
import type { ThemeChoice } from './theme';

export interface Entry {
  key: string;
  group: string;
  name: string;
  detail: string;
  icon: FluentIcon;
  to?: string;
  run?: () => void;
}

const ICONS: Record<string, FluentIcon> = {
  address: LaptopRegular,
  lease: PlugConnectedRegular,
  dhcp_reservation: PlugConnectedRegular,
  server: ServerRegular,
  managed_server: ServerRegular,
  dns_record: DocumentGlobeRegular,
  dns_zone: DocumentGlobeRegular,
};

function hits(typed: string, answer: Schemas['SearchAnswer'] | undefined): Entry[] {
  if (!answer) return [];
  const entry = (hit: Schemas['SearchHit'], group: string, index: number): Entry | undefined => {
    const page = pageOfHit(hit);
    if (!page) return undefined;
    // An address that nobody has leads to its place in the subnet.
    const to = hit.kind === 'subnet' && answer.understood_as === 'address' ? `${page}?ip=${typed}` : page;
    const where = [capital(words(hit.kind)), hit.detail, hit.server, hit.space !== 'Default' ? hit.space : '']
      .filter(Boolean)
      .join(' · ');
    return {
      key: `${group}${hit.kind}${hit.id ?? hit.name}${index}`,
      group,
      name: hit.name,
      detail: where,
      icon: ICONS[hit.kind] ?? OrganizationRegular,
      to,
    };
  };
  return [
    ...answer.items.map((hit, index) => entry(hit, t('Found'), index)),
    ...answer.parents.map((hit, index) => entry(hit, t('Lies in'), index)),
  ].filter((each) => each !== undefined);
}

function pages(): Entry[] {
  const page = (to: string, name: string, detail: string, icon: FluentIcon): Entry => ({
    key: to,
    group: t('Pages'),
    name,
    detail,
    icon,
    to,
  });
  return places().flatMap((place) => [
    page(place.to, place.name, '', place.icon),
    ...(place.parts ?? []).map((part) => page(part.to, part.name, place.name, place.icon)),
  ]);
}

function actions(me: Me, chooseTheme: (choice: ThemeChoice) => void): Entry[] {
  const action = (name: string, to: string, allowed = true): Entry[] =>
    allowed ? [{ key: to, group: t('Actions'), name, detail: '', icon: AddRegular, to }] : [];
  const theme = (choice: ThemeChoice, name: string): Entry => ({
    key: choice,
    group: t('Actions'),
    name,
    detail: '',
    icon: DarkThemeRegular,
    run: () => chooseTheme(choice),
  });
  return [
    ...action(t('Add server'), '/servers?new=1', may(me, 'servers')),
    ...action(t('Add address block'), '/space?new=block', may(me, 'plan')),
    ...action(t('Add subnet'), '/space?new=subnet', may(me, 'plan')),
    ...action(t('Import from a file'), '/space?new=import', may(me, 'plan')),
    ...action(t('Add user'), '/access/users?new=1', may(me, 'users')),
    ...action(t('Add API token'), '/access/tokens?new=1'),
    theme('dark', t('Dark appearance')),
    theme('light', t('Light appearance')),
  ];
}

/** What there is to choose: what was found, and the pages and actions whose names have the words. */
export function entriesOf(
  typed: string,
  answer: Schemas['SearchAnswer'] | undefined,
  me: Me,
  chooseTheme: (choice: ThemeChoice) => void,
): Entry[] {
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (entry: Entry): boolean =>
    parts.every((part) => `${entry.name} ${entry.detail}`.toLowerCase().includes(part));
  const own = [...pages(), ...actions(me, chooseTheme)];
  return [...hits(typed, answer), ...(parts.length ? own.filter(fits) : own)];
}
