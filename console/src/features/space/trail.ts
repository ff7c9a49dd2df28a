import { useGet } from '../../api/queries';
import type { Block, Subnet } from '../../api/types';
import { t } from '../../i18n';

/** What a place lies in. */
export function useTrail(place: Pick<Block | Subnet, 'block_id' | 'space'>): { to: string; name: string }[] {
  const above = useGet('/api/v1/blocks/{id}', { path: { id: place.block_id ?? '' }, enabled: place.block_id !== null });
  const trail = [{ to: '/space', name: place.space === 'Default' ? t('IP address space') : place.space }];
  if (place.block_id && above.data)
    trail.push({
      to: `/space/block/${place.block_id}`,
      name: [above.data.prefix, above.data.name].filter(Boolean).join(' '),
    });
  return trail;
}
