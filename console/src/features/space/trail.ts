import type { Block, Subnet } from '../../api/types';
import { t } from '../../i18n';

export function parentTrail(place: Pick<Block | Subnet, 'block_id' | 'space'>): { to: string; name: string }[] {
  const trail = [{ to: '/space', name: place.space === 'Default' ? t('IP address space') : place.space }];
  if (place.block_id) trail.push({ to: `/space/block/${place.block_id}`, name: t('Block above') });
  return trail;
}
