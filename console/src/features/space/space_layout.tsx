import { Button, Input, Select, Tooltip } from '@fluentui/react-components';
import {
  ChevronDoubleDownRegular,
  ChevronDoubleUpRegular,
  SearchRegular,
  TextBulletListTreeRegular,
} from '@fluentui/react-icons';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useAll } from '../../api/queries';
import { ErrorState, Waiting } from '../../components/states';
import { t } from '../../i18n';
import { usePreference } from '../../lib/preference';
import { useUrlState } from '../../lib/url_state';
import { Tree } from './tree';
import { ancestorsOf, rowsOf, useTreeParts, type TreeNode } from './tree_data';
import './space_layout.css';

/** The address space shown: of the address, else the one that was looked at last. */
export function useSpace(): [string, (name: string) => void] {
  const [search] = useUrlState();
  const [last, setLast] = usePreference<string>('space', 'Default');
  return [search.space ?? last, setLast];
}

export function SpaceLayout() {
  const [space, setLast] = useSpace();
  const [, , kind, id] = useLocation().pathname.split('/'); // /space/subnet/131077
  const navigate = useNavigate();
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [filter, setFilter] = useState('');
  const [isOpen, setOpen] = useState(false);
  const parts = useTreeParts(space, expanded);
  const spaces = useAll('/api/v1/address_spaces', { sort: 'name' });
  const rows = useMemo(() => rowsOf(parts, expanded, filter), [parts, expanded, filter]);
  const current = kind && id ? kind + id : undefined;

  const isKnown = !parts.isLoading;
  useEffect(() => {
    // What is shown is opened in the tree; at the beginning so are the roots.
    const above = kind && id ? ancestorsOf(parts, kind, id) : [];
    setExpanded((before) => {
      const wanted =
        before.size === 0
          ? [...above, ...parts.blocks.filter((block) => !block.block_id).map((block) => `block${block.id}`)]
          : above;
      return wanted.every((key) => before.has(key)) ? before : new Set([...before, ...wanted]);
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- not again when a count in it changes
  }, [kind, id, isKnown, space]);

  function toggle(key: string, expand: boolean): void {
    setExpanded((before) => {
      const next = new Set(before);
      if (expand) next.add(key);
      else next.delete(key);
      return next;
    });
  }

  function open(node: TreeNode): void {
    setOpen(false);
    void navigate({ to: `/space/${node.kind}/${node.id}` });
  }

  function chooseSpace(name: string): void {
    setLast(name);
    setExpanded(new Set());
    void navigate({ to: '/space', search: name === 'Default' ? {} : { space: name } });
  }

  return (
    <div className="space">
      <Button
        className="space-open"
        icon={<TextBulletListTreeRegular />}
        onClick={() => setOpen(!isOpen)}
        aria-expanded={isOpen}
      >
        {t('Tree')}
      </Button>
      <aside
        className={isOpen ? 'space-tree space-tree-open' : 'space-tree'}
        aria-label={t('Tree of the address space')}
      >
        <div className="space-choice">
          <Select aria-label={t('Address space')} value={space} onChange={(_, data) => chooseSpace(data.value)}>
            {(spaces.data?.items ?? [{ id: '', name: space }]).map((each) => (
              <option key={each.id} value={each.name}>
                {each.name}
              </option>
            ))}
          </Select>
          <Tooltip content={t('Open all blocks')} relationship="label">
            <Button
              appearance="subtle"
              icon={<ChevronDoubleDownRegular />}
              onClick={() => setExpanded(new Set(parts.blocks.map((block) => `block${block.id}`)))}
            />
          </Tooltip>
          <Tooltip content={t('Close all')} relationship="label">
            <Button appearance="subtle" icon={<ChevronDoubleUpRegular />} onClick={() => setExpanded(new Set(['']))} />
          </Tooltip>
        </div>
        <Input
          type="search"
          size="small"
          aria-label={t('Filter the tree')}
          placeholder={t('Prefix or name')}
          contentBefore={<SearchRegular />}
          value={filter}
          onChange={(_, data) => setFilter(data.value)}
        />
        {parts.error ? (
          <ErrorState error={parts.error} />
        ) : parts.isLoading ? (
          <Waiting rows={8} height={28} />
        ) : rows.length > 0 ? (
          <Tree rows={rows} current={current} open={open} toggle={toggle} />
        ) : (
          <p className="quiet space-none">{filter ? t('Nothing fits.') : t('This address space is empty.')}</p>
        )}
      </aside>
      <div className="space-page">
        <Outlet />
      </div>
    </div>
  );
}
